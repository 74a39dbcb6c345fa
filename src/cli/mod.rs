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
mod rule_files;
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
use clap::error::{ContextKind, ContextValue, ErrorKind};

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
            usage(error, &words)
        }
    };
    match log::close(if status == UNANSWERED { Ending::Unanswered } else { Ending::Answered }) {
        Ok(()) => ExitCode::from(status),
        Err(failure) => ExitCode::from(failed(&failure)),
    }
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
        Err(failure) => failed(&failure),
    }
}

/// Says why there is no answer; the exit status.
fn failed(failure: &Failure) -> u8 {
    failure.print();
    match failure {
        // Who reads no further wants no more, and no complaint.
        Failure::ClosedPipe => YES,
        Failure::Message(_) | Failure::Report(_) | Failure::Said => UNANSWERED,
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
        Command::Rules(command) => rules::run(command, &arguments.global, console),
        Command::Completions(command) => completions::run(command),
    }
}

/// Prints what clap says, with the arguments that it repeats made harmless.
fn usage(mut error: clap::Error, words: &[OsString]) -> u8 {
    if let Some(tip) = unknown_format(&error, words) {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    let help = !error.use_stderr();
    let text = error.render().to_string();
    let lines: Vec<_> = text.lines().map(escape).collect();
    let text = lines.join("\n");
    match help {
        true => output::stdout_line(&text).map_or_else(|failure| failed(&failure), |()| YES),
        false => {
            output::stderr_line(&text);
            UNANSWERED
        }
    }
}

/// What to write in place of `--format`, of a command that has none.
fn unknown_format(error: &clap::Error, words: &[OsString]) -> Option<&'static str> {
    let argument = error.get(ContextKind::InvalidArg)?.to_string();
    if error.kind() != ErrorKind::UnknownArgument || argument != "--format" {
        return None;
    }
    let is_given = |command: &str| words.iter().any(|word| word == command);
    Some(match () {
        () if is_given("check") => "what `check` finds is its answer: `--message-format` says how it is shown",
        () if is_given("batch") => "the answers of `batch` are always JSON",
        () => "the answer of this command is text; `--message-format` says how mistakes are shown",
    })
}
