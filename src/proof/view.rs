//! What is needed to tell a proof.

use crate::compiler::program::Program;
use crate::compiler::source::Sources;
use crate::data::Database;
use crate::proof::Words;

/// What the numbers of a proof stand for.
#[derive(Clone, Copy, Debug)]
pub struct View<'v> {
    /// The rules.
    pub program: &'v Program,
    /// The facts.
    pub database: &'v Database,
    /// The texts of the rules.
    pub sources: &'v Sources,
    /// Values as they are shown.
    pub words: &'v Words<'v>,
}
