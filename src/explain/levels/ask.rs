//! Asking: the rule that gives the highest level, the role in it, and how the user holds that.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::compiler::program::{EntityId, ExplanationPart, RelationId, RuleId, Term};
use crate::data::{Guests, Value};
use crate::decision::{Decider, Solver};
use crate::engine::plan::Operand;
use crate::engine::{Model, join};
use crate::explain::levels::plan::{Ceiling, Condition, KeyPart, LevelGoal, LevelRule, Match, Sweep};
use crate::explain::levels::roles::{DerivingRule, RoleOf};
use crate::explain::levels::{Levels, Table};

type Values = SmallVec<[Value; 8]>;

/// How high a user goes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The highest level; the lowest where there is none.
    pub level: Value,
    /// What decided: the rule that gives it, or the rule that takes every level away. Nothing where no rule does either.
    pub deciding: Option<Deciding>,
    /// The role in the rule that gives it.
    pub role: Option<Value>,
    /// How the user holds it.
    pub held: Option<Held>,
}

impl Standing {
    /// What tells why: how the role is held by a rule, or else what decided.
    pub fn telling(&self) -> Option<&Deciding> {
        match &self.held {
            Some(Held::Rule(deciding)) => Some(deciding),
            Some(Held::Fact(_)) | None => self.deciding.as_ref(),
        }
    }
}

/// A rule, and what its variables stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// The rule.
    pub rule: RuleId,
    /// By variable; nothing where the rule does not fix it.
    pub bindings: Vec<Option<Value>>,
}

impl Deciding {
    /// The values that the rule's explanation needs, with anything for the others; nothing where one is open.
    pub fn explained(&self, model: &Model) -> Option<Vec<Value>> {
        let open = |part: &ExplanationPart| match part {
            ExplanationPart::Variable(variable) => self.bindings[variable.index()].is_none(),
            ExplanationPart::Words(_) => false,
        };
        let closed = !model.program.rule(self.rule).explanation.iter().any(open);
        closed.then(|| self.bindings.iter().map(|value| value.unwrap_or_default()).collect())
    }
}

/// How a user holds a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// By a rule: the first that says so, and of its reasons the first by values.
    Rule(Deciding),
    /// A fact of that relation says so, and no rule.
    Fact(RelationId),
}

/// Asks for levels. Each thread has its own.
#[derive(Debug)]
pub struct Asking<'l, 'd, 'p> {
    levels: &'l Levels,
    decider: &'d Decider<'p>,
    solver: Solver<'d, 'p>,
    guests: &'d Guests,
    /// How the user who is asked about holds roles: by premise and its arguments.
    known: Vec<(usize, Values, Held)>,
    /// What sweeps found, each for the user whom it was asked about last.
    swept: Vec<(Option<Value>, FxHashMap<Values, Swept<'l>>)>,
    /// What took the level away that is asked for.
    taken: Option<Deciding>,
}

/// What a sweep found for a key.
#[derive(Debug, Default)]
struct Swept<'l> {
    won: Option<Won<'l>>,
    place: usize,
    taken: Option<Deciding>,
}

/// The best that rules give so far.
#[derive(Debug)]
struct Best<'l> {
    level: u32,
    /// The rule of the goal itself.
    place: usize,
    bindings: Values,
    /// The rule that gives the level, where it is that of another decision.
    inner: Option<Won<'l>>,
}

/// A rule that gives a level.
#[derive(Clone, Debug)]
struct Won<'l> {
    level: u32,
    rule: &'l LevelRule,
    bindings: Values,
}

impl<'l, 'd, 'p> Asking<'l, 'd, 'p> {
    /// Nothing asked yet. The guests are the users whom no fact names.
    pub fn new(levels: &'l Levels, decider: &'d Decider<'p>, guests: &'d Guests) -> Self {
        let mut solver = Solver::new(decider);
        *solver.guests() = guests.clone();
        let swept = levels.planned.sweeps.iter().map(|_| (None, FxHashMap::default())).collect();
        Asking { levels, decider, solver, guests, known: Vec::new(), swept, taken: None }
    }

    /// Where a user stands for every key, table by table; a key of a table that is not complete only where they have a
    /// level.
    pub fn standings(&mut self, user: Value, mut take: impl FnMut(RelationId, usize, Standing)) {
        self.known.clear();
        for table in &self.levels.tables {
            for key in 0..table.keys.len() {
                if let Some(standing) = self.standing(table, key, user) {
                    take(table.relation, key, standing);
                }
            }
        }
    }

