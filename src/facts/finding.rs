//! What is told about a mistake in data, before its place in the file is known: the named constructors.

mod format;

use crate::compiler::codes::Code;
use crate::compiler::diagnostic::{DataPlace, Diagnostic};
use crate::compiler::program::{RelationKind, Type};
use crate::compiler::source::{Origin, Site, Spot};
use crate::compiler::suggest::{did_you_mean, nearest};
use crate::facts::levels::IllegalLevel;
use crate::facts::row::Unfit;
use crate::facts::words::Words;

pub(crate) use format::*;

/// A mistake without its place.
pub(crate) struct Finding {
    pub diagnostic: Diagnostic,
    pub label: String,
    /// What may be typed in place of the marked text.
    pub replacements: Vec<String>,
    pub field: Option<String>,
}

impl Finding {
    pub fn new(code: Code, message: impl Into<String>, label: impl Into<String>) -> Finding {
        let diagnostic = Diagnostic::error(code, message);
        Finding { diagnostic, label: label.into(), replacements: Vec::new(), field: None }
    }

    pub fn note(mut self, text: impl Into<String>) -> Finding {
        self.diagnostic = self.diagnostic.note(text);
        self
    }

    pub fn help(mut self, text: impl Into<String>) -> Finding {
        self.diagnostic = self.diagnostic.help(text);
        self
    }

    pub fn field(mut self, name: &str) -> Finding {
        self.field = Some(name.to_owned());
        self
    }

    fn nearest<'a>(mut self, wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Finding {
        self.replacements = nearest(wanted, candidates).into_iter().map(str::to_owned).collect();
        self
    }
}

/// Nothing in the program has that name, or it is no input.
pub(super) fn no_input(words: &Words, name: &str) -> Finding {
    let Some(id) = words.relation(name) else {
        let finding = Finding::new(Code::UnknownRelation, format!("unknown relation `{name}`"), "not declared")
            .nearest(name, words.input_names());
        return match finding.replacements.is_empty() {
            false => finding,
            true => finding.help("an input of your own is declared in a rule file: give that file with `--rules`"),
        };
    };
    let kind = match words.program.relation(id).kind {
        RelationKind::Decision => "a decision",
        RelationKind::Relation | RelationKind::Input => "a relation",
    };
    Finding::new(
        Code::NotAnInput,
        format!("`{name}` is {kind}, and data may fill only inputs"),
        format!("declared as {kind}"),
    )
    .note("what rules derive is not loaded; a rule file may still state facts for a relation")
}

/// As [`no_input`], of a file that is named as no input.
pub(super) fn no_input_file(words: &Words, name: &str) -> Finding {
    let mut finding = no_input(words, name).note("the name of the file is the relation of its records");
    finding.label = "records of no input".to_owned();
    // What may be typed in its place stands in the name of the file, not in its text.
    for name in std::mem::take(&mut finding.replacements) {
        finding = finding.help(did_you_mean(&[&name]));
    }
    finding
}

pub(super) fn of_relation(name: &str) -> DataPlace {
    DataPlace { relation: Some(name.to_owned()), ..DataPlace::default() }
}

pub(super) fn unknown_field(relation: &str, name: &str, open: &[&str], all: &[&str]) -> Finding {
    Finding::new(Code::UnknownField, format!("`{relation}` has no field `{name}`"), "no such field")
        .field(name)
        .note(format!("the fields of `{relation}` are {}", list(all)))
        .nearest(name, open.iter().copied())
}

pub(super) fn missing_fields(relation: &str, missing: &[&str], all: &[&str]) -> Finding {
    let what = if missing.len() == 1 { "the field" } else { "the fields" };
    Finding::new(
        Code::MissingField,
        format!("a record of `{relation}` without {what} {}", list(missing)),
        format!("{} missing here", list(missing)),
    )
    .field(missing.first().copied().unwrap_or_default())
    .note(format!("the fields of `{relation}` are {}; every record gives each of them", list(all)))
}

pub(crate) fn duplicate_key(name: &str) -> Finding {
    Finding::new(Code::DuplicateKey, format!("the key `{name}` stands twice in one object"), "the second one")
        .note("which of the two values counts would be a guess")
}

pub(super) fn null(relation: &str, field: &str) -> Finding {
    Finding::new(Code::NullValue, format!("null in `{field}` of `{relation}`"), "no value")
        .note("a fact that is not known is left out; there is no fact with a hole in it")
        .field(field)
}

/// A value of a kind that no field of that type takes; `found` as in "a list".
pub(super) fn wrong_kind(words: &Words, relation: &str, field: &str, ty: Type, found: &str) -> Finding {
    let expected = words.describe(ty);
    Finding::new(
        Code::WrongType,
        format!("`{field}` of `{relation}` is {expected}, not {found}"),
        format!("expected {expected}"),
    )
    .field(field)
}

