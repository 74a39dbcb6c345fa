//! A relation while it is being derived: rows that are added at the end, each once, and chains of the rows that agree
//! in some columns. A round's new rows are the last ones.
//!
//! `pair_set` tells whether a row is there, `keys` numbers what rows agree in, and `chain` keeps their other columns.

use std::ops::Range;

use crate::data::{Table, Value};
use crate::engine::chain::{Chain, ChainLayout, Chains};
use crate::engine::join::Values;
use crate::engine::keys::Keys;
use crate::engine::pair_set::PairSet;

/// From this many rows on, four bytes for each value there may be are not too much.
const BY_VALUE_FROM: usize = 4096;

/// The rows of a relation that rules add to.
#[derive(Debug)]
pub struct Growing {
    table: Table,
    seen: PairSet,
    /// For rows of more or less than two values: those that agree in all but the last, which is a pair with their number.
    groups: Keys,
    chained: Vec<Chained>,
    delta: Range<u32>,
    /// How many distinct facts there were to begin with.
    facts: usize,
}

/// A chain through the rows for each key.
#[derive(Debug)]
struct Chained {
    columns: Vec<usize>,
    /// Nothing where the keys are the groups.
    keys: Option<Keys>,
    chains: Chains,
}

impl Growing {
    /// Starts with the rows that are facts already; they are the first new rows.
    pub fn new(facts: &Table, chains: Vec<ChainLayout>) -> Growing {
        let chained = chains.into_iter().map(|layout| Chained::new(layout, facts.width())).collect();
        let (table, seen, groups) = (Table::new(facts.width()), PairSet::new(), Keys::new());
        let mut growing = Growing { table, seen, groups, chained, delta: 0..0, facts: 0 };
        for row in facts.rows() {
            growing.insert(row);
        }
        growing.facts = growing.table.len();
        growing
    }

    /// Adds a row unless it is there; whether it was added.
    #[inline]
    pub fn insert(&mut self, row: &[Value]) -> bool {
        let mut group = 0;
        let is_new = match row {
            [first, second] => self.seen.insert(*first, *second),
            [agreeing @ .., last] => {
                group = self.groups.number(agreeing);
                self.seen.insert(Value(group), *last)
            }
            [] => self.table.is_empty(),
        };
        if is_new {
            self.table.push(row);
            for chained in &mut self.chained {
                chained.add(row, group);
            }
            if self.table.len() == BY_VALUE_FROM {
                self.find_by_value();
            }
        }
        is_new
    }

    #[cold]
    fn find_by_value(&mut self) {
        for chained in &mut self.chained {
            if let (Some(keys), [_]) = (&mut chained.keys, &chained.columns[..]) {
                keys.by_value();
            }
        }
    }

    /// Whether the row is there.
    #[inline]
    pub fn contains(&self, row: &[Value]) -> bool {
        match row {
            [first, second] => self.seen.contains(*first, *second),
            [agreeing @ .., last] => {
                let group = self.groups.find(agreeing);
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

    /// The rows with these values in the columns of a key; take them from [`Growing::chains`].
    #[inline]
    pub fn chain(&self, chains: usize, key: &[Value]) -> Chain {
        let chained = &self.chained[chains];
        let key = chained.keys.as_ref().unwrap_or(&self.groups).find(key);
        key.map_or(Chain::default(), |key| chained.chains.of(key))
    }

    /// All chains by one key.
    #[inline]
    pub fn chains(&self, chains: usize) -> &Chains {
        &self.chained[chains].chains
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

impl Chained {
    fn new(layout: ChainLayout, width: usize) -> Chained {
        let is_group = width != 2 && layout.key.iter().copied().eq(0..width - 1);
        Chained { keys: (!is_group).then(Keys::new), columns: layout.key, chains: Chains::new(layout.rest) }
    }

    #[inline]
    fn add(&mut self, row: &[Value], group: u32) {
        let key = match (&mut self.keys, &self.columns[..]) {
            (None, _) => group,
            (Some(keys), [column]) => keys.number(&[row[*column]]),
            (Some(keys), columns) => keys.number(&columns.iter().map(|column| row[*column]).collect::<Values>()),
        };
        self.chains.add(key, row);
    }
}
