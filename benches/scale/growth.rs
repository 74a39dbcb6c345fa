//! Growth: portals of two sizes and one shape. What is linear takes as long for each fact.

use std::time::Duration;

use rolecall::decision::Solver;
use rolecall::engine::Engine;

use crate::decide::mean;
use crate::measure::Outcome;
use crate::measure::paired::{paired, timed};
use crate::measure::portal::{Policy, load, policy_with, ready, requests};
use crate::measure::table::{Bar, Table};
use crate::measure::workload::{DEEP, DEEP_HALF, WIDE, WIDE_HALF, Workload};

/// Time for each fact may grow by this much, for the larger portal fits the caches less well.
pub const TOLERANCE: f64 = 1.25;

/// A chain of departments, and a crowd in one.
pub fn section(table: &mut Table, pairs: usize) -> Outcome<()> {
    for (name, full, half) in [("deep", DEEP, DEEP_HALF), ("wide", WIDE, WIDE_HALF)] {
        let (full, half) = (Workload::generated(full)?, Workload::generated(half)?);
        let size = full.facts()? as f64 / half.facts()? as f64;
        let (mut at_full, mut at_half) = (policy_with(&[])?, policy_with(&[])?);
        let both = paired(pairs, || run(&mut at_full, &full), || run(&mut at_half, &half))?.per(size);
        let what = format!("growth: {name}, time for each fact");
        table.times(&what, "half the size", &both, Bar::AtMost(TOLERANCE));
    }
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
