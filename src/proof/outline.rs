//! A proof as people read it: a tree of sentences, each with its place. `text` draws it as lines, `graph` as a graph.
//!
//! What says nothing is left out: the tables that the policy keeps of its own actions, the step from `allow` to the
//! outcome, comparisons of a value with itself. A relation that rests on itself is told as a list, and what was told is
//! not told again.

use rustc_hash::FxHashSet;

use crate::compiler::program::vocabulary::PERMITTED;
use crate::compiler::program::{
    Atom, Comparison, ConstantId, Literal, Operator, Program, RelationId, RelationKind, Rule, RuleId, Term,
};
use crate::compiler::source::{Origin, Site, Sources, Spot};
use crate::data::{Database, FactOrigin, Value};
use crate::proof::{Absence, Application, Premise, Proof, Reason, Step, StepId, Verdict, Words};

/// Deeper than this nothing is told: the proof itself holds it.
const DEEPEST: usize = 40;

/// What is needed to tell a proof.
#[derive(Clone, Copy, Debug)]
pub struct View<'v> {
    /// The rules.
    pub program: &'v Program,
    /// The facts.
    pub database: &'v Database,
    /// The texts of the rules.
    pub sources: &'v Sources,
    /// Values as they are shown.
    pub words: &'v Words<'v>,
}

/// A line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What kind of line.
    pub kind: NodeKind,
    /// A sentence.
    pub sentence: String,
    /// Where it stands: a rule's file and line, or a record of the data.
    pub place: Option<String>,
    /// The id of the rule.
    pub rule: Option<String>,
    /// What it rests on.
    pub children: Vec<Node>,
}

/// What a line of the tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A rule derives it.
    Derived,
    /// A fact.
    Fact,
    /// Nothing derives it.
    Absent,
    /// Values compare so.
    Compared,
    /// Another way to the same, which gives no more.
    Beaten,
    /// It was told before.
    Again,
    /// A rule that comes near and derives nothing.
    Missed,
    /// It would have to hold, and does not.
    Missing,
    /// It holds, and stands in the way.
    Blocking,
}

/// Other instances of rules, by the step that they give no more than.
pub type Beaten = Vec<(StepId, Vec<(RuleId, Vec<Value>)>)>;

/// Tells the tree of a proof that something decides; what nothing decides has no tree.
pub fn outline(proof: &Proof, beaten: &Beaten, view: &View) -> Option<Node> {
    let root = match proof.verdict {
        Verdict::Allowed { allow: root, .. } | Verdict::Forbidden { deny: root } => root,
        Verdict::NotPermitted { .. } => return None,
    };
    Some(tree(&proof.steps, root, beaten, view))
}

/// Tells the tree of a derivation, whose last step is what holds; without steps there is none.
pub fn outline_derivation(steps: &[Step], view: &View) -> Option<Node> {
    let last = steps.len().checked_sub(1)?;
    Some(tree(steps, StepId(last as u32), &Beaten::new(), view))
}

fn tree(steps: &[Step], root: StepId, beaten: &Beaten, view: &View) -> Node {
    Teller { steps, beaten, view, told: FxHashSet::default() }.step(root, 0)
}

struct Teller<'t> {
    steps: &'t [Step],
    beaten: &'t Beaten,
    view: &'t View<'t>,
    told: FxHashSet<StepId>,
}

