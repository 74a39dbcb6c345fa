//! A relation while it is being derived: rows that are added at the end, each once, and chains through the
//! rows that agree in some columns. A round's new rows are the last ones.

use std::ops::Range;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::data::{Numbered, Table, Value};

/// The end of a chain.
const END: u32 = u32::MAX;

/// The rows of a relation that rules add to.
#[derive(Debug)]
pub struct Growing {
    table: Table,
    seen: HashTable<Numbered>,
    chains: Vec<Chain>,
    delta: Range<u32>,
}

/// Rows with equal values in `columns`, linked from the newest to the oldest.
#[derive(Debug)]
struct Chain {
    columns: Vec<usize>,
    newest: HashTable<Numbered>,
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
        let hash = hash_key(row.iter().copied());
        let same = |other: &Numbered| other.hash == hash && table.row(other.number) == row;
        let place = match self.seen.entry(Numbered::spread(hash), same, |other| Numbered::spread(other.hash)) {
            Entry::Occupied(_) => return false,
            Entry::Vacant(place) => place,
        };
        let number = table.len() as u32;
        place.insert(Numbered { hash, number });
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
        let hash = hash_key(key.iter().copied());
        let has_key =
            |row: u32| chain.columns.iter().zip(key).all(|(column, value)| self.table.value(row, *column) == *value);
        let same = |newest: &Numbered| newest.hash == hash && has_key(newest.number);
        chain.newest.find(Numbered::spread(hash), same).map(|newest| newest.number)
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
    fn add(&mut self, table: &Table, row: u32) {
        let columns = &self.columns;
        let hash = hash_key(columns.iter().map(|column| table.value(row, *column)));
        let agree = |other: u32| columns.iter().all(|column| table.value(other, *column) == table.value(row, *column));
        let same = |newest: &Numbered| newest.hash == hash && agree(newest.number);
        match self.newest.entry(Numbered::spread(hash), same, |newest| Numbered::spread(newest.hash)) {
            Entry::Occupied(mut newest) => {
                self.older.push(newest.get().number);
                newest.get_mut().number = row;
            }
            Entry::Vacant(place) => {
                self.older.push(END);
                place.insert(Numbered { hash, number: row });
            }
        }
    }
}

fn hash_key(key: impl Iterator<Item = Value>) -> u32 {
    let mix = |hash: u64, value: Value| (hash.rotate_left(5) ^ u64::from(value.0)).wrapping_mul(0xf135_7aea_2e62_a9c5);
    (key.fold(0, mix) >> 32) as u32
}
