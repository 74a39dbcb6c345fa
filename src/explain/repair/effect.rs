//! What else a set of edits turns: changed facts are followed up the rules to the requests that they may reach, and
//! those are asked before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::compiler::program::vocabulary::REPORTED;
use crate::compiler::program::{ActionId, EntityId, Literal, RelationId, RelationKind, Rule, Type};
use crate::data::{Guests, Value};
use crate::decision::Request;
use crate::explain::repair::edit::{self, Edit};
use crate::explain::things;
use crate::explain::world::{Bindings, Left, Pattern, World};

/// How many requests are asked for one repair.
const ASKED: usize = 30_000;

/// How many turned ones are counted.
const COUNTED: usize = 1_000;

/// How many of them are told.
const SAMPLE: usize = 5;

/// Literals with more rows are left open.
const JOINED: f64 = 2_000.0;

/// So many heads of a rule are told apart; where there are more, what they have in common is followed.
const HEADS: usize = 4_000;

/// How many changed statements are followed.
const FOLLOWED: usize = 50_000;

/// What else edits turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// How many other decisions.
    pub turned: usize,
    /// Whether there may be more: `turned` is then the least.
    pub more: bool,
    /// Some of them, sorted.
    pub sample: Vec<Flip>,
    /// Whether `check --data` would have something to report that it has not now.
    pub reported: bool,
}

impl Effect {
    /// What is ranked by it: what leaves the data as it should be first, then that of which everything is known.
    pub fn order(&self) -> (bool, bool, usize) {
        (self.reported, self.more, self.turned)
    }
}

/// A decision that is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flip {
    /// Who asks.
    pub subject: Value,
    /// What they want to do.
    pub action: ActionId,
    /// What to.
    pub resource: Value,
    /// The new answer.
    pub allowed: bool,
}

/// Counts effects.
pub struct Effects<'e, 'g, 'm> {
    before: &'e World<'g, 'm>,
    request: &'e Request,
    things: BTreeMap<Option<EntityId>, Rc<Vec<Value>>>,
}

