//! What changes from one side to another: against the portal oracle, and by hand.

mod causes;
mod narrow;
mod oracle;

use std::collections::BTreeSet;

use rolecall::compiler::source::Sources;
use rolecall::decision::Authorization;
use rolecall::engine::{Derivation, Engine, Model, derive};
use rolecall::explain::changes::{
    Asked, Change, Comparing, Comparison, Corner, Kinds, LevelKeys, Scope, Varied, carried, reached,
};

use crate::evaluation::{Compiled, policy_with};

/// Rules with data.
pub struct Side {
    compiled: Compiled,
    sources: Sources,
    json: String,
}

impl Side {
    /// The built-in policy with more rules, and data.
    pub fn new(rules: &str, json: impl Into<String>) -> Side {
        let compiled = policy_with(&[rules]);
        let mut sources = Sources::default();
        compiled.sources().iter().for_each(|(_, source)| {
            sources.add(source.name.clone(), source.text.clone(), source.origin);
        });
        Side { compiled, sources, json: json.into() }
    }
}

/// Everything that changes, in order.
pub fn changes(old: &Side, new: &Side, varied: Varied) -> Vec<Change> {
    let kinds = Kinds { decisions: true, levels: true };
    changes_of(old, new, varied, &Scope::Everything { users: None, actions: None }, kinds)
}

/// What changes of that.
pub fn changes_of(old: &Side, new: &Side, varied: Varied, scope: &Scope, kinds: Kinds) -> Vec<Change> {
    compared(old, new, varied, scope, kinds, true).0
}

/// What changes, and how many decisions were asked of each side: all, or those that may change.
pub fn compared(
    old: &Side,
    new: &Side,
    varied: Varied,
    scope: &Scope,
    kinds: Kinds,
    narrowed: bool,
) -> (Vec<Change>, u64) {
    let sides = [old, new];
    let databases = sides.map(|side| side.compiled.database(&side.json));
    let mut facts: Vec<_> = sides.into_iter().zip(databases).collect();
    if varied == Varied::Both {
        let crossed = [(0, 1), (1, 0)].map(|(rules, data): (usize, usize)| {
            let to = sides[rules];
            (to, carried(&sides[data].compiled.program, &facts[data].1, &to.compiled.program))
        });
        facts.extend(crossed);
    }
    let authorization = |side: &Side| Authorization::of(&side.compiled.program).unwrap();
    let how = Derivation { engine: Engine::Auto, ..Derivation::default() };
    let models = facts.into_iter().map(|(side, facts)| derive(&side.compiled.program, facts, &how, None).unwrap());
    let mut models: Vec<Model> = models.collect();
    let asked = Asked::of(&mut models, authorization(old), scope, kinds);
    let rules = [old, new, old, new];
    let corners = models.into_iter().zip(rules);
    let corners = corners.map(|(model, side)| Corner::prepare(model, authorization(side), &side.sources, true));
    let corners: Vec<Corner> = corners.collect();
    let asked = match reached(&corners) {
        Some(requests) if narrowed => asked.narrowed(&requests),
        _ => asked,
    };
    let levels = LevelKeys::of(&corners).unwrap();
    let comparison = Comparison::new(&corners, &asked, Some(&levels), varied);
    let mut comparing = Comparing::new(&comparison);
    ((0..asked.pieces()).flat_map(|piece| comparing.changes(piece)).collect(), asked.questions())
}

/// These as a set of texts.
pub fn set<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.into_iter().map(str::to_owned).collect()
}
