//! The evaluator of proofs on portals: the outcomes of the engines, long chains, and its limits.

use rolecall::compiler::program::ActionId;
use rolecall::data::{Database, Tag, Value};
use rolecall::decision::{Authorization, Decider, Outcome, Reason, Request, Solver};
use rolecall::engine::Engine;
use rolecall::proof::Statement;
use rolecall::proof::evaluate::{self, Evaluator, Facts, Given, Limit};

use crate::evaluation::{Compiled, model, policy_with, program};
use crate::portal::random::{random_portal, random_requests};
use crate::portals::{Asked, single_id};

const PORTALS: u64 = 400;

const REQUESTS_PER_PORTAL: usize = 60;

/// The values of a request, which become known.
pub fn request(policy: &Compiled, database: &mut Database, (user, action, id): &Asked) -> (Value, ActionId, Value) {
    let program = &policy.program;
    let action = program.action_named(action).expect("an action of the policy");
    let entity = program.actions[action.index()].on.expect("built-in actions are done to one entity");
    let user = database.symbols.intern(Tag::thing(program.entity_named("user").unwrap()), user);
    let thing = database.symbols.intern(Tag::thing(entity), &single_id(program, entity, id));
    (user, action, thing)
}

#[test]
fn every_outcome_and_its_rule_are_those_of_the_engines() {
    let policy = policy_with::<&str>(&[]);
    let authorization = Authorization::of(&policy.program).unwrap();
    for seed in 0..PORTALS {
        let portal = random_portal(seed);
        let mut database = policy.database(&portal.to_json());
        let requests: Vec<_> = random_requests(&portal, seed, REQUESTS_PER_PORTAL)
            .iter()
            .map(|asked| request(&policy, &mut database, asked))
            .collect();
        let given = Given::new(&database);
        let mut evaluator = Evaluator::new(&policy.program, Facts::all(&given));
        let mut decider = Decider::new(model(&policy.program, database.clone(), Engine::Auto));
        (0..policy.program.actions.len()).for_each(|n| decider.prepare_requests(authorization, ActionId(n as u32)));
        let mut solver = Solver::new(&decider);
        for (subject, action, resource) in requests {
            let expected = match solver.outcome(&Request { authorization, subject, action, resource }) {
                Outcome::Allowed(Reason::Rule(rule)) => evaluate::Outcome::Allowed(evaluate::Decider::Rule(rule)),
                Outcome::Forbidden(Reason::Rule(rule)) => evaluate::Outcome::Forbidden(evaluate::Decider::Rule(rule)),
                Outcome::NotPermitted => evaluate::Outcome::NotPermitted,
                Outcome::Allowed(Reason::Fact(..)) | Outcome::Forbidden(Reason::Fact(..)) => unreachable!(),
            };
            assert_eq!(evaluator.outcome(subject, action, resource), Ok(expected), "portal {seed}");
        }
    }
}

/// A chain of things, and two ways to say that one is above another.
const CHAIN: &str = "
    entity thing;
    input next(from: thing, to: thing);
    relation forward(from: thing, to: thing);
    relation backward(from: thing, to: thing);
    relation both(from: thing, to: thing);
    forward(A, C) if forward(A, B), next(B, C);
    forward(A, B) if next(A, B);
    backward(A, C) if next(A, B), backward(B, C);
    backward(A, B) if next(A, B);
    both(A, B) if forward(A, B), not backward(A, B);
";

const LENGTH: usize = 10_000;

#[test]
fn a_long_chain_is_followed_from_either_end_without_storing_its_pairs() {
    let compiled = program(CHAIN);
    let pairs: Vec<String> = (0..LENGTH).map(|number| format!("[\"t{number}\", \"t{}\"]", number + 1)).collect();
    let database = compiled.database(&format!("{{\"next\": [{}]}}", pairs.join(", ")));
    let thing = |number: usize| {
        let entity = compiled.program.entity_named("thing").unwrap();
        Some(database.symbols.find(Tag::thing(entity), &format!("t{number}")).unwrap())
    };
    let given = Given::new(&database);
    let mut evaluator = Evaluator::new(&compiled.program, Facts::all(&given)).with_limit(LENGTH as u64 * 20);
    for name in ["forward", "backward"] {
        let relation = compiled.program.relation_named(name).unwrap();
        assert_eq!(evaluator.holds(relation, &[thing(0), thing(LENGTH)]), Ok(true), "{name}");
        assert_eq!(evaluator.holds(relation, &[thing(LENGTH), thing(0)]), Ok(false), "{name}");
        let count = |rows: Result<Vec<Vec<Value>>, Limit>| rows.unwrap().len();
        assert_eq!(count(evaluator.answers(relation, &[thing(0), None])), LENGTH, "{name}");
        assert_eq!(count(evaluator.answers(relation, &[None, thing(LENGTH)])), LENGTH, "{name}");
    }
    let both = compiled.program.relation_named("both").unwrap();
    assert_eq!(evaluator.holds(both, &[thing(0), None]), Ok(false));
}

#[test]
fn a_question_ends_at_its_limit_and_the_next_one_is_answered() {
    let compiled = program(CHAIN);
    let pairs: Vec<String> = (0..300).map(|number| format!("[\"t{number}\", \"t{}\"]", (number + 1) % 300)).collect();
    let database = compiled.database(&format!("{{\"next\": [{}]}}", pairs.join(", ")));
    let given = Given::new(&database);
    let mut evaluator = Evaluator::new(&compiled.program, Facts::all(&given)).with_limit(5_000);
    let relation = compiled.program.relation_named("forward").unwrap();
    assert_eq!(evaluator.answers(relation, &[None, None]), Err(Limit::Steps(5_000)));
    let first = database.table(compiled.program.relation_named("next").unwrap()).row(0)[0];
    assert_eq!(evaluator.answers(relation, &[Some(first), None]).map(|rows| rows.len()), Ok(300));
}

#[test]
fn decisions_answer_known_arguments_alone() {
    let policy = policy_with::<&str>(&[]);
    let database = policy.database("{}");
    let given = Given::new(&database);
    let mut evaluator = Evaluator::new(&policy.program, Facts::all(&given));
    let allow = policy.program.relation_named("allow").unwrap();
    assert_eq!(evaluator.holds(allow, &[None, None, None]), Err(Limit::OpenDecision("allow".into())));
}

#[test]
fn what_was_derived_is_not_given() {
    let compiled = program("input a(n: int);\nrelation b(n: int);\nb(N) if a(N);\nb(7);\n");
    let model = compiled.model("{\"a\": [1, 2]}", Engine::Auto);
    let relation = compiled.program.relation_named("b").unwrap();
    assert_eq!(model.len(relation), 3);
    assert_eq!(model.database.given_len(relation), 1);
    let given = Given::new(&model.database);
    let one = model.database.symbols.find_integer(1).unwrap();
    let gone = Statement { relation: compiled.program.relation_named("a").unwrap(), arguments: vec![one] };
    let mut evaluator = Evaluator::new(&compiled.program, Facts::all(&given).without([&gone]));
    assert_eq!(evaluator.holds(relation, &[Some(one)]), Ok(false));
    assert_eq!(evaluator.answers(relation, &[None]).map(|rows| rows.len()), Ok(2));
}
