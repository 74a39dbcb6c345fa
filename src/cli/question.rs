//! Words to a request: the names that a person or a file gives for subject, action and resource.

use rustc_hash::FxHashMap;

use crate::cli::again::quoted;
use crate::cli::notes;
use crate::cli::workspace::Failure;
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::program::{self, ActionId, EntityId, Program};
use rolecall::compiler::suggest::{self, is_same};
use rolecall::data::{Database, Guests, Symbols, Tag, Value};
use rolecall::decision::{Authorization, Request};

/// So many actions that share a word with an unknown one are offered.
const MOST_OF_THE_KIND: usize = 5;

/// A subject or resource as it is named.
#[derive(Clone, Copy, Debug)]
pub enum Named<'n> {
    /// `c17`, or `chat:c17` where the word before the first colon is the entity that the place takes.
    Shorthand(&'n str),
    /// A type and an id.
    Typed(&'n str, &'n str),
}

/// The names of a program that requests use.
pub struct Names<'p> {
    program: &'p Program,
    authorization: Authorization,
    actions: FxHashMap<&'p str, ActionId>,
    entities: FxHashMap<&'p str, EntityId>,
}

impl<'p> Names<'p> {
    /// Those of a program; a mistake where it has no `allow` to decide requests.
    pub fn of(program: &'p Program) -> Result<Names<'p>, Box<Diagnostic>> {
        let authorization = Authorization::of(program).ok_or_else(|| missing_allow(program))?;
        let actions = program.actions.iter().zip(0..).map(|(action, number)| (action.name.as_str(), ActionId(number)));
        let entities =
            program.entities.iter().zip(0..).map(|(entity, number)| (entity.name.as_str(), EntityId(number)));
        Ok(Names { program, authorization, actions: actions.collect(), entities: entities.collect() })
    }

    /// The relations that decide.
    pub fn authorization(&self) -> Authorization {
        self.authorization
    }

    /// The request that these words make. Ids that no fact names become guests.
    ///
    /// The error is a sentence: an unknown action or type, or one that does not fit the other.
    pub fn request(
        &self,
        symbols: &Symbols,
        guests: &mut Guests,
        subject: Named,
        action: &str,
        resource: Named,
    ) -> Result<Request, String> {
        let action = self.action(action)?;
        let subject = self.subject(symbols, guests, subject)?;
        let resource = self.resource(symbols, guests, action, resource)?;
        Ok(Request { authorization: self.authorization, subject, action, resource })
    }

    /// Who asks.
    pub fn subject(&self, symbols: &Symbols, guests: &mut Guests, named: Named) -> Result<Value, String> {
        let (entity, id) = self.named("subject", Some(self.authorization.subject), named)?;
        thing(self.program, symbols, guests, entity, id, "subject")
    }

    /// What an action is done to.
    pub fn resource(
        &self,
        symbols: &Symbols,
        guests: &mut Guests,
        action: ActionId,
        named: Named,
    ) -> Result<Value, String> {
        let (entity, id) = self.named("resource", self.program.actions[action.index()].on, named)?;
        thing(self.program, symbols, guests, entity, id, "resource")
    }

    /// Notes that say which of the names of a request no fact knows, and what comes near.
    pub fn unknown(&self, database: &Database, request: &Request, given: [&str; 2]) -> Vec<String> {
        let on = self.program.actions[request.action.index()].on;
        let [subject, resource] = given;
        let asked = [(request.subject, Some(request.authorization.subject), subject), (request.resource, on, resource)];
        notes::unknown(self.program, database, &asked)
    }

    /// An action by its name.
    pub fn action(&self, name: &str) -> Result<ActionId, String> {
        self.actions.get(name).copied().ok_or_else(|| {
            let names = || self.program.actions.iter().map(|action| action.name.as_str());
            let mut near = suggest::nearest(name, names());
            if near.is_empty() {
                near = actions_of_the_kind(name, names());
            }
            format!("unknown action `{name}`{}", question_of(&near))
        })
    }

    /// The action among the words of a command, which expects it at that place.
    ///
    /// The failure says so where another word is one, and where to look where nothing comes near.
    pub fn action_in(&self, command: &str, words: &[&str], place: usize) -> Result<ActionId, Failure> {
        self.action(words[place]).map_err(|message| {
            let other = words.iter().position(|word| self.actions.contains_key(word));
            Failure::unanswerable(match other {
                Some(other) => {
                    let mut order = words.to_vec();
                    let action = order.remove(other);
                    order.insert(place, action);
                    let order: Vec<_> = order.into_iter().map(quoted).collect();
                    format!("`{}` is no action, but `{action}` is: write `{command} {}`", words[place], order.join(" "))
                }
                None if message.ends_with('?') => message,
                None => format!("{message}; `rolecall rules --actions` lists all"),
            })
        })
    }

    /// The name of an entity that things have: the first that is not the one of subjects, where there is another.
    fn entity_of_things(&self) -> &str {
        let subject = self.authorization.subject.index();
        let entities = self.program.entities.iter().enumerate();
        let other = entities.min_by_key(|(number, _)| *number == subject);
        other.map_or("", |(_, entity)| &entity.name)
    }

    /// The entity and id of what is named; `expected` is what the place takes, `None` for anything.
    fn named<'n>(
        &self,
        what: &str,
        expected: Option<EntityId>,
        named: Named<'n>,
    ) -> Result<(EntityId, &'n str), String> {
        match (named, expected) {
            (Named::Typed(ty, id), Some(expected)) => self.expect_entity(what, ty, expected).map(|()| (expected, id)),
            (Named::Typed(ty, id), None) => self.entity(what, ty).map(|entity| (entity, id)),
            (Named::Shorthand(text), Some(expected)) => Ok((expected, without_type(self.program, expected, text))),
            (Named::Shorthand(text), None) => {
                let (ty, id) = text.split_once(':').ok_or_else(|| {
                    let entity = self.entity_of_things();
                    format!("the action is done to any resource: write its type too, as in `{entity}:{text}`")
                })?;
                self.entity(what, ty).map(|entity| (entity, id))
            }
        }
    }

