//! Derivations to a proof: each fact a step, after the steps that it uses, and each once.

use rustc_hash::FxHashMap;

use crate::compiler::program::{Atom, Literal, RelationKind, Term};
use crate::data::{FactOrigin, Value};
use crate::decision::{Outcome, Request};
use crate::engine::join::Values;
use crate::explain::Stuck;
use crate::explain::prover::{Fact, Instance, Prover, Way};
use crate::proof::{Absence, Application, Premise, Proof, Reason, Statement, Step, StepId, Verdict};

/// The steps so far.
#[derive(Default)]
struct Drawing {
    steps: Vec<Step>,
    numbers: FxHashMap<Fact, StepId>,
}

/// What a fact follows from, before its premises have steps.
struct Draft {
    way: Way,
    /// By instance, then by literal of its body: what a `not` rests on.
    supports: Vec<Vec<Vec<Fact>>>,
    /// All facts that must have steps first.
    uses: Vec<Fact>,
}

impl Prover<'_, '_> {
    /// The proof of the answer to a request: the rule that decides, with the smallest derivation of what it asks for.
    ///
    /// # Errors
    /// [`Stuck`] where a limit was reached.
    pub fn prove(&mut self, request: &Request) -> Result<Proof, Stuck> {
        let outcome = self.outcome(request)?;
        let action = Value(request.action.0);
        let asked: Values = [request.subject, action, request.resource].into_iter().collect();
        let allow = Fact { relation: request.authorization.allow, arguments: asked.clone() };
        let deny = request.authorization.deny.map(|relation| Fact { relation, arguments: asked });
        let mut drawing = Drawing::default();
        let verdict = match (outcome, deny) {
            (Outcome::Forbidden(_), Some(deny)) => Verdict::Forbidden { deny: self.step(&mut drawing, &deny)? },
            (Outcome::Allowed(_), deny) => Verdict::Allowed {
                allow: self.step(&mut drawing, &allow)?,
                deny: deny.map(|deny| self.absence_of(&mut drawing, deny)).transpose()?,
            },
            (Outcome::NotPermitted | Outcome::Forbidden(_), deny) => Verdict::NotPermitted {
                allow: self.absence_of(&mut drawing, allow)?,
                deny: deny.map(|deny| self.absence_of(&mut drawing, deny)).transpose()?,
            },
        };
        let (subject, resource) = (request.subject, request.resource);
        self.settled(Ok(Proof { subject, action: request.action, resource, verdict, steps: drawing.steps }))
    }

    /// The smallest derivation of something that holds: its steps, the last of which concludes it.
    ///
    /// # Errors
    /// [`Stuck`] where a limit was reached.
    pub fn derivation(&mut self, statement: &Statement) -> Result<Vec<Step>, Stuck> {
        let arguments = statement.arguments.iter().copied().collect();
        let mut drawing = Drawing::default();
        self.step(&mut drawing, &Fact { relation: statement.relation, arguments })?;
        self.settled(Ok(drawing.steps))
    }

    fn absence_of(&mut self, drawing: &mut Drawing, fact: Fact) -> Result<Absence, Stuck> {
        let arguments: Vec<Option<Value>> = fact.arguments.iter().copied().map(Some).collect();
        let supports = self.supports(fact.relation, &arguments)?;
        let supports = supports.iter().map(|fact| self.step(drawing, fact)).collect::<Result<_, _>>()?;
        Ok(Absence { relation: fact.relation, arguments, supports })
    }

    /// The step of a fact, drawn with all that it uses where it is not there yet.
    fn step(&mut self, drawing: &mut Drawing, fact: &Fact) -> Result<StepId, Stuck> {
        let mut open = vec![(fact.clone(), None::<Draft>)];
        while let Some((fact, draft)) = open.pop() {
            if drawing.numbers.contains_key(&fact) {
                continue;
            }
            let draft = match draft {
                Some(draft) => draft,
                None => self.draft(&fact)?,
            };
            let missing: Vec<Fact> =
                draft.uses.iter().filter(|fact| !drawing.numbers.contains_key(*fact)).cloned().collect();
            if missing.is_empty() {
                let step = self.finish(drawing, &fact, draft);
                drawing.numbers.insert(fact, StepId(drawing.steps.len() as u32));
                drawing.steps.push(step);
                continue;
            }
            open.push((fact, Some(draft)));
            open.extend(missing.into_iter().rev().map(|fact| (fact, None)));
        }
        drawing.numbers.get(fact).copied().ok_or(Stuck::Lost(fact.relation))
    }

