//! The rows behind `VALUES` that lie in memory side by side: plain ones, whose quotes hold nothing that is escaped by a
//! backslash, are cut where brackets, commas and quotes stand; all others go to `values`.

use std::ops::Range;

use memchr::memchr3;

use crate::bitrix24::read::values::{self, Tuple};
use crate::facts::specials::Places;
use crate::facts::window::count_lines;

/// Below this are quotes, brackets, commas, line ends, and what comments begin with.
const BOUND: u8 = b'0';

/// A row with its brackets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    pub bytes: usize,
    /// How many lines end in it.
    pub lines: u32,
}

/// Cuts rows.
pub(super) struct Tuples<'b> {
    bytes: &'b [u8],
    places: Places<'b, BOUND>,
    /// The next byte that may mean that a row is not plain: of those that stand above the bound.
    odd: usize,
}

/// The extent of the rows that the bytes begin with, one behind the other with a comma between, as long as `row` takes them.
/// It is given where each begins, and the lines that end before.
pub(super) fn rows(bytes: &[u8], mut row: impl FnMut(&mut Tuples, Extent) -> Option<Extent>) -> Extent {
    let mut tuples = Tuples { bytes, places: Places::new(bytes), odd: 0 };
    tuples.look_for_odd(0);
    let (mut begin, mut taken) = (Extent::default(), Extent::default());
    while let Some(extent) = row(&mut tuples, begin) {
        taken = Extent { bytes: begin.bytes + extent.bytes, lines: begin.lines + extent.lines };
        let [b',', rest @ ..] = &bytes[taken.bytes..] else { break };
        let space = rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len());
        begin = Extent { bytes: taken.bytes + 1 + space, lines: taken.lines + count_lines(&rest[..space]) };
    }
    taken
}

impl Tuples<'_> {
    /// Cuts the row that begins there into the ranges of its values, counted from its start; `None` where it does not end
    /// in the bytes.
    pub fn cut(&mut self, start: usize, values: &mut Vec<Range<usize>>) -> Option<Extent> {
        values.clear();
        let plain = self.plain(start, |value| values.push(value));
        if plain.is_some() || self.bytes.get(start) != Some(&b'(') {
            return plain;
        }
        let Tuple::Whole(bytes) = values::cut(&self.bytes[start..], values) else { return None };
        self.places.go_to(start + bytes);
        Some(Extent { bytes, lines: count_lines(&self.bytes[start..start + bytes]) })
    }

    /// Passes the row that begins there; `None` where it is not plain.
    pub fn pass(&mut self, start: usize) -> Option<Extent> {
        self.plain(start, |_| {})
    }

    #[inline]
    fn plain(&mut self, start: usize, mut value: impl FnMut(Range<usize>)) -> Option<Extent> {
        if self.bytes.get(start) != Some(&b'(') {
            return None;
        }
        self.places.skip_to(start + 1);
        let (mut from, mut lines) = (1, 0);
        loop {
            let at = self.places.next()?;
            match self.bytes[at] {
                b',' => {
                    value(from..at - start);
                    from = at + 1 - start;
                }
                b'\'' => lines += self.quoted()?,
                b')' => {
                    value(from..at - start);
                    self.look_for_odd(start);
                    return (at < self.odd).then_some(Extent { bytes: at + 1 - start, lines });
                }
                b'\n' => lines += 1,
                b'"' | b'(' | b'#' | b'/' => return None,
                b'-' if self.bytes.get(at + 1) == Some(&b'-') => return None,
                _ => {}
            }
        }
    }

    /// Goes behind the closing quote; how many lines end before it.
    #[inline]
    fn quoted(&mut self) -> Option<u32> {
        let mut lines = 0;
        loop {
            match self.bytes[self.places.next()?] {
                b'\'' => return Some(lines),
                b'\n' => lines += 1,
                _ => {}
            }
        }
    }

    /// A backslash escapes, a backtick quotes, and a semicolon ends a statement.
    #[inline]
    fn look_for_odd(&mut self, from: usize) {
        if self.odd <= from {
            let rest = self.bytes.get(from..).unwrap_or_default();
            self.odd = from + memchr3(b'\\', b'`', b';', rest).unwrap_or(rest.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows as `values` cuts them, one by one, and where each ends.
    fn one_by_one(bytes: &[u8]) -> Vec<(Vec<Range<usize>>, usize)> {
        let (mut rows, mut at) = (Vec::new(), 0);
        while bytes.get(at) == Some(&b'(') {
            let mut values = Vec::new();
            let Tuple::Whole(length) = values::cut(&bytes[at..], &mut values) else { break };
            at += length;
            rows.push((values, at));
            if bytes.get(at) != Some(&b',') {
                break;
            }
            at += 1;
            at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        }
        rows
    }

    fn texts(pieces: &[&str], mut check: impl FnMut(&str)) {
        let mut state = 7u64;
        for round in 0..6_000 {
            let mut text = "(".to_owned();
            // The last pieces stand in few dumps.
            let kinds = pieces.len() - [8, 5, 0][round % 3];
            for _ in 0..round % 120 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(state >> 33) as usize % kinds]);
            }
            check(&text);
        }
    }

    const PIECES: [&str; 20] = [
        "1", ",", "),(", "'a'", "'it''s'", "'a,(b)'", "NULL", " ", "-5", "),\n(", "'é\n'", "'http://a;b'", "'\\''", "0x41",
        "f(1)", "`", "\"'\"", "'", "/* ' */", ";",
    ];

    #[test]
    fn rows_are_cut_as_each_alone() {
        texts(&PIECES, |text| {
            let (mut found, mut lines) = (Vec::new(), 0);
            let taken = rows(text.as_bytes(), |tuples, begin| {
                let mut values = Vec::new();
                let extent = tuples.cut(begin.bytes, &mut values)?;
                found.push((values, begin.bytes + extent.bytes));
                lines = begin.lines + extent.lines;
                Some(extent)
            });
            assert_eq!(found, one_by_one(text.as_bytes()), "{text}");
            assert_eq!(taken.bytes, found.last().map_or(0, |(_, end)| *end), "{text}");
            assert_eq!((taken.lines, lines), (lines, count_lines(&text.as_bytes()[..taken.bytes])), "{text}");
        });
    }

    #[test]
    fn rows_that_are_passed_end_where_those_end_that_are_cut() {
        texts(&PIECES, |text| {
            let passed = rows(text.as_bytes(), |tuples, begin| tuples.pass(begin.bytes)).bytes;
            let ends: Vec<usize> = one_by_one(text.as_bytes()).into_iter().map(|(_, end)| end).collect();
            assert!(passed == 0 || ends.contains(&passed), "{passed} {ends:?} {text}");
            assert!(!text.as_bytes()[..passed].iter().any(|byte| b"\\`;".contains(byte)), "{text}");
            if !text.contains(['\\', '`', ';', '"', '/', 'f']) && !text.contains("--") {
                assert_eq!(passed, ends.last().copied().unwrap_or(0), "{text}");
            }
        });
    }
}
