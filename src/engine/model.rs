//! The finished model: all facts, loaded and derived, and the indexes over them.

use std::ops::Deref;

use crate::compiler::program::{Program, RelationId};
use crate::data::{Database, Index, Table, Value};
use crate::engine::Reachability;

/// Everything that is known, to be asked. Indexes are added while plans are made, and never change after.
#[derive(Debug)]
pub struct Model<'p> {
    /// The program it follows.
    pub program: &'p Program,
    /// The facts.
    pub database: Database,
    indexes: Vec<Vec<Index>>,
    /// By relation: its pairs, where they are kept as reachability; its table then holds the facts alone.
    reachabilities: Vec<Option<Reachability>>,
    /// By relation: columns with the number of their distinct values, where that was asked.
    distinct: Vec<Vec<(usize, usize)>>,
}

impl<'p> Model<'p> {
    /// A model of the facts alone.
    pub fn new(program: &'p Program, database: Database) -> Model<'p> {
        let indexes = program.relations.iter().map(|_| Vec::new()).collect();
        let reachabilities = program.relations.iter().map(|_| None).collect();
        let distinct = vec![Vec::new(); program.relations.len()];
        Model { program, database, indexes, reachabilities, distinct }
    }

    /// The pairs of a relation that is kept as reachability.
    #[inline]
    pub fn reachability(&self, relation: RelationId) -> Option<&Reachability> {
        self.reachabilities[relation.index()].as_ref()
    }

    /// How many rows a relation has, repeated facts included.
    pub fn len(&self, relation: RelationId) -> usize {
        self.reachability(relation).map_or_else(|| self.database.table(relation).len(), Reachability::len)
    }

    /// Every row of a relation, in no order that means anything; repeated facts as often as they were given.
    pub fn rows(&self, relation: RelationId) -> impl Iterator<Item = Row<'_>> {
        let reachability = self.reachability(relation);
        let stored = reachability.is_none().then(|| self.database.table(relation).rows());
        let pairs = reachability.map(Reachability::pairs);
        stored.into_iter().flatten().map(Row::Stored).chain(pairs.into_iter().flatten().map(Row::Pair))
    }

    /// The number of an index that begins with these columns (one at least), built if there is none.
    ///
    /// Building costs a sort of the relation's rows.
    pub fn index_for(&mut self, relation: RelationId, columns: &[usize]) -> usize {
        let indexes = &mut self.indexes[relation.index()];
        if let Some(number) = indexes.iter().position(|index| index.serves(columns)) {
            return number;
        }
        indexes.push(Index::build(self.database.table(relation), columns));
        indexes.len() - 1
    }

    /// An index by its number.
    #[inline]
    pub fn index(&self, relation: RelationId, number: usize) -> &Index {
        &self.indexes[relation.index()][number]
    }

    /// How many distinct values a column has, for the planner. Counted once, in a pass over the rows.
    pub(super) fn distinct(&mut self, relation: RelationId, column: usize) -> usize {
        if let Some(reachability) = self.reachability(relation) {
            return reachability.distinct(column);
        }
        let known = &mut self.distinct[relation.index()];
        if let Some((_, distinct)) = known.iter().find(|(other, _)| *other == column) {
            return *distinct;
        }
        let distinct = distinct_values(self.database.table(relation), column);
        known.push((column, distinct));
        distinct
    }

    /// Replaces the rows of a relation, and forgets what was known of the old ones.
    pub(super) fn replace(&mut self, relation: RelationId, rows: Table) {
        self.indexes[relation.index()].clear();
        self.distinct[relation.index()].clear();
        *self.database.table_mut(relation) = rows;
    }

    /// Takes the pairs of a relation that is to be kept as reachability.
    pub(super) fn reach(&mut self, relation: RelationId, pairs: Reachability) {
        self.reachabilities[relation.index()] = Some(pairs);
    }
}

/// Counts with a bit for each value: they are numbered without large gaps.
fn distinct_values(table: &Table, column: usize) -> usize {
    let mut bits: Vec<u64> = Vec::new();
    for row in table.rows() {
        let value = row[column].index();
        if bits.len() <= value / 64 {
            bits.resize(value / 64 + 1, 0);
        }
        bits[value / 64] |= 1 << (value % 64);
    }
    bits.iter().map(|word| word.count_ones() as usize).sum()
}

/// A row of a relation, however that is kept.
#[derive(Clone, Copy, Debug)]
pub enum Row<'m> {
    /// Of a table.
    Stored(&'m [Value]),
    /// Of a reachability.
    Pair([Value; 2]),
}

impl Deref for Row<'_> {
    type Target = [Value];

    #[inline]
    fn deref(&self) -> &[Value] {
        match self {
            Row::Stored(row) => row,
            Row::Pair(pair) => pair,
        }
    }
}
