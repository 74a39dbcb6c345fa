//! What each node of a graph reaches, as intervals of numbers (Agrawal, Borgida, Jagadish: Efficient Management
//! of Transitive Relationships in Large Data and Knowledge Bases, 1989).
//!
//! Leaves hang on nodes, and a node reaches the leaves of all nodes that its edges lead to, at any distance, and
//! its own. The nodes of a component share one list. The leaves of a subtree of the spanning forest are one
//! interval; what a component reaches besides comes from the ends of its edges, which are finished before it.

use super::forest::Forest;
use super::graph::{Components, Graph};

/// The leaves that each node reaches.
#[derive(Debug)]
pub(super) struct Intervals {
    /// By node: the number of its list.
    list_of: Vec<u32>,
    /// Where each list begins, and the end of the last.
    starts: Vec<u32>,
    /// The lists: positions from and before, in order, with gaps between.
    intervals: Vec<(u32, u32)>,
    /// The positions of the leaves.
    positions: Vec<u32>,
}

/// Nodes, the edges between them, and the leaves that hang on them, all by number.
pub(super) struct Hanging<'h> {
    /// How many nodes there are.
    pub nodes: usize,
    /// From node to node.
    pub edges: &'h [(u32, u32)],
    /// Each with the node that it hangs on; it may hang on several.
    pub leaves: &'h [(u32, u32)],
    /// How many leaves there are. Each hangs somewhere.
    pub leaf_count: usize,
}

impl Intervals {
    /// Finds what the nodes reach; nothing, where that takes more than `most` intervals.
    ///
    /// On a forest it costs a visit of each edge, and a node has one interval where the edges lead away from the
    /// roots, or as many as the logarithm of the nodes where they lead to them. A node never has more intervals than
    /// leaves that it reaches.
    pub fn new(graph: &Hanging, most: u64) -> Option<Intervals> {
        let edges = Graph::new(graph.nodes, graph.edges.iter().copied());
        let leaves = Graph::new(graph.nodes, graph.leaves.iter().copied());
        let components = Components::new(&edges);
        let forest = Forest::new(&edges, &leaves, &components, graph.leaf_count);
        let mut lists = Lists {
            seen: vec![u32::MAX; components.len()],
            components,
            edges,
            leaves,
            forest,
            list_of: Vec::new(),
            starts: vec![0],
            intervals: Vec::new(),
            found: Vec::new(),
        };
        for component in 0..lists.components.len() as u32 {
            lists.add(component);
            if lists.intervals.len() as u64 > most {
                return None;
            }
        }
        Some(lists.finish())
    }

    /// One interval for each of so many nodes: the places of its number in a sorted list.
    pub fn runs(nodes: usize, sorted: impl Iterator<Item = u32>) -> Intervals {
        let mut intervals = vec![(0, 0); nodes];
        for (place, node) in (0..).zip(sorted) {
            let (start, end) = &mut intervals[node as usize];
            (*start, *end) = if *start == *end { (place, place + 1) } else { (*start, place + 1) };
        }
        let numbers = 0..nodes as u32;
        Intervals {
            list_of: numbers.clone().collect(),
            starts: (0..=nodes as u32).collect(),
            intervals,
            positions: Vec::new(),
        }
    }

    /// What a node reaches: intervals of positions.
    #[inline]
    pub fn of(&self, node: u32) -> &[(u32, u32)] {
        let list = self.list_of[node as usize] as usize;
        &self.intervals[self.starts[list] as usize..self.starts[list + 1] as usize]
    }

    /// Whether a node reaches a leaf. Costs a search by halves in the node's intervals.
    #[inline]
    pub fn holds(&self, node: u32, leaf: u32) -> bool {
        let position = self.positions[leaf as usize];
        let intervals = self.of(node);
        let after = intervals.partition_point(|(start, _)| *start <= position);
        after > 0 && position < intervals[after - 1].1
    }

    /// The leaves in the order of their positions.
    pub fn order(&self) -> Vec<u32> {
        let mut order = vec![0; self.positions.len()];
        for (leaf, position) in self.positions.iter().enumerate() {
            order[*position as usize] = leaf as u32;
        }
        order
    }

    /// How many intervals are stored.
    pub fn len(&self) -> usize {
        self.intervals.len()
    }
}

/// The lists of the components so far.
struct Lists {
    edges: Graph,
    leaves: Graph,
    components: Components,
    forest: Forest,
    /// By component: the last one that looked at its list.
    seen: Vec<u32>,
    list_of: Vec<u32>,
    starts: Vec<u32>,
    intervals: Vec<(u32, u32)>,
    /// The intervals of the component at hand, in no order.
    found: Vec<(u32, u32)>,
}

impl Lists {
    /// Makes the list of a component. Those that it leads to have theirs.
    fn add(&mut self, component: u32) {
        let own = self.forest.subtrees[component as usize];
        self.found.clear();
        self.found.extend((own.0 < own.1).then_some(own));
        for leaf in self.components.nodes(component).iter().flat_map(|node| self.leaves.targets(*node)) {
            let position = self.forest.positions[*leaf as usize];
            self.found.extend((!is_within((position, position + 1), own)).then_some((position, position + 1)));
        }
        let mut last = None;
        self.seen[component as usize] = component;
        for node in self.components.nodes(component) {
            for target in self.edges.targets(*node) {
                let next = self.components.of[*target as usize] as usize;
                if std::mem::replace(&mut self.seen[next], component) != component {
                    let list = self.list_of[next];
                    let intervals = &self.intervals[self.range(list)];
                    self.found.extend(intervals.iter().filter(|interval| !is_within(**interval, own)));
                    last = Some(list);
                }
            }
        }
        self.merge(last);
    }

    /// Joins the found intervals to a list, unless that is the list `like`.
    fn merge(&mut self, like: Option<u32>) {
        self.found.sort_unstable();
        let start = self.intervals.len();
        for (from, before) in &self.found {
            match self.intervals[start..].last_mut() {
                Some(last) if *from <= last.1 => last.1 = last.1.max(*before),
                _ => self.intervals.push((*from, *before)),
            }
        }
        if let Some(list) = like
            && self.intervals[self.range(list)] == self.intervals[start..]
        {
            self.intervals.truncate(start);
            self.list_of.push(list);
            return;
        }
        self.list_of.push(self.starts.len() as u32 - 1);
        self.starts.push(self.intervals.len() as u32);
    }

    fn range(&self, list: u32) -> std::ops::Range<usize> {
        self.starts[list as usize] as usize..self.starts[list as usize + 1] as usize
    }

    fn finish(self) -> Intervals {
        let Lists { components, forest, list_of, starts, mut intervals, .. } = self;
        intervals.shrink_to_fit();
        let list_of = components.of.iter().map(|component| list_of[*component as usize]).collect();
        Intervals { list_of, starts, intervals, positions: forest.positions }
    }
}

fn is_within(interval: (u32, u32), other: (u32, u32)) -> bool {
    other.0 <= interval.0 && interval.1 <= other.1
}
