//! What is needed to tell an answer: the names of things, and where facts and rules stand.

use crate::compiler::program::{Operator, Program, RelationId, RuleId};
use crate::compiler::source::Sources;
use crate::data::{Database, FactOrigin, Value};
use crate::proof::Words;

/// The words and places of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'v> {
    /// The rules.
    pub program: &'v Program,
    /// The facts.
    pub database: &'v Database,
    /// The texts of the rules.
    pub sources: &'v Sources,
    /// Values as they are shown.
    pub words: &'v Words<'v>,
}

impl Telling<'_> {
    /// Where a fact stands.
    pub fn place(&self, relation: RelationId, origin: FactOrigin) -> String {
        match origin {
            FactOrigin::Record(file, record) => {
                let file = self.database.file_name(file);
                let plain = [".gz", ".zst"].iter().find_map(|end| file.strip_suffix(end)).unwrap_or(file);
                match plain.ends_with(".json") {
                    true => format!("{file} {}[{record}]", self.program.relation(relation).name),
                    false => format!("{file}:{record}"),
                }
            }
            FactOrigin::Stated(span) => self.sources.file_and_line(span),
            FactOrigin::Derived => self.program.relation(relation).name.clone(),
        }
    }

    /// Where a rule stands.
    pub fn rule_place(&self, rule: RuleId) -> String {
        self.sources.file_and_line(self.program.rule(rule).span)
    }

    /// What a relation says of arguments, of which those that nothing binds are "some".
    pub fn statement(&self, relation: RelationId, arguments: &[Option<Value>]) -> String {
        full_stop(&self.words.statement_of(relation, arguments, "some"))
    }

    /// A literal as it is written in rules.
    pub fn literal(&self, relation: RelationId, arguments: &[Option<Value>]) -> String {
        let relation = self.program.relation(relation);
        let show = |(value, field): (&Option<Value>, &crate::compiler::program::Field)| {
            value.map_or("_".to_owned(), |value| self.database.show(self.program, field.ty, value))
        };
        let shown: Vec<String> = arguments.iter().zip(&relation.fields).map(show).collect();
        format!("{}({})", relation.name, shown.join(", "))
    }

    /// The explanation of a rule, or the rule itself.
    pub fn sentence(&self, rule: RuleId, bindings: &[Option<Value>]) -> String {
        let sentence = self.words.sentence_of(rule, bindings, "some");
        sentence.unwrap_or_else(|| self.program.rule(rule).id.clone())
    }
}

/// What a comparison asks for.
pub fn demand(operator: Operator) -> &'static str {
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
pub fn full_stop(sentence: &str) -> String {
    match sentence.ends_with(['.', '!', '?', '…']) {
        true => sentence.to_owned(),
        false => format!("{sentence}."),
    }
}
