//! Findings: every instance of the rules that tell what is worth a look, such as those of `exposed`.
//!
//! The stored literals of a rule are joined first, as a query; each of their answers is then asked the decisions of the
//! rule. So what is asked can be counted and bounded, and pieces of it be asked on several threads. `cli` tells the instances
//! in sentences.

use std::collections::hash_map::Entry;
use std::ops::ControlFlow;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::compiler::program::{
    Atom, ExplanationPart, Literal, Operator, Program, Query, RelationKind, Rule, RuleId, Term, VariableId,
};
use crate::data::Value;
use crate::decision::{Decider, Solver};
use crate::explain::in_order;

/// So many answers of the stored literals are asked about at once.
const PIECE: usize = 1 << 12;

/// So many pieces wait to be asked about.
const PIECES: usize = 64;

/// How much is looked at, and by whom.
#[derive(Clone, Copy)]
pub struct Bounds<'b> {
    /// For how many answers of the stored literals the decisions of one rule are asked.
    pub questions: u64,
    /// How many instances of one rule are kept.
    pub instances: usize,
    /// How many threads ask.
    pub threads: usize,
    /// Hears how many more answers of the stored literals were asked about.
    pub asked: &'b (dyn Fn(u64) + Sync),
}

/// What a rule finds.
#[derive(Debug)]
pub struct Finding {
    /// The rule.
    pub rule: RuleId,
    /// Its instances, sorted by what its head and its explanation name, of which no two name the same.
    pub instances: Vec<Instance>,
    /// How many different things they are about.
    pub things: usize,
    /// Whether there may be more, because a bound was reached.
    pub more: bool,
}

/// One way in which a rule holds: a value for each of its variables.
pub type Instance = SmallVec<[Value; 6]>;

/// A rule that can't be looked through: its stored literals leave this variable open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open(pub VariableId);

