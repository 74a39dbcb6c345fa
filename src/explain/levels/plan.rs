//! Rules of levels as plans: what they look up for a user, and what bounds the level then.

use rustc_hash::FxHashMap;

use crate::compiler::program::{
    ActionId, Atom, EntityId, Literal, Program, RelationId, RelationKind, Rule, RuleId, Term, Type, Variable,
    VariableId,
};
use crate::data::Value;
use crate::decision::{Bound, Decider, Goal};
use crate::engine::Model;
use crate::engine::plan::{self, Binding, Body, Finished, Operand, Plan};
use crate::explain::levels::roles::{Premise, RoleOf};

/// Decisions that tell levels, each for one action where it has one, with their rules.
#[derive(Debug, Default)]
pub struct Planned {
    /// By number.
    pub goals: Vec<LevelGoal>,
    numbers: FxHashMap<Goal, usize>,
    /// By number: decisions that are gone through for a user once, instead of being asked for each key.
    pub sweeps: Vec<Sweep>,
    sweep_numbers: FxHashMap<RelationId, Option<usize>>,
    /// By number: the ways to derive a premise.
    pub premises: Vec<Premise>,
}

/// A decision that tells levels.
#[derive(Debug, Default)]
pub struct LevelGoal {
    /// The places of what is neither action nor level.
    pub arguments: Vec<usize>,
    /// The number of the sweep that answers for it, and the key there.
    pub swept: Option<(usize, Vec<KeyPart>)>,
    /// In the order in which they decide.
    pub rules: Vec<LevelRule>,
    /// The number of members that the level may have.
    pub members: u32,
}

/// The rules of such a decision with nothing known but the user: they find all keys at once.
#[derive(Debug)]
pub struct Sweep {
    /// Each with its key: the values of all places but the first and the level's.
    pub rules: Vec<(LevelRule, Vec<Operand>)>,
    /// The number of members that the level may have.
    pub members: u32,
}

/// Where the part of a key of a sweep is, when a goal is asked.
#[derive(Clone, Copy, Debug)]
pub enum KeyPart {
    /// It is the action of the goal.
    Action(Value),
    /// It is the argument of that number.
    Argument(usize),
}

/// A rule of such a decision.
#[derive(Debug)]
pub struct LevelRule {
    /// Which.
    pub rule: RuleId,
    /// Slots whose values are known from the goal: that of the action.
    pub known: Vec<(usize, Value)>,
    /// What the arguments must be.
    pub head: Vec<Match>,
    /// The literals of stored relations and values, as steps.
    pub plan: Plan,
    /// What the level can't be above.
    pub ceilings: Vec<Ceiling>,
    /// Decisions that must hold, or must not.
    pub conditions: Vec<Condition>,
    /// The level's own variable, to be filled in.
    pub level: Option<usize>,
    /// The role that gives the level.
    pub role: Option<RoleOf>,
}

/// What an argument must be.
#[derive(Clone, Copy, Debug)]
pub enum Match {
    /// A slot takes it; where it is narrower than the place, the argument must be of that entity.
    Bind { argument: usize, slot: usize, entity: Option<EntityId> },
    /// It equals this.
    Equal { argument: usize, operand: Operand },
}

/// What bounds a level.
#[derive(Debug)]
pub enum Ceiling {
    /// A value.
    Value(Operand),
    /// The level of another goal for these arguments.
    Goal(usize, Vec<Operand>),
    /// The same, where the action is known only with the bindings: all arguments, the level's not looked at.
    Asked(RelationId, Vec<Operand>),
}

/// A decision that must hold, or must not.
#[derive(Debug)]
pub struct Condition {
    pub relation: RelationId,
    pub arguments: Vec<Operand>,
    pub negated: bool,
}

impl Planned {
    /// The number of a goal, planned with all that it rests on.
    pub fn goal(
        &mut self,
        decider: &mut Decider,
        subject: EntityId,
        relation: RelationId,
        action: Option<Value>,
    ) -> usize {
        let goal = Goal { relation, action: action.map(|action| ActionId(action.0)) };
        if let Some(number) = self.numbers.get(&goal) {
            return *number;
        }
        let number = self.goals.len();
        self.numbers.insert(goal, number);
        self.goals.push(LevelGoal::default());
        decider.prepare(goal);
        let program = decider.model().program;
        let fields = &program.relation(relation).fields;
        let (action_place, level_place) = (program.relation(relation).action_place(), decider.level_place(relation));
        let other = |place: &usize| Some(*place) != action_place && Some(*place) != level_place;
        let arguments: Vec<usize> = (0..fields.len()).filter(other).collect();
        let members = members(program, relation, level_place);
        let mut planned = Vec::new();
        for rule in decider.rules_of(relation).to_vec() {
            planned.extend(self.rule(decider, subject, rule, &arguments, goal));
        }
        let keyed = (1..fields.len()).filter(|place| Some(*place) != level_place);
        let part = |place: usize| match goal.action.filter(|_| Some(place) == action_place) {
            Some(action) => Some(KeyPart::Action(Value(action.0))),
            None => arguments.iter().position(|other| *other == place).map(KeyPart::Argument),
        };
        let parts: Option<Vec<KeyPart>> = keyed.map(part).collect();
        let swept = self.sweep(decider, subject, relation).zip(parts);
        self.goals[number] = LevelGoal { arguments, swept, rules: planned, members };
        number
    }

