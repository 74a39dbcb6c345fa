//! Folding groups: the highest, the lowest, or how many distinct, for one aggregated relation.

use crate::compiler::program::{Aggregate, AggregateFunction, Type};
use crate::data::{Symbols, Table, Value};
use crate::engine::pair_set::PairSet;

/// The groups of an aggregated relation, in the order they were first seen. Each costs its row, and 21 to 43 bytes for
/// each of its columns after the first; what is counted costs as much as a [`PairSet`] does.
pub struct Groups {
    aggregate: Aggregate,
    ty: Type,
    /// A row of the relation for each group; what is folded has its place in it only in the end.
    rows: Table,
    /// The places that make a group: all but that of the aggregate.
    columns: Vec<usize>,
    /// Numbers the values of the first two columns, then those numbers with the values of the third, and so on until
    /// one column is left.
    leading: Vec<PairMap>,
    folds: PairMap,
    /// By their numbering: the values that were counted, each with the number of its group.
    counted: Vec<(Type, PairSet)>,
}

impl Groups {
    /// No groups of a relation with that many places; `ty` is the type of the place of the aggregate.
    pub fn new(aggregate: Aggregate, ty: Type, arity: usize) -> Groups {
        let columns: Vec<usize> = (0..arity).filter(|column| *column != aggregate.place).collect();
        Groups {
            aggregate,
            ty,
            rows: Table::new(arity),
            leading: columns.iter().skip(2).map(|_| PairMap::new()).collect(),
            columns,
            folds: PairMap::new(),
            counted: Vec::new(),
        }
    }

    /// Adds a row that a rule derived: the group, and at the place of the aggregate the value to fold, which is of
    /// the type that the rule gives it. Rules may count values of different types, and a value alone does not tell.
    ///
    /// Costs a place in memory for each column of the group after the first, mostly near that of the row before where
    /// the last columns of both have values near each other; and one for what is counted.
    #[inline]
    pub fn add(&mut self, symbols: &Symbols, row: &[Value], folded: Type) {
        let value = row[self.aggregate.place];
        let (first, last) = self.pair(row);
        let begin = match self.aggregate.function {
            AggregateFunction::Count => Value(0),
            AggregateFunction::Max | AggregateFunction::Min => value,
        };
        let before = self.folds.len;
        let slot = self.folds.slot(first, last, begin);
        if slot.number == before {
            self.rows.push(row);
        }
        match self.aggregate.function {
            AggregateFunction::Count => {
                let is_new = values_counted(&mut self.counted, folded).insert(value, Value(slot.number));
                slot.fold.0 += u32::from(is_new);
            }
            AggregateFunction::Max if compare(symbols, self.ty, value, slot.fold).is_gt() => slot.fold = value,
            AggregateFunction::Min if compare(symbols, self.ty, value, slot.fold).is_lt() => slot.fold = value,
            AggregateFunction::Max | AggregateFunction::Min => {}
        }
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// A row for each group.
    pub fn finish(self, symbols: &mut Symbols) -> Table {
        let (mut rows, place) = (self.rows, self.aggregate.place);
        for slot in self.folds.slots.iter().filter(|slot| slot.number != FREE) {
            rows.set(slot.number, place, slot.fold);
        }
        if self.aggregate.function == AggregateFunction::Count {
            for number in 0..rows.len() as u32 {
                let count = symbols.intern_integer(i64::from(rows.value(number, place).0));
                rows.set(number, place, count);
            }
        }
        rows.shrink();
        rows
    }

    /// The row's group as two numbers.
    #[inline]
    fn pair(&mut self, row: &[Value]) -> (u32, u32) {
        match self.columns[..] {
            [] => (0, 0),
            [only] => (0, row[only].0),
            [first, last] => (row[first].0, row[last].0),
            [first, ref middle @ .., last] => {
                let number = |first: u32, (column, pairs): (&usize, &mut PairMap)| {
                    pairs.slot(first, row[*column].0, Value::default()).number
                };
                (middle.iter().zip(&mut self.leading).fold(row[first].0, number), row[last].0)
            }
        }
    }
}

fn compare(symbols: &Symbols, ty: Type, a: Value, b: Value) -> std::cmp::Ordering {
    match ty {
        Type::Int if a != b => symbols.integer(a).cmp(&symbols.integer(b)),
        _ => a.cmp(&b),
    }
}

/// The values that were counted and share a numbering with those of a type.
fn values_counted(counted: &mut Vec<(Type, PairSet)>, ty: Type) -> &mut PairSet {
    let ty = numbering(ty);
    let place = counted.iter().position(|(counted, _)| *counted == ty).unwrap_or_else(|| {
        counted.push((ty, PairSet::new()));
        counted.len() - 1
    });
    &mut counted[place].1
}

/// The types that share one numbering of values: texts and things do, whatever their entity.
fn numbering(ty: Type) -> Type {
    match ty {
        Type::Text | Type::Resource | Type::Entity(_) => Type::Resource,
        Type::Int | Type::Action | Type::Enum(_) => ty,
    }
}

/// Pairs of numbers, themselves numbered in the order they came, each with a fold. Costs 21 to 43 bytes a pair.
struct PairMap {
    slots: Vec<Slot>,
    /// How far a hash is shifted to number a block of slots.
    shift: u32,
    len: u32,
}

#[derive(Clone, Copy)]
struct Slot {
    first: u32,
    last: u32,
    /// Of the pair.
    number: u32,
    fold: Value,
}

/// A slot without a pair has this number.
const FREE: u32 = u32::MAX;

/// The binary logarithm of the slots of a block: neighbours among the last numbers begin in one.
const BLOCK_BITS: u32 = 3;

/// The binary logarithm of the blocks to begin with.
const FIRST_BITS: u32 = 3;

impl PairMap {
    fn new() -> PairMap {
        PairMap { slots: vec![EMPTY; 1 << (FIRST_BITS + BLOCK_BITS)], shift: u64::BITS - FIRST_BITS, len: 0 }
    }

