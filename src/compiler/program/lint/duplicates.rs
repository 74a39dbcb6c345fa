//! Rules that are written twice, perhaps with other names for variables or the literals in another order.

use rustc_hash::FxHashMap;

use super::super::Rule;
use super::Lint;
use super::normal::NormalRule;
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::Span;

impl Lint<'_> {
    /// By rule: the place of the first one that says the same, where there is one before it.
    pub fn duplicates(&self, rules: &[NormalRule]) -> Vec<Option<usize>> {
        let mut first: FxHashMap<NormalRule, usize> = FxHashMap::default();
        let places = rules.iter().enumerate().map(|(place, rule)| *first.entry(rule.canonical()).or_insert(place));
        places.enumerate().map(|(place, first)| (first != place).then_some(first)).collect()
    }

    /// A warning for each rule that says the same as one before it.
    pub fn duplicate_rules(&self, duplicates: &[Option<usize>]) -> Vec<Diagnostic> {
        let pairs = self.program.rules.iter().zip(duplicates).filter_map(|(rule, first)| Some((rule, (*first)?)));
        let told = pairs.filter(|(rule, _)| self.is_told_about(rule.span));
        told.map(|(rule, first)| self.duplicate(rule, &self.program.rules[first])).collect()
    }

    fn duplicate(&self, rule: &Rule, first: &Rule) -> Diagnostic {
        let warning =
            Diagnostic::warning(Code::DuplicateRule, format!("this rule says the same as {}", self.name(first)))
                .at(rule.head.span, "again here")
                .label(first.head.span, "first here")
                .note("names of variables and the order of literals make no difference");
        match self.lines_of_its_own(rule).filter(|_| !rule.named && rule.explanation.is_empty()) {
            Some(lines) => warning.fix("leave it out: the first one decides", lines, ""),
            None => warning.help("leave one of them out"),
        }
    }

    /// The lines of a rule, if nothing else stands on them and no comment above tells about it.
    fn lines_of_its_own(&self, rule: &Rule) -> Option<Span> {
        let text = self.sources.get(rule.span.source).text.as_str();
        let (before, after) = (&text[..rule.span.start as usize], &text[rule.span.end as usize..]);
        let start = before.rfind('\n').map_or(0, |line_end| line_end + 1);
        let end = after.find('\n').map_or(after.len(), |line_end| line_end + 1);
        let above = before[..start].lines().next_back().unwrap_or_default().trim();
        let is_alone = before[start..].trim().is_empty() && after[..end].trim().is_empty();
        let is_told = above.starts_with("//") || above.ends_with("*/");
        let lines = Span { start: start as u32, end: rule.span.end + end as u32, ..rule.span };
        (is_alone && !is_told).then_some(lines)
    }
}
