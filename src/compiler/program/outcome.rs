//! The outcome: whether something is allowed is asked of `permitted`, so that every `allow` and `deny` rule counts.
//! A program with `allow` that does not declare `permitted` gets it, as `allow` without `deny`.

use super::check::Checker;
use super::names::Places;
use super::resolve::kind_word;
use super::vocabulary::{self, ALLOW, DENY, PERMITTED};
use super::{
    Atom, Field, Literal, Program, Relation, RelationId, RelationKind, Rule, StatedFacts, Term, Type, Variable,
    VariableId,
};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{Origin, Span};
use crate::compiler::syntax::ast;

/// The decisions that tell the outcome.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    pub allow: RelationId,
    pub permitted: RelationId,
    /// Whether the program leaves the rule of `permitted` to us.
    implicit: bool,
}

impl Checker<'_> {
    /// Finds `allow` and `permitted`, and declares `permitted` where the program does not.
    pub(super) fn find_outcome(&mut self) {
        let Some(&allow) = self.names.relations.get(ALLOW) else { return };
        if !self.is_sound(allow) {
            return self.hide_permitted(allow);
        }
        if !vocabulary::asks_request(self.program.relation(allow)) {
            return;
        }
        match self.names.relations.get(PERMITTED).copied() {
            Some(permitted) if self.is_like(allow, permitted, true) => {
                self.outcome = Some(Outcome { allow, permitted, implicit: false });
            }
            Some(permitted) => self.report_unlike(allow, permitted),
            None => {
                let permitted = self.declare_permitted(allow);
                self.outcome = Some(Outcome { allow, permitted, implicit: true });
            }
        }
    }

    /// The relation that a literal in the body of a rule asks: where it says `allow`, the outcome.
    pub(super) fn asked_relation(&self, relation: RelationId, head: RelationId) -> RelationId {
        match self.outcome {
            Some(outcome) if relation == outcome.allow && head != outcome.permitted => outcome.permitted,
            _ => relation,
        }
    }

    /// Reports a rule or fact of the outcome itself, which `decide` would not see and `deny` not reach. Only the files that
    /// declare `allow` and `permitted` say what the outcome is.
    pub(super) fn check_outcome_head(&mut self, clause: &ast::Clause<'_>, head: RelationId) {
        let Some(Outcome { allow, implicit, .. }) = self.outcome.filter(|outcome| outcome.permitted == head) else {
            return;
        };
        let origin = |span: Span| self.sources.get(span.source).origin;
        let declaration = self.program.relation(allow).span;
        let is_beside = origin(clause.span) == Origin::Rules && origin(declaration) != Origin::Rules;
        if implicit || is_beside {
            let defined = if implicit { declaration } else { self.program.relation(head).span };
            self.report(outcome_rule(clause, defined, implicit));
        }
    }

    /// Whether there would be an outcome but for a mistake, which has been reported.
    pub(super) fn is_outcome_hidden(&self) -> bool {
        let allow = self.names.relations.get(ALLOW);
        allow.is_some_and(|allow| !self.is_sound(*allow) || vocabulary::asks_request(self.program.relation(*allow)))
    }

    /// Adds `permitted(U, A, R) if allow(U, A, R), not deny(U, A, R)` where the program leaves it to us.
    pub(super) fn add_outcome_rule(&mut self) {
        let Some(Outcome { allow, permitted, implicit: true }) = self.outcome else { return };
        let deny = self.names.relations.get(DENY).copied();
        if let Some(deny) = deny
            && !self.is_like(allow, deny, false)
        {
            return self.report_unlike(allow, deny);
        }
        let span = self.program.relation(allow).span;
        let atom = |relation| Atom { relation, terms: (0..3).map(|n| Term::Variable(VariableId(n))).collect(), span };
        let negative = deny.map(|deny| Literal::Negative(atom(deny)));
        let fields = &self.program.relation(allow).fields;
        let variables = ["User", "Action", "Resource"]
            .into_iter()
            .zip(fields)
            .map(|(name, field)| Variable { name: name.to_string(), ty: field.ty })
            .collect();
        self.program.rules.push(Rule {
            id: self.sources.file_and_line(span),
            named: false,
            explanation: Vec::new(),
            head: atom(permitted),
            body: std::iter::once(Literal::Positive(atom(allow))).chain(negative).collect(),
            variables,
            span,
            origin: self.sources.get(span.source).origin,
        });
    }

    fn declare_permitted(&mut self, allow: RelationId) -> RelationId {
        let permitted = RelationId(self.program.relations.len() as u32);
        let declared = self.program.relation(allow);
        let fields = declared.fields.iter().map(|field| Field { name: field.name.clone(), ty: field.ty }).collect();
        let relation = Relation {
            name: PERMITTED.to_string(),
            kind: RelationKind::Decision,
            fields,
            sentence: Vec::new(),
            aggregate: None,
            span: declared.span,
        };
        self.names.places.push(Places::of(&relation));
        self.names.relations.insert(PERMITTED.to_string(), permitted);
        self.program.relations.push(relation);
        self.program.facts.push(StatedFacts::default());
        permitted
    }

    /// A mistake hides what `allow` is, and with it whether there is `permitted`: nothing is said about either.
    fn hide_permitted(&mut self, allow: RelationId) {
        if !self.names.relations.contains_key(PERMITTED) {
            let permitted = self.declare_permitted(allow);
            self.names.places[permitted.index()].disputed = true;
        }
    }

    /// Whether its declaration is without mistake.
    pub(super) fn is_sound(&self, relation: RelationId) -> bool {
        let places = self.names.places(relation);
        !places.disputed && places.types.iter().all(Option::is_some)
    }

    /// Whether it has the fields of `allow`; one in dispute is not judged.
    fn is_like(&self, allow: RelationId, other: RelationId, decision: bool) -> bool {
        let types = |relation: RelationId| -> Vec<Type> {
            self.program.relation(relation).fields.iter().map(|field| field.ty).collect()
        };
        let kind_fits = !decision || self.program.relation(other).kind == RelationKind::Decision;
        !self.is_sound(other) || (kind_fits && types(allow) == types(other))
    }

    fn report_unlike(&mut self, allow: RelationId, other: RelationId) {
        let (allow, other) = (self.program.relation(allow), self.program.relation(other));
        let types: Vec<&str> = allow.fields.iter().map(|field| self.program.type_name(field.ty)).collect();
        let mistake = unlike_allow(&other.name, other.span, allow.span, &types.join(", "));
        self.report(mistake);
    }
}

