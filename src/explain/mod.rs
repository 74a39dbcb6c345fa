//! Why and why not, who, what, and levels: answers about a finished model, the same for every engine and policy.
//!
//! `things` lists those whom a question is about, `search` asks about many of them, `levels` finds how high each user
//! goes and by which role, and `in_order` does such work on several threads.

mod in_order;
mod levels;
mod search;
mod things;

pub use in_order::in_order;
pub use levels::{Asking, Deciding, Held, Levels, NoLevels, Standing, Table, level_relations};
pub use search::allowed;
pub use things::{administrator_relation, administrators, all_things, own_relation, things};
