//! Ways to forge a proof, each of which makes it wrong.

use rolecall::compiler::program::{Program, RuleId, Type};
use rolecall::data::{Database, FactOrigin, Value};
use rolecall::proof::{Absence, Application, Premise, Proof, Reason, Statement, Step, StepId, Verdict};

use crate::portal::random::Rng;

/// What is forged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Forgery {
    /// A fact that a rule uses is left out, and the steps behind it are numbered anew.
    LeafDropped,
    /// A derived step that a rule or the answer uses is left out.
    StepDropped,
    /// A variable has another value of its type.
    BindingChanged,
    /// Another rule, and as many values and reasons as it needs.
    RuleSwapped,
    /// A fact that is not given takes the place of one that is.
    FactInvented,
    /// A fact comes from another place.
    OriginChanged,
    /// A derived step is called a fact.
    CalledFact,
    /// A step uses itself or one behind it.
    Cycle,
    /// The answer is another.
    AnswerTurned,
    /// Another request than was asked.
    RequestChanged,
    /// A step twice.
    StepRepeated,
}

impl Forgery {
    pub const ALL: &[Forgery] = &[
        Forgery::LeafDropped,
        Forgery::StepDropped,
        Forgery::BindingChanged,
        Forgery::RuleSwapped,
        Forgery::FactInvented,
        Forgery::OriginChanged,
        Forgery::CalledFact,
        Forgery::Cycle,
        Forgery::AnswerTurned,
        Forgery::RequestChanged,
        Forgery::StepRepeated,
    ];

    /// A forged copy, where the proof has what it takes.
    pub fn of(self, proof: &Proof, program: &Program, database: &Database, rng: &mut Rng) -> Option<Proof> {
        let mut forged = proof.clone();
        let facts = places(proof, |step| matches!(step.reason, Reason::Fact(_)));
        let derived = places(proof, |step| !matches!(step.reason, Reason::Fact(_)));
        match self {
            Forgery::LeafDropped => drop_step(&mut forged, pick(&used(proof, &facts), rng)?),
            Forgery::StepDropped => drop_step(&mut forged, pick(&used(proof, &derived), rng)?),
            Forgery::BindingChanged => change_binding(&mut forged, pick(&derived, rng)?, program, database, rng)?,
            Forgery::RuleSwapped => swap_rule(&mut forged, pick(&derived, rng)?, program, rng)?,
            Forgery::FactInvented => invent_fact(&mut forged, pick(&facts, rng)?, program, database, rng)?,
            Forgery::OriginChanged => change_origin(&mut forged, &facts, rng)?,
            Forgery::CalledFact => {
                let fact = forged.steps[pick(&facts, rng)?].reason.clone();
                let derived = pick(&derived, rng)?;
                forged.steps[derived].reason = fact;
            }
            Forgery::Cycle => close_circle(&mut forged, rng)?,
            Forgery::AnswerTurned => turn_answer(&mut forged, program)?,
            Forgery::RequestChanged => change_request(&mut forged, program, database, rng)?,
            Forgery::StepRepeated => {
                let step =
                    forged.steps[rng.below(forged.steps.len().max(1)).min(forged.steps.len().checked_sub(1)?)].clone();
                forged.steps.push(step);
            }
        }
        (forged != *proof).then_some(forged)
    }
}

fn places(proof: &Proof, is_wanted: impl Fn(&Step) -> bool) -> Vec<usize> {
    (0..proof.steps.len()).filter(|place| is_wanted(&proof.steps[*place])).collect()
}

/// Those of the steps that are premises, or decide. What an absence rests on besides need not be the smallest set.
fn used(proof: &Proof, places: &[usize]) -> Vec<usize> {
    let mut used = vec![false; proof.steps.len()];
    if let Verdict::Allowed { allow: step, .. } | Verdict::Forbidden { deny: step } = &proof.verdict {
        used[step.index()] = true;
    }
    for step in &mut proof.steps.clone() {
        for premise in applications(&mut step.reason).iter().flat_map(|application| &application.premises) {
            if let Premise::Step(step) = premise {
                used[step.index()] = true;
            }
        }
    }
    places.iter().copied().filter(|place| used[*place]).collect()
}

fn pick(places: &[usize], rng: &mut Rng) -> Option<usize> {
    (!places.is_empty()).then(|| *rng.pick(places))
}

/// The references to steps.
fn references(proof: &mut Proof) -> Vec<&mut StepId> {
    let mut references: Vec<&mut StepId> = Vec::new();
    match &mut proof.verdict {
        Verdict::Allowed { allow, deny } => {
            references.push(allow);
            references.extend(deny.iter_mut().flat_map(|absence| &mut absence.supports));
        }
        Verdict::Forbidden { deny } => references.push(deny),
        Verdict::NotPermitted { allow, deny } => {
            references.extend(&mut allow.supports);
            references.extend(deny.iter_mut().flat_map(|absence| &mut absence.supports));
        }
    }
    for step in &mut proof.steps {
        for application in applications(&mut step.reason) {
            for premise in &mut application.premises {
                match premise {
                    Premise::Step(step) => references.push(step),
                    Premise::Absent(absence) => references.extend(&mut absence.supports),
                    Premise::Compared => {}
                }
            }
        }
    }
    references
}

fn applications(reason: &mut Reason) -> &mut [Application] {
    match reason {
        Reason::Fact(_) => &mut [],
        Reason::Rule(application) => std::slice::from_mut(application),
        Reason::Fold(applications) => applications,
    }
}

