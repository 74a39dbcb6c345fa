//! Texts, things and integers by number: each is kept once, and a thing carries its entity, so that
//! user "5" is not department "5" and a `resource` needs no second column.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::compiler::program::EntityId;
use crate::data::Value;

/// What kind of symbol: a text, or a thing of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tag(u32);

impl Tag {
    /// A text.
    pub const TEXT: Tag = Tag(u32::MAX);

    /// A thing of that entity.
    pub fn thing(entity: EntityId) -> Tag {
        Tag(entity.0)
    }

    /// The entity, unless it is a text.
    pub fn entity(self) -> Option<EntityId> {
        (self != Tag::TEXT).then_some(EntityId(self.0))
    }
}

/// Every text, thing and integer that facts and rules name.
///
/// A symbol costs its bytes and about 20 more.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    arena: String,
    ends: Vec<u64>,
    tags: Vec<Tag>,
    numbers: HashTable<u32>,
    integers: Vec<i64>,
    integer_numbers: FxHashMap<i64, u32>,
}

impl Symbols {
    /// The value of a text or thing, new or known.
    pub fn intern(&mut self, tag: Tag, text: &str) -> Value {
        let hash = hash_of(tag, text);
        if let Some(number) = self.numbers.find(hash, |number| self.is(*number, tag, text)) {
            return Value(*number);
        }
        let number = self.tags.len() as u32;
        self.arena.push_str(text);
        self.ends.push(self.arena.len() as u64);
        self.tags.push(tag);
        let (arena, ends, tags) = (&self.arena, &self.ends, &self.tags);
        self.numbers.insert_unique(hash, number, |number| {
            hash_of(tags[*number as usize], slice(arena, ends, *number as usize))
        });
        Value(number)
    }

    /// The value of a text or thing that is known.
    pub fn find(&self, tag: Tag, text: &str) -> Option<Value> {
        self.numbers.find(hash_of(tag, text), |number| self.is(*number, tag, text)).map(|number| Value(*number))
    }

    /// The value of an integer.
    pub fn intern_integer(&mut self, integer: i64) -> Value {
        let next = self.integers.len() as u32;
        let number = *self.integer_numbers.entry(integer).or_insert(next);
        if number == next {
            self.integers.push(integer);
        }
        Value(number)
    }

    /// The text or id of a symbol.
    pub fn text(&self, value: Value) -> &str {
        slice(&self.arena, &self.ends, value.index())
    }

    /// What kind of symbol it is.
    pub fn tag(&self, value: Value) -> Tag {
        self.tags[value.index()]
    }

    /// The integer of a value of type `int`.
    pub fn integer(&self, value: Value) -> i64 {
        self.integers[value.index()]
    }

    /// How many texts and things there are; their values are the numbers below it.
    pub fn len(&self) -> usize {
        self.tags.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// The ids of all things of an entity, in the order they became known.
    pub fn ids(&self, entity: EntityId) -> impl Iterator<Item = &str> {
        let wanted = Tag::thing(entity);
        (0..self.len())
            .filter(move |number| self.tags[*number] == wanted)
            .map(|number| slice(&self.arena, &self.ends, number))
    }

    fn is(&self, number: u32, tag: Tag, text: &str) -> bool {
        self.tags[number as usize] == tag && slice(&self.arena, &self.ends, number as usize) == text
    }
}

fn slice<'a>(arena: &'a str, ends: &[u64], number: usize) -> &'a str {
    let start = if number == 0 { 0 } else { ends[number - 1] as usize };
    &arena[start..ends[number] as usize]
}

fn hash_of(tag: Tag, text: &str) -> u64 {
    FxBuildHasher.hash_one((tag.0, text))
}

/// Symbols that a question names and no fact does. They get the numbers behind those of [`Symbols`], which
/// stays shared and unchanged; equal texts get equal numbers, so that `=` holds among them.
#[derive(Debug, Default)]
pub struct Guests {
    named: Vec<(Tag, String)>,
}

impl Guests {
    /// The value of a text or thing, among the known symbols or as a guest.
    pub fn resolve(&mut self, symbols: &Symbols, tag: Tag, text: &str) -> Value {
        if let Some(value) = symbols.find(tag, text) {
            return value;
        }
        let known = self.named.iter().position(|(other, name)| *other == tag && name == text);
        let place = known.unwrap_or_else(|| {
            self.named.push((tag, text.to_owned()));
            self.named.len() - 1
        });
        Value((symbols.len() + place) as u32)
    }

    /// What kind of symbol a value is, guest or not.
    pub fn tag(&self, symbols: &Symbols, value: Value) -> Tag {
        match value.index().checked_sub(symbols.len()) {
            None => symbols.tag(value),
            Some(place) => self.named[place].0,
        }
    }

    /// Forgets all guests.
    pub fn clear(&mut self) {
        self.named.clear();
    }
}