impl Teller<'_> {
    fn step(&mut self, id: StepId, depth: usize) -> Node {
        let step = &self.steps[id.index()];
        let mut node = self.head(step);
        if !self.told.insert(id) {
            node.kind = NodeKind::Again;
            return node;
        }
        if depth < DEEPEST {
            node.children = self.children(id, step, depth + 1);
            if depth > 0 {
                node.merge();
            }
        } else if !matches!(step.reason, Reason::Fact(_)) {
            node.sentence.push_str(" …");
        }
        node
    }

    /// The line of a step, without what it rests on.
    fn head(&self, step: &Step) -> Node {
        let view = self.view;
        let (kind, rule, place) = match &step.reason {
            Reason::Fact(origin) => (NodeKind::Fact, None, Some(self.view.place(step.conclusion.relation, *origin))),
            Reason::Rule(application) => (NodeKind::Derived, Some(application), None),
            Reason::Fold(applications) => (NodeKind::Derived, applications.first(), None),
        };
        let sentence = rule.and_then(|application| view.words.sentence(application.rule, &application.bindings));
        let sentence = sentence.unwrap_or_else(|| view.statement(step.conclusion.relation, &step.conclusion.arguments));
        let rule = rule.map(|application| view.program.rule(application.rule));
        let place = place.or_else(|| rule.map(|rule| view.sources.file_and_line(rule.span)));
        // A rule without an id is called by its place.
        let rule = rule.filter(|rule| rule.named).map(|rule| rule.id.clone());
        Node { kind, sentence: full_stop(&sentence), place, rule, children: Vec::new() }
    }

    fn children(&mut self, id: StepId, step: &Step, depth: usize) -> Vec<Node> {
        let relation = step.conclusion.relation;
        let mut nodes = Vec::new();
        match &step.reason {
            Reason::Fact(_) => {}
            Reason::Rule(application) => self.premises(relation, application, depth, &mut nodes),
            Reason::Fold(applications) => {
                for application in applications.iter().take(self.counted(relation)) {
                    self.premises(relation, application, depth, &mut nodes);
                }
                let others = applications.iter().skip(self.counted(relation));
                nodes.extend(others.map(|other| self.beaten(other.rule, &other.bindings)));
            }
        }
        let others = self.beaten.iter().filter(|(step, _)| *step == id).flat_map(|(_, others)| others);
        nodes.extend(others.map(|(rule, bindings)| self.beaten(*rule, bindings)));
        nodes
    }

    /// How many of the contributions to a fold give its value.
    fn counted(&self, relation: RelationId) -> usize {
        use crate::compiler::program::AggregateFunction;
        match self.view.program.relation(relation).aggregate.map(|aggregate| aggregate.function) {
            Some(AggregateFunction::Count) => usize::MAX,
            Some(AggregateFunction::Max | AggregateFunction::Min) | None => 1,
        }
    }

    fn beaten(&self, rule: RuleId, bindings: &[Value]) -> Node {
        let view = self.view;
        let rule_text = view.program.rule(rule);
        let sentence = view.words.sentence(rule, bindings).unwrap_or_else(|| rule_text.id.clone());
        let sentence = full_stop(&sentence);
        Node { kind: NodeKind::Beaten, sentence, place: None, rule: None, children: Vec::new() }
    }

    /// The lines of what a rule asks for. Where that is the same relation again, what it rests on stands in its place.
    fn premises(&mut self, relation: RelationId, application: &Application, depth: usize, nodes: &mut Vec<Node>) {
        // Chains may be long: what is open waits here, the first on top.
        let mut open = vec![(application, 0)];
        while let Some((application, at)) = open.pop() {
            let Some(premise) = application.premises.get(at) else { continue };
            open.push((application, at + 1));
            let literal = &self.view.program.rule(application.rule).body[at];
            match (premise, literal) {
                (Premise::Step(id), _) => {
                    let id = self.outcome_of(*id);
                    let step = &self.steps[id.index()];
                    match &step.reason {
                        Reason::Rule(below) if self.is_same_list(step, relation) && self.told.insert(id) => {
                            open.push((below, 0));
                        }
                        // A fact that was told is known.
                        Reason::Fact(_) if self.told.contains(&id) || self.is_table(step) => {}
                        _ => nodes.push(self.step(id, depth)),
                    }
                }
                (Premise::Absent(absence), _) => nodes.extend(self.absence(absence, depth)),
                (Premise::Compared, Literal::Comparison(comparison)) => {
                    nodes.extend(self.comparison(comparison, application));
                }
                (Premise::Compared, _) => {}
            }
        }
    }

    /// Whether a premise of a relation is that relation again, which is told as a list.
    fn is_same_list(&self, step: &Step, relation: RelationId) -> bool {
        let stored = self.view.program.relation(relation).kind != RelationKind::Decision;
        stored && step.conclusion.relation == relation
    }

    /// What allows, in place of the step that says that it is the outcome.
    fn outcome_of(&self, id: StepId) -> StepId {
        let step = &self.steps[id.index()];
        let outcome = self.view.program.relation(step.conclusion.relation).name == PERMITTED;
        match &step.reason {
            Reason::Rule(application) if outcome => match application.premises[..] {
                [Premise::Step(allow), ..] => allow,
                _ => id,
            },
            _ => id,
        }
    }

    /// Whether a step is a row of a table that the policy itself keeps.
    fn is_table(&self, step: &Step) -> bool {
        let relation = self.view.program.relation(step.conclusion.relation).kind == RelationKind::Relation;
        let Reason::Fact(FactOrigin::Stated(span)) = step.reason else { return false };
        relation && matches!(self.view.sources.get(span.source).origin, Origin::BuiltIn | Origin::Policy)
    }

    /// The line of a `not`; none where no rule could derive it.
    fn absence(&mut self, absence: &Absence, depth: usize) -> Option<Node> {
        let view = self.view;
        let stored = view.program.relation(absence.relation).kind != RelationKind::Decision;
        if !stored && !view.is_derivable(absence) {
            return None;
        }
        let statement = view.words.clause(absence.relation, &absence.arguments);
        let who = if view.program.rules.iter().any(|rule| rule.head.relation == absence.relation) {
            "nothing shows that"
        } else {
            "no fact says that"
        };
        let sentence = full_stop(&format!("{who} {statement}"));
        let mut node = Node { kind: NodeKind::Absent, sentence, place: None, rule: None, children: Vec::new() };
        node.children = absence.supports.iter().map(|id| self.step(*id, depth + 1)).collect();
        Some(node)
    }

    /// The line of a comparison; none where both sides are the same.
    fn comparison(&self, comparison: &Comparison, application: &Application) -> Option<Node> {
        let value = |term: &Term| match term {
            Term::Variable(variable) => application.bindings[variable.index()],
            Term::Constant(constant) => self.view.database.constant(*constant),
            Term::Wildcard => Value::default(),
        };
        let (left, right) = (value(&comparison.left), value(&comparison.right));
        let words = |value| self.view.words.value(comparison.ty, value);
        let sentence = format!("{} {} {}", words(left), operator_words(comparison.operator), words(right));
        let node = Node {
            kind: NodeKind::Compared,
            sentence: full_stop(&sentence),
            place: None,
            rule: None,
            children: Vec::new(),
        };
        (left != right).then_some(node)
    }
}

