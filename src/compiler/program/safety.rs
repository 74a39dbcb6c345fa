//! Safety: every variable has a value before it is tested. Positive literals of inputs and relations give values,
//! `=` passes them on, the question gives those in the head of a decision.

use rustc_hash::FxHashMap;

use super::check::Checker;
use super::clauses::{BodyLiteral, variable_of};
use super::names::is_stored;
use super::scope::Scope;
use super::types::comparison_of;
use super::{Operator, RelationId, RelationKind, Type, VariableId};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::Span;
use crate::compiler::syntax::ast::{self, Literal, Term};

/// Where a variable is needed but not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Head,
    Negation,
    Comparison,
    Decision,
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
        for (variable, span, role) in unbound(scope, &uses) {
            let mistake = self.unbound_variable(scope, variable, span, role);
            self.report(mistake);
        }
    }

    /// As for rules; a variable that only decisions have has a message of its own.
    pub(super) fn check_query_safety<'a>(&mut self, scope: &mut Scope<'a>, body: &[BodyLiteral<'_, 'a>]) {
        let mut uses = Vec::new();
        self.bind_body(scope, body, &mut uses);
        // An argument of a decision tells more about what was meant than a test of the same variable.
        uses.sort_by_key(|(.., role)| *role != Use::Decision);
        for (variable, span, role) in unbound(scope, &uses) {
            let mistake = match role {
                Use::Decision => free_decision_variable(scope.variables[variable.index()].text, span),
                Use::Head | Use::Negation | Use::Comparison => self.unbound_variable(scope, variable, span, role),
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

    fn unbound_variable(&mut self, scope: &mut Scope<'_>, variable: VariableId, span: Span, role: Use) -> Diagnostic {
        let name = scope.variables[variable.index()].text;
        let label = match role {
            Use::Head => "the head needs its value",
            Use::Negation => "`not` only tests a value, it gives none",
            Use::Comparison => "the comparison needs its value",
            Use::Decision => "a decision answers only when its arguments are known",
        };
        let mistake = Diagnostic::error(Code::UnboundVariable, format!("nothing gives `{name}` a value"))
            .at(span, label)
            .note("a variable takes its values from a positive literal of an input or a relation, or by `=` from something that has one");
        let ty = scope.type_of(variable).map(|known| known.ty);
        let mistake = match ty.and_then(|ty| self.binding_literal(name, ty)) {
            Some(literal) => mistake.help(format!("add a literal that does, such as `{literal}`")),
            None => mistake,
        };
        if role == Use::Negation { mistake.help("or write `_` in its place if any value will do") } else { mistake }
    }

    /// A literal that gives a variable of an entity its values.
    fn binding_literal(&mut self, variable: &str, ty: Type) -> Option<String> {
        let Type::Entity(_) = ty else { return None };
        let program = &self.program;
        let binders = self.binders.get_or_insert_with(|| {
            let mut binders: FxHashMap<Type, (RelationId, usize)> = FxHashMap::default();
            for (number, relation) in program.relations.iter().enumerate().filter(|(_, known)| is_stored(known.kind)) {
                for (place, field) in relation.fields.iter().enumerate() {
                    let known = binders.get(&field.ty).map(|(known, _)| program.relation(*known).arity());
                    if known.is_none_or(|arity| relation.arity() < arity) {
                        binders.insert(field.ty, (RelationId(number as u32), place));
                    }
                }
            }
            binders
        });
        let (relation, place) = *binders.get(&ty)?;
        let relation = self.program.relation(relation);
        let arguments: Vec<&str> = (0..relation.arity()).map(|at| if at == place { variable } else { "_" }).collect();
        Some(format!("{}({})", relation.name, arguments.join(", ")))
    }
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
fn unbound(scope: &mut Scope<'_>, uses: &[(VariableId, Span, Use)]) -> Vec<(VariableId, Span, Use)> {
    let mut found = Vec::new();
    for (variable, span, role) in uses {
        if !scope.is_bound(*variable) {
            scope.bind(*variable);
            found.push((*variable, *span, *role));
        }
    }
    found
}

fn free_decision_variable(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::FreeDecisionVariable,
        format!("nothing gives `{name}` a value before the decision is asked"),
    )
    .at(span, "left open")
    .note("a decision answers only when all its arguments are known")
    .help("`rolecall who ACTION RESOURCE` lists everyone who may, `rolecall what USER` everything that a user may")
    .help(format!("or add a literal of an input or a relation that gives `{name}` its values"))
}
