//! Running a plan: depth first through its steps, a binding at a time, until the context has enough.

use std::ops::ControlFlow;

use smallvec::SmallVec;

use crate::compiler::program::{EntityId, Operator, RelationId, Type};
use crate::data::{Symbols, Value};
use crate::engine::growing::Growing;
use crate::engine::plan::{Access, Lookup, Operand, Output, Step};
use crate::engine::{Model, Reachability, Reaching};

/// Values of a row, key or binding; short ones need no allocation.
pub type Values = SmallVec<[Value; 8]>;

/// What a running plan asks of its surroundings.
pub trait Context<'m> {
    /// The finished relations.
    fn model(&self) -> &'m Model<'m>;

    /// A relation that is being derived. Nothing grows in a finished model.
    fn growing(&self, _relation: RelationId) -> Option<&Growing> {
        None
    }

    /// Whether a decision holds. Rules of stored relations use none.
    fn goal(&mut self, _relation: RelationId, _arguments: &[Value]) -> bool {
        false
    }

    /// The entity of a thing.
    fn entity(&self, value: Value) -> Option<EntityId>;

    /// All steps hold for these bindings; `Break` ends the run.
    fn found(&mut self, bindings: &[Value]) -> ControlFlow<()>;

    /// All steps hold for these bindings with the outputs of each of these rows: [`Context::found`] for many at once.
    /// The rows lie side by side and are `width` values wide, one at least; no output is narrowed.
    #[inline]
    fn found_rows(
        &mut self,
        rows: &[Value],
        width: usize,
        outputs: &[Output],
        bindings: &mut [Value],
    ) -> ControlFlow<()> {
        rows.chunks_exact(width).try_for_each(|row| {
            for output in outputs {
                bindings[output.slot] = row[output.place];
            }
            self.found(bindings)
        })
    }
}

/// Runs the steps on bindings of as many slots as the plan has.
pub fn run<'m, C: Context<'m>>(context: &mut C, steps: &[Step], bindings: &mut [Value]) -> ControlFlow<()> {
    let Some((step, rest)) = steps.split_first() else { return context.found(bindings) };
    let holds = match step {
        Step::Find { lookup, outputs, tests } => return find(context, lookup, outputs, tests, rest, bindings),
        Step::Check { lookup, negated } => exists(context, lookup, bindings) != *negated,
        Step::Compare { left, operator, right, ty } => {
            let (left, right) = (value(*left, bindings), value(*right, bindings));
            compare(&context.model().database.symbols, *operator, *ty, left, right)
        }
        Step::Bind { slot, from, entity } => {
            bindings[*slot] = value(*from, bindings);
            entity.is_none_or(|entity| context.entity(bindings[*slot]) == Some(entity))
        }
        Step::Goal { relation, arguments, negated } => {
            let arguments: Values = arguments.iter().map(|operand| value(*operand, bindings)).collect();
            context.goal(*relation, &arguments) != *negated
        }
    };
    if holds { run(context, rest, bindings) } else { ControlFlow::Continue(()) }
}

/// The value of an operand under the bindings.
#[inline]
pub fn value(operand: Operand, bindings: &[Value]) -> Value {
    match operand {
        Operand::Slot(slot) => bindings[slot],
        Operand::Value(value) => value,
    }
}

/// Whether two values of one type compare so.
pub fn compare(symbols: &Symbols, operator: Operator, ty: Type, left: Value, right: Value) -> bool {
    let ordering = || match ty {
        Type::Int => symbols.integer(left).cmp(&symbols.integer(right)),
        _ => left.cmp(&right),
    };
    match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::Less => ordering().is_lt(),
        Operator::LessOrEqual => ordering().is_le(),
        Operator::Greater => ordering().is_gt(),
        Operator::GreaterOrEqual => ordering().is_ge(),
    }
}

#[inline]
fn key_values(lookup: &Lookup, bindings: &[Value]) -> Values {
    lookup.key.iter().map(|operand| value(*operand, bindings)).collect()
}

