//! Plans in the form in which they run: small operations side by side, in which a slot is found by its number
//! alone. The arguments of a question take the first slots. All code lies in a few arrays, because requests of all
//! actions come mixed, and what they run through should stay in the nearest caches.

use std::ops::Range;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::compiler::program::{EntityId, Operator, RelationId, RuleId};
use crate::data::Value;
use crate::engine::Reaching;

/// Where an operation takes a value from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// What holds or not for the values of the slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// An index has the key, or, `negated`, has it not.
    Has { index: u32, key: Input, negated: bool },
    /// The same, of a key of several columns or another source.
    HasRow { source: Source, keys: Part, negated: bool },
    /// The values compare so.
    Compare { left: Input, operator: Operator, right: Input, integers: bool },
    /// A slot holds a thing of that entity.
    IsOf { slot: u32, entity: EntityId },
    /// A decision holds, or, `negated`, does not.
    Goal { ask: Ask, negated: bool },
}

/// How slots get values, and what must hold of them then.
#[derive(Clone, Copy, Debug)]
pub struct Op {
    /// Where from.
    pub take: Take,
    /// What must hold.
    pub checks: Part,
}

/// Where slots take values from: one, or one after the other.
#[derive(Clone, Copy, Debug)]
pub enum Take {
    /// A slot takes a value.
    Bind { slot: u32, from: Input },
    /// A slot takes a column of each row that an index finds.
    Each { index: u32, key: Input, place: u32, slot: u32 },
    /// Slots take columns of each row that fits: the number of an [`EachRow`].
    EachRow(u32),
}

/// Some of the inputs or operations of a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Part {
    /// Whether there is none.
    #[inline(always)]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// As a range.
    #[inline(always)]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Some inputs while they become a part.
pub(super) type Inputs = SmallVec<[Input; 4]>;

/// Where rows come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    pub goal: GoalNumber,
    /// Without the action and the level.
    pub arguments: Part,
    /// How many they are, where they are the first slots in order.
    pub leading: Option<u32>,
    /// The level that is asked for, where the decision has one.
    pub level: Option<Input>,
}

/// Which goal is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoalNumber {
    /// This one.
    Known(u32),
    /// This one, where the thing, which is the last argument, is of that entity.
    IfOf(u32, EntityId),
    /// That of the decision for the action which the slot holds.
    ByAction(RelationId, u32),
    /// The same, where the action is done to the thing, which is the last argument.
    ByRequest(RelationId, u32),
    /// None: it never holds.
    Never,
}

/// A rule ready to be asked.
#[derive(Debug)]
pub struct Code {
    /// Which.
    pub rule: RuleId,
    /// What must hold of the arguments alone.
    pub guards: Part,
    /// How many of them, from the first on, are those of the rule before.
    pub shared: u32,
    /// What must hold besides.
    pub ops: Part,
    /// How many slots there are.
    pub slots: u32,
    /// What the level can't be above.
    pub ceilings: Part,
    /// How many levels there are, where the decision asks for one "at least".
    pub levels: u32,
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
    pub(super) checks: Part,
    pub(super) ops: Part,
    pub(super) slots: u32,
}

/// All code.
#[derive(Debug, Default)]
pub struct Library {
    pub(super) goals: Vec<Part>,
    pub(super) codes: Vec<Code>,
    pub(super) checks: Vec<Check>,
    pub(super) ops: Vec<Op>,
    pub(super) inputs: Vec<Input>,
    /// Where inputs stand that are there already.
    pub(super) parts: FxHashMap<Inputs, Part>,
    pub(super) ceilings: Vec<LevelOf>,
    pub(super) rows: Vec<EachRow>,
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

    /// Checks.
    #[inline(always)]
    pub fn checks(&self, part: Part) -> &[Check] {
        &self.checks[part.range()]
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
}
