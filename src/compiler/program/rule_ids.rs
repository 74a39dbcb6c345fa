//! The ids of rules, by which answers name them.

use super::check::Checker;
use super::vocabulary;
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::Span;
use crate::compiler::syntax::ast;

impl Checker<'_> {
    /// What a rule is called, and whether that was written.
    pub(super) fn rule_id(&self, clause: &ast::Clause<'_>) -> (String, bool) {
        match &clause.id {
            Some(id) => (id.value.to_string(), true),
            None => (self.sources.file_and_line(clause.span), false),
        }
    }

    /// Reports an id that can't name a rule.
    pub(super) fn check_rule_id(&mut self, clause: &ast::Clause<'_>) {
        let Some(id) = &clause.id else { return };
        if id.value.is_empty() {
            return self.report(empty_rule_id(id.span));
        }
        if id.value == vocabulary::DEFAULT {
            return self.report(reserved_rule_id(id.span));
        }
        match self.rule_ids.get(id.value.as_ref()).copied() {
            Some(first) => self.report(duplicate_rule_id(id, first)),
            None => {
                self.rule_ids.insert(id.value.to_string(), id.span);
            }
        }
    }
}

fn empty_rule_id(span: Span) -> Diagnostic {
    Diagnostic::error(Code::EmptyId, "the id of a rule is empty")
        .at(span, "no character between the quotes")
        .help("name the rule, as in `@id(\"vip-heads\")`, or remove the `@id`")
}

fn reserved_rule_id(span: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateRuleId, "a rule can't have the id `default`")
        .at(span, "already taken")
        .note("`default` is the id of a denial that no rule decided")
        .help("choose another id")
}

fn duplicate_rule_id(id: &ast::Text<'_>, first: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateRuleId, format!("two rules have the id `{}`", id.value))
        .at(id.span, "given again here")
        .label(first, "first given here")
        .note("an answer names the rule that decided by its id")
}
