//! Which requests may be answered otherwise: what differs between the sides is followed up the rules of both.
//!
//! It may name too many requests, and never too few. A literal of a rule may change where a fact does; then the heads of the
//! rule may, as far as its other literals allow on that side. A statement that is the same on both sides is not followed, and
//! of what gets too wide the places are left open.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use crate::compiler::program::{Action, Literal, Program, Relation, RelationId, RelationKind, Rule, RuleId, Type};
use crate::data::Value;
use crate::explain::changes::comparison::{NEW, OLD};
use crate::explain::changes::corner::Corner;
use crate::explain::changes::translation::Translation;
use crate::explain::world::{Bindings, Ground, Pattern, Row, World};

/// With more differing facts, or more statements on the way, everything may change.
const FOLLOWED: usize = 200_000;

/// So many heads of a rule are told apart; where there are more, what they have in common is followed.
const HEADS: usize = 4_000;

/// So many rows are gone through on each side.
const ROWS: u64 = 20_000_000;

/// A statement with open places, in the numbers of each side that has words for it.
type Versions = [Option<(RelationId, Pattern)>; 2];

/// The requests that may change: user, action, and resource in the numbers of a side, and `None` for any.
pub type Requests = [BTreeSet<Pattern>; 2];

/// Finds them; nothing where everything may change, or what may is too much to tell apart.
pub fn requests(corners: &[Corner]) -> Option<Requests> {
    let sides = [&corners[OLD], &corners[NEW]];
    let [old, new] = sides.map(Corner::program);
    if !same_enums(old, new) || !same_actions(old, new) {
        return None;
    }
    let grounds = sides.map(|side| Ground::new(side.model()));
    let worlds = [World::unchanged(&grounds[OLD]), World::unchanged(&grounds[NEW])];
    worlds.iter().for_each(|world| world.limit_rows(ROWS));
    let translations = [Translation::between(old, new), Translation::between(new, old)];
    let mut reach = Reach {
        sides,
        worlds: &worlds,
        translations: &translations,
        seen: FxHashSet::default(),
        open: Vec::new(),
        requests: Requests::default(),
    };
    for side in [OLD, NEW] {
        reach.facts(side)?;
        reach.declarations(side);
        reach.rules(side);
    }
    while let Some(versions) = reach.open.pop() {
        if reach.seen.len() > FOLLOWED {
            return None;
        }
        for (side, version) in versions.iter().enumerate() {
            let Some((relation, pattern)) = version else { continue };
            for (rule, at) in grounds[side].users_of(*relation) {
                reach.through(side, sides[side].program().rule(*rule), *at, pattern);
            }
        }
    }
    Some(reach.requests)
}

fn same_enums(old: &Program, new: &Program) -> bool {
    let all = |program: &Program| -> BTreeSet<(String, Vec<String>, bool)> {
        program.enums.iter().map(|of| (of.name.clone(), of.members.clone(), of.ordered)).collect()
    };
    // An enum of one side alone is of no concern to what both have.
    let (old, new) = (all(old), all(new));
    let named = |one: &BTreeSet<(String, Vec<String>, bool)>, name: &str| one.iter().any(|(other, ..)| other == name);
    old.symmetric_difference(&new).all(|(name, ..)| !(named(&old, name) && named(&new, name)))
}

/// Whether the actions of both are done to the same entities.
fn same_actions(old: &Program, new: &Program) -> bool {
    let on = |program: &Program, action: &Action| action.on.map(|on| program.entities[on.index()].name.clone());
    old.actions.iter().all(|action| {
        let other = new.action_named(&action.name).map(|other| &new.actions[other.index()]);
        other.is_none_or(|other| on(new, other) == on(old, action))
    })
}

struct Reach<'r, 'g> {
    sides: [&'r Corner<'r>; 2],
    worlds: &'r [World<'g, 'g>; 2],
    translations: &'r [Translation; 2],
    /// Of a statement that both sides know, the version of the old one.
    seen: FxHashSet<(usize, RelationId, Pattern)>,
    open: Vec<Versions>,
    requests: Requests,
}

impl Reach<'_, '_> {
    /// The facts that this side alone has; nothing where there are too many.
    fn facts(&mut self, side: usize) -> Option<()> {
        let here = self.sides[side];
        let mut count = 0;
        for (number, relation) in here.program().relations.iter().enumerate() {
            let id = RelationId(number as u32);
            if relation.kind == RelationKind::Decision {
                continue;
            }
            let there = self.given_there(side, id);
            let database = &here.model().database;
            for row in database.given_rows(id) {
                let row: Pattern = row.iter().copied().map(Some).collect();
                let version = self.translated(side, id, &row);
                let known = version.and_then(|(_, version)| version.into_iter().collect::<Option<Row>>());
                if known.is_none_or(|known| !there.contains(&known)) {
                    count += 1;
                    self.reach(side, id, row);
                }
            }
            if count > FOLLOWED {
                return None;
            }
        }
        Some(())
    }