    fn standing(&mut self, table: &Table, key: usize, user: Value) -> Option<Standing> {
        let goal = table.goals[key];
        let places = self.levels.planned.goals[goal].arguments.iter();
        let argument = |place: &usize| if *place == 0 { user } else { table.keys[key][*place - 1] };
        let arguments: Values = places.map(argument).collect();
        self.taken = None;
        match self.best(goal, &arguments) {
            Some(won) => Some(self.won(won)),
            None if table.complete || self.taken.is_some() => {
                let deciding = self.taken.take();
                Some(Standing { level: Value(0), deciding, role: None, held: None })
            }
            None => None,
        }
    }

    fn won(&mut self, won: Won<'l>) -> Standing {
        let (level, bindings) = (Value(won.level), won.bindings);
        let role = won.rule.role.as_ref().map(|of| join::value(of.role, &bindings));
        let mut fixed: Vec<Option<Value>> = bindings.iter().map(|value| Some(*value)).collect();
        if let Some(slot) = won.rule.level {
            fixed[slot] = Some(level);
        }
        let deciding = Deciding { rule: won.rule.rule, bindings: fixed };
        let held =
            won.rule.role.as_ref().map(|of| self.held(of, &bindings).unwrap_or_else(|| Held::Rule(deciding.clone())));
        Standing { level, deciding: Some(deciding), role, held }
    }

