//! The rows of a finished model by the values of some of their places. What a question needs is indexed when it is
//! first asked.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::compiler::program::RelationId;
use crate::data::{Index, Layout, Value};
use crate::engine::{Model, Reaching, Side};
use crate::explain::world::{Row, fits};

/// Tables with fewer rows are gone through.
const SMALL: usize = 24;

/// The columns of a relation that are known.
type Columns = SmallVec<[usize; 4]>;

/// The ways to the rows of a model.
#[derive(Debug)]
pub struct Rows<'m> {
    model: &'m Model<'m>,
    indexes: RefCell<FxHashMap<(RelationId, Columns), Rc<Ordered>>>,
    distinct: RefCell<FxHashMap<(RelationId, usize), usize>>,
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
        Rows { model, indexes: RefCell::default(), distinct: RefCell::default() }
    }

    /// How many rows with values in these places are to be expected.
    pub fn expected(&self, relation: RelationId, pattern: &[Option<Value>]) -> f64 {
        let bound = (0..pattern.len()).filter(|column| pattern[*column].is_some());
        let distinct = bound.map(|column| self.distinct(relation, column)).max().unwrap_or(1).max(1);
        self.model.len(relation) as f64 / distinct as f64
    }

    /// How many values a column has. Counted once, in a pass over the rows.
    fn distinct(&self, relation: RelationId, column: usize) -> usize {
        if let Some(reachability) = self.model.reachability(relation) {
            return reachability.distinct(column);
        }
        *self.distinct.borrow_mut().entry((relation, column)).or_insert_with(|| {
            let mut bits: Vec<u64> = Vec::new();
            for row in self.model.database.table(relation).rows() {
                let value = row[column].index();
                if bits.len() <= value / 64 {
                    bits.resize(value / 64 + 1, 0);
                }
                bits[value / 64] |= 1 << (value % 64);
            }
            bits.iter().map(|word| word.count_ones() as usize).sum()
        })
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
        let ordered = self.index(relation, known, pattern.len());
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
        let given = self.model.database.given_len(relation);
        match given == table.len() && self.model.reachability(relation).is_none() {
            true => self.each(relation, pattern, visit),
            false => table.rows().take(given).filter(|row| fits(pattern, row)).try_for_each(visit),
        }
    }

    /// An index that finds rows by these columns: the one with the most values leads.
    fn index(&self, relation: RelationId, known: Columns, arity: usize) -> Rc<Ordered> {
        if let Some(index) = self.indexes.borrow().get(&(relation, known.clone())) {
            return Rc::clone(index);
        }
        let mut order: Vec<usize> = known.to_vec();
        order.sort_by_key(|column| std::cmp::Reverse(self.distinct(relation, *column)));
        order.extend((0..arity).filter(|column| !known.contains(column)));
        let layout = Layout { filter: Vec::new(), first: order.first().copied(), rest: order[1..].to_vec() };
        let index = Index::build(self.model.database.table(relation), &layout);
        let ordered = Rc::new(Ordered { index, order });
        self.indexes.borrow_mut().insert((relation, known), Rc::clone(&ordered));
        ordered
    }
}
