//! That a step follows: a fact is given where it says, a rule says what the step concludes, a fold misses nothing.

use super::Verifier;
use crate::compiler::program::{
    Aggregate, AggregateFunction, Atom, Comparison, Literal, Operator, Rule, Term, Type, VariableId,
};
use crate::data::{FactOrigin, Value};
use crate::proof::evaluate::Limit;
use crate::proof::request::may_state;
use crate::proof::{Absence, Application, Premise, Reason, Statement, Step, StepId};

impl Verifier<'_, '_> {
    pub(super) fn check_step(&mut self, id: StepId, step: &Step) -> Result<(), Limit> {
        let conclusion = &step.conclusion;
        let declared = self.program.relation(conclusion.relation);
        match (&step.reason, declared.aggregate) {
            (Reason::Fact(origin), _) => self.check_fact(id, conclusion, *origin),
            (Reason::Rule(application), None) => {
                if !may_state(self.program, self.given.database(), conclusion.relation, &conclusion.arguments) {
                    self.fault(id, format!("{}: the action is not done to that", self.shown(conclusion)));
                }
                self.check_head(id, application, conclusion, None);
                self.check_body(id, application)?;
            }
            (Reason::Rule(_), Some(_)) => {
                self.fault(id, format!("`{}` is folded, and no rule gives it alone", declared.name))
            }
            (Reason::Fold(applications), Some(aggregate)) => {
                for application in applications {
                    self.check_head(id, application, conclusion, Some(aggregate));
                    self.check_body(id, application)?;
                }
                self.check_fold(id, conclusion, applications, aggregate)?;
            }
            (Reason::Fold(_), None) => self.fault(id, format!("`{}` is not folded", declared.name)),
        }
        Ok(())
    }

    fn check_fact(&mut self, id: StepId, conclusion: &Statement, origin: FactOrigin) {
        let origins = self.given.origins(conclusion.relation, &conclusion.arguments);
        if origins.is_empty() {
            self.fault(id, format!("no fact says {}", self.shown(conclusion)));
        } else if !origins.contains(&origin) {
            self.fault(id, format!("the fact {} does not stand where it says", self.shown(conclusion)));
        }
    }

    /// That the head of a rule, under the bindings, is the conclusion; but for the place of an aggregate.
    fn check_head(&mut self, id: StepId, of: &Application, conclusion: &Statement, fold: Option<Aggregate>) {
        let rule = self.program.rule(of.rule);
        let differs = |place: usize| {
            let value = self.term(&rule.head.terms[place], of);
            fold.is_none_or(|fold| fold.place != place) && value.is_some_and(|it| it != conclusion.arguments[place])
        };
        if rule.head.relation != conclusion.relation || (0..conclusion.arguments.len()).any(differs) {
            self.fault(
                id,
                format!("the rule {} does not give {} with these bindings", rule.id, self.shown(conclusion)),
            );
        }
    }

    /// What a term is under the bindings of a rule; nothing for `_`.
    fn term(&self, term: &Term, of: &Application) -> Option<Value> {
        match term {
            Term::Variable(VariableId(number)) => of.bindings.get(*number as usize).copied(),
            Term::Constant(constant) => Some(self.given.database().constant(*constant)),
            Term::Wildcard => None,
        }
    }

    fn atom(&self, atom: &Atom, of: &Application) -> Vec<Option<Value>> {
        atom.terms.iter().map(|term| self.term(term, of)).collect()
    }

    fn check_body(&mut self, id: StepId, of: &Application) -> Result<(), Limit> {
        let rule = self.program.rule(of.rule);
        for (number, (literal, premise)) in (1..).zip(rule.body.iter().zip(&of.premises)) {
            match (literal, premise) {
                (Literal::Positive(atom), Premise::Step(step)) => self.check_premise(id, rule, number, atom, of, *step),
                (Literal::Negative(atom), Premise::Absent(absence)) => {
                    if absence.relation != atom.relation || absence.arguments != self.atom(atom, of) {
                        let shown = self.pattern(atom.relation, &self.atom(atom, of));
                        self.fault(id, format!("literal {number} of the rule {} is about {shown}", rule.id));
                    }
                    self.check_absence(id, absence)?;
                }
                (Literal::Comparison(comparison), Premise::Compared) => {
                    if !self.compares(comparison, of) {
                        self.fault(id, format!("the comparison in literal {number} of the rule {} is false", rule.id));
                    }
                }
                (Literal::Positive(_) | Literal::Negative(_) | Literal::Comparison(_), _) => {
                    self.fault(id, format!("literal {number} of the rule {} has a reason of another kind", rule.id));
                }
            }
        }
        Ok(())
    }

