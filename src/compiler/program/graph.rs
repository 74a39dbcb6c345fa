//! Directed graphs of what depends on what: components and shortest cycles.
//! Nothing here calls itself, so that a chain of any length fits on the stack.

use std::collections::VecDeque;

/// How many edges a search for the shortest cycle of a component may look at before it takes the best one so far.
const SEARCH_BUDGET: usize = 4_000_000;

/// A graph; nodes and edges are numbered.
#[derive(Debug, Default)]
pub(super) struct Graph {
    edges: Vec<(u32, u32)>,
    leaving: Vec<Vec<u32>>,
}

impl Graph {
    /// Adds a node and gives its number.
    pub fn add_node(&mut self) -> u32 {
        self.leaving.push(Vec::new());
        self.leaving.len() as u32 - 1
    }

    /// Adds an edge and gives its number.
    pub fn add_edge(&mut self, from: u32, to: u32) -> u32 {
        let edge = self.edges.len() as u32;
        self.edges.push((from, to));
        self.leaving[from as usize].push(edge);
        edge
    }

    /// From where to where an edge leads.
    pub fn ends(&self, edge: u32) -> (u32, u32) {
        self.edges[edge as usize]
    }

    /// The nodes that the edges of a node lead to.
    pub fn leaving(&self, node: u32) -> impl Iterator<Item = u32> {
        self.leaving[node as usize].iter().map(|edge| self.edges[*edge as usize].1)
    }

    /// Orders the edges of every node by where they lead, so that the order of insertion matters to nothing
    /// but the choice among parallel edges.
    pub fn sort(&mut self) {
        let edges = &self.edges;
        for leaving in &mut self.leaving {
            leaving.sort_by_key(|edge| edges[*edge as usize].1);
        }
    }

    /// The strongly connected components (Tarjan), each after those that it leads to, its nodes in order.
    pub fn components(&self) -> Vec<Vec<u32>> {
        let mut search = Search::new(self.leaving.len());
        for root in 0..self.leaving.len() as u32 {
            if search.index[root as usize] == UNSEEN {
                search.visit(root, self);
            }
        }
        search.components
    }
}

/// The search for cycles within the components of a graph.
pub(super) struct Cycles<'a> {
    graph: &'a Graph,
    component_of: Vec<u32>,
    /// The edge by which a search came to a node; `UNSEEN` between searches.
    reached_by: Vec<u32>,
}

impl<'a> Cycles<'a> {
    /// Of a graph with these components.
    pub fn new(graph: &'a Graph, components: &[Vec<u32>]) -> Cycles<'a> {
        let mut component_of = vec![0; graph.leaving.len()];
        for (number, component) in components.iter().enumerate() {
            component.iter().for_each(|node| component_of[*node as usize] = number as u32);
        }
        Cycles { graph, component_of, reached_by: vec![UNSEEN; graph.leaving.len()] }
    }

    /// The component of a node.
    pub fn component_of(&self, node: u32) -> u32 {
        self.component_of[node as usize]
    }

    /// Whether an edge stays in its component, so that a cycle leads through it.
    pub fn is_on_cycle(&self, edge: u32) -> bool {
        let (from, to) = self.graph.ends(edge);
        self.component_of[from as usize] == self.component_of[to as usize]
    }

    /// A shortest cycle through one of these edges, which lie on cycles of one component: its edges in order,
    /// beginning with that one. Empty only where there are no edges.
    pub fn shortest(&mut self, through: &[u32]) -> Vec<u32> {
        let mut best: Vec<u32> = Vec::new();
        let mut budget = SEARCH_BUDGET;
        for &edge in through {
            if best.len() == 1 || (budget == 0 && !best.is_empty()) {
                break;
            }
            let longest = if best.is_empty() { usize::MAX } else { best.len() - 2 };
            let (from, to) = self.graph.ends(edge);
            if let Some(path) = self.path(to, from, longest, &mut budget) {
                best = std::iter::once(edge).chain(path).collect();
            }
        }
        best
    }

    /// A shortest path of at most `longest` edges within the component; the edges in order.
    fn path(&mut self, from: u32, to: u32, longest: usize, budget: &mut usize) -> Option<Vec<u32>> {
        if from == to {
            return Some(Vec::new());
        }
        let touched = self.search(from, to, longest, budget);
        let found = self.reached_by[to as usize] != UNSEEN;
        let mut path = Vec::new();
        let mut at = to;
        while found && at != from {
            let edge = self.reached_by[at as usize];
            path.push(edge);
            at = self.graph.ends(edge).0;
        }
        path.reverse();
        touched.iter().for_each(|node| self.reached_by[*node as usize] = UNSEEN);
        found.then_some(path)
    }

    /// Breadth first; gives the nodes it came to.
    fn search(&mut self, from: u32, to: u32, longest: usize, budget: &mut usize) -> Vec<u32> {
        let mut queue = VecDeque::from([(from, 0)]);
        let mut touched = Vec::new();
        while let Some((node, length)) = queue.pop_front() {
            if length >= longest {
                break;
            }
            for &edge in &self.graph.leaving[node as usize] {
                *budget = budget.saturating_sub(1);
                let next = self.graph.ends(edge).1;
                if next == from || !self.is_on_cycle(edge) || self.reached_by[next as usize] != UNSEEN {
                    continue;
                }
                self.reached_by[next as usize] = edge;
                touched.push(next);
                if next == to {
                    return touched;
                }
                queue.push_back((next, length + 1));
            }
        }
        touched
    }
}

const UNSEEN: u32 = u32::MAX;

/// The state of Tarjan's algorithm; `open` stands for the call stack.
struct Search {
    index: Vec<u32>,
    low: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<u32>,
    open: Vec<(u32, usize)>,
    next: u32,
    components: Vec<Vec<u32>>,
}

impl Search {
    fn new(nodes: usize) -> Search {
        Search {
            index: vec![UNSEEN; nodes],
            low: vec![0; nodes],
            on_stack: vec![false; nodes],
            stack: Vec::new(),
            open: Vec::new(),
            next: 0,
            components: Vec::new(),
        }
    }

    fn visit(&mut self, root: u32, graph: &Graph) {
        self.enter(root);
        while let Some((node, position)) = self.open.pop() {
            let Some(&edge) = graph.leaving[node as usize].get(position) else {
                self.leave(node);
                continue;
            };
            self.open.push((node, position + 1));
            let next = graph.ends(edge).1;
            if self.index[next as usize] == UNSEEN {
                self.enter(next);
            } else if self.on_stack[next as usize] {
                self.low[node as usize] = self.low[node as usize].min(self.index[next as usize]);
            }
        }
    }

    fn enter(&mut self, node: u32) {
        self.index[node as usize] = self.next;
        self.low[node as usize] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.on_stack[node as usize] = true;
        self.open.push((node, 0));
    }

    fn leave(&mut self, node: u32) {
        if let Some((above, _)) = self.open.last() {
            self.low[*above as usize] = self.low[*above as usize].min(self.low[node as usize]);
        }
        if self.low[node as usize] != self.index[node as usize] {
            return;
        }
        let mut component = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack[member as usize] = false;
            component.push(member);
            if member == node {
                break;
            }
        }
        component.sort_unstable();
        self.components.push(component);
    }
}