/// That a program decides no requests: it has no `allow`, or one that is not about them.
pub fn missing_allow(program: &Program) -> Diagnostic {
    let Some(allow) = program.relation_named(ALLOW).map(|allow| program.relation(allow)) else {
        return Diagnostic::error(Code::MissingAllow, "the policy has no `allow`, so it decides no requests");
    };
    let types: Vec<&str> = allow.fields.iter().map(|field| program.type_name(field.ty)).collect();
    Diagnostic::error(Code::MissingAllow, "the `allow` of the policy is not about requests, so it decides none")
        .label(allow.span, format!("this {} is of ({})", kind_word(allow.kind), types.join(", ")))
}

fn outcome_rule(clause: &ast::Clause<'_>, defined: Span, implicit: bool) -> Diagnostic {
    let name = clause.head.relation;
    let (what, what_else) = if clause.body.is_empty() { ("fact", "facts") } else { ("rule", "rules") };
    let place = if implicit {
        "`permitted` follows from `allow`, declared here"
    } else {
        "the outcome is defined by the policy here"
    };
    Diagnostic::error(Code::OutcomeRule, format!("a {what} can't add to the outcome `{}`", name.text))
        .at(name.span, format!("takes no {what_else}"))
        .label(defined, place)
        .note("a request is allowed when `allow` holds and `deny` does not; `permitted` names this outcome, and nothing goes around `deny`")
        .replace("write `allow(…)`", name.span, ALLOW)
}

fn unlike_allow(name: &str, span: Span, allow: Span, types: &str) -> Diagnostic {
    Diagnostic::error(Code::ConflictingDeclarations, format!("`{name}` does not fit `allow`"))
        .at(span, format!("expected a decision of ({types})"))
        .label(allow, "`allow` is declared here")
        .note("a request is allowed when `allow` holds and `deny` does not; `permitted` names this outcome, so all three ask the same question")
        .help(format!("declare `{name}` with the fields of `allow`, or give it another name"))
}
