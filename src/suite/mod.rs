//! Running `test` blocks: each on its own facts, with those of the rule files and of the data.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use crate::compiler::program::{Atom, Literal, Program, Query, RelationId, RuleId, Term, Test};
use crate::compiler::source::Span;
use crate::data::{Database, Value};
use crate::decision::{Authorization, Decider, Outcome, Request, Solver};
use crate::engine::{Derivation, EngineError, derive};
use crate::explain::miss::{self, Misses};
use crate::explain::{Prover, Rulebook};
use crate::proof::{Beaten, Proof};

/// An expectation that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Where it is written.
    pub expectation: Span,
    /// Whether it said `not`.
    pub negated: bool,
    /// The request that it asks about, where it asks about one, and what that comes to.
    pub request: Option<(Request, Outcome)>,
}

/// Why a request comes to what it does.
#[derive(Clone, Debug)]
pub enum Reason {
    /// What decides it is derived so.
    Derived(Box<Proof>, Beaten),
    /// Nothing decides it, and these rules come near.
    Near(Misses),
}

/// So many rules that come near are told.
const MISSES: usize = 1;

/// Why a request comes to what it does on the facts of a test; nothing where a limit was reached.
pub fn reason(
    program: &Program,
    test: &Test,
    mut facts: Database,
    how: &Derivation,
    request: &Request,
) -> Result<Option<Reason>, EngineError> {
    for (relation, constants, span) in &test.facts {
        facts.state(*relation, constants, *span);
    }
    let authorization = request.authorization;
    let how = Derivation { wanted: Some(authorization.relations().collect()), ..how.clone() };
    let mut model = derive(program, facts, &how, None)?;
    let rulebook = Rulebook::new(&mut model, authorization, &[request.action]);
    let mut prover = Prover::new(&model, &rulebook, authorization);
    if prover.outcome(request) == Ok(Outcome::NotPermitted) {
        let misses = miss::misses(&model, request, MISSES);
        return Ok(Some(Reason::Near(Misses { more: 0, ..misses })));
    }
    let told = prover.prove(request).and_then(|proof| Ok((prover.beaten(&proof)?, proof)));
    Ok(told.ok().map(|(beaten, proof)| Reason::Derived(Box::new(proof), beaten)))
}

/// Runs one test on `facts` and its own, and says which expectations fail, in source order.
///
/// `fired`, where given, takes the rules that derived or answered something; derivation is then interpreted.
pub fn run(
    program: &Program,
    test: &Test,
    mut facts: Database,
    how: &Derivation,
    fired: Option<&mut FxHashSet<RuleId>>,
) -> Result<Vec<Failed>, EngineError> {
    for (relation, constants, span) in &test.facts {
        facts.state(*relation, constants, *span);
    }
    let how = Derivation { wanted: Some(asked(test)), ..how.clone() };
    let mut derived = Vec::new();
    let model = derive(program, facts, &how, fired.is_some().then_some(&mut derived))?;
    let mut decider = Decider::new(model);
    let mut plans = Vec::with_capacity(test.expectations.len());
    for (literal, _) in &test.expectations {
        let query = Query { body: vec![literal.clone()], variables: Vec::new() };
        plans.push(decider.prepare_query(&query));
    }
    let requests: Vec<Option<Request>> =
        test.expectations.iter().map(|(literal, _)| request(&mut decider, literal)).collect();
    let mut solver = Solver::new(&decider);
    if fired.is_some() {
        solver.record_fired();
    }
    let mut failed = Vec::new();
    for (((literal, span), plan), request) in test.expectations.iter().zip(&plans).zip(requests) {
        let mut holds = false;
        solver.answers_to(plan, |_| {
            holds = true;
            ControlFlow::Break(())
        });
        if !holds {
            let negated = matches!(literal, Literal::Negative(_));
            let request = request.map(|request| (request, solver.outcome(&request)));
            failed.push(Failed { expectation: *span, negated, request });
        }
    }
    if let Some(fired) = fired {
        fired.extend(derived);
        fired.extend(solver.fired());
    }
    Ok(failed)
}

/// The relations that the expectations of a test name.
fn asked(test: &Test) -> Vec<RelationId> {
    let relation = |(literal, _): &(Literal, Span)| match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => Some(atom.relation),
        Literal::Comparison(_) => None,
    };
    test.expectations.iter().filter_map(relation).collect()
}

/// The request behind an expectation about `permitted`, `allow` or `deny`.
fn request(decider: &mut Decider, literal: &Literal) -> Option<Request> {
    let (Literal::Positive(atom) | Literal::Negative(atom)) = literal else { return None };
    let program = decider.model().program;
    let authorization = Authorization::of(program)?;
    let asks = ["permitted", "allow", "deny"].contains(&program.relation(atom.relation).name.as_str());
    let [subject, action, resource] = values(decider, atom)?[..] else { return None };
    let action = crate::compiler::program::ActionId(action.0);
    let forms_request = program.relation(authorization.allow).fields.iter().map(|field| field.ty);
    let same_form = forms_request.eq(program.relation(atom.relation).fields.iter().map(|field| field.ty));
    (asks && same_form).then(|| {
        decider.prepare_requests(authorization, action);
        Request { authorization, subject, action, resource }
    })
}

fn values(decider: &Decider, atom: &Atom) -> Option<Vec<Value>> {
    let value = |term: &Term| match term {
        Term::Constant(constant) => Some(decider.model().database.constant(*constant)),
        Term::Variable(_) | Term::Wildcard => None,
    };
    atom.terms.iter().map(value).collect()
}
