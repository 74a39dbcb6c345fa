//! Why and why not, who, what, and levels: answers about a finished model, the same for every engine and policy.
//!
//! `rulebook` plans rules to be run backwards; `prover` finds the smallest derivation of what holds, with `choosing`, `recursion` and
//! `absence`, and `drawing` makes a proof of it. `alternatives` finds all others, `beaten` the roles that gave less, and `chain`
//! tells no more than the rules. `things` lists those whom a question is about, `search` asks about many of them, `levels`
//! finds how high each user goes and by which role, and `in_order` does such work on several threads. `miss` finds the rules
//! that come nearest to what nothing allows, `findings` all that a rule tells, and `health` what it gives. `world` is a model with
//! a few facts changed, `changeable` says which may change. `changes` compares two models.

mod absence;
mod alternatives;
mod asking;
mod beaten;
mod chain;
pub mod changeable;
pub mod changes;
mod choosing;
mod drawing;
pub mod findings;
pub mod health;
mod in_order;
mod levels;
pub mod miss;
mod prover;
mod recursion;
pub mod repair;
mod rulebook;
mod search;
mod telling;
mod things;
mod world;

use std::fmt;

pub use alternatives::Alternatives;
pub use in_order::in_order;
pub use levels::{Asking, Deciding, Held, Levels, NoLevels, Standing, Table, level_relations};
pub use prover::{Instance, Prover};
pub use rulebook::{Rulebook, unify};
pub use search::{allowed, first};
pub use things::{administrator_relation, administrators, all_things, own_relation, things};
pub use world::Pattern;

use crate::compiler::program::RelationId;

/// Why a derivation that is there could not be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// Relations depend on each other in too long a chain.
    TooDeep,
    /// There are too many ways to look through.
    TooMuch,
    /// The model and the rules disagree about a fact of this relation: a mistake of the program.
    Lost(RelationId),
}

impl fmt::Display for Stuck {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Stuck::TooDeep => "the relations depend on each other in too long a chain to be explained",
            Stuck::TooMuch => "there are too many derivations to look through",
            Stuck::Lost(_) => "what holds can't be derived again; this is a mistake of the program",
        })
    }
}

impl std::error::Error for Stuck {}
