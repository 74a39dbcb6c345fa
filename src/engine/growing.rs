//! A relation while it is being derived: rows that are added at the end, each once, and chains through the
//! rows that agree in some columns. A round's new rows are the last ones.

use std::hash::BuildHasher;
use std::ops::Range;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use crate::data::{Table, Value};

/// The end of a chain.
const END: u32 = u32::MAX;

/// The rows of a relation that rules add to.
#[derive(Debug)]
pub struct Growing {
    table: Table,
    seen: HashTable<u32>,
    chains: Vec<Chain>,
    delta: Range<u32>,
}

/// Rows with equal values in `columns`, linked from the newest to the oldest.
#[derive(Debug)]
struct Chain {
    columns: Vec<usize>,
    newest: HashTable<u32>,
    older: Vec<u32>,
}

impl Growing {
    /// Starts with the rows that are facts already; they are the first new rows.
    pub fn new(facts: &Table, chains: Vec<Vec<usize>>) -> Growing {
        let chain = |columns| Chain { columns, newest: HashTable::new(), older: Vec::new() };
        let mut growing = Growing {
            table: Table::new(facts.width()),
            seen: HashTable::new(),
            chains: chains.into_iter().map(chain).collect(),
            delta: 0..0,
        };
        for row in facts.rows() {
            growing.insert(row);
        }
        growing
    }

    /// Adds a row unless it is there; whether it was added.
    pub fn insert(&mut self, row: &[Value]) -> bool {
        let table = &self.table;
        let hash = FxBuildHasher.hash_one(row);
        if self.seen.find(hash, |number| table.row(*number) == row).is_some() {
            return false;
        }
        let number = table.len() as u32;
        self.seen.insert_unique(hash, number, |number| FxBuildHasher.hash_one(table.row(*number)));
        self.table.push(row);
        for chain in &mut self.chains {
            chain.add(&self.table, number);
        }
        true
    }

    /// Takes what was added since the last call as the new rows; whether there are any.
    pub fn advance(&mut self) -> bool {
        self.delta = self.delta.end..self.table.len() as u32;
        !self.delta.is_empty()
    }

    /// The numbers of the new rows.
    pub fn delta(&self) -> Range<u32> {
        self.delta.clone()
    }

    /// The rows so far.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The newest row of a chain with these values.
    pub fn newest(&self, chain: usize, key: &[Value]) -> Option<u32> {
        let chain = &self.chains[chain];
        let table = &self.table;
        let equal =
            |number: &u32| chain.columns.iter().zip(key).all(|(column, value)| table.value(*number, *column) == *value);
        chain.newest.find(hash_key(key.iter().copied()), equal).copied()
    }

    /// The row of a chain before this one.
    pub fn older(&self, chain: usize, row: u32) -> Option<u32> {
        let older = self.chains[chain].older[row as usize];
        (older != END).then_some(older)
    }

    /// The finished rows.
    pub fn finish(mut self) -> Table {
        self.table.shrink();
        self.table
    }
}

impl Chain {
    fn add(&mut self, table: &Table, number: u32) {
        let columns = &self.columns;
        let hash = |row: u32| hash_key(columns.iter().map(|column| table.value(row, *column)));
        let equal =
            |other: &u32| columns.iter().all(|column| table.value(*other, *column) == table.value(number, *column));
        match self.newest.entry(hash(number), equal, |row| hash(*row)) {
            hashbrown::hash_table::Entry::Occupied(mut newest) => {
                self.older.push(*newest.get());
                *newest.get_mut() = number;
            }
            hashbrown::hash_table::Entry::Vacant(place) => {
                self.older.push(END);
                place.insert(number);
            }
        }
    }
}

fn hash_key(key: impl Iterator<Item = Value>) -> u64 {
    let mut hash = 0u64;
    for value in key {
        hash = (hash.rotate_left(5) ^ u64::from(value.0)).wrapping_mul(0xf135_7aea_2e62_a9c5);
    }
    // The table takes its tag from the high bits and the bucket from the low ones: mix both ways.
    hash ^ (hash >> 32)
}
