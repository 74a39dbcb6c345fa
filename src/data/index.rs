//! Finding the rows with given values in some columns: copies of the columns that are needed, sorted in an order
//! of the index, each once, and a directory of the first column. One index answers every prefix of its order,
//! and the rows it finds lie next to each other in memory.

use std::ops::Range;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::data::{Table, Value, sort};

/// Which rows of a table an index holds, and which of their columns, in what order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Only rows with these values; the columns themselves are left out.
    pub filter: Vec<(usize, Value)>,
    /// The column that has a directory, unless all rows are always wanted.
    pub first: Option<usize>,
    /// The columns that stand in the rows of the index, in the order they are sorted by.
    pub rest: Vec<usize>,
}

impl Layout {
    /// Whether its order begins with these columns, in any order among themselves, and it holds the others too.
    pub fn serves(&self, filter: &[(usize, Value)], keys: &[usize], others: &[usize]) -> bool {
        let leading = || self.first.iter().chain(&self.rest).take(keys.len());
        self.filter == filter
            && self.first.is_none() == keys.is_empty()
            && usize::from(self.first.is_some()) + self.rest.len() >= keys.len()
            && leading().all(|column| keys.contains(column))
            && others.iter().all(|column| self.rest.contains(column))
    }
}

impl Layout {
    /// The column that tells rows apart best, and its value for `key`; none where all rows are wanted.
    pub fn lead(&self, key: &[Value]) -> Option<(usize, Value)> {
        self.first.into_iter().zip(key.iter().copied()).chain(self.filter.iter().copied()).next()
    }

    /// Whether an index of these rows finds one for `key`: found by looking at all.
    pub fn is_in<'t>(&self, rows: impl Iterator<Item = &'t [Value]>, key: &[Value]) -> bool {
        self.fitting(rows, key).next().is_some()
    }

    /// What an index of these rows finds for `key`, in its order and each once, side by side: found by looking at all.
    pub fn scan<'t>(&self, rows: impl Iterator<Item = &'t [Value]>, key: &[Value]) -> Vec<Value> {
        let mut values = Vec::new();
        for row in self.fitting(rows, key) {
            values.extend(self.rest.iter().map(|column| row[*column]));
        }
        let width = self.rest.len().max(1);
        sort_rows(&mut values, width);
        let mut starts = [0, (values.len() / width) as u32];
        close_up(&mut values, &mut starts, width);
        values.truncate(starts[1] as usize * width);
        values
    }

    /// The rows with the values of the filter and of `key`.
    fn fitting<'t>(&self, rows: impl Iterator<Item = &'t [Value]>, key: &[Value]) -> impl Iterator<Item = &'t [Value]> {
        let keyed = self.first.iter().chain(&self.rest).copied().zip(key.iter().copied());
        let tests: SmallVec<[(usize, Value); 8]> = keyed.chain(self.filter.iter().copied()).collect();
        rows.filter(move |row| tests.iter().all(|(column, value)| row[*column] == *value))
    }
}

/// An index over a finished table.
///
/// Costs the columns behind the first of the order, and next to nothing or up to four bytes for each value of the
/// first.
#[derive(Debug)]
pub struct Index {
    /// How many columns the rows have: those behind the first.
    width: usize,
    values: Vec<Value>,
    len: usize,
    directory: Directory,
}

/// Where the rows with each value of the first column are.
#[derive(Debug)]
enum Directory {
    /// No column: all rows.
    Whole,
    /// One column: whether the value is there, by `value - lowest`.
    Present { lowest: u32, words: Vec<u64> },
    /// At most one row for each value: it stands at `value - lowest`, and begins with [`ABSENT`] where none does.
    Single { lowest: u32 },
    /// By `value - lowest`; the entry after it is the end.
    Dense { lowest: u32, starts: Vec<u32> },
    /// For values of which most have no row: a bit for each, by `value - lowest`, and before each word of bits how
    /// many are set; where the rows of the value begin by the number of bits before its own.
    Thin { lowest: u32, words: Vec<(u64, u32)>, starts: Vec<u32> },
    /// For values that lie far apart.
    Sparse(FxHashMap<Value, Range<u32>>),
}

/// No value has this number.
const ABSENT: Value = Value(u32::MAX);

/// Where the values of the first column reach over more than this, and this for each row, they lie far apart.
const NEAR: usize = 1 << 16;
const NEAR_FOR_EACH_ROW: usize = 128;

