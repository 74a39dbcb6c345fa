//! Text to syntax tree. `token` is the lexer, `parser` the grammar, `ast` what comes out.

pub mod ast;
