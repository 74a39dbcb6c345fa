//! Diagnostics to text, for people (`human`, `short`) and for programs (`json`, `sarif`, `github`).
//! All text of rules, data and arguments goes through `escape` on its way out. `pages` explains each code.

pub mod escape;
mod excerpt;
mod github;
mod human;
mod json;
pub mod pages;
pub mod sarif;
mod short;

use crate::compiler::diagnostic::{Diagnostic, Severity};
use crate::compiler::source::{Origin, SourceId, Sources, Span};

/// How a diagnostic is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Drawn with labels on the source.
    Human,
    /// A line each.
    Short,
    /// A JSON object a line.
    Json,
    /// One SARIF document for all.
    Sarif,
    /// A command a line that GitHub's workflows show beside the source.
    Github,
}

impl Format {
    /// Whether a person reads it, on a screen.
    pub fn is_for_people(self) -> bool {
        match self {
            Format::Human | Format::Short => true,
            Format::Json | Format::Sarif | Format::Github => false,
        }
    }
}

/// What the screen can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Color the drawing.
    pub color: bool,
    /// Draw with ASCII characters only.
    pub ascii: bool,
    /// The width of the screen in characters, where it is known. Longer lines of a source are cut.
    pub width: Option<usize>,
}

/// The diagnostics as text that ends with a line end: in source order, errors and warnings as they lie, data last.
/// With a limit people see only so many, errors before warnings, and the rest is counted; programs see all.
pub fn render(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    format: Format,
    style: Style,
    limit: Option<usize>,
) -> String {
    let all = in_source_order(diagnostics, sources);
    let shown = match limit.filter(|_| format.is_for_people()) {
        Some(limit) => the_worst(&all, limit),
        None => all.clone(),
    };
    let mut text = String::new();
    for diagnostic in &shown {
        match format {
            Format::Human => {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(&human::render(diagnostic, sources, style));
            }
            Format::Short => text.push_str(&short::render(diagnostic, sources)),
            Format::Json => text.push_str(&json::render(diagnostic, sources)),
            Format::Github => text.push_str(&github::render(diagnostic, sources)),
            Format::Sarif => {}
        }
    }
    if format == Format::Sarif {
        let mut log = sarif::Log::default();
        log.add(diagnostics, sources);
        text = log.document(sarif::Ending::Answered);
    }
    if shown.len() < all.len() {
        let ellipsis = if style.ascii { "..." } else { "…" };
        let gap = if format == Format::Human { "\n" } else { "" };
        text.push_str(&format!("{gap}{ellipsis} and {} more\n", all.len() - shown.len()));
    }
    text
}

/// How many errors, warnings and notes there are, as `2 errors and 1 warning`; nothing where there are none.
pub fn tally(diagnostics: &[Diagnostic]) -> Option<String> {
    let counted = |(severity, noun): (Severity, &str)| match diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == severity)
        .count()
    {
        0 => None,
        1 => Some(format!("1 {noun}")),
        count => Some(format!("{count} {noun}s")),
    };
    let kinds = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let counts: Vec<String> = kinds.into_iter().filter_map(counted).collect();
    match &counts[..] {
        [] => None,
        [one] => Some(one.clone()),
        [first, second] => Some(format!("{first} and {second}")),
        all => Some(format!("{}, {} and {}", all[0], all[1], all[2])),
    }
}

fn in_source_order<'d>(diagnostics: &'d [Diagnostic], sources: &Sources) -> Vec<&'d Diagnostic> {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_key(|diagnostic| place_in_order(diagnostic, sources));
    sorted
}

/// Rule files, then what has no place (a missing file), then data.
fn place_in_order(diagnostic: &Diagnostic, sources: &Sources) -> (u8, SourceId, u32, u32) {
    match diagnostic.labels.first() {
        Some(label) => {
            let span = label.span;
            let is_data = sources.get(span.source).origin == Origin::Data;
            (if is_data { 2 } else { 0 }, span.source, span.start, span.end)
        }
        None => (1, SourceId(0), 0, 0),
    }
}

/// The first so many errors, then warnings, then notes, still in source order.
fn the_worst<'d>(sorted: &[&'d Diagnostic], limit: usize) -> Vec<&'d Diagnostic> {
    let mut left = [0; 3];
    let mut room = limit;
    for (left, severity) in left.iter_mut().zip([Severity::Error, Severity::Warning, Severity::Note]) {
        let count = sorted.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        *left = count.min(room);
        room -= *left;
    }
    let mut chosen = sorted.to_vec();
    chosen.retain(|diagnostic| {
        let left = &mut left[diagnostic.severity as usize];
        let keep = *left > 0;
        *left = left.saturating_sub(1);
        keep
    });
    chosen
}

/// What a diagnostic says without its drawing: the message, then help and notes on lines of their own.
fn in_words(diagnostic: &Diagnostic) -> String {
    let helps = diagnostic.help.iter().map(|help| format!("\nHelp: {}", help.message));
    let notes = diagnostic.notes.iter().map(|note| format!("\nNote: {note}"));
    std::iter::once(diagnostic.message.clone()).chain(helps).chain(notes).collect()
}

/// Offsets of a span in its file, of which the source may be a part.
fn bytes_of_file(span: Span, sources: &Sources) -> (u64, u64) {
    let first = sources.get(span.source).first_byte;
    (first + u64::from(span.start), first + u64::from(span.end))
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

#[cfg(test)]
mod tests;