/// Bits may lie farther apart: up to 128 KiB of them, and 128 bytes for each row.
const NEAR_BITS: usize = 1 << 20;
const NEAR_BITS_FOR_EACH_ROW: usize = 1 << 10;

/// Where fewer than one value in this many has rows, a bit for each comes first.
const VALUES_OF_A_GROUP: usize = 4;

impl Index {
    /// Copies what the layout asks for, sorts it, and drops repeated rows.
    ///
    /// Costs up to four passes over the rows and a sort of each group that shares the first column; a sort of all rows
    /// where the values of the first column lie far apart.
    pub fn build(table: &Table, layout: &Layout) -> Index {
        let Some(first) = layout.first else { return whole(table, layout) };
        let firsts = || matching(table, layout).map(|row| row[first].0);
        let (mut count, mut lowest, mut highest) = (0, u32::MAX, 0);
        for value in firsts() {
            (count, lowest, highest) = (count + 1, lowest.min(value), highest.max(value));
        }
        let range = if count == 0 { 0 } else { (highest - lowest) as usize + 1 };
        if layout.rest.is_empty() && range <= NEAR_BITS + count * NEAR_BITS_FOR_EACH_ROW {
            present(firsts(), lowest, range)
        } else if !layout.rest.is_empty() && range <= NEAR + count * NEAR_FOR_EACH_ROW {
            dense(table, layout, first, lowest..lowest.saturating_add(range as u32), count)
        } else {
            sparse(table, layout, first, count)
        }
    }

    /// The rows whose first columns, in the order of the index, have the values of `key`; sorted by the other
    /// columns. `key` may be shorter than the order, and is empty where there is no directory.
    #[inline]
    pub fn find(&self, key: &[Value]) -> Range<usize> {
        let Some((first, others)) = key.split_first() else { return 0..self.len };
        let narrow = |rows, (column, value): (usize, &Value)| self.narrow(rows, column, *value);
        others.iter().enumerate().fold(self.group(*first), narrow)
    }

    /// Of rows that were found by the columns before, and so are sorted by this one, those that have a value in it.
    #[inline]
    pub fn narrow(&self, rows: Range<usize>, column: usize, value: Value) -> Range<usize> {
        if rows.is_empty() {
            return rows;
        }
        let start = self.boundary(rows.clone(), column, |other| other < value);
        // Rows stand once, so that the last column tells one.
        let end = match column + 1 == self.width {
            true => start + usize::from(start < rows.end && self.value(start, column) == value),
            false => self.boundary(start..rows.end, column, |other| other == value),
        };
        start..end
    }

    /// Whether there is a row with the values of `key`, as in [`Index::find`].
    #[inline]
    pub fn contains(&self, key: &[Value]) -> bool {
        !self.find(key).is_empty()
    }

    /// The columns of a row that was found behind the first column of the order.
    #[inline]
    pub fn row(&self, number: usize) -> &[Value] {
        &self.values[number * self.width..(number + 1) * self.width]
    }

    /// One value of a row that was found.
    #[inline]
    pub fn value(&self, number: usize, place: usize) -> Value {
        self.values[number * self.width + place]
    }

    /// Rows that were found, side by side: of each the columns behind the first of the order.
    #[inline]
    pub fn rows(&self, numbers: Range<usize>) -> &[Value] {
        &self.values[numbers.start * self.width..numbers.end * self.width]
    }

    /// How many columns the rows have.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many distinct rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The rows with this value in the first column.
    #[inline(always)]
    pub fn group(&self, value: Value) -> Range<usize> {
        match &self.directory {
            Directory::Whole => 0..self.len,
            Directory::Present { lowest, words } => {
                let place = value.0.wrapping_sub(*lowest);
                let word = words.get(place as usize / 64).copied().unwrap_or(0);
                0..(word >> (place % 64) & 1) as usize
            }
            Directory::Single { lowest } => {
                let place = value.0.wrapping_sub(*lowest) as usize;
                match self.values.get(place * self.width) {
                    Some(value) if *value != ABSENT => place..place + 1,
                    _ => 0..0,
                }
            }
            Directory::Dense { lowest, starts } => {
                let place = value.0.wrapping_sub(*lowest) as usize;
                match (starts.get(place), starts.get(place.wrapping_add(1))) {
                    (Some(start), Some(end)) => *start as usize..*end as usize,
                    _ => 0..0,
                }
            }
            Directory::Thin { lowest, words, starts } => {
                let group = group_number(words, value.0.wrapping_sub(*lowest));
                group.map_or(0..0, |group| starts[group] as usize..starts[group + 1] as usize)
            }
            Directory::Sparse(groups) => far_group(groups, value),
        }
    }

