//! A relation while it is being derived: rows that are added at the end, each once, and chains through the
//! rows that agree in some columns. A round's new rows are the last ones.

use std::ops::Range;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::data::{Numbered, Table, Value};
use crate::engine::pair_set::PairSet;

/// The end of a chain.
const END: u32 = u32::MAX;

/// From this many rows on, four bytes for each value there may be are not too much.
const BY_VALUE_FROM: u32 = 4096;

/// The rows of a relation that rules add to.
#[derive(Debug)]
pub struct Growing {
    table: Table,
    seen: PairSet,
    groups: Groups,
    chains: Vec<Chain>,
    delta: Range<u32>,
    /// How many distinct facts there were to begin with.
    facts: usize,
}

/// Rows that agree in all columns but the last, for rows of more or less than two: each group is named by its first
/// row, and the last values of its rows are pairs with that number.
#[derive(Debug, Default)]
struct Groups {
    first_rows: HashTable<Numbered>,
    /// The first row of the group that was asked last, which is often asked again.
    last: u32,
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
    /// By the value of the one column, in a relation of many rows: values are numbered without large gaps.
    ByValue(Vec<u32>),
    /// By the values of several columns.
    ByKey(HashTable<Numbered>),
}

impl Growing {
    /// Starts with the rows that are facts already; they are the first new rows.
    pub fn new(facts: &Table, chains: Vec<Vec<usize>>) -> Growing {
        let chains = chains.into_iter().map(Chain::new).collect();
        let (seen, groups) = (PairSet::new(), Groups::default());
        let mut growing = Growing { table: Table::new(facts.width()), seen, groups, chains, delta: 0..0, facts: 0 };
        for row in facts.rows() {
            growing.insert(row);
        }
        growing.facts = growing.table.len();
        growing
    }

    /// Adds a row unless it is there; whether it was added.
    #[inline]
    pub fn insert(&mut self, row: &[Value]) -> bool {
        let is_new = match row {
            [first, second] => self.seen.insert(*first, *second),
            [group @ .., last] => self.seen.insert(Value(self.groups.first_row(&self.table, group)), *last),
            [] => self.table.is_empty(),
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

    /// Whether the row is there.
    #[inline]
    pub fn contains(&self, row: &[Value]) -> bool {
        match row {
            [first, second] => self.seen.contains(*first, *second),
            [group @ .., last] => {
                let group = self.groups.find(&self.table, group);
                group.is_some_and(|group| self.seen.contains(Value(group), *last))
            }
            [] => !self.table.is_empty(),
        }
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

impl Groups {
    /// The first row of a group; the next one to be added, where there is none.
    fn first_row(&mut self, table: &Table, group: &[Value]) -> u32 {
        let same = |row: u32| table.row(row)[..group.len()] == *group;
        if (self.last as usize) < table.len() && same(self.last) {
            return self.last;
        }
        let hash = hash_key(group.iter().copied());
        let is_first = |first: &Numbered| first.hash == hash && same(first.number);
        let rehash = |first: &Numbered| Numbered::spread(first.hash);
        self.last = match self.first_rows.entry(Numbered::spread(hash), is_first, rehash) {
            Entry::Occupied(first) => first.get().number,
            Entry::Vacant(place) => {
                let number = table.len() as u32;
                place.insert(Numbered { hash, number });
                number
            }
        };
        self.last
    }

    /// The first row of a group that has rows.
    fn find(&self, table: &Table, group: &[Value]) -> Option<u32> {
        let hash = hash_key(group.iter().copied());
        let same = |first: &Numbered| first.hash == hash && table.row(first.number)[..group.len()] == *group;
        self.first_rows.find(Numbered::spread(hash), same).map(|first| first.number)
    }
}

impl Chain {
    fn new(columns: Vec<usize>) -> Chain {
        Chain { columns, newest: Newest::ByKey(HashTable::new()), older: Vec::new() }
    }

    fn add(&mut self, table: &Table, row: u32) {
        if let [column] = self.columns[..]
            && row == BY_VALUE_FROM
        {
            let mut rows = Vec::new();
            for earlier in 0..row {
                replace_newest(&mut rows, table.value(earlier, column), earlier);
            }
            self.newest = Newest::ByValue(rows);
        }
        let older = match &mut self.newest {
            Newest::ByValue(rows) => replace_newest(rows, table.value(row, self.columns[0]), row),
            Newest::ByKey(rows) => newest_by_key(rows, &self.columns, table, row),
        };
        self.older.push(older);
    }
}

/// Makes a row the newest with that value; the one before.
fn replace_newest(rows: &mut Vec<u32>, value: Value, row: u32) -> u32 {
    if rows.len() <= value.index() {
        rows.resize(value.index() + 1, END);
    }
    std::mem::replace(&mut rows[value.index()], row)
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
