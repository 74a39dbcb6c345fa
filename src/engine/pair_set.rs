//! A set of pairs of values: a bit for each second value, in words of 64 neighbours that belong to one first value.
//! What rules derive about one thing lies close together, so that many pairs share a word, and a word its cache line.

use crate::data::Value;

/// Pairs, each once. Costs 21 to 43 bytes a word: less than two bytes a pair where neighbours are dense, and at most
/// that for each pair where none are near.
#[derive(Debug)]
pub(super) struct PairSet {
    slots: Vec<Slot>,
    /// How far a hash is shifted to number a slot.
    shift: u32,
    words: usize,
}

/// A first value with the number of a word of second values, and that word.
#[derive(Clone, Copy, Debug)]
struct Slot {
    key: u64,
    word: u64,
}

/// A slot without a word has this key. The numbers of words are lower.
const EMPTY: Slot = Slot { key: u64::MAX, word: 0 };

/// The binary logarithm of the slots to begin with.
const FIRST_BITS: u32 = 6;

impl PairSet {
    /// The empty set.
    pub fn new() -> PairSet {
        PairSet { slots: vec![EMPTY; 1 << FIRST_BITS], shift: u64::BITS - FIRST_BITS, words: 0 }
    }

    /// Adds a pair; whether it is new.
    #[inline]
    pub fn insert(&mut self, first: Value, second: Value) -> bool {
        let key = u64::from(first.0) << 32 | u64::from(second.0 / 64);
        let bit = 1 << (second.0 % 64);
        let slot = slot(&mut self.slots, self.shift, key);
        let is_new = slot.word & bit == 0;
        slot.word |= bit;
        if slot.key != key {
            slot.key = key;
            self.words += 1;
            if self.words * 4 > self.slots.len() * 3 {
                self.grow();
            }
        }
        is_new
    }

    /// Whether a pair is there.
    #[inline]
    pub fn contains(&self, first: Value, second: Value) -> bool {
        let key = u64::from(first.0) << 32 | u64::from(second.0 / 64);
        let slot = &self.slots[place(&self.slots, self.shift, key)];
        slot.word >> (second.0 % 64) & 1 == 1
    }

    /// Doubles the slots. Words stay in the order of their hashes, so this goes through memory from front to end.
    #[cold]
    fn grow(&mut self) {
        self.shift -= 1;
        let mut slots = vec![EMPTY; self.slots.len() * 2];
        for old in self.slots.iter().filter(|old| old.key != EMPTY.key) {
            *slot(&mut slots, self.shift, old.key) = *old;
        }
        self.slots = slots;
    }
}

/// The slot with that key, or the free one for it.
#[inline]
fn slot(slots: &mut [Slot], shift: u32, key: u64) -> &mut Slot {
    let place = place(slots, shift, key);
    &mut slots[place]
}

/// Where that slot is (Knuth, The Art of Computer Programming 6.4, algorithm L, with the multiplicative hash of the
/// same section).
#[inline]
fn place(slots: &[Slot], shift: u32, key: u64) -> usize {
    // The mask keeps the place in bounds.
    let mask = slots.len() - 1;
    let mut place = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> shift) as usize & mask;
    while slots[place].key != key && slots[place].key != EMPTY.key {
        place = (place + 1) & mask;
    }
    place
}
