//! The rules of decisions as plans. A decision with an action is planned for each action on its own: what then
//! is known without the question (settings, tables of actions) is settled once, and most rules fall away. Where a
//! decision asks for a level "at least", its plans find the highest instead.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::compiler::program::{
    ActionId, Atom, EntityId, Literal, Program, Query, RelationId, RelationKind, RuleId, Term, Type, VariableId,
};
use crate::data::Value;
use crate::decision::Authorization;
use crate::decision::code::{Library, PreparedQuery};
use crate::decision::simplify::{self, Settled};
use crate::decision::threshold::{self, Bound};
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
    /// What the level can't be above, where the decision asks for one "at least".
    pub ceilings: Vec<Ceiling>,
}

/// What bounds the level of a rule from above.
#[derive(Debug)]
pub enum Ceiling {
    /// A value.
    Value(Operand),
    /// The highest level of another decision; the argument at the place of its level is not looked at.
    Highest { relation: RelationId, arguments: SmallVec<[Operand; 4]> },
}

impl GoalRule {
    /// Whether it answers every question.
    pub(super) fn is_unconditional(&self) -> bool {
        let bounded = !self.plan.steps.is_empty() || !self.ceilings.is_empty();
        !bounded && self.matches.iter().all(|item| matches!(item, Match::Bind { entity: None, .. }))
    }
}

/// A finished model with code for the decisions that may be asked.
#[derive(Debug)]
pub struct Decider<'p> {
    model: Model<'p>,
    rules_of: Vec<Vec<RuleId>>,
    /// By relation: the places of its arguments by what they are.
    places: Vec<Places>,
    /// By relation, then by action (0 where there is none): the number of the goal, where it is planned.
    numbers: Vec<Vec<Option<u32>>>,
    settled: FxHashMap<Goal, Settled>,
    /// By goal: the one that it hands every question on to, or itself.
    behind: Vec<u32>,
    library: Library,
}

/// The places of a decision.
#[derive(Debug)]
struct Places {
    /// Of the action, for each of which a goal is planned.
    action: Option<usize>,
    /// Of the level, where the decision asks for one "at least".
    level: Option<usize>,
    /// Of all others.
    arguments: SmallVec<[usize; 4]>,
}

impl<'p> Decider<'p> {
    /// Nothing planned yet.
    pub fn new(model: Model<'p>) -> Decider<'p> {
        let mut rules_of = vec![Vec::new(); model.program.relations.len()];
        for (number, rule) in model.program.rules.iter().enumerate() {
            rules_of[rule.head.relation.index()].push(RuleId(number as u32));
        }
        let numbers = vec![Vec::new(); model.program.relations.len()];
        let levels = threshold::places(model.program);
        let places = model.program.relations.iter().zip(levels).map(|(relation, level)| {
            let action = relation.action_place();
            let other = |place: &usize| Some(*place) != action && Some(*place) != level;
            Places { action, level, arguments: (0..relation.arity()).filter(other).collect() }
        });
        let places = places.collect();
        let (settled, library) = (FxHashMap::default(), Library::default());
        Decider { model, rules_of, places, numbers, settled, behind: Vec::new(), library }
    }

    /// The model that is asked.
    pub fn model(&self) -> &Model<'p> {
        &self.model
    }