impl<'e, 'g, 'm> Effects<'e, 'g, 'm> {
    /// Of edits to a world.
    pub fn new(before: &'e World<'g, 'm>, request: &'e Request) -> Effects<'e, 'g, 'm> {
        Effects { before, request, things: BTreeMap::new() }
    }

    /// What edits turn besides the request: among those who have their own fact, all actions, and the things that
    /// have theirs.
    pub fn of(&mut self, edits: &[Edit]) -> Effect {
        let after = World::new(self.before.ground, &edit::changes(edits));
        let following = Following::of(self.before, &after, self.request);
        let mut asked = FxHashSet::default();
        let mut flips = Vec::new();
        let mut more = following.cut;
        for pattern in &following.requests {
            if self.each(pattern, &after, &mut asked, &mut flips).is_break() {
                more = true;
                break;
            }
        }
        let turned = flips.len();
        let database = &self.before.ground.model.database;
        let actions = &self.before.ground.program().actions;
        flips.sort_by_key(|flip| {
            let texts = (database.symbols.text(flip.subject), database.symbols.text(flip.resource));
            (texts.0, &actions[flip.action.index()].name, texts.1)
        });
        flips.truncate(SAMPLE);
        Effect { turned, more, sample: flips, reported: self.is_reported(edits, &after) }
    }

    /// Whether edits bring about something that is reported about the data.
    fn is_reported(&self, edits: &[Edit], after: &World) -> bool {
        let program = self.before.ground.program();
        let Some(reported) = program.relation_named(REPORTED).filter(|id| program.relation(*id).arity() == 1) else {
            return false;
        };
        let things = edits.iter().flat_map(|edit| {
            let fields = &program.relation(edit.relation()).fields;
            fields.iter().zip(edit.values()).filter(|(field, _)| matches!(field.ty, Type::Entity(_) | Type::Resource))
        });
        // The model may leave out what no decision needs, so the rules are asked.
        let mut things = things.map(|(_, thing)| [*thing]);
        let holds = |world: &World, thing: &[Value; 1]| !world.instances(reported, thing, true).is_empty();
        things.any(|thing| holds(after, &thing) && !holds(self.before, &thing))
    }

    /// Asks the requests of a pattern; `Break` where there are too many.
    fn each(
        &mut self,
        pattern: &Pattern,
        after: &World,
        asked: &mut FxHashSet<[Value; 3]>,
        flips: &mut Vec<Flip>,
    ) -> ControlFlow<()> {
        let program = self.before.ground.program();
        let subject = self.request.authorization.subject;
        let subjects = self.some(pattern[0], Some(subject));
        let actions: Vec<ActionId> = match pattern[1] {
            Some(action) => vec![ActionId(action.0)],
            None => (0..program.actions.len() as u32).map(ActionId).collect(),
        };
        let own = [self.request.subject, Value(self.request.action.0), self.request.resource];
        for action in actions {
            let resources = self.some(pattern[2], program.actions[action.index()].on);
            for (subject, resource) in
                subjects.iter().flat_map(|subject| resources.iter().map(move |resource| (*subject, *resource)))
            {
                let request = [subject, Value(action.0), resource];
                if request == own || !asked.insert(request) {
                    continue;
                }
                if asked.len() > ASKED || flips.len() >= COUNTED {
                    return ControlFlow::Break(());
                }
                let allowed = self.is_allowed(after, &request);
                if allowed != self.is_allowed(self.before, &request) {
                    flips.push(Flip { subject, action, resource, allowed });
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn is_allowed(&self, world: &World, request: &[Value; 3]) -> bool {
        let asked = request.map(Some);
        let authorization = self.request.authorization;
        world.holds(authorization.allow, &asked) && !authorization.deny.is_some_and(|deny| world.holds(deny, &asked))
    }

    /// The things of an entity that a place of a pattern may be, if it is left open; nothing where it is of another.
    fn some(&mut self, place: Option<Value>, entity: Option<EntityId>) -> Rc<Vec<Value>> {
        let all = Rc::clone(self.things.entry(entity).or_insert_with(|| {
            let model = self.before.ground.model;
            let mut guests = Guests::default();
            let mut found = match entity {
                Some(entity) => things::things(model, &mut guests, entity),
                None => things::all_things(model, &mut guests),
            };
            // What no fact names is nothing that a change of facts is about.
            found.retain(|value| value.index() < model.database.symbols.end());
            found.sort_unstable();
            Rc::new(found)
        }));
        match place {
            Some(value) if all.binary_search(&value).is_ok() => Rc::new(vec![value]),
            Some(_) => Rc::default(),
            None => all,
        }
    }
}

/// What changed facts may reach.
struct Following<'f, 'g, 'm> {
    before: &'f World<'g, 'm>,
    after: &'f World<'g, 'm>,
    request: &'f Request,
    seen: FxHashSet<(RelationId, Pattern)>,
    open: Vec<(RelationId, Pattern)>,
    requests: BTreeSet<Pattern>,
    cut: bool,
}

impl<'f, 'g, 'm> Following<'f, 'g, 'm> {
    /// The requests that may be answered otherwise.
    fn of(before: &'f World<'g, 'm>, after: &'f World<'g, 'm>, request: &'f Request) -> Following<'f, 'g, 'm> {
        let mut following = Following {
            before,
            after,
            request,
            seen: FxHashSet::default(),
            open: Vec::new(),
            requests: BTreeSet::new(),
            cut: false,
        };
        for change in &after.changes {
            let pattern = change.fact.row.iter().copied().map(Some).collect();
            following.reach(change.fact.relation, pattern);
        }
        while let Some((relation, pattern)) = following.open.pop() {
            if following.seen.len() > FOLLOWED {
                following.cut = true;
                break;
            }
            for (rule, at) in before.ground.users_of(relation) {
                following.through(before.ground.program().rule(*rule), *at, &pattern);
            }
        }
        following
    }

    /// Follows a statement that may have changed, where it has.
    fn reach(&mut self, relation: RelationId, pattern: Pattern) {
        let program = self.before.ground.program();
        let fields = &program.relation(relation).fields;
        let open = (0..pattern.len()).find_map(|place| match (pattern[place], fields[place].ty) {
            (None, Type::Enum(members)) => Some((place, program.enums[members.index()].members.len() as u32)),
            _ => None,
        });
        if let Some((place, members)) = open {
            for member in 0..members {
                let mut pattern = pattern.clone();
                pattern[place] = Some(Value(member));
                self.reach(relation, pattern);
            }
            return;
        }
        if !self.seen.insert((relation, pattern.clone())) {
            return;
        }
        let known = pattern.iter().all(Option::is_some);
        if known && self.before.holds(relation, &pattern) == self.after.holds(relation, &pattern) {
            return;
        }
        if self.request.authorization.relations().any(|decides| decides == relation) {
            self.requests.insert(pattern.clone());
        }
        self.open.push((relation, pattern));
    }

    /// What a rule concludes of a changed literal.
    fn through(&mut self, rule: &Rule, at: usize, pattern: &Pattern) {
        let ground = self.before.ground;
        let (Literal::Positive(atom) | Literal::Negative(atom)) = &rule.body[at] else { return };
        let mut bindings: Bindings = std::iter::repeat_n(None, rule.variables.len()).collect();
        if !self.before.bind(rule, atom, pattern, &mut bindings) {
            return;
        }
        let mut heads: FxHashSet<Pattern> = FxHashSet::default();
        let mut whole = true;
        for world in [self.before, self.after] {
            let mut bound = bindings.clone();
            let flow = world.go_on(rule, self.joined(rule, at, &bindings), &mut bound, &mut |found| {
                heads.insert(ground.pattern(&rule.head.terms, found));
                if heads.len() < HEADS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
            whole &= flow.is_continue();
        }
        if !whole {
            heads = FxHashSet::from_iter([ground.pattern(&rule.head.terms, &bindings)]);
        }
        let heads: BTreeSet<Pattern> = heads.into_iter().collect();
        for head in heads {
            self.reach(rule.head.relation, head);
        }
    }

    /// The literals of a body that narrow down what it concludes: those with few rows, and the comparisons.
    fn joined(&self, rule: &Rule, at: usize, bindings: &Bindings) -> Left {
        let ground = self.before.ground;
        let narrows = |other: &usize| match &rule.body[*other] {
            Literal::Positive(atom) => {
                let stored = ground.program().relation(atom.relation).kind != RelationKind::Decision;
                let pattern = ground.pattern(&atom.terms, bindings);
                stored && ground.rows.expected(atom.relation, &pattern) <= JOINED
            }
            Literal::Comparison(_) => true,
            Literal::Negative(_) => false,
        };
        (0..rule.body.len()).filter(|other| *other != at).filter(narrows).map(|other| 1 << other).sum()
    }
}
