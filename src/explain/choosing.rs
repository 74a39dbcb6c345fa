//! Which instance derives a fact: the smallest, or where many questions are asked, the first.
//!
//! An instance that can't beat the smallest so far, by the least that its premises take, is not followed further. Of equal
//! ones the first rule counts, then what its variables say, as people sort it.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use crate::compiler::program::{RuleId, Term, Type};
use crate::data::{Guests, Value};
use crate::decision::Authorization;
use crate::engine::join::Values;
use crate::explain::Stuck;
use crate::explain::prover::{Choice, Fact, Instance, Prover, Way};
use crate::explain::rulebook::atom_of;

impl Prover<'_, '_> {
    /// The smallest instance of a rule; of requests, of the rule that decides.
    pub(super) fn smallest(&mut self, fact: &Fact) -> Result<Choice, Stuck> {
        let asked = self.raised(fact)?;
        let rulebook = self.rulebook;
        let first = self.deciding(fact)?;
        let mut best: Option<Choice> = None;
        for rule in rulebook.rules_of(fact.relation) {
            if first.is_some_and(|first| first != *rule) {
                continue;
            }
            let Some(page) = rulebook.page(*rule) else { continue };
            let least = rulebook.floor(page);
            if best.as_ref().is_some_and(|best| best.size <= least) {
                continue;
            }
            // One that rests on given facts alone is the smallest there is.
            let smallest = 1 + page.body.iter().filter(|literal| atom_of(literal).is_some()).count() as u64;
            self.each_instance(*rule, &page.plan, &asked, |prover, bindings| {
                let instance = prover.lowered(fact, *rule, bindings);
                let better =
                    |size: u64, prover: &Self| best.as_ref().is_none_or(|best| prover.is_better(size, &instance, best));
                let mut size = least;
                for literal in &page.body {
                    if !better(size, prover) {
                        return Ok(ControlFlow::Continue(()));
                    }
                    let steps = prover.literal_size(literal, &instance.bindings)?;
                    size = size.saturating_add(steps.saturating_sub(rulebook.least(literal)));
                }
                if better(size, prover) {
                    best = Some(Choice { size, way: Way::Rule(instance) });
                }
                Ok(if size == smallest { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
        }
        best.ok_or(Stuck::Lost(fact.relation))
    }

    /// Of a request, the rule that decides it.
    fn deciding(&mut self, fact: &Fact) -> Result<Option<RuleId>, Stuck> {
        let mut deciding = self.authorization.into_iter().flat_map(Authorization::relations);
        match deciding.any(|relation| relation == fact.relation) {
            true => self.first_rule(fact),
            false => Ok(None),
        }
    }

    /// The first instance of the first rule, in place of the smallest.
    pub(super) fn first(&mut self, fact: &Fact) -> Result<Choice, Stuck> {
        let instance = self.first_instance(fact, None)?;
        let rulebook = self.rulebook;
        let page = rulebook.page(instance.rule).ok_or(Stuck::Lost(fact.relation))?;
        Ok(Choice { size: self.body_size(page, &instance.bindings)?, way: Way::Rule(instance) })
    }

    /// The first instance of the first rule that derives a fact, which is `decides` where that is known.
    pub(super) fn first_instance(&mut self, fact: &Fact, decides: Option<RuleId>) -> Result<Instance, Stuck> {
        let asked = self.raised(fact)?;
        let decides = match decides {
            None => self.deciding(fact)?,
            known => known,
        };
        let rulebook = self.rulebook;
        let mut found = None;
        for rule in rulebook.rules_of(fact.relation) {
            let Some(page) = rulebook.page(*rule).filter(|_| decides.is_none_or(|decides| decides == *rule)) else {
                continue;
            };
            self.each_instance(*rule, &page.plan, &asked, |prover, bindings| {
                found = Some(prover.lowered(fact, *rule, bindings));
                Ok(ControlFlow::Break(()))
            })?;
            if found.is_some() {
                break;
            }
        }
        found.ok_or(Stuck::Lost(fact.relation))
    }

    /// Whether an instance is smaller than the best so far or, of one rule, as small and earlier by its words.
    fn is_better(&self, size: u64, instance: &Instance, best: &Choice) -> bool {
        if size != best.size {
            return size < best.size;
        }
        let Way::Rule(other) = &best.way else { return false };
        instance.rule == other.rule && self.compare(instance, other).is_lt()
    }

    /// Compares two instances of a rule by what they say.
    pub(super) fn compare(&self, a: &Instance, b: &Instance) -> Ordering {
        let rule = self.program().rule(a.rule);
        let by_words = |ty: Type, a: Value, b: Value| self.compare_values(ty, a, b);
        let values = rule.variables.iter().zip(a.bindings.iter().zip(&b.bindings));
        let mut differing = values.map(|(variable, (a, b))| by_words(variable.ty, *a, *b));
        // Variables that stand for a `_` come last, by their numbers.
        differing.find(|order| order.is_ne()).unwrap_or_else(|| a.bindings.cmp(&b.bindings))
    }

    /// Compares values of a type as people sort them; what no fact names comes last.
    pub(super) fn compare_values(&self, ty: Type, a: Value, b: Value) -> Ordering {
        let database = &self.model.database;
        let thing = matches!(ty, Type::Text | Type::Resource | Type::Entity(_));
        let guest = |value| thing && Guests::is_guest(&database.symbols, value);
        match (guest(a), guest(b)) {
            (false, false) => database.compare(self.program(), ty, a, b),
            (a_is, b_is) => a_is.cmp(&b_is).then(a.cmp(&b)),
        }
    }

    /// The arguments of a fact; where it asks for a level "at least", with the highest there is instead.
    pub(super) fn raised(&mut self, fact: &Fact) -> Result<Values, Stuck> {
        let mut arguments = fact.arguments.clone();
        if let Some((place, highest)) = self.highest_level(fact)? {
            arguments[place] = highest;
        }
        Ok(arguments)
    }

    /// An instance in which the variable of the level has the value that was asked: what holds for the highest holds for it.
    fn lowered(&self, fact: &Fact, rule: RuleId, bindings: &[Value]) -> Instance {
        let mut bindings = bindings.to_vec();
        if let Some(place) = self.levels[fact.relation.index()]
            && let Term::Variable(level) = self.program().rule(rule).head.terms[place]
        {
            bindings[level.index()] = fact.arguments[place];
        }
        Instance { rule, bindings }
    }
}
