//! The finished model: all facts, loaded and derived, and the indexes over them.

use std::ops::Deref;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::compiler::program::{Program, RelationId, Type};
use crate::data::{Column, Database, Index, Layout, Table, Value};
use crate::engine::Reachability;

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
    /// By relation and column: how its values are found without an index.
    columns: Vec<Vec<Column>>,
    /// By relation: its pairs, where they are kept as reachability; its table then holds the facts alone.
    reachabilities: Vec<Option<Reachability>>,
    /// By relation: columns with the number of their distinct values, where that was asked.
    distinct: Vec<Vec<(usize, usize)>>,
}

impl<'p> Model<'p> {
    /// A model of the facts alone.
    pub fn new(program: &'p Program, database: Database) -> Model<'p> {
        let relations = program.relations.len();
        let columns = program.relations.iter().map(|relation| columns(relation.arity())).collect();
        Model {
            program,
            database,
            layouts: Vec::new(),
            indexes: Vec::new(),
            numbers: vec![Vec::new(); relations],
            columns,
            reachabilities: (0..relations).map(|_| None).collect(),
            distinct: vec![Vec::new(); relations],
        }
    }

    /// The pairs of a relation that is kept as reachability.
    #[inline]
    pub fn reachability(&self, relation: RelationId) -> Option<&Reachability> {
        self.reachabilities[relation.index()].as_ref()
    }

    /// How many rows a relation has, repeated facts included.
    pub fn len(&self, relation: RelationId) -> usize {
        self.reachability(relation).map_or_else(|| self.database.table(relation).len(), Reachability::len)
    }

    /// Every row of a relation, in no order that means anything; repeated facts as often as they were given.
    pub fn rows(&self, relation: RelationId) -> impl Iterator<Item = Row<'_>> {
        let reachability = self.reachability(relation);
        let stored = reachability.is_none().then(|| self.database.table(relation).rows());
        let pairs = reachability.map(Reachability::pairs);
        stored.into_iter().flatten().map(Row::Stored).chain(pairs.into_iter().flatten().map(Row::Pair))
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

    /// Whether an index is built.
    pub fn is_built(&self, number: usize) -> bool {
        self.indexes[number].get().is_some()
    }

    /// What an index would find for a key, without building it: the rows side by side. Costs a pass over the relation,
    /// unless that is asked often.
    pub fn scan(&self, number: usize, key: &[Value]) -> Vec<Value> {
        let (relation, layout) = &self.layouts[number];
        match layout.lead(key) {
            Some((column, value)) => layout.scan(self.rows_with(*relation, column, value), key),
            None => layout.scan(self.database.table(*relation).rows(), key),
        }
    }

    /// Whether an index would find a row for a key. Costs as much as [`Model::scan`].
    pub fn is_there(&self, number: usize, key: &[Value]) -> bool {
        let (relation, layout) = &self.layouts[number];
        match layout.lead(key) {
            Some((column, value)) => layout.is_in(self.rows_with(*relation, column, value), key),
            None => layout.is_in(self.database.table(*relation).rows(), key),
        }
    }

    /// The rows of a relation's table with a value in a column, in the order of the table. Costs a pass over the relation,
    /// unless that is asked often.
    pub fn rows_with(&self, relation: RelationId, column: usize, value: Value) -> impl Iterator<Item = &[Value]> {
        let table = self.database.table(relation);
        self.columns[relation.index()][column].find(table, column, value).map(|row| table.row(row))
    }

    /// The number of the first loaded or stated row with these values. Costs as much as [`Model::rows_with`].
    pub fn given(&self, relation: RelationId, values: &[Value]) -> Option<u32> {
        let table = self.database.table(relation);
        let given = self.database.given_len(relation);
        let column = (0..values.len()).max_by_key(|column| self.likely_distinct(relation, *column));
        let Some(column) = column.filter(|_| given > 0) else { return self.database.given(relation, values) };
        let mut rows = self.columns[relation.index()][column].find(table, column, values[column]);
        rows.find(|row| table.row(*row) == values).filter(|row| *row < given)
    }

    /// About how many values a column has: no more than there are things of its entity, or members of its enum.
    pub fn likely_distinct(&self, relation: RelationId, column: usize) -> usize {
        let possible = match self.program.relation(relation).fields[column].ty {
            Type::Entity(entity) => self.database.symbols.count(entity),
            Type::Enum(members) => self.program.enums[members.index()].members.len(),
            Type::Action => self.program.actions.len(),
            Type::Int | Type::Text | Type::Resource => usize::MAX,
        };
        possible.min(self.len(relation))
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
        if let Some(reachability) = self.reachability(relation) {
            return reachability.distinct(column);
        }
        let known = &mut self.distinct[relation.index()];
        if let Some((_, distinct)) = known.iter().find(|(other, _)| *other == column) {
            return *distinct;
        }
        let distinct = distinct_values(self.database.table(relation), column);
        known.push((column, distinct));
        distinct
    }

    /// Replaces the rows of a relation, and forgets what was known of the old ones.
    pub(super) fn replace(&mut self, relation: RelationId, rows: Table) {
        for number in &self.numbers[relation.index()] {
            self.indexes[*number] = OnceLock::new();
        }
        self.distinct[relation.index()].clear();
        self.columns[relation.index()] = columns(rows.width());
        *self.database.table_mut(relation) = rows;
    }

    /// Takes the pairs of a relation that is to be kept as reachability.
    pub(super) fn reach(&mut self, relation: RelationId, pairs: Reachability) {
        self.reachabilities[relation.index()] = Some(pairs);
    }
}

fn columns(count: usize) -> Vec<Column> {
    (0..count).map(|_| Column::default()).collect()
}

/// Counts with a bit for each value: they are numbered without large gaps.
fn distinct_values(table: &Table, column: usize) -> usize {
    let mut bits: Vec<u64> = Vec::new();
    for row in table.rows() {
        let value = row[column].index();
        if bits.len() <= value / 64 {
            bits.resize(value / 64 + 1, 0);
        }
        bits[value / 64] |= 1 << (value % 64);
    }
    bits.iter().map(|word| word.count_ones() as usize).sum()
}

/// A row of a relation, however that is kept.
#[derive(Clone, Copy, Debug)]
pub enum Row<'m> {
    /// Of a table.
    Stored(&'m [Value]),
    /// Of a reachability.
    Pair([Value; 2]),
}

impl Deref for Row<'_> {
    type Target = [Value];

    #[inline]
    fn deref(&self) -> &[Value] {
        match self {
            Row::Stored(row) => row,
            Row::Pair(pair) => pair,
        }
    }
}
