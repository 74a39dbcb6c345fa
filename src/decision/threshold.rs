//! Decisions that ask for a level "at least": where they hold for a member of an ordered enum, they hold for all
//! below. The highest answers every such question about the same other arguments, so it is found once.

use crate::compiler::program::{
    Comparison, Literal, Operator, Program, Relation, RelationId, RelationKind, Rule, Term, Type, VariableId,
};

/// By relation: the place of the level, where the rules make the decision one of this kind.
pub fn places(program: &Program) -> Vec<Option<usize>> {
    let mut places: Vec<Option<usize>> =
        program.relations.iter().map(|relation| candidate(program, relation)).collect();
    // A decision that rests on another falls with it, in the next round.
    loop {
        let falls =
            |rule: &&Rule| places[rule.head.relation.index()].is_some_and(|place| !is_downward(&places, rule, place));
        let fallen: Vec<RelationId> = program.rules.iter().filter(falls).map(|rule| rule.head.relation).collect();
        if fallen.is_empty() {
            return places;
        }
        for relation in fallen {
            places[relation.index()] = None;
        }
    }
}

fn candidate(program: &Program, relation: &Relation) -> Option<usize> {
    let ordered = |ty: Type| matches!(ty, Type::Enum(id) if program.enums[id.index()].ordered);
    let decision = relation.kind == RelationKind::Decision;
    relation.fields.iter().rposition(|field| ordered(field.ty)).filter(|_| decision)
}

/// Whether the rule answers for all levels below, too, where it answers for one: its variable for the level is
/// compared with others that must be as high, or handed on to decisions of this kind.
fn is_downward(places: &[Option<usize>], rule: &Rule, place: usize) -> bool {
    let level = match rule.head.terms[place] {
        Term::Wildcard => return true,
        Term::Constant(_) => return false,
        Term::Variable(level) => level,
    };
    let level_of = |relation: RelationId| places[relation.index()];
    let elsewhere = rule.head.terms.iter().filter(|term| **term == Term::Variable(level)).count() > 1;
    !elsewhere && rule.body.iter().all(|literal| !mentions(literal, level) || bound(level_of, literal, level).is_some())
}

/// What a literal bounds the level by.
#[derive(Clone, Copy, Debug)]
pub enum Bound<'r> {
    /// A value.
    Term(&'r Term),
    /// The highest level of a decision of this kind.
    Decision(RelationId, &'r [Term]),
}

/// The bound that a literal sets to the level, if that is all it says of it.
pub fn bound<'r>(
    level_of: impl Fn(RelationId) -> Option<usize>,
    literal: &'r Literal,
    level: VariableId,
) -> Option<Bound<'r>> {
    let level = Term::Variable(level);
    match literal {
        Literal::Comparison(Comparison { left, operator: Operator::GreaterOrEqual, right, .. }) if *right == level => {
            (*left != level).then_some(Bound::Term(left))
        }
        Literal::Comparison(Comparison { left, operator: Operator::LessOrEqual, right, .. }) if *left == level => {
            (*right != level).then_some(Bound::Term(right))
        }
        Literal::Positive(atom) => {
            let place = level_of(atom.relation)?;
            let others = atom.terms.iter().enumerate().any(|(other, term)| other != place && *term == level);
            (atom.terms[place] == level && !others).then_some(Bound::Decision(atom.relation, &atom.terms))
        }
        Literal::Comparison(_) | Literal::Negative(_) => None,
    }
}

fn mentions(literal: &Literal, variable: VariableId) -> bool {
    let is = |term: &Term| *term == Term::Variable(variable);
    match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => atom.terms.iter().any(is),
        Literal::Comparison(comparison) => is(&comparison.left) || is(&comparison.right),
    }
}
