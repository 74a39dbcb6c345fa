//! Dropping what is settled: a decision that no rule can answer for an action, or that one answers for every
//! question, needs not be asked; one that only hands its question on is asked as the one behind it.

use rustc_hash::FxHashMap;

use crate::compiler::program::{ActionId, RelationId};
use crate::decision::fitting::{Fit, Things};
use crate::decision::prepare::{Ceiling, Decider, Goal, GoalRule, Match};
use crate::engine::Model;
use crate::engine::plan::{Operand, Step};

/// What a decision is for every question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It never holds.
    Never,
    /// It always holds.
    Always,
}

/// Whether the rules settle their decision.
pub fn settled(rules: &[GoalRule]) -> Option<Settled> {
    match rules {
        [] => Some(Settled::Never),
        rules if rules.iter().any(GoalRule::is_unconditional) => Some(Settled::Always),
        _ => None,
    }
}

/// Drops settled steps and ceilings of the rules for an action, and rules that can't answer because of one; whether anything
/// was dropped.
pub fn apply(
    model: &Model,
    action: Option<ActionId>,
    rules: &mut Vec<GoalRule>,
    settled: &FxHashMap<Goal, Settled>,
) -> bool {
    let size = |rules: &[GoalRule]| {
        rules.len() + rules.iter().map(|rule| rule.plan.steps.len() + rule.ceilings.len()).sum::<usize>()
    };
    let before = size(rules);
    rules.retain_mut(|rule| {
        let mut possible = true;
        let things = Things::of_rule(model.program, &model.database, rule.rule, action);
        let find = |relation, arguments: &[Operand]| find(model, things, relation, arguments, settled);
        let mut open = |holds: Option<bool>| {
            possible &= holds != Some(false);
            holds.is_none()
        };
        rule.plan.steps.retain(|step| match step {
            Step::Goal { relation, arguments, negated } => {
                open(find(*relation, arguments).map(|settled| (settled == Settled::Always) != *negated))
            }
            _ => true,
        });
        rule.ceilings.retain(|ceiling| match ceiling {
            Ceiling::Highest { relation, arguments } => {
                open(find(*relation, arguments).map(|settled| settled == Settled::Always))
            }
            Ceiling::Value(_) => true,
        });
        possible
    });
    size(rules) != before
}

/// What a decision is for every question of an action, where that is settled.
fn find(
    model: &Model,
    things: Things,
    relation: RelationId,
    arguments: &[Operand],
    settled: &FxHashMap<Goal, Settled>,
) -> Option<Settled> {
    let action = match model.program.relation(relation).action_place().map(|place| arguments[place]) {
        None => None,
        Some(Operand::Value(action)) => Some(ActionId(action.0)),
        Some(Operand::Slot(_)) => return None,
    };
    let known = settled.get(&Goal { relation, action }).copied();
    match things.fit(relation, arguments) {
        Fit::Always => known,
        Fit::Never => Some(Settled::Never),
        Fit::IfOf(_) | Fit::ByAction => known.filter(|settled| *settled == Settled::Never),
    }
}

/// The goal to which one hands every question on, with the same arguments: its only rule asks for nothing else.
pub fn handed_on(decider: &Decider, goal: Goal, rules: &[GoalRule]) -> Option<Goal> {
    let [GoalRule { matches, plan, ceilings, .. }] = rules else { return None };
    let [Ceiling::Highest { relation, arguments }] = &ceilings[..] else { return None };
    let action = match decider.action_place(*relation).map(|place| arguments[place]) {
        Some(Operand::Value(action)) => Some(ActionId(action.0)),
        Some(Operand::Slot(_)) => return None,
        None => None,
    };
    let given = matches.iter().map(|item| match item {
        Match::Bind { slot, entity: None, .. } => Some(Operand::Slot(*slot)),
        Match::Bind { .. } | Match::Equal { .. } => None,
    });
    let asked = decider.argument_places(*relation).iter().map(|place| Some(arguments[*place]));
    let takes_all = matches.len() == decider.argument_places(goal.relation).len();
    (plan.steps.is_empty() && takes_all && given.eq(asked)).then_some(Goal { relation: *relation, action })
}
