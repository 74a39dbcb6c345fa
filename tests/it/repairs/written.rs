//! Small portals, each with a denial or a grant of its own kind, and what is told about it: `tests/cases/why_not`. A case is
//! facts in the rule language behind a first line `// USER ACTION RESOURCE`, which may end in `--change INPUTS`.
//! Read what `BLESS=1` writes as an administrator would who knows no rules.

use rolecall::compiler::source::Sources;
use rolecall::explain::{miss, repair};
use rolecall::policy;
use rolecall::proof::{View, Words};

use super::asking::{asked, changeable, repaired};
use crate::evaluation::policy_with;
use crate::goldens;
use crate::portal::model::{ACTIONS, Portal};

#[test]
fn what_came_near_and_what_would_change_it_is_told_as_written() {
    goldens::run("why_not", |_, text| told(text));
}

fn told(text: &str) -> String {
    let (question, facts) = text.split_once('\n').unwrap();
    let (question, change) = question.split_once(" --change ").unwrap_or((question, ""));
    let names: Vec<&str> = change.split(',').filter(|name| !name.is_empty()).collect();
    let words_of: Vec<&str> = question.trim_start_matches("// ").split(' ').collect();
    let action = ACTIONS.iter().find(|row| row.name == words_of[1]).unwrap().name;
    let portal = Portal::read(facts);
    let policy = policy_with::<&str>(&[]);
    let (model, request) = asked(&policy, &portal, &(words_of[0].to_owned(), action, words_of[2].to_owned()));
    let mut sources = Sources::default();
    policy::add_to(&mut sources);
    let words = Words::new(&policy.program, &model.database);
    let view = View { program: &policy.program, database: &model.database, sources: &sources, words: &words };
    let repairs = repaired(&model, &request, &names, 3, 5);
    let inputs: Vec<_> = changeable(&policy.program, &names).iter().collect();
    let mut told = String::new();
    let forbidden = portal.inactive.iter().any(|(inactive,)| inactive == words_of[0]);
    if repairs.allowing && !forbidden {
        told.push_str(&miss::text(&miss::misses(&model, &request, 3), &view, false));
        told.push('\n');
    }
    told.push_str(&repair::text(&repairs, &inputs, &view, false));
    told
}
