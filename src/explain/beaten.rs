//! The roles that lost: other instances of the rules of a decision asked "at least", which give no more than the one that
//! its proof shows.

use std::ops::ControlFlow;

use crate::compiler::program::{RuleId, Term};
use crate::data::Value;
use crate::engine::join::Values;
use crate::explain::Stuck;
use crate::explain::prover::{Fact, Instance, Prover};
use crate::proof::{Beaten, Proof, Reason, StepId};

/// So many are told for one step.
const MOST: usize = 10;

impl Prover<'_, '_> {
    /// For each step of a proof that asks for a level: what else gives one, and not a higher.
    ///
    /// # Errors
    /// [`Stuck`] where a limit was reached.
    pub fn beaten(&mut self, proof: &Proof) -> Result<Beaten, Stuck> {
        let mut beaten = Beaten::new();
        for (number, step) in proof.steps.iter().enumerate() {
            let relation = step.conclusion.relation;
            let (Reason::Rule(chosen), Some(place)) = (&step.reason, self.levels[relation.index()]) else {
                continue;
            };
            let mut arguments: Values = step.conclusion.arguments.iter().copied().collect();
            arguments[place] = Value(0);
            let mut others = self.instances(&Fact { relation, arguments })?;
            others.retain(|other| self.is_other(other, chosen.rule, &chosen.bindings, place));
            others.truncate(MOST);
            if !others.is_empty() {
                beaten.push((
                    StepId(number as u32),
                    others.into_iter().map(|other| (other.rule, other.bindings)).collect(),
                ));
            }
        }
        self.settled(Ok(beaten))
    }

    /// Every instance of the rules of a fact, each sentence once.
    fn instances(&mut self, fact: &Fact) -> Result<Vec<Instance>, Stuck> {
        let rulebook = self.rulebook;
        let mut instances: Vec<Instance> = Vec::new();
        for rule in rulebook.rules_of(fact.relation) {
            let Some(page) = rulebook.page(*rule) else { continue };
            let first = instances.len();
            self.each_instance(*rule, &page.plan, &fact.arguments, |_, bindings| {
                instances.push(Instance { rule: *rule, bindings: bindings.to_vec() });
                Ok(ControlFlow::Continue(()))
            })?;
            instances[first..].sort_by(|a, b| self.compare(a, b));
        }
        Ok(instances)
    }

    /// Whether an instance is another than the chosen one, whatever the level.
    fn is_other(&self, other: &Instance, rule: RuleId, bindings: &[Value], place: usize) -> bool {
        let level = match self.program().rule(rule).head.terms[place] {
            Term::Variable(level) => Some(level.index()),
            Term::Constant(_) | Term::Wildcard => None,
        };
        let differs = |(at, (a, b)): (usize, (&Value, &Value))| Some(at) != level && a != b;
        other.rule != rule || other.bindings.iter().zip(bindings).enumerate().any(differs)
    }
}
