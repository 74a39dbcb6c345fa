//! Plans in the form in which they run: small operations side by side, in which a slot is found by its number
//! alone. The arguments of a question take the first slots.

use smallvec::SmallVec;

use crate::compiler::program::{EntityId, Operator, RelationId, RuleId, Type};
use crate::decision::prepare::{Ceiling, Decider, GoalRule, Match};
use crate::engine::Reaching;
use crate::engine::plan::{Access, Lookup, Operand, Plan, Step};

/// One operation: it holds or not for the values of the slots, or, if it begins with `Each`, goes through rows.
#[derive(Debug)]
pub enum Op {
    /// An index has the key, or, `negated`, has it not.
    Has { index: u32, key: Operand, negated: bool },
    /// The same, of a key of several columns.
    HasRow { source: Source, keys: Box<[Operand]>, negated: bool },
    /// The values compare so.
    Compare { left: Operand, operator: Operator, right: Operand, integers: bool },
    /// A slot takes a value.
    Bind { slot: u32, from: Operand },
    /// A slot holds a thing of that entity.
    IsOf { slot: u32, entity: EntityId },
    /// A decision holds, or, `negated`, does not.
    Goal(Box<Ask>),
    /// A slot takes a column of each row that an index finds.
    Each { index: u32, key: Operand, place: u32, slot: u32 },
    /// Slots take columns of each row that fits.
    EachRow(Box<EachRow>),
}

/// Where rows come from.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    /// An index.
    Index(usize),
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
    pub keys: Box<[Operand]>,
    /// Place and slot.
    pub outputs: Box<[(usize, usize)]>,
    /// Entities that slots must be of.
    pub entities: Box<[(usize, EntityId)]>,
    /// Place and value.
    pub tests: Box<[(usize, Operand)]>,
}

/// A question about a decision.
#[derive(Debug)]
pub struct Ask {
    pub goal: GoalNumber,
    /// Without the action and the level.
    pub arguments: Box<[Operand]>,
    /// The level that is asked for, where the decision has one.
    pub level: Option<Operand>,
    pub negated: bool,
}

/// Which goal is asked.
#[derive(Clone, Copy, Debug)]
pub enum GoalNumber {
    /// This one.
    Known(u32),
    /// That of the decision for the action which the operand holds.
    ByAction(RelationId, Operand),
    /// None: it never holds.
    Never,
}

/// A rule ready to be asked.
#[derive(Debug)]
pub struct Code {
    /// Which.
    pub rule: RuleId,
    /// What must hold.
    pub ops: Box<[Op]>,
    /// How many slots there are.
    pub slots: usize,
    /// What the level can't be above: values, and levels of decisions.
    pub ceilings: Box<[LevelOf]>,
}

/// A level.
#[derive(Debug)]
pub enum LevelOf {
    /// A value.
    Value(Operand),
    /// The highest of a decision.
    Decision(Ask),
}

/// A query ready to be asked: its slots are its variables.
#[derive(Debug)]
pub struct PreparedQuery {
    pub(super) ops: Box<[Op]>,
    pub(super) slots: usize,
}

/// The code of a rule, whose question has the arguments at these places of its head.
pub fn of_rule(decider: &Decider, rule: &GoalRule, places: &[usize]) -> Code {
    let mut slots = Slots { numbers: vec![None; rule.plan.slots], used: places.len() };
    let mut ops = Vec::new();
    let number = |argument: usize| places.iter().position(|place| *place == argument).unwrap_or_default();
    for item in &rule.matches {
        match *item {
            Match::Bind { argument, slot, entity } => {
                slots.numbers[slot] = Some(number(argument));
                ops.extend(entity.map(|entity| Op::IsOf { slot: number(argument) as u32, entity }));
            }
            Match::Equal { argument, operand } => {
                let (left, right) = (Operand::Slot(number(argument)), slots.operand(operand));
                ops.push(Op::Compare { left, operator: Operator::Equal, right, integers: false });
            }
        }
    }
    ops.extend(rule.plan.steps.iter().flat_map(|step| lower(decider, &mut slots, step)));
    let ceilings = rule.ceilings.iter().map(|ceiling| match ceiling {
        Ceiling::Value(operand) => LevelOf::Value(slots.operand(*operand)),
        Ceiling::Highest { relation, arguments } => {
            LevelOf::Decision(ask(decider, &mut slots, *relation, arguments, false))
        }
    });
    let ceilings = ceilings.collect();
    Code { rule: rule.rule, ops: ops.into(), slots: slots.used, ceilings }
}

