//! A SARIF 2.1.0 document for a run, as code scanning reads it: the codes that occur as rules with their pages, each
//! diagnostic as a result with its places and the change that is certain, and what else the run said as notifications.
//! See <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>; sections are named where they decide.

use serde_json::{Value, json};

use super::escape::escape_json;
use super::pages::page;
use super::{bytes_of_file, in_source_order, in_words, severity_name};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::{Diagnostic, Edit, Label};
use crate::compiler::source::{Origin, Source, Sources, Span};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The base of names that are no files of the author: those of the policy that the program carries. Where it lies is
/// told to nobody, so that no reader looks for them.
const BUILT_IN: &str = "BUILT_IN_POLICY";

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With an answer, be it yes or no.
    Answered,
    /// Without.
    Unanswered,
}

/// What a run found and said so far.
#[derive(Debug, Default)]
pub struct Log {
    codes: Vec<Code>,
    results: Vec<Value>,
    notifications: Vec<Value>,
}

impl Log {
    /// Adds diagnostics, in source order among themselves.
    pub fn add(&mut self, diagnostics: &[Diagnostic], sources: &Sources) {
        for diagnostic in in_source_order(diagnostics, sources) {
            let rule = self.rule_index(diagnostic.code);
            self.results.push(result(diagnostic, rule, sources));
        }
    }

    /// Adds a line that is about the run and not about rules or data: an error, or a note.
    pub fn notify(&mut self, is_error: bool, line: &str) {
        let level = if is_error { "error" } else { "note" };
        self.notifications.push(json!({ "level": level, "message": message(line) }));
    }

    /// The document, which ends with a line end; also of a run without results.
    pub fn document(&self, ending: Ending) -> String {
        let rules: Vec<Value> = self.codes.iter().map(|code| rule(*code)).collect();
        let driver = json!({ "name": "rolecall", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
        let run = json!({
            "tool": { "driver": driver },
            "invocations": [{
                "executionSuccessful": ending == Ending::Answered,
                "toolExecutionNotifications": self.notifications,
            }],
            "columnKind": "unicodeCodePoints",
            "results": self.results,
        });
        let document = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] });
        format!("{}\n", escape_json(&document.to_string()))
    }

    /// The place of a code among the rules of the document.
    fn rule_index(&mut self, code: Code) -> usize {
        let known = self.codes.iter().position(|known| *known == code);
        known.unwrap_or_else(|| {
            self.codes.push(code);
            self.codes.len() - 1
        })
    }
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.name(),
        "shortDescription": { "text": code.summary() },
        "help": { "text": page(code), "markdown": page(code) },
    })
}

fn result(diagnostic: &Diagnostic, rule: usize, sources: &Sources) -> Value {
    let (primary, others): (Vec<&Label>, Vec<&Label>) = diagnostic.labels.iter().partition(|label| label.primary);
    let mut result = json!({
        "ruleId": diagnostic.code.name(),
        "ruleIndex": rule,
        "level": severity_name(diagnostic.severity),
        "message": message(&in_words(diagnostic)),
        "locations": primary.iter().map(|label| location(label, sources)).collect::<Vec<_>>(),
    });
    if !others.is_empty() {
        result["relatedLocations"] = others.iter().map(|label| location(label, sources)).collect();
    }
    if let Some((help, edit)) = diagnostic.certain_edit() {
        result["fixes"] = json!([fix(help, edit, sources)]);
    }
    if let Some(place) = &diagnostic.data {
        result["properties"] = json!({ "relation": place.relation, "field": place.field, "path": place.path });
    }
    result
}

/// Braces are doubled, since single ones hold the numbers of arguments (3.11.5).
fn message(text: &str) -> Value {
    json!({ "text": text.replace('{', "{{").replace('}', "}}") })
}

fn location(label: &Label, sources: &Sources) -> Value {
    let source = sources.get(label.span.source);
    let mut location = json!({
        "physicalLocation": { "artifactLocation": artifact(source), "region": region(label.span, sources) },
    });
    if !label.text.is_empty() {
        location["message"] = message(&label.text);
    }
    location
}

/// Both as lines and columns, and as bytes; ends lie behind the last character (3.30).
fn region(span: Span, sources: &Sources) -> Value {
    let source = sources.get(span.source);
    let (from, to) = (source.line_column(span.start), source.line_column(span.end));
    let (start, end) = bytes_of_file(span, sources);
    json!({
        "startLine": from.line, "startColumn": from.column, "endLine": to.line, "endColumn": to.column,
        "byteOffset": start, "byteLength": end - start,
    })
}

fn fix(help: &str, edit: &Edit, sources: &Sources) -> Value {
    let replacement = json!({ "deletedRegion": region(edit.span, sources), "insertedContent": { "text": edit.text } });
    let artifact = artifact(sources.get(edit.span.source));
    json!({
        "description": message(help),
        "artifactChanges": [{ "artifactLocation": artifact, "replacements": [replacement] }],
    })
}

fn artifact(source: &Source) -> Value {
    match source.origin {
        Origin::BuiltIn => json!({ "uri": uri(&source.name), "uriBaseId": BUILT_IN }),
        Origin::Policy | Origin::Rules | Origin::Query | Origin::Data => json!({ "uri": uri(&source.name) }),
    }
}

/// The name of a file as a URI: relative as it was given, or absolute.
fn uri(name: &str) -> String {
    let mut uri = String::from(if name.starts_with('/') { "file://" } else { "" });
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            b'\\' if cfg!(windows) => uri.push('/'),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
