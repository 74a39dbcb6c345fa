//! Texts one behind the other in memory that serves again, since few of the values of facts stand in the record as they are.

/// Texts, by number.
#[derive(Default)]
pub(super) struct Texts {
    text: String,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Texts {
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Adds a text that is given in parts.
    #[inline]
    pub fn push(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.text.push_str(part));
        self.ends.push(self.text.len());
    }

    /// The text of that number; "" where there is none.
    #[inline]
    pub fn at(&self, number: usize) -> &str {
        let start = if number == 0 { 0 } else { self.ends.get(number - 1).copied().unwrap_or(0) };
        self.ends.get(number).and_then(|end| self.text.get(start..*end)).unwrap_or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|number| self.at(number))
    }
}
