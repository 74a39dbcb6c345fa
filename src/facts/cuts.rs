//! Records that were cut before they are wanted, in the order of the file; and of their fields, the numbers of serial ids.

use crate::data::SerialPrefix;
use crate::facts::cut::{Cut, Field, Record, cut};
use crate::facts::delimited::Delimiter;
use crate::facts::specials::Specials;

/// Cut records, and how many of them were taken.
#[derive(Debug, Default)]
pub(crate) struct Cuts {
    records: Vec<CutRecord>,
    /// Of all records; places within the record.
    fields: Vec<Field>,
    /// Of each field: the number of the serial id, if it is one with the prefix of its column, else [`NO_NUMBER`].
    numbers: Vec<u32>,
    /// By column.
    prefixes: Vec<Option<SerialPrefix>>,
    taken_records: usize,
    taken_fields: usize,
}

/// Of so many columns numbers are read.
const COLUMNS: usize = 16;

/// No serial id has such a number.
pub(crate) const NO_NUMBER: u32 = u32::MAX;

/// A record as it is kept, small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CutRecord {
    content: u32,
    length: u32,
    lines: u32,
    /// Where its fields end among all.
    fields_end: u32,
}

impl CutRecord {
    fn record(self) -> Record {
        Record { content: self.content as usize, length: self.length as usize, lines: self.lines }
    }
}

/// Records one after the other that have the same number of fields.
pub(crate) struct Run<'c> {
    records: &'c [CutRecord],
    /// Record by record.
    pub fields: &'c [Field],
    /// Record by record: the numbers of [`Cuts::numbers`].
    pub numbers: &'c [u32],
    prefixes: &'c [Option<SerialPrefix>],
}

impl Run<'_> {
    /// The records.
    pub fn records(&self) -> impl ExactSizeIterator<Item = Record> {
        self.records.iter().map(|record| record.record())
    }

    /// What the serial ids of a column begin with; `None` where it has no number.
    pub fn prefix(&self, column: usize) -> Option<&SerialPrefix> {
        self.prefixes.get(column)?.as_ref()
    }
}

impl Cuts {
    /// Cuts up to so many records that the bytes begin with, as far as they end there, and says where the last one
    /// ends and why it is the last: `None` if only the limit or the end of the bytes is met.
    pub fn cut(&mut self, bytes: &[u8], delimiter: Delimiter, limit: usize) -> (usize, Option<Cut>) {
        let mut specials = Specials::new(bytes, delimiter);
        let mut at = 0;
        for _ in 0..limit {
            if at == bytes.len() {
                break;
            }
            let rest = &bytes[at..];
            if let Some(length) = self.add(rest, |fields| specials.plain_record(at, fields)) {
                at += length;
                continue;
            }
            let mut why = None;
            let length = self.add(rest, |fields| match cut(rest, delimiter, false, fields) {
                Cut::Record(record) => Some(record),
                other => {
                    why = Some(other);
                    None
                }
            });
            let Some(length) = length else { return (at, why) };
            at += length;
            specials.skip_to(at);
        }
        (at, None)
    }

    /// Adds the record that the bytes begin with, which `cut` cuts into its fields; its length, if there is one.
    #[inline]
    pub fn add(&mut self, bytes: &[u8], cut: impl FnOnce(&mut Vec<Field>) -> Option<Record>) -> Option<usize> {
        let fields_start = self.fields.len();
        let Some(record) = cut(&mut self.fields) else {
            self.fields.truncate(fields_start);
            return None;
        };
        self.push(record, bytes, fields_start);
        Some(record.length)
    }

    /// Adds the record whose fields begin there.
    #[inline]
    fn push(&mut self, record: Record, bytes: &[u8], fields_start: usize) {
        for (column, field) in self.fields[fields_start..].iter().enumerate() {
            if self.prefixes.len() == column && column < COLUMNS {
                self.prefixes.push(None);
            }
            // What doubled quotes stand for is not what is written there.
            let prefix = self.prefixes.get_mut(column).filter(|_| !field.is_doubled());
            let number = prefix.and_then(|prefix| {
                if prefix.is_none() {
                    *prefix = SerialPrefix::of(&bytes[field.content()]);
                }
                prefix.as_ref()?.number(bytes, field.content())
            });
            self.numbers.push(number.unwrap_or(NO_NUMBER));
        }
        let Record { content, length, lines } = record;
        let fields_end = self.fields.len() as u32;
        self.records.push(CutRecord { content: content as u32, length: length as u32, lines, fields_end });
    }

