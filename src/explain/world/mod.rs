//! A finished model with a few facts added and taken away, to be asked by patterns.
//!
//! `change` is what differs, `ground` what worlds of one model share, `rows` finds the rows of the model, `solve` goes
//! through bodies. What no change can reach is read from the model; all else is derived again for what is asked alone.

mod change;
mod ground;
mod rows;
mod solve;

use std::cell::{Cell, OnceCell, RefCell};
use std::ops::ControlFlow;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::compiler::program::{RelationId, RelationKind, RuleId};
use crate::data::{Table, Value};
use crate::engine::{Derivation, derive};

pub use change::{Change, Fact, changed, changed_statements};
pub use ground::Ground;
pub use rows::Rows;
pub use solve::{Compared, Left, is_known};

/// A value for each place, of which `None` is any.
pub type Pattern = SmallVec<[Option<Value>; 4]>;

/// A value for each place.
pub type Row = SmallVec<[Value; 4]>;

/// A value for each variable of a rule, as far as it has one.
pub type Bindings = SmallVec<[Option<Value>; 12]>;

/// The rows that were derived again, by what was asked for.
type Derived = FxHashMap<(RelationId, Pattern), Rc<Vec<Row>>>;

/// A model, and the facts that differ from it.
#[derive(Debug)]
pub struct World<'g, 'm> {
    /// What all worlds of the model share.
    pub ground: &'g Ground<'m>,
    /// What differs, sorted.
    pub changes: Vec<Change>,
    /// By relation: whether it may differ.
    affected: Vec<bool>,
    decided: RefCell<FxHashMap<(RelationId, Row), bool>>,
    derived: RefCell<Derived>,
    whole: OnceCell<FxHashMap<RelationId, Table>>,
    /// How many answers are being found for others: what is remembered is never cut short.
    depth: Cell<usize>,
    /// How many rows the answers to open questions may go through.
    rows_left: Cell<u64>,
}

impl<'g, 'm> World<'g, 'm> {
    /// The model as it is.
    pub fn unchanged(ground: &'g Ground<'m>) -> World<'g, 'm> {
        World::new(ground, &[])
    }

    /// The model with changes.
    pub fn new(ground: &'g Ground<'m>, changes: &[Change]) -> World<'g, 'm> {
        let mut changes = changes.to_vec();
        changes.sort();
        let affected = ground.reached_from(changes.iter().map(|change| change.fact.relation));
        World {
            ground,
            changes,
            affected,
            decided: RefCell::default(),
            derived: RefCell::default(),
            whole: OnceCell::new(),
            depth: Cell::new(0),
            rows_left: Cell::new(u64::MAX),
        }
    }

    /// Lets the answers to open questions go through so many rows from now on. What is left is 0 where they were cut short.
    pub fn limit_rows(&self, rows: u64) {
        self.rows_left.set(rows);
    }

    /// How many rows are left.
    pub fn rows_left(&self) -> u64 {
        self.rows_left.get()
    }

