//! Values to consecutive numbers and back.

use crate::data::Value;

/// The distinct values of a list, numbered in their order.
#[derive(Debug)]
pub(super) struct Numbering {
    values: Vec<Value>,
    /// A bit for each value, by `value - lowest`, and before each word of bits how many are set; where the values lie
    /// near enough.
    words: Vec<(u64, u32)>,
}

/// There may be this many bits for each value, and some more: values come in blocks that may lie far apart.
const BITS_PER_VALUE: usize = 1 << 10;
const BITS_FOR_FEW: usize = 1 << 16;

impl Numbering {
    /// Sorts the values. Costs four bytes for each distinct one, and 16 for 64 numbers from the lowest to the highest.
    pub fn new(mut values: Vec<Value>) -> Numbering {
        values.sort_unstable();
        values.dedup();
        values.shrink_to_fit();
        let range = match (values.first(), values.last()) {
            (Some(lowest), Some(highest)) => (highest.0 - lowest.0) as usize + 1,
            _ => 0,
        };
        let mut words = Vec::new();
        if range <= BITS_FOR_FEW + values.len() * BITS_PER_VALUE {
            words.resize(range.div_ceil(64), (0u64, 0));
            for (number, value) in (0..).zip(&values) {
                let place = value.0 - values[0].0;
                let (word, before) = &mut words[place as usize / 64];
                if *word == 0 {
                    *before = number;
                }
                *word |= 1 << (place % 64);
            }
        }
        Numbering { values, words }
    }

    /// The number of a value that has one.
    #[inline]
    pub fn number(&self, value: Value) -> Option<u32> {
        if self.words.is_empty() {
            return self.values.binary_search(&value).ok().map(|number| number as u32);
        }
        let place = value.0.checked_sub(self.values[0].0)?;
        let (word, before) = self.words.get(place as usize / 64)?;
        let bit = 1 << (place % 64);
        (word & bit != 0).then(|| before + (word & (bit - 1)).count_ones())
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