    /// The number of the sweep of a decision, where each of its rules finds the keys in the facts.
    fn sweep(&mut self, decider: &mut Decider, subject: EntityId, relation: RelationId) -> Option<usize> {
        if let Some(number) = self.sweep_numbers.get(&relation) {
            return *number;
        }
        let program = decider.model().program;
        let level_place = decider.level_place(relation);
        let arity = program.relation(relation).arity();
        let keyed: Vec<usize> = (1..arity).filter(|place| Some(*place) != level_place).collect();
        let rules = decider.rules_of(relation).to_vec();
        let first = program.relation(relation).fields[0].ty;
        let possible = first == Type::Entity(subject)
            && rules.iter().all(|rule| finds(decider, program.rule(*rule), level_place, &keyed));
        let number = possible.then(|| {
            let mut planned = Vec::new();
            for id in rules {
                let rule = self.rule(decider, subject, id, &[0], Goal { relation, action: None });
                let terms: Vec<Term> = keyed.iter().map(|place| program.rule(id).head.terms[*place]).collect();
                let free = vec![Binding::Free; program.rule(id).variables.len()];
                planned.extend(rule.map(|rule| (rule, operands(decider.model(), &free, &terms))));
            }
            self.sweeps.push(Sweep { rules: planned, members: members(program, relation, level_place) });
            self.sweeps.len() - 1
        });
        self.sweep_numbers.insert(relation, number);
        number
    }

    fn rule(
        &mut self,
        decider: &mut Decider,
        subject: EntityId,
        id: RuleId,
        arguments: &[usize],
        goal: Goal,
    ) -> Option<LevelRule> {
        let program = decider.model().program;
        let rule = program.rule(id);
        let mut bound = vec![Binding::Free; rule.variables.len()];
        if let (Some(place), Some(action)) = (program.relation(goal.relation).action_place(), goal.action) {
            match rule.head.terms[place] {
                Term::Constant(constant) if decider.model().database.constant(constant) != Value(action.0) => {
                    return None;
                }
                Term::Variable(variable) => bound[variable.index()] = Binding::Known(Value(action.0)),
                Term::Constant(_) | Term::Wildcard => {}
            }
        }
        let known = (0..bound.len()).filter_map(|slot| match bound[slot] {
            Binding::Known(value) => Some((slot, value)),
            Binding::Free | Binding::Given => None,
        });
        let known = known.collect();
        let head = head(decider.model(), rule, arguments.iter().copied().enumerate(), &mut bound);
        let level = decider.level_place(goal.relation).and_then(|place| variable(&rule.head.terms[place]));
        let mut planner = RulePlanner { bound: &bound, ceilings: Vec::new(), conditions: Vec::new() };
        let mut literals = Vec::new();
        for literal in &rule.body {
            match level.and_then(|level| decider.bound(literal, level)) {
                Some(Bound::Term(term)) => {
                    planner.ceilings.push(Ceiling::Value(operand(decider.model(), &bound, term)));
                }
                Some(Bound::Decision(relation, terms)) => planner.bounding(self, decider, subject, relation, terms),
                None => match decided(program, literal) {
                    Some((atom, negated)) => planner.condition(decider, atom, negated),
                    None => literals.push(literal.clone()),
                },
            }
        }
        let RulePlanner { ceilings, conditions, .. } = planner;
        let plan = planned(decider.model_mut(), &literals, &rule.variables, bound.clone());
        let role = self.role(decider.model_mut(), subject, rule, &bound);
        let level = level.map(VariableId::index);
        Some(LevelRule { rule: id, known, head, plan, ceilings, conditions, level, role })
    }
}

/// The number of members that the level at a place may have.
fn members(program: &Program, relation: RelationId, level_place: Option<usize>) -> u32 {
    level_place.map_or(0, |place| match program.relation(relation).fields[place].ty {
        Type::Enum(id) => program.enums[id.index()].members.len() as u32,
        _ => 0,
    })
}

/// Whether a rule finds the values for places of its head in stored relations, and its level there too.
fn finds(decider: &Decider, rule: &Rule, level_place: Option<usize>, places: &[usize]) -> bool {
    let program = decider.model().program;
    let level = level_place.and_then(|place| variable(&rule.head.terms[place]));
    let flat =
        |literal: &Literal| !matches!(level.and_then(|level| decider.bound(literal, level)), Some(Bound::Decision(..)));
    let found = |term: &Term| match term {
        Term::Constant(_) => true,
        Term::Wildcard => false,
        Term::Variable(_) => rule.body.iter().any(|literal| match literal {
            Literal::Positive(atom) => decided(program, literal).is_none() && atom.terms.contains(term),
            Literal::Negative(_) | Literal::Comparison(_) => false,
        }),
    };
    rule.body.iter().all(flat) && places.iter().all(|place| found(&rule.head.terms[*place]))
}

