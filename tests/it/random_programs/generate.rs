//! Random programs that are valid by construction: which predicates there are, in which strata, and their facts.
//! `rules` writes the rules.

use super::program::{ACTIONS, Cell, ENTITIES, ENUMS, Fact, Kind, LEVEL, Predicate, RandomProgram, Ty};
use super::rules;
use crate::portal::random::Rng;

const PERSON: Ty = Ty::Entity(0);

/// The values that a program's facts and rules choose from.
pub struct Pool {
    ids: Vec<String>,
    texts: Vec<String>,
    integers: Vec<i64>,
}

impl Pool {
    fn random(rng: &mut Rng) -> Pool {
        let mut ids: Vec<String> = (1..=rng.between(3, 5)).map(|number| number.to_string()).collect();
        ids.push((*rng.pick(&["anna", "№ \"5\", \\{}", "_", "1 "])).to_owned());
        let mut integers = vec![-2, 0, 1, 7];
        if rng.chance(20) {
            integers.extend([i64::MIN, i64::MAX]);
        }
        Pool { ids, texts: ["", "1", "anna", "A\tb"].map(str::to_owned).to_vec(), integers }
    }

    /// A value of that type.
    pub fn cell(&self, ty: Ty, rng: &mut Rng) -> Cell {
        match ty {
            Ty::Entity(entity) => Cell::Thing(entity, rng.one(&self.ids)),
            Ty::Resource => Cell::Thing(rng.below(ENTITIES.len()), rng.one(&self.ids)),
            Ty::Text => Cell::Text(rng.one(&self.texts)),
            Ty::Int => Cell::Int(rng.one(&self.integers)),
            Ty::Action => Cell::Action(rng.below(ACTIONS.len())),
            Ty::Enum(of) => Cell::Member(of, rng.below(ENUMS[of].1.len())),
        }
    }

    /// A person and the next one: steps that make long paths.
    fn step(&self, rng: &mut Rng) -> Vec<Cell> {
        let at = rng.below(self.ids.len() - 1);
        self.ids[at..at + 2].iter().map(|id| Cell::Thing(0, id.clone())).collect()
    }

    /// A value as a question may have it: now and then one that nothing names.
    pub fn asked(&self, ty: Ty, rng: &mut Rng) -> Cell {
        match (self.cell(ty, rng), rng.chance(12)) {
            (Cell::Thing(entity, _), true) => Cell::Thing(entity, "nobody".to_owned()),
            (Cell::Text(_), true) => Cell::Text("nothing".to_owned()),
            (Cell::Int(_), true) => Cell::Int(99),
            (cell, _) => cell,
        }
    }
}

/// A program of 4 to 6 inputs, 3 to 6 relations and 1 to 4 decisions, and the values it is about.
pub fn random_program(seed: u64) -> (RandomProgram, Pool) {
    let rng = &mut Rng::new(seed);
    let pool = Pool::random(rng);
    let mut program = RandomProgram { predicates: predicates(rng), ..RandomProgram::default() };
    for number in 0..program.predicates.len() {
        rules::add_rules(&mut program, number, &pool, rng);
    }
    for number in 0..program.predicates.len() {
        facts(&mut program, number, &pool, rng);
    }
    (program, pool)
}

fn predicates(rng: &mut Rng) -> Vec<Predicate> {
    let palette = &palette(rng);
    let mut predicates = vec![input("edge".to_owned(), vec![PERSON, PERSON])];
    for number in 0..rng.between(3, 5) {
        let types = types(palette, rng);
        predicates.push(input(format!("in.put{number}"), types));
    }
    let mut stratum = 1;
    if rng.chance(40) {
        // An input that rules add to.
        let place = rng.below(predicates.len());
        predicates[place].stratum = 1;
    }
    for number in 0..rng.between(3, 6) {
        let fold = random_fold(rng);
        let closed = predicates.last().is_some_and(|last: &Predicate| last.fold.is_some());
        stratum += usize::from(fold.is_some() || closed || rng.chance(60));
        predicates.push(relation(number, stratum, fold, palette, rng));
    }
    let authorizes = rng.chance(50);
    for number in 0..rng.between(1, 4) {
        stratum += 1;
        let (name, types) = match number {
            0 | 1 if authorizes => (["deny", "allow"][number].to_owned(), vec![PERSON, Ty::Action, Ty::Resource]),
            _ if rng.chance(40) => (format!("may{number}"), vec![PERSON, Ty::Action, Ty::Resource]),
            _ => (format!("asks{number}"), types(palette, rng)),
        };
        predicates.push(Predicate { name, kind: Kind::Decision, types, stratum, fold: None });
    }
    predicates
}

