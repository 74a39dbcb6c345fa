//! Tables and invariants of random portals, against the portal oracle: the table that it writes holds, one with a wrong cell
//! fails by that cell, and an invariant that denies what is allowed has an answer for each permission.

use rolecall::compiler::program::Test;
use rolecall::data::Database;
use rolecall::engine::Derivation;
use rolecall::suite::{Bounds, Failed, Suite, Unmet};

use crate::answers::things;
use crate::evaluation::policy_with;
use crate::portal::model::{ACTIONS, ActionRow, Portal};
use crate::portal::oracle::Oracle;
use crate::portal::random::{Rng, random_portal};
use crate::portal::text::quoted;

const PORTALS: u64 = 12;

/// Who may do an action to what.
fn allowed(portal: &Portal, action: &ActionRow) -> Vec<(String, String)> {
    let oracle = Oracle::new(portal);
    let pairs = things(portal, "user")
        .into_iter()
        .flat_map(|user| things(portal, action.entity).into_iter().map(move |thing| (user.clone(), thing)));
    pairs.filter(|(user, thing)| oracle.allowed(user, action.name, thing)).collect()
}

fn table(action: &ActionRow, pairs: &[(String, String)]) -> String {
    let rows = pairs.iter().map(|(user, thing)| format!("{}: {}; ", quoted(user), quoted(thing)));
    format!("expect only {} {{ {} }}\n", action.name, rows.collect::<String>())
}

/// What fails in a test of these expectations on the facts of a portal; how many of each expectation.
fn failures(portal: &Portal, expectations: &str) -> Vec<usize> {
    let text = format!("test \"portal\" {{\n{}{expectations}}}\n", portal.to_rules_facts());
    let policy = policy_with(&[text]);
    let program = &policy.program;
    let tests: Vec<&Test> = program.tests.iter().collect();
    let bounds = Bounds { combinations: 1_000_000, told: 3 };
    let mut suite = Suite::new(program, &tests, Database::new(program), Derivation::default(), bounds);
    let count = |failed: &Failed| match &failed.how {
        Unmet::Literal { .. } => 1,
        Unmet::Cells(count) => *count,
        Unmet::Answers(answers) => answers.count,
    };
    suite.run(tests[0], |_, failed| failed.iter().map(count).collect()).unwrap()
}

#[test]
fn the_table_of_the_oracle_holds_and_no_other() {
    let mut cells = 0;
    for seed in 0..PORTALS {
        let portal = random_portal(seed);
        let tables: Vec<(&ActionRow, Vec<(String, String)>)> =
            ACTIONS.iter().map(|action| (action, allowed(&portal, action))).collect();
        let right: String = tables.iter().map(|(action, pairs)| table(action, pairs)).collect();
        assert_eq!(failures(&portal, &right), [0usize; 0], "portal {seed}");
        let rng = &mut Rng::new(seed);
        let mut wrong = String::new();
        let mut expected = 0;
        for (action, mut pairs) in tables {
            let (users, targets) = (things(&portal, "user"), things(&portal, action.entity));
            if users.is_empty() || targets.is_empty() {
                continue;
            }
            cells += pairs.len();
            let cell = (rng.one(&users), rng.one(&targets));
            match pairs.iter().position(|pair| *pair == cell) {
                Some(at) => drop(pairs.remove(at)),
                None => pairs.push(cell),
            }
            wrong.push_str(&table(action, &pairs));
            expected += 1;
        }
        assert_eq!(failures(&portal, &wrong), vec![1; expected], "portal {seed}");
    }
    assert!(cells > 500, "{cells}");
}

#[test]
fn an_invariant_that_denies_an_action_has_an_answer_for_each_permission() {
    let ranges =
        [("chat", "chat(T, _)"), ("call", "call(T)"), ("crm_item", "crm_item(T, _)"), ("channel", "channel(T)")];
    for seed in 0..PORTALS {
        let portal = random_portal(seed);
        let (mut invariants, mut expected) = (String::new(), Vec::new());
        for action in ACTIONS {
            let Some((_, range)) = ranges.iter().find(|(entity, _)| *entity == action.entity) else { continue };
            let name = action.name;
            invariants.push_str(&format!("expect none permitted(U, {name}, T), user(U), {range};\n"));
            expected.push(allowed(&portal, action).len());
        }
        expected.retain(|count| *count > 0);
        assert_eq!(failures(&portal, &invariants), expected, "portal {seed}");
    }
}
