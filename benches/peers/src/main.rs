//! Rolecall beside other engines: the same facts, the same questions, the same answers; a table of ratios.
//!
//! `cargo bench --manifest-path benches/peers/Cargo.toml` measures everything; names behind `--` choose sections,
//! `--pairs N` says how often both sides run. `decide` has the policy in Cedar and Rego, `levels` has its wide
//! relations in Ascent and datafrog, `plain` has Datalog without roles in crepe and Ascent.

mod decide;
#[path = "../../dense/mod.rs"]
#[allow(dead_code, reason = "the levels that are precomputed for the peers come from it, and nothing else")]
mod dense;
mod levels;
#[path = "../../measure/mod.rs"]
mod measure;
mod plain;

use std::process::ExitCode;

use measure::sections::{Section, run};

const SECTIONS: &[Section] = &[
    Section { name: "decide", unasked: true, measure: decide::section },
    Section { name: "levels", unasked: true, measure: levels::section },
    Section { name: "plain", unasked: true, measure: plain::section },
];

fn main() -> ExitCode {
    run(SECTIONS, plain::child)
}
