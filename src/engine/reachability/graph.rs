//! Directed graphs over consecutive numbers, and their strongly connected components.
//! Nothing here calls itself, so that a chain of any length fits on the stack.

/// The targets of each node's edges, side by side.
#[derive(Debug)]
pub(super) struct Graph {
    starts: Vec<u32>,
    targets: Vec<u32>,
}

impl Graph {
    /// A graph of that many nodes with these edges. Costs two passes over the edges.
    pub fn new(nodes: usize, edges: impl Iterator<Item = (u32, u32)> + Clone) -> Graph {
        let mut starts = vec![0; nodes + 1];
        for (from, _) in edges.clone() {
            starts[from as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut targets = vec![0; starts[nodes] as usize];
        for (from, to) in edges {
            let place = &mut next[from as usize];
            targets[*place as usize] = to;
            *place += 1;
        }
        Graph { starts, targets }
    }

    /// Where the edges of a node lead.
    #[inline]
    pub fn targets(&self, node: u32) -> &[u32] {
        &self.targets[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }
}

/// The strongly connected components of a graph, each after those that it leads to.
#[derive(Debug)]
pub(super) struct Components {
    /// By node: its component.
    pub of: Vec<u32>,
    /// The nodes by component; where the nodes of each begin.
    nodes: Vec<u32>,
    starts: Vec<u32>,
}

impl Components {
    /// Finds them (Tarjan 1972). Costs one visit of each node and edge.
    pub fn new(graph: &Graph) -> Components {
        let mut search = Search {
            graph,
            index: vec![UNSEEN; graph.len()],
            low: vec![0; graph.len()],
            open: Vec::new(),
            path: Vec::new(),
            found: Components { of: vec![UNSEEN; graph.len()], nodes: Vec::new(), starts: vec![0] },
            seen: 0,
        };
        for node in 0..graph.len() as u32 {
            if search.index[node as usize] == UNSEEN {
                search.from(node);
            }
        }
        search.found
    }

    /// The nodes of a component.
    #[inline]
    pub fn nodes(&self, component: u32) -> &[u32] {
        &self.nodes[self.starts[component as usize] as usize..self.starts[component as usize + 1] as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }
}

/// No number yet.
const UNSEEN: u32 = u32::MAX;

struct Search<'g> {
    graph: &'g Graph,
    /// By node: when it was seen, and the earliest node of its component that it is known to lead to.
    index: Vec<u32>,
    low: Vec<u32>,
    /// Nodes whose component is not finished.
    open: Vec<u32>,
    /// The nodes from the root to the current one, and how many of their edges were followed.
    path: Vec<(u32, u32)>,
    found: Components,
    seen: u32,
}

impl Search<'_> {
    fn from(&mut self, root: u32) {
        self.enter(root);
        while let Some((node, followed)) = self.path.last_mut() {
            let node = *node;
            let Some(target) = self.graph.targets(node).get(*followed as usize).copied() else {
                self.leave(node);
                continue;
            };
            *followed += 1;
            if self.index[target as usize] == UNSEEN {
                self.enter(target);
            } else if self.found.of[target as usize] == UNSEEN {
                self.low[node as usize] = self.low[node as usize].min(self.index[target as usize]);
            }
        }
    }

    fn enter(&mut self, node: u32) {
        self.index[node as usize] = self.seen;
        self.low[node as usize] = self.seen;
        self.seen += 1;
        self.open.push(node);
        self.path.push((node, 0));
    }

    fn leave(&mut self, node: u32) {
        self.path.pop();
        let low = self.low[node as usize];
        if let Some((before, _)) = self.path.last() {
            self.low[*before as usize] = self.low[*before as usize].min(low);
        }
        if low != self.index[node as usize] {
            return;
        }
        let component = self.found.len() as u32;
        while let Some(member) = self.open.pop() {
            self.found.of[member as usize] = component;
            self.found.nodes.push(member);
            if member == node {
                break;
            }
        }
        self.found.starts.push(self.found.nodes.len() as u32);
    }
}
