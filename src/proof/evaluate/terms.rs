//! Terms under bindings: their values, rows that fit an atom, and comparisons.

use std::cmp::Ordering;

use smallvec::SmallVec;

use super::row_set::Row;
use crate::compiler::program::{Atom, Comparison, Operator, Rule, Term, Type};
use crate::data::{Database, Value};

/// By variable of a rule: its value, once it has one.
pub(super) type Bindings = SmallVec<[Option<Value>; 8]>;

/// By place of an atom: its value, where that is known.
pub(super) type Pattern = SmallVec<[Option<Value>; 4]>;

/// What the values of a run mean.
#[derive(Debug)]
pub(super) struct Values<'f> {
    database: &'f Database,
    /// Integers that the database does not have, because only counting gave them. They get the last numbers.
    counted: Vec<i64>,
}

impl<'f> Values<'f> {
    pub fn new(database: &'f Database) -> Values<'f> {
        Values { database, counted: Vec::new() }
    }

    /// What a term is, where that is known.
    pub fn term(&self, term: &Term, bindings: &Bindings) -> Option<Value> {
        match term {
            Term::Variable(variable) => bindings.get(variable.index()).copied().flatten(),
            Term::Constant(constant) => Some(self.database.constant(*constant)),
            Term::Wildcard => None,
        }
    }

    /// The values of an atom that are known.
    pub fn pattern(&self, atom: &Atom, bindings: &Bindings) -> Pattern {
        atom.terms.iter().map(|term| self.term(term, bindings)).collect()
    }

    /// The bindings under which the atom of a rule is that row, if there are any. A variable takes no thing of
    /// another entity than its own.
    pub fn fit(&self, rule: &Rule, atom: &Atom, bindings: &Bindings, row: &[Value]) -> Option<Bindings> {
        let mut fitting = bindings.clone();
        for (term, value) in atom.terms.iter().zip(row) {
            match self.term(term, &fitting) {
                Some(known) if known != *value => return None,
                Some(_) => {}
                None => self.bind(rule, term, *value, &mut fitting)?,
            }
        }
        Some(fitting)
    }

    /// Gives a term that has no value that one; nothing if it is a variable that takes none such.
    pub fn bind(&self, rule: &Rule, term: &Term, value: Value, bindings: &mut Bindings) -> Option<()> {
        let Term::Variable(variable) = term else { return Some(()) };
        let declared = rule.variables.get(variable.index())?;
        self.is_of(declared.ty, value).then(|| bindings.get_mut(variable.index()))?.map(|place| *place = Some(value))
    }

    /// Whether a value of a place that fits a type is one of the type: a `resource` may be a thing of another entity.
    pub fn is_of(&self, ty: Type, value: Value) -> bool {
        let Type::Entity(entity) = ty else { return true };
        let symbols = &self.database.symbols;
        value.index() < symbols.end() && symbols.tag(value).entity() == Some(entity)
    }

    /// Whether two known sides compare so.
    pub fn compares(&self, comparison: &Comparison, left: Value, right: Value) -> bool {
        let order = || self.order(comparison.ty, left, right);
        match comparison.operator {
            Operator::Equal => left == right,
            Operator::NotEqual => left != right,
            Operator::Less => order().is_lt(),
            Operator::LessOrEqual => order().is_le(),
            Operator::Greater => order().is_gt(),
            Operator::GreaterOrEqual => order().is_ge(),
        }
    }

    /// How two integers, or two members of an ordered enum, compare.
    pub fn order(&self, ty: Type, left: Value, right: Value) -> Ordering {
        match ty {
            Type::Int => self.integer(left).cmp(&self.integer(right)),
            _ => left.cmp(&right),
        }
    }

    fn integer(&self, value: Value) -> i64 {
        let counted = || self.counted.get((u32::MAX - value.0) as usize).copied();
        self.database.symbols.known_integer(value).or_else(counted).unwrap_or_default()
    }

    /// The value of a number that was counted.
    pub fn count(&mut self, count: usize) -> Value {
        let count = count as i64;
        if let Some(known) = self.database.symbols.find_integer(count) {
            return known;
        }
        let place = self.counted.iter().position(|other| *other == count).unwrap_or_else(|| {
            self.counted.push(count);
            self.counted.len() - 1
        });
        Value(u32::MAX - place as u32)
    }
}

/// The head of a rule under bindings. What nothing binds, in the head of a decision, is as asked.
pub(super) fn conclusion(values: &Values, head: &Atom, bindings: &Bindings, asked: &[Option<Value>]) -> Option<Row> {
    head.terms.iter().zip(asked).map(|(term, asked)| values.term(term, bindings).or(*asked)).collect()
}

/// Types whose values share one numbering have one number: texts and things do, whatever their entity.
pub(super) fn numbering(rule: &Rule, term: &Term) -> Value {
    let ty = match term {
        Term::Variable(variable) => rule.variables.get(variable.index()).map(|variable| variable.ty),
        Term::Constant(_) | Term::Wildcard => None,
    };
    match ty {
        None | Some(Type::Text | Type::Resource | Type::Entity(_)) => Value(0),
        Some(Type::Int) => Value(1),
        Some(Type::Action) => Value(2),
        Some(Type::Enum(id)) => Value(3 + id.0),
    }
}
