//! Interpreting one component: each rule once, then rounds in which a recursive rule starts from the rows that
//! the last round added, until a round adds none.

use std::ops::ControlFlow;

use smallvec::SmallVec;

use crate::compiler::program::{
    Component, EntityId, Literal, Program, RelationId, Rule, RuleId, Term, Type, VariableId,
};
use crate::data::{Table, Value};
use crate::engine::Model;
use crate::engine::aggregate::Groups;
use crate::engine::chain::ChainLayout;
use crate::engine::derive::{Budget, EngineError};
use crate::engine::growing::Growing;
use crate::engine::join::{self, Context, Values};
use crate::engine::plan::{self, Binding, Body, Growth, Operand, Output, Plan};

/// A rule ready to run: its plan, and where the head takes its values from.
struct RulePlan {
    rule: RuleId,
    head: RelationId,
    /// The place in the component of the relation whose new rows it starts from, in a round.
    first: Option<usize>,
    plan: Plan,
    values: Vec<Operand>,
}

/// The relations of the component, and the chains that its plans want of each.
struct ComponentGrowth<'c> {
    relations: &'c [RelationId],
    chains: Vec<Vec<ChainLayout>>,
}

impl Growth for ComponentGrowth<'_> {
    fn grows(&self, relation: RelationId) -> bool {
        self.relations.binary_search(&relation).is_ok()
    }

    fn chain(&mut self, relation: RelationId, key: &[usize], others: &[usize]) -> usize {
        let Ok(place) = self.relations.binary_search(&relation) else { return 0 };
        let chains = &mut self.chains[place];
        let number = chains.iter().position(|chain| chain.key == key).unwrap_or_else(|| {
            chains.push(ChainLayout { key: key.to_vec(), rest: Vec::new() });
            chains.len() - 1
        });
        let rest = &mut chains[number].rest;
        for column in others {
            if !rest.contains(column) {
                rest.push(*column);
            }
        }
        number
    }

    fn rest(&self, relation: RelationId, chain: usize) -> &[usize] {
        self.relations.binary_search(&relation).map_or(&[], |place| &self.chains[place][chain].rest)
    }
}

/// Derives the relations of a component and puts their rows into the model. The rules that fired are added
/// to `fired`.
pub fn derive_component(
    model: &mut Model,
    component: &Component,
    budget: &mut Budget,
    fired: &mut Vec<RuleId>,
) -> Result<(), EngineError> {
    if let [relation] = component.relations[..]
        && model.program.relation(relation).aggregate.is_some()
    {
        return fold(model, relation, component, budget, fired);
    }
    let tables = derive_rows(model, component, budget, fired)?;
    for (relation, table) in component.relations.iter().zip(tables) {
        model.replace(*relation, table);
    }
    Ok(())
}

/// The rows of each relation of a component, facts included, each once.
pub(super) fn derive_rows(
    model: &mut Model,
    component: &Component,
    budget: &mut Budget,
    fired: &mut Vec<RuleId>,
) -> Result<Vec<Table>, EngineError> {
    let chains = vec![Vec::new(); component.relations.len()];
    let mut growth = ComponentGrowth { relations: &component.relations, chains };
    let (once, rounds) = plan_rules(model, component, &mut growth);
    let growing = component
        .relations
        .iter()
        .zip(growth.chains)
        .map(|(relation, chains)| Growing::new(model.database.table(*relation), chains));
    let (growing, relations) = (growing.collect(), &component.relations[..]);
    let mut run = Run { growing, relations, model: &*model, budget, fired };
    for rule in &once {
        run.rule(rule)?;
    }
    while run.advance() {
        for rule in &rounds {
            if run.may_fire(rule) {
                run.rule(rule)?;
            }
        }
    }
    let facts = component.relations.iter().map(|relation| model.database.table(*relation));
    Ok(run.growing.into_iter().zip(facts).map(|(growing, facts)| growing.finish(facts)).collect())
}

/// The plans that run once, and those that run in every round: one for each recursive literal of a rule.
fn plan_rules(
    model: &mut Model,
    component: &Component,
    growth: &mut ComponentGrowth,
) -> (Vec<RulePlan>, Vec<RulePlan>) {
    let mut once = Vec::new();
    let mut rounds = Vec::new();
    let program = model.program;
    for id in &component.rules {
        let rule = program.rule(*id);
        let recursive = |literal: &Literal| matches!(literal, Literal::Positive(atom) if growth.grows(atom.relation));
        let places: Vec<usize> = (0..rule.body.len()).filter(|place| recursive(&rule.body[*place])).collect();
        if places.is_empty() {
            once.push(plan_rule(model, growth, *id, None));
        }
        for place in places {
            rounds.push(plan_rule(model, growth, *id, Some(place)));
        }
    }
    (once, rounds)
}

