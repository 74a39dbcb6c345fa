//! Tests of the tests: whether the random portals and requests would notice a rule that is missing or wrong.

use super::item::Item;
use super::model::{ACTIONS, Portal};
use super::oracle::Oracle;
use super::random::{random_portal, random_requests};
use std::collections::BTreeMap;

const PORTALS: u64 = 2_000;

/// Portals whose answers are counted; enough for shares in whole percents.
const COUNTED_PORTALS: u64 = 500;

/// How many of the portals have to notice a misread item, so that no luck is in it.
const NOTICES: usize = 3;

const REQUESTS_PER_PORTAL: usize = 120;

/// Shares that no action may leave, in percent of its requests: below, nothing is tested; above, neither.
const LEAST_SHARE: usize = 12;
const GREATEST_SHARE: usize = 75;

#[test]
fn every_action_is_often_allowed_and_often_denied() {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for seed in 0..COUNTED_PORTALS {
        let portal = random_portal(seed);
        let oracle = Oracle::new(&portal);
        for (user, action, id) in random_requests(&portal, seed, REQUESTS_PER_PORTAL) {
            let (asked, allowed) = counts.entry(action).or_default();
            *asked += 1;
            *allowed += usize::from(oracle.allowed(&user, action, &id));
        }
    }
    for action in ACTIONS {
        let (asked, allowed) = counts[action.name];
        let percent = allowed * 100 / asked;
        println!("{:>20} {percent:>3} % of {asked}", action.name);
    }
    for action in ACTIONS {
        let (asked, allowed) = counts[action.name];
        let percent = allowed * 100 / asked;
        assert!((LEAST_SHARE..=GREATEST_SHARE).contains(&percent), "{}: {percent} % are allowed", action.name);
    }
}

#[test]
fn every_misread_item_changes_an_answer() {
    let mut notices: BTreeMap<Item, Vec<u64>> = Item::ALL.iter().map(|item| (*item, Vec::new())).collect();
    for seed in 0..PORTALS {
        let portal = random_portal(seed);
        let requests = random_requests(&portal, seed, REQUESTS_PER_PORTAL);
        let answers = answers(&Oracle::new(&portal), &requests);
        for (item, seeds) in notices.iter_mut().filter(|(_, seeds)| seeds.len() < NOTICES) {
            if is_noticed(&portal, *item, &requests, &answers) {
                seeds.push(seed);
            }
        }
        if notices.values().all(|seeds| seeds.len() == NOTICES) {
            break;
        }
    }
    let told: Vec<String> = notices
        .iter()
        .filter(|(_, seeds)| seeds.len() < NOTICES)
        .map(|(item, seeds)| format!("{item:?}: {} (noticed in portals {seeds:?})", item.misreading()))
        .collect();
    assert!(told.is_empty(), "too few requests tell these apart from the policy:\n{}", told.join("\n"));
    let (rarest, seeds) = notices.iter().max_by_key(|(_, seeds)| seeds[NOTICES - 1]).unwrap();
    println!("the rarest is {rarest:?}, noticed in portals {seeds:?}");
}

type Request = (String, &'static str, String);

fn answers(oracle: &Oracle, requests: &[Request]) -> Vec<bool> {
    requests.iter().map(|(user, action, id)| oracle.allowed(user, action, id)).collect()
}

fn is_noticed(portal: &Portal, item: Item, requests: &[Request], answers: &[bool]) -> bool {
    let misread = Oracle::misreading(portal, item);
    requests.iter().zip(answers).any(|((user, action, id), answer)| misread.allowed(user, action, id) != *answer)
}

#[test]
fn the_same_seed_gives_the_same_portal_and_requests() {
    let portal = random_portal(7);
    assert_eq!(portal, random_portal(7));
    assert_ne!(portal, random_portal(8));
    assert_eq!(random_requests(&portal, 7, 50), random_requests(&portal, 7, 50));
}

#[test]
fn facts_read_back_as_they_were_written() {
    for seed in 0..100 {
        let facts = random_portal(seed).to_rules_facts();
        assert_eq!(Portal::read(&facts).to_rules_facts(), facts, "seed {seed}");
    }
}
