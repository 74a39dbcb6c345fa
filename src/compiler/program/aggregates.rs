//! Relations whose rules fold a group: the same function in the same place of every rule, and nothing else.

use super::check::Checker;
use super::resolve::kind_word;
use super::scope::Scope;
use super::{Aggregate, AggregateFunction, RelationId, RelationKind, Type};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::Span;
use crate::compiler::syntax::ast::{self, Statement, Term};

impl Checker<'_> {
    /// Marks every relation that a rule aggregates, by the first such rule.
    pub(super) fn find_aggregates<'t, 'a: 't>(&mut self, statements: impl Iterator<Item = &'t Statement<'a>>) {
        for statement in statements {
            let Statement::Clause(clause) = statement else { continue };
            let Some((place, function, span)) = folds(&clause.head).next() else { continue };
            let Some(&relation) = self.names.relations.get(clause.head.relation.text) else { continue };
            let declared = &mut self.program.relations[relation.index()];
            let fits = declared.kind == RelationKind::Relation && declared.arity() == clause.head.arguments.len();
            if fits && !clause.body.is_empty() && declared.aggregate.is_none() {
                declared.aggregate = Some(Aggregate { function, place });
                self.aggregate_spans.insert(relation, span);
            }
        }
    }

    /// Checks the aggregate of a head, or that it needs none; a mistake has been reported where this is an error.
    pub(super) fn check_aggregate_head<'a>(
        &mut self,
        clause: &ast::Clause<'a>,
        relation: RelationId,
        scope: Option<&mut Scope<'a>>,
    ) -> Result<(), ()> {
        let mut found = folds(&clause.head);
        let (first, second) = (found.next(), found.next());
        let mistake = match (first, second) {
            (None, _) => self.missing_fold(clause, relation),
            (Some((.., first)), Some((.., second))) => Some(two_folds(first, second)),
            (Some(fold), None) => self.bad_fold(clause, relation, fold, scope),
        };
        match mistake {
            Some(mistake) => {
                self.report(mistake);
                Err(())
            }
            None => Ok(()),
        }
    }

    fn missing_fold(&self, clause: &ast::Clause<'_>, relation: RelationId) -> Option<Diagnostic> {
        let first = self.aggregate_spans.get(&relation)?;
        let what = if clause.body.is_empty() { "a fact" } else { "a rule without an aggregate" };
        Some(plain_head(&self.program.relation(relation).name, what, clause.head.span, *first))
    }

    fn bad_fold<'a>(
        &self,
        clause: &ast::Clause<'a>,
        relation: RelationId,
        (place, function, span): (usize, AggregateFunction, Span),
        scope: Option<&mut Scope<'a>>,
    ) -> Option<Diagnostic> {
        let declared = self.program.relation(relation);
        if declared.kind != RelationKind::Relation {
            return Some(fold_in_kind(&declared.name, declared.kind, span, declared.span));
        }
        let Some(scope) = scope else { return Some(fold_in_fact(span)) };
        let Term::Aggregate(_, inner, _) = &clause.head.arguments[place] else { return None };
        let Term::Variable(name) = inner.as_ref() else { return Some(fold_of_value(function, inner.span())) };
        if let (Some(first), Some(known)) = (self.aggregate_spans.get(&relation), declared.aggregate)
            && known != (Aggregate { function, place })
        {
            return Some(other_fold(&declared.name, known.function == function, span, *first));
        }
        if function == AggregateFunction::Count {
            let ty = self.names.places(relation).types[place]?;
            let field = &declared.fields[place].name;
            let holds = self.describe(ty);
            return (ty != Type::Int).then(|| count_into(&holds, field, &declared.name, span, declared.span));
        }
        let variable = scope.find(name.text)?;
        let ty = scope.type_of(variable)?.ty;
        (!self.is_ordered(ty)).then(|| fold_without_order(function, &self.describe(ty), span))
    }
}

/// The aggregates of a head: place, function and span.
fn folds<'t>(head: &'t ast::Atom<'_>) -> impl Iterator<Item = (usize, AggregateFunction, Span)> + 't {
    head.arguments.iter().enumerate().filter_map(|(place, term)| match term {
        Term::Aggregate(function, _, span) => Some((place, *function, *span)),
        _ => None,
    })
}

fn word(function: AggregateFunction) -> &'static str {
    match function {
        AggregateFunction::Max => "max",
        AggregateFunction::Min => "min",
        AggregateFunction::Count => "count",
    }
}

fn bad_aggregate(message: String, span: Span, label: &str) -> Diagnostic {
    Diagnostic::error(Code::BadAggregate, message).at(span, label)
}

fn two_folds(first: Span, second: Span) -> Diagnostic {
    bad_aggregate("a head has two aggregates".to_string(), second, "the second one")
        .label(first, "the first one")
        .help("derive two relations, one for each")
}

fn plain_head(relation: &str, what: &str, span: Span, first: Span) -> Diagnostic {
    bad_aggregate(format!("`{relation}` is aggregated, and this is {what}"), span, "no aggregate here")
        .label(first, "aggregated here")
        .note("all rules of an aggregated relation use the same aggregate, and it takes no facts")
        .help(format!("derive a second relation by this, and let the aggregate of `{relation}` read that one"))
}

fn fold_in_kind(relation: &str, kind: RelationKind, span: Span, declaration: Span) -> Diagnostic {
    let kind = kind_word(kind);
    let article = if kind == "input" { "an" } else { "a" };
    bad_aggregate(format!("`{relation}` is {article} {kind}, which can't be aggregated"), span, "an aggregate")
        .label(declaration, format!("declared as {article} {kind} here"))
        .note("only what is declared as a `relation` aggregates")
}

fn fold_in_fact(span: Span) -> Diagnostic {
    bad_aggregate("a fact can't have an aggregate".to_string(), span, "nothing to fold")
        .help("write a rule: the body after `if` says what is folded")
}

fn fold_of_value(function: AggregateFunction, span: Span) -> Diagnostic {
    bad_aggregate(format!("`{}` folds a variable, and this is none", word(function)), span, "not a variable")
        .note("the variable's values in the body, for each group, are what is folded")
}

fn other_fold(relation: &str, same_function: bool, span: Span, first: Span) -> Diagnostic {
    let difference = if same_function { "in another place" } else { "by another function" };
    bad_aggregate(format!("`{relation}` is aggregated {difference} than by its other rules"), span, "differs")
        .label(first, "first aggregated here")
        .note("all rules of an aggregated relation use the same aggregate in the same place")
}

fn count_into(holds: &str, field: &str, relation: &str, span: Span, declaration: Span) -> Diagnostic {
    Diagnostic::error(Code::TypeConflict, format!("`count` gives an integer, and the field `{field}` holds {holds}"))
        .at(span, "an integer")
        .label(declaration, format!("the field `{field}` of `{relation}` holds {holds}"))
        .help(format!("declare it as `{field}: int`"))
}

fn fold_without_order(function: AggregateFunction, ty: &str, span: Span) -> Diagnostic {
    let word = word(function);
    bad_aggregate(format!("`{word}` of {ty}: these have no order"), span, "nothing tells which is higher")
        .note("`max` and `min` fold integers and members of ordered enums; `count` folds anything")
}
