//! What a prover asks on its way: whether decisions hold, by which rule, for which level. A solver answers where many
//! questions are asked, since it has prepared code for them; for one, the rules themselves do.

use std::ops::ControlFlow;

use crate::compiler::program::{EntityId, Literal, RelationId, RelationKind, RuleId, Term, Type};
use crate::data::Value;
use crate::decision::{self, Bound, Outcome, Reason, Request, level_bound};
use crate::engine::join::Values;
use crate::explain::Stuck;
use crate::explain::prover::{Fact, Prover};

/// How high a decision goes that has every level.
const EVERY_LEVEL: u32 = u32::MAX;

impl Prover<'_, '_> {
    /// The outcome of a request: what forbids first, then what allows, in the order of the rules.
    ///
    /// # Errors
    /// [`Stuck`] where a limit was reached.
    pub fn outcome(&mut self, request: &Request) -> Result<Outcome, Stuck> {
        if let Some(solver) = &mut self.solver {
            return Ok(solver.outcome(request));
        }
        if let Some(deny) = request.authorization.deny
            && let Some(reason) = self.reason(deny, request)?
        {
            return Ok(Outcome::Forbidden(reason));
        }
        Ok(self.reason(request.authorization.allow, request)?.map_or(Outcome::NotPermitted, Outcome::Allowed))
    }

    fn reason(&mut self, relation: RelationId, request: &Request) -> Result<Option<Reason>, Stuck> {
        let arguments: Values = [request.subject, Value(request.action.0), request.resource].into_iter().collect();
        if self.program().relation(relation).kind != RelationKind::Decision
            && let Some(row) = self.model.given(relation, &arguments)
        {
            return Ok(Some(Reason::Fact(relation, row)));
        }
        Ok(self.first_rule(&Fact { relation, arguments })?.map(Reason::Rule))
    }

    /// The first rule that derives a fact.
    pub(super) fn first_rule(&mut self, fact: &Fact) -> Result<Option<RuleId>, Stuck> {
        if let Some(solver) = &mut self.solver {
            return Ok(solver.first_rule(fact.relation, &fact.arguments));
        }
        if !self.may_hold(fact) {
            return Ok(None);
        }
        for rule in self.rulebook.rules_of(fact.relation) {
            if self.applies(*rule, &fact.arguments)? {
                return Ok(Some(*rule));
            }
        }
        Ok(None)
    }

    /// Whether something may hold at all: what an action would be done to fits it.
    pub(super) fn may_hold(&self, fact: &Fact) -> bool {
        let argument = |place: usize| Some(fact.arguments[place]);
        decision::may_hold(self.program(), fact.relation, argument, |thing| self.entity_of(thing))
    }

    /// Whether a rule derives what has these arguments.
    pub(super) fn applies(&mut self, rule: RuleId, arguments: &[Value]) -> Result<bool, Stuck> {
        let Some(page) = self.rulebook.page(rule) else { return Ok(false) };
        let mut applies = false;
        self.each_instance(rule, &page.plan, arguments, |_, _| {
            applies = true;
            Ok(ControlFlow::Break(()))
        })?;
        Ok(applies)
    }

    /// Whether a decision holds. Where a limit was reached it does not, and the prover is stuck.
    pub(super) fn decides(&mut self, relation: RelationId, arguments: &[Value]) -> bool {
        if let Some(solver) = &mut self.solver {
            return solver.holds(relation, arguments);
        }
        let fact = Fact { relation, arguments: arguments.iter().copied().collect() };
        if let Some(known) = self.answers.get(&fact) {
            return *known;
        }
        let first = self.deeper(|prover| prover.first_rule(&fact));
        let holds = matches!(first, Ok(Some(_)));
        if let Err(stuck) = first {
            self.stuck.get_or_insert(stuck);
        }
        self.answers.insert(fact, holds);
        holds
    }

    /// Of a decision that asks for a level "at least": the place of the level, and the highest for which it holds for these
    /// other arguments.
    pub(super) fn highest_level(&mut self, fact: &Fact) -> Result<Option<(usize, Value)>, Stuck> {
        if let Some(solver) = &mut self.solver {
            return Ok(solver.highest_level(fact.relation, &fact.arguments));
        }
        let Some(place) = self.levels[fact.relation.index()] else { return Ok(None) };
        let Type::Enum(id) = self.program().relation(fact.relation).fields[place].ty else { return Ok(None) };
        let members = self.program().enums[id.index()].members.len() as u32;
        let highest = self.highest(fact, place)?.min(members);
        Ok(highest.checked_sub(1).map(|level| (place, Value(level))))
    }

    /// How many levels, from the lowest up, a decision holds for.
    fn highest(&mut self, fact: &Fact, place: usize) -> Result<u32, Stuck> {
        let mut arguments = fact.arguments.clone();
        arguments[place] = Value(0);
        let rulebook = self.rulebook;
        let mut highest = 0;
        for rule in rulebook.rules_of(fact.relation) {
            let Some(page) = rulebook.page(*rule) else { continue };
            self.each_instance(*rule, &page.plan, &arguments, |prover, bindings| {
                let ceiling = prover.deeper(|prover| prover.ceiling(*rule, place, &page.body, bindings))?;
                highest = ceiling.max(highest);
                Ok(if highest == EVERY_LEVEL { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
        }
        Ok(highest)
    }

    /// How many levels an instance gives.
    fn ceiling(&mut self, rule: RuleId, place: usize, body: &[Literal], bindings: &[Value]) -> Result<u32, Stuck> {
        let Term::Variable(level) = self.program().rule(rule).head.terms[place] else { return Ok(EVERY_LEVEL) };
        let mut ceiling = EVERY_LEVEL;
        for literal in body {
            let levels = &self.levels;
            let bound = level_bound(|relation: RelationId| levels[relation.index()], literal, level);
            ceiling = ceiling.min(match bound {
                None => EVERY_LEVEL,
                Some(Bound::Term(term)) => self.value(term, bindings).0.saturating_add(1),
                Some(Bound::Decision(relation, terms)) => {
                    let arguments = terms.iter().map(|term| self.value(term, bindings)).collect();
                    match self.levels[relation.index()] {
                        Some(place) => self.highest(&Fact { relation, arguments }, place)?,
                        None => EVERY_LEVEL,
                    }
                }
            });
        }
        Ok(ceiling)
    }

    pub(super) fn entity_of(&self, value: Value) -> Option<EntityId> {
        match &self.solver {
            Some(solver) => solver.entity(value),
            None => self.model.database.symbols.tag(value).entity(),
        }
    }
}
