//! Finding sets of edits: what is asked for is followed down the rules to the facts that would make it hold, or keep it
//! from holding; one edit is made, and the question is asked again of what then follows.
//!
//! Every repair is found this way, because each step takes all edits that could come next in any repair: of a rule that
//! should conclude something, the ways to one literal that fails; of a derivation that should not be there, the ways to
//! break it. What was cut short is said.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::compiler::program::{Atom, Literal, RelationId, RelationKind, Rule};
use crate::data::Value;
use crate::decision::Request;
use crate::explain::repair::Bounds;
use crate::explain::repair::domain::Domain;
use crate::explain::repair::edit::{self, Edit};
use crate::explain::world::{Bindings, Compared, Fact, Ground, Pattern, Row, World, is_known};

/// How many sets of edits are tried.
const TRIED: usize = 20_000;

/// How many rows of a literal are gone through.
const ROWS: usize = 2_000;

/// How many facts of one pattern are tried.
const FACTS: usize = 4_000;

/// How many partial instances of rules are gone through for one step.
const INSTANCES: usize = 20_000;

/// How many facts of a prohibition are looked through for the inputs that it rests on.
const FORBIDDING: usize = 1_000;

/// Finds repairs of one request.
pub struct Search<'s, 'm> {
    ground: &'s Ground<'m>,
    request: &'s Request,
    bounds: &'s Bounds<'s>,
    domain: Domain<'s, 'm>,
    /// Whether the answer should become yes.
    allowing: bool,
    /// By relation: whether an edit can change it.
    fixable: Vec<bool>,
    tried: usize,
    cut: Cell<bool>,
}

impl<'s, 'm> Search<'s, 'm> {
    /// A search for what allows a request, or denies it.
    pub fn new(ground: &'s Ground<'m>, request: &'s Request, bounds: &'s Bounds<'s>, allowing: bool) -> Search<'s, 'm> {
        let fixable = ground.reached_from(bounds.changeable.iter());
        let domain = Domain::new(ground, bounds.levels, request);
        Search { ground, request, bounds, domain, allowing, fixable, tried: 0, cut: Cell::new(false) }
    }

    /// Whether something was left out.
    pub fn is_cut(&self) -> bool {
        self.cut.get()
    }

    /// The sets of so many edits that turn the answer, where no smaller set does.
    pub fn of_size(&mut self, size: usize) -> Vec<Vec<Edit>> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        self.extend(Vec::new(), size, &mut seen, &mut found);
        found
    }

    /// The inputs of the facts that a prohibition of the request rests on, sorted; none where no rule forbids.
    pub fn forbidding(&self) -> Vec<RelationId> {
        let world = World::unchanged(self.ground);
        let program = self.ground.program();
        let mut inputs = BTreeSet::new();
        let mut seen = FxHashSet::default();
        let mut open: Vec<(RelationId, Row)> = Vec::new();
        open.extend(self.request.authorization.deny.map(|deny| (deny, self.asked())));
        while let Some((relation, row)) = open.pop() {
            if seen.len() == FORBIDDING || !seen.insert((relation, row.clone())) {
                continue;
            }
            if program.relation(relation).kind == RelationKind::Input {
                if self.domain.is_data(&Fact { relation, row }) {
                    inputs.insert(relation);
                }
                continue;
            }
            for (id, bindings) in world.instances(relation, &row, true) {
                let positive = program.rule(id).body.iter().filter_map(|literal| match literal {
                    Literal::Positive(atom) => Some(atom),
                    Literal::Negative(_) | Literal::Comparison(_) => None,
                });
                for atom in positive {
                    let premise = world.first(atom.relation, &self.ground.pattern(&atom.terms, &bindings));
                    open.extend(premise.map(|row| (atom.relation, row)));
                }
            }
        }
        inputs.into_iter().collect()
    }

    fn extend(&mut self, edits: Vec<Edit>, left: usize, seen: &mut FxHashSet<Vec<Edit>>, found: &mut Vec<Vec<Edit>>) {
        if self.tried >= TRIED {
            self.cut.set(true);
            return;
        }
        self.tried += 1;
        let world = World::new(self.ground, &edit::changes(&edits));
        if self.is_allowed(&world) == self.allowing {
            if left == 0 {
                found.push(edits);
            }
            return;
        }
        if left == 0 {
            return;
        }
        for edit in self.next(&world, left) {
            if edits.iter().any(|other| contradicts(other, &edit)) {
                continue;
            }
            let mut more = edits.clone();
            more.push(edit);
            more.sort_unstable();
            if seen.insert(more.clone()) {
                self.extend(more, left - 1, seen, found);
            }
        }
    }

    fn asked(&self) -> Row {
        Row::from_slice(&[self.request.subject, Value(self.request.action.0), self.request.resource])
    }

    fn is_allowed(&self, world: &World) -> bool {
        let asked: Pattern = self.asked().into_iter().map(Some).collect();
        let authorization = self.request.authorization;
        !authorization.deny.is_some_and(|deny| world.holds(deny, &asked)) && world.holds(authorization.allow, &asked)
    }

    /// The edits that may come next, where so many are left.
    fn next(&self, world: &World, left: usize) -> BTreeSet<Edit> {
        let step = Step {
            search: self,
            world,
            edits: RefCell::default(),
            open: RefCell::default(),
            breaking: RefCell::default(),
            instances: Cell::new(0),
        };
        let asked = self.asked();
        let pattern: Pattern = asked.iter().copied().map(Some).collect();
        let authorization = self.request.authorization;
        let denied = authorization.deny.filter(|deny| world.holds(*deny, &pattern));
        match (self.allowing, denied) {
            (true, Some(deny)) => step.break_up(deny, &asked, left),
            (true, None) => step.bring_about(authorization.allow, &pattern, left),
            (false, _) => {
                step.break_up(authorization.allow, &asked, left);
                if let Some(deny) = authorization.deny {
                    step.bring_about(deny, &pattern, left);
                }
            }
        }
        step.edits.into_inner()
    }
}

