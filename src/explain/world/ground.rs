//! What the worlds of one model share: its rows, and its rules by what they conclude and what they name.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::compiler::program::{EntityId, Literal, Program, RelationId, RelationKind, Rule, RuleId, Term, Type};
use crate::data::Value;
use crate::decision::may_hold;
use crate::engine::Model;
use crate::explain::world::solve::atom_of;
use crate::explain::world::{Bindings, Pattern, Rows};

/// The rules of relations by action; without one where the number is none.
type ByAction = FxHashMap<(RelationId, Value), Rc<[RuleId]>>;

/// What the worlds of one model share.
#[derive(Debug)]
pub struct Ground<'m> {
    /// The model.
    pub model: &'m Model<'m>,
    /// The ways to its rows.
    pub rows: Rows<'m>,
    rules_of: Vec<Vec<RuleId>>,
    /// By relation: the rules whose bodies name it, and in which literal.
    users_of: Vec<Vec<(RuleId, usize)>>,
    /// By relation: whether it is recursive or aggregated, so that it is derived as a whole.
    whole: Vec<bool>,
    /// By relation and action: the rules that may conclude it of that action.
    by_action: RefCell<ByAction>,
}

impl<'m> Ground<'m> {
    /// Nothing is indexed yet.
    pub fn new(model: &'m Model<'m>) -> Ground<'m> {
        let program = model.program;
        let relations = program.relations.len();
        let (mut rules_of, mut users_of) = (vec![Vec::new(); relations], vec![Vec::new(); relations]);
        for (number, rule) in program.rules.iter().enumerate() {
            rules_of[rule.head.relation.index()].push(RuleId(number as u32));
            for (at, literal) in rule.body.iter().enumerate() {
                if let Some(atom) = atom_of(literal) {
                    users_of[atom.relation.index()].push((RuleId(number as u32), at));
                }
            }
        }
        let mut whole: Vec<bool> = program.relations.iter().map(|relation| relation.aggregate.is_some()).collect();
        for component in program.components.iter().filter(|component| component.recursive) {
            component.relations.iter().for_each(|relation| whole[relation.index()] = true);
        }
        Ground { model, rows: Rows::new(model), rules_of, users_of, whole, by_action: RefCell::default() }
    }

    /// The program of the model.
    pub fn program(&self) -> &'m Program {
        self.model.program
    }

    /// The rules that conclude a relation, in the order in which they decide.
    pub fn rules_of(&self, relation: RelationId) -> &[RuleId] {
        &self.rules_of[relation.index()]
    }

    /// The rules that may conclude a pattern: for a known action those that are about it, as far as their heads and the
    /// tables of the policy tell; none where it is not done to the thing.
    pub fn rules_for(&self, relation: RelationId, pattern: &[Option<Value>]) -> Rc<[RuleId]> {
        if !self.may_hold(relation, pattern) {
            return Rc::default();
        }
        let action = self.program().relation(relation).action_place().and_then(|place| Some((place, pattern[place]?)));
        let (place, key) = match action {
            Some((place, action)) => (Some((place, action)), action),
            None => (None, Value(u32::MAX)),
        };
        if let Some(known) = self.by_action.borrow().get(&(relation, key)) {
            return Rc::clone(known);
        }
        let rules = self.rules_of(relation).iter().copied();
        let rules: Rc<[RuleId]> = match place {
            Some((place, action)) => rules.filter(|rule| self.is_about(*rule, place, action)).collect(),
            None => rules.collect(),
        };
        self.by_action.borrow_mut().insert((relation, key), Rc::clone(&rules));
        rules
    }

    /// Whether a pattern may hold at all: what an action would be done to fits it, as far as both are known.
    pub fn may_hold(&self, relation: RelationId, pattern: &[Option<Value>]) -> bool {
        may_hold(self.program(), relation, |place| pattern[place], |thing| self.entity(thing))
    }

    /// Whether a rule may conclude something of an action.
    fn is_about(&self, rule: RuleId, place: usize, action: Value) -> bool {
        let rule = self.program().rule(rule);
        let mut pattern: Pattern = std::iter::repeat_n(None, rule.head.terms.len()).collect();
        pattern[place] = Some(action);
        let Some(bindings) = self.head_bindings(rule, &pattern) else { return false };
        rule.body.iter().all(|literal| match literal {
            Literal::Positive(atom) if self.is_fixed(atom.relation) => {
                let pattern = self.pattern(&atom.terms, &bindings);
                self.rows.each(atom.relation, &pattern, &mut |_| ControlFlow::Break(())).is_break()
            }
            Literal::Positive(_) | Literal::Negative(_) | Literal::Comparison(_) => true,
        })
    }

    /// The rules whose bodies name a relation, and in which literal.
    pub fn users_of(&self, relation: RelationId) -> &[(RuleId, usize)] {
        &self.users_of[relation.index()]
    }

    /// By relation: whether it is one of these, or may follow from them.
    pub fn reached_from(&self, relations: impl IntoIterator<Item = RelationId>) -> Vec<bool> {
        let mut reached = vec![false; self.users_of.len()];
        let mut open: Vec<RelationId> = relations.into_iter().collect();
        while let Some(relation) = open.pop() {
            if !std::mem::replace(&mut reached[relation.index()], true) {
                let heads = self.users_of(relation).iter().map(|(rule, _)| self.program().rule(*rule).head.relation);
                open.extend(heads);
            }
        }
        reached
    }

    /// Whether a relation is a table of the policy: no rule and no data adds to it.
    pub fn is_fixed(&self, relation: RelationId) -> bool {
        self.program().relation(relation).kind == RelationKind::Relation && self.rules_of(relation).is_empty()
    }

    /// Whether a relation is recursive or aggregated.
    pub fn is_whole(&self, relation: RelationId) -> bool {
        self.whole[relation.index()]
    }

    /// Whether a relation rests on itself.
    pub fn is_recursive(&self, relation: RelationId) -> bool {
        self.whole[relation.index()] && self.program().relation(relation).aggregate.is_none()
    }

    /// The entity of a thing.
    pub fn entity(&self, value: Value) -> Option<EntityId> {
        self.model.database.symbols.tag(value).entity()
    }

    /// The variables of a rule after its head has met a pattern; nothing where it does not fit.
    pub fn head_bindings(&self, rule: &Rule, pattern: &[Option<Value>]) -> Option<Bindings> {
        let mut bindings: Bindings = std::iter::repeat_n(None, rule.variables.len()).collect();
        let fields = &self.program().relation(rule.head.relation).fields;
        for ((term, wanted), field) in rule.head.terms.iter().zip(pattern).zip(fields) {
            let Some(wanted) = wanted else { continue };
            if !self.meets(rule, term, field.ty, *wanted, &mut bindings) {
                return None;
            }
        }
        Some(bindings)
    }

    /// Gives a term a value that stands at a place of that type; whether it may have it.
    pub fn meets(&self, rule: &Rule, term: &Term, ty: Type, value: Value, bindings: &mut Bindings) -> bool {
        match term {
            Term::Wildcard => true,
            Term::Constant(constant) => self.model.database.constant(*constant) == value,
            Term::Variable(variable) => match bindings[variable.index()] {
                Some(bound) => bound == value,
                None => {
                    bindings[variable.index()] = Some(value);
                    match (rule.variables[variable.index()].ty, ty) {
                        (Type::Entity(entity), Type::Resource) => self.entity(value) == Some(entity),
                        _ => true,
                    }
                }
            },
        }
    }

    /// What an atom asks for under bindings.
    pub fn pattern(&self, terms: &[Term], bindings: &Bindings) -> Pattern {
        terms.iter().map(|term| self.value(term, bindings)).collect()
    }

    /// The value of a term, where it has one.
    pub fn value(&self, term: &Term, bindings: &Bindings) -> Option<Value> {
        match term {
            Term::Wildcard => None,
            Term::Constant(constant) => Some(self.model.database.constant(*constant)),
            Term::Variable(variable) => bindings[variable.index()],
        }
    }
}
