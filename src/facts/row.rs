//! One fact in the making: texts and integers of a record become values of the relation's fields.

use std::fmt::{Display, Write as _};

use crate::compiler::program::{EntityId, Relation, RelationId, Type};
use crate::data::{SerialPrefix, SeriesId, Symbols, Tag, Value};
use crate::facts::words::Words;

/// Why a text or an integer is no value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    EmptyId,
    NotAnInteger,
    IntegerOutOfRange,
    NotAWord,
    UnknownMember,
    UnknownAction,
    UnknownEntity,
    /// A `resource` without `entity:` before the id.
    NoEntity,
}

/// The row of one relation that is being filled; its buffers serve all records of a file.
pub(super) struct Row {
    pub relation: RelationId,
    /// A value for each field.
    pub values: Vec<Value>,
    /// Which fields the record gave, for records that name them.
    pub given: Vec<bool>,
    columns: Vec<Column>,
    digits: String,
}

/// A field with the value it took last: exports are sorted, so the next record often has the same, or the next.
struct Column {
    ty: Type,
    /// The one thing of an entity that has but one.
    single: Option<Value>,
    last: Option<Value>,
}

impl Row {
    pub fn new(words: &Words, symbols: &mut Symbols, relation: RelationId) -> Row {
        let fields = &words.program.relation(relation).fields;
        let column = |ty| Column { ty, single: single(words, symbols, ty), last: None };
        let columns: Vec<Column> = fields.iter().map(|field| field.ty).map(column).collect();
        let arity = columns.len();
        Row { relation, values: vec![Value(0); arity], given: vec![false; arity], columns, digits: String::new() }
    }

    /// Sets a field from a text; its value.
    #[inline]
    pub fn put_text(&mut self, words: &Words, symbols: &mut Symbols, place: usize, text: &str) -> Result<Value, Unfit> {
        let column = &mut self.columns[place];
        let value = column.read(words, symbols, text)?;
        column.last = Some(value);
        self.values[place] = value;
        Ok(value)
    }

    /// The series of the texts of a field that are this prefix and a number, if they name things, and one of them is known.
    pub fn series(&self, words: &Words, symbols: &Symbols, place: usize, prefix: &SerialPrefix) -> Option<SeriesId> {
        let (entity, prefix) = match self.columns[place].ty {
            Type::Entity(entity) => (entity, prefix.as_bytes()),
            Type::Resource => {
                let (entity, id) = str::from_utf8(prefix.as_bytes()).ok()?.split_once(':')?;
                (words.entity(entity)?, id.as_bytes())
            }
            Type::Text | Type::Int | Type::Action | Type::Enum(_) => return None,
        };
        let is_single = words.program.entities[entity.index()].single;
        if is_single { None } else { symbols.series(Tag::thing(entity), prefix) }
    }

    /// Sets a field from an integer of JSON; in place of an id it stands for its decimal string.
    pub fn put_integer(
        &mut self,
        words: &Words,
        symbols: &mut Symbols,
        place: usize,
        integer: impl Display + TryInto<i64>,
    ) -> Result<(), Unfit> {
        match self.columns[place].ty {
            Type::Int => {
                let integer = integer.try_into().map_err(|_| Unfit::IntegerOutOfRange)?;
                self.values[place] = symbols.intern_integer(integer);
                Ok(())
            }
            Type::Text | Type::Entity(_) => {
                let mut digits = std::mem::take(&mut self.digits);
                digits.clear();
                // Writing into a string does not fail.
                let _ = write!(digits, "{integer}");
                let put = self.put_text(words, symbols, place, &digits);
                self.digits = digits;
                put.map(|_| ())
            }
            Type::Action | Type::Resource | Type::Enum(_) => Err(Unfit::NotAWord),
        }
    }

    /// Sets a field of type `resource` to a thing of an entity.
    pub fn put_thing(
        &mut self,
        words: &Words,
        symbols: &mut Symbols,
        place: usize,
        entity: EntityId,
        id: &str,
    ) -> Result<(), Unfit> {
        self.values[place] = thing(words, symbols, entity, id)?;
        Ok(())
    }

    pub fn ty(&self, place: usize) -> Type {
        self.columns[place].ty
    }

    pub fn arity(&self) -> usize {
        self.columns.len()
    }

    pub fn declared<'p>(&self, words: &Words<'p>) -> &'p Relation {
        words.program.relation(self.relation)
    }
}

impl Column {
    fn read(&self, words: &Words, symbols: &mut Symbols, text: &str) -> Result<Value, Unfit> {
        match self.ty {
            Type::Text => Ok(symbols.intern_after(self.last, Tag::TEXT, text)),
            Type::Int => Ok(symbols.intern_integer(integer(text)?)),
            Type::Action => words.action(text).map(Value).ok_or(Unfit::UnknownAction),
            Type::Enum(declared) => words.member(declared, text).map(Value).ok_or(Unfit::UnknownMember),
            Type::Entity(_) if text.is_empty() => Err(Unfit::EmptyId),
            Type::Entity(entity) => {
                Ok(self.single.unwrap_or_else(|| symbols.intern_after(self.last, Tag::thing(entity), text)))
            }
            Type::Resource => {
                let (entity, id) = text.split_once(':').ok_or(Unfit::NoEntity)?;
                let entity = words.entity(entity).ok_or(Unfit::UnknownEntity)?;
                thing(words, symbols, entity, id)
            }
        }
    }
}

fn thing(words: &Words, symbols: &mut Symbols, entity: EntityId, id: &str) -> Result<Value, Unfit> {
    if id.is_empty() {
        return Err(Unfit::EmptyId);
    }
    let single = single(words, symbols, Type::Entity(entity));
    Ok(single.unwrap_or_else(|| symbols.intern(Tag::thing(entity), id)))
}

/// The one thing of an entity such as `portal`: it is called as the entity.
fn single(words: &Words, symbols: &mut Symbols, ty: Type) -> Option<Value> {
    let Type::Entity(id) = ty else { return None };
    let entity = &words.program.entities[id.index()];
    entity.single.then(|| symbols.intern(Tag::thing(id), &entity.name))
}

fn integer(text: &str) -> Result<i64, Unfit> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Unfit::NotAnInteger);
    }
    text.parse().map_err(|_| Unfit::IntegerOutOfRange)
}
