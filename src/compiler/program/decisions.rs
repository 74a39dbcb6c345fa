//! Decisions use each other, but no answer may wait for itself. A decision with an action is told apart by it, so
//! what depends on what is a graph of pairs: a decision, and an action that some rule names, or any other action.
//! All others behave alike, and rules for any action keep one node for what they ask of fixed actions, so that the
//! graph stays about as large as the program.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::check::Checker;
use super::graph::{Cycles, Graph};
use super::names::is_stored;
use super::vocabulary::PERMITTED;
use super::{ActionId, Atom, Constant, Literal, Operator, Program, RelationId, Rule, Term, Type, VariableId};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::Span;

/// What an answer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Node {
    /// A decision without an action.
    Plain(RelationId),
    /// A decision for an action that some rule names; none for any other action.
    For(RelationId, Option<ActionId>),
    /// A decision for whichever action a rule finds.
    AnyOf(RelationId),
    /// What the rules of a decision for any action ask of fixed actions.
    Fixed(RelationId),
}

/// The action in an atom's action place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// The atom has no such place.
    None,
    /// A constant, or a variable that equals one.
    Fixed(ActionId),
    /// A variable.
    Variable(VariableId),
    /// `_`.
    Any,
}

impl Checker<'_> {
    /// Reports decisions that depend on themselves, each group of them by a shortest cycle.
    pub(super) fn check_decisions(&mut self) {
        let dependence = Dependence::of(&self.program);
        let components = dependence.graph.components();
        let mut cycles = Cycles::new(&dependence.graph, &components);
        let mut reported: FxHashSet<Span> = FxHashSet::default();
        for edges in dependence.recursive_edges(&cycles) {
            let cycle = cycles.shortest(&edges);
            let spans: Vec<Span> = cycle.iter().filter_map(|edge| dependence.spans[*edge as usize]).collect();
            // Rules for any action make the same cycle for every action.
            if spans.iter().any(|span| !reported.contains(span)) {
                let mistake = dependence.recursion(&self.program, &cycle);
                self.diagnostics.extend(mistake);
                reported.extend(spans);
            }
        }
        if reported.is_empty() {
            let mistake = dependence.too_deep(&self.program, &components);
            self.diagnostics.extend(mistake);
        }
    }
}

/// How many literals may wait for each other when a decision is asked. What answers keeps them on its stack.
const DEEPEST: usize = 10_000;

/// What answers depend on what.
#[derive(Debug, Default)]
struct Dependence {
    graph: Graph,
    nodes: Vec<Node>,
    numbers: FxHashMap<Node, u32>,
    /// By edge: the literal, where the edge is one.
    spans: Vec<Option<Span>>,
    /// The actions that rules name.
    named: BTreeSet<ActionId>,
    /// By decision: the decisions that its rules for any action ask for the same action.
    same: FxHashMap<RelationId, BTreeMap<RelationId, Span>>,
    /// Nodes whose edges are to be added.
    open: Vec<Node>,
}

impl Dependence {
    fn of(program: &Program) -> Dependence {
        let mut dependence = Dependence::default();
        let decides = |rule: &&Rule| !is_stored(program.relation(rule.head.relation).kind);
        let rules: Vec<(&Rule, ActionVariables)> =
            program.rules.iter().filter(decides).map(|rule| (rule, ActionVariables::of(rule, program))).collect();
        for (rule, variables) in &rules {
            for atom in std::iter::once(&rule.head).chain(rule.body.iter().filter_map(atom_of)) {
                if let Asked::Fixed(action) = variables.asked(atom, program) {
                    dependence.named.insert(action);
                }
            }
        }
        for (rule, variables) in &rules {
            dependence.add_rule(rule, variables, program);
        }
        while let Some(node) = dependence.open.pop() {
            dependence.close(node);
        }
        dependence.graph.sort();
        dependence
    }

    fn add_rule(&mut self, rule: &Rule, variables: &ActionVariables, program: &Program) {
        let decision = rule.head.relation;
        let asked_head = variables.asked(&rule.head, program);
        let from = match asked_head {
            Asked::None => Node::Plain(decision),
            Asked::Fixed(action) => Node::For(decision, Some(action)),
            Asked::Variable(_) | Asked::Any => {
                self.number(Node::For(decision, None));
                Node::Fixed(decision)
            }
        };
        for literal in &rule.body {
            let Some(atom) = atom_of(literal) else { continue };
            if is_stored(program.relation(atom.relation).kind) {
                continue;
            }
            let to = match variables.asked(atom, program) {
                Asked::None => Node::Plain(atom.relation),
                Asked::Fixed(action) => Node::For(atom.relation, Some(action)),
                asked @ Asked::Variable(_) if asked == asked_head => {
                    self.same.entry(decision).or_default().entry(atom.relation).or_insert(atom.span);
                    continue;
                }
                Asked::Variable(_) | Asked::Any => Node::AnyOf(atom.relation),
            };
            self.connect(from, to, Some(atom.span));
        }
    }