/// A text or integer that is no value of the field's type.
pub(super) fn unfit(words: &Words, relation: &str, field: &str, ty: Type, text: &str, unfit: &Unfit) -> Finding {
    let finding = match (unfit, ty) {
        (Unfit::UnknownMember, Type::Enum(declared)) => {
            unknown_member(words, ty, text).nearest(text, words.member_names(declared))
        }
        (Unfit::UnknownAction, _) => {
            Finding::new(Code::UnknownAction, format!("unknown action `{text}`"), "not declared")
                .nearest(text, words.action_names())
        }
        (Unfit::UnknownEntity, _) => {
            let entity = text.split(':').next().unwrap_or(text);
            Finding::new(Code::UnknownEntity, format!("unknown entity `{entity}`"), "not declared")
                .nearest(entity, words.entity_names())
                .note("a thing of any entity is written `entity:id`; the word before the first colon is the entity")
        }
        (Unfit::EmptyId, _) => {
            Finding::new(Code::EmptyId, format!("an empty id in `{field}` of `{relation}`"), "nothing here")
                .note("a fact that is not known is left out; an id has at least one character")
        }
        (Unfit::IntegerOutOfRange, _) => Finding::new(
            Code::IntegerOutOfRange,
            format!("`{text}` in `{field}` of `{relation}` does not fit into 64 bits"),
            "too large",
        ),
        (Unfit::NoEntity, _) => Finding::new(
            Code::WrongType,
            format!("`{text}` in `{field}` of `{relation}` does not say what kind of thing it is"),
            "no entity",
        )
        .note("a thing of any entity is written \"user:anna\", or in JSON {\"type\": \"user\", \"id\": \"anna\"}"),
        (Unfit::NotAWord, _) => return wrong_kind(words, relation, field, ty, &format!("the number {text}")),
        (Unfit::NotAnInteger | Unfit::UnknownMember, _) => {
            return wrong_kind(words, relation, field, ty, &format!("`{text}`"));
        }
    };
    finding.field(field)
}

fn unknown_member(words: &Words, ty: Type, text: &str) -> Finding {
    let name = words.program.type_name(ty);
    let finding =
        Finding::new(Code::UnknownEnumMember, format!("`{text}` is not a member of `{name}`"), "not a member");
    let Type::Enum(declared) = ty else { return finding };
    let members: Vec<&str> = words.member_names(declared).collect();
    finding.note(format!("the members of `{name}` are {}", list(&members)))
}

pub(super) fn integer_beyond_64_bits(relation: &str, field: &str, text: &str) -> Finding {
    Finding::new(
        Code::IntegerOutOfRange,
        format!("`{text}` in `{field}` of `{relation}` does not fit into 64 bits"),
        "too large for a JSON integer",
    )
    .help("an id of this length is written as a string")
    .field(field)
}

pub(crate) fn wrong_length(relation: &str, found: usize, fields: &[&str]) -> Finding {
    let message = format!("{} in a record of `{relation}`, which has {}", count(found, "value"), fields.len());
    let code = if found < fields.len() { Code::MissingField } else { Code::WrongType };
    let label = if found < fields.len() { "too few values" } else { "one value too many" };
    let finding = Finding::new(code, message, label)
        .note(format!("by position, a record of `{relation}` gives {}", list(fields)));
    match fields.get(found) {
        Some(field) => finding.field(field),
        None => finding,
    }
}

/// Something that is no record at all; `found` as in "a number".
pub(crate) fn not_a_record(relation: &str, found: &str, fields: &[&str]) -> Finding {
    let code = if found == "null" { Code::NullValue } else { Code::WrongType };
    Finding::new(code, format!("{found} in place of a record of `{relation}`"), "no record")
        .note(format!("a record is an object or an array of {}", list(fields)))
}

pub(super) fn illegal_level(illegal: IllegalLevel, field: &str) -> Finding {
    Finding::new(Code::IllegalLevel, illegal.message, illegal.label).note(illegal.note).field(field)
}

pub(crate) fn unknown_thing_key(field: &str, name: &str) -> Finding {
    Finding::new(Code::UnknownField, format!("a thing in `{field}` has no member `{name}`"), "no such member")
        .note("a thing is {\"type\": \"user\", \"id\": \"anna\"}")
        .field(field)
        .nearest(name, ["type", "id"].into_iter())
}

pub(crate) fn missing_thing_key(field: &str, name: &str) -> Finding {
    Finding::new(Code::MissingField, format!("a thing in `{field}` without `{name}`"), format!("`{name}` missing here"))
        .note("a thing is {\"type\": \"user\", \"id\": \"anna\"}")
        .field(field)
}

pub(crate) fn thing_kind(field: &str, part: &str, found: &str) -> Finding {
    Finding::new(
        Code::WrongType,
        format!("`{part}` of a thing in `{field}` is a string, not {found}"),
        "expected a string",
    )
    .field(field)
}

/// A file that is not there, or that the system does not let us read.
pub(crate) fn unreadable(name: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(Code::UnreadableFile, format!("can't read {name}: {error}")).found_in(whole(name))
}

/// A data file as such.
pub(super) fn whole(name: &str) -> Site {
    Site { file: name.to_owned(), origin: Origin::Data, at: Spot::Whole }
}

/// A compressed file that ends before what it holds does.
pub(crate) fn truncated_file(name: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(Code::TruncatedFile, format!("can't read {name}: {error}")).found_in(whole(name)).note(CUT_SHORT)
}

/// "1 value", "2 values".
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// `` `a`, `b` and `c` ``.
pub(crate) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}