/// Finds all instances of a rule.
///
/// All relations of its body must be derived. Costs a join of its stored literals, and for each answer the decisions that it
/// asks, up to the bounds.
pub fn find(decider: &mut Decider, id: RuleId, bounds: &Bounds) -> Result<Finding, Open> {
    let program = decider.model().program;
    let rule = program.rule(id);
    if let Some(open) = open_variable(program, rule) {
        return Err(Open(open));
    }
    let is_asked = |literal: &&Literal| asked(program, literal).is_some();
    let query = |body: Vec<Literal>| Query { body, variables: rule.variables.clone() };
    let stored = query(rule.body.iter().filter(|literal| !is_asked(literal)).cloned().collect());
    let generator = decider.prepare_query(&stored);
    // Planning the whole body plans the decisions that it asks.
    decider.prepare_query(&query(rule.body.clone()));
    let (decider, questions) = (&*decider, rule.body.iter().filter(is_asked).collect::<Vec<_>>());
    let told = told(rule);
    let mut found = Found { told: &told, kept: FxHashMap::default(), limit: bounds.instances, full: false };
    let mut asked_so_far = 0;
    let mut waiting: Vec<Instance> = Vec::new();
    let answers = |waiting: &mut Vec<Instance>, found: &mut Found| {
        let pieces: Vec<&[Instance]> = waiting.chunks(PIECE).collect();
        let holds = |solver: &mut Solver, piece: usize| {
            let holds =
                |bindings: &&Instance| questions.iter().all(|literal| answer(solver, decider, literal, bindings));
            let held = pieces[piece].iter().filter(holds).cloned().collect::<Vec<Instance>>();
            (bounds.asked)(pieces[piece].len() as u64);
            held
        };
        let take = |instances: Vec<Instance>| instances.into_iter().try_for_each(|instance| found.take(instance));
        in_order(pieces.len(), bounds.threads, || Solver::new(decider), holds, take);
        waiting.clear();
    };
    let mut more = false;
    Solver::new(decider).answers_to(&generator, |bindings| {
        if asked_so_far == bounds.questions {
            more = true;
            return ControlFlow::Break(());
        }
        asked_so_far += 1;
        waiting.push(SmallVec::from_slice(bindings));
        if waiting.len() == PIECE * PIECES {
            answers(&mut waiting, &mut found);
        }
        if found.full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    answers(&mut waiting, &mut found);
    more |= found.full;
    let mut instances: Vec<Instance> = found.kept.into_values().collect();
    let order = |one: &Instance, other: &Instance| {
        let compare = |variable: &VariableId| {
            let at = variable.index();
            decider.model().database.compare(program, rule.variables[at].ty, one[at], other[at])
        };
        told.iter().map(compare).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    };
    instances.sort_by(order);
    let things: FxHashSet<SmallVec<[Value; 4]>> = instances.iter().map(|instance| heads(rule, instance)).collect();
    Ok(Finding { rule: id, things: things.len(), instances, more })
}

/// The instances so far: of those that name the same, the one with the least values.
struct Found<'f> {
    told: &'f [VariableId],
    kept: FxHashMap<SmallVec<[Value; 4]>, Instance>,
    limit: usize,
    full: bool,
}

impl Found<'_> {
    fn take(&mut self, instance: Instance) -> ControlFlow<()> {
        let key = self.told.iter().map(|variable| instance[variable.index()]).collect();
        let has_room = self.kept.len() < self.limit;
        match self.kept.entry(key) {
            Entry::Occupied(mut known) if instance < *known.get() => {
                known.insert(instance);
            }
            Entry::Occupied(_) => {}
            Entry::Vacant(place) if has_room => {
                place.insert(instance);
            }
            Entry::Vacant(_) => {
                self.full = true;
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }
}

/// The variables of the head, then those of the explanation, each once.
fn told(rule: &Rule) -> Vec<VariableId> {
    let head = rule.head.terms.iter().rev().filter_map(variable);
    let named = rule.explanation.iter().filter_map(|part| match part {
        ExplanationPart::Variable(variable) => Some(*variable),
        ExplanationPart::Words(_) => None,
    });
    let mut told: Vec<VariableId> = Vec::new();
    for variable in head.chain(named) {
        if !told.contains(&variable) {
            told.push(variable);
        }
    }
    told
}

fn heads(rule: &Rule, instance: &Instance) -> SmallVec<[Value; 4]> {
    rule.head.terms.iter().filter_map(variable).map(|variable| instance[variable.index()]).collect()
}

fn variable(term: &Term) -> Option<VariableId> {
    match term {
        Term::Variable(variable) => Some(*variable),
        Term::Constant(_) | Term::Wildcard => None,
    }
}

/// The atom of a literal about a decision, and whether it should hold.
fn asked<'a>(program: &Program, literal: &'a Literal) -> Option<(&'a Atom, bool)> {
    let (atom, holds) = match literal {
        Literal::Positive(atom) => (atom, true),
        Literal::Negative(atom) => (atom, false),
        Literal::Comparison(_) => return None,
    };
    (program.relation(atom.relation).kind == RelationKind::Decision).then_some((atom, holds))
}

fn answer(solver: &mut Solver, decider: &Decider, literal: &Literal, bindings: &Instance) -> bool {
    let model = decider.model();
    let Some((atom, wanted)) = asked(model.program, literal) else { return true };
    let argument = |term: &Term| match term {
        Term::Variable(variable) => Some(bindings[variable.index()]),
        Term::Constant(constant) => Some(model.database.constant(*constant)),
        Term::Wildcard => None,
    };
    let arguments: Option<SmallVec<[Value; 6]>> = atom.terms.iter().map(argument).collect();
    arguments.is_some_and(|arguments| solver.holds(atom.relation, &arguments) == wanted)
}

/// A variable that no stored literal binds.
fn open_variable(program: &Program, rule: &Rule) -> Option<VariableId> {
    let mut bound = vec![false; rule.variables.len()];
    for literal in &rule.body {
        if let Literal::Positive(atom) = literal
            && asked(program, literal).is_none()
        {
            atom.terms.iter().filter_map(variable).for_each(|variable| bound[variable.index()] = true);
        }
    }
    let is_known = |bound: &[bool], term: &Term| variable(term).is_none_or(|variable| bound[variable.index()]);
    let mut grows = true;
    while std::mem::take(&mut grows) {
        for literal in &rule.body {
            let Literal::Comparison(comparison) = literal else { continue };
            let sides = [(comparison.left, comparison.right), (comparison.right, comparison.left)];
            for (from, to) in sides.iter().filter(|_| comparison.operator == Operator::Equal) {
                if let Some(to) = variable(to).filter(|to| !bound[to.index()] && is_known(&bound, from)) {
                    bound[to.index()] = true;
                    grows = true;
                }
            }
        }
    }
    bound.iter().position(|bound| !bound).map(|at| VariableId(at as u32))
}
