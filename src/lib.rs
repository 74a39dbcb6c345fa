//! Rolecall tells who may do what in a Bitrix24 portal, and why.
//!
//! The layers, lowest first; each imports only those above it in this list:
//! - [`compiler`]: text to checked program; pure.
//! - [`data`]: values, rows, indexes, and where each fact came from.
//! - [`facts`]: JSON, JSONL, CSV and TSV to facts, with diagnostics that point into the data.

pub mod compiler;
pub mod data;
pub mod facts;
