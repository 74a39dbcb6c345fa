//! Asking both sides: where their answers differ, what that comes from, and why.
//!
//! Where data and rules change, the old rules with the new data and the new rules with the old data are asked too: what turns
//! there already has its cause.

use crate::compiler::program::RelationId;
use crate::compiler::program::vocabulary::DEFAULT;
use crate::data::{FactOrigin, Guests, Value};
use crate::decision::{Outcome, Reason as Decided, Request};
use crate::explain::changes::asked::{About, Asked};
use crate::explain::changes::corner::{Asker, Corner};
use crate::explain::changes::standings::LevelKeys;
use crate::explain::changes::trace::Trace;
use crate::explain::changes::translation::Translation;
use crate::explain::changes::{Cause, Change, Reason, Subject};
use crate::explain::telling::full_stop;
use crate::proof::{self, Statement, View, Words};

/// The old side.
pub(super) const OLD: usize = 0;
/// The new side.
pub(super) const NEW: usize = 1;
/// The new data with the old rules, where both change.
const NEW_DATA: usize = 2;
/// The new rules with the old data, where both change.
const NEW_RULES: usize = 3;

/// What differs between the sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Varied {
    /// The data.
    Data,
    /// The rules.
    Rules,
    /// Both.
    Both,
}

/// Two sides, compared by several threads.
#[derive(Debug)]
pub struct Comparison<'c> {
    /// The old side, the new one, and where both data and rules change, the new data with the old rules and the new rules
    /// with the old data.
    pub(super) corners: &'c [Corner<'c>],
    asked: &'c Asked,
    levels: Option<&'c LevelKeys>,
    varied: Varied,
    words: Vec<Words<'c>>,
    translations: Vec<Translation>,
    none: Guests,
}

impl<'c> Comparison<'c> {
    /// Of these corners: the old side and the new one, and where data and rules differ, the new data with the old rules, and
    /// the new rules with the old data.
    pub fn new(
        corners: &'c [Corner<'c>],
        asked: &'c Asked,
        levels: Option<&'c LevelKeys>,
        varied: Varied,
    ) -> Comparison<'c> {
        let words = corners.iter().map(|corner| Words::new(corner.program(), &corner.model().database)).collect();
        let pairs = corners.iter().flat_map(|from| corners.iter().map(move |to| (from, to)));
        let translations = pairs.map(|(from, to)| Translation::between(from.program(), to.program())).collect();
        Comparison { corners, asked, levels, varied, words, translations, none: Guests::default() }
    }

    pub(super) fn asked(&self) -> &Asked {
        self.asked
    }

    pub(super) fn translation(&self, from: usize, to: usize) -> &Translation {
        &self.translations[from * self.corners.len() + to]
    }

    /// What tells the values of a corner.
    pub(super) fn view(&self, corner: usize) -> View<'_> {
        let of = &self.corners[corner];
        View { program: of.program(), database: &of.model().database, sources: of.sources, words: &self.words[corner] }
    }

    /// Whether what only that corner has is new.
    pub(super) fn is_new(&self, corner: usize) -> bool {
        corner != OLD
    }

    /// The cause of what turns on the new side, and the corner that shows it: the new side, or where one of both alone
    /// brings it about, that one with the other as it was.
    pub(super) fn cause(&self, mut turns: impl FnMut(usize) -> bool) -> (Cause, usize) {
        match self.varied {
            Varied::Data => (Cause::Data, NEW),
            Varied::Rules => (Cause::Rules, NEW),
            Varied::Both => match (turns(NEW_DATA), turns(NEW_RULES)) {
                (true, false) => (Cause::Data, NEW_DATA),
                (false, true) => (Cause::Rules, NEW_RULES),
                (true, true) => (Cause::Either, NEW),
                (false, false) => (Cause::Both, NEW),
            },
        }
    }

    /// What a value is called on the new side, or else on the old one.
    pub(super) fn name(&self, value: impl Fn(usize) -> Option<Value>) -> Option<String> {
        [NEW, OLD].into_iter().find_map(|corner| self.words[corner].name(value(corner)?).map(str::to_owned))
    }

    /// The id of a value.
    pub(super) fn id(&self, value: impl Fn(usize) -> Option<Value>) -> String {
        let id = |corner: usize| Some(self.corners[corner].model().database.symbols.text(value(corner)?).to_owned());
        [OLD, NEW].into_iter().find_map(id).unwrap_or_default()
    }
}

impl Comparison<'_> {
    /// `chat:c17`; `portal` for the only thing of its kind.
    fn resource(&self, entity: usize, id: String) -> String {
        let name = self.asked.entity_name(entity);
        let is_single = |corner: &Corner| {
            let program = corner.program();
            program.entity_named(name).is_some_and(|entity| program.entities[entity.index()].single)
        };
        if self.corners.iter().any(is_single) { id } else { format!("{name}:{id}") }
    }
}

/// Compares, piece by piece. Each thread has its own.
pub struct Comparing<'s, 'c> {
    comparison: &'s Comparison<'c>,
    askers: Vec<Asker<'s>>,
}

