//! All facts of one run, by relation, with the file and record each came from.

use std::cmp::Ordering;

use smallvec::SmallVec;

use crate::compiler::program::{Constant, ConstantId, Program, Query, RelationId, RelationKind, Type};
use crate::compiler::source::Span;
use crate::data::{Symbols, Table, Tag, Value};

/// The number of a data file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// Where a fact came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactOrigin {
    /// A record of a data file: the line for CSV, TSV and JSONL, the place in its array (from 0) for JSON.
    Record(FileId, u32),
    /// A statement of a rule file or test.
    Stated(Span),
    /// A rule.
    Derived,
}

/// The facts of a program and its data. Rules add to it; nothing is ever removed.
#[derive(Clone, Debug)]
pub struct Database {
    /// Texts, things and integers by number.
    pub symbols: Symbols,
    tables: Vec<Table>,
    records: Vec<Records>,
    files: Vec<String>,
    stated: Vec<Span>,
    constants: Vec<Value>,
}

/// The origin of each row of a table: four bytes a row, and a segment for each run of rows from one file.
#[derive(Clone, Debug, Default)]
struct Records {
    /// First row of the segment, and its file; `None` for what rule files state.
    segments: Vec<(u32, Option<FileId>)>,
    /// The record of each row within its file, or its place among the spans of stated facts.
    records: Vec<u32>,
}

impl Database {
    /// A database with the facts that the program states.
    pub fn new(program: &Program) -> Database {
        let width = |relation: &crate::compiler::program::Relation| match relation.kind {
            RelationKind::Decision => Table::new(0),
            RelationKind::Input | RelationKind::Relation => Table::new(relation.arity()),
        };
        let mut database = Database {
            symbols: Symbols::default(),
            tables: program.relations.iter().map(width).collect(),
            records: program.relations.iter().map(|_| Records::default()).collect(),
            files: Vec::new(),
            stated: Vec::new(),
            constants: Vec::new(),
        };
        database.intern_constants(program);
        for (number, facts) in program.facts.iter().enumerate() {
            let arity = program.relations[number].arity();
            for (place, span) in facts.spans.iter().enumerate() {
                database.state(RelationId(number as u32), &facts.values[place * arity..(place + 1) * arity], *span);
            }
        }
        database
    }

    /// Gives every constant of the program its value, those of queries compiled later included.
    pub fn intern_constants(&mut self, program: &Program) {
        for constant in program.constants.iter().skip(self.constants.len()) {
            let value = match constant {
                Constant::Text(text) => self.symbols.intern(Tag::TEXT, text),
                Constant::Thing(entity, id) => self.symbols.intern(Tag::thing(*entity), id),
                Constant::Int(integer) => self.symbols.intern_integer(*integer),
                Constant::Action(action) => Value(action.0),
                Constant::Member(_, place) => Value(*place),
            };
            self.constants.push(value);
        }
    }

    /// The value of a constant of the program.
    #[inline]
    pub fn constant(&self, constant: ConstantId) -> Value {
        self.constants[constant.0 as usize]
    }

    /// Names a data file before its facts are added.
    pub fn begin_file(&mut self, name: impl Into<String>) -> FileId {
        self.files.push(name.into());
        FileId(self.files.len() as u32 - 1)
    }

    /// The name of a data file.
    pub fn file_name(&self, file: FileId) -> &str {
        &self.files[file.0 as usize]
    }

    /// The names of all data files, in the order of their numbers.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    /// Adds a fact of a data file: one value for each field, of the field's type.
    pub fn add(&mut self, relation: RelationId, row: &[Value], file: FileId, record: u32) {
        self.push(relation, row, Some(file), record);
    }

    /// Adds facts of a data file, their values side by side, and of each its record.
    pub fn add_all(
        &mut self,
        relation: RelationId,
        rows: &[Value],
        file: FileId,
        records: impl ExactSizeIterator<Item = u32>,
    ) {
        self.begin_segment(relation, Some(file));
        self.tables[relation.index()].extend(rows, records.len());
        self.records[relation.index()].records.extend(records);
    }

    /// Adds a fact that a rule file or a test states.
    pub fn state(&mut self, relation: RelationId, constants: &[ConstantId], span: Span) {
        let row: SmallVec<[Value; 8]> = constants.iter().map(|constant| self.constant(*constant)).collect();
        self.stated.push(span);
        self.push(relation, &row, None, self.stated.len() as u32 - 1);
    }

    fn push(&mut self, relation: RelationId, row: &[Value], file: Option<FileId>, record: u32) {
        self.begin_segment(relation, file);
        self.records[relation.index()].records.push(record);
        self.tables[relation.index()].push(row);
    }

    /// Begins a run of rows from one file, unless the last rows are from it.
    fn begin_segment(&mut self, relation: RelationId, file: Option<FileId>) {
        let segments = &mut self.records[relation.index()].segments;
        if segments.last().is_none_or(|(_, last)| *last != file) {
            segments.push((self.tables[relation.index()].len() as u32, file));
        }
    }

