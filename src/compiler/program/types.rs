//! The one type of each variable of a rule: the meet of all its places, of what it is compared with,
//! and of what the action beside it is done to.

use super::check::Checker;
use super::clauses::BodyLiteral;
use super::names::Target;
use super::scope::{Conflict, Scope};
use super::{ActionId, EntityId, Program, RelationId, Type};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{Span, on_one_line};
use crate::compiler::syntax::ast::{self, AggregateFunction, Name, Operator, Term};

/// What is told beside a thing about the action that is done to it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told {
    /// Nothing: the action is a variable.
    Nothing,
    /// Something with a mistake, which has been reported.
    Mistaken,
    /// The action.
    Action(ToldAction),
}

/// An action that is told beside a thing: by a constant, or by a variable that equals one.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToldAction {
    pub action: ActionId,
    pub span: Span,
    pub target: Target,
}

impl Checker<'_> {
    /// Finds the types of all variables, and reports where places disagree.
    pub(super) fn infer_types<'a>(
        &mut self,
        scope: &mut Scope<'a>,
        head: Option<(&ast::Atom<'a>, RelationId)>,
        body: &[BodyLiteral<'_, 'a>],
    ) {
        let body_atoms = body.iter().filter_map(|literal| literal.atom().zip(literal.relation));
        let atoms: Vec<_> = head.into_iter().chain(body_atoms).collect();
        for (atom, relation) in &atoms {
            self.meet_places(scope, atom, *relation);
        }
        let comparisons = || body.iter().filter_map(|literal| comparison_of(literal.literal));
        for (left, operator, right, span) in comparisons() {
            self.meet_sides(scope, left, operator, right, span);
        }
        for (left, operator, right, _) in comparisons() {
            self.meet_bare_value(scope, left, operator, right);
            self.meet_bare_value(scope, right, operator, left);
        }
        for (atom, relation) in &atoms {
            self.meet_target(scope, atom, *relation);
        }
    }

    fn meet_places<'a>(&mut self, scope: &mut Scope<'a>, atom: &ast::Atom<'a>, relation: RelationId) {
        let mut conflicts = Vec::new();
        for (place, term) in atom.arguments.iter().enumerate() {
            let name = match term {
                Term::Variable(name) => *name,
                Term::Aggregate(AggregateFunction::Max | AggregateFunction::Min, inner, _) => match inner.as_ref() {
                    Term::Variable(name) => *name,
                    _ => continue,
                },
                _ => continue,
            };
            let variable = scope.enter(name);
            match self.names.places(relation).types[place] {
                Some(ty) => {
                    if let Err(conflict) = scope.meet(variable, ty, name.span) {
                        conflicts.push((name, conflict));
                    }
                }
                None => scope.hide_type(variable),
            }
        }
        match conflicts[..] {
            [(left, first), (right, second)] if are_swapped(first, second) => {
                self.report(self.swapped_arguments(atom, left, right, second));
            }
            _ => conflicts.into_iter().for_each(|(name, conflict)| self.report(self.variable_conflict(name, conflict))),
        }
    }

    fn meet_sides<'a>(
        &mut self,
        scope: &mut Scope<'a>,
        left: &Term<'a>,
        operator: Operator,
        right: &Term<'a>,
        span: Span,
    ) {
        match (left, right) {
            (Term::Variable(left), Term::Variable(right)) => {
                let (left, right) = (scope.enter(*left), scope.enter(*right));
                if operator == Operator::Equal {
                    scope.unite_values(left, right);
                }
                if let Err(conflict) = scope.unite_types(left, right) {
                    self.report(self.sides_conflict(span, conflict));
                }
            }
            (Term::Variable(name), value) | (value, Term::Variable(name)) => self.meet_value(scope, *name, value),
            _ => {}
        }
    }

    /// A value that tells its own type gives it to the variable it is compared with.
    fn meet_value<'a>(&mut self, scope: &mut Scope<'a>, name: Name<'a>, value: &Term<'a>) {
        let variable = scope.enter(name);
        let ty = match value {
            Term::Integer(Some(_), _) => Type::Int,
            // It has been reported, and may stand for a string.
            Term::Integer(None, _) => return scope.hide_type(variable),
            Term::Qualified(entity, ..) => match self.names.entity(entity.text) {
                Some(entity) => Type::Entity(entity),
                None => return,
            },
            _ => return,
        };
        if let Err(conflict) = scope.meet(variable, ty, value.span()) {
            let mistake = self.variable_conflict(name, conflict);
            self.report(match (value, conflict.first.ty) {
                (Term::Integer(Some(number), span), Type::Entity(_) | Type::Text) => {
                    mistake.replace(format!("write it as a string: `\"{number}\"`"), *span, format!("\"{number}\""))
                }
                _ => mistake,
            });
        }
    }

    /// A text or a name says little by itself: only a variable without any type takes one from it.
    fn meet_bare_value<'a>(&mut self, scope: &mut Scope<'a>, side: &Term<'a>, operator: Operator, value: &Term<'a>) {
        let Term::Variable(name) = side else { return };
        let variable = scope.enter(*name);
        if scope.type_of(variable).is_none() && !scope.is_hidden(variable) {
            let types = match value {
                Term::Text(_) => vec![Type::Text],
                Term::Name(value) => self.names.types_of_value(value.text),
                _ => Vec::new(),
            };
            if let [ty] = types[..] {
                // An untyped variable agrees with any type.
                let _agrees = scope.meet(variable, ty, value.span());
            }
        }
        if let Term::Name(value) = value
            && operator == Operator::Equal
            && scope.type_of(variable).is_some_and(|known| known.ty == Type::Action)
            && let Some(action) = self.names.actions.get(value.text)
        {
            scope.set_action(variable, *action, value.span);
        }
    }

    /// The action told in an atom gives its entity to the thing beside it.
    fn meet_target<'a>(&mut self, scope: &mut Scope<'a>, atom: &ast::Atom<'a>, relation: RelationId) {
        let Some((thing, Told::Action(told))) = self.told_action(scope, atom, relation) else { return };
        let Target::Entity(entity) = told.target else { return };
        if self.wrong_place(atom, relation, thing, Told::Action(told)).is_some() {
            // It is reported where the atom is lowered.
            return;
        }
        let Term::Variable(name) = &atom.arguments[thing] else { return };
        let variable = scope.enter(*name);
        if let Err(conflict) = scope.meet(variable, Type::Entity(entity), name.span) {
            let (found, wanted) = (conflict.first.ty, self.describe(Type::Entity(entity)));
            let label = format!("`{}` would have to be {wanted}", name.text);
            let mistake = self.wrong_entity(told, entity, found, name.span, &label);
            let other = format!("here `{}` is {}", conflict.first.variable, self.describe(found));
            self.report(mistake.label(conflict.first.span, other));
        }
    }

    /// The place of the thing that an atom's action is done to, and what is told of that action.
    pub(super) fn told_action<'a>(
        &self,
        scope: &mut Scope<'a>,
        atom: &ast::Atom<'a>,
        relation: RelationId,
    ) -> Option<(usize, Told)> {
        let pair = self.names.places(relation).pair?;
        let term = &atom.arguments[pair.action];
        let action = match term {
            Term::Name(name) => self.names.actions.get(name.text).copied(),
            Term::Variable(name) => {
                let variable = scope.find(name.text);
                let told = variable.and_then(|variable| scope.action_of(variable));
                match (told, variable.is_some_and(|variable| scope.is_hidden(variable))) {
                    (None, false) => return Some((pair.thing, Told::Nothing)),
                    (told, _) => told.map(|(action, _)| action),
                }
            }
            Term::Wildcard(_) => return Some((pair.thing, Told::Nothing)),
            Term::Text(_) | Term::Qualified(..) | Term::Integer(..) | Term::Aggregate(..) => None,
        };
        let told = action.map_or(Told::Mistaken, |action| {
            Told::Action(ToldAction { action, span: term.span(), target: self.names.targets[action.index()] })
        });
        Some((pair.thing, told))
    }

    /// The mistake of an action beside a place that holds things of another entity.
    pub(super) fn wrong_place(
        &self,
        atom: &ast::Atom<'_>,
        relation: RelationId,
        thing: usize,
        told: Told,
    ) -> Option<Diagnostic> {
        let Told::Action(told) = told else { return None };
        let (Target::Entity(wanted), Some(Type::Entity(held))) =
            (told.target, self.names.places(relation).types[thing])
        else {
            return None;
        };
        if held == wanted {
            return None;
        }
        let (relation, span) = (self.program.relation(relation), atom.arguments[thing].span());
        let held = Type::Entity(held);
        let label = format!("this place of `{}` holds {}", relation.name, self.describe(held));
        Some(self.wrong_entity(told, wanted, held, span, &label).label(relation.span, "declared here"))
    }

    /// An action beside a thing that it is not done to.
    pub(super) fn wrong_entity(
        &self,
        told: ToldAction,
        wanted: EntityId,
        found: Type,
        span: Span,
        label: &str,
    ) -> Diagnostic {
        let action = &self.program.actions[told.action.index()];
        let wanted = self.describe(Type::Entity(wanted));
        Diagnostic::error(
            Code::ActionOnWrongEntity,
            format!("`{}` is done to {wanted}, not to {}", action.name, self.describe(found)),
        )
        .at(span, label)
        .label(told.span, format!("`{}` is done to {wanted}", action.name))
        .label(action.span, format!("declared on {wanted} here"))
    }

    fn variable_conflict(&self, name: Name<'_>, conflict: Conflict<'_>) -> Diagnostic {
        let (first, second) = (self.describe(conflict.first.ty), self.describe(conflict.second.ty));
        let first_name = conflict.first.variable;
        let mistake =
            Diagnostic::error(Code::TypeConflict, format!("`{}` is used as {first} and as {second}", name.text))
                .at(conflict.second.span, format!("here it is {second}"))
                .label(
                    conflict.first.span,
                    match first_name == name.text {
                        true => format!("here it is {first}"),
                        false => format!("here `{first_name}`, which it is compared with, is {first}"),
                    },
                );
        typed_note(mistake, conflict.first.ty, conflict.second.ty)
    }

    /// Two variables, each of which has the type of the other's place.
    fn swapped_arguments(
        &self,
        atom: &ast::Atom<'_>,
        left: Name<'_>,
        right: Name<'_>,
        second: Conflict<'_>,
    ) -> Diagnostic {
        let (first_type, second_type) = (self.describe(second.second.ty), self.describe(second.first.ty));
        let relation = atom.relation.text;
        let between = Span { start: left.span.end, end: right.span.start, ..left.span };
        let replacement = format!("{}{}{}", right.text, self.sources.text(between), left.text);
        let message = format!("`{}` and `{}` stand in each other's place in `{relation}`", left.text, right.text);
        Diagnostic::error(Code::TypeConflict, message)
            .at(left.span, format!("{second_type} is wanted here, and `{}` is {first_type}", left.text))
            .label(right.span, format!("{first_type} is wanted here, and `{}` is {second_type}", right.text))
            .label(second.first.span, format!("here `{}` is {second_type}", right.text))
            .replace(format!("swap them: `{}`", on_one_line(&replacement)), left.span.to(right.span), replacement)
    }

    fn sides_conflict(&self, span: Span, conflict: Conflict<'_>) -> Diagnostic {
        let describe = |known: super::scope::Known<'_>| format!("`{}` is {}", known.variable, self.describe(known.ty));
        let (first, second) = (describe(conflict.first), describe(conflict.second));
        let mistake = Diagnostic::error(Code::TypeConflict, format!("{first}, and {second}: they can't be compared"))
            .at(span, "compared here")
            .label(conflict.first.span, format!("here {first}"))
            .label(conflict.second.span, format!("here {second}"));
        match (conflict.first.ty, conflict.second.ty) {
            (Type::Entity(_), Type::Entity(_)) => typed_note(mistake, conflict.first.ty, conflict.second.ty),
            _ => mistake.note("both sides of a comparison have one type"),
        }
    }

    /// A type in words, with its article.
    pub(super) fn describe(&self, ty: Type) -> String {
        self.program.describe(ty)
    }
}

