//! Running a plan: depth first through its steps, a binding at a time, until the context has enough.

use std::ops::{ControlFlow, Range};

use smallvec::SmallVec;

use crate::compiler::program::{EntityId, Operator, RelationId, Type};
use crate::data::{Index, Symbols, Value};
use crate::engine::chain::Chain;
use crate::engine::growing::{Copied, Growing};
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

    /// The entity of a thing.
    fn entity(&self, value: Value) -> Option<EntityId>;

    /// Whether a decision holds. Stored relations use none.
    fn goal(&mut self, _relation: RelationId, _arguments: &[Value]) -> bool {
        false
    }

    /// Whether an index is to be built, now that it is asked: else the rows are found by looking at all.
    fn builds(&mut self, _index: usize) -> bool {
        true
    }

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
        Step::Find { lookup, outputs, tests } => {
            return find(context, lookup, &Next { outputs, tests, rest }, bindings);
        }
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
            let arguments: Values = arguments.iter().map(|argument| value(*argument, bindings)).collect();
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
    match ty {
        Type::Int => compare_integers(symbols, operator, left, right),
        _ => compare_values(operator, &left, &right),
    }
}

/// Whether two values of type `int` compare so.
pub fn compare_integers(symbols: &Symbols, operator: Operator, left: Value, right: Value) -> bool {
    match operator {
        // Numbers that no fact names have no integer to look up, and are told apart all the same.
        Operator::Equal | Operator::NotEqual => compare_values(operator, &left, &right),
        _ => compare_values(operator, &symbols.integer(left), &symbols.integer(right)),
    }
}

/// Whether two members, or what they stand for, compare so.
#[inline]
pub fn compare_values<T: Ord>(operator: Operator, left: &T, right: &T) -> bool {
    match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessOrEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterOrEqual => left >= right,
    }
}

#[inline]
fn key_values(lookup: &Lookup, bindings: &[Value]) -> Values {
    match lookup.key[..] {
        // Of a known length, so that nothing is called to collect them.
        [one] => Values::from_slice(&[value(one, bindings)]),
        [one, other] => Values::from_slice(&[value(one, bindings), value(other, bindings)]),
        ref key => key.iter().map(|operand| value(*operand, bindings)).collect(),
    }
}

/// Whether any row answers a lookup.
fn exists<'m, C: Context<'m>>(context: &mut C, lookup: &Lookup, bindings: &[Value]) -> bool {
    let model = context.model();
    let table = model.database.table(lookup.relation);
    let key = key_values(lookup, bindings);
    if let Access::Sorted(number) = lookup.access
        && !model.is_built(number)
        && !context.builds(number)
    {
        return model.is_there(number, &key);
    }
    let growing = || context.growing(lookup.relation);
    match lookup.access {
        Access::Scan => !table.is_empty(),
        Access::Sorted(number) => !model.index_at(number).find(&key).is_empty(),
        Access::Growing(chain) => growing().is_some_and(|growing| !growing.chain(chain, &key).is_empty()),
        Access::GrowingRow => growing().is_some_and(|growing| growing.contains(&key)),
        Access::GrowingScan => growing().is_some_and(|growing| !growing.is_empty()),
        Access::Delta => growing().is_some_and(|growing| !growing.delta().is_empty()),
        Access::Reaching(reaching) => {
            let first = |pairs: &Reachability| pairs.find(reaching, &key, |_| ControlFlow::Break(())).is_break();
            model.reachability(lookup.relation).is_some_and(first)
        }
    }
}

/// What happens to each row that a step finds.
struct Next<'s> {
    outputs: &'s [Output],
    tests: &'s [(usize, Operand)],
    rest: &'s [Step],
}

impl Next<'_> {
    /// Whether every row fits.
    fn is_open(&self) -> bool {
        self.tests.is_empty() && self.outputs.iter().all(|output| output.entity.is_none())
    }

    /// Whether nothing is left to do but to hand the outputs on.
    fn is_end(&self) -> bool {
        self.rest.is_empty() && self.is_open()
    }

    #[inline]
    fn row<'m, C: Context<'m>>(&self, context: &mut C, row: &[Value], bindings: &mut [Value]) -> ControlFlow<()> {
        match bind(context, row, self.outputs, self.tests, bindings) {
            true => run(context, self.rest, bindings),
            false => ControlFlow::Continue(()),
        }
    }

    /// Rows that lie side by side.
    #[inline]
    fn rows<'m, C: Context<'m>>(
        &self,
        context: &mut C,
        rows: &[Value],
        width: usize,
        bindings: &mut [Value],
    ) -> ControlFlow<()> {
        if rows.is_empty() {
            return ControlFlow::Continue(());
        }
        if !self.is_open() {
            return rows.chunks_exact(width).try_for_each(|row| self.row(context, row, bindings));
        }
        if self.rest.is_empty() {
            return context.found_rows(rows, width, self.outputs, bindings);
        }
        let following = self.following(context.model());
        for row in rows.chunks_exact(width) {
            if following.is_some_and(|(index, place)| index.group(row[place]).is_empty()) {
                continue;
            }
            for output in self.outputs {
                bindings[output.slot] = row[output.place];
            }
            run(context, self.rest, bindings)?;
        }
        ControlFlow::Continue(())
    }

    /// Where the next step looks a value of the row up in an index: that index, and the place of the value. Of the new
    /// rows of a round, most may end there.
    fn following<'m>(&self, model: &'m Model) -> Option<(&'m Index, usize)> {
        let Some(Step::Find { lookup: Lookup { access: Access::Sorted(number), key, .. }, .. }) = self.rest.first()
        else {
            return None;
        };
        let [Operand::Slot(slot)] = key[..] else { return None };
        let output = self.outputs.iter().find(|output| output.slot == slot)?;
        model.is_built(*number).then(|| (model.index_at(*number), output.place))
    }
}

