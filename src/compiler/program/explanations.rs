//! The sentence above a rule or relation: its words, and the variables or fields whose values it shows.

use super::check::Checker;
use super::resolve::suggested;
use super::scope::Scope;
use super::{ExplanationPart, SentencePart};
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

    /// The parts of the sentence above a relation, without fields that it does not have.
    pub(super) fn relation_sentence(&mut self, declaration: &ast::RelationDeclaration<'_>) -> Vec<SentencePart> {
        let mut parts = Vec::new();
        for part in declaration.explanation.iter().flat_map(|explanation| &explanation.parts) {
            match part {
                ast::ExplanationPart::Words(words) => parts.push(SentencePart::Words(words.to_string())),
                ast::ExplanationPart::Variable(name) => {
                    match declaration.fields.iter().position(|field| field.name.text == name.text) {
                        Some(place) => parts.push(SentencePart::Place(place)),
                        None => self.report(unknown_field(*name, declaration)),
                    }
                }
            }
        }
        parts
    }
}

fn unknown_field(name: Name<'_>, declaration: &ast::RelationDeclaration<'_>) -> Diagnostic {
    let fields = || declaration.fields.iter().map(|field| field.name.text);
    let nearest = suggest::nearest(name.text, fields());
    let relation = declaration.name.text;
    let mistake = Diagnostic::error(
        Code::UnknownExplanationVariable,
        format!("`{relation}` has no field `{}` to explain", name.text),
    )
    .at(name.span, "not a field of the relation below");
    let mistake = suggested(mistake, inside_braces(name), name.text, &nearest);
    let names: Vec<String> = fields().map(|field| format!("`{field}`")).collect();
    mistake.note(format!("its fields are {}", names.join(", ")))
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
    let mistake = suggested(mistake, braces, name.text, &nearest);
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
