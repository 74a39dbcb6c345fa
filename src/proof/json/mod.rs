//! Proofs as JSON, by names: `docs/proof.schema.json` is the format, `docs/proofs.md` tells what it means.
//!
//! `document` is the shape, `write` makes it of a proof, `read` makes a proof of it, and `claims` compares what a
//! document says besides its proof (texts of rules, sentences, values) with what that proof comes to.

mod claims;
mod document;
mod read;
mod write;

use std::fmt;

use document::Document;

use crate::compiler::program::Program;
use crate::compiler::source::Sources;
use crate::data::Database;
use crate::facts::json_words;
use crate::proof::verify::Fault;
use crate::proof::{Proof, Step, View};
use crate::report::escape::escape_json;

/// What the member `format` says.
const FORMAT: &str = "rolecall-proof";
/// What the member `version` says.
const VERSION: u32 = 1;

/// Why a text is no proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not JSON, or not of the shape of a proof: what the parser says, with line and column.
    Malformed(String),
    /// It is an object of another format.
    OtherFormat(String),
    /// It is a proof of another version.
    OtherVersion(u64),
}

impl Unreadable {
    fn malformed(error: &serde_json::Error) -> Unreadable {
        Unreadable::Malformed(format!("{} at line {} column {}", json_words(error), error.line(), error.column()))
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Malformed(why) => write!(formatter, "not a proof: {why}"),
            Unreadable::OtherFormat(format) => {
                write!(formatter, "not a proof: the format is `{format}`, not `{FORMAT}`")
            }
            Unreadable::OtherVersion(version) => {
                write!(formatter, "a proof of version {version}; this program reads version {VERSION}")
            }
        }
    }
}

impl std::error::Error for Unreadable {}

/// A proof as JSON text: one object, with a line for each step. Ends with a line end.
///
/// Names and ids stand as in the data, sentences with display names; control and bidirectional characters are escaped.
pub fn write(proof: &Proof, view: &View) -> String {
    write_beside(proof, view, Beside::default())
}

/// Steps as in a proof, for what is no request; control and bidirectional characters are not escaped yet.
pub fn steps(steps: &[Step], view: &View) -> serde_json::Value {
    serde_json::to_value(write::steps(steps, view)).unwrap_or_default()
}

/// As [`write()`], with what else is told about the answer.
pub fn write_beside(proof: &Proof, view: &View, beside: Beside) -> String {
    let Beside { misses, repairs } = beside;
    escape_json(&Document { misses, repairs, ..Document::of(proof, view) }.to_text()).into_owned()
}

/// What is told beside a proof. It is not checked with it.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The rules that came near to allowing what nothing allows.
    pub misses: Option<serde_json::Value>,
    /// The changes that would turn the answer.
    pub repairs: Option<serde_json::Value>,
}

/// A text that is a proof by its shape.
#[derive(Debug)]
pub struct Claimed {
    document: Document,
}

/// Reads JSON text. What it names need not be there: that is found by [`Claimed::resolve`].
pub fn read(text: &str) -> Result<Claimed, Unreadable> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    document::check_header(text)?;
    let document = serde_json::from_str(text).map_err(|error| Unreadable::malformed(&error))?;
    Ok(Claimed { document })
}

impl fmt::Display for Claimed {
    /// `anna may history.view c17: crm-precedence`, as the text says.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Document { request, decision, rule, .. } = &self.document;
        let may = if *decision { "may" } else { "may not" };
        let (subject, action, resource) = (&request.subject.id, &request.action.name, &request.resource.id);
        write!(formatter, "{subject} {may} {action} {resource}: {rule}")
    }
}

impl Claimed {
    /// The proof, by the names of a program. Things, texts and integers that the database does not have become known to
    /// it; facts do not.
    ///
    /// The error says everything that names nothing, or does not fit its place.
    pub fn resolve(&self, program: &Program, database: &mut Database, sources: &Sources) -> Result<Proof, Vec<Fault>> {
        read::resolve(&self.document, program, database, sources)
    }

    /// What the text says besides its proof and is not so: the decision, texts of rules and literals, sentences, values
    /// that were compared. Where rules stand is not compared: they are known by their ids and texts.
    ///
    /// `proof` is that of [`Claimed::resolve`], and without faults: else what is wrong may be told twice.
    pub fn differences(&self, proof: &Proof, view: &View) -> Vec<Fault> {
        claims::differences(&self.document, &Document::of(proof, view))
    }
}
