//! Questions about everybody: what they take after the data is loaded, as `--timings` says it, deriving included.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::measure::Outcome;
use crate::measure::table::Table;
use crate::measure::workload::{LARGE, Workload};

/// Relations, and actions on what their first records name.
const ASKED: [(&str, &str); 3] =
    [("chat.csv", "history.view"), ("call.csv", "call.view"), ("crm_item.csv", "crm.read")];

/// `who` on large: the slowest of three questions.
pub fn who(table: &mut Table, pairs: usize) -> Outcome<()> {
    let large = Workload::generated(LARGE)?;
    let mut slowest = 0.0f64;
    for (file, action) in ASKED {
        let text = fs::read_to_string(large.data.join(file))?;
        let thing = text.lines().nth(1).and_then(|record| record.split(',').next()).ok_or("no records")?;
        slowest = slowest.max(after_load(&large, pairs, &["who", action, thing, "--format", "csv"])?);
    }
    table.limit("who: large, one thing, after load", slowest * 1e3, 1000.0, "ms");
    Ok(())
}

/// `levels` on large: every user, every action, and CRM, as CSV on two threads.
pub fn levels(table: &mut Table, pairs: usize) -> Outcome<()> {
    let large = Workload::generated(LARGE)?;
    let seconds = after_load(&large, pairs, &["levels", "--format", "csv", "--jobs", "2"])?;
    table.limit("levels: large, everybody as CSV, two threads, after load", seconds, 10.0, "s");
    Ok(())
}

/// The middle time of so many runs, in seconds, from the end of loading.
fn after_load(workload: &Workload, runs: usize, words: &[&str]) -> Outcome<f64> {
    let mut times = Vec::new();
    for _ in 0..runs {
        let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_rolecall")));
        command.args(words).args(["--timings", "--data"]).arg(&workload.data);
        let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            return Err(format!("{words:?} ended with {}: {said}", output.status).into());
        }
        let after = said.lines().skip_while(|line| !line.trim_start().starts_with("load ")).skip(1);
        let seconds = after.filter_map(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        times.push(seconds.sum::<f64>());
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}
