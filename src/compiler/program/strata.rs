//! The order of derivation: relations that depend on each other form a component, and each component comes after
//! those it uses. Within one, nothing may wait for itself through `not` or an aggregate.

use super::check::Checker;
use super::graph::{Cycles, Graph};
use super::names::is_stored;
use super::{Atom, Component, Literal, RelationId, RuleId};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::Span;

/// How a relation depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dependency {
    /// A positive literal: both may grow together.
    Derived,
    /// The other must be finished first.
    Negated,
    /// The other must be finished first.
    Folded,
}

/// One step of a cycle: who depends, on whom, how, and where it is written.
#[derive(Clone, Copy, Debug)]
struct Step<'a> {
    from: &'a str,
    to: &'a str,
    dependency: Dependency,
    span: Span,
}

impl Checker<'_> {
    /// Puts the relations that rules derive into components, and reports each component that can't be derived.
    pub(super) fn stratify(&mut self) {
        let mut graph = Graph::default();
        self.program.relations.iter().for_each(|_| {
            graph.add_node();
        });
        let dependencies = self.add_dependencies(&mut graph);
        graph.sort();
        let components = graph.components();
        let mut cycles = Cycles::new(&graph, &components);
        self.report_cycles(&graph, &mut cycles, components.len(), &dependencies);
        self.program.components = self.derived_components(&components, &cycles);
    }

    /// An edge for every literal of a stored relation in a rule for a stored relation.
    fn add_dependencies(&self, graph: &mut Graph) -> Vec<(Dependency, Span)> {
        let mut dependencies = Vec::new();
        for rule in &self.program.rules {
            let head = self.program.relation(rule.head.relation);
            if !is_stored(head.kind) {
                continue;
            }
            for literal in &rule.body {
                let (atom, dependency) = match literal {
                    Literal::Negative(atom) => (atom, Dependency::Negated),
                    Literal::Positive(atom) if head.aggregate.is_some() => (atom, Dependency::Folded),
                    Literal::Positive(atom) => (atom, Dependency::Derived),
                    Literal::Comparison(_) => continue,
                };
                graph.add_edge(rule.head.relation.0, atom.relation.0);
                dependencies.push((dependency, atom.span));
            }
        }
        dependencies
    }

    fn report_cycles(
        &mut self,
        graph: &Graph,
        cycles: &mut Cycles<'_>,
        components: usize,
        dependencies: &[(Dependency, Span)],
    ) {
        for wanted in [Dependency::Negated, Dependency::Folded] {
            // A component with both kinds of cycle is reported once.
            for edges in self.waiting_edges(graph, cycles, components, dependencies, wanted) {
                let cycle = cycles.shortest(&edges);
                let steps: Vec<Step<'_>> = cycle
                    .iter()
                    .map(|edge| {
                        let (from, to) = graph.ends(*edge);
                        let (dependency, span) = dependencies[*edge as usize];
                        let name = |node: u32| self.program.relation(RelationId(node)).name.as_str();
                        Step { from: name(from), to: name(to), dependency, span }
                    })
                    .collect();
                if let Some(mistake) = impossible_order(&steps) {
                    self.report(mistake);
                }
            }
        }
    }

    /// For each component that waits for itself in this way, the edges through which it does. One that also waits
    /// for itself through `not` counts for that only.
    fn waiting_edges(
        &self,
        graph: &Graph,
        cycles: &Cycles<'_>,
        components: usize,
        dependencies: &[(Dependency, Span)],
        wanted: Dependency,
    ) -> Vec<Vec<u32>> {
        let mut by_component: Vec<Vec<u32>> = vec![Vec::new(); components];
        let mut negated = vec![false; components];
        for (number, (dependency, _)) in dependencies.iter().enumerate() {
            let edge = number as u32;
            if !cycles.is_on_cycle(edge) {
                continue;
            }
            let component = cycles.component_of(graph.ends(edge).0) as usize;
            negated[component] |= *dependency == Dependency::Negated;
            if *dependency == wanted {
                by_component[component].push(edge);
            }
        }
        let counts = |component: usize| wanted == Dependency::Negated || !negated[component];
        let waiting = by_component.into_iter().enumerate();
        waiting.filter(|(number, edges)| !edges.is_empty() && counts(*number)).map(|(_, edges)| edges).collect()
    }

    /// The components that have rules, in the order they are derived in.
    fn derived_components(&self, components: &[Vec<u32>], cycles: &Cycles<'_>) -> Vec<Component> {
        let mut derived: Vec<Component> = components
            .iter()
            .map(|nodes| Component {
                relations: nodes.iter().map(|node| RelationId(*node)).collect(),
                rules: Vec::new(),
                recursive: false,
            })
            .collect();
        for (number, rule) in self.program.rules.iter().enumerate() {
            if !is_stored(self.program.relation(rule.head.relation).kind) {
                continue;
            }
            let at = cycles.component_of(rule.head.relation.0);
            let is_own = |atom: &Atom| cycles.component_of(atom.relation.0) == at;
            let component = &mut derived[at as usize];
            component.rules.push(RuleId(number as u32));
            component.recursive |= rule.body.iter().any(|literal| match literal {
                Literal::Positive(atom) | Literal::Negative(atom) => is_own(atom),
                Literal::Comparison(_) => false,
            });
        }
        derived.retain(|component| !component.rules.is_empty());
        derived
    }
}

/// A cycle with an edge that waits, which comes first.
fn impossible_order(steps: &[Step<'_>]) -> Option<Diagnostic> {
    let (first, last) = (steps.first()?, steps.last()?);
    let negated = first.dependency == Dependency::Negated;
    let (code, message, note) = if negated {
        let message = format!("`{}` depends on its own absence", first.from);
        (
            Code::NegationCycle,
            message,
            "`not` asks a relation when all of it is known, so no relation can be asked while it is derived",
        )
    } else {
        let message = format!("`{}` depends on an aggregate of itself", first.from);
        (
            Code::AggregateCycle,
            message,
            "an aggregate folds a relation when all of it is known, so no relation can be folded while it is derived",
        )
    };
    let mut mistake = Diagnostic::error(code, message).at(first.span, step_text(1, first, steps.len()));
    for (number, step) in steps.iter().enumerate().skip(1) {
        mistake = mistake.label(step.span, step_text(number + 1, step, steps.len()));
    }
    let help = match (steps.len(), negated) {
        (1, true) => format!("let `not` ask a relation that is derived without `{}`", first.from),
        (1, false) => format!("fold a relation that is derived without `{}`", first.from),
        _ => format!("derive `{}` from facts that do not use `{}`", last.from, last.to),
    };
    Some(mistake.note(note).help(help))
}

fn step_text(number: usize, step: &Step<'_>, steps: usize) -> String {
    let (from, to) = (step.from, step.to);
    let and = if number == steps && steps > 1 { "and " } else { "" };
    match step.dependency {
        Dependency::Derived => format!("{number}. {and}`{from}` is derived from `{to}`"),
        Dependency::Negated => format!("{number}. {and}`{from}` needs `{to}` to be finished first"),
        Dependency::Folded => format!("{number}. {and}`{from}` folds `{to}`, which must be finished first"),
    }
}
