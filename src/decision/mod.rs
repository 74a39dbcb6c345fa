//! One question at a time over a finished model: goal-directed, `allow` and `deny` combined.
//!
//! `authorization` finds the relations that decide requests, `prepare` turns the rules of decisions into plans,
//! `simplify` drops what no question changes, `solve` asks, and `memory` keeps answers that are asked again.

mod authorization;
mod memory;
mod prepare;
mod simplify;
mod solve;

pub use authorization::{Authorization, Request};
pub use prepare::{Decider, Goal};
pub use solve::{Outcome, Reason, Solver};
