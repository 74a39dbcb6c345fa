//! What the rules of the author give on the data: a warning for each that gives nothing, or nothing of its own, and a note
//! with what each other gives alone.

use crate::cli::findings::{self, QUESTIONS};
use crate::cli::progress;
use crate::cli::workspace::Workspace;
use rolecall::compiler::codes::Code;
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::program::vocabulary::DENY;
use rolecall::compiler::program::{Program, RelationId, Rule};
use rolecall::decision::{Authorization, Decider};
use rolecall::explain::health::{Effect, Health, given_rules};
use rolecall::proof::Words;

/// The relations that must be derived to tell.
pub fn relations(program: &Program) -> Vec<RelationId> {
    let told = findings::audited(program);
    let mut relations: Vec<RelationId> = given_rules(program, &told).map(|id| program.rule(id).head.relation).collect();
    if !relations.is_empty() {
        relations.extend(
            Authorization::of(program)
                .into_iter()
                .flat_map(|authorization| authorization.relations().collect::<Vec<_>>()),
        );
    }
    relations
}

/// A finding for each rule of the files that were given, in their order, of which the answers can be listed.
pub fn find(workspace: &mut Workspace, program: &Program, decider: &mut Decider) -> Vec<Diagnostic> {
    let told = findings::audited(program);
    let bar = progress::questions("asking", None);
    let heard = |questions| bar.add(questions);
    let bounds = findings::bounds(QUESTIONS, workspace.jobs(), &heard);
    let mut health = Health::default();
    let mut found = Vec::new();
    for id in given_rules(program, &told) {
        bar.about(&program.rule(id).id);
        if let Some(effect) = health.effect(decider, id, &bounds) {
            let words = Words::new(program, &decider.model().database);
            let sample = effect.sample.as_ref().and_then(|instance| words.sentence(id, instance));
            found.push(finding(program, program.rule(id), &effect, sample));
        }
    }
    drop(bar);
    workspace.time("health", || format!("{} rules", found.len()));
    found
}

fn finding(program: &Program, rule: &Rule, effect: &Effect, sample: Option<String>) -> Diagnostic {
    let id = &rule.id;
    let forbids = program.relation(rule.head.relation).name == DENY;
    let counted = |count: usize| {
        let noun = if forbids { "request" } else { "answer" };
        format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
    };
    if effect.answers == 0 {
        return Diagnostic::warning(Code::IdleRule, format!("`{id}` gives nothing on this data"))
            .at(rule.span, "no facts make its body true");
    }
    if effect.counting == 0 && !effect.more {
        return Diagnostic::warning(
            Code::IdleDeny,
            format!("`{id}` forbids {}, but nothing allows any of them", counted(effect.answers)),
        )
        .at(rule.span, "nothing changes without this rule");
    }
    let diagnostic = match effect.alone {
        Some(0) if !effect.more => {
            let message = format!("every answer of `{id}` is given without it too: {}", counted(effect.counting));
            let redundant =
                Diagnostic::warning(Code::RedundantRule, message).at(rule.span, "nothing changes without this rule");
            match effect.other {
                Some(other) => {
                    let other = program.rule(other);
                    redundant.label(other.span, format!("`{}` gives most of them", other.id))
                }
                None => redundant,
            }
        }
        alone => {
            let verb = if forbids { "takes away" } else { "gives" };
            let least = if effect.more { " or more" } else { "" };
            let alone = alone.map_or_else(String::new, |alone| format!(", {alone} of them alone"));
            let message = format!("`{id}` {verb} {}{least}{alone}", counted(effect.counting));
            Diagnostic::remark(Code::RuleEffect, message).at(rule.span, "this rule")
        }
    };
    match sample {
        Some(sample) => diagnostic.note(format!("such as: {sample}")),
        None => diagnostic,
    }
}