    /// Takes a row of an open question.
    fn spend(&self) -> ControlFlow<()> {
        if self.depth.get() > 0 {
            return ControlFlow::Continue(());
        }
        let left = self.rows_left.get();
        self.rows_left.set(left.saturating_sub(1));
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Whether a relation may differ from the model.
    pub fn is_affected(&self, relation: RelationId) -> bool {
        self.affected[relation.index()]
    }

    /// Whether there is a row of that pattern; of a decision, whose pattern has a value for each place, whether it holds.
    pub fn holds(&self, relation: RelationId, pattern: &[Option<Value>]) -> bool {
        if self.is_decision(relation) {
            let Some(row) = pattern.iter().copied().collect::<Option<Row>>() else {
                return self.each_open(relation, pattern, &mut |_| ControlFlow::Break(())).is_break();
            };
            return self.decides(relation, row);
        }
        self.each(relation, pattern, &mut |_| ControlFlow::Break(())).is_break()
    }

    fn is_decision(&self, relation: RelationId) -> bool {
        self.ground.program().relation(relation).kind == RelationKind::Decision
    }

    fn decides(&self, relation: RelationId, row: Row) -> bool {
        if let Some(known) = self.decided.borrow().get(&(relation, row.clone())) {
            return *known;
        }
        let depth = self.depth.replace(self.depth.get() + 1);
        let answer = self.first_instance(relation, &row).is_some();
        self.depth.set(depth);
        self.decided.borrow_mut().insert((relation, row), answer);
        answer
    }

    /// The first rule that derives something, and values for its variables.
    pub fn first_instance(&self, relation: RelationId, row: &[Value]) -> Option<(RuleId, Bindings)> {
        self.instances(relation, row, true).pop()
    }

    /// Every row of a stored relation that fits; perhaps some more than once.
    pub fn each(
        &self,
        relation: RelationId,
        pattern: &[Option<Value>],
        visit: &mut dyn FnMut(&[Value]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if !self.is_affected(relation) {
            return self.ground.rows.each(relation, pattern, visit);
        }
        if self.ground.rules_of(relation).is_empty() {
            return self.each_given(relation, pattern, visit);
        }
        if self.ground.is_whole(relation) {
            let rows = self.whole().get(&relation).map(Table::rows);
            let mut fitting = rows.into_iter().flatten().filter(|row| fits(pattern, row));
            return fitting.try_for_each(visit);
        }
        let rows = self.derive_again(relation, pattern);
        rows.iter().try_for_each(|row| visit(row))
    }

    /// The facts of the data and of rule files that fit, each once, sorted.
    pub fn facts(&self, relation: RelationId, pattern: &[Option<Value>]) -> Vec<Row> {
        let mut rows = Vec::new();
        let _ = self.each_given(relation, pattern, &mut |row| {
            rows.push(Row::from_slice(row));
            ControlFlow::Continue(())
        });
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// Whether the data or a rule file states a fact.
    pub fn has_fact(&self, relation: RelationId, pattern: &[Option<Value>]) -> bool {
        self.each_given(relation, pattern, &mut |_| ControlFlow::Break(())).is_break()
    }

    /// Every rule that derives something, with each of the values for its variables; `first` stops after one.
    pub fn instances(&self, relation: RelationId, row: &[Value], first: bool) -> Vec<(RuleId, Bindings)> {
        let pattern: Pattern = row.iter().copied().map(Some).collect();
        let mut found = Vec::new();
        for id in self.ground.rules_for(relation, &pattern).iter() {
            let rule = self.ground.program().rule(*id);
            let Some(bindings) = self.ground.head_bindings(rule, &pattern) else { continue };
            let flow = self.solve(rule, bindings, &mut |bindings| {
                found.push((*id, bindings.clone()));
                if first { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            if flow.is_break() {
                break;
            }
        }
        found
    }

    /// The first row that fits a pattern, in the order of rows; of a decision, which is known, what was asked.
    pub fn first(&self, relation: RelationId, pattern: &[Option<Value>]) -> Option<Row> {
        if self.ground.program().relation(relation).kind == RelationKind::Decision {
            return pattern.iter().copied().collect();
        }
        let mut first: Option<Row> = None;
        let _ = self.each(relation, pattern, &mut |row| {
            let row = Row::from_slice(row);
            if first.as_ref().is_none_or(|first| row < *first) {
                first = Some(row);
            }
            ControlFlow::Continue(())
        });
        first
    }

    /// The facts of the data and of rule files as they are here.
    fn each_given(
        &self,
        relation: RelationId,
        pattern: &[Option<Value>],
        visit: &mut dyn FnMut(&[Value]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let here = || self.changes.iter().filter(|change| change.fact.relation == relation);
        let removed = |row: &[Value]| here().any(|change| !change.adds && *change.fact.row == *row);
        self.ground.rows.each_given(relation, pattern, &mut |row| match removed(row) {
            true => ControlFlow::Continue(()),
            false => visit(row),
        })?;
        let added = here().filter(|change| change.adds && fits(pattern, &change.fact.row));
        added.map(|change| &change.fact.row[..]).try_for_each(visit)
    }

    /// The rows of a relation that is neither recursive nor aggregated, from its facts and rules.
    fn derive_again(&self, relation: RelationId, pattern: &[Option<Value>]) -> Rc<Vec<Row>> {
        let key = (relation, Pattern::from_slice(pattern));
        if let Some(known) = self.derived.borrow().get(&key) {
            return Rc::clone(known);
        }
        let mut seen: FxHashSet<Row> = FxHashSet::default();
        let mut rows: Vec<Row> = Vec::new();
        let mut take = |row: Row| {
            if seen.insert(row.clone()) {
                rows.push(row);
            }
            ControlFlow::Continue(())
        };
        let depth = self.depth.replace(self.depth.get() + 1);
        let _ = self.each_given(relation, pattern, &mut |row| take(Row::from_slice(row)));
        for id in self.ground.rules_of(relation) {
            let rule = self.ground.program().rule(*id);
            let Some(bindings) = self.ground.head_bindings(rule, pattern) else { continue };
            let _ = self.solve(rule, bindings, &mut |bindings| match self
                .ground
                .pattern(&rule.head.terms, bindings)
                .into_iter()
                .collect::<Option<Row>>()
            {
                Some(row) => take(row),
                None => ControlFlow::Continue(()),
            });
        }
        self.depth.set(depth);
        let rows = Rc::new(rows);
        self.derived.borrow_mut().insert(key, Rc::clone(&rows));
        rows
    }

    /// What is recursive or aggregated and may differ, derived by the engine.
    fn whole(&self) -> &FxHashMap<RelationId, Table> {
        self.whole.get_or_init(|| {
            let program = self.ground.program();
            let ids = (0..program.relations.len() as u32).map(RelationId);
            let wanted: Vec<RelationId> = ids.filter(|id| self.ground.is_whole(*id) && self.is_affected(*id)).collect();
            let how = Derivation { wanted: Some(wanted.clone()), ..Derivation::default() };
            let database = changed(program, &self.ground.model.database, &self.changes);
            // Beyond the limit nothing is known of them; the limit is far above what the model itself took.
            let Ok(model) = derive(program, database, &how, None) else { return FxHashMap::default() };
            let table = |relation: RelationId| {
                let mut table = Table::new(program.relation(relation).arity());
                model.rows(relation).for_each(|row| table.push(&row));
                (relation, table)
            };
            wanted.into_iter().map(table).collect()
        })
    }
}

/// Whether a row has the values of a pattern.
pub fn fits(pattern: &[Option<Value>], row: &[Value]) -> bool {
    pattern.iter().zip(row).all(|(wanted, value)| wanted.is_none_or(|wanted| wanted == *value))
}
