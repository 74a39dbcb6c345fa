//! Random programs on random facts: the engine, the decisions and the queries agree with the obvious evaluator, in
//! whatever order and files the program is written; and the programs are such that a mistake would show.

mod evaluator;
mod generate;
mod mutants;
mod program;
mod proofs;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use rolecall::compiler::program::{ActionId, Program, Query, check_query};
use rolecall::compiler::source::{Origin, Sources};
use rolecall::compiler::syntax::parser::parse_body;
use rolecall::data::{Tag, Value};
use rolecall::decision::{Authorization, Decider, Goal, PreparedQuery, Request, Solver};
use rolecall::engine::{Engine, Model};

use crate::evaluation::{self, Shown};
use crate::naive::{Datum, Naive, Row};
use crate::portal::random::Rng;
use generate::{Pool, pair_up, random_program};
use mutants::Mutation;
use program::{Cell, Kind, RandomProgram};

const PROGRAMS: u64 = 2_000;

/// How many arguments each decision is asked about.
const QUESTIONS: usize = 12;

/// Of a hundred programs, how many may at most be refused by the checker: the generator's failures.
const REFUSED_PERCENT: usize = 1;

#[test]
fn engine_decisions_and_queries_agree_with_the_obvious_evaluator() {
    let mut refused = Vec::new();
    let (mut derived, mut filled, mut asked, mut held, mut answered) = (0, 0, 0, 0, 0);
    for seed in 0..PROGRAMS {
        let (program, pool) = random_program(seed);
        match compare(&program, &pool, seed) {
            Ok(counts) => {
                derived += counts.derived;
                filled += counts.filled;
                asked += counts.asked;
                held += counts.held;
                answered += counts.answered;
            }
            Err(Disagreement::Refused(mistakes)) => refused.push((seed, mistakes)),
            Err(Disagreement::Differs(_)) => panic!("{}", report(&program, &pool, seed)),
        }
    }
    println!("{filled} of {derived} derived relations have rows, {held} of {asked} questions hold, {answered} answers");
    println!("{} refused, such as {:?}", refused.len(), refused.first());
    assert!(refused.len() * 100 <= PROGRAMS as usize * REFUSED_PERCENT, "{refused:#?}");
    assert!(filled * 100 >= derived * 65, "only {filled} of {derived} derived relations have a row");
    assert!((15..=70).contains(&(held * 100 / asked)), "{held} of {asked} questions hold");
    assert!(answered >= PROGRAMS as usize * 3, "the queries have {answered} answers");
}

/// The rules of the program of that number, for tests about texts.
pub fn random_text(seed: u64) -> String {
    random_program(seed).0.text()
}

/// What one program had to offer.
#[derive(Default)]
struct Counts {
    /// Relations with rules, and those of them with rows.
    derived: usize,
    filled: usize,
    /// Questions to decisions, and those that hold.
    asked: usize,
    held: usize,
    /// Answers to queries.
    answered: usize,
}

enum Disagreement {
    /// The checker does not take the program.
    Refused(Vec<String>),
    Differs(String),
}

/// Compares everything about one program.
fn compare(random: &RandomProgram, pool: &Pool, seed: u64) -> Result<Counts, Disagreement> {
    let mut compiled = evaluation::compile(&[random.text()]).map_err(Disagreement::Refused)?;
    let queries = queries(random, &mut compiled.program).map_err(Disagreement::Refused)?;
    let program = &compiled.program;
    let naive = Naive::evaluate(program, random.data(program));
    let expected = naive.shown();
    let model = compiled.model(&random.json(), Engine::Interpreted);
    let actual = evaluation::shown(&model);
    if let Some(difference) = evaluation::difference(&actual, &expected) {
        return Err(Disagreement::Differs(format!("engine and obvious evaluator: {difference}")));
    }
    let mut counts = Counts::default();
    for component in &program.components {
        counts.derived += component.relations.len();
        counts.filled += component.relations.iter().filter(|relation| !naive.rows(**relation).is_empty()).count();
    }
    let rng = &mut Rng::new(seed ^ 0xa5c);
    let questions = questions(random, pool, rng);
    compare_answers(random, model, &naive, &queries, &questions, &mut counts).map_err(Disagreement::Differs)?;
    compare_shuffled(random, &expected, rng).map_err(Disagreement::Differs)?;
    Ok(counts)
}

/// A decision and its arguments.
type Question = (usize, Vec<Cell>);

fn questions(random: &RandomProgram, pool: &Pool, rng: &mut Rng) -> Vec<Question> {
    let mut questions = Vec::new();
    let decisions = random.predicates.iter().enumerate().filter(|(_, predicate)| predicate.kind == Kind::Decision);
    for (number, predicate) in decisions {
        for turn in 0..QUESTIONS {
            let mut arguments: Vec<Cell> = predicate.types.iter().map(|ty| pool.asked(*ty, rng)).collect();
            // Now and then the thing is one that the action is not done to.
            if turn % 4 != 0 {
                pair_up(&mut arguments, &predicate.types);
            }
            questions.push((number, arguments));
        }
    }
    questions
}

