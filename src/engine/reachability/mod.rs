//! A relation that is the closure of a relation under steps, kept as what each thing reaches instead of pair by pair.
//!
//! `graph` condenses cycles, `forest` numbers the leaves, `intervals` keeps what nodes reach, `numbering` gives
//! values their numbers. The lists by one column (`near`) never hold more intervals than there are pairs. Those by the
//! other column (`far`) are made when they are first wanted.

mod forest;
mod graph;
mod intervals;
mod numbering;

use std::ops::ControlFlow;
use std::sync::OnceLock;

use crate::data::Value;
use intervals::{Hanging, Intervals};
use numbering::Numbering;

/// The pairs of a relation.
///
/// Costs 8 bytes for each interval, step and base pair, and about 30 for each thing; as much again for the lists by
/// the other column, where these are asked.
#[derive(Debug)]
pub struct Reachability {
    /// The column whose things the near lists belong to.
    side: Side,
    /// The things that hold others, and the things that are held.
    holders: Numbering,
    held: Numbering,
    /// From holder to holder: the first holds what the second holds.
    steps: Vec<(u32, u32)>,
    /// What a holder holds without a step.
    base: Vec<(u32, u32)>,
    near: Intervals,
    near_order: Vec<Value>,
    far: OnceLock<Far>,
    pairs: usize,
    distinct: [usize; 2],
}

/// A column of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Of those that reach.
    First,
    /// Of those that are reached.
    Second,
}

/// Which pairs are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaching {
    /// All; there is no key.
    Any,
    /// Those of a thing with itself; there is no key.
    Same,
    /// Those with the value of the key in that column.
    Of(Side),
    /// The one with both values of the key.
    Both,
}

/// The holders of each held thing.
#[derive(Debug)]
struct Far {
    lists: Intervals,
    /// The node of the first held thing in the lists.
    first: u32,
    order: Vec<Value>,
}

impl Reachability {
    /// The closure of `base` under `steps`, which go behind the pairs (`side` is the second column: (x, y) and the step
    /// (y, z) give (x, z)) or before them (the first: the step (x, y) and (y, z) give (x, z)).
    ///
    /// Nothing, where it takes more than `most` intervals. Costs a visit of each step on forests and cycles; else each
    /// step costs as many intervals as it leads to.
    pub fn new(side: Side, steps: &[[Value; 2]], base: &[[Value; 2]], most: u64) -> Option<Reachability> {
        // What is held goes from the ends of the steps to their starts, as the graph of the lists has it.
        let turned = |pair: &[Value; 2]| match side {
            Side::First => (pair[0], pair[1]),
            Side::Second => (pair[1], pair[0]),
        };
        let ends = steps.iter().flatten().copied();
        let holders = Numbering::new(ends.chain(base.iter().map(|pair| turned(pair).0)).collect());
        let held = Numbering::new(base.iter().map(|pair| turned(pair).1).collect());
        let number = |numbering: &Numbering, value| numbering.number(value).unwrap_or_default();
        let steps: Vec<(u32, u32)> =
            steps.iter().map(turned).map(|(from, to)| (number(&holders, from), number(&holders, to))).collect();
        let base: Vec<(u32, u32)> =
            base.iter().map(turned).map(|(holder, thing)| (number(&holders, holder), number(&held, thing))).collect();
        let graph = Hanging { nodes: holders.len(), edges: &steps, leaves: &base, leaf_count: held.len() };
        let near = Intervals::new(&graph, most)?;
        let near_order = near.order().into_iter().map(|leaf| held.value(leaf)).collect();
        let counts = (0..holders.len() as u32).map(|holder| length(near.of(holder)));
        let pairs = counts.clone().sum();
        let holding = counts.filter(|count| *count > 0).count();
        let distinct = match side {
            Side::First => [holding, held.len()],
            Side::Second => [held.len(), holding],
        };
        let far = OnceLock::new();
        Some(Reachability { side, holders, held, steps, base, near, near_order, far, pairs, distinct })
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.pairs
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pairs == 0
    }

    /// How many distinct values a column has.
    pub fn distinct(&self, column: usize) -> usize {
        self.distinct[column]
    }

    /// How many intervals are stored to begin with.
    pub fn intervals(&self) -> usize {
        self.near.len()
    }

    /// Whether it is a pair.
    #[inline]
    pub fn holds(&self, first: Value, second: Value) -> bool {
        let (holder, held) = match self.side {
            Side::First => (first, second),
            Side::Second => (second, first),
        };
        let numbers = self.holders.number(holder).zip(self.held.number(held));
        numbers.is_some_and(|(holder, held)| self.near.holds(holder, held))
    }

