//! Sorting rows of small numbers.

use std::cmp::Ordering;

use crate::data::Value;

/// Values may lie this far apart, for each row, to be counted.
const VALUES_PER_ROW: usize = 2;

/// Sorts rows: by counting where the values of the first column lie close together, and then each group for itself.
///
/// Costs two passes over the rows, which may jump, and the sort of each group; else what sorting costs.
pub fn sort_rows<const WIDTH: usize>(mut rows: Vec<[Value; WIDTH]>) -> Vec<[Value; WIDTH]> {
    if rows.is_sorted_by(|one, other| compare(one, other).is_le()) {
        return rows;
    }
    let lowest = rows.iter().map(|row| row[0].0).min().unwrap_or(0);
    let range = rows.iter().map(|row| (row[0].0 - lowest) as usize + 1).max().unwrap_or(0);
    if range > rows.len() * VALUES_PER_ROW {
        rows.sort_unstable_by(compare);
        return rows;
    }
    let mut ends = vec![0u32; range + 1];
    for row in &rows {
        ends[(row[0].0 - lowest) as usize + 1] += 1;
    }
    for value in 0..range {
        ends[value + 1] += ends[value];
    }
    let mut sorted = vec![[Value::default(); WIDTH]; rows.len()];
    for row in &rows {
        let place = &mut ends[(row[0].0 - lowest) as usize];
        sorted[*place as usize] = *row;
        *place += 1;
    }
    if WIDTH > 1 {
        sorted.chunk_by_mut(|one, other| one[0] == other[0]).for_each(|group| group.sort_unstable_by(compare));
    }
    sorted
}

/// As rows compare anyway, but without a call for each value.
#[inline]
fn compare<const WIDTH: usize>(one: &[Value; WIDTH], other: &[Value; WIDTH]) -> Ordering {
    let differing = (0..WIDTH).find(|place| one[*place] != other[*place]);
    differing.map_or(Ordering::Equal, |place| one[place].cmp(&other[place]))
}
