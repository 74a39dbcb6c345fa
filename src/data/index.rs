//! Finding the rows with given values in some columns: the rows sorted by all columns in an order of the
//! index, each once, and a directory of the first column. One index answers every prefix of its order.

use rustc_hash::FxHashMap;

use crate::data::{Table, Value};

/// An index over a finished table.
///
/// Costs four bytes a row, and about as much again for the directory.
#[derive(Debug)]
pub struct Index {
    order: Vec<usize>,
    rows: Vec<u32>,
    directory: Directory,
}

/// Where in `rows` each value of the first column begins.
#[derive(Debug)]
enum Directory {
    /// Rows of no columns.
    Whole,
    /// By `value - lowest`; the entry after it is the end.
    Dense { lowest: u32, starts: Vec<u32> },
    /// For first columns whose values lie far apart.
    Sparse(FxHashMap<Value, (u32, u32)>),
}

/// A dense directory may hold this many entries for each row.
const DENSE_ENTRIES_PER_ROW: usize = 4;

impl Index {
    /// Sorts the rows of a table by `columns`, then by the others in turn, and drops repeated ones.
    pub fn build(table: &Table, columns: &[usize]) -> Index {
        let rest = (0..table.width()).filter(|column| !columns.contains(column));
        let order: Vec<usize> = columns.iter().copied().chain(rest).collect();
        let Some(&first) = order.first() else {
            let rows = if table.is_empty() { Vec::new() } else { vec![0] };
            return Index { order, rows, directory: Directory::Whole };
        };
        let (lowest, highest) = bounds(table, first);
        let range = (highest - lowest) as usize + 1;
        if range <= table.len() * DENSE_ENTRIES_PER_ROW + 64 {
            Index::dense(table, order, lowest, range)
        } else {
            Index::sparse(table, order)
        }
    }

    fn dense(table: &Table, order: Vec<usize>, lowest: u32, range: usize) -> Index {
        let first = order[0];
        let place = |row: u32| (table.value(row, first).0 - lowest) as usize;
        let mut starts = vec![0u32; range + 1];
        for row in 0..table.len() as u32 {
            starts[place(row) + 1] += 1;
        }
        for at in 0..range {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut rows = vec![0u32; table.len()];
        for row in 0..table.len() as u32 {
            let slot = &mut next[place(row)];
            rows[*slot as usize] = row;
            *slot += 1;
        }
        let kept = sort_and_drop_repeated(table, &order, &mut rows, &mut starts);
        rows.truncate(kept);
        Index { order, rows, directory: Directory::Dense { lowest, starts } }
    }

    fn sparse(table: &Table, order: Vec<usize>) -> Index {
        let mut rows: Vec<u32> = (0..table.len() as u32).collect();
        sort_group(table, &order, &mut rows);
        rows.dedup_by(|a, b| table.row(*a) == table.row(*b));
        let mut directory: FxHashMap<Value, (u32, u32)> = FxHashMap::default();
        for (at, row) in rows.iter().enumerate() {
            let group = directory.entry(table.value(*row, order[0])).or_insert((at as u32, at as u32));
            group.1 = at as u32 + 1;
        }
        Index { order, rows, directory: Directory::Sparse(directory) }
    }

    /// Whether its order begins with these columns, in any order among themselves.
    pub fn serves(&self, columns: &[usize]) -> bool {
        self.order[..columns.len()].iter().all(|column| columns.contains(column))
    }

    /// The rows whose first columns, in the order of the index, have the values of `key`; sorted by the other
    /// columns. `key` may be shorter than the index is wide.
    #[inline]
    pub fn find<'a>(&'a self, table: &Table, key: &[Value]) -> &'a [u32] {
        let Some((first, others)) = key.split_first() else { return &self.rows };
        let mut rows = self.group(*first);
        for (place, value) in others.iter().enumerate() {
            if rows.is_empty() {
                break;
            }
            let column = self.order[place + 1];
            let start = boundary(rows, |row| table.value(row, column) < *value);
            rows = &rows[start..];
            let end = boundary(rows, |row| table.value(row, column) == *value);
            rows = &rows[..end];
        }
        rows
    }

    #[inline]
    fn group(&self, value: Value) -> &[u32] {
        match &self.directory {
            Directory::Whole => &self.rows,
            Directory::Dense { lowest, starts } => {
                let place = value.0.wrapping_sub(*lowest) as usize;
                match (starts.get(place), starts.get(place.wrapping_add(1))) {
                    (Some(start), Some(end)) => &self.rows[*start as usize..*end as usize],
                    _ => &[],
                }
            }
            Directory::Sparse(groups) => match groups.get(&value) {
                Some((start, end)) => &self.rows[*start as usize..*end as usize],
                None => &[],
            },
        }
    }

    /// Every row, each once, sorted in the order of the index.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// All columns, in the order it sorts by.
    pub fn order(&self) -> &[usize] {
        &self.order
    }
}

/// How many of the leading rows satisfy `holds`: straight through short groups, by halves in long ones.
#[inline]
fn boundary(rows: &[u32], holds: impl Fn(u32) -> bool) -> usize {
    if rows.len() <= 8 {
        return rows.iter().position(|row| !holds(*row)).unwrap_or(rows.len());
    }
    rows.partition_point(|row| holds(*row))
}

fn bounds(table: &Table, column: usize) -> (u32, u32) {
    let values = || (0..table.len() as u32).map(|row| table.value(row, column).0);
    (values().min().unwrap_or(0), values().max().unwrap_or(0))
}

fn sort_group(table: &Table, order: &[usize], rows: &mut [u32]) {
    rows.sort_unstable_by(|a, b| {
        let compare = |column: &usize| table.value(*a, *column).cmp(&table.value(*b, *column));
        order.iter().map(compare).find(|ordering| ordering.is_ne()).unwrap_or_else(|| a.cmp(b))
    });
}

/// Sorts each group and moves what is kept together; `starts` follows. The number of rows kept.
fn sort_and_drop_repeated(table: &Table, order: &[usize], rows: &mut [u32], starts: &mut [u32]) -> usize {
    let mut kept = 0;
    let mut start = 0;
    for group in 0..starts.len() - 1 {
        let end = starts[group + 1] as usize;
        if end - start > 1 {
            sort_group(table, &order[1..], &mut rows[start..end]);
        }
        let group_start = kept;
        for at in start..end {
            if kept == group_start || table.row(rows[kept - 1]) != table.row(rows[at]) {
                rows[kept] = rows[at];
                kept += 1;
            }
        }
        starts[group] = group_start as u32;
        start = end;
    }
    let last = starts.len() - 1;
    starts[last] = kept as u32;
    kept
}
