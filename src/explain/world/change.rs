//! Facts that are added or taken away.

use crate::compiler::program::{Program, RelationId};
use crate::data::Database;
use crate::explain::world::Row;
use crate::proof::Statement;

/// A fact of an input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    /// The input.
    pub relation: RelationId,
    /// One value for each place.
    pub row: Row,
}

/// A fact that is added, or taken away.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// Which.
    pub fact: Fact,
    /// Whether it is added.
    pub adds: bool,
}

/// The facts of a database after changes, without what rules derived from the old ones.
pub fn changed(program: &Program, database: &Database, changes: &[Change]) -> Database {
    let mut database = database.given_facts(program, |relation, row| {
        let taken = |change: &Change| !change.adds && change.fact.relation == relation && *change.fact.row == *row;
        !changes.iter().any(taken)
    });
    let file = database.begin_file("changes");
    for (record, change) in changes.iter().filter(|change| change.adds).enumerate() {
        database.add(change.fact.relation, &change.fact.row, file, record as u32);
    }
    database
}

/// The facts that changes take away, and those that they add.
pub fn changed_statements(changes: &[Change]) -> (Vec<Statement>, Vec<Statement>) {
    let of = |adds: bool| {
        let chosen = changes.iter().filter(move |change| change.adds == adds);
        chosen.map(|change| Statement { relation: change.fact.relation, arguments: change.fact.row.to_vec() }).collect()
    };
    (of(false), of(true))
}