/// Whether any row answers a lookup.
fn exists<'m, C: Context<'m>>(context: &C, lookup: &Lookup, bindings: &[Value]) -> bool {
    let model = context.model();
    let table = model.database.table(lookup.relation);
    let key = key_values(lookup, bindings);
    let growing = || context.growing(lookup.relation);
    match lookup.access {
        Access::Scan => !table.is_empty(),
        Access::Sorted(number) => !model.index(lookup.relation, number).find(&key).is_empty(),
        Access::Growing(chain) => growing().is_some_and(|growing| growing.newest(chain, &key).is_some()),
        Access::GrowingScan => growing().is_some_and(|growing| !growing.table().is_empty()),
        Access::Delta => growing().is_some_and(|growing| !growing.delta().is_empty()),
        Access::Reaching(reaching) => {
            let first = |pairs: &Reachability| pairs.find(reaching, &key, |_| ControlFlow::Break(())).is_break();
            model.reachability(lookup.relation).is_some_and(first)
        }
    }
}

fn find<'m, C: Context<'m>>(
    context: &mut C,
    lookup: &Lookup,
    outputs: &[Output],
    tests: &[(usize, Operand)],
    rest: &[Step],
    bindings: &mut [Value],
) -> ControlFlow<()> {
    let model = context.model();
    let relation = lookup.relation;
    let last = rest.is_empty() && tests.is_empty() && outputs.iter().all(|output| output.entity.is_none());
    match lookup.access {
        Access::Scan => {
            let table = model.database.table(relation);
            if last && table.width() > 0 {
                return context.found_rows(table.values(), table.width(), outputs, bindings);
            }
            for row in table.rows() {
                if bind(context, row, outputs, tests, bindings) {
                    run(context, rest, bindings)?;
                }
            }
        }
        Access::Sorted(number) => {
            let index = model.index(relation, number);
            let rows = index.find(&key_values(lookup, bindings));
            if last {
                return context.found_rows(index.rows(rows), index.order().len(), outputs, bindings);
            }
            for row in rows {
                if bind(context, index.row(row), outputs, tests, bindings) {
                    run(context, rest, bindings)?;
                }
            }
        }
        Access::Growing(chain) => {
            let key = key_values(lookup, bindings);
            let mut next = context.growing(relation).and_then(|growing| growing.newest(chain, &key));
            while let Some(row) = next {
                if bind_growing(context, relation, row, outputs, tests, bindings) {
                    run(context, rest, bindings)?;
                }
                next = context.growing(relation).and_then(|growing| growing.older(chain, row));
            }
        }
        Access::GrowingScan | Access::Delta => {
            let rows = context.growing(relation).map_or(0..0, |growing| match lookup.access {
                Access::Delta => growing.delta(),
                _ => 0..growing.table().len() as u32,
            });
            for row in rows {
                if bind_growing(context, relation, row, outputs, tests, bindings) {
                    run(context, rest, bindings)?;
                }
            }
        }
        Access::Reaching(reaching) => {
            let Some(pairs) = model.reachability(relation) else { return ControlFlow::Continue(()) };
            let key = key_values(lookup, bindings);
            if let (Reaching::Of(side), [output], true) = (reaching, outputs, last) {
                let outputs = [Output { place: 0, ..*output }];
                let mut runs = pairs.partners(side, key[0]);
                return runs.try_for_each(|run| context.found_rows(run, 1, &outputs, bindings));
            }
            return pairs.find(reaching, &key, |pair| match bind(context, &pair, outputs, tests, bindings) {
                true => run(context, rest, bindings),
                false => ControlFlow::Continue(()),
            });
        }
    }
    ControlFlow::Continue(())
}

fn bind_growing<'m, C: Context<'m>>(
    context: &C,
    relation: RelationId,
    row: u32,
    outputs: &[Output],
    tests: &[(usize, Operand)],
    bindings: &mut [Value],
) -> bool {
    context.growing(relation).is_some_and(|growing| bind(context, growing.table().row(row), outputs, tests, bindings))
}

/// Gives the slots their values of a row; whether the row fits.
#[inline]
fn bind<'m, C: Context<'m>>(
    context: &C,
    row: &[Value],
    outputs: &[Output],
    tests: &[(usize, Operand)],
    bindings: &mut [Value],
) -> bool {
    for output in outputs {
        let value = row[output.place];
        if output.entity.is_some_and(|entity| context.entity(value) != Some(entity)) {
            return false;
        }
        bindings[output.slot] = value;
    }
    tests.iter().all(|(place, operand)| row[*place] == value(*operand, bindings))
}
