//! How a body is evaluated: its literals in an order that binds before it looks up, as steps over slots.
//! One planner serves rules, decisions and queries; they differ in what is bound at the start.

mod order;

use smallvec::SmallVec;

use crate::compiler::program::{
    Atom, Comparison, EntityId, Literal, Operator, Program, RelationId, RelationKind, Term, Type, Variable, VariableId,
};
use crate::data::Value;
use crate::engine::{Model, Reaching, Side};

/// Where a value comes from when a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A slot bound by an earlier step; slots are the variables of the rule.
    Slot(usize),
    /// A value known when the plan was made.
    Value(Value),
}

/// Which rows a step goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// All rows of a finished relation.
    Scan,
    /// The rows that an index of a finished relation finds for the key: those columns of them that it holds.
    Sorted(usize),
    /// The rows that a chain of a growing relation finds for the key: those columns of them that it holds.
    Growing(usize),
    /// The row of a growing relation that the key is.
    GrowingRow,
    /// All rows of a growing relation.
    GrowingScan,
    /// The rows of a growing relation that the last round added.
    Delta,
    /// The pairs of a relation that is kept as reachability.
    Reaching(Reaching),
}

/// A value of a found row that a slot takes.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// The place in the row, as the access hands it out.
    pub place: usize,
    /// The slot.
    pub slot: usize,
    /// The entity that the value must be of, where the column is wider than the variable.
    pub entity: Option<EntityId>,
}

/// One step of a plan.
#[derive(Clone, Debug)]
pub enum Step {
    /// For every row that the lookup finds, bind the outputs and go on.
    Find {
        /// Where to look.
        lookup: Lookup,
        /// The slots that take values of the row.
        outputs: SmallVec<[Output; 4]>,
        /// Places that must have a value besides: constants in new rows, a variable that stands twice.
        tests: SmallVec<[(usize, Operand); 2]>,
    },
    /// Go on if a row is found or, `negated`, if none is.
    Check {
        /// Where to look.
        lookup: Lookup,
        /// Whether absence is asked.
        negated: bool,
    },
    /// Go on if the values compare so.
    Compare {
        /// Left of the operator.
        left: Operand,
        /// The operator.
        operator: Operator,
        /// Right of it.
        right: Operand,
        /// The type of both.
        ty: Type,
    },
    /// Bind a slot to a value.
    Bind {
        /// The slot.
        slot: usize,
        /// The value.
        from: Operand,
        /// As in [`Output`].
        entity: Option<EntityId>,
    },
    /// Go on if the decision holds or, `negated`, if it does not.
    Goal {
        /// The decision.
        relation: RelationId,
        /// One for each place.
        arguments: SmallVec<[Operand; 4]>,
        /// Whether its failure is asked.
        negated: bool,
    },
}

/// Rows of a relation that have given values.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The relation.
    pub relation: RelationId,
    /// The way to its rows.
    pub access: Access,
    /// The values, in the order that the access wants.
    pub key: SmallVec<[Operand; 4]>,
}

/// The steps of a body.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// In the order they run.
    pub steps: Vec<Step>,
    /// How many slots the bindings have.
    pub slots: usize,
}

/// A body to plan and what is known of it before it runs.
pub struct Body<'b> {
    /// The literals, in the order written.
    pub literals: &'b [Literal],
    /// The variables; a variable's number is its slot.
    pub variables: &'b [Variable],
    /// For each variable: bound at the start to a known value or an unknown one, or not yet bound.
    pub bound: Vec<Binding>,
}

/// What is known of a variable before the body runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// Nothing.
    Free,
    /// It has a value then, and its slot holds it.
    Given,
    /// It has this value.
    Known(Value),
}

/// Which relations grow while the plan runs, and whose new rows are taken first.
pub trait Growth {
    /// Whether the relation is derived by the component that the plan belongs to.
    fn grows(&self, relation: RelationId) -> bool;
    /// The chains of a growing relation by the columns of a key, which hold the columns `others`.
    fn chain(&mut self, relation: RelationId, key: &[usize], others: &[usize]) -> usize;
    /// The columns that the rows of these chains hold, those that were asked first in front.
    fn rest(&self, relation: RelationId, chain: usize) -> &[usize];
}

