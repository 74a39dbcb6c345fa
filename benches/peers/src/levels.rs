//! Deriving on large: who belongs where, which department is within which, who holds which roles, and the highest
//! level of each user for each action; beside Ascent with a lattice and datafrog, on the same facts.
//!
//! `by_ascent` and `by_datafrog` say the rules; this file says them in the rule language, and reads the facts.

#[allow(clippy::unwrap_used, reason = "the macro unwraps what it has just looked up")]
mod by_ascent;
mod by_datafrog;

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Duration;

use rolecall::compiler::program::Program;
use rolecall::data::{Database, Value};
use rolecall::engine::Engine;

use crate::measure::Outcome;
use crate::measure::paired::{paired, timed};
use crate::measure::portal::{load, model, policy_with};
use crate::measure::table::{Bar, Table};
use crate::measure::workload::{LARGE, Workload, once};

/// The one relation that the built-in policy does not store: it asks whether a level is reached instead.
const HIGHEST: &str = "\
relation highest_level(user: user, action: action, level: level);
/// {User} holds {Role}, which gives {Level} for {Action}, and no role gives more.
highest_level(User, Action, max(Level)) if holds_role(User, Role), role_permission(Role, Action, Level);
";

/// How many tuples each of the four relations has.
type Counts = [usize; 4];

const RELATIONS: [&str; 4] = ["belongs_to", "within", "holds_role", "highest_level"];

/// The facts as numbers, each relation with its fields in the order of the policy.
#[derive(Clone, Debug, Default)]
struct Facts {
    works_in: Vec<(u32, u32)>,
    department: Vec<(u32,)>,
    department_parent: Vec<(u32, u32)>,
    department_head: Vec<(u32, u32)>,
    in_user_group: Vec<(u32, u32)>,
    in_workgroup: Vec<(u32, u32, u32)>,
    role_permission: Vec<(u32, u32, u32)>,
    assigned_to_user: Vec<(u32, u32)>,
    assigned_to_employee: Vec<(u32, u32)>,
    assigned_to_department: Vec<(u32, u32)>,
    assigned_to_department_tree: Vec<(u32, u32)>,
    assigned_to_user_group: Vec<(u32, u32)>,
    assigned_to_workgroup: Vec<(u32, u32, u32)>,
}

impl Facts {
    fn read(program: &Program, database: &Database) -> Facts {
        let rows = |name: &str| {
            let relation = program.relation_named(name).map(|relation| database.table(relation));
            relation.into_iter().flat_map(rolecall::data::Table::rows)
        };
        let pairs = |name: &str| rows(name).map(|row| (row[0].0, row[1].0)).collect();
        let triples = |name: &str| rows(name).map(|row| (row[0].0, row[1].0, row[2].0)).collect();
        // large is on premises; elsewhere user groups hold no roles.
        Facts {
            works_in: pairs("works_in"),
            department: rows("department").map(|row: &[Value]| (row[0].0,)).collect(),
            department_parent: pairs("department_parent"),
            department_head: pairs("department_head"),
            in_user_group: pairs("in_user_group"),
            in_workgroup: triples("in_workgroup"),
            role_permission: triples("role_permission"),
            assigned_to_user: pairs("assigned_to_user"),
            assigned_to_employee: pairs("assigned_to_employee"),
            assigned_to_department: pairs("assigned_to_department"),
            assigned_to_department_tree: pairs("assigned_to_department_tree"),
            assigned_to_user_group: pairs("assigned_to_user_group"),
            assigned_to_workgroup: triples("assigned_to_workgroup"),
        }
    }
}

/// Both engines of Rolecall beside both peers.
pub fn section(table: &mut Table, pairs: usize) -> Outcome<()> {
    let rules: PathBuf = once("highest-level.rules", |path| Ok(std::fs::write(path, HIGHEST)?))?;
    let mut policy = policy_with(&[rules])?;
    let database = load(&mut policy, &[Workload::generated(LARGE)?.data])?;
    let facts = Facts::read(&policy.program, &database);
    let expected = by_rules(&policy.program, &database, Engine::Interpreted)?.1;
    eprintln!("derive: {RELATIONS:?} have {expected:?} tuples");
    type Peer = fn(Facts) -> (Duration, Counts);
    for (peer_name, peer) in [("Ascent", by_ascent::derive as Peer), ("datafrog", by_datafrog::derive as Peer)] {
        for (name, engine) in [("interpreted", Engine::Interpreted), ("compiled", Engine::Compiled)] {
            let ours = || expect(by_rules(&policy.program, &database, engine)?, expected);
            let theirs = || expect(peer(facts.clone()), expected);
            let both = paired(pairs, ours, theirs)?;
            table.times(&format!("derive: levels on large, {name}"), peer_name, &both, Bar::AtMost(1.0));
        }
    }
    Ok(())
}

fn expect((time, counts): (Duration, Counts), expected: Counts) -> Outcome<Duration> {
    match counts == expected {
        true => Ok(time),
        false => Err(format!("{counts:?} tuples instead of {expected:?}").into()),
    }
}

fn by_rules(program: &Program, database: &Database, engine: Engine) -> Outcome<(Duration, Counts)> {
    let relations = RELATIONS.map(|name| program.relation_named(name));
    let copy = database.clone();
    let (time, model) = timed(|| model(program, copy, engine, Some(relations.into_iter().flatten().collect())));
    let model = black_box(model?);
    // Derived rows stand once, and these relations have no facts.
    let count = |relation| model.len(relation);
    Ok((time, relations.map(|relation| relation.map_or(0, count))))
}
