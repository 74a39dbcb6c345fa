//! Which relations of a program answer requests, and about what.

use crate::compiler::program::vocabulary::{ALLOW, DENY, is_about_requests};
use crate::compiler::program::{ActionId, EntityId, Program, RelationId, Type};
use crate::data::{Database, Value};

/// `allow` and `deny` of a program, where they are of the form (subject, action, resource).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Authority {
    pub allow: RelationId,
    pub deny: Option<RelationId>,
    /// Who asks.
    pub subject: EntityId,
    /// What is asked about; `None` for any thing.
    pub resource: Option<EntityId>,
}

impl Authority {
    /// Those of a program; `None` where no `allow` of that form is declared. A `deny` for other subjects is none.
    pub fn of(program: &Program) -> Option<Authority> {
        let (allow, subject, resource) = answers(program, ALLOW)?;
        let deny = answers(program, DENY).filter(|(_, other, _)| *other == subject).map(|(deny, ..)| deny);
        Some(Authority { allow, deny, subject, resource })
    }
}

/// Whether rules may state that: `allow`, `deny` and `permitted` say of an action only what it is done to.
pub(super) fn may_state(program: &Program, database: &Database, relation: RelationId, row: &[Value]) -> bool {
    let [_, action, thing] = row else { return true };
    if !is_about_requests(program.relation(relation)) {
        return true;
    }
    let symbols = &database.symbols;
    let entity = (thing.index() < symbols.end()).then(|| symbols.tag(*thing).entity()).flatten();
    action.index() < program.actions.len() && program.is_done_to(ActionId(action.0), entity)
}

fn answers(program: &Program, name: &str) -> Option<(RelationId, EntityId, Option<EntityId>)> {
    let relation = program.relation_named(name)?;
    let types: Vec<Type> = program.relation(relation).fields.iter().map(|field| field.ty).collect();
    match types[..] {
        [Type::Entity(subject), Type::Action, Type::Resource] => Some((relation, subject, None)),
        [Type::Entity(subject), Type::Action, Type::Entity(resource)] => Some((relation, subject, Some(resource))),
        _ => None,
    }
}
