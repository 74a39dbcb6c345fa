//! `check --fix`: makes the changes of rule files that are certain, until none is left, and writes the files whole.

use crate::cli::difference;
use crate::cli::output::{self, Console};
use crate::cli::workspace::{Failure, Workspace, replace};
use rolecall::compiler::fix::fixed;
use rolecall::compiler::source::SourceId;
use rolecall::report::escape::escape;

/// A round ends when all is checked anew. Each removes mistakes and brings none, so this is never reached; it is there
/// so that nobody has to trust that.
const MOST_ROUNDS: usize = 1_000;

/// What becomes of a rule file.
pub struct Change {
    source: SourceId,
    before: String,
    changes: usize,
}

/// Puts right in the workspace what is certain in these rule files, and says which change. Nothing is written yet.
pub fn fix(workspace: &mut Workspace, ids: &[SourceId]) -> Vec<Change> {
    let mut changed: Vec<Change> = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let (_, diagnostics) = workspace.compile(ids);
        let round = fixed(&workspace.sources, &diagnostics);
        if round.is_empty() {
            break;
        }
        for file in round {
            let before = workspace.sources.replace(file.source, file.text);
            match changed.iter_mut().find(|change| change.source == file.source) {
                Some(change) => change.changes += file.changes,
                None => changed.push(Change { source: file.source, before, changes: file.changes }),
            }
        }
    }
    changed.sort_by_key(|change| change.source);
    changed
}

/// Writes the files that change, each whole or not at all, and says so.
pub fn write(workspace: &Workspace, changed: &[Change]) -> Result<(), Failure> {
    for Change { source, changes, .. } in changed {
        let Some(path) = workspace.rule_file(*source) else { continue };
        let source = workspace.sources.get(*source);
        let mark = if source.first_byte > 0 { "\u{feff}" } else { "" };
        replace(path, &format!("{mark}{}", source.text))?;
        let noun = if *changes == 1 { "change" } else { "changes" };
        output::stderr_line(&format!("fixed {}: {changes} {noun}", escape(&source.name)));
    }
    Ok(())
}

/// Prints what would change.
pub fn show(workspace: &Workspace, changed: &[Change], console: &Console) -> Result<(), Failure> {
    changed.iter().try_for_each(|change| {
        let after = workspace.sources.get(change.source);
        let color = console.colored_stdout();
        output::stdout_text(&difference::unified(&after.name, &change.before, &after.text, color))
    })
}
