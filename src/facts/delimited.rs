//! `*.csv` and `*.tsv`: a header that names the fields, in any order, then a record on each line.
//! CSV follows RFC 4180, strictly: a field in quotes may hold commas, line ends and doubled quotes. TSV has no
//! quoting: a tab always separates, and a quote is a character like any other.

use std::ops::Range;

use crate::compiler::diagnostic::DataPlace;
use crate::compiler::program::RelationId;
use crate::compiler::suggest::nearest;
use crate::facts::batch::{BYTES_AT_ONCE, Batch, RECORDS_AT_ONCE};
use crate::facts::cut::{Cut, Field, Malformed, Record, cut};
use crate::facts::finding::{self, Finding};
use crate::facts::intake::Intake;
use crate::facts::json_record::valid_bytes;
use crate::facts::row::{Row, Unfit};
use crate::facts::window::{Stop, Window, count_lines};

/// What separates fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// CSV.
    Comma,
    /// TSV.
    Tab,
}

/// Reads a CSV or TSV file to its end.
pub(super) fn read(
    window: &mut Window,
    intake: &mut Intake,
    relation: RelationId,
    delimiter: Delimiter,
) -> Result<(), Stop> {
    if window.looks_like_utf16()? {
        return Err(intake.fail(window, 0..2, finding::utf16(), DataPlace::default()));
    }
    window.skip_byte_order_mark()?;
    let row = Row::new(intake.words, &mut intake.database.symbols, relation);
    let relation = intake.words.program.relation(relation).name.clone();
    let (places, fields, unfits, unquoted) = (Vec::new(), Vec::new(), Vec::new(), String::new());
    let (batch, lines) = (Batch::default(), Vec::new());
    let mut file =
        DelimitedFile { window, intake, delimiter, row, relation, places, batch, lines, fields, unfits, unquoted };
    file.header()?;
    file.records()
}

struct DelimitedFile<'f, 'r, 'a, 'p> {
    window: &'f mut Window<'r>,
    intake: &'f mut Intake<'a, 'p>,
    delimiter: Delimiter,
    row: Row,
    relation: String,
    /// The field of the relation that each column gives.
    places: Vec<usize>,
    batch: Batch,
    /// The first lines of the records of a batch.
    lines: Vec<u32>,
    /// The fields of the record that was cut last.
    fields: Vec<Field>,
    /// The columns of that record whose text is no value of their field.
    unfits: Vec<(usize, Unfit)>,
    unquoted: String,
}

impl DelimitedFile<'_, '_, '_, '_> {
    fn header(&mut self) -> Result<(), Stop> {
        let Some(record) = self.next()? else {
            let finding = finding::truncated("the file is empty", "expected a header that names the fields");
            return Err(self.fail(0..0, finding));
        };
        let valid = valid_bytes(&self.window.rest()[..record.content]);
        if valid < record.content {
            return Err(self.fail(valid..valid + 1, finding::bad_utf8()));
        }
        let text = String::from_utf8_lossy(&self.window.rest()[..record.content]);
        let names: Vec<String> = self.fields.iter().map(|field| field.decoded(&text).into_owned()).collect();
        let refused = self.columns(&names, &record);
        self.window.advance(record.length, record.lines);
        refused.map_or(Ok(()), Err)
    }

    /// Finds the field of each column, and tells those that have none.
    fn columns(&mut self, names: &[String], record: &Record) -> Option<Stop> {
        let declared = self.row.declared(self.intake.words);
        let all: Vec<&str> = declared.fields.iter().map(|field| field.name.as_str()).collect();
        let missing: Vec<&str> = all.iter().copied().filter(|name| !names.iter().any(|other| other == name)).collect();
        let header = names.join(",");
        let is_near = |name: &String| all.contains(&name.as_str()) || !nearest(name, all.iter().copied()).is_empty();
        if !names.iter().any(is_near) || (names.len() == 1 && finding::foreign_separator(&header, &all).is_some()) {
            return Some(self.fail(0..record.content, finding::no_header(&self.relation, &header, &all)));
        }
        let (mut refused, mut unknown) = (None, 0);
        for (column, name) in names.iter().enumerate() {
            let finding = match all.iter().position(|field| field == name) {
                Some(_) if names[..column].contains(name) => finding::duplicate_column(name),
                Some(place) => {
                    self.places.push(place);
                    continue;
                }
                None => {
                    unknown += 1;
                    finding::unknown_column(&self.relation, name, &missing, &all)
                }
            };
            refused = Some(self.fail(self.fields[column].range(), finding));
        }
        // A column that is misspelled is not missing as well.
        if missing.len() > unknown {
            refused = Some(self.fail(0..record.content, finding::missing_columns(&self.relation, &missing, &all)));
        }
        refused
    }

    fn records(&mut self) -> Result<(), Stop> {
        loop {
            while self.sound_records() {}
            let Some(record) = self.next()? else { return Ok(()) };
            if record.content > 0 {
                self.record(&record)?;
            } else if self.row.arity() == 1 {
                if self.only_line_ends_follow()? {
                    return Ok(());
                }
                self.record(&record)?;
            }
            self.window.advance(record.length, record.lines);
        }
    }

    /// Adds some of the records that are cut, up to one that needs a closer look; whether there were any.
    fn sound_records(&mut self) -> bool {
        let first_line = self.window.line();
        let (rest, cuts) = self.window.cut_records(self.delimiter);
        let rest = &rest[..rest.len().min(BYTES_AT_ONCE)];
        let run = cuts.run(rest.len(), self.places.len(), RECORDS_AT_ONCE);
        let (words, symbols) = (self.intake.words, &mut self.intake.database.symbols);
        let rows = self.batch.read((words, symbols), &mut self.row, &self.places, (rest, &run));
        let rows = self.intake.legal_rows(self.row.relation, self.places.len(), rows);
        let (mut bytes, mut line) = (0, first_line);
        self.lines.clear();
        for record in run.records().take(rows.len() / self.places.len()) {
            self.lines.push(line);
            bytes += record.length;
            line = line.saturating_add(record.lines);
        }
        self.intake.add_all(self.row.relation, rows, self.lines.iter().copied());
        cuts.take(self.lines.len());
        self.window.advance(bytes, line - first_line);
        bytes > 0
    }

