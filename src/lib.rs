//! Rolecall tells who may do what in a Bitrix24 portal, and why.
//!
//! The layers, lowest first; each imports only those above it in this list:
//! - [`compiler`]: text to checked program; pure.
//! - [`report`]: diagnostics to text.

pub mod compiler;
pub mod report;
