//! Which rules and literals tests need.
//!
//! A rule is covered when in some test it derives a fact or answers a question that the test leads to. A literal of it is
//! covered when in some test everything else in the body holds and the literal alone does not, so that without it the
//! rule would give what it does not give; one that alone gives a variable its values can't be left out, and counts with
//! its rule. `turned` makes the bodies that find this.

mod turned;

use std::ops::ControlFlow;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::compiler::program::vocabulary::PERMITTED;
use crate::compiler::program::{
    ActionId, Atom, Expected, Literal, Program, RelationId, RelationKind, Rule, RuleId, Term, Test, Variable,
};
use crate::data::Value;
use crate::decision::{Decider, Goal, PreparedQuery, Solver};
use crate::engine::dependencies;
use crate::engine::plan::{Binding, Body};
use crate::explain::unify;
use crate::suite::table;

/// How many questions of one test are looked at.
const MOST_QUESTIONS: usize = 20_000;

/// How many combinations of values are looked at for a literal in one test, and how many of what they would give.
const MOST_COMBINATIONS: u64 = 100_000;
const MOST_HEADS: usize = 1_000;

/// What tests covered of a program.
#[derive(Debug)]
pub struct Coverage {
    /// By rule.
    rules: Vec<Noted>,
}

#[derive(Debug)]
struct Noted {
    fired: bool,
    /// By literal of the body.
    literals: Vec<Need>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// No test has needed it so far.
    None,
    /// A test has.
    Found,
    /// It alone gives a variable its values, so it is needed wherever its rule fires.
    WithRule,
}

/// What tests covered of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The rule itself.
    pub rule: bool,
    /// Each literal of its body.
    pub literals: Vec<bool>,
}

/// A decision, and what it is asked about.
type Question = (RelationId, SmallVec<[Value; 4]>);

/// A rule of a decision, ready to be asked about one action.
struct Asking {
    rule: RuleId,
    /// Its body.
    whole: PreparedQuery,
    /// Its body with a literal turned round, for those that are open.
    turned: Vec<(usize, PreparedQuery)>,
    /// What it asks of other decisions, and when.
    asks: Option<(PreparedQuery, Vec<Atom>)>,
}

impl Coverage {
    /// Nothing is covered yet.
    pub fn new(program: &Program) -> Coverage {
        let noted = |rule: &Rule| {
            let need = |at| if turned::turned(program, rule, at).is_some() { Need::None } else { Need::WithRule };
            Noted { fired: false, literals: (0..rule.body.len()).map(need).collect() }
        };
        Coverage { rules: program.rules.iter().map(noted).collect() }
    }

    /// What is covered of a rule.
    pub fn covered(&self, rule: RuleId) -> Covered {
        let noted = &self.rules[rule.index()];
        let is_covered = |need: &Need| noted.fired && *need != Need::None;
        Covered { rule: noted.fired, literals: noted.literals.iter().map(is_covered).collect() }
    }

    /// Notes that a rule derived something.
    pub(super) fn fired(&mut self, rule: RuleId) {
        self.rules[rule.index()].fired = true;
    }

    /// Notes what a test covers over its model, for which `asked` and what these depend on are derived.
    pub(super) fn add(&mut self, decider: &mut Decider, test: &Test, asked: &[RelationId]) {
        self.add_stored(decider, asked);
        let mut open = questions(decider, test);
        let mut seen: FxHashSet<Question> = FxHashSet::default();
        let mut plans: FxHashMap<Goal, Vec<Asking>> = FxHashMap::default();
        while !open.is_empty() {
            open.retain(|question| seen.len() < MOST_QUESTIONS && seen.insert(question.clone()));
            for question in &open {
                let goal = goal(decider.model().program, question);
                plans.entry(goal).or_insert_with(|| self.prepare(decider, goal));
            }
            let mut solver = Solver::new(decider);
            let mut next = Vec::new();
            for question in &open {
                for asking in plans.get(&goal(decider.model().program, question)).into_iter().flatten() {
                    self.ask(&mut solver, decider, asking, question, &mut next);
                }
            }
            open = next;
        }
    }

