//! huge: 500,000 people, 12 million chats, calls and items. It takes minutes, and runs only when it is asked for.

use rolecall::decision::Solver;
use rolecall::engine::Engine;

use crate::measure::Outcome;
use crate::measure::paired::paired;
use crate::measure::portal::{load, policy_with, ready, requests};
use crate::measure::question::mean;
use crate::measure::table::{Bar, Table};
use crate::measure::workload::{HUGE, LARGE, Workload};
use crate::memory::of_batch;

/// Memory of the whole process, and a request beside one on large.
pub fn section(table: &mut Table, pairs: usize) -> Outcome<()> {
    let (huge, large) = (Workload::generated(HUGE)?, Workload::generated(LARGE)?);
    let peak = of_batch(&huge, &[])? as f64;
    table.limit("memory: huge, batch", peak / f64::from(1 << 30), 24.0, "GiB");
    let facts = huge.facts()? as f64;
    table.limit("memory: huge, batch, for each fact", peak / facts, 64.0, "bytes");

    let (mut huge_policy, mut large_policy) = (policy_with(&[])?, policy_with(&[])?);
    let huge_facts = load(&mut huge_policy, std::slice::from_ref(&huge.data))?;
    let huge_decider = ready(&huge_policy.program, huge_facts, Engine::Auto)?;
    let large_facts = load(&mut large_policy, std::slice::from_ref(&large.data))?;
    let large_decider = ready(&large_policy.program, large_facts, Engine::Auto)?;
    let (mut on_huge, mut on_large) = (Solver::new(&huge_decider), Solver::new(&large_decider));
    let huge_requests = requests(&huge_decider, &mut on_huge, &huge.requests)?;
    let large_requests = requests(&large_decider, &mut on_large, &large.requests)?;
    let both = paired(
        pairs,
        || Ok(mean(&huge_requests, |request| on_huge.outcome(request).is_allowed())),
        || Ok(mean(&large_requests, |request| on_large.outcome(request).is_allowed())),
    )?;
    table.times("growth: mean request on huge", "on large", &both, Bar::AtMost(1.5));
    Ok(())
}
