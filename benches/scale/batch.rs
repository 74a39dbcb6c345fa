//! The whole process of `batch`, as it comes and on one thread: beside a program that reads the same files and answers
//! without deciding; and one thread beside two.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use crate::measure::Outcome;
use crate::measure::child::{CHILD, run};
use crate::measure::paired::paired;
use crate::measure::portal::each_request;
use crate::measure::table::{Bar, Table};
use crate::measure::workload::{LARGE, Workload, scratch};
use crate::peer;

/// 1,000,000 requests on large.
pub fn section(table: &mut Table, pairs: usize) -> Outcome<()> {
    let large = Workload::generated(LARGE)?;
    let usual = || rolecall(&large, &[]);
    let one = || rolecall(&large, &["--jobs", "1"]);
    let floor = || constant_answers(&large);
    table.times("batch: large, all processors", "reading and writing", &paired(pairs, usual, floor)?, Bar::AtMost(2.5));
    table.times("batch: large, one thread", "reading and writing", &paired(pairs, one, floor)?, Bar::None);
    let two = || rolecall(&large, &["--jobs", "2"]);
    let speed = paired(pairs, two, one)?.speed();
    table.times("batch: large, two threads", "one thread", &speed, Bar::AtLeast(1.7));
    Ok(())
}

/// How long `rolecall batch` takes.
pub fn rolecall(workload: &Workload, options: &[&str]) -> Outcome<Duration> {
    let output = scratch("answers.jsonl")?;
    let (data, requests) = (workload.data.to_string_lossy(), workload.requests.to_string_lossy());
    let output = output.to_string_lossy();
    let mut arguments = vec!["batch", "--data", &data, "--requests", &requests, "--output", &output];
    arguments.extend(options);
    run(Path::new(env!("CARGO_BIN_EXE_rolecall")), &arguments, &[0])
}

fn constant_answers(workload: &Workload) -> Outcome<Duration> {
    let output = scratch("constant.jsonl")?;
    let paths = [workload.data.as_os_str(), workload.requests.as_os_str(), output.as_os_str()];
    let mut arguments = vec![CHILD.as_ref(), "floor".as_ref()];
    arguments.extend(paths);
    run(&std::env::current_exe()?, &arguments, &[0])
}

/// The other program: reads every field and every request, and writes a line for each.
pub fn floor(arguments: &[String]) -> Outcome<()> {
    let [data, requests, output] = arguments else { return Err("three paths are wanted".into()) };
    peer::read_csv(&peer::csv_files(Path::new(data))?)?;
    let mut output = BufWriter::with_capacity(1 << 16, File::create(output)?);
    each_request(Path::new(requests), |request| {
        std::hint::black_box(request);
        let answer = b"{\"decision\":true,\"context\":{\"id\":\"q500000\",\"rule\":\"chat-level-department\"}}\n";
        Ok(output.write_all(answer)?)
    })?;
    Ok(output.flush()?)
}
