//! Records of JSON that are written as the one before them: the same keys in the same order, with the same space between,
//! and strings without escapes. As exports go, that is nearly all of them. They are cut without a look at the JSON.

use crate::compiler::program::Field as Declared;
use crate::facts::cut::{Field, Record};
use crate::facts::cuts::Cuts;
use crate::facts::json_scan::{Member, is_space, members, skip_space};

/// How a record is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// What stands between the strings: before each, up to its opening quote, from the closing one of the last.
    before: Vec<Box<[u8]>>,
    /// From the closing quote of the last to the end of the record.
    behind: Box<[u8]>,
    /// The field of each string.
    pub places: Vec<usize>,
}

/// What stands between records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// A comma, behind which there is another record.
    Comma,
    /// The end of the line.
    LineEnd,
}

impl Shape {
    /// How a record is written in which nothing is wrong; `None` unless all its values are strings without escapes.
    pub fn of(text: &str, fields: &[Declared]) -> Option<Shape> {
        let found = match text.as_bytes().first()? {
            b'"' => vec![Member { key: None, value: 0..text.len() }],
            _ => members(text, 0..text.len()),
        };
        let (mut before, mut places, mut at) = (Vec::new(), Vec::new(), 0);
        for (position, Member { key, value }) in found.into_iter().enumerate() {
            let string = text[value.clone()].strip_prefix('"')?.strip_suffix('"')?;
            let place = match key.map(|key| text[key].trim_matches('"')) {
                Some(key) => fields.iter().position(|field| field.name == key)?,
                None => position,
            };
            if string.contains('\\') {
                return None;
            }
            before.push(text.as_bytes()[at..=value.start].into());
            places.push(place);
            at = value.end - 1;
        }
        let behind = text.as_bytes()[at..].into();
        (!places.is_empty() && places.len() == fields.len()).then_some(Shape { before, behind, places })
    }

    /// Whether a record begins as these do.
    pub fn begins(&self, record: &str) -> bool {
        self.before.first().is_some_and(|before| record.as_bytes().starts_with(before))
    }

    /// Cuts up to so many records of this shape that the bytes begin with, each with the separator behind it.
    pub fn cut(&self, bytes: &[u8], separator: Separator, limit: usize, cuts: &mut Cuts) {
        let mut at = 0;
        let mut cut = || {
            let rest = &bytes[at..];
            let length = cuts.add(rest, |fields| {
                let content = self.cut_record(rest, fields)?;
                Some(Record { content, length: separator.end(rest, content)?, lines: 0 })
            });
            length.map(|length| at += length)
        };
        for _ in 0..limit {
            if cut().is_none() {
                break;
            }
        }
    }

    /// The length of the record that the bytes begin with, if it is of this shape.
    fn cut_record(&self, bytes: &[u8], fields: &mut Vec<Field>) -> Option<usize> {
        let mut at = 0;
        for before in &self.before {
            let string = bytes[at..].strip_prefix(&**before)?;
            let start = at + before.len();
            // Where a string does not end there, the quote is missed that follows next.
            at = start + string_end(string)?;
            fields.push(Field::plain(start..at));
        }
        bytes[at..].starts_with(&self.behind).then_some(at + self.behind.len())
    }
}

impl Separator {
    /// Where the separator ends that follows the record.
    fn end(self, bytes: &[u8], record_end: usize) -> Option<usize> {
        match self {
            Separator::Comma => {
                let comma = skip_space(bytes, record_end);
                let next = skip_space(bytes, comma + 1);
                let is_followed = bytes.get(comma) == Some(&b',') && bytes.get(next).is_some_and(|byte| *byte != b']');
                is_followed.then_some(next)
            }
            Separator::LineEnd => {
                let end =
                    record_end + bytes[record_end..].iter().position(|byte| !is_space(*byte) || *byte == b'\n')?;
                (bytes[end] == b'\n').then_some(end + 1)
            }
        }
    }
}

/// The place of the first quote, backslash or control character.
#[inline]
fn string_end(bytes: &[u8]) -> Option<usize> {
    const EACH: u64 = u64::MAX / 255;
    const HIGH: u64 = EACH << 7;
    // The lowest byte that is flagged is below the bound; above it others may be.
    let below = |word: u64, bound: u64| word.wrapping_sub(EACH * bound) & !word & HIGH;
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let is = |byte: u8| below(word ^ (EACH * u64::from(byte)), 1);
        let ends = below(word, 0x20) | is(b'"') | is(b'\\');
        if ends != 0 {
            return Some(number * 8 + ends.trailing_zeros() as usize / 8);
        }
    }
    let is_end = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    rest.iter().position(is_end).map(|at| words.len() * 8 + at)
}
