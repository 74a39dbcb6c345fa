//! The records of a CSV text that is at hand, for readers that are no relation.

use crate::facts::cut::{Cut, Field, cut};

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
            let (record, length, lines) = match cut(self.rest, b',', true, true, &mut self.fields) {
                Cut::Record(record) => (Some(record.content), record.length, u64::from(record.lines)),
                Cut::Malformed(_) | Cut::More => {
                    let end = self.rest.iter().position(|byte| *byte == b'\n').map_or(self.rest.len(), |at| at + 1);
                    (None, end, 1)
                }
            };
            let (bytes, rest) = self.rest.split_at(length.max(1));
            self.rest = rest;
            self.line += lines;
            match record {
                Some(0) => {}
                Some(content) => return Some((self.decode(&bytes[..content]), line)),
                None => return Some((Err("not CSV: a quote stands where none can".to_owned()), line)),
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
