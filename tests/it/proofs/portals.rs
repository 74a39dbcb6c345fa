//! Proofs of random portals: each passes, survives JSON, and rests on enough; and each forged one is refused.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use rolecall::proof::evaluate::Given;
use rolecall::proof::verify::is_answer_of_leaves;

use super::evaluator::request;
use super::forgery::Forgery;
use super::{faults, proofs, read, text};
use crate::evaluation::{Compiled, policy_with};
use crate::portal::random::{Rng, random_portal, random_requests};

/// A debug build takes ten times as long.
const PORTALS: u64 = if cfg!(debug_assertions) { 100 } else { 2_000 };

const REQUESTS_PER_PORTAL: usize = 50;

#[test]
fn every_proof_passes_and_every_forged_one_is_refused() {
    let next = AtomicU64::new(0);
    let check = || {
        let policy = policy_with::<&str>(&[]);
        let mut counts = Counts::default();
        while let seed @ 0..PORTALS = next.fetch_add(1, Ordering::Relaxed) {
            check(&policy, seed, &mut counts);
        }
        counts
    };
    let counts = thread::scope(|scope| {
        let other = scope.spawn(check);
        let (mut counts, other) = (check(), other.join().unwrap());
        counts.steps += other.steps;
        for (forgery, count) in other.forged {
            *counts.forged.entry(forgery).or_default() += count;
        }
        counts
    });
    println!("{} steps, forged: {:?}", counts.steps, counts.forged);
    for forgery in Forgery::ALL {
        let count = counts.forged.get(forgery).copied().unwrap_or(0);
        assert!(count as u64 >= PORTALS, "{forgery:?}: {count}");
    }
}

/// What was looked at.
#[derive(Default)]
struct Counts {
    steps: usize,
    forged: BTreeMap<Forgery, usize>,
}

/// Proves answers about a portal, and forges each proof in one way.
fn check(policy: &Compiled, seed: u64, counts: &mut Counts) {
    let program = &policy.program;
    let portal = random_portal(seed);
    let mut database = policy.database(&portal.to_json());
    let requests = random_requests(&portal, seed, REQUESTS_PER_PORTAL);
    let questions: Vec<_> = requests.iter().map(|asked| request(policy, &mut database, asked)).collect();
    let (database, proofs) = proofs(program, database, &questions);
    let rng = &mut Rng::new(seed ^ 0xf0);
    let mut learning = database.clone();
    let given = Given::new(&database);
    for (proof, asked) in proofs.iter().zip(&requests) {
        let proof = proof.as_ref().unwrap_or_else(|stuck| panic!("portal {seed}, {asked:?}: {stuck}"));
        let json = text(proof, program, &database, &policy.sources());
        // Reading checks what was read.
        let read = read(&json, program, &mut learning, &policy.sources());
        assert_eq!(read.as_ref(), Ok(proof), "portal {seed}, {asked:?}\n{json}");
        let by_leaves = is_answer_of_leaves(program, &given, proof);
        assert_eq!(by_leaves, Ok(true), "portal {seed}, {asked:?}\n{json}");
        counts.steps += proof.steps.len();
        let forgery = *rng.pick(Forgery::ALL);
        if let Some(forged) = forgery.of(proof, program, &database, rng) {
            let found = faults(program, &given, &forged);
            assert!(!found.is_empty(), "{forgery:?}, portal {seed}, {asked:?}\n{json}\nforged: {forged:#?}");
            *counts.forged.entry(forgery).or_default() += 1;
        }
    }
}
