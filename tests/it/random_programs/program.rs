//! A random program as a structure that can be written, shuffled and cut: predicates, rules, and facts that stand in
//! the rule files or come as data. The types that values have are the same in all of them.

use std::fmt::Write;

use rolecall::compiler::program::{EnumId, Program, RelationId};

use crate::naive::{Datum, Row};
use crate::portal::random::Rng;
use crate::portal::text::quoted;

/// The entities.
pub const ENTITIES: &[&str] = &["person", "team", "item"];
/// The members of the ordered enum `level`, and of the unordered `color`.
pub const ENUMS: &[(&str, &[&str])] =
    &[("level", &["none", "low", "mid", "top"]), ("color", &["red", "green", "blue"])];
/// The actions, and the entity that each is done to; `None` for any.
pub const ACTIONS: &[(&str, Option<usize>)] =
    &[("look", Some(2)), ("item.take", Some(2)), ("team.join", Some(1)), ("greet", Some(0)), ("ping", None)];

/// The type of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ty {
    Entity(usize),
    Resource,
    Text,
    Int,
    Action,
    Enum(usize),
}

/// The ordered enum.
pub const LEVEL: Ty = Ty::Enum(0);

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Thing(usize, String),
    Text(String),
    Int(i64),
    Action(usize),
    Member(usize, usize),
}

/// An argument, or a side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    Variable(String),
    Constant(Cell),
    Wildcard,
    /// A variable that the head folds.
    Fold(&'static str, String),
}

/// A head, or a literal of a body.
#[derive(Clone, Debug)]
pub struct Atom {
    /// Its place among the predicates.
    pub predicate: usize,
    pub arguments: Vec<Argument>,
}

#[derive(Clone, Debug)]
pub enum Literal {
    Positive(Atom),
    Negative(Atom),
    Comparison(Argument, &'static str, Argument),
}

#[derive(Clone, Debug)]
pub struct RandomRule {
    pub head: Atom,
    pub body: Vec<Literal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Input,
    Relation,
    Decision,
}

#[derive(Clone, Debug)]
pub struct Predicate {
    pub name: String,
    pub kind: Kind,
    pub types: Vec<Ty>,
    /// A rule may negate and fold what is lower only.
    pub stratum: usize,
    /// The function and the place.
    pub fold: Option<(&'static str, usize)>,
}

#[derive(Clone, Debug)]
pub struct Fact {
    pub predicate: usize,
    pub row: Vec<Cell>,
    /// Whether it stands in a rule file, or else in the data.
    pub stated: bool,
}

#[derive(Clone, Debug, Default)]
pub struct RandomProgram {
    pub predicates: Vec<Predicate>,
    pub rules: Vec<RandomRule>,
    pub facts: Vec<Fact>,
}

impl RandomProgram {
    /// One rule file, in order.
    pub fn text(&self) -> String {
        self.statements().concat()
    }

    /// The same in up to three files: statements in any order, and literals in any order within their bodies.
    pub fn shuffled(&self, rng: &mut Rng) -> Vec<String> {
        let mut shuffled = self.clone();
        for rule in &mut shuffled.rules {
            rng.shuffle(&mut rule.body);
        }
        let mut statements = shuffled.statements();
        rng.shuffle(&mut statements);
        let mut files = vec![String::new(); rng.between(1, 3)];
        for statement in statements {
            let file = rng.below(files.len());
            files[file].push_str(&statement);
        }
        files
    }

    fn statements(&self) -> Vec<String> {
        let mut statements: Vec<String> = ENTITIES.iter().map(|name| format!("entity {name};\n")).collect();
        for ((name, members), separator) in ENUMS.iter().zip([" < ", ", "]) {
            statements.push(format!("enum {name} {{ {} }};\n", members.join(separator)));
        }
        for (name, on) in ACTIONS {
            statements.push(format!("action {name} on {};\n", on.map_or("resource", |entity| ENTITIES[entity])));
        }
        statements.extend(self.predicates.iter().map(declaration));
        statements.extend(self.rules.iter().map(|rule| self.rule(rule)));
        let stated = self.facts.iter().filter(|fact| fact.stated);
        statements.extend(stated.map(|fact| {
            let arguments = fact.row.iter().cloned().map(Argument::Constant).collect();
            format!("{};\n", self.atom(&Atom { predicate: fact.predicate, arguments }))
        }));
        statements
    }

    /// A rule in the rule language.
    pub fn rule(&self, rule: &RandomRule) -> String {
        match rule.body.is_empty() {
            true => format!("{};\n", self.atom(&rule.head)),
            false => format!("{} if {};\n", self.atom(&rule.head), self.body(&rule.body)),
        }
    }

    /// A body in the rule language.
    pub fn body(&self, body: &[Literal]) -> String {
        let literal = |literal: &Literal| match literal {
            Literal::Positive(atom) => self.atom(atom),
            Literal::Negative(atom) => format!("not {}", self.atom(atom)),
            Literal::Comparison(left, operator, right) => {
                format!("{} {operator} {}", argument(left, Ty::Resource), argument(right, Ty::Resource))
            }
        };
        body.iter().map(literal).collect::<Vec<_>>().join(", ")
    }

