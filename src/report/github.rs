//! One workflow command for each diagnostic, which GitHub shows beside the changed lines.
//! See <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>.

use super::escape::escape;
use super::{in_words, severity_name};
use crate::compiler::diagnostic::{Diagnostic, Severity};
use crate::compiler::source::{Origin, Sources, Span, Spot};

/// `::error file=…,line=…,endLine=…,col=…,endColumn=…,title=code::message`, with help and notes on further lines of
/// the message.
pub(super) fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut properties = place(diagnostic, sources);
    properties.push(format!("title={}", diagnostic.code));
    // Lines are kept apart, so that only what stands inside of one is escaped.
    let lines: Vec<String> = in_words(diagnostic).lines().map(|line| data(&escape(line))).collect();
    let kind = match diagnostic.severity {
        Severity::Note => "notice",
        severity => severity_name(severity),
    };
    format!("::{kind} {}::{}\n", properties.join(","), lines.join("%0A"))
}

/// Columns are told only on a single line: GitHub takes no others. A built-in file is none of the author's; what one
/// of its rules finds stands at the record of the data, of which the line is known or only the file.
fn place(diagnostic: &Diagnostic, sources: &Sources) -> Vec<String> {
    let file = |name: &str| format!("file={}", property(&escape(name)));
    let is_built_in = |span: Span| sources.get(span.source).origin == Origin::BuiltIn;
    match (diagnostic.labels.first().filter(|label| !is_built_in(label.span)), &diagnostic.record) {
        (Some(label), _) => {
            let source = sources.get(label.span.source);
            let (from, to) = (source.line_column(label.span.start), source.line_column(label.span.end));
            let lines = format!("line={},endLine={}", from.line, to.line);
            let columns = (from.line == to.line).then(|| format!("col={},endColumn={}", from.column, to.column));
            [Some(file(&source.name)), Some(lines), columns].into_iter().flatten().collect()
        }
        (None, Some(site)) if site.origin != Origin::BuiltIn => match site.at {
            Spot::Line(line) => vec![file(&site.file), format!("line={line}")],
            Spot::Whole | Spot::Path(_) => vec![file(&site.file)],
        },
        (None, _) => Vec::new(),
    }
}

/// Text behind the `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
