//! A record of an export: the values of the columns that matter, and its place in the file.

use crate::bitrix24::catalog::Slot;
use crate::bitrix24::texts::Texts;

/// The value of a member of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bitrix24) enum Cell<'r> {
    /// Nothing: a missing member, `null`, an empty list or object.
    Empty,
    /// A text. A number is its digits, a truth value `Y` or `N`.
    One(&'r str),
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

/// A record.
pub(in crate::bitrix24) struct Record<'r> {
    pub values: Values<'r>,
    pub place: Place,
}

/// Values, one for each column of a source.
pub(in crate::bitrix24) enum Values<'r> {
    /// Those of a response.
    Cells(&'r [Cell<'r>]),
    /// Those of a row: so many texts from this one on, "" for NULL and missing columns.
    Texts { texts: &'r Texts, first: usize, number: usize },
}

impl<'r> Record<'r> {
    /// The text of a column; "" where there is none, or where there are several.
    #[inline]
    pub fn text(&self, slot: Slot) -> &'r str {
        match self.values {
            Values::Texts { texts, first, number } if slot < number => texts.at(first + slot),
            Values::Texts { .. } => "",
            Values::Cells(cells) => match cells.get(slot) {
                Some(Cell::One(text)) => text,
                Some(Cell::Empty | Cell::Many(_)) | None => "",
            },
        }
    }

    /// The texts of a column, but for empty ones.
    pub fn texts(&self, slot: Slot) -> impl Iterator<Item = &'r str> + use<'r> {
        let many = match self.values {
            Values::Cells(cells) => match cells.get(slot) {
                Some(Cell::Many(texts)) => texts.as_slice(),
                Some(Cell::Empty | Cell::One(_)) | None => &[],
            },
            Values::Texts { .. } => &[],
        };
        let one = Some(self.text(slot)).filter(|text| !text.is_empty());
        one.into_iter().chain(many.iter().map(String::as_str))
    }
}
