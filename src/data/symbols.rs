//! Texts, things and integers by number: each is kept once, and a thing carries its entity, so that
//! user "5" is not department "5" and a `resource` needs no second column.

use std::hash::BuildHasher;
use std::ops::Range;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::compiler::program::EntityId;
use crate::data::serial::{SerialPlace, Serials};
use crate::data::{Numbered, Value};

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

    /// Its place among the kinds.
    fn place(self) -> usize {
        self.0.wrapping_add(1) as usize
    }

    /// The entity, unless it is a text.
    pub fn entity(self) -> Option<EntityId> {
        (self != Tag::TEXT).then_some(EntityId(self.0))
    }
}

/// The serial ids of one prefix and entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesId {
    tag: Tag,
    series: usize,
}

/// Every text, thing and integer that facts and rules name.
///
/// Symbols of one kind get their numbers in blocks, so that they lie close together in memory, in indexes too.
/// A symbol costs about 26 bytes, a serial id about 20, and what is longer than 12 bytes its own length more.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    kinds: Vec<Kind>,
    /// By block: the kind of its symbols.
    tags: Vec<Tag>,
    /// By number.
    entries: Vec<Entry>,
    /// The texts that are too long for their entries.
    arena: String,
    integers: Vec<i64>,
    integer_numbers: FxHashMap<i64, u32>,
}

/// Texts of up to this many bytes stand in their entries.
const INLINE: usize = 12;

/// How many numbers a block has, as a power of two.
const BLOCK_BITS: u32 = 10;

/// The symbols of one kind.
#[derive(Clone, Debug, Default)]
struct Kind {
    /// Serial ids by their number.
    serials: Serials,
    /// All others by their hash.
    numbers: HashTable<Numbered>,
    count: usize,
    /// The numbers that its last block has left.
    free: Range<u32>,
}

impl Kind {
    fn insert(&mut self, hash: u32, value: Value) {
        let numbered = Numbered { hash, number: value.0 };
        self.numbers.insert_unique(Numbered::spread(hash), numbered, |numbered| Numbered::spread(numbered.hash));
    }
}

/// The text of a symbol. To compare it with another takes one place in memory, most of the time.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    len: u32,
    /// The text, or the offset in the arena where a longer one begins.
    bytes: [u8; INLINE],
}

impl Symbols {
    /// The value of a text or thing, new or known.
    pub fn intern(&mut self, tag: Tag, text: &str) -> Value {
        self.intern_after(None, tag, text)
    }

    /// [`Symbols::intern`] for a text of a sorted column: it is often that of `last`, or the symbol after it, and
    /// then needs no search.
    #[inline]
    pub fn intern_after(&mut self, last: Option<Value>, tag: Tag, text: &str) -> Value {
        let place = self.kinds.get(tag.place()).and_then(|kind| Some((kind, kind.serials.place(text)?)));
        match place {
            Some((kind, place)) => kind.serials.get(place).unwrap_or_else(|| self.intern_at(place, tag, text)),
            None => self.near(last, tag, text).unwrap_or_else(|| self.intern_anywhere(tag, text)),
        }
    }

    /// The symbol `last` or the one after it, if it has that text.
    fn near(&self, last: Option<Value>, tag: Tag, text: &str) -> Option<Value> {
        // Numbers that no symbol has yet look like the empty text.
        let last = last.filter(|_| !text.is_empty())?;
        [last, Value(last.0.wrapping_add(1))].into_iter().find(|value| {
            let entry = self.entries.get(value.index());
            entry.is_some_and(|entry| self.bytes(entry) == text.as_bytes()) && self.tag(*value) == tag
        })
    }

    /// The serial ids of an entity that have this prefix, once one of them is known.
    pub fn series(&self, tag: Tag, prefix: &[u8]) -> Option<SeriesId> {
        let series = self.kinds.get(tag.place())?.serials.series(prefix)?;
        Some(SeriesId { tag, series })
    }

    /// The things of a series by number; [`Value::NONE`] where none is found so, and for all behind the end. Any of these may
    /// still be known.
    pub fn by_number(&self, SeriesId { tag, series }: SeriesId) -> &[Value] {
        self.kinds[tag.place()].serials.symbols(series)
    }

    /// [`Symbols::intern`] for an id of a series whose number is read already.
    pub fn intern_serial(&mut self, SeriesId { tag, series }: SeriesId, number: u32, id: &str) -> Value {
        let place = SerialPlace { series, number };
        self.kinds[tag.place()].serials.get(place).unwrap_or_else(|| self.intern_at(place, tag, id))
    }

    /// A text that is no serial id of a known prefix.
    fn intern_anywhere(&mut self, tag: Tag, text: &str) -> Value {
        if self.kinds.len() <= tag.place() {
            self.kinds.resize_with(tag.place() + 1, Kind::default);
        }
        if tag != Tag::TEXT
            && let Some(place) = self.kinds[tag.place()].serials.place_of_new(text)
        {
            return self.intern_at(place, tag, text);
        }
        let hash = hash_of(text);
        self.find_hashed(hash, tag, text).unwrap_or_else(|| {
            let value = self.add(tag, text);
            self.kinds[tag.place()].insert(hash, value);
            value
        })
    }

    /// A serial id whose place is empty.
    fn intern_at(&mut self, place: SerialPlace, tag: Tag, text: &str) -> Value {
        let may_be_known = self.kinds[tag.place()].serials.has_outsiders(place);
        let known = if may_be_known { self.find_hashed(hash_of(text), tag, text) } else { None };
        let value = known.unwrap_or_else(|| self.add(tag, text));
        let kind = &mut self.kinds[tag.place()];
        if known.is_none() && !kind.serials.admit(place) {
            kind.insert(hash_of(text), value);
        }
        kind.serials.put(place, value);
        value
    }