    /// Cuts the next record; `None` at the end of the file.
    fn next(&mut self) -> Result<Option<Record>, Stop> {
        loop {
            if let Some(record) = self.window.take_cut(&mut self.fields)? {
                return Ok(Some(record));
            }
            self.fields.clear();
            let (rest, finished) = (self.window.rest(), self.window.finished());
            let malformed = match rest {
                [] if finished => return Ok(None),
                [] => Cut::More,
                rest => cut(rest, self.delimiter, finished, &mut self.fields),
            };
            match malformed {
                Cut::Record(record) => return Ok(Some(record)),
                Cut::Malformed(malformed) => return Err(self.tell_malformed(&malformed)),
                Cut::More => {
                    self.window.more()?;
                }
            }
        }
    }

    fn only_line_ends_follow(&mut self) -> Result<bool, Stop> {
        let mut at = 0;
        while let Some(byte) = self.window.byte(at)? {
            if !matches!(byte, b'\n' | b'\r') {
                return Ok(false);
            }
            at += 1;
        }
        Ok(true)
    }

    #[inline]
    fn record(&mut self, record: &Record) -> Result<(), Stop> {
        self.intake.records += 1;
        let Ok(text) = std::str::from_utf8(&self.window.rest()[..record.content]) else {
            let valid = valid_bytes(&self.window.rest()[..record.content]);
            return self.tell(valid..valid + 1, finding::bad_utf8());
        };
        if self.fields.len() != self.places.len() {
            return self.tell_ragged(record);
        }
        let (words, symbols) = (self.intake.words, &mut self.intake.database.symbols);
        for (column, (field, place)) in self.fields.iter().zip(&self.places).enumerate() {
            let text = field.text(text, &mut self.unquoted);
            if let Err(unfit) = self.row.put_text(words, symbols, *place, text) {
                self.unfits.push((column, unfit));
            }
        }
        if !self.unfits.is_empty() {
            return self.tell_unfits(record);
        }
        if self.intake.illegal_level(self.row.relation, &self.row.values).is_some() {
            return self.tell_illegal_level();
        }
        let line = self.window.line();
        self.intake.add(&self.row, line);
        if record.is_ended() || self.intake.vouched {
            return Ok(());
        }
        self.tell(0..record.content, finding::no_line_end())
    }

    fn tell_unfits(&mut self, record: &Record) -> Result<(), Stop> {
        let text = String::from_utf8_lossy(&self.window.rest()[..record.content]).into_owned();
        for (column, unfit) in std::mem::take(&mut self.unfits) {
            let (field, place) = (self.fields[column], self.places[column]);
            let (words, declared) = (self.intake.words, self.row.declared(self.intake.words));
            let name = &declared.fields[place].name;
            let value = field.decoded(&text);
            let finding = finding::unfit(words, &self.relation, name, self.row.ty(place), &value, &unfit);
            self.tell(field.range(), finding)?;
        }
        Ok(())
    }

    fn tell_illegal_level(&mut self) -> Result<(), Stop> {
        let Some(illegal) = self.intake.illegal_level(self.row.relation, &self.row.values) else { return Ok(()) };
        let column = self.places.iter().position(|place| *place == illegal.place).unwrap_or_default();
        let field = &self.row.declared(self.intake.words).fields[illegal.place].name;
        self.tell(self.fields[column].range(), finding::illegal_level(illegal, field))
    }

    fn tell_ragged(&mut self, record: &Record) -> Result<(), Stop> {
        let (found, expected) = (self.fields.len(), self.places.len());
        if found < expected && !record.is_ended() {
            let finding = finding::truncated("the file ends in the middle of a record", "not finished");
            return self.tell(0..record.content, finding);
        }
        let mark = match self.fields.get(expected) {
            Some(first) => first.range().start..record.content,
            None => 0..record.content,
        };
        self.tell(mark, finding::ragged(&self.relation, found, expected))
    }

    fn tell_malformed(&mut self, malformed: &Malformed) -> Stop {
        let line_of = |at: usize| self.window.line() + count_lines(&self.window.rest()[..at]);
        let (mark, finding) = match *malformed {
            Malformed::QuoteInside { at } => (at..at + 1, finding::quote_inside()),
            Malformed::AfterQuote { at, opened } => (at..at + 1, finding::after_quote(line_of(opened))),
            Malformed::Open { opened } => {
                let length = self.window.rest().len();
                let lines = count_lines(self.window.rest()[opened..].trim_ascii_end());
                (opened..length, finding::open_quote(lines, line_of(opened)))
            }
            Malformed::Nul { at } => (at..at + 1, finding::nul()),
            Malformed::LoneReturn { at } => (at..at + 1, finding::lone_return()),
        };
        self.fail(mark, finding)
    }

    fn tell(&mut self, mark: Range<usize>, finding: Finding) -> Result<(), Stop> {
        let place = DataPlace { relation: Some(self.relation.clone()), ..DataPlace::default() };
        self.intake.report(self.window, mark, finding, place)
    }

    fn fail(&mut self, mark: Range<usize>, finding: Finding) -> Stop {
        match self.tell(mark, finding) {
            Ok(()) | Err(_) => Stop::Reported,
        }
    }
}
