//! `test`: runs the `test` blocks of rule files, and says which expectation failed, and why.

use rustc_hash::FxHashSet;

use crate::cli::arguments::{Global, MessageFormat, Test};
use crate::cli::output::{self, Console};
use crate::cli::request;
use crate::cli::workspace::{Failure, Workspace};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::program;
use crate::compiler::program::{Program, RuleId};
use crate::data::Database;
use crate::decision::Outcome;
use crate::explain::miss;
use crate::proof::{View, Words, outline, text};
use crate::report::escape::escape;
use crate::suite::{self, Failed, Reason};

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
    let is_human = matches!(global.message_format, MessageFormat::Human);
    for test in &tests {
        let failed = suite::run(&program, test, facts.clone(), &how, fired.as_mut());
        let failed = failed.map_err(|error| workspace.limit(&error))?;
        failed_tests += usize::from(!failed.is_empty());
        for failed in &failed {
            let diagnostic = report(&workspace, &program, &facts, test, failed);
            output::stdout_text(&workspace.render(&[diagnostic], console.colored_stdout()))?;
            if let Some((request, outcome)) = failed.request.filter(|_| is_human) {
                let reason = suite::reason(&program, test, facts.clone(), &how, &request);
                let reason = reason.map_err(|error| workspace.limit(&error))?;
                let told = reason.map(|reason| told(&workspace, &program, &facts, outcome, &reason, console));
                output::stdout_text(&told.unwrap_or_default())?;
            }
        }
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
    if let Some((_, outcome)) = failed.request {
        let rule = request::rule_id(program, facts, &workspace.sources, outcome);
        diagnostic = diagnostic.note(match outcome {
            Outcome::Allowed(_) => format!("the request is allowed by `{rule}`"),
            Outcome::Forbidden(_) => format!("the request is forbidden by `{rule}`"),
            Outcome::NotPermitted => "no rule allows the request".to_owned(),
        });
    }
    diagnostic
}

/// Why the request of an expectation that fails comes to what it does: its derivation, or what comes nearest.
fn told(
    workspace: &Workspace,
    program: &Program,
    facts: &Database,
    outcome: Outcome,
    reason: &Reason,
    console: &Console,
) -> String {
    let words = Words::new(program, facts);
    let view = View { program, database: facts, sources: &workspace.sources, words: &words };
    let color = console.colored_stdout();
    let (headline, tree) = match reason {
        Reason::Derived(proof, beaten) => {
            let tree = outline(proof, beaten, &view).map(|tree| text::draw(&tree, color));
            (if outcome.is_allowed() { "It is allowed because:" } else { "It is forbidden because:" }, tree)
        }
        Reason::Near(misses) if misses.nearest.is_empty() => ("", None),
        Reason::Near(misses) => ("What comes nearest:", Some(miss::text(misses, &view, color))),
    };
    tree.map_or_else(String::new, |tree| format!("\n{headline}\n\n{tree}\n"))
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
