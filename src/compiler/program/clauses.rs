//! Rules and facts: the relations they name, and what becomes of them once they are checked.

use super::check::Checker;
use super::names::is_stored;
use super::resolve::{kind_word, suggested};
use super::scope::Scope;
use super::terms::Standing;
use super::{ExplanationPart, Literal, Relation, RelationId, RelationKind, Rule, Term, Type};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{Origin, Span};
use crate::compiler::suggest;
use crate::compiler::syntax::ast;

/// A literal of a body with the relation it names; none for comparisons and where a mistake hides it.
pub(super) struct BodyLiteral<'t, 'a> {
    pub literal: &'t ast::Literal<'a>,
    pub relation: Option<RelationId>,
}

impl<'t, 'a> BodyLiteral<'t, 'a> {
    /// The atom of a literal that is no comparison.
    pub fn atom(&self) -> Option<&'t ast::Atom<'a>> {
        match self.literal {
            ast::Literal::Positive(atom) | ast::Literal::Negative(atom, _) => Some(atom),
            ast::Literal::Comparison { .. } => None,
        }
    }
}

/// How many literals a body may have.
const LONGEST_BODY: usize = 1_000;

impl Checker<'_> {
    /// Checks a rule or a fact and keeps it.
    pub(super) fn check_clause(&mut self, clause: &ast::Clause<'_>) {
        self.check_rule_id(clause);
        let head = self.resolve_atom(&clause.head, None, &clause.body);
        if let Some(head) = head {
            self.check_outcome_head(clause, head);
        }
        match head {
            Some(relation) if clause.body.is_empty() && is_stored(self.program.relation(relation).kind) => {
                self.check_fact(clause, relation);
            }
            _ => self.check_rule(clause, head),
        }
    }

    fn check_fact(&mut self, clause: &ast::Clause<'_>, relation: RelationId) {
        if clause.explanation.is_some() {
            self.check_explanation(clause, &Scope::default());
        }
        if self.check_aggregate_head(clause, relation, None).is_err() {
            return;
        }
        for name in variables_of(&clause.head) {
            self.report(variable_in_fact(name));
        }
        let Some(atom) = self.lower_atom(&clause.head, relation, Standing::Fact, &mut Scope::default()) else { return };
        let facts = &mut self.program.facts[relation.index()];
        facts.values.extend(atom.terms.iter().filter_map(|term| match term {
            Term::Constant(value) => Some(*value),
            Term::Variable(_) | Term::Wildcard => None,
        }));
        facts.spans.push(clause.span);
    }

    fn check_rule(&mut self, clause: &ast::Clause<'_>, relation: Option<RelationId>) {
        if !self.check_length(&clause.body, clause.span) {
            return;
        }
        let mut scope = Scope::default();
        enter_variables(&mut scope, &clause.head);
        let kind = relation.map(|relation| self.program.relation(relation).kind);
        if relation.is_none() {
            // The head may be of a decision, where the question gives the values.
            hide_variables(&mut scope, &clause.head);
        }
        let body = self.resolve_body(&clause.body, &mut scope, kind);
        let head = relation.map(|relation| (&clause.head, relation));
        self.infer_types(&mut scope, head, &body);
        let lowered_head = head.and_then(|(atom, relation)| self.lower_head(clause, atom, relation, &mut scope));
        let lowered_body = self.lower_body(&mut scope, &body, relation);
        self.check_rule_safety(&mut scope, head, &body);
        let explanation = self.check_explanation(clause, &scope);
        if let Some(head) = lowered_head {
            let (id, named) = self.rule_id(clause);
            let variables = scope.finish();
            let origin = self.sources.get(clause.span.source).origin;
            let (body, span) = (lowered_body, clause.span);
            self.program.rules.push(Rule { id, named, explanation, head, body, variables, span, origin });
        }
    }

    /// Reports a body of too many literals: ordering them costs the square of their number.
    pub(super) fn check_length(&mut self, body: &[ast::Literal<'_>], span: Span) -> bool {
        let fits = body.len() <= LONGEST_BODY;
        if !fits {
            self.report(
                Diagnostic::error(Code::RuleTooLong, format!("a body of {} literals is too long", body.len()))
                    .at(span, format!("at most {LONGEST_BODY} can stand here"))
                    .help("derive a part of it as a `relation` of its own"),
            );
        }
        fits
    }

    fn lower_head<'a>(
        &mut self,
        clause: &ast::Clause<'a>,
        atom: &ast::Atom<'a>,
        relation: RelationId,
        scope: &mut Scope<'a>,
    ) -> Option<super::Atom> {
        let fold = self.check_aggregate_head(clause, relation, Some(scope));
        let standing = match self.program.relation(relation).kind {
            RelationKind::Decision => Standing::DecisionHead,
            RelationKind::Input | RelationKind::Relation => Standing::StoredHead,
        };
        let lowered = self.lower_atom(atom, relation, standing, scope);
        fold.ok().and(lowered)
    }

    /// Finds the relations of a body and enters its variables. `head` is the kind of the rule's head, if it is known.
    pub(super) fn resolve_body<'t, 'a>(
        &mut self,
        literals: &'t [ast::Literal<'a>],
        scope: &mut Scope<'a>,
        head: Option<RelationKind>,
    ) -> Vec<BodyLiteral<'t, 'a>> {
        let mut body = Vec::with_capacity(literals.len());
        for literal in literals {
            let relation = match literal {
                ast::Literal::Positive(atom) | ast::Literal::Negative(atom, _) => {
                    enter_variables(scope, atom);
                    let relation = self.resolve_body_atom(atom, head, literals);
                    if relation.is_none() {
                        hide_variables(scope, atom);
                    }
                    relation
                }
                ast::Literal::Comparison { left, right, .. } => {
                    enter_variable(scope, left);
                    enter_variable(scope, right);
                    None
                }
            };
            body.push(BodyLiteral { literal, relation });
        }
        body
    }

    fn resolve_body_atom(
        &mut self,
        atom: &ast::Atom<'_>,
        head: Option<RelationKind>,
        body: &[ast::Literal<'_>],
    ) -> Option<RelationId> {
        let relation = self.resolve_atom(atom, head, body)?;
        let kind = self.program.relation(relation).kind;
        if let (Some(head), RelationKind::Decision) = (head, kind)
            && is_stored(head)
        {
            let span = self.program.relation(relation).span;
            self.report(decision_in_relation(atom, head, span));
            return None;
        }
        Some(relation)
    }

    /// The relation an atom names, with as many places as it has arguments. `head` is that of a body's rule; the literals of
    /// the body tell the types of its arguments, where the name is unknown.
    pub(super) fn resolve_atom(
        &mut self,
        atom: &ast::Atom<'_>,
        head: Option<RelationKind>,
        body: &[ast::Literal<'_>],
    ) -> Option<RelationId> {
        let Some(&relation) = self.names.relations.get(atom.relation.text) else {
            self.report_unknown(atom.relation.text, |checker| checker.unknown_relation(atom, head, body));
            return None;
        };
        if self.names.places(relation).disputed {
            return None;
        }
        if self.program.relation(relation).arity() != atom.arguments.len() {
            let mistake = self.wrong_arity(atom, relation);
            self.report(mistake);
            return None;
        }
        Some(relation)
    }

    /// The literals of a body after checking, without those that have a mistake. `head` is that of its rule.
    pub(super) fn lower_body<'a>(
        &mut self,
        scope: &mut Scope<'a>,
        body: &[BodyLiteral<'_, 'a>],
        head: Option<RelationId>,
    ) -> Vec<Literal> {
        let mut lowered = Vec::with_capacity(body.len());
        for BodyLiteral { literal, relation } in body {
            lowered.extend(match (literal, relation) {
                (ast::Literal::Positive(atom), Some(relation)) => {
                    self.lower_body_atom(atom, *relation, scope, head).map(Literal::Positive)
                }
                (ast::Literal::Negative(atom, span), Some(relation)) => {
                    let lowered = self.lower_body_atom(atom, *relation, scope, head);
                    lowered.map(|atom| Literal::Negative(super::Atom { span: *span, ..atom }))
                }
                (ast::Literal::Comparison { left, operator, right, span }, _) => {
                    self.lower_comparison(left, *operator, right, *span, scope).map(Literal::Comparison)
                }
                (ast::Literal::Positive(atom) | ast::Literal::Negative(atom, _), None) => {
                    self.check_misplaced_aggregates(atom);
                    None
                }
            });
        }
        lowered
    }

    fn lower_body_atom<'a>(
        &mut self,
        atom: &ast::Atom<'a>,
        relation: RelationId,
        scope: &mut Scope<'a>,
        head: Option<RelationId>,
    ) -> Option<super::Atom> {
        let standing =
            if is_stored(self.program.relation(relation).kind) { Standing::Stored } else { Standing::Decision };
        let mut lowered = self.lower_atom(atom, relation, standing, scope)?;
        lowered.relation = match head {
            Some(head) => self.asked_relation(relation, head),
            None => relation,
        };
        Some(lowered)
    }

    /// Cuts an explanation at its variables, which the rule must have.
    fn check_explanation(&mut self, clause: &ast::Clause<'_>, scope: &Scope<'_>) -> Vec<ExplanationPart> {
        let Some(explanation) = &clause.explanation else { return Vec::new() };
        self.explanation_parts(explanation, scope)
    }

    fn unknown_relation(
        &self,
        atom: &ast::Atom<'_>,
        head: Option<RelationKind>,
        body: &[ast::Literal<'_>],
    ) -> Diagnostic {
        let name = atom.relation;
        let label = match self.names.types.get(name.text) {
            Some(Some(Type::Entity(_))) => "an entity, but no relation of that name is declared",
            _ if self.names.actions.contains_key(name.text) => "an action, but no relation of that name is declared",
            _ => "not declared",
        };
        let takes_decisions = head.is_none_or(|kind| !is_stored(kind));
        let accepted = || self.program.relations.iter().filter(|relation| takes_decisions || is_stored(relation.kind));
        let types = self.argument_types(atom, body);
        let is_long = |relation: &&Relation| relation.arity() == types.len();
        let is_typed =
            |relation: &&Relation| relation.fields.iter().zip(&types).all(|(field, ty)| may_be(field.ty, *ty));
        // The types may be wrong, and an argument may be missing.
        let mut nearest = nearest_relation(name.text, accepted().filter(is_long).filter(is_typed));
        if nearest.is_empty() {
            nearest = nearest_relation(name.text, accepted().filter(is_long));
        }
        if nearest.is_empty() {
            nearest = nearest_relation(name.text, accepted());
        }
        let mistake =
            Diagnostic::error(Code::UnknownRelation, format!("unknown relation `{}`", name.text)).at(name.span, label);
        let in_query = self.sources.get(name.span.source).origin == Origin::Query;
        match nearest.is_empty() && !in_query {
            true => {
                mistake.help(format!("declare it, as in `relation {}(…);`, or use one that is declared", name.text))
            }
            false => suggested(mistake, name.span, name.text, &nearest),
        }
    }

    /// The types of the arguments of an atom, as far as their form and the other literals tell.
    fn argument_types(&self, atom: &ast::Atom<'_>, body: &[ast::Literal<'_>]) -> Vec<Option<Type>> {
        let type_of = |name: &ast::Name<'_>| body.iter().find_map(|literal| self.type_in(literal, name.text));
        let types = atom.arguments.iter().map(|term| match term {
            ast::Term::Variable(name) => type_of(name),
            ast::Term::Integer(..) => Some(Type::Int),
            ast::Term::Qualified(entity, ..) => self.names.entity(entity.text).map(Type::Entity),
            ast::Term::Name(name) => match self.names.types_of_value(name.text)[..] {
                [ty] => Some(ty),
                _ => None,
            },
            ast::Term::Text(_) | ast::Term::Wildcard(_) | ast::Term::Aggregate(..) => None,
        });
        types.collect()
    }

    /// The type of the first place of a literal where a variable stands.
    fn type_in(&self, literal: &ast::Literal<'_>, variable: &str) -> Option<Type> {
        let (ast::Literal::Positive(atom) | ast::Literal::Negative(atom, _)) = literal else { return None };
        let relation = self.names.relations.get(atom.relation.text)?;
        let is_there = |term: &ast::Term<'_>| matches!(term, ast::Term::Variable(name) if name.text == variable);
        let place = atom.arguments.iter().position(is_there)?;
        self.names.places(*relation).types.get(place).copied().flatten()
    }

    fn wrong_arity(&self, atom: &ast::Atom<'_>, relation: RelationId) -> Diagnostic {
        let relation = self.program.relation(relation);
        let (wanted, given) = (relation.arity(), atom.arguments.len());
        let arguments = if wanted == 1 { "argument" } else { "arguments" };
        let given = match given {
            0 => "none is given".to_string(),
            1 => "1 is given".to_string(),
            _ => format!("{given} are given"),
        };
        let fields: Vec<&str> = relation.fields.iter().map(|field| field.name.as_str()).collect();
        Diagnostic::error(Code::WrongArity, format!("`{}` takes {wanted} {arguments}, and {given}", relation.name))
            .at(atom.span, format!("{given} here"))
            .label(relation.span, format!("declared with the fields ({})", fields.join(", ")))
    }
}

