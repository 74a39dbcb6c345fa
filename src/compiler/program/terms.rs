//! Arguments and the sides of comparisons: variables, wildcards, and constants by the type that their place wants.

mod mistakes;

use super::check::Checker;
use super::clauses::variable_of;
use super::names::Target;
use super::scope::Scope;
use super::types::ToldAction;
use super::{Atom, Comparison, Constant, ConstantId, EntityId, RelationId, Term, Type};
use crate::compiler::source::Span;
use crate::compiler::syntax::ast::{self, Operator};

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
    pub told: Option<ToldAction>,
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
        let mut terms = Vec::with_capacity(atom.arguments.len());
        for (place, term) in atom.arguments.iter().enumerate() {
            let told = told.filter(|(thing, _)| *thing == place).map(|(_, told)| told);
            terms.extend(self.lower_argument(term, (relation, place), told, standing, scope));
        }
        (terms.len() == atom.arguments.len()).then_some(Atom { relation, terms, span: atom.span })
    }

    fn lower_argument<'a>(
        &mut self,
        term: &ast::Term<'a>,
        (relation, place): (RelationId, usize),
        told: Option<ToldAction>,
        standing: Standing,
        scope: &mut Scope<'a>,
    ) -> Option<Term> {
        match term {
            ast::Term::Variable(name) => standing.takes_variables().then(|| Term::Variable(scope.enter(*name))),
            ast::Term::Wildcard(_) if standing.takes_wildcards() => Some(Term::Wildcard),
            ast::Term::Wildcard(span) => {
                self.report(mistakes::wildcard_in(standing, *span));
                None
            }
            ast::Term::Aggregate(_, _, span) => match standing {
                // The head's own check has looked at it.
                Standing::StoredHead | Standing::DecisionHead => {
                    variable_of(term).map(|name| Term::Variable(scope.enter(name)))
                }
                _ => {
                    self.report(mistakes::aggregate_outside_head(*span));
                    None
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
                self.report(mistakes::aggregate_outside_head(*span));
            }
        }
    }

    /// The value of a term that is neither a variable nor `_`; none where a mistake has been reported.
    fn constant(&mut self, term: &ast::Term<'_>, wanted: Wanted, scope: &Scope<'_>) -> Option<ConstantId> {
        let value = match term {
            ast::Term::Integer(value, _) => match wanted.ty {
                Type::Int => Constant::Int(*value),
                _ => return self.refuse(|checker| checker.misplaced_integer(*value, term.span(), wanted)),
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
            Type::Resource => match wanted.told.map(|told| told.target) {
                Some(Target::Entity(entity)) => self.thing(entity, text),
                Some(Target::Unknown) => None,
                Some(Target::Any) | None => self.refuse(|checker| checker.untyped_resource(text, wanted)),
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

    fn qualified_value(
        &mut self,
        name: ast::Name<'_>,
        text: &ast::Text<'_>,
        span: Span,
        wanted: Wanted,
    ) -> Option<Constant> {
        let Some(entity) = self.names.entity(name.text) else {
            // A type in dispute has been reported.
            if !matches!(self.names.types.get(name.text), Some(None)) {
                self.report_unknown(|checker| checker.unknown_entity(name));
            }
            return None;
        };
        match (wanted.ty, wanted.told) {
            (Type::Entity(place), _) if place == entity => self.thing(entity, text),
            (Type::Resource, Some(told)) if matches!(told.target, Target::Entity(on) if on != entity) => {
                let Target::Entity(on) = told.target else { return None };
                let found = Type::Entity(entity);
                self.refuse(|checker| {
                    let label = format!("this is {}", checker.describe(found));
                    checker.wrong_entity(told, on, found, span, &label)
                })
            }
            (Type::Resource, _) => self.thing(entity, text),
            _ => self.refuse(|checker| checker.misplaced_thing(entity, text, span, wanted)),
        }
    }

    fn name_value(&mut self, name: ast::Name<'_>, wanted: Wanted, scope: &Scope<'_>) -> Option<Constant> {
        match wanted.ty {
            Type::Action => match self.names.actions.get(name.text) {
                Some(action) => Some(Constant::Action(*action)),
                None => {
                    self.report_unknown(|checker| checker.unknown_action(name, scope));
                    None
                }
            },
            Type::Enum(of) => match self.names.member(of, name.text) {
                Some(place) => Some(Constant::Member(of, place)),
                None => {
                    self.report_unknown(|checker| checker.unknown_member(name, of, scope));
                    None
                }
            },
            Type::Text | Type::Int | Type::Resource | Type::Entity(_) => {
                self.refuse(|checker| checker.misplaced_name(name, wanted, scope))
            }
        }
    }

    fn refuse<T>(&mut self, mistake: impl FnOnce(&Self) -> crate::compiler::diagnostic::Diagnostic) -> Option<T> {
        let mistake = mistake(self);
        self.report(mistake);
        None
    }

    /// A comparison after checking; none where a mistake has been reported.
    pub(super) fn lower_comparison<'a>(
        &mut self,
        left: &ast::Term<'a>,
        operator: Operator,
        right: &ast::Term<'a>,
        span: Span,
        scope: &mut Scope<'a>,
    ) -> Option<Comparison> {
        let misplaced = [left, right].map(|side| self.refuse_side(side));
        if misplaced.contains(&true) {
            return None;
        }
        let ty = self.compared_type(left, right, span, scope)?;
        let lowered_left = self.lower_side(left, right.span(), ty, scope);
        let lowered_right = self.lower_side(right, left.span(), ty, scope);
        let (left, right) = (lowered_left?, lowered_right?);
        if !self.allows(operator, ty) {
            return self.refuse(|checker| checker.unordered(operator, ty, span));
        }
        Some(Comparison { left, operator, right, ty, span })
    }

    fn refuse_side(&mut self, side: &ast::Term<'_>) -> bool {
        match side {
            ast::Term::Wildcard(span) => self.report(mistakes::wildcard_in_comparison(*span)),
            ast::Term::Aggregate(_, _, span) => self.report(mistakes::aggregate_outside_head(*span)),
            _ => return false,
        }
        true
    }

    /// The type that both sides have.
    fn compared_type<'a>(
        &mut self,
        left: &ast::Term<'a>,
        right: &ast::Term<'a>,
        span: Span,
        scope: &mut Scope<'a>,
    ) -> Option<Type> {
        let (variable, value) = match (left, right) {
            (ast::Term::Variable(name), value) | (value, ast::Term::Variable(name)) => (*name, value),
            _ => return self.type_of_values(left, right, span),
        };
        let number = scope.enter(variable);
        if let Some(known) = scope.type_of(number) {
            return Some(known.ty);
        }
        match value {
            ast::Term::Name(name) if !scope.is_hidden(number) => {
                let types = self.names.types_of_value(name.text);
                match types.is_empty() {
                    true => self.report_unknown(|checker| checker.unknown_value(*name, scope)),
                    false => self.report(self.ambiguous_name(*name, &types)),
                }
            }
            ast::Term::Qualified(name, text, span) => {
                // Only an unknown entity leaves the variable without a type; this reports it.
                let by = WantedBy::OtherSide(variable.span);
                self.qualified_value(*name, text, *span, Wanted { ty: Type::Resource, by, told: None });
            }
            _ => {}
        }
        None
    }

    fn type_of_values(&mut self, left: &ast::Term<'_>, right: &ast::Term<'_>, span: Span) -> Option<Type> {
        let (left_types, right_types) = (self.types_of(left)?, self.types_of(right)?);
        let common: Vec<Type> = left_types.iter().copied().filter(|ty| right_types.contains(ty)).collect();
        match (common[..].first(), left, right) {
            (Some(Type::Text), ..) => Some(Type::Text),
            (Some(ty), ..) if common.len() == 1 => Some(*ty),
            (Some(_), ast::Term::Name(name), _) => self.refuse(|checker| checker.ambiguous_name(*name, &common)),
            _ => self.refuse(|checker| checker.different_values(left, right, span)),
        }
    }

    /// What a constant may be by itself, the likeliest first; none where a mistake has been reported.
    fn types_of(&mut self, term: &ast::Term<'_>) -> Option<Vec<Type>> {
        match term {
            ast::Term::Integer(..) => Some(vec![Type::Int]),
            ast::Term::Text(_) => {
                let entities = (0..self.program.entities.len() as u32).map(|number| Type::Entity(EntityId(number)));
                Some(std::iter::once(Type::Text).chain(entities).collect())
            }
            ast::Term::Qualified(name, text, span) => match self.names.entity(name.text) {
                Some(entity) => Some(vec![Type::Entity(entity)]),
                None => {
                    let by = WantedBy::OtherSide(*span);
                    self.qualified_value(*name, text, *span, Wanted { ty: Type::Resource, by, told: None });
                    None
                }
            },
            ast::Term::Name(name) => {
                let types = self.names.types_of_value(name.text);
                if types.is_empty() {
                    self.report_unknown(|checker| checker.unknown_value(*name, &Scope::default()));
                    return None;
                }
                Some(types)
            }
            ast::Term::Variable(_) | ast::Term::Wildcard(_) | ast::Term::Aggregate(..) => None,
        }
    }

    fn lower_side<'a>(&mut self, side: &ast::Term<'a>, other: Span, ty: Type, scope: &mut Scope<'a>) -> Option<Term> {
        match side {
            ast::Term::Variable(name) => Some(Term::Variable(scope.enter(*name))),
            _ => {
                let wanted = Wanted { ty, by: WantedBy::OtherSide(other), told: None };
                self.constant(side, wanted, scope).map(Term::Constant)
            }
        }
    }

    fn allows(&self, operator: Operator, ty: Type) -> bool {
        match operator {
            Operator::Equal | Operator::NotEqual => true,
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                self.is_ordered(ty)
            }
        }
    }

    /// Whether the values of a type stand in an order that means something.
    pub(super) fn is_ordered(&self, ty: Type) -> bool {
        match ty {
            Type::Int => true,
            Type::Enum(of) => self.program.enums[of.index()].ordered,
            Type::Text | Type::Action | Type::Resource | Type::Entity(_) => false,
        }
    }
}
