//! All tests that look at Rolecall from outside, in one program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod administrators;
mod engines;
mod evaluation;
mod goldens;
mod naive;
mod portal;
mod portals;
mod random_programs;
mod syntax;
