//! The sentence above a rule: its words, and the variables whose values it shows.

use super::ExplanationPart;
use super::check::Checker;
use super::resolve::suggested;
use super::scope::Scope;
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::Span;
use crate::compiler::suggest;
use crate::compiler::syntax::ast::{self, Name};

impl Checker<'_> {
    /// The parts of an explanation, without variables that the rule does not have.
    pub(super) fn explanation_parts(
        &mut self,
        explanation: &ast::Explanation<'_>,
        scope: &Scope<'_>,
    ) -> Vec<ExplanationPart> {
        let mut parts = Vec::with_capacity(explanation.parts.len());
        for part in &explanation.parts {
            match part {
                ast::ExplanationPart::Words(words) => parts.push(ExplanationPart::Words(words.to_string())),
                ast::ExplanationPart::Variable(name) => match scope.find(name.text) {
                    Some(variable) => parts.push(ExplanationPart::Variable(variable)),
                    None => self.report(unknown_variable(*name, scope)),
                },
            }
        }
        parts
    }
}

fn unknown_variable(name: Name<'_>, scope: &Scope<'_>) -> Diagnostic {
    // Of names with one letter any is near any other.
    let others = scope.variables.iter().map(|variable| variable.text).filter(|_| name.text.len() > 1);
    let nearest = suggest::nearest(name.text, others);
    let mistake = Diagnostic::error(
        Code::UnknownExplanationVariable,
        format!("the rule has no variable `{}` to explain", name.text),
    )
    .at(name.span, "not a variable of the rule below");
    let braces = inside_braces(name);
    let mistake = suggested(mistake, braces, &nearest);
    if scope.variables.is_empty() {
        return mistake.note("`{Var}` in an explanation stands for the value of a variable, and here are none");
    }
    let names: Vec<String> = scope.variables.iter().take(8).map(|variable| format!("`{}`", variable.text)).collect();
    mistake.note(format!("its variables are {}", names.join(", ")))
}

/// The name's own characters: its span holds the braces too.
fn inside_braces(name: Name<'_>) -> Span {
    Span { start: name.span.start + 1, end: name.span.end - 1, ..name.span }
}
