//! What else a set of edits turns: the requests that changed facts may reach are asked before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::compiler::program::vocabulary::REPORTED;
use crate::compiler::program::{ActionId, EntityId, RelationKind, Type};
use crate::data::{Guests, Value};
use crate::decision::Request;
use crate::explain::repair::edit::{self, Edit};
use crate::explain::repair::following::Following;
use crate::explain::things;
use crate::explain::world::{Pattern, World};

/// How many turned decisions are counted.
const COUNTED: usize = 1_000;

/// How many of them are told.
const SAMPLE: usize = 5;

/// What else edits turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// How many other decisions.
    pub turned: usize,
    /// Whether there may be more: `turned` is then the least.
    pub more: bool,
    /// For how many people the edits may matter.
    subjects: usize,
    /// Some of them, sorted.
    pub sample: Vec<Flip>,
    /// Whether `check --data` would have something to report that it has not now.
    pub reported: bool,
}

impl Effect {
    /// What is ranked by it: what leaves the data as it should be first, then that of which everything is known, then
    /// what matters to the fewest people.
    pub fn order(&self) -> (bool, bool, usize, usize) {
        let subjects = if self.more { self.subjects } else { 0 };
        (self.reported, self.more, subjects, self.turned)
    }
}

/// A decision that is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flip {
    /// Who asks.
    pub subject: Value,
    /// What they want to do.
    pub action: ActionId,
    /// What to.
    pub resource: Value,
    /// The new answer.
    pub allowed: bool,
}

/// Counts effects.
pub struct Effects<'e, 'g, 'm> {
    before: &'e World<'g, 'm>,
    request: &'e Request,
    things: BTreeMap<Option<EntityId>, Rc<Vec<Value>>>,
}

