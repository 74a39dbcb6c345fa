//! `levels`: the level of each user for each action, the role that gives it, and how the user holds that.

mod page;

use std::ops::ControlFlow;

use crate::cli::arguments::{Global, Levels as Arguments, TableFormat};
use crate::cli::notes;
use crate::cli::output::{self, Console};
use crate::cli::people;
use crate::cli::question;
use crate::cli::sheet::Sheet;
use crate::cli::workspace::{Failure, Workspace};
use page::Page;
use rolecall::compiler::program::{EntityId, Program};
use rolecall::data::{Guests, Value};
use rolecall::engine::Model;
use rolecall::explain::{self, Asking, Levels};

/// The levels of so many people are found at once.
const PIECE: usize = 64;

/// Answers; whether there is anyone to answer for.
pub fn run(command: &Arguments, global: &Global, console: &Console) -> Result<bool, Failure> {
    let mut workspace = Workspace::new(global, console);
    let program = workspace.program(&[])?;
    let (subject, relations) = explain::level_relations(&program).map_err(|none| Failure::Message(none.to_string()))?;
    let skipped = people::skipped(&program, subject, command.skip_administrators)?;
    let administrators = explain::administrator_relation(&program, subject);
    let facts = explain::own_relation(&program, subject).into_iter().chain(administrators);
    let mut decider = workspace.decider(&program, relations.into_iter().chain(facts).collect())?;
    let levels = Levels::prepare(&mut decider).map_err(|none| Failure::Message(none.to_string()))?;
    decider.model().build_indexes(workspace.jobs());
    let mut guests = Guests::default();
    let mut people = match command.users.is_empty() {
        true => explain::things(decider.model(), &mut guests, subject),
        false => named(&program, decider.model(), &mut guests, subject, &command.users)?,
    };
    people::skip(decider.model(), skipped, &mut people);
    workspace.time("prepare", || format!("{} people", people.len()));

    let page = Page::of(&levels, decider.model(), &guests, command.format, administrators);
    let mut sheet = Sheet::open(&page.form, command.format != TableFormat::Text)?;
    let pieces: Vec<_> = people.chunks(PIECE).collect();
    let work = |asking: &mut Asking, piece: usize| {
        let mut rows = String::new();
        pieces[piece].iter().for_each(|person| page.person(&mut rows, asking, *person));
        rows
    };
    let put = |rows: String| if sheet.put(&rows) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    explain::in_order(pieces.len(), workspace.jobs(), || Asking::new(&levels, &decider, &guests), work, put);
    let any = sheet.finish()?;
    workspace.time("decide", String::new);
    let database = &decider.model().database;
    let asked: Vec<notes::Asked> =
        people.iter().map(|person| (*person, Some(subject), guests.text(&database.symbols, *person))).collect();
    if any {
        notes::unknown(&program, database, &asked).iter().for_each(|note| output::stderr_line(note));
    } else {
        notes::nothing_found(&workspace, &program, database, &asked);
    }
    Ok(any)
}

/// Those who are named, known or not, sorted by id, each once.
fn named(
    program: &Program,
    model: &Model,
    guests: &mut Guests,
    subject: EntityId,
    names: &[String],
) -> Result<Vec<Value>, Failure> {
    let symbols = &model.database.symbols;
    let mut people = Vec::new();
    for name in names {
        people.push(question::person(program, symbols, guests, subject, name).map_err(Failure::unanswerable)?);
    }
    people.sort_by_key(|person| guests.text(symbols, *person));
    people.dedup();
    Ok(people)
}
