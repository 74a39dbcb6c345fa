//! Records that were cut before they are wanted, in the order of the file.

use crate::facts::cut::{Cut, Field, Record, cut};
use crate::facts::delimited::Delimiter;

/// Cut records, and how many of them were taken.
#[derive(Debug, Default)]
pub(crate) struct Cuts {
    /// Each with the end of its fields.
    records: Vec<(Record, usize)>,
    /// Of all records; places within the record.
    fields: Vec<Field>,
    taken_records: usize,
    taken_fields: usize,
    /// The bytes of the records that were not taken.
    bytes: usize,
}

impl Cuts {
    /// Cuts up to so many records that the bytes begin with, as far as they end there, and says where the last one
    /// ends and why it is the last: `None` if only the limit or the end of the bytes is met.
    pub fn cut(&mut self, bytes: &[u8], delimiter: Delimiter, limit: usize) -> (usize, Option<Cut>) {
        let mut at = 0;
        for _ in 0..limit {
            if at == bytes.len() {
                break;
            }
            let fields_end = self.fields.len();
            match cut(&bytes[at..], delimiter, false, &mut self.fields) {
                Cut::Record(record) => {
                    self.records.push((record, self.fields.len()));
                    self.bytes += record.length;
                    at += record.length;
                }
                other => {
                    self.fields.truncate(fields_end);
                    return (at, Some(other));
                }
            }
        }
        (at, None)
    }

    /// Adds the records that follow. What is left in `following` is of no meaning.
    pub fn append(&mut self, following: &mut Cuts) {
        if self.is_empty() {
            std::mem::swap(self, following);
            return;
        }
        let end = self.fields.len();
        self.records.extend(following.records.iter().map(|(record, fields_end)| (*record, end + fields_end)));
        self.fields.extend_from_slice(&following.fields);
        self.bytes += following.bytes;
    }

    /// Whether all records were taken.
    pub fn is_empty(&self) -> bool {
        self.taken_records == self.records.len()
    }

    /// Forgets everything, and keeps the memory.
    pub fn clear(&mut self) {
        self.records.clear();
        self.fields.clear();
        (self.taken_records, self.taken_fields, self.bytes) = (0, 0, 0);
    }

    /// The bytes of all records that were not taken.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The next record and its fields.
    #[inline]
    pub fn next(&self) -> Option<(Record, &[Field])> {
        let (record, end) = *self.records.get(self.taken_records)?;
        Some((record, &self.fields[self.taken_fields..end]))
    }

    /// Takes the next record.
    #[inline]
    pub fn take(&mut self) {
        if let Some((record, end)) = self.records.get(self.taken_records) {
            self.taken_records += 1;
            self.taken_fields = *end;
            self.bytes -= record.length;
        }
    }
}