    /// The first of the rows whose value in a column does not satisfy `holds`, which the leading ones do: straight
    /// through short groups, by halves in long ones.
    #[inline]
    fn boundary(&self, rows: Range<usize>, column: usize, holds: impl Fn(Value) -> bool) -> usize {
        let Range { mut start, mut end } = rows;
        while end - start > 8 {
            let middle = start + (end - start) / 2;
            if holds(self.value(middle, column)) { start = middle + 1 } else { end = middle }
        }
        while start < end && holds(self.value(start, column)) {
            start += 1;
        }
        start
    }
}

#[inline(never)]
fn far_group(groups: &FxHashMap<Value, Range<u32>>, value: Value) -> Range<usize> {
    groups.get(&value).map_or(0..0, |group| group.start as usize..group.end as usize)
}

/// The rows that the filter lets through.
fn matching<'t>(table: &'t Table, layout: &'t Layout) -> impl Iterator<Item = &'t [Value]> {
    table.rows().filter(|row| layout.filter.iter().all(|(column, value)| row[*column] == *value))
}

/// All rows that the filter lets through, in order.
fn whole(table: &Table, layout: &Layout) -> Index {
    let width = layout.rest.len();
    let mut values = match layout.rest[..] {
        [one, other] => {
            let rows = matching(table, layout).map(|row| [row[one], row[other]]).collect();
            sort::sort_rows(rows).into_flattened()
        }
        _ => columns(table, layout, &layout.rest),
    };
    if width != 2 {
        sort_rows(&mut values, width);
    }
    let len = match width {
        0 => usize::from(matching(table, layout).next().is_some()),
        _ => {
            let mut starts = [0, (values.len() / width) as u32];
            close_up(&mut values, &mut starts, width);
            starts[1] as usize
        }
    };
    Index { width, values, len, directory: Directory::Whole }
}

/// An index of one column: a bit for each value.
fn present(firsts: impl Iterator<Item = u32>, lowest: u32, range: usize) -> Index {
    let mut words = vec![0u64; range.div_ceil(64)];
    for value in firsts {
        let place = value - lowest;
        words[place as usize / 64] |= 1 << (place % 64);
    }
    let len = words.iter().map(|word| word.count_ones() as usize).sum();
    Index { width: 0, values: Vec::new(), len, directory: Directory::Present { lowest, words } }
}

/// An index whose groups are told apart by counting, each in its place among all values or among those that have rows.
fn dense(table: &Table, layout: &Layout, first: usize, firsts: Range<u32>, rows: usize) -> Index {
    let (width, lowest, range) = (layout.rest.len(), firsts.start, firsts.len());
    let (words, groups) = numbered_bits(matching(table, layout).map(|row| row[first].0 - lowest), range);
    if groups * VALUES_OF_A_GROUP < range {
        let place = |row: &[Value]| group_number(&words, row[first].0 - lowest).unwrap_or(0);
        let (values, starts) = grouped(table, layout, rows, groups, place);
        let len = values.len() / width;
        return Index { width, values, len, directory: Directory::Thin { lowest, words, starts } };
    }
    let place = |row: &[Value]| (row[first].0 - lowest) as usize;
    if groups == rows && range * width <= range + rows * width {
        let mut values = vec![ABSENT; range * width];
        for row in matching(table, layout) {
            copy_row(row, &layout.rest, &mut values[place(row) * width..]);
        }
        return Index { width, values, len: rows, directory: Directory::Single { lowest } };
    }
    let (values, starts) = grouped(table, layout, rows, range, place);
    let len = values.len() / width;
    Index { width, values, len, directory: Directory::Dense { lowest, starts } }
}

/// A bit for each value that is there, with how many are set before each word of them; and how many in all.
fn numbered_bits(values: impl Iterator<Item = u32>, range: usize) -> (Vec<(u64, u32)>, usize) {
    let mut words = vec![(0u64, 0u32); range.div_ceil(64)];
    for value in values {
        words[value as usize / 64].0 |= 1 << (value % 64);
    }
    let mut before = 0;
    for (word, count) in &mut words {
        *count = before;
        before += word.count_ones();
    }
    (words, before as usize)
}

