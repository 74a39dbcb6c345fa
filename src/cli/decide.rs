//! `decide`: one request, allow or deny, and the id of the rule that decided.

use crate::cli::arguments::{AnswerFormat, Decide, Global};
use crate::cli::notes;
use crate::cli::output::{self, Console};
use crate::cli::question::{Named, Names};
use crate::cli::request::{self, Answer};
use crate::cli::workspace::{Failure, Workspace};
use rolecall::decision::Solver;

/// Decides; whether the answer is allow.
pub fn run(command: &Decide, global: &Global, console: &Console) -> Result<bool, Failure> {
    let mut workspace = Workspace::new(global, console);
    let program = workspace.program(&[])?;
    let names = Names::of(&program).map_err(|mistake| workspace.failure(&[*mistake]))?;
    let action = names.action_in("decide", &[&command.user, &command.action, &command.resource], 1)?;
    let authorization = names.authorization();
    let mut decider = workspace.decider(&program, authorization.relations().collect())?;
    decider.prepare_requests(authorization, action);
    let database = &decider.model().database;
    let named = Named::Shorthand(&command.resource);
    let mut solver = Solver::new(&decider);
    let request = names
        .request(&database.symbols, solver.guests(), Named::Shorthand(&command.user), &command.action, named)
        .map_err(Failure::unanswerable)?;
    let outcome = solver.outcome(&request);
    workspace.time("decide", String::new);
    if !outcome.is_allowed() && !notes::no_data(&workspace, &program) {
        let notes = names.unknown(database, &request, [&command.user, &command.resource]);
        notes.iter().for_each(|note| output::stderr_line(note));
    }
    let answer = Answer {
        allowed: outcome.is_allowed(),
        rule: request::rule_id(&program, database, &workspace.sources, outcome),
        why: None,
    };
    output::stdout_line(&match command.format {
        AnswerFormat::Text => answer.text(),
        AnswerFormat::Json => answer.json(None),
    })?;
    Ok(outcome.is_allowed())
}
