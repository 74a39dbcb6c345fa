//! The smallest derivation where relations depend on each other: what a fact may come from is explored backwards, and
//! then the smallest derivations grow from the facts that are given (Knuth, "A generalization of Dijkstra's algorithm",
//! 1977), so that no fact is ever derived from itself.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use crate::compiler::program::{Literal, RelationKind};
use crate::explain::Stuck;
use crate::explain::prover::{Choice, Fact, Instance, Prover, Way};

/// Exploring ends when a derivation is known and this many facts were looked at: it may not be the smallest then.
const ENOUGH: usize = 20_000;
/// Exploring ends here in any case.
const MOST: usize = 2_000_000;

/// The facts of a component that one of them may come from.
#[derive(Default)]
struct Explored {
    facts: Vec<Fact>,
    numbers: FxHashMap<Fact, u32>,
    /// How facts come about.
    edges: Vec<Edge>,
    /// How many facts have all their edges.
    expanded: usize,
}

/// An instance of a rule, or a given fact.
struct Edge {
    head: u32,
    /// None for a given fact.
    instance: Option<Instance>,
    /// The steps besides those of the premises.
    size: u64,
    /// The premises within the component.
    premises: Vec<u32>,
}

impl Explored {
    fn number(&mut self, fact: Fact) -> u32 {
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
                self.expand(&mut explored, component)?;
            }
            let complete = explored.expanded == explored.facts.len();
            let derivations = grow(&explored);
            if derivations[0].is_some() && (complete || until >= ENOUGH) {
                return self.keep(&explored, derivations).ok_or(Stuck::Lost(fact.relation));
            }
            if complete || until >= MOST {
                return Err(if complete { Stuck::Lost(fact.relation) } else { Stuck::TooMuch });
            }
            until *= 8;
        }
    }

    /// Finds how the next fact may come about.
    fn expand(&mut self, explored: &mut Explored, component: usize) -> Result<(), Stuck> {
        let head = explored.expanded as u32;
        let fact = explored.facts[explored.expanded].clone();
        explored.expanded += 1;
        if let Some(choice) = self.known.get(&fact) {
            explored.edges.push(Edge { head, instance: None, size: choice.size, premises: Vec::new() });
            return Ok(());
        }
        if self.program().relation(fact.relation).kind != RelationKind::Decision && self.is_given(&fact) {
            explored.edges.push(Edge { head, instance: None, size: 1, premises: Vec::new() });
            return Ok(());
        }
        let rulebook = self.rulebook;
        for rule in rulebook.rules_of(fact.relation) {
            let Some(page) = rulebook.page(*rule) else { continue };
            self.each_instance(*rule, &page.plan, &fact.arguments, |prover, bindings| {
                let (mut size, mut premises) = (1u64, Vec::new());
                for literal in &page.body {
                    match literal {
                        Literal::Positive(atom) if rulebook.recursive(atom.relation) == Some(component) => {
                            premises.push(explored.number(prover.fact(atom, &bindings)));
                        }
                        Literal::Positive(atom) => {
                            size = size.saturating_add(prover.size(&prover.fact(atom, &bindings))?);
                        }
                        Literal::Negative(_) => size = size.saturating_add(1),
                        Literal::Comparison(_) => {}
                    }
                }
                let instance = Some(Instance { rule: *rule, bindings });
                explored.edges.push(Edge { head, instance, size, premises });
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(())
    }

    /// Remembers all derivations; that of the first fact is the answer.
    fn keep(&mut self, explored: &Explored, derivations: Vec<Option<(u64, usize)>>) -> Option<Choice> {
        let mut first = None;
        for (fact, derivation) in explored.facts.iter().zip(derivations) {
            let Some((size, edge)) = derivation else { continue };
            let way = match &explored.edges[edge].instance {
                Some(instance) => Way::Rule(instance.clone()),
                None => Way::Given,
            };
            let choice = Choice { size, way };
            first.get_or_insert_with(|| choice.clone());
            // A fact that was known before keeps its derivation.
            self.known.entry(fact.clone()).or_insert(choice);
        }
        first
    }
}

/// By fact: the size of the smallest derivation and its last edge.
fn grow(explored: &Explored) -> Vec<Option<(u64, usize)>> {
    let mut waiting: Vec<usize> = explored.edges.iter().map(|edge| edge.premises.len()).collect();
    let mut sizes: Vec<u64> = explored.edges.iter().map(|edge| edge.size).collect();
    let mut users: Vec<Vec<u32>> = vec![Vec::new(); explored.facts.len()];
    let mut open = BinaryHeap::new();
    for (number, edge) in explored.edges.iter().enumerate() {
        edge.premises.iter().for_each(|premise| users[*premise as usize].push(number as u32));
        if edge.premises.is_empty() {
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
