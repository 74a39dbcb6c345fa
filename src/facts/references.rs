//! What facts name without a fact of its own: no mistake, but worth a look, since a typing error looks the same.

use std::collections::BTreeMap;
use std::io::Read;

use rustc_hash::FxHashSet;

use crate::compiler::codes::Code;
use crate::compiler::diagnostic::{DataPlace, Diagnostic};
use crate::compiler::program::{EntityId, Program, RelationId, RelationKind, Type};
use crate::compiler::source::{LineColumn, Origin, Site, Sources, Span, Spot};
use crate::compiler::suggest::{did_you_mean, nearest};
use crate::data::{Database, FactOrigin, FileId, Value};
use crate::facts::finding::count;
use crate::facts::format::{DataName, Format};
use crate::facts::intake::add_excerpt;
use crate::facts::json_places;
use crate::facts::window::{Source as DataSource, Window};

/// So many ids are shown.
const SAMPLES: usize = 3;

/// Opens a data file once more, where that is possible.
pub type Reopen<'o> = &'o dyn Fn(&str) -> Option<Box<dyn Read + Send>>;

/// Warns of facts that name a thing which has no fact of its own, once for each relation and field.
///
/// It looks at entities with an input of the same name whose first field they are, as `chat(chat, channel)`.
/// Facts that rule files state declare things as well as those of data. Where the first of the facts stands in a JSON
/// file, that is read again to find its line.
pub fn undeclared_references(
    program: &Program,
    database: &Database,
    sources: &mut Sources,
    reopen: Reopen,
) -> Vec<Diagnostic> {
    let declared: Vec<Option<Declared>> =
        (0..program.entities.len()).map(|number| Declared::of(program, database, EntityId(number as u32))).collect();
    let mut found = Vec::new();
    for (number, relation) in program.relations.iter().enumerate() {
        let id = RelationId(number as u32);
        if relation.kind != RelationKind::Input {
            continue;
        }
        for (place, field) in relation.fields.iter().enumerate() {
            let Type::Entity(entity) = field.ty else { continue };
            let Some(declared) = &declared[entity.index()] else { continue };
            if (declared.relation, 0) != (id, place) {
                found.extend(Undeclared::find(database, declared, id, place));
            }
        }
    }
    let mut lines = JsonLines::default();
    for undeclared in &found {
        lines.want(program, database, undeclared);
    }
    lines.find(database, sources, reopen);
    found.into_iter().map(|undeclared| undeclared.warning(program, database, sources, &lines)).collect()
}

/// The things of an entity that have a fact of their own.
struct Declared {
    entity: EntityId,
    relation: RelationId,
    things: FxHashSet<Value>,
}

impl Declared {
    fn of(program: &Program, database: &Database, entity: EntityId) -> Option<Declared> {
        let relation = program.relation_named(&program.entities[entity.index()].name)?;
        let declared = program.relation(relation);
        let is_own = declared.kind == RelationKind::Input
            && declared.fields.first().is_some_and(|field| field.ty == Type::Entity(entity));
        let things = || database.table(relation).rows().map(|row| row[0]).collect();
        is_own.then(|| Declared { entity, relation, things: things() })
    }
}

/// The facts of one relation that name such things in one field.
struct Undeclared<'d> {
    declared: &'d Declared,
    relation: RelationId,
    place: usize,
    facts: usize,
    things: FxHashSet<Value>,
    /// The first things, in the order of the records.
    samples: Vec<Value>,
    first: FactOrigin,
}

