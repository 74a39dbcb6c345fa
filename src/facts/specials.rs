//! The plain records of CSV and TSV, without a quote in them: cut where line ends and separators stand, which are found for 64
//! bytes at once.

use crate::facts::block::{BLOCK, Block, are};
use crate::facts::cut::{Field, Record};
use crate::facts::delimited::Delimiter;

/// The places of bytes that may end a field, in order.
pub(crate) struct Specials<'b> {
    bytes: &'b [u8],
    separator: u8,
    /// Where the block begins.
    block: usize,
    /// A bit for each byte of the block that is still to be looked at.
    places: u64,
}

impl<'b> Specials<'b> {
    pub fn new(bytes: &'b [u8], delimiter: Delimiter) -> Specials<'b> {
        let separator = match delimiter {
            Delimiter::Comma => b',',
            Delimiter::Tab => b'\t',
        };
        let mut specials = Specials { bytes, separator, block: 0, places: 0 };
        specials.find(0);
        specials
    }

    /// Cuts the record that begins at `start`, where the last one ended, and adds its fields to the list; `None` where it
    /// needs a closer look: quotes, what is no CSV, and a record that does not end in the bytes.
    #[inline]
    pub fn plain_record(&mut self, start: usize, fields: &mut Vec<Field>) -> Option<Record> {
        let mut field = 0;
        loop {
            let place = self.next()?;
            let (byte, end) = (self.bytes[place], place - start);
            if byte == self.separator {
                fields.push(Field::plain(field..end));
                field = end + 1;
            } else if byte == b'\n' {
                fields.push(Field::plain(field..end));
                return Some(Record { content: end, length: end + 1, lines: 1 });
            } else if byte == b'\r' && self.bytes.get(place + 1) == Some(&b'\n') {
                self.next();
                fields.push(Field::plain(field..end));
                return Some(Record { content: end, length: end + 2, lines: 1 });
            } else if byte != b'"' || self.separator == b',' {
                return None;
            }
        }
    }

    /// Goes on at a place, which may lie behind the one reached.
    #[inline]
    pub fn skip_to(&mut self, place: usize) {
        let passed = place.wrapping_sub(self.block);
        if passed < BLOCK {
            self.places &= u64::MAX << passed;
        } else {
            self.find(place);
        }
    }

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.places == 0 {
            if self.block + BLOCK >= self.bytes.len() {
                return None;
            }
            self.find(self.block + BLOCK);
        }
        let place = self.block + self.places.trailing_zeros() as usize;
        self.places &= self.places - 1;
        Some(place)
    }

    /// Looks for the places in the block that begins there.
    #[inline]
    fn find(&mut self, block: usize) {
        let separator = self.separator;
        self.block = block;
        self.places = Block::at(self.bytes, block).places(|lanes| {
            are(lanes, separator) | are(lanes, b'\n') | are(lanes, b'\r') | are(lanes, b'"') | are(lanes, 0)
        });
    }
}
