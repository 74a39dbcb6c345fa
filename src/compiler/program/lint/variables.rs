//! Variables that stand once in their rule: a slip of the pen, or `_` written at length.

use super::super::{ExplanationPart, Literal, Rule, Term, VariableId};
use super::Lint;
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{SourceId, Span};
use crate::compiler::suggest;
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
            let alone = used_once(rule);
            for variable in &alone {
                if !self.narrows_its_place(rule, *variable) {
                    let found = occurrence(clause, &rule.variables[variable.index()].name);
                    warnings.extend(found.map(|found| found.warning(is_surely_meant(rule, *variable, &alone))));
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
    for term in &rule.head.terms {
        if let Term::Variable(variable) = term {
            visit(*variable);
        }
    }
    count_uses_in_body(rule, visit);
}

/// Visits every occurrence of a variable in the body.
fn count_uses_in_body(rule: &Rule, mut visit: impl FnMut(VariableId)) {
    let mut see = |term: &Term| match term {
        Term::Variable(variable) => visit(*variable),
        Term::Constant(_) | Term::Wildcard => {}
    };
    for literal in &rule.body {
        match literal {
            Literal::Positive(atom) | Literal::Negative(atom) => atom.terms.iter().for_each(&mut see),
            Literal::Comparison(comparison) => [comparison.left, comparison.right].iter().for_each(&mut see),
        }
    }
}

/// Whether a variable that stands alone is no other one of its rule misspelled: none has a name near it, and no other
/// one of its type stands alone too, or nowhere in the body. What is in the head alone stands for whatever is asked,
/// which may be more than was meant.
fn is_surely_meant(rule: &Rule, variable: VariableId, alone: &[VariableId]) -> bool {
    let own = &rule.variables[variable.index()];
    let others = rule.variables.iter().map(|other| other.name.as_str()).filter(|name| *name != own.name);
    let mut in_body = vec![false; rule.variables.len()];
    count_uses_in_body(rule, |variable| in_body[variable.index()] = true);
    let may_be_meant = |other: usize| alone.contains(&VariableId(other as u32)) || !in_body[other];
    let is_other = |other: &usize| *other != variable.index() && rule.variables[*other].ty == own.ty;
    let partner = (0..rule.variables.len()).filter(is_other).any(may_be_meant);
    in_body[variable.index()] && !partner && suggest::nearest(&own.name, others).is_empty()
}

/// The one place where a variable stands.
struct Occurrence<'n> {
    name: &'n str,
    span: Span,
    /// What to do, and whether that is to write `_`.
    advice: (&'static str, bool),
}

fn occurrence<'n>(clause: &ast::Clause<'_>, name: &'n str) -> Option<Occurrence<'n>> {
    let find = |terms: &[ast::Term<'_>]| terms.iter().find_map(|term| span_of(term, name));
    if let Some(span) = find(&clause.head.arguments) {
        let advice = ("write `_`, which stands for whatever is asked", true);
        return Some(Occurrence { name, span, advice });
    }
    clause.body.iter().find_map(|literal| match literal {
        ast::Literal::Positive(atom) | ast::Literal::Negative(atom, _) => {
            let advice = ("write `_`, which stands for any value", true);
            Some(Occurrence { name, span: find(&atom.arguments)?, advice })
        }
        ast::Literal::Comparison { left, right, .. } => {
            let span = span_of(left, name).or_else(|| span_of(right, name))?;
            let advice = ("leave the comparison out: it gives a value to a variable that nothing uses", false);
            Some(Occurrence { name, span, advice })
        }
    })
}

impl Occurrence<'_> {
    fn warning(self, is_certain: bool) -> Diagnostic {
        let message = format!("the variable `{}` is used once", self.name);
        let warning = Diagnostic::warning(Code::VariableUsedOnce, message)
            .at(self.span, "nothing else in this rule uses it")
            .note("a variable joins two places of a rule; one that stands alone may be another one misspelled");
        match self.advice {
            (advice, true) if is_certain => warning.fix(advice, self.span, "_"),
            (advice, true) => warning.replace(advice, self.span, "_"),
            (advice, false) => warning.help(advice),
        }
    }
}

fn span_of(term: &ast::Term<'_>, name: &str) -> Option<Span> {
    match term {
        ast::Term::Variable(variable) => (variable.text == name).then_some(variable.span),
        _ => None,
    }
}
