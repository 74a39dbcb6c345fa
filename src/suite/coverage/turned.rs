//! Bodies with one literal turned round: what holds when everything else does, and this literal does not.

use crate::compiler::program::{
    Atom, Comparison, Literal, Operator, Program, RelationId, RelationKind, Rule, Term, VariableId,
};

/// The body of a rule with the literal at this place turned round; nothing where the literal gives a variable its values
/// that something else needs, so that the rule can't do without it.
pub(super) fn turned(program: &Program, rule: &Rule, at: usize) -> Option<Vec<Literal>> {
    let mut body = rule.body.clone();
    body[at] = match &rule.body[at] {
        Literal::Positive(atom) => Literal::Negative(alone(program, rule, at, atom)),
        Literal::Negative(atom) => Literal::Positive(atom.clone()),
        Literal::Comparison(comparison) => {
            Literal::Comparison(Comparison { operator: opposite(comparison.operator), ..comparison.clone() })
        }
    };
    is_safe(program, rule, &body).then_some(body)
}

/// The decisions that a body asks.
pub(super) fn decisions<'r>(program: &'r Program, rule: &'r Rule) -> impl Iterator<Item = &'r Atom> {
    rule.body.iter().filter_map(atom_of).filter(|atom| is_decision(program, atom.relation))
}

/// The literals of a rule's body that ask no decision.
pub(super) fn stored(program: &Program, rule: &Rule) -> Vec<Literal> {
    stored_literals(program, &rule.body)
}

/// The literals of a body that ask no decision.
pub(super) fn stored_literals(program: &Program, body: &[Literal]) -> Vec<Literal> {
    let asks_none = |literal: &&Literal| atom_of(literal).is_none_or(|atom| !is_decision(program, atom.relation));
    body.iter().filter(asks_none).cloned().collect()
}

/// The variables of an atom.
pub(super) fn variables(atom: &Atom) -> impl Iterator<Item = VariableId> {
    atom.terms.iter().filter_map(variable_of)
}

/// An atom with `_` for the variables that nothing else in the rule has.
fn alone(program: &Program, rule: &Rule, at: usize, atom: &Atom) -> Atom {
    if is_decision(program, atom.relation) {
        return atom.clone();
    }
    let others = rule.body.iter().enumerate().filter(|(other, _)| *other != at);
    let mut elsewhere: Vec<VariableId> = others.flat_map(|(_, literal)| variables_of(literal)).collect();
    elsewhere.extend(variables(&rule.head));
    let opened = |term: &Term| match variable_of(term) {
        Some(variable) if !elsewhere.contains(&variable) => Term::Wildcard,
        Some(_) | None => *term,
    };
    Atom { terms: atom.terms.iter().map(opened).collect(), ..atom.clone() }
}

/// Whether everything that needs a value gets one.
fn is_safe(program: &Program, rule: &Rule, body: &[Literal]) -> bool {
    let decides = is_decision(program, rule.head.relation);
    let mut bound = vec![false; rule.variables.len()];
    let mut needed: Vec<VariableId> = Vec::new();
    match decides {
        true => variables(&rule.head).for_each(|variable| bound[variable.index()] = true),
        false => needed.extend(variables(&rule.head)),
    }
    for literal in body {
        match literal {
            Literal::Positive(atom) if !is_decision(program, atom.relation) => {
                variables(atom).for_each(|variable| bound[variable.index()] = true);
            }
            _ => needed.extend(variables_of(literal)),
        }
    }
    while pass_on(body, &mut bound) {}
    needed.iter().all(|variable| bound[variable.index()])
}

/// Gives values on through `=`; whether another variable got one.
fn pass_on(body: &[Literal], bound: &mut [bool]) -> bool {
    let has_value = |term: &Term, bound: &[bool]| variable_of(term).is_none_or(|variable| bound[variable.index()]);
    let mut changed = false;
    for literal in body {
        let Literal::Comparison(Comparison { left, operator: Operator::Equal, right, .. }) = literal else { continue };
        for (from, to) in [(left, right), (right, left)] {
            if let Some(variable) = variable_of(to)
                && has_value(from, bound)
                && !bound[variable.index()]
            {
                bound[variable.index()] = true;
                changed = true;
            }
        }
    }
    changed
}

fn opposite(operator: Operator) -> Operator {
    match operator {
        Operator::Equal => Operator::NotEqual,
        Operator::NotEqual => Operator::Equal,
        Operator::Less => Operator::GreaterOrEqual,
        Operator::LessOrEqual => Operator::Greater,
        Operator::Greater => Operator::LessOrEqual,
        Operator::GreaterOrEqual => Operator::Less,
    }
}

fn variables_of(literal: &Literal) -> Vec<VariableId> {
    match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => variables(atom).collect(),
        Literal::Comparison(comparison) => [comparison.left, comparison.right].iter().filter_map(variable_of).collect(),
    }
}

fn variable_of(term: &Term) -> Option<VariableId> {
    match term {
        Term::Variable(variable) => Some(*variable),
        Term::Constant(_) | Term::Wildcard => None,
    }
}

fn atom_of(literal: &Literal) -> Option<&Atom> {
    match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => Some(atom),
        Literal::Comparison(_) => None,
    }
}

fn is_decision(program: &Program, relation: RelationId) -> bool {
    program.relation(relation).kind == RelationKind::Decision
}
