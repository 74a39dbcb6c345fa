//! Text to checked program: pure, no files, no clock, no engine.
//! `syntax` turns text into a tree, `program` checks the trees of all files together into a `Program`.

pub mod codes;
pub mod diagnostic;
pub mod program;
pub mod source;
pub mod suggest;
pub mod syntax;