fn plan_rule(model: &mut Model, growth: &mut ComponentGrowth, id: RuleId, first: Option<usize>) -> RulePlan {
    let rule: &Rule = model.program.rule(id);
    let bound = vec![Binding::Free; rule.variables.len()];
    let body = Body { literals: &rule.body, variables: &rule.variables, bound };
    let plan = match first_of_group(model.program, rule) {
        Some(group) => plan::plan_by_group(model, growth, body, group),
        None => plan::plan(model, growth, body, first),
    };
    let first = first.and_then(|first| match &rule.body[first] {
        Literal::Positive(atom) => growth.relations.binary_search(&atom.relation).ok(),
        Literal::Negative(_) | Literal::Comparison(_) => None,
    });
    RulePlan { rule: id, head: rule.head.relation, first, plan, values: head_values(model, rule) }
}

/// The first variable that makes the groups of a rule that is folded.
fn first_of_group(program: &Program, rule: &Rule) -> Option<VariableId> {
    let aggregate = program.relation(rule.head.relation).aggregate?;
    let groups = rule.head.terms.iter().enumerate().filter(|(place, _)| *place != aggregate.place);
    groups.map(|(_, term)| term).find_map(|term| match term {
        Term::Variable(variable) => Some(*variable),
        Term::Constant(_) | Term::Wildcard => None,
    })
}

fn head_values(model: &Model, rule: &Rule) -> Vec<Operand> {
    let operand = |term: &Term| match term {
        Term::Variable(variable) => Operand::Slot(variable.index()),
        Term::Constant(constant) => Operand::Value(model.database.constant(*constant)),
        // The head of a stored relation has no wildcard.
        Term::Wildcard => Operand::Value(Value::default()),
    };
    rule.head.terms.iter().map(operand).collect()
}

/// A component while it is derived.
struct Run<'r, 'm> {
    model: &'m Model<'m>,
    growing: Vec<Growing>,
    relations: &'r [RelationId],
    budget: &'r mut Budget,
    fired: &'r mut Vec<RuleId>,
}

impl Run<'_, '_> {
    /// Makes what was added the new rows; whether there are any.
    fn advance(&mut self) -> bool {
        self.growing.iter_mut().fold(false, |any, growing| growing.advance() | any)
    }

    /// Where a relation of the component stands in it.
    #[inline]
    fn place(&self, relation: RelationId) -> Option<usize> {
        match self.relations {
            [only] => (*only == relation).then_some(0),
            relations => relations.binary_search(&relation).ok(),
        }
    }

    /// Whether there are new rows that the rule starts from. Of many relations, few have any in a round.
    fn may_fire(&self, rule: &RulePlan) -> bool {
        rule.first.is_none_or(|first| !self.growing[first].delta().is_empty())
    }

    fn rule(&mut self, rule: &RulePlan) -> Result<(), EngineError> {
        // The head of a rule of the component is one of its relations.
        let Some(head) = self.place(rule.head) else { return Ok(()) };
        let mut bindings: Values = smallvec::smallvec![Value::default(); rule.plan.slots];
        let mut derivation = Derivation { run: self, head, values: &rule.values, fired: false };
        let flow = join::run(&mut derivation, &rule.plan.steps, &mut bindings);
        if derivation.fired && self.fired.last() != Some(&rule.rule) {
            self.fired.push(rule.rule);
        }
        match flow {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(self.budget.exceeded(self.model.program, rule.head)),
        }
    }
}

/// One rule while it runs.
struct Derivation<'d, 'r, 'm> {
    run: &'d mut Run<'r, 'm>,
    head: usize,
    values: &'d [Operand],
    fired: bool,
}

impl<'m> Context<'m> for Derivation<'_, '_, 'm> {
    fn model(&self) -> &'m Model<'m> {
        self.run.model
    }

    fn growing(&self, relation: RelationId) -> Option<&Growing> {
        self.run.place(relation).map(|place| &self.run.growing[place])
    }

    fn entity(&self, value: Value) -> Option<EntityId> {
        self.run.model.database.symbols.tag(value).entity()
    }

    fn found(&mut self, bindings: &[Value]) -> ControlFlow<()> {
        self.fired = true;
        let growing = &mut self.run.growing[self.head];
        let is_new = match self.values {
            [first, second] => growing.insert(&[join::value(*first, bindings), join::value(*second, bindings)]),
            values => growing.insert(&values.iter().map(|operand| join::value(*operand, bindings)).collect::<Values>()),
        };
        self.run.budget.spend(u64::from(is_new))
    }

    fn found_rows(
        &mut self,
        rows: &[Value],
        width: usize,
        outputs: &[Output],
        bindings: &mut [Value],
    ) -> ControlFlow<()> {
        self.fired = true;
        let growing = &mut self.run.growing[self.head];
        let before = growing.len();
        match self.values {
            [first, second] => {
                let (first, second) = (source(*first, outputs, bindings), source(*second, outputs, bindings));
                for row in rows.chunks_exact(width) {
                    growing.insert(&[first.of(row), second.of(row)]);
                }
            }
            values => {
                let mut head = Head::new(values, outputs, bindings);
                for row in rows.chunks_exact(width) {
                    growing.insert(head.of(row));
                }
            }
        }
        let added = growing.len() - before;
        self.run.budget.spend(added as u64)
    }
}

