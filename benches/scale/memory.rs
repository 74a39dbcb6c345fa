//! The most memory that a whole process held.

use std::process::ExitCode;

use crate::measure::Outcome;
use crate::measure::child::{again, peak_memory};
use crate::measure::table::Table;
use crate::measure::workload::{LARGE, Workload, scratch};

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
    let mut arguments = vec!["rolecall", "batch", "--data", &data, "--requests", &requests, "--output", &output];
    arguments.extend(options);
    let words = again(&arguments)?;
    Ok(words.first().ok_or("the child said nothing")?.parse()?)
}

/// The child: the command line of rolecall, and then its peak.
pub fn rolecall(arguments: &[String]) -> Outcome<()> {
    let arguments = std::iter::once("rolecall").chain(arguments.iter().map(String::as_str));
    if rolecall::cli::run(arguments.map(Into::into)) != ExitCode::SUCCESS {
        return Err("rolecall did not succeed".into());
    }
    println!("{}", peak_memory()?);
    Ok(())
}
