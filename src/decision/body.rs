//! Running code over the finished model: depth first through its operations, a binding at a time.

use std::ops::{ControlFlow, Range};

use smallvec::SmallVec;

use crate::compiler::program::{ActionId, EntityId, Operator};
use crate::data::{Index, Value};
use crate::decision::Solver;
use crate::decision::code::{Ask, Check, EachRow, GoalNumber, Input, Op, Part, Source, Take};
use crate::engine::join;

/// The arguments of a question.
pub type Arguments = SmallVec<[Value; 4]>;

/// Code with no more slots needs no allocation.
const SLOTS: usize = 12;

impl<'d, 'p> Solver<'d, 'p> {
    /// Runs operations on slots of which the first hold the arguments, and hands every binding for which all of
    /// them hold to `found`; `Break` ends the run. `COUNTED`, it also ends where no combination is left.
    pub(super) fn run<const COUNTED: bool, F>(
        &mut self,
        ops: Part,
        slots: u32,
        arguments: &[Value],
        found: &mut F,
    ) -> ControlFlow<()>
    where
        F: FnMut(&mut Self, &[Value]) -> ControlFlow<()>,
    {
        let mut few = [Value(0); SLOTS];
        let mut many = Vec::new();
        let bindings = match few.get_mut(..slots as usize) {
            Some(few) => few,
            None => {
                many.resize(slots as usize, Value(0));
                &mut many[..]
            }
        };
        bindings[..arguments.len()].copy_from_slice(arguments);
        self.go_on::<COUNTED, F>(self.library().ops(ops), bindings, found)
    }

