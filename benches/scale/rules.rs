//! Many rules of an administrator: on the portal acme, and in the checker alone.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rolecall::engine::Engine;

use crate::growth::TOLERANCE;
use crate::measure::Outcome;
use crate::measure::child::run;
use crate::measure::paired::{Paired, paired, timed};
use crate::measure::portal::{load, policy_with, ready};
use crate::measure::table::{Bar, Table};
use crate::measure::workload::{Workload, root, rules};

/// 1,000 and 2,000 rules on acme; 10,000 and 20,000 through `check`.
pub fn section(table: &mut Table, pairs: usize) -> Outcome<()> {
    let (few, many) = (rules(1_000)?, rules(2_000)?);
    let both = paired(pairs, || on_acme(&many), || on_acme(&few))?.per(2.0);
    table.times("growth: 2,000 rules on acme, for each rule", "1,000 rules", &both, Bar::AtMost(TOLERANCE));
    let (few, many) = (rules(10_000)?, rules(20_000)?);
    let both = paired(pairs, || check(&many), || check(&few))?;
    let seconds = both.ours.as_secs_f64();
    let per_rule: Paired = both.per(2.0);
    table.times("growth: check 20,000 rules, for each rule", "10,000 rules", &per_rule, Bar::AtMost(TOLERANCE));
    table.limit("check: 20,000 rules, whole process", seconds * 1e3, 1000.0, "ms");
    Ok(())
}

/// How long it takes from rules and data to ready to decide.
fn on_acme(rules: &Path) -> Outcome<Duration> {
    let acme = root().join("examples/acme");
    let own = ["auditors", "contractors", "vacation"].map(|name| acme.join("rules").join(name).with_extension("rules"));
    let all: Vec<PathBuf> = own.into_iter().chain([rules.to_owned()]).collect();
    let (time, outcome) = timed(|| -> Outcome<()> {
        let mut policy = policy_with(&all)?;
        let database = load(&mut policy, &[Workload::acme().data])?;
        black_box(ready(&policy.program, database, Engine::Auto)?);
        Ok(())
    });
    outcome.map(|()| time)
}

fn check(rules: &Path) -> Outcome<Duration> {
    run(Path::new(env!("CARGO_BIN_EXE_rolecall")), &["check".as_ref(), rules.as_os_str()], &[0])
}