    /// Adds the records that follow. What is left in `following` is of no meaning.
    pub fn append(&mut self, following: &mut Cuts) {
        if self.is_empty() {
            std::mem::swap(self, following);
            return;
        }
        let end = self.fields.len() as u32;
        let moved = |record: &CutRecord| CutRecord { fields_end: end + record.fields_end, ..*record };
        self.records.extend(following.records.iter().map(moved));
        self.fields.extend_from_slice(&following.fields);
        // Their prefixes may be others.
        self.numbers.resize(self.fields.len(), NO_NUMBER);
    }

    /// Whether all records were taken.
    pub fn is_empty(&self) -> bool {
        self.taken_records == self.records.len()
    }

    /// Forgets everything, and keeps the memory.
    pub fn clear(&mut self) {
        self.records.clear();
        self.fields.clear();
        self.numbers.clear();
        self.prefixes.clear();
        (self.taken_records, self.taken_fields) = (0, 0);
    }

    /// The next record and its fields.
    pub fn next(&self) -> Option<(Record, &[Field])> {
        let record = self.records.get(self.taken_records)?;
        Some((record.record(), &self.fields[self.taken_fields..record.fields_end as usize]))
    }

    /// The next records that have so many fields, are not blank, and lie in the next `bytes` bytes; at most `limit`.
    pub fn run(&self, bytes: usize, fields: usize, limit: usize) -> Run<'_> {
        let (first, first_field) = (self.taken_records, self.taken_fields);
        let (mut fields_end, mut length) = (first_field, 0);
        let fits = |record: &&CutRecord| {
            (fields_end, length) = (fields_end + fields, length + record.length as usize);
            record.fields_end as usize == fields_end && record.content > 0 && length <= bytes
        };
        let count = self.records[first..].iter().take(limit).take_while(fits).count();
        let range = first_field..first_field + count * fields;
        Run {
            records: &self.records[first..first + count],
            fields: &self.fields[range.clone()],
            numbers: &self.numbers[range],
            prefixes: &self.prefixes,
        }
    }

    /// Takes the next `count` records, of which there are so many.
    pub fn take(&mut self, count: usize) {
        if let Some(last) = (self.taken_records + count).checked_sub(1).and_then(|last| self.records.get(last)) {
            self.taken_records += count;
            self.taken_fields = last.fields_end as usize;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes the records one after the other, and compares each with what is cut byte by byte.
    fn compare(cuts: &mut Cuts, (end, last): (usize, Option<Cut>), bytes: &[u8], delimiter: Delimiter) {
        let mut at = 0;
        while at < bytes.len() {
            let mut fields = Vec::new();
            match cut(&bytes[at..], delimiter, false, &mut fields) {
                Cut::Record(record) => {
                    assert_eq!(cuts.next(), Some((record, fields.as_slice())), "{bytes:?}");
                    cuts.take(1);
                    at += record.length;
                }
                other => {
                    assert_eq!((at, Some(other)), (end, last), "{bytes:?}");
                    assert!(cuts.is_empty(), "{bytes:?}");
                    return;
                }
            }
        }
        assert_eq!((at, None, true), (end, last, cuts.is_empty()), "{bytes:?}");
    }

    #[test]
    fn plain_records_are_cut_as_all_are() {
        let pieces = [
            "a",
            "u12",
            "é,",
            "-\u{7f}",
            ",",
            "\n",
            "\r\n",
            "+ !",
            "\t",
            "\"q,\n\"",
            "\"\"\"5\"",
            ",\"x\",",
            "\r",
            "\0",
        ];
        let mut state = 9u64;
        for round in 0..4_000 {
            let mut text = String::new();
            // The last pieces are no CSV, so most texts go without.
            let kinds = pieces.len() - [4, 2, 0][round % 3];
            for _ in 0..round % 90 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(state >> 33) as usize % kinds]);
            }
            for delimiter in [Delimiter::Comma, Delimiter::Tab] {
                let mut cuts = Cuts::default();
                let cut = cuts.cut(text.as_bytes(), delimiter, usize::MAX);
                compare(&mut cuts, cut, text.as_bytes(), delimiter);
            }
        }
    }

    #[test]
    fn numbers_are_read_of_serial_ids_alone() {
        let mut cuts = Cuts::default();
        let text = "u1,\"a\"\"5\",x\nu22,\"a\"\"6\",y7\n\"u3\",d8,y9\nv4,d9,y08\nu0,\"d10\",y1234567890\n";
        cuts.cut(text.as_bytes(), Delimiter::Comma, usize::MAX);
        let none = NO_NUMBER;
        let expected = [1, none, none, 22, none, 7, 3, 8, 9, none, 9, none, 0, 10, none];
        assert_eq!(cuts.run(text.len(), 3, usize::MAX).numbers, expected);
    }
}
