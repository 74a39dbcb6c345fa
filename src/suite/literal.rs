//! Why a literal that is expected fails, where it is about no request: the derivation of what should not hold, or what
//! comes nearest to what should.

use std::rc::Rc;

use crate::compiler::program::{Atom, Literal, Term};
use crate::decision::Outcome;
use crate::engine::Model;
use crate::explain::miss::{self, Misses, Missing};
use crate::explain::{Pattern, Prover, Rulebook, first};
use crate::proof::{Statement, Step};
use crate::suite::Asked;

/// So many rules that come near are told.
const MISSES: usize = 1;

/// Why a literal comes out otherwise than expected.
#[derive(Clone, Debug)]
pub enum Why {
    /// What it denies holds, by these steps, the last of which concludes it. Of several instances it is the first.
    Derivation(Vec<Step>),
    /// Nothing derives it, and these rules come near.
    Near(Misses),
    /// It does not hold, and no rule comes near; facts may.
    Missing(Rc<Missing>),
}

/// Why a literal fails; nothing where it is a comparison, or a limit was reached.
pub(super) fn why(model: &mut Model, literal: &Literal) -> Option<Why> {
    match literal {
        Literal::Comparison(_) => None,
        Literal::Positive(atom) => Some(nearest(model, atom)),
        Literal::Negative(atom) => derivation(model, atom),
    }
}

/// Whether the reason of a request's outcome says why a literal about it fails: not where it asks for `allow` and `deny`
/// decides, or the other way round.
pub(super) fn is_told_by(literal: &Literal, asked: &Asked) -> bool {
    let (Literal::Positive(atom) | Literal::Negative(atom)) = literal else { return false };
    let authorization = asked.request.authorization;
    match asked.outcome {
        Outcome::Forbidden(_) => atom.relation != authorization.allow,
        Outcome::Allowed(_) | Outcome::NotPermitted => Some(atom.relation) != authorization.deny,
    }
}

fn derivation(model: &mut Model, atom: &Atom) -> Option<Why> {
    let row = first(model, atom.relation, &pattern(model, atom))?;
    let rulebook = Rulebook::whole(model, atom.relation);
    let statement = Statement { relation: atom.relation, arguments: row.to_vec() };
    Prover::new(model, &rulebook, None).derivation(&statement).ok().map(Why::Derivation)
}

fn nearest(model: &Model, atom: &Atom) -> Why {
    let pattern = pattern(model, atom);
    let misses = miss::absent(model, atom.relation, &pattern, MISSES);
    match misses.nearest.is_empty() {
        true => Why::Missing(miss::missing(model, atom.relation, &pattern)),
        false => Why::Near(Misses { more: 0, ..misses }),
    }
}

fn pattern(model: &Model, atom: &Atom) -> Pattern {
    let value = |term: &Term| match term {
        Term::Constant(constant) => Some(model.database.constant(*constant)),
        Term::Variable(_) | Term::Wildcard => None,
    };
    atom.terms.iter().map(value).collect()
}
