//! The rules of a program by what they conclude.

use crate::compiler::program::{Program, RelationId, RuleId};

/// By relation.
#[derive(Debug)]
pub(super) struct Rules {
    of: Vec<Vec<RuleId>>,
    recursive: Vec<bool>,
}

impl Rules {
    /// Costs a visit of each rule.
    pub fn new(program: &Program) -> Rules {
        let mut of = vec![Vec::new(); program.relations.len()];
        for (number, rule) in (0u32..).zip(&program.rules) {
            of[rule.head.relation.index()].push(RuleId(number));
        }
        let mut recursive = vec![false; program.relations.len()];
        for component in program.components.iter().filter(|component| component.recursive) {
            component.relations.iter().for_each(|relation| recursive[relation.index()] = true);
        }
        Rules { of, recursive }
    }

    /// The rules that conclude a relation, in the order in which they decide.
    pub fn of(&self, relation: RelationId) -> &[RuleId] {
        &self.of[relation.index()]
    }

    /// Whether a relation has rules.
    pub fn is_derived(&self, relation: RelationId) -> bool {
        !self.of(relation).is_empty()
    }

    /// Whether a relation depends on itself.
    pub fn is_recursive(&self, relation: RelationId) -> bool {
        self.recursive[relation.index()]
    }
}
