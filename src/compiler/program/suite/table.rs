//! `expect only`: the actions of a table, and the cells that must be allowed.

use super::super::check::Checker;
use super::super::names::Target;
use super::super::outcome::missing_allow;
use super::super::scope::Scope;
use super::super::terms::Standing;
use super::super::types::{Told, ToldAction};
use super::super::vocabulary::ALLOW;
use super::super::{ActionId, ConstantId, RelationId, Table, TableRow, Term, Type};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::Span;
use crate::compiler::syntax::ast;

impl Checker<'_> {
    /// A table after checking; none where a mistake has been reported.
    pub(super) fn check_table(&mut self, table: &ast::Table<'_>) -> Option<Table> {
        let permitted = self.outcome_of_tables(table.span)?;
        let actions = self.actions_of_table(table)?;
        let first = *actions.first()?;
        let on = match first.target {
            Target::Entity(entity) => Some(entity),
            Target::Any => None,
            Target::Unknown => return None,
        };
        let rows: Vec<TableRow> = table.rows.iter().filter_map(|row| self.row(row, permitted, first)).collect();
        let actions: Vec<ActionId> = actions.iter().map(|told| told.action).collect();
        (rows.len() == table.rows.len()).then_some(Table { actions, on, rows })
    }

    /// `permitted`, of which tables speak.
    fn outcome_of_tables(&mut self, span: Span) -> Option<RelationId> {
        let outcome = self.outcome.map(|outcome| outcome.permitted);
        match outcome {
            Some(permitted) => return Some(permitted).filter(|permitted| self.is_sound(*permitted)),
            // A mistake in the declaration of `allow` has been reported.
            None if self.is_outcome_hidden() => {}
            None => self.report_unknown(ALLOW, |checker| checker.without_allow(span)),
        }
        None
    }

    /// The actions, if all of them are known and done to the same entity.
    fn actions_of_table(&mut self, table: &ast::Table<'_>) -> Option<Vec<ToldAction>> {
        let is_known = |told: &ToldAction| told.target != Target::Unknown;
        let mut actions: Vec<ToldAction> = Vec::new();
        for name in &table.actions {
            let Some(action) = self.names.actions.get(name.text).copied() else {
                self.report_unknown(name.text, |checker| checker.unknown_action(*name, &Scope::default()));
                continue;
            };
            let told = ToldAction { action, span: name.span, target: self.names.targets[action.index()] };
            match actions.first() {
                Some(first) if first.target != told.target && is_known(first) && is_known(&told) => {
                    self.refuse::<()>(|checker| checker.mixed_table(first, &told));
                }
                _ => actions.push(told),
            }
        }
        (actions.len() == table.actions.len()).then_some(actions)
    }

    fn row(&mut self, row: &ast::TableRow<'_>, permitted: RelationId, action: ToldAction) -> Option<TableRow> {
        let subjects = self.cells(&row.subjects, (permitted, 0), Told::Nothing);
        let things = self.cells(&row.things, (permitted, 2), Told::Action(action));
        Some(TableRow { subjects: subjects?, things: things? })
    }

    fn cells(
        &mut self,
        terms: &[ast::Term<'_>],
        place: (RelationId, usize),
        told: Told,
    ) -> Option<Vec<(Option<ConstantId>, Span)>> {
        let mut cells = Vec::with_capacity(terms.len());
        for term in terms {
            let lowered = self.lower_argument(term, place, told, Standing::ExpectedStored, &mut Scope::default());
            cells.extend(lowered.map(|lowered| match lowered {
                Term::Constant(value) => (Some(value), term.span()),
                Term::Wildcard | Term::Variable(_) => (None, term.span()),
            }));
        }
        (cells.len() == terms.len()).then_some(cells)
    }

    fn mixed_table(&self, first: &ToldAction, other: &ToldAction) -> Diagnostic {
        let on = |told: &ToldAction| match told.target {
            Target::Entity(entity) => format!("done to {}", self.describe(Type::Entity(entity))),
            Target::Any | Target::Unknown => "done to anything".to_owned(),
        };
        Diagnostic::error(Code::MixedTable, "the actions of a table are done to different entities")
            .at(other.span, on(other))
            .label(first.span, on(first))
            .note("the ids of a table stand for things of one entity")
            .help("write an `expect only` for each entity")
    }

    fn without_allow(&self, span: Span) -> Diagnostic {
        missing_allow(&self.program)
            .at(span, "a table is about requests")
            .note("requests are decided by a `decision allow(…: <an entity>, …: action, …: resource)`")
            .help("write an `expect` for each literal")
    }
}
