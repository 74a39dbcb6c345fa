//! Rows in the order they came, each once.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use crate::data::Value;

/// A value for each place of a relation.
pub(super) type Row = SmallVec<[Value; 4]>;

/// A set that remembers the order.
#[derive(Debug, Default)]
pub(super) struct RowSet {
    rows: Vec<Row>,
    /// The places in `rows`, by the hashes of what stands there.
    places: HashTable<u32>,
}

impl RowSet {
    /// Adds a row; whether it is new.
    pub fn insert(&mut self, row: Row) -> bool {
        if self.contains(&row) {
            return false;
        }
        let rows = &self.rows;
        let rehash = |place: &u32| rows.get(*place as usize).map_or(0, |row| hash_of(row));
        self.places.insert_unique(hash_of(&row), self.rows.len() as u32, rehash);
        self.rows.push(row);
        true
    }

    /// Whether a row is there.
    pub fn contains(&self, row: &[Value]) -> bool {
        let same = |place: &u32| self.rows.get(*place as usize).is_some_and(|other| other[..] == *row);
        self.places.find(hash_of(row), same).is_some()
    }

    /// All rows, in the order they came.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

/// The same for equal rows.
pub(super) fn hash_of(row: &[Value]) -> u64 {
    FxBuildHasher.hash_one(row)
}