/// The bodies of the rules of relations, as questions.
fn queries(random: &RandomProgram, program: &mut Program) -> Result<Vec<Query>, Vec<String>> {
    let stored = random.rules.iter().filter(|rule| random.predicates[rule.head.predicate].kind != Kind::Decision);
    let mut queries = Vec::new();
    for rule in stored.filter(|rule| !rule.body.is_empty()).take(3) {
        let mut sources = Sources::default();
        let source = sources.add("<query>", random.body(&rule.body), Origin::Query);
        let (body, syntax) = parse_body(&sources, source);
        let (query, mistakes) = check_query(program, &sources, &body);
        let summaries = || syntax.iter().chain(&mistakes).map(|mistake| mistake.summary(&sources)).collect::<Vec<_>>();
        queries.push(query.ok_or_else(summaries)?);
    }
    Ok(queries)
}

fn compare_answers(
    random: &RandomProgram,
    mut model: Model,
    naive: &Naive,
    queries: &[Query],
    questions: &[Question],
    counts: &mut Counts,
) -> Result<(), String> {
    let program = model.program;
    for (_, arguments) in questions {
        for argument in arguments {
            // Integers have no guests: whoever asks has them interned, as a query does.
            if let Cell::Int(integer) = argument {
                model.database.symbols.intern_integer(*integer);
            }
        }
    }
    let mut decider = Decider::new(model);
    let plans: Vec<_> = queries.iter().map(|query| decider.prepare_query(query)).collect();
    for (decision, predicate) in random.predicates.iter().enumerate() {
        let Some(relation) = program.relation_named(&predicate.name) else { continue };
        let about = |arguments: &[Cell]| action_of(program, arguments);
        for (_, arguments) in questions.iter().filter(|(asked, _)| *asked == decision) {
            decider.prepare(Goal { relation, action: about(arguments) });
        }
    }
    let authorization = Authorization::of(program);
    for action in 0..program.actions.len() as u32 {
        authorization.iter().for_each(|authorization| decider.prepare_requests(*authorization, ActionId(action)));
    }
    let mut solver = Solver::new(&decider);
    for (query, plan) in queries.iter().zip(&plans) {
        let actual = answers(&decider, &mut solver, query, plan);
        let expected =
            naive.answers(&query.body, &query.variables).into_iter().map(|row| shown_row(naive, query, &row));
        let expected: BTreeSet<Vec<String>> = expected.collect();
        counts.answered += expected.len();
        if actual != expected {
            return Err(format!("query {:?}: {actual:?}, not {expected:?}", query.body));
        }
    }
    for (decision, arguments) in questions {
        let relation = program.relation_named(&random.predicates[*decision].name).expect("a declared decision");
        let values: Vec<Value> = arguments.iter().map(|cell| value(program, &mut solver, &decider, cell)).collect();
        let data: Row = arguments.iter().map(|cell| program::datum(program, cell)).collect();
        let expected = naive.holds(relation, &data);
        counts.asked += 1;
        counts.held += usize::from(expected);
        // An `allow` or `deny` may be asked twice: by itself, and as a request.
        if solver.first_rule(relation, &values).is_some() != expected || solver.holds(relation, &values) != expected {
            return Err(format!("{}{arguments:?} should be {expected}", program.relation(relation).name));
        }
        let is_request = naive.is_about_what_it_is_done_to(relation, &data);
        if let Some(authorization) = authorization.filter(|it| it.allow == relation && is_request) {
            compare_outcome(naive, &mut solver, authorization, &values, &data)?;
        }
    }
    Ok(())
}

fn compare_outcome(
    naive: &Naive,
    solver: &mut Solver,
    authorization: Authorization,
    values: &[Value],
    data: &[Datum],
) -> Result<(), String> {
    let request = Request { authorization, subject: values[0], action: ActionId(values[1].0), resource: values[2] };
    let forbidden = authorization.deny.is_some_and(|deny| naive.holds(deny, data));
    let expected = naive.holds(authorization.allow, data) && !forbidden;
    match solver.outcome(&request).is_allowed() == expected {
        true => Ok(()),
        false => Err(format!("the outcome of {data:?} should be {expected}")),
    }
}

fn answers<'d>(
    decider: &Decider,
    solver: &mut Solver<'d, '_>,
    query: &Query,
    plan: &'d PreparedQuery,
) -> BTreeSet<Vec<String>> {
    let mut rows: BTreeSet<Vec<Value>> = BTreeSet::new();
    solver.answers_to(plan, |slots| {
        rows.insert(slots[..query.variables.len()].to_vec());
        std::ops::ControlFlow::Continue(())
    });
    let database = &decider.model().database;
    let show = |row: Vec<Value>| {
        let typed = query.variables.iter().zip(row);
        typed.map(|(variable, value)| database.show(decider.model().program, variable.ty, value)).collect()
    };
    rows.into_iter().map(show).collect()
}

