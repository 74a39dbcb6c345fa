//! Illegal levels that rules give: what only the data tells is checked as the facts of data are, once it is derived.

use std::ops::ControlFlow;

use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::program::{EntityId, RelationId, Rule, Term};
use crate::data::Value;
use crate::engine::Model;
use crate::engine::join::{self, Context, Values};
use crate::engine::plan::{self, Binding, Body, Finished};
use crate::facts::Levels;

/// How many illegal facts of a relation are told.
const TOLD: usize = 100;

/// What is wrong with the levels that rules gave for a finished relation: a mistake for each fact, with the first rule
/// that gives it, in the order of the rules.
///
/// Costs a visit of each derived row, and, where one is illegal, a run of each rule for it.
pub(super) fn illegal(model: &mut Model, levels: &Levels, relation: RelationId) -> Vec<Diagnostic> {
    let (program, given) = (model.program, model.database.given_len(relation) as usize);
    let derived = model.database.table(relation).rows().skip(given);
    let wrong = derived.filter(|row| !levels.allow(program, relation, row)).map(Values::from_slice);
    let mut rows: Vec<Values> = wrong.collect();
    rows.sort_by(|one, other| compare(model, relation, one, other));
    rows.truncate(TOLD);
    let mut found = Vec::new();
    for rule in program.rules.iter().filter(|rule| rule.head.relation == relation) {
        rows.retain(|row| {
            let gives = gives(model, rule, row);
            let symbols = &model.database.symbols;
            let mistake = || levels.check_derived(program, rule, row, |role| symbols.text(role).to_owned());
            found.extend(gives.then(mistake).flatten());
            !gives
        });
    }
    found
}

fn compare(model: &Model, relation: RelationId, one: &[Value], other: &[Value]) -> std::cmp::Ordering {
    let fields = &model.program.relation(relation).fields;
    let places = fields.iter().zip(one.iter().zip(other));
    let orders = places.map(|(field, (one, other))| model.database.compare(model.program, field.ty, *one, *other));
    orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
}

/// Whether a rule of a finished relation gives a row.
fn gives(model: &mut Model, rule: &Rule, row: &[Value]) -> bool {
    let mut bound = vec![Binding::Free; rule.variables.len()];
    for (term, value) in rule.head.terms.iter().zip(row) {
        match term {
            Term::Wildcard => {}
            Term::Constant(constant) if model.database.constant(*constant) == *value => {}
            Term::Constant(_) => return false,
            Term::Variable(variable) => match bound[variable.index()] {
                Binding::Known(other) if other != *value => return false,
                _ => bound[variable.index()] = Binding::Known(*value),
            },
        }
    }
    let body = Body { literals: &rule.body, variables: &rule.variables, bound };
    let plan = plan::plan(model, &mut Finished, body, None);
    let mut slots = vec![Value::default(); plan.slots];
    join::run(&mut Once(model), &plan.steps, &mut slots).is_break()
}

/// A run over a finished model that ends at the first binding.
struct Once<'m>(&'m Model<'m>);

impl<'m> Context<'m> for Once<'m> {
    fn model(&self) -> &'m Model<'m> {
        self.0
    }

    fn entity(&self, value: Value) -> Option<EntityId> {
        self.0.database.symbols.tag(value).entity()
    }

    fn builds(&mut self, _index: usize) -> bool {
        false
    }

    fn found(&mut self, _bindings: &[Value]) -> ControlFlow<()> {
        ControlFlow::Break(())
    }
}
