//! Rolecall tells who may do what in a Bitrix24 portal, and why.
//!
//! The layers, lowest first; each imports only those above it in this list:
//! - [`compiler`]: text to checked program; pure.
//! - [`policy`]: the text of the built-in policy.
//! - [`data`]: values, rows, indexes, and where each fact came from.
//! - [`engine`]: program and facts to a finished model.
//! - [`decision`]: one question at a time over a finished model.

pub mod compiler;
pub mod data;
pub mod decision;
pub mod engine;
pub mod policy;