fn shown_row(naive: &Naive, query: &Query, row: &Row) -> Vec<String> {
    query.variables.iter().zip(row).map(|(variable, datum)| naive.show(variable.ty, datum)).collect()
}

fn compare_shuffled(random: &RandomProgram, expected: &Shown, rng: &mut Rng) -> Result<(), String> {
    let texts = random.shuffled(rng);
    let program = evaluation::compile(&texts).map_err(|mistakes| format!("refused when shuffled: {mistakes:?}"))?;
    let mut data = random.clone();
    rng.shuffle(&mut data.facts);
    let model = program.model(&data.json(), Engine::Auto);
    match evaluation::difference(&evaluation::shown(&model), expected) {
        None => Ok(()),
        Some(difference) => Err(format!("shuffled and in order: {difference}\n{}", texts.join("// next file\n"))),
    }
}

fn action_of(program: &Program, arguments: &[Cell]) -> Option<ActionId> {
    arguments.iter().find_map(|cell| match cell {
        Cell::Action(action) => program.action_named(program::ACTIONS[*action].0),
        _ => None,
    })
}

/// The value of a cell, or a guest for one that no fact names.
fn value(program: &Program, solver: &mut Solver, decider: &Decider, cell: &Cell) -> Value {
    let symbols = &decider.model().database.symbols;
    match program::datum(program, cell) {
        Datum::Text(text) => solver.guests().resolve(symbols, Tag::TEXT, &text),
        Datum::Thing(entity, id) => solver.guests().resolve(symbols, Tag::thing(entity), &id),
        Datum::Int(integer) => symbols.clone().intern_integer(integer),
        Datum::Action(action) => Value(action.0),
        Datum::Member(_, place) => Value(place),
    }
}

/// The smallest program found by leaving out what is not needed for two evaluators to disagree.
fn report(program: &RandomProgram, pool: &Pool, seed: u64) -> String {
    let differs = |program: &RandomProgram| match compare(program, pool, seed) {
        Err(Disagreement::Differs(difference)) => Some(difference),
        Ok(_) | Err(Disagreement::Refused(_)) => None,
    };
    let smallest = smallest(program, &|program| differs(program).is_some());
    let difference = differs(&smallest).unwrap_or_default();
    format!("seed {seed}: {difference}\n\n{}\n{}", smallest.text(), smallest.json())
}

fn smallest(program: &RandomProgram, fails: &dyn Fn(&RandomProgram) -> bool) -> RandomProgram {
    let mut best = program.clone();
    loop {
        let mut smaller = Vec::new();
        for at in 0..best.rules.len() {
            let mut without = best.clone();
            without.rules.remove(at);
            smaller.push(without);
            for literal in 0..best.rules[at].body.len() {
                let mut without = best.clone();
                without.rules[at].body.remove(literal);
                smaller.push(without);
            }
        }
        for at in 0..best.facts.len() {
            let mut without = best.clone();
            without.facts.remove(at);
            smaller.push(without);
        }
        match smaller.into_iter().find(fails) {
            Some(found) => best = found,
            None => return best,
        }
    }
}

/// How many of the programs with one mistake are to be noticed at least. A mistake may be without effect: another
/// rule may derive the same.
const NOTICED: &[(Mutation, usize)] = &[
    (Mutation::RuleDropped, 150),
    (Mutation::RecursionDropped, 120),
    (Mutation::RoundsDropped, 30),
    (Mutation::NegationDropped, 60),
    (Mutation::ComparisonDropped, 60),
    (Mutation::FoldSwapped, 25),
    (Mutation::FactDropped, 170),
];

#[test]
fn a_mistake_of_an_engine_would_show() {
    let mut noticed: BTreeMap<Mutation, (usize, usize)> = BTreeMap::new();
    for seed in 0..PROGRAMS / 4 {
        let rng = &mut Rng::new(seed ^ 0xbad);
        let (random, _) = random_program(seed);
        let Ok(compiled) = evaluation::compile(&[random.text()]) else { continue };
        let program = &compiled.program;
        let expected = Naive::evaluate(program, random.data(program)).shown();
        for mutation in Mutation::ALL {
            let Some(mutant) = mutation.of(&random, rng) else { continue };
            // Without a literal, a variable may have no value.
            let Ok(program) = evaluation::compile(&[mutant.text()]) else { continue };
            let model = program.model(&random.json(), Engine::Interpreted);
            let mut actual = evaluation::shown(&model);
            actual.remove("first_round");
            let (made, seen) = noticed.entry(*mutation).or_default();
            *made += 1;
            *seen += usize::from(evaluation::difference(&actual, &expected).is_some());
        }
    }
    println!("{noticed:?}");
    for (mutation, least) in NOTICED {
        let (made, seen) = noticed[mutation];
        assert!(seen >= *least, "{mutation:?}: {seen} of {made} noticed");
    }
}
