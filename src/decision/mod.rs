//! One question at a time over a finished model: goal-directed, `allow` and `deny` combined.
//!
//! `prepare` turns the rules of each decision into plans, one set for each action; `solve` asks them.

mod prepare;
mod simplify;
mod solve;

pub use prepare::Decider;
pub use solve::{Outcome, Solver};
