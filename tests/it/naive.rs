//! The obvious evaluator, to compare the engines with: sets of readable rows, every rule again and again until
//! nothing changes, groups folded from scratch, decisions by their definition. It shares the checked program with
//! the library and nothing else: no interned values, no indexes, no plans.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rolecall::compiler::program::{
    ActionId, AggregateFunction, Atom, Comparison, Component, Constant, EntityId, EnumId, Field, Literal, Operator,
    Program, Relation, RelationId, RelationKind, Rule, Term, Type, Variable,
};

/// A value that can be read without a table beside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Datum {
    /// A text.
    Text(Rc<str>),
    /// An integer.
    Int(i64),
    /// An action.
    Action(ActionId),
    /// A thing: its entity and id.
    Thing(EntityId, Rc<str>),
    /// A member of an enum, by its place there.
    Member(EnumId, u32),
}

/// A row of a relation.
pub type Row = Vec<Datum>;

/// Values of the variables of a rule, where they have one.
type Bindings = Vec<Option<Datum>>;

/// A body, and the variables that it is over.
#[derive(Clone, Copy)]
struct Body<'b> {
    literals: &'b [Literal],
    variables: &'b [Variable],
}

/// Everything that follows from a program and facts.
pub struct Naive<'p> {
    program: &'p Program,
    constants: Vec<Datum>,
    rows: Vec<BTreeSet<Row>>,
}

