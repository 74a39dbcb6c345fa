//! The records of a CSV text that is at hand, for readers that are no relation.

use crate::facts::cut::{Cut, Field, Malformed, cut};
use crate::facts::delimited::Delimiter;

/// A record of CSV, or why it is none, with the number of its first line.
pub type NumberedRecord = (Result<Vec<String>, String>, u64);

/// The records of a whole number of lines, strictly; blank lines are left out. A malformed one ends at its line.
pub fn csv_records(bytes: &[u8], first_line: u64) -> impl Iterator<Item = NumberedRecord> {
    CsvRecords { rest: bytes, line: first_line, fields: Vec::new() }
}

struct CsvRecords<'b> {
    rest: &'b [u8],
    line: u64,
    fields: Vec<Field>,
}

impl Iterator for CsvRecords<'_> {
    type Item = NumberedRecord;

    fn next(&mut self) -> Option<NumberedRecord> {
        while !self.rest.is_empty() {
            let line = self.line;
            let line_length = || self.rest.iter().position(|byte| *byte == b'\n').map_or(self.rest.len(), |at| at + 1);
            self.fields.clear();
            let (record, length, lines) = match cut(self.rest, Delimiter::Comma, true, &mut self.fields) {
                Cut::Record(record) => (Ok(record.content), record.length, u64::from(record.lines)),
                Cut::Malformed(malformed) => (Err(words(&malformed)), line_length(), 1),
                Cut::More => (Err("it ends too early"), line_length(), 1),
            };
            let (bytes, rest) = self.rest.split_at(length.max(1));
            self.rest = rest;
            self.line += lines;
            match record {
                Ok(0) => {}
                Ok(content) => return Some((self.decode(&bytes[..content]), line)),
                Err(words) => return Some((Err(format!("not CSV: {words}")), line)),
            }
        }
        None
    }
}

impl CsvRecords<'_> {
    fn decode(&self, record: &[u8]) -> Result<Vec<String>, String> {
        let text = std::str::from_utf8(record).map_err(|_| "not UTF-8 text".to_owned())?;
        Ok(self.fields.iter().map(|field| field.decoded(text).into_owned()).collect())
    }
}

fn words(malformed: &Malformed) -> &'static str {
    match malformed {
        Malformed::QuoteInside { .. } => "a quote inside a field without quotes around it",
        Malformed::AfterQuote { .. } => "text behind a closing quote",
        Malformed::Open { .. } => "a quote that is never closed",
        Malformed::Nul { .. } => "a NUL character",
        Malformed::LoneReturn { .. } => "a carriage return without a line feed",
    }
}