impl<'s, 'c: 's> Comparing<'s, 'c> {
    /// Nothing asked yet.
    pub fn new(comparison: &'s Comparison<'c>) -> Comparing<'s, 'c> {
        let askers = comparison.corners.iter().map(|corner| Asker::new(corner, &comparison.none)).collect();
        Comparing { comparison, askers }
    }

    /// The changes of a piece, sorted.
    pub fn changes(&mut self, piece: usize) -> Vec<Change> {
        let piece = self.comparison.asked.piece(piece);
        match piece.about {
            About::Levels => match self.comparison.levels {
                Some(levels) => levels.changes(self.comparison, &mut self.askers, piece.user),
                None => Vec::new(),
            },
            About::Things { action, entity, things } => {
                things.filter_map(|thing| self.decision([piece.user, action, entity, thing])).collect()
            }
        }
    }

    fn request(&self, corner: usize, asked: [usize; 4]) -> Option<Request> {
        let of = &self.comparison.corners[corner];
        self.comparison.asked.request(corner, of.model(), of.authorization, asked)
    }

    fn outcome(&mut self, corner: usize, asked: [usize; 4]) -> Outcome {
        let request = self.request(corner, asked);
        self.askers[corner].outcome(request)
    }

    /// The change of a decision, where it changes.
    fn decision(&mut self, asked: [usize; 4]) -> Option<Change> {
        let (before, after) = (self.outcome(OLD, asked), self.outcome(NEW, asked));
        let gained = after.is_allowed();
        if before.is_allowed() == gained {
            return None;
        }
        let comparison = self.comparison;
        let (cause, shown) = comparison.cause(|corner| self.outcome(corner, asked).is_allowed() == gained);
        self.askers.iter_mut().for_each(|asker| asker.prover.begin());
        let (reason, changed) = self.why(asked, gained, shown);
        let [user, action, entity, thing] = asked;
        let of = comparison.asked;
        let (user, resource) = (|corner: usize| of.user(corner, user), |corner: usize| of.thing(corner, entity, thing));
        Some(Change {
            user: comparison.id(user),
            name: comparison.name(user),
            subject: Subject::Decision {
                action: of.action_name(action).to_owned(),
                resource: comparison.resource(entity, comparison.id(resource)),
                resource_name: comparison.name(resource),
                before: self.rule_id(OLD, before),
                after: self.rule_id(NEW, after),
            },
            gained,
            cause,
            reason,
            changed,
        })
    }

    /// The id of what decides: a rule's, the place of a fact, or `default`.
    fn rule_id(&self, corner: usize, outcome: Outcome) -> String {
        let view = self.comparison.view(corner);
        match outcome {
            Outcome::NotPermitted => DEFAULT.to_owned(),
            Outcome::Allowed(Decided::Rule(rule)) | Outcome::Forbidden(Decided::Rule(rule)) => {
                view.program.rule(rule).id.clone()
            }
            Outcome::Allowed(Decided::Fact(relation, row)) | Outcome::Forbidden(Decided::Fact(relation, row)) => {
                view.place(relation, view.database.origin(relation, row))
            }
        }
    }

    /// Why a decision differs between the old side and another corner, and what of that only one of them has.
    fn why(&mut self, asked: [usize; 4], gained: bool, shown: usize) -> (Option<Reason>, Vec<super::Changed>) {
        let (old, new) = (self.request(OLD, asked), self.request(shown, asked));
        let allows = |request: Option<Request>| request.map(|request| statement(request.authorization.allow, &request));
        let denies = |request: Option<Request>| {
            request.and_then(|request| Some(statement(request.authorization.deny?, &request)))
        };
        // What is allowed, and the corner where it is; what denies it stands in the other.
        let (allowing, denying) = if gained { (shown, OLD) } else { (OLD, shown) };
        let (allow, deny) = if gained { (allows(new), denies(old)) } else { (allows(old), denies(new)) };
        let deny = deny.filter(|deny| self.askers[denying].holds(deny));
        let reason = match (&deny, &allow) {
            (Some(deny), _) if !gained => self.reason(denying, deny),
            (_, Some(allow)) => self.reason(allowing, allow),
            _ => None,
        };
        let mut trace = Trace::new(self.comparison, &mut self.askers);
        if let Some(deny) = &deny {
            trace.follow(denying, allowing, deny);
        }
        if let Some(allow) = allow.filter(|allow| trace.holding(allowing, denying, allow).is_none()) {
            trace.follow(allowing, denying, &allow);
        }
        (reason, trace.found())
    }

    /// The rule by which something holds in a corner.
    fn reason(&mut self, corner: usize, statement: &Statement) -> Option<Reason> {
        let steps = self.askers[corner].prover.derivation(statement).ok()?;
        let view = self.comparison.view(corner);
        let said = |relation: RelationId, origin: FactOrigin| {
            let place = view.place(relation, origin);
            (place.clone(), place, view.statement(relation, &statement.arguments))
        };
        let (rule, place, sentence) = match &steps.last()?.reason {
            proof::Reason::Fact(origin) => said(statement.relation, *origin),
            proof::Reason::Fold(_) => said(statement.relation, FactOrigin::Derived),
            proof::Reason::Rule(application) => {
                let sentence = view.words.sentence(application.rule, &application.bindings);
                let sentence = sentence.unwrap_or_else(|| view.statement(statement.relation, &statement.arguments));
                (view.program.rule(application.rule).id.clone(), view.rule_place(application.rule), sentence)
            }
        };
        Some(Reason { rule, sentence: full_stop(&sentence), place, after: self.comparison.is_new(corner) })
    }
}

fn statement(relation: RelationId, request: &Request) -> Statement {
    Statement { relation, arguments: vec![request.subject, Value(request.action.0), request.resource] }
}