/// No relation grows: decisions and queries over a finished model.
pub struct Finished;

impl Growth for Finished {
    fn grows(&self, _: RelationId) -> bool {
        false
    }

    fn chain(&mut self, _: RelationId, _: &[usize], _: &[usize]) -> usize {
        0
    }

    fn rest(&self, _: RelationId, _: usize) -> &[usize] {
        &[]
    }
}

/// Orders the literals of a body and turns them into steps; builds the indexes that these need.
///
/// `first` is the literal whose new rows the plan starts from, in a round of a recursive component.
/// Costs the square of the number of literals.
pub fn plan<G: Growth>(model: &mut Model, growth: &mut G, body: Body, first: Option<usize>) -> Plan {
    let mut planner = Planner::new(model, growth, &body);
    let order = planner.order(body.literals, first).literals;
    planner.steps(body.literals, order, first.map(|_| Access::Delta))
}

/// [`plan`] for a body of which every binding is wanted, not only the first: it begins with the literal from which the
/// fewest rows are expected altogether.
pub fn plan_all<G: Growth>(model: &mut Model, growth: &mut G, body: Body) -> Plan {
    let mut planner = Planner::new(model, growth, &body);
    let cheapest = planner.order(body.literals, None);
    let is_open = |literal: &Literal| match literal {
        Literal::Positive(atom) => !planner.is_decision(atom) && !planner.ready(atom),
        Literal::Negative(_) | Literal::Comparison(_) => false,
    };
    let beginnings: Vec<usize> = (0..body.literals.len()).filter(|at| is_open(&body.literals[*at])).collect();
    let orders = beginnings.into_iter().map(|at| planner.order(body.literals, Some(at)));
    let fewest = orders.min_by(|one, other| one.rows.total_cmp(&other.rows));
    let order = fewest.filter(|order| order.rows < cheapest.rows).unwrap_or(cheapest);
    planner.steps(body.literals, order.literals, None)
}

/// [`plan`] for a rule that is folded by groups, of which `group` is the first variable: where that costs little more,
/// the plan goes through the values of `group` in order, so that what it finds of one group comes together.
pub fn plan_by_group<G: Growth>(model: &mut Model, growth: &mut G, body: Body, group: VariableId) -> Plan {
    let mut planner = Planner::new(model, growth, &body);
    let cheapest = planner.order(body.literals, None);
    let beginnings = body.literals.iter().enumerate().filter_map(|(at, literal)| match literal {
        Literal::Positive(atom) if atom.terms.contains(&Term::Variable(group)) => Some((at, atom)),
        Literal::Positive(_) | Literal::Negative(_) | Literal::Comparison(_) => None,
    });
    let orders = beginnings.filter_map(|(at, atom)| {
        let is_table = planner.model.reachability(atom.relation).is_none();
        is_table.then(|| (atom, planner.order(body.literals, Some(at))))
    });
    match orders.min_by(|(_, one), (_, other)| one.rows.total_cmp(&other.rows)) {
        Some((atom, order)) if order.rows <= cheapest.rows * COST_OF_ANY_ORDER => {
            let access = planner.in_order_of(atom, group);
            planner.steps(body.literals, order.literals, Some(access))
        }
        _ => planner.steps(body.literals, cheapest.literals, None),
    }
}

/// Rows that come in the order of their groups are folded so many times faster.
const COST_OF_ANY_ORDER: f64 = 2.0;

struct Planner<'a, 'p, G> {
    model: &'a mut Model<'p>,
    growth: &'a mut G,
    variables: &'a [Variable],
    bound: Vec<Binding>,
    steps: Vec<Step>,
}

impl<'a, 'p, G: Growth> Planner<'a, 'p, G> {
    fn new(model: &'a mut Model<'p>, growth: &'a mut G, body: &Body<'a>) -> Planner<'a, 'p, G> {
        Planner { model, growth, variables: body.variables, bound: body.bound.clone(), steps: Vec::new() }
    }

