//! What facts name without a fact of its own: no mistake, but worth a look, since a typing error looks the same.

use rustc_hash::FxHashSet;

use crate::compiler::codes::Code;
use crate::compiler::diagnostic::{DataPlace, Diagnostic};
use crate::compiler::program::{EntityId, Field, Program, RelationId, RelationKind, Type};
use crate::compiler::source::{LineColumn, Sources};
use crate::compiler::suggest::{did_you_mean, nearest};
use crate::data::{Database, FactOrigin, Value};
use crate::facts::finding::count;

/// So many ids are shown.
const SAMPLES: usize = 3;

/// Warns of facts that name a thing which has no fact of its own, once for each relation and field.
///
/// It looks at entities with an input of the same name whose first field they are, as `chat(chat, channel)`.
/// Facts that rule files state declare things as well as those of data.
pub fn undeclared_references(program: &Program, database: &Database, sources: &mut Sources) -> Vec<Diagnostic> {
    let declared: Vec<Option<Declared>> =
        (0..program.entities.len()).map(|number| Declared::of(program, database, EntityId(number as u32))).collect();
    let mut diagnostics = Vec::new();
    for (number, relation) in program.relations.iter().enumerate() {
        let id = RelationId(number as u32);
        if relation.kind != RelationKind::Input {
            continue;
        }
        for (place, field) in relation.fields.iter().enumerate() {
            let Type::Entity(entity) = field.ty else { continue };
            let Some(declared) = &declared[entity.index()] else { continue };
            if (declared.relation, 0) != (id, place) {
                let found = Undeclared::find(database, declared, id, place);
                diagnostics.extend(found.map(|found| found.warning(program, database, sources, declared, id, field)));
            }
        }
    }
    diagnostics
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
struct Undeclared {
    facts: usize,
    things: FxHashSet<Value>,
    /// The first things, in the order of the records.
    samples: Vec<Value>,
    first: FactOrigin,
}

impl Undeclared {
    fn find(database: &Database, declared: &Declared, relation: RelationId, place: usize) -> Option<Undeclared> {
        let mut found: Option<Undeclared> = None;
        for (number, row) in database.table(relation).rows().enumerate() {
            let thing = row[place];
            if declared.things.contains(&thing) {
                continue;
            }
            let first = || database.origin(relation, number as u32);
            let undeclared = found.get_or_insert_with(|| Undeclared {
                facts: 0,
                things: FxHashSet::default(),
                samples: Vec::new(),
                first: first(),
            });
            undeclared.facts += 1;
            if undeclared.things.insert(thing) && undeclared.samples.len() < SAMPLES {
                undeclared.samples.push(thing);
            }
        }
        found
    }

    fn warning(
        self,
        program: &Program,
        database: &Database,
        sources: &mut Sources,
        declared: &Declared,
        relation: RelationId,
        field: &Field,
    ) -> Diagnostic {
        let relation = &program.relation(relation).name;
        let entity = &program.entities[declared.entity.index()].name;
        let ids: Vec<&str> = self.samples.iter().map(|value| database.symbols.text(*value)).collect();
        let (facts, verb) = (count(self.facts, "fact"), if self.facts == 1 { "names" } else { "name" });
        let (things, samples) = (count(self.things.len(), "thing"), quoted(&ids, self.things.len()));
        let message =
            format!("{facts} of `{relation}` {verb} {things} in `{}` without a `{entity}` fact: {samples}", field.name);
        let mut warning = Diagnostic::warning(Code::UndeclaredReference, message);
        warning = place(warning, database, sources, &self, relation, &field.name);
        for id in ids {
            let known = declared.things.iter().map(|value| database.symbols.text(*value));
            let names = nearest(id, known);
            if !names.is_empty() {
                warning = warning.help(format!("for `{id}`, {}", did_you_mean(&names)));
            }
        }
        warning.note("a fact may name things that have none of their own, but a typing error looks the same")
    }
}

/// Points at the first record. The file is closed by now, so its line shows the thing alone.
fn place(
    warning: Diagnostic,
    database: &Database,
    sources: &mut Sources,
    found: &Undeclared,
    relation: &str,
    field: &str,
) -> Diagnostic {
    let mut data = DataPlace { relation: Some(relation.to_owned()), field: Some(field.to_owned()), path: None };
    let mut warning = match found.first {
        FactOrigin::Stated(span) => warning.at(span, "the first of them"),
        FactOrigin::Derived => warning,
        FactOrigin::Record(file, record) if database.file_name(file).ends_with(".json") => {
            let path = format!("{relation}[{record}].{field}");
            let warning = warning.note(format!("the first stands in {}, {path}", database.file_name(file)));
            data.path = Some(path);
            warning
        }
        FactOrigin::Record(file, line) => {
            let text = found.samples.first().map_or("", |thing| database.symbols.text(*thing));
            let source = sources.add_excerpt(database.file_name(file), text, LineColumn { line, column: 1 }, 0);
            warning.at(sources.span(source, 0, text.len()), "the first of them")
        }
    };
    warning.data = Some(data);
    warning
}

fn quoted(ids: &[&str], all: usize) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    let more = if all > ids.len() { ", …" } else { "" };
    format!("{}{more}", ids.join(", "))
}
