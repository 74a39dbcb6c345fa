//! The finished model: all facts, loaded and derived, and the indexes over them.

use crate::compiler::program::{Program, RelationId};
use crate::data::{Database, Index};

/// Everything that is known, to be asked. Indexes are added while plans are made, and never change after.
#[derive(Debug)]
pub struct Model<'p> {
    /// The program it follows.
    pub program: &'p Program,
    /// The facts.
    pub database: Database,
    indexes: Vec<Vec<Index>>,
}

impl<'p> Model<'p> {
    /// A model of the facts alone.
    pub fn new(program: &'p Program, database: Database) -> Model<'p> {
        let indexes = program.relations.iter().map(|_| Vec::new()).collect();
        Model { program, database, indexes }
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

    /// Forgets the indexes of a relation that is about to get rows.
    pub(super) fn forget_indexes(&mut self, relation: RelationId) {
        self.indexes[relation.index()].clear();
    }
}