    /// The steps of literals in an order, the first of them with that access where one is given.
    fn steps(mut self, literals: &[Literal], order: Vec<usize>, access: Option<Access>) -> Plan {
        let mut access = access;
        for at in order {
            match (&literals[at], access.take()) {
                (Literal::Positive(atom), Some(access)) => self.find(atom, Some(access)),
                (literal, _) => self.literal(literal),
            }
        }
        Plan { steps: self.steps, slots: self.variables.len() }
    }

    /// The rows of an atom in the order of a variable: an index that begins with it, and finds all.
    fn in_order_of(&mut self, atom: &Atom, variable: VariableId) -> Access {
        let is_wanted = |column: &usize| atom.terms[*column] != Term::Wildcard;
        let mut columns: Vec<usize> = (0..atom.terms.len()).filter(is_wanted).collect();
        columns.sort_by_key(|column| atom.terms[*column] != Term::Variable(variable));
        Access::Sorted(self.model.index_for(atom.relation, Vec::new(), &[], &columns))
    }

    fn program(&self) -> &Program {
        self.model.program
    }

    fn is_bound(&self, term: &Term) -> bool {
        match term {
            Term::Variable(variable) => self.bound[variable.index()] != Binding::Free,
            Term::Constant(_) => true,
            Term::Wildcard => false,
        }
    }

    fn ready(&self, atom: &Atom) -> bool {
        atom.terms.iter().all(|term| *term == Term::Wildcard || self.is_bound(term))
    }

    fn is_decision(&self, atom: &Atom) -> bool {
        self.program().relation(atom.relation).kind == RelationKind::Decision
    }

