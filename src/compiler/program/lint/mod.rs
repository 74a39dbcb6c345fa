//! What is no mistake, but hardly meant: warnings about the rules and declarations of a sound program. The policy
//! is read along, for what it gives to them; only what others wrote is warned about.

mod contradiction;
mod duplicates;
mod firing;
mod normal;
mod subsumption;
mod unused;
mod variables;

use super::{Atom, Literal, Program, Rule};
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{Origin, SourceId, Sources, Span};
use crate::compiler::syntax::ast;

/// The warnings about a program, in no order. The files are those it was checked from.
pub fn lint(sources: &Sources, files: &[(SourceId, ast::File<'_>)], program: &Program) -> Vec<Diagnostic> {
    let lint = Lint { sources, program };
    let mut warnings = lint.variables_used_once(files);
    warnings.extend(lint.unused_relations());
    let firing = lint.firing();
    warnings.extend(lint.rules_that_never_fire(&firing));
    let rules = lint.normal_rules();
    let duplicates = lint.duplicates(&rules);
    warnings.extend(lint.duplicate_rules(&duplicates));
    warnings.extend(lint.subsumed_rules(&rules, &duplicates, &firing));
    warnings
}

/// What the warnings are about.
struct Lint<'p> {
    sources: &'p Sources,
    program: &'p Program,
}

impl Lint<'_> {
    /// Whether the author of a place hears of what is there: the built-in policy is not theirs.
    fn is_told_about(&self, span: Span) -> bool {
        match self.sources.get(span.source).origin {
            Origin::BuiltIn => false,
            Origin::Policy | Origin::Rules | Origin::Query | Origin::Data => true,
        }
    }

    /// How a rule is called beside another one.
    fn name(&self, rule: &Rule) -> String {
        match rule.named {
            true => format!("`{}`", rule.id),
            false => format!("the rule at {}", rule.id),
        }
    }
}

/// The atom of a literal that is no comparison.
fn atom_of(literal: &Literal) -> Option<&Atom> {
    match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => Some(atom),
        Literal::Comparison(_) => None,
    }
}
