//! The shape of a proof in JSON. Steps are numbered from 1.

use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{FORMAT, Unreadable, VERSION};

/// A proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub format: String,
    pub version: u32,
    pub request: Request,
    pub decision: bool,
    pub outcome: OutcomeName,
    /// The id of what decided.
    pub rule: String,
    /// The step that decides.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub step: Option<u32>,
    /// What nothing derives, of `allow` and `deny`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub absences: Vec<Absence>,
    pub steps: Vec<Step>,
    /// What came near, told beside the proof and no part of it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub misses: Option<serde_json::Value>,
    /// What would turn the answer, told beside the proof and no part of it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub repairs: Option<serde_json::Value>,
}

/// What the answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OutcomeName {
    Allowed,
    Forbidden,
    NotPermitted,
}

/// An AuthZEN evaluation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    pub subject: Thing,
    pub action: ActionName,
    pub resource: Thing,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Thing {
    #[serde(rename = "type")]
    pub ty: String,
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActionName {
    pub name: String,
}

/// One of `fact`, `rule` and `fold` is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    pub step: u32,
    pub relation: String,
    pub arguments: Vec<Datum>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fact: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rule: Option<Application>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fold: Option<Fold>,
}

/// Where a fact stands: at a line, or at a path in a JSON file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub source: SourceKind,
    pub file: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
}

/// Who states a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SourceKind {
    Data,
    Rules,
}

/// A rule with values for its variables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Application {
    pub id: String,
    pub file: String,
    pub line: u32,
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sentence: Option<String>,
    pub bindings: Bindings,
    pub premises: Vec<Premise>,
}

/// One of `step`, `absent` and `compared` is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Premise {
    pub literal: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub step: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub absent: Option<Absence>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub compared: Option<[Datum; 2]>,
}

/// `null` stands for any value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Absence {
    pub relation: String,
    pub arguments: Vec<Option<Datum>>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub supports: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fold {
    pub function: String,
    pub contributions: Vec<Application>,
}

/// An integer, or the name of anything else; a thing in the place of a `resource` has its entity before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum Datum {
    Integer(i64),
    Text(String),
}

impl<'de> Deserialize<'de> for Datum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Datum, D::Error> {
        struct DatumVisitor;

        impl Visitor<'_> for DatumVisitor {
            type Value = Datum;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string or an integer of 64 bits")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Datum, E> {
                Ok(Datum::Text(text.to_owned()))
            }

            fn visit_i64<E: de::Error>(self, integer: i64) -> Result<Datum, E> {
                Ok(Datum::Integer(integer))
            }

            fn visit_u64<E: de::Error>(self, integer: u64) -> Result<Datum, E> {
                let large = |_| E::custom(format!("{integer} has more than 64 bits"));
                i64::try_from(integer).map(Datum::Integer).map_err(large)
            }
        }

        deserializer.deserialize_any(DatumVisitor)
    }
}

/// Values by the names of variables, in the order of the rule; no name stands twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bindings(pub Vec<(String, Datum)>);

impl Serialize for Bindings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Bindings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bindings, D::Error> {
        struct BindingsVisitor;

        impl<'de> Visitor<'de> for BindingsVisitor {
            type Value = Bindings;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object with a value for each variable")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Bindings, A::Error> {
                let mut bindings: Vec<(String, Datum)> = Vec::new();
                while let Some((name, value)) = members.next_entry::<String, Datum>()? {
                    if bindings.iter().any(|(other, _)| *other == name) {
                        return Err(de::Error::custom(format!("the variable `{name}` has two values")));
                    }
                    bindings.push((name, value));
                }
                Ok(Bindings(bindings))
            }
        }

        deserializer.deserialize_map(BindingsVisitor)
    }
}

/// Whether a text says that it is a proof that this program can read, before anything else is asked of it.
pub(super) fn check_header(text: &str) -> Result<(), Unreadable> {
    #[derive(Deserialize)]
    struct Header {
        format: String,
        version: u64,
    }

    let header: Header = serde_json::from_str(text).map_err(|error| Unreadable::malformed(&error))?;
    match header.version {
        _ if header.format != FORMAT => Err(Unreadable::OtherFormat(header.format)),
        version if version != u64::from(VERSION) => Err(Unreadable::OtherVersion(version)),
        _ => Ok(()),
    }
}

impl Document {
    /// JSON with a line for each member and for each step.
    pub fn to_text(&self) -> String {
        let mut lines = vec![
            format!("  \"format\": {}", json(&self.format)),
            format!("  \"version\": {}", self.version),
            format!("  \"request\": {}", json(&self.request)),
            format!("  \"decision\": {}", self.decision),
            format!("  \"outcome\": {}", json(&self.outcome)),
            format!("  \"rule\": {}", json(&self.rule)),
        ];
        lines.extend(self.step.map(|step| format!("  \"step\": {step}")));
        if !self.absences.is_empty() {
            lines.push(format!("  \"absences\": {}", json(&self.absences)));
        }
        let steps: Vec<String> = self.steps.iter().map(|step| format!("\n    {}", json(step))).collect();
        let end = if steps.is_empty() { "" } else { "\n  " };
        lines.push(format!("  \"steps\": [{}{end}]", steps.join(",")));
        lines.extend(self.misses.iter().map(|misses| format!("  \"misses\": {}", json(misses))));
        lines.extend(self.repairs.iter().map(|repairs| format!("  \"repairs\": {}", json(repairs))));
        format!("{{\n{}\n}}\n", lines.join(",\n"))
    }
}

/// Nothing here has a key that is no string, so writing it can't fail.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
