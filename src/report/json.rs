//! One JSON object for each diagnostic, for programs. Offsets are bytes of the file; lines and columns count from 1,
//! columns in characters.

use serde::Serialize;

use super::escape::escape_json;
use super::{bytes_of_file, severity_name};
use crate::compiler::diagnostic::{DataPlace, Diagnostic, Help, Label};
use crate::compiler::source::{LineColumn, Origin, Site, Sources, Spot};

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    spans: Vec<JsonSpan<'a>>,
    notes: &'a [String],
    help: Vec<JsonHelp<'a>>,
    #[serde(flatten)]
    data: Option<JsonData<'a>>,
}

#[derive(Serialize)]
struct JsonSpan<'a> {
    file: &'a str,
    start: u64,
    end: u64,
    line: u32,
    column: u32,
    label: &'a str,
    primary: bool,
}

/// Without a replacement the place is null too. What is certain says so, what is not does not.
#[derive(Serialize)]
struct JsonHelp<'a> {
    message: &'a str,
    replacement: Option<&'a str>,
    file: Option<&'a str>,
    start: Option<u64>,
    end: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    certain: bool,
}

#[derive(Serialize)]
struct JsonData<'a> {
    relation: Option<&'a str>,
    field: Option<&'a str>,
    path: Option<&'a str>,
}

/// The object on a line of its own.
pub(super) fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let spans: Vec<JsonSpan<'_>> = diagnostic.labels.iter().map(|label| json_span(label, sources)).collect();
    // What a rule of the policy finds stands at the record of the data.
    let is_built_in = |label: &Label| sources.get(label.span.source).origin == Origin::BuiltIn;
    let site = diagnostic.record.as_ref().filter(|_| diagnostic.labels.first().is_none_or(is_built_in));
    let first = spans.first().filter(|_| site.is_none());
    let object = JsonDiagnostic {
        code: diagnostic.code.name(),
        severity: severity_name(diagnostic.severity),
        message: &diagnostic.message,
        file: first.map(|span| span.file).or(site.map(|site| site.file.as_str())),
        line: first.map(|span| span.line).or(site.and_then(line)),
        column: first.map(|span| span.column),
        notes: &diagnostic.notes,
        help: diagnostic.help.iter().map(|help| json_help(help, sources)).collect(),
        data: diagnostic.data.as_ref().map(json_data),
        spans,
    };
    // Strings, numbers and lists always have a JSON form.
    let line = serde_json::to_string(&object).unwrap_or_default();
    format!("{}\n", escape_json(&line))
}

fn line(site: &Site) -> Option<u32> {
    match site.at {
        Spot::Line(line) => Some(line),
        Spot::Whole | Spot::Path(_) => None,
    }
}

fn json_span<'a>(label: &'a Label, sources: &'a Sources) -> JsonSpan<'a> {
    let source = sources.get(label.span.source);
    let LineColumn { line, column } = source.line_column(label.span.start);
    let (start, end) = bytes_of_file(label.span, sources);
    JsonSpan { file: &source.name, start, end, line, column, label: &label.text, primary: label.primary }
}

fn json_help<'a>(help: &'a Help, sources: &'a Sources) -> JsonHelp<'a> {
    let message = help.message.as_str();
    let Some(edit) = &help.edit else {
        return JsonHelp { message, replacement: None, file: None, start: None, end: None, certain: false };
    };
    let (start, end) = bytes_of_file(edit.span, sources);
    JsonHelp {
        message,
        replacement: Some(&edit.text),
        file: Some(&sources.get(edit.span.source).name),
        start: Some(start),
        end: Some(end),
        certain: edit.certain,
    }
}

fn json_data(place: &DataPlace) -> JsonData<'_> {
    JsonData { relation: place.relation.as_deref(), field: place.field.as_deref(), path: place.path.as_deref() }
}
