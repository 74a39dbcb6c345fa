//! A relation while it is being derived: rows that are added at the end, each once, and chains through the
//! rows that agree in some columns. A round's new rows are the last ones.

use std::ops::Range;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::data::{Numbered, Table, Value};
use crate::engine::pair_set::PairSet;

/// The end of a chain.
const END: u32 = u32::MAX;

/// The rows of a relation that rules add to.
#[derive(Debug)]
pub struct Growing {
    table: Table,
    seen: Seen,
    chains: Vec<Chain>,
    delta: Range<u32>,
    /// How many distinct facts there were to begin with.
    facts: usize,
}

/// The rows that are there.
#[derive(Debug)]
enum Seen {
    /// Rows of two values.
    Pairs(PairSet),
    /// The numbers of rows of another width.
    Rows(HashTable<Numbered>),
}

/// Rows with equal values in `columns`, linked from the newest to the oldest.
#[derive(Debug)]
struct Chain {
    columns: Vec<usize>,
    newest: Newest,
    older: Vec<u32>,
}

/// The newest row of each chain.
#[derive(Debug)]
enum Newest {
    /// By the value of the one column: values are numbered without large gaps.
    ByValue(Vec<u32>),
    /// By the values of several columns.
    ByKey(HashTable<Numbered>),
}

impl Growing {
    /// Starts with the rows that are facts already; they are the first new rows.
    pub fn new(facts: &Table, chains: Vec<Vec<usize>>) -> Growing {
        let seen = if facts.width() == 2 { Seen::Pairs(PairSet::new()) } else { Seen::Rows(HashTable::new()) };
        let chains = chains.into_iter().map(Chain::new).collect();
        let mut growing = Growing { table: Table::new(facts.width()), seen, chains, delta: 0..0, facts: 0 };
        for row in facts.rows() {
            growing.insert(row);
        }
        growing.facts = growing.table.len();
        growing
    }

    /// Adds a row unless it is there; whether it was added.
    #[inline]
    pub fn insert(&mut self, row: &[Value]) -> bool {
        let is_new = match &mut self.seen {
            Seen::Pairs(pairs) => pairs.insert(row[0], row[1]),
            Seen::Rows(rows) => insert_row(rows, &self.table, row),
        };
        if is_new {
            let number = self.table.len() as u32;
            self.table.push(row);
            for chain in &mut self.chains {
                chain.add(&self.table, number);
            }
        }
        is_new
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
    #[inline]
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The newest row of a chain with these values.
    #[inline]
    pub fn newest(&self, chain: usize, key: &[Value]) -> Option<u32> {
        let chain = &self.chains[chain];
        match &chain.newest {
            Newest::ByValue(rows) => rows.get(key[0].index()).copied().filter(|row| *row != END),
            Newest::ByKey(rows) => {
                let hash = hash_key(key.iter().copied());
                let agrees = |row: u32| {
                    chain.columns.iter().zip(key).all(|(column, value)| self.table.value(row, *column) == *value)
                };
                let same = |newest: &Numbered| newest.hash == hash && agrees(newest.number);
                rows.find(Numbered::spread(hash), same).map(|newest| newest.number)
            }
        }
    }

    /// The row of a chain before this one.
    #[inline]
    pub fn older(&self, chain: usize, row: u32) -> Option<u32> {
        let older = self.chains[chain].older[row as usize];
        (older != END).then_some(older)
    }

    /// The finished rows: the facts as they were given, which have their origin by number, and what was added to them.
    pub fn finish(mut self, facts: &Table) -> Table {
        if self.facts == facts.len() {
            self.table.shrink();
            return self.table;
        }
        let mut table = facts.clone();
        for row in self.table.rows().skip(self.facts) {
            table.push(row);
        }
        table
    }
}

fn insert_row(rows: &mut HashTable<Numbered>, table: &Table, row: &[Value]) -> bool {
    let hash = hash_key(row.iter().copied());
    let same = |other: &Numbered| other.hash == hash && table.row(other.number) == row;
    match rows.entry(Numbered::spread(hash), same, |other| Numbered::spread(other.hash)) {
        Entry::Occupied(_) => false,
        Entry::Vacant(place) => {
            place.insert(Numbered { hash, number: table.len() as u32 });
            true
        }
    }
}

impl Chain {
    fn new(columns: Vec<usize>) -> Chain {
        let newest = match columns.len() {
            1 => Newest::ByValue(Vec::new()),
            _ => Newest::ByKey(HashTable::new()),
        };
        Chain { columns, newest, older: Vec::new() }
    }

    fn add(&mut self, table: &Table, row: u32) {
        let older = match &mut self.newest {
            Newest::ByValue(rows) => {
                let value = table.value(row, self.columns[0]).index();
                if rows.len() <= value {
                    rows.resize(value + 1, END);
                }
                std::mem::replace(&mut rows[value], row)
            }
            Newest::ByKey(rows) => newest_by_key(rows, &self.columns, table, row),
        };
        self.older.push(older);
    }
}

/// Makes a row the newest of its chain; the one before.
fn newest_by_key(rows: &mut HashTable<Numbered>, columns: &[usize], table: &Table, row: u32) -> u32 {
    let hash = hash_key(columns.iter().map(|column| table.value(row, *column)));
    let agree = |other: u32| columns.iter().all(|column| table.value(other, *column) == table.value(row, *column));
    let same = |newest: &Numbered| newest.hash == hash && agree(newest.number);
    match rows.entry(Numbered::spread(hash), same, |newest| Numbered::spread(newest.hash)) {
        Entry::Occupied(mut newest) => std::mem::replace(&mut newest.get_mut().number, row),
        Entry::Vacant(place) => {
            place.insert(Numbered { hash, number: row });
            END
        }
    }
}

fn hash_key(key: impl Iterator<Item = Value>) -> u32 {
    let mix = |hash: u64, value: Value| (hash.rotate_left(5) ^ u64::from(value.0)).wrapping_mul(0xf135_7aea_2e62_a9c5);
    (key.fold(0, mix) >> 32) as u32
}