    /// Adds the edges that a node has by what it is.
    fn close(&mut self, node: Node) {
        match node {
            Node::Plain(_) | Node::Fixed(_) => {}
            Node::For(decision, action) => {
                self.connect(node, Node::Fixed(decision), None);
                for (other, span) in self.same.get(&decision).cloned().unwrap_or_default() {
                    self.connect(node, Node::For(other, action), Some(span));
                }
            }
            Node::AnyOf(decision) => {
                let actions: Vec<ActionId> = self.named.iter().copied().collect();
                for action in actions.into_iter().map(Some).chain([None]) {
                    self.connect(node, Node::For(decision, action), None);
                }
            }
        }
    }

    fn connect(&mut self, from: Node, to: Node, span: Option<Span>) {
        let (from, to) = (self.number(from), self.number(to));
        self.graph.add_edge(from, to);
        self.spans.push(span);
    }

    fn number(&mut self, node: Node) -> u32 {
        if let Some(number) = self.numbers.get(&node) {
            return *number;
        }
        let number = self.graph.add_node();
        self.nodes.push(node);
        self.numbers.insert(node, number);
        self.open.push(node);
        number
    }

    /// For each group of answers that depend on each other the literals through which they do; those about any
    /// action first.
    fn recursive_edges(&self, cycles: &Cycles<'_>) -> Vec<Vec<u32>> {
        let mut by_component: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (number, span) in self.spans.iter().enumerate() {
            let edge = number as u32;
            if span.is_some() && cycles.is_on_cycle(edge) {
                by_component.entry(cycles.component_of(self.graph.ends(edge).0)).or_default().push(edge);
            }
        }
        let is_general = |edges: &Vec<u32>| {
            edges.iter().any(|edge| matches!(self.nodes[self.graph.ends(*edge).0 as usize], Node::For(_, None)))
        };
        let mut groups: Vec<Vec<u32>> = by_component.into_values().collect();
        groups.sort_by_key(|edges| !is_general(edges));
        groups
    }

    /// The mistake that the deepest answer is, where too many literals wait for it. The nodes come in components
    /// of one node, each after those it leads to.
    fn too_deep(&self, program: &Program, components: &[Vec<u32>]) -> Option<Diagnostic> {
        let mut longest_body: FxHashMap<RelationId, usize> = FxHashMap::default();
        for rule in &program.rules {
            let longest = longest_body.entry(rule.head.relation).or_default();
            *longest = rule.body.len().max(*longest);
        }
        let mut depths = vec![0; self.nodes.len()];
        for node in components.iter().flatten() {
            let below = self.graph.leaving(*node).map(|to| depths[to as usize]).max().unwrap_or(0);
            let own = match self.nodes[*node as usize] {
                Node::Plain(decision) | Node::For(decision, _) => {
                    longest_body.get(&decision).map_or(0, |body| body + 1)
                }
                Node::AnyOf(_) | Node::Fixed(_) => 0,
            };
            depths[*node as usize] = below + own;
        }
        let deepest = (0..self.nodes.len()).max_by_key(|node| depths[*node])?;
        let decision = program.relation(decision_of(self.nodes[deepest]));
        (depths[deepest] > DEEPEST).then(|| {
            Diagnostic::error(Code::NestedTooDeep, format!("decisions nest too deep below `{}`", decision.name))
                .at(decision.span, format!("up to {} literals wait for each other here", depths[deepest]))
                .note(format!("decisions are answered one inside the other, and at most {DEEPEST} literals may wait"))
                .help("derive what lies below as a `relation`")
        })
    }

    /// The mistake that a cycle is.
    fn recursion(&self, program: &Program, cycle: &[u32]) -> Option<Diagnostic> {
        let mut steps = self.steps(program, cycle);
        // It begins with a rule of the author's, in the file that comes last: there they can change it.
        let first = (0..steps.len()).min_by_key(|at| {
            let Step { outcome_asks, span, .. } = steps[*at];
            (outcome_asks, std::cmp::Reverse(span.source), span.start)
        })?;
        steps.rotate_left(first);
        Some(recursive_decision(&steps))
    }

