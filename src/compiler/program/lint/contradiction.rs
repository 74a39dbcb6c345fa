//! Comparisons that no values fit. Every value is a number here: an integer itself, an enum member its place,
//! anything else the number of its constant, which has no order. Then `<`, `<=` and `=` bound differences of two
//! variables, and a set of bounds has no solution where its graph has a cycle of negative weight (Bellman and Ford).

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{Comparison, Constant, Operator, Program, Term, Type};

/// More comparisons in one body are not looked into: telling which of them matter costs the cube of their number.
const MOST: usize = 40;

/// Comparisons of a body that no values fit together.
pub struct Contradiction<'c> {
    /// The last as written.
    pub last: &'c Comparison,
    /// The others, without those that do not matter.
    pub others: Vec<&'c Comparison>,
}

/// The comparisons of a body that contradict each other; none where values may fit.
pub fn contradiction<'c>(program: &Program, comparisons: &[&'c Comparison]) -> Option<Contradiction<'c>> {
    if comparisons.is_empty() || comparisons.len() > MOST || is_possible(program, comparisons) {
        return None;
    }
    let mut core = comparisons.to_vec();
    // From the end, so that what is written first stays.
    for at in (0..core.len()).rev() {
        let mut without = core.clone();
        without.remove(at);
        if !is_possible(program, &without) {
            core = without;
        }
    }
    Some(Contradiction { last: core.pop()?, others: core })
}

fn is_possible(program: &Program, comparisons: &[&Comparison]) -> bool {
    let mut bounds = Bounds::default();
    for comparison in comparisons {
        let sides = [comparison.left, comparison.right].map(|term| bounds.side(program, term, comparison.ty));
        bounds.add(sides[0], comparison.operator, sides[1]);
    }
    let Some(ranges) = bounds.ranges() else { return false };
    let unequal = comparisons.iter().filter(|comparison| comparison.operator == Operator::NotEqual);
    let mut excluded: FxHashMap<usize, FxHashSet<i128>> = FxHashMap::default();
    for comparison in unequal {
        let [left, right] = [comparison.left, comparison.right].map(|term| bounds.side(program, term, comparison.ty));
        if bounds.are_equal(left, right) {
            return false;
        }
        match (left.node, right.node) {
            (ZERO, node) => drop(excluded.entry(node).or_default().insert(left.offset)),
            (node, ZERO) => drop(excluded.entry(node).or_default().insert(right.offset)),
            _ => {}
        }
    }
    excluded.iter().all(|(node, values)| {
        let (low, high) = ranges[*node];
        let taken = values.iter().filter(|value| (low..=high).contains(*value)).count() as i128;
        taken <= high - low
    })
}

/// The node of the number 0, to which constants are relative.
const ZERO: usize = 0;

/// One side of a comparison: the value of a node, and a number added to it.
#[derive(Clone, Copy)]
struct Side {
    node: usize,
    offset: i128,
}

/// `to - from` is at most `most`.
#[derive(Clone, Copy)]
struct Bound {
    from: usize,
    to: usize,
    most: i128,
}

/// What comparisons say about the differences of values.
#[derive(Default)]
struct Bounds {
    nodes: FxHashMap<u32, usize>,
    bounds: Vec<Bound>,
}

impl Bounds {
    fn side(&mut self, program: &Program, term: Term, ty: Type) -> Side {
        match term {
            Term::Constant(id) => Side { node: ZERO, offset: number(program.constants.get(id), id.0) },
            Term::Variable(variable) => {
                let next = self.nodes.len() + 1;
                let node = *self.nodes.entry(variable.0).or_insert(next);
                if node == next {
                    let (low, high) = range(program, ty);
                    self.bounds.push(Bound { from: ZERO, to: node, most: high });
                    self.bounds.push(Bound { from: node, to: ZERO, most: -low });
                }
                Side { node, offset: 0 }
            }
            Term::Wildcard => unreachable!("`_` stands in no comparison"),
        }
    }

    fn add(&mut self, left: Side, operator: Operator, right: Side) {
        match operator {
            Operator::Equal => {
                self.at_most(left, right, 0);
                self.at_most(right, left, 0);
            }
            Operator::NotEqual => {}
            Operator::Less => self.at_most(left, right, -1),
            Operator::LessOrEqual => self.at_most(left, right, 0),
            Operator::Greater => self.at_most(right, left, -1),
            Operator::GreaterOrEqual => self.at_most(right, left, 0),
        }
    }

    /// Says that `left` is at most `right` and `more`.
    fn at_most(&mut self, left: Side, right: Side, more: i128) {
        self.bounds.push(Bound { from: right.node, to: left.node, most: right.offset - left.offset + more });
    }

    /// The least and greatest value of each node; none where there is no solution.
    fn ranges(&self) -> Option<Vec<(i128, i128)>> {
        let highest = distances(self.nodes.len() + 1, &self.bounds)?;
        let turned: Vec<Bound> =
            self.bounds.iter().map(|bound| Bound { from: bound.to, to: bound.from, most: bound.most }).collect();
        let lowest = distances(self.nodes.len() + 1, &turned)?;
        Some(lowest.iter().zip(highest).map(|(low, high)| (-low, high)).collect())
    }

    /// Whether two sides can be neither less nor greater than each other.
    fn are_equal(&mut self, left: Side, right: Side) -> bool {
        let before = self.bounds.len();
        [(left, right), (right, left)].into_iter().all(|(less, greater)| {
            self.at_most(less, greater, -1);
            let is_possible = distances(self.nodes.len() + 1, &self.bounds).is_some();
            self.bounds.truncate(before);
            !is_possible
        })
    }
}

/// The shortest ways from zero, from which a bound leads to every node; none where a cycle is shorter than nothing.
fn distances(nodes: usize, bounds: &[Bound]) -> Option<Vec<i128>> {
    let mut shortest: Vec<Option<i128>> = vec![None; nodes];
    shortest[ZERO] = Some(0);
    for _ in 0..=nodes {
        let mut changed = false;
        for bound in bounds {
            let Some(way) = shortest[bound.from].map(|way| way + bound.most) else { continue };
            if shortest[bound.to].is_none_or(|known| way < known) {
                shortest[bound.to] = Some(way);
                changed = true;
            }
        }
        if !changed {
            return shortest.into_iter().collect();
        }
    }
    None
}

fn number(value: &Constant, id: u32) -> i128 {
    match value {
        Constant::Int(value) => i128::from(*value),
        Constant::Member(_, place) => i128::from(*place),
        Constant::Text(_) | Constant::Action(_) | Constant::Thing(..) => i128::from(id),
    }
}

fn range(program: &Program, ty: Type) -> (i128, i128) {
    match ty {
        Type::Int => (i128::from(i64::MIN), i128::from(i64::MAX)),
        Type::Enum(of) => (0, program.enums[of.index()].members.len() as i128 - 1),
        // More values than any program names.
        Type::Text | Type::Action | Type::Resource | Type::Entity(_) => (0, i128::from(u32::MAX) * 2),
    }
}
