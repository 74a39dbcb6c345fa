//! Repairs: the smallest changes of data that turn the answer to a request.
//!
//! `edit` is one change and `domain` what may stand in it, `search` finds sets of edits from the rules, `effect` counts
//! what else a set would turn, among the requests that `following` finds. Each set that is told was verified with the evaluator of `proof`, which shares no code
//! with the search: the answer turns, and with no part of the set alone.

mod domain;
mod edit;
mod effect;
mod following;
mod json;
mod search;
mod text;

use crate::compiler::program::{Program, RelationId, Type};
use crate::decision::Request;
use crate::engine::Model;
use crate::explain::changeable::Changeable;
use crate::explain::world::{Ground, World, changed_statements};
use crate::facts;
use crate::proof::evaluate::{Evaluator, Facts, Given};

pub use edit::Edit;
pub use effect::{Effect, Flip};
pub use json::json;
pub use text::text;

/// What may change, and how much is looked for.
#[derive(Debug)]
pub struct Bounds<'b> {
    /// The inputs whose facts may change.
    pub changeable: &'b Changeable,
    /// Whether facts may also be added to end access: so they may where the inputs were named.
    pub may_add: bool,
    /// The levels that data may give.
    pub levels: &'b facts::Levels,
    /// How many edits a repair has at most.
    pub most: usize,
    /// How many repairs are told.
    pub limit: usize,
}

/// The repairs of a request.
#[derive(Clone, Debug)]
pub struct Repairs {
    /// Whether they allow what is denied; else they deny what is allowed.
    pub allowing: bool,
    /// Those that turn least else first. All have the same number of edits: the smallest with which there are any.
    pub repairs: Vec<Repair>,
    /// How many more there are.
    pub more: usize,
    /// How many of all were compared by what else they turn.
    pub ranked: usize,
    /// How many edits were looked for.
    pub most: usize,
    /// Whether the inputs that may change were named.
    pub named: bool,
    /// Where a rule forbids and no repair is found: the inputs whose facts that rests on.
    pub forbidding: Vec<RelationId>,
    /// Whether the search ended before everything was looked at.
    pub cut: bool,
}

/// A set of edits that turns the answer.
#[derive(Clone, Debug)]
pub struct Repair {
    /// Sorted.
    pub edits: Vec<Edit>,
    /// What else it turns.
    pub effect: Effect,
}

/// So many repairs are ranked by what else they turn.
const RANKED: usize = 80;

/// So many rows are gone through to rank all of them, one of them at most and at least, and to count what one turns that is
/// told.
const ROWS_TO_RANK: u64 = 300_000;
const ROWS_FOR_ONE: u64 = 20_000;
const ROWS_AT_LEAST: u64 = 500;
const ROWS_TO_TELL: u64 = 100_000;

/// Finds the repairs of a request.
///
/// The things that the request names must be known to the model, and all of its relations derived.
pub fn repairs(model: &Model, request: &Request, bounds: &Bounds) -> Repairs {
    let ground = Ground::new(model);
    let mut verifier = Verifier { given: Given::new(&model.database), program: model.program, request };
    let allowing = !verifier.is_allowed(&[]);
    let mut search = search::Search::new(&ground, request, bounds, allowing);
    let mut found: Vec<Vec<Edit>> = Vec::new();
    for size in 1..=bounds.most {
        found = search.of_size(size);
        // The evaluator has the last word.
        found.retain(|edits| verifier.turns(edits, allowing));
        if !found.is_empty() {
            break;
        }
    }
    let found = edit::nearest_levels(model.program, found);
    let (repairs, more, ranked) = ranked(&ground, request, found, bounds.limit);
    let forbidding = if repairs.is_empty() && allowing { search.forbidding() } else { Vec::new() };
    let (most, named, cut) = (bounds.most, bounds.may_add, search.is_cut());
    Repairs { allowing, repairs, more, ranked, most, named, forbidding, cut }
}

/// Counts what each repair turns besides, and sorts by it; how many there are besides, and how many were counted.
fn ranked(ground: &Ground, request: &Request, mut found: Vec<Vec<Edit>>, limit: usize) -> (Vec<Repair>, usize, usize) {
    // What names who asks, or what is asked about, is likely to turn less than what does not.
    let names = |edits: &Vec<Edit>| {
        let near = |edit: &&Edit| edit.names(request.subject) || edit.names(request.resource);
        edits.len() - edits.iter().filter(near).count()
    };
    found.sort_by_cached_key(|edits| (names(edits), edits.clone()));
    let total = found.len();
    let before = World::unchanged(ground);
    let mut effects = effect::Effects::new(&before, request);
    let counted = found.into_iter().take(RANKED);
    let mut rows_left = ROWS_TO_RANK;
    let counted = counted.map(|edits| {
        let (effect, rows) = effects.of(&edits, rows_left.clamp(ROWS_AT_LEAST, ROWS_FOR_ONE));
        rows_left = rows_left.saturating_sub(rows);
        Repair { effect, edits }
    });
    let mut repairs: Vec<Repair> = counted.collect();
    let sort = |repairs: &mut Vec<Repair>| {
        repairs.sort_by(|one, other| one.effect.order().cmp(&other.effect.order()).then(one.edits.cmp(&other.edits)));
    };
    sort(&mut repairs);
    repairs.truncate(limit);
    for repair in repairs.iter_mut().filter(|repair| repair.effect.more) {
        repair.effect = effects.of(&repair.edits, ROWS_TO_TELL).0;
    }
    sort(&mut repairs);
    let more = total - repairs.len();
    (repairs, more, total.min(RANKED))
}

/// Asks the evaluator of proofs.
struct Verifier<'v> {
    given: Given<'v>,
    program: &'v Program,
    request: &'v Request,
}

impl Verifier<'_> {
    /// Whether the request is allowed after edits; where the evaluator gives up, it is not.
    fn is_allowed(&mut self, edits: &[Edit]) -> bool {
        let (removed, added) = changed_statements(&edit::changes(edits));
        let facts = Facts::all(&self.given).without(&removed).with(&added);
        let mut evaluator = Evaluator::new(self.program, facts);
        let outcome = evaluator.outcome(self.request.subject, self.request.action, self.request.resource);
        outcome.is_ok_and(|outcome| outcome.is_allowed())
    }

    /// Whether edits turn the answer, and no part of them does.
    fn turns(&mut self, edits: &[Edit], allowing: bool) -> bool {
        let parts = (0..1usize << edits.len()).rev().map(|chosen| {
            let part = edits.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1);
            part.map(|(_, edit)| edit.clone()).collect::<Vec<Edit>>()
        });
        let mut parts = parts.filter(|part| !part.is_empty());
        let whole = parts.next().is_some_and(|whole| self.is_allowed(&whole) == allowing);
        whole && parts.all(|part| self.is_allowed(&part) != allowing)
    }
}

/// The place of an ordered enum in the facts of a relation, such as a level: facts that differ in it alone take each
/// other's place.
pub(super) fn grade_place(program: &Program, relation: RelationId) -> Option<usize> {
    let fields = &program.relation(relation).fields;
    let ordered = |ty: Type| matches!(ty, Type::Enum(id) if program.enums[id.index()].ordered);
    let place = fields.iter().rposition(|field| ordered(field.ty))?;
    (fields.len() > 1).then_some(place)
}