    /// Hands out the pairs that are looked for, each once, until `take` breaks.
    #[inline]
    pub fn find(
        &self,
        reaching: Reaching,
        key: &[Value],
        mut take: impl FnMut([Value; 2]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        match reaching {
            Reaching::Any => self.pairs().try_for_each(take),
            Reaching::Same => {
                let things = (0..self.holders.len() as u32).map(|number| self.holders.value(number));
                things.filter(|thing| self.holds(*thing, *thing)).try_for_each(|thing| take([thing, thing]))
            }
            Reaching::Of(side) => self.partners(side, key[0]).flatten().try_for_each(|partner| match side {
                Side::First => take([key[0], *partner]),
                Side::Second => take([*partner, key[0]]),
            }),
            Reaching::Both if self.holds(key[0], key[1]) => take([key[0], key[1]]),
            Reaching::Both => ControlFlow::Continue(()),
        }
    }

    /// Whether a step fits a pair at that thing: where steps go before the pairs, one that begins there, else one that
    /// ends there.
    pub fn extends(&self, value: Value) -> bool {
        self.holders.number(value).is_some_and(|holder| !self.near.of(holder).is_empty())
    }

    /// What a thing in the column `side` is paired with: runs of values, each once, in an order that is the
    /// same whenever it is made of the same steps and pairs.
    #[inline]
    pub fn partners(&self, side: Side, value: Value) -> impl Iterator<Item = &[Value]> {
        let (intervals, order) = match side == self.side {
            true => {
                let intervals = self.holders.number(value).map(|holder| self.near.of(holder));
                (intervals, &self.near_order)
            }
            false => {
                let far = self.far.get_or_init(|| self.turned());
                (self.held.number(value).map(|held| far.lists.of(far.first + held)), &far.order)
            }
        };
        intervals.unwrap_or_default().iter().map(|(start, end)| &order[*start as usize..*end as usize])
    }

    /// Every pair once, in an order like that of [`Reachability::partners`].
    pub fn pairs(&self) -> impl Iterator<Item = [Value; 2]> {
        (0..self.holders.len() as u32).flat_map(move |number| {
            let holder = self.holders.value(number);
            let runs = self.near.of(number).iter();
            let held = runs.flat_map(|(start, end)| &self.near_order[*start as usize..*end as usize]);
            held.map(move |held| match self.side {
                Side::First => [holder, *held],
                Side::Second => [*held, holder],
            })
        })
    }

    /// The lists by the other column: the steps turned round, with a node for each held thing, and every holder as a
    /// leaf. Where few things are held, the nodes between may need more intervals than there are pairs; then the pairs
    /// are sorted.
    fn turned(&self) -> Far {
        let (holders, held) = (self.holders.len() as u32, self.held.len() as u32);
        let back = self.steps.iter().map(|(from, to)| (*to, *from));
        let edges: Vec<(u32, u32)> =
            back.chain(self.base.iter().map(|(holder, thing)| (holders + thing, *holder))).collect();
        let leaves: Vec<(u32, u32)> = (0..holders).map(|holder| (holder, holder)).collect();
        let nodes = (holders + held) as usize;
        let graph = Hanging { nodes, edges: &edges, leaves: &leaves, leaf_count: holders as usize };
        let most = (self.pairs + nodes) as u64;
        let Some(lists) = Intervals::new(&graph, most) else { return self.sorted() };
        let order = lists.order().into_iter().map(|holder| self.holders.value(holder)).collect();
        Far { lists, first: holders, order }
    }

    /// The lists by the other column, with the holders of each thing side by side.
    fn sorted(&self) -> Far {
        let held_by = |holder: u32| {
            let leaves = self.near.of(holder).iter().flat_map(|(start, end)| *start..*end);
            leaves.map(move |position| (position, holder))
        };
        let mut pairs: Vec<(u32, u32)> = (0..self.holders.len() as u32).flat_map(held_by).collect();
        let things = self.near_order.iter().map(|thing| self.held.number(*thing).unwrap_or_default());
        let things: Vec<u32> = things.collect();
        for (thing, _) in &mut pairs {
            *thing = things[*thing as usize];
        }
        pairs.sort_unstable();
        let order = pairs.iter().map(|(_, holder)| self.holders.value(*holder)).collect();
        Far { lists: Intervals::runs(self.held.len(), pairs.iter().map(|(thing, _)| *thing)), first: 0, order }
    }
}

fn length(intervals: &[(u32, u32)]) -> usize {
    intervals.iter().map(|(start, end)| (end - start) as usize).sum()
}
