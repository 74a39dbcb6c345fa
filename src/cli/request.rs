//! Requests and answers as they stand in files: AuthZEN evaluation objects and CSV in, AuthZEN decisions out.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::marker::PhantomData;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::compiler::program::Program;
use crate::compiler::source::Sources;
use crate::data::{Database, FactOrigin};
use crate::decision::{Outcome, Reason};
use crate::report::escape::escape;

/// A request as an AuthZEN evaluation object; members that it does not name are ignored.
#[derive(Debug, Deserialize)]
pub struct Evaluation<'r> {
    /// Who asks.
    #[serde(borrow, deserialize_with = "object")]
    pub subject: Thing<'r>,
    /// What they want to do.
    #[serde(borrow, deserialize_with = "object")]
    pub action: Action<'r>,
    /// What to.
    #[serde(borrow, deserialize_with = "object")]
    pub resource: Thing<'r>,
    #[serde(default, borrow)]
    context: Option<&'r RawValue>,
}

impl<'r> Evaluation<'r> {
    /// The request that a line is; the error says what is wrong with it.
    pub fn parse(line: &'r str) -> serde_json::Result<Evaluation<'r>> {
        let mut json = serde_json::Deserializer::from_str(line);
        let evaluation = object(&mut json)?;
        json.end().map(|()| evaluation)
    }

    /// The text of `context.id`, if it is there.
    pub fn id(&self) -> Option<&'r str> {
        self.context.and_then(id_in)
    }
}

/// An object as the struct of its members. Derived structs alone would take an array of their values too.
fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct ObjectVisitor<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
        type Value = T;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<M: de::MapAccess<'de>>(self, members: M) -> Result<T, M::Error> {
            T::deserialize(de::value::MapAccessDeserializer::new(members))
        }
    }

    deserializer.deserialize_map(ObjectVisitor(PhantomData))
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

/// The text of `context.id` in a line that is no request, if it is there: a malformed request keeps its id.
pub fn echo(line: &str) -> Option<&str> {
    #[derive(Deserialize)]
    struct Echo<'r> {
        #[serde(borrow)]
        context: &'r RawValue,
    }

    serde_json::from_str::<Echo>(line).ok().and_then(|echo| id_in(echo.context))
}

/// The text of the member `id`; none where the context is no object.
fn id_in(context: &RawValue) -> Option<&str> {
    #[derive(Deserialize)]
    struct Context<'r> {
        #[serde(borrow)]
        id: &'r RawValue,
    }

    let context: Context = object(&mut serde_json::Deserializer::from_str(context.get())).ok()?;
    Some(context.id.get())
}

/// The answer to a request.
pub struct Answer<'a> {
    /// Whether it is allowed.
    pub allowed: bool,
    /// The id of the rule that decided.
    pub rule: Cow<'a, str>,
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
        line.push_str("}}");
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

fn write_id(line: &mut String, id: Option<&str>) {
    if let Some(id) = id {
        // Writing to a `String` does not fail.
        let _ = write!(line, "\"id\":{id},");
    }
}

/// A JSON string; rule ids seldom need an escape.
fn write_string(line: &mut String, text: &str) {
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\' && byte != 0x7f;
    if text.bytes().all(plain) {
        line.push('"');
        line.push_str(text);
        line.push('"');
    } else {
        line.push_str(&serde_json::Value::from(text).to_string());
    }
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
