//! What an import did: what was read, what became of it, what was left out or not understood, each with samples.

use std::collections::BTreeMap;

use crate::bitrix24::missing::Missing;
use crate::bitrix24::read::Place;
use crate::bitrix24::reason::Reason;
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{LineColumn, Sources};

/// So many samples are shown of each kind.
const SAMPLES: usize = 3;

/// What an import did.
#[derive(Debug, Default)]
pub struct Report {
    /// The sources that were read, in that order.
    pub read: Vec<Read>,
    /// How many facts each input got, by name.
    pub facts: BTreeMap<&'static str, u64>,
    /// What is no fact, by reason and source.
    pub skipped: BTreeMap<(Reason, usize), Skipped>,
    /// Inputs that nothing gave.
    pub missing: Vec<Missing>,
}

/// A source that was read: a file, or a table in a dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The name of the file.
    pub file: String,
    /// The method or table; "" where it is none.
    pub source: String,
    /// Its records.
    pub records: u64,
    /// The facts that they became.
    pub facts: u64,
}

/// Something of a source that is no fact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// How often.
    pub count: u64,
    /// The first of them.
    pub samples: Vec<Sample>,
}

/// What was skipped, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The line, from 1; 0 for a file as such.
    pub line: u32,
    /// The number of the record in a response, from 0.
    pub record: Option<u32>,
    /// In words of the export.
    pub what: String,
}

impl Report {
    /// The number of a source, which is read from now on, or waits.
    pub(super) fn begin(&mut self, file: &str, source: &str) -> usize {
        if let Some(known) = self.read.iter().position(|read| read.file == file && read.source == source) {
            return known;
        }
        self.read.push(Read { file: file.to_owned(), source: source.to_owned(), records: 0, facts: 0 });
        self.read.len() - 1
    }

    /// Something of a source is no fact.
    pub(super) fn skip(&mut self, reason: Reason, read: usize, place: Option<Place>, what: impl FnOnce() -> String) {
        let skipped = self.skipped.entry((reason, read)).or_default();
        skipped.count += 1;
        if skipped.samples.len() < SAMPLES {
            let (line, record) = place.map_or((0, None), |place| (place.line, place.record));
            skipped.samples.push(Sample { line, record, what: what() });
        }
    }

    /// What was not understood, as warnings.
    pub fn warnings(&self, sources: &mut Sources) -> Vec<Diagnostic> {
        let skipped = self.skipped.iter().filter_map(|((reason, read), skipped)| {
            let code = reason.code()?;
            Some(self.warning(code, *reason, *read, skipped, sources))
        });
        skipped.collect()
    }

    fn warning(&self, code: Code, reason: Reason, read: usize, skipped: &Skipped, sources: &mut Sources) -> Diagnostic {
        let read = &self.read[read];
        let name = if read.source.is_empty() { &read.file } else { &read.source };
        let message = format!("{name}: {}: {}", reason.words(), skipped.count);
        let mut warning = Diagnostic::warning(code, message);
        let mut samples = skipped.samples.iter();
        if let Some(first) = samples.next()
            && first.line > 0
        {
            let place = LineColumn { line: first.line, column: 1 };
            let source = sources.add_excerpt(read.file.as_str(), first.what.as_str(), place, 0);
            let span = sources.span(source, 0, first.what.len());
            warning = warning.at(span, first.record.map_or("the first".to_owned(), |at| format!("record {at}")));
        }
        for sample in samples {
            warning = warning.note(format!("also {}: {}", sample.place(), sample.what));
        }
        match skipped.count.saturating_sub(skipped.samples.len() as u64) {
            0 => warning,
            more => warning.note(format!("and {more} more")),
        }
    }
}

impl Sample {
    /// Its place in its file: `line 7`, `record 12`.
    pub fn place(&self) -> String {
        self.record.map_or_else(|| format!("line {}", self.line), |record| format!("record {record}"))
    }
}
