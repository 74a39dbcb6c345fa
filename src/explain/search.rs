//! Who may, and what one may: a request for each of many things. And the first of what a `not` denies.

use crate::compiler::program::RelationId;
use crate::data::Value;
use crate::decision::{Outcome, Reason, Request, Solver};
use crate::engine::Model;
use crate::explain::world::{Ground, Pattern, Row, World};

/// Asks the request that each of these makes, and hands on those that are allowed, with what allows them.
pub fn allowed(
    solver: &mut Solver,
    asked: &[Value],
    request: impl Fn(Value) -> Request,
    mut take: impl FnMut(Value, Reason),
) {
    for value in asked {
        if let Outcome::Allowed(reason) = solver.outcome(&request(*value)) {
            take(*value, reason);
        }
    }
}

/// The first of what fits a pattern, in the order of rows; of a decision, which is known, what is asked.
pub fn first(model: &Model, relation: RelationId, pattern: &Pattern) -> Option<Row> {
    let ground = Ground::new(model);
    World::unchanged(&ground).first(relation, pattern)
}
