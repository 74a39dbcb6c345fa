//! What follows from given facts, asked one question at a time and answered from the rules alone.
//!
//! It shares no code with the engines, and keeps nothing that they derived: proofs are checked by it. `facts` says what is
//! given, `goal` what is asked for on the way, `run` goes through bodies with `choice` and `terms`, `fold` folds
//! groups, and `index` and `row_set` hold rows.
//!
//! A question becomes a goal: a relation with values in some places. The rules for it are begun with those values, and
//! each literal of their bodies that is derived becomes a goal in turn. All goals are answered together: what waits for
//! a goal goes on with every answer that it gets, whenever that comes, and no answer is taken twice. So rules may
//! be recursive, and the loop ends when there is nothing left to go on with. What a `not` or a fold asks for is complete
//! by then, unless it depends on another such wait, which is then ended first. Nothing here calls itself.

mod choice;
mod facts;
mod fold;
mod goal;
mod index;
mod row_set;
mod rules;
mod run;
mod terms;

pub use facts::{Facts, Given};

use std::fmt;

use goal::{Of, Question};
use run::Run;

use crate::compiler::program::vocabulary::{ALLOW, DENY};
use crate::compiler::program::{ActionId, Program, RelationId, RelationKind, RuleId};
use crate::data::Value;

/// How many steps a question may take, unless told otherwise: some seconds, and some gigabytes at worst.
const STEPS: u64 = 20_000_000;

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// It takes more work than allowed.
    Steps(u64),
    /// A decision was asked without a value for each place.
    OpenDecision(String),
    /// A rule can't be gone through: it is not of a checked program.
    Unchecked(String),
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Steps(steps) => write!(formatter, "the answer takes more than {steps} steps"),
            Limit::OpenDecision(name) => write!(formatter, "`{name}` is a decision and answers known arguments alone"),
            Limit::Unchecked(id) => write!(formatter, "the rule {id} waits for itself or for a value"),
        }
    }
}

impl std::error::Error for Limit {}

/// The answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Something allows it, and nothing forbids it.
    Allowed(Decider),
    /// Something forbids it.
    Forbidden(Decider),
    /// Nothing allows it.
    NotPermitted,
}

impl Outcome {
    /// Whether the answer is yes.
    pub fn is_allowed(self) -> bool {
        matches!(self, Outcome::Allowed(_))
    }
}

/// What decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decider {
    /// A fact of `allow` or `deny`, where that is a relation with facts.
    Fact,
    /// The first rule that gives it, in the order of the program.
    Rule(RuleId),
}

/// Answers questions about what follows from facts.
///
/// Goals that were answered are kept for later questions. A question costs what its goals take: their facts, found
/// by indexes, and not the size of the portal.
#[derive(Debug)]
pub struct Evaluator<'f, 'p> {
    run: Run<'f, 'p>,
    steps: u64,
}

impl<'f, 'p> Evaluator<'f, 'p> {
    /// An evaluator that knows nothing yet. The facts are of a database for that program.
    pub fn new(program: &'p Program, facts: Facts<'f>) -> Evaluator<'f, 'p> {
        Evaluator { run: Run::new(program, facts), steps: STEPS }
    }

    /// With that many steps for each question; a step is a row or a rule that is looked at.
    pub fn with_limit(mut self, steps: u64) -> Evaluator<'f, 'p> {
        self.steps = steps;
        self
    }

    /// Whether a relation holds for these arguments, of which `None` stands for any; of a decision all are given.
    pub fn holds(&mut self, relation: RelationId, arguments: &[Option<Value>]) -> Result<bool, Limit> {
        if self.is_given(relation) {
            return Ok(self.run.facts.any(relation, arguments));
        }
        let rows = self.ask(relation, Of::Relation, arguments)?;
        Ok(!rows.is_empty())
    }

    /// The rows of a relation with these arguments, sorted by the numbers of their values.
    pub fn answers(&mut self, relation: RelationId, arguments: &[Option<Value>]) -> Result<Vec<Vec<Value>>, Limit> {
        let mut rows = match self.is_given(relation) {
            true => self.run.facts.rows(relation, arguments).rows().iter().map(|row| row.to_vec()).collect(),
            false => self.ask(relation, Of::Relation, arguments)?,
        };
        rows.sort_unstable();
        Ok(rows)
    }

    /// The first rule that gives a statement, in the order in which rules decide; not of an aggregated relation.
    pub fn first_rule(&mut self, relation: RelationId, arguments: &[Value]) -> Result<Option<RuleId>, Limit> {
        let pattern: Vec<Option<Value>> = arguments.iter().copied().map(Some).collect();
        for rule in self.run.rules.of(relation).to_vec() {
            if !self.ask(relation, Of::Rule(rule), &pattern)?.is_empty() {
                return Ok(Some(rule));
            }
        }
        Ok(None)
    }

    /// Whether a request is allowed, and by what: `allow` holds for it, and `deny`, where the program has it, does not.
    /// In a program without `allow` nothing is permitted.
    pub fn outcome(&mut self, subject: Value, action: ActionId, resource: Value) -> Result<Outcome, Limit> {
        let request = [subject, Value(action.0), resource];
        if let Some(decider) = self.decider(DENY, &request)? {
            return Ok(Outcome::Forbidden(decider));
        }
        let decider = self.decider(ALLOW, &request)?;
        Ok(decider.map_or(Outcome::NotPermitted, Outcome::Allowed))
    }

    fn decider(&mut self, name: &str, request: &[Value; 3]) -> Result<Option<Decider>, Limit> {
        let Some(relation) = self.run.program.relation_named(name) else { return Ok(None) };
        if self.run.program.relation(relation).arity() != request.len() {
            return Ok(None);
        }
        if self.run.facts.any(relation, &request.map(Some)) {
            return Ok(Some(Decider::Fact));
        }
        Ok(self.first_rule(relation, request)?.map(Decider::Rule))
    }

    fn is_given(&self, relation: RelationId) -> bool {
        let is_decision = self.run.program.relation(relation).kind == RelationKind::Decision;
        !is_decision && !self.run.rules.is_derived(relation)
    }

    fn ask(&mut self, relation: RelationId, of: Of, arguments: &[Option<Value>]) -> Result<Vec<Vec<Value>>, Limit> {
        let declared = self.run.program.relation(relation);
        if declared.kind == RelationKind::Decision && arguments.iter().any(Option::is_none) {
            return Err(Limit::OpenDecision(declared.name.clone()));
        }
        let question = Question { relation, of, pattern: arguments.into() };
        self.run.answer(question, self.steps)
    }
}
