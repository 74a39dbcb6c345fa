//! `fmt`: rule files in their canonical form, in place; or what that would change.

use std::io::{self, Read};
use std::path::PathBuf;

use crate::cli::arguments::{Fmt, Global};
use crate::cli::difference;
use crate::cli::output::{self, Console};
use crate::cli::rule_files::{RuleFiles, rule_text, text_of_rules};
use crate::cli::workspace::{Failure, Workspace, replace};
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::source::Origin;
use rolecall::compiler::syntax::format::{Refusal, format};
use rolecall::report::escape::escape;

/// Formats; false where files are not formatted and only that was asked.
pub fn run(command: &Fmt, global: &Global, console: &Console) -> Result<bool, Failure> {
    let mut run = Run { command, console, workspace: Workspace::new(global, console), mistakes: Vec::new() };
    let all_formatted = match is_stdin(&command.paths)? {
        true => run.stdin()?,
        false => run.files()?,
    };
    match run.mistakes.is_empty() {
        true => Ok(all_formatted),
        false => Err(run.workspace.failure(&run.mistakes)),
    }
}

/// Whether standard input is to be formatted, which stands alone.
fn is_stdin(paths: &[PathBuf]) -> Result<bool, Failure> {
    let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
    match (paths.iter().any(is_stdin), paths.len()) {
        (true, 1) => Ok(true),
        (true, _) => Err(Failure::Message("`-` stands alone: its text is written to standard output".to_owned())),
        (false, _) => Ok(false),
    }
}

struct Run<'a> {
    command: &'a Fmt,
    console: &'a Console,
    workspace: Workspace<'a>,
    /// What is wrong with files, which are left as they are.
    mistakes: Vec<Diagnostic>,
}

impl Run<'_> {
    fn stdin(&mut self) -> Result<bool, Failure> {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|error| Failure::Message(format!("can't read standard input: {error}")))?;
        let text = text_of_rules(&mut self.workspace.sources, bytes, "standard input");
        let text = text.map_err(|mistake| self.workspace.failure(&[*mistake]))?;
        let Some(formatted) = self.formatted("<stdin>", &text)? else { return Ok(false) };
        if self.command.check || self.command.diff {
            return self.compare("<stdin>", &text, &formatted);
        }
        output::stdout_text(&formatted).map(|()| true)
    }

    fn files(&mut self) -> Result<bool, Failure> {
        let mut all_formatted = true;
        for file in self.paths() {
            let text = match rule_text(&mut self.workspace.sources, &file) {
                Ok(text) => text,
                Err(mistake) => {
                    self.mistakes.push(*mistake);
                    continue;
                }
            };
            let name = file.display().to_string();
            let Some(formatted) = self.formatted(&name, &text)? else { continue };
            if self.command.check || self.command.diff {
                all_formatted &= self.compare(&name, &text, &formatted)?;
            } else if text != formatted {
                replace(&file, &formatted)?;
                output::stdout_line(&escape(&name))?;
            }
        }
        Ok(all_formatted)
    }

    /// The files that are named, and those of folders that are named, each once.
    fn paths(&mut self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut rule_files = RuleFiles::default();
        for path in &self.command.paths {
            let (found, mistakes) = rule_files.at(path);
            files.extend(found);
            self.mistakes.extend(mistakes);
        }
        files
    }

    /// The canonical form; nothing, and the mistakes noted, where the text has syntax errors.
    fn formatted(&mut self, name: &str, text: &str) -> Result<Option<String>, Failure> {
        let source = self.workspace.sources.add(name, text, Origin::Rules);
        match format(&self.workspace.sources, source) {
            Ok(formatted) => Ok(Some(formatted)),
            Err(Refusal::Mistakes(mistakes)) => {
                self.mistakes.extend(mistakes);
                Ok(None)
            }
            Err(Refusal::Unfaithful(what)) => {
                let message = format!("{name} is left as it is: {what}; this is a mistake of the program");
                Err(Failure::unanswerable(message))
            }
        }
    }

    /// Prints what would change, and whether nothing would.
    fn compare(&self, name: &str, text: &str, formatted: &str) -> Result<bool, Failure> {
        if text == formatted {
            return Ok(true);
        }
        match self.command.diff {
            true => {
                output::stdout_text(&difference::unified(name, text, formatted, self.console.colored_stdout()))?;
            }
            false => output::stdout_line(&escape(name))?,
        }
        Ok(false)
    }
}
