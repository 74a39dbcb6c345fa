//! What both bench programs share: portals on disk, runs in turn, the table, and programs of their own to measure
//! memory in.
//!
//! `workload` has portals generated, once; `portal` is all that is used of the library. `paired` times two sides in
//! turn, `question` one question of many, `child` a program, and asks how much memory it took. `table` prints, and
//! `sections` says of what.

#![allow(dead_code, reason = "each of the two programs uses a part")]

pub mod child;
pub mod paired;
pub mod portal;
pub mod question;
pub mod sections;
pub mod table;
pub mod workload;

/// What a step of a bench returns: any mistake ends it.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;
