//! Deciding: warm, on one thread, names already resolved, beside look-ups in the hand-written evaluator's arrays.

use rolecall::decision::Solver;
use rolecall::engine::Engine;

use crate::dense::{Dense, Question};
use crate::measure::Outcome;
use crate::measure::paired::{Paired, paired};
use crate::measure::portal::{load, policy_with, ready, requests};
use crate::measure::question::{mean, median};
use crate::measure::table::{Bar, Table};
use crate::measure::workload::{LARGE, Workload};

/// So many requests are warm: asked over and over, as the first of the file. Of all of them, each is asked once in a
/// million, so that what it looks up comes from main memory.
const WARM: usize = 10_000;

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

    let warm = WARM.min(requests.len());
    for (what, asked, limited) in [("again", warm, true), ("once", requests.len(), false)] {
        let (requests, questions) = (&requests[..asked], &questions[..asked]);
        let mut times = Vec::new();
        for _ in 0..pairs {
            let by_rules = median(requests, |request| solver.outcome(request).is_allowed());
            times.push((by_rules, median(questions, |question| dense.allows(*question))));
        }
        let medians = Paired::of(&times);
        if limited {
            table.limit("decide: large, median request asked again", medians.ours.as_nanos() as f64, 1000.0, "ns");
        }
        table.times(&format!("decide: large, median request asked {what}"), "by hand", &medians, Bar::None);
    }
    let rules = || Ok(mean(&requests, |request| solver.outcome(request).is_allowed()));
    let means = paired(pairs, rules, || Ok(mean(&questions, |question| dense.allows(*question))))?;
    table.times("decide: large, mean request", "by hand", &means, Bar::None);
    Ok(())
}