    /// The rule that gives the highest level: of several the first, and of its bindings the first by values.
    fn best(&mut self, goal: usize, arguments: &[Value]) -> Option<Won<'l>> {
        let goal = &self.levels.planned.goals[goal];
        if let Some((sweep, parts)) = &goal.swept {
            return self.found_by(*sweep, parts, arguments);
        }
        self.best_of(goal, arguments)
    }

    /// What a sweep found for a key; runs it where it was run for another user.
    fn found_by(&mut self, number: usize, parts: &[KeyPart], arguments: &[Value]) -> Option<Won<'l>> {
        let user = arguments[0];
        if self.swept[number].0 != Some(user) {
            let mut found = std::mem::take(&mut self.swept[number].1);
            found.clear();
            self.run(&self.levels.planned.sweeps[number], user, &mut found);
            self.swept[number] = (Some(user), found);
        }
        let part = |part: &KeyPart| match part {
            KeyPart::Action(action) => *action,
            KeyPart::Argument(number) => arguments[*number],
        };
        let key: Values = parts.iter().map(part).collect();
        let swept = self.swept[number].1.get(&key)?;
        if swept.won.is_none() && self.taken.is_none() {
            self.taken.clone_from(&swept.taken);
        }
        swept.won.clone()
    }

    fn run(&mut self, sweep: &'l Sweep, user: Value, found: &mut FxHashMap<Values, Swept<'l>>) {
        for (place, (rule, key)) in sweep.rules.iter().enumerate() {
            let mut bindings: Values = SmallVec::from_elem(Value::default(), rule.plan.slots);
            if fits(self.guests, self.decider.model(), &rule.head, &[user], &mut bindings) {
                let top = sweep.members.saturating_sub(1);
                let mut sweeping = Sweeping { asking: self, rule, key, place, top, found };
                // A break can't come: every binding may be the best.
                let _ = join::run(&mut sweeping, &rule.plan.steps, &mut bindings);
            }
        }
    }

    /// [`Asking::best`] by all rules of a goal.
    fn best_of(&mut self, goal: &'l LevelGoal, arguments: &[Value]) -> Option<Won<'l>> {
        let mut best: Option<Best<'l>> = None;
        for (place, rule) in goal.rules.iter().enumerate() {
            let mut bindings: Values = SmallVec::from_elem(Value::default(), rule.plan.slots);
            rule.known.iter().for_each(|(slot, value)| bindings[*slot] = *value);
            if fits(self.guests, self.decider.model(), &rule.head, arguments, &mut bindings) {
                let mut search = Search { asking: self, rule, place, top: goal.members.saturating_sub(1), best };
                // A break can't come: every binding may be the best.
                let _ = join::run(&mut search, &rule.plan.steps, &mut bindings);
                best = search.best;
            }
        }
        best.map(|best| match best.inner {
            Some(won) => Won { level: best.level, ..won },
            None => Won { level: best.level, rule: &goal.rules[best.place], bindings: best.bindings },
        })
    }

    /// The lowest of what bounds the level of a rule, and the rule of another decision that is it.
    fn level(&mut self, rule: &'l LevelRule, top: u32, bindings: &[Value]) -> Option<(u32, Option<Won<'l>>)> {
        let mut lowest: Option<(u32, Option<Won<'l>>)> = None;
        let lower =
            |lowest: &Option<(u32, Option<Won<'l>>)>, level: u32| lowest.as_ref().is_none_or(|(low, _)| level < *low);
        for ceiling in &rule.ceilings {
            let (level, won) = match ceiling {
                Ceiling::Value(operand) => (join::value(*operand, bindings).0, None),
                Ceiling::Goal(goal, operands) => {
                    let won = self.best(*goal, &values(operands, bindings))?;
                    (won.level, Some(won))
                }
                Ceiling::Asked(relation, operands) => {
                    (self.solver.highest_level(*relation, &values(operands, bindings))?.1.0, None)
                }
            };
            if lower(&lowest, level) {
                lowest = Some((level, won));
            }
        }
        Some(lowest.unwrap_or((top, None)))
    }

    /// Whether the decisions of a rule are as they must be; `taken` gets the first that takes the level away.
    fn conditions_hold(&mut self, rule: &LevelRule, bindings: &[Value], taken: &mut Option<Deciding>) -> bool {
        rule.conditions.iter().all(|condition| {
            let Condition { relation, arguments, negated } = condition;
            let arguments = values(arguments, bindings);
            let holds = self.solver.holds(*relation, &arguments) != *negated;
            if !holds && *negated && taken.is_none() {
                let by = self.solver.first_rule(*relation, &arguments);
                *taken = by.map(|rule| self.taking(rule, &arguments));
            }
            holds
        })
    }

    /// A rule of a decision that holds for these arguments, with what its head binds.
    fn taking(&self, rule: RuleId, arguments: &[Value]) -> Deciding {
        let checked = self.decider.model().program.rule(rule);
        let mut bindings = vec![None; checked.variables.len()];
        for (term, argument) in checked.head.terms.iter().zip(arguments) {
            if let Term::Variable(variable) = term {
                bindings[variable.index()] = Some(*argument);
            }
        }
        Deciding { rule, bindings }
    }

    /// How a user holds the role of a rule; nothing where no premise of it says so.
    fn held(&mut self, of: &RoleOf, bindings: &[Value]) -> Option<Held> {
        let (number, arguments) = of.premise.as_ref()?;
        let premise = &self.levels.planned.premises[*number];
        let conclusion: SmallVec<[Option<Value>; 4]> =
            arguments.iter().map(|operand| operand.map(|operand| join::value(operand, bindings))).collect();
        let known: Values = conclusion.iter().copied().flatten().collect();
        let same = |(other, values, _): &&(usize, Values, Held)| other == number && *values == known;
        if let Some((_, _, held)) = self.known.iter().find(same) {
            return Some(held.clone());
        }
        let by_rule = premise.rules.iter().find_map(|rule| self.derived(rule, &known, &conclusion));
        let held = by_rule.map_or(Held::Fact(premise.relation), Held::Rule);
        self.known.push((*number, known, held.clone()));
        Some(held)
    }

    /// How a rule derives a row: the first of its bindings by values.
    fn derived(&self, rule: &DerivingRule, known: &[Value], conclusion: &[Option<Value>]) -> Option<Deciding> {
        let mut bindings: Values = SmallVec::from_elem(Value::default(), rule.plan.slots);
        if !fits(self.guests, self.decider.model(), &rule.head, known, &mut bindings) {
            return None;
        }
        let mut first = First { model: self.decider.model(), guests: self.guests, rule, conclusion, found: None };
        // A break can't come: every binding may be the first.
        let _ = join::run(&mut first, &rule.plan.steps, &mut bindings);
        let bindings = first.found?.into_iter().map(Some).collect();
        Some(Deciding { rule: rule.rule, bindings })
    }
}

/// A rule of a level under way.
struct Search<'a, 'l, 'd, 'p> {
    asking: &'a mut Asking<'l, 'd, 'p>,
    rule: &'l LevelRule,
    place: usize,
    top: u32,
    best: Option<Best<'l>>,
}

impl<'l, 'd: 'm, 'p: 'm, 'm> join::Context<'m> for Search<'_, 'l, 'd, 'p> {
    fn model(&self) -> &'m Model<'m> {
        self.asking.decider.model()
    }

    fn entity(&self, value: Value) -> Option<EntityId> {
        entity(self.asking.guests, self.asking.decider.model(), value)
    }

    fn found(&mut self, bindings: &[Value]) -> ControlFlow<()> {
        let Some((level, inner)) = self.asking.level(self.rule, self.top, bindings) else {
            return ControlFlow::Continue(());
        };
        let model = self.asking.decider.model();
        let better = self.best.as_ref().is_none_or(|best| {
            let earlier = || best.place == self.place && precedes(model, self.rule.rule, bindings, &best.bindings);
            level > best.level || level == best.level && earlier()
        });
        if !better {
            return ControlFlow::Continue(());
        }
        let mut taken = self.asking.taken.take();
        if self.asking.conditions_hold(self.rule, bindings, &mut taken) {
            self.best = Some(Best { level, place: self.place, bindings: bindings.into(), inner });
        }
        self.asking.taken = taken;
        ControlFlow::Continue(())
    }
}

/// A rule of a sweep under way.
struct Sweeping<'a, 'l, 'd, 'p> {
    asking: &'a mut Asking<'l, 'd, 'p>,
    rule: &'l LevelRule,
    key: &'l [Operand],
    place: usize,
    top: u32,
    found: &'a mut FxHashMap<Values, Swept<'l>>,
}

impl<'l, 'd: 'm, 'p: 'm, 'm> join::Context<'m> for Sweeping<'_, 'l, 'd, 'p> {
    fn model(&self) -> &'m Model<'m> {
        self.asking.decider.model()
    }

    fn entity(&self, value: Value) -> Option<EntityId> {
        entity(self.asking.guests, self.asking.decider.model(), value)
    }

    fn found(&mut self, bindings: &[Value]) -> ControlFlow<()> {
        let Some((level, _)) = self.asking.level(self.rule, self.top, bindings) else {
            return ControlFlow::Continue(());
        };
        let model = self.asking.decider.model();
        let swept = self.found.entry(values(self.key, bindings)).or_default();
        let better = swept.won.as_ref().is_none_or(|won| {
            let earlier = || swept.place == self.place && precedes(model, self.rule.rule, bindings, &won.bindings);
            level > won.level || level == won.level && earlier()
        });
        if better && self.asking.conditions_hold(self.rule, bindings, &mut swept.taken) {
            swept.won = Some(Won { level, rule: self.rule, bindings: bindings.into() });
            swept.place = self.place;
        }
        ControlFlow::Continue(())
    }
}

