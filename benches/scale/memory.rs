//! The most memory that a whole process held.

use std::ffi::OsStr;
use std::path::Path;

use nix::sys::resource::{UsageWho, getrusage};

use crate::measure::Outcome;
use crate::measure::child::{again, run};
use crate::measure::table::Table;
use crate::measure::workload::{LARGE, Workload, scratch};

/// The task of the child.
pub const PEAK: &str = "peak";

/// `batch` on large, for each loaded fact.
pub fn section(table: &mut Table, _: usize) -> Outcome<()> {
    let large = Workload::generated(LARGE)?;
    let peak = of_batch(&large, &["--jobs", "1"])?;
    table.limit("memory: large, batch, for each fact", peak as f64 / large.facts()? as f64, 64.0, "bytes");
    Ok(())
}

/// The peak of `rolecall batch`, in bytes.
pub fn of_batch(workload: &Workload, options: &[&str]) -> Outcome<u64> {
    let output = scratch("answers.jsonl")?;
    let (data, requests) = (workload.data.to_string_lossy(), workload.requests.to_string_lossy());
    let output = output.to_string_lossy();
    let mut arguments = vec!["batch", "--data", &data, "--requests", &requests, "--output", &output];
    arguments.extend(options);
    peak_of(&arguments)
}

/// The peak of `rolecall` with some arguments, in bytes.
pub fn peak_of<S: AsRef<OsStr>>(arguments: &[S]) -> Outcome<u64> {
    let program = [OsStr::new(PEAK)].into_iter().chain(arguments.iter().map(AsRef::as_ref));
    let words = again(&program.collect::<Vec<_>>())?;
    Ok(words.first().ok_or("the child said nothing")?.parse()?)
}

/// The child: runs `rolecall`, and then says its peak. A program of its own, because the highest peak counts of all that a
/// program has started.
pub fn rolecall(arguments: &[String]) -> Outcome<()> {
    run(Path::new(env!("CARGO_BIN_EXE_rolecall")), arguments, &[0])?;
    println!("{}", getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss() * 1024);
    Ok(())
}
