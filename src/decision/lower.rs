//! Plans become code: what must hold of the arguments alone comes first, and what else must hold right behind the
//! operation that gives a slot its value. `code` is what comes of it.

use crate::compiler::program::{Operator, RelationId, Type, Variable};
use crate::decision::code::{
    Ask, Check, Code, EachRow, GoalNumber, Input, Inputs, LevelOf, Library, Op, Part, PreparedQuery, Source, Take,
};
use crate::decision::fitting::{Fit, Things};
use crate::decision::prepare::{Ceiling, Decider, Goal, GoalRule, Match};
use crate::engine::plan::{Access, Lookup, Operand, Output, Plan, Step};

impl Library {
    /// Adds the code of the next goal: the rules of a decision for one action.
    pub fn add_goal(&mut self, decider: &Decider, goal: Goal, rules: &[GoalRule]) {
        let mut codes: Vec<Code> = rules.iter().map(|rule| self.rule(decider, goal, rule)).collect();
        for at in 1..codes.len() {
            codes[at].shared = self.shared(&codes[at - 1], &codes[at]);
        }
        self.goals.push(append(&mut self.codes, codes));
    }

    /// Adds the code of a query, whose slots begin with its variables.
    pub fn add_query(&mut self, decider: &Decider, plan: &Plan, variables: &[Variable]) -> PreparedQuery {
        let slots = Slots { numbers: (0..plan.slots as u32).map(Some).collect(), used: plan.slots as u32 };
        let model = decider.model();
        let things = Things::of_query(model.program, &model.database, variables);
        let mut lowering = Lowering::new(decider, self, things, slots);
        plan.steps.iter().for_each(|step| lowering.step(step));
        let (checks, ops, _) = lowering.finish();
        PreparedQuery { checks, ops, slots: plan.slots as u32 }
    }

    fn rule(&mut self, decider: &Decider, goal: Goal, rule: &GoalRule) -> Code {
        let model = decider.model();
        let places = decider.argument_places(goal.relation);
        let levels = decider.levels(goal.relation).unwrap_or_default();
        let slots = Slots { numbers: vec![None; rule.plan.slots], used: places.len() as u32 };
        let things = Things::of_rule(model.program, &model.database, rule.rule, goal.action);
        let mut lowering = Lowering::new(decider, self, things, slots);
        rule.matches.iter().for_each(|item| lowering.head(item, places));
        rule.plan.steps.iter().for_each(|step| lowering.step(step));
        let ceilings: Vec<LevelOf> = rule.ceilings.iter().map(|ceiling| lowering.ceiling(ceiling)).collect();
        let (guards, ops, slots) = lowering.finish();
        let ceilings = append(&mut self.ceilings, ceilings);
        Code { rule: rule.rule, guards, shared: 0, ops, slots, ceilings, levels }
    }

    /// With how many of the same guards two rules begin.
    fn shared(&self, one: &Code, other: &Code) -> u32 {
        let both = self.checks(one.guards).iter().zip(self.checks(other.guards));
        both.take_while(|(one, other)| one == other).count() as u32
    }

    /// Inputs side by side; the same ones are kept once, so that equal parts tell equal inputs.
    fn add_inputs(&mut self, inputs: Inputs) -> Part {
        *self.parts.entry(inputs).or_insert_with_key(|inputs| append(&mut self.inputs, inputs.iter().copied()))
    }
}

fn append<T>(all: &mut Vec<T>, new: impl IntoIterator<Item = T>) -> Part {
    let start = all.len() as u32;
    all.extend(new);
    Part { start, end: all.len() as u32 }
}

/// The slots of the code by the slots of the plan.
struct Slots {
    numbers: Vec<Option<u32>>,
    used: u32,
}

/// A plan while it becomes code.
struct Lowering<'l, 'p> {
    decider: &'l Decider<'p>,
    library: &'l mut Library,
    things: Things<'l>,
    slots: Slots,
    /// What must hold before any slot but the first takes a value.
    checks: Vec<Check>,
    /// What slots take, with what must hold then.
    ops: Vec<(Take, Vec<Check>)>,
}

impl<'l, 'p> Lowering<'l, 'p> {
    fn new(decider: &'l Decider<'p>, library: &'l mut Library, things: Things<'l>, slots: Slots) -> Lowering<'l, 'p> {
        Lowering { decider, library, things, slots, checks: Vec::new(), ops: Vec::new() }
    }

    /// The checks that come first, the operations, and how many slots these have.
    fn finish(self) -> (Part, Part, u32) {
        let Library { checks, ops, .. } = self.library;
        let first = append(checks, self.checks);
        let rest: Vec<Op> =
            self.ops.into_iter().map(|(take, after)| Op { take, checks: append(checks, after) }).collect();
        (first, append(ops, rest), self.slots.used)
    }

    /// What must hold now.
    fn must(&mut self, check: Check) {
        self.ops.last_mut().map_or(&mut self.checks, |(_, checks)| checks).push(check);
    }

    /// Slots take values now.
    fn take(&mut self, take: Take) {
        self.ops.push((take, Vec::new()));
    }

    fn slot(&mut self, slot: usize) -> u32 {
        *self.slots.numbers[slot].get_or_insert_with(|| {
            self.slots.used += 1;
            self.slots.used - 1
        })
    }

    fn input(&mut self, operand: Operand) -> Input {
        match operand {
            Operand::Slot(slot) => Input::Slot(self.slot(slot)),
            Operand::Value(value) => Input::Value(value),
        }
    }