/// A rule of a stored relation under way.
struct First<'a, 'd, 'p> {
    model: &'d Model<'p>,
    guests: &'a Guests,
    rule: &'a DerivingRule,
    conclusion: &'a [Option<Value>],
    found: Option<Values>,
}

impl<'d: 'm, 'p: 'm, 'm> join::Context<'m> for First<'_, 'd, 'p> {
    fn model(&self) -> &'m Model<'m> {
        self.model
    }

    fn entity(&self, value: Value) -> Option<EntityId> {
        entity(self.guests, self.model, value)
    }

    fn found(&mut self, bindings: &[Value]) -> ControlFlow<()> {
        let itself = |premise: &Vec<Option<Operand>>| {
            let mut pairs = premise.iter().zip(self.conclusion);
            pairs.all(|(operand, value)| operand.map(|operand| join::value(operand, bindings)) == *value)
        };
        let earlier = |found: &Values| precedes(self.model, self.rule.rule, bindings, found);
        if self.found.as_ref().is_none_or(earlier) && !self.rule.own.iter().any(itself) {
            self.found = Some(bindings.into());
        }
        ControlFlow::Continue(())
    }
}

/// Whether bindings of a rule come before others, as people sort, variable by variable.
fn precedes(model: &Model, rule: RuleId, left: &[Value], right: &[Value]) -> bool {
    let variables = &model.program.rule(rule).variables;
    let columns = variables.iter().zip(left.iter().zip(right));
    let mut orders = columns.map(|(variable, (left, right))| match left == right {
        true => Ordering::Equal,
        false => model.database.compare(model.program, variable.ty, *left, *right),
    });
    orders.find(|order| order.is_ne()) == Some(Ordering::Less)
}

/// Whether arguments fit a head; binds its variables.
fn fits(guests: &Guests, model: &Model, head: &[Match], arguments: &[Value], bindings: &mut [Value]) -> bool {
    head.iter().all(|item| match *item {
        Match::Bind { argument, slot, entity: wanted } => {
            bindings[slot] = arguments[argument];
            wanted.is_none_or(|wanted| entity(guests, model, arguments[argument]) == Some(wanted))
        }
        Match::Equal { argument, operand } => join::value(operand, bindings) == arguments[argument],
    })
}

fn entity(guests: &Guests, model: &Model, value: Value) -> Option<EntityId> {
    guests.tag(&model.database.symbols, value).entity()
}

fn values(operands: &[Operand], bindings: &[Value]) -> Values {
    operands.iter().map(|operand| join::value(*operand, bindings)).collect()
}
