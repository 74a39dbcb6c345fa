//! Requests and answers as they stand in files: AuthZEN evaluation objects and CSV in, AuthZEN decisions out.

mod plain;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_json::value::RawValue;

pub use plain::PlainReader;
use rolecall::compiler::program::Program;
use rolecall::compiler::source::Sources;
use rolecall::data::{Database, FactOrigin, Guests, Value};
use rolecall::decision::{Outcome, Reason};
use rolecall::explain::Instance;
use rolecall::facts::json_words;
use rolecall::proof::Words;
use rolecall::report::escape::{escape, escape_json};

/// A message is no longer than this, in characters.
const LONGEST_MESSAGE: usize = 400;

/// A request as an AuthZEN evaluation object; members that it does not name are ignored.
#[derive(Debug, Deserialize)]
pub struct Evaluation<'r> {
    /// Who asks.
    #[serde(borrow)]
    pub subject: Object<Thing<'r>>,
    /// What they want to do.
    #[serde(borrow)]
    pub action: Object<Action<'r>>,
    /// What to.
    #[serde(borrow)]
    pub resource: Object<Thing<'r>>,
    #[serde(default, borrow)]
    context: Option<&'r RawValue>,
}

/// A JSON object and nothing else: what serde derives would take an array of the values as well.
#[derive(Debug)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<T>, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = Object<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Object)
            }
        }

        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

impl<'r> Evaluation<'r> {
    /// The text of `context.id`, if it is there.
    pub fn id(&self) -> Option<&'r str> {
        self.context.and_then(|context| id_in(context).ok()?)
    }
}

/// The request on a line of JSON; the error is a sentence.
pub fn evaluation(line: &[u8]) -> Result<Evaluation<'_>, String> {
    std::str::from_utf8(line)
        .map_err(|_| "not UTF-8 text".to_owned())
        .and_then(|text| serde_json::from_str::<Object<Evaluation>>(text).map_err(|error| json_error(&error)))
        .and_then(|Object(evaluation)| match evaluation.context.map(id_in) {
            Some(Err(error)) => Err(format!("{} in `context`", json_words(&error))),
            _ => Ok(evaluation),
        })
        .map_err(|error| format!("not an evaluation request: {error}"))
}

/// What is wrong, without its line number: a request is one line.
fn json_error(error: &serde_json::Error) -> String {
    match (error.classify(), error.column()) {
        (Category::Eof, _) => "the line ends in the middle of it".to_owned(),
        // Of the whole line.
        (_, 0) => json_words(error),
        (_, column) => format!("{} at column {column}", json_words(error)),
    }
}

/// A subject or resource.
#[derive(Debug, Deserialize)]
pub struct Thing<'r> {
    /// Its entity.
    #[serde(rename = "type", borrow)]
    pub ty: Cow<'r, str>,
    /// Its id.
    #[serde(borrow)]
    pub id: Id<'r>,
}

/// An id: a string, or an integer that stands for its decimal string.
#[derive(Debug)]
pub struct Id<'r>(pub Cow<'r, str>);

impl<'de: 'r, 'r> Deserialize<'de> for Id<'r> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id<'r>, D::Error> {
        struct IdVisitor;

        impl<'de> Visitor<'de> for IdVisitor {
            type Value = Id<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an id")
            }

            fn visit_borrowed_str<E: de::Error>(self, id: &'de str) -> Result<Id<'de>, E> {
                Ok(Id(Cow::Borrowed(id)))
            }

            fn visit_str<E: de::Error>(self, id: &str) -> Result<Id<'de>, E> {
                Ok(Id(Cow::Owned(id.to_owned())))
            }

            fn visit_u64<E: de::Error>(self, id: u64) -> Result<Id<'de>, E> {
                Ok(Id(Cow::Owned(id.to_string())))
            }

            fn visit_i64<E: de::Error>(self, id: i64) -> Result<Id<'de>, E> {
                Ok(Id(Cow::Owned(id.to_string())))
            }
        }

        deserializer.deserialize_any(IdVisitor)
    }
}

/// An action.
#[derive(Debug, Deserialize)]
pub struct Action<'r> {
    /// Its name.
    #[serde(borrow)]
    pub name: Cow<'r, str>,
}

/// The part of a request that is echoed, read on its own so that a malformed request keeps its id.
#[derive(Debug, Default, Deserialize)]
pub struct Echo<'r> {
    #[serde(default, borrow)]
    context: Option<&'r RawValue>,
}

impl<'r> Echo<'r> {
    /// The text of `context.id`, if it is there.
    pub fn id(&self) -> Option<&'r str> {
        self.context.and_then(|context| id_in(context).ok()?)
    }
}

/// The text of the member `id`, `null` too; none where it is not there or the context is no object. The mistake is an
/// `id` that stands twice.
fn id_in(context: &RawValue) -> Result<Option<&str>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Context<'r> {
        #[serde(default, borrow, deserialize_with = "some")]
        id: Option<&'r RawValue>,
    }

    fn some<'de, D: Deserializer<'de>>(id: D) -> Result<Option<&'de RawValue>, D::Error> {
        <&RawValue>::deserialize(id).map(Some)
    }

    if !context.get().starts_with('{') {
        return Ok(None);
    }
    serde_json::from_str::<Object<Context>>(context.get()).map(|Object(context)| context.id.map(RawValue::get))
}

