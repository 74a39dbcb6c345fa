//! Which expectations of a test fail: all are planned, then asked one after the other of one solver.

use std::ops::ControlFlow;

use crate::compiler::program::vocabulary::is_about_requests;
use crate::compiler::program::{ActionId, Atom, Expectation, Expected, Literal, Query, Term, Test};
use crate::data::Value;
use crate::decision::{Authorization, Decider, PreparedQuery, Request, Solver};
use crate::suite::table::Cells;
use crate::suite::{Asked, Bounds, Failed, Stopped, Unmet, invariant, reasons, table};

/// An expectation ready to be asked.
enum Prepared<'t> {
    /// A literal, and the request that it asks about, where it asks about one.
    Holds(&'t Literal, PreparedQuery, Option<Request>),
    None(&'t Query, PreparedQuery),
    Only(Cells),
}

/// The expectations that do not hold over a model, in source order, with their reasons.
pub(super) fn judge(decider: &mut Decider, test: &Test, bounds: Bounds) -> Result<Vec<Failed>, Stopped> {
    let mut prepared = Vec::with_capacity(test.expectations.len());
    for expectation in &test.expectations {
        prepared.push(prepare(decider, expectation));
    }
    let mut solver = Solver::new(decider);
    let mut failed = Vec::new();
    for (expectation, prepared) in test.expectations.iter().zip(&prepared) {
        failed.extend(ask(&mut solver, decider, prepared, expectation, bounds)?);
    }
    reasons::add(decider, test, &mut failed);
    Ok(failed)
}

fn prepare<'t>(decider: &mut Decider, expectation: &'t Expectation) -> Prepared<'t> {
    match &expectation.expected {
        Expected::Holds(literal) => {
            let query = Query { body: vec![literal.clone()], variables: Vec::new() };
            let plan = decider.prepare_query(&query);
            Prepared::Holds(literal, plan, request(decider, literal, &[]))
        }
        Expected::None(query) => Prepared::None(query, decider.prepare_query(query)),
        Expected::Only(table) => Prepared::Only(table::prepare(decider, table)),
    }
}

fn ask(
    solver: &mut Solver,
    decider: &Decider,
    prepared: &Prepared,
    expectation: &Expectation,
    bounds: Bounds,
) -> Result<Option<Failed>, Stopped> {
    let span = expectation.span;
    let (how, requests) = match prepared {
        Prepared::Holds(literal, plan, request) => {
            let mut holds = false;
            solver.answers_to(plan, |_| {
                holds = true;
                ControlFlow::Break(())
            });
            if holds {
                return Ok(None);
            }
            let asked = request.map(|request| Asked::of(solver, request)).into_iter().collect();
            (Unmet::Literal { negated: matches!(literal, Literal::Negative(_)), why: None }, asked)
        }
        Prepared::None(query, plan) => match invariant::answers(solver, decider.model(), query, plan, bounds) {
            None => return Err(Stopped::TooMuch(span)),
            Some(answers) if answers.count == 0 => return Ok(None),
            Some(answers) => (Unmet::Answers(answers), Vec::new()),
        },
        Prepared::Only(cells) => match cells.wrong(solver, bounds) {
            None => return Err(Stopped::TooMuch(span)),
            Some((_, 0)) => return Ok(None),
            Some((wrong, count)) => (Unmet::Cells(count), wrong),
        },
    };
    Ok(Some(Failed { expectation: span, how, requests }))
}

impl Asked {
    /// A request and its outcome, without a reason. What decides it has been planned.
    pub(super) fn of(solver: &mut Solver, request: Request) -> Asked {
        Asked { request, outcome: solver.outcome(&request), cell: None, reason: None }
    }
}

/// The request behind a literal of `permitted`, `allow` or `deny`, whose variables have these values; what decides it is
/// planned.
pub(super) fn request(decider: &mut Decider, literal: &Literal, values: &[Value]) -> Option<Request> {
    let (Literal::Positive(atom) | Literal::Negative(atom)) = literal else { return None };
    let program = decider.model().program;
    let authorization = Authorization::of(program)?;
    let asked = program.relation(atom.relation);
    let decides = program.relation(authorization.allow).fields.iter().map(|field| field.ty);
    if !is_about_requests(asked) || !decides.eq(asked.fields.iter().map(|field| field.ty)) {
        return None;
    }
    let [subject, action, resource] = arguments(decider, atom, values)?[..] else { return None };
    let action = ActionId(action.0);
    if !program.is_done_to(action, decider.model().database.symbols.tag(resource).entity()) {
        return None;
    }
    decider.prepare_requests(authorization, action);
    Some(Request { authorization, subject, action, resource })
}

fn arguments(decider: &Decider, atom: &Atom, values: &[Value]) -> Option<Vec<Value>> {
    let value = |term: &Term| match term {
        Term::Constant(constant) => Some(decider.model().database.constant(*constant)),
        Term::Variable(variable) => values.get(variable.index()).copied(),
        Term::Wildcard => None,
    };
    atom.terms.iter().map(value).collect()
}
