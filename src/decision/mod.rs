//! One question at a time over a finished model: goal-directed, `allow` and `deny` combined.
//!
//! `authorization` finds the relations that decide requests, `threshold` the decisions that ask for a level "at
//! least", `prepare` turns the rules of decisions into plans, `simplify` drops what no question changes, `code` is the
//! form in which plans run and `lower` makes it, `fitting` keeps actions and what they are done to together, `solve` asks, `body` runs code for it, and `memory` keeps answers that
//! are asked again.

mod authorization;
mod body;
mod code;
mod fitting;
mod lower;
mod memory;
mod prepare;
mod simplify;
mod solve;
mod threshold;

pub use authorization::{Authorization, Request};
pub use code::PreparedQuery;
pub use fitting::may_hold;
pub use prepare::{Decider, Goal};
pub use solve::{Outcome, Reason, Solver};
pub use threshold::{Bound, bound as level_bound, places as level_places};

/// The stack of a thread that asks, in bytes: room for the literals that may wait for each other in a decision.
pub const STACK: usize = 64 << 20;
