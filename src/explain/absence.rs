//! What a `not` rests on: facts without which what it says is not there might be derived after all, because a rule for
//! that says `not` of them in turn.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use crate::compiler::program::{Atom, Literal, RelationId, RelationKind, Term};
use crate::data::Value;
use crate::explain::Stuck;
use crate::explain::prover::{Fact, Prover};
use crate::explain::rulebook::{Page, Rest, Slots};

/// Why an instance of a rule fails.
enum Failing {
    /// For good: fewer facts don't make it hold.
    Firmly,
    /// What a `not` asks for is there.
    Present(Fact),
    /// Something is not there that fewer facts may bring.
    Missing(Fact),
}

impl Prover<'_, '_> {
    /// The facts that the absence of an atom rests on. Nothing derives it.
    ///
    /// An atom with `_`, or of an aggregated relation, is taken to rest on none.
    pub(super) fn supports(&mut self, relation: RelationId, absent: &[Option<Value>]) -> Result<Vec<Fact>, Stuck> {
        let mut supports = Vec::new();
        let arguments: Option<_> = absent.iter().copied().collect();
        if let Some(arguments) = arguments {
            let mut open = vec![Fact { relation, arguments }];
            let mut seen: FxHashSet<Fact> = open.iter().cloned().collect();
            while let Some(fact) = open.pop() {
                let mut missing = self.support(&fact, &mut supports)?;
                missing.retain(|fact| seen.insert(fact.clone()));
                open.append(&mut missing);
            }
        }
        Ok(supports)
    }

    /// Adds what keeps each rule from deriving a fact, and returns what else must not be there.
    fn support(&mut self, absent: &Fact, supports: &mut Vec<Fact>) -> Result<Vec<Fact>, Stuck> {
        let mut missing = Vec::new();
        let aggregated = self.program().relation(absent.relation).aggregate.is_some();
        if self.rulebook.is_monotone(absent.relation) || aggregated || !self.may_hold(absent) {
            return Ok(missing);
        }
        let rulebook = self.rulebook;
        for rule in rulebook.rules_of(absent.relation) {
            let Some(page) = rulebook.page(*rule) else { continue };
            self.each_instance(*rule, &page.skeleton, &absent.arguments, |prover, bindings| {
                match prover.failing(page, bindings, supports)? {
                    Some(Failing::Present(fact)) if !supports.contains(&fact) => supports.push(fact),
                    Some(Failing::Missing(fact)) => missing.push(fact),
                    Some(Failing::Present(_) | Failing::Firmly) | None => {}
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(missing)
    }

    /// Why an instance fails: for good if it can be, else by something that is known already, else as it comes.
    fn failing(&mut self, page: &Page, bindings: &[Value], supports: &[Fact]) -> Result<Option<Failing>, Stuck> {
        let mut found = None;
        for rest in &page.rest {
            let Some(failing) = self.fails(page, rest, bindings)? else { continue };
            let best = match (&failing, &found) {
                (Failing::Firmly, _) => return Ok(Some(failing)),
                (Failing::Present(fact), Some(Failing::Present(_))) => supports.contains(fact),
                (Failing::Present(_), _) => true,
                (Failing::Missing(_), _) => found.is_none(),
            };
            if best {
                found = Some(failing);
            }
        }
        Ok(found)
    }

    fn fails(&mut self, page: &Page, rest: &Rest, bindings: &[Value]) -> Result<Option<Failing>, Stuck> {
        let negated = matches!(page.body[rest.literal], Literal::Negative(_));
        let decision = |atom: &Atom| self.program().relation(atom.relation).kind == RelationKind::Decision;
        if rest.open && (negated || rest.atom.as_ref().is_some_and(decision)) {
            // What it asks for depends on another literal of the rest: no single fact can be named.
            return Ok(None);
        }
        let mut witness = None;
        self.each_binding(&rest.plan, Slots::from_slice(bindings), |_, bindings| {
            witness = Some(bindings.to_vec());
            Ok(ControlFlow::Break(()))
        })?;
        Ok(match (&rest.atom, witness, negated) {
            (Some(atom), Some(witness), true) => Some(Failing::Present(self.fact(atom, &witness))),
            (Some(atom), None, false) => {
                let open = atom
                    .terms
                    .iter()
                    .any(|term| matches!(term, Term::Variable(variable) if variable.index() >= bindings.len()));
                let firm = open || rest.open || self.rulebook.is_monotone(atom.relation);
                Some(if firm { Failing::Firmly } else { Failing::Missing(self.fact(atom, bindings)) })
            }
            (None, None, _) => Some(Failing::Firmly),
            (Some(_) | None, _, _) => None,
        })
    }
}