/// Whether two edits are about one fact.
fn contradicts(one: &Edit, other: &Edit) -> bool {
    let facts = |edit: &Edit| -> SmallVec<[Fact; 2]> {
        match edit {
            Edit::Add(fact) | Edit::Remove(fact) => std::iter::once(fact.clone()).collect(),
            Edit::Replace { old, new } => [old.clone(), new.clone()].into_iter().collect(),
        }
    };
    let others = facts(other);
    facts(one).iter().any(|fact| others.contains(fact))
}

/// Gathers the edits of one step.
struct Step<'t, 's, 'g, 'm> {
    search: &'t Search<'s, 'm>,
    world: &'t World<'g, 'm>,
    edits: RefCell<BTreeSet<Edit>>,
    /// What is being brought about, with the most edits it was tried with.
    open: RefCell<FxHashMap<(RelationId, Pattern), usize>>,
    /// What is being broken up.
    breaking: RefCell<FxHashSet<(RelationId, Row)>>,
    instances: Cell<usize>,
}

/// What a literal of a partial instance is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Open,
    Held,
    Failed,
    /// It depends on what a failing literal will bind.
    Later,
}

/// A rule with some of its literals decided.
#[derive(Clone, Debug)]
struct Instance {
    bindings: Bindings,
    status: SmallVec<[Status; 8]>,
}

impl Step<'_, '_, '_, '_> {
    fn may_add(&self) -> bool {
        self.search.allowing || self.search.bounds.may_add
    }

    /// The edits that may be part of making something hold which does not.
    fn bring_about(&self, relation: RelationId, pattern: &Pattern, left: usize) {
        if !self.search.fixable[relation.index()] || !self.may_add() {
            return;
        }
        if self.search.bounds.changeable.contains(relation) {
            self.add(relation, pattern, &|_| true);
        }
        self.by_rules(relation, pattern, left);
    }

    fn by_rules(&self, relation: RelationId, pattern: &Pattern, left: usize) {
        let ground = self.search.ground;
        if ground.program().relation(relation).aggregate.is_some() {
            // A fold over more or fewer facts is not followed.
            self.search.cut.set(true);
            return;
        }
        let known = self.open.borrow().get(&(relation, pattern.clone())).copied();
        if known.is_some_and(|known| known >= left) {
            return;
        }
        self.open.borrow_mut().insert((relation, pattern.clone()), left);
        for id in ground.rules_for(relation, pattern).iter() {
            let rule = ground.program().rule(*id);
            let Some(bindings) = ground.head_bindings(rule, pattern) else { continue };
            let status = std::iter::repeat_n(Status::Open, rule.body.len()).collect();
            self.complete(rule, Instance { bindings, status }, left);
        }
    }

    /// Adds each fact of a pattern that `fits` wants.
    fn add(&self, relation: RelationId, pattern: &Pattern, fits: &dyn Fn(&Row) -> bool) {
        let whole = self.search.domain.additions(self.world, relation, pattern, FACTS, |row, edit| {
            if fits(row) {
                self.edits.borrow_mut().insert(edit);
            }
        });
        if !whole {
            self.search.cut.set(true);
        }
    }

