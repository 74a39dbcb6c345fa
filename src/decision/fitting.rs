//! Whether the thing that a request is about fits its action. `allow`, `deny` and `permitted` hold of an action only with
//! things that it is done to. Where rules and queries name the action, the checker sees to that; here is what is left:
//! actions and things that are known only when a question is asked.

use crate::compiler::program::vocabulary::is_about_requests;
use crate::compiler::program::{ActionId, EntityId, Program, RelationId, RuleId, Term, Type, Variable};
use crate::data::{Database, Value};
use crate::engine::plan::Operand;

/// The places of the action and the thing in `allow`, `deny` and `permitted`.
const ACTION: usize = 1;
const THING: usize = 2;

/// Whether a relation may hold for these arguments, as far as they are known: of `allow` and its like the action must be
/// done to things of that entity; all others may.
pub fn may_hold(
    program: &Program,
    relation: RelationId,
    argument: impl Fn(usize) -> Option<Value>,
    entity_of: impl Fn(Value) -> Option<EntityId>,
) -> bool {
    !is_about_requests(program.relation(relation))
        || match (argument(ACTION), argument(THING)) {
            (Some(action), Some(thing)) => program.is_done_to(ActionId(action.0), entity_of(thing)),
            _ => true,
        }
}

/// What is known, before a question is asked, of the things in the literals of a body.
#[derive(Clone, Copy)]
pub(super) struct Things<'r> {
    program: &'r Program,
    database: &'r Database,
    variables: &'r [Variable],
    /// The variable for the thing of the request that a rule decides, and its entity.
    given: Option<(usize, EntityId)>,
}

/// Whether the thing of a literal fits its action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It always does.
    Always,
    /// It never does.
    Never,
    /// Where it is of this entity.
    IfOf(EntityId),
    /// The action is known only when it is asked.
    ByAction,
}

impl<'r> Things<'r> {
    /// Those of the body of a query.
    pub fn of_query(program: &'r Program, database: &'r Database, variables: &'r [Variable]) -> Things<'r> {
        Things { program, database, variables, given: None }
    }

    /// Those of the body of a rule, while it decides an action.
    pub fn of_rule(program: &'r Program, database: &'r Database, rule: RuleId, action: Option<ActionId>) -> Things<'r> {
        let rule = program.rule(rule);
        let is_request = is_about_requests(program.relation(rule.head.relation));
        let on = action.filter(|_| is_request).and_then(|action| program.actions[action.index()].on);
        let given = on.and_then(|on| match rule.head.terms[THING] {
            Term::Variable(variable) => Some((variable.index(), on)),
            Term::Constant(_) | Term::Wildcard => None,
        });
        Things { given, ..Things::of_query(program, database, &rule.variables) }
    }

    /// Whether the thing of a literal fits its action; what is not about requests does.
    pub fn fit(&self, relation: RelationId, arguments: &[Operand]) -> Fit {
        if !is_about_requests(self.program.relation(relation)) {
            return Fit::Always;
        }
        let Operand::Value(action) = arguments[ACTION] else { return Fit::ByAction };
        let Some(on) = self.program.actions[action.index()].on else { return Fit::Always };
        match self.entity(arguments[THING]) {
            Some(entity) if entity == on => Fit::Always,
            Some(_) => Fit::Never,
            None => Fit::IfOf(on),
        }
    }

    fn entity(&self, thing: Operand) -> Option<EntityId> {
        match thing {
            Operand::Value(thing) => self.database.symbols.tag(thing).entity(),
            Operand::Slot(slot) => match self.variables.get(slot)?.ty {
                Type::Entity(entity) => Some(entity),
                _ => self.given.filter(|(given, _)| *given == slot).map(|(_, entity)| entity),
            },
        }
    }
}
