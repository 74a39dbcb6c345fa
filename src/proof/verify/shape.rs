//! That the numbers of a proof mean something: relations, rules and values that are there, as many as there are places.

use super::{Fault, Verifier};
use crate::compiler::program::{Literal, RelationId, Type};
use crate::data::Value;
use crate::proof::{Absence, Application, Premise, Reason, StepId, Verdict};

impl Verifier<'_, '_> {
    /// Whether everything can be looked up and shown: else nothing more can be said.
    pub(super) fn check_shape(&mut self) -> bool {
        let proof = self.proof;
        for (place, step) in (0..).zip(&proof.steps) {
            let arguments: Vec<Option<Value>> = step.conclusion.arguments.iter().copied().map(Some).collect();
            let mut fits = self.are_arguments(step.conclusion.relation, &arguments);
            let applications = match &step.reason {
                Reason::Fact(_) => &[],
                Reason::Rule(application) => std::slice::from_ref(application),
                Reason::Fold(applications) => &applications[..],
            };
            fits &= applications.iter().all(|application| self.is_application(application));
            if !fits {
                self.fault(
                    StepId(place),
                    "it does not fit the rules: a name, a value or a number of values is not theirs",
                );
            }
        }
        let fits = match &proof.verdict {
            Verdict::Allowed { deny, .. } => deny.iter().all(|absence| self.is_absence(absence)),
            Verdict::Forbidden { .. } => true,
            Verdict::NotPermitted { allow, deny } => {
                self.is_absence(allow) && deny.iter().all(|absence| self.is_absence(absence))
            }
        };
        let request = [(Type::Resource, proof.subject), (Type::Resource, proof.resource)];
        let known = request.iter().all(|(ty, value)| self.is_value(*ty, *value));
        if !fits || !known || proof.action.index() >= self.program.actions.len() {
            self.faults.push(Fault { step: None, what: "the request or the answer does not fit the rules".to_owned() });
        }
        self.faults.is_empty()
    }

    fn is_application(&self, application: &Application) -> bool {
        let Some(rule) = self.program.rules.get(application.rule.index()) else { return false };
        let variables = rule.variables.iter().zip(&application.bindings);
        let premises = rule.body.iter().zip(&application.premises);
        rule.variables.len() == application.bindings.len()
            && rule.body.len() == application.premises.len()
            && variables.clone().all(|(variable, value)| self.is_value(variable.ty, *value))
            && premises.clone().all(|(literal, premise)| self.is_premise(literal, premise))
    }

    fn is_premise(&self, literal: &Literal, premise: &Premise) -> bool {
        match (literal, premise) {
            (Literal::Positive(_), Premise::Step(_)) | (Literal::Comparison(_), Premise::Compared) => true,
            (Literal::Negative(_), Premise::Absent(absence)) => self.is_absence(absence),
            (Literal::Positive(_) | Literal::Negative(_) | Literal::Comparison(_), _) => false,
        }
    }

    fn is_absence(&self, absence: &Absence) -> bool {
        self.are_arguments(absence.relation, &absence.arguments)
    }

    fn are_arguments(&self, relation: RelationId, arguments: &[Option<Value>]) -> bool {
        let Some(declared) = self.program.relations.get(relation.index()) else { return false };
        let mut places = declared.fields.iter().zip(arguments);
        let fit = places.all(|(field, value)| value.is_none_or(|value| self.is_value(field.ty, value)));
        declared.arity() == arguments.len() && fit
    }

    /// Whether there is such a value of that type.
    pub(super) fn is_value(&self, ty: Type, value: Value) -> bool {
        let symbols = &self.given.database().symbols;
        let tag = (value.index() < symbols.end()).then(|| symbols.tag(value));
        match ty {
            Type::Text => tag.is_some_and(|tag| tag.entity().is_none()),
            Type::Resource => tag.is_some_and(|tag| tag.entity().is_some()),
            Type::Entity(entity) => tag.is_some_and(|tag| tag.entity() == Some(entity)),
            Type::Int => symbols.known_integer(value).is_some(),
            Type::Action => value.index() < self.program.actions.len(),
            Type::Enum(id) => self.program.enums.get(id.index()).is_some_and(|it| value.index() < it.members.len()),
        }
    }
}
