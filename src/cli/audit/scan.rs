//! Findings as a SARIF document: a rule for each that finds something, and a result for each of its instances, at the
//! record that it begins at.

use serde_json::{Map, Value, json};

use super::Report;
use crate::cli::findings::{Sample, Told};
use rolecall::compiler::diagnostic::Severity;
use rolecall::compiler::program::{ExplanationPart, Rule};
use rolecall::compiler::source::{Origin, Sources};
use rolecall::report::sarif::{Ending, Finder, Found, Log};

impl Report<'_> {
    /// The document.
    pub(super) fn sarif(&self) -> String {
        let mut log = Log::default();
        for told in self.found {
            let rule = self.program.rule(told.rule);
            let (id, place) = self.rule(told);
            let finder = Finder {
                id,
                sentence: &sentence(rule),
                text: self.sources.text(rule.span),
                properties: json!({ "item": item(rule, self.sources), "place": place }),
            };
            for sample in &told.samples {
                let severity = self.severity(told);
                let (sentence, site) = (sample.sentence.as_str(), sample.site.as_ref());
                let properties = self.properties(told, sample);
                log.find(&finder, Found { severity, sentence, site, properties });
            }
        }
        log.document(Ending::Answered)
    }

    /// The gravest is an error, the least a note, and what lies between a warning.
    fn severity(&self, told: &Told) -> Severity {
        match told.severity.unwrap_or(0) as usize {
            0 => Severity::Note,
            place if place + 1 == self.severities.names.len() => Severity::Error,
            _ => Severity::Warning,
        }
    }

    fn properties(&self, told: &Told, sample: &Sample) -> Value {
        let mut properties = Map::new();
        properties.insert("severity".to_owned(), json!(self.severities.name(told.severity)));
        properties.insert("thing".to_owned(), json!(sample.thing));
        properties.insert("things".to_owned(), json!(told.things));
        properties.insert("count".to_owned(), json!(told.count));
        properties.insert("complete".to_owned(), json!(!told.more));
        if let Some(request) = &sample.why {
            let [subject, action, resource] = request;
            let why = json!({
                "subject": subject, "action": action, "resource": resource, "command": self.again.why(request),
            });
            properties.insert("why".to_owned(), why);
        }
        Value::Object(properties)
    }
}

/// The explanation of a rule with the names of its variables; its id where it has none.
fn sentence(rule: &Rule) -> String {
    let part = |part: &ExplanationPart| match part {
        ExplanationPart::Words(words) => words.clone(),
        ExplanationPart::Variable(variable) => rule.variables[variable.index()].name.clone(),
    };
    match rule.explanation.is_empty() {
        true => rule.id.clone(),
        false => rule.explanation.iter().map(part).collect(),
    }
}

/// The item of the policy that a built-in rule says, which the comment above it names.
fn item<'s>(rule: &Rule, sources: &'s Sources) -> Option<&'s str> {
    let source = sources.get(rule.span.source);
    let above = source.text.get(..rule.span.start as usize).filter(|_| source.origin == Origin::BuiltIn)?;
    let mut lines = above.lines().rev();
    lines.find(|line| !line.starts_with("///") && !line.starts_with('@'))?.strip_prefix("// ")
}
