//! Program and facts to a finished model: everything that follows, stored and indexed.
//!
//! `plan` orders a body, `join` runs it, `semi_naive` derives a component with them (`growing` holds its rows, with
//! `pair_set`, `keys` and `chain`), `compiled` has a component of the built-in policy derived by crepe, and `closure` makes a `reachability` of
//! one that only follows steps; `levels` refuses levels that no role may give. `decision` asks the finished [`Model`].

mod aggregate;
mod chain;
mod closure;
mod compiled;
mod derive;
mod growing;
pub mod join;
mod keys;
mod levels;
mod model;
mod pair_set;
pub mod plan;
mod reachability;
mod semi_naive;

pub use derive::{Derivation, Engine, EngineError, Limits, dependencies, derive};
pub use model::{Model, Row};
pub use reachability::{Reachability, Reaching, Side};