/// What a rule asks besides its plan, while that is made.
struct RulePlanner<'b> {
    bound: &'b [Binding],
    ceilings: Vec<Ceiling>,
    conditions: Vec<Condition>,
}

impl RulePlanner<'_> {
    /// A decision that bounds the level.
    fn bounding(
        &mut self,
        planned: &mut Planned,
        decider: &mut Decider,
        subject: EntityId,
        relation: RelationId,
        terms: &[Term],
    ) {
        let operands = operands(decider.model(), self.bound, terms);
        let action = decider.model().program.relation(relation).action_place().map(|place| operands[place]);
        let known = match action {
            Some(Operand::Slot(_)) => {
                prepare(decider, relation, &operands);
                self.ceilings.push(Ceiling::Asked(relation, operands));
                return;
            }
            Some(Operand::Value(action)) => Some(action),
            None => None,
        };
        let goal = planned.goal(decider, subject, relation, known);
        let program = decider.model().program;
        let (action, level) = (program.relation(relation).action_place(), decider.level_place(relation));
        let others =
            operands.into_iter().enumerate().filter(|(place, _)| Some(*place) != action && Some(*place) != level);
        self.ceilings.push(Ceiling::Goal(goal, others.map(|(_, operand)| operand).collect()));
    }

    fn condition(&mut self, decider: &mut Decider, atom: &Atom, negated: bool) {
        let arguments = operands(decider.model(), self.bound, &atom.terms);
        prepare(decider, atom.relation, &arguments);
        self.conditions.push(Condition { relation: atom.relation, arguments, negated });
    }
}

/// Plans a decision to be asked, for every action where that is not known.
fn prepare(decider: &mut Decider, relation: RelationId, arguments: &[Operand]) {
    match decider.model().program.relation(relation).action_place().map(|place| arguments[place]) {
        None => decider.prepare(Goal { relation, action: None }),
        Some(Operand::Value(action)) => decider.prepare(Goal { relation, action: Some(ActionId(action.0)) }),
        Some(Operand::Slot(_)) => {
            for action in 0..decider.model().program.actions.len() as u32 {
                decider.prepare(Goal { relation, action: Some(ActionId(action)) });
            }
        }
    }
}

/// The atom of a decision, and whether its absence is asked.
fn decided<'l>(program: &Program, literal: &'l Literal) -> Option<(&'l Atom, bool)> {
    let (atom, negated) = match literal {
        Literal::Positive(atom) => (atom, false),
        Literal::Negative(atom) => (atom, true),
        Literal::Comparison(_) => return None,
    };
    (program.relation(atom.relation).kind == RelationKind::Decision).then_some((atom, negated))
}

/// What arguments must be for the head of a rule, each with its place there; binds the variables of the rule.
pub(super) fn head(
    model: &Model,
    rule: &Rule,
    places: impl Iterator<Item = (usize, usize)>,
    bound: &mut [Binding],
) -> Vec<Match> {
    let fields = &model.program.relation(rule.head.relation).fields;
    let mut matches = Vec::new();
    for (argument, place) in places {
        let term = &rule.head.terms[place];
        let Term::Variable(variable) = term else {
            if *term != Term::Wildcard {
                matches.push(Match::Equal { argument, operand: operand(model, bound, term) });
            }
            continue;
        };
        let slot = variable.index();
        if bound[slot] != Binding::Free {
            matches.push(Match::Equal { argument, operand: operand(model, bound, term) });
            continue;
        }
        bound[slot] = Binding::Given;
        let entity = match (rule.variables[slot].ty, fields[place].ty) {
            (Type::Entity(entity), Type::Resource) => Some(entity),
            _ => None,
        };
        matches.push(Match::Bind { argument, slot, entity });
    }
    matches
}

pub(super) fn planned(model: &mut Model, literals: &[Literal], variables: &[Variable], bound: Vec<Binding>) -> Plan {
    plan::plan(model, &mut Finished, Body { literals, variables, bound }, None)
}

fn operands(model: &Model, bound: &[Binding], terms: &[Term]) -> Vec<Operand> {
    terms.iter().map(|term| operand(model, bound, term)).collect()
}

/// Where the value of a term is. A wildcard is asked for nothing: that of a level.
pub(super) fn operand(model: &Model, bound: &[Binding], term: &Term) -> Operand {
    match term {
        Term::Constant(constant) => Operand::Value(model.database.constant(*constant)),
        Term::Variable(variable) => match bound[variable.index()] {
            Binding::Known(value) => Operand::Value(value),
            Binding::Free | Binding::Given => Operand::Slot(variable.index()),
        },
        Term::Wildcard => Operand::Value(Value::default()),
    }
}

fn variable(term: &Term) -> Option<VariableId> {
    match term {
        Term::Variable(variable) => Some(*variable),
        Term::Constant(_) | Term::Wildcard => None,
    }
}
