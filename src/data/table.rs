//! The rows of one relation, in the order they were added, side by side in one array.

use std::ops::Range;

use crate::data::Value;

/// Rows of one width. A row may stand twice: sets are made where it matters, in indexes and answers.
#[derive(Clone, Debug, Default)]
pub struct Table {
    width: usize,
    values: Vec<Value>,
    len: usize,
}

impl Table {
    /// An empty table of rows of `width` values.
    pub fn new(width: usize) -> Table {
        Table { width, values: Vec::new(), len: 0 }
    }

    /// Adds a row of the table's width.
    #[inline]
    pub fn push(&mut self, row: &[Value]) {
        debug_assert_eq!(row.len(), self.width);
        match row {
            // Of a known length, so that nothing is called to copy it.
            [first, second] => self.values.extend_from_slice(&[*first, *second]),
            _ => self.values.extend_from_slice(row),
        }
        self.len += 1;
    }

    /// Adds `rows` rows of the table's width, side by side.
    pub fn extend(&mut self, values: &[Value], rows: usize) {
        debug_assert_eq!(values.len(), rows * self.width);
        self.values.extend_from_slice(values);
        self.len += rows;
    }

    /// Adds rows of nothing but zeros until there are so many.
    pub fn resize(&mut self, rows: u32) {
        self.values.resize(rows as usize * self.width, Value::default());
        self.len = rows as usize;
    }

    /// Adds rows of the table's width; where there was none before, without copying them.
    pub fn append<const WIDTH: usize>(&mut self, rows: Vec<[Value; WIDTH]>) {
        debug_assert_eq!(WIDTH, self.width);
        self.len += rows.len();
        match self.values.is_empty() {
            true => self.values = rows.into_flattened(),
            false => self.values.extend(rows.into_flattened()),
        }
    }

    /// The row of that number.
    #[inline]
    pub fn row(&self, number: u32) -> &[Value] {
        let start = number as usize * self.width;
        &self.values[start..start + self.width]
    }

    /// The values of the rows with these numbers, side by side.
    #[inline]
    pub fn range(&self, numbers: Range<u32>) -> &[Value] {
        &self.values[numbers.start as usize * self.width..numbers.end as usize * self.width]
    }

    /// One value of a row.
    #[inline]
    pub fn value(&self, number: u32, column: usize) -> Value {
        self.values[number as usize * self.width + column]
    }

    /// Puts a value in its place in a row.
    #[inline]
    pub fn set(&mut self, number: u32, column: usize, value: Value) {
        self.values[number as usize * self.width + column] = value;
    }

    /// The number of rows.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number of values of a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// All rows in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[Value]> {
        (0..self.len).map(|number| self.row(number as u32))
    }

    /// The values of all rows, side by side.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The rows as a sorted set.
    pub fn sorted_rows(&self) -> Vec<&[Value]> {
        let mut rows: Vec<&[Value]> = self.rows().collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// Puts several values, so many for each, in place of the first of each pair. Rows are made from the last to the
    /// first, in the room that they will take.
    pub fn replace_first<'v>(&mut self, count: usize, values_of: impl Fn(Value) -> &'v [Value]) {
        debug_assert_eq!(self.width, 2);
        self.width = count + 1;
        self.values.reserve_exact(self.len * (count - 1));
        self.values.resize(self.len * (count + 1), Value::default());
        for row in (0..self.len).rev() {
            let (first, last) = (self.values[row * 2], self.values[row * 2 + 1]);
            let row = &mut self.values[row * (count + 1)..(row + 1) * (count + 1)];
            for (place, value) in row.iter_mut().zip(values_of(first)) {
                *place = *value;
            }
            row[count] = last;
        }
    }

    /// Gives back what growing took in advance.
    pub fn shrink(&mut self) {
        self.values.shrink_to_fit();
    }
}
