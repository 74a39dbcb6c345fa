//! The finished model: all facts, loaded and derived, and the indexes over them.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compiler::program::{Program, RelationId};
use crate::data::{Database, Index, Table, Value};

/// Everything that is known, to be asked. Indexes are added while plans are made, and never change after.
#[derive(Debug)]
pub struct Model<'p> {
    /// The program it follows.
    pub program: &'p Program,
    /// The facts.
    pub database: Database,
    indexes: Vec<Vec<Index>>,
    /// By relation and column: how many distinct values there are, where that was asked.
    distinct: FxHashMap<(RelationId, usize), usize>,
}

impl<'p> Model<'p> {
    /// A model of the facts alone.
    pub fn new(program: &'p Program, database: Database) -> Model<'p> {
        let indexes = program.relations.iter().map(|_| Vec::new()).collect();
        Model { program, database, indexes, distinct: FxHashMap::default() }
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
        let table = self.database.table(relation);
        *self.distinct.entry((relation, column)).or_insert_with(|| {
            let values: FxHashSet<Value> = table.rows().map(|row| row[column]).collect();
            values.len()
        })
    }

    /// Replaces the rows of a relation, and forgets what was known of the old ones.
    pub(super) fn replace(&mut self, relation: RelationId, rows: Table) {
        self.indexes[relation.index()].clear();
        self.distinct.retain(|(other, _), _| *other != relation);
        *self.database.table_mut(relation) = rows;
    }
}
