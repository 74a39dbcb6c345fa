//! How answers are told of which something is not there: with "some" in the place of what nothing binds.

use crate::compiler::program::{Field, Operator, RelationId, RuleId};
use crate::data::Value;
use crate::proof::View;

impl View<'_> {
    /// Where a rule stands.
    pub(in crate::explain) fn rule_place(&self, rule: RuleId) -> String {
        self.sources.file_and_line(self.program.rule(rule).span)
    }

    /// What a relation says of arguments, of which those that nothing binds are "some".
    pub(in crate::explain) fn says(&self, relation: RelationId, arguments: &[Option<Value>]) -> String {
        full_stop(&self.words.statement_of(relation, arguments, "some"))
    }

    /// As [`View::says`], within a sentence.
    pub(in crate::explain) fn says_within(&self, relation: RelationId, arguments: &[Option<Value>]) -> String {
        full_stop(&self.words.clause_of(relation, arguments, "some"))
    }

    /// A literal as it is written in rules.
    pub(in crate::explain) fn literal(&self, relation: RelationId, arguments: &[Option<Value>]) -> String {
        let relation = self.program.relation(relation);
        let show = |(value, field): (&Option<Value>, &Field)| {
            value.map_or("_".to_owned(), |value| self.database.show(self.program, field.ty, value))
        };
        let shown: Vec<String> = arguments.iter().zip(&relation.fields).map(show).collect();
        format!("{}({})", relation.name, shown.join(", "))
    }

    /// The explanation of a rule, or the rule itself.
    pub(in crate::explain) fn sentence(&self, rule: RuleId, bindings: &[Option<Value>]) -> String {
        let sentence = self.words.sentence_of(rule, bindings, "some");
        sentence.unwrap_or_else(|| self.program.rule(rule).id.clone())
    }
}

/// What a comparison asks for.
pub(in crate::explain) fn demand(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "would have to be",
        Operator::NotEqual => "would have to differ from",
        Operator::Less => "would have to be below",
        Operator::LessOrEqual => "would have to be at most",
        Operator::Greater => "would have to be above",
        Operator::GreaterOrEqual => "would have to be at least",
    }
}

/// A sentence that ends as one.
pub(in crate::explain) fn full_stop(sentence: &str) -> String {
    match sentence.ends_with(['.', '!', '?', '…']) {
        true => sentence.to_owned(),
        false => format!("{sentence}."),
    }
}
