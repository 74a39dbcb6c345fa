//! Deriving a component that only follows steps: the pairs to begin with as rules give them, then what each thing
//! reaches, without a pair for each.

use std::ops::{ControlFlow, Range};

use crate::compiler::closure::{Closure, Growth, Step};
use crate::compiler::program::{Component, EntityId, Literal, RuleId};
use crate::data::Value;
use crate::engine::derive::{Budget, EngineError};
use crate::engine::join::{self, Context, Values};
use crate::engine::plan::{self, Binding, Body, Finished};
use crate::engine::{Model, Reachability, Side, semi_naive};

/// Derives the relation of a closure and puts it into the model. The rules that fired are added to `fired`.
///
/// The budget is spent on the pairs to begin with, and on the intervals as far as there are more of these: on what is
/// stored, which is never more than the pairs.
pub fn derive_closure(
    model: &mut Model,
    closure: &Closure,
    budget: &mut Budget,
    fired: &mut Vec<RuleId>,
) -> Result<(), EngineError> {
    let relation = closure.relation;
    let base = Component { relations: vec![relation], rules: closure.base.clone(), recursive: false };
    let tables = semi_naive::derive_rows(model, &base, budget, fired)?;
    let base: Vec<[Value; 2]> = tables.iter().flat_map(|table| table.rows()).map(|row| [row[0], row[1]]).collect();
    drop(tables);
    let side = if closure.growth == Growth::Before { Side::First } else { Side::Second };
    let (steps, ranges) = all_steps(model, closure, &base);
    let most = base.len() as u64 + budget.left();
    let pairs = Reachability::new(side, &steps, &base, most);
    let pairs = pairs.ok_or_else(|| budget.exceeded(model.program, relation))?;
    // There is nothing to spend that the limit of the intervals has not seen.
    let _ = budget.spend((pairs.intervals() as u64).saturating_sub(base.len() as u64));
    let fits = |step: &[Value; 2]| pairs.extends(if side == Side::First { step[1] } else { step[0] });
    let taken = closure.steps.iter().zip(ranges).filter(|(_, range)| steps[range.clone()].iter().any(fits));
    fired.extend(taken.map(|(step, _)| step.rule));
    model.reach(relation, pairs);
    Ok(())
}

/// What the recursive rules lead from and to, and which of it each rule gives.
fn all_steps(model: &mut Model, closure: &Closure, base: &[[Value; 2]]) -> (Vec<[Value; 2]>, Vec<Range<usize>>) {
    if closure.growth == Growth::Joined {
        return (base.to_vec(), vec![0..base.len(); closure.steps.len()]);
    }
    let mut steps = Vec::new();
    let mut ranges = Vec::new();
    for step in &closure.steps {
        let start = steps.len();
        follow(model, step, &mut steps);
        ranges.push(start..steps.len());
    }
    (steps, ranges)
}

/// Adds the pairs that a step leads from and to.
fn follow(model: &mut Model, step: &Step, steps: &mut Vec<[Value; 2]>) {
    let rule = model.program.rule(step.rule);
    let literals: &[Literal] = &rule.body[step.literal..=step.literal];
    let body = Body { literals, variables: &rule.variables, bound: vec![Binding::Free; rule.variables.len()] };
    let plan = plan::plan(model, &mut Finished, body, None);
    let mut bindings: Values = smallvec::smallvec![Value::default(); plan.slots];
    let mut following = Following { model, slots: [step.from.index(), step.to.index()], steps };
    // Nothing ends it before the last.
    let _ = join::run(&mut following, &plan.steps, &mut bindings);
}

/// The literal of a step while it runs.
struct Following<'f, 'm> {
    model: &'m Model<'m>,
    slots: [usize; 2],
    steps: &'f mut Vec<[Value; 2]>,
}

impl<'m> Context<'m> for Following<'_, 'm> {
    fn model(&self) -> &'m Model<'m> {
        self.model
    }

    fn entity(&self, value: Value) -> Option<EntityId> {
        self.model.database.symbols.tag(value).entity()
    }

    fn found(&mut self, bindings: &[Value]) -> ControlFlow<()> {
        self.steps.push(self.slots.map(|slot| bindings[slot]));
        ControlFlow::Continue(())
    }
}
