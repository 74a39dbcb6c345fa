//! Levels: how high each user goes for each action, by which rule and which role, and how that role is held.
//!
//! The policy's own decisions tell the levels, found by name as `allow` is. `keys` lists what they can be asked about,
//! `plan` prepares their rules, `roles` says where the role stands in them, and `ask` finds the rule and the role that
//! give the highest level.

mod ask;
mod keys;
mod plan;
mod roles;

use std::fmt;

pub use ask::{Asking, Deciding, Held, Standing};

use crate::compiler::program::{EntityId, Program, RelationId, RelationKind, Type};
use crate::data::Value;
use crate::decision::Decider;
use plan::Planned;

/// The level that counts, for each action.
const EFFECTIVE: &str = "effective_level";

/// Levels for more than an action, each with whether a user without a level has the lowest, or a level that stands in
/// another table: a stage of which no role of theirs says anything has the default level.
const OTHERS: [(&str, bool); 2] = [("default_level", true), ("stage_level", false)];

/// Why a policy has no levels to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoLevels {
    /// It has no `effective_level` of the form (someone, action, level).
    Missing,
    /// Who has a level by that decision does not have all levels below.
    NotAtLeast,
}

impl fmt::Display for NoLevels {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            NoLevels::Missing => {
                "the policy has no levels: they are told by a `decision effective_level(…: <an entity>, …: action, \
                 …: <an ordered enum>)`"
            }
            NoLevels::NotAtLeast => {
                "the levels can't be told: a rule of `effective_level` does not ask for its level as \"at least\", as in \
                 `Given >= Level`"
            }
        })
    }
}

impl std::error::Error for NoLevels {}

/// The decisions of a program that tell levels, that of actions first, and the entity of those who have them.
///
/// The error says that the first is missing.
pub fn level_relations(program: &Program) -> Result<(EntityId, Vec<RelationId>), NoLevels> {
    let found =
        |name: &str| program.relation_named(name).and_then(|relation| Some((relation, form(program, relation)?)));
    let (effective, subject) = found(EFFECTIVE)
        .filter(|(relation, _)| {
            let fields = &program.relation(*relation).fields;
            fields.len() == 3 && fields[1].ty == Type::Action
        })
        .ok_or(NoLevels::Missing)?;
    let others = OTHERS.iter().filter_map(|(name, _)| found(name)).filter(|(_, other)| *other == subject);
    Ok((subject, [effective].into_iter().chain(others.map(|(relation, _)| relation)).collect()))
}

/// The entity at the first place of a decision that has a member of an ordered enum at its last.
fn form(program: &Program, relation: RelationId) -> Option<EntityId> {
    let relation = program.relation(relation);
    let [first, .., last] = &relation.fields[..] else { return None };
    let ordered = |ty: Type| matches!(ty, Type::Enum(id) if program.enums[id.index()].ordered);
    match first.ty {
        Type::Entity(subject) if relation.kind == RelationKind::Decision && ordered(last.ty) => Some(subject),
        _ => None,
    }
}

/// The levels of a policy, ready to be asked.
#[derive(Debug)]
pub struct Levels {
    subject: EntityId,
    tables: Vec<Table>,
    planned: Planned,
}

/// What one decision tells the levels of.
#[derive(Debug)]
pub struct Table {
    /// The decision.
    pub relation: RelationId,
    /// What it is asked about, besides the user: values for the fields between the first and the last, as people sort.
    pub keys: Vec<Vec<Value>>,
    /// Whether no level is as good as the lowest; else it says nothing.
    pub complete: bool,
    /// By key: its goal.
    goals: Vec<usize>,
}

impl Levels {
    /// Finds what the levels of the policy can be asked about, and plans that.
    pub fn prepare(decider: &mut Decider) -> Result<Levels, NoLevels> {
        let (subject, relations) = level_relations(decider.model().program)?;
        let mut planned = Planned::default();
        let mut tables = Vec::new();
        for relation in relations {
            let fields = &decider.model().program.relation(relation).fields;
            let last = fields.len() - 1;
            if decider.level_place(relation) != Some(last) {
                match tables.is_empty() {
                    true => return Err(NoLevels::NotAtLeast),
                    false => continue,
                }
            }
            let keys = keys::keys(decider, relation);
            let action = decider.model().program.relation(relation).action_place();
            let goals = keys.iter().map(|key| {
                let action = action.map(|place| key[place - 1]);
                planned.goal(decider, subject, relation, action)
            });
            let goals = goals.collect();
            let name = &decider.model().program.relation(relation).name;
            let complete = OTHERS.iter().all(|(other, complete)| other != name || *complete);
            tables.push(Table { relation, keys, complete, goals });
        }
        Ok(Levels { subject, tables, planned })
    }

    /// The entity of those who have levels.
    pub fn subject(&self) -> EntityId {
        self.subject
    }

    /// What the levels can be asked about, that of actions first.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }
}
