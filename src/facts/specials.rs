//! Where bytes stand that may end a field, found 64 at a time, and the plain records of CSV and TSV, without a quote in them,
//! which are cut there. Eight bytes are looked at at once (hasless, in Anderson's "Bit Twiddling Hacks").

use crate::facts::cut::{Field, Record};
use crate::facts::delimited::Delimiter;

/// Below this is all that may end a field of CSV or begins a quote.
const OF_FIELDS: u8 = b'-';
const EACH: u64 = u64::MAX / 255;
const HIGH: u64 = EACH << 7;
const BLOCK: usize = 64;

/// The places of the bytes that are below a bound, in order. Some others are among them.
pub(crate) struct Places<'b, const BOUND: u8> {
    bytes: &'b [u8],
    /// Where the block begins.
    block: usize,
    /// A bit for each byte of the block that is still to be looked at.
    places: u64,
}

impl<'b, const BOUND: u8> Places<'b, BOUND> {
    pub fn new(bytes: &'b [u8]) -> Places<'b, BOUND> {
        let mut places = Places { bytes, block: 0, places: 0 };
        places.find(0);
        places
    }

    /// The next place, and goes behind it; `None` where the bytes end.
    #[inline]
    pub fn next(&mut self) -> Option<usize> {
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

    /// Goes on at a place, wherever it lies.
    pub fn go_to(&mut self, place: usize) {
        self.find(place);
    }

    /// Looks for the places in the block that begins there.
    fn find(&mut self, block: usize) {
        let mut padded = [u8::MAX; BLOCK];
        let rest = self.bytes.get(block..).unwrap_or_default();
        let bytes = rest.first_chunk().unwrap_or_else(|| {
            padded[..rest.len()].copy_from_slice(rest);
            &padded
        });
        let (words, _) = bytes.as_chunks::<8>();
        let flags = |word: &[u8; 8]| {
            let word = u64::from_le_bytes(*word);
            // Above a byte that is below the bound, others may be flagged too: each is looked at again.
            let below = word.wrapping_sub(EACH * u64::from(BOUND)) & !word & HIGH;
            (below >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
        };
        self.block = block;
        self.places = words.iter().rev().fold(0, |places, word| places << 8 | flags(word));
    }
}

/// Cuts plain records.
pub(crate) struct Specials<'b> {
    bytes: &'b [u8],
    separator: u8,
    places: Places<'b, OF_FIELDS>,
}

impl<'b> Specials<'b> {
    pub fn new(bytes: &'b [u8], delimiter: Delimiter) -> Specials<'b> {
        let separator = match delimiter {
            Delimiter::Comma => b',',
            Delimiter::Tab => b'\t',
        };
        Specials { bytes, separator, places: Places::new(bytes) }
    }

    /// Cuts the record that begins at `start`, where the last one ended, and adds its fields to the list; `None` where it
    /// needs a closer look: quotes, what is no CSV, and a record that does not end in the bytes.
    #[inline]
    pub fn plain_record(&mut self, start: usize, fields: &mut Vec<Field>) -> Option<Record> {
        let mut field = 0;
        loop {
            let place = self.places.next()?;
            let (byte, end) = (self.bytes[place], place - start);
            if byte == self.separator {
                fields.push(Field::plain(field..end));
                field = end + 1;
            } else if byte == b'\n' {
                fields.push(Field::plain(field..end));
                return Some(Record { content: end, length: end + 1, lines: 1 });
            } else if byte == b'\r' && self.bytes.get(place + 1) == Some(&b'\n') {
                self.places.next();
                fields.push(Field::plain(field..end));
                return Some(Record { content: end, length: end + 2, lines: 1 });
            } else if matches!(byte, b'\r' | 0) || (byte == b'"' && self.separator == b',') {
                return None;
            }
        }
    }

    /// Goes on at a place, which may lie behind the one reached.
    #[inline]
    pub fn skip_to(&mut self, place: usize) {
        self.places.skip_to(place);
    }
}
