//! Plans in the form in which they run: small operations side by side, in which a slot is found by its number
//! alone. The arguments of a question take the first slots. All code lies in a few arrays, because requests of all
//! actions come mixed, and what they run through should stay in the nearest caches.

use std::ops::Range;

use crate::compiler::program::{EntityId, Operator, RelationId, RuleId, Type};
use crate::data::Value;
use crate::decision::prepare::{Ceiling, Decider, GoalRule, Match};
use crate::engine::Reaching;
use crate::engine::plan::{Access, Lookup, Operand, Output, Plan, Step};

/// Where an operation takes a value from.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// A slot.
    Slot(u32),
    /// It is known.
    Value(Value),
}

impl Input {
    /// The value under the bindings.
    #[inline(always)]
    pub fn value(self, bindings: &[Value]) -> Value {
        match self {
            Input::Slot(slot) => bindings[slot as usize],
            Input::Value(value) => value,
        }
    }
}

/// One operation: it holds or not for the values of the slots, or, if it begins with `Each`, goes through rows.
#[derive(Debug)]
pub enum Op {
    /// An index has the key, or, `negated`, has it not.
    Has { index: u32, key: Input, negated: bool },
    /// The same, of a key of several columns or another source.
    HasRow { source: Source, keys: Part, negated: bool },
    /// The values compare so.
    Compare { left: Input, operator: Operator, right: Input, integers: bool },
    /// A slot takes a value.
    Bind { slot: u32, from: Input },
    /// A slot holds a thing of that entity.
    IsOf { slot: u32, entity: EntityId },
    /// A decision holds, or, `negated`, does not.
    Goal { ask: Ask, negated: bool },
    /// A slot takes a column of each row that an index finds.
    Each { index: u32, key: Input, place: u32, slot: u32 },
    /// Slots take columns of each row that fits: the number of an [`EachRow`].
    EachRow(u32),
}

/// Some of the inputs or operations of a library.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    start: u32,
    end: u32,
}

impl Part {
    /// As a range.
    #[inline(always)]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Where rows come from.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    /// An index.
    Index(u32),
    /// All rows of a relation.
    Table(RelationId),
    /// Pairs of a relation that is kept as reachability.
    Pairs(RelationId, Reaching),
    /// Nothing: no rows.
    Nothing,
}

/// The rows of a source that have a key, the columns to take, and what others must be.
#[derive(Debug)]
pub struct EachRow {
    pub source: Source,
    pub keys: Part,
    /// Place and slot.
    pub outputs: Box<[(usize, usize)]>,
    /// Entities that slots must be of.
    pub entities: Box<[(usize, EntityId)]>,
    /// Place and value.
    pub tests: Box<[(usize, Input)]>,
}

/// A question about a decision.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    pub goal: GoalNumber,
    /// Without the action and the level.
    pub arguments: Part,
    /// The level that is asked for, where the decision has one.
    pub level: Option<Input>,
}

/// Which goal is asked.
#[derive(Clone, Copy, Debug)]
pub enum GoalNumber {
    /// This one.
    Known(u32),
    /// That of the decision for the action which the slot holds.
    ByAction(RelationId, u32),
    /// None: it never holds.
    Never,
}

/// A rule ready to be asked.
#[derive(Debug)]
pub struct Code {
    /// Which.
    pub rule: RuleId,
    /// What must hold.
    pub ops: Part,
    /// How many slots there are.
    pub slots: u32,
    /// What the level can't be above.
    pub ceilings: Part,
}

/// A level.
#[derive(Debug)]
pub enum LevelOf {
    /// A value.
    Value(Input),
    /// The highest of a decision.
    Decision(Ask),
}

/// A query ready to be asked: its slots are its variables.
#[derive(Debug)]
pub struct PreparedQuery {
    pub(super) ops: Part,
    pub(super) slots: u32,
}

/// All code.
#[derive(Debug, Default)]
pub struct Library {
    goals: Vec<Part>,
    codes: Vec<Code>,
    ops: Vec<Op>,
    inputs: Vec<Input>,
    ceilings: Vec<LevelOf>,
    rows: Vec<EachRow>,
}

impl Library {
    /// How many goals have code.
    pub fn len(&self) -> usize {
        self.goals.len()
    }

    /// The rules that may answer a goal, in the order in which they decide.
    #[inline]
    pub fn codes(&self, goal: u32) -> &[Code] {
        &self.codes[self.goals[goal as usize].range()]
    }

    /// Operations.
    #[inline(always)]
    pub fn ops(&self, part: Part) -> &[Op] {
        &self.ops[part.range()]
    }

    /// Inputs.
    #[inline(always)]
    pub fn inputs(&self, part: Part) -> &[Input] {
        &self.inputs[part.range()]
    }

    /// What bounds a level.
    #[inline]
    pub fn ceilings(&self, part: Part) -> &[LevelOf] {
        &self.ceilings[part.range()]
    }

    /// What an operation does with rows.
    #[inline]
    pub fn each_row(&self, number: u32) -> &EachRow {
        &self.rows[number as usize]
    }

