//! `verify`: checks a proof against the rules and the data, and says what is wrong with a forged one.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::Serialize;

use crate::cli::arguments::{Global, Verify, VerifyFormat};
use crate::cli::output::{self, Console};
use crate::cli::workspace::{Failure, Workspace};
use rolecall::compiler::program::Program;
use rolecall::compiler::source::Sources;
use rolecall::data::Database;
use rolecall::proof::evaluate::{Given, Limit};
use rolecall::proof::json::{self, Claimed};
use rolecall::proof::verify::{self, Fault};
use rolecall::proof::{View, Words};
use rolecall::report::escape::{escape, escape_json};

/// A proof is no longer than this, in bytes.
const LONGEST: u64 = 64 << 20;

/// Checks; whether nothing is wrong.
pub fn run(command: &Verify, global: &Global, console: &Console) -> Result<bool, Failure> {
    let claimed = read(&command.proof)?;
    let mut workspace = Workspace::new(global, console);
    let program = workspace.program(&[])?;
    let mut database = workspace.database(&program)?;
    let faults = faults(&claimed, &program, &mut database, &workspace.sources);
    let faults = faults.map_err(|limit| Failure::Message(format!("the proof could not be checked: {limit}")))?;
    workspace.time("verify", String::new);
    output::stdout_text(&match command.format {
        VerifyFormat::Text => text(&claimed, &faults),
        VerifyFormat::Json => json(&faults),
    })?;
    Ok(faults.is_empty())
}

fn read(path: &Path) -> Result<Claimed, Failure> {
    let name = escape(&path.display().to_string()).into_owned();
    let failed = |error: io::Error| Failure::Message(format!("can't read {name}: {error}"));
    let source: Box<dyn Read> = match path.as_os_str() == "-" {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(path).map_err(failed)?),
    };
    let mut bytes = Vec::new();
    source.take(LONGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LONGEST {
        return Err(Failure::Message(format!("{name} is no proof: it is longer than {} MiB", LONGEST >> 20)));
    }
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::Message(format!("{name} is no proof: it is not UTF-8")))?;
    json::read(&text).map_err(|why| Failure::Message(format!("{name}: {}", escape(&why.to_string()))))
}

/// Everything that is wrong: what names nothing, else what does not follow and what is told wrongly.
fn faults(
    claimed: &Claimed,
    program: &Program,
    database: &mut Database,
    sources: &Sources,
) -> Result<Vec<Fault>, Limit> {
    let proof = match claimed.resolve(program, database, sources) {
        Ok(proof) => proof,
        Err(faults) => return Ok(faults),
    };
    let database = &*database;
    let faults = verify::verify(program, &Given::new(database), &proof)?;
    if !faults.is_empty() {
        return Ok(faults);
    }
    let words = Words::new(program, database);
    Ok(claimed.differences(&proof, &View { program, database, sources, words: &words }))
}

/// `valid: anna may history.view c17`, or what is wrong, a line each.
fn text(claimed: &Claimed, faults: &[Fault]) -> String {
    if faults.is_empty() {
        return format!("valid: {}\n", escape(&claimed.to_string()));
    }
    let mut text = format!("refused: {}\n", escape(&claimed.to_string()));
    for fault in faults {
        text.push_str(&format!("  {}\n", escape(&fault.to_string())));
    }
    text
}

fn json(faults: &[Fault]) -> String {
    #[derive(Serialize)]
    struct Checked {
        valid: bool,
        faults: Vec<Found>,
    }

    #[derive(Serialize)]
    struct Found {
        #[serde(skip_serializing_if = "Option::is_none")]
        step: Option<u64>,
        message: String,
    }

    let found =
        |fault: &Fault| Found { step: fault.step.map(|step| u64::from(step.0) + 1), message: fault.what.clone() };
    let checked = Checked { valid: faults.is_empty(), faults: faults.iter().map(found).collect() };
    // It has no keys but strings, so writing it can't fail.
    format!("{}\n", escape_json(&serde_json::to_string(&checked).unwrap_or_default()))
}
