//! That the steps give the answer: to this request, and by the rule that decides it.

use super::Verifier;
use crate::compiler::program::{RelationId, Type};
use crate::data::Value;
use crate::proof::evaluate::{Decider, Limit, Outcome};
use crate::proof::request::Authority;
use crate::proof::{Absence, Reason, Statement, StepId, Verdict};

impl Verifier<'_, '_> {
    pub(super) fn check_verdict(&mut self) -> Result<(), Limit> {
        let Some(authority) = Authority::of(self.program) else {
            self.fault(None, "the rules have no `allow` that decides requests");
            return Ok(());
        };
        if !self.check_request(&authority) {
            return Ok(());
        }
        let proof = self.proof;
        match &proof.verdict {
            Verdict::Allowed { allow, deny } => {
                self.check_root(authority.allow, *allow);
                self.check_absences(&[(authority.deny, deny.as_ref())])?;
            }
            Verdict::Forbidden { deny } => match authority.deny {
                Some(relation) => self.check_root(relation, *deny),
                None => self.fault(None, "the rules have no `deny`"),
            },
            Verdict::NotPermitted { allow, deny } => {
                self.check_absences(&[(Some(authority.allow), Some(allow)), (authority.deny, deny.as_ref())])?;
            }
        }
        self.check_outcome()?;
        self.check_leaves(&authority)
    }

    fn check_request(&mut self, authority: &Authority) -> bool {
        let proof = self.proof;
        let on = self.program.actions[proof.action.index()].on;
        let subject = self.is_value(Type::Entity(authority.subject), proof.subject);
        let takes = |entity: Option<_>| entity.is_none_or(|entity| self.is_value(Type::Entity(entity), proof.resource));
        let fits = subject && takes(on) && takes(authority.resource);
        if !fits {
            self.fault(None, "the subject or the resource is not of the type that the action takes");
        }
        fits
    }

    fn request(&self) -> Vec<Value> {
        vec![self.proof.subject, Value(self.proof.action.0), self.proof.resource]
    }

    /// That a step concludes what is asked.
    fn check_root(&mut self, relation: RelationId, step: StepId) {
        let asked = Statement { relation, arguments: self.request() };
        if let Some(concluded) = self.conclusion(step)
            && *concluded != asked
        {
            let (asked, concluded) = (self.shown(&asked), self.shown(concluded));
            self.fault(step, format!("the answer rests on it, but it concludes {concluded} and not {asked}"));
        }
    }

    fn check_absences(&mut self, absences: &[(Option<RelationId>, Option<&Absence>)]) -> Result<(), Limit> {
        let asked: Vec<Option<Value>> = self.request().into_iter().map(Some).collect();
        for (relation, absence) in absences {
            match (relation, absence) {
                (None, None) => {}
                (Some(relation), Some(absence)) if absence.relation == *relation && absence.arguments == asked => {
                    self.check_absence(None, absence)?;
                }
                (Some(relation), _) => {
                    let shown = self.pattern(*relation, &asked);
                    self.fault(None, format!("the answer does not rest on the absence of {shown}"));
                }
                (None, Some(absence)) => {
                    let shown = self.pattern(absence.relation, &absence.arguments);
                    self.fault(None, format!("the answer does not need the absence of {shown}"));
                }
            }
        }
        Ok(())
    }

    /// That the answer is the one that the facts give, by what decides first.
    fn check_outcome(&mut self) -> Result<(), Limit> {
        let proof = self.proof;
        let outcome = self.evaluator.outcome(proof.subject, proof.action, proof.resource)?;
        match (&proof.verdict, outcome) {
            (Verdict::Allowed { allow: step, .. }, Outcome::Allowed(decider))
            | (Verdict::Forbidden { deny: step }, Outcome::Forbidden(decider)) => self.check_decider(*step, decider),
            (Verdict::NotPermitted { .. }, Outcome::NotPermitted) => {}
            (_, outcome) => {
                let said = match outcome {
                    Outcome::Allowed(decider) => format!("allowed by {}", self.decider(decider)),
                    Outcome::Forbidden(decider) => format!("forbidden by {}", self.decider(decider)),
                    Outcome::NotPermitted => "not permitted by any rule".to_owned(),
                };
                self.fault(None, format!("the answer is another: the request is {said}"));
            }
        }
        Ok(())
    }

    fn check_decider(&mut self, step: StepId, decider: Decider) {
        let told = match self.proof.steps.get(step.index()).map(|step| &step.reason) {
            Some(Reason::Rule(application)) => Some(Decider::Rule(application.rule)),
            Some(Reason::Fact(_)) => Some(Decider::Fact),
            Some(Reason::Fold(_)) | None => None,
        };
        if told != Some(decider) {
            self.fault(step, format!("the request is decided by {}, which comes first", self.decider(decider)));
        }
    }

    fn decider(&self, decider: Decider) -> String {
        match decider {
            Decider::Fact => "a fact".to_owned(),
            Decider::Rule(rule) => format!("the rule {}", self.program.rule(rule).id),
        }
    }
}
