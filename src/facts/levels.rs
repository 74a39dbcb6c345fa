//! Illegal levels: a built-in action offers only the levels that the policy states for it.
//! The policy states them as facts of `legal_level` and `legal_crm_level`; none is known here.

use rustc_hash::FxHashMap;

use crate::compiler::codes::Code;
use crate::compiler::diagnostic::{DataPlace, Diagnostic};
use crate::compiler::program::vocabulary::{LEGAL_CRM_LEVEL, LEGAL_LEVEL};
use crate::compiler::program::{ActionId, Constant, ConstantId, EnumId, Program, RelationId, Rule, Term, Type};
use crate::compiler::source::{Origin, Sources, Span};
use crate::compiler::syntax::token::{Lexer, TokenKind};
use crate::data::Value;
use crate::facts::finding::list;

/// The relations that give levels, and what each may give.
#[derive(Debug, Default)]
pub struct Levels {
    givers: FxHashMap<RelationId, Giver>,
}

/// A relation that gives levels to a role.
#[derive(Debug)]
struct Giver {
    role: usize,
    action: Option<usize>,
    level: usize,
    levels: EnumId,
    offers: Offers,
}

/// The places of the legal levels in their enum, in order.
#[derive(Debug)]
enum Offers {
    /// By action; `None` for an action that is not built in, which takes every level.
    ByAction(Vec<Option<Vec<u32>>>),
    Same(Vec<u32>),
}

/// A fact that gives a level that is not offered, in words.
pub(super) struct IllegalLevel {
    /// The place of the level in the fact.
    pub place: usize,
    /// The message of the diagnostic.
    pub message: String,
    /// What stands at the level.
    pub label: String,
    /// The legal levels, or that there is none.
    pub note: String,
}

impl Levels {
    /// Those of a program.
    pub fn new(program: &Program, sources: &Sources) -> Levels {
        let mut levels = Levels::default();
        if let Some((relation, giver)) = role_permission(program, sources) {
            levels.givers.insert(relation, giver);
        }
        for name in ["crm_role_permission", "crm_role_stage_permission"] {
            if let Some((relation, giver)) = crm_permission(program, name) {
                levels.givers.insert(relation, giver);
            }
        }
        levels
    }

    /// Those of a program of which a rule gives facts whose level or action only the data tells; `None` where no rule does.
    pub fn of_rules(program: &Program, sources: &Sources) -> Option<Levels> {
        let levels = Levels::new(program, sources);
        let is_open = |rule: &Rule| levels.givers.get(&rule.head.relation).is_some_and(|giver| !giver.is_named(rule));
        program.rules.iter().any(is_open).then_some(levels)
    }

    /// The relations whose facts are checked.
    pub fn relations(&self) -> impl Iterator<Item = RelationId> {
        self.givers.keys().copied()
    }

    /// Whether data may state a fact.
    pub fn allow(&self, program: &Program, relation: RelationId, row: &[Value]) -> bool {
        self.check(program, relation, row, |_| String::new()).is_none()
    }

    /// The highest level that a role may give for an action and that is not above `level`; `None` where there is none,
    /// and where the program does not have the action or the level.
    pub fn highest_up_to<'p>(&self, program: &'p Program, action: &str, level: &str) -> Option<&'p str> {
        let action = program.action_named(action)?;
        let by_action = |giver: &&Giver| matches!(giver.offers, Offers::ByAction(_));
        let giver = self.givers.values().find(by_action)?;
        let members = &program.enums[giver.levels.index()].members;
        let wanted = members.iter().position(|member| member == level)? as u32;
        let Offers::ByAction(offers) = &giver.offers else { return None };
        let legal = offers[action.index()].as_ref()?.iter().rev().find(|legal| **legal <= wanted)?;
        Some(&members[*legal as usize])
    }

    /// Whether facts of the relation are checked at all.
    pub(crate) fn watches(&self, relation: RelationId) -> bool {
        self.givers.contains_key(&relation)
    }

    /// What is wrong with the level of a fact that a rule gives; `role` is the text of a value.
    pub(crate) fn check_derived(
        &self,
        program: &Program,
        rule: &Rule,
        row: &[Value],
        role: impl Fn(Value) -> String,
    ) -> Option<Diagnostic> {
        let illegal = self.check(program, rule.head.relation, row, role)?;
        let label = format!("given by the rule {}", rule.id);
        Some(illegal.reported(program, rule.head.relation, rule.head.span, label))
    }

    /// What is wrong with the level of a fact; `role` is the text of a value.
    pub(super) fn check(
        &self,
        program: &Program,
        relation: RelationId,
        row: &[Value],
        role: impl Fn(Value) -> String,
    ) -> Option<IllegalLevel> {
        let giver = self.givers.get(&relation)?;
        let action = giver.action.map(|place| row[place].index());
        let legal = match (&giver.offers, action) {
            (Offers::ByAction(offers), Some(action)) => offers[action].as_ref()?,
            (Offers::Same(legal), _) => legal,
            (Offers::ByAction(_), None) => return None,
        };
        if legal.contains(&row[giver.level].0) {
            return None;
        }
        let action = action.map(|action| program.actions[action].name.as_str());
        Some(giver.illegal(program, legal, row[giver.level], action, &role(row[giver.role])))
    }
}