impl<'e, 'g, 'm> Effects<'e, 'g, 'm> {
    /// Of edits to a world.
    pub fn new(before: &'e World<'g, 'm>, request: &'e Request) -> Effects<'e, 'g, 'm> {
        Effects { before, request, things: BTreeMap::new() }
    }

    /// What edits turn besides the request: among those who have their own fact, all actions, and the things that
    /// have theirs.
    ///
    /// At most so many rows are gone through; how many were.
    pub fn of(&mut self, edits: &[Edit], rows: u64) -> (Effect, u64) {
        let after = World::new(self.before.ground, &edit::changes(edits));
        let following = Following::of(self.before, &after, self.request);
        let mut more = following.cut;
        let mut counting = Counting { after: &after, asked: FxHashSet::default(), flips: Vec::new(), rows_left: 0 };
        let (mut rows_left, mut patterns_left) = (rows, following.requests.len() as u64);
        for pattern in &following.requests {
            // Each has its share, and what those before it did not need.
            counting.rows_left = rows_left / patterns_left;
            let share = counting.rows_left;
            more |= share == 0 || self.each(pattern, &mut counting).is_break();
            rows_left -= share - counting.rows_left;
            patterns_left -= 1;
            if counting.flips.len() >= COUNTED {
                more = true;
                break;
            }
        }
        let gone_through = rows - rows_left;
        let subjects: BTreeSet<Option<Value>> = following.requests.iter().map(|pattern| pattern[0]).collect();
        let subjects = if subjects.contains(&None) { usize::MAX } else { subjects.len() };
        let mut flips = counting.flips;
        let turned = flips.len();
        let database = &self.before.ground.model.database;
        let actions = &self.before.ground.program().actions;
        flips.sort_by_key(|flip| {
            let texts = (database.symbols.text(flip.subject), database.symbols.text(flip.resource));
            (texts.0, &actions[flip.action.index()].name, texts.1)
        });
        flips.truncate(SAMPLE);
        (Effect { turned, more, subjects, sample: flips, reported: self.is_reported(edits, &after) }, gone_through)
    }

    /// Whether edits bring about something that is reported about the data.
    fn is_reported(&self, edits: &[Edit], after: &World) -> bool {
        let program = self.before.ground.program();
        let Some(reported) = program.relation_named(REPORTED).filter(|id| program.relation(*id).arity() == 1) else {
            return false;
        };
        let things = edits.iter().flat_map(|edit| {
            let fields = &program.relation(edit.relation()).fields;
            fields.iter().zip(edit.values()).filter(|(field, _)| matches!(field.ty, Type::Entity(_) | Type::Resource))
        });
        // The model may leave out what no decision needs, so the rules are asked.
        let mut things = things.map(|(_, thing)| [*thing]);
        let holds = |world: &World, thing: &[Value; 1]| !world.instances(reported, thing, true).is_empty();
        things.any(|thing| holds(after, &thing) && !holds(self.before, &thing))
    }

    /// Asks the requests of a pattern; `Break` where there are too many.
    fn each(&mut self, pattern: &Pattern, counting: &mut Counting) -> ControlFlow<()> {
        let program = self.before.ground.program();
        let subjects = self.some(pattern[0], Some(self.request.authorization.subject));
        let actions: Vec<ActionId> = match pattern[1] {
            Some(action) => vec![ActionId(action.0)],
            None => (0..program.actions.len() as u32).map(ActionId).collect(),
        };
        for action in actions {
            let on = program.actions[action.index()].on;
            for subject in subjects.iter() {
                match pattern[2] {
                    Some(resource) => {
                        if !self.some(Some(resource), on).is_empty() {
                            self.ask([*subject, Value(action.0), resource], counting)?;
                        }
                    }
                    None => self.every_resource(*subject, action, on, counting)?,
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Asks about the things that a subject may do an action to before or after: no other answer turns.
    fn every_resource(
        &mut self,
        subject: Value,
        action: ActionId,
        on: Option<EntityId>,
        counting: &mut Counting,
    ) -> ControlFlow<()> {
        let pattern = [Some(subject), Some(Value(action.0)), None];
        let allow = self.request.authorization.allow;
        for world in [counting.after, self.before] {
            let mut found: Vec<Option<Value>> = Vec::new();
            // The rest is for asking about what is found.
            let rows = counting.rows_left / 3;
            world.limit_rows(rows);
            let mut take = |resource: Option<Value>| {
                found.push(resource);
                // Whatever is asked: nothing more to look for.
                if resource.is_none() || found.len() as u64 >= rows {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            };
            let _ = match self.before.ground.program().relation(allow).kind {
                RelationKind::Decision => world.each_open(allow, &pattern, &mut |answer| take(answer[2])),
                RelationKind::Input | RelationKind::Relation => {
                    world.each(allow, &pattern, &mut |row| take(Some(row[2])))
                }
            };
            let cut = world.rows_left() == 0;
            counting.rows_left -= rows - world.rows_left();
            world.limit_rows(u64::MAX);
            let any = found.contains(&None);
            let all = self.some(None, on);
            let known = found.into_iter().flatten().filter(|thing| all.binary_search(thing).is_ok());
            let asked: Vec<Value> = if any { all.to_vec() } else { known.collect() };
            for resource in asked {
                self.ask([subject, Value(action.0), resource], counting)?;
            }
            if cut {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    /// Asks a request before and after.
    fn ask(&self, request: [Value; 3], counting: &mut Counting) -> ControlFlow<()> {
        let own = [self.request.subject, Value(self.request.action.0), self.request.resource];
        if request == own || !counting.asked.insert(request) {
            return ControlFlow::Continue(());
        }
        if counting.rows_left == 0 || counting.flips.len() >= COUNTED {
            return ControlFlow::Break(());
        }
        counting.rows_left -= 1;
        let allowed = self.is_allowed(counting.after, &request);
        if allowed != self.is_allowed(self.before, &request) {
            let [subject, action, resource] = request;
            counting.flips.push(Flip { subject, action: ActionId(action.0), resource, allowed });
        }
        ControlFlow::Continue(())
    }

    fn is_allowed(&self, world: &World, request: &[Value; 3]) -> bool {
        let asked = request.map(Some);
        let authorization = self.request.authorization;
        world.holds(authorization.allow, &asked) && !authorization.deny.is_some_and(|deny| world.holds(deny, &asked))
    }

    /// The things of an entity that a place of a pattern may be, if it is left open; nothing where it is of another.
    fn some(&mut self, place: Option<Value>, entity: Option<EntityId>) -> Rc<Vec<Value>> {
        let all = Rc::clone(self.things.entry(entity).or_insert_with(|| {
            let model = self.before.ground.model;
            let mut guests = Guests::default();
            let mut found = match entity {
                Some(entity) => things::things(model, &mut guests, entity),
                None => things::all_things(model, &mut guests),
            };
            // What no fact names is nothing that a change of facts is about.
            found.retain(|value| value.index() < model.database.symbols.end());
            found.sort_unstable();
            Rc::new(found)
        }));
        match place {
            Some(value) if all.binary_search(&value).is_ok() => Rc::new(vec![value]),
            Some(_) => Rc::default(),
            None => all,
        }
    }
}

/// What was found so far.
struct Counting<'c, 'g, 'm> {
    after: &'c World<'g, 'm>,
    asked: FxHashSet<[Value; 3]>,
    flips: Vec<Flip>,
    rows_left: u64,
}
