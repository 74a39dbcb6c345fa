//! What a level can be asked about: the actions, or the types and operations, that the policy's rules for it find in the
//! facts. It is asked of the rules, so no policy is written here.

use rustc_hash::FxHashSet;

use crate::compiler::program::{Atom, Literal, RelationId, RelationKind, Rule, Term, Type, VariableId};
use crate::data::Value;
use crate::decision::Decider;

type Keys = FxHashSet<Vec<Value>>;

/// The keys of a decision, sorted as people sort: values for the places between the first and the last.
///
/// A rule contributes what is common to the relations in its body that name the whole key, through decisions too. One that
/// names it nowhere holds for every action; where the key is more than an action, it contributes nothing.
pub fn keys(decider: &Decider, relation: RelationId) -> Vec<Vec<Value>> {
    let model = decider.model();
    let fields = &model.program.relation(relation).fields;
    let places: Vec<usize> = (1..fields.len() - 1).collect();
    let types: Vec<Type> = places.iter().map(|place| fields[*place].ty).collect();
    let mut found = Keys::default();
    for rule in decider.rules_of(relation) {
        let keys = of_rule(decider, model.program.rule(*rule), &places, &mut vec![relation]);
        let all = || (0..model.program.actions.len() as u32).map(|action| vec![Value(action)]);
        match keys {
            Some(keys) => found.extend(keys),
            None if types == [Type::Action] => found.extend(all()),
            None => {}
        }
    }
    let mut keys: Vec<Vec<Value>> = found.into_iter().collect();
    keys.sort_by(|a, b| {
        let columns = types.iter().zip(a.iter().zip(b));
        let order = columns.map(|(ty, (a, b))| model.database.compare(model.program, *ty, *a, *b));
        order.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    });
    keys
}

/// What a rule allows at places of its head; `None` where it does not say. `open` are the decisions under way.
fn of_rule(decider: &Decider, rule: &Rule, places: &[usize], open: &mut Vec<RelationId>) -> Option<Keys> {
    let constant = |term: &Term| match term {
        Term::Constant(constant) => Some(decider.model().database.constant(*constant)),
        Term::Variable(_) | Term::Wildcard => None,
    };
    let key: Vec<Term> = places.iter().map(|place| rule.head.terms[*place]).collect();
    if let Some(constants) = key.iter().map(constant).collect::<Option<Vec<Value>>>() {
        return Some(Keys::from_iter([constants]));
    }
    let mut found: Option<Keys> = None;
    for literal in &rule.body {
        let Literal::Positive(atom) = literal else { continue };
        let Some(keys) = of_atom(decider, atom, &key, open) else { continue };
        found = Some(match found {
            None => keys,
            Some(found) => found.intersection(&keys).cloned().collect(),
        });
    }
    found
}

/// What an atom allows for the terms of a key; `None` where it does not name each of its variables.
fn of_atom(decider: &Decider, atom: &Atom, key: &[Term], open: &mut Vec<RelationId>) -> Option<Keys> {
    let model = decider.model();
    let place = |variable: VariableId| atom.terms.iter().position(|term| *term == Term::Variable(variable));
    let part = |term: &Term| match term {
        Term::Variable(variable) => place(*variable).map(Part::Place),
        Term::Constant(constant) => Some(Part::Value(model.database.constant(*constant))),
        Term::Wildcard => None,
    };
    let parts: Vec<Part> = key.iter().map(part).collect::<Option<_>>()?;
    if model.program.relation(atom.relation).kind == RelationKind::Decision {
        return of_decision(decider, atom.relation, &parts, open);
    }
    let fits = |row: &[Value]| {
        atom.terms.iter().zip(row).all(|(term, value)| match term {
            Term::Constant(constant) => model.database.constant(*constant) == *value,
            Term::Variable(_) | Term::Wildcard => true,
        })
    };
    let rows = model.rows(atom.relation).filter(|row| fits(row));
    Some(rows.map(|row| parts.iter().map(|part| part.of(&row)).collect()).collect())
}

fn of_decision(decider: &Decider, relation: RelationId, parts: &[Part], open: &mut Vec<RelationId>) -> Option<Keys> {
    if open.contains(&relation) {
        return None;
    }
    open.push(relation);
    let place = |part: &Part| match part {
        Part::Place(place) => Some(*place),
        Part::Value(_) => None,
    };
    let places: Vec<usize> = parts.iter().filter_map(place).collect();
    let mut all = Some(Keys::default());
    for rule in decider.rules_of(relation) {
        let keys = of_rule(decider, decider.model().program.rule(*rule), &places, open);
        all = all.zip(keys).map(|(mut all, keys)| {
            all.extend(keys);
            all
        });
    }
    open.pop();
    let whole = |found: Vec<Value>| {
        let mut found = found.into_iter();
        parts
            .iter()
            .map(|part| match part {
                Part::Place(_) => found.next().unwrap_or_default(),
                Part::Value(value) => *value,
            })
            .collect()
    };
    all.map(|keys| keys.into_iter().map(whole).collect())
}

/// Where a part of a key comes from.
enum Part {
    /// A place of the row.
    Place(usize),
    /// It is known.
    Value(Value),
}

impl Part {
    fn of(&self, row: &[Value]) -> Value {
        match self {
            Part::Place(place) => row[*place],
            Part::Value(value) => *value,
        }
    }
}