    /// The facts of the same relation on the other side.
    fn given_there(&self, side: usize, relation: RelationId) -> FxHashSet<Row> {
        let there = self.sides[1 - side];
        let Some(relation) = self.translations[side].relation(relation) else { return FxHashSet::default() };
        let stored = there.program().relation(relation).kind != RelationKind::Decision;
        let rows = stored.then(|| there.model().database.given_rows(relation));
        rows.into_iter().flatten().map(Row::from_slice).collect()
    }

    /// What the sides declare in other ways: every statement of such a relation, every request of an action of one alone.
    fn declarations(&mut self, side: usize) {
        let (here, there) = (self.sides[side].program(), self.sides[1 - side].program());
        let as_declared = |program: &Program, relation: &Relation| {
            let fields = relation.fields.iter().map(|field| program.type_name(field.ty).to_owned());
            (relation.kind, fields.collect::<Vec<_>>(), relation.aggregate)
        };
        for (number, relation) in here.relations.iter().enumerate() {
            let other = there.relation_named(&relation.name).map(|other| there.relation(other));
            if other.is_some_and(|other| as_declared(there, other) != as_declared(here, relation)) {
                let pattern = std::iter::repeat_n(None, relation.arity()).collect();
                self.reach(side, RelationId(number as u32), pattern);
            }
        }
        for (number, action) in (0..).zip(&here.actions) {
            if there.action_named(&action.name).is_none() {
                self.requests[side].insert([None, Some(Value(number)), None].into_iter().collect());
            }
        }
    }

    /// What the rules may conclude that this side alone has.
    fn rules(&mut self, side: usize) {
        let (here, there) = (self.sides[side], self.sides[1 - side]);
        for number in 0..here.program().rules.len() as u32 {
            if !there.has_rule(here, RuleId(number)) {
                let rule = here.program().rule(RuleId(number));
                let bindings = std::iter::repeat_n(None, rule.variables.len()).collect();
                self.heads(side, rule, None, &bindings);
            }
        }
    }

    /// What a rule concludes of a literal that changes.
    fn through(&mut self, side: usize, rule: &Rule, at: usize, pattern: &Pattern) {
        let (Literal::Positive(atom) | Literal::Negative(atom)) = &rule.body[at] else { return };
        let mut bindings: Bindings = std::iter::repeat_n(None, rule.variables.len()).collect();
        if self.worlds[side].bind(rule, atom, pattern, &mut bindings) {
            self.heads(side, rule, Some(at), &bindings);
        }
    }

    fn heads(&mut self, side: usize, rule: &Rule, but: Option<usize>, bindings: &Bindings) {
        let world = &self.worlds[side];
        let mut heads: FxHashSet<Pattern> = FxHashSet::default();
        if world.heads(rule, but, bindings, &mut heads, HEADS).is_break() {
            heads = FxHashSet::from_iter([world.ground.pattern(&rule.head.terms, bindings)]);
        }
        let aggregate = world.ground.program().relation(rule.head.relation).aggregate;
        let heads: BTreeSet<Pattern> = heads.into_iter().collect();
        for mut head in heads {
            // What is folded may become another value.
            if let Some(aggregate) = aggregate {
                head[aggregate.place] = None;
            }
            self.reach(side, rule.head.relation, head);
        }
    }

    /// Follows a statement that may have changed, unless it is known that it has not.
    fn reach(&mut self, side: usize, relation: RelationId, pattern: Pattern) {
        let mut versions = Versions::default();
        versions[1 - side] = self.translated(side, relation, &pattern);
        versions[side] = Some((relation, pattern));
        let first = versions.iter().position(Option::is_some).unwrap_or(side);
        let Some((relation, pattern)) = &versions[first] else { return };
        if !self.seen.insert((first, *relation, pattern.clone())) {
            return;
        }
        let holds = |side: usize| {
            versions[side].as_ref().is_some_and(|(relation, pattern)| self.worlds[side].holds(*relation, pattern))
        };
        if pattern.iter().all(Option::is_some) && holds(OLD) == holds(NEW) {
            return;
        }
        for (side, version) in versions.iter().enumerate() {
            let Some((relation, pattern)) = version else { continue };
            if self.sides[side].authorization.relations().any(|decides| decides == *relation) {
                self.requests[side].insert(pattern.clone());
            }
        }
        self.open.push(versions);
    }

    /// A pattern in the numbers of the other side; nothing where that has no word for it.
    fn translated(&self, side: usize, relation: RelationId, pattern: &Pattern) -> Option<(RelationId, Pattern)> {
        let (here, there) = (self.sides[side], self.sides[1 - side]);
        let translation = &self.translations[side];
        let symbols = (&here.model().database.symbols, &there.model().database.symbols);
        let types = here.program().relation(relation).fields.iter().map(|field| field.ty);
        let value = |(value, ty): (&Option<Value>, Type)| match value {
            None => Some(None),
            Some(value) => translation.value(ty, *value, symbols.0, symbols.1).map(Some),
        };
        Some((translation.relation(relation)?, pattern.iter().zip(types).map(value).collect::<Option<_>>()?))
    }
}
