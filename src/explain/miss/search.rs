//! For a rule and what it should conclude: the values with which least is missing. A literal holds for a row, or is
//! taken as failing; what a failing one would take is looked for in its own rules in turn.

use std::borrow::Borrow;
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::ops::ControlFlow;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::compiler::program::{Atom, Comparison, Literal, RelationId, RelationKind, Rule, RuleId, Term};
use crate::data::Value;
use crate::explain::changeable;
use crate::explain::miss::bounds::Bounds;
use crate::explain::miss::{Failed, Miss};
use crate::explain::world::{Bindings, Compared, Pattern, World, is_known};

/// How far a rule is from concluding something. The least is nearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Distance {
    /// How many facts would have to change, where one that says what a thing is counts as three: so that nobody becomes an
    /// administrator to read a chat.
    weight: u32,
    /// How many of them leave open what they are about.
    open: u32,
    /// How many literals hold.
    held: Reverse<usize>,
    /// How many facts would have to change, as far as is known.
    pub facts: u32,
}

impl Distance {
    /// Whether nothing can be nearer.
    pub fn is_least(self) -> bool {
        self.weight <= Price::LINK.weight
    }
}

/// What something would take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price {
    /// As in [`Distance`].
    pub weight: u32,
    /// As in [`Distance`].
    pub open: u32,
    /// As in [`Distance`].
    pub facts: u32,
}

impl Price {
    /// A fact that links things.
    const LINK: Price = Price { weight: 1, open: 0, facts: 1 };
    /// A fact that says what a thing is.
    const NATURE: Price = Price { weight: 3, open: 0, facts: 1 };

    fn plus(self, other: Price) -> Price {
        Price { weight: self.weight + other.weight, open: self.open + other.open, facts: self.facts + other.facts }
    }
}

/// What it takes to let a literal fail that has rows, of which none leads further: such an instance tells less than one
/// about things that are there.
const LEAVING: u32 = 3;

/// So many more instances are weighed, when one is found that nothing is nearer than.
const MORE: usize = 6;

/// What a literal is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Open,
    Held,
    Failed,
    /// It says nothing about what is known.
    Silent,
}

/// A rule with some of its literals decided.
#[derive(Clone, Debug)]
struct Instance {
    bindings: Bindings,
    status: SmallVec<[Status; 8]>,
    /// What it takes at least.
    least: u32,
}

/// The order of instances of one rule: what they take, whether something is in the way (which tells more than a level
/// that is too low), what is left open, how far apart compared values are, how many literals hold.
type Rank = (u32, Reverse<bool>, u32, u32, Reverse<usize>);

/// The nearest miss of each statement, and whether a nearer one may have been left out; nothing where there is none, or
/// while it is looked for.
type Known = FxHashMap<(RelationId, Pattern), (Option<Rc<Miss>>, bool)>;

/// Finds what is nearest. What was found once is remembered.
pub struct Search<'s, 'g, 'm> {
    /// Where.
    pub world: &'s World<'g, 'm>,
    bounds: Bounds,
    known: RefCell<Known>,
    depth: Cell<usize>,
    work_left: Cell<u64>,
    /// Whether something was left out that could have been nearer than what was found.
    cut: Cell<bool>,
}

