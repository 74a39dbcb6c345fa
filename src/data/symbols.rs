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
/// A symbol costs about 30 bytes, and its own where it is longer than [`INLINE`].
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    entries: Vec<Entry>,
    /// The texts that are too long for their entries.
    arena: String,
    numbers: HashTable<Numbered>,
    integers: Vec<i64>,
    integer_numbers: FxHashMap<i64, u32>,
}

/// Texts of up to this many bytes stand in their entries.
const INLINE: usize = 12;

/// A symbol. To compare it with a text takes one place in memory, most of the time.
#[derive(Clone, Copy, Debug)]
struct Entry {
    tag: Tag,
    len: u32,
    /// The text, or the offset in the arena where a longer one begins.
    bytes: [u8; INLINE],
}

/// A symbol's number with its hash, so that the table grows without a look at the texts.
#[derive(Clone, Copy, Debug)]
struct Numbered {
    hash: u32,
    number: u32,
}

impl Numbered {
    /// What the table wants: its buckets from the low bits, its tags from the high ones.
    fn spread(hash: u32) -> u64 {
        u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

impl Symbols {
    /// The value of a text or thing, new or known.
    pub fn intern(&mut self, tag: Tag, text: &str) -> Value {
        let hash = hash_of(tag, text);
        if let Some(value) = self.find_hashed(hash, tag, text) {
            return value;
        }
        let number = self.entries.len() as u32;
        let mut bytes = [0; INLINE];
        match bytes.get_mut(..text.len()) {
            Some(place) => place.copy_from_slice(text.as_bytes()),
            None => {
                bytes[..8].copy_from_slice(&(self.arena.len() as u64).to_le_bytes());
                self.arena.push_str(text);
            }
        }
        self.entries.push(Entry { tag, len: text.len() as u32, bytes });
        let numbered = Numbered { hash, number };
        self.numbers.insert_unique(Numbered::spread(hash), numbered, |numbered| Numbered::spread(numbered.hash));
        Value(number)
    }

    /// The value of a text or thing that is known.
    pub fn find(&self, tag: Tag, text: &str) -> Option<Value> {
        self.find_hashed(hash_of(tag, text), tag, text)
    }

    #[inline]
    fn find_hashed(&self, hash: u32, tag: Tag, text: &str) -> Option<Value> {
        let same = |numbered: &Numbered| numbered.hash == hash && self.is(numbered.number, tag, text);
        self.numbers.find(Numbered::spread(hash), same).map(|numbered| Value(numbered.number))
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
        std::str::from_utf8(self.bytes(&self.entries[value.index()])).unwrap_or_default()
    }

    /// What kind of symbol it is.
    pub fn tag(&self, value: Value) -> Tag {
        self.entries[value.index()].tag
    }

    /// The integer of a value of type `int`.
    pub fn integer(&self, value: Value) -> i64 {
        self.integers[value.index()]
    }

    /// How many texts and things there are; their values are the numbers below it.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All things of an entity, in the order they became known.
    pub fn things(&self, entity: EntityId) -> impl Iterator<Item = Value> {
        let wanted = Tag::thing(entity);
        let numbered = self.entries.iter().zip(0..);
        numbered.filter(move |(entry, _)| entry.tag == wanted).map(|(_, number)| Value(number))
    }

    /// The ids of all things of an entity, in the order they became known.
    pub fn ids(&self, entity: EntityId) -> impl Iterator<Item = &str> {
        self.things(entity).map(|value| self.text(value))
    }

    fn bytes<'s>(&'s self, entry: &'s Entry) -> &'s [u8] {
        let len = entry.len as usize;
        entry.bytes.get(..len).unwrap_or_else(|| {
            let offset = entry.bytes[..8].iter().rev().fold(0usize, |offset, byte| offset << 8 | usize::from(*byte));
            &self.arena.as_bytes()[offset..offset + len]
        })
    }

    #[inline]
    fn is(&self, number: u32, tag: Tag, text: &str) -> bool {
        let entry = &self.entries[number as usize];
        entry.tag == tag && self.bytes(entry) == text.as_bytes()
    }
}

fn hash_of(tag: Tag, text: &str) -> u32 {
    let hash = FxBuildHasher.hash_one((tag.0, text));
    (hash >> 32 ^ hash) as u32
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

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// Forgets all guests.
    pub fn clear(&mut self) {
        self.named.clear();
    }
}