    fn expect_entity(&self, what: &str, ty: &str, expected: EntityId) -> Result<(), String> {
        let expected_name = &self.program.entities[expected.index()].name;
        if ty == expected_name {
            return Ok(());
        }
        self.entity(what, ty)?;
        Err(format!("the {what} is a `{ty}`, but a `{expected_name}` is expected"))
    }

    fn entity(&self, what: &str, name: &str) -> Result<EntityId, String> {
        self.entities.get(name).copied().ok_or_else(|| {
            let names = self.program.entities.iter().map(|entity| entity.name.as_str());
            format!("unknown type `{name}` of the {what}{}", advice(name, names))
        })
    }
}

/// A person by the id that is given for them, which may begin with their entity.
pub fn person(
    program: &Program,
    symbols: &Symbols,
    guests: &mut Guests,
    entity: EntityId,
    text: &str,
) -> Result<Value, String> {
    let what = &program.entities[entity.index()].name;
    thing(program, symbols, guests, entity, without_type(program, entity, text), what)
}

/// `c17` of `chat:c17`, where a chat is expected.
pub fn without_type<'n>(program: &Program, entity: EntityId, text: &'n str) -> &'n str {
    let (ty, id) = text.split_once(':').unwrap_or(("", text));
    if ty == program.entities[entity.index()].name { id } else { text }
}

fn thing(
    program: &Program,
    symbols: &Symbols,
    guests: &mut Guests,
    entity: EntityId,
    id: &str,
    what: &str,
) -> Result<Value, String> {
    let declared = &program.entities[entity.index()];
    match id {
        "" => Err(format!("the id of the {what} is empty")),
        _ if declared.single => Ok(guests.resolve(symbols, Tag::thing(entity), &declared.name)),
        _ => Ok(guests.resolve(symbols, Tag::thing(entity), id)),
    }
}

fn missing_allow(program: &Program) -> Diagnostic {
    program::missing_allow(program)
        .note("requests are decided by a `decision allow(…: <an entity>, …: action, …: resource)`")
        .note("`check`, `query` and `test` work on every policy")
}

/// The actions that share a word with a name, as `history.view` does with `history`, those that begin with it first.
fn actions_of_the_kind<'a>(name: &str, actions: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let shared = |action: &&str| action.split('.').position(|word| name.split('.').any(|other| is_same(word, other)));
    let mut found: Vec<(usize, &str)> = actions.filter_map(|action| Some((shared(&action)?, action))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, action)| action).take(MOST_OF_THE_KIND).collect()
}

/// What to type instead, where something comes near.
pub fn advice<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> String {
    question_of(&suggest::nearest(wanted, names))
}

fn question_of(near: &[&str]) -> String {
    match near {
        [] => String::new(),
        near => format!("; {}", suggest::did_you_mean(near)),
    }
}
