//! What a mistake is told with: a code, a message, labels on sources, notes and help.
//! Stages build these with named constructors of their own; `report` renders them.

use super::codes::Code;
use super::source::{Site, Sources, Span};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is evaluated.
    Error,
    /// The answer stands.
    Warning,
    /// Nothing is wrong; it is said because it was asked.
    Note,
}

/// A remark on a stretch of source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What it marks.
    pub span: Span,
    /// What it says there.
    pub text: String,
    /// Whether this is the mistake itself; exactly one label of a diagnostic is.
    pub primary: bool,
}

/// What to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// A sentence.
    pub message: String,
    /// The change that does it, where that can be told.
    pub edit: Option<Edit>,
}

/// A change of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What it takes away; empty where something is only put in.
    pub span: Span,
    /// What comes in its place.
    pub text: String,
    /// Whether nobody can have meant anything else: then `check --fix` makes the change. It removes the diagnostic and
    /// brings no other one, and it lets no rule say more than was written.
    pub certain: bool,
}

/// The place of a data mistake in terms of the facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataPlace {
    /// The relation of the fact.
    pub relation: Option<String>,
    /// The field.
    pub field: Option<String>,
    /// The JSON path, as `works_in[3].user`.
    pub path: Option<String>,
}

/// One mistake, reported once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// The stable name of the mistake.
    pub code: Code,
    /// A sentence that stands alone.
    pub message: String,
    /// Places, the primary one first. Empty only where there is no text to point to (a missing file).
    pub labels: Vec<Label>,
    /// Why the language or the policy has it so.
    pub notes: Vec<String>,
    /// Suggestions, one change each.
    pub help: Vec<Help>,
    /// For data: relation, field and path.
    pub data: Option<DataPlace>,
    /// The record of the data that a rule finds something at, or the file that has no text to point to.
    pub record: Option<Site>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Error, code, message.into())
    }

    /// A warning without a place yet.
    pub fn warning(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Warning, code, message.into())
    }

    /// A note without a place yet.
    pub fn remark(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Note, code, message.into())
    }

    fn new(severity: Severity, code: Code, message: String) -> Diagnostic {
        let (labels, notes, help) = (Vec::new(), Vec::new(), Vec::new());
        Diagnostic { severity, code, message, labels, notes, help, data: None, record: None }
    }

    /// Marks the mistake itself.
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.insert(0, Label { span, text: text.into(), primary: true });
        self
    }

    /// Marks where an expectation came from.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into(), primary: false });
        self
    }

    /// Names the place of what has no text to point to.
    pub fn found_in(self, site: Site) -> Diagnostic {
        Diagnostic { record: Some(site), ..self }
    }

    /// Adds a reason.
    pub fn note(mut self, text: impl Into<String>) -> Diagnostic {
        self.notes.push(text.into());
        self
    }

    /// Adds advice without a change to type.
    pub fn help(mut self, message: impl Into<String>) -> Diagnostic {
        self.help.push(Help { message: message.into(), edit: None });
        self
    }

    /// Adds advice with the text to type, which is for the author to decide.
    pub fn replace(self, message: impl Into<String>, span: Span, with: impl Into<String>) -> Diagnostic {
        self.edit(message.into(), Edit { span, text: with.into(), certain: false })
    }

    /// Adds advice with the text to type, which nobody needs to think about.
    pub fn fix(self, message: impl Into<String>, span: Span, with: impl Into<String>) -> Diagnostic {
        self.edit(message.into(), Edit { span, text: with.into(), certain: true })
    }

    fn edit(mut self, message: String, edit: Edit) -> Diagnostic {
        self.help.push(Help { message, edit: Some(edit) });
        self
    }

    /// Leaves every change to the author.
    pub fn doubt(&mut self) {
        self.help.iter_mut().filter_map(|help| help.edit.as_mut()).for_each(|edit| edit.certain = false);
    }

    /// The change that is certain, if one is, and the sentence that says it.
    pub fn certain_edit(&self) -> Option<(&str, &Edit)> {
        let edits = self.help.iter().filter_map(|help| Some((help.message.as_str(), help.edit.as_ref()?)));
        edits.into_iter().find(|(_, edit)| edit.certain)
    }

    /// One line for logs and build scripts: `file:line:column: error[code]: message`.
    pub fn summary(&self, sources: &Sources) -> String {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let rest = format!("{severity}[{}]: {}", self.code, self.message);
        match self.labels.first() {
            Some(label) => {
                let source = sources.get(label.span.source);
                let place = source.line_column(label.span.start);
                format!("{}:{}:{}: {rest}", source.name, place.line, place.column)
            }
            None => rest,
        }
    }
}

/// Whether any of them is an error.
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}
