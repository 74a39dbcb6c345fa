//! Rules that can never fire: a relation in the body is empty whatever the data, or the body contradicts itself.

use rustc_hash::FxHashMap;

use super::super::vocabulary::ALLOW;
use super::super::{Atom, Comparison, Literal, RelationId, RelationKind, Rule, Term, Type};
use super::contradiction::{Contradiction, contradiction};
use super::{Lint, atom_of};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;

/// Why a body holds for no values.
pub enum Conflict<'p> {
    /// These comparisons together.
    Comparisons(Contradiction<'p>),
    /// A literal, and the same with `not`.
    Denied(&'p Atom, &'p Atom),
}

/// What can have facts, and which rules can not.
pub struct Firing<'p> {
    /// By relation: whether it has facts, or a rule that may fire. Inputs always do, since data may.
    filled: Vec<bool>,
    /// By the place of the rule in the program.
    conflicts: FxHashMap<usize, Conflict<'p>>,
}

impl Firing<'_> {
    /// Whether some data may make the rule of that place give a fact.
    pub fn can_fire(&self, place: usize, rule: &Rule) -> bool {
        !self.conflicts.contains_key(&place) && self.empty(rule).is_none()
    }

    /// The first positive literal of a relation that is always empty.
    fn empty<'r>(&self, rule: &'r Rule) -> Option<&'r Atom> {
        positives(rule).find(|atom| !self.filled[atom.relation.index()])
    }
}

