//! Cutting a record of CSV or TSV into its fields. Strict: what RFC 4180 does not allow is a mistake,
//! because a stray quote that is read kindly swallows the rows behind it.

use std::borrow::Cow;
use std::ops::Range;

use crate::facts::delimited::Delimiter;

/// A field within its record, without its quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    start: u32,
    /// With [`QUOTED`] and [`DOUBLED`].
    end: u32,
}

/// Quotes stand around the field.
const QUOTED: u32 = 1 << 31;
/// It holds doubled quotes.
const DOUBLED: u32 = 1 << 30;

/// What the bytes begin with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    Record(Record),
    /// The record may go on behind these bytes.
    More,
    Malformed(Malformed),
}

/// A record: its fields are in the list that was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// Bytes without the line end.
    pub content: usize,
    /// Bytes with it.
    pub length: usize,
    /// How many lines end in it.
    pub lines: u32,
}

/// What is not CSV, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// A quote within a field that does not start with one.
    QuoteInside { at: usize },
    /// Something between a closing quote and the end of the field.
    AfterQuote { at: usize, opened: usize },
    /// A quote that is open at the end of the file.
    Open { opened: usize },
    /// A NUL byte.
    Nul { at: usize },
    /// A carriage return that ends no line.
    LoneReturn { at: usize },
}

impl Record {
    /// Whether a line end stands behind it.
    pub fn is_ended(&self) -> bool {
        self.length > self.content
    }
}

impl Field {
    /// One without quotes.
    #[inline]
    pub fn plain(range: Range<usize>) -> Field {
        Field { start: range.start as u32, end: range.end as u32 }
    }

    /// Whether quotes stand around it.
    pub fn is_quoted(self) -> bool {
        self.end & QUOTED != 0
    }

    /// Whether it holds doubled quotes.
    pub fn is_doubled(self) -> bool {
        self.end & DOUBLED != 0
    }

    /// The field as written, with its quotes.
    pub fn range(self) -> Range<usize> {
        let (quote, content) = (usize::from(self.is_quoted()), self.content());
        content.start - quote..content.end + quote
    }

    /// The field without its quotes.
    #[inline]
    pub fn content(self) -> Range<usize> {
        self.start as usize..(self.end & !(QUOTED | DOUBLED)) as usize
    }

    /// The text of the field; `scratch` holds it where quotes had to be halved.
    #[inline]
    pub fn text<'t>(self, record: &'t str, scratch: &'t mut String) -> &'t str {
        let text = record.get(self.content()).unwrap_or_default();
        if !self.is_doubled() {
            return text;
        }
        scratch.clear();
        for (place, piece) in text.split("\"\"").enumerate() {
            if place > 0 {
                scratch.push('"');
            }
            scratch.push_str(piece);
        }
        scratch
    }

    /// The text of the field, where speed does not matter.
    pub fn decoded(self, record: &str) -> Cow<'_, str> {
        let text = record.get(self.content()).unwrap_or_default();
        if self.is_doubled() { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) }
    }
}

/// Cuts the first record, and adds its fields to the list; `finished` says that the file ends with these bytes, of
/// which there is at least one.
pub(crate) fn cut(bytes: &[u8], delimiter: Delimiter, finished: bool, fields: &mut Vec<Field>) -> Cut {
    let (separator, quoting) = match delimiter {
        Delimiter::Comma => (b',', true),
        Delimiter::Tab => (b'\t', false),
    };
    let mut start = 0;
    let mut lines = 0;
    loop {
        let is_quoted = quoting && bytes.get(start) == Some(&b'"');
        let field =
            if is_quoted { quoted(bytes, start, finished) } else { plain(bytes, start, separator, quoting, finished) };
        let (field, end) = match field {
            Ok(Piece { field, end, inner_lines }) => {
                lines += inner_lines;
                (field, end)
            }
            Err(other) => return other,
        };
        fields.push(field);
        match bytes.get(end) {
            Some(byte) if *byte == separator => start = end + 1,
            Some(b'\n') => return Cut::Record(Record { content: end, length: end + 1, lines: lines + 1 }),
            Some(b'\r') => match bytes.get(end + 1) {
                Some(b'\n') => return Cut::Record(Record { content: end, length: end + 2, lines: lines + 1 }),
                Some(_) => return Cut::Malformed(Malformed::LoneReturn { at: end }),
                None if finished => return Cut::Record(Record { content: end, length: end + 1, lines }),
                None => return Cut::More,
            },
            Some(_) => return Cut::Malformed(Malformed::AfterQuote { at: end, opened: start }),
            None if finished => return Cut::Record(Record { content: end, length: end, lines }),
            None => return Cut::More,
        }
    }
}