    /// Adds the code of the next goal: its rules, and the places of its arguments in their heads.
    pub fn add_goal(&mut self, decider: &Decider, rules: &[GoalRule], places: &[usize]) {
        let codes: Vec<Code> = rules.iter().map(|rule| self.rule(decider, rule, places)).collect();
        self.goals.push(append(&mut self.codes, codes));
    }

    /// Adds the code of a query.
    pub fn add_query(&mut self, decider: &Decider, plan: &Plan) -> PreparedQuery {
        let slots = Slots { numbers: (0..plan.slots as u32).map(Some).collect(), used: plan.slots as u32 };
        let mut lowering = Lowering { decider, library: self, slots, ops: Vec::new() };
        plan.steps.iter().for_each(|step| lowering.step(step));
        let ops = lowering.ops;
        PreparedQuery { ops: append(&mut self.ops, ops), slots: plan.slots as u32 }
    }

    fn rule(&mut self, decider: &Decider, rule: &GoalRule, places: &[usize]) -> Code {
        let slots = Slots { numbers: vec![None; rule.plan.slots], used: places.len() as u32 };
        let mut lowering = Lowering { decider, library: self, slots, ops: Vec::new() };
        rule.matches.iter().for_each(|item| lowering.head(item, places));
        rule.plan.steps.iter().for_each(|step| lowering.step(step));
        let ceilings: Vec<LevelOf> = rule.ceilings.iter().map(|ceiling| lowering.ceiling(ceiling)).collect();
        let (ops, slots) = (lowering.ops, lowering.slots.used);
        let (ops, ceilings) = (append(&mut self.ops, ops), append(&mut self.ceilings, ceilings));
        Code { rule: rule.rule, ops, slots, ceilings }
    }
}

fn append<T>(all: &mut Vec<T>, new: Vec<T>) -> Part {
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
    slots: Slots,
    ops: Vec<Op>,
}

impl Lowering<'_, '_> {
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
        append(&mut self.library.inputs, inputs)
    }

    /// What an argument must be for the head of a rule; its slot is its place among the arguments.
    fn head(&mut self, item: &Match, places: &[usize]) {
        let number = |argument: usize| places.iter().position(|place| *place == argument).unwrap_or_default() as u32;
        match *item {
            Match::Bind { argument, slot, entity } => {
                let number = number(argument);
                self.slots.numbers[slot] = Some(number);
                self.ops.extend(entity.map(|entity| Op::IsOf { slot: number, entity }));
            }
            Match::Equal { argument, operand } => {
                let (left, right) = (Input::Slot(number(argument)), self.input(operand));
                self.ops.push(Op::Compare { left, operator: Operator::Equal, right, integers: false });
            }
        }
    }

    fn step(&mut self, step: &Step) {
        let op = match step {
            Step::Check { lookup, negated } => self.check(lookup, *negated),
            Step::Compare { left, operator, right, ty } => {
                let (left, right) = (self.input(*left), self.input(*right));
                Op::Compare { left, operator: *operator, right, integers: *ty == Type::Int }
            }
            Step::Bind { slot, from, entity } => {
                let (from, slot) = (self.input(*from), self.slot(*slot));
                self.ops.push(Op::Bind { slot, from });
                self.ops.extend(entity.map(|entity| Op::IsOf { slot, entity }));
                return;
            }
            Step::Goal { relation, arguments, negated } => {
                Op::Goal { ask: self.ask(*relation, arguments), negated: *negated }
            }
            Step::Find { lookup, outputs, tests } => self.find(lookup, outputs, tests),
        };
        self.ops.push(op);
    }

    fn check(&mut self, lookup: &Lookup, negated: bool) -> Op {
        match (source(lookup), &lookup.key[..]) {
            (Source::Index(index), [key]) => Op::Has { index, key: self.input(*key), negated },
            (source, keys) => Op::HasRow { source, keys: self.inputs(keys.iter().copied()), negated },
        }
    }

    fn find(&mut self, lookup: &Lookup, outputs: &[Output], tests: &[(usize, Operand)]) -> Op {
        match (source(lookup), &lookup.key[..], outputs, tests) {
            (Source::Index(index), [key], [output], []) if output.entity.is_none() => {
                let (key, slot) = (self.input(*key), self.slot(output.slot));
                Op::Each { index, key, place: output.place as u32, slot }
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
                Op::EachRow(self.library.rows.len() as u32 - 1)
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
        let known = |action| decider.goal(relation, action).map_or(GoalNumber::Never, GoalNumber::Known);
        let goal = match decider.action_place(relation).map(|place| arguments[place]) {
            Some(Operand::Slot(slot)) => GoalNumber::ByAction(relation, self.slot(slot)),
            Some(Operand::Value(action)) => known(Some(action)),
            None => known(None),
        };
        let places = decider.argument_places(relation);
        Ask {
            goal,
            arguments: self.inputs(places.iter().map(|place| arguments[*place])),
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
