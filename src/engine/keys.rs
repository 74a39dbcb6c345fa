//! Numbers for keys, the values of some columns, from 0 in the order in which the keys come. `growing` keeps by
//! these numbers what belongs to a key.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::data::{Numbered, Value};

/// Keys of one width, found by their hash.
#[derive(Debug)]
pub(super) struct Keys {
    width: usize,
    numbers: HashTable<Numbered>,
    /// The keys side by side.
    values: Vec<Value>,
    count: u32,
    /// The number that was asked last, which is often asked again.
    last: u32,
}

impl Keys {
    /// No keys yet; they will have so many values.
    pub fn new(width: usize) -> Keys {
        Keys { width, numbers: HashTable::new(), values: Vec::new(), count: 0, last: 0 }
    }

    /// The number of a key, which is the next one where the key is new.
    #[inline]
    pub fn number(&mut self, key: &[Value]) -> u32 {
        if self.last >= self.count || self.key(self.last) != key {
            self.last = self.find_or_add(key);
        }
        self.last
    }

    fn find_or_add(&mut self, key: &[Value]) -> u32 {
        let (hash, width, values) = (hash(key), self.width, &mut self.values);
        let same = |other: &Numbered| other.hash == hash && nth(values, width, other.number) == key;
        match self.numbers.entry(Numbered::spread(hash), same, |other| Numbered::spread(other.hash)) {
            Entry::Occupied(found) => found.get().number,
            Entry::Vacant(place) => {
                place.insert(Numbered { hash, number: self.count });
                values.extend_from_slice(key);
                self.count += 1;
                self.count - 1
            }
        }
    }

    /// The number of a key that is there.
    #[inline]
    pub fn find(&self, key: &[Value]) -> Option<u32> {
        let hash = hash(key);
        let same = |other: &Numbered| other.hash == hash && self.key(other.number) == key;
        self.numbers.find(Numbered::spread(hash), same).map(|found| found.number)
    }

    /// The key of a number.
    #[inline]
    pub fn key(&self, number: u32) -> &[Value] {
        nth(&self.values, self.width, number)
    }

    /// The keys as they are numbered, side by side.
    pub fn values(&self) -> &[Value] {
        &self.values
    }
}

fn nth(values: &[Value], width: usize, number: u32) -> &[Value] {
    &values[number as usize * width..(number as usize + 1) * width]
}

fn hash(key: &[Value]) -> u32 {
    let mix = |hash: u64, value: &Value| (hash.rotate_left(5) ^ u64::from(value.0)).wrapping_mul(0xf135_7aea_2e62_a9c5);
    (key.iter().fold(0, mix) >> 32) as u32
}

/// Keys of one value, found by it, since values are numbered without large gaps. Costs four bytes for each value
/// there may be.
#[derive(Debug, Default)]
pub(super) struct SingleKeys {
    numbers: Vec<u32>,
    count: u32,
}

/// A value without a number has this one.
const ABSENT: u32 = u32::MAX;

impl SingleKeys {
    /// The number of a key, which is the next one where the key is new.
    #[inline]
    pub fn number(&mut self, key: Value) -> u32 {
        if self.numbers.len() <= key.index() {
            self.numbers.resize(key.index() + 1, ABSENT);
        }
        let number = &mut self.numbers[key.index()];
        if *number == ABSENT {
            *number = self.count;
            self.count += 1;
        }
        *number
    }

    /// The number of a key that is there.
    #[inline]
    pub fn find(&self, key: Value) -> Option<u32> {
        self.numbers.get(key.index()).copied().filter(|number| *number != ABSENT)
    }
}
