//! The command line: the only code that reads arguments and files, or prints. A file a command.
//!
//! `arguments` says what may be typed, `workspace` loads what the commands share, `output` is the one way out.

mod again;
mod arguments;
mod audit;
mod batch;
mod check;
mod completions;
mod data;
mod decide;
mod diff;
mod difference;
mod draft;
mod explain;
mod findings;
mod fix;
mod fmt;
mod health;
mod import;
mod levels;
mod log;
mod notes;
mod output;
mod people;
mod progress;
mod query;
mod question;
mod request;
mod rules;
mod sheet;
mod test;
mod verify;
mod what;
mod who;
mod why;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;
use std::thread;

use clap::Parser;

use arguments::{Arguments, Command};
use output::Console;
use rolecall::decision::STACK;
use rolecall::report::escape::escape;
use rolecall::report::sarif::Ending;
use workspace::Failure;

/// Exit status for yes, or done.
const YES: u8 = 0;
/// Exit status for no: denied, errors found by `check`, a test failed, files are not formatted, no answers.
const NO: u8 = 1;
/// Exit status for a question that could not be answered.
const UNANSWERED: u8 = 2;

/// Runs the program on its arguments, the first of which is its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = arguments.into_iter().collect();
    let status = match Arguments::try_parse_from(&words) {
        Ok(arguments) => answer(&arguments),
        Err(error) => {
            log::open_anyhow(&words);
            usage(&error)
        }
    };
    log::close(if status == UNANSWERED { Ending::Unanswered } else { Ending::Answered });
    ExitCode::from(status)
}

/// Runs the command; its exit status.
fn answer(arguments: &Arguments) -> u8 {
    log::open(arguments);
    let console = Console::new(arguments.global.color);
    let command = thread::scope(|scope| {
        let command = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || dispatch(arguments, &console));
        let ended = command.map(thread::ScopedJoinHandle::join);
        let early = || Failure::Message("the program ended early; this is a mistake of its own".to_owned());
        ended.map_err(|error| Failure::Message(format!("can't start: {error}")))?.map_err(|_| early())?
    });
    match command {
        Ok(true) => YES,
        Ok(false) => NO,
        // Who reads no further wants no more, and no complaint.
        Err(Failure::ClosedPipe) => YES,
        Err(failure) => {
            failure.print();
            UNANSWERED
        }
    }
}

fn dispatch(arguments: &Arguments, console: &Console) -> Result<bool, Failure> {
    match &arguments.command {
        Command::Check(command) => check::run(command, &arguments.global, console),
        Command::Decide(command) => decide::run(command, &arguments.global, console),
        Command::Who(command) => who::run(command, &arguments.global, console),
        Command::What(command) => what::run(command, &arguments.global, console),
        Command::Levels(command) => levels::run(command, &arguments.global, console),
        Command::Why(command) => why::run(command, &arguments.global, console),
        Command::Audit(command) => audit::run(command, &arguments.global, console),
        Command::Batch(command) => batch::run(command, &arguments.global, console),
        Command::Diff(command) => diff::run(command, &arguments.global, console),
        Command::Query(command) => query::run(command, &arguments.global, console),
        Command::Verify(command) => verify::run(command, &arguments.global, console),
        Command::Test(command) => test::run(command, &arguments.global, console),
        Command::Explain(command) => explain::run(command),
        Command::Fmt(command) => fmt::run(command, &arguments.global, console),
        Command::Import(command) => import::run(command, &arguments.global, console),
        Command::Rules(command) => rules::run(command),
        Command::Completions(command) => completions::run(command),
    }
}

/// Prints what clap says, with the arguments that it repeats made harmless.
fn usage(error: &clap::Error) -> u8 {
    let help = !error.use_stderr();
    let text = error.render().to_string();
    let lines: Vec<_> = text.lines().map(escape).collect();
    let text = lines.join("\n");
    match help {
        true => output::stdout_line(&text).map_or(UNANSWERED, |()| YES),
        false => {
            output::stderr_line(&text);
            UNANSWERED
        }
    }
}
