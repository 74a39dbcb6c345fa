//! Proofs: the evaluator that checks them, those of random portals, forged ones, and their JSON.

mod command;
mod evaluator;
mod forged;
pub mod forgery;
mod portals;
mod schema;

use rolecall::compiler::program::{ActionId, Program};
use rolecall::compiler::source::Sources;
use rolecall::data::{Database, Value};
use rolecall::decision::{Authorization, Decider, Request, Solver};
use rolecall::engine::Engine;
use rolecall::explain::{Prover, Rulebook, Stuck};
use rolecall::proof::evaluate::Given;
use rolecall::proof::verify::{Fault, verify};
use rolecall::proof::{Proof, View, Words, json};

use crate::evaluation::model;

/// A question in the numbers of a database.
pub type Question = (Value, ActionId, Value);

/// A proof of each answer, and the database of the model, which knows all numbers.
pub fn proofs(program: &Program, database: Database, questions: &[Question]) -> (Database, Vec<Result<Proof, Stuck>>) {
    let authorization = Authorization::of(program).expect("a program with `allow`");
    let actions: Vec<ActionId> = (0..program.actions.len() as u32).map(ActionId).collect();
    let mut model = model(program, database, Engine::Interpreted);
    let rulebook = Rulebook::new(&mut model, authorization, &actions);
    let mut decider = Decider::new(model);
    actions.iter().for_each(|action| decider.prepare_requests(authorization, *action));
    let mut prover = Prover::new(decider.model(), &rulebook, authorization);
    let mut solver = Solver::new(&decider);
    let prove = |(subject, action, resource): &Question| {
        prover.begin();
        let request = Request { authorization, subject: *subject, action: *action, resource: *resource };
        // The rules, asked one by one, answer as the code that was made of them does.
        assert_eq!(prover.outcome(&request), Ok(solver.outcome(&request)));
        prover.prove(&request)
    };
    let proofs = questions.iter().map(prove).collect();
    (decider.model().database.clone(), proofs)
}

/// What is wrong with a proof, as `Fault` says it.
pub fn faults(program: &Program, given: &Given, proof: &Proof) -> Vec<String> {
    verify(program, given, proof).expect("little work").iter().map(Fault::to_string).collect()
}

/// The JSON of a proof.
pub fn text(proof: &Proof, program: &Program, database: &Database, sources: &Sources) -> String {
    let words = Words::new(program, database);
    json::write(proof, &View { program, database, sources, words: &words })
}

/// The proof that JSON is, or everything that is wrong with the text; the database learns the names.
pub fn read(text: &str, program: &Program, database: &mut Database, sources: &Sources) -> Result<Proof, Vec<String>> {
    let claimed = json::read(text).map_err(|why| vec![why.to_string()])?;
    let told = |faults: Vec<Fault>| faults.iter().map(Fault::to_string).collect::<Vec<_>>();
    let proof = claimed.resolve(program, database, sources).map_err(told)?;
    let faults = faults(program, &Given::new(database), &proof);
    if !faults.is_empty() {
        return Err(faults);
    }
    let words = Words::new(program, database);
    let differences = claimed.differences(&proof, &View { program, database, sources, words: &words });
    if differences.is_empty() { Ok(proof) } else { Err(told(differences)) }
}
