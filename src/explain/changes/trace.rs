//! Why something holds in one corner and not in another: its derivation, followed down to the facts and rules that the
//! other does not have.
//!
//! What a derivation rests on and the other corner has too is passed by. A `not` that fails there is followed the other way:
//! what it denies holds there and not here. So every way ends at a difference.

use rustc_hash::FxHashSet;

use crate::compiler::program::{RelationId, RuleId};
use crate::data::{FactOrigin, Value};
use crate::explain::changes::Changed;
use crate::explain::changes::comparison::Comparison;
use crate::explain::changes::corner::Asker;
use crate::proof::{Absence, Application, Premise, Reason, Statement, Step, StepId};

/// So many differences are told of one change.
const MOST: usize = 5;

/// So often a `not` leads to a `not`.
const DEEPEST: usize = 24;

/// Collects the differences that one change rests on.
pub struct Trace<'t, 'c, 'a> {
    comparison: &'t Comparison<'c>,
    askers: &'t mut [Asker<'a>],
    seen: FxHashSet<(usize, Statement)>,
    found: Vec<Changed>,
    depth: usize,
}

/// A derivation and what is still open of it.
struct Derivation<'s> {
    steps: &'s [Step],
    open: Vec<StepId>,
    seen: FxHashSet<StepId>,
}

impl<'t, 'c, 'a> Trace<'t, 'c, 'a> {
    /// Nothing found yet.
    pub fn new(comparison: &'t Comparison<'c>, askers: &'t mut [Asker<'a>]) -> Trace<'t, 'c, 'a> {
        Trace { comparison, askers, seen: FxHashSet::default(), found: Vec::new(), depth: 0 }
    }

    /// What was found, in the order of the derivations.
    pub fn found(self) -> Vec<Changed> {
        self.found
    }

    /// Adds why something that holds `here` does not hold `there`.
    pub fn follow(&mut self, here: usize, there: usize, statement: &Statement) {
        if self.depth == DEEPEST || self.is_full() || !self.seen.insert((here, statement.clone())) {
            return;
        }
        // What can't be derived within the limits is not told.
        let Ok(steps) = self.askers[here].prover.derivation(statement) else { return };
        let Some(last) = steps.len().checked_sub(1) else { return };
        self.depth += 1;
        let mut derivation = Derivation { steps: &steps, open: vec![StepId(last as u32)], seen: FxHashSet::default() };
        while let Some(id) = derivation.open.pop() {
            if derivation.seen.insert(id) && !self.is_full() {
                self.step(here, there, id, &mut derivation);
            }
        }
        self.depth -= 1;
    }

    fn is_full(&self) -> bool {
        self.found.len() >= MOST
    }

    /// A step whose conclusion does not hold there.
    fn step(&mut self, here: usize, there: usize, id: StepId, derivation: &mut Derivation) {
        let step = &derivation.steps[id.index()];
        let mut premises = Vec::new();
        match &step.reason {
            Reason::Fact(origin) => self.fact(here, &step.conclusion, *origin),
            Reason::Rule(application) => self.application(here, there, application, derivation.steps, &mut premises),
            Reason::Fold(applications) => {
                let before = self.found.len();
                for application in applications {
                    self.application(here, there, application, derivation.steps, &mut premises);
                }
                if premises.is_empty() && self.found.len() == before {
                    self.fold(here, there, &step.conclusion);
                }
            }
        }
        derivation.open.extend(premises.into_iter().rev());
    }

    /// A rule that gives nothing there: because it is not there, or something that it asks for.
    fn application(
        &mut self,
        here: usize,
        there: usize,
        application: &Application,
        steps: &[Step],
        premises: &mut Vec<StepId>,
    ) {
        if !self.askers[there].corner.has_rule(self.askers[here].corner, application.rule) {
            self.rule(here, application.rule);
        }
        for premise in &application.premises {
            match premise {
                Premise::Step(id) => {
                    if self.holding(here, there, &steps[id.index()].conclusion).is_none() {
                        premises.push(*id);
                    }
                }
                Premise::Absent(absence) => {
                    if let Some(present) = self.present(here, there, absence) {
                        self.follow(there, here, &present);
                    }
                }
                Premise::Compared => {}
            }
        }
    }

    /// The same rows fold to something else there, because there are more.
    fn fold(&mut self, here: usize, there: usize, conclusion: &Statement) {
        let program = self.askers[here].corner.program();
        let Some(aggregate) = program.relation(conclusion.relation).aggregate else { return };
        let mut pattern: Vec<Option<Value>> = conclusion.arguments.iter().copied().map(Some).collect();
        pattern[aggregate.place] = None;
        let present = self.translated(here, there, conclusion.relation, &pattern);
        if let Some(present) = present.and_then(|(relation, pattern)| self.askers[there].some(relation, &pattern)) {
            self.follow(there, here, &present);
        }
    }

    /// What is the same there, if it holds.
    pub fn holding(&self, here: usize, there: usize, statement: &Statement) -> Option<Statement> {
        let pattern: Vec<Option<Value>> = statement.arguments.iter().copied().map(Some).collect();
        let (relation, pattern) = self.translated(here, there, statement.relation, &pattern)?;
        self.askers[there].some(relation, &pattern)
    }

    /// What is absent here, if it is there.
    fn present(&self, here: usize, there: usize, absence: &Absence) -> Option<Statement> {
        let (relation, pattern) = self.translated(here, there, absence.relation, &absence.arguments)?;
        self.askers[there].some(relation, &pattern)
    }

    /// A pattern in the numbers of another corner; nothing where that has no name for it.
    fn translated(
        &self,
        here: usize,
        there: usize,
        relation: RelationId,
        pattern: &[Option<Value>],
    ) -> Option<(RelationId, Vec<Option<Value>>)> {
        let translation = self.comparison.translation(here, there);
        let (from, to) = (self.askers[here].corner, self.askers[there].corner);
        let (from_symbols, to_symbols) = (&from.model().database.symbols, &to.model().database.symbols);
        let fields = &from.program().relation(relation).fields;
        let value = |(value, field): (&Option<Value>, &crate::compiler::program::Field)| match value {
            None => Some(None),
            Some(value) => translation.value(field.ty, *value, from_symbols, to_symbols).map(Some),
        };
        Some((translation.relation(relation)?, pattern.iter().zip(fields).map(value).collect::<Option<_>>()?))
    }

    fn fact(&mut self, here: usize, statement: &Statement, origin: FactOrigin) {
        let view = self.comparison.view(here);
        let arguments: Vec<Option<Value>> = statement.arguments.iter().copied().map(Some).collect();
        let literal = view.literal(statement.relation, &arguments);
        let place = view.place(statement.relation, origin);
        self.add(Changed { added: self.comparison.is_new(here), is_rule: false, what: literal, place });
    }

    fn rule(&mut self, here: usize, rule: RuleId) {
        let view = self.comparison.view(here);
        let id = view.program.rule(rule).id.clone();
        let place = view.rule_place(rule);
        self.add(Changed { added: self.comparison.is_new(here), is_rule: true, what: id, place });
    }

    fn add(&mut self, changed: Changed) {
        if !self.is_full() && !self.found.contains(&changed) {
            self.found.push(changed);
        }
    }
}
