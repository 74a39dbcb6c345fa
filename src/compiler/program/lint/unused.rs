//! Relations and decisions that nothing asks.

use super::super::vocabulary::{ALLOW, DENY, DOUBTFUL, EXPOSED, LEGAL_CRM_LEVEL, LEGAL_LEVEL, PERMITTED, REPORTED};
use super::super::{Expectation, Relation, RelationKind};
use super::{Lint, atom_of};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;

impl Lint<'_> {
    /// A warning for each declared relation or decision that no test and no rule of another relation uses.
    pub fn unused_relations(&self) -> Vec<Diagnostic> {
        // A program without `allow` decides no request: its relations are the answers, and queries ask them.
        if self.program.relation_named(ALLOW).is_none() {
            return Vec::new();
        }
        let used = self.used_relations();
        let unused = self.program.relations.iter().zip(used).filter(|(relation, used)| {
            !used && relation.kind != RelationKind::Input && !is_asked_from_outside(relation)
        });
        unused
            .filter(|(relation, _)| self.is_told_about(relation.span))
            .map(|(relation, _)| warning(relation))
            .collect()
    }

    /// By relation.
    fn used_relations(&self) -> Vec<bool> {
        let mut used = vec![false; self.program.relations.len()];
        for rule in &self.program.rules {
            let others = rule.body.iter().filter_map(atom_of).filter(|atom| atom.relation != rule.head.relation);
            others.for_each(|atom| used[atom.relation.index()] = true);
        }
        for test in &self.program.tests {
            test.facts.iter().for_each(|(relation, ..)| used[relation.index()] = true);
            test.expectations.iter().flat_map(Expectation::atoms).for_each(|atom| used[atom.relation.index()] = true);
        }
        used
    }
}

/// Whether the evaluator itself asks it.
fn is_asked_from_outside(relation: &Relation) -> bool {
    let asked = [ALLOW, DENY, PERMITTED, REPORTED, DOUBTFUL, EXPOSED, LEGAL_LEVEL, LEGAL_CRM_LEVEL];
    asked.contains(&relation.name.as_str())
}

fn warning(relation: &Relation) -> Diagnostic {
    let kind = match relation.kind {
        RelationKind::Input | RelationKind::Relation => "relation",
        RelationKind::Decision => "decision",
    };
    Diagnostic::warning(Code::UnusedRelation, format!("nothing uses the {kind} `{}`", relation.name))
        .at(relation.span, "no rule of another relation and no test asks it")
        .help("use it in a rule or expect it in a test, or leave it out")
}
