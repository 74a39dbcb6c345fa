//! A record of an export: the values of the columns that matter, and its place in the file.

use std::borrow::Cow;

/// The value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bitrix24) enum Cell<'r> {
    /// Nothing: a missing column, NULL, `null`, an empty text, list or object.
    Empty,
    /// A text. A number is its digits, a truth value `Y` or `N`.
    One(Cow<'r, str>),
    /// The texts of a list.
    Many(Vec<String>),
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::bitrix24) struct Place {
    /// The line, from 1.
    pub line: u32,
    /// Its number in a response, from 0, where many stand on a line.
    pub record: Option<u32>,
}

/// A record: a cell for each column of its source.
pub(in crate::bitrix24) struct Record<'r> {
    pub cells: &'r [Cell<'r>],
    pub place: Place,
}

impl Cell<'_> {
    /// The texts in it.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let (one, many) = match self {
            Cell::Empty => (None, &[][..]),
            Cell::One(text) => (Some(&**text), &[][..]),
            Cell::Many(texts) => (None, texts.as_slice()),
        };
        one.into_iter().chain(many.iter().map(String::as_str))
    }

    /// The text in it; "" where there is none, or where there are several.
    pub fn text(&self) -> &str {
        match self {
            Cell::One(text) => text,
            Cell::Empty | Cell::Many(_) => "",
        }
    }
}

impl<'r> From<Cow<'r, str>> for Cell<'r> {
    #[inline]
    fn from(text: Cow<'r, str>) -> Cell<'r> {
        if text.is_empty() { Cell::Empty } else { Cell::One(text) }
    }
}
