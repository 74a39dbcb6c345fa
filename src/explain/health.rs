//! What each rule gives on the data at hand: its answers, how many of them no other rule gives, and for a prohibition how
//! many it really takes away. `check` makes findings of that.
//!
//! The answers of a rule are the instances that `findings` lists; whether another rule gives one too is asked of the
//! solver for decisions, and looked up among the answers of the other rules for relations.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::compiler::program::{ActionId, Program, RelationId, RelationKind, Rule, RuleId, Term};
use crate::data::{Database, Value};
use crate::decision::{Authorization, Decider, Goal, Solver};
use crate::explain::findings::{self, Bounds, Finding, Instance};

/// What a rule gives.
#[derive(Debug)]
pub struct Effect {
    /// How many different answers it has.
    pub answers: usize,
    /// How many of them count: of a prohibition those that something allows, else all.
    pub counting: usize,
    /// Of those that count, how many no other rule and no fact gives; nothing where that can't be told.
    pub alone: Option<usize>,
    /// The other rule that gives most of its answers too; the first of several.
    pub other: Option<RuleId>,
    /// An instance: one that counts and that it gives alone, else any.
    pub sample: Option<Instance>,
    /// Whether there may be more answers, because a bound was reached.
    pub more: bool,
}

/// The values of a head.
type Row = SmallVec<[Value; 4]>;

/// Finds what rules give on the data of a model, of which all relations are derived.
#[derive(Debug, Default)]
pub struct Health {
    /// By rule of a relation: its answers, where all of them are known.
    answers: FxHashMap<RuleId, Option<FxHashSet<Row>>>,
    /// By relation: its facts.
    facts: FxHashMap<RelationId, FxHashSet<Row>>,
}

impl Health {
    /// What a rule gives; nothing where its inputs and relations do not list its answers, as where it answers whatever is
    /// asked.
    ///
    /// Costs what [`findings::find`] costs, and for each answer the other rules of the same decision.
    pub fn effect(&mut self, decider: &mut Decider, id: RuleId, bounds: &Bounds) -> Option<Effect> {
        let rule = decider.model().program.rule(id);
        if rule.head.terms.contains(&Term::Wildcard) {
            return None;
        }
        let finding = findings::find(decider, id, bounds).ok()?;
        let relation = decider.model().program.relation(rule.head.relation);
        match relation.kind {
            RelationKind::Decision => Some(of_decision(decider, rule, &finding)),
            RelationKind::Input | RelationKind::Relation if relation.aggregate.is_some() => {
                Some(Effect::of(&finding, rows(&decider.model().database, rule, &finding).len()))
            }
            RelationKind::Input | RelationKind::Relation => Some(self.of_relation(decider, rule, &finding, bounds)),
        }
    }

    fn of_relation(&mut self, decider: &mut Decider, rule: &Rule, finding: &Finding, bounds: &Bounds) -> Effect {
        let rows = rows(&decider.model().database, rule, finding);
        let mut effect = Effect::of(finding, rows.len());
        let rules: Vec<RuleId> = decider.rules_of(rule.head.relation).to_vec();
        let mut others: Vec<(RuleId, &FxHashSet<Row>)> = Vec::new();
        for other in rules.iter().filter(|other| **other != finding.rule) {
            self.answers.entry(*other).or_insert_with(|| answers(decider, *other, bounds));
        }
        for other in rules.into_iter().filter(|other| *other != finding.rule) {
            match self.answers.get(&other) {
                Some(Some(answers)) => others.push((other, answers)),
                _ => return effect,
            }
        }
        let database = &decider.model().database;
        let given = || database.given_rows(rule.head.relation).map(Row::from_slice).collect();
        let facts = self.facts.entry(rule.head.relation).or_insert_with(given);
        let mut shared: FxHashMap<RuleId, usize> = FxHashMap::default();
        let mut alone = 0;
        for (row, instance) in &rows {
            let giving = others.iter().filter(|(_, answers)| answers.contains(row)).map(|(other, _)| *other);
            let giving: SmallVec<[RuleId; 4]> = giving.collect();
            giving.iter().for_each(|other| *shared.entry(*other).or_default() += 1);
            if giving.is_empty() && !facts.contains(row) {
                effect.sample_if_first(alone, instance);
                alone += 1;
            }
        }
        effect.alone = Some(alone);
        effect.other = most(&shared);
        effect
    }
}

