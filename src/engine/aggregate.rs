//! Folding groups: the highest, the lowest, or how many distinct, for one aggregated relation.

use crate::compiler::program::{Aggregate, AggregateFunction, Type};
use crate::data::{Symbols, Table, Value};
use crate::engine::pair_set::PairSet;

/// The groups of an aggregated relation, in the order they were first seen. Each costs its row, and 16 to 32 bytes for
/// each of its columns after the first; what is counted costs as much as a [`PairSet`] does.
pub struct Groups {
    aggregate: Aggregate,
    ty: Type,
    /// A row of the relation for each group, with what is folded so far; of what is counted, the number itself.
    rows: Table,
    /// The places that make a group: all but that of the aggregate.
    columns: Vec<usize>,
    /// Numbers the values of the first two columns, then those numbers with the values of the third, and so on until
    /// one column is left.
    leading: Vec<PairMap>,
    finding: Finding,
    /// By their numbering: the values that were counted, each with the number of its group.
    counted: Vec<(Type, PairSet)>,
}

/// How a group is found by its two numbers.
enum Finding {
    /// The first numbers only went up.
    Ascending(Ascending),
    /// They came in any order.
    Any(PairMap),
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
            finding: Finding::Ascending(Ascending::default()),
            counted: Vec::new(),
        }
    }

    /// Adds a row that a rule derived: the group, and at the place of the aggregate the value to fold, which is of
    /// the type that the rule gives it. Rules may count values of different types, and a value alone does not tell.
    ///
    /// Costs a place in memory for each column of the group after the first, mostly near that of the row before where
    /// the last columns of both have values near each other; and one for what is counted. Least where rows come in
    /// the order of the first column: then a group of two columns is found by the last alone.
    #[inline]
    pub fn add(&mut self, symbols: &Symbols, row: &[Value], folded: Type) {
        let place = self.aggregate.place;
        let number = self.number(row);
        if number as usize == self.rows.len() {
            self.rows.push(row);
            if self.aggregate.function == AggregateFunction::Count {
                self.rows.set(number, place, Value(0));
            }
        }
        let (value, fold) = (row[place], self.rows.value(number, place));
        let fold = match self.aggregate.function {
            AggregateFunction::Count => {
                let is_new = values_counted(&mut self.counted, folded).insert(value, Value(number));
                Value(fold.0 + u32::from(is_new))
            }
            AggregateFunction::Max if compare(symbols, self.ty, value, fold).is_gt() => value,
            AggregateFunction::Min if compare(symbols, self.ty, value, fold).is_lt() => value,
            AggregateFunction::Max | AggregateFunction::Min => return,
        };
        self.rows.set(number, place, fold);
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// A row for each group.
    pub fn finish(self, symbols: &mut Symbols) -> Table {
        let (mut rows, place) = (self.rows, self.aggregate.place);
        if self.aggregate.function == AggregateFunction::Count {
            for number in 0..rows.len() as u32 {
                let count = symbols.intern_integer(i64::from(rows.value(number, place).0));
                rows.set(number, place, count);
            }
        }
        rows.shrink();
        rows
    }

    /// The number of the row's group; the next number, if it is new.
    #[inline]
    fn number(&mut self, row: &[Value]) -> u32 {
        let (first, last) = self.pair(row);
        let next = self.rows.len() as u32;
        if let Finding::Ascending(ascending) = &mut self.finding {
            if let Some(number) = ascending.number(first, last, next) {
                return number;
            }
            self.find_in_any_order();
        }
        match &mut self.finding {
            Finding::Any(pairs) => pairs.number(first, last),
            // It was just changed.
            Finding::Ascending(_) => next,
        }
    }

    #[cold]
    fn find_in_any_order(&mut self) {
        let mut pairs = PairMap::new();
        for number in 0..self.rows.len() as u32 {
            let row: Vec<Value> = self.rows.row(number).to_vec();
            let (first, last) = self.pair(&row);
            pairs.number(first, last);
        }
        self.finding = Finding::Any(pairs);
    }

    /// The row's group as two numbers.
    #[inline]
    fn pair(&mut self, row: &[Value]) -> (u32, u32) {
        match self.columns[..] {
            [] => (0, 0),
            [only] => (0, row[only].0),
            [first, last] => (row[first].0, row[last].0),
            [first, ref middle @ .., last] => {
                let number = |first, (column, pairs): (&usize, &mut PairMap)| pairs.number(first, row[*column].0);
                (middle.iter().zip(&mut self.leading).fold(row[first].0, number), row[last].0)
            }
        }
    }
}

