//! The problems in the rule language, interpreted.

use std::time::Duration;

use rolecall::compiler::program::{Program as Compiled, Type};
use rolecall::data::{Database, Tag, Value};
use rolecall::engine::Engine;

use super::problems::{Facts, Program};
use crate::measure::Outcome;
use crate::measure::paired::timed;
use crate::measure::portal::{model, program_alone};

const CLOSURE: &str = "\
entity node;
input edge(from: node, to: node);
relation path(from: node, to: node);
path(X, Y) if edge(X, Y);
path(X, Z) if path(X, Y), edge(Y, Z);
";

const SAME_GENERATION: &str = "\
entity person;
input parent(child: person, parent: person);
relation same(left: person, right: person);
same(X, X) if parent(_, X);
same(X, Y) if same(P, Q), parent(X, P), parent(Y, Q);
";

const POINTS_TO: &str = "\
entity variable;
entity object;
entity field;
input allocated(variable: variable, object: object);
input copied(to: variable, from: variable);
input stored(base: variable, field: field, value: variable);
input loaded(to: variable, base: variable, field: field);
relation points_to(variable: variable, object: object);
relation field_points_to(object: object, field: field, value: object);
points_to(V, O) if allocated(V, O);
points_to(To, O) if points_to(From, O), copied(To, From);
field_points_to(O, F, C) if points_to(Base, O), stored(Base, F, V), points_to(V, C);
points_to(To, C) if points_to(Base, O), loaded(To, Base, F), field_points_to(O, F, C);
";

/// How long deriving takes, and how many tuples there are.
pub fn derive(facts: Facts) -> Outcome<(Duration, usize)> {
    let (text, derived): (&str, &[&str]) = match &facts {
        Facts::Edges(_) => (CLOSURE, &["path"]),
        Facts::Parents(_) => (SAME_GENERATION, &["same"]),
        Facts::Program(_) => (POINTS_TO, &["points_to", "field_points_to"]),
    };
    let policy = program_alone("problem.rules", text)?;
    let program = &policy.program;
    let database = stored(program, facts)?;
    let (time, model) = timed(|| model(program, database, Engine::Interpreted, None));
    let model = model?;
    let relations = derived.iter().filter_map(|name| program.relation_named(name));
    Ok((time, relations.map(|relation| model.len(relation)).sum()))
}

/// The facts as a database.
fn stored(program: &Compiled, facts: Facts) -> Outcome<Database> {
    let mut database = Database::new(program);
    match facts {
        Facts::Edges(edges) => add(program, &mut database, "edge", &rows(edges))?,
        Facts::Parents(parents) => add(program, &mut database, "parent", &rows(parents))?,
        Facts::Program(Program { allocated, copied, stored, loaded }) => {
            add(program, &mut database, "allocated", &rows(allocated))?;
            add(program, &mut database, "copied", &rows(copied))?;
            add(program, &mut database, "stored", &wide(stored))?;
            add(program, &mut database, "loaded", &wide(loaded))?;
        }
    }
    Ok(database)
}

fn rows(pairs: Vec<(u32, u32)>) -> Vec<[u32; 2]> {
    pairs.into_iter().map(Into::into).collect()
}

fn wide(triples: Vec<(u32, u32, u32)>) -> Vec<[u32; 3]> {
    triples.into_iter().map(Into::into).collect()
}

fn add<const WIDTH: usize>(
    program: &Compiled,
    database: &mut Database,
    relation: &str,
    rows: &[[u32; WIDTH]],
) -> Outcome<()> {
    let relation = program.relation_named(relation).ok_or("no such input")?;
    let file = database.begin_file("facts");
    for (record, row) in (0..).zip(rows) {
        let mut values = [Value::default(); WIDTH];
        for ((value, field), number) in values.iter_mut().zip(&program.relation(relation).fields).zip(row) {
            let Type::Entity(entity) = field.ty else { return Err("a field that is no thing".into()) };
            *value = database.symbols.intern(Tag::thing(entity), &number.to_string());
        }
        database.add(relation, &values, file, record);
    }
    Ok(())
}
