//! Rules with facts, of one side or of the one with the other: finished to be asked by several threads, and who asks.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use crate::compiler::program::{ActionId, Program, RelationId, RelationKind, RuleId};
use crate::compiler::source::Sources;
use crate::data::{Guests, Value};
use crate::decision::{Authorization, Decider, Outcome, Request, Solver};
use crate::engine::Model;
use crate::explain::prover::Prover;
use crate::explain::rulebook::Rulebook;
use crate::explain::things::{administrator_relation, administrators};
use crate::explain::world::{Ground, World};
use crate::explain::{Asking, Levels, level_relations};
use crate::proof::Statement;

/// Rules with facts, ready to be asked.
#[derive(Debug)]
pub struct Corner<'p> {
    pub(super) authorization: Authorization,
    pub(super) decider: Decider<'p>,
    pub(super) rulebook: Rulebook,
    pub(super) levels: Option<Levels>,
    pub(super) sources: &'p Sources,
    pub(super) administrators: FxHashSet<Value>,
    /// Relation and text of every rule, by which rules of two programs are the same.
    rules: FxHashSet<(String, String)>,
}

impl<'p> Corner<'p> {
    /// Plans what may be asked of a model: requests of these actions, and levels where the policy tells them.
    pub fn prepare(
        mut model: Model<'p>,
        authorization: Authorization,
        sources: &'p Sources,
        with_levels: bool,
    ) -> Corner<'p> {
        let program = model.program;
        let actions: Vec<ActionId> = (0..program.actions.len() as u32).map(ActionId).collect();
        let of_levels = level_relations(program).map_or(Vec::new(), |(_, relations)| relations);
        let rulebook = Rulebook::of(&mut model, authorization.relations().chain(of_levels), &actions);
        let administrators = administrator_relation(program, authorization.subject)
            .map(|relation| administrators(&model, relation))
            .unwrap_or_default();
        let mut decider = Decider::new(model);
        for action in actions {
            decider.prepare_requests(authorization, action);
        }
        let levels = with_levels.then(|| Levels::prepare(&mut decider).ok()).flatten();
        let rules = (0..program.rules.len() as u32).map(|rule| rule_text(program, sources, RuleId(rule))).collect();
        Corner { authorization, decider, rulebook, levels, sources, administrators, rules }
    }

    /// The relations that a model must have for [`Corner::prepare`].
    pub fn relations(program: &Program, authorization: Authorization) -> Vec<RelationId> {
        let levels = level_relations(program).map_or(Vec::new(), |(_, relations)| relations);
        let administrators = administrator_relation(program, authorization.subject);
        authorization.relations().chain(levels).chain(administrators).collect()
    }

    pub(super) fn model(&self) -> &Model<'p> {
        self.decider.model()
    }

    pub(super) fn program(&self) -> &'p Program {
        self.model().program
    }

    /// Whether it has a rule that another program has, whatever its id and explanation.
    pub(super) fn has_rule(&self, of: &Corner, rule: RuleId) -> bool {
        self.rules.contains(&rule_text(of.program(), of.sources, rule))
    }
}

/// The relation and the text of a rule, without its explanation and id; outside quotes blanks are all the same.
fn rule_text(program: &Program, sources: &Sources, rule: RuleId) -> (String, String) {
    let rule = program.rule(rule);
    let (mut text, mut quoted, mut escaped) = (String::new(), false, false);
    for character in sources.text(rule.span).chars() {
        let blank = !quoted && character.is_whitespace();
        if !blank {
            text.push(character);
        } else if !text.ends_with(' ') {
            text.push(' ');
        }
        quoted ^= character == '"' && !escaped;
        escaped = quoted && character == '\\' && !escaped;
    }
    (program.relation(rule.head.relation).name.clone(), text)
}

/// Asks a corner. Each thread has its own.
pub struct Asker<'c> {
    pub(super) corner: &'c Corner<'c>,
    pub(super) solver: Solver<'c, 'c>,
    pub(super) asking: Option<Asking<'c, 'c, 'c>>,
    pub(super) prover: Prover<'c, 'c>,
    ground: Ground<'c>,
}

impl<'c> Asker<'c> {
    /// Nothing asked yet. Everything that will be named is known to the model, so that there are no guests.
    pub fn new(corner: &'c Corner<'c>, none: &'c Guests) -> Asker<'c> {
        Asker {
            corner,
            solver: Solver::new(&corner.decider),
            asking: corner.levels.as_ref().map(|levels| Asking::new(levels, &corner.decider, none)),
            prover: Prover::new(corner.model(), &corner.rulebook, corner.authorization),
            ground: Ground::new(corner.model()),
        }
    }

    /// The outcome of a request; where an action or entity is not known there, nothing permits it.
    pub fn outcome(&mut self, request: Option<Request>) -> Outcome {
        request.map_or(Outcome::NotPermitted, |request| self.solver.outcome(&request))
    }

    /// Something of that pattern that holds: of several the first as people sort.
    pub fn some(&self, relation: RelationId, pattern: &[Option<Value>]) -> Option<Statement> {
        let world = World::unchanged(&self.ground);
        let program = self.corner.program();
        let known: Option<Vec<Value>> = pattern.iter().copied().collect();
        if let Some(arguments) = known {
            return world.holds(relation, pattern).then_some(Statement { relation, arguments });
        }
        let database = &self.corner.model().database;
        let fields = &program.relation(relation).fields;
        let compare = |left: &[Value], right: &[Value]| {
            let mut columns = fields.iter().zip(left.iter().zip(right));
            let order = |(field, (left, right)): (&crate::compiler::program::Field, (&Value, &Value))| {
                database.compare(program, field.ty, *left, *right)
            };
            columns.by_ref().map(order).find(|order| order.is_ne())
        };
        let mut first: Option<Vec<Value>> = None;
        let mut take = |row: &[Value]| {
            if first.as_ref().is_none_or(|first| compare(row, first) == Some(std::cmp::Ordering::Less)) {
                first = Some(row.to_vec());
            }
            ControlFlow::Continue(())
        };
        // Neither breaks: the first may be any.
        let _ = match program.relation(relation).kind {
            RelationKind::Decision => world.each_open(relation, pattern, &mut |row| {
                let row: Option<Vec<Value>> = row.iter().copied().collect();
                row.map_or(ControlFlow::Continue(()), |row| take(&row))
            }),
            RelationKind::Input | RelationKind::Relation => world.each(relation, pattern, &mut take),
        };
        first.map(|arguments| Statement { relation, arguments })
    }

    /// Whether something holds.
    pub fn holds(&self, statement: &Statement) -> bool {
        let pattern: Vec<Option<Value>> = statement.arguments.iter().copied().map(Some).collect();
        self.some(statement.relation, &pattern).is_some()
    }
}
