//! Texts one behind the other, so that none takes memory of its own.

use std::fmt::Write;

/// Texts, by number.
#[derive(Debug, Default)]
pub(super) struct Texts {
    text: String,
    /// Where each text ends.
    ends: Vec<u32>,
}

impl Texts {
    /// With room for as much as others have.
    pub fn like(others: &Texts) -> Texts {
        Texts { text: String::with_capacity(others.text.len()), ends: Vec::with_capacity(others.ends.len()) }
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// How long they are together.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Adds a text that is given in parts.
    #[inline]
    pub fn push(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.text.push_str(part));
        self.ends.push(self.text.len() as u32);
    }

    /// Adds the digits of a number.
    #[inline]
    pub fn push_number(&mut self, number: u64) {
        // A text takes whatever is written.
        let _ = write!(self.text, "{number}");
        self.push(&[]);
    }

    /// Keeps the first ones.
    pub fn truncate(&mut self, number: usize) {
        self.ends.truncate(number);
        self.text.truncate(self.ends.last().map_or(0, |end| *end as usize));
    }

    /// The text of that number; "" where there is none.
    #[inline]
    pub fn at(&self, number: usize) -> &str {
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        self.ends.get(number).and_then(|end| self.text.get(start..*end as usize)).unwrap_or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|number| self.at(number))
    }
}
