//! Whom and what the sides are compared about, in pieces for threads: everyone and everything that either side knows, or
//! what requests name. Each is made known to every corner, so that no question has guests.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::compiler::program::{ActionId, EntityId};
use crate::data::{Guests, Tag, Value};
use crate::decision::{Authorization, Request};
use crate::engine::Model;
use crate::explain::things::things;

/// So many things are asked about at once.
const PIECE: usize = 1 << 12;

/// A request by names: user, action, the entity of the resource, and its id.
pub type NamedRequest = (String, String, String, String);

/// What to compare.
#[derive(Clone, Debug)]
pub enum Scope {
    /// Everything, or as far as these users and actions are concerned.
    Everything {
        /// These users, known or not, in place of everyone with their own fact on either side.
        users: Option<BTreeSet<String>>,
        /// These actions alone.
        actions: Option<BTreeSet<String>>,
    },
    /// These requests.
    Requests(BTreeSet<NamedRequest>),
}

/// Whether decisions and levels are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds {
    /// Decisions.
    pub decisions: bool,
    /// Levels.
    pub levels: bool,
}

/// Whom and what the sides are compared about.
#[derive(Debug)]
pub struct Asked {
    pub(super) users: Listed,
    /// By name.
    pub(super) actions: Vec<Action>,
    /// By name.
    pub(super) entities: Vec<(String, Listed)>,
    pub(super) pieces: Pieces,
    /// The actions whose levels alone are told.
    levels_of: Option<BTreeSet<String>>,
}

/// Some who or what, sorted by id.
#[derive(Debug)]
pub(super) struct Listed {
    /// By corner: their numbers; nothing where their entity is not known.
    pub by_corner: Vec<Option<Vec<Value>>>,
    pub len: usize,
}

/// An action of either side.
#[derive(Debug)]
pub(super) struct Action {
    name: String,
    /// By corner.
    pub ids: Vec<Option<ActionId>>,
    /// The numbers of the entities that it may be done to.
    entities: Vec<usize>,
}

/// What is asked at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The number of the user.
    pub user: usize,
    /// What about them.
    pub about: About,
}

/// What is asked about a user at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// All their levels.
    Levels,
    /// An action, done to some things of an entity.
    Things {
        /// The number of the action.
        action: usize,
        /// The number of the entity.
        entity: usize,
        /// The numbers of the things.
        things: Range<usize>,
    },
}

impl Piece {
    /// How many decisions it asks of each side.
    pub fn questions(&self) -> u64 {
        self.about.questions()
    }
}

impl About {
    fn questions(&self) -> u64 {
        match self {
            About::Levels => 0,
            About::Things { things, .. } => things.len() as u64,
        }
    }
}

/// What is asked, in order.
#[derive(Debug)]
pub(super) enum Pieces {
    /// The same about each user.
    Each(Vec<About>),
    /// These.
    These(Vec<Piece>),
}

impl Asked {
    /// Lists whom and what to ask about, and makes them known to all models, of which the first two are the sides.
    pub fn of(models: &mut [Model], authorization: Authorization, scope: &Scope, kinds: Kinds) -> Asked {
        let subject = models[0].program.entities[authorization.subject.index()].name.clone();
        match scope {
            Scope::Everything { users, actions } => {
                let people = match users {
                    Some(users) => users.clone(),
                    None => of_sides(models, &subject),
                };
                let names = names_of(models, |program| program.actions.iter().map(|action| &action.name));
                let wanted = |name: &String| actions.as_ref().is_none_or(|actions| actions.contains(name));
                let names: Vec<String> = names.into_iter().filter(wanted).collect();
                let mut entities: BTreeSet<String> = BTreeSet::new();
                names.iter().for_each(|name| entities.extend(done_to(models, name)));
                let mut listed = Vec::new();
                for entity in entities {
                    let ids = if kinds.decisions { of_sides(models, &entity) } else { BTreeSet::new() };
                    let things = Listed::of(models, &entity, &ids);
                    listed.push((entity, things));
                }
                let users = Listed::of(models, &subject, &people);
                let named: Vec<Action> = names.into_iter().map(|name| Action::of(models, name, &listed)).collect();
                let pieces = Pieces::Each(about_each(&named, &listed, kinds));
                Asked { users, actions: named, entities: listed, pieces, levels_of: actions.clone() }
            }
            Scope::Requests(requests) => Asked::about(models, &subject, requests, kinds),
        }
    }

    fn about(models: &mut [Model], subject: &str, requests: &BTreeSet<NamedRequest>, kinds: Kinds) -> Asked {
        let people: BTreeSet<String> = requests.iter().map(|(user, ..)| user.clone()).collect();
        let names: BTreeSet<String> = requests.iter().map(|(_, action, ..)| action.clone()).collect();
        let mut things: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (_, _, entity, id) in requests {
            things.entry(entity.clone()).or_default().insert(id.clone());
        }
        let mut listed = Vec::new();
        for (entity, ids) in &things {
            listed.push((entity.clone(), Listed::of(models, entity, ids)));
        }
        let users = Listed::of(models, subject, &people);
        let place = |set: &BTreeSet<String>| -> BTreeMap<String, usize> { set.iter().cloned().zip(0..).collect() };
        let (user_places, action_places) = (place(&people), place(&names));
        let thing_places: Vec<BTreeMap<String, usize>> = things.values().map(place).collect();
        let mut pieces = Vec::new();
        for (user, action, entity, id) in requests {
            let user = user_places[user];
            let is_new = pieces.last().is_none_or(|last: &Piece| last.user != user);
            if is_new && kinds.levels {
                pieces.push(Piece { user, about: About::Levels });
            }
            let entity = things.keys().position(|other| other == entity).unwrap_or_default();
            let thing = thing_places[entity][id];
            let about = About::Things { action: action_places[action], entity, things: thing..thing + 1 };
            if kinds.decisions {
                pieces.push(Piece { user, about });
            }
        }
        let actions = names.into_iter().map(|name| Action::of(models, name, &listed)).collect();
        Asked { users, actions, entities: listed, pieces: Pieces::These(pieces), levels_of: None }
    }