    /// Decides the open literals of an instance, and takes the ways to one that fails.
    fn complete(&self, rule: &Rule, instance: Instance, left: usize) {
        self.instances.set(self.instances.get() + 1);
        if self.instances.get() > INSTANCES {
            self.search.cut.set(true);
            return;
        }
        let open = (0..rule.body.len()).filter(|at| instance.status[*at] == Status::Open);
        let cost = |at: &usize| self.world.cost(&rule.body[*at], &instance.bindings);
        let Some(at) = open.min_by(|one, other| cost(one).total_cmp(&cost(other))) else {
            return self.mend(rule, &instance, left);
        };
        match &rule.body[at] {
            Literal::Comparison(comparison) => {
                let mut instance = instance;
                match self.world.compare(rule, comparison, &instance.bindings) {
                    // Another row of what binds its sides is tried where that is taken as failing.
                    Compared::Fails => return,
                    Compared::Binds(variable, value) => instance.bindings[variable] = Some(value),
                    Compared::Holds => {}
                }
                let sides = [&comparison.left, &comparison.right];
                let known = sides.iter().all(|side| self.search.ground.value(side, &instance.bindings).is_some());
                instance.status[at] = if known { Status::Held } else { Status::Later };
                self.complete(rule, instance, left);
            }
            Literal::Negative(atom) => {
                let pattern = self.search.ground.pattern(&atom.terms, &instance.bindings);
                let status = match is_known(&atom.terms, &pattern) {
                    false => Status::Later,
                    true if self.world.holds(atom.relation, &pattern) => Status::Failed,
                    true => Status::Held,
                };
                self.decide(rule, instance, at, atom, status, left);
            }
            Literal::Positive(atom) => self.positive(rule, instance, at, atom, left),
        }
    }

    fn decide(&self, rule: &Rule, mut instance: Instance, at: usize, atom: &Atom, status: Status, left: usize) {
        if status == Status::Failed && !self.search.fixable[atom.relation.index()] {
            return;
        }
        instance.status[at] = status;
        if status == Status::Failed && self.least(rule, &instance) > left {
            return;
        }
        self.complete(rule, instance, left);
    }

    /// How many edits the failing literals take at least: facts of inputs one each, and what is derived may share them.
    fn least(&self, rule: &Rule, instance: &Instance) -> usize {
        let mut facts: SmallVec<[(RelationId, Pattern); 4]> = SmallVec::new();
        let mut any = 0;
        for (at, literal) in rule.body.iter().enumerate().filter(|(at, _)| instance.status[*at] == Status::Failed) {
            any = 1;
            debug_assert!(at < rule.body.len());
            if let Literal::Positive(atom) = literal
                && self.search.ground.rules_of(atom.relation).is_empty()
            {
                let fact = (atom.relation, self.search.ground.pattern(&atom.terms, &instance.bindings));
                if !facts.contains(&fact) {
                    facts.push(fact);
                }
            }
        }
        facts.len().max(any)
    }

    fn positive(&self, rule: &Rule, instance: Instance, at: usize, atom: &Atom, left: usize) {
        let ground = self.search.ground;
        let pattern = ground.pattern(&atom.terms, &instance.bindings);
        let decision = ground.program().relation(atom.relation).kind == RelationKind::Decision;
        if is_known(&atom.terms, &pattern) {
            let holds = self.world.holds(atom.relation, &pattern);
            let status = if holds { Status::Held } else { Status::Failed };
            return self.decide(rule, instance, at, atom, status, left);
        }
        if decision {
            return self.decide(rule, instance, at, atom, Status::Later, left);
        }
        let mut rows: BTreeSet<Pattern> = BTreeSet::new();
        let _ = self.world.each(atom.relation, &pattern, &mut |row| {
            if rows.len() == ROWS {
                self.search.cut.set(true);
                return ControlFlow::Break(());
            }
            rows.insert(row.iter().copied().map(Some).collect());
            ControlFlow::Continue(())
        });
        for row in &rows {
            let mut instance = instance.clone();
            if self.world.bind(rule, atom, row, &mut instance.bindings) {
                self.decide(rule, instance, at, atom, Status::Held, left);
            }
        }
        self.decide(rule, instance, at, atom, Status::Failed, left);
    }

