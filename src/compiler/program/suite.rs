//! `test` blocks: facts for inputs and relations, and what must hold of them. Only `expect none` has variables, as a
//! query has; `table` checks `expect only`.

mod table;

use super::check::Checker;
use super::names::is_stored;
use super::scope::Scope;
use super::terms::Standing;
use super::{ConstantId, Expectation, Expected, Literal, RelationId, RelationKind, Term, Test};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::Span;
use crate::compiler::syntax::ast::{self, Name, TestStep};

impl Checker<'_> {
    /// Checks a test and keeps it.
    pub(super) fn check_test(&mut self, test: &ast::Test<'_>) {
        self.check_test_name(&test.name);
        if !test.steps.iter().any(|step| !matches!(step, TestStep::Fact(_))) {
            self.report(without_expect(test.name.span));
        }
        for name in variables(test) {
            self.report(not_ground(name));
        }
        let mut facts = Vec::new();
        let mut expectations = Vec::new();
        for step in &test.steps {
            let (expected, span) = match step {
                TestStep::Fact(atom) => {
                    facts.extend(self.test_fact(atom));
                    continue;
                }
                TestStep::Expect(literal, span) => (self.expectation(literal).map(Expected::Holds), *span),
                TestStep::ExpectNone(body, span) => (self.check_question(body).map(Expected::None), *span),
                TestStep::ExpectOnly(table) => (self.check_table(table).map(Expected::Only), table.span),
            };
            expectations.extend(expected.map(|expected| Expectation { expected, span }));
        }
        self.program.tests.push(Test { name: test.name.value.to_string(), facts, expectations, span: test.span });
    }

    fn check_test_name(&mut self, name: &ast::Text<'_>) {
        match self.test_names.get(name.value.as_ref()).copied() {
            Some(first) => self.report(duplicate_test(name, first)),
            None => {
                self.test_names.insert(name.value.to_string(), name.span);
            }
        }
    }

    fn test_fact(&mut self, atom: &ast::Atom<'_>) -> Option<(RelationId, Vec<ConstantId>, Span)> {
        let relation = self.resolve_atom(atom, Some(RelationKind::Relation), &[])?;
        let declared = self.program.relation(relation);
        if !is_stored(declared.kind) {
            let mistake = decision_fact(&declared.name, atom.relation.span, declared.span);
            self.report(mistake);
            return None;
        }
        if let Some(first) = self.aggregate_spans.get(&relation) {
            let mistake = aggregated_fact(&declared.name, atom.relation.span, *first);
            self.report(mistake);
            return None;
        }
        let lowered = self.lower_atom(atom, relation, Standing::Fact, &mut Scope::default())?;
        let values = lowered.terms.iter().filter_map(|term| match term {
            Term::Constant(value) => Some(*value),
            Term::Variable(_) | Term::Wildcard => None,
        });
        Some((relation, values.collect(), atom.span))
    }

    fn expectation(&mut self, literal: &ast::Literal<'_>) -> Option<Literal> {
        match literal {
            ast::Literal::Positive(atom) => self.expected_atom(atom).map(Literal::Positive),
            ast::Literal::Negative(atom, span) => {
                let expected = self.expected_atom(atom)?;
                Some(Literal::Negative(super::Atom { span: *span, ..expected }))
            }
            ast::Literal::Comparison { left, operator, right, span } => {
                let has_variable = [left, right].iter().any(|side| matches!(side, ast::Term::Variable(_)));
                if has_variable {
                    return None;
                }
                self.lower_comparison(left, *operator, right, *span, &mut Scope::default()).map(Literal::Comparison)
            }
        }
    }

    fn expected_atom(&mut self, atom: &ast::Atom<'_>) -> Option<super::Atom> {
        let relation = self.resolve_atom(atom, None, &[])?;
        let stored = is_stored(self.program.relation(relation).kind);
        let standing = if stored { Standing::ExpectedStored } else { Standing::ExpectedDecision };
        self.lower_atom(atom, relation, standing, &mut Scope::default())
    }
}

/// The first occurrence of each variable of a test.
fn variables<'a>(test: &ast::Test<'a>) -> Vec<Name<'a>> {
    let mut names: Vec<Name<'a>> = Vec::new();
    let terms = test.steps.iter().flat_map(|step| match step {
        TestStep::ExpectNone(..) => Vec::new(),
        TestStep::ExpectOnly(table) => {
            table.rows.iter().flat_map(|row| row.subjects.iter().chain(&row.things)).collect()
        }
        TestStep::Fact(atom) => atom.arguments.iter().collect(),
        TestStep::Expect(ast::Literal::Positive(atom) | ast::Literal::Negative(atom, _), _) => {
            atom.arguments.iter().collect()
        }
        TestStep::Expect(ast::Literal::Comparison { left, right, .. }, _) => vec![left, right],
    });
    for term in terms {
        if let ast::Term::Variable(name) = term
            && !names.iter().any(|known| known.text == name.text)
        {
            names.push(*name);
        }
    }
    names
}

fn duplicate_test(name: &ast::Text<'_>, first: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateTest, format!("two tests are called \"{}\"", name.value))
        .at(name.span, "again here")
        .label(first, "first here")
        .help("give each test a name of its own")
}

fn without_expect(span: Span) -> Diagnostic {
    Diagnostic::error(Code::TestWithoutExpect, "a test expects nothing")
        .at(span, "no `expect` in this test")
        .help("say what must hold, as in `expect …;` or `expect not …;`")
}

fn not_ground(name: Name<'_>) -> Diagnostic {
    Diagnostic::error(Code::TestNotGround, format!("the variable `{}` stands in a test", name.text))
        .at(name.span, "a value is needed here")
        .note("a test is about named things; only `expect none` has variables, and in what a test expects of inputs and relations, `_` stands for any value")
}

fn decision_fact(relation: &str, span: Span, declaration: Span) -> Diagnostic {
    Diagnostic::error(Code::DecisionFact, format!("a test can't state the decision `{relation}` as a fact"))
        .at(span, "a decision")
        .label(declaration, "declared as a decision here")
        .note("the facts of a test are for inputs and relations; decisions follow from them")
        .help(format!("to test the decision, write `expect {relation}(…);`"))
}

fn aggregated_fact(relation: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(Code::BadAggregate, format!("`{relation}` is aggregated, and this is a fact"))
        .at(span, "no facts of this relation")
        .label(first, "aggregated here")
        .help("state the facts that the aggregate folds")
}
