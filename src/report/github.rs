//! One workflow command for each diagnostic, which GitHub shows beside the changed lines.
//! See <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>.

use super::escape::escape;
use super::{in_words, severity_name};
use crate::compiler::diagnostic::{Diagnostic, Severity};
use crate::compiler::source::Sources;

/// `::error file=…,line=…,endLine=…,col=…,endColumn=…,title=code::message`, with help and notes on further lines of
/// the message. Columns are told only on a single line: GitHub takes no others.
pub(super) fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut properties = Vec::new();
    if let Some(label) = diagnostic.labels.first() {
        let source = sources.get(label.span.source);
        let (from, to) = (source.line_column(label.span.start), source.line_column(label.span.end));
        properties.push(format!("file={}", property(&escape(&source.name))));
        properties.push(format!("line={},endLine={}", from.line, to.line));
        if from.line == to.line {
            properties.push(format!("col={},endColumn={}", from.column, to.column));
        }
    }
    properties.push(format!("title={}", diagnostic.code));
    // Lines are kept apart, so that only what stands inside of one is escaped.
    let lines: Vec<String> = in_words(diagnostic).lines().map(|line| data(&escape(line))).collect();
    let kind = match diagnostic.severity {
        Severity::Note => "notice",
        severity => severity_name(severity),
    };
    format!("::{kind} {}::{}\n", properties.join(","), lines.join("%0A"))
}

/// Text behind the `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