impl Node {
    /// Takes in the one thing that it rests on, if that is a fact or a `not`: its own sentence says it already.
    fn merge(&mut self) {
        let [only] = &mut self.children[..] else { return };
        match only.kind {
            NodeKind::Fact => self.place = only.place.take(),
            NodeKind::Absent if only.children.is_empty() => {}
            _ => return,
        }
        self.children.clear();
    }
}

impl View<'_> {
    /// Where a given fact stands, in words; of a derived one its relation.
    pub fn place(&self, relation: RelationId, origin: FactOrigin) -> String {
        let name = || self.program.relation(relation).name.clone();
        self.site(relation, origin).map_or_else(name, |site| site.to_string())
    }

    /// Where a given fact stands: the line of a file, or its place in one of JSON.
    pub fn site(&self, relation: RelationId, origin: FactOrigin) -> Option<Site> {
        match origin {
            FactOrigin::Record(file, record) => {
                let file = self.database.file_name(file).to_owned();
                let plain = [".gz", ".zst"].iter().find_map(|end| file.strip_suffix(end)).unwrap_or(&file);
                let at = match plain.ends_with(".json") {
                    true => Spot::Path(format!("{}[{record}]", self.program.relation(relation).name)),
                    false => Spot::Line(record),
                };
                Some(Site { file, origin: Origin::Data, at })
            }
            FactOrigin::Stated(span) => Some(self.sources.site(span)),
            FactOrigin::Derived => None,
        }
    }

    /// What a fact says.
    pub fn statement(&self, relation: RelationId, arguments: &[Value]) -> String {
        let arguments: Vec<Option<Value>> = arguments.iter().copied().map(Some).collect();
        self.words.statement(relation, &arguments)
    }

    /// Whether a rule could derive what is absent, as far as its head and the tables tell that the rules keep themselves.
    fn is_derivable(&self, absence: &Absence) -> bool {
        let rules = self.program.rules.iter().filter(|rule| rule.head.relation == absence.relation);
        let mut known = rules.filter_map(|rule| Some((rule, self.known(rule, &absence.arguments)?)));
        known.any(|(rule, known)| {
            rule.body.iter().all(|literal| match literal {
                Literal::Positive(atom) => self.may_hold(atom, &known),
                Literal::Negative(_) | Literal::Comparison(_) => true,
            })
        })
    }

    /// What the head of a rule knows of its variables; `None` where it does not fit.
    fn known(&self, rule: &Rule, arguments: &[Option<Value>]) -> Option<Vec<Option<Value>>> {
        let mut known = vec![None; rule.variables.len()];
        for (term, argument) in rule.head.terms.iter().zip(arguments) {
            match (term, argument) {
                (Term::Constant(constant), Some(value)) if self.database.constant(*constant) != *value => return None,
                (Term::Variable(variable), Some(value)) => known[variable.index()] = Some(*value),
                _ => {}
            }
        }
        Some(known)
    }

    /// Whether an atom may hold: false only of a table of the rules that has no such row.
    fn may_hold(&self, atom: &Atom, known: &[Option<Value>]) -> bool {
        let relation = self.program.relation(atom.relation);
        let derived = self.program.rules.iter().any(|rule| rule.head.relation == atom.relation);
        if relation.kind != RelationKind::Relation || derived {
            return true;
        }
        let fits = |(term, value): (&Term, &ConstantId)| match term {
            Term::Constant(constant) => constant == value,
            Term::Variable(variable) => {
                known[variable.index()].is_none_or(|known| known == self.database.constant(*value))
            }
            Term::Wildcard => true,
        };
        let mut rows = self.program.facts[atom.relation.index()].values.chunks(relation.arity().max(1));
        rows.any(|row| atom.terms.iter().zip(row).all(fits))
    }
}

/// An operator between two values, in words.
pub fn operator_words(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "is",
        Operator::NotEqual => "is not",
        Operator::Less => "is below",
        Operator::LessOrEqual => "is at most",
        Operator::Greater => "is above",
        Operator::GreaterOrEqual => "is at least",
    }
}

/// A sentence that ends as one.
fn full_stop(sentence: &str) -> String {
    match sentence.ends_with(['.', '!', '?', '…']) {
        true => sentence.to_owned(),
        false => format!("{sentence}."),
    }
}
