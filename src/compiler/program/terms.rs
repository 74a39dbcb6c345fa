//! Arguments: variables, wildcards, and constants by the type that their place wants.

mod mistakes;

pub(super) use mistakes::{aggregate_in_body, wildcard_in_comparison};

use super::check::Checker;
use super::clauses::variable_of;
use super::names::Target;
use super::scope::Scope;
use super::types::Told;
use super::{Atom, Constant, ConstantId, EntityId, RelationId, Term, Type};
use crate::compiler::source::{Origin, Span};
use crate::compiler::syntax::ast;

/// Where an atom stands, which decides what its arguments may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The head of a decision: the question gives the values, `_` takes any.
    DecisionHead,
    /// The head of an input or a relation.
    StoredHead,
    /// A literal of an input or a relation.
    Stored,
    /// A literal of a decision.
    Decision,
    /// A fact of an input or a relation, in a file or in a test.
    Fact,
    /// What a test expects of an input or a relation.
    ExpectedStored,
    /// What a test expects of a decision.
    ExpectedDecision,
}

impl Standing {
    fn takes_wildcards(self) -> bool {
        match self {
            Standing::DecisionHead | Standing::Stored | Standing::ExpectedStored => true,
            Standing::StoredHead | Standing::Decision | Standing::Fact | Standing::ExpectedDecision => false,
        }
    }

    /// Elsewhere the caller has reported them.
    fn takes_variables(self) -> bool {
        match self {
            Standing::DecisionHead | Standing::StoredHead | Standing::Stored | Standing::Decision => true,
            Standing::Fact | Standing::ExpectedStored | Standing::ExpectedDecision => false,
        }
    }
}

/// What a place wants of a constant, and who says so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub ty: Type,
    pub by: WantedBy,
    /// The action told beside a place of type `resource`.
    pub told: Told,
}

/// Where a place's type comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum WantedBy {
    /// A field of a relation.
    Field(RelationId, usize),
    /// The other side of a comparison.
    OtherSide(Span),
}

