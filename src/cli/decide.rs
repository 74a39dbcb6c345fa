//! `decide`: one request, allow or deny, and the id of the rule that decided.

use crate::cli::arguments::{AnswerFormat, Decide, Global};
use crate::cli::output::{self, Console};
use crate::cli::question::{Named, Names, advice};
use crate::cli::request::{self, Answer};
use crate::cli::workspace::{Failure, Workspace};
use crate::compiler::program::Program;
use crate::data::{Database, Value};
use crate::decision::{Request, Solver};
use crate::report::escape::escape;

/// Decides; whether the answer is allow.
pub fn run(command: &Decide, global: &Global, console: &Console) -> Result<bool, Failure> {
    let mut workspace = Workspace::new(global, console);
    let program = workspace.program(&[])?;
    let names = Names::of(&program).map_err(|mistake| workspace.failure(&[*mistake]))?;
    let unanswerable = |message: String| Failure::Message(escape(&message).into_owned());
    let action = names.action(&command.action).map_err(unanswerable)?;
    let authorization = names.authorization();
    let mut decider = workspace.decider(&program, authorization.relations().collect())?;
    decider.prepare_requests(authorization, action);
    let database = &decider.model().database;
    let named = Named::Shorthand(&command.resource);
    let mut solver = Solver::new(&decider);
    let request = names
        .request(&database.symbols, solver.guests(), Named::Shorthand(&command.user), &command.action, named)
        .map_err(unanswerable)?;
    let outcome = solver.outcome(&request);
    workspace.time("decide", String::new);
    if !outcome.is_allowed() && global.data.is_empty() {
        output::stderr_line("note: no data was given; `--data PATH` names it");
    } else if !outcome.is_allowed() {
        note_unknown(&program, database, &request, [&command.user, &command.resource]);
    }
    let answer = Answer {
        allowed: outcome.is_allowed(),
        rule: request::rule_id(&program, database, &workspace.sources, outcome),
    };
    output::stdout_line(&match command.format {
        AnswerFormat::Text => answer.text(),
        AnswerFormat::Json => answer.json(None),
    })?;
    Ok(outcome.is_allowed())
}

/// Says which of the names of a denied request no fact knows.
fn note_unknown(program: &Program, database: &Database, request: &Request, given: [&String; 2]) {
    let symbols = &database.symbols;
    let guest = |value: Value| value.index() >= symbols.end();
    let on = program.actions[request.action.index()].on;
    let things = [(request.subject, Some(request.authorization.subject)), (request.resource, on)];
    for ((value, entity), name) in things.into_iter().zip(given) {
        if let Some(entity) = entity.filter(|_| guest(value)) {
            let ids = symbols.ids(entity);
            let kind = &program.entities[entity.index()].name;
            let name = name.strip_prefix(&format!("{kind}:")).unwrap_or(name);
            let note = format!("note: no fact names the {kind} `{name}`{}", advice(name, ids));
            output::stderr_line(&escape(&note));
        }
    }
}
