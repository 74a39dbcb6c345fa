//! The variables of one rule while it is checked: their types, and which of them are equal or bound.
//! Two union-find forests: every comparison unites types, only `=` unites values.

use rustc_hash::FxHashMap;

use super::{ActionId, Type, Variable, VariableId};
use crate::compiler::source::Span;
use crate::compiler::syntax::ast::Name;

/// A type and the place that gave it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    /// The type.
    pub ty: Type,
    /// The variable or constant that stands there.
    pub span: Span,
    /// The variable it was first known of.
    pub variable: &'a str,
}

/// Two places of one variable (or of compared ones) that no type fits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Conflict<'a> {
    /// The earlier place.
    pub first: Known<'a>,
    /// The later one.
    pub second: Known<'a>,
}

#[derive(Clone, Copy, Debug)]
struct TypeClass<'a> {
    parent: u32,
    known: Option<Known<'a>>,
    conflicted: bool,
    hidden: bool,
}

#[derive(Clone, Copy, Debug)]
struct ValueClass {
    parent: u32,
    bound: bool,
    action: Option<(ActionId, Span)>,
}

/// The variables of a rule or query.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    /// In the order of first appearance.
    pub variables: Vec<Name<'a>>,
    numbers: FxHashMap<&'a str, u32>,
    types: Vec<TypeClass<'a>>,
    values: Vec<ValueClass>,
}

impl<'a> Scope<'a> {
    /// The number of a variable, new or known.
    pub fn enter(&mut self, name: Name<'a>) -> VariableId {
        let next = self.variables.len() as u32;
        let number = *self.numbers.entry(name.text).or_insert(next);
        if number == next {
            self.variables.push(name);
            self.types.push(TypeClass { parent: number, known: None, conflicted: false, hidden: false });
            self.values.push(ValueClass { parent: number, bound: false, action: None });
        }
        VariableId(number)
    }

    /// The number of a variable that has been entered.
    pub fn find(&self, name: &str) -> Option<VariableId> {
        self.numbers.get(name).map(|number| VariableId(*number))
    }

    /// Gives a variable the type of one of its places.
    pub fn meet(&mut self, variable: VariableId, ty: Type, span: Span) -> Result<(), Conflict<'a>> {
        let name = self.variables[variable.index()].text;
        let root = self.type_root(variable);
        let class = &mut self.types[root];
        if class.conflicted {
            return Ok(());
        }
        let met = merge(class.known, Some(Known { ty, span, variable: name }));
        class.conflicted = met.is_err();
        class.known = met?;
        Ok(())
    }

    /// Gives two variables one type.
    pub fn unite_types(&mut self, left: VariableId, right: VariableId) -> Result<(), Conflict<'a>> {
        let (left, right) = (self.type_root(left), self.type_root(right));
        if left == right {
            return Ok(());
        }
        let (first, second) = (self.types[left], self.types[right]);
        self.types[right].parent = left as u32;
        let root = &mut self.types[left];
        root.hidden |= second.hidden;
        root.conflicted |= second.conflicted;
        if root.conflicted {
            return Ok(());
        }
        let met = merge(first.known, second.known);
        root.conflicted = met.is_err();
        root.known = met?;
        Ok(())
    }

    /// The type of a variable, where its places agree on one.
    pub fn type_of(&mut self, variable: VariableId) -> Option<Known<'a>> {
        let root = self.type_root(variable);
        let class = self.types[root];
        if class.conflicted { None } else { class.known }
    }

    /// Says that a mistake hides the type of one of its places.
    pub fn hide_type(&mut self, variable: VariableId) {
        let root = self.type_root(variable);
        self.types[root].hidden = true;
    }

    /// Whether a mistake that has been reported may be why its type is not known.
    pub fn is_hidden(&mut self, variable: VariableId) -> bool {
        let root = self.type_root(variable);
        self.types[root].hidden || self.types[root].conflicted
    }

    /// Says that a variable has a value.
    pub fn bind(&mut self, variable: VariableId) {
        let root = self.value_root(variable);
        self.values[root].bound = true;
    }

    /// Whether something gives it a value.
    pub fn is_bound(&mut self, variable: VariableId) -> bool {
        let root = self.value_root(variable);
        self.values[root].bound
    }

    /// Says that two variables have one value.
    pub fn unite_values(&mut self, left: VariableId, right: VariableId) {
        let (left, right) = (self.value_root(left), self.value_root(right));
        let joined = self.values[right];
        self.values[right].parent = left as u32;
        self.values[left].bound |= joined.bound;
        self.values[left].action = self.values[left].action.or(joined.action);
    }

    /// Says that a variable is one action.
    pub fn set_action(&mut self, variable: VariableId, action: ActionId, span: Span) {
        let root = self.value_root(variable);
        self.values[root].action.get_or_insert((action, span));
    }

    /// The action that a variable is, where `=` says it.
    pub fn action_of(&mut self, variable: VariableId) -> Option<(ActionId, Span)> {
        let root = self.value_root(variable);
        self.values[root].action
    }

    /// The variables with their types; without one (a mistake has been reported) any type stands in.
    pub fn finish(mut self) -> Vec<Variable> {
        (0..self.variables.len() as u32)
            .map(|number| Variable {
                name: self.variables[number as usize].text.to_string(),
                ty: self.type_of(VariableId(number)).map_or(Type::Text, |known| known.ty),
            })
            .collect()
    }

    fn type_root(&mut self, variable: VariableId) -> usize {
        let mut at = variable.index();
        while self.types[at].parent as usize != at {
            let above = self.types[at].parent as usize;
            self.types[at].parent = self.types[above].parent;
            at = above;
        }
        at
    }

    fn value_root(&mut self, variable: VariableId) -> usize {
        let mut at = variable.index();
        while self.values[at].parent as usize != at {
            let above = self.values[at].parent as usize;
            self.values[at].parent = self.values[above].parent;
            at = above;
        }
        at
    }
}

fn merge<'a>(first: Option<Known<'a>>, second: Option<Known<'a>>) -> Result<Option<Known<'a>>, Conflict<'a>> {
    let (first, second) = match (first, second) {
        (Some(first), Some(second)) => (first, second),
        (first, second) => return Ok(first.or(second)),
    };
    match (first.ty, second.ty) {
        (left, right) if left == right => Ok(Some(first)),
        (Type::Resource, Type::Entity(_)) => Ok(Some(second)),
        (Type::Entity(_), Type::Resource) => Ok(Some(first)),
        _ => Err(Conflict { first, second }),
    }
}
