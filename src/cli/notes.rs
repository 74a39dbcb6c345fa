//! Notes on standard error beside an answer of no: what could be the reason, where a name or an option is mistyped.

use crate::cli::arguments::Global;
use crate::cli::output;
use crate::cli::question::{advice, without_type};
use rolecall::compiler::program::{EntityId, Program};
use rolecall::data::{Guests, Symbols, Value};
use rolecall::report::escape::escape;

/// Something that was asked about: what it is, its entity where one is expected, and how it was named.
pub type Asked<'a> = (Value, Option<EntityId>, &'a str);

/// Says that there is no data, or which names no fact knows.
pub fn nothing_found(program: &Program, symbols: &Symbols, global: &Global, asked: &[Asked]) {
    if global.data.is_empty() {
        output::stderr_line("note: no data was given; `--data PATH` names it");
        return;
    }
    unknown(program, symbols, asked).iter().for_each(|note| output::stderr_line(note));
}

/// A note for each name that no fact knows, with those that come near.
pub fn unknown(program: &Program, symbols: &Symbols, asked: &[Asked]) -> Vec<String> {
    let named = |(value, entity, named): &Asked| {
        let entity = entity.filter(|_| Guests::is_guest(symbols, *value))?;
        let declared = &program.entities[entity.index()];
        let id = without_type(program, entity, named);
        let near = advice(id, symbols.ids(entity));
        Some(escape(&format!("note: no fact names the {} `{id}`{near}", declared.name)).into_owned())
    };
    asked
        .iter()
        .filter(|(_, entity, _)| entity.is_some_and(|entity| !program.entities[entity.index()].single))
        .filter_map(named)
        .collect()
}
