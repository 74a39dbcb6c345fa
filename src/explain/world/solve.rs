//! Going through a body: the literal that costs least next, a row at a time, until the asker has enough.

use std::ops::ControlFlow;

use smallvec::SmallVec;

use crate::compiler::program::{Atom, Comparison, Literal, Operator, RelationId, RelationKind, Rule, Term, Type};
use crate::data::Value;
use crate::engine::join;
use crate::explain::world::{Bindings, Pattern, World};

/// The literals of a body that are left, a bit for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left(SmallVec<[u64; 2]>);

impl Left {
    /// These of a body, by their places.
    pub fn of(places: impl IntoIterator<Item = usize>) -> Left {
        let mut words: SmallVec<[u64; 2]> = SmallVec::new();
        for place in places {
            let word = place / 64;
            words.resize(words.len().max(word + 1), 0);
            words[word] |= 1 << (place % 64);
        }
        Left(words)
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    fn places(&self) -> impl Iterator<Item = usize> {
        let words = self.0.iter().enumerate();
        words.flat_map(|(at, word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit))
    }

    fn without(&self, place: usize) -> Left {
        let mut left = self.clone();
        left.0[place / 64] &= !(1 << (place % 64));
        left
    }
}

/// The atom of a literal, unless it is a comparison.
pub fn atom_of(literal: &Literal) -> Option<&Atom> {
    match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => Some(atom),
        Literal::Comparison(_) => None,
    }
}

/// Whether an atom is known but for its wildcards.
pub fn is_known(terms: &[Term], pattern: &[Option<Value>]) -> bool {
    terms.iter().zip(pattern).all(|(term, value)| *term == Term::Wildcard || value.is_some())
}

impl World<'_, '_> {
    /// Hands out the bindings for which a body holds.
    pub fn solve(
        &self,
        rule: &Rule,
        mut bindings: Bindings,
        found: &mut dyn FnMut(&Bindings) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.go_on(rule, &Left::of(0..rule.body.len()), &mut bindings, found)
    }

    /// As [`World::solve`], for some of the literals.
    pub fn go_on(
        &self,
        rule: &Rule,
        left: &Left,
        bindings: &mut Bindings,
        found: &mut dyn FnMut(&Bindings) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if left.is_empty() {
            return found(bindings);
        }
        let at = self.next(rule, left, bindings);
        let left = &left.without(at);
        match &rule.body[at] {
            Literal::Comparison(comparison) => match self.compare(rule, comparison, bindings) {
                Compared::Holds => self.go_on(rule, left, bindings, found),
                Compared::Fails => ControlFlow::Continue(()),
                Compared::Binds(variable, value) => {
                    bindings[variable] = Some(value);
                    let flow = self.go_on(rule, left, bindings, found);
                    bindings[variable] = None;
                    flow
                }
            },
            Literal::Negative(atom) => {
                let pattern = self.ground.pattern(&atom.terms, bindings);
                match self.holds(atom.relation, &pattern) {
                    true => ControlFlow::Continue(()),
                    false => self.go_on(rule, left, bindings, found),
                }
            }
            Literal::Positive(atom) => {
                let pattern = self.ground.pattern(&atom.terms, bindings);
                if is_known(&atom.terms, &pattern) {
                    return match self.holds(atom.relation, &pattern) {
                        true => self.go_on(rule, left, bindings, found),
                        false => ControlFlow::Continue(()),
                    };
                }
                self.each_match(rule, atom, &pattern, bindings, &mut |bindings| self.go_on(rule, left, bindings, found))
            }
        }
    }

    /// Binds the variables of an atom to each row that fits.
    fn each_match(
        &self,
        rule: &Rule,
        atom: &Atom,
        pattern: &Pattern,
        bindings: &mut Bindings,
        go_on: &mut dyn FnMut(&mut Bindings) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let before = bindings.clone();
        let mut meet = |row: &[Option<Value>]| {
            self.spend()?;
            bindings.clone_from(&before);
            match self.bind(rule, atom, row, bindings) {
                true => go_on(bindings),
                false => ControlFlow::Continue(()),
            }
        };
        let flow = if self.ground.program().relation(atom.relation).kind == RelationKind::Decision {
            self.each_open(atom.relation, pattern, &mut meet)
        } else {
            self.each(atom.relation, pattern, &mut |row| {
                let row: Pattern = row.iter().copied().map(Some).collect();
                meet(&row)
            })
        };
        bindings.clone_from(&before);
        flow
    }

