//! Indexes find what a walk over the rows finds, whatever they hold and however far apart the values lie.

use std::collections::BTreeSet;

use rolecall::data::{Index, Layout, Table, Value};

/// Pseudo-random numbers from a seed (a multiplicative congruential generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32 % end
    }
}

fn table(width: usize, rows: u32, values: u32, spread: u32, numbers: &mut Numbers) -> Table {
    let mut table = Table::new(width);
    for _ in 0..rows {
        let row: Vec<Value> = (0..width).map(|_| Value(7 + numbers.below(values) * spread)).collect();
        table.push(&row);
    }
    table
}

/// What the index should find: the distinct rows of its columns behind the first, in order.
fn expected(table: &Table, layout: &Layout, key: &[Value]) -> BTreeSet<Vec<Value>> {
    let order: Vec<usize> = layout.first.iter().chain(&layout.rest).copied().collect();
    let fits = |row: &&[Value]| {
        layout.filter.iter().all(|(column, value)| row[*column] == *value)
            && order.iter().zip(key).all(|(column, value)| row[*column] == *value)
    };
    table.rows().filter(fits).map(|row| layout.rest.iter().map(|column| row[*column]).collect()).collect()
}

fn check(table: &Table, layout: &Layout, key: &[Value]) {
    let index = Index::build(table, layout);
    let found: Vec<Vec<Value>> = index.find(key).map(|row| index.row(row).to_vec()).collect();
    assert_eq!(index.rows(index.find(key)), found.concat());
    let expected: Vec<Vec<Value>> = expected(table, layout, key).into_iter().collect();
    assert_eq!(found, expected, "{layout:?} {key:?} of {} rows", table.len());
    assert_eq!(index.contains(key), !expected.is_empty());
}

/// Tables of every shape: unary and wide, with one row for each value and with many, dense and far apart.
#[test]
fn an_index_finds_each_distinct_row_once_and_in_order() {
    let numbers = &mut Numbers(1);
    let mut hits = 0;
    for (width, rows, values, spread) in [
        (1, 50, 80, 1),
        (2, 60, 90, 1),
        (2, 300, 20, 1),
        (1, 40, 20, 900_000),
        (2, 40, 20, 500_000),
        (3, 200, 9, 1),
        (3, 30, 900, 77),
        (6, 99, 3, 1),
    ] {
        let table = table(width, rows, values, spread, numbers);
        for _ in 0..60 {
            let mut columns: Vec<usize> = (0..width).collect();
            columns.rotate_left(numbers.below(width as u32) as usize);
            let filtered = numbers.below(width as u32) as usize;
            let filter: Vec<(usize, Value)> =
                columns.drain(..filtered).map(|column| (column, table.value(numbers.below(rows), column))).collect();
            columns.truncate(1 + numbers.below(columns.len() as u32) as usize);
            let keyed = numbers.below(5) > 0;
            let first = keyed.then(|| columns.remove(0));
            let layout = Layout { filter, first, rest: columns };
            let row = table.row(numbers.below(rows)).to_vec();
            let longest = usize::from(keyed) * (1 + layout.rest.len());
            let length = if keyed { 1 + numbers.below(longest as u32) as usize } else { 0 };
            let order = layout.first.iter().chain(&layout.rest);
            let mut key: Vec<Value> = order.take(length).map(|column| row[*column]).collect();
            if numbers.below(4) == 0
                && let Some(last) = key.last_mut()
            {
                *last = Value(numbers.below(u32::MAX));
            }
            check(&table, &layout, &key);
            hits += usize::from(!expected(&table, &layout, &key).is_empty());
        }
    }
    assert!(hits > 100, "only {hits} keys were there");
}

#[test]
fn an_index_of_no_rows_finds_nothing() {
    for width in 1..4 {
        for first in [None, Some(0)] {
            let layout = Layout { filter: Vec::new(), first, rest: (1..width).collect() };
            let key: Vec<Value> = first.map(|_| Value(0)).into_iter().collect();
            check(&Table::new(width), &layout, &key);
            assert!(Index::build(&Table::new(width), &layout).is_empty());
        }
    }
}
