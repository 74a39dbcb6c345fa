//! How fast Rolecall is and how much memory it takes, as ratios to a peer in the same run: a table.
//!
//! `cargo bench --bench scale` measures everything but `huge`; names behind `--` choose sections, `--pairs N` says
//! how often both sides run. Each section is a file. `peer` and `rows` are what loading is compared with, and
//! `dense` beside this folder is what deriving and deciding are.

mod answers;
mod batch;
mod decide;
#[path = "../dense/mod.rs"]
mod dense;
mod derive;
mod growth;
mod huge;
mod import;
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
use measure::sections::{Section, run};

const SECTIONS: &[Section] = &[
    Section { name: "agree", unasked: true, measure: derive::agree },
    Section { name: "load", unasked: true, measure: load::section },
    Section { name: "import", unasked: true, measure: import::section },
    Section { name: "derive", unasked: true, measure: derive::section },
    Section { name: "decide", unasked: true, measure: decide::section },
    Section { name: "batch", unasked: true, measure: batch::section },
    Section { name: "why", unasked: true, measure: answers::why },
    Section { name: "reasons", unasked: true, measure: answers::reasons },
    Section { name: "who", unasked: true, measure: answers::who },
    Section { name: "levels", unasked: true, measure: answers::levels },
    Section { name: "memory", unasked: true, measure: memory::section },
    Section { name: "start", unasked: true, measure: start::section },
    Section { name: "rules", unasked: true, measure: rules::section },
    Section { name: "wide", unasked: true, measure: growth::wide },
    Section { name: "deep", unasked: true, measure: growth::deep },
    Section { name: "huge", unasked: false, measure: huge::section },
];

fn main() -> ExitCode {
    run(SECTIONS, child)
}

/// What this program does when it was started by itself.
fn child(arguments: &[String]) -> Outcome<()> {
    match arguments.split_first() {
        Some((what, rest)) if what == "floor" => batch::floor(rest),
        Some((what, rest)) if what == "read" => import::read(rest),
        Some((what, rest)) if what == memory::PEAK => memory::rolecall(rest),
        _ => Err("a child without a task".into()),
    }
}