    fn draft(&mut self, fact: &Fact) -> Result<Draft, Stuck> {
        self.size(fact)?;
        let way = self.known.get(fact).map(|choice| choice.way.clone()).ok_or(Stuck::Lost(fact.relation))?;
        let (mut supports, mut uses) = (Vec::new(), Vec::new());
        for instance in way.instances() {
            let rulebook = self.rulebook;
            let Some(page) = rulebook.page(instance.rule) else { continue };
            let mut of_literals = Vec::with_capacity(page.body.len());
            for literal in &page.body {
                let mut of_literal = Vec::new();
                match literal {
                    Literal::Positive(atom) => uses.push(self.fact(atom, &instance.bindings)),
                    Literal::Negative(atom) => {
                        of_literal = self.supports(atom.relation, &self.absent(atom, &instance.bindings))?;
                        uses.extend(of_literal.iter().cloned());
                    }
                    Literal::Comparison(_) => {}
                }
                of_literals.push(of_literal);
            }
            supports.push(of_literals);
        }
        Ok(Draft { way, supports, uses })
    }

    /// The arguments of a `not`, of which `_` is any.
    fn absent(&self, atom: &Atom, bindings: &[Value]) -> Vec<Option<Value>> {
        let known = self.fact(atom, bindings).arguments;
        atom.terms.iter().zip(known).map(|(term, value)| (*term != Term::Wildcard).then_some(value)).collect()
    }

    /// The step of a fact whose premises all have theirs.
    fn finish(&self, drawing: &Drawing, fact: &Fact, draft: Draft) -> Step {
        let conclusion = Statement { relation: fact.relation, arguments: fact.arguments.to_vec() };
        let applications = draft.way.instances().iter().zip(&draft.supports);
        let mut applications = applications.map(|(instance, supports)| self.application(drawing, instance, supports));
        let reason = match &draft.way {
            Way::Given => Reason::Fact(self.origin(fact)),
            Way::Rule(_) => match applications.next() {
                Some(application) => Reason::Rule(application),
                None => Reason::Fact(FactOrigin::Derived),
            },
            Way::Fold(_) => Reason::Fold(applications.collect()),
        };
        Step { conclusion, reason }
    }

    fn application(&self, drawing: &Drawing, instance: &Instance, supports: &[Vec<Fact>]) -> Application {
        let number = |fact: &Fact| drawing.numbers.get(fact).copied().unwrap_or(StepId(u32::MAX));
        let page = self.rulebook.page(instance.rule);
        let literals = page.map_or(&[][..], |page| &page.body).iter().zip(supports);
        let premise = |(literal, supports): (&Literal, &Vec<Fact>)| match literal {
            Literal::Positive(atom) => Premise::Step(number(&self.fact(atom, &instance.bindings))),
            Literal::Negative(atom) => Premise::Absent(Absence {
                relation: atom.relation,
                arguments: self.absent(atom, &instance.bindings),
                supports: supports.iter().map(number).collect(),
            }),
            Literal::Comparison(_) => Premise::Compared,
        };
        let premises = literals.map(premise).collect();
        let variables = self.program().rule(instance.rule).variables.len();
        Application { rule: instance.rule, bindings: instance.bindings[..variables].to_vec(), premises }
    }

    /// Where a given fact stands.
    fn origin(&self, fact: &Fact) -> FactOrigin {
        let database = &self.model.database;
        let stored = self.program().relation(fact.relation).kind != RelationKind::Decision;
        let row = stored.then(|| self.model.given(fact.relation, &fact.arguments)).flatten();
        row.map_or(FactOrigin::Derived, |row| database.origin(fact.relation, row))
    }
}

impl Way {
    /// The instances of rules that a fact follows from.
    pub(super) fn instances(&self) -> &[Instance] {
        match self {
            Way::Given => &[],
            Way::Rule(instance) => std::slice::from_ref(instance),
            Way::Fold(instances) => instances,
        }
    }
}
