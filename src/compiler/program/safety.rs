//! Safety: every variable has a value before it is tested. Positive literals of inputs and relations give values,
//! `=` passes them on, the question gives those in the head of a decision.

use rustc_hash::FxHashMap;

use super::check::Checker;
use super::clauses::{BodyLiteral, variable_of};
use super::names::is_stored;
use super::scope::Scope;
use super::types::comparison_of;
use super::vocabulary::WHO_AND_WHAT;
use super::{Operator, Program, RelationId, RelationKind, Type, VariableId};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{Origin, Span};
use crate::compiler::syntax::ast::{self, Literal, Term};

/// Where a variable is needed but not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Head,
    Negation,
    Comparison,
    Decision,
}

/// A variable that nothing gives a value, at its first use.
#[derive(Clone, Copy, Debug)]
struct Unbound {
    variable: VariableId,
    span: Span,
    role: Use,
    /// Whether the rule has it nowhere else.
    only_use: bool,
}

impl Checker<'_> {
    /// Reports the variables of a rule that nothing gives a value, each once.
    pub(super) fn check_rule_safety<'a>(
        &mut self,
        scope: &mut Scope<'a>,
        head: Option<(&ast::Atom<'a>, RelationId)>,
        body: &[BodyLiteral<'_, 'a>],
    ) {
        let mut uses = Vec::new();
        if let Some((atom, relation)) = head {
            match self.program.relation(relation).kind {
                RelationKind::Decision => bind_variables(scope, atom),
                RelationKind::Input | RelationKind::Relation => add_uses(&mut uses, scope, atom, Use::Head),
            }
        }
        self.bind_body(scope, body, &mut uses);
        for unbound in unbound(scope, &uses) {
            let avoided = head.into_iter().map(|(_, relation)| relation).chain(negated(body)).collect();
            let mistake = self.unbound_variable(scope, unbound, avoided);
            self.report(mistake);
        }
    }

    /// As for rules; a variable that only decisions have has a message of its own.
    pub(super) fn check_query_safety<'a>(&mut self, scope: &mut Scope<'a>, body: &[BodyLiteral<'_, 'a>]) {
        let mut uses = Vec::new();
        self.bind_body(scope, body, &mut uses);
        // An argument of a decision tells more about what was meant than a test of the same variable.
        uses.sort_by_key(|(.., role)| *role != Use::Decision);
        for unbound in unbound(scope, &uses) {
            let avoided = negated(body).collect();
            let mistake = match unbound.role {
                Use::Decision => self.free_decision_variable(scope, unbound, avoided),
                Use::Head | Use::Negation | Use::Comparison => self.unbound_variable(scope, unbound, avoided),
            };
            self.report(mistake);
        }
    }

    fn bind_body<'a>(
        &self,
        scope: &mut Scope<'a>,
        body: &[BodyLiteral<'_, 'a>],
        uses: &mut Vec<(VariableId, Span, Use)>,
    ) {
        for BodyLiteral { literal, relation } in body {
            let stored = relation.is_some_and(|relation| is_stored(self.program.relation(relation).kind));
            match literal {
                Literal::Positive(atom) if stored => bind_variables(scope, atom),
                Literal::Positive(atom) if relation.is_some() => add_uses(uses, scope, atom, Use::Decision),
                Literal::Negative(atom, _) if stored => add_uses(uses, scope, atom, Use::Negation),
                Literal::Negative(atom, _) if relation.is_some() => add_uses(uses, scope, atom, Use::Decision),
                Literal::Positive(_) | Literal::Negative(..) => {}
                Literal::Comparison { .. } => add_compared(uses, scope, literal),
            }
        }
    }

    fn unbound_variable(&mut self, scope: &mut Scope<'_>, unbound: Unbound, avoided: Vec<RelationId>) -> Diagnostic {
        let name = scope.variables[unbound.variable.index()].text;
        let label = match unbound.role {
            Use::Head => "the head needs its value",
            Use::Negation => "`not` only tests a value, it gives none",
            Use::Comparison => "the comparison needs its value",
            Use::Decision => "a decision answers only when its arguments are known",
        };
        let mistake = Diagnostic::error(Code::UnboundVariable, format!("nothing gives `{name}` a value"))
            .at(unbound.span, label)
            .note("a variable takes its values from a positive literal of an input or a relation, or by `=` from something that has one");
        let mistake = match unbound.role == Use::Negation && unbound.only_use {
            true => mistake.replace("write `_` if any value will do", unbound.span, "_"),
            false => mistake,
        };
        match self.binding_literal(scope, unbound.variable, avoided) {
            Some(literal) => mistake.help(format!("add a literal that gives it values, such as `{literal}`")),
            None => mistake,
        }
    }

    fn free_decision_variable(
        &mut self,
        scope: &mut Scope<'_>,
        unbound: Unbound,
        avoided: Vec<RelationId>,
    ) -> Diagnostic {
        let name = scope.variables[unbound.variable.index()].text;
        let message = format!("nothing gives `{name}` a value before the decision is asked");
        let mistake = Diagnostic::error(Code::FreeDecisionVariable, message)
            .at(unbound.span, "left open")
            .note("a decision answers only when all its arguments are known");
        let in_query = self.sources.get(unbound.span.source).origin == Origin::Query;
        let mistake = if in_query { mistake.help(WHO_AND_WHAT) } else { mistake };
        match self.binding_literal(scope, unbound.variable, avoided) {
            Some(literal) => mistake.help(format!("add a literal that gives it values, such as `{literal}`")),
            None => mistake,
        }
    }

    /// A literal that gives a variable of an entity its values: of an input if there is one, with few places.
    fn binding_literal(
        &mut self,
        scope: &mut Scope<'_>,
        variable: VariableId,
        avoided: Vec<RelationId>,
    ) -> Option<String> {
        let name = scope.variables[variable.index()].text;
        let ty = scope.type_of(variable)?.ty;
        let Type::Entity(_) = ty else { return None };
        let program = &self.program;
        let binders = self.binders.get_or_insert_with(|| binders(program));
        let found = binders.get(&ty)?.iter().find(|(relation, _)| !avoided.contains(relation))?;
        let (relation, place) = (program.relation(found.0), found.1);
        let arguments: Vec<&str> = (0..relation.arity()).map(|at| if at == place { name } else { "_" }).collect();
        Some(format!("{}({})", relation.name, arguments.join(", ")))
    }
}

