//! A set of pairs of values: open addressing over words of eight bytes, with no look at the rows themselves.

use crate::data::Value;

/// Pairs, each once. Costs 11 to 21 bytes a pair.
#[derive(Debug)]
pub(super) struct PairSet {
    slots: Vec<u64>,
    /// How far a hash is shifted to number a slot.
    shift: u32,
    len: usize,
}

/// A slot without a pair. No value has the highest number.
const EMPTY: u64 = u64::MAX;

/// The binary logarithm of the slots to begin with.
const FIRST_BITS: u32 = 6;

impl PairSet {
    /// The empty set.
    pub fn new() -> PairSet {
        PairSet { slots: vec![EMPTY; 1 << FIRST_BITS], shift: u64::BITS - FIRST_BITS, len: 0 }
    }

    /// Adds a pair; whether it is new.
    #[inline]
    pub fn insert(&mut self, first: Value, second: Value) -> bool {
        let pair = u64::from(first.0) << 32 | u64::from(second.0);
        if !place(&mut self.slots, self.shift, pair) {
            return false;
        }
        self.len += 1;
        if self.len * 4 > self.slots.len() * 3 {
            self.grow();
        }
        true
    }

    /// Doubles the slots. Pairs stay in the order of their hashes, so this goes through memory from front to end.
    #[cold]
    fn grow(&mut self) {
        self.shift -= 1;
        let mut slots = vec![EMPTY; self.slots.len() * 2];
        for pair in self.slots.iter().filter(|pair| **pair != EMPTY) {
            place(&mut slots, self.shift, *pair);
        }
        self.slots = slots;
    }
}

/// Puts a pair into its slot, or the next free one (Knuth, The Art of Computer Programming 6.4, algorithm L, with the
/// multiplicative hash of the same section); whether it was not there.
#[inline]
fn place(slots: &mut [u64], shift: u32, pair: u64) -> bool {
    let mask = slots.len() - 1;
    let mut slot = (pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> shift) as usize;
    loop {
        // The mask keeps the slot in bounds.
        let found = &mut slots[slot & mask];
        if *found == EMPTY {
            *found = pair;
            return true;
        }
        if *found == pair {
            return false;
        }
        slot += 1;
    }
}
