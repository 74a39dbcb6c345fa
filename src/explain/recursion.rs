//! The smallest derivation where relations depend on each other: what a fact may come from is explored backwards, and
//! then the smallest derivations grow from the facts that are given (Knuth, "A generalization of Dijkstra's algorithm",
//! 1977), so that no fact is ever derived from itself.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use crate::compiler::program::{Literal, RelationId};
use crate::explain::Stuck;
use crate::explain::prover::{Choice, Fact, Instance, Prover, Way};

/// Exploring ends when a derivation is known and this many facts were looked at: it may not be the smallest then.
const ENOUGH: usize = 20_000;
/// Exploring ends here in any case.
const MOST: usize = 2_000_000;

/// The facts of a component that one of them may come from.
#[derive(Default)]
pub(super) struct Explored {
    pub facts: Vec<Fact>,
    numbers: FxHashMap<Fact, u32>,
    /// How facts come about.
    pub edges: Vec<Edge>,
    /// How many facts have all their edges.
    pub expanded: usize,
}

/// An instance of a rule, or a given fact.
pub(super) struct Edge {
    pub head: u32,
    pub way: Way,
    /// The steps besides those of the premises.
    pub size: u64,
    /// The premises that are explored too.
    pub premises: Vec<u32>,
}

impl Explored {
    /// The number of a fact, which is new or known.
    pub fn number(&mut self, fact: Fact) -> u32 {
        *self.numbers.entry(fact).or_insert_with_key(|fact| {
            self.facts.push(fact.clone());
            self.facts.len() as u32 - 1
        })
    }
}

impl Prover<'_, '_> {
    /// The smallest derivation of a fact of a recursive component. Remembers those of the facts that it comes from.
    pub(super) fn close(&mut self, fact: &Fact, component: usize) -> Result<Choice, Stuck> {
        let mut explored = Explored::default();
        explored.number(fact.clone());
        let mut until = 256;
        loop {
            while explored.expanded < explored.facts.len().min(until) {
                self.expand_within(&mut explored, component)?;
            }
            let complete = explored.expanded == explored.facts.len();
            let derivations = grow(&explored, |_| true);
            if derivations[0].is_some() && (complete || until >= ENOUGH) {
                return self.keep(&explored, derivations).ok_or(Stuck::Lost(fact.relation));
            }
            if complete || until >= MOST {
                return Err(if complete { Stuck::Lost(fact.relation) } else { Stuck::TooMuch });
            }
            until *= 8;
        }
    }

    /// Finds how the next fact may come about: nothing is smaller than what is given, or known already.
    fn expand_within(&mut self, explored: &mut Explored, component: usize) -> Result<(), Stuck> {
        let head = explored.expanded as u32;
        let fact = &explored.facts[explored.expanded];
        let known = self.known.get(fact).map(|choice| choice.size);
        if let Some(size) = known.or_else(|| self.is_given(fact).then_some(1)) {
            explored.expanded += 1;
            explored.edges.push(Edge { head, way: Way::Given, size, premises: Vec::new() });
            return Ok(());
        }
        let recursive = |prover: &Self, relation| prover.rulebook.recursive(relation) == Some(component);
        self.expand(explored, recursive)
    }

    /// Finds the rules by which the next fact may come about. The premises of the relations `inside` are to be explored.
    /// What can't be smaller than an instance without any is left out.
    pub(super) fn expand(
        &mut self,
        explored: &mut Explored,
        inside: impl Fn(&Self, RelationId) -> bool,
    ) -> Result<(), Stuck> {
        let head = explored.expanded as u32;
        let fact = explored.facts[explored.expanded].clone();
        explored.expanded += 1;
        let rulebook = self.rulebook;
        let mut best = u64::MAX;
        for rule in rulebook.rules_of(fact.relation) {
            let Some(page) = rulebook.page(*rule) else { continue };
            let least = rulebook.floor(page);
            if least >= best {
                continue;
            }
            self.each_instance(*rule, &page.plan, &fact.arguments, |prover, bindings| {
                let (mut size, mut premises) = (1u64, Vec::new());
                for literal in &page.body {
                    match literal {
                        Literal::Positive(atom) if inside(prover, atom.relation) => {
                            premises.push(explored.number(prover.fact(atom, bindings)));
                        }
                        literal => size = size.saturating_add(prover.literal_size(literal, bindings)?),
                    }
                }
                if premises.is_empty() {
                    best = size.min(best);
                }
                let way = Way::Rule(Instance { rule: *rule, bindings: bindings.to_vec() });
                explored.edges.push(Edge { head, way, size, premises });
                Ok(if least >= best { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
        }
        Ok(())
    }

    /// Remembers all derivations; that of the first fact is the answer.
    pub(super) fn keep(&mut self, explored: &Explored, derivations: Vec<Option<(u64, usize)>>) -> Option<Choice> {
        let mut first = None;
        for (fact, derivation) in explored.facts.iter().zip(derivations) {
            let Some((size, edge)) = derivation else { continue };
            let choice = Choice { size, way: explored.edges[edge].way.clone() };
            first.get_or_insert_with(|| choice.clone());
            // A fact that was known before keeps its derivation.
            self.known.entry(fact.clone()).or_insert(choice);
        }
        first
    }
}

/// By fact: the size of the smallest derivation and its last edge, from the given facts that are `allowed`.
pub(super) fn grow(explored: &Explored, allowed: impl Fn(u32) -> bool) -> Vec<Option<(u64, usize)>> {
    let mut waiting: Vec<usize> = explored.edges.iter().map(|edge| edge.premises.len()).collect();
    let mut sizes: Vec<u64> = explored.edges.iter().map(|edge| edge.size).collect();
    let mut users: Vec<Vec<u32>> = vec![Vec::new(); explored.facts.len()];
    let mut open = BinaryHeap::new();
    for (number, edge) in explored.edges.iter().enumerate() {
        edge.premises.iter().for_each(|premise| users[*premise as usize].push(number as u32));
        if edge.premises.is_empty() && (!matches!(edge.way, Way::Given) || allowed(edge.head)) {
            open.push(Reverse((edge.size, number)));
        }
    }
    let mut derived: Vec<Option<(u64, usize)>> = vec![None; explored.facts.len()];
    while let Some(Reverse((size, number))) = open.pop() {
        let head = explored.edges[number].head as usize;
        if derived[head].is_some() {
            continue;
        }
        derived[head] = Some((size, number));
        for user in &users[head] {
            let user = *user as usize;
            sizes[user] = sizes[user].saturating_add(size);
            waiting[user] -= 1;
            if waiting[user] == 0 {
                open.push(Reverse((sizes[user], user)));
            }
        }
    }
    derived
}
