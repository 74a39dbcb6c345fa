//! Notes on standard error beside an answer of no: what could be the reason, where a name or an option is mistyped.

use crate::cli::arguments::Global;
use crate::cli::output;
use crate::cli::question::{advice, without_type};
use crate::compiler::program::{EntityId, Program};
use crate::data::{Guests, Symbols, Tag, Value};
use crate::report::escape::escape;

/// Something that was asked about: what it is, its entity where one is expected, and how it was named.
pub type Asked<'a> = (Value, Option<EntityId>, &'a str);

/// Says that there is no data, or which names no fact knows.
pub fn nothing_found(program: &Program, symbols: &Symbols, global: &Global, asked: &[Asked]) {
    if global.data.is_empty() {
        output::stderr_line("note: no data was given; `--data PATH` names it");
        return;
    }
    for asked in asked {
        unknown(program, symbols, *asked);
    }
}

/// Says it where no fact names a thing, and which names come near.
fn unknown(program: &Program, symbols: &Symbols, (value, entity, named): Asked) {
    let Some(entity) = entity.filter(|_| Guests::is_guest(symbols, value)) else { return };
    unknown_name(program, symbols, entity, named);
}

/// The same for a name, where that is of no fact.
pub fn unknown_name(program: &Program, symbols: &Symbols, entity: EntityId, named: &str) {
    let declared = &program.entities[entity.index()];
    let id = without_type(program, entity, named);
    if declared.single || symbols.find(Tag::thing(entity), id).is_some() {
        return;
    }
    let note = format!("note: no fact names the {} `{id}`{}", declared.name, advice(id, symbols.ids(entity)));
    output::stderr_line(&escape(&note));
}