fn input(name: String, types: Vec<Ty>) -> Predicate {
    Predicate { name, kind: Kind::Input, types, stratum: 0, fold: None }
}

fn random_fold(rng: &mut Rng) -> Option<&'static str> {
    rng.chance(25).then(|| *rng.pick(&["max", "min", "count"]))
}

fn relation(number: usize, stratum: usize, fold: Option<&'static str>, palette: &[Ty], rng: &mut Rng) -> Predicate {
    let mut types = match rng.chance(40) {
        true => vec![PERSON, PERSON],
        false => types(palette, rng),
    };
    let fold = fold.map(|function| {
        let folded = if function == "count" || rng.chance(50) { Ty::Int } else { LEVEL };
        types.truncate(rng.between(0, 2));
        let place = rng.below(types.len() + 1);
        types.insert(place, folded);
        (function, place)
    });
    Predicate { name: format!("derived_{number}"), kind: Kind::Relation, types, stratum, fold }
}

/// A few types, so that the places of one predicate find some of another to share a variable with.
fn palette(rng: &mut Rng) -> Vec<Ty> {
    let others = [Ty::Entity(1), Ty::Entity(2), Ty::Resource, Ty::Text, Ty::Int, Ty::Action, LEVEL, Ty::Enum(1)];
    let mut palette = vec![PERSON; 3];
    palette.extend((0..rng.between(2, 4)).map(|_| rng.one(&others)));
    palette
}

/// The types of a few places, with one action and one resource at most, so that what belongs together is plain.
fn types(palette: &[Ty], rng: &mut Rng) -> Vec<Ty> {
    let arity = if rng.chance(3) { 0 } else { rng.between(1, 3) };
    let mut types: Vec<Ty> = Vec::new();
    while types.len() < arity {
        let ty = rng.one(palette);
        if !(matches!(ty, Ty::Resource | Ty::Action) && types.contains(&ty)) {
            types.push(ty);
        }
    }
    types
}

fn facts(program: &mut RandomProgram, number: usize, pool: &Pool, rng: &mut Rng) {
    let predicate = &program.predicates[number];
    let (least, most) = match predicate.kind {
        Kind::Input if number == 0 => (3, 6),
        Kind::Input => (4, 10),
        Kind::Relation if predicate.fold.is_none() && rng.chance(15) => (1, 2),
        Kind::Relation | Kind::Decision => return,
    };
    for _ in 0..rng.between(least, most) {
        let mut row: Vec<Cell> = predicate.types.iter().map(|ty| pool.cell(*ty, rng)).collect();
        let stated = predicate.kind == Kind::Relation || rng.chance(30);
        pair_up(&mut row, &predicate.types);
        if number == 0 && rng.chance(75) {
            row = pool.step(rng);
        }
        program.facts.push(Fact { predicate: number, row: row.clone(), stated });
        if rng.chance(10) {
            program.facts.push(Fact { predicate: number, row, stated });
        }
    }
}

/// Gives the thing beside an action the entity that the action is done to.
pub fn pair_up(row: &mut [Cell], types: &[Ty]) {
    let action = row.iter().find_map(|cell| match cell {
        Cell::Action(action) => ACTIONS[*action].1,
        _ => None,
    });
    for (cell, ty) in row.iter_mut().zip(types) {
        if let (Some(on), Ty::Resource, Cell::Thing(entity, _)) = (action, ty, cell) {
            *entity = on;
        }
    }
}
