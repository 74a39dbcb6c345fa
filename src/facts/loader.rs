//! Readers to a database: each format of data file, given its name and its bytes.

use std::io::Read;

use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::program::{Program, RelationId, RelationKind};
use crate::compiler::source::Sources;
use crate::data::Database;
use crate::facts::compression::Compression;
use crate::facts::delimited::{self, Delimiter};
use crate::facts::finding;
use crate::facts::format::{DataName, Format};
use crate::facts::intake::Intake;
use crate::facts::window::{Source, Stop, Window};
use crate::facts::words::Words;
use crate::facts::{json, lines};

/// Loads data files, one after the other, and collects what is wrong with them.
pub struct Loader<'a> {
    words: Words<'a>,
    database: &'a mut Database,
    sources: &'a mut Sources,
    diagnostics: Vec<Diagnostic>,
    /// Whether a manifest tells the size or content of the file read next.
    vouched: bool,
}

/// What a file turned out to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Loaded {
    /// Records, without a header.
    pub records: u64,
    /// Whether it was read to its end without a mistake.
    pub whole: bool,
}

impl<'a> Loader<'a> {
    /// A loader for the inputs of a program.
    pub fn new(program: &'a Program, database: &'a mut Database, sources: &'a mut Sources) -> Loader<'a> {
        let words = Words::new(program, sources);
        Loader { words, database, sources, diagnostics: Vec::new(), vouched: false }
    }

    /// Reads a file of any format; `file` is what is shown of it.
    pub(super) fn load(&mut self, file: &str, name: DataName, source: Source) -> Loaded {
        match name.format {
            Format::Json => self.read(file, source, None, json::read),
            Format::Lines => self.read_relation(name.stem, file, source, lines::read),
            Format::Delimited(delimiter) => self.read_relation(name.stem, file, source, |window, intake, relation| {
                delimited::read(window, intake, relation, delimiter)
            }),
        }
    }

    /// Reads a JSON file: an object with an array of records for each relation.
    pub fn json(&mut self, name: &str, reader: impl Read) {
        self.load_straight(name, "", Format::Json, reader);
    }

    /// Reads a JSONL file: a record of that relation on each line.
    pub fn lines(&mut self, relation: &str, name: &str, reader: impl Read) {
        self.load_straight(name, relation, Format::Lines, reader);
    }

    /// Reads a CSV or TSV file: a header, and a record of that relation on each line.
    pub fn delimited(&mut self, delimiter: Delimiter, relation: &str, name: &str, reader: impl Read) {
        self.load_straight(name, relation, Format::Delimited(delimiter), reader);
    }

    fn load_straight(&mut self, file: &str, stem: &str, format: Format, mut reader: impl Read) {
        let name = DataName { stem, format, compression: Compression::None };
        self.load(file, name, Source::Straight(&mut reader));
    }

    /// What is wrong, in the order of the files. With an error among it nothing may be evaluated.
    pub fn finish(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// Says whether a manifest tells the size or content of the file read next.
    pub(super) fn vouch(&mut self, vouched: bool) {
        self.vouched = vouched;
    }

    /// Adds a diagnostic about files as such.
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds diagnostics about files as such.
    pub(super) fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.diagnostics.extend(diagnostics);
    }

    /// Where texts that diagnostics point into are kept.
    pub(super) fn sources(&mut self) -> &mut Sources {
        self.sources
    }

    /// Reads a file whose name is a relation; one that is no input is told at its first line.
    fn read_relation(
        &mut self,
        relation: &str,
        name: &str,
        source: Source,
        read: impl FnOnce(&mut Window, &mut Intake, RelationId) -> Result<(), Stop>,
    ) -> Loaded {
        let program = self.words.program;
        let input = self.words.relation(relation);
        let input = input.filter(|id| program.relation(*id).kind == RelationKind::Input);
        self.read(name, source, Some(relation), |window, intake| match input {
            Some(input) => read(window, intake, input),
            None => {
                let finding = finding::no_input_file(intake.words, relation);
                Err(intake.fail(window, 0..usize::MAX / 2, finding, finding::of_relation(relation)))
            }
        })
    }

    fn read(
        &mut self,
        name: &str,
        source: Source,
        relation: Option<&str>,
        read: impl FnOnce(&mut Window, &mut Intake) -> Result<(), Stop>,
    ) -> Loaded {
        let mut window = Window::new(source);
        let mut intake = Intake::new(&self.words, self.database, self.sources, &mut self.diagnostics, name);
        intake.vouched = self.vouched;
        if let Err(stop) = read(&mut window, &mut intake) {
            intake.stopped(&mut window, stop, relation);
        }
        Loaded { records: intake.records, whole: !intake.has_mistakes() }
    }
}