    /// The ways to one literal that fails: to one that is known before one that is not.
    fn mend(&self, rule: &Rule, instance: &Instance, left: usize) {
        let ground = self.search.ground;
        let failed = (0..rule.body.len()).filter(|at| instance.status[*at] == Status::Failed);
        let openness = |at: &usize| match &rule.body[*at] {
            Literal::Comparison(_) => 0,
            Literal::Positive(atom) | Literal::Negative(atom) => {
                let pattern = ground.pattern(&atom.terms, &instance.bindings);
                pattern.iter().zip(&atom.terms).filter(|(value, _)| value.is_none()).count()
            }
        };
        let failing: SmallVec<[usize; 4]> = failed.collect();
        let Some(at) = failing.iter().copied().min_by_key(openness) else { return };
        match &rule.body[at] {
            Literal::Comparison(_) => {}
            Literal::Negative(atom) => {
                let pattern = ground.pattern(&atom.terms, &instance.bindings);
                self.break_up_any(atom.relation, &pattern, left);
            }
            Literal::Positive(atom) => {
                let pattern = ground.pattern(&atom.terms, &instance.bindings);
                let last = left == 1 && failing.len() == 1;
                if self.search.bounds.changeable.contains(atom.relation) && self.may_add() {
                    let fits = |row: &Row| self.leads_on(rule, instance, at, atom, row, last);
                    self.add(atom.relation, &pattern, &fits);
                }
                if !ground.rules_of(atom.relation).is_empty() && self.may_add() {
                    self.by_rules(atom.relation, &pattern, left);
                }
            }
        }
    }

    /// Whether a new fact for a failing literal leaves the comparisons of the rule true, and, where it is the last edit,
    /// the literals that it binds and does not reach.
    fn leads_on(&self, rule: &Rule, instance: &Instance, at: usize, atom: &Atom, row: &Row, last: bool) -> bool {
        let row: Pattern = row.iter().copied().map(Some).collect();
        let mut bindings = instance.bindings.clone();
        if !self.world.bind(rule, atom, &row, &mut bindings) {
            return false;
        }
        let reached = |relation: RelationId| {
            let changed = self.search.ground.reached_from([atom.relation]);
            changed[relation.index()]
        };
        let later = (0..rule.body.len()).filter(|other| *other != at && instance.status[*other] == Status::Later);
        later.map(|other| &rule.body[other]).all(|literal| match literal {
            Literal::Comparison(comparison) => self.world.compare(rule, comparison, &bindings) != Compared::Fails,
            Literal::Positive(other) | Literal::Negative(other) => {
                let pattern = self.search.ground.pattern(&other.terms, &bindings);
                let wanted = matches!(literal, Literal::Positive(_));
                !last
                    || !is_known(&other.terms, &pattern)
                    || reached(other.relation)
                    || self.world.holds(other.relation, &pattern) == wanted
            }
        })
    }

    /// The edits that may be part of ending all that fits a pattern: those that end the first.
    fn break_up_any(&self, relation: RelationId, pattern: &Pattern, left: usize) {
        if let Some(row) = self.world.first(relation, pattern) {
            self.break_up(relation, &row, left);
        }
    }

    /// The edits that may be part of ending something that holds: those that break its first derivation.
    fn break_up(&self, relation: RelationId, row: &Row, left: usize) {
        let ground = self.search.ground;
        let fresh = self.breaking.borrow_mut().insert((relation, row.clone()));
        if !fresh || !self.search.fixable[relation.index()] {
            return;
        }
        let exact: Pattern = row.iter().copied().map(Some).collect();
        let decision = ground.program().relation(relation).kind == RelationKind::Decision;
        if !decision && self.world.has_fact(relation, &exact) {
            let fact = Fact { relation, row: row.clone() };
            if self.search.bounds.changeable.contains(relation) && self.search.domain.is_data(&fact) {
                self.edits.borrow_mut().extend(self.search.domain.replacements(self.world, &fact));
                self.edits.borrow_mut().insert(Edit::Remove(fact));
            }
            return;
        }
        if ground.program().relation(relation).aggregate.is_some() {
            self.search.cut.set(true);
            return;
        }
        // What rests on itself may have a first derivation that goes in a circle.
        let first = !ground.is_recursive(relation);
        for (id, bindings) in self.world.instances(relation, row, first) {
            for literal in &ground.program().rule(id).body {
                match literal {
                    Literal::Comparison(_) => {}
                    Literal::Positive(atom) => {
                        self.break_up_any(atom.relation, &ground.pattern(&atom.terms, &bindings), left);
                    }
                    Literal::Negative(atom) => {
                        self.bring_about(atom.relation, &ground.pattern(&atom.terms, &bindings), left);
                    }
                }
            }
        }
    }
}