impl Giver {
    /// Whether the head of a rule names the level, and the action where that decides.
    fn is_named(&self, rule: &Rule) -> bool {
        let named = |place: usize| matches!(rule.head.terms[place], Term::Constant(_));
        named(self.level) && self.action.is_none_or(named)
    }

    fn illegal(
        &self,
        program: &Program,
        legal: &[u32],
        level: Value,
        action: Option<&str>,
        role: &str,
    ) -> IllegalLevel {
        let members = &program.enums[self.levels.index()].members;
        let level = &members[level.index()];
        let subject = action.map_or("CRM permissions".to_owned(), |action| format!("`{action}`"));
        let offered: Vec<&str> = legal.iter().map(|place| members[*place as usize].as_str()).collect();
        if offered.is_empty() {
            return IllegalLevel {
                place: self.action.unwrap_or(self.level),
                message: format!(
                    "role `{role}` gives {subject} the level `{level}`, but {subject} has no level of its own"
                ),
                label: "takes no level".to_owned(),
                note: format!("who may do {subject} follows from other permissions; no role can give it"),
            };
        }
        IllegalLevel {
            place: self.level,
            message: format!("role `{role}` gives {subject} the level `{level}`, which is not among its levels"),
            label: "not offered here".to_owned(),
            note: format!("the levels of {subject} are {}", list(&offered)),
        }
    }
}

impl IllegalLevel {
    /// Of a fact of a rule file, or the head of a rule.
    fn told(self, program: &Program, sources: &Sources, relation: RelationId, atom: Span) -> Diagnostic {
        let (span, label) = (argument(sources, atom, self.place), self.label.clone());
        self.reported(program, relation, span, label)
    }

    fn reported(self, program: &Program, relation: RelationId, span: Span, label: String) -> Diagnostic {
        let relation = program.relation(relation);
        let field = relation.fields.get(self.place).map(|field| field.name.clone());
        let mut diagnostic = Diagnostic::error(Code::IllegalLevel, self.message).at(span, label).note(self.note);
        diagnostic.data = Some(DataPlace { relation: Some(relation.name.clone()), field, path: None });
        diagnostic
    }
}

/// An argument of an atom; all of the atom where it is not found.
fn argument(sources: &Sources, atom: Span, place: usize) -> Span {
    let mut lexer = Lexer::new(atom.source, sources.text(atom));
    let (mut depth, mut commas) = (0, 0);
    let mut argument: Option<Span> = None;
    loop {
        let token = lexer.next_token();
        let span = Span { source: atom.source, start: atom.start + token.start, end: atom.start + token.end };
        match token.kind {
            TokenKind::End => return argument.unwrap_or(atom),
            TokenKind::LeftParenthesis => depth += 1,
            TokenKind::RightParenthesis => depth -= 1,
            TokenKind::Comma if depth == 1 => commas += 1,
            TokenKind::LineComment | TokenKind::BlockComment | TokenKind::DocComment => {}
            _ if depth > 0 && commas == place => argument = Some(argument.map_or(span, |begun| begun.to(span))),
            _ => {}
        }
    }
}

/// Checks the facts that rule files and their tests state, and what the heads of their rules give.
///
/// Facts of data files are checked while they are loaded.
pub fn check_levels(program: &Program, sources: &Sources) -> Vec<Diagnostic> {
    let levels = Levels::new(program, sources);
    let mut diagnostics = Vec::new();
    for (number, facts) in program.facts.iter().enumerate() {
        let relation = RelationId(number as u32);
        if !levels.watches(relation) {
            continue;
        }
        let arity = program.relations[number].arity();
        for (row, span) in facts.values.chunks_exact(arity).zip(&facts.spans) {
            diagnostics.extend(check_stated(program, sources, &levels, relation, row, *span));
        }
    }
    for rule in &program.rules {
        diagnostics.extend(check_head(program, sources, &levels, rule));
    }
    for (relation, row, span) in program.tests.iter().flat_map(|test| &test.facts) {
        diagnostics.extend(check_stated(program, sources, &levels, *relation, row, *span));
    }
    diagnostics
}

