//! Proofs of random policies: each passes `verify`, survives JSON, and every forged one is refused.

use std::collections::BTreeMap;

use rolecall::compiler::program::ActionId;
use rolecall::data::Value;
use rolecall::decision::Authorization;
use rolecall::proof::evaluate::Given;

use super::evaluator::interned;
use super::generate::random_program;
use super::program::ACTIONS;
use super::questions;
use crate::evaluation;
use crate::portal::random::Rng;
use crate::proofs::forgery::Forgery;
use crate::proofs::{Question, faults, proofs, read, text};

const PROGRAMS: u64 = 2_000;

#[test]
fn every_proof_of_a_random_policy_passes() {
    let (mut passed, mut steps, mut stuck) = (0, 0, 0);
    let mut forged: BTreeMap<Forgery, usize> = BTreeMap::new();
    for seed in 0..PROGRAMS {
        let (random, pool) = random_program(seed);
        let Ok(compiled) = evaluation::compile(&[random.text()]) else { continue };
        let program = &compiled.program;
        let Some(authorization) = Authorization::of(program) else { continue };
        let mut database = compiled.database(&random.json());
        let rng = &mut Rng::new(seed ^ 0x9a5);
        let asked = interned(&random, program, &mut database, &questions(&random, &pool, rng));
        let fits = |question: &Question| {
            let on = ACTIONS[question.1.index()].1;
            on.is_none() || database.symbols.tag(question.2).entity() == program.actions[question.1.index()].on
        };
        let requests: Vec<Question> = asked
            .into_iter()
            .filter(|(relation, ..)| *relation == authorization.allow)
            .map(|(_, _, values): (_, _, Vec<Value>)| (values[0], ActionId(values[1].0), values[2]))
            .filter(fits)
            .collect();
        let (database, proofs) = proofs(program, database, &requests);
        let mut learning = database.clone();
        let given = Given::new(&database);
        for proof in proofs {
            let Ok(proof) = proof else {
                stuck += 1;
                continue;
            };
            let json = text(&proof, program, &database, &compiled.sources());
            let about = || format!("seed {seed}\n{}\n{}\n{json}", random.text(), random.json());
            assert_eq!(faults(program, &given, &proof), [""; 0], "{}", about());
            assert_eq!(read(&json, program, &mut learning, &compiled.sources()).as_ref(), Ok(&proof), "{}", about());
            (passed, steps) = (passed + 1, steps + proof.steps.len());
            let forgery = *rng.pick(Forgery::ALL);
            if let Some(fake) = forgery.of(&proof, program, &database, rng) {
                assert!(!faults(program, &given, &fake).is_empty(), "{forgery:?} {fake:#?}\n{}", about());
                *forged.entry(forgery).or_default() += 1;
            }
        }
    }
    println!("{passed} proofs of {steps} steps, {stuck} stuck, forged: {forged:?}");
    assert!(passed > 1_000 && steps > passed && stuck * 100 < passed, "{passed}, {steps}, {stuck}");
}
