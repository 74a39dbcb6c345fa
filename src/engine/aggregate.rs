//! Folding groups: the highest, the lowest, or how many distinct, for one aggregated relation.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::compiler::program::{Aggregate, AggregateFunction, Type};
use crate::data::{Symbols, Table, Value};

/// The groups of an aggregated relation, in the order they were first seen.
pub struct Groups {
    aggregate: Aggregate,
    ty: Type,
    /// A row of the relation for each group; the place of the aggregate holds the fold so far.
    rows: Table,
    numbers: HashTable<u32>,
    folded: Vec<Value>,
    counted: FxHashSet<(u32, Type, Value)>,
    counts: Vec<i64>,
}

impl Groups {
    /// No groups of a relation with that many places; `ty` is the type of the place of the aggregate.
    pub fn new(aggregate: Aggregate, ty: Type, arity: usize) -> Groups {
        Groups {
            aggregate,
            ty,
            rows: Table::new(arity),
            numbers: HashTable::new(),
            folded: Vec::new(),
            counted: FxHashSet::default(),
            counts: Vec::new(),
        }
    }

    /// Adds a row that a rule derived: the group, and at the place of the aggregate the value to fold, which is of
    /// the type that the rule gives it. Rules may count values of different types, and a value alone does not tell.
    pub fn add(&mut self, symbols: &Symbols, row: &[Value], folded: Type) {
        let group = self.group(row);
        let value = row[self.aggregate.place];
        let place = group as usize;
        match self.aggregate.function {
            AggregateFunction::Count => {
                if self.counted.insert((group, numbering(folded), value)) {
                    self.counts[place] += 1;
                }
            }
            AggregateFunction::Max => {
                if self.compare(symbols, value, self.folded[place]).is_gt() {
                    self.folded[place] = value;
                }
            }
            AggregateFunction::Min => {
                if self.compare(symbols, value, self.folded[place]).is_lt() {
                    self.folded[place] = value;
                }
            }
        }
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.folded.len()
    }

    /// A row for each group.
    pub fn finish(self, symbols: &mut Symbols) -> Table {
        let mut table = Table::new(self.rows.width());
        for (number, group) in self.rows.rows().enumerate() {
            let mut row = group.to_vec();
            row[self.aggregate.place] = match self.aggregate.function {
                AggregateFunction::Count => symbols.intern_integer(self.counts[number]),
                AggregateFunction::Max | AggregateFunction::Min => self.folded[number],
            };
            table.push(&row);
        }
        table
    }

    /// The number of the row's group, new or known.
    fn group(&mut self, row: &[Value]) -> u32 {
        let place = self.aggregate.place;
        let key = |row: &[Value]| FxBuildHasher.hash_one((&row[..place], &row[place + 1..]));
        let same = |a: &[Value], b: &[Value]| a[..place] == b[..place] && a[place + 1..] == b[place + 1..];
        let rows = &self.rows;
        if let Some(number) = self.numbers.find(key(row), |number| same(rows.row(*number), row)) {
            return *number;
        }
        let number = self.folded.len() as u32;
        self.numbers.insert_unique(key(row), number, |number| key(rows.row(*number)));
        self.rows.push(row);
        self.folded.push(row[place]);
        self.counts.push(0);
        number
    }

    fn compare(&self, symbols: &Symbols, a: Value, b: Value) -> std::cmp::Ordering {
        match self.ty {
            Type::Int => symbols.integer(a).cmp(&symbols.integer(b)),
            _ => a.cmp(&b),
        }
    }
}

/// The types that share one numbering of values: texts and things do, whatever their entity.
fn numbering(ty: Type) -> Type {
    match ty {
        Type::Text | Type::Resource | Type::Entity(_) => Type::Resource,
        Type::Int | Type::Action | Type::Enum(_) => ty,
    }
}
