//! A search for what comes near begins narrow and widens: on a small portal it ends only when all was looked at, and where
//! it ends before, it says so.

use rolecall::data::{Database, Tag};
use rolecall::decision::{Authorization, Request};
use rolecall::engine::{Derivation, derive};
use rolecall::explain::miss::{Failed, Misses, misses};

use super::asking::asked;
use crate::evaluation::{policy_with, program};
use crate::portal::model::{ACTIONS, Portal};

const DOORS: &str = "entity user; entity door; entity lock; action open on door;
decision allow(user: user, action: action, resource: resource);
input door(door: door, lock: lock); input broken(lock: lock, door: door); input key(user: user, lock: lock);
input fits(from: lock, to: lock);\n";

/// What comes near to anna opening d.
fn near(text: &str) -> Misses {
    let compiled = program(&format!("{DOORS}{text}"));
    let program = &compiled.program;
    let authorization = Authorization::of(program).unwrap();
    let action = program.action_named("open").unwrap();
    let mut database = Database::new(program);
    let subject = database.symbols.intern(Tag::thing(authorization.subject), "anna");
    let on = program.actions[action.index()].on.unwrap();
    let resource = database.symbols.intern(Tag::thing(on), "d");
    let model = derive(program, database, &Derivation::default(), None).unwrap();
    misses(&model, &Request { authorization, subject, action, resource }, 3)
}

#[test]
fn of_many_instances_the_last_is_found_where_it_is_the_nearest() {
    let rule = "allow(U, open, D) if door(D, L), not broken(L, D), key(U, L);\n";
    let locks = (0..1_000).map(|lock| format!("door(\"d\", \"l{lock}\"); "));
    let broken = (0..999).map(|lock| format!("broken(\"l{lock}\", \"d\"); "));
    let found = near(&format!("{rule}{}{}", locks.collect::<String>(), broken.collect::<String>()));
    let [miss] = &found.nearest[..] else { panic!("{found:?}") };
    // The key to the lock that is not broken, alone.
    assert!(matches!(&miss.failed[..], [Failed::Missing(_)]), "{miss:?}");
    assert_eq!(miss.distance.facts, 1);
    assert!(!found.cut);
}

#[test]
fn what_is_too_much_to_look_at_is_said_to_be_cut() {
    let rule = "allow(U, open, D) if door(D, L), fits(L, M), not broken(L, D), not broken(M, D), key(U, M);\n";
    let mut facts = String::new();
    for lock in 0..400 {
        facts.push_str(&format!("door(\"d\", \"l{lock}\"); broken(\"l{lock}\", \"d\");\n"));
        for other in 0..60 {
            facts.push_str(&format!("fits(\"l{lock}\", \"l{}\"); ", (lock * 7 + other) % 400));
        }
    }
    let found = near(&format!("{rule}{facts}"));
    assert_eq!(found.nearest.len(), 1);
    assert!(found.cut);
}

/// The denials of two people, one of whom is dismissed, on a portal with one thing of each kind.
#[test]
fn on_a_portal_of_few_facts_every_denial_is_looked_at_whole() {
    let policy = policy_with::<&str>(&[]);
    let portal = Portal::read("user(\"a\"); user(\"b\"); channel(\"w\"); chat(\"c\", \"w\"); call(\"k\"); app(\"p\");");
    let things = [("channel", "w"), ("chat", "c"), ("call", "k"), ("app", "p"), ("user", "a"), ("portal", "portal")];
    let mut told = 0;
    for action in ACTIONS {
        for (_, id) in things.iter().filter(|(entity, _)| *entity == action.entity) {
            let (model, request) = asked(&policy, &portal, &("b".to_owned(), action.name, (*id).to_owned()));
            assert!(!misses(&model, &request, usize::MAX).cut, "{}", action.name);
            told += 1;
        }
    }
    assert!(told > 15, "{told}");
}
