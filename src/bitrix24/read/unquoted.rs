//! Bytes of a dump that stand outside of single quotes, and mean something there: found for 64 bytes at once. What is quoted
//! is known by counting quotes, so that a backslash, which may escape one, is left to whoever asks.

use memchr::memrchr;

use crate::bitrix24::read::tuples::Extent;
use crate::facts::block::{BLOCK, Block, Lanes, are, quoted};
use crate::facts::window::count_lines;

/// The places of such bytes, in order.
pub(super) struct Unquoted<'b, M> {
    pub bytes: &'b [u8],
    is_meant: M,
    /// Where the block begins.
    block: usize,
    /// A bit for each byte of the block that is still to be looked at.
    places: u64,
    /// Whether a quote is open behind the block.
    inside: bool,
}

impl<'b, M: Fn(Lanes) -> Lanes> Unquoted<'b, M> {
    /// For bytes that begin outside of quotes.
    pub fn new(bytes: &'b [u8], is_meant: M) -> Unquoted<'b, M> {
        let mut unquoted = Unquoted { bytes, is_meant, block: 0, places: 0, inside: false };
        unquoted.find(0);
        unquoted
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

    /// Goes on at a place outside of quotes, to which places were given.
    #[inline]
    pub fn skip_to(&mut self, place: usize) {
        let passed = place.wrapping_sub(self.block);
        if passed < BLOCK {
            self.places &= u64::MAX << passed;
        } else {
            self.go_to(place);
        }
    }

    /// Goes on at a place outside of quotes, wherever it lies.
    pub fn go_to(&mut self, place: usize) {
        self.inside = false;
        self.find(place);
    }

    #[inline]
    fn find(&mut self, place: usize) {
        let block = Block::at(self.bytes, place);
        let quotes = block.places(|lanes| are(lanes, b'\''));
        self.block = place;
        self.places = block.places(&self.is_meant) & !quoted(quotes, &mut self.inside);
    }
}

/// What the bytes begin with, up to what a closer look has to tell: outside of quotes, the byte that may end the statement, a
/// comment or another quote; and a text in quotes that does not end here or has a backslash.
pub(super) fn plain(bytes: &[u8], end: u8) -> Extent {
    let is_meant = |lanes: Lanes| {
        // In pairs that differ in one bit: `"` and `#`, `-` and `/`.
        let (pairs, others) = (lanes | Lanes::splat(1), lanes | Lanes::splat(2));
        are(pairs, b'#') | are(others, b'/') | are(lanes, b'`') | are(lanes, end)
    };
    let up_to = |place: usize| Extent { bytes: place, lines: count_lines(&bytes[..place]) };
    let opening = |place: usize| up_to(memrchr(b'\'', &bytes[..place]).unwrap_or(0));
    let (mut passed, mut lines, mut inside) = (0, 0, false);
    while passed < bytes.len() {
        let block = Block::at(bytes, passed);
        let open = quoted(block.places(|lanes| are(lanes, b'\'')), &mut inside);
        let mut stops = block.places(is_meant) & !open;
        let is_rare = |lanes: Lanes| are(lanes, b'\n') | are(lanes, b'\\');
        if block.places(is_rare) != 0 {
            stops |= block.places(|lanes| are(lanes, b'\\'));
            lines += block.places(|lanes| are(lanes, b'\n')).count_ones();
        }
        while stops != 0 {
            let at = stops.trailing_zeros();
            let place = passed + at as usize;
            let is_minus =
                bytes[place] == b'-' && end != b'-' && bytes.get(place + 1).is_some_and(|next| *next != b'-');
            if !is_minus {
                return if open >> at & 1 == 0 { up_to(place) } else { opening(place) };
            }
            stops &= stops - 1;
        }
        passed += BLOCK;
    }
    if inside { opening(bytes.len()) } else { Extent { bytes: bytes.len(), lines } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_ends_where_a_closer_look_is_needed() {
        let long = "(1,'a;b'),".repeat(50);
        let plain = |rest: &str| plain((long.clone() + rest).as_bytes(), b';').bytes - long.len();
        assert_eq!(plain("(2,'it''s');(3)"), 11);
        assert_eq!(plain("(-2,'#--/*\"`')"), 14);
        assert_eq!(plain("(2,'a\\'b')"), 3);
        assert_eq!(plain("(2,'open"), 3);
        for stop in ["-- c", "/* c */", "# c", "\"q\"", "`q`", "-", "\\"] {
            assert_eq!(plain(&format!("(2) {stop}")), 4, "{stop}");
        }
    }

    #[test]
    fn lines_end_inside_of_quotes_too() {
        let rows = "(1,'a\nb;'),\n".repeat(50);
        let lines = |rest: &str| plain((rows.clone() + rest).as_bytes(), b';').lines;
        assert_eq!(lines(""), 100);
        assert_eq!(lines("(2)\n\n;\n"), 102);
        assert_eq!(lines("\n(2,'\n\n\\'"), 101);
        assert_eq!(lines("\n(2,'\n\n"), 101);
    }
}
