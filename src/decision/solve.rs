//! Asking: whether a decision holds for given arguments, by which rule, and what the outcome of a request is.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use crate::compiler::program::{EntityId, RelationId, RelationKind, RuleId};
use crate::data::{Guests, Value};
use crate::decision::Decider;
use crate::decision::prepare::{GoalRule, Match};
use crate::engine::Model;
use crate::engine::join::{self, Context, Values};
use crate::engine::plan::Plan;

/// The answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A rule allows it, and none forbids it.
    Allowed(RuleId),
    /// A `deny` rule forbids it.
    Forbidden(RuleId),
    /// No rule allows it.
    NotPermitted,
}

/// Answers remembered within one question; beyond this many it starts anew.
const MEMORY: usize = 4096;

/// Asks a decider. Each thread has its own.
#[derive(Debug)]
pub struct Solver<'d, 'p> {
    decider: &'d Decider<'p>,
    /// Things that the question names and no fact does.
    pub guests: Guests,
    memory: FxHashMap<(RelationId, Values), bool>,
}

impl<'d, 'p> Solver<'d, 'p> {
    /// A solver that remembers nothing yet.
    pub fn new(decider: &'d Decider<'p>) -> Solver<'d, 'p> {
        Solver { decider, guests: Guests::default(), memory: FxHashMap::default() }
    }

    /// The outcome of a request: `deny` first, then `allow`, in the order of their rules.
    pub fn outcome(&mut self, allow: RelationId, deny: Option<RelationId>, request: &[Value]) -> Outcome {
        self.memory.clear();
        if let Some(rule) = deny.and_then(|deny| self.first_rule(deny, request)) {
            return Outcome::Forbidden(rule);
        }
        self.first_rule(allow, request).map_or(Outcome::NotPermitted, Outcome::Allowed)
    }

    /// Whether an input, relation or decision holds for these arguments.
    pub fn holds(&mut self, relation: RelationId, arguments: &[Value]) -> bool {
        if let Some(known) = self.memory.get(&(relation, Values::from_slice(arguments))) {
            return *known;
        }
        let holds = self.first_rule(relation, arguments).is_some();
        if self.memory.len() >= MEMORY {
            self.memory.clear();
        }
        self.memory.insert((relation, Values::from_slice(arguments)), holds);
        holds
    }

    /// The first rule of a decision that answers, in the order in which rules decide.
    pub fn first_rule(&mut self, relation: RelationId, arguments: &[Value]) -> Option<RuleId> {
        let rules = self.decider.rules(relation, arguments);
        rules.iter().find(|rule| self.answers(rule, arguments)).map(|rule| rule.rule)
    }

    /// Every answer to a planned query: the values of its slots, in no order, perhaps repeated.
    pub fn answers_to(&mut self, plan: &Plan, mut take: impl FnMut(&[Value]) -> ControlFlow<()>) {
        let mut bindings: Values = smallvec::smallvec![Value::default(); plan.slots];
        let mut answering = Answering { solver: self, take: &mut take };
        // A break is the taker's own wish.
        let _ = join::run(&mut answering, &plan.steps, &mut bindings);
    }

    fn answers(&mut self, rule: &GoalRule, arguments: &[Value]) -> bool {
        let mut bindings: Values = smallvec::smallvec![Value::default(); rule.plan.slots];
        for item in &rule.matches {
            let fits = match *item {
                Match::Bind { argument, slot, entity } => {
                    bindings[slot] = arguments[argument];
                    entity.is_none_or(|entity| self.entity(arguments[argument]) == Some(entity))
                }
                Match::Equal { argument, operand } => join::value(operand, &bindings) == arguments[argument],
            };
            if !fits {
                return false;
            }
        }
        let mut stop = |_: &[Value]| ControlFlow::Break(());
        join::run(&mut Answering { solver: self, take: &mut stop }, &rule.plan.steps, &mut bindings).is_break()
    }

    fn entity(&self, value: Value) -> Option<EntityId> {
        self.guests.tag(&self.decider.model().database.symbols, value).entity()
    }

    /// The kind of a relation, for callers that ask facts and decisions alike.
    pub fn kind(&self, relation: RelationId) -> RelationKind {
        self.decider.model().program.relation(relation).kind
    }
}

/// A plan while it runs over the finished model.
struct Answering<'a, 'd, 'p, F> {
    solver: &'a mut Solver<'d, 'p>,
    take: &'a mut F,
}

impl<'d, F: FnMut(&[Value]) -> ControlFlow<()>> Context<'d> for Answering<'_, 'd, '_, F> {
    fn model(&self) -> &'d Model<'d> {
        self.solver.decider.model()
    }

    fn goal(&mut self, relation: RelationId, arguments: &[Value]) -> bool {
        self.solver.holds(relation, arguments)
    }

    fn entity(&self, value: Value) -> Option<EntityId> {
        self.solver.entity(value)
    }

    fn found(&mut self, bindings: &[Value]) -> ControlFlow<()> {
        (self.take)(bindings)
    }
}