    fn operand(&self, term: &Term) -> Operand {
        match term {
            Term::Constant(constant) => Operand::Value(self.model.database.constant(*constant)),
            Term::Variable(variable) => match self.bound[variable.index()] {
                Binding::Known(value) => Operand::Value(value),
                Binding::Free | Binding::Given => Operand::Slot(variable.index()),
            },
            // A wildcard is never an operand: it is no part of a key.
            Term::Wildcard => Operand::Value(Value::default()),
        }
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Comparison(comparison) => self.comparison(comparison),
            Literal::Positive(atom) if self.is_decision(atom) => self.goal(atom, false),
            Literal::Negative(atom) if self.is_decision(atom) => self.goal(atom, true),
            Literal::Negative(atom) => self.check(atom, true),
            Literal::Positive(atom) if self.ready(atom) => self.check(atom, false),
            Literal::Positive(atom) => self.find(atom, None),
        }
    }

    fn comparison(&mut self, comparison: &Comparison) {
        let Comparison { left, operator, right, ty, .. } = comparison;
        for (side, other) in [(left, right), (right, left)] {
            if let Term::Variable(variable) = side
                && self.bound[variable.index()] == Binding::Free
            {
                let from = self.operand(other);
                let entity = self.narrowing(variable.index(), *ty);
                self.steps.push(Step::Bind { slot: variable.index(), from, entity });
                self.bound[variable.index()] = Binding::Given;
                return;
            }
        }
        let (left, right) = (self.operand(left), self.operand(right));
        self.steps.push(Step::Compare { left, operator: *operator, right, ty: *ty });
    }

    fn goal(&mut self, atom: &Atom, negated: bool) {
        let arguments = atom.terms.iter().map(|term| self.operand(term)).collect();
        self.steps.push(Step::Goal { relation: atom.relation, arguments, negated });
    }

    fn check(&mut self, atom: &Atom, negated: bool) {
        let lookup = self.lookup(atom, &[]);
        self.steps.push(Step::Check { lookup, negated });
    }

    fn find(&mut self, atom: &Atom, access: Option<Access>) {
        let bound_before: SmallVec<[bool; 4]> = atom.terms.iter().map(|term| self.is_bound(term)).collect();
        let delta = |access| Lookup { relation: atom.relation, access, key: SmallVec::new() };
        let keyed = access.is_none();
        let wanted: SmallVec<[usize; 4]> = (0..atom.terms.len())
            .filter(|column| !bound_before[*column] && atom.terms[*column] != Term::Wildcard)
            .collect();
        let lookup = access.map_or_else(|| self.lookup(atom, &wanted), delta);
        let mut outputs = SmallVec::new();
        let mut tests = SmallVec::new();
        for (column, term) in atom.terms.iter().enumerate() {
            if *term == Term::Wildcard || (keyed && bound_before[column]) {
                continue;
            }
            let place = self.place(&lookup, column);
            match term {
                Term::Variable(variable) if self.bound[variable.index()] == Binding::Free => {
                    let ty = self.program().relation(atom.relation).fields[column].ty;
                    let slot = variable.index();
                    outputs.push(Output { place, slot, entity: self.narrowing(slot, ty) });
                    self.bound[slot] = Binding::Given;
                }
                _ => tests.push((place, self.operand(term))),
            }
        }
        self.steps.push(Step::Find { lookup, outputs, tests });
    }

    /// Where a column stands in the rows that a lookup hands out.
    fn place(&self, lookup: &Lookup, column: usize) -> usize {
        let rest = match lookup.access {
            Access::Sorted(number) => &self.model.layout(number).rest,
            Access::Growing(chain) => self.growth.rest(lookup.relation, chain),
            Access::Scan | Access::GrowingRow | Access::GrowingScan | Access::Delta | Access::Reaching(_) => {
                return column;
            }
        };
        rest.iter().position(|other| *other == column).unwrap_or(column)
    }

    /// The entity to check when a variable takes a value of a wider type.
    fn narrowing(&self, slot: usize, from: Type) -> Option<EntityId> {
        match (self.variables[slot].ty, from) {
            (Type::Entity(entity), Type::Resource) => Some(entity),
            _ => None,
        }
    }

    /// The way to the rows that have the bound values of an atom, and to their columns `others`.
    fn lookup(&mut self, atom: &Atom, others: &[usize]) -> Lookup {
        let relation = atom.relation;
        let columns: SmallVec<[usize; 4]> =
            (0..atom.terms.len()).filter(|column| self.is_bound(&atom.terms[*column])).collect();
        if self.model.reachability(relation).is_some() {
            let reaching = reaching(atom, &columns);
            return Lookup { relation, access: Access::Reaching(reaching), key: self.key(atom, &columns) };
        }
        let grows = self.growth.grows(relation);
        if columns.is_empty() {
            let access = if grows { Access::GrowingScan } else { Access::Scan };
            return Lookup { relation, access, key: SmallVec::new() };
        }
        if grows {
            let access = match columns.len() == atom.terms.len() {
                true => Access::GrowingRow,
                false => Access::Growing(self.growth.chain(relation, &columns, others)),
            };
            return Lookup { relation, access, key: self.key(atom, &columns) };
        }
        let (filter, keys) = self.split(atom, &columns);
        let number = self.model.index_for(relation, filter, &keys, others);
        let layout = self.model.layout(number);
        let leading: SmallVec<[usize; 4]> = layout.first.iter().chain(&layout.rest).copied().take(keys.len()).collect();
        Lookup { relation, access: Access::Sorted(number), key: self.key(atom, &leading) }
    }

    /// Of the bound columns, those with a known action or member of an enum, and the others. There are few such
    /// values, so that each may have an index of its own, which is smaller and found faster.
    fn split(&self, atom: &Atom, columns: &[usize]) -> (Vec<(usize, Value)>, SmallVec<[usize; 4]>) {
        let (mut filter, mut keys) = (Vec::new(), SmallVec::new());
        for column in columns {
            let ty = self.program().relation(atom.relation).fields[*column].ty;
            match (self.operand(&atom.terms[*column]), ty) {
                (Operand::Value(value), Type::Action | Type::Enum(_)) => filter.push((*column, value)),
                _ => keys.push(*column),
            }
        }
        (filter, keys)
    }

    fn key(&self, atom: &Atom, columns: &[usize]) -> SmallVec<[Operand; 4]> {
        columns.iter().map(|column| self.operand(&atom.terms[*column])).collect()
    }
}

/// Which pairs an atom asks for, of which these columns are known.
pub fn reaching(atom: &Atom, known: &[usize]) -> Reaching {
    match known {
        [] if atom.terms[0] == atom.terms[1] && atom.terms[0] != Term::Wildcard => Reaching::Same,
        [] => Reaching::Any,
        [0] => Reaching::Of(Side::First),
        [_] => Reaching::Of(Side::Second),
        _ => Reaching::Both,
    }
}
