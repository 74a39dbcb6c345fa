//! Running `test` blocks: each on its own facts, with those of the rule files and of the data.
//!
//! `judge` says which expectations fail, with `table` for `expect only` and `invariant` for `expect none`; `reasons` finds
//! out why, with `literal` for what is no request. `coverage` notes which rules and literals the tests needed.

mod coverage;
mod invariant;
mod judge;
mod literal;
mod reasons;
mod table;

pub use coverage::{Coverage, Covered};
pub use literal::Why;

use crate::compiler::program::vocabulary::is_about_requests;
use crate::compiler::program::{EntityId, Expectation, Expected, Program, RelationId, Test};
use crate::compiler::source::Span;
use crate::data::{Database, Tag, Value};
use crate::decision::{Authorization, Decider, Outcome, Request};
use crate::engine::{Derivation, EngineError, Model, derive};
use crate::explain::miss::{Held, Misses};
use crate::proof::{Beaten, Proof};

/// An expectation that does not hold.
#[derive(Clone, Debug)]
pub struct Failed {
    /// Where it is written.
    pub expectation: Span,
    /// How it fails.
    pub how: Unmet,
    /// The requests that it is about, and what they come to: of a table those that come out otherwise, the first few; of
    /// literals together those of the first answer.
    pub requests: Vec<Asked>,
}

/// How an expectation fails.
#[derive(Clone, Debug)]
pub enum Unmet {
    /// A literal that should hold does not, or, `negated`, the other way round.
    Literal {
        /// Whether it said `not`.
        negated: bool,
        /// Why; nothing where the request that it is about tells it, or a limit was reached.
        why: Option<Why>,
    },
    /// So many requests of a table come out otherwise.
    Cells(usize),
    /// Literals that should not hold together do.
    Answers(Answers),
}

/// For which values literals hold together.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The first few, sorted; a value for each variable.
    pub first: Vec<Vec<Value>>,
    /// How many there are.
    pub count: usize,
    /// Whether there are more than were counted.
    pub more: bool,
    /// Why the literals hold for the first, but for those that are requests.
    pub held: Vec<Held>,
}

/// A request, and what it comes to.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is asked.
    pub request: Request,
    /// The answer.
    pub outcome: Outcome,
    /// Where a table lists it.
    pub cell: Option<Span>,
    /// Why; nothing where a limit was reached.
    pub reason: Option<Reason>,
}

/// Why a request comes to what it does.
#[derive(Clone, Debug)]
pub enum Reason {
    /// What decides it is derived so.
    Derived(Box<Proof>, Beaten),
    /// Nothing decides it, and these rules come near.
    Near(Misses),
}

/// Why tests could not be run to their end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The rules derive too much.
    Deriving(EngineError),
    /// An expectation is about more combinations than may be looked at.
    TooMuch(Span),
}

/// How far a run goes.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How many combinations of values one expectation looks at.
    pub combinations: u64,
    /// How many wrong requests, and how many answers, are told of one.
    pub told: usize,
}

/// Runs the tests of a program.
#[derive(Debug)]
pub struct Suite<'p> {
    program: &'p Program,
    facts: Database,
    how: Derivation,
    bounds: Bounds,
    /// What tests without facts of their own ask, and the model that they share.
    shared_relations: Vec<RelationId>,
    shared: Option<Decider<'p>>,
    coverage: Option<Coverage>,
}

impl<'p> Suite<'p> {
    /// A suite of these tests over the facts of the rule files and of the data.
    pub fn new(
        program: &'p Program,
        tests: &[&Test],
        mut facts: Database,
        how: Derivation,
        bounds: Bounds,
    ) -> Suite<'p> {
        // A table may be about a thing that is always there and that no fact names.
        for (number, entity) in program.entities.iter().enumerate().filter(|(_, entity)| entity.single) {
            facts.symbols.intern(Tag::thing(EntityId(number as u32)), &entity.name);
        }
        let without_facts = tests.iter().filter(|test| test.facts.is_empty());
        let shared_relations = without_facts.flat_map(|test| relations_asked(program, test)).collect();
        Suite { program, facts, how, bounds, shared_relations, shared: None, coverage: None }
    }

    /// Notes from now on what the tests cover; derivation is then interpreted.
    pub fn record_coverage(&mut self) {
        self.coverage.get_or_insert_with(|| Coverage::new(self.program));
    }

    /// What the tests covered since [`Suite::record_coverage`].
    pub fn coverage(&self) -> Option<&Coverage> {
        self.coverage.as_ref()
    }

    /// Runs one test, and hands out the expectations that fail, in source order, with the model they speak of.
    ///
    /// Tests without facts of their own share one model, which is derived once.
    ///
    /// # Errors
    /// [`Stopped`] where a limit was reached.
    pub fn run<T>(&mut self, test: &Test, take: impl FnOnce(&Model, &[Failed]) -> T) -> Result<T, Stopped> {
        let is_shared = test.facts.is_empty();
        let shared = if is_shared { self.shared.take() } else { None };
        let mut decider = match shared {
            Some(decider) => decider,
            None => self.derive(test)?,
        };
        let failed = judge::judge(&mut decider, test, self.bounds)?;
        if let Some(coverage) = &mut self.coverage {
            coverage.add(&mut decider, test, &relations_asked(self.program, test));
        }
        let taken = take(decider.model(), &failed);
        self.shared = if is_shared { Some(decider) } else { self.shared.take() };
        Ok(taken)
    }

    fn derive(&mut self, test: &Test) -> Result<Decider<'p>, Stopped> {
        let mut facts = self.facts.clone();
        for (relation, constants, span) in &test.facts {
            facts.state(*relation, constants, *span);
        }
        let asked = match test.facts.is_empty() {
            true => self.shared_relations.clone(),
            false => relations_asked(self.program, test),
        };
        let how = Derivation { wanted: Some(asked), ..self.how.clone() };
        let mut fired = Vec::new();
        let model = derive(self.program, facts, &how, self.coverage.is_some().then_some(&mut fired));
        let model = model.map_err(Stopped::Deriving)?;
        if let Some(coverage) = &mut self.coverage {
            fired.into_iter().for_each(|rule| coverage.fired(rule));
        }
        Ok(Decider::new(model))
    }
}

/// The relations that the expectations of a test ask: those they name and, where they are about requests, all that
/// decide these.
fn relations_asked(program: &Program, test: &Test) -> Vec<RelationId> {
    let mut asked: Vec<RelationId> =
        test.expectations.iter().flat_map(Expectation::atoms).map(|atom| atom.relation).collect();
    let is_table = |expectation: &Expectation| matches!(expectation.expected, Expected::Only(_));
    let about_requests = asked.iter().any(|relation| is_about_requests(program.relation(*relation)));
    if about_requests || test.expectations.iter().any(is_table) {
        asked.extend(Authorization::of(program).iter().flat_map(|authorization| authorization.relations()));
    }
    asked
}
