//! Numbers for keys, the values of some columns, from 0 in the order in which the keys come. `growing` keeps by
//! these numbers what belongs to a key.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::data::{Numbered, Value};

/// A value that is no key.
const NO_KEY: u32 = u32::MAX;

/// Keys of one width with their numbers.
#[derive(Debug)]
pub(super) enum Keys {
    /// Found by their hash.
    Hashed {
        numbers: HashTable<Numbered>,
        /// The keys side by side.
        values: Vec<Value>,
        count: u32,
        /// The number that was asked last, which is often asked again.
        last: u32,
    },
    /// Of one value each, which finds the number: values are numbered without large gaps.
    ByValue { numbers: Vec<u32>, count: u32 },
}

impl Keys {
    /// No keys yet.
    pub fn new() -> Keys {
        Keys::Hashed { numbers: HashTable::new(), values: Vec::new(), count: 0, last: 0 }
    }

    /// Keys of one value are found by it from now on, in four bytes for each value there may be.
    #[cold]
    pub fn by_value(&mut self) {
        let Keys::Hashed { values, count, .. } = self else { return };
        let mut keys = Keys::ByValue { numbers: Vec::new(), count: 0 };
        for value in &values[..*count as usize] {
            keys.number(&[*value]);
        }
        *self = keys;
    }

    /// The number of a key, which is the next one where the key is new.
    #[inline]
    pub fn number(&mut self, key: &[Value]) -> u32 {
        match self {
            Keys::ByValue { numbers, count } => {
                let place = key[0].index();
                if numbers.len() <= place {
                    numbers.resize(place + 1, NO_KEY);
                }
                if numbers[place] == NO_KEY {
                    numbers[place] = *count;
                    *count += 1;
                }
                numbers[place]
            }
            Keys::Hashed { numbers, values, count, last } => {
                if *last >= *count || stored(values, *last, key.len()) != key {
                    *last = hashed_number(numbers, values, key, *count);
                    *count = (*count).max(*last + 1);
                }
                *last
            }
        }
    }

    /// The number of a key that is there.
    #[inline]
    pub fn find(&self, key: &[Value]) -> Option<u32> {
        match self {
            Keys::ByValue { numbers, .. } => numbers.get(key[0].index()).copied().filter(|number| *number != NO_KEY),
            Keys::Hashed { numbers, values, .. } => {
                let hash = hash(key);
                let same = |other: &Numbered| other.hash == hash && stored(values, other.number, key.len()) == key;
                numbers.find(Numbered::spread(hash), same).map(|found| found.number)
            }
        }
    }
}

/// The number of a key, which is stored as the next where it is new.
fn hashed_number(numbers: &mut HashTable<Numbered>, values: &mut Vec<Value>, key: &[Value], next: u32) -> u32 {
    let hash = hash(key);
    let same = |other: &Numbered| other.hash == hash && stored(values, other.number, key.len()) == key;
    match numbers.entry(Numbered::spread(hash), same, |other| Numbered::spread(other.hash)) {
        Entry::Occupied(found) => found.get().number,
        Entry::Vacant(place) => {
            place.insert(Numbered { hash, number: next });
            values.extend_from_slice(key);
            next
        }
    }
}

fn stored(values: &[Value], number: u32, width: usize) -> &[Value] {
    &values[number as usize * width..(number as usize + 1) * width]
}

fn hash(key: &[Value]) -> u32 {
    let mix = |hash: u64, value: &Value| (hash.rotate_left(5) ^ u64::from(value.0)).wrapping_mul(0xf135_7aea_2e62_a9c5);
    (key.iter().fold(0, mix) >> 32) as u32
}