    /// Gives a new text or thing its number.
    fn add(&mut self, tag: Tag, text: &str) -> Value {
        let number = self.next_number(tag);
        let mut bytes = [0; INLINE];
        match bytes.get_mut(..text.len()) {
            Some(place) => place.copy_from_slice(text.as_bytes()),
            None => {
                bytes[..8].copy_from_slice(&(self.arena.len() as u64).to_le_bytes());
                self.arena.push_str(text);
            }
        }
        self.entries[number as usize] = Entry { len: text.len() as u32, bytes };
        Value(number)
    }

    /// A number that no symbol has, of a block of that kind.
    fn next_number(&mut self, tag: Tag) -> u32 {
        let kind = &mut self.kinds[tag.place()];
        kind.count += 1;
        let free = &mut kind.free;
        if free.start == free.end {
            let block = self.tags.len() as u32;
            *free = block << BLOCK_BITS..(block + 1) << BLOCK_BITS;
            self.tags.push(tag);
            self.entries.resize(free.end as usize, Entry::default());
        }
        let number = free.start;
        free.start += 1;
        number
    }

    /// The value of a text or thing that is known.
    pub fn find(&self, tag: Tag, text: &str) -> Option<Value> {
        let serials = &self.kinds.get(tag.place())?.serials;
        if let Some(place) = serials.place(text) {
            let value = serials.get(place);
            if value.is_some() || !serials.has_outsiders(place) {
                return value;
            }
        }
        self.find_hashed(hash_of(text), tag, text)
    }

    fn find_hashed(&self, hash: u32, tag: Tag, text: &str) -> Option<Value> {
        let same = |numbered: &Numbered| {
            numbered.hash == hash && self.bytes(&self.entries[numbered.number as usize]) == text.as_bytes()
        };
        let numbers = &self.kinds[tag.place()].numbers;
        numbers.find(Numbered::spread(hash), same).map(|numbered| Value(numbered.number))
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

    /// The value of an integer that is known.
    pub fn find_integer(&self, integer: i64) -> Option<Value> {
        self.integer_numbers.get(&integer).copied().map(Value)
    }

    /// The text or id of a symbol.
    pub fn text(&self, value: Value) -> &str {
        std::str::from_utf8(self.bytes(&self.entries[value.index()])).unwrap_or_default()
    }

    /// What kind of symbol it is.
    pub fn tag(&self, value: Value) -> Tag {
        self.tags[(value.0 >> BLOCK_BITS) as usize]
    }

    /// The integer of a value of type `int`, if it is known.
    pub fn known_integer(&self, value: Value) -> Option<i64> {
        self.integers.get(value.index()).copied()
    }

    /// The integer of a value of type `int`.
    pub fn integer(&self, value: Value) -> i64 {
        self.integers[value.index()]
    }

    /// The numbers of all texts and things are below it.
    pub fn end(&self) -> usize {
        self.entries.len()
    }

    /// How many things of an entity there are.
    pub fn count(&self, entity: EntityId) -> usize {
        self.kinds.get(Tag::thing(entity).place()).map_or(0, |kind| kind.count)
    }

    /// The ids of all things of an entity, in the order they became known.
    pub fn ids(&self, entity: EntityId) -> impl Iterator<Item = &str> {
        let wanted = Tag::thing(entity);
        let free = self.kinds.get(wanted.place()).map_or(0..0, |kind| kind.free.clone());
        let blocks = (0u32..).zip(&self.tags).filter(move |(_, tag)| **tag == wanted);
        let numbers = blocks.flat_map(|(block, _)| block << BLOCK_BITS..(block + 1) << BLOCK_BITS);
        numbers.filter(move |number| !free.contains(number)).map(|number| self.text(Value(number)))
    }

    fn bytes<'s>(&'s self, entry: &'s Entry) -> &'s [u8] {
        let len = entry.len as usize;
        entry.bytes.get(..len).unwrap_or_else(|| {
            let offset = entry.bytes[..8].iter().rev().fold(0usize, |offset, byte| offset << 8 | usize::from(*byte));
            &self.arena.as_bytes()[offset..offset + len]
        })
    }
}

fn hash_of(text: &str) -> u32 {
    let hash = FxBuildHasher.hash_one(text);
    (hash >> 32 ^ hash) as u32
}

/// Symbols that a question names and no fact does. They get the numbers behind those of [`Symbols`], which
/// stays shared and unchanged; equal texts get equal numbers, so that `=` holds among them.
#[derive(Clone, Debug, Default)]
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
        Value((symbols.end() + place) as u32)
    }

    /// What kind of symbol a value is, guest or not.
    pub fn tag(&self, symbols: &Symbols, value: Value) -> Tag {
        match value.index().checked_sub(symbols.end()) {
            None => symbols.tag(value),
            Some(place) => self.named[place].0,
        }
    }

    /// The text or id of a symbol, guest or not.
    pub fn text<'g>(&'g self, symbols: &'g Symbols, value: Value) -> &'g str {
        match value.index().checked_sub(symbols.end()) {
            None => symbols.text(value),
            Some(place) => self.named.get(place).map_or("", |(_, text)| text),
        }
    }

    /// Whether a value is a guest: no fact and no rule names it.
    pub fn is_guest(symbols: &Symbols, value: Value) -> bool {
        value.index() >= symbols.end()
    }

    /// Makes them symbols like all others. Their numbers change: who names them asks again.
    pub fn move_into(self, symbols: &mut Symbols) {
        for (tag, text) in self.named {
            symbols.intern(tag, &text);
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
