//! The report of an import, as text and as JSON.

use std::path::Path;

use serde_json::{Value, json};

use rolecall::bitrix24::{Missing, Read, Reason, Report, Sample, Skipped};
use rolecall::compiler::codes::Code;
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::report::escape::{escape, escape_json};

/// So many actions are named; of more only their number is told.
const NAMED: usize = 6;

/// The report in sections. What was not understood stands among the warnings.
pub fn text(report: &Report, output: Option<&Path>) -> String {
    let mut text = String::new();
    let sources: Vec<_> = report.read.iter().filter(|read| !read.source.is_empty()).collect();
    section(&mut text, "read", &sources, |read| {
        let what = if read.file.starts_with(&read.source) { String::new() } else { format!("  {}", read.source) };
        format!("{}{what}: {}, {}", read.file, count(read.records, "record"), count(read.facts, "fact"))
    });
    let skipped: Vec<_> = report.skipped.iter().collect();
    let (expected, others): (Vec<_>, Vec<_>) =
        skipped.into_iter().partition(|((reason, _), _)| reason.code().is_none());
    let line = |((reason, read), skipped): &(&(Reason, usize), &Skipped)| {
        format!("{}: {}: {}{}", name(report, *read), reason.words(), skipped.count, sample(&skipped.samples))
    };
    section(&mut text, "left out", &expected, line);
    section(&mut text, "not understood", &others, line);
    section(&mut text, "missing, and what can't be decided without it", &report.missing, absence);
    let facts = report.facts.values().sum();
    let end = format!("{} for {}", count(facts, "fact"), count(report.facts.len() as u64, "input"));
    text + &match output {
        Some(path) => format!("{end} in {}\n", escape(&path.display().to_string())),
        None => format!("{end}, not written\n"),
    }
}

/// The report as an object.
pub fn json(report: &Report, warnings: &[Diagnostic], output: Option<&Path>) -> String {
    let read =
        |read: &Read| json!({"file": read.file, "source": read.source, "records": read.records, "facts": read.facts});
    let skipped = |((reason, at), skipped): (&(Reason, usize), &Skipped)| {
        let sample = |sample: &Sample| json!({"line": sample.line, "record": sample.record, "what": sample.what});
        let samples: Vec<Value> = skipped.samples.iter().map(sample).collect();
        json!({
            "code": reason.code().map(Code::name), "reason": reason.words(),
            "file": report.read[*at].file, "source": report.read[*at].source,
            "count": skipped.count, "samples": samples,
        })
    };
    let missing = |missing: &Missing| json!({"inputs": missing.inputs, "module": missing.module, "sources": missing.sources, "actions": missing.actions});
    let differences = warnings.iter().filter(|warning| warning.code == Code::HolderDifference);
    let differences: Vec<Value> =
        differences.map(|found| json!({"message": found.message, "reasons": found.notes})).collect();
    let object = json!({
        "output": output.map(|path| path.display().to_string()),
        "read": report.read.iter().map(read).collect::<Vec<_>>(),
        "facts": report.facts,
        "skipped": report.skipped.iter().map(skipped).collect::<Vec<_>>(),
        "missing": report.missing.iter().map(missing).collect::<Vec<_>>(),
        "differences": differences,
    });
    escape_json(&object.to_string()).into_owned()
}

fn section<T>(text: &mut String, title: &str, items: &[T], line: impl Fn(&T) -> String) {
    if items.is_empty() {
        return;
    }
    text.push_str(&format!("{title}\n"));
    for item in items {
        text.push_str(&format!("  {}\n", escape(&line(item))));
    }
    text.push('\n');
}

/// The source, or the file where it is none.
fn name(report: &Report, read: usize) -> &str {
    let read = &report.read[read];
    if read.source.is_empty() { &read.file } else { &read.source }
}

fn sample(samples: &[Sample]) -> String {
    let first = samples.iter().find(|sample| sample.line > 0);
    first.map_or(String::new(), |sample| format!(" ({}: {})", sample.place(), sample.what))
}

fn absence(missing: &Missing) -> String {
    let of = missing.module.map_or(String::new(), |module| format!(" of {module}"));
    let actions = match missing.actions.len() {
        0..=NAMED => missing.actions.join(", "),
        number => format!("{} and {} more", missing.actions[..NAMED - 1].join(", "), number + 1 - NAMED),
    };
    format!("{}{of} ({}): {actions}", missing.inputs.join(", "), missing.sources.join(", "))
}

fn count(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