    fn inputs(&mut self, operands: impl Iterator<Item = Operand>) -> Part {
        let inputs = operands.map(|operand| self.input(operand)).collect();
        self.library.add_inputs(inputs)
    }

    /// What an argument must be for the head of a rule; its slot is its place among the arguments.
    fn head(&mut self, item: &Match, places: &[usize]) {
        let number = |argument: usize| places.iter().position(|place| *place == argument).unwrap_or_default() as u32;
        match *item {
            Match::Bind { argument, slot, entity } => {
                let number = number(argument);
                self.slots.numbers[slot] = Some(number);
                if let Some(entity) = entity {
                    self.must(Check::IsOf { slot: number, entity });
                }
            }
            Match::Equal { argument, operand } => {
                let (left, right) = (Input::Slot(number(argument)), self.input(operand));
                let operator = Operator::Equal;
                self.must(Check::Compare { left, operator, right, integers: false });
            }
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Check { lookup, negated } => {
                let check = self.check(lookup, *negated);
                self.must(check);
            }
            Step::Compare { left, operator, right, ty } => {
                let (left, right) = (self.input(*left), self.input(*right));
                self.must(Check::Compare { left, operator: *operator, right, integers: *ty == Type::Int });
            }
            Step::Bind { slot, from, entity } => {
                let (from, slot) = (self.input(*from), self.slot(*slot));
                self.take(Take::Bind { slot, from });
                if let Some(entity) = *entity {
                    self.must(Check::IsOf { slot, entity });
                }
            }
            Step::Goal { relation, arguments, negated } => {
                let ask = self.ask(*relation, arguments);
                self.must(Check::Goal { ask, negated: *negated });
            }
            Step::Find { lookup, outputs, tests } => {
                let take = self.find(lookup, outputs, tests);
                self.take(take);
            }
        }
    }

    fn check(&mut self, lookup: &Lookup, negated: bool) -> Check {
        match (source(lookup), &lookup.key[..]) {
            (Source::Index(index), [key]) => Check::Has { index, key: self.input(*key), negated },
            (source, keys) => Check::HasRow { source, keys: self.inputs(keys.iter().copied()), negated },
        }
    }

    fn find(&mut self, lookup: &Lookup, outputs: &[Output], tests: &[(usize, Operand)]) -> Take {
        match (source(lookup), &lookup.key[..], outputs, tests) {
            (Source::Index(index), [key], [output], []) if output.entity.is_none() => {
                let (key, slot) = (self.input(*key), self.slot(output.slot));
                Take::Each { index, key, place: output.place as u32, slot }
            }
            (source, keys, outputs, tests) => {
                let row = EachRow {
                    source,
                    keys: self.inputs(keys.iter().copied()),
                    outputs: outputs.iter().map(|output| (output.place, self.slot(output.slot) as usize)).collect(),
                    entities: outputs
                        .iter()
                        .filter_map(|output| Some((self.slot(output.slot) as usize, output.entity?)))
                        .collect(),
                    tests: tests.iter().map(|(place, operand)| (*place, self.input(*operand))).collect(),
                };
                self.library.rows.push(row);
                Take::EachRow(self.library.rows.len() as u32 - 1)
            }
        }
    }

    fn ceiling(&mut self, ceiling: &Ceiling) -> LevelOf {
        match ceiling {
            Ceiling::Value(operand) => LevelOf::Value(self.input(*operand)),
            Ceiling::Highest { relation, arguments } => LevelOf::Decision(self.ask(*relation, arguments)),
        }
    }

    fn ask(&mut self, relation: RelationId, arguments: &[Operand]) -> Ask {
        let decider = self.decider;
        let fit = self.things.fit(relation, arguments);
        let known = |action| match (decider.goal_behind(relation, action), fit) {
            (None, _) | (_, Fit::Never) => GoalNumber::Never,
            (Some(goal), Fit::IfOf(entity)) => GoalNumber::IfOf(goal, entity),
            (Some(goal), Fit::Always | Fit::ByAction) => GoalNumber::Known(goal),
        };
        let goal = match decider.action_place(relation).map(|place| arguments[place]) {
            Some(Operand::Slot(slot)) if fit == Fit::ByAction => GoalNumber::ByRequest(relation, self.slot(slot)),
            Some(Operand::Slot(slot)) => GoalNumber::ByAction(relation, self.slot(slot)),
            Some(Operand::Value(action)) => known(Some(action)),
            None => known(None),
        };
        let others = decider.argument_places(relation).iter().map(|place| arguments[*place]);
        let others: Inputs = others.map(|operand| self.input(operand)).collect();
        let is_leading = (0..).zip(&others).all(|(slot, input)| *input == Input::Slot(slot));
        Ask {
            goal,
            leading: is_leading.then_some(others.len() as u32),
            arguments: self.library.add_inputs(others),
            level: decider.level_place(relation).map(|place| self.input(arguments[place])),
        }
    }
}

fn source(lookup: &Lookup) -> Source {
    match lookup.access {
        Access::Sorted(index) => Source::Index(index as u32),
        Access::Scan => Source::Table(lookup.relation),
        Access::Reaching(reaching) => Source::Pairs(lookup.relation, reaching),
        // Nothing grows in a finished model.
        Access::Growing(_) | Access::GrowingRow | Access::GrowingScan | Access::Delta => Source::Nothing,
    }
}
