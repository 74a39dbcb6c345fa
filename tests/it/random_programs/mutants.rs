//! Programs with one thing wrong, such as an engine could get wrong: what the comparison must notice.

use super::program::{Atom, Fact, Kind, Literal, Predicate, RandomProgram, RandomRule};
use crate::portal::random::Rng;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mutation {
    /// A rule is never applied.
    RuleDropped,
    /// A recursive rule is never applied.
    RecursionDropped,
    /// A recursive literal sees the facts and the first round only, as if its new rows were never taken.
    RoundsDropped,
    /// A `not` is taken to hold.
    NegationDropped,
    /// A comparison is taken to hold.
    ComparisonDropped,
    /// `max` is `min`, `min` and `count` are `max`.
    FoldSwapped,
    /// A fact that the rules state is lost.
    FactDropped,
}

impl Mutation {
    pub const ALL: &[Mutation] = &[
        Mutation::RuleDropped,
        Mutation::RecursionDropped,
        Mutation::RoundsDropped,
        Mutation::NegationDropped,
        Mutation::ComparisonDropped,
        Mutation::FoldSwapped,
        Mutation::FactDropped,
    ];

    /// The program with that wrong somewhere in its stored predicates, where it has such a place.
    pub fn of(self, program: &RandomProgram, rng: &mut Rng) -> Option<RandomProgram> {
        let mut mutant = program.clone();
        let stored = |rule: &RandomRule| program.predicates[rule.head.predicate].kind != Kind::Decision;
        let rules = |wanted: &dyn Fn(&RandomRule) -> bool| -> Vec<usize> {
            (0..program.rules.len()).filter(|at| stored(&program.rules[*at]) && wanted(&program.rules[*at])).collect()
        };
        let literals = |wanted: &dyn Fn(&Literal) -> bool| -> Vec<(usize, usize)> {
            let all = rules(&|_| true).into_iter().map(|rule| (rule, &program.rules[rule].body));
            all.flat_map(|(rule, body)| {
                (0..body.len()).filter(|at| wanted(&body[*at])).map(|at| (rule, at)).collect::<Vec<_>>()
            })
            .collect()
        };
        match self {
            Mutation::RuleDropped => drop(mutant.rules.remove(chosen(&rules(&|_| true), rng)?)),
            Mutation::RecursionDropped => {
                drop(mutant.rules.remove(chosen(&rules(&|rule| is_recursive(rule)), rng)?));
            }
            Mutation::RoundsDropped => drop_rounds(&mut mutant, chosen(&rules(&|rule| is_recursive(rule)), rng)?),
            Mutation::NegationDropped => {
                let (rule, at) = chosen(&literals(&|literal| matches!(literal, Literal::Negative(_))), rng)?;
                mutant.rules[rule].body.remove(at);
            }
            Mutation::ComparisonDropped => {
                // An `=` may be what binds.
                let tests =
                    |literal: &Literal| matches!(literal, Literal::Comparison(_, operator, _) if *operator != "=");
                let (rule, at) = chosen(&literals(&tests), rng)?;
                mutant.rules[rule].body.remove(at);
            }
            Mutation::FoldSwapped => swap_fold(&mut mutant, rng)?,
            Mutation::FactDropped => {
                let stated: Vec<usize> = (0..program.facts.len()).filter(|at| program.facts[*at].stated).collect();
                mutant.facts.remove(chosen(&stated, rng)?);
            }
        }
        Some(mutant)
    }
}

fn chosen<T: Clone>(from: &[T], rng: &mut Rng) -> Option<T> {
    (!from.is_empty()).then(|| rng.one(from))
}

fn own_literal(rule: &RandomRule) -> Option<usize> {
    rule.body
        .iter()
        .position(|literal| matches!(literal, Literal::Positive(atom) if atom.predicate == rule.head.predicate))
}

fn is_recursive(rule: &RandomRule) -> bool {
    own_literal(rule).is_some()
}

/// Lets the first recursive literal of a rule read a copy of the relation that has no recursive rules.
fn drop_rounds(program: &mut RandomProgram, rule: usize) {
    let head = program.rules[rule].head.predicate;
    let copy = program.predicates.len();
    let original = &program.predicates[head];
    program.predicates.push(Predicate { name: "first_round".to_owned(), kind: Kind::Relation, ..original.clone() });
    let facts: Vec<Fact> = program.facts.iter().filter(|fact| fact.predicate == head).cloned().collect();
    program.facts.extend(facts.into_iter().map(|fact| Fact { predicate: copy, stated: true, ..fact }));
    let once: Vec<RandomRule> =
        program.rules.iter().filter(|rule| rule.head.predicate == head && !is_recursive(rule)).cloned().collect();
    program.rules.extend(once.into_iter().map(|rule| {
        let head = Atom { predicate: copy, ..rule.head };
        RandomRule { head, body: rule.body }
    }));
    if let Some(at) = own_literal(&program.rules[rule])
        && let Literal::Positive(atom) = &mut program.rules[rule].body[at]
    {
        atom.predicate = copy;
    }
}

fn swap_fold(program: &mut RandomProgram, rng: &mut Rng) -> Option<()> {
    use super::program::{Argument, LEVEL, Ty};
    // `count` of what has an order can be `max` of it only where it is an integer.
    let folds: Vec<usize> = (0..program.predicates.len())
        .filter(|at| program.predicates[*at].fold.is_some_and(|(function, _)| function != "count"))
        .collect();
    let swapped = chosen(&folds, rng)?;
    let (function, place) = program.predicates[swapped].fold?;
    debug_assert!([Ty::Int, LEVEL].contains(&program.predicates[swapped].types[place]));
    let other = if function == "max" { "min" } else { "max" };
    for rule in program.rules.iter_mut().filter(|rule| rule.head.predicate == swapped) {
        if let Argument::Fold(function, _) = &mut rule.head.arguments[place] {
            *function = other;
        }
    }
    program.predicates[swapped].fold = Some((other, place));
    Some(())
}
