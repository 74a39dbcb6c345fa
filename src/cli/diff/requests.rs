//! The requests to compare, by names. One that neither side can decide is a failure, and nothing is compared.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cli::batch::{Form, Input, too_long};
use crate::cli::question::{Named, Names};
use crate::cli::request::{evaluation, shortened};
use crate::cli::workspace::Failure;
use rolecall::compiler::program::Program;
use rolecall::data::{Database, Guests};
use rolecall::explain::changes::NamedRequest;
use rolecall::report::escape::escape;

/// Reads requests, each once.
pub fn read(
    path: &Path,
    programs: &[Program; 2],
    names: &[Names; 2],
    databases: &[Database; 2],
    limit: u64,
) -> Result<BTreeSet<NamedRequest>, Failure> {
    let mut input = Input::open(path)?;
    let mut found = BTreeSet::new();
    let known = |subject: Named, action: &str, resource: Named| {
        let on = |side: usize| named(&programs[side], &names[side], &databases[side], subject, action, resource);
        on(0).or_else(|_| on(1))
    };
    let mut take = |request: Result<NamedRequest, String>, line: u64| {
        let request = request.map_err(|message| {
            let message = shortened(&message);
            Failure::Message(format!("{}:{line}: {}", escape(&path.display().to_string()), escape(&message)))
        })?;
        found.insert(request);
        match found.len() as u64 > limit {
            true => Err(Failure::Message(format!("there are more requests than `--max-questions`, which is {limit}"))),
            false => Ok(()),
        }
    };
    while let Some(stretch) = input.next()? {
        match input.form() {
            _ if stretch.is_too_long => take(Err(too_long()), stretch.first_line)?,
            Form::Lines => {
                for (line, number) in stretch.lines() {
                    let request = evaluation(line).and_then(|request| {
                        let (subject, resource) = (&request.subject.0, &request.resource.0);
                        let typed = Named::Typed(&resource.ty, &resource.id.0);
                        known(Named::Typed(&subject.ty, &subject.id.0), &request.action.0.name, typed)
                    });
                    take(request, number)?;
                }
            }
            Form::Csv(columns) => {
                for (record, number) in stretch.records(columns) {
                    let request = record.and_then(|[subject, action, resource]| {
                        known(Named::Shorthand(&subject), &action, Named::Shorthand(&resource))
                    });
                    take(request, number)?;
                }
            }
        }
    }
    Ok(found)
}

/// A request by the names that a side has for it.
fn named(
    program: &Program,
    names: &Names,
    database: &Database,
    subject: Named,
    action: &str,
    resource: Named,
) -> Result<NamedRequest, String> {
    let (symbols, mut guests) = (&database.symbols, Guests::default());
    let request = names.request(symbols, &mut guests, subject, action, resource)?;
    let text = |value| guests.text(symbols, value).to_owned();
    let entity = guests.tag(symbols, request.resource).entity();
    let entity = entity.map_or(String::new(), |entity| program.entities[entity.index()].name.clone());
    Ok((text(request.subject), action.to_owned(), entity, text(request.resource)))
}