    /// How many decisions are asked of each side.
    pub fn questions(&self) -> u64 {
        match &self.pieces {
            Pieces::Each(about) => {
                about.iter().map(About::questions).sum::<u64>().saturating_mul(self.users.len as u64)
            }
            Pieces::These(pieces) => pieces.iter().map(Piece::questions).sum(),
        }
    }

    /// How many pieces there are.
    pub fn pieces(&self) -> usize {
        match &self.pieces {
            Pieces::Each(about) => about.len() * self.users.len,
            Pieces::These(pieces) => pieces.len(),
        }
    }

    /// A piece by its number; they are sorted by user, action, and resource.
    pub fn piece(&self, number: usize) -> Piece {
        match &self.pieces {
            Pieces::Each(about) => Piece { user: number / about.len(), about: about[number % about.len()].clone() },
            Pieces::These(pieces) => pieces[number].clone(),
        }
    }

    /// A user in a corner.
    pub(super) fn user(&self, corner: usize, user: usize) -> Option<Value> {
        self.users.value(corner, user)
    }

    /// Whether levels of that action, or of something else, are asked about.
    pub(super) fn is_about_level(&self, action: Option<&str>) -> bool {
        self.levels_of.as_ref().is_none_or(|actions| action.is_some_and(|action| actions.contains(action)))
    }

    pub(super) fn action_name(&self, action: usize) -> &str {
        &self.actions[action].name
    }

    pub(super) fn entity_name(&self, entity: usize) -> &str {
        &self.entities[entity].0
    }

    /// A thing in a corner.
    pub(super) fn thing(&self, corner: usize, entity: usize, thing: usize) -> Option<Value> {
        self.entities[entity].1.value(corner, thing)
    }

    /// A request as a corner knows it; nothing where it has no such action, or none that is done to such a thing.
    pub(super) fn request(
        &self,
        corner: usize,
        model: &Model,
        authorization: Authorization,
        [user, action, entity, thing]: [usize; 4],
    ) -> Option<Request> {
        let subject = self.user(corner, user)?;
        let action = self.actions[action].ids[corner]?;
        let resource = self.thing(corner, entity, thing)?;
        let on = model.program.actions[action.index()].on;
        let fits = on.is_none_or(|on| model.program.entities[on.index()].name == self.entities[entity].0);
        fits.then_some(Request { authorization, subject, action, resource })
    }
}

impl Listed {
    fn of(models: &mut [Model], entity: &str, ids: &BTreeSet<String>) -> Listed {
        let intern = |model: &mut Model| {
            let entity = model.program.entity_named(entity)?;
            let intern = |id: &String| model.database.symbols.intern(Tag::thing(entity), id);
            Some(ids.iter().map(intern).collect())
        };
        Listed { by_corner: models.iter_mut().map(intern).collect(), len: ids.len() }
    }

    fn value(&self, corner: usize, number: usize) -> Option<Value> {
        self.by_corner[corner].as_ref().map(|values| values[number])
    }
}

impl Action {
    fn of(models: &[Model], name: String, listed: &[(String, Listed)]) -> Action {
        let ids = models.iter().map(|model| model.program.action_named(&name)).collect();
        let done_to = done_to(models, &name);
        let entities = (0..listed.len()).filter(|entity| done_to.contains(&listed[*entity].0)).collect();
        Action { name, ids, entities }
    }
}

/// What is asked about each user: their levels, then action by action.
fn about_each(actions: &[Action], entities: &[(String, Listed)], kinds: Kinds) -> Vec<About> {
    let mut about = Vec::new();
    if kinds.levels {
        about.push(About::Levels);
    }
    for (action, asked) in actions.iter().enumerate().filter(|_| kinds.decisions) {
        for entity in asked.entities.iter().copied() {
            let len = entities[entity].1.len;
            let things = (0..len).step_by(PIECE).map(|start| start..len.min(start + PIECE));
            about.extend(things.map(|things| About::Things { action, entity, things }));
        }
    }
    about
}

/// Names of either side.
fn names_of<'m, I: Iterator<Item = &'m String>>(
    models: &[Model<'m>],
    names: impl Fn(&'m crate::compiler::program::Program) -> I,
) -> BTreeSet<String> {
    models.iter().flat_map(|model| names(model.program)).cloned().collect()
}

/// The ids of the things of an entity on either side.
fn of_sides(models: &[Model], entity: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for model in &models[..2] {
        let Some(entity) = model.program.entity_named(entity) else { continue };
        let mut guests = Guests::default();
        let found = things(model, &mut guests, entity);
        ids.extend(found.into_iter().map(|thing| guests.text(&model.database.symbols, thing).to_owned()));
    }
    ids
}

/// The names of the entities to which an action may be done on either side.
fn done_to(models: &[Model], action: &str) -> BTreeSet<String> {
    let mut entities = BTreeSet::new();
    for program in models.iter().map(|model| model.program) {
        let Some(action) = program.action_named(action) else { continue };
        let name = |entity: EntityId| program.entities[entity.index()].name.clone();
        match program.actions[action.index()].on {
            Some(entity) => entities.extend([name(entity)]),
            None => entities.extend((0..program.entities.len() as u32).map(|entity| name(EntityId(entity)))),
        }
    }
    entities
}
