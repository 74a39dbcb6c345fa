//! In which order the literals of a body run: always the one next that is expected to find the fewest rows.

use smallvec::SmallVec;

use crate::compiler::program::{Atom, Literal, Operator, Term};
use crate::engine::plan::{Binding, Growth, Planner};

/// An order of the literals of a body.
pub(super) struct Order {
    pub literals: Vec<usize>,
    /// How many rows are expected to be found, by all steps together.
    pub rows: f64,
}

/// What a goal is taken to cost, where finding out that a row is there costs 1.
const GOAL_COST: u64 = 8;

/// What a found row costs, with the steps that follow for it.
const ROW_COST: f64 = 12.0;

/// How large a growing relation is taken to be, before anything is known of it.
const GROWING_ROWS: f64 = 1e6;

impl<G: Growth> Planner<'_, '_, G> {
    /// The order in which the cheapest literal is always the next, behind the first where that is given.
    pub(super) fn order(&mut self, literals: &[Literal], first: Option<usize>) -> Order {
        let bound = self.bound.clone();
        let (mut order, mut rows, mut bindings) = (Vec::new(), 0.0, 1.0);
        let mut remaining: Vec<usize> = (0..literals.len()).collect();
        while !remaining.is_empty() {
            let cost = |(place, at): (usize, &usize)| self.cost(&literals[*at]).map(|cost| (cost, place));
            let next = match first.filter(|_| order.is_empty()) {
                Some(first) => Some(first),
                None => remaining.iter().enumerate().filter_map(cost).min().map(|(_, place)| place),
            };
            // A checked body always has a next literal: safety binds every variable.
            let Some(next) = next else { break };
            let literal = &literals[remaining[next]];
            if let Literal::Positive(atom) = literal
                && !self.is_decision(atom)
                && !self.ready(atom)
            {
                bindings *= self.rows(atom);
                rows += bindings;
            }
            self.bind_variables(literal);
            order.push(remaining.remove(next));
        }
        self.bound = bound;
        Order { literals: order, rows }
    }

    /// Takes the variables that a literal binds as given.
    fn bind_variables(&mut self, literal: &Literal) {
        let mut bind = |term: &Term| {
            if let Term::Variable(variable) = term
                && self.bound[variable.index()] == Binding::Free
            {
                self.bound[variable.index()] = Binding::Given;
            }
        };
        match literal {
            Literal::Positive(atom) => atom.terms.iter().for_each(bind),
            Literal::Comparison(comparison) => [comparison.left, comparison.right].iter().for_each(&mut bind),
            Literal::Negative(_) => {}
        }
    }

    /// What the literal costs next, or nothing where it still needs a variable.
    fn cost(&mut self, literal: &Literal) -> Option<u64> {
        match literal {
            Literal::Comparison(comparison) => {
                let bound = [&comparison.left, &comparison.right].map(|side| self.is_bound(side));
                let enough = match comparison.operator {
                    Operator::Equal => bound[0] || bound[1],
                    _ => bound[0] && bound[1],
                };
                enough.then_some(0)
            }
            Literal::Positive(atom) if self.is_decision(atom) => self.ready(atom).then_some(GOAL_COST),
            Literal::Negative(atom) if self.is_decision(atom) => self.ready(atom).then_some(GOAL_COST),
            Literal::Negative(atom) => self.ready(atom).then_some(2),
            Literal::Positive(atom) => Some(self.find_cost(atom)),
        }
    }

    /// What finding the rows of an atom costs: next to nothing when all of it is bound, else the rows that are
    /// expected, each with the work that follows from it.
    fn find_cost(&mut self, atom: &Atom) -> u64 {
        let open = |term: &Term| matches!(term, Term::Variable(_)) && !self.is_bound(term);
        if atom.terms.iter().all(|term| self.is_bound(term)) {
            return 1;
        }
        if !atom.terms.iter().any(open) {
            return 2;
        }
        2 + (self.rows(atom) * ROW_COST) as u64
    }

    /// How many rows of an atom are expected for what is bound.
    fn rows(&mut self, atom: &Atom) -> f64 {
        let (width, relation) = (atom.terms.len(), atom.relation);
        let bound: SmallVec<[usize; 4]> = (0..width).filter(|column| self.is_bound(&atom.terms[*column])).collect();
        if self.growth.grows(relation) {
            return GROWING_ROWS.powf((width - bound.len()) as f64 / width as f64);
        }
        let distinct = bound.iter().map(|column| self.model.distinct(relation, *column)).max();
        self.model.len(relation) as f64 / distinct.unwrap_or(1).max(1) as f64
    }
}