impl<'s, 'g, 'm> Search<'s, 'g, 'm> {
    /// A search that goes so far.
    pub fn new(world: &'s World<'g, 'm>, bounds: Bounds) -> Search<'s, 'g, 'm> {
        let (depth, work_left, cut) = (Cell::new(0), Cell::new(bounds.work), Cell::new(false));
        Search { world, bounds, known: RefCell::default(), depth, work_left, cut }
    }

    /// Whether something was left out that could have been nearer.
    pub fn is_cut(&self) -> bool {
        self.cut.get()
    }

    /// Whether all work was done before the end.
    pub fn is_exhausted(&self) -> bool {
        self.work_left.get() == 0
    }

    /// How far the next search goes, if any: wider, with the work that this one left.
    pub fn wider(&self) -> Option<Bounds> {
        self.bounds.wider(self.work_left.get())
    }

    /// Takes a row or a literal; `Break` where that is one too many.
    fn work(&self) -> ControlFlow<()> {
        let left = self.work_left.get().saturating_sub(1);
        self.work_left.set(left);
        if left > 0 {
            return ControlFlow::Continue(());
        }
        self.cut.set(true);
        ControlFlow::Break(())
    }

    /// The nearest miss of each rule that could conclude a pattern, in the order of the rules.
    pub fn every_rule(&self, relation: RelationId, pattern: &[Option<Value>]) -> Vec<Rc<Miss>> {
        let rules = self.world.ground.rules_for(relation, pattern);
        let rules = rules.iter();
        rules.filter_map(|rule| self.rule(*rule, pattern)).map(Rc::new).collect()
    }

    /// The nearest miss of something that rules derive.
    pub fn nearest(&self, relation: RelationId, pattern: &[Option<Value>]) -> Option<Rc<Miss>> {
        let key = (relation, Pattern::from_slice(pattern));
        if let Some((nearest, cut)) = self.known.borrow().get(&key) {
            self.cut.set(self.cut.get() || *cut);
            return nearest.clone();
        }
        // How far a closure is from reaching something says little; that it does not reach it says enough.
        if self.world.ground.is_recursive(relation) {
            return None;
        }
        if self.world.ground.rules_for(relation, pattern).is_empty() {
            return None;
        }
        if self.depth.get() >= self.bounds.depth {
            self.cut.set(true);
            return None;
        }
        // What rests on itself is not nearer for it.
        self.known.borrow_mut().insert(key.clone(), (None, false));
        self.depth.set(self.depth.get() + 1);
        let (nearest, cut) = self.bounded(|| {
            let misses = self.every_rule(relation, pattern).into_iter();
            misses.min_by_key(|miss| (miss.distance.weight, !self.is_obstructed(miss)))
        });
        self.depth.set(self.depth.get() - 1);
        self.known.borrow_mut().insert(key, (nearest.clone(), cut));
        nearest
    }

    /// Finds a miss, and whether something was left out that could have been nearer: nothing is nearer than a single link.
    fn bounded<M: Borrow<Miss>>(&self, find: impl FnOnce() -> Option<M>) -> (Option<M>, bool) {
        let before = self.cut.replace(false);
        let found = find();
        let cut = self.cut.get() && !found.as_ref().is_some_and(|miss| miss.borrow().distance.is_least());
        self.cut.set(before || cut);
        (found, cut)
    }

    fn is_obstructed(&self, miss: &Miss) -> bool {
        miss.failed.iter().any(|failed| matches!(failed, Failed::Present(_)))
    }

    /// What it takes that something holds which does not; nothing where no change does.
    pub fn price(&self, relation: RelationId, pattern: &[Option<Value>]) -> Option<Price> {
        let open = pattern.iter().filter(|value| value.is_none()).count() as u32;
        let derived = self.nearest(relation, pattern).map(|miss| miss.distance);
        let derived =
            derived.map(|distance| Price { weight: distance.weight, open: distance.open, facts: distance.facts });
        let fact = self.price_of_fact(relation).map(|price| Price { open, ..price });
        fact.into_iter().chain(derived).min()
    }

    /// What it takes to add a fact, or to take it away.
    fn price_of_fact(&self, relation: RelationId) -> Option<Price> {
        let program = self.world.ground.program();
        let is_input = program.relation(relation).kind == RelationKind::Input;
        if self.world.ground.is_recursive(relation) {
            return Some(Price::LINK);
        }
        let price = if changeable::links(program, relation) { Price::LINK } else { Price::NATURE };
        is_input.then_some(price)
    }

    /// What it takes that something no longer holds, as far as its first derivation tells.
    pub fn price_of_undoing(&self, relation: RelationId, pattern: &[Option<Value>]) -> Option<Price> {
        let (row, instance) = self.holding(relation, pattern)?;
        let Some((rule, bindings)) = instance else { return self.price_of_fact(relation) };
        if row.iter().any(Option::is_none) || self.depth.get() >= self.bounds.depth {
            return Some(Price::NATURE);
        }
        self.depth.set(self.depth.get() + 1);
        let body = &self.world.ground.program().rule(rule).body;
        let price = body.iter().filter_map(|literal| match literal {
            Literal::Comparison(_) => None,
            Literal::Positive(atom) => {
                self.price_of_undoing(atom.relation, &self.world.ground.pattern(&atom.terms, &bindings))
            }
            Literal::Negative(atom) => self.price(atom.relation, &self.world.ground.pattern(&atom.terms, &bindings)),
        });
        let price = price.min();
        self.depth.set(self.depth.get() - 1);
        price
    }

    /// The nearest instance of a rule for what it should conclude; nothing where no change of facts makes it conclude that.
    fn rule(&self, id: RuleId, pattern: &[Option<Value>]) -> Option<Miss> {
        let rule = self.world.ground.program().rule(id);
        let bindings = self.world.ground.head_bindings(rule, pattern)?;
        let asked: SmallVec<[bool; 12]> = bindings.iter().map(Option::is_some).collect();
        let status = std::iter::repeat_n(Status::Open, rule.body.len()).collect();
        let mut best = Best { asked, instances: 0, most: self.bounds.instances(self.depth.get()), found: None };
        let (miss, _) = self.bounded(|| {
            let _ = self.go_on(rule, Instance { bindings, status, least: 0 }, &mut best);
            let (_, price, instance) = best.found?;
            Some(self.miss(id, price, instance))
        });
        miss
    }

    /// Decides the literals that are open; `Break` when enough was looked at.
    fn go_on(&self, rule: &Rule, instance: Instance, best: &mut Best) -> ControlFlow<()> {
        self.work()?;
        if best.found.as_ref().is_some_and(|((weight, ..), ..)| instance.least > *weight) {
            return ControlFlow::Continue(());
        }
        let open = (0..rule.body.len()).filter(|at| instance.status[*at] == Status::Open);
        let cost = |at: &usize| self.world.cost(&rule.body[*at], &instance.bindings);
        let Some(at) = open.min_by(|one, other| cost(one).total_cmp(&cost(other))) else {
            return self.weigh(rule, instance, best);
        };
        match &rule.body[at] {
            Literal::Comparison(comparison) => self.comparison(rule, at, comparison, instance, best),
            Literal::Negative(atom) => {
                let pattern = self.world.ground.pattern(&atom.terms, &instance.bindings);
                let status = match is_known(&atom.terms, &pattern) {
                    false => Status::Silent,
                    true if self.world.holds(atom.relation, &pattern) => Status::Failed,
                    true => Status::Held,
                };
                self.decide(rule, at, status, 1, instance, best)
            }
            Literal::Positive(atom) => self.positive(rule, at, atom, instance, best),
        }
    }

    fn decide(
        &self,
        rule: &Rule,
        at: usize,
        status: Status,
        weight: u32,
        mut instance: Instance,
        best: &mut Best,
    ) -> ControlFlow<()> {
        instance.status[at] = status;
        if status == Status::Failed {
            instance.least += weight;
        }
        self.go_on(rule, instance, best)
    }

    fn comparison(
        &self,
        rule: &Rule,
        at: usize,
        comparison: &Comparison,
        mut instance: Instance,
        best: &mut Best,
    ) -> ControlFlow<()> {
        match self.world.compare(rule, comparison, &instance.bindings) {
            Compared::Holds => {
                let sides = [&comparison.left, &comparison.right];
                let known = sides.iter().all(|side| self.world.ground.value(side, &instance.bindings).is_some());
                let status = if known { Status::Held } else { Status::Silent };
                self.decide(rule, at, status, 0, instance, best)
            }
            Compared::Binds(variable, value) => {
                instance.bindings[variable] = Some(value);
                self.decide(rule, at, Status::Held, 0, instance, best)
            }
            // What was asked and what the rule says do not change with the facts.
            Compared::Fails if best.is_asked(&comparison.left) && best.is_asked(&comparison.right) => {
                ControlFlow::Continue(())
            }
            Compared::Fails => self.decide(rule, at, Status::Failed, 1, instance, best),
        }
    }

    fn positive(&self, rule: &Rule, at: usize, atom: &Atom, instance: Instance, best: &mut Best) -> ControlFlow<()> {
        let pattern = self.world.ground.pattern(&atom.terms, &instance.bindings);
        let derived = !self.world.ground.rules_of(atom.relation).is_empty();
        let weight = if derived { 1 } else { self.price_of_fact(atom.relation).map_or(0, |price| price.weight) };
        let may_fail = !self.world.ground.is_fixed(atom.relation);
        let decision = self.world.ground.program().relation(atom.relation).kind == RelationKind::Decision;
        let known = is_known(&atom.terms, &pattern);
        if decision && !known {
            // Nobody asks for whom it holds: that may take a walk over everything there is.
            return self.decide(rule, at, Status::Silent, 0, instance, best);
        }
        if known {
            return match self.world.holds(atom.relation, &pattern) {
                true => self.decide(rule, at, Status::Held, 0, instance, best),
                false if may_fail => self.decide(rule, at, Status::Failed, weight, instance, best),
                false => ControlFlow::Continue(()),
            };
        }
        let mut rows: Vec<Pattern> = Vec::new();
        let _ = self.world.each(atom.relation, &pattern, &mut |row| {
            self.work()?;
            if rows.len() == self.bounds.rows(self.depth.get()) {
                self.cut.set(true);
                return ControlFlow::Break(());
            }
            let row: Pattern = row.iter().copied().map(Some).collect();
            rows.push(row);
            ControlFlow::Continue(())
        });
        // The order in which rows lie depends on how they were derived; that of their values does not.
        rows.sort_unstable();
        rows.dedup();
        for row in &rows {
            let mut instance = instance.clone();
            if self.world.bind(rule, atom, row, &mut instance.bindings) {
                self.decide(rule, at, Status::Held, 0, instance, best)?;
            }
        }
        match may_fail {
            true if rows.is_empty() => self.decide(rule, at, Status::Failed, weight, instance, best),
            true => self.decide(rule, at, Status::Failed, weight + LEAVING, instance, best),
            false => ControlFlow::Continue(()),
        }
    }

    /// Compares an instance of which every literal is decided with the best so far.
    fn weigh(&self, rule: &Rule, instance: Instance, best: &mut Best) -> ControlFlow<()> {
        best.instances += 1;
        if best.instances > best.most {
            self.cut.set(true);
            return ControlFlow::Break(());
        }
        let (mut price, mut gap, mut obstructed) = (Price::default(), 0, false);
        let failed = (0..rule.body.len()).filter(|at| instance.status[*at] == Status::Failed);
        for literal in failed.map(|at| &rule.body[at]) {
            let more = match literal {
                Literal::Comparison(comparison) => {
                    gap += self.gap(comparison, &instance.bindings);
                    Some(Price::LINK)
                }
                Literal::Negative(atom) => {
                    obstructed = true;
                    self.price_of_undoing(atom.relation, &self.world.ground.pattern(&atom.terms, &instance.bindings))
                }
                Literal::Positive(atom) => {
                    let pattern = self.world.ground.pattern(&atom.terms, &instance.bindings);
                    // What holds after all is an instance of its own, or one of which nothing is known.
                    match self.world.holds(atom.relation, &pattern) {
                        true => None,
                        false => self.price(atom.relation, &pattern),
                    }
                }
            };
            let Some(more) = more else { return ControlFlow::Continue(()) };
            price = price.plus(more);
            if best.found.as_ref().is_some_and(|((weight, ..), ..)| price.weight > *weight) {
                return ControlFlow::Continue(());
            }
        }
        let held = instance.status.iter().filter(|status| **status == Status::Held).count();
        let rank = (price.weight, Reverse(obstructed), price.open, gap, Reverse(held));
        if best.found.as_ref().is_none_or(|(other, ..)| rank < *other) {
            if price.weight <= Price::LINK.weight {
                best.most = best.most.min(best.instances + MORE);
            }
            best.found = Some((rank, price, instance));
        }
        ControlFlow::Continue(())
    }

    /// How far apart the sides of a comparison are.
    fn gap(&self, comparison: &Comparison, bindings: &Bindings) -> u32 {
        let sides = [&comparison.left, &comparison.right].map(|side| self.world.ground.value(side, bindings));
        match sides {
            [Some(left), Some(right)] => left.0.abs_diff(right.0),
            _ => 0,
        }
    }

    fn miss(&self, id: RuleId, price: Price, instance: Instance) -> Miss {
        let rule = self.world.ground.program().rule(id);
        let Instance { bindings, status, .. } = instance;
        let (mut held, mut failed) = (Vec::new(), Vec::new());
        for (at, literal) in rule.body.iter().enumerate() {
            match status[at] {
                Status::Held => held.extend(self.held(at, literal, &bindings)),
                Status::Failed => failed.push(self.failed(at, literal, &bindings)),
                Status::Open | Status::Silent => {}
            }
        }
        let count = status.iter().filter(|status| **status == Status::Held).count();
        let distance = Distance { weight: price.weight, open: price.open, held: Reverse(count), facts: price.facts };
        Miss { rule: id, bindings, held, failed, distance }
    }
}

/// The best instance so far.
struct Best {
    /// By variable: whether what is asked gives its value.
    asked: SmallVec<[bool; 12]>,
    instances: usize,
    /// How many instances may be weighed.
    most: usize,
    found: Option<(Rank, Price, Instance)>,
}

impl Best {
    fn is_asked(&self, term: &Term) -> bool {
        match term {
            Term::Variable(variable) => self.asked[variable.index()],
            Term::Constant(_) => true,
            Term::Wildcard => false,
        }
    }
}