/// Leaves a step out; what used it now uses another.
fn drop_step(proof: &mut Proof, place: usize) {
    proof.steps.remove(place);
    for reference in references(proof) {
        if reference.index() > place || reference.index() == place && place > 0 {
            reference.0 -= 1;
        }
    }
}

/// Another value of that type, if one is known.
fn other_value(ty: Type, value: Value, program: &Program, database: &Database, rng: &mut Rng) -> Option<Value> {
    let symbols = &database.symbols;
    let same_kind = |other: &Value| symbols.tag(*other) == symbols.tag(value) && !symbols.text(*other).is_empty();
    let values: Vec<Value> = match ty {
        Type::Text | Type::Resource | Type::Entity(_) => {
            (0..symbols.end() as u32).map(Value).filter(same_kind).collect()
        }
        Type::Int => return None,
        Type::Action => (0..program.actions.len() as u32).map(Value).collect(),
        Type::Enum(id) => (0..program.enums[id.index()].members.len() as u32).map(Value).collect(),
    };
    let others: Vec<Value> = values.into_iter().filter(|other| *other != value).collect();
    (!others.is_empty()).then(|| *rng.pick(&others))
}

fn change_binding(
    proof: &mut Proof,
    place: usize,
    program: &Program,
    database: &Database,
    rng: &mut Rng,
) -> Option<()> {
    let applications = applications(&mut proof.steps[place].reason);
    let application = &mut applications[0];
    let variables = &program.rule(application.rule).variables;
    let variable = pick(&(0..variables.len()).collect::<Vec<_>>(), rng)?;
    let value = &mut application.bindings[variable];
    *value = other_value(variables[variable].ty, *value, program, database, rng)?;
    Some(())
}

/// Another rule, preferably of the same relation.
fn swap_rule(proof: &mut Proof, place: usize, program: &Program, rng: &mut Rng) -> Option<()> {
    let relation = proof.steps[place].conclusion.relation;
    let application = &mut applications(&mut proof.steps[place].reason)[0];
    let others: Vec<usize> = (0..program.rules.len())
        .filter(|rule| *rule != application.rule.index() && program.rules[*rule].head.relation == relation)
        .collect();
    let rule = match pick(&others, rng) {
        Some(rule) => rule,
        None => (application.rule.index() + 1) % program.rules.len(),
    };
    if rule == application.rule.index() {
        return None;
    }
    application.rule = RuleId(rule as u32);
    let last = application.bindings.last().copied().unwrap_or_default();
    application.bindings.resize(program.rules[rule].variables.len(), last);
    application.premises.resize(program.rules[rule].body.len(), Premise::Compared);
    Some(())
}

/// One value of a fact is another, so that it is not given, and whatever uses it goes along where it can.
fn invent_fact(proof: &mut Proof, place: usize, program: &Program, database: &Database, rng: &mut Rng) -> Option<()> {
    let Statement { relation, arguments } = &mut proof.steps[place].conclusion;
    let fields = &program.relation(*relation).fields;
    let field = pick(&(0..fields.len()).collect::<Vec<_>>(), rng)?;
    arguments[field] = other_value(fields[field].ty, arguments[field], program, database, rng)?;
    database.given(*relation, arguments).is_none().then_some(())
}

/// A fact that says that it stands where nothing does.
fn change_origin(proof: &mut Proof, facts: &[usize], rng: &mut Rng) -> Option<()> {
    let place = pick(facts, rng)?;
    proof.steps[place].reason = Reason::Fact(match proof.steps[place].reason {
        Reason::Fact(FactOrigin::Record(file, record)) => FactOrigin::Record(file, record + 10_000),
        _ => FactOrigin::Derived,
    });
    Some(())
}

fn close_circle(proof: &mut Proof, rng: &mut Rng) -> Option<()> {
    let last = proof.steps.len();
    let mut premises: Vec<(usize, &mut StepId)> = Vec::new();
    for (place, step) in proof.steps.iter_mut().enumerate() {
        for application in applications(&mut step.reason) {
            for premise in &mut application.premises {
                if let Premise::Step(used) = premise {
                    premises.push((place, used));
                }
            }
        }
    }
    let chosen = pick(&(0..premises.len()).collect::<Vec<_>>(), rng)?;
    let (place, used) = premises.swap_remove(chosen);
    used.0 = rng.between(place, last - 1) as u32;
    Some(())
}

fn turn_answer(proof: &mut Proof, program: &Program) -> Option<()> {
    let request = [proof.subject, Value(proof.action.0), proof.resource].map(Some).to_vec();
    let absence = |name| {
        let relation = program.relation_named(name)?;
        Some(Absence { relation, arguments: request.clone(), supports: Vec::new() })
    };
    proof.verdict = match &proof.verdict {
        Verdict::Allowed { allow, .. } => Verdict::Forbidden { deny: *allow },
        Verdict::Forbidden { deny } => Verdict::Allowed { allow: *deny, deny: absence("deny") },
        Verdict::NotPermitted { deny, .. } => {
            let allow = StepId(proof.steps.len().checked_sub(1)? as u32);
            Verdict::Allowed { allow, deny: deny.clone() }
        }
    };
    Some(())
}

/// Somebody else asks, or for something else. A denial by no rule says nothing of the request besides.
fn change_request(proof: &mut Proof, program: &Program, database: &Database, rng: &mut Rng) -> Option<()> {
    proof.subject = other_value(Type::Resource, proof.subject, program, database, rng)?;
    Some(())
}
