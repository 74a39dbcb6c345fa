//! Which literal of a body comes next: tests as soon as they can be made, then what gives the fewest rows.

use super::Run;
use super::goal::Frame;
use crate::compiler::program::{Atom, Comparison, Literal, Operator, RelationKind, Rule, Term};

/// How much a literal may cost, the cheapest first. Only the order matters: any gives the same answers.
type Cost = usize;

/// What is supposed of a goal whose rows are not known beforehand, for each place that is open.
const DERIVED_ROWS: Cost = 32;

/// Literals of relations that are derived, and have no value to start from.
const UNBOUND: Cost = usize::MAX / 8;
/// Then comes what must not be there, once everything else is known.
const ABSENT: Cost = usize::MAX / 4;
/// Last come decisions: what the others say of their arguments is what keeps them from asking in circles.
const DECISION: Cost = usize::MAX / 2;

impl Run<'_, '_> {
    /// The place in `frame.open` of the literal to go on with; `None` where there is none that can be answered.
    pub(super) fn choose(&self, rule: &Rule, frame: &Frame) -> Option<usize> {
        let mut best = None;
        for (place, number) in frame.open.iter().enumerate() {
            let literal = rule.body.get(usize::from(*number))?;
            match self.cost(literal, frame) {
                Some(0) => return Some(place),
                Some(cost) if best.is_none_or(|(_, least)| cost < least) => best = Some((place, cost)),
                _ => {}
            }
        }
        best.map(|(place, _)| place)
    }

    /// `None` where too little is known for the literal to be answered.
    fn cost(&self, literal: &Literal, frame: &Frame) -> Option<Cost> {
        match literal {
            Literal::Comparison(comparison) => self.is_ready(comparison, frame).then_some(0),
            Literal::Positive(atom) => self.positive_cost(atom, frame),
            Literal::Negative(atom) => {
                let known = atom.terms.iter().all(|term| !self.is_open(term, frame));
                let cost = match self.program.relation(atom.relation).kind {
                    RelationKind::Decision => DECISION,
                    _ if self.rules.is_derived(atom.relation) => ABSENT,
                    _ => 0,
                };
                known.then_some(cost)
            }
        }
    }

    fn positive_cost(&self, atom: &Atom, frame: &Frame) -> Option<Cost> {
        let pattern = self.values.pattern(atom, &frame.bindings);
        let open = pattern.iter().filter(|value| value.is_none()).count();
        if self.program.relation(atom.relation).kind == RelationKind::Decision {
            return (open == 0).then_some(DECISION);
        }
        if !self.rules.is_derived(atom.relation) {
            return Some(self.facts.count(atom.relation, &pattern));
        }
        Some(if open == pattern.len() && open > 0 { UNBOUND } else { DERIVED_ROWS * open + 1 })
    }

    /// Whether a comparison can be made: both sides have values, or `=` gives one to a side.
    fn is_ready(&self, comparison: &Comparison, frame: &Frame) -> bool {
        let sides = [&comparison.left, &comparison.right];
        let known = sides.iter().filter(|side| !self.is_open(side, frame)).count();
        known == 2 || (known == 1 && comparison.operator == Operator::Equal)
    }

    /// Whether a term is a variable without a value.
    fn is_open(&self, term: &Term, frame: &Frame) -> bool {
        matches!(term, Term::Variable(_)) && self.values.term(term, &frame.bindings).is_none()
    }
}
