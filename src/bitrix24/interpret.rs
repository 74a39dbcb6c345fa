//! Records to facts, as the catalog says: gates, places, conditions; and the filter that keeps out facts about things that
//! do not exist for the policy.

mod evaluate;
mod grants;

use std::borrow::Cow;
use std::io;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::bitrix24::anonymous::Anonymous;
use crate::bitrix24::catalog::{Fact, Lesson, Set, Source, When};
use crate::bitrix24::holders::Holders;
use crate::bitrix24::learned::Learned;
use crate::bitrix24::phones::Phones;
use crate::bitrix24::read::{Cell, Place, Record};
use crate::bitrix24::reason::Reason;
use crate::bitrix24::report::Report;
use crate::bitrix24::{Options, Sink};
use crate::compiler::program::{Program, RelationKind, Type};
use crate::facts::Levels;

/// Turns records into facts.
pub(super) struct Interpreter<'i> {
    pub program: &'i Program,
    pub levels: &'i Levels,
    pub options: &'i Options,
    pub learned: Learned,
    pub phones: Phones,
    pub anonymous: Option<Anonymous>,
    pub holders: Holders,
    pub report: Report,
    pub sink: &'i mut dyn Sink,
    /// What went wrong with the sink.
    pub failed: Option<io::Error>,
    /// The facts that the columns of each source can give.
    facts: FxHashMap<&'static str, Rc<[&'static Fact]>>,
    /// The inputs that facts were told for, by name.
    inputs: FxHashMap<&'static str, Input>,
}

/// An input that facts are told for.
struct Input {
    /// The entities of its places that may not exist for the policy.
    filtered: Vec<Option<&'static str>>,
    facts: u64,
}

/// The values of a place, mostly one.
type Values<'t> = SmallVec<[Cow<'t, str>; 1]>;

/// A record with its source, while it is told.
struct Told<'t> {
    source: &'static Source,
    /// The number in the name of the file or table.
    object: &'t str,
    record: &'t Record<'t>,
    /// The number of the source in the report.
    read: usize,
}

/// The entities whose things may be left out.
const FILTERED: [&str; 3] = ["user", "department", "user_group"];