/// How many relations are kept for a type, of which the first that fits is offered.
const KEPT_BINDERS: usize = 8;

/// For each type the stored relations with a place of it, the most fitting first.
fn binders(program: &Program) -> FxHashMap<Type, Vec<(RelationId, usize)>> {
    let mut order: Vec<RelationId> = (0..program.relations.len() as u32).map(RelationId).collect();
    order.retain(|relation| is_stored(program.relation(*relation).kind));
    order.sort_by_key(|relation| {
        let relation = program.relation(*relation);
        (relation.kind != RelationKind::Input, relation.arity())
    });
    let mut binders: FxHashMap<Type, Vec<(RelationId, usize)>> = FxHashMap::default();
    for relation in order {
        for (place, field) in program.relation(relation).fields.iter().enumerate() {
            let known = binders.entry(field.ty).or_default();
            if known.len() < KEPT_BINDERS && known.last().is_none_or(|(last, _)| *last != relation) {
                known.push((relation, place));
            }
        }
    }
    binders
}

/// The relations that a body negates.
fn negated<'t>(body: &'t [BodyLiteral<'_, '_>]) -> impl Iterator<Item = RelationId> + 't {
    body.iter()
        .filter(|literal| matches!(literal.literal, Literal::Negative(..)))
        .filter_map(|literal| literal.relation)
}

fn bind_variables<'a>(scope: &mut Scope<'a>, atom: &ast::Atom<'a>) {
    for name in atom.arguments.iter().filter_map(variable_of) {
        let variable = scope.enter(name);
        scope.bind(variable);
    }
}

fn add_uses<'a>(uses: &mut Vec<(VariableId, Span, Use)>, scope: &mut Scope<'a>, atom: &ast::Atom<'a>, role: Use) {
    uses.extend(atom.arguments.iter().filter_map(variable_of).map(|name| (scope.enter(name), name.span, role)));
}

/// `=` with a constant binds; every variable of a comparison needs a value.
fn add_compared<'a>(uses: &mut Vec<(VariableId, Span, Use)>, scope: &mut Scope<'a>, literal: &Literal<'a>) {
    let Some((left, operator, right, _)) = comparison_of(literal) else { return };
    for (side, other) in [(left, right), (right, left)] {
        let Term::Variable(name) = side else { continue };
        let variable = scope.enter(*name);
        if operator == Operator::Equal && !matches!(other, Term::Variable(_)) {
            scope.bind(variable);
        }
        uses.push((variable, name.span, Use::Comparison));
    }
}

/// The first use of each variable without a value. Of several that are equal only the first: a value for one is a
/// value for all.
fn unbound(scope: &mut Scope<'_>, uses: &[(VariableId, Span, Use)]) -> Vec<Unbound> {
    let mut found = Vec::new();
    for (variable, span, role) in uses {
        if !scope.is_bound(*variable) {
            scope.bind(*variable);
            let only_use = uses.iter().filter(|(other, ..)| other == variable).count() == 1;
            found.push(Unbound { variable: *variable, span: *span, role: *role, only_use });
        }
    }
    found
}