#[inline]
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

/// Finds pairs of numbers of which the first only go up: those with the first of now are the newest, so that the newest
/// with the same last number is the one, or there is none.
#[derive(Default)]
struct Ascending {
    first: u32,
    /// The number of the first pair with the first of now.
    begin: u32,
    /// By last number: the newest pair, and 1.
    newest: Vec<u32>,
}

/// Last numbers go up to this, and this for each pair; a place for each of larger ones would be too much.
const NEAR: usize = 1 << 16;
const NEAR_FOR_EACH_PAIR: usize = 16;

impl Ascending {
    /// The number of a pair, which is `next` if it is new; nothing where it can't be found in this way.
    #[inline]
    fn number(&mut self, first: u32, last: u32, next: u32) -> Option<u32> {
        if first != self.first {
            if first < self.first {
                return None;
            }
            (self.first, self.begin) = (first, next);
        }
        let place = last as usize;
        if place >= self.newest.len() {
            if place > NEAR + next as usize * NEAR_FOR_EACH_PAIR {
                return None;
            }
            self.newest.resize(place + 1, 0);
        }
        let newest = &mut self.newest[place];
        if *newest <= self.begin {
            *newest = next + 1;
        }
        Some(*newest - 1)
    }
}

/// Pairs of numbers, themselves numbered in the order they came. Costs 16 to 32 bytes a pair.
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
}

/// A slot without a pair has this number.
const FREE: u32 = u32::MAX;

/// The binary logarithm of the slots of a block: neighbours among the last numbers begin in one.
const BLOCK_BITS: u32 = 3;

/// The binary logarithm of the blocks to begin with.
const FIRST_BITS: u32 = 3;

const EMPTY: Slot = Slot { first: 0, last: 0, number: FREE };

impl PairMap {
    fn new() -> PairMap {
        PairMap { slots: vec![EMPTY; 1 << (FIRST_BITS + BLOCK_BITS)], shift: u64::BITS - FIRST_BITS, len: 0 }
    }

    /// The number of a pair, which is the next if it is new.
    #[inline]
    fn number(&mut self, first: u32, last: u32) -> u32 {
        if self.len as usize * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let slot = find(&mut self.slots, self.shift, first, last);
        if slot.number == FREE {
            *slot = Slot { first, last, number: self.len };
            self.len += 1;
        }
        slot.number
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The groups of rows that are added in this order, sorted.
    fn folded(function: AggregateFunction, rows: &[[u32; 3]]) -> Vec<Vec<Value>> {
        let mut symbols = Symbols::default();
        let mut groups = Groups::new(Aggregate { function, place: 2 }, Type::Action, 3);
        for row in rows {
            groups.add(&symbols, &row.map(Value), Type::Action);
        }
        let table = groups.finish(&mut symbols);
        table.sorted_rows().into_iter().map(<[Value]>::to_vec).collect()
    }

    #[test]
    fn groups_are_the_same_in_whatever_order_their_rows_come() {
        // Many rows fall into each group, and the last column of some lies far from that of the others.
        let far = |number: u32| if number.is_multiple_of(7) { 1_000_000 } else { 0 };
        let rows: Vec<[u32; 3]> =
            (0..600).map(|number| [number / 40, number % 5 + far(number), number * 37 % 11]).collect();
        let near: Vec<[u32; 3]> = rows.iter().copied().filter(|row| row[1] < 5).collect();
        for rows in [rows, near] {
            let backward: Vec<[u32; 3]> = rows.iter().rev().copied().collect();
            let twice = [&rows[..], &rows[..]].concat();
            let highest = folded(AggregateFunction::Max, &rows);
            for (first, last) in rows.iter().map(|row| (row[0], row[1])) {
                let folds = rows.iter().filter(|row| (row[0], row[1]) == (first, last)).map(|row| row[2]);
                assert!(highest.contains(&vec![Value(first), Value(last), Value(folds.max().unwrap_or(0))]));
            }
            for function in [AggregateFunction::Max, AggregateFunction::Min, AggregateFunction::Count] {
                let ascending = folded(function, &rows);
                assert_eq!(ascending.len(), highest.len());
                assert!(ascending.windows(2).all(|pair| pair[0][..2] != pair[1][..2]));
                assert_eq!(folded(function, &twice), ascending, "{function:?}");
                // Counts are integers, which are numbered as they come.
                if function != AggregateFunction::Count {
                    assert_eq!(folded(function, &backward), ascending, "{function:?}");
                }
            }
        }
    }
}
