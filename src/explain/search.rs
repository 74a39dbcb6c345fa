//! Who may, and what one may: a request for each of many things.

use crate::data::Value;
use crate::decision::{Outcome, Reason, Request, Solver};

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
