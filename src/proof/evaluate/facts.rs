//! The facts that an evaluation is about: those of a database, without some and with others.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::index::{Columns, Index};
use super::row_set::{Row, RowSet};
use crate::compiler::program::{Program, RelationId};
use crate::data::{Database, Table, Value};
use crate::proof::Statement;

/// The loaded and stated facts of a database, which may be that of a finished model: what rules derived is left out.
///
/// Keeps the indexes that questions need. Each is built when it is first asked, in one pass over its relation, and
/// serves every [`Facts`] over it.
#[derive(Debug)]
pub struct Given<'d> {
    database: &'d Database,
    indexes: Indexes,
}

/// Indexes by relation and columns.
type Indexes = RefCell<FxHashMap<(RelationId, Columns), Rc<Index>>>;

impl<'d> Given<'d> {
    /// The given facts of a database; costs nothing yet.
    pub fn new(database: &'d Database) -> Given<'d> {
        Given { database, indexes: Indexes::default() }
    }

    /// Where the facts and the names of their values are.
    pub fn database(&self) -> &'d Database {
        self.database
    }

    fn stretch(&self, relation: RelationId) -> Stretch<'_> {
        let (table, len) = (self.database.table(relation), self.database.given_len(relation));
        Stretch { relation, table, len, indexes: &self.indexes }
    }
}

/// What counts as given for one evaluation. The values of all facts are those of the database's symbols.
#[derive(Debug)]
pub struct Facts<'f> {
    given: &'f Given<'f>,
    /// Whether the facts of the database count.
    based: bool,
    without: FxHashMap<RelationId, FxHashSet<Row>>,
    with: FxHashMap<RelationId, Table>,
    indexes: Indexes,
}

impl<'f> Facts<'f> {
    /// All given facts.
    pub fn all(given: &'f Given<'f>) -> Facts<'f> {
        let (without, with) = (FxHashMap::default(), FxHashMap::default());
        Facts { given, based: true, without, with, indexes: Indexes::default() }
    }

    /// No facts.
    pub fn none(given: &'f Given<'f>) -> Facts<'f> {
        Facts { based: false, ..Facts::all(given) }
    }

    /// The facts that rule files state, and none of the data. Costs a visit of each.
    pub fn stated(given: &'f Given<'f>, program: &Program) -> Facts<'f> {
        let mut statements = Vec::new();
        for ((number, facts), relation) in (0u32..).zip(&program.facts).zip(&program.relations) {
            let rows = facts.values.chunks_exact(relation.arity().max(1));
            statements.extend(rows.take(facts.spans.len()).map(|row| Statement {
                relation: RelationId(number),
                arguments: row.iter().map(|constant| given.database.constant(*constant)).collect(),
            }));
        }
        Facts::none(given).with(&statements)
    }

    /// These, but without some: facts that the database has, each however often it was given.
    pub fn without<'s>(mut self, statements: impl IntoIterator<Item = &'s Statement>) -> Facts<'f> {
        for statement in statements {
            self.without.entry(statement.relation).or_default().insert(Row::from_slice(&statement.arguments));
        }
        self
    }

    /// These, and some more: also one that was taken away. Of a decision there are no facts.
    pub fn with<'s>(mut self, statements: impl IntoIterator<Item = &'s Statement>) -> Facts<'f> {
        for Statement { relation, arguments } in statements {
            let width = self.given.database.table(*relation).width();
            if width == arguments.len() {
                self.with.entry(*relation).or_insert_with(|| Table::new(width)).push(arguments);
                self.indexes.borrow_mut().clear();
            }
        }
        self
    }

    /// Where the names of the values are.
    pub fn database(&self) -> &'f Database {
        self.given.database
    }

    /// Calls `take` with each fact that has these values, until it breaks; a repeated fact may come more than once.
    pub(super) fn find(
        &self,
        relation: RelationId,
        pattern: &[Option<Value>],
        take: &mut dyn FnMut(&[Value]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let without = self.without.get(&relation);
        if self.based {
            self.given.stretch(relation).find(pattern, &mut |row| match without {
                Some(without) if without.contains(row) => ControlFlow::Continue(()),
                _ => take(row),
            })?;
        }
        self.added(relation).map_or(ControlFlow::Continue(()), |added| added.find(pattern, take))
    }

    /// Whether some fact has these values.
    pub fn any(&self, relation: RelationId, pattern: &[Option<Value>]) -> bool {
        self.find(relation, pattern, &mut |_| ControlFlow::Break(())).is_break()
    }

    /// Every fact that has these values, once.
    pub(super) fn rows(&self, relation: RelationId, pattern: &[Option<Value>]) -> RowSet {
        let mut rows = RowSet::default();
        let _ = self.find(relation, pattern, &mut |row| {
            rows.insert(Row::from_slice(row));
            ControlFlow::Continue(())
        });
        rows
    }

    /// How many facts have these values, those that are left out and repeated ones included.
    pub(super) fn count(&self, relation: RelationId, pattern: &[Option<Value>]) -> usize {
        let based = if self.based { self.given.stretch(relation).count(pattern) } else { 0 };
        based + self.added(relation).map_or(0, |added| added.count(pattern))
    }

    fn added(&self, relation: RelationId) -> Option<Stretch<'_>> {
        let table = self.with.get(&relation)?;
        Some(Stretch { relation, table, len: table.len() as u32, indexes: &self.indexes })
    }
}

/// The first rows of a table, and its indexes among those of others.
struct Stretch<'f> {
    relation: RelationId,
    table: &'f Table,
    len: u32,
    indexes: &'f Indexes,
}

impl Stretch<'_> {
    fn find(&self, pattern: &[Option<Value>], take: &mut dyn FnMut(&[Value]) -> ControlFlow<()>) -> ControlFlow<()> {
        let (columns, key) = bound(pattern);
        if self.len == 0 {
            return ControlFlow::Continue(());
        }
        if columns.is_empty() {
            return (0..self.len).try_for_each(|row| take(self.table.row(row)));
        }
        self.index(columns).rows(self.table, &key).try_for_each(|row| take(self.table.row(row)))
    }

    fn count(&self, pattern: &[Option<Value>]) -> usize {
        let (columns, key) = bound(pattern);
        match columns.is_empty() || self.len == 0 {
            true => self.len as usize,
            false => self.index(columns).count(self.table, &key),
        }
    }

    fn index(&self, columns: Columns) -> Rc<Index> {
        let mut indexes = self.indexes.borrow_mut();
        let index = indexes.entry((self.relation, columns));
        let build = |columns: &Columns| Rc::new(Index::build(self.table, self.len, columns));
        match index {
            std::collections::hash_map::Entry::Occupied(known) => known.get().clone(),
            std::collections::hash_map::Entry::Vacant(place) => {
                let index = build(&place.key().1);
                place.insert(index).clone()
            }
        }
    }
}

/// The columns that have a value, and the values.
fn bound(pattern: &[Option<Value>]) -> (Columns, Row) {
    pattern.iter().enumerate().filter_map(|(column, value)| Some((column, (*value)?))).unzip()
}
