//! A relation while it is being derived: rows that are added at the end, each once, and chains of the rows that agree
//! in some columns. A round's new rows are the last ones.
//!
//! `pair_set` tells whether a row is there, `keys` numbers what rows agree in, and `chain` keeps their other columns.

use std::ops::Range;

use smallvec::SmallVec;

use crate::data::{Table, Value};
use crate::engine::chain::{Chain, ChainLayout, Chains};
use crate::engine::join::Values;
use crate::engine::keys::{Keys, SingleKeys};
use crate::engine::pair_set::PairSet;

/// From this many rows on, four bytes for each value there may be are not too much.
const SINGLE_KEYS_FROM: usize = 4096;

/// Rows that are copied, since the relation may grow while they are taken.
pub type Copied = SmallVec<[Value; 128]>;

/// The rows of a relation that rules add to.
///
/// A row of more than two values is kept as a pair: the number of its group, which is all but the last, and the last.
#[derive(Debug)]
pub struct Growing {
    width: usize,
    rows: Table,
    groups: Keys,
    seen: PairSet,
    chains: Vec<KeyedChains>,
    delta: Range<u32>,
    /// How many distinct facts there were to begin with.
    facts: usize,
}

/// The chains by one key.
#[derive(Debug)]
struct KeyedChains {
    /// The columns of the key.
    columns: Vec<usize>,
    keys: ChainKeys,
    chains: Chains,
}

#[derive(Debug)]
enum ChainKeys {
    /// The groups.
    Groups,
    Hashed(Keys),
    /// Of one column, where there are many rows.
    Single(SingleKeys),
}

impl Growing {
    /// Starts with the rows that are facts already; they are the first new rows.
    pub fn new(facts: &Table, chains: Vec<ChainLayout>) -> Growing {
        let width = facts.width();
        let mut growing = Growing {
            width,
            rows: Table::new(width.min(2)),
            groups: Keys::new(width.saturating_sub(1)),
            seen: PairSet::new(),
            chains: chains.into_iter().map(|layout| KeyedChains::new(layout, width)).collect(),
            delta: 0..0,
            facts: 0,
        };
        for row in facts.rows() {
            growing.insert(row);
        }
        growing.facts = growing.len();
        growing
    }

    /// Adds a row unless it is there; whether it was added.
    #[inline]
    pub fn insert(&mut self, row: &[Value]) -> bool {
        let pair = match *row {
            [] => [Value::default(); 2],
            [only] => [Value::default(), only],
            [first, second] => [first, second],
            [ref group @ .., last] => [Value(self.groups.number(group)), last],
        };
        if !self.seen.insert(pair[0], pair[1]) {
            return false;
        }
        self.rows.push(&pair[2 - self.rows.width()..]);
        for chains in &mut self.chains {
            chains.add(row, pair[0].0);
        }
        if self.len() == SINGLE_KEYS_FROM {
            self.chains.iter_mut().for_each(KeyedChains::find_by_value);
        }
        true
    }

    /// Whether the row is there.
    #[inline]
    pub fn contains(&self, row: &[Value]) -> bool {
        match *row {
            [] => !self.is_empty(),
            [only] => self.seen.contains(Value::default(), only),
            [first, second] => self.seen.contains(first, second),
            [ref group @ .., last] => {
                self.groups.find(group).is_some_and(|group| self.seen.contains(Value(group), last))
            }
        }
    }

    /// Takes what was added since the last call as the new rows; whether there are any.
    pub fn advance(&mut self) -> bool {
        self.delta = self.delta.end..self.len() as u32;
        !self.delta.is_empty()
    }

    /// The numbers of the new rows.
    pub fn delta(&self) -> Range<u32> {
        self.delta.clone()
    }

    /// How many values a row has.
    #[inline]
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many rows there are so far.
    #[inline]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows with these numbers, side by side.
    pub fn copy(&self, numbers: Range<u32>) -> Copied {
        let rows = self.rows.range(numbers);
        if self.width <= 2 {
            return Copied::from_slice(rows);
        }
        let mut copied = Copied::new();
        for pair in rows.as_chunks::<2>().0 {
            copied.extend_from_slice(self.groups.key(pair[0].0));
            copied.push(pair[1]);
        }
        copied
    }

    /// The rows with these values in the columns of a key; take them from [`Growing::chains`].
    #[inline]
    pub fn chain(&self, chains: usize, key: &[Value]) -> Chain {
        let keyed = &self.chains[chains];
        let number = match &keyed.keys {
            ChainKeys::Groups => self.groups.find(key),
            ChainKeys::Hashed(keys) => keys.find(key),
            ChainKeys::Single(keys) => keys.find(key[0]),
        };
        number.map_or(Chain::default(), |number| keyed.chains.of(number))
    }

