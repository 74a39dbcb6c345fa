//! What a compiled rule reads of finished relations: of each literal the columns that the rule uses, of the rows that have
//! its constants. `engine::compiled` reads them so and hands them to crepe.

use crate::compiler::crepe_source::{camel_case, crepe_variable, value_of};
use crate::compiler::program::{Atom, Component, Literal, Program, Rule, Term, VariableId};

/// A literal of a rule about a finished relation, as an input of its own.
pub(super) struct Reading<'r> {
    /// `BelongsTo69In1At1`: with the numbers of the rule in its component and of the atom in the rule.
    pub name: String,
    pub atom: &'r Atom,
    pub is_negative: bool,
    /// The variables that stand in the rule more than once, each once: the columns of the input.
    kept: Vec<VariableId>,
}

/// The readings of a rule, which has that number in its component.
pub(super) fn readings<'r>(
    program: &Program,
    component: &Component,
    rule: &'r Rule,
    number: usize,
) -> Vec<Reading<'r>> {
    let finished = atoms(rule).enumerate().filter(|(_, (atom, _))| !component.relations.contains(&atom.relation));
    let reading = |(place, (atom, is_negative)): (usize, (&'r Atom, bool))| {
        let name = format!("{}In{number}At{place}", camel_case(program, atom.relation));
        Reading { name, atom, is_negative, kept: kept(rule, atom) }
    };
    finished.map(reading).collect()
}

/// The atoms of a body, and whether each is negated.
pub(super) fn atoms(rule: &Rule) -> impl Iterator<Item = (&Atom, bool)> {
    rule.body.iter().filter_map(|literal| match literal {
        Literal::Positive(atom) => Some((atom, false)),
        Literal::Negative(atom) => Some((atom, true)),
        Literal::Comparison(_) => None,
    })
}

fn kept(rule: &Rule, atom: &Atom) -> Vec<VariableId> {
    let mut kept = Vec::new();
    for term in &atom.terms {
        if let Term::Variable(variable) = term
            && uses(rule, term) > 1
            && !kept.contains(variable)
        {
            kept.push(*variable);
        }
    }
    kept
}

/// How often a variable stands in a rule.
fn uses(rule: &Rule, variable: &Term) -> usize {
    let body = rule.body.iter().flat_map(|literal| match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => atom.terms.clone(),
        Literal::Comparison(comparison) => vec![comparison.left, comparison.right],
    });
    rule.head.terms.iter().copied().chain(body).filter(|term| term == variable).count()
}

/// Positive readings from the last written to the first, each after one that it shares a variable with where there is one.
///
/// Rules say first what is given and last whom it reaches, so that the last relation is mostly the largest. crepe goes
/// through the rows of the first, and makes a table with a vector for each key of every other.
pub(super) fn in_order<'s, 'r>(mut open: Vec<&'s Reading<'r>>, mut bound: Vec<Term>) -> Vec<&'s Reading<'r>> {
    let mut order = Vec::new();
    while let Some(last) = open.len().checked_sub(1) {
        let is_bound = |variable: &VariableId| bound.contains(&Term::Variable(*variable));
        let next = open.iter().rposition(|reading| reading.kept.iter().any(is_bound));
        let reading = open.remove(next.unwrap_or(last));
        bound.extend(reading.kept.iter().map(|variable| Term::Variable(*variable)));
        order.push(reading);
    }
    order
}

impl Reading<'_> {
    /// How many columns the input has: one at least, and where no value is used, its one row says that there is a row.
    pub fn width(&self) -> usize {
        self.kept.len().max(1)
    }

    /// The literal in the rule.
    pub fn crepe_atom(&self, rule: &Rule) -> String {
        let kept: Vec<String> = self.kept.iter().map(|variable| crepe_variable(rule, *variable)).collect();
        let terms = if kept.is_empty() { "_".to_owned() } else { kept.join(", ") };
        format!("{}{}({terms})", if self.is_negative { "!" } else { "" }, self.name)
    }

    /// What each place of the atom asks for.
    pub fn places(&self, program: &Program) -> String {
        let place = |term: &Term| match term {
            Term::Variable(variable) if self.kept.contains(variable) => format!("Variable({})", variable.0),
            Term::Variable(_) | Term::Wildcard => "Any".to_owned(),
            Term::Constant(constant) => format!("Is({})", value_of(program, *constant)),
        };
        self.atom.terms.iter().map(place).collect::<Vec<_>>().join(", ")
    }
}
