//! Growth: portals of two sizes and one shape. What is linear takes as long for each fact.

use std::time::Duration;

use rolecall::decision::Solver;
use rolecall::engine::Engine;

use crate::measure::Outcome;
use crate::measure::paired::{paired, timed};
use crate::measure::portal::{Policy, load, policy_with, ready, requests};
use crate::measure::question::mean;
use crate::measure::table::{Bar, Table};
use crate::measure::workload::{DEEP, DEEP_HALF, Generated, WIDE, WIDE_HALF, Workload};

/// Time for each fact may grow by this much, for the larger portal fits the caches less well.
pub const TOLERANCE: f64 = 1.25;

/// A chain of 10,000 departments.
pub fn deep(table: &mut Table, pairs: usize) -> Outcome<()> {
    // Half a minute and more for each run, as long as all pairs of departments are stored.
    grow(table, pairs.min(3), "deep", DEEP, DEEP_HALF)
}

/// 50,000 people in one department.
pub fn wide(table: &mut Table, pairs: usize) -> Outcome<()> {
    grow(table, pairs, "wide", WIDE, WIDE_HALF)
}

fn grow(table: &mut Table, pairs: usize, name: &str, full: Generated, half: Generated) -> Outcome<()> {
    let (full, half) = (Workload::generated(full)?, Workload::generated(half)?);
    let size = full.facts()? as f64 / half.facts()? as f64;
    let (mut at_full, mut at_half) = (policy_with(&[])?, policy_with(&[])?);
    let both = paired(pairs, || run(&mut at_full, &full), || run(&mut at_half, &half))?.per(size);
    table.times(&format!("growth: {name}, for each fact"), "half the size", &both, Bar::AtMost(TOLERANCE));
    Ok(())
}

/// How long it takes to derive, and to decide as many requests as there are facts.
fn run(policy: &mut Policy, workload: &Workload) -> Outcome<Duration> {
    let database = load(policy, std::slice::from_ref(&workload.data))?;
    let (derived, decider) = timed(|| ready(&policy.program, database, Engine::Auto));
    let decider = decider?;
    let mut solver = Solver::new(&decider);
    let requests = requests(&decider, &mut solver, &workload.requests)?;
    let decided = mean(&requests, |request| solver.outcome(request).is_allowed());
    Ok(derived + decided.mul_f64(workload.facts()? as f64))
}