/// Enters the variables of an atom, those of aggregates too.
pub(super) fn enter_variables<'a>(scope: &mut Scope<'a>, atom: &ast::Atom<'a>) {
    atom.arguments.iter().for_each(|term| enter_variable(scope, term));
}

fn enter_variable<'a>(scope: &mut Scope<'a>, term: &ast::Term<'a>) {
    if let Some(name) = variable_of(term) {
        scope.enter(name);
    }
}

fn hide_variables<'a>(scope: &mut Scope<'a>, atom: &ast::Atom<'a>) {
    for name in atom.arguments.iter().filter_map(variable_of) {
        let variable = scope.enter(name);
        scope.hide_type(variable);
        scope.bind(variable);
    }
}

/// The variable that a term is or folds.
pub(super) fn variable_of<'a>(term: &ast::Term<'a>) -> Option<ast::Name<'a>> {
    match term {
        ast::Term::Variable(name) => Some(*name),
        ast::Term::Aggregate(_, inner, _) => match inner.as_ref() {
            ast::Term::Variable(name) => Some(*name),
            _ => None,
        },
        _ => None,
    }
}

/// The first occurrence of each variable in an atom.
pub(super) fn variables_of<'a>(atom: &ast::Atom<'a>) -> Vec<ast::Name<'a>> {
    let mut names: Vec<ast::Name<'a>> = Vec::new();
    for name in atom.arguments.iter().filter_map(variable_of) {
        if !names.iter().any(|known| known.text == name.text) {
            names.push(name);
        }
    }
    names
}

