//! Checking a proof against rules and given facts: every step by itself, and then the answer.
//!
//! Nothing in a proof is believed. `shape` sees that its numbers mean something, `step` that each step follows from
//! those before it, `verdict` that they give the answer, by the rule that decides, and `leaves` that they rest on
//! enough. What is not there is asked of
//! [`Evaluator`]. No engine is used.

mod leaves;
mod shape;
mod step;
mod verdict;

pub use leaves::is_answer_of_leaves;

use std::fmt;

use crate::compiler::program::{Program, RelationId};
use crate::data::Value;
use crate::proof::evaluate::{Evaluator, Facts, Given, Limit};
use crate::proof::{Absence, Application, Premise, Proof, Reason, Statement, StepId, Verdict};

/// Something that is wrong with a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The step, where it is one.
    pub step: Option<StepId>,
    /// A sentence without a full stop. It may quote the proof, and is to be escaped where it is printed.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Some(step) => write!(formatter, "step {}: {}", u64::from(step.0) + 1, self.what),
            None => write!(formatter, "{}", self.what),
        }
    }
}

/// Everything that is wrong with a proof, the answer last; nothing if it is one.
///
/// The proof is of the numbers of that program and of the database of the facts. Costs the size of the proof, and for
/// each `not`, each fold and the answer a question to an evaluator.
///
/// # Errors
/// [`Limit`] where such a question takes too much work.
pub fn verify(program: &Program, given: &Given, proof: &Proof) -> Result<Vec<Fault>, Limit> {
    let evaluator = Evaluator::new(program, Facts::all(given));
    let mut verifier = Verifier { program, given, evaluator, proof, faults: Vec::new() };
    if verifier.check_shape() {
        verifier.check_order();
        for (place, step) in (0..).zip(&proof.steps) {
            verifier.check_step(StepId(place), step)?;
        }
        verifier.check_verdict()?;
    }
    Ok(verifier.faults)
}

/// A proof that is checked.
struct Verifier<'v, 'p> {
    program: &'p Program,
    given: &'v Given<'v>,
    evaluator: Evaluator<'v, 'p>,
    proof: &'v Proof,
    faults: Vec<Fault>,
}

impl Verifier<'_, '_> {
    fn fault(&mut self, step: impl Into<Option<StepId>>, what: impl Into<String>) {
        self.faults.push(Fault { step: step.into(), what: what.into() });
    }

    /// What a step concludes, if there is such a step.
    fn conclusion(&self, step: StepId) -> Option<&Statement> {
        self.proof.steps.get(step.index()).map(|step| &step.conclusion)
    }

    /// A statement as it is written in rules, but without quotes.
    fn shown(&self, statement: &Statement) -> String {
        let arguments: Vec<Option<Value>> = statement.arguments.iter().copied().map(Some).collect();
        self.pattern(statement.relation, &arguments)
    }

    fn pattern(&self, relation: RelationId, arguments: &[Option<Value>]) -> String {
        let declared = self.program.relation(relation);
        let shown = declared.fields.iter().zip(arguments).map(|(field, value)| match value {
            Some(value) => self.given.database().show(self.program, field.ty, *value),
            None => "_".to_owned(),
        });
        format!("{}({})", declared.name, shown.collect::<Vec<_>>().join(", "))
    }

    /// That each step uses only those before it and is used by one behind it or by the answer, and that no two conclude
    /// the same: there is no going round in a circle.
    fn check_order(&mut self) {
        let proof = self.proof;
        let mut used = vec![false; proof.steps.len()];
        let mut known = rustc_hash::FxHashMap::default();
        for (place, step) in (0..).zip(&proof.steps) {
            let id = StepId(place);
            for other in uses(&step.reason) {
                match used.get_mut(other.index()).filter(|_| other < id) {
                    Some(used) => *used = true,
                    None if other.index() < proof.steps.len() => {
                        self.fault(id, format!("it uses step {}, which is not before it", other.0 + 1));
                    }
                    None => self.fault(id, "it uses a step that is not there"),
                }
            }
            if let Some(first) = known.insert(&step.conclusion, id) {
                self.fault(id, format!("it concludes what step {} does", first.0 + 1));
            }
        }
        for step in verdict_uses(&proof.verdict) {
            match used.get_mut(step.index()) {
                Some(used) => *used = true,
                None => self.fault(None, "the answer rests on a step that is not there"),
            }
        }
        let unused: Vec<usize> = (0..used.len()).filter(|place| !used[*place]).collect();
        for place in unused {
            self.fault(StepId(place as u32), "nothing uses it");
        }
    }
}

/// The steps that a step uses.
fn uses(reason: &Reason) -> Vec<StepId> {
    let applications = match reason {
        Reason::Fact(_) => &[],
        Reason::Rule(application) => std::slice::from_ref(application),
        Reason::Fold(applications) => &applications[..],
    };
    applications.iter().flat_map(application_uses).collect()
}

fn application_uses(application: &Application) -> impl Iterator<Item = StepId> {
    application.premises.iter().flat_map(|premise| match premise {
        Premise::Step(step) => std::slice::from_ref(step).to_vec(),
        Premise::Absent(absence) => absence.supports.clone(),
        Premise::Compared => Vec::new(),
    })
}

fn verdict_uses(verdict: &Verdict) -> Vec<StepId> {
    let supports = |absence: &Option<Absence>| absence.iter().flat_map(|it| it.supports.clone()).collect::<Vec<_>>();
    match verdict {
        Verdict::Allowed { allow, deny } => [vec![*allow], supports(deny)].concat(),
        Verdict::Forbidden { deny } => vec![*deny],
        Verdict::NotPermitted { allow, deny } => [allow.supports.clone(), supports(deny)].concat(),
    }
}
