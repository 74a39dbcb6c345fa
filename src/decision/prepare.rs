//! The rules of decisions as plans. A decision with an action is planned for each action on its own: what then
//! is known without the question (settings, tables of actions) is settled once, and most rules fall away.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use crate::compiler::program::{
    ActionId, Atom, EntityId, Literal, Program, Query, RelationId, RelationKind, RuleId, Term, Type, VariableId,
};
use crate::data::Value;
use crate::decision::Authorization;
use crate::decision::simplify::{self, Settled};
use crate::engine::Model;
use crate::engine::plan::{self, Binding, Body, Finished, Operand, Plan, Step};

/// A decision, and for one with an action, which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Goal {
    /// The decision.
    pub relation: RelationId,
    /// The value at its first place of type `action`.
    pub action: Option<ActionId>,
}

/// What an argument of the question must be for a rule to answer.
#[derive(Clone, Copy, Debug)]
pub enum Match {
    /// A slot takes it; where it is narrower than the place, the argument must be of that entity.
    Bind { argument: usize, slot: usize, entity: Option<EntityId> },
    /// It equals a constant, or an argument bound before.
    Equal { argument: usize, operand: Operand },
}

/// A rule ready to be asked.
#[derive(Debug)]
pub struct GoalRule {
    /// Which.
    pub rule: RuleId,
    /// What the question must be.
    pub matches: Vec<Match>,
    /// What must hold then.
    pub plan: Plan,
}

impl GoalRule {
    /// Whether it answers every question.
    pub(super) fn is_unconditional(&self) -> bool {
        self.plan.steps.is_empty() && self.matches.iter().all(|item| matches!(item, Match::Bind { entity: None, .. }))
    }
}

/// A finished model with plans for the decisions that may be asked.
#[derive(Debug)]
pub struct Decider<'p> {
    model: Model<'p>,
    rules_of: Vec<Vec<RuleId>>,
    /// By relation, then by action (0 where there is none): the number of the goal, where it is planned.
    numbers: Vec<Vec<Option<u32>>>,
    goals: Vec<(Goal, Vec<GoalRule>)>,
}

impl<'p> Decider<'p> {
    /// Nothing planned yet.
    pub fn new(model: Model<'p>) -> Decider<'p> {
        let mut rules_of = vec![Vec::new(); model.program.relations.len()];
        for (number, rule) in model.program.rules.iter().enumerate() {
            rules_of[rule.head.relation.index()].push(RuleId(number as u32));
        }
        let numbers = vec![Vec::new(); model.program.relations.len()];
        Decider { model, rules_of, numbers, goals: Vec::new() }
    }

    /// The model that is asked.
    pub fn model(&self) -> &Model<'p> {
        &self.model
    }

    /// Plans a decision, for one action where it has one, and all that it uses.
    pub fn prepare(&mut self, goal: Goal) {
        let first = self.goals.len();
        let mut open = vec![goal];
        while let Some(goal) = open.pop() {
            if self.number(goal).is_some() {
                continue;
            }
            let rules: Vec<GoalRule> = self.rules_of[goal.relation.index()]
                .clone()
                .into_iter()
                .filter_map(|rule| plan_rule(&mut self.model, rule, goal.action))
                .collect();
            for rule in &rules {
                self.open_goals(&rule.plan, &mut open);
            }
            let place = goal.action.map_or(0, ActionId::index);
            let numbers = &mut self.numbers[goal.relation.index()];
            numbers.resize(numbers.len().max(place + 1), None);
            numbers[place] = Some(self.goals.len() as u32);
            self.goals.push((goal, rules));
        }
        self.settle(first);
    }

    /// Plans what decides requests for an action.
    pub fn prepare_requests(&mut self, authorization: Authorization, action: ActionId) {
        for relation in authorization.relations() {
            self.prepare(Goal { relation, action: Some(action) });
        }
    }

    /// Plans a query, and the decisions that it uses. Its slots are its variables.
    pub fn prepare_query(&mut self, query: &Query) -> Plan {
        self.model.database.intern_constants(self.model.program);
        let bound = vec![Binding::Free; query.variables.len()];
        let body = Body { literals: &query.body, variables: &query.variables, bound };
        let plan = plan::plan(&mut self.model, &mut Finished, body, None);
        let mut open = Vec::new();
        self.open_goals(&plan, &mut open);
        for goal in open {
            self.prepare(goal);
        }
        plan
    }

    /// The rules that may answer a decision, in the order in which they decide.
    pub(super) fn rules(&self, relation: RelationId, arguments: &[Value]) -> &[GoalRule] {
        let place = self.model.program.relation(relation).action_place();
        let action = place.map(|place| ActionId(arguments[place].0));
        self.number(Goal { relation, action }).map_or(&[], |number| &self.goals[number as usize].1)
    }

    #[inline]
    fn number(&self, goal: Goal) -> Option<u32> {
        let numbers = &self.numbers[goal.relation.index()];
        numbers.get(goal.action.map_or(0, ActionId::index)).copied().flatten()
    }

    /// The decisions that a plan asks; for a variable action every one.
    fn open_goals(&self, plan: &Plan, open: &mut Vec<Goal>) {
        for step in &plan.steps {
            let Step::Goal { relation, arguments, .. } = step else { continue };
            let goal = |action| Goal { relation: *relation, action };
            match self.model.program.relation(*relation).action_place().map(|place| arguments[place]) {
                None => open.push(goal(None)),
                Some(Operand::Value(action)) => open.push(goal(Some(ActionId(action.0)))),
                Some(Operand::Slot(_)) => {
                    open.extend(
                        (0..self.model.program.actions.len() as u32).map(|action| goal(Some(ActionId(action)))),
                    );
                }
            }
        }
    }

