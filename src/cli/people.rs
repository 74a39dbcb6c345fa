//! The people that a question is about.

use crate::cli::workspace::Failure;
use rolecall::compiler::program::{EntityId, Program, RelationId};
use rolecall::data::Value;
use rolecall::engine::Model;
use rolecall::explain;
use rolecall::report::escape::escape;

/// The relation of those to be left out, with `--skip-administrators`.
pub fn skipped(program: &Program, subject: EntityId, wanted: bool) -> Result<Option<RelationId>, Failure> {
    if !wanted {
        return Ok(None);
    }
    let entity = &program.entities[subject.index()].name;
    let message = || {
        Failure::Message(format!(
            "the policy names no administrators to skip: they are the facts of a relation `administrator({entity})`"
        ))
    };
    explain::administrator_relation(program, subject).map(Some).ok_or_else(message)
}

/// Leaves out whom that relation names.
pub fn skip(model: &Model, skipped: Option<RelationId>, people: &mut Vec<Value>) {
    if let Some(skipped) = skipped {
        let administrators = explain::administrators(model, skipped);
        people.retain(|person| !administrators.contains(person));
    }
}

/// How many characters the longest of these texts has, as text shows it.
pub fn longest<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> usize {
    texts.map(|text| escape(text.as_ref()).chars().count()).max().unwrap_or(0)
}
