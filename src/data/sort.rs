//! Sorting rows of small numbers.

use std::cmp::Ordering;

use crate::data::Value;

/// So few rows are sorted by comparing them.
const FEW: usize = 1 << 10;

/// How many bits of a value are looked at in one pass.
const DIGIT_BITS: u32 = 11;

/// Sorts rows: many of them by their digits, from the last of the last column to the first of the first.
///
/// Costs a pass for each digit in which values differ, and one for each column; else what sorting costs.
pub fn sort_rows<const WIDTH: usize>(mut rows: Vec<[Value; WIDTH]>) -> Vec<[Value; WIDTH]> {
    if rows.is_sorted_by(|one, other| compare(one, other).is_le()) {
        return rows;
    }
    if rows.len() <= FEW {
        rows.sort_unstable_by(compare);
        return rows;
    }
    let mut sorted = vec![[Value::default(); WIDTH]; rows.len()];
    for column in (0..WIDTH).rev() {
        let differing = rows.iter().fold(0, |bits, row| bits | (row[column].0 ^ rows[0][column].0));
        for shift in (0..u32::BITS).step_by(DIGIT_BITS as usize) {
            if differing >> shift & DIGIT != 0 {
                sort_by_digit(&rows, &mut sorted, |row| (row[column].0 >> shift & DIGIT) as usize);
                std::mem::swap(&mut rows, &mut sorted);
            }
        }
    }
    rows
}

/// The bits of a digit.
const DIGIT: u32 = (1 << DIGIT_BITS) - 1;

/// Copies rows in the order of a digit; those with the same stay in their order.
fn sort_by_digit<const WIDTH: usize>(
    rows: &[[Value; WIDTH]],
    sorted: &mut [[Value; WIDTH]],
    digit: impl Fn(&[Value; WIDTH]) -> usize,
) {
    let mut starts = [0u32; 1 << DIGIT_BITS];
    for row in rows {
        starts[digit(row)] += 1;
    }
    let mut next = 0;
    for start in &mut starts {
        next += std::mem::replace(start, next);
    }
    for row in rows {
        let place = &mut starts[digit(row)];
        sorted[*place as usize] = *row;
        *place += 1;
    }
}

/// As rows compare anyway, but without a call for each value.
#[inline]
fn compare<const WIDTH: usize>(one: &[Value; WIDTH], other: &[Value; WIDTH]) -> Ordering {
    let differing = (0..WIDTH).find(|place| one[*place] != other[*place]);
    differing.map_or(Ordering::Equal, |place| one[place].cmp(&other[place]))
}