/// The answer to a request.
pub struct Answer<'a> {
    /// Whether it is allowed.
    pub allowed: bool,
    /// The id of the rule that decided.
    pub rule: Cow<'a, str>,
    /// Why, where that was asked.
    pub why: Option<Why<'a>>,
}

/// The reasons of a decision.
pub struct Why<'a> {
    /// The role that it rests on.
    pub role: Option<Value>,
    /// The rules of its derivation.
    pub reasons: &'a [Instance],
    /// What tells them.
    pub words: &'a Words<'a>,
    /// The things that the request names and no fact does.
    pub guests: &'a Guests,
}

impl Answer<'_> {
    /// `allow crm-precedence`
    pub fn text(&self) -> String {
        format!("{} {}", if self.allowed { "allow" } else { "deny" }, escape(&self.rule))
    }

    /// An AuthZEN decision on one line, with the id of the request if it has one.
    pub fn json(&self, id: Option<&str>) -> String {
        let mut line = String::new();
        self.write_json(&mut line, id);
        line
    }

    /// Appends [`Answer::json`].
    pub fn write_json(&self, line: &mut String, id: Option<&str>) {
        line.push_str(if self.allowed {
            "{\"decision\":true,\"context\":{"
        } else {
            "{\"decision\":false,\"context\":{"
        });
        write_id(line, id);
        line.push_str("\"rule\":");
        write_string(line, &self.rule);
        if let Some(why) = &self.why {
            why.write_json(line);
        }
        line.push_str("}}");
    }
}

impl Why<'_> {
    /// Appends `,"role":"lead","why":[{"rule":"…","text":"…"},…]`, without the role where there is none.
    fn write_json(&self, line: &mut String) {
        if let Some(role) = self.role {
            line.push_str(",\"role\":");
            write_string(line, self.words.id(role, self.guests));
        }
        line.push_str(",\"why\":[");
        let mut text = String::new();
        for (number, Instance { rule, bindings }) in self.reasons.iter().enumerate() {
            line.push_str(if number == 0 { "{\"rule\":" } else { ",{\"rule\":" });
            write_string(line, &self.words.program().rule(*rule).id);
            text.clear();
            self.words.write_sentence(&mut text, *rule, bindings, self.guests);
            if !text.is_empty() {
                line.push_str(",\"text\":");
                write_string(line, &text);
            }
            line.push('}');
        }
        line.push(']');
    }
}

/// Appends the answer to a request that can't be decided.
pub fn write_error(line: &mut String, id: Option<&str>, message: &str) {
    line.push_str("{\"decision\":false,\"context\":{");
    write_id(line, id);
    line.push_str("\"error\":{\"status\":400,\"message\":");
    write_string(line, message);
    line.push_str("}}}");
}

/// At most so much of a message: it may quote a request, which may be long.
pub fn shortened(message: &str) -> String {
    match message.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message.to_owned(),
    }
}

fn write_id(line: &mut String, id: Option<&str>) {
    if let Some(id) = id {
        line.push_str("\"id\":");
        line.push_str(&escape_json(id));
        line.push(',');
    }
}

/// A JSON string; rule ids seldom need an escape.
pub fn write_string(line: &mut String, text: &str) {
    let plain = |byte: u8| (0x20..0x7f).contains(&byte) & (byte != b'"') & (byte != b'\\');
    // Many bytes side by side, where `all` would look at one after the other.
    if text.bytes().fold(true, |all, byte| all & plain(byte)) {
        line.push('"');
        line.push_str(text);
        line.push('"');
    } else {
        line.push_str(&json_string(text));
    }
}

/// A JSON string with an escape for every character that hides or changes the direction of text.
pub fn json_string(text: &str) -> String {
    escape_json(&serde_json::Value::from(text).to_string()).into_owned()
}

/// The id of what decided: a rule's, the place of a fact, or `default` where nothing did.
pub fn rule_id<'p>(program: &'p Program, database: &Database, sources: &Sources, outcome: Outcome) -> Cow<'p, str> {
    match outcome {
        Outcome::NotPermitted => Cow::Borrowed("default"),
        Outcome::Allowed(Reason::Rule(rule)) | Outcome::Forbidden(Reason::Rule(rule)) => {
            Cow::Borrowed(&program.rule(rule).id)
        }
        Outcome::Allowed(Reason::Fact(relation, row)) | Outcome::Forbidden(Reason::Fact(relation, row)) => {
            Cow::Owned(match database.origin(relation, row) {
                FactOrigin::Record(file, record) => format!("{}:{record}", database.file_name(file)),
                FactOrigin::Stated(span) => sources.file_and_line(span),
                FactOrigin::Derived => program.relation(relation).name.clone(),
            })
        }
    }
}
