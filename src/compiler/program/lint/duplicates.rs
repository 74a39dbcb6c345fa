//! Rules that are written twice, perhaps with other names for variables or the literals in another order.

use rustc_hash::FxHashMap;

use super::super::Rule;
use super::Lint;
use super::normal::NormalRule;
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;

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
        Diagnostic::warning(Code::DuplicateRule, format!("this rule says the same as {}", self.name(first)))
            .at(rule.head.span, "again here")
            .label(first.head.span, "first here")
            .note("names of variables and the order of literals make no difference")
            .help("leave one of them out")
    }
}