impl<'p> Lint<'p> {
    /// Finds what can have facts: in time linear in the program, since a relation is filled once.
    pub fn firing(&self) -> Firing<'p> {
        let program = self.program;
        let mut conflicts = FxHashMap::default();
        let mut waiting: Vec<usize> = vec![0; program.rules.len()];
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); program.relations.len()];
        let mut open = Vec::new();
        for (place, rule) in program.rules.iter().enumerate() {
            if let Some(conflict) = self.conflict(rule) {
                conflicts.insert(place, conflict);
                continue;
            }
            for atom in positives(rule) {
                users[atom.relation.index()].push(place);
                waiting[place] += 1;
            }
            if waiting[place] == 0 {
                open.push(rule.head.relation);
            }
        }
        let is_given = |id: &RelationId| {
            program.relation(*id).kind == RelationKind::Input || !program.facts[id.index()].spans.is_empty()
        };
        open.extend((0..program.relations.len()).map(|number| RelationId(number as u32)).filter(is_given));
        let mut filled = vec![false; program.relations.len()];
        while let Some(relation) = open.pop() {
            if std::mem::replace(&mut filled[relation.index()], true) {
                continue;
            }
            for place in &users[relation.index()] {
                waiting[*place] -= 1;
                if waiting[*place] == 0 {
                    open.push(program.rules[*place].head.relation);
                }
            }
        }
        Firing { filled, conflicts }
    }

    fn conflict(&self, rule: &'p Rule) -> Option<Conflict<'p>> {
        let comparisons: Vec<&Comparison> = rule.body.iter().filter_map(comparison_of).collect();
        if let Some(core) = contradiction(self.program, &comparisons) {
            return Some(Conflict::Comparisons(core));
        }
        let negatives = rule.body.iter().filter_map(|literal| match literal {
            Literal::Negative(atom) => Some(atom),
            Literal::Positive(_) | Literal::Comparison(_) => None,
        });
        for negative in negatives {
            if let Some(positive) = positives(rule).find(|positive| denies(negative, positive)) {
                return Some(Conflict::Denied(positive, negative));
            }
        }
        None
    }

    /// A warning for each rule that can never fire.
    pub fn rules_that_never_fire(&self, firing: &Firing<'_>) -> Vec<Diagnostic> {
        let rules = self.program.rules.iter().enumerate().filter(|(_, rule)| self.is_told_about(rule.span));
        // What was added for `permitted` is not written anywhere.
        let written = rules.filter(|(_, rule)| rule.span != self.program.relation(rule.head.relation).span);
        let warning = |(place, rule): (usize, &Rule)| match firing.conflicts.get(&place) {
            Some(Conflict::Comparisons(core)) => Some(self.contradictory(core)),
            Some(Conflict::Denied(positive, negative)) => Some(self.denied(positive, negative)),
            None => firing.empty(rule).map(|atom| self.empty_relation(rule, atom)),
        };
        written.filter_map(warning).collect()
    }

    fn empty_relation(&self, rule: &Rule, atom: &Atom) -> Diagnostic {
        let id = self.relation_as_written(atom);
        let relation = self.program.relation(id);
        let name = &relation.name;
        let by = self.program.rules.iter().find(|rule| rule.head.relation == id);
        match by {
            None => {
                let (nothing, help) = match relation.kind {
                    RelationKind::Decision => ("no rules", format!("write a rule for `{name}`")),
                    RelationKind::Input | RelationKind::Relation => (
                        "neither facts nor rules",
                        format!("write a rule for `{name}`, or declare it as an `input`, whose facts come from data"),
                    ),
                };
                never(&format!("`{name}` has {nothing}"))
                    .at(atom.span, format!("nothing gives a fact of `{name}`"))
                    .label(relation.span, "declared here")
                    .help(help)
            }
            Some(_) if id == rule.head.relation => never(&format!("no other rule gives a first fact of `{name}`"))
                .at(atom.span, format!("`{name}` is needed to derive `{name}`"))
                .help(format!("write a rule for `{name}` that does not use it")),
            Some(by) => never(&format!("`{name}` is always empty"))
                .at(atom.span, format!("nothing gives a fact of `{name}`"))
                .label(by.span, format!("no rule of `{name}` can fire, and so not this one"))
                .note("a rule fires when every literal of its body holds"),
        }
    }

    /// The relation that the author wrote: `allow` in a body asks `permitted`.
    fn relation_as_written(&self, atom: &Atom) -> RelationId {
        let is_allow = self.sources.text(atom.span).split('(').next().is_some_and(|name| name.trim() == ALLOW);
        let allow = self.program.relation_named(ALLOW).filter(|_| is_allow);
        allow.unwrap_or(atom.relation)
    }

    fn contradictory(&self, Contradiction { last, others }: &Contradiction<'_>) -> Diagnostic {
        let warning = match others.is_empty() {
            true => {
                let text = self.sources.quoted(last.span);
                never(&format!("`{text}` does not hold for any value")).at(last.span, "always false")
            }
            false => never("its comparisons contradict each other").at(last.span, "no value fits this"),
        };
        let warning = others.iter().fold(warning, |warning, other| warning.label(other.span, "and this"));
        let of = std::iter::once(last).chain(others).find_map(|comparison| match comparison.ty {
            Type::Enum(of) => Some(&self.program.enums[of.index()]),
            Type::Int | Type::Text | Type::Action | Type::Resource | Type::Entity(_) => None,
        });
        match of {
            None => warning,
            Some(of) => {
                let separator = if of.ordered { " < " } else { ", " };
                warning.note(format!("the members of `{}` are {}", of.name, of.members.join(separator)))
            }
        }
    }

    fn denied(&self, positive: &Atom, negative: &Atom) -> Diagnostic {
        never(&format!("it needs `{}` and its absence", self.sources.quoted(positive.span)))
            .at(negative.span, "must not hold here")
            .label(positive.span, "and must hold here")
    }
}

fn positives(rule: &Rule) -> impl Iterator<Item = &Atom> {
    rule.body.iter().filter(|literal| matches!(literal, Literal::Positive(_))).filter_map(atom_of)
}

fn comparison_of(literal: &Literal) -> Option<&Comparison> {
    match literal {
        Literal::Comparison(comparison) => Some(comparison),
        Literal::Positive(_) | Literal::Negative(_) => None,
    }
}

/// Whether `not` of the one is false where the other holds.
fn denies(negative: &Atom, positive: &Atom) -> bool {
    let mut terms = negative.terms.iter().zip(&positive.terms);
    negative.relation == positive.relation
        && terms.all(|(denied, given)| *denied == Term::Wildcard || (denied == given && *given != Term::Wildcard))
}

fn never(why: &str) -> Diagnostic {
    Diagnostic::warning(Code::NeverFires, format!("this rule can never fire: {why}"))
}
