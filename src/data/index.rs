//! Finding the rows with given values in some columns: copies of the rows side by side, sorted by all columns
//! in an order of the index, each once, and a directory of the first column. One index answers every prefix of
//! its order, and the rows it finds lie next to each other in memory.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::data::{Table, Value, sort_rows};

/// An index over a finished table.
///
/// Costs a copy of the rows, and four bytes for each value of the first column.
#[derive(Debug)]
pub struct Index {
    order: Vec<usize>,
    values: Vec<Value>,
    len: usize,
    directory: Directory,
}

/// Where the rows with each value of the first column begin.
#[derive(Debug)]
enum Directory {
    /// Rows of no columns.
    Whole,
    /// By `value - lowest`; the entry after it is the end.
    Dense { lowest: u32, starts: Vec<u32> },
    /// For first columns whose values lie far apart.
    Sparse(FxHashMap<Value, Range<u32>>),
}

/// A dense directory may hold this many entries for each row.
const DENSE_ENTRIES_PER_ROW: usize = 4;

impl Index {
    /// Sorts the rows of a table by `columns`, then by the others in turn, and drops repeated ones.
    pub fn build(table: &Table, columns: &[usize]) -> Index {
        let rest = (0..table.width()).filter(|column| !columns.contains(column));
        let order: Vec<usize> = columns.iter().copied().chain(rest).collect();
        let values = match table.width() {
            0 => Vec::new(),
            1 => sorted::<1>(table, &order),
            2 => sorted::<2>(table, &order),
            3 => sorted::<3>(table, &order),
            4 => sorted::<4>(table, &order),
            5 => sorted::<5>(table, &order),
            _ => sorted_wide(table, &order),
        };
        let len = match table.width() {
            0 => usize::from(!table.is_empty()),
            width => values.len() / width,
        };
        let directory = directory(&values, table.width());
        Index { order, values, len, directory }
    }

    /// Whether its order begins with these columns, in any order among themselves.
    pub fn serves(&self, columns: &[usize]) -> bool {
        self.order[..columns.len()].iter().all(|column| columns.contains(column))
    }

    /// The rows whose first columns, in the order of the index, have the values of `key`; sorted by the other
    /// columns. `key` may be shorter than the index is wide.
    #[inline]
    pub fn find(&self, key: &[Value]) -> Range<usize> {
        let Some((first, others)) = key.split_first() else { return 0..self.len };
        let mut rows = self.group(*first);
        for (place, value) in others.iter().enumerate() {
            let column = place + 1;
            rows.start = self.boundary(rows.clone(), |row| row[column] < *value);
            rows.end = self.boundary(rows.clone(), |row| row[column] == *value);
        }
        rows
    }

    /// A row that was found, in the order of the index.
    #[inline]
    pub fn row(&self, number: usize) -> &[Value] {
        let width = self.order.len();
        &self.values[number * width..(number + 1) * width]
    }

    /// Rows that were found, side by side, in the order of the index.
    #[inline]
    pub fn rows(&self, numbers: Range<usize>) -> &[Value] {
        let width = self.order.len();
        &self.values[numbers.start * width..numbers.end * width]
    }

    /// How many distinct rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All columns, in the order it sorts by.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    #[inline]
    fn group(&self, value: Value) -> Range<usize> {
        match &self.directory {
            Directory::Whole => 0..self.len,
            Directory::Dense { lowest, starts } => {
                let place = value.0.wrapping_sub(*lowest) as usize;
                match (starts.get(place), starts.get(place.wrapping_add(1))) {
                    (Some(start), Some(end)) => *start as usize..*end as usize,
                    _ => 0..0,
                }
            }
            Directory::Sparse(groups) => {
                groups.get(&value).map_or(0..0, |group| group.start as usize..group.end as usize)
            }
        }
    }

    /// The first of the rows that does not satisfy `holds`, which the leading ones do: straight through short
    /// groups, by halves in long ones.
    #[inline]
    fn boundary(&self, rows: Range<usize>, holds: impl Fn(&[Value]) -> bool) -> usize {
        let Range { mut start, mut end } = rows;
        while end - start > 8 {
            let middle = start + (end - start) / 2;
            if holds(self.row(middle)) { start = middle + 1 } else { end = middle }
        }
        while start < end && holds(self.row(start)) {
            start += 1;
        }
        start
    }
}

/// The distinct rows in the order of the columns, sorted, side by side.
fn sorted<const WIDTH: usize>(table: &Table, order: &[usize]) -> Vec<Value> {
    let reordered = |row: &[Value]| std::array::from_fn(|place| row[order[place]]);
    let mut rows: Vec<[Value; WIDTH]> = table.rows().map(reordered).collect();
    rows = sort_rows(rows);
    rows.dedup();
    rows.shrink_to_fit();
    rows.into_flattened()
}

/// [`sorted`] for rows of any width.
fn sorted_wide(table: &Table, order: &[usize]) -> Vec<Value> {
    let reordered = |row: &[Value]| -> Vec<Value> { order.iter().map(|column| row[*column]).collect() };
    let mut rows: Vec<Vec<Value>> = table.rows().map(reordered).collect();
    rows.sort_unstable();
    rows.dedup();
    rows.concat()
}

/// The directory of sorted rows.
fn directory(values: &[Value], width: usize) -> Directory {
    if width == 0 {
        return Directory::Whole;
    }
    let firsts = || values.iter().step_by(width).map(|value| value.0);
    let rows = values.len() / width;
    let lowest = firsts().next().unwrap_or(0);
    let range = firsts().next_back().map_or(0, |highest| (highest - lowest) as usize + 1);
    if range <= rows * DENSE_ENTRIES_PER_ROW + 64 {
        let mut starts = vec![0u32; range + 1];
        for first in firsts() {
            starts[(first - lowest) as usize + 1] += 1;
        }
        for at in 0..range {
            starts[at + 1] += starts[at];
        }
        return Directory::Dense { lowest, starts };
    }
    let mut groups: FxHashMap<Value, Range<u32>> = FxHashMap::default();
    for (row, first) in firsts().enumerate() {
        groups.entry(Value(first)).or_insert(row as u32..row as u32).end = row as u32 + 1;
    }
    Directory::Sparse(groups)
}
