//! Deriving what is asked for: the components that it depends on, in order, each with the engine that suits it.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::compiler::closure::closures;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::program::{Component, Literal, Program, RelationId, RuleId};
use crate::data::Database;
use crate::engine::{Model, closure, compiled, semi_naive};
use crate::facts::Levels;

/// Who derives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// The faster one, which is the interpreter: rows have to be copied into crepe and out of it, and on a portal
    /// of 100,000 people that takes longer than deriving them.
    #[default]
    Auto,
    /// crepe for the components of built-in rules alone that join relations, the interpreter for the others.
    Compiled,
    /// The interpreter for all.
    Interpreted,
}

/// How far a derivation may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Facts that rules may derive in all. A closure counts as the pairs that it begins with, or as the intervals that
    /// keep it where those are more: never as more than its pairs.
    pub derived_facts: u64,
}

impl Default for Limits {
    /// 200 million facts: about 4 GiB.
    fn default() -> Limits {
        Limits { derived_facts: 200_000_000 }
    }
}

/// Why there is no model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineError {
    /// The rules derive more facts than allowed.
    LimitReached {
        /// The relation that was being derived.
        relation: String,
        /// The limit, in facts.
        limit: u64,
    },
    /// Rules give levels that no role may give: a mistake for each.
    IllegalLevels(Vec<Diagnostic>),
}

impl fmt::Display for EngineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EngineError::LimitReached { relation, limit } => {
                write!(formatter, "deriving `{relation}` went beyond the limit of {limit} derived facts")
            }
            EngineError::IllegalLevels(mistakes) => {
                let messages: Vec<&str> = mistakes.iter().map(|mistake| mistake.message.as_str()).collect();
                formatter.write_str(&messages.join("; "))
            }
        }
    }
}

impl std::error::Error for EngineError {}

/// What is left of the limits.
pub(super) struct Budget {
    limit: u64,
    left: u64,
}

impl Budget {
    /// Takes derived facts off; `Break` when they are too many.
    pub(super) fn spend(&mut self, facts: u64) -> ControlFlow<()> {
        match self.left.checked_sub(facts) {
            Some(left) => {
                self.left = left;
                ControlFlow::Continue(())
            }
            None => ControlFlow::Break(()),
        }
    }

    /// What is left, in facts.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// The error for the relation at which nothing was left.
    pub(super) fn exceeded(&self, program: &Program, relation: RelationId) -> EngineError {
        EngineError::LimitReached { relation: program.relation(relation).name.clone(), limit: self.limit }
    }
}

/// What to derive, and how.
#[derive(Clone, Debug, Default)]
pub struct Derivation {
    /// Who derives.
    pub engine: Engine,
    /// How far.
    pub limits: Limits,
    /// The relations to be asked; what they depend on is derived too. `None` for all.
    pub wanted: Option<Vec<RelationId>>,
    /// What levels roles may have, where rules give them levels that only the data tells.
    pub levels: Option<Arc<Levels>>,
}

/// Derives the model.
///
/// The model is the same for every engine and every order of rules, facts and files. `fired`, where given,
/// takes the rules of stored relations that derived something; it needs the interpreter.
///
/// # Errors
/// [`EngineError`] where a limit is reached, or rules give levels that no role may give.
pub fn derive<'p>(
    program: &'p Program,
    database: Database,
    how: &Derivation,
    mut fired: Option<&mut Vec<RuleId>>,
) -> Result<Model<'p>, EngineError> {
    let mut model = Model::new(program, database);
    model.database.intern_constants(program);
    let mut budget = Budget { limit: how.limits.derived_facts, left: how.limits.derived_facts };
    let needed = how.wanted.as_ref().map(|wanted| dependencies(program, wanted));
    for (component, closure) in program.components.iter().zip(closures(program)) {
        let wanted = |relation: &RelationId| needed.as_ref().is_none_or(|needed| needed[relation.index()]);
        if !component.relations.iter().any(wanted) {
            continue;
        }
        let mut rules = Vec::new();
        let compile = fired.is_none() && how.engine == Engine::Compiled;
        if let Some(closure) = closure {
            closure::derive_closure(&mut model, &closure, &mut budget, &mut rules)?;
        } else if compile && let Some(derived) = compiled::find(program, component, &model, &budget) {
            compiled::run(&mut model, derived, component, &mut budget)?;
        } else {
            semi_naive::derive_component(&mut model, component, &mut budget, &mut rules)?;
        }
        if let Some(levels) = &how.levels {
            check_levels(&mut model, levels, component)?;
        }
        if let Some(fired) = &mut fired {
            fired.append(&mut rules);
        }
    }
    Ok(model)
}

fn check_levels(model: &mut Model, levels: &Levels, component: &Component) -> Result<(), EngineError> {
    let watched = component.relations.iter().filter(|relation| levels.watches(**relation));
    let mistakes: Vec<Diagnostic> =
        watched.flat_map(|relation| crate::engine::levels::illegal(model, levels, *relation)).collect();
    match mistakes.is_empty() {
        true => Ok(()),
        false => Err(EngineError::IllegalLevels(mistakes)),
    }
}

/// By relation: whether one of `wanted` is it or depends on it, through stored relations and decisions.
///
/// Costs one visit of each rule.
pub fn dependencies(program: &Program, wanted: &[RelationId]) -> Vec<bool> {
    let mut rules_of: Vec<Vec<usize>> = vec![Vec::new(); program.relations.len()];
    for (number, rule) in program.rules.iter().enumerate() {
        rules_of[rule.head.relation.index()].push(number);
    }
    let mut needed = vec![false; program.relations.len()];
    let mut open = wanted.to_vec();
    while let Some(relation) = open.pop() {
        if std::mem::replace(&mut needed[relation.index()], true) {
            continue;
        }
        for rule in &rules_of[relation.index()] {
            open.extend(program.rules[*rule].body.iter().filter_map(|literal| match literal {
                Literal::Positive(atom) | Literal::Negative(atom) => Some(atom.relation),
                Literal::Comparison(_) => None,
            }));
        }
    }
    needed
}