/// A field and where it ends: behind its closing quote if it has one.
struct Piece {
    field: Field,
    end: usize,
    inner_lines: u32,
}

const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    special[b',' as usize] = true;
    special[b'\t' as usize] = true;
    special[b'\n' as usize] = true;
    special[b'\r' as usize] = true;
    special[b'"' as usize] = true;
    special[0] = true;
    special
};

#[inline]
fn plain(bytes: &[u8], start: usize, separator: u8, quoting: bool, finished: bool) -> Result<Piece, Cut> {
    let mut end = start;
    for byte in &bytes[start.min(bytes.len())..] {
        if SPECIAL[*byte as usize] {
            match *byte {
                byte if byte == separator => break,
                b'\n' | b'\r' => break,
                b'"' if quoting => return Err(Cut::Malformed(Malformed::QuoteInside { at: end })),
                0 => return Err(Cut::Malformed(Malformed::Nul { at: end })),
                _ => {}
            }
        }
        end += 1;
    }
    if end == bytes.len() && !finished {
        return Err(Cut::More);
    }
    Ok(Piece { field: Field::plain(start..end), end, inner_lines: 0 })
}

fn quoted(bytes: &[u8], opened: usize, finished: bool) -> Result<Piece, Cut> {
    let start = opened + 1;
    let mut at = start;
    let mut flags = QUOTED;
    let mut inner_lines = 0;
    loop {
        match bytes.get(at) {
            None if finished => return Err(Cut::Malformed(Malformed::Open { opened })),
            None => return Err(Cut::More),
            Some(0) => return Err(Cut::Malformed(Malformed::Nul { at })),
            Some(b'\n') => inner_lines += 1,
            Some(b'"') => match bytes.get(at + 1) {
                Some(b'"') => {
                    flags |= DOUBLED;
                    at += 1;
                }
                None if !finished => return Err(Cut::More),
                _ => {
                    let field = Field { start: start as u32, end: at as u32 | flags };
                    return Ok(Piece { field, end: at + 1, inner_lines });
                }
            },
            Some(_) => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]

    use super::*;

    fn fields_of(text: &str) -> Vec<String> {
        let mut fields = Vec::new();
        match cut(text.as_bytes(), Delimiter::Comma, true, &mut fields) {
            Cut::Record(_) => fields.iter().map(|field| field.decoded(text).into_owned()).collect(),
            other => panic!("{other:?}"),
        }
    }

    fn malformed(text: &str) -> Malformed {
        match cut(text.as_bytes(), Delimiter::Comma, true, &mut Vec::new()) {
            Cut::Malformed(malformed) => malformed,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn quotes_hold_commas_line_ends_and_quotes() {
        assert_eq!(fields_of("a,\"b,c\",\"d\ne\",\"f\"\"g\",\n"), ["a", "b,c", "d\ne", "f\"g", ""]);
    }

    #[test]
    fn stray_quotes_are_refused() {
        assert_eq!(malformed("a\"b,c\n"), Malformed::QuoteInside { at: 1 });
        assert_eq!(malformed("x,\"a\"b,c\n"), Malformed::AfterQuote { at: 5, opened: 2 });
        assert_eq!(malformed("x,\"a\nb,c\n"), Malformed::Open { opened: 2 });
        assert_eq!(malformed("x\0"), Malformed::Nul { at: 1 });
        assert_eq!(malformed("x\ry\n"), Malformed::LoneReturn { at: 1 });
    }

    #[test]
    fn a_record_is_cut_the_same_whatever_part_of_it_is_there() {
        let text = "ab,\"c\"\"d\r\n\",\"e\"\r\nnext";
        let mut fields = Vec::new();
        let whole = cut(text.as_bytes(), Delimiter::Comma, false, &mut fields);
        assert_eq!(whole, Cut::Record(Record { content: 15, length: 17, lines: 2 }));
        for end in 1..17 {
            assert_eq!(cut(&text.as_bytes()[..end], Delimiter::Comma, false, &mut fields), Cut::More, "{end}");
        }
    }
}
