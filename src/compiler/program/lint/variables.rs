//! Variables that stand once in their rule: a slip of the pen, or `_` written at length.

use super::super::{ExplanationPart, Literal, Rule, Term, VariableId};
use super::Lint;
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{SourceId, Span};
use crate::compiler::syntax::ast;

impl Lint<'_> {
    /// A warning for each variable that stands once in its rule: in head, body and explanation together.
    pub fn variables_used_once(&self, files: &[(SourceId, ast::File<'_>)]) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        // Without a mistake, each clause that is no stored fact has become one rule, in the same order.
        let mut rules = self.program.rules.iter().peekable();
        for statement in files.iter().flat_map(|(_, file)| &file.statements) {
            let ast::Statement::Clause(clause) = statement else { continue };
            let Some(rule) = rules.next_if(|rule| rule.span == clause.span) else { continue };
            if !self.is_told_about(rule.span) {
                continue;
            }
            for variable in used_once(rule) {
                if !self.narrows_its_place(rule, variable) {
                    warnings.extend(occurrence(clause, &rule.variables[variable.index()].name));
                }
            }
        }
        warnings
    }

    /// Whether a place holds more than the variable takes from it: then `_` would not do.
    fn narrows_its_place(&self, rule: &Rule, variable: VariableId) -> bool {
        let ty = rule.variables[variable.index()].ty;
        let atoms = std::iter::once(&rule.head).chain(rule.body.iter().filter_map(super::atom_of));
        atoms.into_iter().any(|atom| {
            let fields = &self.program.relation(atom.relation).fields;
            let places = atom.terms.iter().zip(fields);
            places.into_iter().any(|(term, field)| *term == Term::Variable(variable) && field.ty != ty)
        })
    }
}

fn used_once(rule: &Rule) -> Vec<VariableId> {
    let mut uses = vec![0; rule.variables.len()];
    count_uses(rule, |variable| uses[variable.index()] += 1);
    for part in &rule.explanation {
        match part {
            ExplanationPart::Words(_) => {}
            ExplanationPart::Variable(variable) => uses[variable.index()] += 1,
        }
    }
    let once = uses.iter().enumerate().filter(|(_, uses)| **uses == 1);
    once.map(|(number, _)| VariableId(number as u32)).collect()
}

/// Visits every occurrence of a variable in head and body.
pub(super) fn count_uses(rule: &Rule, mut visit: impl FnMut(VariableId)) {
    let mut see = |term: &Term| match term {
        Term::Variable(variable) => visit(*variable),
        Term::Constant(_) | Term::Wildcard => {}
    };
    rule.head.terms.iter().for_each(&mut see);
    for literal in &rule.body {
        match literal {
            Literal::Positive(atom) | Literal::Negative(atom) => atom.terms.iter().for_each(&mut see),
            Literal::Comparison(comparison) => [comparison.left, comparison.right].iter().for_each(&mut see),
        }
    }
}

/// The warning at the one place where the variable stands.
fn occurrence(clause: &ast::Clause<'_>, name: &str) -> Option<Diagnostic> {
    let find = |terms: &[ast::Term<'_>]| terms.iter().find_map(|term| span_of(term, name));
    if let Some(span) = find(&clause.head.arguments) {
        return Some(once(name, span).replace("write `_`, which stands for whatever is asked", span, "_"));
    }
    clause.body.iter().find_map(|literal| match literal {
        ast::Literal::Positive(atom) | ast::Literal::Negative(atom, _) => find(&atom.arguments)
            .map(|span| once(name, span).replace("write `_`, which stands for any value", span, "_")),
        ast::Literal::Comparison { left, right, .. } => {
            let span = span_of(left, name).or_else(|| span_of(right, name))?;
            Some(once(name, span).help("leave the comparison out: it gives a value to a variable that nothing uses"))
        }
    })
}

fn span_of(term: &ast::Term<'_>, name: &str) -> Option<Span> {
    match term {
        ast::Term::Variable(variable) => (variable.text == name).then_some(variable.span),
        _ => None,
    }
}

fn once(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(Code::VariableUsedOnce, format!("the variable `{name}` is used once"))
        .at(span, "nothing else in this rule uses it")
        .note("a variable joins two places of a rule; one that stands alone may be another one misspelled")
}
