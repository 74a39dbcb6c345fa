//! The finished model: all facts, loaded and derived, and the indexes over them.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rustc_hash::FxHashMap;

use crate::compiler::program::{Program, RelationId};
use crate::data::{Database, Index, Layout, Table, Value};

/// Everything that is known, to be asked.
#[derive(Debug)]
pub struct Model<'p> {
    /// The program it follows.
    pub program: &'p Program,
    /// The facts.
    pub database: Database,
    /// What each index holds, and of which relation.
    layouts: Vec<(RelationId, Layout)>,
    /// The indexes. Each is built when it is first asked, or before by [`Model::build_indexes`].
    indexes: Vec<OnceLock<Index>>,
    /// By relation: the numbers of its indexes.
    numbers: Vec<Vec<usize>>,
    /// By relation and column: how many distinct values there are, where that was asked.
    distinct: FxHashMap<(RelationId, usize), usize>,
}

impl<'p> Model<'p> {
    /// A model of the facts alone.
    pub fn new(program: &'p Program, database: Database) -> Model<'p> {
        let numbers = vec![Vec::new(); program.relations.len()];
        let (layouts, indexes) = (Vec::new(), Vec::new());
        Model { program, database, layouts, indexes, numbers, distinct: FxHashMap::default() }
    }

    /// The number of an index of the rows with the values of `filter`, by `keys`, that holds the columns `others`.
    ///
    /// Of several keys, the one with the most values leads. Costs a count of their values.
    pub fn index_for(
        &mut self,
        relation: RelationId,
        filter: Vec<(usize, Value)>,
        keys: &[usize],
        others: &[usize],
    ) -> usize {
        let exact = |layout: &Layout| match (keys, others) {
            // Whether something is there takes a bit for each value, where its rows would take many.
            ([_], []) => layout.rest.is_empty(),
            _ => true,
        };
        let numbers = &self.numbers[relation.index()];
        let known = numbers.iter().copied().find(|number| {
            let (_, layout) = &self.layouts[*number];
            layout.serves(&filter, keys, others) && exact(layout)
        });
        known.unwrap_or_else(|| {
            let mut order = keys.to_vec();
            order.sort_by_cached_key(|column| std::cmp::Reverse(self.distinct(relation, *column)));
            let mut order = order.into_iter();
            let first = order.next();
            let layout = Layout { filter, first, rest: order.chain(others.iter().copied()).collect() };
            self.layouts.push((relation, layout));
            self.indexes.push(OnceLock::new());
            self.numbers[relation.index()].push(self.indexes.len() - 1);
            self.indexes.len() - 1
        })
    }

    /// What an index holds.
    pub fn layout(&self, number: usize) -> &Layout {
        &self.layouts[number].1
    }

    /// An index by its number.
    #[inline]
    pub fn index_at(&self, number: usize) -> &Index {
        self.indexes[number].get_or_init(|| {
            let (relation, layout) = &self.layouts[number];
            Index::build(self.database.table(*relation), layout)
        })
    }

    /// Builds all indexes that plans use, on that many threads.
    pub fn build_indexes(&self, threads: usize) {
        let mut open: Vec<usize> = (0..self.indexes.len()).collect();
        // The largest first, so that no thread is left with one at the end.
        open.sort_by_key(|number| std::cmp::Reverse(self.database.table(self.layouts[*number].0).len()));
        let next = AtomicUsize::new(0);
        let build = || {
            while let Some(number) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
                self.index_at(*number);
            }
        };
        thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(build);
            }
            build();
        });
    }

    /// How many distinct values a column has, for the planner. Counted once, in a pass over the rows.
    pub(super) fn distinct(&mut self, relation: RelationId, column: usize) -> usize {
        let table = self.database.table(relation);
        *self.distinct.entry((relation, column)).or_insert_with(|| distinct_values(table, column))
    }

    /// Replaces the rows of a relation, and forgets what was known of the old ones.
    pub(super) fn replace(&mut self, relation: RelationId, rows: Table) {
        for number in &self.numbers[relation.index()] {
            self.indexes[*number] = OnceLock::new();
        }
        self.distinct.retain(|(other, _), _| *other != relation);
        *self.database.table_mut(relation) = rows;
    }
}

/// How many distinct values stand in a column.
fn distinct_values(table: &Table, column: usize) -> usize {
    let values = || table.rows().map(|row| row[column].index());
    let mut seen = vec![0u64; values().max().map_or(0, |highest| highest / 64 + 1)];
    for value in values() {
        seen[value / 64] |= 1 << (value % 64);
    }
    seen.iter().map(|word| word.count_ones() as usize).sum()
}
