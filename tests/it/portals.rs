//! Random portals under the built-in policy: every engine derives the same, every request gets the answer of the
//! portal oracle, however the facts are written; and every rule of the policy matters to some answer.

use rolecall::compiler::program::{ActionId, Comparison, Constant, EntityId, Literal, Operator, Program, Term, Type};
use rolecall::data::Tag;
use rolecall::decision::{Authorization, Decider, Request, Solver};
use rolecall::engine::{Engine, Model};
use rolecall::policy;

use crate::evaluation::{self, Compiled, model, policy_with, same_rows, shown};
use crate::portal::model::{ACTIONS, Portal};
use crate::portal::oracle::Oracle;
use crate::portal::random::{Rng, random_portal, random_requests};

const PORTALS: u64 = 2_000;

const REQUESTS_PER_PORTAL: usize = 120;

/// A user, an action, and the id of a thing of the action's entity.
pub type Asked = (String, &'static str, String);

/// A finished model that requests are put to.
pub struct Answers<'p> {
    decider: Decider<'p>,
    authorization: Authorization,
}

impl<'p> Answers<'p> {
    /// Plans the decisions for every action of the policy.
    pub fn of(model: Model<'p>) -> Answers<'p> {
        let authorization = Authorization::of(model.program).expect("a policy with `allow`");
        let mut decider = Decider::new(model);
        for action in 0..decider.model().program.actions.len() as u32 {
            decider.prepare_requests(authorization, ActionId(action));
        }
        Answers { decider, authorization }
    }

    /// Whether each request is allowed.
    pub fn to(&self, requests: &[Asked]) -> Vec<bool> {
        let mut solver = Solver::new(&self.decider);
        let mut answer = |asked| {
            let request = self.request(&mut solver, asked);
            solver.outcome(&request).is_allowed()
        };
        requests.iter().map(&mut answer).collect()
    }

    fn request(&self, solver: &mut Solver, (user, action, id): &Asked) -> Request {
        let Model { program, database, .. } = self.decider.model();
        let action = program.action_named(action).expect("an action of the policy");
        let entity = program.actions[action.index()].on.expect("built-in actions are done to one entity");
        solver.begin();
        let mut thing = |entity, id: &str| {
            solver.guests().resolve(&database.symbols, Tag::thing(entity), &single_id(program, entity, id))
        };
        let subject = thing(self.authorization.subject, user);
        Request { authorization: self.authorization, subject, action, resource: thing(entity, id) }
    }
}

/// The id of a thing; of a single one, such as the portal, every id is the same.
pub fn single_id(program: &Program, entity: EntityId, id: &str) -> String {
    let entity = &program.entities[entity.index()];
    if entity.single { entity.name.clone() } else { id.to_owned() }
}

/// The requests whose answers differ.
pub fn differing<'r>(requests: &'r [Asked], left: &[bool], right: &[bool]) -> Vec<(&'r Asked, bool, bool)> {
    let both = left.iter().zip(right);
    requests
        .iter()
        .zip(both)
        .filter(|(_, (left, right))| left != right)
        .map(|(asked, (l, r))| (asked, *l, *r))
        .collect()
}

/// The answers of the oracle.
pub fn oracle_answers(portal: &Portal, requests: &[Asked]) -> Vec<bool> {
    let oracle = Oracle::new(portal);
    requests.iter().map(|(user, action, id)| oracle.allowed(user, action, id)).collect()
}

#[test]
fn every_engine_derives_the_same_and_every_answer_is_the_oracles() {
    let policy = policy_with::<&str>(&[]);
    let (mut asked, mut allowed) = (0, 0);
    for seed in 0..PORTALS {
        let portal = random_portal(seed);
        let requests = random_requests(&portal, seed, REQUESTS_PER_PORTAL);
        let interpreted = check_engines(&policy, &[&portal.to_json()], &format!("portal {seed}"));
        let answers = Answers::of(interpreted).to(&requests);
        let expected = oracle_answers(&portal, &requests);
        let differing = differing(&requests, &answers, &expected);
        assert!(differing.is_empty(), "{}", report(&policy, &portal, seed, &requests));
        asked += answers.len();
        allowed += answers.iter().filter(|allowed| **allowed).count();
    }
    println!("{allowed} of {asked} requests are allowed");
    assert!((20..=60).contains(&(allowed * 100 / asked)), "{allowed} of {asked} requests are allowed");
}

/// Derives with every engine, and panics unless all derive the same.
pub fn check_engines<'p>(policy: &'p Compiled, files: &[&str], name: &str) -> Model<'p> {
    let database = policy.database_of(files);
    let interpreted = model(&policy.program, database.clone(), Engine::Interpreted);
    for engine in [Engine::Auto, Engine::Compiled] {
        let other = model(&policy.program, database.clone(), engine);
        if let Err(difference) = same_rows(&other, &interpreted) {
            panic!("{name}, {engine:?} and Interpreted: {difference}\n{}", files.join("\n"));
        }
    }
    interpreted
}

