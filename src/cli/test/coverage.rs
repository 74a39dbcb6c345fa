//! Which rules and literals no test needed, and the share that tests need.

use crate::cli::arguments::{Counted, Test};
use rolecall::compiler::program::{Literal, Program, Rule, RuleId};
use rolecall::compiler::source::{Origin, Sources, Span};
use rolecall::report::escape::escape;
use rolecall::suite::Coverage;

/// What is not covered, with its places, the counts, and the whole percents that are covered.
///
pub(super) fn told(coverage: &Coverage, program: &Program, sources: &Sources, command: &Test) -> (String, u32) {
    let mut text = String::new();
    let (mut rules, mut literals) = (Share::default(), Share::default());
    for (id, rule) in counted(program, command.coverage.unwrap_or_default()) {
        let covered = coverage.covered(id);
        let called = escape(&rule.id).into_owned();
        rules.count(covered.rule);
        if !covered.rule {
            text.push_str(&format!("not fired: {called}  {}\n", place(sources, rule.span)));
        }
        for (literal, is_needed) in rule.body.iter().zip(&covered.literals) {
            literals.count(*is_needed);
            if covered.rule && !is_needed {
                let span = span_of(literal);
                let said: Vec<&str> = sources.text(span).split_whitespace().collect();
                let said = escape(&said.join(" ")).into_owned();
                text.push_str(&format!("not needed: {called}  {}  {said}\n", place(sources, span)));
            }
        }
    }
    let percent = Share { covered: rules.covered + literals.covered, all: rules.all + literals.all }.percent();
    text.push_str(&format!(
        "coverage: {percent}%, {} of {} rules fired, {} of {} literals needed\n",
        rules.covered, rules.all, literals.covered, literals.all
    ));
    if let Some(least) = command.min_coverage.filter(|least| percent < *least) {
        text.push_str(&format!("coverage is less than the {least}% that are asked\n"));
    }
    (text, percent)
}

fn counted(program: &Program, counted: Counted) -> impl Iterator<Item = (RuleId, &Rule)> {
    // What was added for `permitted` is not written anywhere.
    let is_written = |rule: &Rule| rule.span != program.relation(rule.head.relation).span;
    let is_given = move |rule: &Rule| rule.origin != Origin::BuiltIn && is_written(rule);
    let given = counted == Counted::Given && program.rules.iter().any(is_given);
    let rules = program.rules.iter().enumerate().map(|(number, rule)| (RuleId(number as u32), rule));
    rules.filter(move |(_, rule)| if given { is_given(rule) } else { is_written(rule) })
}

#[derive(Default)]
struct Share {
    covered: usize,
    all: usize,
}

impl Share {
    fn count(&mut self, is_covered: bool) {
        self.all += 1;
        self.covered += usize::from(is_covered);
    }

    /// Whole percents; 100 only where all are covered.
    fn percent(&self) -> u32 {
        match self.all {
            0 => 100,
            all => (self.covered * 100 / all) as u32,
        }
    }
}

fn span_of(literal: &Literal) -> Span {
    match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => atom.span,
        Literal::Comparison(comparison) => comparison.span,
    }
}

fn place(sources: &Sources, span: Span) -> String {
    escape(&sources.file_and_line(span)).into_owned()
}
