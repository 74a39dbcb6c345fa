//! A source as its records are interpreted: the names of columns became places, and those of inputs numbers, so that no
//! name is compared for a record.

use std::cell::RefCell;

use crate::bitrix24::catalog::{Expr, Fact, Lesson, Name, Slot, Source, When};
use crate::bitrix24::interpret::Inputs;
use crate::bitrix24::reason::Reason;
use crate::compiler::program::Program;

/// A source with places in place of names.
pub(in crate::bitrix24) struct Plan {
    pub source: &'static Source,
    pub lessons: Vec<Lesson<Slot>>,
    pub gates: Vec<(When<Slot>, Reason)>,
    pub(super) facts: Vec<PlannedFact>,
}

/// A fact that the columns of the source can give.
pub(super) struct PlannedFact {
    pub relation: &'static str,
    /// The number of the input.
    pub input: usize,
    pub places: Vec<Expr<Slot>>,
    pub when: When<Slot>,
}

impl Plan {
    pub(super) fn new(source: &'static Source, program: &Program, inputs: &mut Inputs) -> Plan {
        let slot = |name: Name| source.place(name).unwrap_or(usize::MAX);
        let planned = |fact: &Fact| PlannedFact {
            relation: fact.relation,
            input: inputs.number(program, fact.relation),
            places: fact.places.iter().map(|expr| expr.with(slot)).collect(),
            when: fact.when.with(slot),
        };
        Plan {
            source,
            facts: source.facts().map(planned).collect(),
            lessons: source.lessons.iter().map(|lesson| lesson.with(slot)).collect(),
            gates: source.gates.iter().map(|(gate, reason)| (gate.with(slot), *reason)).collect(),
        }
    }
}

/// The columns that the lessons of a source read.
pub(in crate::bitrix24) fn lesson_columns(source: &Source) -> Vec<Name> {
    let names = RefCell::new(Vec::new());
    for lesson in source.lessons {
        lesson.with(|name| {
            names.borrow_mut().push(name);
            0
        });
    }
    names.into_inner()
}

impl Expr {
    fn with(self, slot: impl Fn(Name) -> Slot) -> Expr<Slot> {
        match self {
            Expr::Is(text) => Expr::Is(text),
            Expr::Id(column) => Expr::Id(slot(column)),
            Expr::Prefixed(prefix, column) => Expr::Prefixed(prefix, slot(column)),
            Expr::Text(column) => Expr::Text(slot(column)),
            Expr::Joined(columns) => Expr::Joined(columns.map(slot)),
            Expr::FirstOf(columns) => Expr::FirstOf(columns.map(slot)),
            Expr::Letter(column, letters) => Expr::Letter(slot(column), letters),
            Expr::Part(column, number) => Expr::Part(slot(column), number),
            Expr::Behind(word, column) => Expr::Behind(word, slot(column)),
            Expr::ItemsIn(column) => Expr::ItemsIn(slot(column)),
            Expr::Item(of_type, id) => Expr::Item(slot(of_type), slot(id)),
            Expr::TypeIn(of_type, category) => Expr::TypeIn(of_type, slot(category)),
            Expr::Phone(column) => Expr::Phone(slot(column)),
            Expr::Object => Expr::Object,
            Expr::ItemOfObject(id) => Expr::ItemOfObject(slot(id)),
            Expr::TypeOfObject(category) => Expr::TypeOfObject(slot(category)),
            Expr::ChatsOf(activity) => Expr::ChatsOf(slot(activity)),
        }
    }
}

impl When {
    fn with(self, slot: impl Fn(Name) -> Slot) -> When<Slot> {
        match self {
            When::Always => When::Always,
            When::OneOf(column, texts) => When::OneOf(slot(column), texts),
            When::NoneOf(column, texts) => When::NoneOf(slot(column), texts),
            When::Are(texts) => When::Are(texts.map(|(column, text)| (slot(column), text))),
            When::Learned(set, column) => When::Learned(set, slot(column)),
            When::Within(from, to) => When::Within(slot(from), slot(to)),
        }
    }
}

impl Lesson {
    fn with(&self, slot: impl Fn(Name) -> Slot) -> Lesson<Slot> {
        match *self {
            Lesson::LeaveOut { entity, id, when, reason } => {
                Lesson::LeaveOut { entity, id: slot(id), when: when.with(slot), reason }
            }
            Lesson::Remember { set, what, when } => {
                Lesson::Remember { set, what: what.with(&slot), when: when.with(&slot) }
            }
            Lesson::Code(column) => Lesson::Code(slot(column)),
            Lesson::Activity { activity, chat } => Lesson::Activity { activity: slot(activity), chat: slot(chat) },
        }
    }
}
