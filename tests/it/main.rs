//! All tests that look at Rolecall from outside, in one program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod facts;
mod facts_cases;
mod facts_properties;
mod goldens;
mod syntax;
