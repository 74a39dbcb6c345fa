//! The reasons of a decision in a row: the rules of its derivation, from the one that decides down to those that
//! rest on facts alone. `batch --why` has no need of a whole proof for each request.

use rustc_hash::FxHashSet;

use crate::compiler::program::vocabulary::PERMITTED;
use crate::compiler::program::{Literal, RelationKind, RuleId, Term};
use crate::data::Value;
use crate::decision::{Outcome, Reason, Request};
use crate::explain::Stuck;
use crate::explain::prover::{Fact, Instance, Prover};

impl Prover<'_, '_> {
    /// The outcome of a request. Adds the instances of rules that it rests on to the chain: each before those that it uses,
    /// each once, without the steps of a relation from itself; none where no rule decided.
    ///
    /// # Errors
    /// [`Stuck`] where a limit was reached.
    pub fn chain(&mut self, request: &Request, chain: &mut Vec<Instance>) -> Result<Outcome, Stuck> {
        let outcome = self.outcome(request)?;
        let decides = match outcome {
            Outcome::Allowed(reason) => Some((request.authorization.allow, reason)),
            Outcome::Forbidden(reason) => request.authorization.deny.map(|deny| (deny, reason)),
            Outcome::NotPermitted => None,
        };
        let Some((relation, Reason::Rule(rule))) = decides else { return Ok(outcome) };
        let arguments = [request.subject, Value(request.action.0), request.resource].into_iter().collect();
        let mut decides = Some(rule);
        let mut open = vec![Fact { relation, arguments }];
        let mut seen: FxHashSet<Fact> = FxHashSet::default();
        while let Some(fact) = open.pop() {
            if seen.contains(&fact) {
                continue;
            }
            let Some(instance) = self.instance(&fact, decides.take())? else { continue };
            self.premises(&fact, &instance, &mut open);
            if self.program().relation(fact.relation).name != PERMITTED {
                chain.push(instance);
            }
            seen.insert(fact);
        }
        self.settled(Ok(outcome))
    }

    /// An instance that a fact follows from; none where it is given.
    fn instance(&mut self, fact: &Fact, decides: Option<RuleId>) -> Result<Option<Instance>, Stuck> {
        let folds = self.program().relation(fact.relation).aggregate.is_some();
        if folds || self.rulebook.recursive(fact.relation).is_some() {
            self.size(fact)?;
            return Ok(self.known.get(fact).and_then(|choice| choice.way.instances().first()).cloned());
        }
        match self.is_given(fact) {
            true => Ok(None),
            false => self.first_instance(fact, decides).map(Some),
        }
    }

    /// Adds what an instance rests on, the first on top. A stored relation is not followed into itself.
    fn premises(&self, fact: &Fact, instance: &Instance, open: &mut Vec<Fact>) {
        let stored = self.program().relation(fact.relation).kind != RelationKind::Decision;
        let body = self.rulebook.page(instance.rule).map_or(&[][..], |page| &page.body);
        open.extend(body.iter().rev().filter_map(|literal| match literal {
            Literal::Positive(atom) if stored && atom.relation == fact.relation => None,
            Literal::Positive(atom) if self.rulebook.rules_of(atom.relation).is_empty() => None,
            Literal::Positive(atom) => Some(self.fact(atom, &instance.bindings)),
            Literal::Negative(_) | Literal::Comparison(_) => None,
        }));
    }

    /// The role that a rule speaks of: the value of its first variable of that entity, or else the first role that its body
    /// names.
    pub fn role_of(&self, instance: &Instance) -> Option<Value> {
        let role = self.role?;
        let rule = self.program().rule(instance.rule);
        let variable = rule.variables.iter().position(|variable| variable.ty == role);
        let value = variable.map(|variable| instance.bindings[variable]);
        value.or_else(|| {
            let atoms = rule.body.iter().filter_map(super::rulebook::atom_of);
            let mut terms =
                atoms.flat_map(|atom| atom.terms.iter().zip(&self.program().relation(atom.relation).fields));
            terms.find_map(|(term, field)| match term {
                Term::Constant(constant) if field.ty == role => Some(self.model.database.constant(*constant)),
                _ => None,
            })
        })
    }
}