impl Program {
    /// A type in words, with its article: as "a `user`".
    pub(super) fn describe(&self, ty: Type) -> String {
        match ty {
            Type::Text => "a text".to_string(),
            Type::Int => "an integer".to_string(),
            Type::Action => "an action".to_string(),
            Type::Resource => "a thing of any entity".to_string(),
            Type::Entity(_) | Type::Enum(_) => {
                let name = self.type_name(ty);
                let article = if sounds_like_vowel(name) { "an" } else { "a" };
                format!("{article} `{name}`")
            }
        }
    }
}

fn sounds_like_vowel(name: &str) -> bool {
    name.starts_with(['a', 'e', 'i', 'o'])
        || (name.starts_with('u') && !name.starts_with("us") && !name.starts_with("uni"))
}

fn are_swapped(first: Conflict<'_>, second: Conflict<'_>) -> bool {
    first.first.ty == second.second.ty && first.second.ty == second.first.ty
}

/// The rule of the language behind a conflict.
fn typed_note(mistake: Diagnostic, first: Type, second: Type) -> Diagnostic {
    match (first, second) {
        (Type::Entity(_), Type::Entity(_)) => {
            mistake.note("ids are typed: the same id of two entities names two different things")
        }
        _ => mistake.note("a variable has one type in a rule"),
    }
}

/// The parts of a comparison.
pub(super) fn comparison_of<'t, 'a>(
    literal: &'t ast::Literal<'a>,
) -> Option<(&'t Term<'a>, Operator, &'t Term<'a>, Span)> {
    match literal {
        ast::Literal::Comparison { left, operator, right, span } => Some((left, *operator, right, *span)),
        ast::Literal::Positive(_) | ast::Literal::Negative(..) => None,
    }
}
