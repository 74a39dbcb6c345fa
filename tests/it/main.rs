//! All tests that look at Rolecall from outside, in one program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod administrators;
mod answers;
mod cli;
mod compressed;
mod engines;
mod evaluation;
mod examples;
mod facts;
mod facts_cases;
mod facts_properties;
mod format;
mod goldens;
mod imports;
mod indexes;
mod layers;
mod levels;
mod naive;
mod pages;
mod portal;
mod portals;
mod programs;
mod proofs;
mod prose;
mod queries;
mod random_programs;
mod reachability;
mod reference;
mod repairs;
mod requests;
mod symbols;
mod syntax;
mod threads;
mod warnings;
mod why;