    fn check_premise(&mut self, id: StepId, rule: &Rule, number: usize, atom: &Atom, of: &Application, step: StepId) {
        // That there is such a step has been checked.
        let Some(concluded) = self.conclusion(step) else { return };
        let wanted = self.atom(atom, of);
        let mut places = wanted.iter().zip(&concluded.arguments);
        let fits = places.all(|(wanted, value)| wanted.is_none_or(|wanted| wanted == *value));
        if atom.relation != concluded.relation || !fits {
            let (wanted, concluded) = (self.pattern(atom.relation, &wanted), self.shown(concluded));
            let what = format!(
                "literal {number} of the rule {} is {wanted}, but step {} concludes {concluded}",
                rule.id,
                u64::from(step.0) + 1
            );
            self.fault(id, what);
        }
    }

    /// That nothing derives what is absent.
    pub(super) fn check_absence(&mut self, id: impl Into<Option<StepId>>, absence: &Absence) -> Result<(), Limit> {
        if self.evaluator.holds(absence.relation, &absence.arguments)? {
            let shown = self.pattern(absence.relation, &absence.arguments);
            self.fault(id, format!("{shown} is not absent: it holds"));
        }
        Ok(())
    }

    fn compares(&self, comparison: &Comparison, of: &Application) -> bool {
        let (Some(left), Some(right)) = (self.term(&comparison.left, of), self.term(&comparison.right, of)) else {
            return false;
        };
        let order = self.order(comparison.ty, left, right);
        match comparison.operator {
            Operator::Equal => left == right,
            Operator::NotEqual => left != right,
            Operator::Less => order.is_lt(),
            Operator::LessOrEqual => order.is_le(),
            Operator::Greater => order.is_gt(),
            Operator::GreaterOrEqual => order.is_ge(),
        }
    }

    /// Of integers and of members of ordered enums.
    fn order(&self, ty: Type, left: Value, right: Value) -> std::cmp::Ordering {
        let symbols = &self.given.database().symbols;
        match ty {
            Type::Int => symbols.known_integer(left).cmp(&symbols.known_integer(right)),
            _ => left.cmp(&right),
        }
    }

    /// That the contributions give the value, and that the group has no other that would change it.
    fn check_fold(
        &mut self,
        id: StepId,
        conclusion: &Statement,
        applications: &[Application],
        aggregate: Aggregate,
    ) -> Result<(), Limit> {
        let value = conclusion.arguments[aggregate.place];
        let ty = self.program.relation(conclusion.relation).fields[aggregate.place].ty;
        let folded: Vec<(Value, bool)> = applications.iter().map(|of| self.folded(of, aggregate)).collect();
        let told = match aggregate.function {
            AggregateFunction::Max | AggregateFunction::Min => {
                let best = match aggregate.function {
                    AggregateFunction::Max => |order: std::cmp::Ordering| order.is_le(),
                    _ => |order: std::cmp::Ordering| order.is_ge(),
                };
                folded.first().is_some_and(|(first, _)| *first == value)
                    && folded.iter().all(|(other, _)| best(self.order(ty, *other, value)))
            }
            AggregateFunction::Count => {
                let mut distinct = folded.clone();
                distinct.sort_unstable();
                distinct.dedup();
                distinct.len() == folded.len()
                    && self.given.database().symbols.known_integer(value) == Some(folded.len() as i64)
            }
        };
        let mut group: Vec<Option<Value>> = conclusion.arguments.iter().copied().map(Some).collect();
        group[aggregate.place] = None;
        let real = self.evaluator.answers(conclusion.relation, &group)?;
        if !told || real != [conclusion.arguments.clone()] {
            self.fault(id, format!("the contributions do not come to {}", self.shown(conclusion)));
        }
        Ok(())
    }

    /// What an application contributes, and whether it is an integer: those have numbers of their own.
    fn folded(&self, of: &Application, aggregate: Aggregate) -> (Value, bool) {
        let rule = self.program.rule(of.rule);
        let term = rule.head.terms.get(aggregate.place).copied().unwrap_or(Term::Wildcard);
        let ty = match term {
            Term::Variable(variable) => rule.variables.get(variable.index()).map(|variable| variable.ty),
            Term::Constant(_) | Term::Wildcard => None,
        };
        (self.term(&term, of).unwrap_or_default(), ty == Some(Type::Int))
    }
}