    /// All chains by one key.
    #[inline]
    pub fn chains(&self, chains: usize) -> &Chains {
        &self.chains[chains].chains
    }

    /// The finished rows: the facts as they were given, which have their origin by number, and what was added to them.
    pub fn finish(self, facts: &Table) -> Table {
        let mut rows = self.rows;
        // The rows may need their room.
        drop((self.seen, self.chains));
        if self.width > 2 {
            rows.replace_first(self.width - 1, |group| self.groups.key(group.0));
        }
        if self.facts == facts.len() {
            rows.shrink();
            return rows;
        }
        let mut table = facts.clone();
        for row in rows.rows().skip(self.facts) {
            table.push(row);
        }
        table
    }
}

impl KeyedChains {
    fn new(layout: ChainLayout, width: usize) -> KeyedChains {
        let is_group = width > 2 && layout.key.iter().copied().eq(0..width - 1);
        let keys = if is_group { ChainKeys::Groups } else { ChainKeys::Hashed(Keys::new(layout.key.len())) };
        KeyedChains { keys, columns: layout.key, chains: Chains::new(layout.rest) }
    }

    #[inline]
    fn add(&mut self, row: &[Value], group: u32) {
        let key = match &mut self.keys {
            ChainKeys::Groups => group,
            ChainKeys::Single(keys) => keys.number(row[self.columns[0]]),
            ChainKeys::Hashed(keys) => keys.number(&self.columns.iter().map(|column| row[*column]).collect::<Values>()),
        };
        self.chains.add(key, row);
    }

    /// Of one column, keys are found by their value from now on.
    #[cold]
    fn find_by_value(&mut self) {
        if let (ChainKeys::Hashed(keys), [_]) = (&self.keys, &self.columns[..]) {
            let mut single = SingleKeys::default();
            for value in keys.values() {
                single.number(*value);
            }
            self.keys = ChainKeys::Single(single);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Growing, SINGLE_KEYS_FROM};
    use crate::data::{Table, Value};
    use crate::engine::chain::ChainLayout;

    /// Many rows, of which some come again: values of few bits of a number.
    fn rows(width: usize) -> Vec<Vec<Value>> {
        let numbers = (0..3 * SINGLE_KEYS_FROM as u32).map(|number| number.wrapping_mul(0x9e37_79b9));
        numbers.map(|number| (0..width).map(|column| Value(number >> (5 * column) & 0xff)).collect()).collect()
    }

    #[test]
    fn rows_of_every_width_stand_once_in_the_order_they_came() {
        for width in 0..5 {
            let mut expected: Vec<Vec<Value>> = Vec::new();
            let mut growing = Growing::new(&Table::new(width), Vec::new());
            let mut seen = std::collections::HashSet::new();
            for row in rows(width) {
                assert_eq!(growing.contains(&row), seen.contains(&row));
                assert_eq!(growing.insert(&row), seen.insert(row.clone()));
                if growing.len() > expected.len() {
                    expected.push(row);
                }
            }
            assert!(growing.advance());
            assert_eq!(growing.copy(growing.delta()).to_vec(), expected.concat());
            let finished = growing.finish(&Table::new(width));
            assert_eq!(finished.rows().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn a_chain_has_the_rows_of_its_key_from_the_newest_on_and_none_that_come_later() {
        for (key, rest) in [(vec![1], vec![2, 0]), (vec![0, 1], vec![2]), (vec![2, 0], vec![1]), (vec![0, 1], vec![])] {
            let layout = ChainLayout { key: key.clone(), rest: rest.clone() };
            let mut growing = Growing::new(&Table::new(3), vec![layout]);
            let mut asked = Vec::new();
            for (number, row) in rows(3).into_iter().enumerate() {
                growing.insert(&row);
                if number % 100 == 0 {
                    let values: Vec<Value> = key.iter().map(|column| row[*column]).collect();
                    asked.push((growing.chain(0, &values), values, growing.len()));
                }
            }
            let all = growing.copy(0..growing.len() as u32);
            for (mut chain, values, len) in asked {
                let mut found = Vec::new();
                assert!(!chain.is_empty());
                while !chain.is_empty() && !rest.is_empty() {
                    found.extend_from_slice(growing.chains(0).take_block(&mut chain));
                }
                let rows = all.chunks_exact(3).take(len).rev();
                let rows = rows.filter(|row| key.iter().zip(&values).all(|(column, value)| row[*column] == *value));
                let expected: Vec<Value> = rows.flat_map(|row| rest.iter().map(|column| row[*column])).collect();
                assert_eq!(found, expected);
            }
            assert!(growing.chain(0, &vec![Value(999); key.len()]).is_empty());
        }
    }
}
