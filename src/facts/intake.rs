//! One data file on its way into the database: its facts, its mistakes, and when there are too many of them.

use std::io::ErrorKind;
use std::ops::Range;

use crate::compiler::diagnostic::{DataPlace, Diagnostic, Severity};
use crate::compiler::program::RelationId;
use crate::compiler::source::{LineColumn, Sources, Span};
use crate::compiler::suggest::did_you_mean;
use crate::data::{Database, FileId, Value};
use crate::facts::finding::{self, Finding};
use crate::facts::levels::IllegalLevel;
use crate::facts::row::Row;
use crate::facts::window::{Stop, Window};
use crate::facts::words::Words;

/// After so many mistakes a file is not read on.
const MISTAKES_LIMIT: usize = 1_000;

/// Where the facts and mistakes of one file go.
pub(super) struct Intake<'a, 'p> {
    pub words: &'a Words<'p>,
    pub database: &'a mut Database,
    sources: &'a mut Sources,
    diagnostics: &'a mut Vec<Diagnostic>,
    name: String,
    file: FileId,
    /// Records so far, those with mistakes included.
    pub records: u64,
    mistakes: usize,
    /// Whether a manifest tells the size or content of the file, so that a cut would show.
    pub vouched: bool,
}

impl<'a, 'p> Intake<'a, 'p> {
    pub fn new(
        words: &'a Words<'p>,
        database: &'a mut Database,
        sources: &'a mut Sources,
        diagnostics: &'a mut Vec<Diagnostic>,
        name: &str,
    ) -> Intake<'a, 'p> {
        let file = database.begin_file(name);
        let (name, records, mistakes, vouched) = (name.to_owned(), 0, 0, false);
        Intake { words, database, sources, diagnostics, name, file, records, mistakes, vouched }
    }

    /// Adds the finished row as a fact.
    #[inline]
    pub fn add(&mut self, row: &Row, record: u32) {
        self.database.add(row.relation, &row.values, self.file, record);
    }

    /// Adds finished rows of a relation as facts, their values side by side, and counts their records, whose numbers these
    /// are.
    pub fn add_all(&mut self, relation: RelationId, rows: &[Value], records: impl ExactSizeIterator<Item = u32>) {
        if records.len() == 0 {
            return;
        }
        self.records += records.len() as u64;
        self.database.add_all(relation, rows, self.file, records);
    }

    /// What is wrong with the level that a row gives, if it gives one.
    pub fn illegal_level(&self, relation: RelationId, row: &[Value]) -> Option<IllegalLevel> {
        let (program, symbols) = (self.words.program, &self.database.symbols);
        self.words.levels.check(program, relation, row, |role| symbols.text(role).to_owned())
    }

    /// The rows up to the first that gives an illegal level.
    pub fn legal_rows<'v>(&self, relation: RelationId, arity: usize, rows: &'v [Value]) -> &'v [Value] {
        if !self.words.levels.watches(relation) {
            return rows;
        }
        let illegal = rows.chunks_exact(arity).position(|row| self.illegal_level(relation, row).is_some());
        illegal.map_or(rows, |illegal| &rows[..illegal * arity])
    }

    /// Whether the file has a mistake so far.
    pub fn has_mistakes(&self) -> bool {
        self.mistakes > 0
    }

    /// Tells a mistake and goes on, unless there were too many.
    pub fn report(
        &mut self,
        window: &mut Window,
        mark: Range<usize>,
        finding: Finding,
        mut place: DataPlace,
    ) -> Result<(), Stop> {
        let span = add_excerpt(self.sources, &self.name, window, mark);
        let mut diagnostic = finding.diagnostic.at(span, finding.label);
        match finding.replacements.as_slice() {
            [] => {}
            [name] => diagnostic = diagnostic.replace(did_you_mean(&[name]), self.word(span), name),
            names => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                diagnostic = diagnostic.help(did_you_mean(&names));
            }
        }
        place.field = place.field.or(finding.field);
        diagnostic.data = Some(place);
        if diagnostic.severity == Severity::Error {
            self.mistakes += 1;
            if self.mistakes == MISTAKES_LIMIT {
                let note = format!("{MISTAKES_LIMIT} mistakes in this file: the rest of it was not read");
                self.diagnostics.push(diagnostic.note(note));
                return Err(Stop::Reported);
            }
        }
        self.diagnostics.push(diagnostic);
        Ok(())
    }

    /// Tells a mistake behind which the file can't be read on.
    pub fn fail(&mut self, window: &mut Window, mark: Range<usize>, finding: Finding, place: DataPlace) -> Stop {
        match self.report(window, mark, finding, place) {
            Ok(()) | Err(_) => Stop::Reported,
        }
    }

    /// Tells why reading stopped, where that is not told yet.
    pub fn stopped(&mut self, window: &mut Window, stop: Stop, relation: Option<&str>) {
        let place = DataPlace { relation: relation.map(str::to_owned), ..DataPlace::default() };
        match stop {
            Stop::Reported => {}
            Stop::TooLong => {
                self.fail(window, 0..1, finding::too_long(), place);
            }
            Stop::Unreadable(error) => {
                self.mistakes += 1;
                let diagnostic = match error.kind() {
                    ErrorKind::UnexpectedEof => finding::truncated_file(&self.name, &error),
                    _ => finding::unreadable(&self.name, &error),
                };
                self.diagnostics.push(diagnostic);
            }
        }
    }

    /// The span without the quotes around it.
    fn word(&self, span: Span) -> Span {
        let text = self.sources.text(span);
        let quoted = text.len() >= 2 && text.starts_with('"') && text.ends_with('"');
        if quoted { Span { start: span.start + 1, end: span.end - 1, ..span } } else { span }
    }
}

/// The mark in the line of the file that it stands in, which becomes a source.
pub(super) fn add_excerpt(sources: &mut Sources, file: &str, window: &mut Window, mark: Range<usize>) -> Span {
    let excerpt = window.excerpt(mark);
    let first = LineColumn { line: excerpt.first_line, column: excerpt.first_column };
    let source = sources.add_excerpt(file, excerpt.text, first, excerpt.first_byte);
    sources.span(source, excerpt.mark.start, excerpt.mark.end)
}
