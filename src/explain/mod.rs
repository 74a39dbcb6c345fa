//! Why and why not, who, what, and levels: answers about a finished model, the same for every engine and policy.

pub mod changeable;
pub mod miss;
mod world;
