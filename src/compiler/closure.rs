//! Which components are the closure of one relation under steps: their pairs need not be stored one by one.

use super::program::{Atom, Component, Literal, Program, RelationId, RelationKind, Rule, RuleId, Term, VariableId};

/// A component of one binary relation whose recursive rules only follow steps from one thing to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// The relation.
    pub relation: RelationId,
    /// Where its recursive rules add a step.
    pub growth: Growth,
    /// The recursive rules.
    pub steps: Vec<Step>,
    /// The other rules, which give the pairs to begin with.
    pub base: Vec<RuleId>,
}

/// Where recursive rules add to the pairs of their relation `r`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// Behind: `r(X, Z) if r(X, Y), step(Y, Z)`.
    Behind,
    /// In front: `r(X, Z) if step(X, Y), r(Y, Z)`.
    Before,
    /// Both are pairs: `r(X, Z) if r(X, Y), r(Y, Z)`.
    Joined,
}

/// A recursive rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub rule: RuleId,
    /// The literal in its body that is the step.
    pub literal: usize,
    /// The variable that the step leads from.
    pub from: VariableId,
    /// The variable that it leads to.
    pub to: VariableId,
}

/// For each component of a program: the closure that it is, if it is one.
///
/// A step through a relation that is a closure itself does not count: there may be too many of them.
/// Costs one visit of each rule.
pub fn closures(program: &Program) -> Vec<Option<Closure>> {
    let mut is_closure = vec![false; program.relations.len()];
    let mut closures = Vec::with_capacity(program.components.len());
    for component in &program.components {
        let closure = closure(program, component, &is_closure);
        if let Some(closure) = &closure {
            is_closure[closure.relation.index()] = true;
        }
        closures.push(closure);
    }
    closures
}

fn closure(program: &Program, component: &Component, is_closure: &[bool]) -> Option<Closure> {
    let [relation] = component.relations[..] else { return None };
    let declared = program.relation(relation);
    if !component.recursive || declared.arity() != 2 || declared.aggregate.is_some() {
        return None;
    }
    let mut growth = None;
    let mut steps = Vec::new();
    let mut base = Vec::new();
    for id in &component.rules {
        let rule = program.rule(*id);
        let mentions = |literal: &Literal| matches!(literal, Literal::Positive(atom) if atom.relation == relation);
        if !rule.body.iter().any(mentions) {
            base.push(*id);
            continue;
        }
        let (kind, step) = step(program, *id, rule, is_closure)?;
        if growth.is_some_and(|growth| growth != kind) {
            return None;
        }
        growth = Some(kind);
        steps.push(step);
    }
    growth.map(|growth| Closure { relation, growth, steps, base })
}

/// A recursive rule as a step, if its body is two literals that lead from the first argument of the head to the second.
fn step(program: &Program, id: RuleId, rule: &Rule, is_closure: &[bool]) -> Option<(Growth, Step)> {
    let [Literal::Positive(left), Literal::Positive(right)] = &rule.body[..] else { return None };
    let (first, last) = variables(&rule.head)?;
    if first == last {
        return None;
    }
    let own = |atom: &Atom| atom.relation == rule.head.relation;
    if own(left) && own(right) {
        let joins = |one, other| leads(one, first).is_some_and(|middle| leads(other, middle) == Some(last));
        let through = |middle| middle != first && middle != last;
        let joined = (joins(left, right) && through(leads(left, first)?))
            || (joins(right, left) && through(leads(right, first)?));
        return joined.then_some((Growth::Joined, Step { rule: id, literal: 0, from: first, to: last }));
    }
    let (literal, step, pair) = if own(right) { (0, left, right) } else { (1, right, left) };
    let known = program.relation(step.relation).kind != RelationKind::Decision && !is_closure[step.relation.index()];
    let (one, other) = variables(step).filter(|_| known)?;
    let (from, to) = variables(pair)?;
    let (growth, middle, end) = match (from == first, to == last) {
        (true, false) => (Growth::Behind, to, last),
        (false, true) => (Growth::Before, from, first),
        _ => return None,
    };
    let connects = middle != first && middle != last && [(middle, end), (end, middle)].contains(&(one, other));
    let (from, to) = if growth == Growth::Behind { (middle, end) } else { (end, middle) };
    connects.then_some((growth, Step { rule: id, literal, from, to }))
}

/// The two arguments of a binary atom, if they are variables.
fn variables(atom: &Atom) -> Option<(VariableId, VariableId)> {
    match atom.terms[..] {
        [Term::Variable(one), Term::Variable(other)] => Some((one, other)),
        _ => None,
    }
}

/// The second argument of an atom whose first is that variable.
fn leads(atom: &Atom, from: VariableId) -> Option<VariableId> {
    variables(atom).filter(|(first, _)| *first == from).map(|(_, second)| second)
}