    /// Gives the variables of an atom the values of a row; whether they may have them.
    pub fn bind(&self, rule: &Rule, atom: &Atom, row: &[Option<Value>], bindings: &mut Bindings) -> bool {
        let fields = &self.ground.program().relation(atom.relation).fields;
        let mut places = atom.terms.iter().zip(row).zip(fields);
        places.all(|((term, value), field)| {
            value.is_none_or(|value| self.ground.meets(rule, term, field.ty, value, bindings))
        })
    }

    /// The arguments for which a decision holds, where a pattern leaves some open; `None` where any does.
    pub fn each_open(
        &self,
        relation: RelationId,
        pattern: &[Option<Value>],
        visit: &mut dyn FnMut(&[Option<Value>]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for id in self.ground.rules_for(relation, pattern).iter() {
            let rule = self.ground.program().rule(*id);
            let Some(bindings) = self.ground.head_bindings(rule, pattern) else { continue };
            self.solve(rule, bindings, &mut |bindings| {
                let answer = self.ground.pattern(&rule.head.terms, bindings);
                let answer: Pattern = answer.iter().zip(pattern).map(|(found, asked)| found.or(*asked)).collect();
                match self.ground.may_hold(relation, &answer) {
                    true => visit(&answer),
                    false => ControlFlow::Continue(()),
                }
            })?;
        }
        ControlFlow::Continue(())
    }

    /// The literal that costs least.
    fn next(&self, rule: &Rule, left: &Left, bindings: &Bindings) -> usize {
        let cheapest = left.places().min_by(|one, other| {
            let cost = |at: &usize| self.cost(&rule.body[*at], bindings);
            cost(one).total_cmp(&cost(other))
        });
        cheapest.unwrap_or_default()
    }

    /// What a literal costs next: rows to go through, with the work that follows from each.
    pub fn cost(&self, literal: &Literal, bindings: &Bindings) -> f64 {
        const LATER: f64 = 1e12;
        match literal {
            Literal::Comparison(comparison) => {
                let sides = [&comparison.left, &comparison.right].map(|side| self.ground.value(side, bindings));
                let known = sides.iter().flatten().count();
                let enough = if comparison.operator == Operator::Equal { 1 } else { 2 };
                if known >= enough { 0.0 } else { 2.0 * LATER }
            }
            Literal::Positive(atom) | Literal::Negative(atom) => {
                let pattern = self.ground.pattern(&atom.terms, bindings);
                let decision = self.ground.program().relation(atom.relation).kind == RelationKind::Decision;
                match (is_known(&atom.terms, &pattern), literal) {
                    (true, _) if decision => 8.0,
                    (true, Literal::Positive(_)) => 1.0,
                    (true, _) => 2.0,
                    (false, Literal::Positive(_)) if !decision => {
                        3.0 + 12.0 * self.ground.rows.expected(atom.relation, &pattern)
                    }
                    (false, Literal::Positive(_)) => LATER,
                    (false, _) => 3.0 * LATER,
                }
            }
        }
    }

    /// Whether a comparison holds, or which variable it binds. Of what is still open nothing is known against it.
    pub fn compare(&self, rule: &Rule, comparison: &Comparison, bindings: &Bindings) -> Compared {
        let Comparison { left, operator, right, ty, .. } = comparison;
        let symbols = &self.ground.model.database.symbols;
        match (self.ground.value(left, bindings), self.ground.value(right, bindings)) {
            (Some(left), Some(right)) => match join::compare(symbols, *operator, *ty, left, right) {
                true => Compared::Holds,
                false => Compared::Fails,
            },
            (None, Some(value)) if *operator == Operator::Equal => self.equal(rule, left, value, *ty),
            (Some(value), None) if *operator == Operator::Equal => self.equal(rule, right, value, *ty),
            _ => Compared::Holds,
        }
    }

    fn equal(&self, rule: &Rule, term: &Term, value: Value, ty: Type) -> Compared {
        let Term::Variable(variable) = term else { return Compared::Holds };
        match (rule.variables[variable.index()].ty, ty) {
            (Type::Entity(entity), Type::Resource) if self.ground.entity(value) != Some(entity) => Compared::Fails,
            _ => Compared::Binds(variable.index(), value),
        }
    }
}

/// What a comparison says under bindings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// It holds, as far as its sides are known.
    Holds,
    /// It does not.
    Fails,
    /// It gives a variable, by its number, a value.
    Binds(usize, Value),
}
