//! Proofs: what was asked, the answer, and the steps from facts to it, each of which can be checked by itself.
//!
//! `explain` makes them from a finished model; checking them uses no engine.
//! `verify` does that, with `evaluate`, which answers questions from given facts. `json` is how proofs travel. `words`
//! turns values, statements and explanations into sentences, `outline` a proof into a tree of them, which `text` and
//! `graph` draw.

pub mod evaluate;
pub mod graph;
pub mod json;
mod outline;
mod request;
pub mod text;
pub mod verify;
mod words;

pub use outline::{Beaten, Node, NodeKind, View, outline, outline_derivation};
pub use words::Words;

use crate::compiler::program::{ActionId, RelationId, RuleId};
use crate::data::{FactOrigin, Value};

/// The number of a step in its proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub u32);

impl StepId {
    /// As an index into the steps of the proof.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A decision with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Who asks.
    pub subject: Value,
    /// What they want to do.
    pub action: ActionId,
    /// What to.
    pub resource: Value,
    /// The answer.
    pub verdict: Verdict,
    /// The steps, each after those it uses; every one is used by the verdict or by a later step. Each conclusion stands once.
    pub steps: Vec<Step>,
}

/// The answer to a request, with the step that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// `allow` is derived, and nothing derives `deny`.
    Allowed {
        /// What allows.
        allow: StepId,
        /// That nothing forbids; missing in a policy without `deny`.
        deny: Option<Absence>,
    },
    /// `deny` is derived.
    Forbidden {
        /// What forbids.
        deny: StepId,
    },
    /// Nothing derives `allow`, nor `deny`.
    NotPermitted {
        /// That nothing allows.
        allow: Absence,
        /// That nothing forbids; missing in a policy without `deny`.
        deny: Option<Absence>,
    },
}

/// Something that holds, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What holds.
    pub conclusion: Statement,
    /// Why.
    pub reason: Reason,
}

impl Step {
    /// What nothing derives, of the literals that it rests on, in their order.
    pub fn absences(&self) -> impl Iterator<Item = &Absence> {
        let applications = match &self.reason {
            Reason::Fact(_) => &[],
            Reason::Rule(application) => std::slice::from_ref(application),
            Reason::Fold(applications) => &applications[..],
        };
        applications.iter().flat_map(|application| &application.premises).filter_map(|premise| match premise {
            Premise::Absent(absence) => Some(absence),
            Premise::Step(_) | Premise::Compared => None,
        })
    }
}

/// A relation and a value for each of its places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Statement {
    /// Of what.
    pub relation: RelationId,
    /// One for each place.
    pub arguments: Vec<Value>,
}

/// Why a statement holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is a fact of the data or of a rule file.
    Fact(FactOrigin),
    /// A rule derives it.
    Rule(Application),
    /// Of an aggregated relation: the fold of what its rules give for the group. For `max` and `min` the first contribution
    /// gives the value and the others, where they are listed, give no better one; for `count` there is one for each
    /// distinct value.
    Fold(Vec<Application>),
}

/// A rule with values for its variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// The rule.
    pub rule: RuleId,
    /// By variable of the rule; a variable that nothing binds (in the head of a decision) has the value that was asked.
    pub bindings: Vec<Value>,
    /// By literal of the body, in the order written.
    pub premises: Vec<Premise>,
}

/// Why a literal of a body holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Premise {
    /// A positive literal: the step that concludes it.
    Step(StepId),
    /// A `not`.
    Absent(Absence),
    /// A comparison: the values say it themselves.
    Compared,
}

/// Something that nothing derives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Of what.
    pub relation: RelationId,
    /// One for each place; `None` stands for any value.
    pub arguments: Vec<Option<Value>>,
    /// Steps without whose facts it might be derived, because a rule for it says `not` of what they conclude.
    pub supports: Vec<StepId>,
}

impl Proof {
    /// The facts that it rests on, those of the rule files included.
    pub fn leaves(&self) -> impl Iterator<Item = &Statement> {
        let facts = self.steps.iter().filter(|step| matches!(step.reason, Reason::Fact(_)));
        facts.map(|step| &step.conclusion)
    }
}