    /// The rows of a relation. Of a decision there are none.
    #[inline]
    pub fn table(&self, relation: RelationId) -> &Table {
        &self.tables[relation.index()]
    }

    /// The rows of a relation, to add what rules derive.
    pub fn table_mut(&mut self, relation: RelationId) -> &mut Table {
        &mut self.tables[relation.index()]
    }

    /// Where a row came from.
    pub fn origin(&self, relation: RelationId, row: u32) -> FactOrigin {
        let records = &self.records[relation.index()];
        let Some(record) = records.records.get(row as usize) else { return FactOrigin::Derived };
        let segment = records.segments.partition_point(|(first, _)| *first <= row) - 1;
        match records.segments[segment].1 {
            Some(file) => FactOrigin::Record(file, *record),
            None => FactOrigin::Stated(self.stated[*record as usize]),
        }
    }

    /// How many rows of a relation were loaded or stated, repeated ones included. They come first in its table.
    pub fn given_len(&self, relation: RelationId) -> u32 {
        self.records[relation.index()].records.len() as u32
    }

    /// The first loaded or stated row with these values.
    ///
    /// Costs a pass over the relation's facts.
    pub fn given(&self, relation: RelationId, values: &[Value]) -> Option<u32> {
        (0..self.given_len(relation)).find(|row| self.tables[relation.index()].row(*row) == values)
    }

    /// The loaded and stated rows of a relation, repeated ones included; not those that rules derived.
    pub fn given_rows(&self, relation: RelationId) -> impl Iterator<Item = &[Value]> {
        self.tables[relation.index()].rows().take(self.records[relation.index()].records.len())
    }

    /// A database of the same symbols with those of the loaded and stated facts that `keep` keeps.
    pub fn given_facts(&self, program: &Program, keep: impl Fn(RelationId, &[Value]) -> bool) -> Database {
        let mut database = Database {
            symbols: self.symbols.clone(),
            tables: self.tables.iter().map(|table| Table::new(table.width())).collect(),
            records: vec![Records::default(); self.records.len()],
            files: self.files.clone(),
            stated: self.stated.clone(),
            constants: self.constants.clone(),
        };
        for relation in (0..program.relations.len() as u32).map(RelationId) {
            for number in 0..self.given_len(relation) {
                let row = self.tables[relation.index()].row(number);
                let records = &self.records[relation.index()];
                let segment = records.segments.partition_point(|(first, _)| *first <= number) - 1;
                if keep(relation, row) {
                    let (file, record) = (records.segments[segment].1, records.records[number as usize]);
                    database.push(relation, row, file, record);
                }
            }
        }
        database
    }

    /// How many facts were loaded or stated, repeated ones included; not those that rules derived.
    pub fn loaded(&self) -> usize {
        self.records.iter().map(|records| records.records.len()).sum()
    }

    /// Which of two values of a type comes first, as people sort: names and texts by letters, integers by size, members
    /// by their order.
    pub fn compare(&self, program: &Program, ty: Type, left: Value, right: Value) -> Ordering {
        let thing = |value: Value| {
            let entity = self.symbols.tag(value).entity().map(|entity| &program.entities[entity.index()].name);
            (entity, self.symbols.text(value))
        };
        match ty {
            _ if left == right => Ordering::Equal,
            Type::Text | Type::Entity(_) => self.symbols.text(left).cmp(self.symbols.text(right)),
            Type::Resource => thing(left).cmp(&thing(right)),
            Type::Int => self.symbols.integer(left).cmp(&self.symbols.integer(right)),
            Type::Action => program.actions[left.index()].name.cmp(&program.actions[right.index()].name),
            Type::Enum(_) => left.cmp(&right),
        }
    }

    /// Which of two answers to a query comes first: by its first variable, then by the next.
    pub fn compare_answers(&self, program: &Program, query: &Query, left: &[Value], right: &[Value]) -> Ordering {
        let columns = query.variables.iter().zip(left.iter().zip(right));
        let mut orders = columns.map(|(variable, (a, b))| self.compare(program, variable.ty, *a, *b));
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// A value as people write it, without quotes: an id, a text, a number, the name of an action or member.
    pub fn show(&self, program: &Program, ty: Type, value: Value) -> String {
        match ty {
            Type::Text | Type::Entity(_) => self.symbols.text(value).to_owned(),
            Type::Resource => match self.symbols.tag(value).entity() {
                Some(entity) => format!("{}:{}", program.entities[entity.index()].name, self.symbols.text(value)),
                None => self.symbols.text(value).to_owned(),
            },
            Type::Int => self.symbols.integer(value).to_string(),
            Type::Action => program.actions[value.index()].name.clone(),
            Type::Enum(id) => program.enums[id.index()].members[value.index()].clone(),
        }
    }
}
