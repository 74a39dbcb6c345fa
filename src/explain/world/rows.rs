//! The rows of a finished model by the values of some of their places. Facts come as they stand in the data, derived rows
//! in the order of their values: that in which they lie depends on how they were derived.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use smallvec::SmallVec;

use crate::compiler::program::{RelationId, RelationKind};
use crate::data::Value;
use crate::engine::{Model, Reaching, Side};
use crate::explain::world::fits;

/// Tables with fewer rows are gone through.
const SMALL: usize = 24;

/// The ways to the rows of a model.
#[derive(Debug)]
pub struct Rows<'m> {
    model: &'m Model<'m>,
}

impl<'m> Rows<'m> {
    /// The rows of a model.
    pub fn new(model: &'m Model<'m>) -> Rows<'m> {
        Rows { model }
    }

    /// How many rows with values in these places are to be expected.
    pub fn expected(&self, relation: RelationId, pattern: &[Option<Value>]) -> f64 {
        let bound = (0..pattern.len()).filter(|column| pattern[*column].is_some());
        let distinct = bound.map(|column| self.model.likely_distinct(relation, column)).max().unwrap_or(1).max(1);
        self.model.len(relation) as f64 / distinct as f64
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
        let mut fitting = self.fitting(relation, pattern);
        match self.model.program.relation(relation).kind {
            RelationKind::Input => fitting.try_for_each(visit),
            RelationKind::Relation | RelationKind::Decision => {
                in_order(fitting.map(Reverse).collect()).try_for_each(visit)
            }
        }
    }

    /// The rows of a table that fit, as they lie there.
    fn fitting<'r>(&'r self, relation: RelationId, pattern: &'r [Option<Value>]) -> impl Iterator<Item = &'r [Value]> {
        let table = self.model.database.table(relation);
        let known = (0..pattern.len()).filter(|column| pattern[*column].is_some());
        let first =
            known.max_by_key(|column| self.model.likely_distinct(relation, *column)).filter(|_| table.len() >= SMALL);
        let lead = first.and_then(|column| Some((column, pattern[column]?)));
        let likely = lead.map(|(column, value)| self.model.rows_with(relation, column, value));
        let all = lead.is_none().then(|| table.rows());
        likely.into_iter().flatten().chain(all.into_iter().flatten()).filter(|row| fits(pattern, row))
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
}

/// The rows of a heap from the first on; as few of them are put in order as are taken.
fn in_order(mut heap: BinaryHeap<Reverse<&[Value]>>) -> impl Iterator<Item = &[Value]> {
    std::iter::from_fn(move || heap.pop().map(|Reverse(row)| row))
}
