//! The trees of all files to one checked program. The steps, in order: declarations, the outcome, aggregates,
//! then each rule, fact and test by itself, and at last what depends on what.

use rustc_hash::{FxHashMap, FxHashSet};

use super::names::Names;
use super::outcome::Outcome;
use super::scope::Scope;
use super::{Program, Query, RelationId, Type};
use crate::compiler::diagnostic::{Diagnostic, any_error};
use crate::compiler::source::{SourceId, Sources, Span};
use crate::compiler::syntax::ast;

/// Checks the files together; they come in decision order. What was understood of them, which is a program where neither
/// they nor their syntax have an error, and all mistakes of all files in source order.
///
/// Nothing is said about unknown names whose declarations may be lost in a statement with a syntax error.
pub(in crate::compiler) fn check(sources: &Sources, files: &[(SourceId, ast::File<'_>)]) -> (Program, Vec<Diagnostic>) {
    let mut checker = Checker::new(sources, Program::default(), Names::built_in());
    for (_, file) in files {
        checker.lost_names.extend(file.lost.names.iter().map(|name| (*name).to_owned()));
        checker.is_lost_unknown |= file.lost.is_unknown;
    }
    let statements = || files.iter().flat_map(|(_, file)| &file.statements);
    checker.declare(statements());
    checker.find_outcome();
    checker.find_aggregates(statements());
    for statement in statements() {
        match statement {
            ast::Statement::Clause(clause) => checker.check_clause(clause),
            ast::Statement::Test(test) => checker.check_test(test),
            ast::Statement::Entity(_)
            | ast::Statement::Enum(_)
            | ast::Statement::Action(_)
            | ast::Statement::Relation(_) => {}
        }
    }
    checker.add_outcome_rule();
    checker.stratify();
    checker.check_decisions();
    let diagnostics = in_source_order(checker.diagnostics);
    (checker.program, diagnostics)
}

/// Checks a question to a program. What it names is added to the program's constants.
pub fn check_query(
    program: &mut Program,
    sources: &Sources,
    body: &[ast::Literal<'_>],
) -> (Option<Query>, Vec<Diagnostic>) {
    let names = Names::of(program);
    let mut checker = Checker::new(sources, std::mem::take(program), names);
    let query = checker.check_question(body);
    let diagnostics = in_source_order(checker.diagnostics);
    *program = checker.program;
    (query.filter(|_| !any_error(&diagnostics)), diagnostics)
}

fn in_source_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| (label.span.source, label.span.start)));
    diagnostics
}

/// The state of a check.
pub(super) struct Checker<'s> {
    pub sources: &'s Sources,
    pub program: Program,
    pub names: Names,
    /// The decisions that tell the outcome, where the program has them.
    pub outcome: Option<Outcome>,
    pub diagnostics: Vec<Diagnostic>,
    /// Names whose declarations may be lost in a statement with a syntax error: it is no mistake to use them.
    lost_names: FxHashSet<String>,
    /// Whether a declaration is lost with its name, so that every unknown name may be no mistake.
    is_lost_unknown: bool,
    /// Rule ids and where they are given.
    pub rule_ids: FxHashMap<String, Span>,
    /// Test names and where they are given.
    pub test_names: FxHashMap<String, Span>,
    /// The first rule of each aggregated relation.
    pub aggregate_spans: FxHashMap<RelationId, Span>,
    /// For each type the stored relations that could bind it; made when a first mistake needs them.
    pub binders: Option<FxHashMap<Type, Vec<(RelationId, usize)>>>,
}

impl<'s> Checker<'s> {
    fn new(sources: &'s Sources, program: Program, names: Names) -> Checker<'s> {
        Checker {
            sources,
            program,
            names,
            outcome: None,
            diagnostics: Vec::new(),
            lost_names: FxHashSet::default(),
            is_lost_unknown: false,
            rule_ids: FxHashMap::default(),
            test_names: FxHashMap::default(),
            aggregate_spans: FxHashMap::default(),
            binders: None,
        }
    }

    /// Keeps a mistake.
    pub fn report(&mut self, mistake: Diagnostic) {
        self.diagnostics.push(mistake);
    }

    /// Keeps a mistake about an unknown name, unless its declaration may be lost.
    pub fn report_unknown(&mut self, name: &str, mistake: impl FnOnce(&Self) -> Diagnostic) {
        if !self.is_lost_unknown && !self.lost_names.contains(name) {
            let mistake = mistake(self);
            self.diagnostics.push(mistake);
        }
    }

    /// As [`Checker::report_unknown`], for a value: its name stands in the declaration of its enum, which has another.
    pub fn report_unknown_value(&mut self, name: &str, mistake: impl FnOnce(&Self) -> Diagnostic) {
        if self.lost_names.is_empty() {
            self.report_unknown(name, mistake);
        }
    }

    /// A question without a head: a query, or what a test expects to have no answers.
    pub(super) fn check_question(&mut self, literals: &[ast::Literal<'_>]) -> Option<Query> {
        let (first, last) = (literals.first()?.span(), literals.last()?.span());
        if !self.check_length(literals, first.to(last)) {
            return None;
        }
        let mut scope = Scope::default();
        let body = self.resolve_body(literals, &mut scope, None);
        self.infer_types(&mut scope, None, &body);
        let lowered = self.lower_body(&mut scope, &body, None);
        self.check_query_safety(&mut scope, &body);
        Some(Query { body: lowered, variables: scope.finish() })
    }
}
