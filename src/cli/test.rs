//! `test`: runs the `test` blocks of rule files, and says which expectation failed.

use rustc_hash::FxHashSet;

use crate::cli::arguments::{Global, Test};
use crate::cli::output::{self, Console};
use crate::cli::request;
use crate::cli::workspace::{Failure, Workspace};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::program;
use crate::compiler::program::{Program, RuleId};
use crate::data::Database;
use crate::decision::Outcome;
use crate::report::escape::escape;
use crate::suite::{self, Failed};

/// Runs the tests; whether all hold.
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
    let how = workspace.derivation(None);
    let mut fired = command.coverage.then(FxHashSet::default);
    let mut failed_tests = 0;
    for test in &tests {
        let failed = suite::run(&program, test, facts.clone(), &how, fired.as_mut());
        let failed = failed.map_err(|error| workspace.limit(&error))?;
        failed_tests += usize::from(!failed.is_empty());
        let diagnostics: Vec<Diagnostic> =
            failed.iter().map(|failed| report(&workspace, &program, &facts, test, failed)).collect();
        output::stdout_text(&workspace.render(&diagnostics, console.colored_stdout()))?;
    }
    if let Some(fired) = &fired {
        output::stdout_text(&uncovered(&workspace, &program, fired))?;
    }
    let passed = tests.len() - failed_tests;
    output::stdout_line(&format!("{passed} passed, {failed_tests} failed"))?;
    workspace.time("test", String::new);
    Ok(failed_tests == 0)
}

/// A failed expectation, at its place.
fn report(
    workspace: &Workspace,
    program: &Program,
    facts: &Database,
    test: &program::Test,
    failed: &Failed,
) -> Diagnostic {
    let message = match failed.negated {
        false => "this is expected to hold, and does not",
        true => "this is expected not to hold, and does",
    };
    let mut diagnostic = Diagnostic::error(Code::FailedExpectation, format!("test \"{}\" fails", test.name))
        .at(failed.expectation, message);
    if let Some(outcome) = failed.outcome {
        let rule = request::rule_id(program, facts, &workspace.sources, outcome);
        diagnostic = diagnostic.note(match outcome {
            Outcome::Allowed(_) => format!("the request is allowed by `{rule}`"),
            Outcome::Forbidden(_) => format!("the request is forbidden by `{rule}`"),
            Outcome::NotPermitted => "no rule allows the request".to_owned(),
        });
    }
    diagnostic
}

/// The rules that no test fired, with their places, and the share that some did.
fn uncovered(workspace: &Workspace, program: &Program, fired: &FxHashSet<RuleId>) -> String {
    let mut text = String::new();
    let mut count = 0;
    for (number, rule) in program.rules.iter().enumerate() {
        if fired.contains(&RuleId(number as u32)) {
            count += 1;
        } else {
            let place = escape(&workspace.sources.file_and_line(rule.span)).into_owned();
            text.push_str(&format!("not fired: {}  {place}\n", escape(&rule.id)));
        }
    }
    let all = program.rules.len();
    text.push_str(&format!("coverage: {count} of {all} rules fired\n"));
    text
}
