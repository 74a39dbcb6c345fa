//! What a rule may conclude where something that it asks for changes.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use crate::compiler::program::{Literal, RelationKind, Rule};
use crate::explain::world::{Bindings, Left, Pattern, World};

/// Literals with more rows are left open.
const JOINED: f64 = 2_000.0;

impl World<'_, '_> {
    /// Adds the heads of a rule that its literals allow beside one that is left out and has these bindings, with `None` where
    /// they leave a place open. `Break` where there are that many, or too many rows to go through.
    pub fn heads(
        &self,
        rule: &Rule,
        but: Option<usize>,
        bindings: &Bindings,
        heads: &mut FxHashSet<Pattern>,
        most: usize,
    ) -> ControlFlow<()> {
        let mut bound = bindings.clone();
        self.go_on(rule, &self.joined(rule, but, bindings), &mut bound, &mut |found| {
            heads.insert(self.ground.pattern(&rule.head.terms, found));
            if heads.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
    }

    /// The literals of a body that narrow down what it concludes: those with few rows, and the comparisons.
    fn joined(&self, rule: &Rule, but: Option<usize>, bindings: &Bindings) -> Left {
        let ground = self.ground;
        let narrows = |other: &usize| match &rule.body[*other] {
            Literal::Positive(atom) => {
                let stored = ground.program().relation(atom.relation).kind != RelationKind::Decision;
                let pattern = ground.pattern(&atom.terms, bindings);
                stored && ground.rows.expected(atom.relation, &pattern) <= JOINED
            }
            Literal::Comparison(_) => true,
            Literal::Negative(_) => false,
        };
        Left::of((0..rule.body.len()).filter(|other| Some(*other) != but).filter(narrows))
    }
}
