//! Dropping what is settled: a decision that no rule can answer for an action, or that one answers for every
//! question, needs not be asked.

use rustc_hash::FxHashMap;

use crate::compiler::program::{ActionId, Program};
use crate::decision::prepare::{Goal, GoalRule};
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

/// Drops settled steps, and rules that can't answer because of one; whether anything was dropped.
pub fn apply(program: &Program, rules: &mut Vec<GoalRule>, settled: &FxHashMap<Goal, Settled>) -> bool {
    let mut changed = false;
    rules.retain_mut(|rule| {
        let mut possible = true;
        rule.plan.steps.retain(|step| match holds(program, step, settled) {
            None => true,
            Some(true) => {
                changed = true;
                false
            }
            Some(false) => {
                possible = false;
                true
            }
        });
        changed |= !possible;
        possible
    });
    changed
}

/// Whether a step holds for every question, where that is settled.
fn holds(program: &Program, step: &Step, settled: &FxHashMap<Goal, Settled>) -> Option<bool> {
    let Step::Goal { relation, arguments, negated } = step else { return None };
    let action = match program.relation(*relation).action_place().map(|place| arguments[place]) {
        None => None,
        Some(Operand::Value(action)) => Some(ActionId(action.0)),
        Some(Operand::Slot(_)) => return None,
    };
    let settled = settled.get(&Goal { relation: *relation, action })?;
    Some((*settled == Settled::Always) != *negated)
}
