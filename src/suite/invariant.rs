//! `expect none`: the answers that there should not be.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use crate::compiler::program::Query;
use crate::data::Value;
use crate::decision::{PreparedQuery, Solver};
use crate::engine::Model;
use crate::suite::{Answers, Bounds};

/// So many answers are counted. There may be more, of which the first are told all the same.
const MOST_COUNTED: usize = 1_000_000;

/// The answers to a query; nothing where there are more combinations to look at than the bounds allow.
pub(super) fn answers(
    solver: &mut Solver,
    model: &Model,
    query: &Query,
    plan: &PreparedQuery,
    bounds: Bounds,
) -> Option<Answers> {
    let compare = |a: &Vec<Value>, b: &Vec<Value>| model.database.compare_answers(model.program, query, a, b);
    let mut seen: FxHashSet<Vec<Value>> = FxHashSet::default();
    let mut answers = Answers { first: Vec::new(), count: 0, more: false, held: Vec::new() };
    solver.answers_within(plan, &[], bounds.combinations, |row| {
        // Without a variable one answer says it all.
        let flow = if query.variables.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        if seen.contains(row) {
            return flow;
        }
        let row = row.to_vec();
        let place = answers.first.partition_point(|other| compare(other, &row).is_lt());
        if place < bounds.told && answers.first.get(place) != Some(&row) {
            answers.first.insert(place, row.clone());
            answers.first.truncate(bounds.told);
        }
        match seen.len() < MOST_COUNTED {
            true => answers.count += usize::from(seen.insert(row)),
            false => answers.more = true,
        }
        flow
    })?;
    Some(answers)
}
