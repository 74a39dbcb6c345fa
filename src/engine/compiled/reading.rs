//! What a compiled rule reads: of each literal the columns that it uses, of the rows that can matter to it. A row can't
//! where a variable of it has a value that another literal of the rule has not (a semi-join: Bernstein and Chiu, 1981).
//! crepe hashes each row that it is given several times; here a row costs a look at a bit for each variable.

use crate::compiler::program::RelationId;
use crate::data::Value;
use crate::engine::{Model, Row};

/// What a place of a literal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The value of a variable, which the rule uses elsewhere too.
    Variable(usize),
    /// That value.
    Is(u32),
    /// Nothing.
    Any,
}

/// The literals of a rule about finished relations.
pub(super) struct Body<'m> {
    model: &'m Model<'m>,
    literals: Vec<Literal>,
    /// By variable: the values that it may have, where that is known.
    possible: Vec<Option<Values>>,
    /// Whether a literal has no row, so that none matters.
    is_empty: bool,
}

struct Literal {
    relation: RelationId,
    is_negative: bool,
    /// Columns that must have a value.
    values: Vec<(usize, Value)>,
    /// Columns that must agree.
    same: Vec<(usize, usize)>,
    /// The first column of each variable.
    variables: Vec<(usize, usize)>,
}

impl<'m> Body<'m> {
    /// Looks at all rows of the literals, those of small relations first, for the values that their variables may have.
    pub fn new(model: &'m Model<'m>, literals: &[(&str, bool, &[Place])]) -> Body<'m> {
        let named = literals.iter().filter_map(|(name, is_negative, places)| {
            Some(Literal::new(model.program.relation_named(name)?, *is_negative, places))
        });
        let literals: Vec<Literal> = named.collect();
        let variables = literals.iter().flat_map(|literal| &literal.variables).map(|(_, variable)| variable + 1).max();
        let possible = (0..variables.unwrap_or(0)).map(|_| None).collect();
        let mut body = Body { model, literals, possible, is_empty: false };
        let mut order: Vec<usize> = (0..body.literals.len()).filter(|at| !body.literals[*at].is_negative).collect();
        order.sort_by_key(|at| model.len(body.literals[*at].relation));
        for literal in order {
            body.narrow(literal);
        }
        body
    }

    /// Takes the values that the variables of a literal have in its rows.
    fn narrow(&mut self, at: usize) {
        let literal = &self.literals[at];
        let others = || self.literals.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, literal)| literal);
        let shared = |variable: usize| others().any(|other| other.variables.iter().any(|(_, of)| *of == variable));
        let columns = literal.variables.iter().copied().filter(|(_, variable)| shared(*variable));
        let mut found: Vec<(usize, usize, Values)> =
            columns.map(|(column, variable)| (column, variable, Values::default())).collect();
        let mut is_empty = true;
        for row in self.matching(literal) {
            is_empty = false;
            for (column, _, values) in &mut found {
                values.insert(row[*column]);
            }
            if found.is_empty() {
                break;
            }
        }
        self.is_empty |= is_empty;
        for (_, variable, values) in found {
            self.possible[variable] = Some(values);
        }
    }

    /// The rows of a literal that can matter, as the values of its variables in their order; of a literal without any
    /// one row, if there is one.
    pub fn rows<const WIDTH: usize>(&self, literal: usize) -> impl Iterator<Item = [u32; WIDTH]> {
        let literal = self.literals.get(literal).filter(|_| !self.is_empty);
        literal.into_iter().flat_map(|literal| {
            let enough = if literal.variables.is_empty() { 1 } else { usize::MAX };
            let value =
                |row: &Row<'_>, place: usize| literal.variables.get(place).map_or(0, |(column, _)| row[*column].0);
            self.matching(literal).take(enough).map(move |row| std::array::from_fn(|place| value(&row, place)))
        })
    }

    /// The rows of a literal with values that its variables may have.
    fn matching<'b>(&'b self, literal: &'b Literal) -> impl Iterator<Item = Row<'m>> + use<'b, 'm> {
        let possible = literal
            .variables
            .iter()
            .filter_map(|(column, variable)| Some((*column, self.possible[*variable].as_ref()?)));
        let possible: Vec<(usize, &Values)> = possible.collect();
        self.model.rows(literal.relation).filter(move |row| {
            literal.values.iter().all(|(column, value)| row[*column] == *value)
                && literal.same.iter().all(|(one, other)| row[*one] == row[*other])
                && possible.iter().all(|(column, values)| values.contains(row[*column]))
        })
    }
}