impl<'p> Naive<'p> {
    /// Evaluates a program on the facts that it states, and on `facts` besides.
    pub fn evaluate(program: &'p Program, facts: impl IntoIterator<Item = (RelationId, Row)>) -> Naive<'p> {
        let constants: Vec<Datum> = program.constants.iter().map(datum).collect();
        let mut rows: Vec<BTreeSet<Row>> = vec![BTreeSet::new(); program.relations.len()];
        for (relation, stated) in program.facts.iter().enumerate() {
            let arity = program.relations[relation].arity();
            for place in 0..stated.spans.len() {
                let values = &stated.values[place * arity..(place + 1) * arity];
                rows[relation].insert(values.iter().map(|value| constants[value.0 as usize].clone()).collect());
            }
        }
        for (relation, row) in facts {
            rows[relation.index()].insert(row);
        }
        let mut naive = Naive { program, constants, rows };
        for component in &program.components {
            naive.derive(component);
        }
        naive
    }

    /// The rows of an input or relation.
    pub fn rows(&self, relation: RelationId) -> &BTreeSet<Row> {
        &self.rows[relation.index()]
    }

    /// Whether a row is among those of an input or relation, or a decision holds for these arguments.
    pub fn holds(&self, relation: RelationId, arguments: &[Datum]) -> bool {
        if self.program.relation(relation).kind != RelationKind::Decision {
            return self.rows(relation).contains(arguments);
        }
        if !self.is_about_what_it_is_done_to(relation, arguments) {
            return false;
        }
        self.program.rules.iter().filter(|rule| rule.head.relation == relation).any(|rule| {
            let nothing = vec![None; rule.variables.len()];
            let Some(given) = self.matched(&rule.head, arguments, &rule.variables, &nothing) else { return false };
            let mut any = false;
            self.satisfy(body(rule), given, &mut |_| any = true);
            any
        })
    }

    /// Whether the action of `allow`, `deny` or `permitted` is done to things such as this.
    pub fn is_about_what_it_is_done_to(&self, relation: RelationId, arguments: &[Datum]) -> bool {
        let named = ["allow", "deny", "permitted"].contains(&self.program.relation(relation).name.as_str());
        match arguments {
            [Datum::Thing(..), Datum::Action(action), Datum::Thing(entity, _)] if named => {
                let on = self.program.actions[action.index()].on;
                on.is_none() || on == Some(*entity)
            }
            _ => true,
        }
    }

    /// The values of all variables for which a body holds.
    pub fn answers(&self, literals: &[Literal], variables: &[Variable]) -> BTreeSet<Row> {
        let mut answers = BTreeSet::new();
        let nothing = vec![None; variables.len()];
        self.satisfy(Body { literals, variables }, nothing, &mut |bindings| {
            answers.insert(bindings.iter().map(|value| value.clone().expect("a safe query binds all")).collect());
        });
        answers
    }

    /// The rows of every input and relation as people write them.
    pub fn shown(&self) -> BTreeMap<String, BTreeSet<Vec<String>>> {
        let stored = self.program.relations.iter().zip(&self.rows);
        let stored = stored.filter(|(relation, _)| relation.kind != RelationKind::Decision);
        let shown = |(relation, rows): (&Relation, &BTreeSet<Row>)| {
            let show = |(field, datum): (&Field, &Datum)| self.show(field.ty, datum);
            let rows = rows.iter().map(|row| relation.fields.iter().zip(row).map(show).collect()).collect();
            (relation.name.clone(), rows)
        };
        stored.map(shown).collect()
    }

    /// A value as `Database::show` writes it.
    pub fn show(&self, ty: Type, datum: &Datum) -> String {
        match (datum, ty) {
            (Datum::Text(text), _) => text.to_string(),
            (Datum::Int(integer), _) => integer.to_string(),
            (Datum::Action(action), _) => self.program.actions[action.index()].name.clone(),
            (Datum::Thing(entity, id), Type::Resource) => {
                format!("{}:{id}", self.program.entities[entity.index()].name)
            }
            (Datum::Thing(_, id), _) => id.to_string(),
            (Datum::Member(of, place), _) => self.program.enums[of.index()].members[*place as usize].clone(),
        }
    }

    fn derive(&mut self, component: &Component) {
        let aggregate = self.program.relation(component.relations[0]).aggregate;
        let rules: Vec<&Rule> = component.rules.iter().map(|rule| self.program.rule(*rule)).collect();
        let Some(aggregate) = aggregate else {
            while self.apply(&rules) {}
            return;
        };
        let mut groups: BTreeMap<Row, BTreeSet<Datum>> = BTreeMap::new();
        for row in rules.iter().flat_map(|rule| self.conclusions(rule)) {
            let mut group = row;
            let value = group.remove(aggregate.place);
            groups.entry(group).or_default().insert(value);
        }
        for (mut row, values) in groups {
            let folded = match aggregate.function {
                AggregateFunction::Max => values.last().expect("a group has a value").clone(),
                AggregateFunction::Min => values.first().expect("a group has a value").clone(),
                AggregateFunction::Count => Datum::Int(values.len() as i64),
            };
            row.insert(aggregate.place, folded);
            self.rows[component.relations[0].index()].insert(row);
        }
    }

    /// Adds what each rule concludes from the rows so far; whether any of it is new.
    fn apply(&mut self, rules: &[&Rule]) -> bool {
        let mut changed = false;
        for rule in rules {
            for row in self.conclusions(rule) {
                changed |= self.rows[rule.head.relation.index()].insert(row);
            }
        }
        changed
    }

    fn conclusions(&self, rule: &Rule) -> Vec<Row> {
        let mut rows = Vec::new();
        let nothing = vec![None; rule.variables.len()];
        self.satisfy(body(rule), nothing, &mut |bindings| rows.push(self.values(&rule.head, bindings)));
        rows
    }

    /// Calls `take` with each binding under which the body holds.
    fn satisfy(&self, body: Body, given: Bindings, take: &mut dyn FnMut(&Bindings)) {
        let positive = |literal: &'_ Literal| match literal {
            Literal::Positive(atom) if !self.is_decision(atom) => Some(atom.clone()),
            _ => None,
        };
        let atoms: Vec<Atom> = body.literals.iter().filter_map(positive).collect();
        self.join(&atoms, body, given, take);
    }

    fn join(&self, atoms: &[Atom], body: Body, bindings: Bindings, take: &mut dyn FnMut(&Bindings)) {
        let Some((atom, rest)) = atoms.split_first() else {
            let Some(bindings) = self.equated(body, bindings) else { return };
            if self.tests_hold(body, &bindings) {
                take(&bindings);
            }
            return;
        };
        for row in self.rows(atom.relation) {
            if let Some(bindings) = self.matched(atom, row, body.variables, &bindings) {
                self.join(rest, body, bindings, take);
            }
        }
    }

    /// The bindings under which the arguments of an atom are these values.
    fn matched(&self, atom: &Atom, row: &[Datum], variables: &[Variable], known: &Bindings) -> Option<Bindings> {
        let differs = |(term, value): (&Term, &Datum)| self.value(term, known).is_some_and(|known| known != value);
        if atom.terms.iter().zip(row).any(differs) {
            return None;
        }
        let mut bindings = known.clone();
        for (term, value) in atom.terms.iter().zip(row) {
            let Term::Variable(variable) = term else { continue };
            let bound = &mut bindings[variable.index()];
            let fits = match bound {
                Some(bound) => bound == value,
                None => is_of(variables[variable.index()].ty, value),
            };
            if !fits {
                return None;
            }
            *bound = Some(value.clone());
        }
        Some(bindings)
    }

