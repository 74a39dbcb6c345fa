//! A second, independent reading of the built-in policy (SPEC.md, sections 2 and 3), in plain Rust.
//!
//! [`model`] holds the facts of a portal, [`oracle`] answers requests over them, [`random`] makes portals and requests,
//! [`mutants`] proves that these would notice a missing rule, [`cases`] are the oracle's own tests. Nothing here knows
//! the `rolecall` crate or any rule file, so that an agreement between the two says something.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

mod cases;
pub mod item;
pub mod model;
mod mutants;
pub mod oracle;
pub mod random;
pub mod text;
