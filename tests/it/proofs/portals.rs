//! Proofs of random portals: each passes, survives JSON, and rests on enough; and each forged one is refused.

use std::collections::BTreeMap;

use rolecall::proof::Proof;
use rolecall::proof::evaluate::Given;
use rolecall::proof::verify::is_answer_of_leaves;

use super::evaluator::request;
use super::forgery::Forgery;
use super::{faults, proofs, read, text};
use crate::evaluation::policy_with;
use crate::portal::random::{Rng, random_portal, random_requests};

/// A debug build takes ten times as long.
const PORTALS: u64 = if cfg!(debug_assertions) { 100 } else { 2_000 };

const REQUESTS_PER_PORTAL: usize = 50;

/// How many proofs of a kind are refused at least, for each hundred portals.
const FORGED_PER_HUNDRED: usize = 400;

#[test]
fn every_proof_passes_and_every_forged_one_is_refused() {
    let policy = policy_with::<&str>(&[]);
    let program = &policy.program;
    let mut forged: BTreeMap<Forgery, usize> = BTreeMap::new();
    let mut steps = 0;
    for seed in 0..PORTALS {
        let portal = random_portal(seed);
        let mut database = policy.database(&portal.to_json());
        let requests = random_requests(&portal, seed, REQUESTS_PER_PORTAL);
        let questions: Vec<_> = requests.iter().map(|asked| request(&policy, &mut database, asked)).collect();
        let (database, proofs) = proofs(program, database, &questions);
        let rng = &mut Rng::new(seed ^ 0xf0);
        let mut learning = database.clone();
        let given = Given::new(&database);
        for (proof, asked) in proofs.iter().zip(&requests) {
            let proof = proof.as_ref().unwrap_or_else(|stuck| panic!("portal {seed}, {asked:?}: {stuck}"));
            let about = || format!("portal {seed}, {asked:?}\n{}", text(proof, program, &database, &policy.sources()));
            assert_eq!(faults(program, &given, proof), [""; 0], "{}", about());
            assert_eq!(is_answer_of_leaves(program, &given, proof), Ok(true), "{}", about());
            let json = text(proof, program, &database, &policy.sources());
            assert_eq!(read(&json, program, &mut learning, &policy.sources()).as_ref(), Ok(proof), "{}", about());
            steps += proof.steps.len();
            let forgery = *rng.pick(Forgery::ALL);
            let Some(fake) = forgery.of(proof, program, &database, rng) else { continue };
            let found = faults(program, &given, &fake);
            assert!(!found.is_empty(), "{forgery:?}, {}\nforged: {}", about(), shown(&fake));
            *forged.entry(forgery).or_default() += 1;
        }
    }
    println!("{steps} steps, forged: {forged:?}");
    for forgery in Forgery::ALL {
        let count = forged.get(forgery).copied().unwrap_or(0);
        assert!(count * 100 >= PORTALS as usize * FORGED_PER_HUNDRED / 10, "{forgery:?}: {count}");
    }
}

fn shown(proof: &Proof) -> String {
    format!("{proof:#?}")
}
