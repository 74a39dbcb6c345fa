//! Comparisons: both sides have one type, and the ordered operators compare what has an order.

use super::check::Checker;
use super::scope::Scope;
use super::terms::{Wanted, WantedBy, aggregate_in_body, wildcard_in_comparison};
use super::types::Told;
use super::{Comparison, EntityId, Term, Type};
use crate::compiler::source::Span;
use crate::compiler::syntax::ast::{self, Operator};

impl Checker<'_> {
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
        let ty = self.compared_type(left, right, scope)?;
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
            ast::Term::Wildcard(span) => self.report(wildcard_in_comparison(*span)),
            ast::Term::Aggregate(_, _, span) => self.report(aggregate_in_body(*span)),
            _ => return false,
        }
        true
    }

    /// The type that both sides have.
    fn compared_type<'a>(
        &mut self,
        left: &ast::Term<'a>,
        right: &ast::Term<'a>,
        scope: &mut Scope<'a>,
    ) -> Option<Type> {
        let (variable, value) = match (left, right) {
            (ast::Term::Variable(name), value) | (value, ast::Term::Variable(name)) => (*name, value),
            _ => return self.type_of_values(left, right),
        };
        let number = scope.enter(variable);
        if scope.is_hidden(number) {
            return None;
        }
        if let Some(known) = scope.type_of(number) {
            return Some(known.ty);
        }
        match value {
            ast::Term::Name(name) => {
                let types = self.names.types_of_value(name.text);
                match types.is_empty() {
                    true => self.report_unknown_value(name.text, |checker| checker.unknown_value(*name, scope)),
                    false => self.report(self.ambiguous_name(*name, &types, Some(variable))),
                }
            }
            ast::Term::Qualified(name, text, span) => {
                // Only an unknown entity leaves the variable without a type; this reports it.
                let by = WantedBy::OtherSide(variable.span);
                self.qualified_value(*name, text, *span, Wanted { ty: Type::Resource, by, told: Told::Nothing });
            }
            _ => {}
        }
        None
    }

    fn type_of_values(&mut self, left: &ast::Term<'_>, right: &ast::Term<'_>) -> Option<Type> {
        let (left_types, right_types) = (self.types_of(left)?, self.types_of(right)?);
        let common: Vec<Type> = left_types.iter().copied().filter(|ty| right_types.contains(ty)).collect();
        match (common[..].first(), left, right) {
            (Some(Type::Text), ..) => Some(Type::Text),
            (Some(ty), ..) if common.len() == 1 => Some(*ty),
            (Some(_), ast::Term::Name(name), _) => self.refuse(|checker| checker.ambiguous_name(*name, &common, None)),
            _ => self.refuse(|checker| checker.different_values(left, right)),
        }
    }

    /// What a constant may be by itself, the likeliest first; none where a mistake has been reported.
    fn types_of(&mut self, term: &ast::Term<'_>) -> Option<Vec<Type>> {
        match term {
            ast::Term::Integer(value, _) => value.map(|_| vec![Type::Int]),
            ast::Term::Text(_) => {
                let entities = (0..self.program.entities.len() as u32).map(|number| Type::Entity(EntityId(number)));
                Some(std::iter::once(Type::Text).chain(entities).collect())
            }
            ast::Term::Qualified(name, text, span) => match self.names.entity(name.text) {
                Some(entity) => Some(vec![Type::Entity(entity)]),
                None => {
                    let by = WantedBy::OtherSide(*span);
                    self.qualified_value(*name, text, *span, Wanted { ty: Type::Resource, by, told: Told::Nothing });
                    None
                }
            },
            ast::Term::Name(name) => {
                let types = self.names.types_of_value(name.text);
                if types.is_empty() {
                    self.report_unknown_value(name.text, |checker| checker.unknown_value(*name, &Scope::default()));
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
                let wanted = Wanted { ty, by: WantedBy::OtherSide(other), told: Told::Nothing };
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
