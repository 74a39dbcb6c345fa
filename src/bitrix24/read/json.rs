//! JSON as REST methods return it: values without a schema, keys that stand once, and what they are as cells.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::bitrix24::catalog::Column;
use crate::bitrix24::read::cell::Cell;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// A number as its text, or a text.
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// With this begins the message of serde_json about a key that stands twice.
pub(super) const TWICE: &str = "a key twice: ";

impl Json {
    /// The member of that name.
    pub fn member(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The cells of a record, for the columns of its source.
    pub fn cells(&self, columns: &[Column]) -> Vec<Cell<'_>> {
        let cell = |column: &Column| self.member(column.name).map_or(Cell::Empty, |value| value.cell(column.inner));
        columns.iter().map(cell).collect()
    }

    /// As one cell. Where members of objects are wanted, those of each are joined by `|`.
    fn cell(&self, inner: &[&str]) -> Cell<'_> {
        let elements: Vec<&Json> = match self {
            Json::List(elements) => elements.iter().collect(),
            // PHP writes a list whose numbers have gaps as an object.
            Json::Object(members) if inner.iter().all(|name| self.member(name).is_none()) => {
                members.iter().map(|(_, value)| value).collect()
            }
            Json::Object(_) => vec![self],
            Json::Null | Json::Bool(_) | Json::Text(_) => return self.scalar().map_or(Cell::Empty, Cell::One),
        };
        let text = |value: &&Json| match inner {
            [] => value.scalar().map(str::to_owned),
            names => {
                let part = |name: &&str| value.member(name).and_then(Json::scalar).unwrap_or_default();
                Some(names.iter().map(part).collect::<Vec<_>>().join("|"))
            }
        };
        let texts: Vec<String> = elements.iter().filter_map(text).filter(|text| !text.is_empty()).collect();
        if texts.is_empty() { Cell::Empty } else { Cell::Many(texts) }
    }

    fn scalar(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            Json::Bool(yes) => Some(if *yes { "Y" } else { "N" }),
            Json::Null | Json::List(_) | Json::Object(_) => None,
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Json, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element()? {
            elements.push(element);
        }
        Ok(Json::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members: Vec<(String, Json)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, Json>()? {
            if members.iter().any(|(other, _)| *other == key) {
                return Err(A::Error::custom(format_args!("{TWICE}{key}")));
            }
            members.push((key, value));
        }
        Ok(Json::Object(members))
    }
}
