//! Asking: whether a decision holds for given arguments, by which rule, and what the outcome of a request is.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use crate::compiler::program::{EntityId, RelationId, RelationKind, RuleId};
use crate::data::{Guests, Value};
use crate::decision::memory::Memory;
use crate::decision::prepare::{GoalRule, Match};
use crate::decision::{Authorization, Decider, Request};
use crate::engine::Model;
use crate::engine::join::{self, Context, Values};
use crate::engine::plan::Plan;

/// The answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Something allows it, and nothing forbids it.
    Allowed(Reason),
    /// Something forbids it.
    Forbidden(Reason),
    /// Nothing allows it.
    NotPermitted,
}

impl Outcome {
    /// Whether the answer is yes.
    pub fn is_allowed(self) -> bool {
        matches!(self, Outcome::Allowed(_))
    }
}

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A rule.
    Rule(RuleId),
    /// A row of a relation that is stored.
    Fact(RelationId, u32),
}

/// Asks a decider. Each thread has its own.
#[derive(Debug)]
pub struct Solver<'d, 'p> {
    decider: &'d Decider<'p>,
    guests: Guests,
    memory: Memory,
    fired: Option<FxHashSet<RuleId>>,
}

impl<'d, 'p> Solver<'d, 'p> {
    /// A solver that remembers nothing yet.
    pub fn new(decider: &'d Decider<'p>) -> Solver<'d, 'p> {
        Solver { decider, guests: Guests::default(), memory: Memory::new(), fired: None }
    }

    /// Remembers from now on which rules answered.
    pub fn record_fired(&mut self) {
        self.fired.get_or_insert_default();
    }

    /// The rules that answered since [`Solver::record_fired`].
    pub fn fired(&self) -> impl Iterator<Item = RuleId> {
        self.fired.iter().flatten().copied()
    }

    /// Begins a new question: forgets the guests of the last one, and what was remembered about them.
    pub fn begin(&mut self) {
        if !self.guests.is_empty() {
            self.guests.clear();
            self.memory.forget();
        }
    }

    /// The things that the question names and no fact does.
    pub fn guests(&mut self) -> &mut Guests {
        &mut self.guests
    }

    /// The outcome of a request: what forbids first, then what allows, in the order of the rules.
    pub fn outcome(&mut self, request: &Request) -> Outcome {
        let Authorization { allow, deny, .. } = request.authorization;
        let arguments = [request.subject, Value(request.action.0), request.resource];
        if let Some(reason) = deny.and_then(|deny| self.reason(deny, &arguments)) {
            return Outcome::Forbidden(reason);
        }
        self.reason(allow, &arguments).map_or(Outcome::NotPermitted, Outcome::Allowed)
    }

    /// The first rule, or the first fact of a stored relation, that gives these arguments.
    fn reason(&mut self, relation: RelationId, arguments: &[Value]) -> Option<Reason> {
        let model = self.decider.model();
        let given = match model.program.relation(relation).kind {
            RelationKind::Decision => None,
            RelationKind::Input | RelationKind::Relation => model.database.given(relation, arguments),
        };
        given.map(|row| Reason::Fact(relation, row)).or_else(|| self.first_rule(relation, arguments).map(Reason::Rule))
    }

    /// Whether a decision holds for these arguments.
    pub fn holds(&mut self, relation: RelationId, arguments: &[Value]) -> bool {
        if let Some(known) = self.memory.recall(relation, arguments) {
            return known;
        }
        let holds = self.first_rule(relation, arguments).is_some();
        self.memory.remember(relation, arguments, holds);
        holds
    }

    /// The first rule of a decision that answers, in the order in which rules decide.
    pub fn first_rule(&mut self, relation: RelationId, arguments: &[Value]) -> Option<RuleId> {
        let rules = self.decider.rules(relation, arguments);
        let rule = rules.iter().find(|rule| self.answers(rule, arguments))?.rule;
        if let Some(fired) = &mut self.fired {
            fired.insert(rule);
        }
        Some(rule)
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