    /// Drops the steps and rules whose decisions turned out to be the same for every question.
    fn settle(&mut self, first: usize) {
        loop {
            let settled: FxHashMap<Goal, Settled> =
                self.goals.iter().filter_map(|(goal, rules)| Some((*goal, simplify::settled(rules)?))).collect();
            let mut changed = false;
            for (_, rules) in &mut self.goals[first..] {
                changed |= simplify::apply(self.model.program, rules, &settled);
            }
            if !changed {
                break;
            }
        }
    }
}

/// A rule of a decision as a plan for one action, or nothing where it can't answer for that action.
fn plan_rule(model: &mut Model, id: RuleId, action: Option<ActionId>) -> Option<GoalRule> {
    let program = model.program;
    let rule = program.rule(id);
    let mut bound = vec![Binding::Free; rule.variables.len()];
    let action_place = program.relation(rule.head.relation).action_place();
    if let (Some(place), Some(action)) = (action_place, action) {
        match rule.head.terms[place] {
            Term::Constant(constant) if model.database.constant(constant) != Value(action.0) => return None,
            Term::Variable(variable) => bound[variable.index()] = Binding::Known(Value(action.0)),
            Term::Constant(_) | Term::Wildcard => {}
        }
    }
    let matches = head_matches(model, &rule.head, action_place, &rule.variables, &mut bound);
    let mut literals = Vec::with_capacity(rule.body.len());
    for literal in &rule.body {
        match ground(model, literal, &bound) {
            Some(true) => {}
            Some(false) => return None,
            None => literals.push(literal.clone()),
        }
    }
    let body = Body { literals: &literals, variables: &rule.variables, bound };
    let plan = plan::plan(model, &mut Finished, body, None);
    Some(GoalRule { rule: id, matches, plan })
}

/// What the question must be for the head, beyond its action.
fn head_matches(
    model: &Model,
    head: &Atom,
    action_place: Option<usize>,
    variables: &[crate::compiler::program::Variable],
    bound: &mut [Binding],
) -> Vec<Match> {
    let fields = &model.program.relation(head.relation).fields;
    let mut matches = Vec::new();
    for (argument, term) in head.terms.iter().enumerate() {
        if Some(argument) == action_place {
            continue;
        }
        match term {
            Term::Wildcard => {}
            Term::Constant(constant) => {
                matches.push(Match::Equal { argument, operand: Operand::Value(model.database.constant(*constant)) });
            }
            Term::Variable(variable) => {
                let slot = variable.index();
                matches.push(match bound[slot] {
                    Binding::Free => {
                        bound[slot] = Binding::Given;
                        let entity = match (variables[slot].ty, fields[argument].ty) {
                            (Type::Entity(entity), Type::Resource) => Some(entity),
                            _ => None,
                        };
                        Match::Bind { argument, slot, entity }
                    }
                    Binding::Given => Match::Equal { argument, operand: Operand::Slot(slot) },
                    Binding::Known(value) => Match::Equal { argument, operand: Operand::Value(value) },
                });
            }
        }
    }
    matches
}

/// Whether a literal of stored relations or values holds, where all of it is known before any question.
fn ground(model: &mut Model, literal: &Literal, bound: &[Binding]) -> Option<bool> {
    match literal {
        Literal::Comparison(comparison) => {
            let left = known(model, &comparison.left, bound)?;
            let right = known(model, &comparison.right, bound)?;
            let symbols = &model.database.symbols;
            Some(crate::engine::join::compare(symbols, comparison.operator, comparison.ty, left, right))
        }
        Literal::Positive(atom) => ground_atom(model, atom, bound),
        Literal::Negative(atom) => ground_atom(model, atom, bound).map(|holds| !holds),
    }
}

fn ground_atom(model: &mut Model, atom: &Atom, bound: &[Binding]) -> Option<bool> {
    if is_decision(model.program, atom.relation) {
        return None;
    }
    let columns: Vec<usize> = (0..atom.terms.len()).filter(|column| atom.terms[*column] != Term::Wildcard).collect();
    for column in &columns {
        known(model, &atom.terms[*column], bound)?;
    }
    if let Some(pairs) = model.reachability(atom.relation) {
        let key: Vec<Value> = columns.iter().filter_map(|place| known(model, &atom.terms[*place], bound)).collect();
        let stop = |_| ControlFlow::Break(());
        return Some(pairs.find(plan::reaching(atom, &columns), &key, stop).is_break());
    }
    if columns.is_empty() {
        return Some(!model.database.table(atom.relation).is_empty());
    }
    let number = model.index_for(atom.relation, &columns);
    let index = model.index(atom.relation, number);
    let key: Option<Vec<Value>> =
        index.order()[..columns.len()].iter().map(|column| known(model, &atom.terms[*column], bound)).collect();
    Some(!index.find(&key?).is_empty())
}

fn known(model: &Model, term: &Term, bound: &[Binding]) -> Option<Value> {
    match term {
        Term::Constant(constant) => Some(model.database.constant(*constant)),
        Term::Variable(VariableId(slot)) => match bound[*slot as usize] {
            Binding::Known(value) => Some(value),
            Binding::Free | Binding::Given => None,
        },
        Term::Wildcard => None,
    }
}

fn is_decision(program: &Program, relation: RelationId) -> bool {
    program.relation(relation).kind == RelationKind::Decision
}