impl<'i> Interpreter<'i> {
    /// With nothing learned yet.
    pub fn new(
        program: &'i Program,
        levels: &'i Levels,
        options: &'i Options,
        sink: &'i mut dyn Sink,
    ) -> Interpreter<'i> {
        Interpreter {
            program,
            levels,
            options,
            learned: Learned::default(),
            phones: Phones::new(options.country),
            anonymous: options.anonymise.then(Anonymous::default),
            holders: Holders::default(),
            report: Report::default(),
            sink,
            failed: None,
            facts: FxHashMap::default(),
            inputs: FxHashMap::default(),
        }
    }

    /// Learns what a record teaches.
    pub fn learn(&mut self, source: &'static Source, object: &str, record: &Record) {
        let told = Told { source, object, record, read: 0 };
        for lesson in source.lessons {
            match lesson {
                Lesson::LeaveOut { entity, id, when, reason } => {
                    if matches!(self.holds(&told, when), Ok(true)) {
                        self.learned.leave_out(entity, told.text(id), *reason);
                    }
                }
                Lesson::Remember { set, what, when } => {
                    if matches!(self.holds(&told, when), Ok(true)) {
                        for text in self.values(&told, what).unwrap_or_default() {
                            // Types of CRM items are called in small letters here.
                            let small = matches!(set, Set::CrmTypes);
                            self.learned
                                .remember(*set, if small { text.to_ascii_lowercase() } else { text.into_owned() });
                        }
                    }
                }
                Lesson::Code(column) => self.holders.assigned(told.text(column).trim()),
                Lesson::Activity { activity, chat } => self.learned.activity(told.text(activity), told.text(chat)),
            }
        }
    }

    /// Tells the facts of a record. `relations` says which of the source's are told; a table tells the others.
    pub fn tell(
        &mut self,
        source: &'static Source,
        object: &str,
        record: &Record,
        read: usize,
        is_told: &dyn Fn(&str) -> bool,
    ) {
        let told = Told { source, object, record, read };
        self.report.read[read].records += 1;
        for (gate, reason) in source.gates {
            match self.holds(&told, gate) {
                Ok(true) => {}
                Ok(false) if *reason == Reason::OtherField && self.learned.field_is_unknown => {
                    return self.skip(&told, Reason::DepartmentField);
                }
                Ok(false) => return self.skip(&told, *reason),
                Err(reason) => return self.skip(&told, reason),
            }
        }
        let facts = Rc::clone(self.facts.entry(source.name).or_insert_with(|| source.facts().collect()));
        for (number, fact) in facts.iter().enumerate() {
            if !is_told(fact.relation) {
                self.skip(&told, Reason::TableWins);
            } else if !self.fact(&told, fact, number == 0) {
                return self.skip(&told, Reason::Unusable);
            }
        }
        if let Some(grant) = &source.grants {
            self.grant(&told, grant);
        }
    }

    /// Tells a fact; false where the record can't be used, because the id of what it is about is missing.
    fn fact(&mut self, told: &Told, fact: &Fact, is_first: bool) -> bool {
        if !matches!(fact.when, When::Always) && !matches!(self.holds(told, &fact.when), Ok(true)) {
            return true;
        }
        let mut places: SmallVec<[Values; 4]> = SmallVec::new();
        for (place, expr) in fact.places.iter().enumerate() {
            match self.values(told, expr) {
                Some(values) if values.is_empty() => return !(is_first && place == 0 && expr.is_key()),
                Some(values) => places.push(values),
                None => return false,
            }
        }
        self.rows(told, fact.relation, &places, &mut SmallVec::new());
        true
    }

    /// A fact for each choice of values.
    fn rows<'v>(
        &mut self,
        told: &Told,
        relation: &'static str,
        places: &'v [Values],
        row: &mut SmallVec<[&'v str; 4]>,
    ) {
        let Some(values) = places.get(row.len()) else { return self.put(told, relation, row) };
        for value in values {
            row.push(value);
            self.rows(told, relation, places, row);
            row.pop();
        }
    }

    /// Gives a fact to the sink, unless it is about something that does not exist for the policy.
    fn put(&mut self, told: &Told, relation: &'static str, row: &[&str]) {
        let input = input(&mut self.inputs, self.program, relation);
        let places = input.filtered.iter().zip(row).filter_map(|(entity, id)| Some(((*entity)?, id)));
        let mut reasons = places.filter_map(|(entity, id)| self.learned.why_left_out(entity, id));
        if let Some(reason) = reasons.next() {
            return self.skip(told, reason);
        }
        input.facts += 1;
        self.report.read[told.read].facts += 1;
        self.give(relation, row);
    }

    /// Tells a fact that no record tells.
    pub fn state(&mut self, relation: &'static str, row: &[&str]) {
        input(&mut self.inputs, self.program, relation).facts += 1;
        self.give(relation, row);
    }

    /// Gives a fact to the sink.
    fn give(&mut self, relation: &'static str, row: &[&str]) {
        if self.failed.is_some() {
            return;
        }
        let given = match &mut self.anonymous {
            Some(anonymous) => {
                let row = anonymous.row(relation, row);
                let row: Vec<&str> = row.iter().map(|value| &**value).collect();
                self.sink.fact(relation, &row)
            }
            None => self.sink.fact(relation, row),
        };
        self.failed = given.err();
    }

    /// The report, and what went wrong with the sink.
    pub fn finish(mut self) -> io::Result<(Report, Holders)> {
        self.report.facts = self.inputs.iter().map(|(relation, input)| (*relation, input.facts)).collect();
        self.report.facts.retain(|_, facts| *facts > 0);
        self.failed.map_or(Ok((self.report, self.holders)), Err)
    }

    fn skip(&mut self, told: &Told, reason: Reason) {
        self.report.skip(reason, told.read, Some(told.place()), || told.shown());
    }
}

fn input<'i>(
    inputs: &'i mut FxHashMap<&'static str, Input>,
    program: &Program,
    relation: &'static str,
) -> &'i mut Input {
    inputs.entry(relation).or_insert_with(|| Input { filtered: filtered(program, relation), facts: 0 })
}

/// The entities of a relation's places that may be left out. Who is assigned a role stands as it is stored: nobody belongs to
/// a department that is left out.
fn filtered(program: &Program, relation: &str) -> Vec<Option<&'static str>> {
    let Some(id) = program.relation_named(relation) else { return Vec::new() };
    let declared = program.relation(id);
    let entity = |ty: Type| match ty {
        Type::Entity(entity) => {
            let name = &program.entities[entity.index()].name;
            let filtered = FILTERED.into_iter().find(|filtered| filtered == name);
            filtered.filter(|name| *name == "user" || !relation.starts_with("assigned_to_"))
        }
        _ => None,
    };
    match declared.kind {
        RelationKind::Input => declared.fields.iter().map(|field| entity(field.ty)).collect(),
        RelationKind::Relation | RelationKind::Decision => Vec::new(),
    }
}

impl Told<'_> {
    /// The text of a column, "" where it has none.
    fn text(&self, name: &str) -> &str {
        self.source.place(name).map_or("", |place| self.record.cells[place].text())
    }

    /// The texts of a column.
    fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.source.place(name).into_iter().flat_map(|place| self.record.cells[place].texts())
    }

    /// The columns that matter, but for what is personal.
    fn shown(&self) -> String {
        const PERSONAL: [&str; 5] = ["NAME", "LAST_NAME", "LINE_NAME", "PHONE", "PHONE_NUMBER"];
        let columns = self.source.columns.iter().zip(self.record.cells);
        let shown = columns.filter(|(column, _)| !PERSONAL.contains(&column.name));
        let text = |cell: &Cell| cell.texts().collect::<Vec<_>>().join("+");
        shown.map(|(column, cell)| format!("{}={}", column.name, text(cell))).collect::<Vec<_>>().join(" ")
    }

    fn place(&self) -> Place {
        self.record.place
    }
}
