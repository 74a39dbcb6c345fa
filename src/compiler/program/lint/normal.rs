//! Rules without what makes no difference to their answers: a variable that stands alone is `_`, `>` is `<` turned,
//! a literal stands once.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::super::names::is_stored;
use super::super::{Literal, Operator, RelationId, Rule, Term, Type, VariableId};
use super::Lint;
use super::variables::count_uses;

/// What a literal says of its terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Says {
    /// They are in the relation.
    Holds(RelationId),
    /// They are not.
    HoldsNot(RelationId),
    /// They compare so, with `=`, `!=`, `<` or `<=`.
    Compares(Operator),
}

/// A literal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    pub says: Says,
    pub terms: Vec<Term>,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NormalRule {
    pub head: RelationId,
    pub head_terms: Vec<Term>,
    /// What holds first, then what does not, then the comparisons, as written.
    pub body: Vec<Part>,
    /// By [`VariableId`].
    pub types: Vec<Type>,
}

/// How often colors are refined. Variables that are told apart only over more steps keep the order they are written in.
const ROUNDS: usize = 6;

impl Part {
    /// Whether its two sides may change places.
    pub fn is_symmetric(&self) -> bool {
        matches!(self.says, Says::Compares(Operator::Equal | Operator::NotEqual))
    }
}

impl NormalRule {
    /// The rule with variables and literals in an order that does not depend on how they are written. Rules that
    /// come out equal are the same; rules that are the same nearly always come out equal.
    pub fn canonical(&self) -> NormalRule {
        let colors = self.colors();
        let mut body = self.body.clone();
        body.sort_by_cached_key(|part| hash_of_part(part, &colors));
        let mut numbers: Vec<Option<u32>> = vec![None; self.types.len()];
        let mut types = Vec::new();
        let mut renamed = |term: &mut Term| {
            if let Term::Variable(variable) = term {
                let number = *numbers[variable.index()].get_or_insert_with(|| {
                    types.push(self.types[variable.index()]);
                    types.len() as u32 - 1
                });
                *variable = VariableId(number);
            }
        };
        let mut head_terms = self.head_terms.clone();
        head_terms.iter_mut().for_each(&mut renamed);
        for part in &mut body {
            if part.is_symmetric() {
                part.terms.sort_by_key(|term| hash_of_term(term, &colors));
            }
            part.terms.iter_mut().for_each(&mut renamed);
        }
        NormalRule { head: self.head, head_terms, body, types }
    }

    /// A number for each variable that tells where it stands, and beside which others.
    fn colors(&self) -> Vec<u64> {
        let mut colors: Vec<u64> = self.types.iter().map(hash).collect();
        for _ in 0..ROUNDS.min(self.types.len()) {
            let mut next = colors.clone();
            let mut see = |terms: &[Term], says: u64, is_symmetric: bool| {
                for (place, term) in terms.iter().enumerate() {
                    if let Term::Variable(variable) = term {
                        let place = if is_symmetric { 0 } else { place };
                        let color = &mut next[variable.index()];
                        *color = color.wrapping_add(hash(&(says, place)));
                    }
                }
            };
            see(&self.head_terms, hash_of_terms(&self.head_terms, &colors), false);
            self.body.iter().for_each(|part| see(&part.terms, hash_of_part(part, &colors), part.is_symmetric()));
            colors = next.iter().map(hash).collect();
        }
        colors
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

fn hash_of_term(term: &Term, colors: &[u64]) -> u64 {
    match term {
        Term::Variable(variable) => hash(&(0_u8, colors[variable.index()])),
        Term::Constant(_) | Term::Wildcard => hash(&(1_u8, term)),
    }
}

fn hash_of_terms(terms: &[Term], colors: &[u64]) -> u64 {
    let hashes: Vec<u64> = terms.iter().map(|term| hash_of_term(term, colors)).collect();
    hash(&hashes)
}

fn hash_of_part(part: &Part, colors: &[u64]) -> u64 {
    let mut hashes: Vec<u64> = part.terms.iter().map(|term| hash_of_term(term, colors)).collect();
    if part.is_symmetric() {
        hashes.sort_unstable();
    }
    hash(&(part.says, hashes))
}

impl Lint<'_> {
    /// The rules of the program in their order.
    pub fn normal_rules(&self) -> Vec<NormalRule> {
        self.program.rules.iter().map(|rule| self.normal(rule)).collect()
    }

    fn normal(&self, rule: &Rule) -> NormalRule {
        let mut uses = vec![0_u32; rule.variables.len()];
        count_uses(rule, |variable| uses[variable.index()] += 1);
        // `_` takes all that its place holds.
        let is_alone = |term: &Term, ty: Type| match term {
            Term::Variable(variable) => uses[variable.index()] == 1 && rule.variables[variable.index()].ty == ty,
            Term::Constant(_) | Term::Wildcard => false,
        };
        let opened = |relation: RelationId, terms: &[Term]| -> Vec<Term> {
            let fields = &self.program.relation(relation).fields;
            let open = |(term, field): (&Term, &super::super::Field)| match is_alone(term, field.ty) {
                true => Term::Wildcard,
                false => *term,
            };
            terms.iter().zip(fields).map(open).collect()
        };
        let head_terms = match is_stored(self.program.relation(rule.head.relation).kind) {
            true => rule.head.terms.clone(),
            false => opened(rule.head.relation, &rule.head.terms),
        };
        let mut body: Vec<Part> = Vec::with_capacity(rule.body.len());
        let mut seen = rustc_hash::FxHashSet::default();
        for literal in &rule.body {
            let part = match literal {
                Literal::Positive(atom) => {
                    Part { says: Says::Holds(atom.relation), terms: opened(atom.relation, &atom.terms) }
                }
                Literal::Negative(atom) => Part { says: Says::HoldsNot(atom.relation), terms: atom.terms.clone() },
                Literal::Comparison(comparison) => {
                    let (left, right) = (comparison.left, comparison.right);
                    let (operator, terms) = match comparison.operator {
                        Operator::Greater => (Operator::Less, vec![right, left]),
                        Operator::GreaterOrEqual => (Operator::LessOrEqual, vec![right, left]),
                        operator => (operator, vec![left, right]),
                    };
                    Part { says: Says::Compares(operator), terms }
                }
            };
            if seen.insert(part.clone()) {
                body.push(part);
            }
        }
        body.sort_by_key(|part| match part.says {
            Says::Holds(_) => 0,
            Says::HoldsNot(_) => 1,
            Says::Compares(_) => 2,
        });
        let types = rule.variables.iter().map(|variable| variable.ty).collect();
        NormalRule { head: rule.head.relation, head_terms, body, types }
    }
}
