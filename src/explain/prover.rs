//! The smallest derivation of what holds in a finished model, found backwards from it.
//!
//! `size` tells how many steps it takes and remembers how; `choosing` picks the rule, `asking` answers what it has to know, `recursion` does so where
//! relations depend on each other; `absence` finds what a `not` rests on; `drawing` puts it all into a proof.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use crate::compiler::program::vocabulary::ROLE;
use crate::compiler::program::{
    Aggregate, AggregateFunction, Atom, EntityId, Literal, Program, RelationId, RelationKind, RuleId, Term, Type,
};
use crate::data::{Guests, Value};
use crate::decision::{Authorization, Decider, Solver, level_places};
use crate::engine::Model;
use crate::engine::join::{self, Context, Values};
use crate::engine::plan::Plan;
use crate::explain::Stuck;
use crate::explain::rulebook::{self, Page, Rulebook, Slots};

/// How many derivations may wait for each other, and how many instances of rules are looked at for one proof.
const DEEPEST: usize = 2_000;
const MOST_INSTANCES: u64 = 20_000_000;

/// An index is built when it is asked more often than this: for one question, finding rows without it is faster.
const FEW_FINDS: u32 = 500;

/// Something that holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Fact {
    pub relation: RelationId,
    pub arguments: Values,
}

/// How a fact is derived, and in how many steps.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The steps of its derivation as a tree.
    pub size: u64,
    pub way: Way,
}

/// How a fact comes about.
#[derive(Clone, Debug)]
pub(super) enum Way {
    /// It is given.
    Given,
    /// By an instance of a rule.
    Rule(Instance),
    /// By folding what instances of rules give.
    Fold(Vec<Instance>),
}

/// A rule with values for its variables.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The rule.
    pub rule: RuleId,
    /// By variable; those for each `_` in its body come last.
    pub bindings: Vec<Value>,
}

/// Finds derivations. Remembers what it found until [`Prover::begin`].
#[derive(Debug)]
pub struct Prover<'d, 'p> {
    pub(super) model: &'d Model<'p>,
    pub(super) rulebook: &'d Rulebook,
    /// Who answers questions about decisions; without one, the rules do.
    pub(super) solver: Option<Solver<'d, 'p>>,
    /// Of these relations the first rule is told, which is the one that decides.
    pub(super) authorization: Option<Authorization>,
    /// By relation: the place of the level, where it is a decision that asks for one "at least".
    pub(super) levels: Vec<Option<usize>>,
    pub(super) known: FxHashMap<Fact, Choice>,
    /// What decisions answered.
    pub(super) answers: FxHashMap<Fact, bool>,
    /// Where a decision could not be answered.
    pub(super) stuck: Option<Stuck>,
    depth: usize,
    instances: u64,
    /// Whether the first derivation will do, in the order of the rules, in place of the smallest.
    hasty: bool,
    /// How often each index was asked that is not built.
    scans: FxHashMap<usize, u32>,
    /// The type of roles, where the program has them.
    pub(super) role: Option<Type>,
}

impl<'d, 'p> Prover<'d, 'p> {
    /// A prover over a finished model, for one question or a few: it looks at all rows of a relation rather than index
    /// them. The rulebook holds the actions that are asked about, and what a question names is known to the model.
    pub fn new(
        model: &'d Model<'p>,
        rulebook: &'d Rulebook,
        authorization: impl Into<Option<Authorization>>,
    ) -> Prover<'d, 'p> {
        Prover {
            model,
            rulebook,
            solver: None,
            authorization: authorization.into(),
            levels: level_places(model.program),
            known: FxHashMap::default(),
            answers: FxHashMap::default(),
            stuck: None,
            depth: 0,
            instances: 0,
            hasty: false,
            scans: FxHashMap::default(),
            role: model.program.entity_named(ROLE).map(Type::Entity),
        }
    }

    /// A prover for many questions: a solver decides, and of each fact the first rule that derives it is told in place of
    /// the smallest derivation.
    pub fn hasty(decider: &'d Decider<'p>, rulebook: &'d Rulebook, authorization: Authorization) -> Prover<'d, 'p> {
        let prover = Prover::new(decider.model(), rulebook, authorization);
        Prover { solver: Some(Solver::new(decider)), hasty: true, ..prover }
    }

    /// Begins a new question: forgets what was found for the last one, and its guests.
    pub fn begin(&mut self) {
        if let Some(solver) = &mut self.solver {
            solver.begin();
        }
        self.known.clear();
        self.answers.clear();
        self.stuck = None;
        self.instances = 0;
    }

