//! All tests that look at Rolecall from outside, in one program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod engines;
mod evaluation;
mod goldens;
mod naive;
mod portal;
mod random_programs;
mod syntax;