    fn atom(&self, atom: &Atom) -> String {
        let Predicate { name, types, .. } = &self.predicates[atom.predicate];
        let arguments = atom.arguments.iter().zip(types).map(|(term, ty)| argument(term, *ty));
        format!("{name}({})", arguments.collect::<Vec<_>>().join(", "))
    }

    /// The facts that come as data; ids of persons that look like numbers are written as such.
    pub fn json(&self) -> String {
        let mut json = String::from("{");
        for (number, predicate) in self.predicates.iter().enumerate() {
            let rows = self.facts.iter().filter(|fact| fact.predicate == number && !fact.stated);
            let rows: Vec<String> = rows.map(|fact| json_row(&fact.row, &predicate.types)).collect();
            if !rows.is_empty() {
                let comma = if json.len() > 1 { "," } else { "" };
                write!(json, "{comma}\n{}: [{}]", quoted(&predicate.name), rows.join(", ")).unwrap();
            }
        }
        json + "\n}\n"
    }

    /// The facts that come as data, for the obvious evaluator.
    pub fn data(&self, program: &Program) -> Vec<(RelationId, Row)> {
        let row = |fact: &Fact| {
            let relation = program.relation_named(&self.predicates[fact.predicate].name).unwrap();
            (relation, fact.row.iter().map(|cell| datum(program, cell)).collect())
        };
        self.facts.iter().filter(|fact| !fact.stated).map(row).collect()
    }
}

/// A value as the obvious evaluator has it.
pub fn datum(program: &Program, cell: &Cell) -> Datum {
    match cell {
        Cell::Thing(entity, id) => Datum::Thing(program.entity_named(ENTITIES[*entity]).unwrap(), id.as_str().into()),
        Cell::Text(text) => Datum::Text(text.as_str().into()),
        Cell::Int(integer) => Datum::Int(*integer),
        Cell::Action(action) => Datum::Action(program.action_named(ACTIONS[*action].0).unwrap()),
        Cell::Member(of, place) => {
            let of = program.enums.iter().position(|declared| declared.name == ENUMS[*of].0).unwrap();
            Datum::Member(EnumId(of as u32), *place as u32)
        }
    }
}

fn declaration(predicate: &Predicate) -> String {
    let kind = match predicate.kind {
        Kind::Input => "input",
        Kind::Relation => "relation",
        Kind::Decision => "decision",
    };
    let fields = predicate.types.iter().enumerate().map(|(place, ty)| format!("f{place}: {}", type_name(*ty)));
    format!("{kind} {}({});\n", predicate.name, fields.collect::<Vec<_>>().join(", "))
}

fn type_name(ty: Ty) -> &'static str {
    match ty {
        Ty::Entity(entity) => ENTITIES[entity],
        Ty::Resource => "resource",
        Ty::Text => "text",
        Ty::Int => "int",
        Ty::Action => "action",
        Ty::Enum(of) => ENUMS[of].0,
    }
}

/// An argument in a place of that type.
fn argument(argument: &Argument, ty: Ty) -> String {
    match argument {
        Argument::Variable(name) => name.clone(),
        Argument::Wildcard => "_".to_owned(),
        Argument::Fold(function, name) => format!("{function}({name})"),
        Argument::Constant(Cell::Thing(_, id)) if ty != Ty::Resource => quoted(id),
        Argument::Constant(Cell::Thing(entity, id)) => format!("{}:{}", ENTITIES[*entity], quoted(id)),
        Argument::Constant(Cell::Text(text)) => quoted(text),
        Argument::Constant(Cell::Int(integer)) => integer.to_string(),
        Argument::Constant(Cell::Action(action)) => ACTIONS[*action].0.to_owned(),
        Argument::Constant(Cell::Member(of, place)) => ENUMS[*of].1[*place].to_owned(),
    }
}

fn json_row(row: &[Cell], types: &[Ty]) -> String {
    let cell = |(cell, ty): (&Cell, &Ty)| match (cell, ty) {
        (Cell::Thing(entity, id), Ty::Resource) => {
            format!("{{\"type\": \"{}\", \"id\": {}}}", ENTITIES[*entity], quoted(id))
        }
        (Cell::Thing(0, id), _) if id.bytes().all(|byte| byte.is_ascii_digit()) => id.clone(),
        (Cell::Thing(_, id), _) => quoted(id),
        (Cell::Text(text), _) => quoted(text),
        (Cell::Int(integer), _) => integer.to_string(),
        (Cell::Action(action), _) => quoted(ACTIONS[*action].0),
        (Cell::Member(of, place), _) => quoted(ENUMS[*of].1[*place]),
    };
    format!("[{}]", row.iter().zip(types).map(cell).collect::<Vec<_>>().join(", "))
}
