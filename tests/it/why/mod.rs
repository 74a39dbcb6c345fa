//! `why`: the derivation that is told, and the others.

mod items;
mod programs;

use rolecall::compiler::program::Program;
use rolecall::compiler::source::Sources;
use rolecall::data::{Database, Tag, Value};
use rolecall::decision::{Authorization, Outcome, Request};
use rolecall::engine::{Derivation, derive};
use rolecall::explain::{Alternatives, Prover, Rulebook};
use rolecall::proof::{Beaten, Proof, View, Words, outline, text};

/// Asks a prover about a request over the facts of a database.
fn ask<T>(
    program: &Program,
    mut database: Database,
    request: [&str; 3],
    answer: impl FnOnce(&mut Prover, &Request, &Database) -> T,
) -> T {
    let authorization = Authorization::of(program).unwrap();
    let action = program.action_named(request[1]).unwrap();
    let subject = database.symbols.intern(Tag::thing(authorization.subject), request[0]);
    let on = program.actions[action.index()].on.unwrap();
    let resource: Value = database.symbols.intern(Tag::thing(on), request[2]);
    let request = Request { authorization, subject, action, resource };
    let mut model = derive(program, database, &Derivation::default(), None).unwrap();
    let rulebook = Rulebook::new(&mut model, authorization, &[action]);
    let mut prover = Prover::new(&model, &rulebook, authorization);
    answer(&mut prover, &request, &model.database)
}

/// The outcome of a request, and the tree of its derivation.
fn why(program: &Program, sources: &Sources, database: Database, request: [&str; 3]) -> (Outcome, String) {
    ask(program, database, request, |prover, request, database| {
        let outcome = prover.outcome(request).unwrap();
        let proof = prover.prove(request).unwrap();
        let beaten = prover.beaten(&proof).unwrap();
        (outcome, drawn(program, sources, database, &proof, &beaten))
    })
}

/// The trees of every minimal derivation, and whether these are all.
fn all(
    program: &Program,
    sources: &Sources,
    database: Database,
    request: [&str; 3],
    limit: usize,
) -> (Vec<String>, bool) {
    ask(program, database, request, |prover, request, database| {
        let Alternatives { proofs, complete } = prover.alternatives(request, limit).unwrap();
        let drawn = |proof| drawn(program, sources, database, proof, &Beaten::new());
        (proofs.iter().map(drawn).collect(), complete)
    })
}

fn drawn(program: &Program, sources: &Sources, database: &Database, proof: &Proof, beaten: &Beaten) -> String {
    let words = Words::new(program, database);
    let view = View { program, database, sources, words: &words };
    outline(proof, beaten, &view).map_or_else(String::new, |tree| text::draw(&tree, false))
}