impl Literal {
    fn new(relation: RelationId, is_negative: bool, places: &[Place]) -> Literal {
        let (values, same, variables) = (Vec::new(), Vec::new(), Vec::new());
        let mut literal = Literal { relation, is_negative, values, same, variables };
        for (column, place) in places.iter().enumerate() {
            match place {
                Place::Any => {}
                Place::Is(value) => literal.values.push((column, Value(*value))),
                Place::Variable(variable) => match literal.variables.iter().find(|(_, other)| other == variable) {
                    Some((first, _)) => literal.same.push((*first, column)),
                    None => literal.variables.push((column, *variable)),
                },
            }
        }
        literal
    }
}

/// A set of values: a bit for each, as they are numbered without large gaps.
#[derive(Default)]
struct Values(Vec<u64>);

impl Values {
    fn insert(&mut self, value: Value) {
        let place = value.index() / 64;
        if place >= self.0.len() {
            self.0.resize(place + 1, 0);
        }
        self.0[place] |= 1 << (value.0 % 64);
    }

    fn contains(&self, value: Value) -> bool {
        self.0.get(value.index() / 64).is_some_and(|word| word >> (value.0 % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Body, Place, Place::*};
    use crate::compiler::compile;
    use crate::compiler::program::Program;
    use crate::compiler::source::{Origin, Sources};
    use crate::data::{Database, Value};
    use crate::engine::Model;

    fn program() -> Program {
        let mut sources = Sources::default();
        let text = "entity n; input a(x: n, y: n); input b(y: n, z: n);";
        let id = sources.add("a.rules", text, Origin::Policy);
        compile(&sources, &[id]).0.unwrap()
    }

    /// What is read of each literal of a body, over the same facts.
    fn read<const WIDTH: usize>(literals: &[(&str, bool, &[Place])]) -> Vec<Vec<[u32; WIDTH]>> {
        let program = program();
        let mut database = Database::new(&program);
        let file = database.begin_file("facts");
        let facts = [("a", &[[1, 10], [2, 20], [3, 30], [7, 7]][..]), ("b", &[[10, 5], [30, 5], [40, 6], [20, 9]][..])];
        for (relation, rows) in facts {
            for row in rows {
                database.add(program.relation_named(relation).unwrap(), &row.map(Value), file, 1);
            }
        }
        let model = Model::new(&program, database);
        let body = Body::new(&model, literals);
        (0..literals.len()).map(|literal| body.rows(literal).collect()).collect()
    }

    #[test]
    fn a_row_is_read_where_the_other_literals_have_its_values() {
        let both = read::<1>(&[("a", false, &[Any, Variable(1)]), ("b", false, &[Variable(1), Is(5)])]);
        assert_eq!(both, [[[10], [30]], [[10], [30]]]);
        let alone = read::<2>(&[("a", false, &[Variable(0), Variable(1)])]);
        assert_eq!(alone, [[[1, 10], [2, 20], [3, 30], [7, 7]]]);
    }

    #[test]
    fn what_is_negated_takes_nothing_from_the_others() {
        let both = read::<1>(&[("a", false, &[Any, Variable(1)]), ("b", true, &[Variable(1), Any])]);
        assert_eq!(both, [vec![[10], [20], [30], [7]], vec![[10], [30], [20]]]);
    }

    #[test]
    fn a_variable_that_stands_twice_has_one_value() {
        assert_eq!(read::<1>(&[("a", false, &[Variable(0), Variable(0)])]), [[[7]]]);
    }

    #[test]
    fn of_a_literal_without_variables_one_row_is_read_and_where_it_has_none_nothing() {
        let present = read::<1>(&[("b", false, &[Any, Is(5)]), ("a", false, &[Variable(0), Any])]);
        assert_eq!(present, [vec![[0]], vec![[1], [2], [3], [7]]]);
        let absent = read::<1>(&[("b", false, &[Any, Is(8)]), ("a", false, &[Variable(0), Any])]);
        assert_eq!(absent, [vec![[0]; 0], vec![]]);
    }
}
