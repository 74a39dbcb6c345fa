//! `who`: everyone who may do something, and the rule that allows it.

use std::ops::ControlFlow;

use crate::cli::arguments::{Global, Who};
use crate::cli::notes;
use crate::cli::output::Console;
use crate::cli::people::{self, longest};
use crate::cli::question::{Named, Names};
use crate::cli::request;
use crate::cli::sheet::{Form, Sheet};
use crate::cli::workspace::{Failure, Workspace};
use rolecall::data::Guests;
use rolecall::decision::{Outcome, Request, Solver};
use rolecall::explain;
use rolecall::proof::Words;

/// So many people are asked about at once.
const PIECE: usize = 1 << 10;

/// Answers; whether anyone may.
pub fn run(command: &Who, global: &Global, console: &Console) -> Result<bool, Failure> {
    let mut workspace = Workspace::new(global, console);
    let program = workspace.program(&[])?;
    let names = Names::of(&program).map_err(|mistake| workspace.failure(&[*mistake]))?;
    let action = names.action_in("who", &[&command.action, &command.resource], 0)?;
    let authorization = names.authorization();
    let subject = authorization.subject;
    let skipped = people::skipped(&program, subject, command.skip_administrators)?;
    let facts = explain::own_relation(&program, subject).into_iter().chain(skipped);
    let mut decider = workspace.decider(&program, authorization.relations().chain(facts).collect())?;
    decider.prepare_requests(authorization, action);
    decider.model().build_indexes(workspace.jobs());
    let database = &decider.model().database;
    let mut guests = Guests::default();
    let named = Named::Shorthand(&command.resource);
    let resource = names.resource(&database.symbols, &mut guests, action, named).map_err(Failure::unanswerable)?;
    let mut people = explain::things(decider.model(), &mut guests, subject);
    people::skip(decider.model(), skipped, &mut people);
    let words = Words::new(&program, database);
    workspace.time("prepare", || format!("{} people", people.len()));

    let names_of_people = people.iter().filter_map(|person| words.name(*person));
    let form = Form::new(command.format)
        .column(
            &program.entities[subject.index()].name,
            longest(people.iter().map(|person| database.symbols.text(*person))),
        )
        .column_if_any("name", longest(names_of_people))
        .column("rule", 0);
    let mut sheet = Sheet::open(&form, true)?;
    let pieces: Vec<_> = people.chunks(PIECE).collect();
    let request = |subject| Request { authorization, subject, action, resource };
    let worker = || {
        let mut solver = Solver::new(&decider);
        *solver.guests() = guests.clone();
        solver
    };
    let work = |solver: &mut Solver, piece: usize| {
        let mut rows = String::new();
        explain::allowed(solver, pieces[piece], request, |person, reason| {
            let rule = request::rule_id(&program, database, &workspace.sources, Outcome::Allowed(reason));
            form.write(&mut rows, &[Some(database.symbols.text(person)), words.name(person), Some(&rule)]);
        });
        rows
    };
    let put = |rows: String| if sheet.put(&rows) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    explain::in_order(pieces.len(), workspace.jobs(), worker, work, put);
    let any = sheet.finish()?;
    workspace.time("decide", String::new);
    if !any {
        let on = program.actions[action.index()].on;
        notes::nothing_found(&workspace, &program, database, &[(resource, on, &command.resource)]);
    }
    Ok(any)
}
