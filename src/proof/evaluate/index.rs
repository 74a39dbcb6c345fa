//! The rows of a table by the values of some of its columns: for each key the first row, and from row to row the next.

use hashbrown::HashTable;
use smallvec::SmallVec;

use super::row_set::{Row, hash_of};
use crate::data::{Table, Value};

/// Columns, in rising order.
pub(super) type Columns = SmallVec<[usize; 4]>;

/// Behind the last row of a key.
const NONE: u32 = u32::MAX;

/// An index of the first rows of a table. Costs 4 bytes a row, and about 10 for each key.
#[derive(Debug)]
pub(super) struct Index {
    columns: Columns,
    groups: HashTable<Group>,
    /// By row: the next one with its key.
    next: Vec<u32>,
}

/// The rows of one key.
#[derive(Clone, Copy, Debug)]
struct Group {
    first: u32,
    count: u32,
}

impl Index {
    /// Reads the first `len` rows of a table.
    pub fn build(table: &Table, len: u32, columns: &[usize]) -> Index {
        let mut index = Index { columns: columns.into(), groups: HashTable::new(), next: vec![NONE; len as usize] };
        // From the last to the first, so that the rows of a key follow one another as in the table.
        for row in (0..len).rev() {
            index.add(table, row);
        }
        index
    }

    fn add(&mut self, table: &Table, row: u32) {
        let columns = &self.columns;
        let key = |row: u32| -> Row { columns.iter().map(|column| table.value(row, *column)).collect() };
        let wanted = key(row);
        match self.groups.find_mut(hash_of(&wanted), |group| key(group.first) == wanted) {
            Some(group) => {
                if let Some(next) = self.next.get_mut(row as usize) {
                    *next = group.first;
                }
                *group = Group { first: row, count: group.count + 1 };
            }
            None => {
                let group = Group { first: row, count: 1 };
                self.groups.insert_unique(hash_of(&wanted), group, |group| hash_of(&key(group.first)));
            }
        }
    }

    /// How many rows have that key.
    pub fn count(&self, table: &Table, key: &[Value]) -> usize {
        self.group(table, key).map_or(0, |group| group.count as usize)
    }

    /// The numbers of the rows that have that key.
    pub fn rows(&self, table: &Table, key: &[Value]) -> impl Iterator<Item = u32> {
        let first = self.group(table, key).map_or(NONE, |group| group.first);
        let next = |row: &u32| self.next.get(*row as usize).copied();
        std::iter::successors(Some(first), next).take_while(|row| *row != NONE)
    }

    fn group(&self, table: &Table, key: &[Value]) -> Option<Group> {
        let same = |group: &Group| {
            let mut places = self.columns.iter().zip(key);
            places.all(|(column, value)| table.value(group.first, *column) == *value)
        };
        self.groups.find(hash_of(key), same).copied()
    }
}
