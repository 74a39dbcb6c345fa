//! The rows behind `VALUES` that lie in memory side by side: plain ones, without a backslash, are cut where brackets and
//! commas stand outside of quotes; all others go to `values`.

use std::ops::Range;

use memchr::memchr;

use crate::bitrix24::read::unquoted::Unquoted;
use crate::bitrix24::read::values::{self, Tuple};
use crate::facts::block::{Lanes, are};

/// The beginning of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    pub bytes: usize,
    /// How many lines end in it.
    pub lines: u32,
}

/// The rows that the text begins with, one behind the other with a comma between, as long as `take` takes them. It gets the
/// row, where its values stand in it, and how many lines end before.
pub(super) fn rows(
    text: &str,
    values: &mut Vec<Range<usize>>,
    mut take: impl FnMut(&str, &[Range<usize>], u32) -> bool,
) -> Extent {
    let mut tuples = Tuples::new(text.as_bytes(), marks);
    let (mut start, mut taken) = (0, Extent::default());
    while let Some(end) = tuples.cut(start, values)
        && let Some(row) = text.get(start..end)
    {
        let lines = tuples.lines_to(start);
        if !take(row, values, lines) {
            break;
        }
        taken = Extent { bytes: end, lines: tuples.lines_to(end) };
        let [b',', rest @ ..] = &text.as_bytes()[end..] else { break };
        start = end + 1 + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }
    taken
}

/// Cuts rows.
struct Tuples<'b, M> {
    bytes: &'b [u8],
    unquoted: Unquoted<'b, M>,
    /// The next backslash.
    backslash: usize,
    /// The next line end, and how many lie before.
    newline: usize,
    lines: u32,
}

impl<'b, M: Fn(Lanes) -> Lanes> Tuples<'b, M> {
    fn new(bytes: &'b [u8], marks: M) -> Tuples<'b, M> {
        let unquoted = Unquoted::new(bytes, marks);
        Tuples { bytes, unquoted, backslash: next(b'\\', bytes, 0), newline: next(b'\n', bytes, 0), lines: 0 }
    }

    /// Cuts the row that begins there into the ranges of its values, counted from its start; where it ends, if it does in
    /// these bytes.
    fn cut(&mut self, start: usize, values: &mut Vec<Range<usize>>) -> Option<usize> {
        if self.bytes.get(start) != Some(&b'(') {
            return None;
        }
        if let Some(end) = self.plain(start, values) {
            return Some(end);
        }
        let Tuple::Whole(length) = values::cut(&self.bytes[start..], values) else { return None };
        self.unquoted.go_to(start + length);
        Some(start + length)
    }

    /// As `cut`; `None` also where a closer look is needed.
    #[inline]
    fn plain(&mut self, start: usize, values: &mut Vec<Range<usize>>) -> Option<usize> {
        if self.backslash < start {
            self.backslash = next(b'\\', self.bytes, start);
        }
        values.clear();
        self.unquoted.skip_to(start + 1);
        let mut from = 1;
        loop {
            let place = self.unquoted.next()?;
            let at = place - start;
            match self.bytes[place] {
                b',' => {
                    values.push(from..at);
                    from = at + 1;
                }
                b')' => {
                    values.push(from..at);
                    return Some(place + 1).filter(|end| *end <= self.backslash);
                }
                _ => return None,
            }
        }
    }

    /// How many lines end before a place, which lies behind the last one that was asked for.
    #[inline]
    fn lines_to(&mut self, place: usize) -> u32 {
        while self.newline < place {
            self.lines += 1;
            self.newline = next(b'\n', self.bytes, self.newline + 1);
        }
        self.lines
    }
}

/// What ends a value, or begins what is no plain literal.
fn marks(lanes: Lanes) -> Lanes {
    // In pairs that differ in the lowest bit: brackets, and two that are quotes or begin comments.
    let pairs = lanes | Lanes::splat(1);
    are(lanes, b',') | are(pairs, b')') | are(pairs, b'#') | are(lanes, b'`')
}

fn next(byte: u8, bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    memchr(byte, rest).map_or(bytes.len(), |at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::window::count_lines;

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

    #[test]
    fn rows_are_cut_as_each_alone() {
        let pieces = [
            "1",
            ",",
            "),(",
            "'a'",
            "'it''s'",
            "'a,(b)'",
            "NULL",
            " ",
            "-5",
            "),\n(",
            "'é\n'",
            "'http://a;b'",
            "'\\''",
            "0x41",
            "f(1)",
            "`",
            "\"'\"",
            "'",
            "/* ' */",
            ";",
        ];
        let mut state = 7u64;
        for round in 0..6_000 {
            let mut text = "(".to_owned();
            // The last pieces stand in few dumps.
            let kinds = pieces.len() - [8, 5, 0][round % 3];
            for _ in 0..round % 120 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(state >> 33) as usize % kinds]);
            }
            let (mut found, mut end) = (Vec::new(), 0);
            let taken = rows(&text, &mut Vec::new(), |row, values, lines| {
                let start = end + text[end..].find('(').unwrap_or(text.len());
                end = start + row.len();
                assert_eq!((row, lines), (&text[start..end], count_lines(&text.as_bytes()[..start])), "{text}");
                found.push((values.to_vec(), end));
                true
            });
            assert_eq!(found, one_by_one(text.as_bytes()), "{text}");
            assert_eq!(taken, Extent { bytes: end, lines: count_lines(&text.as_bytes()[..end]) }, "{text}");
        }
    }
}
