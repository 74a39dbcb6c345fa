//! A forest that spans the components of a graph, and numbers for its leaves: those of a subtree are neighbours.

use super::graph::{Components, Graph};

/// Positions of leaves, and which of them each component has in its subtree.
#[derive(Debug)]
pub(super) struct Forest {
    /// By component: the positions from and before.
    pub subtrees: Vec<(u32, u32)>,
    /// By leaf.
    pub positions: Vec<u32>,
}

/// No component.
const NONE: u32 = u32::MAX;

impl Forest {
    /// Spans the components: each, and each leaf, is put below the heaviest of those that lead to it, by how many
    /// nodes lead there, those of several ways counted for each. So the intervals that are not in a subtree are few
    /// (the rule of Agrawal, Borgida and Jagadish, who count each node once). Costs a visit of each edge and leaf.
    pub fn new(edges: &Graph, leaves: &Graph, components: &Components, leaf_count: usize) -> Forest {
        let mut weights: Vec<u64> = (0..components.len() as u32).map(|at| components.nodes(at).len() as u64).collect();
        let mut above = Heaviest::new(components.len());
        let mut above_leaf = Heaviest::new(leaf_count);
        // Components come after those they lead to: this goes from the roots down.
        for component in (0..components.len() as u32).rev() {
            let weight = weights[component as usize];
            for node in components.nodes(component) {
                for target in edges.targets(*node) {
                    let next = components.of[*target as usize];
                    if next != component {
                        above.offer(next, component, weight);
                        weights[next as usize] = weights[next as usize].saturating_add(weight);
                    }
                }
                for leaf in leaves.targets(*node) {
                    above_leaf.offer(*leaf, component, weight);
                }
            }
        }
        number(&above.parents, &above_leaf.parents)
    }
}

/// The parent of each, so far, and its weight.
struct Heaviest {
    parents: Vec<u32>,
    weights: Vec<u64>,
}

impl Heaviest {
    fn new(len: usize) -> Heaviest {
        Heaviest { parents: vec![NONE; len], weights: vec![0; len] }
    }

    fn offer(&mut self, child: u32, parent: u32, weight: u64) {
        if weight > self.weights[child as usize] {
            self.weights[child as usize] = weight;
            self.parents[child as usize] = parent;
        }
    }
}

/// Numbers the leaves of a forest whose parents have higher numbers than their children. Each leaf has a parent.
fn number(parents: &[u32], leaf_parents: &[u32]) -> Forest {
    let mut counts = vec![0; parents.len()];
    for parent in leaf_parents {
        counts[*parent as usize] += 1;
    }
    for (component, parent) in parents.iter().enumerate() {
        if *parent != NONE {
            counts[*parent as usize] += counts[component];
        }
    }
    let mut subtrees = vec![(0, 0); parents.len()];
    let mut next = vec![0; parents.len()];
    let mut next_root = 0;
    for (component, parent) in parents.iter().enumerate().rev() {
        let free = if *parent == NONE { &mut next_root } else { &mut next[*parent as usize] };
        let start = *free;
        *free += counts[component];
        subtrees[component] = (start, start + counts[component]);
        next[component] = start;
    }
    let place = |parent: &u32| {
        let free = &mut next[*parent as usize];
        *free += 1;
        *free - 1
    };
    Forest { subtrees, positions: leaf_parents.iter().map(place).collect() }
}
