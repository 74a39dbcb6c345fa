//! Every minimal derivation of a decision: for each smallest set of given facts that suffices, the smallest derivation
//! from it. "Take this away, and access remains because of that."

use std::collections::BTreeSet;

use crate::compiler::program::{Aggregate, AggregateFunction, Literal, RuleId};
use crate::data::Value;
use crate::decision::{Outcome, Reason, Request};
use crate::explain::Stuck;
use crate::explain::prover::{Fact, Prover, Way};
use crate::explain::recursion::{Edge, Explored, grow};
use crate::proof::Proof;

/// How many facts are explored, and how many sets are kept for one of them.
const MOST_FACTS: usize = 20_000;
const MOST_SETS: usize = 64;

/// The derivations of a decision.
#[derive(Debug)]
pub struct Alternatives {
    /// The smallest first.
    pub proofs: Vec<Proof>,
    /// Whether there are no others.
    pub complete: bool,
}

/// Numbers of given facts.
type Leaves = BTreeSet<u32>;

impl Prover<'_, '_> {
    /// The minimal derivations of what decides a request, `limit` at most. Where nothing decides there is none.
    ///
    /// # Errors
    /// [`Stuck`] where a limit was reached.
    pub fn alternatives(&mut self, request: &Request, limit: usize) -> Result<Alternatives, Stuck> {
        let relation = match self.outcome(request)? {
            Outcome::Allowed(_) => Some(request.authorization.allow),
            Outcome::Forbidden(_) => request.authorization.deny,
            Outcome::NotPermitted => None,
        };
        let Some(relation) = relation else { return Ok(Alternatives { proofs: Vec::new(), complete: true }) };
        let action = Value(request.action.0);
        let fact = Fact { relation, arguments: [request.subject, action, request.resource].into_iter().collect() };
        let explored = self.explore(fact)?;
        let (mut sets, mut complete) = minimal_sets(&explored);
        sets.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        complete &= sets.len() <= limit;
        let mut proofs = Vec::new();
        for leaves in sets.iter().take(limit) {
            self.known.clear();
            let derivations = grow(&explored, |fact| leaves.contains(&fact));
            self.keep(&explored, derivations);
            proofs.push(self.prove(request)?);
        }
        self.known.clear();
        self.settled(Ok(Alternatives { proofs, complete }))
    }

    /// The rules that decide a request besides the one that is named.
    ///
    /// # Errors
    /// [`Stuck`] where a limit was reached.
    pub fn also(&mut self, request: &Request) -> Result<Vec<RuleId>, Stuck> {
        let (relation, first) = match self.outcome(request)? {
            Outcome::Allowed(Reason::Rule(first)) => (Some(request.authorization.allow), first),
            Outcome::Forbidden(Reason::Rule(first)) => (request.authorization.deny, first),
            Outcome::Allowed(Reason::Fact(..)) | Outcome::Forbidden(Reason::Fact(..)) | Outcome::NotPermitted => {
                return Ok(Vec::new());
            }
        };
        let arguments = [request.subject, Value(request.action.0), request.resource];
        let rulebook = self.rulebook;
        let mut others = Vec::new();
        let rules = relation.map_or(&[][..], |relation| rulebook.rules_of(relation));
        for rule in rules.iter().filter(|rule| **rule != first) {
            if self.applies(*rule, &arguments)? {
                others.push(*rule);
            }
        }
        self.settled(Ok(others))
    }

    /// All that a fact may come from.
    fn explore(&mut self, fact: Fact) -> Result<Explored, Stuck> {
        let mut explored = Explored::default();
        explored.number(fact);
        while explored.expanded < explored.facts.len() {
            if explored.facts.len() > MOST_FACTS {
                return Err(Stuck::TooMuch);
            }
            let head = explored.expanded as u32;
            if self.is_given(&explored.facts[explored.expanded]) {
                explored.edges.push(Edge { head, way: Way::Given, size: 1, premises: Vec::new() });
            }
            match self.program().relation(explored.facts[explored.expanded].relation).aggregate {
                Some(aggregate) => self.expand_fold(&mut explored, aggregate)?,
                None => self.expand(&mut explored, |_, _| true)?,
            }
        }
        Ok(explored)
    }

    /// A fold comes about in one way: by what it folds.
    fn expand_fold(&mut self, explored: &mut Explored, aggregate: Aggregate) -> Result<(), Stuck> {
        let head = explored.expanded as u32;
        explored.expanded += 1;
        let choice = self.fold(&explored.facts[head as usize].clone(), aggregate)?;
        let counted = match aggregate.function {
            AggregateFunction::Max | AggregateFunction::Min => 1,
            AggregateFunction::Count => usize::MAX,
        };
        let mut premises = Vec::new();
        for instance in choice.way.instances().iter().take(counted) {
            let body = self.rulebook.page(instance.rule).map_or(&[][..], |page| &page.body);
            for literal in body {
                if let Literal::Positive(atom) = literal {
                    premises.push(explored.number(self.fact(atom, &instance.bindings)));
                }
            }
        }
        explored.edges.push(Edge { head, way: choice.way, size: 1, premises });
        Ok(())
    }
}

/// The minimal sets of given facts from which the first fact follows, and whether these are all.
fn minimal_sets(explored: &Explored) -> (Vec<Leaves>, bool) {
    let mut sets: Vec<Vec<Leaves>> = vec![Vec::new(); explored.facts.len()];
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); explored.facts.len()];
    for (number, edge) in explored.edges.iter().enumerate() {
        edge.premises.iter().for_each(|premise| users[*premise as usize].push(number));
    }
    let mut complete = true;
    let mut open: BTreeSet<usize> = (0..explored.edges.len()).collect();
    while let Some(number) = open.pop_first() {
        let edge = &explored.edges[number];
        let found = match edge.way {
            Way::Given => vec![Leaves::from([edge.head])],
            Way::Rule(_) | Way::Fold(_) => combine(&edge.premises, &sets, &mut complete),
        };
        let known = &mut sets[edge.head as usize];
        let mut changed = false;
        for leaves in found {
            changed |= insert(known, leaves, &mut complete);
        }
        if changed {
            open.extend(&users[edge.head as usize]);
        }
    }
    (sets.swap_remove(0), complete)
}

/// Every union of one set of each premise.
fn combine(premises: &[u32], sets: &[Vec<Leaves>], complete: &mut bool) -> Vec<Leaves> {
    let mut unions = vec![Leaves::new()];
    for premise in premises {
        let mut next = Vec::new();
        for union in &unions {
            for leaves in &sets[*premise as usize] {
                insert(&mut next, union | leaves, complete);
            }
        }
        unions = next;
    }
    unions
}

/// Adds a set unless a smaller one is there, in place of larger ones; whether it was added.
fn insert(sets: &mut Vec<Leaves>, leaves: Leaves, complete: &mut bool) -> bool {
    if sets.iter().any(|known| known.is_subset(&leaves)) {
        return false;
    }
    sets.retain(|known| !leaves.is_subset(known));
    if sets.len() == MOST_SETS {
        *complete = false;
        return false;
    }
    sets.push(leaves);
    true
}