    /// The literals of the rules of stored relations: what would be derived without them.
    fn add_stored(&mut self, decider: &mut Decider, asked: &[RelationId]) {
        let program = decider.model().program;
        let derived = dependencies(program, asked);
        for (number, rule) in program.rules.iter().enumerate() {
            let stored = program.relation(rule.head.relation).kind != RelationKind::Decision;
            for at in self.open_literals(number).filter(|_| stored && derived[rule.head.relation.index()]) {
                let Some(body) = turned::turned(program, rule, at) else { continue };
                let without = decider.prepare_body(unbound(&body, &rule.variables));
                let mut bound = vec![Binding::Free; rule.variables.len()];
                turned::variables(&rule.head).for_each(|variable| bound[variable.index()] = Binding::Given);
                let whole = decider.prepare_body(Body { literals: &rule.body, variables: &rule.variables, bound });
                let mut solver = Solver::new(decider);
                if gives_more(&mut solver, &rule.head, &without, &whole) {
                    self.rules[number].literals[at] = Need::Found;
                }
            }
        }
    }

    fn open_literals(&self, rule: usize) -> impl Iterator<Item = usize> + use<> {
        let literals = self.rules[rule].literals.iter().enumerate();
        let open: Vec<usize> = literals.filter(|(_, need)| **need == Need::None).map(|(at, _)| at).collect();
        open.into_iter()
    }

    /// The rules that may answer a goal.
    fn prepare(&self, decider: &mut Decider, goal: Goal) -> Vec<Asking> {
        let program = decider.model().program;
        let mut plans = Vec::new();
        for id in decider.rules_of(goal.relation).to_vec() {
            let rule = program.rule(id);
            let Some(bound) = bound_by(decider, rule, goal.action) else { continue };
            let others: Vec<Atom> = turned::decisions(program, rule).cloned().collect();
            let open: Vec<usize> = self.open_literals(id.index()).collect();
            if self.rules[id.index()].fired && open.is_empty() && others.is_empty() {
                continue;
            }
            let mut prepare = |literals: &[Literal]| {
                decider.prepare_body(Body { literals, variables: &rule.variables, bound: bound.clone() })
            };
            let whole = prepare(&rule.body);
            let turned = open.into_iter().filter_map(|at| Some((at, prepare(&turned::turned(program, rule, at)?))));
            let turned = turned.collect();
            let asks = (!others.is_empty()).then(|| (prepare(&turned::stored(program, rule)), others));
            plans.push(Asking { rule: id, whole, turned, asks });
        }
        plans
    }

