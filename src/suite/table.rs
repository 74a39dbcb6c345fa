//! `expect only`: everybody and everything that there is, and who of them may do what.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::compiler::program::{ActionId, ConstantId, EntityId, Table, TableRow, Type};
use crate::compiler::source::Span;
use crate::data::{Guests, Value};
use crate::decision::{Authorization, Decider, Request, Solver};
use crate::explain::{all_things, things};
use crate::suite::{Asked, Bounds};

/// A table over the things of a model.
pub(super) struct Cells {
    /// None in a program that decides no requests, whose tables are mistakes.
    authorization: Option<Authorization>,
    actions: Vec<ActionId>,
    subjects: Vec<Value>,
    things: Vec<Value>,
    /// Who may do it to what, and where that is written.
    listed: FxHashMap<(Value, Value), Span>,
    /// Who may do it to everything.
    to_everything: FxHashMap<Value, Span>,
    /// What everybody may do it to.
    by_everybody: FxHashMap<Value, Span>,
    /// Where everybody may do it to everything.
    all: Option<Span>,
}

/// Whom and what a table is about: those with a fact of their own, as in `who` and `what`, and those that it names.
pub(super) fn prepare(decider: &mut Decider, table: &Table) -> Cells {
    let authorization = Authorization::of(decider.model().program);
    let mut cells = Cells {
        authorization,
        actions: table.actions.clone(),
        subjects: Vec::new(),
        things: Vec::new(),
        listed: FxHashMap::default(),
        to_everything: FxHashMap::default(),
        by_everybody: FxHashMap::default(),
        all: None,
    };
    let Some(authorization) = authorization else { return cells };
    for action in &table.actions {
        decider.prepare_requests(authorization, *action);
    }
    cells.list(decider, table);
    let named = |side: fn(&TableRow) -> &Vec<Cell>| -> Vec<Value> {
        let constants = table.rows.iter().flat_map(side).filter_map(|(constant, _)| *constant);
        constants.map(|constant| decider.model().database.constant(constant)).collect()
    };
    cells.subjects = universe(decider, Some(authorization.subject), named(|row| &row.subjects));
    cells.things = universe(decider, table.on, named(|row| &row.things));
    cells
}

/// What stands in a row; `None` is `_`.
type Cell = (Option<ConstantId>, Span);

fn universe(decider: &Decider, entity: Option<EntityId>, named: Vec<Value>) -> Vec<Value> {
    let model = decider.model();
    // Single things are known, so there are no guests.
    let mut guests = Guests::default();
    let mut values = match entity {
        Some(entity) => things(model, &mut guests, entity),
        None => all_things(model, &mut guests),
    };
    let known: FxHashSet<Value> = values.iter().copied().collect();
    values.extend(named.into_iter().filter(|value| !known.contains(value)));
    let ty = entity.map_or(Type::Resource, Type::Entity);
    values.sort_by(|a, b| model.database.compare(model.program, ty, *a, *b));
    values.dedup();
    values
}

impl Cells {
    fn list(&mut self, decider: &Decider, table: &Table) {
        let value = |cell: &Cell| cell.0.map(|constant| decider.model().database.constant(constant));
        for row in &table.rows {
            for (subject, thing) in
                row.subjects.iter().flat_map(|subject| row.things.iter().map(move |thing| (subject, thing)))
            {
                let span = thing.1;
                match (value(subject), value(thing)) {
                    (Some(who), Some(what)) => *self.listed.entry((who, what)).or_insert(span),
                    (Some(who), None) => *self.to_everything.entry(who).or_insert(span),
                    (None, Some(what)) => *self.by_everybody.entry(what).or_insert(span),
                    (None, None) => *self.all.get_or_insert(span),
                };
            }
        }
    }

    /// Where the table says that somebody may do it to something.
    fn cell(&self, subject: Value, thing: Value) -> Option<Span> {
        let listed = self.listed.get(&(subject, thing)).or_else(|| self.to_everything.get(&subject));
        listed.or_else(|| self.by_everybody.get(&thing)).copied().or(self.all)
    }

    /// The first requests that come out otherwise, by action, subject and thing, and how many there are; nothing where
    /// there are more to ask than the bounds allow.
    pub(super) fn wrong(&self, solver: &mut Solver, bounds: Bounds) -> Option<(Vec<Asked>, usize)> {
        let (subjects, things) = (self.subjects.len() as u64, self.things.len() as u64);
        let asked = (self.actions.len() as u64).checked_mul(subjects).and_then(|asked| asked.checked_mul(things));
        asked.filter(|asked| *asked <= bounds.combinations)?;
        let (mut wrong, mut count) = (Vec::new(), 0);
        for (request, cell) in self.requests() {
            let outcome = solver.outcome(&request);
            if outcome.is_allowed() != cell.is_some() {
                count += 1;
                if wrong.len() < bounds.told {
                    wrong.push(Asked { request, outcome, cell, reason: None });
                }
            }
        }
        Some((wrong, count))
    }

    /// All that the table is about, and where it lists it.
    pub(super) fn requests(&self) -> impl Iterator<Item = (Request, Option<Span>)> {
        let pairs = self.subjects.iter().flat_map(|subject| self.things.iter().map(move |thing| (*subject, *thing)));
        let of_action = move |action: ActionId| {
            pairs.clone().filter_map(move |(subject, resource)| {
                let request = Request { authorization: self.authorization?, subject, action, resource };
                Some((request, self.cell(subject, resource)))
            })
        };
        self.actions.iter().copied().flat_map(of_action)
    }
}
