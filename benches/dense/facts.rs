//! The loaded facts with small numbers: the things of each entity from 0, and behind them one place for whatever
//! no fact names, about which nothing is known.

use rolecall::compiler::program::{EntityId, Program};
use rolecall::data::{Database, Table, Value};

/// The facts of a database, as numbers of things.
pub struct Facts<'d> {
    pub program: &'d Program,
    pub database: &'d Database,
    places: &'d [u32],
}

/// By value of a symbol: its number among the things of its entity.
pub fn places(program: &Program, database: &Database) -> Vec<u32> {
    let mut next = vec![0u32; program.entities.len() + 1];
    let number = |value| {
        let entity = database.symbols.tag(Value(value)).entity();
        let next = &mut next[entity.map_or(program.entities.len(), EntityId::index)];
        *next += 1;
        *next - 1
    };
    (0..database.symbols.end() as u32).map(number).collect()
}

impl<'d> Facts<'d> {
    /// The facts of a database, by the numbers that [`places`] gave.
    pub fn new(program: &'d Program, database: &'d Database, places: &'d [u32]) -> Facts<'d> {
        Facts { program, database, places }
    }

    /// How many things of an entity there are: also the number of one that no fact names.
    pub fn count(&self, entity: &str) -> usize {
        self.program.entity_named(entity).map_or(0, |entity| self.database.symbols.count(entity))
    }

    /// The number of a thing.
    pub fn place(&self, value: Value) -> u32 {
        self.places[value.index()]
    }

    /// The rows of an input as they are stored.
    pub fn rows(&self, relation: &str) -> impl Iterator<Item = &'d [Value]> + use<'d> {
        self.table(relation).into_iter().flat_map(Table::rows)
    }

    fn table(&self, relation: &str) -> Option<&'d Table> {
        self.program.relation_named(relation).map(|relation| self.database.table(relation))
    }

    /// One column of things.
    pub fn things(&self, relation: &str, column: usize) -> impl Iterator<Item = u32> + Clone + use<'d> {
        self.values(relation, column).map(self.numbering())
    }

    /// One column of members of an enum.
    pub fn values(&self, relation: &str, column: usize) -> impl Iterator<Item = Value> + Clone + use<'d> {
        let table = self.table(relation);
        let rows = table.map_or(0, Table::len) as u32;
        (0..rows).filter_map(move |row| table.map(|table| table.value(row, column)))
    }

    /// Two columns of things.
    pub fn pairs(
        &self,
        relation: &str,
        key: usize,
        value: usize,
    ) -> impl Iterator<Item = (u32, u32)> + Clone + use<'d> {
        self.things(relation, key).zip(self.things(relation, value))
    }

    fn numbering(&self) -> impl Fn(Value) -> u32 + Clone + use<'d> {
        let places = self.places;
        move |value| places[value.index()]
    }

    /// For each thing of an entity, and the unknown one, whether it stands in a column.
    pub fn marks(&self, entity: &str, relation: &str, column: usize) -> Vec<bool> {
        let mut marks = vec![false; self.count(entity) + 1];
        for thing in self.things(relation, column) {
            marks[thing as usize] = true;
        }
        marks
    }

    /// Whether an input has a row with this member of the enum in its only column.
    pub fn states(&self, relation: &str, member: u32) -> bool {
        self.values(relation, 0).any(|value| value == Value(member))
    }
}
