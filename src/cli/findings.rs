//! What the rules of `reported` find in the data: a warning for each rule, with a count and samples.

use std::ops::ControlFlow;

use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::program::vocabulary::REPORTED;
use crate::compiler::program::{ExplanationPart, Program, Query, Rule};
use crate::data::{Database, Value};
use crate::decision::{Decider, Solver};
use crate::engine::{Derivation, EngineError, derive};

/// How many samples a finding shows.
const SAMPLES: usize = 3;

/// A warning for each rule of `reported` that finds something.
pub fn find(program: &Program, database: Database, how: &Derivation) -> Result<Vec<Diagnostic>, EngineError> {
    let Some(reported) = program.relation_named(REPORTED) else { return Ok(Vec::new()) };
    let how = Derivation { wanted: Some(vec![reported]), ..how.clone() };
    let mut decider = Decider::new(derive(program, database, &how, None)?);
    let mut findings = Vec::new();
    for rule in program.rules.iter().filter(|rule| rule.head.relation == reported) {
        let query = Query { body: rule.body.clone(), variables: rule.variables.clone() };
        let plan = decider.prepare_query(&query);
        let mut rows: Vec<Vec<Value>> = Vec::new();
        Solver::new(&decider).answers_to(&plan, |row| {
            rows.push(row.to_vec());
            ControlFlow::Continue(())
        });
        let database = &decider.model().database;
        let mut sentences: Vec<String> = rows.iter().map(|row| sentence(program, database, rule, row)).collect();
        sentences.sort();
        sentences.dedup();
        findings.extend(warning(rule, &sentences));
    }
    Ok(findings)
}

fn warning(rule: &Rule, sentences: &[String]) -> Option<Diagnostic> {
    let (first, others) = sentences.split_first()?;
    let mut warning =
        Diagnostic::warning(Code::Reported, first.clone()).at(rule.span, format!("reported by `{}`", rule.id));
    for sentence in others.iter().take(SAMPLES - 1) {
        warning = warning.note(format!("also: {sentence}"));
    }
    match others.len().saturating_sub(SAMPLES - 1) {
        0 => Some(warning),
        more => Some(warning.note(format!("and {more} more"))),
    }
}

/// The rule's explanation with the values of one of its instances.
fn sentence(program: &Program, database: &Database, rule: &Rule, row: &[Value]) -> String {
    let part = |part: &ExplanationPart| match part {
        ExplanationPart::Words(words) => words.clone(),
        ExplanationPart::Variable(variable) => {
            let ty = rule.variables[variable.index()].ty;
            database.show(program, ty, row[variable.index()])
        }
    };
    rule.explanation.iter().map(part).collect()
}