    /// The things that the question names and no fact does; none without a solver.
    pub fn guests(&mut self) -> Option<&mut Guests> {
        self.solver.as_mut().map(Solver::guests)
    }

    pub(super) fn program(&self) -> &'p Program {
        self.model.program
    }

    /// Goes a step deeper, up to a limit.
    pub(super) fn deeper<T>(&mut self, ask: impl FnOnce(&mut Self) -> Result<T, Stuck>) -> Result<T, Stuck> {
        if self.depth == DEEPEST {
            return Err(Stuck::TooDeep);
        }
        self.depth += 1;
        let answer = ask(self);
        self.depth -= 1;
        answer
    }

    /// What was found, unless a decision could not be answered on the way.
    pub(super) fn settled<T>(&self, found: Result<T, Stuck>) -> Result<T, Stuck> {
        self.stuck.map_or(found, Err)
    }

    /// How many steps the smallest derivation of a fact takes, as a tree. The fact must hold.
    pub(super) fn size(&mut self, fact: &Fact) -> Result<u64, Stuck> {
        if let Some(choice) = self.known.get(fact) {
            return Ok(choice.size);
        }
        let choice = self.deeper(|prover| prover.choose(fact))?;
        let size = choice.size;
        self.known.insert(fact.clone(), choice);
        Ok(size)
    }

    fn choose(&mut self, fact: &Fact) -> Result<Choice, Stuck> {
        if self.is_given(fact) {
            return Ok(Choice { size: 1, way: Way::Given });
        }
        let relation = self.program().relation(fact.relation);
        if let Some(aggregate) = relation.aggregate {
            return self.fold(fact, aggregate);
        }
        match self.rulebook.recursive(fact.relation) {
            Some(component) => self.close(fact, component),
            None if self.hasty => self.first(fact),
            None => self.smallest(fact),
        }
    }

    /// Whether a fact is one of the data or of the rule files.
    pub(super) fn is_given(&self, fact: &Fact) -> bool {
        let derived = !self.rulebook.rules_of(fact.relation).is_empty();
        match self.program().relation(fact.relation).kind {
            RelationKind::Decision => false,
            // What holds and no rule derives is given.
            RelationKind::Input | RelationKind::Relation if !derived => true,
            RelationKind::Input | RelationKind::Relation => self.model.given(fact.relation, &fact.arguments).is_some(),
        }
    }

    /// How many steps an instance takes.
    pub(super) fn body_size(&mut self, page: &Page, bindings: &[Value]) -> Result<u64, Stuck> {
        let mut sizes = page.body.iter().map(|literal| self.literal_size(literal, bindings));
        sizes.try_fold(1u64, |sum, size| Ok(sum.saturating_add(size?)))
    }

    /// How many steps a literal of an instance takes.
    pub(super) fn literal_size(&mut self, literal: &Literal, bindings: &[Value]) -> Result<u64, Stuck> {
        match literal {
            // What holds and no rule derives is given.
            Literal::Positive(atom) if self.rulebook.rules_of(atom.relation).is_empty() => Ok(1),
            Literal::Positive(atom) => self.size(&self.fact(atom, bindings)),
            Literal::Negative(_) => Ok(1),
            Literal::Comparison(_) => Ok(0),
        }
    }

    /// What an atom without `_` says under these bindings.
    pub(super) fn fact(&self, atom: &Atom, bindings: &[Value]) -> Fact {
        Fact { relation: atom.relation, arguments: atom.terms.iter().map(|term| self.value(term, bindings)).collect() }
    }

    /// The value of a term under these bindings.
    pub(super) fn value(&self, term: &Term, bindings: &[Value]) -> Value {
        match term {
            Term::Variable(variable) => bindings[variable.index()],
            Term::Constant(constant) => self.model.database.constant(*constant),
            Term::Wildcard => Value::default(),
        }
    }

    /// Hands out every binding of a plan of a rule whose head has these arguments. Variables that nothing binds have the
    /// first value of all.
    pub(super) fn each_instance<F>(
        &mut self,
        rule: RuleId,
        plan: &Plan,
        arguments: &[Value],
        found: F,
    ) -> Result<(), Stuck>
    where
        F: FnMut(&mut Self, &[Value]) -> Result<ControlFlow<()>, Stuck>,
    {
        let entity = |value| self.entity_of(value);
        match rulebook::unify(self.model, entity, self.program().rule(rule), arguments, plan.slots) {
            Some(bindings) => self.each_binding(plan, bindings, found),
            None => Ok(()),
        }
    }

    /// Hands out every binding of a plan that adds to these.
    pub(super) fn each_binding<F>(&mut self, plan: &Plan, mut bindings: Slots, found: F) -> Result<(), Stuck>
    where
        F: FnMut(&mut Self, &[Value]) -> Result<ControlFlow<()>, Stuck>,
    {
        bindings.resize(plan.slots, Value::default());
        let mut run = Run { prover: self, found, stuck: None };
        // A break is the taker's own wish.
        let _ = join::run(&mut run, &plan.steps, &mut bindings);
        run.stuck.map_or(Ok(()), Err)
    }

    /// What the rules of an aggregated relation give for the group of a fact.
    pub(super) fn fold(&mut self, fact: &Fact, aggregate: Aggregate) -> Result<Choice, Stuck> {
        let rulebook = self.rulebook;
        let mut given: FxHashMap<Value, (u64, Instance)> = FxHashMap::default();
        for rule in rulebook.rules_of(fact.relation) {
            let Some(page) = rulebook.page(*rule) else { continue };
            let folded = self.program().rule(*rule).head.terms[aggregate.place];
            // The place of the value is not part of the question.
            let mut asked = fact.arguments.clone();
            if let Term::Constant(constant) = folded {
                asked[aggregate.place] = self.model.database.constant(constant);
            }
            self.each_instance(*rule, &page.plan, &asked, |prover, bindings| {
                let value = match folded {
                    Term::Variable(variable) => bindings[variable.index()],
                    Term::Constant(_) | Term::Wildcard => asked[aggregate.place],
                };
                let size = prover.body_size(page, bindings)?;
                let instance = Instance { rule: *rule, bindings: bindings.to_vec() };
                let smaller = |(other_size, other): &(u64, Instance)| {
                    let same_rule = || other.rule == *rule && prover.compare(&instance, other).is_lt();
                    size < *other_size || size == *other_size && same_rule()
                };
                if given.get(&value).is_none_or(smaller) {
                    given.insert(value, (size, instance));
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        let mut given: Vec<(Value, (u64, Instance))> = given.into_iter().collect();
        given.sort_by(|(a, (_, first)), (b, (_, second))| {
            let order = match self.folded_type(first, aggregate) == self.folded_type(second, aggregate) {
                true => self.compare_values(self.folded_type(first, aggregate), *a, *b),
                false => a.cmp(b),
            };
            if aggregate.function == AggregateFunction::Max { order.reverse() } else { order }
        });
        let counted = match aggregate.function {
            AggregateFunction::Max | AggregateFunction::Min => 1,
            AggregateFunction::Count => given.len(),
        };
        let size = given.iter().take(counted).fold(1u64, |sum, (_, (size, _))| sum.saturating_add(*size));
        let instances = given.into_iter().map(|(_, (_, instance))| instance).collect();
        Ok(Choice { size, way: Way::Fold(instances) })
    }

    /// The type of what an instance gives to a fold.
    fn folded_type(&self, instance: &Instance, aggregate: Aggregate) -> Type {
        let rule = self.program().rule(instance.rule);
        match rule.head.terms[aggregate.place] {
            Term::Variable(variable) => rule.variables[variable.index()].ty,
            Term::Constant(_) | Term::Wildcard => {
                self.program().relation(rule.head.relation).fields[aggregate.place].ty
            }
        }
    }
}

/// A plan that runs for a prover.
struct Run<'r, 'd, 'p, F> {
    prover: &'r mut Prover<'d, 'p>,
    found: F,
    stuck: Option<Stuck>,
}

impl<'d, 'p, F> Context<'d> for Run<'_, 'd, 'p, F>
where
    F: FnMut(&mut Prover<'d, 'p>, &[Value]) -> Result<ControlFlow<()>, Stuck>,
{
    fn model(&self) -> &'d Model<'d> {
        self.prover.model
    }

    fn entity(&self, value: Value) -> Option<EntityId> {
        self.prover.entity_of(value)
    }

    fn goal(&mut self, relation: RelationId, arguments: &[Value]) -> bool {
        self.prover.decides(relation, arguments)
    }

    fn builds(&mut self, index: usize) -> bool {
        let scans = self.prover.scans.entry(index).or_default();
        *scans += 1;
        *scans > FEW_FINDS
    }

    fn found(&mut self, bindings: &[Value]) -> ControlFlow<()> {
        self.prover.instances += 1;
        if self.prover.instances > MOST_INSTANCES {
            self.stuck = Some(Stuck::TooMuch);
            return ControlFlow::Break(());
        }
        (self.found)(self.prover, bindings).unwrap_or_else(|stuck| {
            self.stuck = Some(stuck);
            ControlFlow::Break(())
        })
    }
}
