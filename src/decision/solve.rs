//! Asking: whether a decision holds for given arguments, by which rule, and what the outcome of a request is.

use std::ops::ControlFlow;

use crate::compiler::program::{EntityId, RelationId, RelationKind, RuleId};
use crate::data::{Guests, Value};
use crate::decision::body::Arguments;
use crate::decision::code::{Code, LevelOf, Library, PreparedQuery};
use crate::decision::memory::Memory;
use crate::decision::{Authorization, Decider, Request, may_hold};
use crate::engine::Model;

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

/// How high a rule without a ceiling goes.
const EVERY_LEVEL: u32 = u32::MAX;

/// Asks a decider. Each thread has its own.
#[derive(Debug)]
pub struct Solver<'d, 'p> {
    decider: &'d Decider<'p>,
    guests: Guests,
    memory: Memory,
    /// How many combinations a counted run may still look at.
    pub(super) combinations_left: u64,
}

impl<'d, 'p> Solver<'d, 'p> {
    /// A solver that remembers nothing yet.
    pub fn new(decider: &'d Decider<'p>) -> Solver<'d, 'p> {
        Solver { decider, guests: Guests::default(), memory: Memory::new(), combinations_left: 0 }
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
        if let Some(reason) = deny.and_then(|deny| self.reason(deny, request)) {
            return Outcome::Forbidden(reason);
        }
        self.reason(allow, request).map_or(Outcome::NotPermitted, Outcome::Allowed)
    }

    /// What gives the subject, action and resource of a request: the first rule of a decision, or else the first fact.
    fn reason(&mut self, relation: RelationId, request: &Request) -> Option<Reason> {
        let action = Value(request.action.0);
        let goal = self.decider.goal(relation, Some(action));
        let rule = |solver: &mut Self| solver.first_rule_of(goal?, &[request.subject, request.resource], None);
        match self.model().program.relation(relation).kind {
            RelationKind::Decision => rule(self).map(Reason::Rule),
            RelationKind::Input | RelationKind::Relation => {
                let row = self.model().database.given(relation, &[request.subject, action, request.resource]);
                row.map(|row| Reason::Fact(relation, row)).or_else(|| rule(self).map(Reason::Rule))
            }
        }
    }

    /// Whether a decision that is planned holds for these arguments.
    pub fn holds(&mut self, relation: RelationId, arguments: &[Value]) -> bool {
        let goal = self.question(relation, arguments);
        goal.is_some_and(|(goal, others, level)| self.goal_holds(goal, &others, level))
    }

    /// The first rule of a decision that answers, in the order in which rules decide.
    pub fn first_rule(&mut self, relation: RelationId, arguments: &[Value]) -> Option<RuleId> {
        let (goal, others, level) = self.question(relation, arguments)?;
        self.first_rule_of(goal, &others, level)
    }

    /// Every rule of a planned decision that answers, in the order in which rules decide.
    pub fn answering_rules(&mut self, relation: RelationId, arguments: &[Value]) -> Vec<RuleId> {
        let Some((goal, others, level)) = self.question(relation, arguments) else { return Vec::new() };
        let mut rules = Vec::new();
        self.find_code(goal, &others, |solver, code| {
            rules.extend(solver.answers_at(code, &others, level).then_some(code.rule));
            false
        });
        rules
    }

    /// Of a planned decision that asks for a level "at least" and holds for one: the place of the level, and the highest
    /// for which it holds for these other arguments.
    pub fn highest_level(&mut self, relation: RelationId, arguments: &[Value]) -> Option<(usize, Value)> {
        let place = self.decider.level_place(relation)?;
        let (goal, others, _) = self.question(relation, arguments)?;
        let highest = self.highest(goal, &others).min(self.decider.levels(relation)?);
        highest.checked_sub(1).map(|level| (place, Value(level)))
    }

    /// The goal that a question asks, the arguments without its action and level, and the level; nothing where what an action
    /// would be done to does not fit it.
    fn question(&self, relation: RelationId, arguments: &[Value]) -> Option<(u32, Arguments, Option<Value>)> {
        let decider = self.decider;
        let argument = |place: usize| Some(arguments[place]);
        if !may_hold(self.model().program, relation, argument, |thing| self.entity(thing)) {
            return None;
        }
        let goal = decider.goal(relation, decider.action_place(relation).map(|place| arguments[place]))?;
        let others = decider.argument_places(relation).iter().map(|place| arguments[*place]).collect();
        Some((goal, others, decider.level_place(relation).map(|place| arguments[place])))
    }

    /// [`Solver::first_rule`] of a goal, whose action is part of it.
    fn first_rule_of(&mut self, goal: u32, arguments: &[Value], level: Option<Value>) -> Option<RuleId> {
        self.find_code(goal, arguments, |solver, code| solver.answers_at(code, arguments, level)).map(|code| code.rule)
    }

    /// The first rule of a goal, in the order in which rules decide, whose guards hold and that `answers`.
    #[inline]
    fn find_code(
        &mut self,
        goal: u32,
        arguments: &[Value],
        mut answers: impl FnMut(&mut Self, &'d Code) -> bool,
    ) -> Option<&'d Code> {
        let library = self.library();
        // Rules of a decision often begin alike: how many guards of the last one hold, up to the first that does not.
        let mut held = 0;
        library.codes(goal).iter().find(|code| {
            let shared = code.shared as usize;
            if held < shared {
                return false;
            }
            let guards = library.checks(code.guards);
            let own = guards[shared..].iter().position(|guard| !self.passes(guard, arguments));
            held = own.map_or(guards.len(), |own| shared + own);
            own.is_none() && answers(self, code)
        })
    }

