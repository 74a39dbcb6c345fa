//! One line for each diagnostic, for editors and logs.

use super::escape::escape;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::Sources;

/// `file:line:column: error[code]: message`
pub(super) fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    format!("{}\n", escape(&diagnostic.summary(sources)))
}