    /// The bindings with what `=` gives to variables that no atom binds.
    fn equated(&self, body: Body, mut bindings: Bindings) -> Option<Bindings> {
        loop {
            let mut changed = false;
            for comparison in body.literals.iter().filter_map(equality) {
                for (side, other) in [(comparison.left, comparison.right), (comparison.right, comparison.left)] {
                    let Term::Variable(variable) = side else { continue };
                    let Some(value) = self.value(&other, &bindings).cloned() else { continue };
                    if bindings[variable.index()].is_none() {
                        if !is_of(body.variables[variable.index()].ty, &value) {
                            return None;
                        }
                        bindings[variable.index()] = Some(value);
                        changed = true;
                    }
                }
            }
            if !changed {
                return Some(bindings);
            }
        }
    }

    /// Whether the literals that only test hold; decisions last, since only comparisons end their recursion.
    fn tests_hold(&self, body: Body, bindings: &Bindings) -> bool {
        let (decisions, others): (Vec<&Literal>, Vec<&Literal>) = body.literals.iter().partition(
            |literal| matches!(literal, Literal::Positive(atom) | Literal::Negative(atom) if self.is_decision(atom)),
        );
        others.into_iter().chain(decisions).all(|literal| match literal {
            Literal::Comparison(comparison) => self.compares(comparison, bindings),
            Literal::Positive(atom) if self.is_decision(atom) => {
                self.holds(atom.relation, &self.values(atom, bindings))
            }
            Literal::Negative(atom) if self.is_decision(atom) => {
                !self.holds(atom.relation, &self.values(atom, bindings))
            }
            Literal::Positive(_) => true,
            Literal::Negative(atom) => !self.rows(atom.relation).iter().any(|row| {
                let equal = |(term, value)| self.value(term, bindings).is_none_or(|known| known == value);
                atom.terms.iter().zip(row).all(equal)
            }),
        })
    }

    fn compares(&self, comparison: &Comparison, bindings: &Bindings) -> bool {
        let side = |term: &Term| self.value(term, bindings).expect("a safe rule binds what it compares").clone();
        let (left, right) = (side(&comparison.left), side(&comparison.right));
        match comparison.operator {
            Operator::Equal => left == right,
            Operator::NotEqual => left != right,
            Operator::Less => left < right,
            Operator::LessOrEqual => left <= right,
            Operator::Greater => left > right,
            Operator::GreaterOrEqual => left >= right,
        }
    }

    fn values(&self, atom: &Atom, bindings: &Bindings) -> Row {
        let value = |term| self.value(term, bindings).expect("a safe rule binds its arguments").clone();
        atom.terms.iter().map(value).collect()
    }

    fn value<'v>(&'v self, term: &Term, bindings: &'v Bindings) -> Option<&'v Datum> {
        match term {
            Term::Variable(variable) => bindings[variable.index()].as_ref(),
            Term::Constant(constant) => Some(&self.constants[constant.0 as usize]),
            Term::Wildcard => None,
        }
    }

    fn is_decision(&self, atom: &Atom) -> bool {
        self.program.relation(atom.relation).kind == RelationKind::Decision
    }
}

fn body(rule: &Rule) -> Body<'_> {
    Body { literals: &rule.body, variables: &rule.variables }
}

fn equality(literal: &Literal) -> Option<&Comparison> {
    match literal {
        Literal::Comparison(comparison) if comparison.operator == Operator::Equal => Some(comparison),
        _ => None,
    }
}

/// Whether a variable of that type takes the value: one that is narrowed takes the things of its entity only.
fn is_of(ty: Type, value: &Datum) -> bool {
    match (ty, value) {
        (Type::Entity(entity), Datum::Thing(of, _)) => entity == *of,
        _ => true,
    }
}

fn datum(constant: &Constant) -> Datum {
    match constant {
        Constant::Text(text) => Datum::Text(text.as_str().into()),
        Constant::Int(integer) => Datum::Int(*integer),
        Constant::Action(action) => Datum::Action(*action),
        Constant::Thing(entity, id) => Datum::Thing(*entity, id.as_str().into()),
        Constant::Member(of, place) => Datum::Member(*of, *place),
    }
}
