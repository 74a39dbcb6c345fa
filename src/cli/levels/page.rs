//! How levels look: in CSV and JSON a row for each, in text a paragraph for each user.

use std::borrow::Cow;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use crate::cli::arguments::TableFormat;
use crate::cli::people::longest;
use crate::cli::sheet::Form;
use rolecall::compiler::program::{EntityId, RelationId, RuleId, Type};
use rolecall::data::{Guests, Value};
use rolecall::engine::Model;
use rolecall::explain::{self, Asking, Held, Levels, Standing, Table};
use rolecall::proof::Words;
use rolecall::report::escape::escape;

/// The rule of a level that no rule gives or takes.
const DEFAULT: &str = "default";

/// Writes the levels of people.
pub struct Page<'p> {
    /// The columns.
    pub form: Form,
    format: TableFormat,
    model: &'p Model<'p>,
    guests: &'p Guests,
    words: Words<'p>,
    administrators: FxHashSet<Value>,
    tables: Vec<Keys>,
}

/// The keys of a table as they are shown.
struct Keys {
    relation: RelationId,
    /// By key: in text all of it, else a value for each column of keys.
    shown: Vec<Vec<Option<String>>>,
    level: Type,
}

impl<'p> Page<'p> {
    /// For the levels of a model.
    pub fn of(
        levels: &Levels,
        model: &'p Model<'p>,
        guests: &'p Guests,
        format: TableFormat,
        administrators: Option<RelationId>,
    ) -> Page<'p> {
        let columns = columns(levels, model);
        let keys = |table: &Table| Keys::of(table, model, &columns, format);
        let tables: Vec<Keys> = levels.tables().iter().map(keys).collect();
        let form = match format {
            TableFormat::Text => paragraphs(&tables, model),
            TableFormat::Csv | TableFormat::Json => table(levels.subject(), &columns, model, format),
        };
        let administrators = administrators.map(|relation| explain::administrators(model, relation));
        let (words, administrators) = (Words::new(model.program, &model.database), administrators.unwrap_or_default());
        Page { form, format, model, guests, words, administrators, tables }
    }

    /// Adds the levels of a person.
    pub fn person(&self, rows: &mut String, asking: &mut Asking, person: Value) {
        let id = self.guests.text(&self.model.database.symbols, person);
        let name = self.words.name(person);
        if matches!(self.format, TableFormat::Text) {
            self.heading(rows, person, id, name);
        }
        let administrator = self.administrators.contains(&person);
        asking.standings(person, |relation, key, standing| {
            let Some(place) = self.tables.iter().position(|keys| keys.relation == relation) else { return };
            // Beyond actions, roles decide nothing for an administrator of the portal, who may do everything (C1).
            let idle = standing.role.is_some() || standing.deciding.is_none();
            if administrator && place > 0 && idle {
                return;
            }
            let keys = &self.tables[place];
            self.row(rows, person, [Some(id), name], keys, key, &standing);
        });
    }

    fn heading(&self, rows: &mut String, person: Value, id: &str, name: Option<&str>) {
        rows.push('\n');
        rows.push_str(&escape(id));
        if let Some(name) = name {
            rows.push_str("  ");
            rows.push_str(&escape(name));
        }
        if self.administrators.contains(&person) {
            rows.push_str("  (administrator)");
        }
        rows.push('\n');
    }

    fn row(
        &self,
        rows: &mut String,
        person: Value,
        who: [Option<&str>; 2],
        keys: &Keys,
        key: usize,
        standing: &Standing,
    ) {
        let level = self.model.database.show(self.model.program, keys.level, standing.level);
        let rule = standing.deciding.as_ref().map_or(DEFAULT, |deciding| self.rule_id(deciding.rule));
        let role = standing.role.map(|role| self.model.database.symbols.text(role));
        let key = keys.shown[key].iter().map(Option::as_deref);
        let because = match self.format {
            TableFormat::Csv => None,
            TableFormat::Text | TableFormat::Json => self.because(person, standing),
        };
        let mut values: SmallVec<[Option<&str>; 12]> = SmallVec::new();
        match self.format {
            TableFormat::Text => {
                values.extend(key);
                values.extend([Some(level.as_str()), Some(rule), role]);
            }
            TableFormat::Csv | TableFormat::Json => {
                values.extend(who);
                values.extend(key);
                let held = standing.held.as_ref().map(|held| self.held(held));
                values.extend([Some(level.as_str()), Some(rule), role, held]);
            }
        }
        if self.format != TableFormat::Csv {
            values.push(because.as_deref());
        }
        self.form.write(rows, &values);
    }

    fn rule_id(&self, rule: RuleId) -> &'p str {
        &self.model.program.rule(rule).id
    }

    fn held(&self, held: &Held) -> &'p str {
        match held {
            Held::Rule(deciding) => self.rule_id(deciding.rule),
            Held::Fact(relation) => &self.model.program.relation(*relation).name,
        }
    }

    /// How the role is held, as a sentence; without a role what decided.
    fn because(&self, person: Value, standing: &Standing) -> Option<Cow<'p, str>> {
        // Someone whom no fact names has no name to be called by.
        let deciding = standing.telling().filter(|_| !Guests::is_guest(&self.model.database.symbols, person))?;
        let bindings = deciding.explained(self.model)?;
        self.words.sentence(deciding.rule, &bindings).map(Cow::Owned)
    }
}