fn check_stated(
    program: &Program,
    sources: &Sources,
    levels: &Levels,
    relation: RelationId,
    row: &[ConstantId],
    span: Span,
) -> Option<Diagnostic> {
    // Where a value is a name, its number stands for itself; any other is found again by its constant.
    let values: Vec<Value> = row.iter().map(|constant| stated_value(program, *constant)).collect();
    let illegal = levels.check(program, relation, &values, |value| role_name(program, value))?;
    Some(illegal.told(program, sources, relation, span))
}

/// Checks a rule whose head names the level, and the action where that decides. What others give is known when it is
/// derived.
fn check_head(program: &Program, sources: &Sources, levels: &Levels, rule: &Rule) -> Option<Diagnostic> {
    let giver = levels.givers.get(&rule.head.relation)?;
    if !giver.is_named(rule) {
        return None;
    }
    let value = |term: &Term| match term {
        Term::Constant(constant) => stated_value(program, *constant),
        Term::Variable(_) | Term::Wildcard => Value::default(),
    };
    let row: Vec<Value> = rule.head.terms.iter().map(value).collect();
    let role = |value: Value| match rule.head.terms[giver.role] {
        Term::Variable(variable) => rule.variables[variable.index()].name.clone(),
        Term::Constant(_) | Term::Wildcard => role_name(program, value),
    };
    let illegal = levels.check(program, rule.head.relation, &row, role)?;
    Some(illegal.told(program, sources, rule.head.relation, rule.head.span))
}

fn role_name(program: &Program, value: Value) -> String {
    match program.constants.get(ConstantId(value.0)) {
        Constant::Thing(_, id) => id.clone(),
        Constant::Text(_) | Constant::Int(_) | Constant::Action(_) | Constant::Member(..) => String::new(),
    }
}

fn stated_value(program: &Program, constant: ConstantId) -> Value {
    match program.constants.get(constant) {
        Constant::Action(ActionId(number)) | Constant::Member(_, number) => Value(*number),
        Constant::Text(_) | Constant::Int(_) | Constant::Thing(..) => Value(constant.0),
    }
}

fn role_permission(program: &Program, sources: &Sources) -> Option<(RelationId, Giver)> {
    let (relation, role, level, levels) = giver(program, "role_permission")?;
    let action = place_named(program, relation, "action", |ty| ty == Type::Action)?;
    let legal = program.relation_named(LEGAL_LEVEL)?;
    let built_in = |span: Span| sources.get(span.source).origin == Origin::BuiltIn;
    let mut offers: Vec<Option<Vec<u32>>> =
        program.actions.iter().map(|action| built_in(action.span).then(Vec::new)).collect();
    for row in stated_rows(program, legal, 2) {
        if let (Constant::Action(action), Some(level)) = (program.constants.get(row[0]), member(program, row[1])) {
            offers[action.index()].iter_mut().for_each(|legal| legal.push(level));
        }
    }
    offers.iter_mut().flatten().for_each(|legal| legal.sort_unstable());
    Some((relation, Giver { role, action: Some(action), level, levels, offers: Offers::ByAction(offers) }))
}

fn crm_permission(program: &Program, name: &str) -> Option<(RelationId, Giver)> {
    let (relation, role, level, levels) = giver(program, name)?;
    let legal = program.relation_named(LEGAL_CRM_LEVEL)?;
    let mut offers: Vec<u32> = stated_rows(program, legal, 1).filter_map(|row| member(program, row[0])).collect();
    offers.sort_unstable();
    Some((relation, Giver { role, action: None, level, levels, offers: Offers::Same(offers) }))
}

/// A relation of that name with the places of its role and level.
fn giver(program: &Program, name: &str) -> Option<(RelationId, usize, usize, EnumId)> {
    let relation = program.relation_named(name)?;
    let role = place_named(program, relation, "role", |ty| matches!(ty, Type::Entity(_)))?;
    let level = place_named(program, relation, "level", |ty| matches!(ty, Type::Enum(_)))?;
    match program.relation(relation).fields[level].ty {
        Type::Enum(levels) => Some((relation, role, level, levels)),
        _ => None,
    }
}

fn place_named(program: &Program, relation: RelationId, name: &str, fits: impl Fn(Type) -> bool) -> Option<usize> {
    program.relation(relation).fields.iter().position(|field| field.name == name && fits(field.ty))
}

fn stated_rows(program: &Program, relation: RelationId, arity: usize) -> impl Iterator<Item = &[ConstantId]> {
    let fits = program.relation(relation).arity() == arity;
    let values: &[ConstantId] = match program.facts.get(relation.index()) {
        Some(facts) if fits => &facts.values,
        _ => &[],
    };
    values.chunks_exact(arity)
}

fn member(program: &Program, constant: ConstantId) -> Option<u32> {
    match program.constants.get(constant) {
        Constant::Member(_, place) => Some(*place),
        _ => None,
    }
}
