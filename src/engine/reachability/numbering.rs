//! Values to consecutive numbers and back.

use crate::data::Value;

/// The distinct values of a list, numbered in their order.
#[derive(Debug)]
pub(super) struct Numbering {
    values: Vec<Value>,
    /// By `value - lowest`, where the values lie close together.
    numbers: Vec<u32>,
}

/// No value has it.
const NONE: u32 = u32::MAX;

/// There may be this many numbers for each value.
const NUMBERS_PER_VALUE: usize = 4;

impl Numbering {
    /// Sorts the values. Costs at most 20 bytes for each distinct one.
    pub fn new(mut values: Vec<Value>) -> Numbering {
        values.sort_unstable();
        values.dedup();
        values.shrink_to_fit();
        let range = match (values.first(), values.last()) {
            (Some(lowest), Some(highest)) => (highest.0 - lowest.0) as usize + 1,
            _ => 0,
        };
        let mut numbers = Vec::new();
        if range <= values.len() * NUMBERS_PER_VALUE + 64 {
            numbers.resize(range, NONE);
            for (number, value) in values.iter().enumerate() {
                numbers[(value.0 - values[0].0) as usize] = number as u32;
            }
        }
        Numbering { values, numbers }
    }

    /// The number of a value that has one.
    #[inline]
    pub fn number(&self, value: Value) -> Option<u32> {
        if self.numbers.is_empty() {
            return self.values.binary_search(&value).ok().map(|number| number as u32);
        }
        let place = value.0.checked_sub(self.values[0].0)?;
        self.numbers.get(place as usize).copied().filter(|number| *number != NONE)
    }

    /// The value of a number.
    #[inline]
    pub fn value(&self, number: u32) -> Value {
        self.values[number as usize]
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }
}
