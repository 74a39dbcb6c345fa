//! The rows of a finished model by the values of some of their places. What a question needs is indexed when it is
//! first asked.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::compiler::program::{RelationId, Type};
use crate::data::{Index, Layout, Value};
use crate::engine::{Model, Reaching, Side};
use crate::explain::world::{Row, fits};

/// Tables with fewer rows are gone through.
const SMALL: usize = 24;

/// So many times it costs less to go through all rows than to build an index.
const SCANS: u32 = 24;

/// The columns of a relation that are known.
type Columns = SmallVec<[usize; 4]>;

/// The ways to the rows of a model.
#[derive(Debug)]
pub struct Rows<'m> {
    model: &'m Model<'m>,
    indexes: RefCell<FxHashMap<(RelationId, Columns), Rc<Ordered>>>,
    /// How often all rows were gone through for want of an index.
    scans: RefCell<FxHashMap<(RelationId, Columns), u32>>,
}

/// An index, and the columns in its order.
#[derive(Debug)]
struct Ordered {
    index: Index,
    order: Vec<usize>,
}

impl<'m> Rows<'m> {
    /// Nothing is indexed yet.
    pub fn new(model: &'m Model<'m>) -> Rows<'m> {
        Rows { model, indexes: RefCell::default(), scans: RefCell::default() }
    }

    /// How many rows with values in these places are to be expected.
    pub fn expected(&self, relation: RelationId, pattern: &[Option<Value>]) -> f64 {
        let bound = (0..pattern.len()).filter(|column| pattern[*column].is_some());
        let distinct = bound.map(|column| self.distinct(relation, column)).max().unwrap_or(1).max(1);
        self.model.len(relation) as f64 / distinct as f64
    }

    /// About how many values a column has: no more than there are things of its entity, or members of its enum.
    fn distinct(&self, relation: RelationId, column: usize) -> usize {
        let program = self.model.program;
        let symbols = &self.model.database.symbols;
        let possible = match program.relation(relation).fields[column].ty {
            Type::Entity(entity) => symbols.count(entity),
            Type::Enum(members) => program.enums[members.index()].members.len(),
            Type::Action => program.actions.len(),
            Type::Int | Type::Text | Type::Resource => usize::MAX,
        };
        possible.min(self.model.len(relation))
    }

    /// Every row of a stored relation that fits.
    pub fn each(
        &self,
        relation: RelationId,
        pattern: &[Option<Value>],
        visit: &mut dyn FnMut(&[Value]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if let Some(pairs) = self.model.reachability(relation) {
            let (reaching, key): (Reaching, SmallVec<[Value; 2]>) = match pattern {
                [Some(first), Some(second)] => (Reaching::Both, SmallVec::from_slice(&[*first, *second])),
                [Some(first), None] => (Reaching::Of(Side::First), SmallVec::from_slice(&[*first])),
                [None, Some(second)] => (Reaching::Of(Side::Second), SmallVec::from_slice(&[*second])),
                _ => (Reaching::Any, SmallVec::new()),
            };
            return pairs.find(reaching, &key, |pair| visit(&pair));
        }
        let table = self.model.database.table(relation);
        let known: Columns = (0..pattern.len()).filter(|column| pattern[*column].is_some()).collect();
        if known.is_empty() || table.len() < SMALL {
            return table.rows().filter(|row| fits(pattern, row)).try_for_each(visit);
        }
        let Some(ordered) = self.index(relation, &known, pattern.len()) else {
            return self.scan(relation, &known, pattern, visit);
        };
        let key: SmallVec<[Value; 4]> = ordered.order.iter().map_while(|column| pattern[*column]).collect();
        let mut row: Row = pattern.iter().map(|value| value.unwrap_or_default()).collect();
        for number in ordered.index.find(&key) {
            for (column, value) in ordered.order[1..].iter().zip(ordered.index.row(number)) {
                row[*column] = *value;
            }
            visit(&row)?;
        }
        ControlFlow::Continue(())
    }

    /// Every fact of the data and of rule files that fits.
    pub fn each_given(
        &self,
        relation: RelationId,
        pattern: &[Option<Value>],
        visit: &mut dyn FnMut(&[Value]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let table = self.model.database.table(relation);
        let given = self.model.database.given_len(relation) as usize;
        match given == table.len() && self.model.reachability(relation).is_none() {
            true => self.each(relation, pattern, visit),
            false => table.rows().take(given).filter(|row| fits(pattern, row)).try_for_each(visit),
        }
    }

    /// Goes through all rows, comparing first what differs most.
    fn scan(
        &self,
        relation: RelationId,
        known: &[usize],
        pattern: &[Option<Value>],
        visit: &mut dyn FnMut(&[Value]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let first = known.iter().copied().max_by_key(|column| self.distinct(relation, *column)).unwrap_or_default();
        let wanted = pattern[first].unwrap_or_default();
        let rows = self.model.database.table(relation).rows();
        rows.filter(|row| row[first] == wanted && fits(pattern, row)).try_for_each(visit)
    }

    /// An index that finds rows by these columns: the one with the most values leads. Nothing, as long as going through
    /// the rows has cost less than building it.
    fn index(&self, relation: RelationId, known: &Columns, arity: usize) -> Option<Rc<Ordered>> {
        let key = (relation, known.clone());
        if let Some(index) = self.indexes.borrow().get(&key) {
            return Some(Rc::clone(index));
        }
        let mut scans = self.scans.borrow_mut();
        let scans = scans.entry(key.clone()).or_default();
        *scans += 1;
        if *scans <= SCANS {
            return None;
        }
        let mut order: Vec<usize> = known.to_vec();
        order.sort_by_key(|column| std::cmp::Reverse(self.distinct(relation, *column)));
        order.extend((0..arity).filter(|column| !known.contains(column)));
        let layout = Layout { filter: Vec::new(), first: order.first().copied(), rest: order[1..].to_vec() };
        let index = Index::build(self.model.database.table(relation), &layout);
        let ordered = Rc::new(Ordered { index, order });
        self.indexes.borrow_mut().insert(key, Rc::clone(&ordered));
        Some(ordered)
    }
}
