//! The finished model: all facts, loaded and derived, and the indexes over them.

use std::ops::Deref;

use rustc_hash::FxHashMap;

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
    /// By relation and column: how many distinct values there are, where that was asked.
    distinct: FxHashMap<(RelationId, usize), usize>,
}

impl<'p> Model<'p> {
    /// A model of the facts alone.
    pub fn new(program: &'p Program, database: Database) -> Model<'p> {
        let indexes = program.relations.iter().map(|_| Vec::new()).collect();
        let reachabilities = program.relations.iter().map(|_| None).collect();
        Model { program, database, indexes, reachabilities, distinct: FxHashMap::default() }
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
        let table = self.database.table(relation);
        *self.distinct.entry((relation, column)).or_insert_with(|| {
            // A bit for each value: they are numbered without large gaps.
            let mut bits: Vec<u64> = Vec::new();
            for row in table.rows() {
                let value = row[column].index();
                if bits.len() <= value / 64 {
                    bits.resize(value / 64 + 1, 0);
                }
                bits[value / 64] |= 1 << (value % 64);
            }
            bits.iter().map(|word| word.count_ones() as usize).sum()
        })
    }

    /// Replaces the rows of a relation, and forgets what was known of the old ones.
    pub(super) fn replace(&mut self, relation: RelationId, rows: Table) {
        self.indexes[relation.index()].clear();
        self.distinct.retain(|(other, _), _| *other != relation);
        *self.database.table_mut(relation) = rows;
    }

    /// Takes the pairs of a relation that is to be kept as reachability.
    pub(super) fn reach(&mut self, relation: RelationId, pairs: Reachability) {
        self.reachabilities[relation.index()] = Some(pairs);
    }
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
