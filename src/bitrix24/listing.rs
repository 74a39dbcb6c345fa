//! Which files of a folder hold what, told by their names: `user.get.2.json`, `b_user.csv`, `portal.sql`, each with `.gz` or
//! `.zst` behind it where it is compressed.

use std::collections::BTreeMap;

use crate::bitrix24::catalog::{Expr, Kind, Source, is_number};
use crate::bitrix24::methods::METHODS;
use crate::bitrix24::tables::TABLES;
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::facts::{Compression, Delimiter};

/// A file of the export.
#[derive(Clone)]
pub(super) struct Input {
    pub name: String,
    pub compression: Compression,
    pub holds: Holds,
}

/// What a file holds.
#[derive(Clone)]
pub(super) enum Holds {
    /// Responses of a method, about an object or "", and the number of the page, if it has one.
    Responses { source: &'static Source, object: String, page: Option<u64> },
    /// A table; the number that stands in its name, or "".
    Table { source: &'static Source, object: String, delimiter: Delimiter },
    /// A dump of any tables.
    Dump,
}

/// The files of a folder in the order in which they are read, and those that are no source.
pub(super) fn inputs(mut names: Vec<String>) -> (Vec<Input>, Vec<String>) {
    names.sort();
    let (mut inputs, mut unknown) = (Vec::new(), Vec::new());
    for name in names {
        let left_alone = name.starts_with('.') || name.ends_with(".md") || name.ends_with(".rules");
        match input(&name) {
            Some(input) => inputs.push(input),
            None if left_alone => {}
            None => unknown.push(name),
        }
    }
    inputs.sort_by_cached_key(order);
    (inputs, unknown)
}

fn order(input: &Input) -> (usize, String, u64, String) {
    let place = |sources: &[Source], wanted: &Source| sources.iter().position(|source| source.name == wanted.name);
    let (rank, object, page) = match &input.holds {
        Holds::Dump => (0, "", 0),
        Holds::Table { source, object, .. } => (1 + place(TABLES, source).unwrap_or(0), object.as_str(), 0),
        Holds::Responses { source, object, page } => {
            (1 + TABLES.len() + place(METHODS, source).unwrap_or(0), object.as_str(), page.unwrap_or(0))
        }
    };
    (rank, format!("{object:0>20}"), page, input.name.clone())
}

fn input(name: &str) -> Option<Input> {
    let (plain, compression) = Compression::of(name);
    let (stem, extension) = plain.rsplit_once('.')?;
    let holds = match extension {
        "json" | "jsonl" => responses(stem)?,
        "csv" => table_file(stem, Delimiter::Comma)?,
        "tsv" => table_file(stem, Delimiter::Tab)?,
        "sql" => Holds::Dump,
        _ => return None,
    };
    Some(Input { name: name.to_owned(), compression, holds })
}

fn responses(stem: &str) -> Option<Holds> {
    let rest = |source: &Source| match stem.strip_prefix(source.name)? {
        "" => Some(Vec::new()),
        rest => Some(rest.strip_prefix('.')?.split('.').map(str::to_owned).collect::<Vec<_>>()),
    };
    METHODS.iter().find_map(|source| {
        let numbers = rest(source).filter(|numbers| numbers.iter().all(|number| is_number(number)))?;
        let (object, page) = match (source.kind, numbers.as_slice()) {
            (Kind::MethodOfObject, [object, page]) => (object.clone(), Some(page)),
            (Kind::MethodOfObject, [object]) => (object.clone(), None),
            (Kind::MethodOfObject, []) if !needs_object(source) => (String::new(), None),
            (Kind::Method, [page]) => (String::new(), Some(page)),
            (Kind::Method, []) => (String::new(), None),
            _ => return None,
        };
        Some(Holds::Responses { source, object, page: page.and_then(|page| page.parse().ok()) })
    })
}

/// Whether its facts can't be told without the number in the name of the file.
fn needs_object(source: &Source) -> bool {
    let is_of_object = |expr: &Expr| matches!(expr, Expr::Object | Expr::ItemOfObject(_));
    source.facts().any(|fact| fact.places.iter().any(is_of_object))
}

fn table_file(stem: &str, delimiter: Delimiter) -> Option<Holds> {
    let (source, object) = table(stem)?;
    Some(Holds::Table { source, object, delimiter })
}

/// The table of that name, and the number in it.
pub(super) fn table(name: &str) -> Option<(&'static Source, String)> {
    TABLES.iter().find_map(|source| Some((source, source.matches(name)?.to_owned())))
}

/// A folder without anything to import.
pub(super) fn nothing(folder: &str) -> Diagnostic {
    let message = format!("`{folder}` holds no export of a known method or table");
    Diagnostic::error(Code::UnexpectedFile, message)
        .note("a file is named by its method or table: `user.get.1.json`, `b_user.csv`; a dump ends in `.sql`")
}

/// The rows of pages: the files of a method, and of an object where it is about one.
fn rows_of_pages(inputs: &[Input]) -> BTreeMap<(&'static str, String), Vec<&Input>> {
    let mut rows: BTreeMap<_, Vec<&Input>> = BTreeMap::new();
    for input in inputs {
        if let Holds::Responses { source, object, .. } = &input.holds {
            rows.entry((source.name, object.clone())).or_default().push(input);
        }
    }
    rows
}

/// The pages that are missing in rows of pages, by the names of the files.
pub(super) fn gaps(inputs: &[Input]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for ((method, object), row) in rows_of_pages(inputs) {
        let page = |input: &&Input| match input.holds {
            Holds::Responses { page, .. } => page,
            Holds::Table { .. } | Holds::Dump => None,
        };
        let pages: Vec<u64> = row.iter().filter_map(page).collect();
        let mut expected = 1;
        for page in &pages {
            if *page > expected {
                found.push(gap(&shown(method, &object), expected, page - 1));
            }
            expected = expected.max(page + 1);
        }
    }
    found
}

/// A method with its object, as in the names of files.
pub(super) fn shown(method: &str, object: &str) -> String {
    if object.is_empty() { method.to_owned() } else { format!("{method}.{object}") }
}

fn gap(method: &str, first: u64, last: u64) -> Diagnostic {
    let what = match first == last {
        true => format!("page {first} of `{method}` is missing"),
        false => format!("pages {first} to {last} of `{method}` are missing"),
    };
    Diagnostic::error(Code::MissingPage, what).note("who or what stands there would be denied without a word").help(
        format!("call the method again with `start={}`, and save it as `{method}.{first}.json`", (first - 1) * 50),
    )
}

/// Fewer records than the portal says it has.
pub(super) fn short(method: &str, records: u64, total: Option<u64>) -> Diagnostic {
    let what = match total {
        Some(total) => format!("`{method}` has {records} of {total} records"),
        None => format!("`{method}` goes on behind its last page"),
    };
    Diagnostic::error(Code::MissingPage, what)
        .note("who or what is missing would be denied without a word")
        .help(format!("call the method again with `start={records}`, until a response has no `next`"))
}
