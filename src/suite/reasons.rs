//! Why what fails comes to what it does: the derivation of a request, or the rule that comes nearest to allowing it.

use std::collections::BTreeSet;

use crate::compiler::program::vocabulary::is_about_requests;
use crate::compiler::program::{ActionId, Atom, Expected, Literal, Query, RelationId, Term, Test};
use crate::data::Value;
use crate::decision::{Decider, Outcome, Request, Solver};
use crate::engine::Model;
use crate::explain::miss::{self, Misses};
use crate::explain::{Pattern, Prover, Rulebook};
use crate::suite::judge::request;
use crate::suite::{Asked, Failed, Reason, Unmet, literal};

/// So many rules that come near are told.
const MISSES: usize = 1;

/// Adds the reasons to what failed.
pub(super) fn add(decider: &mut Decider, test: &Test, failed: &mut [Failed]) {
    for failed in failed.iter_mut() {
        let expectation = test.expectations.iter().find(|expectation| expectation.span == failed.expectation);
        match (expectation.map(|expectation| &expectation.expected), &mut failed.how) {
            (Some(Expected::None(query)), Unmet::Answers(answers)) => {
                if let Some(first) = answers.first.first() {
                    failed.requests = requests_of(decider, query, first);
                    answers.held = miss::holding(decider.model(), &statements(decider.model(), query, first));
                }
            }
            (Some(Expected::Holds(literal)), Unmet::Literal { why, .. })
                if !failed.requests.iter().any(|asked| literal::is_told_by(literal, asked)) =>
            {
                *why = literal::why(decider.model_mut(), literal);
            }
            _ => {}
        }
    }
    let is_told = |failed: &&mut Failed| !matches!(failed.how, Unmet::Literal { why: Some(_), .. });
    let mut failed: Vec<&mut Failed> = failed.iter_mut().filter(is_told).collect();
    let asked = || failed.iter().flat_map(|failed| &failed.requests);
    let Some(authorization) = asked().map(|asked| asked.request.authorization).next() else { return };
    let actions: BTreeSet<ActionId> = asked().map(|asked| asked.request.action).collect();
    let actions: Vec<ActionId> = actions.into_iter().collect();
    let rulebook = Rulebook::new(decider.model_mut(), authorization, &actions);
    let model = decider.model();
    let mut prover = Prover::new(model, &rulebook, authorization);
    for asked in failed.iter_mut().flat_map(|failed| &mut failed.requests) {
        asked.reason = reason(model, &mut prover, &asked.request, asked.outcome);
    }
}

fn reason(model: &Model, prover: &mut Prover, request: &Request, outcome: Outcome) -> Option<Reason> {
    if outcome == Outcome::NotPermitted {
        let misses = miss::misses(model, request, MISSES);
        return Some(Reason::Near(Misses { more: 0, ..misses }));
    }
    prover.begin();
    let proof = prover.prove(request).ok()?;
    let beaten = prover.beaten(&proof).ok()?;
    Some(Reason::Derived(Box::new(proof), beaten))
}

/// The requests that the literals of a query ask under its first answer.
fn requests_of(decider: &mut Decider, query: &Query, values: &[Value]) -> Vec<Asked> {
    let requests: Vec<Request> = query.body.iter().filter_map(|literal| request(decider, literal, values)).collect();
    let mut solver = Solver::new(decider);
    requests.into_iter().map(|request| Asked::of(&mut solver, request)).collect()
}

/// What the literals of a query say under an answer, but for `not`, comparisons and requests.
fn statements(model: &Model, query: &Query, values: &[Value]) -> Vec<(RelationId, Pattern)> {
    let is_request = |atom: &Atom| is_about_requests(model.program.relation(atom.relation));
    let value = |term: &Term| match term {
        Term::Constant(constant) => Some(model.database.constant(*constant)),
        Term::Variable(variable) => values.get(variable.index()).copied(),
        Term::Wildcard => None,
    };
    let statement = |literal: &Literal| match literal {
        Literal::Positive(atom) if !is_request(atom) => Some((atom.relation, atom.terms.iter().map(value).collect())),
        Literal::Positive(_) | Literal::Negative(_) | Literal::Comparison(_) => None,
    };
    query.body.iter().filter_map(statement).collect()
}