    fn ask(
        &mut self,
        solver: &mut Solver,
        decider: &Decider,
        asking: &Asking,
        (_, arguments): &Question,
        next: &mut Vec<Question>,
    ) {
        let model = decider.model();
        let rule = model.program.rule(asking.rule);
        let entity = |value| model.database.symbols.tag(value).entity();
        let Some(bindings) = unify(model, entity, rule, arguments, rule.variables.len()) else { return };
        let noted = &mut self.rules[asking.rule.index()];
        if has_answer(solver, &asking.whole, &bindings) {
            noted.fired = true;
        } else {
            for (at, without) in &asking.turned {
                if noted.literals[*at] == Need::None && has_answer(solver, without, &bindings) {
                    noted.literals[*at] = Need::Found;
                }
            }
        }
        if let Some((when, asked)) = &asking.asks {
            each_answer(solver, when, &bindings, |bindings| {
                next.extend(asked.iter().map(|atom| question(decider, atom, bindings)));
                if next.len() < MOST_QUESTIONS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
        }
    }
}

/// What the expectations of a test ask of decisions.
fn questions(decider: &mut Decider, test: &Test) -> Vec<Question> {
    let program = decider.model().program;
    let is_decision = |atom: &&Atom| program.relation(atom.relation).kind == RelationKind::Decision;
    let mut questions = Vec::new();
    for expectation in &test.expectations {
        let asked: Vec<&Atom> = expectation.atoms().filter(is_decision).collect();
        match &expectation.expected {
            Expected::Holds(_) => questions.extend(asked.iter().map(|atom| question(decider, atom, &[]))),
            Expected::None(query) => {
                let when = turned::stored_literals(program, &query.body);
                let when = decider.prepare_body(unbound(&when, &query.variables));
                each_answer(&mut Solver::new(decider), &when, &[], |bindings| {
                    questions.extend(asked.iter().map(|atom| question(decider, atom, bindings)));
                    if questions.len() < MOST_QUESTIONS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                });
            }
            Expected::Only(table) => {
                let Some(permitted) = program.relation_named(PERMITTED) else { continue };
                let cells = table::prepare(decider, table);
                let asked = cells.requests().map(|(request, _)| {
                    let arguments = [request.subject, Value(request.action.0), request.resource];
                    (permitted, arguments.into_iter().collect())
                });
                questions.extend(asked.take(MOST_QUESTIONS));
            }
        }
    }
    questions
}

fn goal(program: &Program, (relation, arguments): &Question) -> Goal {
    let place = program.relation(*relation).action_place();
    Goal { relation: *relation, action: place.map(|place| ActionId(arguments[place].0)) }
}

/// What an atom asks under these bindings.
fn question(decider: &Decider, atom: &Atom, bindings: &[Value]) -> Question {
    let value = |term: &Term| match term {
        Term::Constant(constant) => decider.model().database.constant(*constant),
        Term::Variable(variable) => bindings[variable.index()],
        Term::Wildcard => Value::default(),
    };
    (atom.relation, atom.terms.iter().map(value).collect())
}

/// What the question binds of a rule; nothing where it is about another action.
fn bound_by(decider: &Decider, rule: &Rule, action: Option<ActionId>) -> Option<Vec<Binding>> {
    let model = decider.model();
    let mut bound = vec![Binding::Free; rule.variables.len()];
    turned::variables(&rule.head).for_each(|variable| bound[variable.index()] = Binding::Given);
    let place = model.program.relation(rule.head.relation).action_place();
    if let Some((place, action)) = place.zip(action) {
        match rule.head.terms[place] {
            Term::Constant(constant) if model.database.constant(constant) != Value(action.0) => return None,
            Term::Variable(variable) => bound[variable.index()] = Binding::Known(Value(action.0)),
            Term::Constant(_) | Term::Wildcard => {}
        }
    }
    Some(bound)
}

fn unbound<'b>(literals: &'b [Literal], variables: &'b [Variable]) -> Body<'b> {
    Body { literals, variables, bound: vec![Binding::Free; variables.len()] }
}

/// Whether a body without one of its literals gives a head that the whole body does not give.
fn gives_more(solver: &mut Solver, head: &Atom, without: &PreparedQuery, whole: &PreparedQuery) -> bool {
    let mut heads: FxHashSet<Vec<Value>> = FxHashSet::default();
    let mut rows: Vec<Vec<Value>> = Vec::new();
    each_answer(solver, without, &[], |bindings| {
        if heads.insert(turned::variables(head).map(|variable| bindings[variable.index()]).collect()) {
            rows.push(bindings.to_vec());
        }
        if rows.len() < MOST_HEADS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    rows.iter().any(|row| !has_answer(solver, whole, row))
}

fn has_answer(solver: &mut Solver, query: &PreparedQuery, bindings: &[Value]) -> bool {
    let mut found = false;
    each_answer(solver, query, bindings, |_| {
        found = true;
        ControlFlow::Break(())
    });
    found
}

/// Hands out answers as far as the limit goes: what lies beyond is not covered.
fn each_answer(
    solver: &mut Solver,
    query: &PreparedQuery,
    bindings: &[Value],
    take: impl FnMut(&[Value]) -> ControlFlow<()>,
) {
    solver.answers_within(query, bindings, MOST_COMBINATIONS, take);
}
