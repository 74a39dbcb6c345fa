//! `batch`: a stream of requests to a stream of answers, in request order.
//!
//! Threads take stretches of whole lines in turn, decide them, and hand the answers to an outbox that writes
//! them in order; at most one stretch a thread is in memory.

mod input;
mod outbox;
mod shard;
mod worker;

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::thread;

use crate::cli::arguments::{Batch, Global};
use crate::cli::notes;
use crate::cli::output::{self, Console, Output};
use crate::cli::progress;
use crate::cli::question::Names;
use crate::cli::workspace::{Failure, Workspace};
pub use input::{Form, Input, too_long};
use outbox::Outbox;
use rolecall::compiler::program::ActionId;
use rolecall::decision::{Decider, STACK};
use rolecall::explain::Rulebook;
use rolecall::proof::Words;
use rolecall::report::escape::escape;
use shard::Requests;
pub use shard::Shard;
use worker::Worker;

/// Decides all requests. A failure where one could not be decided: the output is complete then, but for
/// `--fail-fast`.
pub fn run(command: &Batch, global: &Global, console: &Console) -> Result<bool, Failure> {
    let mut workspace = Workspace::new(global, console);
    let program = workspace.program(&[])?;
    let names = Names::of(&program).map_err(|mistake| workspace.failure(&[*mistake]))?;
    if is_one_file(&command.requests, &command.output) {
        let message = "`--output` is the file of the requests, which the answers would replace";
        return Err(Failure::Message(message.to_owned()));
    }
    let input = Requests::open(&command.requests, command.shard)?;
    let output = Output::open(&command.output, command.fail_fast)?;
    let authorization = names.authorization();
    let mut model = workspace.model(&program, authorization.relations().collect())?;
    let actions: Vec<ActionId> = (0..program.actions.len() as u32).map(ActionId).collect();
    let rulebook = command.why.then(|| Rulebook::new(&mut model, authorization, &actions));
    let mut decider = Decider::new(model);
    for action in actions {
        decider.prepare_requests(authorization, action);
    }
    let reasons = rulebook.as_ref().map(|rulebook| (rulebook, Words::new(&program, &decider.model().database)));
    decider.model().build_indexes(workspace.jobs());
    workspace.time("prepare", String::new);
    let input = Mutex::new(input);
    let outbox = Mutex::new(Outbox::new(output, progress::requests("deciding"), command.fail_fast));
    let work = || {
        let worker = Worker::new(&decider, &names, &workspace.sources);
        match &reasons {
            Some((rulebook, words)) => worker.with_reasons(rulebook, words).run(&input, &outbox),
            None => worker.run(&input, &outbox),
        }
    };
    thread::scope(|scope| {
        for _ in 1..workspace.jobs() {
            // Where a thread can't start, those that did do its work.
            let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        }
        work();
    });
    let outbox = outbox.into_inner().map_err(|_| Failure::Message("a thread that decides ended early".to_owned()))?;
    let tally = outbox.finish()?;
    workspace.time("decide", || format!("{} requests, {} allowed", tally.requests, tally.allowed));
    if tally.allowed < tally.requests {
        notes::no_data(&workspace, &program);
    }
    match tally.first_mistake {
        None => Ok(true),
        Some((line, message)) => {
            let (mistakes, requests) = (tally.mistakes, tally.requests);
            let first = escape(&message).into_owned();
            let what = match command.fail_fast {
                true => format!("line {line}: {first}; stopped, and left no output"),
                false => {
                    format!("{mistakes} of {requests} requests could not be decided; the first, line {line}: {first}")
                }
            };
            output::stderr_line(&format!("error: {what}"));
            Err(Failure::Said)
        }
    }
}

/// Whether both paths lead to one file; pipes and terminals can be read and written at once.
fn is_one_file(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok().filter(|path| path.is_file());
    one.as_os_str() != "-" && real(one).is_some_and(|one| real(other) == Some(one))
}
