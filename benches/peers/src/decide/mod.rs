//! Deciding beside Cedar and Rego: the same requests about channels, chats and calls on a portal of 2,000 people.
//!
//! What the others would have computed before they are asked is computed for them: the effective levels, and where
//! the people of a thing work. `portal` is these facts, `in_cedar` and `in_rego` give them to an engine.

mod in_cedar;
mod in_rego;
mod portal;

use std::path::Path;

use rolecall::compiler::program::Program;
use rolecall::decision::{Request, Solver};
use rolecall::engine::Engine;

use crate::measure::Outcome;
use crate::measure::paired::paired;
use crate::measure::portal::{each_request, load, policy_with, ready, requests};
use crate::measure::question::mean;
use crate::measure::table::{Bar, Table};
use crate::measure::workload::{NO_CRM, Workload};
use portal::Portal;

/// A request by names.
#[derive(Clone, Debug)]
struct Question {
    user: String,
    action: String,
    entity: String,
    resource: String,
}

/// Cedar, and Rego in both forms that regorus has.
pub fn section(table: &mut Table, pairs: usize) -> Outcome<()> {
    let workload = Workload::generated(NO_CRM)?;
    let mut policy = policy_with(&[])?;
    let database = load(&mut policy, std::slice::from_ref(&workload.data))?;
    let portal = Portal::read(&policy.program, &database)?;
    let decider = ready(&policy.program, database, Engine::Auto)?;
    let mut solver = Solver::new(&decider);
    let asked = requests(&decider, &mut solver, &workload.requests)?;
    let (asked, questions) = about_channels_chats_and_calls(&policy.program, &asked, &workload.requests)?;
    let expected: Vec<bool> = asked.iter().map(|request| solver.outcome(request).is_allowed()).collect();
    let allowed = expected.iter().filter(|allowed| **allowed).count();
    eprintln!("decide: {} requests, {allowed} of them allowed", asked.len());

    let mut ours = || Ok(mean(&asked, |request| solver.outcome(request).is_allowed()));
    let cedar = in_cedar::Cedar::new(&portal)?;
    let requests = cedar.requests(&questions)?;
    agree("Cedar", &questions, &expected, requests.iter().map(|request| Ok(cedar.allows(request))))?;
    let theirs = || Ok(mean(&requests, |request| cedar.allows(request)));
    let speed = paired(pairs, &mut ours, theirs)?.speed();
    table.times("decide: 2,000 people, mean request", "Cedar", &speed, Bar::AtLeast(10.0));

    let inputs = in_rego::inputs(&questions)?;
    let mut interpreter = in_rego::Interpreter::new(&portal)?;
    agree("Rego, interpreted", &questions, &expected, inputs.iter().map(|input| interpreter.allows(input)))?;
    let theirs = || Ok(mean(&inputs, |input| interpreter.allows(input).unwrap_or_default()));
    let speed = paired(pairs, &mut ours, theirs)?.speed();
    table.times("decide: 2,000 people, mean request", "Rego, interpreted", &speed, Bar::AtLeast(20.0));

    let mut machine = in_rego::Machine::new(&portal)?;
    agree("Rego, compiled", &questions, &expected, inputs.iter().map(|input| machine.allows(input)))?;
    let theirs = || Ok(mean(&inputs, |input| machine.allows(input).unwrap_or_default()));
    let speed = paired(pairs, &mut ours, theirs)?.speed();
    table.times("decide: 2,000 people, mean request", "Rego, compiled", &speed, Bar::AtLeast(20.0));
    Ok(())
}

/// The requests that the other policies can decide, resolved and by names.
fn about_channels_chats_and_calls(
    program: &Program,
    requests: &[Request],
    path: &Path,
) -> Outcome<(Vec<Request>, Vec<Question>)> {
    let entities = ["channel", "chat", "call"].map(|name| program.entity_named(name));
    let mut questions = Vec::with_capacity(requests.len());
    each_request(path, |request| {
        questions.push(Question {
            user: request.subject.id.to_owned(),
            action: request.action.name.to_owned(),
            entity: request.resource.r#type.to_owned(),
            resource: request.resource.id.to_owned(),
        });
        Ok(())
    })?;
    let is_about = |request: &Request| entities.contains(&program.actions[request.action.index()].on);
    let both = requests.iter().copied().zip(questions).filter(|(request, _)| is_about(request));
    Ok(both.unzip())
}

/// Whether the other engine gives the expected answer to every question.
fn agree(
    name: &str,
    questions: &[Question],
    expected: &[bool],
    answers: impl Iterator<Item = Outcome<bool>>,
) -> Outcome<()> {
    for ((question, expected), answer) in questions.iter().zip(expected).zip(answers) {
        if answer? != *expected {
            return Err(format!("{name} does not say {expected} to {question:?}").into());
        }
    }
    Ok(())
}
