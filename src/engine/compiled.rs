//! The components of the built-in policy as crepe programs, which the build script writes from `rules/`.
//! The rows that can matter go in from the model, by `reading`, and come out sorted, so that hashing leaves no trace in
//! the model.

mod reading;

use crate::compiler::program::{Component, EntityId, Literal, Program, RelationId, Rule, Type};
use crate::compiler::source::Origin;
use crate::data::{Table, Tag, Value, sort_rows};
use crate::engine::Model;
use crate::engine::derive::{Budget, EngineError};

use reading::{Body, Place};

/// A component that crepe derives.
pub(super) struct Compiled {
    /// The relations, in the order of their numbers.
    relations: &'static [&'static str],
    /// The number of rules.
    rules: usize,
    run: fn(&mut Exchange<'_>),
}

#[allow(missing_docs, unused_variables, clippy::all, reason = "made by the build script")]
mod generated {
    use super::{Compiled, Exchange, Place};

    include!(concat!(env!("OUT_DIR"), "/built_in.rs"));
}

/// The crepe program of a component, if it consists of built-in rules alone and can't outgrow the budget.
///
/// crepe can't be stopped, so a recursive component is left to the interpreter, which can, where all
/// combinations of its things would be more than the budget has left.
pub(super) fn find(
    program: &Program,
    component: &Component,
    model: &Model,
    budget: &Budget,
) -> Option<&'static Compiled> {
    let names = || component.relations.iter().map(|relation| program.relation(*relation).name.as_str());
    let compiled = generated::COMPONENTS.iter().find(|compiled| names().eq(compiled.relations.iter().copied()))?;
    if component.rules.iter().any(|rule| reads_many_pairs(model, program.rule(*rule))) {
        return None;
    }
    let built_in = component.rules.iter().all(|rule| program.rule(*rule).origin == Origin::BuiltIn);
    let unchanged = built_in && component.rules.len() == compiled.rules;
    (unchanged && (!component.recursive || combinations(model, component) <= budget.left())).then_some(compiled)
}

/// Whether a rule reads a relation that is kept as reachability and has more pairs than there are facts: crepe wants
/// each of them.
fn reads_many_pairs(model: &Model, rule: &Rule) -> bool {
    rule.body.iter().any(|literal| match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => {
            model.reachability(atom.relation).is_some_and(|pairs| pairs.len() > model.database.loaded())
        }
        Literal::Comparison(_) => false,
    })
}

/// How many rows the relations of a component can have at most.
fn combinations(model: &Model, component: &Component) -> u64 {
    let symbols = &model.database.symbols;
    let values = |ty: Type| match ty {
        Type::Entity(entity) => symbols.count(entity) as u64,
        Type::Enum(id) => model.program.enums[id.index()].members.len() as u64,
        Type::Action => model.program.actions.len() as u64,
        Type::Text | Type::Resource | Type::Int => symbols.end() as u64,
    };
    let rows = |relation: &RelationId| {
        let fields = &model.program.relation(*relation).fields;
        fields.iter().fold(1u64, |rows, field| rows.saturating_mul(values(field.ty)))
    };
    component.relations.iter().map(rows).fold(0, u64::saturating_add)
}

/// Derives a component with its crepe program and puts the rows into the model.
pub(super) fn run(
    model: &mut Model,
    compiled: &Compiled,
    component: &Component,
    budget: &mut Budget,
) -> Result<(), EngineError> {
    let mut exchange = Exchange { model, derived: Vec::new() };
    (compiled.run)(&mut exchange);
    let derived = exchange.derived;
    for (relation, table) in derived {
        let given = model.database.table(relation).len();
        if budget.spend(table.len().saturating_sub(given) as u64).is_break() {
            return Err(budget.exceeded(model.program, component.relations[0]));
        }
        model.replace(relation, table);
    }
    Ok(())
}

/// What goes into a crepe program and comes out of it.
struct Exchange<'e> {
    model: &'e Model<'e>,
    derived: Vec<(RelationId, Table)>,
}

impl Exchange<'_> {
    /// What the body of a rule reads of finished relations: of each literal the relation, whether it is negated, and
    /// what its places ask for.
    fn body(&self, literals: &[(&str, bool, &[Place])]) -> Body<'_> {
        Body::new(self.model, literals)
    }

    /// The facts that a relation was given.
    fn given<const WIDTH: usize>(&self, relation: &str) -> impl Iterator<Item = [u32; WIDTH]> {
        let relation = self.model.program.relation_named(relation);
        let rows = relation.into_iter().flat_map(|relation| self.model.database.table(relation).rows());
        rows.map(|row| std::array::from_fn(|column| row[column].0))
    }

    /// Takes the rows that were derived for a relation; those given before are among them, and stay in front.
    fn derived<const WIDTH: usize>(&mut self, relation: &str, rows: impl Iterator<Item = [u32; WIDTH]>) {
        let Some(relation) = self.model.program.relation_named(relation) else { return };
        let given = self.model.database.table(relation);
        let known: rustc_hash::FxHashSet<&[Value]> = given.rows().collect();
        let new = rows.map(|row| row.map(Value)).filter(|row| known.is_empty() || !known.contains(&row[..]));
        let mut table = given.clone();
        table.append(sort_rows(new.collect()));
        self.derived.push((relation, table));
    }

    /// The value of a thing that the rules name.
    #[allow(dead_code, reason = "only where a compiled rule names a thing")]
    fn thing(&self, entity: u32, id: &str) -> u32 {
        self.model.database.symbols.find(Tag::thing(EntityId(entity)), id).map_or(u32::MAX, |value| value.0)
    }

    /// The value of a text that the rules name.
    #[allow(dead_code, reason = "only where a compiled rule names a text")]
    fn text(&self, text: &str) -> u32 {
        self.model.database.symbols.find(Tag::TEXT, text).map_or(u32::MAX, |value| value.0)
    }
}
