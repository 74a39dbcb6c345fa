//! Answers with reasons, and questions about everybody: what they take after the data is loaded, as `--timings` says it;
//! `why` from the finished model on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::batch::rolecall;
use crate::measure::Outcome;
use crate::measure::paired::paired;
use crate::measure::portal::each_request;
use crate::measure::table::{Bar, Table};
use crate::measure::workload::{LARGE, Workload, scratch};

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
        slowest = slowest.max(after("load", &large, pairs, &["who", action, thing, "--format", "csv"])?);
    }
    table.limit("who: large, one thing, after load", slowest * 1e3, 1000.0, "ms");
    Ok(())
}

/// `levels` on large: every user, every action, and CRM, as CSV on two threads.
pub fn levels(table: &mut Table, pairs: usize) -> Outcome<()> {
    let large = Workload::generated(LARGE)?;
    let seconds = after("load", &large, pairs, &["levels", "--format", "csv", "--jobs", "2"])?;
    table.limit("levels: large, everybody as CSV, two threads, after load", seconds, 10.0, "s");
    Ok(())
}

/// `why` on large, and why not: the slowest of the first requests of each action, from the finished model on.
pub fn why(table: &mut Table, _pairs: usize) -> Outcome<()> {
    let large = Workload::generated(LARGE)?;
    let mut asked: BTreeMap<(String, bool), [String; 3]> = BTreeMap::new();
    let answers = fs::read_to_string(answered(&large)?)?;
    let mut answers = answers.lines().map(|line| line.starts_with("{\"decision\":true"));
    each_request(&large.requests, |request| {
        let allowed = answers.next().ok_or("fewer answers than requests")?;
        let words = [&request.subject.id, &request.action.name, &request.resource.id].map(|word| word.to_string());
        asked.entry((words[1].clone(), allowed)).or_insert(words);
        Ok(())
    })?;
    for (allowed, what, limit) in [(true, "why: large", 50.0), (false, "why not: large", 200.0)] {
        let mut slowest = (0.0f64, String::new());
        for ((action, _), [user, _, thing]) in asked.iter().filter(|((_, answer), _)| *answer == allowed) {
            let seconds = after("derive", &large, 1, &["why", user, action, thing])?;
            if seconds > slowest.0 {
                slowest = (seconds, action.clone());
            }
        }
        let (seconds, action) = slowest;
        table.limit(
            &format!("{what}, slowest of one for each action ({action}), after deriving"),
            seconds * 1e3,
            limit,
            "ms",
        );
    }
    Ok(())
}

/// The answers to all requests.
fn answered(workload: &Workload) -> Outcome<PathBuf> {
    rolecall(workload, &[])?;
    scratch("answers.jsonl")
}

/// `batch --why` beside `batch`.
pub fn reasons(table: &mut Table, pairs: usize) -> Outcome<()> {
    let large = Workload::generated(LARGE)?;
    let times = paired(pairs, || rolecall(&large, &["--why"]), || rolecall(&large, &[]))?;
    table.times("batch: large, with reasons", "without", &times, Bar::AtMost(3.0));
    Ok(())
}

/// The middle time of so many runs, in seconds, from the end of a stage.
fn after(stage: &str, workload: &Workload, runs: usize, words: &[&str]) -> Outcome<f64> {
    let mut times = Vec::new();
    for _ in 0..runs {
        let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_rolecall")));
        command.args(words).args(["--timings", "--data"]).arg(&workload.data);
        let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        // 1 says no, which is an answer too.
        if output.status.code().is_none_or(|code| code > 1) {
            return Err(format!("{words:?} ended with {}: {said}", output.status).into());
        }
        let after = said.lines().skip_while(|line| line.split_whitespace().next() != Some(stage)).skip(1);
        let seconds = after.filter_map(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        times.push(seconds.sum::<f64>());
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}
