//! The names that the evaluator knows by themselves: what a policy calls its answers, and the portal.

use super::{Field, Relation, RelationKind, Type};

/// The decision that grants.
pub const ALLOW: &str = "allow";
/// The decision that takes away.
pub const DENY: &str = "deny";
/// The outcome of both.
pub const PERMITTED: &str = "permitted";
/// What rules find in the data.
pub const REPORTED: &str = "reported";
/// What rules find doubtful in it.
pub const DOUBTFUL: &str = "doubtful";
/// What rules find worth a look among rights.
pub const EXPOSED: &str = "exposed";
/// The levels that actions offer, by which facts about roles are checked.
pub const LEGAL_LEVEL: &str = "legal_level";
/// The same for rights on CRM items.
pub const LEGAL_CRM_LEVEL: &str = "legal_crm_level";
/// The entity of the built-in policy of which there is one thing.
pub const PORTAL: &str = "portal";
/// The entity of roles, which answers name.
pub const ROLE: &str = "role";
/// The id of a denial by no rule.
pub const DEFAULT: &str = "default";

/// Whether a relation asks a request's question: an entity, an action, and a thing it is done to.
pub fn asks_request(relation: &Relation) -> bool {
    relation.kind == RelationKind::Decision && has_request_fields(&relation.fields)
}

/// Whether it is `allow`, `deny` or `permitted` with a request's question.
pub fn is_about_requests(relation: &Relation) -> bool {
    [ALLOW, DENY, PERMITTED].contains(&relation.name.as_str()) && asks_request(relation)
}

fn has_request_fields(fields: &[Field]) -> bool {
    let [subject, action, thing] = fields else { return false };
    let is_thing = matches!(thing.ty, Type::Entity(_) | Type::Resource);
    matches!(subject.ty, Type::Entity(_)) && action.ty == Type::Action && is_thing
}

/// What to ask instead of a query that leaves an argument of a decision open.
pub(super) const WHO_AND_WHAT: &str =
    "`rolecall who ACTION RESOURCE` lists everyone who may, `rolecall what USER` everything that a user may";
