//! Deriving: from loaded facts to ready to decide, beside the hand-written evaluator, after both were seen to agree.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rolecall::compiler::program::{Program, Type};
use rolecall::data::{Database, Value};
use rolecall::decision::Solver;
use rolecall::engine::Engine;

use crate::dense::Dense;
use crate::measure::Outcome;
use crate::measure::paired::{paired, timed};
use crate::measure::portal::{Policy, load, policy_with, ready, requests};
use crate::measure::table::{Bar, Table};
use crate::measure::workload::{LARGE, SMALL, Workload};

/// The hand-written evaluator gives the same decisions: on all requests to large and acme, and on a small portal
/// under every combination of edition, plan and settings.
pub fn agree(_: &mut Table, _: usize) -> Outcome<()> {
    let (large, acme, small) = (Workload::generated(LARGE)?, Workload::acme(), Workload::generated(SMALL)?);
    let mut policy = policy_with(&[])?;
    let is_input = |name: &str| policy.program.relation_named(name).is_some();
    let acme_files = acme.files_of_policy(is_input)?;
    for (name, paths, path) in [("large", vec![large.data], &large.requests), ("acme", acme_files, &acme.requests)] {
        let database = load(&mut policy, &paths)?;
        let (asked, allowed) = compare(&policy.program, database, path)?;
        eprintln!("{name}: {asked} decisions agree, {allowed} of them allowed");
    }
    agree_under_settings(&mut policy, &[small.data], &small.requests)
}

fn agree_under_settings(policy: &mut Policy, data: &[PathBuf], path: &Path) -> Outcome<()> {
    let database = load(policy, data)?;
    let (mut asked, mut allowed) = (0, 0);
    for choice in 0..64u32 {
        let mut database = database.clone();
        for (relation, first, members) in [("setting", 0, 4), ("plan_lacks", 4, 2)] {
            for member in (0..members).filter(|member| choice >> (first + member) & 1 == 1) {
                state(&policy.program, &mut database, relation, member)?;
            }
        }
        let (more, yes) = compare(&policy.program, database, path)?;
        (asked, allowed) = (asked + more, allowed + yes);
    }
    eprintln!("small under 64 combinations of plan and settings: {asked} decisions agree, {allowed} of them allowed");
    Ok(())
}

/// Adds a fact with a member of an enum.
fn state(program: &Program, database: &mut Database, relation: &str, member: u32) -> Outcome<()> {
    let relation = program.relation_named(relation).ok_or("no such input")?;
    debug_assert!(matches!(program.relation(relation).fields[0].ty, Type::Enum(_)));
    let file = database.begin_file("choice");
    database.add(relation, &[Value(member)], file, 1);
    Ok(())
}

/// Decides the requests both ways; how many there were, and how many are allowed.
fn compare(program: &Program, database: Database, path: &Path) -> Outcome<(usize, usize)> {
    let dense = Dense::derive(program, &database)?;
    let decider = ready(program, database, Engine::Auto)?;
    let mut solver = Solver::new(&decider);
    let requests = requests(&decider, &mut solver, path)?;
    let mut allowed = 0;
    for (number, request) in requests.iter().enumerate() {
        let answer = solver.outcome(request).is_allowed();
        if dense.allows(dense.question(request)) != answer {
            let name = &program.actions[request.action.index()].name;
            return Err(format!("request {} ({name}): the rules say {answer}", number + 1).into());
        }
        allowed += usize::from(answer);
    }
    match allowed * 10 < requests.len() || allowed * 10 > requests.len() * 9 {
        true => Err(format!("{allowed} of {} are allowed: such requests say little", requests.len()).into()),
        false => Ok((requests.len(), allowed)),
    }
}

/// large, by both engines.
pub fn section(table: &mut Table, pairs: usize) -> Outcome<()> {
    let mut policy = policy_with(&[])?;
    let database = load(&mut policy, &[Workload::generated(LARGE)?.data])?;
    let by_hand = || {
        let (time, dense) = timed(|| Dense::derive(&policy.program, &database));
        black_box(dense?);
        Ok(time)
    };
    for (name, engine) in [("interpreted", Engine::Interpreted), ("compiled", Engine::Compiled)] {
        let rules = || time_to_ready(&policy.program, &database, engine);
        let what = format!("derive: large, {name}");
        table.times(&what, "by hand", &paired(pairs, rules, by_hand)?, Bar::AtMost(2.0));
    }
    Ok(())
}

/// How long it takes from a loaded database, whose copy is not counted, to ready to decide.
pub fn time_to_ready(program: &Program, database: &Database, engine: Engine) -> Outcome<Duration> {
    let copy = database.clone();
    let (time, decider) = timed(|| ready(program, copy, engine));
    black_box(decider?);
    Ok(time)
}
