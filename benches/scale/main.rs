//! How fast Rolecall is and how much memory it takes, as ratios to a peer in the same run: a table.
//!
//! `cargo bench --bench scale` measures everything but `huge`; names behind `--` choose sections, `--pairs N` says
//! how often both sides run. Each section is a file. `peer` and `rows` are what loading is compared with, and
//! `dense` beside this folder is what deriving and deciding are.

mod batch;
mod decide;
#[path = "../dense/mod.rs"]
mod dense;
mod derive;
mod growth;
mod huge;
mod load;
#[path = "../measure/mod.rs"]
mod measure;
mod memory;
mod peer;
mod rows;
mod rules;
mod start;

use std::process::ExitCode;

use measure::Outcome;
use measure::child::CHILD;
use measure::table::Table;

/// What a section has: its name, whether it runs unasked, and what it does.
type Section = (&'static str, bool, fn(&mut Table, usize) -> Outcome<()>);

const SECTIONS: &[Section] = &[
    ("agree", true, derive::agree),
    ("load", true, load::section),
    ("derive", true, derive::section),
    ("decide", true, decide::section),
    ("batch", true, batch::section),
    ("memory", true, memory::section),
    ("growth", true, growth::section),
    ("rules", true, rules::section),
    ("start", true, start::section),
    ("huge", false, huge::section),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((first, rest)) if first == CHILD => child(rest),
        _ => table(&arguments),
    };
    match outcome {
        Ok(status) => status,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Measures what the arguments ask for.
fn table(arguments: &[String]) -> Outcome<ExitCode> {
    let (mut pairs, mut wanted) = (7, Vec::new());
    let mut arguments = arguments.iter().filter(|argument| *argument != "--bench");
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--pairs" => pairs = arguments.next().ok_or("`--pairs` wants a number")?.parse::<usize>()?.max(1),
            name if SECTIONS.iter().any(|(section, ..)| *section == name) => wanted.push(name),
            other => return Err(format!("no section is called `{other}`").into()),
        }
    }
    let is_wanted = |(name, unasked, _): &&Section| if wanted.is_empty() { *unasked } else { wanted.contains(name) };
    let mut table = Table::begin();
    for (_, _, section) in SECTIONS.iter().filter(is_wanted) {
        section(&mut table, pairs)?;
    }
    table.end();
    Ok(ExitCode::SUCCESS)
}

/// What this program does when it was started by itself.
fn child(arguments: &[String]) -> Outcome<ExitCode> {
    match arguments.split_first() {
        Some((what, rest)) if what == "floor" => batch::floor(rest).map(|()| ExitCode::SUCCESS),
        Some((what, rest)) if what == "rolecall" => memory::rolecall(rest),
        _ => Err("a child without a task".into()),
    }
}
