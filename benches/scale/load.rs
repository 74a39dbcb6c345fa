//! Loading: beside the `csv` crate and `serde_json`, which read the same bytes and keep nothing, or plain rows.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Duration;

use crate::measure::paired::{paired, timed};
use crate::measure::table::{Bar, Table};
use crate::measure::workload::{LARGE, Workload, once};
use crate::measure::{Outcome, portal};
use crate::peer;

/// large as CSV with its manifest, without it, and as JSON.
pub fn section(table: &mut Table, pairs: usize) -> Outcome<()> {
    let large = Workload::generated(LARGE)?;
    let files = peer::csv_files(&large.data)?;
    let facts = large.facts()?;
    let csv = || {
        let (time, rows) = timed(|| peer::read_csv(&files));
        expect_rows(time, rows?, facts)
    };

    let folder = [large.data.clone()];
    let with_manifest = paired(pairs, || load(&folder, facts), csv)?;
    table.times("load: large, CSV, manifest checked", "csv crate", &with_manifest, Bar::AtMost(1.5));
    let without = paired(pairs, || load(&files, facts), csv)?;
    table.times("load: large, CSV without manifest", "csv crate", &without, Bar::AtMost(1.5));

    let json = once("large.json", |path| peer::write_json(&files, path))?;
    let typed = || {
        let (time, rows) = timed(|| peer::read_json(&json));
        expect_rows(time, rows?, facts)
    };
    let as_json = paired(pairs, || load(std::slice::from_ref(&json), facts), typed)?;
    table.times("load: large, JSON", "serde_json", &as_json, Bar::AtMost(2.0));
    Ok(())
}

/// How long loading takes, from paths to a database.
fn load(paths: &[PathBuf], facts: u64) -> Outcome<Duration> {
    let mut policy = portal::policy_with(&[])?;
    let stated: usize = policy.program.facts.iter().map(|facts| facts.spans.len()).sum();
    let (time, database) = timed(|| portal::load(&mut policy, paths));
    let database = black_box(database?);
    expect_rows(time, database.loaded() - stated, facts)
}

fn expect_rows(time: Duration, rows: usize, facts: u64) -> Outcome<Duration> {
    match rows as u64 == facts {
        true => Ok(time),
        false => Err(format!("{rows} rows were read, and there are {facts}").into()),
    }
}
