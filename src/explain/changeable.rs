//! Which inputs an administrator changes to let somebody in or keep them out. Found by shape, not by name, so that
//! it holds for every policy: what roles give and who has them, and the links of things to people and to each other.

use crate::compiler::program::{EntityId, Program, RelationId, RelationKind, Type};
use crate::decision::Authorization;

/// By relation: whether its facts may change. Nothing else ever does.
#[derive(Clone, Debug)]
pub struct Changeable {
    inputs: Vec<bool>,
}

impl Changeable {
    /// The inputs that link two things, of which one is a role (an input joins its entity with an action) or a thing that
    /// actions are done to. How people are organised is not among them, nor are settings, nor what a thing is: inputs of
    /// one place, and those that are called after the entity of their first.
    pub fn by_default(program: &Program, authorization: Authorization) -> Changeable {
        let entities = |relation: RelationId| {
            program.relation(relation).fields.iter().filter_map(|field| match field.ty {
                Type::Entity(entity) => Some(entity),
                _ => None,
            })
        };
        let inputs = || (0..program.relations.len() as u32).map(RelationId).filter(|id| is_input(program, *id));
        let grants = |relation: &RelationId| program.relation(*relation).action_place().is_some();
        let roles: Vec<EntityId> = inputs().filter(grants).flat_map(entities).collect();
        let protected = |entity: EntityId| {
            entity != authorization.subject && program.actions.iter().any(|action| action.on == Some(entity))
        };
        let opens = |relation: &RelationId| {
            links(program, *relation) && entities(*relation).any(|entity| roles.contains(&entity) || protected(entity))
        };
        Changeable::of(program, inputs().filter(opens))
    }

    /// These inputs alone.
    pub fn of(program: &Program, inputs: impl IntoIterator<Item = RelationId>) -> Changeable {
        let mut changeable = vec![false; program.relations.len()];
        for relation in inputs {
            changeable[relation.index()] = is_input(program, relation);
        }
        Changeable { inputs: changeable }
    }

    /// Whether facts of a relation may be added or taken away.
    pub fn contains(&self, relation: RelationId) -> bool {
        self.inputs[relation.index()]
    }

    /// All of them, in the order of the program.
    pub fn iter(&self) -> impl Iterator<Item = RelationId> {
        (0..self.inputs.len() as u32).map(RelationId).filter(|relation| self.contains(*relation))
    }
}

fn is_input(program: &Program, relation: RelationId) -> bool {
    program.relation(relation).kind == RelationKind::Input
}

/// Whether the facts of a relation link one thing to another, and do not only say what a thing is.
pub fn links(program: &Program, relation: RelationId) -> bool {
    let linked = program.relation(relation).fields.iter().filter(|field| joins(field.ty)).count();
    linked >= 2 && !is_about_its_own(program, relation)
}

/// Whether a place of that type names what a fact links, where others only say how.
fn joins(ty: Type) -> bool {
    matches!(ty, Type::Entity(_) | Type::Resource | Type::Action)
}

/// Whether the input says that a thing exists, and what it is: `chat(chat, channel)`.
fn is_about_its_own(program: &Program, relation: RelationId) -> bool {
    let declared = program.relation(relation);
    matches!(declared.fields.first().map(|field| field.ty),
        Some(Type::Entity(entity)) if program.entities[entity.index()].name == declared.name)
}
