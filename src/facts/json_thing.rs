//! A `resource` written as an object: `{"type": "user", "id": "anna"}`, its members in any order.

use std::fmt::{self, Display, Write as _};

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::compiler::program::EntityId;
use crate::facts::json_row::{Mistake, RecordReader, Spot};
use crate::facts::row::Unfit;

/// Reads one thing into its place of the row.
pub(super) struct ThingReader<'r, 'a, 'p> {
    pub reader: &'r mut RecordReader<'a, 'p>,
    /// The place of the object in the record as written.
    pub spot: usize,
    /// The place of its field.
    pub place: usize,
}

/// A member of the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Type,
    Id,
}

impl ThingReader<'_, '_, '_> {
    pub fn read<'de, A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let mistakes_before = self.reader.mistakes.len();
        let (mut has_type, mut has_id, mut entity, mut member) = (false, false, None, 0);
        while let Some(part) = members.next_key_seed(PartSeed { thing: &mut self, member })? {
            match part {
                Some(Part::Type) if !has_type => {
                    has_type = true;
                    entity = members.next_value_seed(PartValueSeed { thing: &mut self, member, part: Part::Type })?;
                }
                Some(Part::Id) if !has_id => {
                    has_id = true;
                    members.next_value_seed(PartValueSeed { thing: &mut self, member, part: Part::Id })?;
                }
                repeated_or_unknown => {
                    if let Some(part) = repeated_or_unknown {
                        self.mistake(Spot::InnerKey(self.spot, member), Mistake::DuplicateKey(part.name().to_owned()));
                    }
                    members.next_value::<IgnoredAny>()?;
                }
            }
            member += 1;
        }
        if self.reader.mistakes.len() == mistakes_before {
            self.finish(has_type, has_id, entity);
        }
        Ok(())
    }

    fn finish(&mut self, has_type: bool, has_id: bool, entity: Option<EntityId>) {
        let (spot, place, reader) = (Spot::Value(self.spot), self.place, &mut *self.reader);
        match entity {
            Some(entity) if has_id => {
                // An empty id is refused where it is read, so this cannot fail.
                let _ = reader.row.put_thing(reader.words, reader.symbols, place, entity, reader.id);
            }
            _ => {
                let missing = if has_type { Part::Id } else { Part::Type };
                reader.mistake(spot, Mistake::MissingThingKey(place, missing.name()));
            }
        }
    }

    fn mistake(&mut self, spot: Spot, mistake: Mistake) {
        self.reader.mistake(spot, mistake);
    }
}

impl Part {
    pub fn name(self) -> &'static str {
        match self {
            Part::Type => "type",
            Part::Id => "id",
        }
    }
}

/// A key of the object; `None`, and a mistake, for one that a thing does not have.
struct PartSeed<'t, 'r, 'a, 'p> {
    thing: &'t mut ThingReader<'r, 'a, 'p>,
    member: usize,
}

impl<'de> DeserializeSeed<'de> for PartSeed<'_, '_, '_, '_> {
    type Value = Option<Part>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Option<Part>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for PartSeed<'_, '_, '_, '_> {
    type Value = Option<Part>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("`type` or `id`")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Option<Part>, E> {
        match key {
            "type" => Ok(Some(Part::Type)),
            "id" => Ok(Some(Part::Id)),
            _ => {
                let spot = Spot::InnerKey(self.thing.spot, self.member);
                self.thing.mistake(spot, Mistake::UnknownThingKey(self.thing.place, key.to_owned()));
                Ok(None)
            }
        }
    }
}

/// The value of a member: an entity, or an id that is kept aside.
struct PartValueSeed<'t, 'r, 'a, 'p> {
    thing: &'t mut ThingReader<'r, 'a, 'p>,
    member: usize,
    part: Part,
}

impl PartValueSeed<'_, '_, '_, '_> {
    fn mistake<E>(self, mistake: impl FnOnce(usize) -> Mistake) -> Result<Option<EntityId>, E> {
        let spot = Spot::InnerValue(self.thing.spot, self.member);
        let mistake = mistake(self.thing.place);
        self.thing.mistake(spot, mistake);
        Ok(None)
    }

    fn number<E>(self, number: impl Display) -> Result<Option<EntityId>, E> {
        if self.part == Part::Type {
            return self.mistake(|place| Mistake::ThingKind(place, Part::Type, "a number"));
        }
        self.thing.reader.id.clear();
        // Writing into a string does not fail.
        let _ = write!(self.thing.reader.id, "{number}");
        Ok(None)
    }
}

impl<'de> DeserializeSeed<'de> for PartValueSeed<'_, '_, '_, '_> {
    type Value = Option<EntityId>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Option<EntityId>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for PartValueSeed<'_, '_, '_, '_> {
    type Value = Option<EntityId>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<EntityId>, E> {
        match self.part {
            Part::Type => match self.thing.reader.words.entity(text) {
                Some(entity) => Ok(Some(entity)),
                None => self.mistake(|place| Mistake::Unfit(place, text.to_owned(), Unfit::UnknownEntity)),
            },
            Part::Id if text.is_empty() => self.mistake(|place| Mistake::Unfit(place, String::new(), Unfit::EmptyId)),
            Part::Id => {
                self.thing.reader.id.clear();
                self.thing.reader.id.push_str(text);
                Ok(None)
            }
        }
    }

    fn visit_i64<E: Error>(self, integer: i64) -> Result<Option<EntityId>, E> {
        self.number(integer)
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<Option<EntityId>, E> {
        self.number(integer)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Option<EntityId>, E> {
        self.mistake(Mistake::Number)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Option<EntityId>, E> {
        let part = self.part;
        self.mistake(|place| Mistake::ThingKind(place, part, "true or false"))
    }

    fn visit_unit<E: Error>(self) -> Result<Option<EntityId>, E> {
        self.mistake(Mistake::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Option<EntityId>, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        let part = self.part;
        self.mistake(|place| Mistake::ThingKind(place, part, "an array"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<EntityId>, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        let part = self.part;
        self.mistake(|place| Mistake::ThingKind(place, part, "an object"))
    }
}