fn decision_in_relation(atom: &ast::Atom<'_>, head: RelationKind, declaration: Span) -> Diagnostic {
    let name = atom.relation.text;
    let article = if head == RelationKind::Input { "an" } else { "a" };
    Diagnostic::error(
        Code::DecisionInRelation,
        format!("the decision `{name}` is used to derive facts of {article} {}", kind_word(head)),
    )
    .at(atom.relation.span, "a decision can't be used here")
    .label(declaration, format!("`{name}` is declared as a decision here"))
    .note("a decision answers one question at a time and is never stored, so that only decisions can use it")
    .help(format!("make the head of this rule a decision, or use relations in place of `{name}`"))
}

fn nearest_relation<'r>(wanted: &str, relations: impl Iterator<Item = &'r Relation>) -> Vec<&'r str> {
    suggest::nearest(wanted, relations.map(|relation| relation.name.as_str()))
}

/// Whether an argument of a type, where it is known, may stand at a place of a type.
fn may_be(place: Type, argument: Option<Type>) -> bool {
    match (place, argument) {
        (_, None) | (Type::Resource, Some(Type::Entity(_))) | (Type::Entity(_), Some(Type::Resource)) => true,
        (place, Some(argument)) => place == argument,
    }
}

fn variable_in_fact(name: ast::Name<'_>) -> Diagnostic {
    Diagnostic::error(Code::UnboundVariable, format!("nothing gives `{}` a value", name.text))
        .at(name.span, "a variable in a fact")
        .note("a fact is about named things; what holds for many is a rule: `head if body;`")
}
