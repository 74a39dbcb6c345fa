//! The nearest misses of a request that no rule allows: for each rule that could have, what holds and what fails.
//!
//! `search` finds for a rule the values with which the least is missing, as far as `bounds` let it, `lack` says what a
//! failing literal lacks, `reason` why something holds, `near` which facts come near one that is not there. `text`, `json`
//! and `outline` tell it.

mod bounds;
mod json;
mod lack;
mod near;
mod outline;
mod reason;
mod search;
mod text;

use std::rc::Rc;

use crate::compiler::program::{RelationId, RuleId};
use crate::data::{FactOrigin, Value};
use crate::decision::Request;
use crate::engine::Model;
use crate::explain::miss::bounds::Bounds;
use crate::explain::miss::search::Search;
use crate::explain::world::{Bindings, Ground, Pattern, Row, World};

pub use json::{held_json, json, missing_json};
pub use outline::outline;
pub use search::Distance;
pub use text::{held_text, missing_text, text};

/// The nearest misses of a request.
#[derive(Clone, Debug)]
pub struct Misses {
    /// Nearest first.
    pub nearest: Vec<Rc<Miss>>,
    /// How many more rules came near.
    pub more: usize,
    /// Whether the search ended before everything was looked at, so that something nearer may have been missed.
    pub cut: bool,
}

/// A rule that does not derive what was asked, with values for its variables with which little is missing.
#[derive(Clone, Debug)]
pub struct Miss {
    /// The rule.
    pub rule: RuleId,
    /// By variable of the rule; `None` where nothing binds it.
    pub bindings: Bindings,
    /// What holds, in the order written. What the policy states for an action is left out.
    pub held: Vec<Held>,
    /// What fails, in the order written.
    pub failed: Vec<Failed>,
    /// How far it is.
    pub distance: Distance,
}

/// A literal that holds.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its place in the body.
    pub literal: usize,
    /// Of what.
    pub relation: RelationId,
    /// One for each place; `None` stands for any value.
    pub arguments: Pattern,
    /// Why.
    pub because: Because,
}

/// Why something holds.
#[derive(Clone, Debug)]
pub enum Because {
    /// It is a fact.
    Fact(FactOrigin),
    /// Rules derive it: the one that does, and those that derive what it rests on, as far as they tell something.
    Rules(Vec<(RuleId, Bindings)>),
    /// It is a `not`, and nothing derives it.
    Absent,
}

/// A literal that fails.
#[derive(Clone, Debug)]
pub enum Failed {
    /// It should hold, and does not.
    Missing(Rc<Missing>),
    /// It should not hold, and does.
    Present(Rc<Present>),
    /// A comparison: its place in the body, and its sides where they are known.
    Compared {
        /// Its place in the body.
        literal: usize,
        /// Left of the operator.
        left: Option<Value>,
        /// Right of it.
        right: Option<Value>,
    },
}

/// Something that does not hold.
#[derive(Clone, Debug)]
pub struct Missing {
    /// Of what.
    pub relation: RelationId,
    /// One for each place; `None` where nothing binds it.
    pub arguments: Pattern,
    /// Of a decision that asks for a level "at least": how high it goes.
    pub level: Option<Level>,
    /// Facts that come near, where facts are what is missing.
    pub near: Vec<(Row, FactOrigin)>,
    /// How many more such facts there are.
    pub more_near: usize,
    /// Of what rules derive: the rule that comes nearest to it.
    pub nearest: Option<Rc<Miss>>,
}

/// How high a decision goes that asks for a level.
#[derive(Clone, Debug)]
pub struct Level {
    /// The place of the level.
    pub place: usize,
    /// The highest for which it holds, and why; nothing where it holds for none.
    pub highest: Option<(Value, Because)>,
}

/// Something that holds and should not.
#[derive(Clone, Debug)]
pub struct Present {
    /// Of what.
    pub relation: RelationId,
    /// What the `not` asked; `None` stands for any value.
    pub arguments: Pattern,
    /// What holds.
    pub row: Pattern,
    /// Why.
    pub because: Because,
    /// What would undo it, where it rests on the absence of something.
    pub lacking: Option<Rc<Missing>>,
}

/// The nearest misses of a request that nothing allows, at most `limit` of them.
///
/// The things that the request names must be known to the model.
pub fn misses(model: &Model, request: &Request, limit: usize) -> Misses {
    let ground = Ground::new(model);
    let world = World::unchanged(&ground);
    misses_in(&world, request, limit)
}

/// As [`misses`], in a world that is there already.
pub fn misses_in(world: &World, request: &Request, limit: usize) -> Misses {
    let pattern = [request.subject, Value(request.action.0), request.resource].map(Some);
    nearest(world, request.authorization.allow, &pattern, limit)
}

/// What comes nearest to what a `not` says is not there; `None` in its arguments stands for any value.
pub fn absent(model: &Model, relation: RelationId, arguments: &[Option<Value>], limit: usize) -> Misses {
    let ground = Ground::new(model);
    nearest(&World::unchanged(&ground), relation, arguments, limit)
}

/// What does not hold and no rule comes near to: how high it goes, and the rows that come near.
pub fn missing(model: &Model, relation: RelationId, arguments: &Pattern) -> Rc<Missing> {
    let ground = Ground::new(model);
    Search::new(&World::unchanged(&ground), Bounds::narrow()).bare(relation, arguments)
}

/// Why statements hold, each in a line; those that do not are left out.
pub fn holding(model: &Model, statements: &[(RelationId, Pattern)]) -> Vec<Held> {
    let ground = Ground::new(model);
    let world = World::unchanged(&ground);
    let search = Search::new(&world, Bounds::narrow());
    let statements = statements.iter().enumerate();
    let held = statements.filter_map(|(literal, (relation, arguments))| {
        let because = search.because(*relation, arguments)?;
        Some(Held { literal, relation: *relation, arguments: arguments.clone(), because })
    });
    held.collect()
}

fn nearest(world: &World, relation: RelationId, arguments: &[Option<Value>], limit: usize) -> Misses {
    let mut search = Search::new(world, Bounds::narrow());
    let mut found = searched(&search, relation, arguments, limit);
    while found.cut
        && let Some(wider) = search.wider()
    {
        search = Search::new(world, wider);
        let more = searched(&search, relation, arguments, limit);
        if search.is_exhausted() {
            break;
        }
        found = more;
    }
    found
}

fn searched(search: &Search, relation: RelationId, arguments: &[Option<Value>], limit: usize) -> Misses {
    let mut nearest = search.every_rule(relation, arguments);
    nearest.retain(|miss| !miss.failed.is_empty());
    nearest.sort_by_key(|miss| miss.distance);
    let more = nearest.len().saturating_sub(limit);
    nearest.truncate(limit);
    // Nothing is nearer than a single link.
    let cut = search.is_cut() && nearest.iter().any(|miss| !miss.distance.is_least());
    Misses { nearest, more, cut }
}