/// How many values that are there come before this one, if it is there.
#[inline(always)]
fn group_number(words: &[(u64, u32)], value: u32) -> Option<usize> {
    let (word, before) = words.get(value as usize / 64).copied().unwrap_or_default();
    let bit = 1 << (value % 64);
    (word & bit != 0).then(|| (before + (word & (bit - 1)).count_ones()) as usize)
}

/// The columns behind the first of each row, by the place of its group, each group sorted and without repeated rows;
/// and where the groups begin.
fn grouped(
    table: &Table,
    layout: &Layout,
    rows: usize,
    groups: usize,
    place: impl Fn(&[Value]) -> usize,
) -> (Vec<Value>, Vec<u32>) {
    let width = layout.rest.len();
    // Each start is counted two places on, so that it stands one place on while its group is filled, and is the end then.
    let mut starts = vec![0u32; groups + 2];
    for row in matching(table, layout) {
        starts[place(row) + 2] += 1;
    }
    for group in 2..starts.len() {
        starts[group] += starts[group - 1];
    }
    let mut values = vec![Value::default(); rows * width];
    for row in matching(table, layout) {
        let next = &mut starts[place(row) + 1];
        copy_row(row, &layout.rest, &mut values[*next as usize * width..]);
        *next += 1;
    }
    starts.truncate(groups + 1);
    for group in starts.windows(2).filter(|group| group[1] - group[0] > 1) {
        sort_rows(&mut values[group[0] as usize * width..group[1] as usize * width], width);
    }
    close_up(&mut values, &mut starts, width);
    (values, starts)
}

/// An index whose groups are found by hashing.
fn sparse(table: &Table, layout: &Layout, first: usize, count: usize) -> Index {
    let width = layout.rest.len();
    let order: Vec<usize> = [first].into_iter().chain(layout.rest.iter().copied()).collect();
    let mut rows = columns(table, layout, &order);
    sort_rows(&mut rows, width + 1);
    let mut groups: FxHashMap<Value, Range<u32>> = FxHashMap::default();
    let mut values = Vec::with_capacity(count * width);
    let mut len = 0;
    let mut last = None;
    for row in rows.chunks(width + 1).filter(|row| last.replace(*row) != Some(*row)) {
        groups.entry(row[0]).or_insert(len..len).end = len + 1;
        values.extend_from_slice(&row[1..]);
        len += 1;
    }
    Index { width, values, len: len as usize, directory: Directory::Sparse(groups) }
}

/// Columns of the rows that the filter lets through, side by side.
fn columns(table: &Table, layout: &Layout, columns: &[usize]) -> Vec<Value> {
    matching(table, layout).flat_map(|row| columns.iter().map(|column| row[*column])).collect()
}

fn copy_row(row: &[Value], columns: &[usize], place: &mut [Value]) {
    for (value, column) in place.iter_mut().zip(columns) {
        *value = row[*column];
    }
}

/// Drops the repeated rows of sorted groups.
fn close_up(values: &mut Vec<Value>, starts: &mut [u32], width: usize) {
    let mut kept = 0;
    let mut start = 0;
    for next in starts.iter_mut().skip(1) {
        let (first_kept, end) = (kept, *next as usize);
        for row in start..end {
            let range = row * width..(row + 1) * width;
            if kept == first_kept || values[(kept - 1) * width..kept * width] != values[range.clone()] {
                if kept < row {
                    values.copy_within(range, kept * width);
                }
                kept += 1;
            }
        }
        *next = kept as u32;
        start = end;
    }
    values.truncate(kept * width);
    values.shrink_to_fit();
}

/// Sorts rows of that width that lie side by side.
fn sort_rows(values: &mut [Value], width: usize) {
    if values.len() <= width {
        return;
    }
    match width {
        1 => values.sort_unstable(),
        2 => values.as_chunks_mut::<2>().0.sort_unstable(),
        3 => values.as_chunks_mut::<3>().0.sort_unstable(),
        4 => values.as_chunks_mut::<4>().0.sort_unstable(),
        _ => {
            let mut rows: Vec<Vec<Value>> = values.chunks(width).map(<[Value]>::to_vec).collect();
            rows.sort_unstable();
            values.copy_from_slice(&rows.concat());
        }
    }
}