    fn go_on<const COUNTED: bool, F>(&mut self, ops: &'d [Op], bindings: &mut [Value], found: &mut F) -> ControlFlow<()>
    where
        F: FnMut(&mut Self, &[Value]) -> ControlFlow<()>,
    {
        let Some((op, rest)) = ops.split_first() else { return found(self, bindings) };
        match &op.take {
            Take::Bind { slot, from } => {
                bindings[*slot as usize] = from.value(bindings);
                self.taken::<COUNTED, F>(op, rest, bindings, found)
            }
            Take::Each { index, key, place, slot } => {
                let index = self.model().index_at(*index as usize);
                for row in index.group(key.value(bindings)) {
                    self.count::<COUNTED>()?;
                    bindings[*slot as usize] = index.value(row, *place as usize);
                    self.taken::<COUNTED, F>(op, rest, bindings, found)?;
                }
                ControlFlow::Continue(())
            }
            Take::EachRow(number) => self.each_row::<COUNTED, F>(*number, op, rest, bindings, found),
        }
    }

    /// Goes on behind an operation whose slots took values, if its checks hold.
    #[inline(always)]
    fn taken<const COUNTED: bool, F>(
        &mut self,
        op: &'d Op,
        rest: &'d [Op],
        bindings: &mut [Value],
        found: &mut F,
    ) -> ControlFlow<()>
    where
        F: FnMut(&mut Self, &[Value]) -> ControlFlow<()>,
    {
        if !self.all_pass(op.checks, bindings) {
            return ControlFlow::Continue(());
        }
        if rest.is_empty() { found(self, bindings) } else { self.go_on::<COUNTED, F>(rest, bindings, found) }
    }

    /// Whether checks hold under the bindings.
    #[inline(always)]
    pub(super) fn all_pass(&mut self, checks: Part, bindings: &[Value]) -> bool {
        self.library().checks(checks).iter().all(|check| self.passes(check, bindings))
    }

    /// Whether a check holds under the bindings.
    #[inline]
    pub(super) fn passes(&mut self, check: &'d Check, bindings: &[Value]) -> bool {
        match check {
            Check::Has { index, key, negated } => {
                self.model().index_at(*index as usize).group(key.value(bindings)).is_empty() == *negated
            }
            Check::HasRow { source, keys, negated } => {
                self.has_row(*source, self.library().inputs(*keys), bindings) != *negated
            }
            Check::Compare { left, operator, right, integers } => {
                self.compare(*operator, left.value(bindings), right.value(bindings), *integers)
            }
            Check::IsOf { slot, entity } => self.entity(bindings[*slot as usize]) == Some(*entity),
            Check::Goal { ask, negated } => self.ask(ask, bindings) != *negated,
        }
    }

    fn each_row<const COUNTED: bool, F>(
        &mut self,
        number: u32,
        op: &'d Op,
        rest: &'d [Op],
        bindings: &mut [Value],
        found: &mut F,
    ) -> ControlFlow<()>
    where
        F: FnMut(&mut Self, &[Value]) -> ControlFlow<()>,
    {
        let each = self.library().each_row(number);
        let keys = self.library().inputs(each.keys);
        match each.source {
            Source::Index(index) => {
                let index = self.model().index_at(index as usize);
                for row in rows(index, keys, bindings) {
                    self.count::<COUNTED>()?;
                    if self.bind(each, index.row(row), bindings) {
                        self.taken::<COUNTED, F>(op, rest, bindings, found)?;
                    }
                }
            }
            Source::Table(relation) => {
                for row in self.model().database.table(relation).rows() {
                    self.count::<COUNTED>()?;
                    if self.bind(each, row, bindings) {
                        self.taken::<COUNTED, F>(op, rest, bindings, found)?;
                    }
                }
            }
            Source::Pairs(relation, reaching) => {
                if let Some(pairs) = self.model().reachability(relation) {
                    let key = values(keys, bindings);
                    return pairs.find(reaching, &key, |pair| {
                        self.count::<COUNTED>()?;
                        match self.bind(each, &pair, bindings) {
                            true => self.taken::<COUNTED, F>(op, rest, bindings, found),
                            false => ControlFlow::Continue(()),
                        }
                    });
                }
            }
            Source::Nothing => {}
        }
        ControlFlow::Continue(())
    }

    /// Takes a combination off, where they are counted.
    #[inline(always)]
    fn count<const COUNTED: bool>(&mut self) -> ControlFlow<()> {
        if COUNTED {
            match self.combinations_left.checked_sub(1) {
                Some(left) => self.combinations_left = left,
                None => return ControlFlow::Break(()),
            }
        }
        ControlFlow::Continue(())
    }

    fn has_row(&self, source: Source, keys: &[Input], bindings: &[Value]) -> bool {
        match source {
            Source::Index(index) => !rows(self.model().index_at(index as usize), keys, bindings).is_empty(),
            Source::Table(relation) => !self.model().database.table(relation).is_empty(),
            Source::Pairs(relation, reaching) => self.model().reachability(relation).is_some_and(|pairs| {
                pairs.find(reaching, &values(keys, bindings), |_| ControlFlow::Break(())).is_break()
            }),
            Source::Nothing => false,
        }
    }

    /// Gives the slots their values of a row; whether the row fits.
    fn bind(&self, each: &EachRow, row: &[Value], bindings: &mut [Value]) -> bool {
        for (place, slot) in &each.outputs {
            bindings[*slot] = row[*place];
        }
        each.entities.iter().all(|(slot, entity)| self.entity(bindings[*slot]) == Some(*entity))
            && each.tests.iter().all(|(place, operand)| row[*place] == operand.value(bindings))
    }

    fn compare(&self, operator: Operator, left: Value, right: Value, integers: bool) -> bool {
        match integers {
            true => join::compare_integers(&self.model().database.symbols, operator, left, right),
            false => join::compare_values(operator, &left, &right),
        }
    }

    /// Whether a decision holds.
    fn ask(&mut self, ask: &Ask, bindings: &[Value]) -> bool {
        let Some(goal) = self.goal_of(ask, bindings) else { return false };
        let level = ask.level.map(|level| level.value(bindings));
        match ask.leading {
            Some(leading) => self.goal_holds(goal, &bindings[..leading as usize], level),
            None => self.goal_holds(goal, &values(self.library().inputs(ask.arguments), bindings), level),
        }
    }

    /// How high a decision goes.
    pub(super) fn level_of(&mut self, ask: &Ask, bindings: &[Value]) -> u32 {
        match (self.goal_of(ask, bindings), ask.leading) {
            (Some(goal), Some(leading)) => self.highest(goal, &bindings[..leading as usize]),
            (Some(goal), None) => self.highest(goal, &values(self.library().inputs(ask.arguments), bindings)),
            (None, _) => 0,
        }
    }

    fn goal_of(&self, ask: &Ask, bindings: &[Value]) -> Option<u32> {
        match ask.goal {
            GoalNumber::Known(goal) => Some(goal),
            GoalNumber::ByAction(relation, slot) => self.decider().goal(relation, Some(bindings[slot as usize])),
            GoalNumber::IfOf(goal, entity) => (self.entity_of_thing(ask, bindings) == Some(entity)).then_some(goal),
            GoalNumber::ByRequest(relation, slot) => {
                let action = bindings[slot as usize];
                let entity = self.entity_of_thing(ask, bindings);
                let is_done = self.model().program.is_done_to(ActionId(action.0), entity);
                self.decider().goal(relation, Some(action)).filter(|_| is_done)
            }
            GoalNumber::Never => None,
        }
    }

    fn entity_of_thing(&self, ask: &Ask, bindings: &[Value]) -> Option<EntityId> {
        self.library().inputs(ask.arguments).last().and_then(|thing| self.entity(thing.value(bindings)))
    }
}

/// The rows of an index that have a key.
fn rows(index: &Index, keys: &[Input], bindings: &[Value]) -> Range<usize> {
    let Some((first, others)) = keys.split_first() else { return index.find(&[]) };
    let group = index.group(first.value(bindings));
    let column = |(column, key): (usize, &Input)| (column, key.value(bindings));
    others.iter().enumerate().map(column).fold(group, |rows, (column, value)| index.narrow(rows, column, value))
}

fn values(inputs: &[Input], bindings: &[Value]) -> Arguments {
    let mut few = [Value(0); 4];
    if inputs.len() > few.len() {
        return inputs.iter().map(|input| input.value(bindings)).collect();
    }
    for (place, input) in few.iter_mut().zip(inputs) {
        *place = input.value(bindings);
    }
    Arguments::from_buf_and_len(few, inputs.len())
}