/// The values of a head while rows are found.
struct Head {
    values: Values,
    /// The places of the head whose values stand in the row, and where.
    varying: SmallVec<[(usize, usize); 4]>,
}

impl Head {
    fn new(operands: &[Operand], outputs: &[Output], bindings: &[Value]) -> Head {
        let mut head = Head { values: Values::new(), varying: SmallVec::new() };
        for operand in operands {
            match source(*operand, outputs, bindings) {
                Source::Same(value) => head.values.push(value),
                Source::Row(place) => {
                    head.varying.push((head.values.len(), place));
                    head.values.push(Value::default());
                }
            }
        }
        head
    }

    /// The head that a row gives.
    #[inline]
    fn of(&mut self, row: &[Value]) -> &[Value] {
        for (place, from) in &self.varying {
            self.values[*place] = row[*from];
        }
        &self.values
    }
}

/// Where a value of a head comes from while rows are found.
#[derive(Clone, Copy)]
enum Source {
    /// It is the same for all rows.
    Same(Value),
    /// It stands in that place of the row.
    Row(usize),
}

impl Source {
    #[inline]
    fn of(self, row: &[Value]) -> Value {
        match self {
            Source::Same(value) => value,
            Source::Row(place) => row[place],
        }
    }
}

fn source(operand: Operand, outputs: &[Output], bindings: &[Value]) -> Source {
    let output = |slot| outputs.iter().find(|output| output.slot == slot);
    match operand {
        Operand::Value(value) => Source::Same(value),
        Operand::Slot(slot) => output(slot).map_or(Source::Same(bindings[slot]), |output| Source::Row(output.place)),
    }
}

/// Derives an aggregated relation: its rules are not recursive, and their rows are folded as they come.
fn fold(
    model: &mut Model,
    relation: RelationId,
    component: &Component,
    budget: &mut Budget,
    fired: &mut Vec<RuleId>,
) -> Result<(), EngineError> {
    let declared = model.program.relation(relation);
    let Some(aggregate) = declared.aggregate else { return Ok(()) };
    let mut growth = ComponentGrowth { relations: &[], chains: Vec::new() };
    let (rules, _) = plan_rules(model, component, &mut growth);
    let mut groups = Groups::new(aggregate, declared.fields[aggregate.place].ty, declared.arity());
    for rule in &rules {
        let folded = folded_type(model.program.rule(rule.rule), aggregate.place);
        let mut folding = Folding { model: &*model, groups, values: &rule.values, folded, budget, fired: false };
        let mut bindings: Values = smallvec::smallvec![Value::default(); rule.plan.slots];
        let flow = join::run(&mut folding, &rule.plan.steps, &mut bindings);
        if folding.fired {
            fired.push(rule.rule);
        }
        groups = folding.groups;
        if flow.is_break() {
            return Err(budget.exceeded(model.program, relation));
        }
    }
    let table = groups.finish(&mut model.database.symbols);
    model.replace(relation, table);
    Ok(())
}

/// The type of what a rule folds: of its variable, which for `count` is not that of the place.
fn folded_type(rule: &Rule, place: usize) -> Type {
    match rule.head.terms[place] {
        Term::Variable(variable) => rule.variables[variable.index()].ty,
        // Only variables are folded.
        Term::Constant(_) | Term::Wildcard => Type::Int,
    }
}

/// After so many rows at most, their groups are taken off the budget.
const FOLDED_AT_ONCE: usize = 4096;

/// A rule of an aggregated relation while it runs.
struct Folding<'f, 'm> {
    model: &'m Model<'m>,
    groups: Groups,
    values: &'f [Operand],
    folded: Type,
    budget: &'f mut Budget,
    fired: bool,
}

impl<'m> Context<'m> for Folding<'_, 'm> {
    fn model(&self) -> &'m Model<'m> {
        self.model
    }

    fn entity(&self, value: Value) -> Option<EntityId> {
        self.model.database.symbols.tag(value).entity()
    }

    fn found(&mut self, bindings: &[Value]) -> ControlFlow<()> {
        self.fired = true;
        let row: Values = self.values.iter().map(|operand| join::value(*operand, bindings)).collect();
        let before = self.groups.len();
        self.groups.add(&self.model.database.symbols, &row, self.folded);
        self.budget.spend((self.groups.len() - before) as u64)
    }

    fn found_rows(
        &mut self,
        rows: &[Value],
        width: usize,
        outputs: &[Output],
        bindings: &mut [Value],
    ) -> ControlFlow<()> {
        self.fired = true;
        let mut head = Head::new(self.values, outputs, bindings);
        // The rows may be all of a relation, and more groups than are left.
        rows.chunks(FOLDED_AT_ONCE * width).try_for_each(|rows| {
            let before = self.groups.len();
            for row in rows.chunks_exact(width) {
                self.groups.add(&self.model.database.symbols, head.of(row), self.folded);
            }
            self.budget.spend((self.groups.len() - before) as u64)
        })
    }
}
