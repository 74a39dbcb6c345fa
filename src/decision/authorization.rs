//! What a request is, and which relations of a program decide it.

use crate::compiler::program::{ActionId, EntityId, Program, RelationId, Type};
use crate::data::Value;

/// The relations `allow` and `deny` of a program, of the form (subject, action, resource).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// What allows.
    pub allow: RelationId,
    /// What forbids, where the program has it.
    pub deny: Option<RelationId>,
    /// The entity of those who ask.
    pub subject: EntityId,
}

impl Authorization {
    /// Those of a program; `None` where no `allow` of that form is declared.
    pub fn of(program: &Program) -> Option<Authorization> {
        let (allow, subject) = decides(program, "allow")?;
        let deny = decides(program, "deny").filter(|(_, other)| *other == subject).map(|(deny, _)| deny);
        Some(Authorization { allow, deny, subject })
    }

    /// Both relations.
    pub fn relations(self) -> impl Iterator<Item = RelationId> {
        [Some(self.allow), self.deny].into_iter().flatten()
    }
}

fn decides(program: &Program, name: &str) -> Option<(RelationId, EntityId)> {
    let relation = program.relation_named(name)?;
    let types: Vec<Type> = program.relation(relation).fields.iter().map(|field| field.ty).collect();
    match types[..] {
        [Type::Entity(subject), Type::Action, Type::Resource | Type::Entity(_)] => Some((relation, subject)),
        _ => None,
    }
}

/// May the subject do the action to the resource?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who decides it.
    pub authorization: Authorization,
    /// Who asks: a thing of the entity of subjects.
    pub subject: Value,
    /// What they want to do.
    pub action: ActionId,
    /// What to: a thing of the entity of the action.
    pub resource: Value,
}
