//! Records to facts, as the catalog says: gates, places, conditions; and the filter that keeps out facts about things that
//! do not exist for the policy.

mod evaluate;
mod grants;
mod inputs;
mod plan;

pub(super) use inputs::Inputs;
use plan::PlannedFact;
pub(super) use plan::{Plan, lesson_columns};

use std::io;
use std::mem::take;
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::bitrix24::anonymous::Anonymous;
use crate::bitrix24::catalog::{Expr, Lesson, Set, Slot, Source, When, is_number};
use crate::bitrix24::holders::Holders;
use crate::bitrix24::learned::Learned;
use crate::bitrix24::phones::Phones;
use crate::bitrix24::read::{Place, Record};
use crate::bitrix24::reason::Reason;
use crate::bitrix24::report::Report;
use crate::bitrix24::texts::Texts;
use crate::bitrix24::{Options, Sink};
use crate::compiler::program::Program;
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
    /// The sources met so far, by name.
    plans: FxHashMap<&'static str, Rc<Plan>>,
    inputs: Inputs,
    /// Memory for the values of a fact.
    texts: Texts,
}

/// The values of a fact.
type Row<'v> = SmallVec<[&'v str; 4]>;

/// A record with its source, while it is told.
struct Told<'t> {
    source: &'static Source,
    /// The number in the name of the file or table.
    object: &'t str,
    record: &'t Record<'t>,
    /// The number of the source in the report.
    read: usize,
}

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
            plans: FxHashMap::default(),
            inputs: Inputs::default(),
            texts: Texts::default(),
        }
    }

    /// How records of a source are interpreted.
    pub fn plan(&mut self, source: &'static Source) -> Rc<Plan> {
        let (program, inputs) = (self.program, &mut self.inputs);
        Rc::clone(self.plans.entry(source.name).or_insert_with(|| Rc::new(Plan::new(source, program, inputs))))
    }

    /// Learns what a record teaches.
    pub fn learn(&mut self, plan: &Plan, object: &str, record: &Record) {
        let told = Told { source: plan.source, object, record, read: 0 };
        for lesson in &plan.lessons {
            match lesson {
                Lesson::LeaveOut { entity, id, when, reason } => {
                    if matches!(self.holds(&told, when), Ok(true)) {
                        self.learned.leave_out(*entity, told.at(*id), *reason);
                    }
                }
                Lesson::Remember { set, what, when } => {
                    let mut values = Texts::default();
                    if matches!(self.holds(&told, when), Ok(true)) && self.values(&told, what, &mut values) {
                        for text in values.iter() {
                            // Types of CRM items are called in small letters here.
                            let small = matches!(set, Set::CrmTypes);
                            self.learned
                                .remember(*set, if small { text.to_ascii_lowercase() } else { text.to_owned() });
                        }
                    }
                }
                Lesson::Code(column) => self.holders.assigned(told.at(*column).trim()),
                Lesson::Activity { activity, chat } => self.learned.activity(told.at(*activity), told.at(*chat)),
            }
        }
    }

    /// Tells the facts of a record. `is_told` says which relations of the source are told; a table tells the others.
    pub fn tell(&mut self, plan: &Plan, object: &str, record: &Record, read: usize, is_told: &dyn Fn(&str) -> bool) {
        let told = Told { source: plan.source, object, record, read };
        self.report.read[read].records += 1;
        for (gate, reason) in &plan.gates {
            match self.holds(&told, gate) {
                Ok(true) => {}
                Ok(false) if *reason == Reason::OtherField && self.learned.field_is_unknown => {
                    return self.skip(&told, Reason::DepartmentField);
                }
                Ok(false) => return self.skip(&told, *reason),
                Err(reason) => return self.skip(&told, reason),
            }
        }
        for (number, fact) in plan.facts.iter().enumerate() {
            if !is_told(fact.relation) {
                self.skip(&told, Reason::TableWins);
            } else if !self.fact(&told, fact, number == 0) {
                return self.skip(&told, Reason::Unusable);
            }
        }
        if let Some(grant) = &plan.source.grants {
            self.grant(&told, grant);
        }
    }

    /// Tells a fact; false where the record can't be used, because the id of what it is about is missing.
    fn fact(&mut self, told: &Told, fact: &PlannedFact, is_first: bool) -> bool {
        if !matches!(fact.when, When::Always) && !matches!(self.holds(told, &fact.when), Ok(true)) {
            return true;
        }
        // Mostly every place has one value, which stands in the record.
        let mut row = Row::new();
        for expr in &fact.places {
            let Some(value) = told.plain(expr) else { break };
            row.push(value);
        }
        if row.len() == fact.places.len() {
            self.put(told, fact.input, &row);
            return true;
        }
        let mut texts = take(&mut self.texts);
        let is_usable = self.choices(told, fact, is_first, &mut texts);
        self.texts = texts;
        is_usable
    }

    /// As `fact`, where a place may have several values.
    fn choices(&mut self, told: &Told, fact: &PlannedFact, is_first: bool, values: &mut Texts) -> bool {
        values.truncate(0);
        let mut places: SmallVec<[Range<usize>; 4]> = SmallVec::new();
        for (place, expr) in fact.places.iter().enumerate() {
            let first = values.len();
            if !self.values(told, expr, values) {
                return false;
            }
            if values.len() == first {
                return !(is_first && place == 0 && expr.is_key());
            }
            places.push(first..values.len());
        }
        match values.len() == places.len() {
            true => self.put(told, fact.input, &values.iter().collect::<Row>()),
            false => self.rows(told, fact.input, values, &places, &mut Row::new()),
        }
        true
    }

    /// A fact for each choice of values.
    fn rows<'v>(&mut self, told: &Told, input: usize, values: &'v Texts, places: &[Range<usize>], row: &mut Row<'v>) {
        let Some(place) = places.get(row.len()) else { return self.put(told, input, row) };
        for value in place.clone() {
            row.push(values.at(value));
            self.rows(told, input, values, places, row);
            row.pop();
        }
    }

    /// Gives a fact to the sink, unless it is about something that does not exist for the policy.
    fn put(&mut self, told: &Told, input: usize, row: &[&str]) {
        if let Some(reason) = self.inputs.why_left_out(input, row, &self.learned) {
            return self.skip(told, reason);
        }
        self.report.read[told.read].facts += 1;
        self.give(input, row);
    }

    /// As `put`, for a relation that depends on the record.
    fn put_named(&mut self, told: &Told, relation: &'static str, row: &[&str]) {
        let input = self.inputs.number(self.program, relation);
        self.put(told, input, row);
    }

    /// Tells a fact that no record tells.
    pub fn state(&mut self, relation: &'static str, row: &[&str]) {
        let input = self.inputs.number(self.program, relation);
        self.give(input, row);
    }

    /// Gives a fact to the sink.
    fn give(&mut self, input: usize, row: &[&str]) {
        let relation = self.inputs.count(input);
        if self.failed.is_some() {
            return;
        }
        let given = match &mut self.anonymous {
            Some(anonymous) => {
                let row = anonymous.row(relation, row);
                let row: Vec<&str> = row.iter().map(|value| &**value).collect();
                self.sink.fact(input, relation, &row)
            }
            None => self.sink.fact(input, relation, row),
        };
        self.failed = given.err();
    }

    /// The report, and what went wrong with the sink.
    pub fn finish(mut self) -> io::Result<(Report, Holders)> {
        self.report.facts = self.inputs.facts().collect();
        self.failed.map_or(Ok((self.report, self.holders)), Err)
    }

    fn skip(&mut self, told: &Told, reason: Reason) {
        self.report.skip(reason, told.read, Some(told.place()), || told.shown());
    }
}