    /// The model, to plan other questions on it.
    pub fn model_mut(&mut self) -> &mut Model<'p> {
        &mut self.model
    }

    /// The rules with that head, in the order in which they decide.
    pub fn rules_of(&self, relation: RelationId) -> &[RuleId] {
        &self.rules_of[relation.index()]
    }

    /// Plans a decision, for one action where it has one, and all that it uses.
    pub fn prepare(&mut self, goal: Goal) {
        let first = self.library.len();
        let mut planned: Vec<(Goal, Vec<GoalRule>)> = Vec::new();
        let mut open = vec![goal];
        while let Some(goal) = open.pop() {
            if self.number(goal).is_some() {
                continue;
            }
            let rules: Vec<GoalRule> = self.rules_of[goal.relation.index()]
                .clone()
                .into_iter()
                .filter_map(|rule| self.plan_rule(rule, goal.action))
                .collect();
            for rule in &rules {
                self.open_goals(&rule.plan, &rule.ceilings, &mut open);
            }
            let place = goal.action.map_or(0, ActionId::index);
            let numbers = &mut self.numbers[goal.relation.index()];
            numbers.resize(numbers.len().max(place + 1), None);
            numbers[place] = Some((first + planned.len()) as u32);
            planned.push((goal, rules));
        }
        self.settle(&mut planned);
        for (goal, rules) in &planned {
            let behind = simplify::handed_on(self, *goal, rules).and_then(|behind| self.number(behind));
            let number = self.behind.len() as u32;
            self.behind.push(behind.unwrap_or(number));
        }
        let mut library = std::mem::take(&mut self.library);
        for (goal, rules) in planned {
            library.add_goal(self, goal, &rules);
        }
        self.library = library;
    }

    /// Plans what decides requests for an action.
    pub fn prepare_requests(&mut self, authorization: Authorization, action: ActionId) {
        for relation in authorization.relations() {
            self.prepare(Goal { relation, action: Some(action) });
        }
    }

    /// Plans a query, and the decisions that it uses.
    pub fn prepare_query(&mut self, query: &Query) -> PreparedQuery {
        let bound = vec![Binding::Free; query.variables.len()];
        self.prepare_body(Body { literals: &query.body, variables: &query.variables, bound })
    }

    /// Plans a body of which some variables are bound before it runs, and the decisions that it uses.
    pub fn prepare_body(&mut self, body: Body) -> PreparedQuery {
        self.model.database.intern_constants(self.model.program);
        let variables = body.variables;
        let plan = plan::plan(&mut self.model, &mut Finished, body, None);
        let mut open = Vec::new();
        self.open_goals(&plan, &[], &mut open);
        for goal in open {
            self.prepare(goal);
        }
        let mut library = std::mem::take(&mut self.library);
        let prepared = library.add_query(self, &plan, variables);
        self.library = library;
        prepared
    }

    /// The number of a decision, for one action where it has one, if it is planned.
    #[inline]
    pub(super) fn goal(&self, relation: RelationId, action: Option<Value>) -> Option<u32> {
        self.number(Goal { relation, action: action.map(|action| ActionId(action.0)) })
    }

    /// [`Decider::goal`] for a literal, of which only the answer counts, and not the rule that gives it.
    pub(super) fn goal_behind(&self, relation: RelationId, action: Option<Value>) -> Option<u32> {
        self.goal(relation, action).map(|goal| self.behind[goal as usize])
    }

    /// All code.
    #[inline]
    pub(super) fn library(&self) -> &Library {
        &self.library
    }

    /// The place of the action in a decision.
    pub(super) fn action_place(&self, relation: RelationId) -> Option<usize> {
        self.places[relation.index()].action
    }

    /// The place of the level in a decision that asks for one "at least".
    pub fn level_place(&self, relation: RelationId) -> Option<usize> {
        self.places[relation.index()].level
    }

    /// How many levels there are for a decision that asks for one "at least".
    pub(super) fn levels(&self, relation: RelationId) -> Option<u32> {
        let Type::Enum(id) = self.model.program.relation(relation).fields[self.level_place(relation)?].ty else {
            return None;
        };
        Some(self.model.program.enums[id.index()].members.len() as u32)
    }

    /// The bound that a literal sets to a level, if that is all it says of it.
    pub fn bound<'r>(&self, literal: &'r Literal, level: VariableId) -> Option<Bound<'r>> {
        threshold::bound(|relation| self.level_place(relation), literal, level)
    }

    /// The places of what is neither, in order.
    pub(super) fn argument_places(&self, relation: RelationId) -> &[usize] {
        &self.places[relation.index()].arguments
    }

    #[inline]
    fn number(&self, goal: Goal) -> Option<u32> {
        let numbers = &self.numbers[goal.relation.index()];
        numbers.get(goal.action.map_or(0, ActionId::index)).copied().flatten()
    }

    /// The decisions that a plan and its ceilings ask; for a variable action every one.
    fn open_goals(&self, plan: &Plan, ceilings: &[Ceiling], open: &mut Vec<Goal>) {
        let asked = plan.steps.iter().filter_map(|step| match step {
            Step::Goal { relation, arguments, .. } => Some((*relation, arguments)),
            _ => None,
        });
        let bounding = ceilings.iter().filter_map(|ceiling| match ceiling {
            Ceiling::Highest { relation, arguments } => Some((*relation, arguments)),
            Ceiling::Value(_) => None,
        });
        for (relation, arguments) in asked.chain(bounding) {
            let goal = |action| Goal { relation, action };
            match self.action_place(relation).map(|place| arguments[place]) {
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
    fn settle(&mut self, planned: &mut [(Goal, Vec<GoalRule>)]) {
        loop {
            let settled = planned.iter().filter_map(|(goal, rules)| Some((*goal, simplify::settled(rules)?)));
            self.settled.extend(settled);
            let mut changed = false;
            for (goal, rules) in planned.iter_mut() {
                changed |= simplify::apply(&self.model, goal.action, rules, &self.settled);
            }
            if !changed {
                break;
            }
        }
    }

    /// A rule of a decision as a plan for one action, or nothing where it can't answer for that action.
    fn plan_rule(&mut self, id: RuleId, action: Option<ActionId>) -> Option<GoalRule> {
        let model = &mut self.model;
        let rule = model.program.rule(id);
        let places = &self.places[rule.head.relation.index()];
        let mut bound = vec![Binding::Free; rule.variables.len()];
        if let (Some(place), Some(action)) = (places.action, action) {
            match rule.head.terms[place] {
                Term::Constant(constant) if model.database.constant(constant) != Value(action.0) => return None,
                Term::Variable(variable) => bound[variable.index()] = Binding::Known(Value(action.0)),
                Term::Constant(_) | Term::Wildcard => {}
            }
        }
        let matches = head_matches(model, &rule.head, &places.arguments, &rule.variables, &mut bound);
        let level = places.level.and_then(|place| match rule.head.terms[place] {
            Term::Variable(level) => Some(level),
            Term::Constant(_) | Term::Wildcard => None,
        });
        let level_of = |relation: RelationId| self.places[relation.index()].level;
        let bounding = |literal| level.and_then(|level| threshold::bound(level_of, literal, level));
        let ceilings = rule.body.iter().filter_map(bounding).map(|bound_by| ceiling(model, bound_by, &bound)).collect();
        let mut literals = Vec::with_capacity(rule.body.len());
        for literal in rule.body.iter().filter(|literal| bounding(literal).is_none()) {
            match ground(model, literal, &bound) {
                Some(true) => {}
                Some(false) => return None,
                None => literals.push(literal.clone()),
            }
        }
        let body = Body { literals: &literals, variables: &rule.variables, bound };
        let plan = plan::plan(model, &mut Finished, body, None);
        Some(GoalRule { rule: id, matches, plan, ceilings })
    }
}

fn ceiling(model: &Model, bound_by: Bound, bound: &[Binding]) -> Ceiling {
    let operand = |term: &Term| match term {
        Term::Variable(variable) => match bound[variable.index()] {
            Binding::Known(value) => Operand::Value(value),
            Binding::Free | Binding::Given => Operand::Slot(variable.index()),
        },
        Term::Constant(constant) => Operand::Value(model.database.constant(*constant)),
        // A decision is asked about all its arguments; the place of the level is not looked at.
        Term::Wildcard => Operand::Value(Value::default()),
    };
    match bound_by {
        Bound::Term(term) => Ceiling::Value(operand(term)),
        Bound::Decision(relation, terms) => {
            Ceiling::Highest { relation, arguments: terms.iter().map(operand).collect() }
        }
    }
}

/// What these arguments of the question must be for the head.
fn head_matches(
    model: &Model,
    head: &Atom,
    arguments: &[usize],
    variables: &[crate::compiler::program::Variable],
    bound: &mut [Binding],
) -> Vec<Match> {
    let fields = &model.program.relation(head.relation).fields;
    let mut matches = Vec::new();
    for argument in arguments.iter().copied() {
        match &head.terms[argument] {
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
    let number = model.index_for(atom.relation, Vec::new(), &columns, &[]);
    let layout = model.layout(number);
    let leading = layout.first.iter().chain(&layout.rest).take(columns.len());
    let key: Option<Vec<Value>> = leading.map(|column| known(model, &atom.terms[*column], bound)).collect();
    Some(model.index_at(number).contains(&key?))
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
