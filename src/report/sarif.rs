//! A SARIF 2.1.0 document for a run, as code scanning reads it: the codes that occur as rules with their pages, each
//! diagnostic as a result with its places and the change that is certain, and what else the run said as notifications;
//! or rules of the policy, and what they found in the data. Built-in files are never the place of a result.
//! See <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>; sections are named where they decide.

use serde_json::{Value, json};

use super::escape::escape_json;
use super::pages::page;
use super::{bytes_of_file, in_source_order, in_words, severity_name};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::{Diagnostic, Edit, Label, Severity};
use crate::compiler::source::{Origin, Site, Sources, Span, Spot};

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
    /// The ids of the rules.
    ids: Vec<String>,
    rules: Vec<Value>,
    results: Vec<Value>,
    notifications: Vec<Value>,
}

/// A rule of the policy that finds something.
#[derive(Debug)]
pub struct Finder<'f> {
    /// Its id.
    pub id: &'f str,
    /// What it says, in one sentence.
    pub sentence: &'f str,
    /// The rule as it is written.
    pub text: &'f str,
    /// What else is to be known of it.
    pub properties: Value,
}

/// What it found once.
#[derive(Debug)]
pub struct Found<'f> {
    /// How bad it is.
    pub severity: Severity,
    /// What it says here.
    pub sentence: &'f str,
    /// The record that it begins at.
    pub site: Option<&'f Site>,
    /// What else is to be known of it.
    pub properties: Value,
}

impl Log {
    /// Adds diagnostics, in source order among themselves.
    pub fn add(&mut self, diagnostics: &[Diagnostic], sources: &Sources) {
        for diagnostic in in_source_order(diagnostics, sources) {
            let rule = self.rule(diagnostic.code.name(), || rule(diagnostic.code));
            self.results.push(diagnosed(diagnostic, rule, sources));
        }
    }

    /// Adds what a rule of the policy found.
    pub fn find(&mut self, finder: &Finder, found: Found) {
        let index = self.rule(finder.id, || {
            json!({
                "id": finder.id,
                "shortDescription": { "text": finder.sentence },
                "help": { "text": finder.text },
                "properties": finder.properties,
            })
        });
        let places = found.site.and_then(place).into_iter().collect();
        let mut result = result(finder.id, index, found.severity, found.sentence, places);
        result["properties"] = found.properties;
        self.results.push(result);
    }

    /// Adds a line that is about the run and not about rules or data: an error, or a note.
    pub fn notify(&mut self, is_error: bool, line: &str) {
        let level = if is_error { "error" } else { "note" };
        self.notifications.push(json!({ "level": level, "message": message(line) }));
    }

    /// The document, which ends with a line end; also of a run without results.
    pub fn document(&self, ending: Ending) -> String {
        let driver = json!({ "name": "rolecall", "version": env!("CARGO_PKG_VERSION"), "rules": self.rules });
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

    /// The number of a rule in the document, of which it becomes one.
    fn rule(&mut self, id: &str, rule: impl FnOnce() -> Value) -> usize {
        let known = self.ids.iter().position(|known| known == id);
        known.unwrap_or_else(|| {
            self.ids.push(id.to_owned());
            self.rules.push(rule());
            self.ids.len() - 1
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

fn diagnosed(diagnostic: &Diagnostic, rule: usize, sources: &Sources) -> Value {
    let is_place = |label: &&Label| label.primary && sources.get(label.span.source).origin != Origin::BuiltIn;
    let (primary, others): (Vec<&Label>, Vec<&Label>) = diagnostic.labels.iter().partition(is_place);
    let mut places: Vec<Value> = primary.iter().map(|label| location(label, sources)).collect();
    if places.is_empty() {
        places.extend(diagnostic.record.as_ref().and_then(place));
    }
    let mut result = result(diagnostic.code.name(), rule, diagnostic.severity, &in_words(diagnostic), places);
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

fn result(id: &str, rule: usize, severity: Severity, text: &str, places: Vec<Value>) -> Value {
    json!({
        "ruleId": id,
        "ruleIndex": rule,
        "level": severity_name(severity),
        "message": message(text),
        "locations": places,
    })
}

/// Braces are doubled, since single ones hold the numbers of arguments (3.11.5).
fn message(text: &str) -> Value {
    json!({ "text": text.replace('{', "{{").replace('}', "}}") })
}

fn location(label: &Label, sources: &Sources) -> Value {
    let source = sources.get(label.span.source);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": artifact(&source.name, source.origin),
            "region": region(label.span, sources),
        },
    });
    if !label.text.is_empty() {
        location["message"] = message(&label.text);
    }
    location
}

/// A file of the author, and what is known of the place in it: a line, or a path, which is no region of the text.
fn place(site: &Site) -> Option<Value> {
    let artifact = artifact(&site.file, site.origin);
    match &site.at {
        _ if site.origin == Origin::BuiltIn => None,
        Spot::Whole => Some(json!({ "physicalLocation": { "artifactLocation": artifact } })),
        Spot::Line(line) => {
            Some(json!({ "physicalLocation": { "artifactLocation": artifact, "region": { "startLine": line } } }))
        }
        Spot::Path(path) => Some(json!({
            "physicalLocation": { "artifactLocation": artifact },
            "logicalLocations": [{ "fullyQualifiedName": path }],
        })),
    }
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
    let source = sources.get(edit.span.source);
    let artifact = artifact(&source.name, source.origin);
    json!({
        "description": message(help),
        "artifactChanges": [{ "artifactLocation": artifact, "replacements": [replacement] }],
    })
}

fn artifact(name: &str, origin: Origin) -> Value {
    match origin {
        Origin::BuiltIn => json!({ "uri": uri(name), "uriBaseId": BUILT_IN }),
        Origin::Policy | Origin::Rules | Origin::Query | Origin::Data => json!({ "uri": uri(name) }),
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
