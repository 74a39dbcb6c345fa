//! The evaluator of proofs against the obvious evaluator: rows by every pattern, decisions, and changed facts.

use std::collections::BTreeSet;

use rolecall::compiler::program::{Program, RelationId, RelationKind};
use rolecall::data::{Database, Tag, Value};
use rolecall::proof::Statement;
use rolecall::proof::evaluate::{Evaluator, Facts, Given};

use super::generate::random_program;
use super::program::{self, RandomProgram};
use super::{Question, questions};
use crate::evaluation;
use crate::naive::{Datum, Naive, Row};
use crate::portal::random::Rng;

const PROGRAMS: u64 = 2_000;

#[test]
fn proofs_are_evaluated_as_the_obvious_evaluator_does() {
    let (mut asked, mut held) = (0, 0);
    for seed in 0..PROGRAMS {
        let (random, pool) = random_program(seed);
        let Ok(compiled) = evaluation::compile(&[random.text()]) else { continue };
        let program = &compiled.program;
        let naive = Naive::evaluate(program, random.data(program));
        let mut database = compiled.database(&random.json());
        let rng = &mut Rng::new(seed ^ 0xe7a1);
        let questions = interned(&random, program, &mut database, &questions(&random, &pool, rng));
        let given = Given::new(&database);
        let context = || format!("seed {seed}\n{}\n{}", random.text(), random.json());
        let mut evaluator = Evaluator::new(program, Facts::all(&given));
        compare_rows(program, &database, &naive, &mut evaluator, rng)
            .unwrap_or_else(|why| panic!("{why}: {}", context()));
        for (relation, data, values) in &questions {
            let arguments: Vec<Option<Value>> = values.iter().copied().map(Some).collect();
            let holds = evaluator.holds(*relation, &arguments).expect("little work");
            assert_eq!(holds, naive.holds(*relation, data), "{data:?}: {}", context());
            asked += 1;
            held += usize::from(holds);
        }
    }
    println!("{held} of {asked} questions hold");
    assert!(asked > 10_000 && held > 1_000, "{held} of {asked}");
}

/// Decisions and arguments, as data and as values.
pub fn interned(
    random: &RandomProgram,
    program: &Program,
    database: &mut Database,
    questions: &[Question],
) -> Vec<(RelationId, Row, Vec<Value>)> {
    let mut interned = Vec::new();
    for (number, cells) in questions {
        let relation = program.relation_named(&random.predicates[*number].name).expect("a declared decision");
        let data: Row = cells.iter().map(|cell| program::datum(program, cell)).collect();
        let values = data.iter().map(|datum| value(database, datum)).collect();
        interned.push((relation, data, values));
    }
    interned
}

fn value(database: &mut Database, datum: &Datum) -> Value {
    match datum {
        Datum::Text(text) => database.symbols.intern(Tag::TEXT, text),
        Datum::Thing(entity, id) => database.symbols.intern(Tag::thing(*entity), id),
        Datum::Int(integer) => database.symbols.intern_integer(*integer),
        Datum::Action(action) => Value(action.0),
        Datum::Member(_, place) => Value(*place),
    }
}

/// Asks for all rows of every relation, and for those that share some values with one of them.
fn compare_rows(
    program: &Program,
    database: &Database,
    naive: &Naive,
    evaluator: &mut Evaluator,
    rng: &mut Rng,
) -> Result<(), String> {
    for (number, relation) in program.relations.iter().enumerate() {
        let id = RelationId(number as u32);
        if relation.kind == RelationKind::Decision {
            continue;
        }
        let all = evaluator.answers(id, &vec![None; relation.arity()]).map_err(|limit| limit.to_string())?;
        let shown = |rows: &[Vec<Value>]| -> BTreeSet<Vec<String>> {
            let known = |row: &&Vec<Value>| row.iter().all(|value| value.0 < u32::MAX / 2);
            let show = |row: &Vec<Value>| {
                let typed = relation.fields.iter().zip(row);
                typed.map(|(field, value)| database.show(program, field.ty, *value)).collect()
            };
            rows.iter().filter(known).map(show).collect()
        };
        let uncounted = all.iter().filter(|row| row.iter().any(|value| value.0 >= u32::MAX / 2)).count();
        let expected: BTreeSet<Vec<String>> = naive.shown().remove(&relation.name).unwrap_or_default();
        let actual = shown(&all);
        if actual.len() + uncounted != expected.len() || !actual.is_subset(&expected) {
            return Err(format!("`{}`: {actual:?} and {uncounted}, not {expected:?}", relation.name));
        }
        for row in all.iter().take(4) {
            let pattern: Vec<Option<Value>> = row.iter().map(|value| rng.chance(50).then_some(*value)).collect();
            let fits = |row: &&Vec<Value>| {
                row.iter().zip(&pattern).all(|(value, wanted)| wanted.is_none_or(|it| it == *value))
            };
            let expected: Vec<Vec<Value>> = all.iter().filter(fits).cloned().collect();
            let actual = evaluator.answers(id, &pattern).map_err(|limit| limit.to_string())?;
            if actual != expected {
                return Err(format!("`{}` by {pattern:?}: {actual:?}, not {expected:?}", relation.name));
            }
        }
    }
    Ok(())
}

#[test]
fn changed_facts_give_what_a_changed_portal_gives() {
    let mut changed = 0;
    for seed in 0..PROGRAMS {
        let (random, _) = random_program(seed);
        let Ok(compiled) = evaluation::compile(&[random.text()]) else { continue };
        let program = &compiled.program;
        let database = compiled.database(&random.json());
        let data = random.data(program);
        let rng = &mut Rng::new(seed ^ 0x0c4a);
        let (mut left, mut taken) = (data.clone(), Vec::new());
        for _ in 0..3.min(left.len()) {
            taken.push(left.swap_remove(rng.below(left.len())));
        }
        let mut interned = database.clone();
        let statement = |(relation, row): &(RelationId, Row), database: &mut Database| Statement {
            relation: *relation,
            arguments: row.iter().map(|datum| value(database, datum)).collect(),
        };
        let gone: Vec<Statement> = taken.iter().map(|fact| statement(fact, &mut interned)).collect();
        let kept: Vec<Statement> = left.iter().map(|fact| statement(fact, &mut interned)).collect();
        // A fact that is given twice is gone as a whole, in rule files too.
        let is_stated = |statement: &Statement| {
            let pattern: Vec<Option<Value>> = statement.arguments.iter().copied().map(Some).collect();
            Facts::stated(&Given::new(&database), program).any(statement.relation, &pattern)
        };
        if gone.iter().any(|gone| kept.contains(gone) || is_stated(gone)) {
            continue;
        }
        let given = Given::new(&database);
        let expected = Naive::evaluate(program, left.clone());
        for facts in [Facts::all(&given).without(&gone), Facts::stated(&given, program).with(&kept)] {
            let rng = &mut Rng::new(seed);
            let mut evaluator = Evaluator::new(program, facts);
            compare_rows(program, &database, &expected, &mut evaluator, rng)
                .unwrap_or_else(|why| panic!("{why}, seed {seed}"));
        }
        let back = Facts::all(&given).without(&gone).with(&gone);
        let all = Naive::evaluate(program, data);
        let mut evaluator = Evaluator::new(program, back);
        compare_rows(program, &database, &all, &mut evaluator, rng).unwrap_or_else(|why| panic!("{why}, seed {seed}"));
        changed += 1;
    }
    println!("{changed} programs");
    assert!(changed > 100, "{changed}");
}