/// The first request that differs on a portal without the facts that do not matter for it.
fn report(policy: &Compiled, portal: &Portal, seed: u64, requests: &[Asked]) -> String {
    let first = |portal: &Portal| {
        let answers = Answers::of(policy.model(&portal.to_json(), Engine::Interpreted)).to(requests);
        let expected = oracle_answers(portal, requests);
        differing(requests, &answers, &expected)
            .first()
            .map(|(asked, engine, oracle)| format!("{asked:?}: the engine says {engine}, the oracle {oracle}"))
    };
    let mut facts: Vec<String> = portal.to_rules_facts().lines().map(str::to_owned).collect();
    let mut at = 0;
    while at < facts.len() {
        let fact = facts.remove(at);
        if first(&Portal::read(&facts.concat())).is_none() {
            facts.insert(at, fact);
            at += 1;
        }
    }
    format!("portal {seed}, {:?}\n{}", first(&Portal::read(&facts.concat())), facts.join("\n"))
}

/// Compiling the policy anew for each portal takes most of the time, so fewer do.
const REWRITTEN_PORTALS: u64 = 300;

#[test]
fn facts_give_the_same_in_rule_files_as_in_data_and_in_any_order() {
    let policy = policy_with::<&str>(&[]);
    for seed in 0..REWRITTEN_PORTALS {
        let portal = random_portal(seed);
        let expected = shown(&policy.model(&portal.to_json(), Engine::Auto));
        let rng = &mut Rng::new(seed);
        let text = portal.to_rules_facts();
        let mut facts: Vec<&str> = text.lines().collect();
        rng.shuffle(&mut facts);
        let shuffled = Portal::read(&facts.concat()).to_json();
        let data = shown(&policy.model(&shuffled, Engine::Auto));
        assert_eq!(evaluation::difference(&data, &expected), None, "portal {seed}, data shuffled\n{shuffled}");
        let (first, second) = facts.split_at(rng.below(facts.len() + 1));
        let stated = policy_with(&[first.join("\n"), second.join("\n")]);
        let from_rules = check_engines(&stated, &["{}"], &format!("portal {seed}, facts in rule files"));
        assert_eq!(evaluation::difference(&shown(&from_rules), &expected), None, "portal {seed}\n{text}");
        let requests = random_requests(&portal, seed, 40);
        let answers = Answers::of(from_rules).to(&requests);
        assert_eq!(answers, oracle_answers(&portal, &requests), "portal {seed}, facts in rule files");
    }
}

/// The rules without which every answer is the same: those that `check --data` alone asks for, and those that say
/// what holds, but for whom other rules give the same answer (whoever covers themself has the level `own` as well; a
/// department where nobody belongs is within itself, and nothing comes of it).
const WITHOUT_EFFECT: &[&str] = &[
    "department-cycle",
    "undeclared-role",
    "role-of-other-module",
    "covers-self",
    "covers-themself",
    "within-itself",
    "within-itself-below",
    "within-itself-above",
];

/// How many portals may be needed to notice that a rule is missing.
const NOTICING_PORTALS: u64 = 400;

#[test]
fn every_rule_of_the_policy_changes_an_answer() {
    let mut policy = policy_with::<&str>(&[]);
    let never = vec![Literal::Comparison(contradiction(&mut policy.program))];
    let known: Vec<(String, Vec<Asked>, Vec<bool>)> = (0..NOTICING_PORTALS)
        .map(|seed| {
            let portal = random_portal(seed);
            let requests = random_requests(&portal, seed, REQUESTS_PER_PORTAL);
            let answers = oracle_answers(&portal, &requests);
            (portal.to_json(), requests, answers)
        })
        .collect();
    let (_, findings) = policy::FILES.iter().find(|(name, _)| *name == "rules/audit.rules").unwrap();
    let mut unnoticed = Vec::new();
    let mut latest = 0;
    for rule in 0..policy.program.rules.len() {
        let id = policy.program.rules[rule].id.clone();
        if WITHOUT_EFFECT.contains(&id.as_str()) || findings.contains(&format!("@id(\"{id}\")")) {
            continue;
        }
        let body = std::mem::replace(&mut policy.program.rules[rule].body, never.clone());
        let noticed = known.iter().position(|(json, requests, expected)| {
            Answers::of(policy.model(json, Engine::Interpreted)).to(requests) != *expected
        });
        policy.program.rules[rule].body = body;
        match noticed {
            Some(portal) => latest = latest.max(portal),
            None => unnoticed.push(id),
        }
    }
    println!("the rarest effect is first seen in portal {latest}");
    assert!(unnoticed.is_empty(), "without these rules no answer changes: {unnoticed:?}");
}

/// A comparison that never holds.
fn contradiction(program: &mut Program) -> Comparison {
    let text = Term::Constant(program.constants.intern(Constant::Text("never".to_owned())));
    let span = program.rules[0].span;
    Comparison { left: text, operator: Operator::NotEqual, right: text, ty: Type::Text, span }
}

#[test]
fn the_actions_of_the_policy_are_those_of_the_oracle() {
    let program = policy_with::<&str>(&[]).program;
    let entity = |on: Option<EntityId>| on.map(|on| program.entities[on.index()].name.clone());
    let mut actions: Vec<(String, Option<String>)> =
        program.actions.iter().map(|action| (action.name.clone(), entity(action.on))).collect();
    let mut expected: Vec<(String, Option<String>)> =
        ACTIONS.iter().map(|action| (action.name.to_owned(), Some(action.entity.to_owned()))).collect();
    actions.sort();
    expected.sort();
    assert_eq!(actions, expected);
}
