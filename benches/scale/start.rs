//! Cold start: one decision on a small portal, the whole process.

use std::path::Path;
use std::time::Duration;

use crate::measure::Outcome;
use crate::measure::child::run;
use crate::measure::paired::middle;
use crate::measure::table::Table;
use crate::measure::workload::root;

/// `decide` on acme with its rules.
pub fn section(table: &mut Table, pairs: usize) -> Outcome<()> {
    let acme = root().join("examples/acme");
    let (data, rules) = (acme.join("data"), acme.join("rules"));
    let (data, rules) = (data.to_string_lossy(), rules.to_string_lossy());
    let arguments = ["decide", "--data", &data, "--rules", &rules, "anna", "history.view", "c17"];
    let decide = || run(Path::new(env!("CARGO_BIN_EXE_rolecall")), &arguments, &[0]);
    let times: Vec<Duration> = (0..pairs * 4).map(|_| decide()).collect::<Outcome<_>>()?;
    table.limit("start: decide on acme, whole process", middle(times).as_secs_f64() * 1e3, 15.0, "ms");
    Ok(())
}
