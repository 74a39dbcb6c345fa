//! The rows behind `VALUES`: cut at their commas without a tree, because a row of a dump is a list of literals. What is
//! no plain literal is left to the SQL parser.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2};

use crate::bitrix24::read::statement::{from_hexadecimal, literal};

/// What the bytes begin with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tuple {
    /// A row of that many bytes, with its brackets.
    Whole(usize),
    /// The row may go on behind these bytes.
    More,
}

/// Cuts the row that the bytes begin with, `(1,'a',NULL)`, into the ranges of its values.
pub(super) fn cut(bytes: &[u8], values: &mut Vec<Range<usize>>) -> Tuple {
    values.clear();
    let (mut at, mut start, mut depth) = (1, 1, 1);
    while let Some(plain) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| SPECIAL[usize::from(*byte)])) {
        at += plain;
        match bytes[at] {
            b',' if depth == 1 => {
                values.push(start..at);
                start = at + 1;
            }
            b',' => {}
            b'(' => depth += 1,
            b')' if depth == 1 => {
                values.push(start..at);
                return Tuple::Whole(at + 1);
            }
            b')' => depth -= 1,
            _ => match quoted(&bytes[at..]) {
                Some(length) => at += length - 1,
                None => return Tuple::More,
            },
        }
        at += 1;
    }
    Tuple::More
}

/// The bytes that may begin or end something in a row.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    special[b'\'' as usize] = true;
    special[b'"' as usize] = true;
    special[b'`' as usize] = true;
    special[b'(' as usize] = true;
    special[b')' as usize] = true;
    special[b',' as usize] = true;
    special
};

/// The length of a quoted text with its quotes; of doubled quotes the first half. `None` if it does not end here.
pub(super) fn quoted(bytes: &[u8]) -> Option<usize> {
    let (quote, mut at) = (bytes[0], 1);
    loop {
        let rest = bytes.get(at..)?;
        // Nothing is escaped in the name of a column.
        at += if quote == b'`' { memchr(quote, rest)? } else { memchr2(quote, b'\\', rest)? };
        match bytes[at] == quote {
            true => return Some(at + 1),
            false => at += 2,
        }
    }
}

/// The text that a value stands for, "" for NULL; `None` for one that is no constant.
pub(super) fn constant(value: &str) -> Option<Cow<'_, str>> {
    let value = without_charset(value.trim_ascii());
    match value.as_bytes() {
        [b'\'', inner @ .., b'\''] if memchr2(b'\\', b'\'', inner).is_none() => {
            Some(Cow::Borrowed(&value[1..value.len() - 1]))
        }
        [b'\'', .., b'\''] if quoted_whole(value) => Some(Cow::Owned(unescaped(&value[1..value.len() - 1]))),
        [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..] if is_plain_number(value) => Some(Cow::Borrowed(value)),
        [b'0', b'x', digits @ ..] if !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit) => {
            from_hexadecimal(digits).map(Cow::Owned)
        }
        _ if value.eq_ignore_ascii_case("NULL") => Some(Cow::Borrowed("")),
        _ => literal(value).map(Cow::Owned),
    }
}

/// A quoted text without the name of its character set, as in `_binary 'a'`, which a dump may have in every row.
fn without_charset(value: &str) -> &str {
    let behind = |name: &str| -> Option<usize> {
        let text = name.trim_start_matches(|character: char| character.is_ascii_alphanumeric()).trim_ascii_start();
        text.starts_with('\'').then(|| value.len() - text.len())
    };
    value.strip_prefix('_').and_then(behind).map_or(value, |text| &value[text..])
}

fn is_plain_number(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
}

/// Whether it is one quoted text, and not several beside each other.
fn quoted_whole(value: &str) -> bool {
    let bytes = value.as_bytes();
    let mut at = 0;
    while at < bytes.len() && bytes[at] == b'\'' {
        match quoted(&bytes[at..]) {
            Some(length) => at += length,
            None => return false,
        }
    }
    at == bytes.len()
}

/// The text that MySQL reads between quotes.
fn unescaped(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            // The other half of a doubled quote.
            '\'' => {
                text.push('\'');
                characters.next();
            }
            '\\' => match characters.next() {
                Some('0') => text.push('\0'),
                Some('b') => text.push('\u{8}'),
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('t') => text.push('\t'),
                Some('Z') => text.push('\u{1a}'),
                Some(other) => text.push(other),
                None => {}
            },
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(row: &str) -> Vec<Option<String>> {
        let mut values = Vec::new();
        assert_eq!(cut(row.as_bytes(), &mut values), Tuple::Whole(row.len()));
        values.iter().map(|value| constant(&row[value.clone()]).map(Cow::into_owned)).collect()
    }

    #[test]
    fn literals_of_every_kind_are_read() {
        let row = "(1, -2.5,'it''s \\'so\\'\\n', NULL,_utf8mb4'Анна',_binary 'it\\'s',0x41, X'4142','')";
        let expected = ["1", "-2.5", "it's 'so'\n", "", "Анна", "it's", "A", "AB", ""];
        assert_eq!(texts(row), expected.map(|text| Some(text.to_owned())));
    }

    #[test]
    fn brackets_and_commas_in_quotes_end_nothing() {
        assert_eq!(texts("('a),(b',\"c\\\"),\")").len(), 2);
        assert_eq!(texts("(now(),f(1,2))"), [None, None]);
        assert_eq!(texts("(_binary a,0x4g)"), [None, None]);
    }

    #[test]
    fn a_row_is_cut_only_when_it_is_whole() {
        let row = "(1,'a\\'b)',2)";
        for end in 1..row.len() {
            assert_eq!(cut(&row.as_bytes()[..end], &mut Vec::new()), Tuple::More, "{end}");
        }
    }
}
