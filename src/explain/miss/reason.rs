//! Why something holds, in a line: its record, or the rules that tell something about it.

use crate::compiler::program::{Literal, RelationId, RelationKind, Rule};
use crate::data::{FactOrigin, Value};
use crate::explain::miss::Because;
use crate::explain::miss::search::Search;
use crate::explain::world::{Bindings, Pattern, Row};

/// How many rules are named.
const STEPS: usize = 2;

/// How many rules are gone through for them.
const DEPTH: usize = 6;

impl Search<'_, '_, '_> {
    /// Why something holds; nothing where it does not.
    pub(super) fn because(&self, relation: RelationId, arguments: &[Option<Value>]) -> Option<Because> {
        let (mut row, mut instance) = self.holding(relation, arguments)?;
        let mut relation = relation;
        let mut steps = Vec::new();
        for _ in 0..DEPTH {
            let Some((id, bindings)) = instance else { break };
            let rule = self.world.ground.program().rule(id);
            let (derived, others) = self.premises(rule, &bindings);
            // A rule that only hands on what another derives tells nothing.
            if derived.len() != 1 || others > 0 {
                steps.push((id, bindings));
            }
            let [(next, pattern)] = &derived[..] else { break };
            if steps.len() == STEPS {
                break;
            }
            let Some(found) = self.holding(*next, pattern) else { break };
            (relation, (row, instance)) = (*next, found);
        }
        if !steps.is_empty() {
            return Some(Because::Rules(steps));
        }
        let values: Option<Row> = row.iter().copied().collect();
        let origin = values.and_then(|values| self.origin(relation, &values));
        Some(origin.map_or(Because::Rules(Vec::new()), Because::Fact))
    }

    /// The positive literals of a body that rules derive, and how many others tell something.
    fn premises(&self, rule: &Rule, bindings: &Bindings) -> (Vec<(RelationId, Pattern)>, usize) {
        let ground = self.world.ground;
        let told = rule.body.iter().filter_map(|literal| match literal {
            Literal::Positive(atom) if !ground.is_fixed(atom.relation) => Some(atom),
            Literal::Positive(_) | Literal::Negative(_) | Literal::Comparison(_) => None,
        });
        let (derived, others): (Vec<_>, Vec<_>) = told.partition(|atom| !ground.rules_of(atom.relation).is_empty());
        let derived = derived.into_iter().map(|atom| (atom.relation, ground.pattern(&atom.terms, bindings)));
        (derived.collect(), others.len())
    }

    /// The record or statement of a fact.
    pub(super) fn origin(&self, relation: RelationId, row: &[Value]) -> Option<FactOrigin> {
        let ground = self.world.ground;
        if ground.program().relation(relation).kind == RelationKind::Decision {
            return None;
        }
        ground.model.given(relation, row).map(|number| ground.model.database.origin(relation, number))
    }
}
