//! Rolecall tells who may do what in a Bitrix24 portal, and why.
//!
//! The layers, lowest first; each imports only those above it in this list:
//! - [`compiler`]: text to checked program; pure.
//! - [`policy`]: the text of the built-in policy.
//! - [`report`]: diagnostics to text.
//! - [`data`]: values, rows, indexes, and where each fact came from.
//! - [`facts`]: JSON, JSONL, CSV and TSV to a database.
//! - [`proof`]: decisions with their reasons, and the checking of them.
//! - [`engine`]: program and facts to a finished model.
//! - [`decision`]: one question at a time over a finished model.
//! - [`explain`]: why, why not, who, what and levels over a finished model.
//! - [`suite`]: `test` blocks.
//! - [`bitrix24`]: exports of a portal to facts.
//!
//! The command line stands above them in the program (`src/main.rs`, `src/cli`), a crate of its own, so that a change in it
//! compiles nothing else. It is the only code that touches files, arguments and the terminal.

pub mod bitrix24;
pub mod compiler;
pub mod data;
pub mod decision;
pub mod engine;
pub mod explain;
pub mod facts;
pub mod policy;
pub mod proof;
pub mod report;
pub mod suite;