impl Effect {
    fn of(finding: &Finding, answers: usize) -> Effect {
        let sample = finding.instances.first().cloned();
        Effect { answers, counting: answers, alone: None, other: None, sample, more: finding.more }
    }

    fn sample_if_first(&mut self, before: usize, instance: &Instance) {
        if before == 0 {
            self.sample = Some(instance.clone());
        }
    }
}

fn of_decision(decider: &mut Decider, rule: &Rule, finding: &Finding) -> Effect {
    let program = decider.model().program;
    let relation = rule.head.relation;
    let rows = rows(&decider.model().database, rule, finding);
    let mut effect = Effect::of(finding, rows.len());
    let authorization = Authorization::of(program).filter(|authorization| authorization.deny == Some(relation));
    let allow = authorization.map(|authorization| authorization.allow);
    let place = program.relation(relation).action_place();
    let actions: FxHashSet<Option<Value>> = rows.iter().map(|(row, _)| place.map(|place| row[place])).collect();
    for action in actions {
        let action = action.map(|action| ActionId(action.0));
        std::iter::once(relation).chain(allow).for_each(|relation| decider.prepare(Goal { relation, action }));
    }
    let mut solver = Solver::new(decider);
    let mut shared: FxHashMap<RuleId, usize> = FxHashMap::default();
    let (mut counting, mut alone) = (0, 0);
    for (row, instance) in &rows {
        if allow.is_some_and(|allow| !solver.holds(allow, row)) {
            continue;
        }
        counting += 1;
        let others = solver.answering_rules(relation, row);
        let others: SmallVec<[RuleId; 4]> = others.into_iter().filter(|other| *other != finding.rule).collect();
        others.iter().for_each(|other| *shared.entry(*other).or_default() += 1);
        if others.is_empty() {
            effect.sample_if_first(alone, instance);
            alone += 1;
        }
    }
    Effect { counting, alone: Some(alone), other: most(&shared), ..effect }
}

/// The different answers of a rule of a relation; nothing where they are not all known.
fn answers(decider: &mut Decider, id: RuleId, bounds: &Bounds) -> Option<FxHashSet<Row>> {
    let finding = findings::find(decider, id, bounds).ok().filter(|finding| !finding.more)?;
    let rule = decider.model().program.rule(id);
    Some(rows(&decider.model().database, rule, &finding).into_iter().map(|(row, _)| row).collect())
}

/// The different answers, each with its first instance, in the order of the instances.
fn rows<'f>(database: &Database, rule: &Rule, finding: &'f Finding) -> Vec<(Row, &'f Instance)> {
    let mut seen = FxHashSet::default();
    let row = |instance: &'f Instance| {
        let value = |term: &Term| match term {
            Term::Variable(variable) => Some(instance[variable.index()]),
            Term::Constant(constant) => Some(database.constant(*constant)),
            Term::Wildcard => None,
        };
        rule.head.terms.iter().map(value).collect::<Option<Row>>().map(|row| (row, instance))
    };
    finding.instances.iter().filter_map(row).filter(|(row, _)| seen.insert(row.clone())).collect()
}

fn most(shared: &FxHashMap<RuleId, usize>) -> Option<RuleId> {
    shared.iter().max_by_key(|(rule, count)| (**count, std::cmp::Reverse(rule.0))).map(|(rule, _)| *rule)
}

/// The rules of the files that were given, which say something of their own: not those that tell findings.
pub fn given_rules<'p>(program: &'p Program, told: &'p [RelationId]) -> impl Iterator<Item = RuleId> + 'p {
    use crate::compiler::source::Origin;
    let given = |rule: &Rule| matches!(rule.origin, Origin::Rules | Origin::Policy);
    let rules = program.rules.iter().enumerate();
    let chosen = rules.filter(move |(_, rule)| given(rule) && !told.contains(&rule.head.relation));
    chosen.map(|(number, _)| RuleId(number as u32))
}