impl<'t> Told<'t> {
    /// The text of a column, "" where it has none.
    fn text(&self, name: &str) -> &'t str {
        self.source.place(name).map_or("", |slot| self.at(slot))
    }

    /// The text of the column at a place, "" where it has none.
    fn at(&self, slot: Slot) -> &'t str {
        self.record.text(slot)
    }

    /// The texts of the column at a place.
    fn texts(&self, slot: Slot) -> impl Iterator<Item = &'t str> {
        self.record.texts(slot)
    }

    /// The value of a place that has one, which stands in the record as it is.
    #[inline]
    fn plain(&self, expr: &Expr<Slot>) -> Option<&'t str> {
        match *expr {
            Expr::Is(text) => Some(text),
            Expr::Id(slot) => Some(self.at(slot)).filter(|id| is_number(id) && *id != "0"),
            _ => None,
        }
    }

    /// The columns that matter, but for what is personal.
    fn shown(&self) -> String {
        const PERSONAL: [&str; 5] = ["NAME", "LAST_NAME", "LINE_NAME", "PHONE", "PHONE_NUMBER"];
        let columns = self.source.columns.iter().enumerate();
        let shown = columns.filter(|(_, column)| !PERSONAL.contains(&column.name));
        let text = |slot: Slot| self.texts(slot).collect::<Vec<_>>().join("+");
        shown.map(|(slot, column)| format!("{}={}", column.name, text(slot))).collect::<Vec<_>>().join(" ")
    }

    fn place(&self) -> Place {
        self.record.place
    }
}
