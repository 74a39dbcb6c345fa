//! Notes on standard error beside an answer of no: what could be the reason, where a name or an option is mistyped.

mod near;

use crate::cli::output;
use crate::cli::question::without_type;
use crate::cli::workspace::Workspace;
use rolecall::compiler::program::{EntityId, Program};
use rolecall::data::{Database, Guests, Value};
use rolecall::report::escape::escape;

/// What is said where there is nothing to ask about.
pub const NO_DATA: &str = "note: no data was given; `--data PATH` names it";

/// Something that was asked about: what it is, its entity where one is expected, and how it was named.
pub type Asked<'a> = (Value, Option<EntityId>, &'a str);

/// Says that there is no data, or which names no fact knows.
pub fn nothing_found(workspace: &Workspace, program: &Program, database: &Database, asked: &[Asked]) {
    if !no_data(workspace, program) {
        unknown(program, database, asked).iter().for_each(|note| output::stderr_line(note));
    }
}

/// Says that there is no data, where that is so; whether it is.
pub fn no_data(workspace: &Workspace, program: &Program) -> bool {
    let lacks = workspace.lacks_facts(program);
    if lacks {
        output::stderr_line(NO_DATA);
    }
    lacks
}

/// A note for each name that no fact knows, with those that come near.
pub fn unknown(program: &Program, database: &Database, asked: &[Asked]) -> Vec<String> {
    let named = |(value, entity, named): &Asked| {
        let entity = entity.filter(|_| Guests::is_guest(&database.symbols, *value))?;
        let declared = &program.entities[entity.index()];
        let id = without_type(program, entity, named);
        let near = near::advice(program, database, entity, id);
        Some(escape(&format!("note: no fact names the {} `{id}`{near}", declared.name)).into_owned())
    };
    asked
        .iter()
        .filter(|(_, entity, _)| entity.is_some_and(|entity| !program.entities[entity.index()].single))
        .filter_map(named)
        .collect()
}
