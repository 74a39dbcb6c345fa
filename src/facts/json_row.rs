//! One record of JSON or JSONL: an object by field names, an array by position, or a bare value.
//! serde_json drives these visitors over the record's text; values go straight into the row.

use std::fmt;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::compiler::program::Type;
use crate::data::Symbols;
use crate::facts::json_thing::{Part, ThingReader};
use crate::facts::row::{Row, Unfit};
use crate::facts::words::Words;

/// Where in a record a mistake lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// The record itself.
    Record,
    /// The key of a member, by its place in the object.
    Key(usize),
    /// The value of a member or element, by its place.
    Value(usize),
    /// The key of a member of such a value.
    InnerKey(usize, usize),
    /// The value of a member of such a value.
    InnerValue(usize, usize),
}

/// What is wrong there.
#[derive(Debug, PartialEq)]
pub(super) enum Mistake {
    Unfit(usize, String, Unfit),
    Null(usize),
    /// A float, or an integer that serde_json could not keep.
    Number(usize),
    Kind(usize, &'static str),
    UnknownField(String),
    DuplicateKey(String),
    MissingFields,
    Length(usize),
    NotARecord(&'static str),
    /// A member of a thing that is neither `type` nor `id`.
    UnknownThingKey(usize, String),
    /// A thing without that member.
    MissingThingKey(usize, &'static str),
    /// A member of a thing that is no string.
    ThingKind(usize, Part, &'static str),
}

/// Reads records into a row.
pub(super) struct RecordReader<'a, 'p> {
    pub words: &'a Words<'p>,
    pub symbols: &'a mut Symbols,
    pub row: &'a mut Row,
    /// The mistakes of the last record.
    pub mistakes: &'a mut Vec<(Spot, Mistake)>,
    /// Holds the id of a `resource` until its entity is known.
    pub id: &'a mut String,
}

impl RecordReader<'_, '_> {
    /// Fills the row from a record, which is right if there was neither an error nor a mistake.
    pub fn read(&mut self, text: &str) -> serde_json::Result<()> {
        self.mistakes.clear();
        self.row.given.fill(false);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        RecordSeed(self).deserialize(&mut deserializer)?;
        deserializer.end()
    }

    pub fn mistake(&mut self, spot: Spot, mistake: Mistake) {
        self.mistakes.push((spot, mistake));
    }

    fn put(&mut self, spot: Spot, place: usize, text: &str) {
        if let Err(unfit) = self.row.put_text(self.words, self.symbols, place, text) {
            self.mistake(spot, Mistake::Unfit(place, text.to_owned(), unfit));
        }
    }

    fn put_integer<N: fmt::Display + TryInto<i64> + Copy>(&mut self, spot: Spot, place: usize, integer: N) {
        if let Err(unfit) = self.row.put_integer(self.words, self.symbols, place, integer) {
            self.mistake(spot, Mistake::Unfit(place, integer.to_string(), unfit));
        }
    }
}

struct RecordSeed<'r, 'a, 'p>(&'r mut RecordReader<'a, 'p>);

impl<'de> DeserializeSeed<'de> for RecordSeed<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl RecordSeed<'_, '_, '_> {
    /// A value that is the whole record: right for relations of one field.
    fn bare<E>(self, found: &'static str, put: impl FnOnce(&mut RecordReader)) -> Result<(), E> {
        match self.0.row.arity() {
            1 => put(self.0),
            _ => self.0.mistake(Spot::Record, Mistake::NotARecord(found)),
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for RecordSeed<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a record")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.bare("a string", |reader| reader.put(Spot::Record, 0, text))
    }

    fn visit_i64<E: Error>(self, integer: i64) -> Result<(), E> {
        self.bare("a number", |reader| reader.put_integer(Spot::Record, 0, integer))
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<(), E> {
        self.bare("a number", |reader| reader.put_integer(Spot::Record, 0, integer))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.bare("a number", |reader| reader.mistake(Spot::Record, Mistake::Number(0)))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.bare("true or false", |reader| reader.mistake(Spot::Record, Mistake::Kind(0, "true or false")))
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.bare("null", |reader| reader.mistake(Spot::Record, Mistake::Null(0)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let (reader, mut found) = (self.0, 0);
        while found < reader.row.arity() {
            let seed = ValueSeed { spot: found, place: found, reader: &mut *reader };
            if elements.next_element_seed(seed)?.is_none() {
                reader.mistake(Spot::Record, Mistake::Length(found));
                return Ok(());
            }
            found += 1;
        }
        let arity = found;
        while elements.next_element::<IgnoredAny>()?.is_some() {
            found += 1;
        }
        if found > arity {
            reader.mistake(Spot::Value(arity), Mistake::Length(found));
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let (reader, mut member) = (self.0, 0);
        while let Some(key) = members.next_key_seed(FieldSeed { member, reader: &mut *reader })? {
            match key {
                Some(place) => members.next_value_seed(ValueSeed { spot: member, place, reader: &mut *reader })?,
                None => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
            member += 1;
        }
        if reader.row.given.contains(&false) {
            reader.mistake(Spot::Record, Mistake::MissingFields);
        }
        Ok(())
    }
}

/// The key of a record's member: the place of its field, `None` where there is no such field to fill.
struct FieldSeed<'r, 'a, 'p> {
    member: usize,
    reader: &'r mut RecordReader<'a, 'p>,
}

impl<'de> DeserializeSeed<'de> for FieldSeed<'_, '_, '_> {
    type Value = Option<usize>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for FieldSeed<'_, '_, '_> {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        let (reader, spot) = (self.reader, Spot::Key(self.member));
        let fields = &reader.row.declared(reader.words).fields;
        // Most records give their fields in the order of the declaration.
        let expected = fields.get(self.member).is_some_and(|field| field.name == name);
        let place = if expected { Some(self.member) } else { fields.iter().position(|field| field.name == name) };
        match place {
            None => reader.mistake(spot, Mistake::UnknownField(name.to_owned())),
            Some(place) if reader.row.given[place] => {
                reader.mistake(spot, Mistake::DuplicateKey(name.to_owned()));
                return Ok(None);
            }
            Some(place) => reader.row.given[place] = true,
        }
        Ok(place)
    }
}

/// The value of a field.
struct ValueSeed<'r, 'a, 'p> {
    /// Its place in the record as written.
    spot: usize,
    /// The place of its field.
    place: usize,
    reader: &'r mut RecordReader<'a, 'p>,
}

impl ValueSeed<'_, '_, '_> {
    fn mistake<E>(self, mistake: Mistake) -> Result<(), E> {
        self.reader.mistake(Spot::Value(self.spot), mistake);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a value")
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.reader.put(Spot::Value(self.spot), self.place, text);
        Ok(())
    }

    fn visit_i64<E: Error>(self, integer: i64) -> Result<(), E> {
        self.reader.put_integer(Spot::Value(self.spot), self.place, integer);
        Ok(())
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<(), E> {
        self.reader.put_integer(Spot::Value(self.spot), self.place, integer);
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        let place = self.place;
        self.mistake(Mistake::Number(place))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        let place = self.place;
        self.mistake(Mistake::Kind(place, "true or false"))
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        let place = self.place;
        self.mistake(Mistake::Null(place))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        let place = self.place;
        self.mistake(Mistake::Kind(place, "an array"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        if self.reader.row.ty(self.place) == Type::Resource {
            let ValueSeed { spot, place, reader } = self;
            return ThingReader { reader, spot, place }.read(members);
        }
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        let place = self.place;
        self.mistake(Mistake::Kind(place, "an object"))
    }
}