    /// Whether a goal holds for these arguments, at least for the level where it has one.
    pub(super) fn goal_holds(&mut self, goal: u32, arguments: &[Value], level: Option<Value>) -> bool {
        match level {
            Some(level) => self.highest(goal, arguments) > level.0,
            None => self.remembered(goal, arguments, Solver::any_answers) > 0,
        }
    }

    fn any_answers(&mut self, goal: u32, arguments: &[Value]) -> u32 {
        u32::from(self.find_code(goal, arguments, |solver, code| solver.answers(code, arguments)).is_some())
    }

    /// How high a goal that asks for a level "at least" goes for the other arguments: 0 where it does not hold,
    /// else the number of members up to the highest.
    pub(super) fn highest(&mut self, goal: u32, arguments: &[Value]) -> u32 {
        self.remembered(goal, arguments, |solver, goal, arguments| {
            let mut highest = 0;
            solver.find_code(goal, arguments, |solver, code| {
                highest = solver.highest_by(code, arguments).max(highest);
                highest >= code.levels
            });
            highest
        })
    }

    /// [`Solver::highest`] by one rule whose guards hold.
    fn highest_by(&mut self, code: &'d Code, arguments: &[Value]) -> u32 {
        if code.ops.is_empty() {
            return self.lowest_ceiling(code, arguments);
        }
        let mut highest = 0;
        // A break says that nothing can be higher.
        let _ = self.run::<false, _>(code.ops, code.slots, arguments, &mut |solver, bindings| {
            highest = solver.lowest_ceiling(code, bindings).max(highest);
            if highest >= code.levels { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        highest
    }

    #[inline]
    fn lowest_ceiling(&mut self, code: &'d Code, bindings: &[Value]) -> u32 {
        let mut lowest = EVERY_LEVEL;
        for ceiling in self.library().ceilings(code.ceilings) {
            lowest = lowest.min(match ceiling {
                LevelOf::Value(input) => input.value(bindings).0 + 1,
                LevelOf::Decision(ask) => self.level_of(ask, bindings),
            });
        }
        lowest
    }

    fn remembered(
        &mut self,
        goal: u32,
        arguments: &[Value],
        answer: impl FnOnce(&mut Self, u32, &[Value]) -> u32,
    ) -> u32 {
        if let Some(known) = self.memory.recall(goal, arguments) {
            return known;
        }
        let answer = answer(self, goal, arguments);
        self.memory.remember(goal, arguments, answer);
        answer
    }

    /// Whether a rule whose guards hold answers, at least for the level where there is one.
    fn answers_at(&mut self, code: &'d Code, arguments: &[Value], level: Option<Value>) -> bool {
        match level {
            Some(level) => self.highest_by(code, arguments) > level.0,
            None => self.answers(code, arguments),
        }
    }

    /// Whether a rule whose guards hold answers.
    fn answers(&mut self, code: &'d Code, arguments: &[Value]) -> bool {
        code.ops.is_empty()
            || self.run::<false, _>(code.ops, code.slots, arguments, &mut |_, _| ControlFlow::Break(())).is_break()
    }

    /// Every answer to a query: the values of its slots, in no order, perhaps repeated.
    pub fn answers_to(&mut self, query: &PreparedQuery, mut take: impl FnMut(&[Value]) -> ControlFlow<()>) {
        if self.all_pass(query.checks, &[]) {
            // A break is the taker's own wish.
            let _ = self.run::<false, _>(query.ops, query.slots, &[], &mut |_, bindings| take(bindings));
        }
    }

    /// As [`Solver::answers_to`], where the slots begin with these values and no more than `combinations` are looked at:
    /// how many of them are left, or nothing where they did not suffice.
    pub fn answers_within(
        &mut self,
        query: &PreparedQuery,
        bindings: &[Value],
        combinations: u64,
        mut take: impl FnMut(&[Value]) -> ControlFlow<()>,
    ) -> Option<u64> {
        self.combinations_left = combinations;
        if !self.all_pass(query.checks, bindings) {
            return Some(combinations);
        }
        let mut is_taken = false;
        let ended = self.run::<true, _>(query.ops, query.slots, bindings, &mut |_, bindings| {
            let flow = take(bindings);
            is_taken |= flow.is_break();
            flow
        });
        (ended.is_continue() || is_taken).then_some(self.combinations_left)
    }

    /// Who is asked.
    pub(super) fn decider(&self) -> &'d Decider<'p> {
        self.decider
    }

    /// All code.
    #[inline]
    pub(super) fn library(&self) -> &'d Library {
        self.decider.library()
    }

    /// The model that is asked.
    pub(super) fn model(&self) -> &'d Model<'p> {
        self.decider.model()
    }

    /// The entity of a thing, guest or not.
    pub fn entity(&self, value: Value) -> Option<EntityId> {
        self.guests.tag(&self.decider.model().database.symbols, value).entity()
    }
}
