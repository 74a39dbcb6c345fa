//! Text to syntax tree. `token` is the lexer, `parser` the grammar, `ast` what comes out. `format` writes a text anew.

pub mod ast;
pub mod format;
mod lexical;
pub mod parser;
pub mod token;

pub use lexical::is_bidirectional_control;
