//! `test`: runs the `test` blocks of rule files, and says which expectation failed, and why.
//!
//! `told` says it as text, `json` and `junit` for other programs; `coverage` says what the tests needed.

mod coverage;
mod json;
mod junit;
mod told;

use crate::cli::arguments::{Global, Test, TestFormat};
use crate::cli::output::{self, Console};
use crate::cli::workspace::{Failure, Workspace};
use rolecall::compiler::codes::Code;
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::program;
use rolecall::engine::Model;
use rolecall::report::escape::escape;
use rolecall::suite::{Bounds, Failed, Stopped, Suite};

/// How many wrong requests, and how many answers, are told of one expectation.
const TOLD: usize = 10;

/// Runs the tests; whether all hold, and cover as much as they should.
pub fn run(command: &Test, global: &Global, console: &Console) -> Result<bool, Failure> {
    let mut workspace = Workspace::new(global, console);
    let program = workspace.program(&command.paths)?;
    let facts = workspace.database(&program)?;
    let chosen = |test: &&program::Test| command.filter.as_ref().is_none_or(|part| test.name.contains(part.as_str()));
    let tests: Vec<&program::Test> = program.tests.iter().filter(chosen).collect();
    if tests.is_empty() {
        return Err(Failure::Message(match &command.filter {
            Some(filter) => format!("no test has `{}` in its name", escape(filter)),
            None => "the rule files hold no `test` block".to_owned(),
        }));
    }
    let bounds = Bounds { combinations: command.max_combinations, told: TOLD };
    let mut suite = Suite::new(&program, &tests, facts, workspace.derivation(None), bounds);
    if command.coverage.is_some() || command.min_coverage.is_some() {
        suite.record_coverage();
    }
    let is_text = command.format == TestFormat::Text;
    let mut ran: Vec<Ran> = Vec::with_capacity(tests.len());
    for test in &tests {
        let tell = |model: &Model, failed: &[Failed]| tell(&workspace, console, command, test, model, failed);
        let told = suite.run(test, tell).map_err(|stopped| stop(&workspace, command, &stopped))?;
        if is_text {
            output::stdout_text(&told.text)?;
        }
        ran.push(told);
    }
    let failed = ran.iter().filter(|ran| !ran.passed).count();
    let mut is_covered = true;
    if let Some(coverage) = suite.coverage() {
        let (text, percent) = coverage::told(coverage, &program, &workspace.sources, command);
        is_covered = command.min_coverage.is_none_or(|least| percent >= least);
        match is_text {
            true => output::stdout_text(&text)?,
            false => text.lines().for_each(output::stderr_line),
        }
    }
    output::stdout_text(&match command.format {
        TestFormat::Text => format!("{} passed, {failed} failed\n", ran.len() - failed),
        TestFormat::Json => json::document(&ran),
        TestFormat::Junit => junit::document(&workspace.sources, &tests, &ran),
    })?;
    workspace.time("test", String::new);
    Ok(failed == 0 && is_covered)
}

/// What is to be said of a test that ran.
struct Ran {
    passed: bool,
    /// What failed, as people read it; nothing in JSON.
    text: String,
    /// The test as JSON, where that is wanted.
    json: Option<String>,
}

fn tell(
    workspace: &Workspace,
    console: &Console,
    command: &Test,
    test: &program::Test,
    model: &Model,
    failed: &[Failed],
) -> Ran {
    let passed = failed.is_empty();
    match command.format {
        TestFormat::Json => {
            let json = json::test(&workspace.sources, test, model, failed);
            Ran { passed, text: String::new(), json: Some(json) }
        }
        TestFormat::Text | TestFormat::Junit => {
            let color = command.format == TestFormat::Text && console.colored_stdout();
            Ran { passed, text: told::failures(workspace, test, model, failed, color), json: None }
        }
    }
}

/// The failure to run a test within the limits.
fn stop(workspace: &Workspace, command: &Test, stopped: &Stopped) -> Failure {
    match stopped {
        Stopped::Deriving(error) => workspace.limit(error),
        Stopped::TooMuch(span) => {
            let limit = command.max_combinations;
            let message = format!("an expectation is about more than {limit} combinations of values");
            let mistake = Diagnostic::error(Code::LimitReached, message)
                .at(*span, "too much to look at")
                .help("join its literals by shared variables, or raise `--max-combinations`");
            workspace.failure(&[mistake])
        }
    }
}