impl Keys {
    fn of(table: &Table, model: &Model, columns: &[String], format: TableFormat) -> Keys {
        let (program, database) = (model.program, &model.database);
        let fields = &program.relation(table.relation).fields;
        let parts = &fields[1..fields.len() - 1];
        let show = |key: &Vec<Value>| -> Vec<Option<String>> {
            let shown = parts.iter().zip(key).map(|(field, value)| database.show(program, field.ty, *value));
            match format {
                TableFormat::Text => vec![Some(format!("  {}", shown.collect::<Vec<_>>().join(" ")))],
                TableFormat::Csv | TableFormat::Json => {
                    let shown: Vec<String> = shown.collect();
                    let place = |column: &String| parts.iter().position(|field| field.name == *column);
                    columns.iter().map(|column| place(column).map(|place| shown[place].clone())).collect()
                }
            }
        };
        let level = fields.last().map_or(Type::Text, |field| field.ty);
        Keys { relation: table.relation, shown: table.keys.iter().map(show).collect(), level }
    }
}

/// The names of all parts of keys, each once.
fn columns(levels: &Levels, model: &Model) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for table in levels.tables() {
        let fields = &model.program.relation(table.relation).fields;
        for field in &fields[1..fields.len() - 1] {
            if !columns.contains(&field.name) {
                columns.push(field.name.clone());
            }
        }
    }
    columns
}

fn table(subject: EntityId, columns: &[String], model: &Model, format: TableFormat) -> Form {
    let form = Form::new(format).column(&model.program.entities[subject.index()].name, 0).column("name", 0);
    let form = columns.iter().fold(form, |form, column| form.column(column, 0));
    let form = ["level", "rule", "role", "held"].into_iter().fold(form, |form, column| form.column(column, 0));
    match format {
        TableFormat::Json => form.column("because", 0),
        TableFormat::Text | TableFormat::Csv => form,
    }
}

fn paragraphs(tables: &[Keys], model: &Model) -> Form {
    let program = model.program;
    let keys = tables.iter().flat_map(|table| &table.shown).flatten().filter_map(Option::as_deref);
    let levels = tables.iter().flat_map(|table| match table.level {
        Type::Enum(id) => &program.enums[id.index()].members[..],
        _ => &[],
    });
    let decisions = |relation: RelationId| program.relation(relation);
    let decides = |rule: &&rolecall::compiler::program::Rule| {
        decisions(rule.head.relation).kind == rolecall::compiler::program::RelationKind::Decision
    };
    let levelled = |rule: &&rolecall::compiler::program::Rule| {
        let last = decisions(rule.head.relation).fields.last().map(|field| field.ty);
        tables.iter().any(|table| Some(table.level) == last)
    };
    let rules = program.rules.iter().filter(decides).filter(levelled).map(|rule| rule.id.as_str());
    let roles = program.entity_named("role").into_iter().flat_map(|role| model.database.symbols.ids(role));
    Form::new(TableFormat::Text)
        .column("", longest(keys))
        .column("", longest(levels.map(String::as_str)))
        .column("", longest(rules))
        .column("", longest(roles))
        .column("", 0)
}