fn find<'m, C: Context<'m>>(
    context: &mut C,
    lookup: &Lookup,
    next: &Next<'_>,
    bindings: &mut [Value],
) -> ControlFlow<()> {
    let model = context.model();
    let relation = lookup.relation;
    match lookup.access {
        Access::Scan => {
            let table = model.database.table(relation);
            // A relation without columns is never gone through: all of it is known.
            next.rows(context, table.values(), table.width().max(1), bindings)
        }
        Access::Sorted(number) if !model.is_built(number) && !context.builds(number) => {
            let rows = model.scan(number, &key_values(lookup, bindings));
            next.rows(context, &rows, model.layout(number).rest.len().max(1), bindings)
        }
        Access::Sorted(number) => {
            let index = model.index_at(number);
            let found = match lookup.key[..] {
                [only] => index.group(value(only, bindings)),
                _ => index.find(&key_values(lookup, bindings)),
            };
            // Something is taken of each row, so there is a column.
            next.rows(context, index.rows(found), index.width().max(1), bindings)
        }
        Access::Growing(chain) => follow_chain(context, relation, chain, &key_values(lookup, bindings), next, bindings),
        Access::GrowingRow => match exists(context, lookup, bindings) {
            true => next.row(context, &key_values(lookup, bindings), bindings),
            false => ControlFlow::Continue(()),
        },
        Access::GrowingScan | Access::Delta => {
            let rows = context.growing(relation).map_or(0..0, |growing| match lookup.access {
                Access::Delta => growing.delta(),
                _ => 0..growing.len() as u32,
            });
            go_through(context, relation, rows, next, bindings)
        }
        Access::Reaching(reaching) => {
            let Some(pairs) = model.reachability(relation) else { return ControlFlow::Continue(()) };
            let key = key_values(lookup, bindings);
            if let (Reaching::Of(side), [output], true) = (reaching, next.outputs, next.is_end()) {
                let outputs = [Output { place: 0, ..*output }];
                let mut runs = pairs.partners(side, key[0]);
                return runs.try_for_each(|run| context.found_rows(run, 1, &outputs, bindings));
            }
            pairs.find(reaching, &key, |pair| next.row(context, &pair, bindings))
        }
    }
}

/// So many values of rows are copied at once, and what is left of a block then.
const AT_ONCE: usize = 64;

/// Rows of a growing relation by their numbers.
fn go_through<'m, C: Context<'m>>(
    context: &mut C,
    relation: RelationId,
    rows: Range<u32>,
    next: &Next<'_>,
    bindings: &mut [Value],
) -> ControlFlow<()> {
    let mut start = rows.start;
    while start < rows.end
        && let Some(growing) = context.growing(relation)
    {
        let width = growing.width();
        if width == 0 {
            return next.row(context, &[], bindings);
        }
        let end = rows.end.min(start + (AT_ONCE / width).max(1) as u32);
        let copied = growing.copy(start..end);
        next.rows(context, &copied, width, bindings)?;
        start = end;
    }
    ControlFlow::Continue(())
}

fn follow_chain<'m, C: Context<'m>>(
    context: &mut C,
    relation: RelationId,
    chain: usize,
    key: &[Value],
    next: &Next<'_>,
    bindings: &mut [Value],
) -> ControlFlow<()> {
    let mut rows = context.growing(relation).map_or(Chain::default(), |growing| growing.chain(chain, key));
    while !rows.is_empty()
        && let Some(growing) = context.growing(relation)
    {
        let chains = growing.chains(chain);
        let width = chains.width();
        let mut copied = Copied::new();
        while !rows.is_empty() && copied.len() < AT_ONCE {
            copied.extend_from_slice(chains.take_block(&mut rows));
        }
        next.rows(context, &copied, width, bindings)?;
    }
    ControlFlow::Continue(())
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