impl<'d> Undeclared<'d> {
    fn find(database: &Database, declared: &'d Declared, relation: RelationId, place: usize) -> Option<Undeclared<'d>> {
        let mut found: Option<Undeclared> = None;
        for (number, row) in database.table(relation).rows().enumerate() {
            let thing = row[place];
            if declared.things.contains(&thing) {
                continue;
            }
            let undeclared = found.get_or_insert_with(|| {
                let first = database.origin(relation, number as u32);
                let (things, samples) = (FxHashSet::default(), Vec::new());
                Undeclared { declared, relation, place, facts: 0, things, samples, first }
            });
            undeclared.facts += 1;
            if undeclared.things.insert(thing) && undeclared.samples.len() < SAMPLES {
                undeclared.samples.push(thing);
            }
        }
        found
    }

    /// The id of the first thing.
    fn id<'b>(&self, database: &'b Database) -> &'b str {
        self.samples.first().map_or("", |thing| database.symbols.text(*thing))
    }

    fn warning(self, program: &Program, database: &Database, sources: &mut Sources, lines: &JsonLines) -> Diagnostic {
        let (relation, declared) = (program.relation(self.relation), self.declared);
        let (field, entity) = (&relation.fields[self.place].name, &program.entities[declared.entity.index()].name);
        let ids: Vec<&str> = self.samples.iter().map(|value| database.symbols.text(*value)).collect();
        let (facts, verb) = (count(self.facts, "fact"), if self.facts == 1 { "names" } else { "name" });
        let (things, samples) = (count(self.things.len(), "thing"), quoted(&ids, self.things.len()));
        let message =
            format!("{facts} of `{}` {verb} {things} in `{field}` without a `{entity}` fact: {samples}", relation.name);
        let mut warning = Diagnostic::warning(Code::UndeclaredReference, message);
        warning = self.placed(warning, program, database, sources, lines);
        for id in ids {
            let known = declared.things.iter().map(|value| database.symbols.text(*value));
            let names = nearest(id, known);
            if !names.is_empty() {
                warning = warning.help(format!("for `{id}`, {}", did_you_mean(&names)));
            }
        }
        warning.note("a fact may name things that have none of their own, but a typing error looks the same")
    }

    /// Points at the first record. A file of lines is closed by now, so its line shows the thing alone.
    fn placed(
        &self,
        warning: Diagnostic,
        program: &Program,
        database: &Database,
        sources: &mut Sources,
        lines: &JsonLines,
    ) -> Diagnostic {
        const LABEL: &str = "the first of them";
        let relation = program.relation(self.relation);
        let field = &relation.fields[self.place].name;
        let mut path = None;
        let mut warning = match self.first {
            FactOrigin::Stated(span) => warning.at(span, LABEL),
            FactOrigin::Derived => warning,
            FactOrigin::Record(file, record) if is_json(database.file_name(file)) => {
                let file_name = database.file_name(file);
                let at = format!("{}[{record}].{field}", relation.name);
                path = Some(at.clone());
                match lines.span(file, &relation.name, record, self.id(database)) {
                    Some(span) => warning.at(span, LABEL),
                    None => {
                        let warning = warning.note(format!("the first stands in {file_name}, {at}"));
                        warning.found_in(Site { file: file_name.to_owned(), origin: Origin::Data, at: Spot::Path(at) })
                    }
                }
            }
            FactOrigin::Record(file, line) => {
                let (name, id) = (database.file_name(file), self.id(database));
                let source = sources.add_excerpt(name, id, LineColumn { line, column: 1 }, 0);
                warning.at(sources.span(source, 0, id.len()), LABEL)
            }
        };
        warning.data = Some(DataPlace { relation: Some(relation.name.clone()), field: Some(field.clone()), path });
        warning
    }
}

/// A record of a file by relation and place, and the id that is to be marked in it.
type InRecord = (String, u32, String);

/// Where records of JSON files stand.
#[derive(Default)]
struct JsonLines {
    files: BTreeMap<FileId, BTreeMap<InRecord, Option<Span>>>,
}

impl JsonLines {
    fn want(&mut self, program: &Program, database: &Database, undeclared: &Undeclared) {
        if let FactOrigin::Record(file, record) = undeclared.first
            && is_json(database.file_name(file))
        {
            let relation = program.relation(undeclared.relation).name.clone();
            let wanted = self.files.entry(file).or_default();
            wanted.insert((relation, record, undeclared.id(database).to_owned()), None);
        }
    }

    fn find(&mut self, database: &Database, sources: &mut Sources, reopen: Reopen) {
        for (file, wanted) in &mut self.files {
            let name = database.file_name(*file);
            let Some((data, reader)) = DataName::of(name).zip(reopen(name)) else { continue };
            let mut reader = data.compression.decode(reader);
            // What is no longer there as it was loaded has no line.
            let mut window = Window::new(DataSource::Straight(&mut reader));
            let _ = json_places::records(&mut window, |window, length, relation, record| {
                for ((of, at, id), span) in wanted.iter_mut() {
                    if of == relation && *at == record {
                        *span = Some(marked(window, length, sources, name, id));
                    }
                }
            });
        }
    }

    fn span(&self, file: FileId, relation: &str, record: u32, id: &str) -> Option<Span> {
        *self.files.get(&file)?.get(&(relation.to_owned(), record, id.to_owned()))?
    }
}

/// The id in the record that the window begins with; all of the record where it is written in another way.
fn marked(window: &mut Window, length: usize, sources: &mut Sources, name: &str, id: &str) -> Span {
    let quoted = format!("\"{id}\"");
    let at = window.rest()[..length].windows(quoted.len()).position(|bytes| bytes == quoted.as_bytes());
    let mark = at.map_or(0..length, |at| at..at + quoted.len());
    add_excerpt(sources, name, window, mark)
}

fn is_json(file: &str) -> bool {
    DataName::of(file).is_some_and(|name| name.format == Format::Json)
}

fn quoted(ids: &[&str], all: usize) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    let more = if all > ids.len() { ", …" } else { "" };
    format!("{}{more}", ids.join(", "))
}