impl Checker<'_> {
    /// An atom after checking; none where a mistake has been reported.
    pub(super) fn lower_atom<'a>(
        &mut self,
        atom: &ast::Atom<'a>,
        relation: RelationId,
        standing: Standing,
        scope: &mut Scope<'a>,
    ) -> Option<Atom> {
        let told = self.told_action(scope, atom, relation);
        if let Some(mistake) = told.and_then(|(thing, told)| self.wrong_place(atom, relation, thing, told)) {
            self.report(mistake);
            return None;
        }
        let mut terms = Vec::with_capacity(atom.arguments.len());
        for (place, term) in atom.arguments.iter().enumerate() {
            let told = told.filter(|(thing, _)| *thing == place).map_or(Told::Nothing, |(_, told)| told);
            terms.extend(self.lower_argument(term, (relation, place), told, standing, scope));
        }
        (terms.len() == atom.arguments.len()).then_some(Atom { relation, terms, span: atom.span })
    }

    /// An argument after checking; none where a mistake has been reported.
    pub(super) fn lower_argument<'a>(
        &mut self,
        term: &ast::Term<'a>,
        (relation, place): (RelationId, usize),
        told: Told,
        standing: Standing,
        scope: &mut Scope<'a>,
    ) -> Option<Term> {
        match term {
            ast::Term::Variable(name) => standing.takes_variables().then(|| Term::Variable(scope.enter(*name))),
            ast::Term::Wildcard(_) if standing.takes_wildcards() => Some(Term::Wildcard),
            ast::Term::Wildcard(span) => {
                let in_query = self.sources.get(span.source).origin == Origin::Query;
                self.report(match standing {
                    Standing::Decision if in_query => mistakes::wildcard_in_question(*span),
                    _ => mistakes::wildcard_in(standing, *span),
                });
                None
            }
            ast::Term::Aggregate(_, _, span) => match standing {
                // The head's own check has looked at it.
                Standing::StoredHead | Standing::DecisionHead => {
                    variable_of(term).map(|name| Term::Variable(scope.enter(name)))
                }
                Standing::Stored | Standing::Decision => self.refuse(|_| mistakes::aggregate_in_body(*span)),
                Standing::Fact | Standing::ExpectedStored | Standing::ExpectedDecision => {
                    self.refuse(|_| mistakes::aggregate_in_fact(*span))
                }
            },
            ast::Term::Text(_) | ast::Term::Qualified(..) | ast::Term::Integer(..) | ast::Term::Name(_) => {
                let ty = self.names.places(relation).types[place]?;
                let wanted = Wanted { ty, by: WantedBy::Field(relation, place), told };
                self.constant(term, wanted, scope).map(Term::Constant)
            }
        }
    }

    /// Reports aggregates in an atom that is not lowered.
    pub(super) fn check_misplaced_aggregates(&mut self, atom: &ast::Atom<'_>) {
        for term in &atom.arguments {
            if let ast::Term::Aggregate(_, _, span) = term {
                self.report(mistakes::aggregate_in_body(*span));
            }
        }
    }

    /// The value of a term that is neither a variable nor `_`; none where a mistake has been reported.
    pub(super) fn constant(&mut self, term: &ast::Term<'_>, wanted: Wanted, scope: &Scope<'_>) -> Option<ConstantId> {
        let value = match term {
            ast::Term::Integer(value, _) => match (*value, wanted.ty) {
                (Some(value), Type::Int) => Constant::Int(value),
                (Some(value), ty) => {
                    let mistake = self.misplaced_integer(value, term.span(), wanted);
                    self.report(mistake);
                    // What was meant stands for it, so that no other mistake of the statement is hidden.
                    match ty {
                        Type::Text => Constant::Text(value.to_string()),
                        Type::Entity(entity) => Constant::Thing(entity, value.to_string()),
                        Type::Int | Type::Action | Type::Enum(_) | Type::Resource => return None,
                    }
                }
                // What does not fit into 64 bits has been reported.
                (None, _) => return None,
            },
            ast::Term::Text(text) => self.text_value(text, wanted)?,
            ast::Term::Qualified(entity, text, span) => self.qualified_value(*entity, text, *span, wanted)?,
            ast::Term::Name(name) => self.name_value(*name, wanted, scope)?,
            ast::Term::Variable(_) | ast::Term::Wildcard(_) | ast::Term::Aggregate(..) => return None,
        };
        Some(self.program.constants.intern(value))
    }

    fn text_value(&mut self, text: &ast::Text<'_>, wanted: Wanted) -> Option<Constant> {
        match wanted.ty {
            Type::Text => Some(Constant::Text(text.value.to_string())),
            Type::Entity(entity) => self.thing(entity, text),
            Type::Resource => match wanted.told {
                Told::Action(told) => match told.target {
                    Target::Entity(entity) => self.thing(entity, text),
                    Target::Unknown => None,
                    Target::Any => self.refuse(|checker| checker.untyped_resource(text, wanted)),
                },
                Told::Mistaken => None,
                Told::Nothing => self.refuse(|checker| checker.untyped_resource(text, wanted)),
            },
            Type::Int | Type::Action | Type::Enum(_) => self.refuse(|checker| checker.misplaced_text(text, wanted)),
        }
    }

    fn thing(&mut self, entity: EntityId, text: &ast::Text<'_>) -> Option<Constant> {
        if text.value.is_empty() {
            return self.refuse(|checker| checker.empty_id(entity, text.span));
        }
        let declared = &self.program.entities[entity.index()];
        let id = if declared.single { &declared.name } else { text.value.as_ref() };
        Some(Constant::Thing(entity, id.to_string()))
    }

    pub(super) fn qualified_value(
        &mut self,
        name: ast::Name<'_>,
        text: &ast::Text<'_>,
        span: Span,
        wanted: Wanted,
    ) -> Option<Constant> {
        let Some(entity) = self.names.entity(name.text) else {
            // A type in dispute has been reported.
            if !matches!(self.names.types.get(name.text), Some(None)) {
                self.report_unknown(name.text, |checker| checker.unknown_entity(name));
            }
            return None;
        };
        match (wanted.ty, wanted.told) {
            (Type::Entity(place), _) if place == entity => self.thing(entity, text),
            (Type::Resource, Told::Action(told)) => match told.target {
                Target::Entity(on) if on != entity => self.refuse(|checker| {
                    let found = Type::Entity(entity);
                    let label = format!("this is {}", checker.describe(found));
                    checker.wrong_entity(told, on, found, span, &label)
                }),
                Target::Entity(_) | Target::Any | Target::Unknown => self.thing(entity, text),
            },
            (Type::Resource, Told::Nothing | Told::Mistaken) => self.thing(entity, text),
            _ => self.refuse(|checker| checker.misplaced_thing(entity, text, span, wanted)),
        }
    }

    fn name_value(&mut self, name: ast::Name<'_>, wanted: Wanted, scope: &Scope<'_>) -> Option<Constant> {
        match wanted.ty {
            Type::Action => match self.names.actions.get(name.text) {
                Some(action) => Some(Constant::Action(*action)),
                None => {
                    self.report_unknown(name.text, |checker| checker.unknown_action(name, scope));
                    None
                }
            },
            Type::Enum(of) => match self.names.member(of, name.text) {
                Some(place) => Some(Constant::Member(of, place)),
                None => {
                    self.report_unknown(name.text, |checker| checker.unknown_member(name, of, scope));
                    None
                }
            },
            Type::Text | Type::Int | Type::Resource | Type::Entity(_) => {
                self.refuse(|checker| checker.misplaced_name(name, wanted, scope))
            }
        }
    }

    /// Keeps a mistake in place of a value.
    pub(super) fn refuse<T>(
        &mut self,
        mistake: impl FnOnce(&Self) -> crate::compiler::diagnostic::Diagnostic,
    ) -> Option<T> {
        let mistake = mistake(self);
        self.report(mistake);
        None
    }
}
