//! What a run says about itself. Each line goes to standard error at once; with `--message-format sarif` lines and
//! diagnostics are collected, and become one document when the run ends.

use std::ffi::OsString;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::cli::arguments::{Arguments, Command, MessageFormat};
use crate::cli::output;
use crate::cli::workspace::Failure;
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::source::Sources;
use rolecall::report::sarif::{Ending, Log};

/// The document of this run, where there will be one. Any thread may say something.
static DOCUMENT: Mutex<Option<Document>> = Mutex::new(None);

struct Document {
    log: Log,
    /// Whether it is the answer, as that of `check` is: then it goes to standard output.
    is_answer: bool,
}

/// Begins a run with these arguments.
pub fn open(arguments: &Arguments) {
    if matches!(arguments.global.message_format, MessageFormat::Sarif) {
        begin(matches!(&arguments.command, Command::Check(check) if !check.diff));
    }
}

/// Begins a run whose arguments could not be understood; what they ask for is told by their words.
pub fn open_anyhow(words: &[OsString]) {
    let is_pair = words.windows(2).any(|pair| pair == ["--message-format", "sarif"]);
    if is_pair || words.iter().any(|word| word == "--message-format=sarif") {
        begin(words.iter().any(|word| word == "check"));
    }
}

fn begin(is_answer: bool) {
    *document() = Some(Document { log: Log::default(), is_answer });
}

/// Says a line. Where nobody listens, the answer and its exit status matter all the same.
pub fn line(line: &str) {
    let mut document = document();
    if let Some(document) = document.as_mut() {
        document.log.notify(line.starts_with("error: "), line);
    }
    if document.as_ref().is_none_or(|document| document.is_answer) {
        let _ = writeln!(io::stderr().lock(), "{line}");
    }
}

/// Takes diagnostics into the document; whether there is one.
pub fn collect(diagnostics: &[Diagnostic], sources: &Sources) -> bool {
    let mut document = document();
    if let Some(document) = document.as_mut() {
        document.log.add(diagnostics, sources);
    }
    document.is_some()
}

/// Ends the run, and writes its document if there is one. The failure is to write one that is the answer.
pub fn close(ending: Ending) -> Result<(), Failure> {
    let Some(Document { log, is_answer }) = document().take() else { return Ok(()) };
    let text = log.document(ending);
    if is_answer {
        return output::stdout_text(&text);
    }
    let _ = io::stderr().lock().write_all(text.as_bytes());
    Ok(())
}

fn document() -> MutexGuard<'static, Option<Document>> {
    DOCUMENT.lock().unwrap_or_else(PoisonError::into_inner)
}