    /// The slot of a pair, which gets the next number and begins with that fold if it is new.
    #[inline]
    fn slot(&mut self, first: u32, last: u32, begin: Value) -> &mut Slot {
        if self.len as usize * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let slot = find(&mut self.slots, self.shift, first, last);
        if slot.number == FREE {
            *slot = Slot { first, last, number: self.len, fold: begin };
            self.len += 1;
        }
        slot
    }

    /// Doubles the slots. Blocks stay in the order of their hashes, so this goes through memory from front to end.
    #[cold]
    fn grow(&mut self) {
        self.shift -= 1;
        let mut slots = vec![EMPTY; self.slots.len() * 2];
        for old in self.slots.iter().filter(|old| old.number != FREE) {
            *find(&mut slots, self.shift, old.first, old.last) = *old;
        }
        self.slots = slots;
    }
}

const EMPTY: Slot = Slot { first: 0, last: 0, number: FREE, fold: Value(0) };

/// The slot of a pair, or the free one for it. As in a [`PairSet`], but a slot holds one pair, and those of a block
/// follow one another.
#[inline]
fn find(slots: &mut [Slot], shift: u32, first: u32, last: u32) -> &mut Slot {
    // The mask keeps the place in bounds.
    let mask = slots.len() - 1;
    let (block, within) = (last >> BLOCK_BITS, last & ((1 << BLOCK_BITS) - 1));
    let hash = (u64::from(first) << 32 | u64::from(block)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> shift;
    let mut place = ((hash as usize) << BLOCK_BITS | within as usize) & mask;
    while slots[place].number != FREE && (slots[place].first, slots[place].last) != (first, last) {
        place = (place + 1) & mask;
    }
    &mut slots[place]
}
