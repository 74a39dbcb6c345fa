//! Every repair turns the answer of the oracle, no part of one does, and what it turns besides is what the oracle turns.

use rolecall::explain::repair::{Effect, Flip};

use super::asking::{asked, edited, lines, repaired};
use crate::answers::things;
use crate::evaluation::policy_with;
use crate::portal::model::{ACTIONS, Portal};
use crate::portal::oracle::Oracle;
use crate::portal::random::{random_portal, random_requests};

const PORTALS: u64 = 60;
const REQUESTS: usize = 6;

#[test]
fn every_repair_turns_the_answer_of_the_oracle_and_no_part_of_it_does() {
    let policy = policy_with::<&str>(&[]);
    let (mut found, mut none, mut larger) = (0, 0, 0);
    for seed in 0..PORTALS {
        let portal = random_portal(seed);
        for request in random_requests(&portal, seed, REQUESTS) {
            let (user, action, id) = &request;
            let (model, asked) = asked(&policy, &portal, &request);
            let before = Oracle::new(&portal).allowed(user, action, id);
            let repairs = repaired(&model, &asked, &[], 2, 4);
            assert_eq!(repairs.allowing, !before, "portal {seed}, {request:?}");
            none += usize::from(repairs.repairs.is_empty());
            for repair in &repairs.repairs {
                found += 1;
                larger += usize::from(repair.edits.len() > 1);
                let edits: Vec<_> = repair.edits.iter().map(|edit| lines(&model, edit)).collect();
                let answer = |portal: &Portal| Oracle::new(portal).allowed(user, action, id);
                assert_ne!(answer(&edited(&portal, &edits)), before, "portal {seed}, {request:?}: {edits:?}");
                for at in 0..edits.len() {
                    let mut part = edits.clone();
                    part.remove(at);
                    assert_eq!(answer(&edited(&portal, &part)), before, "portal {seed}, {request:?}: {part:?}");
                }
            }
        }
    }
    println!("{found} repairs, {larger} of two edits; {none} requests have none");
    assert!(found > 500 && larger > 30, "{found} repairs, {larger} of two edits");
}

#[test]
fn what_a_repair_turns_besides_is_what_the_oracle_turns() {
    let policy = policy_with::<&str>(&[]);
    let mut turned = 0;
    for seed in 100..100 + PORTALS / 2 {
        let portal = random_portal(seed);
        for request in random_requests(&portal, seed, 4) {
            let (model, asked) = asked(&policy, &portal, &request);
            for repair in &repaired(&model, &asked, &[], 1, 3).repairs {
                let edits: Vec<_> = repair.edits.iter().map(|edit| lines(&model, edit)).collect();
                let after = edited(&portal, &edits);
                let expected = flips(&portal, &after, &request);
                let Effect { turned: count, more, sample, .. } = &repair.effect;
                assert_eq!((*count, *more), (expected.len(), false), "portal {seed}, {request:?}: {edits:?}");
                let shown = |flip: &Flip| {
                    let text = |value| model.database.symbols.text(value).to_owned();
                    let action = model.program.actions[flip.action.index()].name.clone();
                    (text(flip.subject), action, text(flip.resource), flip.allowed)
                };
                let sample: Vec<_> = sample.iter().map(shown).collect();
                assert_eq!(sample, expected[..expected.len().min(5)], "portal {seed}, {request:?}: {edits:?}");
                turned += count;
            }
        }
    }
    println!("{turned} decisions turned");
    assert!(turned > 500, "{turned} decisions turned");
}

/// The decisions about users and things with facts of their own that differ, but for the request itself.
fn flips(before: &Portal, after: &Portal, request: &crate::portals::Asked) -> Vec<(String, String, String, bool)> {
    let (old, new) = (Oracle::new(before), Oracle::new(after));
    let mut flips = Vec::new();
    for user in things(before, "user") {
        for action in ACTIONS {
            for id in things(before, action.entity) {
                let allowed = new.allowed(&user, action.name, &id);
                let own =
                    user == request.0 && action.name == request.1 && (id == request.2 || action.entity == "portal");
                if !own && allowed != old.allowed(&user, action.name, &id) {
                    flips.push((user.clone(), action.name.to_owned(), id, allowed));
                }
            }
        }
    }
    flips.sort();
    flips
}