    fn steps(&self, program: &Program, cycle: &[u32]) -> Vec<Step> {
        let ends = |at: usize| {
            let (from, to) = self.graph.ends(cycle[at % cycle.len()]);
            (self.nodes[from as usize], self.nodes[to as usize])
        };
        let written = (0..cycle.len()).filter_map(|at| self.spans[cycle[at] as usize].map(|span| (at, span)));
        written
            .map(|(at, span)| {
                let (from, to) = ends(at);
                let from = if let Node::Fixed(_) = from { ends(at + cycle.len() - 1).0 } else { from };
                let to = if let Node::AnyOf(_) = to { ends(at + 1).1 } else { to };
                let is_outcome = |node| program.relation(decision_of(node)).name == PERMITTED;
                Step {
                    from: answer_text(program, from),
                    to: answer_text(program, to),
                    outcome_asks: is_outcome(from),
                    asks_outcome: is_outcome(to),
                    span,
                }
            })
            .collect()
    }
}

fn atom_of(literal: &Literal) -> Option<&Atom> {
    match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => Some(atom),
        Literal::Comparison(_) => None,
    }
}

/// A step of a cycle: an answer, what it asks for, and where.
struct Step {
    from: String,
    to: String,
    outcome_asks: bool,
    asks_outcome: bool,
    span: Span,
}

fn decision_of(node: Node) -> RelationId {
    match node {
        Node::Plain(decision) | Node::For(decision, _) | Node::AnyOf(decision) | Node::Fixed(decision) => decision,
    }
}

fn answer_text(program: &Program, node: Node) -> String {
    let name = &program.relation(decision_of(node)).name;
    match node {
        Node::For(_, Some(action)) => format!("`{name}` for `{}`", program.actions[action.index()].name),
        Node::For(_, None) | Node::Plain(_) | Node::AnyOf(_) | Node::Fixed(_) => format!("`{name}`"),
    }
}

fn recursive_decision(steps: &[Step]) -> Diagnostic {
    let whom = steps.first().map_or("a decision", |step| &step.from);
    let mut mistake = Diagnostic::error(Code::RecursiveDecision, format!("{whom} depends on itself"));
    for (number, step) in steps.iter().enumerate() {
        let and = if number + 1 == steps.len() && number > 0 { "and " } else { "" };
        let text = format!("{}. {and}{} needs {}", number + 1, step.from, step.to);
        mistake = if number == 0 { mistake.at(step.span, text) } else { mistake.label(step.span, text) };
    }
    let mistake = mistake
        .note("decisions are answered one by one, and none may wait for its own answer")
        .help("derive what may depend on itself as a `relation`, and let the decision use that");
    if steps.iter().any(|step| step.asks_outcome) {
        return mistake.note("in the body of a rule, `allow` asks for the outcome: `permitted`");
    }
    mistake
}

/// Which variables of a rule are an action that `=` tells, and which are the same.
#[derive(Debug, Default)]
struct ActionVariables {
    /// By variable, only where the rule compares actions: the variable it is the same as.
    same: Vec<VariableId>,
    fixed: FxHashMap<VariableId, ActionId>,
}

impl ActionVariables {
    fn of(rule: &Rule, program: &Program) -> ActionVariables {
        let mut variables = ActionVariables::default();
        let equal: Vec<(Term, Term)> = rule
            .body
            .iter()
            .filter_map(|literal| match literal {
                Literal::Comparison(comparison)
                    if comparison.operator == Operator::Equal && comparison.ty == Type::Action =>
                {
                    Some((comparison.left, comparison.right))
                }
                _ => None,
            })
            .collect();
        if equal.is_empty() {
            return variables;
        }
        variables.same = (0..rule.variables.len() as u32).map(VariableId).collect();
        for (left, right) in &equal {
            if let (Term::Variable(left), Term::Variable(right)) = (left, right) {
                let (left, right) = (variables.representative(*left), variables.representative(*right));
                variables.same[right.index()] = left;
            }
        }
        for (left, right) in equal {
            if let (Term::Variable(variable), Term::Constant(value)) | (Term::Constant(value), Term::Variable(variable)) =
                (left, right)
                && let Constant::Action(action) = program.constants.get(value)
            {
                let variable = variables.representative(variable);
                variables.fixed.entry(variable).or_insert(*action);
            }
        }
        variables
    }

    fn representative(&self, mut variable: VariableId) -> VariableId {
        while let Some(above) = self.same.get(variable.index()).filter(|above| **above != variable) {
            variable = *above;
        }
        variable
    }

    fn asked(&self, atom: &Atom, program: &Program) -> Asked {
        let Some(place) = program.relation(atom.relation).action_place() else { return Asked::None };
        match atom.terms[place] {
            Term::Wildcard => Asked::Any,
            Term::Constant(value) => match program.constants.get(value) {
                Constant::Action(action) => Asked::Fixed(*action),
                _ => Asked::Any,
            },
            Term::Variable(variable) => {
                let variable = self.representative(variable);
                self.fixed.get(&variable).map_or(Asked::Variable(variable), |action| Asked::Fixed(*action))
            }
        }
    }
}