/// The code of a query.
pub fn of_query(decider: &Decider, plan: &Plan) -> PreparedQuery {
    let mut slots = Slots { numbers: (0..plan.slots).map(Some).collect(), used: plan.slots };
    let ops = plan.steps.iter().flat_map(|step| lower(decider, &mut slots, step)).collect();
    PreparedQuery { ops, slots: plan.slots }
}

/// The slots of the code by the slots of the plan.
struct Slots {
    numbers: Vec<Option<usize>>,
    used: usize,
}

impl Slots {
    fn slot(&mut self, slot: usize) -> usize {
        *self.numbers[slot].get_or_insert_with(|| {
            self.used += 1;
            self.used - 1
        })
    }

    fn operand(&mut self, operand: Operand) -> Operand {
        match operand {
            Operand::Slot(slot) => Operand::Slot(self.slot(slot)),
            Operand::Value(value) => Operand::Value(value),
        }
    }

    fn operands(&mut self, operands: &[Operand]) -> Box<[Operand]> {
        operands.iter().map(|operand| self.operand(*operand)).collect()
    }
}

/// The operations of a step.
fn lower(decider: &Decider, slots: &mut Slots, step: &Step) -> SmallVec<[Op; 2]> {
    let op = match step {
        Step::Check { lookup, negated } => match (source(lookup), &lookup.key[..]) {
            (Source::Index(index), [key]) => {
                Op::Has { index: index as u32, key: slots.operand(*key), negated: *negated }
            }
            (source, keys) => Op::HasRow { source, keys: slots.operands(keys), negated: *negated },
        },
        Step::Compare { left, operator, right, ty } => {
            let (left, right) = (slots.operand(*left), slots.operand(*right));
            Op::Compare { left, operator: *operator, right, integers: *ty == Type::Int }
        }
        Step::Bind { slot, from, entity } => {
            let (from, slot) = (slots.operand(*from), slots.slot(*slot) as u32);
            let is_of = entity.map(|entity| Op::IsOf { slot, entity });
            return [Op::Bind { slot, from }].into_iter().chain(is_of).collect();
        }
        Step::Goal { relation, arguments, negated } => {
            Op::Goal(Box::new(ask(decider, slots, *relation, arguments, *negated)))
        }
        Step::Find { lookup, outputs, tests } => match (source(lookup), &lookup.key[..], &outputs[..], &tests[..]) {
            (Source::Index(index), [key], [output], []) if output.entity.is_none() => {
                let (key, slot) = (slots.operand(*key), slots.slot(output.slot) as u32);
                Op::Each { index: index as u32, key, place: output.place as u32, slot }
            }
            (source, keys, outputs, tests) => Op::EachRow(Box::new(EachRow {
                source,
                keys: slots.operands(keys),
                outputs: outputs.iter().map(|output| (output.place, slots.slot(output.slot))).collect(),
                entities: outputs.iter().filter_map(|output| Some((slots.slot(output.slot), output.entity?))).collect(),
                tests: tests.iter().map(|(place, operand)| (*place, slots.operand(*operand))).collect(),
            })),
        },
    };
    smallvec::smallvec![op]
}

fn source(lookup: &Lookup) -> Source {
    match lookup.access {
        Access::Sorted(index) => Source::Index(index),
        Access::Scan => Source::Table(lookup.relation),
        Access::Reaching(reaching) => Source::Pairs(lookup.relation, reaching),
        // Nothing grows in a finished model.
        Access::Growing(_) | Access::GrowingScan | Access::Delta => Source::Nothing,
    }
}

fn ask(decider: &Decider, slots: &mut Slots, relation: RelationId, arguments: &[Operand], negated: bool) -> Ask {
    let goal = match decider.action_place(relation).map(|place| arguments[place]) {
        Some(Operand::Slot(slot)) => GoalNumber::ByAction(relation, slots.operand(Operand::Slot(slot))),
        Some(Operand::Value(action)) => number(decider, relation, Some(action)),
        None => number(decider, relation, None),
    };
    let places = decider.argument_places(relation);
    Ask {
        goal,
        arguments: places.iter().map(|place| slots.operand(arguments[*place])).collect(),
        level: decider.level_place(relation).map(|place| slots.operand(arguments[place])),
        negated,
    }
}

fn number(decider: &Decider, relation: RelationId, action: Option<crate::data::Value>) -> GoalNumber {
    decider.goal(relation, action).map_or(GoalNumber::Never, GoalNumber::Known)
}
