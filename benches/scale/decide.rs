//! Deciding: warm, on one thread, names already resolved, beside look-ups in the hand-written evaluator's arrays.

use std::hint::black_box;
use std::time::{Duration, Instant};

use rolecall::decision::{Request, Solver};
use rolecall::engine::Engine;

use crate::dense::{Dense, Question};
use crate::measure::Outcome;
use crate::measure::paired::{middle, paired};
use crate::measure::portal::{load, policy_with, ready, requests};
use crate::measure::table::{Bar, Table};
use crate::measure::workload::{LARGE, Workload};

/// The mixed requests to large.
pub fn section(table: &mut Table, pairs: usize) -> Outcome<()> {
    let large = Workload::generated(LARGE)?;
    let mut policy = policy_with(&[])?;
    let database = load(&mut policy, std::slice::from_ref(&large.data))?;
    let dense = Dense::derive(&policy.program, &database)?;
    let decider = ready(&policy.program, database, Engine::Auto)?;
    let mut solver = Solver::new(&decider);
    let requests = requests(&decider, &mut solver, &large.requests)?;
    let questions: Vec<Question> = requests.iter().map(|request| dense.question(request)).collect();

    let rules = |request: &Request| solver.outcome(request).is_allowed();
    let median = median(&requests, rules);
    table.limit("decide: large, median request", median.as_nanos() as f64, 1000.0, "ns");
    let by_hand = middle((0..pairs).map(|_| self::median(&questions, |question| dense.allows(*question))).collect());
    let ns = |time: Duration| time.as_nanos() as f64;
    table.amounts("decide: large, median request", ns(median), "by hand", ns(by_hand), "ns", Bar::None);
    let rules = || Ok(mean(&requests, |request| solver.outcome(request).is_allowed()));
    let means = paired(pairs, rules, || Ok(mean(&questions, |question| dense.allows(*question))))?;
    table.times("decide: large, mean request", "by hand", &means, Bar::None);
    Ok(())
}

/// How long each question takes on average, one after the other.
pub fn mean<Q>(questions: &[Q], mut ask: impl FnMut(&Q) -> bool) -> Duration {
    let started = Instant::now();
    let allowed = questions.iter().filter(|question| ask(question)).count();
    let time = started.elapsed();
    black_box(allowed);
    time.div_f64(questions.len().max(1) as f64)
}

/// The middle of the times of single questions, less what reading the clock takes.
pub fn median<Q>(questions: &[Q], mut ask: impl FnMut(&Q) -> bool) -> Duration {
    mean(questions, &mut ask);
    let asked = questions.iter().map(|question| single(|| ask(question))).collect();
    let clock = questions.iter().map(|question| single(|| black_box(question) as *const Q as usize > 0)).collect();
    middle::<Duration>(asked).saturating_sub(middle(clock))
}

fn single(ask: impl FnOnce() -> bool) -> Duration {
    let started = Instant::now();
    black_box(ask());
    started.elapsed()
}
