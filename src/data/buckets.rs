//! Finding the rows with a value in one column, for questions that are too few to be worth an index: the first ones go
//! through all rows; when there are more, the numbers of the rows are put into buckets by the value.
//! Either way the rows come in the order of the table.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::data::{Table, Value};

/// So many times going through all rows costs less than filling buckets.
const SCANS: u32 = 6;

/// How the values of a column are found.
#[derive(Debug, Default)]
pub struct Column {
    scans: AtomicU32,
    buckets: OnceLock<Buckets>,
}

impl Column {
    /// The numbers of the rows of its table that have a value in this column, ascending.
    pub fn find<'t>(&'t self, table: &'t Table, column: usize, value: Value) -> impl Iterator<Item = u32> + 't {
        let mut rows = match self.buckets(table, column) {
            Some(buckets) => Rows::Likely(buckets.of(value).iter()),
            None => Rows::From(0),
        };
        std::iter::from_fn(move || match &mut rows {
            Rows::Likely(likely) => likely.find(|row| table.value(**row, column) == value).copied(),
            Rows::From(next) => {
                let row = next_row(table, column, value, *next)?;
                *next = row + 1;
                Some(row)
            }
        })
    }

    fn buckets(&self, table: &Table, column: usize) -> Option<&Buckets> {
        match self.buckets.get() {
            None if self.scans.fetch_add(1, Ordering::Relaxed) < SCANS => None,
            _ => Some(self.buckets.get_or_init(|| Buckets::fill(table, column))),
        }
    }
}

/// Where the rows with a value are still to be found.
enum Rows<'t> {
    /// Among these.
    Likely(std::slice::Iter<'t, u32>),
    /// Anywhere from that row on.
    From(u32),
}

/// The first row from `next` on that has a value in a column.
fn next_row(table: &Table, column: usize, value: Value, next: u32) -> Option<u32> {
    let (values, width) = (table.values(), table.width());
    let mut place = next as usize * width + column;
    while *values.get(place)? != value {
        place += width;
    }
    Some((place / width) as u32)
}

/// The numbers of rows by the last bits of a value: what lies together in a table of symbols is then told apart.
#[derive(Debug)]
struct Buckets {
    mask: usize,
    /// Where each bucket begins; one more is the end.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Buckets {
    /// Costs two passes over the rows.
    fn fill(table: &Table, column: usize) -> Buckets {
        let mask = table.len().next_power_of_two() / 2;
        let mask = mask.saturating_sub(1);
        let mut starts = vec![0u32; mask + 2];
        let bucket = |row: u32| table.value(row, column).index() & mask;
        for row in 0..table.len() as u32 {
            starts[bucket(row)] += 1;
        }
        // Each start is the end of its bucket first, and goes down as the rows come from the last on.
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        let mut rows = vec![0u32; table.len()];
        for row in (0..table.len() as u32).rev() {
            let start = &mut starts[bucket(row)];
            *start -= 1;
            rows[*start as usize] = row;
        }
        Buckets { mask, starts, rows }
    }

    /// The rows that may have a value.
    fn of(&self, value: Value) -> &[u32] {
        let bucket = value.index() & self.mask;
        &self.rows[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, SCANS};
    use crate::data::{Table, Value};

    #[test]
    fn buckets_find_what_a_look_at_all_rows_finds() {
        let mut table = Table::new(2);
        for number in 0..500 {
            table.push(&[Value(number), Value(number * number % 97 + 1_000_000 * (number % 3))]);
        }
        let column = Column::default();
        let values = || (0..97).flat_map(|small| [small, small + 1_000_000, small + 2_000_000, small + 64]).map(Value);
        for value in values() {
            let all: Vec<u32> = (0..500).filter(|row| table.value(*row, 1) == value).collect();
            assert_eq!(column.find(&table, 1, value).collect::<Vec<u32>>(), all);
        }
        assert!(values().count() > SCANS as usize);
        assert_eq!(Column::default().find(&Table::new(1), 0, Value(3)).count(), 0);
    }
}
