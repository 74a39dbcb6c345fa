//! `check`: what is wrong with rule files, and with data. Here the diagnostics are the answer. `--fix` first puts
//! right what is certain.

use crate::cli::arguments::{Check, Global, MessageFormat};
use crate::cli::data;
use crate::cli::findings::{self, Asked};
use crate::cli::fix;
use crate::cli::health;
use crate::cli::output::{self, Console};
use crate::cli::workspace::{Failure, Workspace};
use rolecall::compiler::codes::Code;
use rolecall::compiler::diagnostic::{Diagnostic, Severity, any_error};
use rolecall::compiler::program::Program;
use rolecall::data::Database;
use rolecall::decision::Decider;
use rolecall::engine::EngineError;
use rolecall::facts;
use rolecall::report;

/// Checks; whether there is no error, and no warning where those are denied.
pub fn run(command: &Check, global: &Global, console: &Console) -> Result<bool, Failure> {
    match check(command, global, console) {
        // What stops the check is its answer, too.
        Err(Failure::Report(report)) => output::stdout_text(&report).and(Err(Failure::Said)),
        checked => checked,
    }
}

fn check(command: &Check, global: &Global, console: &Console) -> Result<bool, Failure> {
    let mut workspace = Workspace::new(global, console);
    let ids = workspace.read_rules(&command.paths);
    if command.fix && !workspace.has_unread_rules() {
        let changed = fix::fix(&mut workspace, &ids);
        if command.diff {
            fix::show(&workspace, &changed, console)?;
            return Ok(changed.is_empty());
        }
        fix::write(&workspace, &changed)?;
    }
    let (program, mut diagnostics) = workspace.compile(&ids);
    let mut facts_checked = None;
    if let Some(program) = program.as_ref().filter(|_| !global.data.is_empty()) {
        let (found, facts) = check_data(&mut workspace, program)?;
        let told: Vec<Diagnostic> = found.into_iter().filter(|found| !is_consequence(found, &diagnostics)).collect();
        diagnostics.extend(told);
        facts_checked = Some(facts);
    }
    let report = workspace.render(&diagnostics, console.colored_stdout());
    output::stdout_text(&report)?;
    if !matches!(global.message_format, MessageFormat::Json | MessageFormat::Sarif) {
        output::stdout_line(&summary(&diagnostics, program.as_ref(), facts_checked, !global.data.is_empty()))?;
    }
    // What can't be read can't be judged.
    let is_unread = |diagnostic: &Diagnostic| diagnostic.code == Code::UnreadableFile;
    match workspace.has_unread_rules() || diagnostics.iter().any(is_unread) {
        true => Err(Failure::Said),
        false => Ok(!diagnostics.iter().any(|diagnostic| diagnostic.severity <= least_refused(command))),
    }
}

/// What is wrong with the data and what rules report about it, and how many facts it has.
fn check_data(workspace: &mut Workspace, program: &Program) -> Result<(Vec<Diagnostic>, usize), Failure> {
    let mut database = Database::new(program);
    let stated = database.loaded();
    let mut diagnostics = workspace.load(program, &mut database);
    let facts = database.loaded() - stated;
    if !any_error(&diagnostics) {
        diagnostics.extend(facts::undeclared_references(program, &database, &mut workspace.sources, &data::reopen));
        let for_people = workspace.is_for_people();
        let asked = Asked::by_check(program, for_people);
        let levels = facts::Levels::of_rules(program, &workspace.sources);
        let givers = levels.iter().flat_map(facts::Levels::relations);
        let wanted = asked.relations.iter().copied().chain(health::relations(program)).chain(givers).collect();
        let mut decider = match workspace.derive(program, database, wanted) {
            Ok(model) => Decider::new(model),
            Err(EngineError::IllegalLevels(mistakes)) => {
                diagnostics.extend(mistakes);
                return Ok((diagnostics, facts));
            }
            Err(error) => return Err(workspace.underivable(&error)),
        };
        let (found, mistakes) = findings::find(workspace, program, &mut decider, &asked);
        diagnostics.extend(found.iter().flat_map(|told| findings::warnings(program, told, for_people)));
        diagnostics.extend(mistakes);
        diagnostics.extend(health::find(workspace, program, &mut decider));
    }
    Ok((diagnostics, facts))
}

/// Whether a finding says again what is said of a rule already: one that never fires gives nothing on any data.
fn is_consequence(finding: &Diagnostic, known: &[Diagnostic]) -> bool {
    let place = |diagnostic: &Diagnostic| diagnostic.labels.first().map(|label| label.span);
    let Some(rule) = place(finding).filter(|_| finding.code == Code::IdleRule) else { return false };
    let never = known.iter().filter(|known| known.code == Code::NeverFires);
    never.filter_map(place).any(|at| at.source == rule.source && rule.start <= at.start && at.end <= rule.end)
}

/// The least severity that makes the status 1.
fn least_refused(command: &Check) -> Severity {
    if command.deny_warnings { Severity::Warning } else { Severity::Error }
}

fn summary(diagnostics: &[Diagnostic], program: Option<&Program>, facts: Option<usize>, data_given: bool) -> String {
    let count = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
    let checked = match (program.map(|program| count(program.rules.len(), "rule")), facts) {
        (Some(rules), Some(facts)) => format!("checked {rules} and {}: ", count(facts, "fact")),
        (Some(rules), None) => format!("checked {rules}: "),
        (None, _) if data_given => "the data is not checked before the rules are right: ".to_owned(),
        (None, _) => String::new(),
    };
    checked + &report::tally(diagnostics).unwrap_or_else(|| "no mistakes".to_owned())
}
