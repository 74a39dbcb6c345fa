//! Random rules: a body whose literals share variables, a head from what the body binds. Safe and well typed by
//! construction; what may be used where follows from the strata.

use super::generate::Pool;
use super::program::{ACTIONS, Argument, Atom, Cell, Kind, LEVEL, Literal, RandomProgram, RandomRule, Ty};
use crate::portal::random::Rng;

/// Adds the rules of one predicate: none for most inputs.
pub fn add_rules(program: &mut RandomProgram, number: usize, pool: &Pool, rng: &mut Rng) {
    let predicate = program.predicates[number].clone();
    let count = match predicate.kind {
        Kind::Input => predicate.stratum,
        Kind::Relation => rng.between(1, 3),
        Kind::Decision => rng.between(2, 4),
    };
    if predicate.kind == Kind::Relation && predicate.fold.is_none() && predicate.types == [Ty::Entity(0); 2] {
        program.rules.extend(closure(number, rng));
    }
    for _ in 0..count {
        let rule = (0..20).find_map(|_| Writer::new(program, number, pool, rng).rule());
        program.rules.extend(rule);
    }
}

/// A step and its closure over `edge`, in one of the usual ways.
fn closure(number: usize, rng: &mut Rng) -> Vec<RandomRule> {
    let variable = |name: &str| Argument::Variable(name.to_owned());
    let atom = |predicate, from, to| Atom { predicate, arguments: vec![variable(from), variable(to)] };
    let step = vec![Literal::Positive(atom(0, "X", "Y"))];
    let (first, second) = *rng.pick(&[(number, 0), (0, number), (number, number)]);
    let join = vec![Literal::Positive(atom(first, "X", "Y")), Literal::Positive(atom(second, "Y", "Z"))];
    let base = RandomRule { head: atom(number, "X", "Y"), body: step };
    vec![base, RandomRule { head: atom(number, "X", "Z"), body: join }]
}

/// One rule while it is written: its variables, and the type that each class of equal ones has so far.
struct Writer<'w> {
    program: &'w RandomProgram,
    number: usize,
    pool: &'w Pool,
    rng: &'w mut Rng,
    variables: Vec<(String, usize)>,
    classes: Vec<Ty>,
    /// The variable that the head folds.
    folded: Option<String>,
    /// The action of the head of a decision, where it is a constant.
    headed: Option<usize>,
    body: Vec<Literal>,
}

impl<'w> Writer<'w> {
    fn new(program: &'w RandomProgram, number: usize, pool: &'w Pool, rng: &'w mut Rng) -> Writer<'w> {
        let (variables, classes, body) = (Vec::new(), Vec::new(), Vec::new());
        Writer { program, number, pool, rng, variables, classes, folded: None, headed: None, body }
    }

    fn rule(mut self) -> Option<RandomRule> {
        let predicate = &self.program.predicates[self.number];
        if predicate.kind == Kind::Decision {
            let head = self.decision_head();
            for _ in 0..self.rng.between(0, 2) {
                self.positive();
            }
            self.tests();
            for _ in 0..self.rng.between(0, 2) {
                self.decision();
            }
            return Some(RandomRule { head, body: self.body });
        }
        for _ in 0..*self.rng.pick(&[1, 2, 2, 3]) {
            self.positive();
        }
        self.bind_by_equality();
        self.tests();
        let head = self.stored_head()?;
        Some(RandomRule { head, body: self.body })
    }

    fn decision_head(&mut self) -> Atom {
        let types = &self.program.predicates[self.number].types;
        let head = self.atom(self.number, |writer, ty| match writer.rng.below(10) {
            0..2 => Argument::Wildcard,
            2..4 => writer.constant(ty),
            4 if ty == Ty::Action => writer.constant(ty),
            _ => writer.known_or_new(ty, 15),
        });
        let action = types.iter().position(|ty| *ty == Ty::Action);
        self.headed = action.and_then(|place| match head.arguments[place] {
            Argument::Constant(Cell::Action(action)) => Some(action),
            _ => None,
        });
        head
    }

    /// A head of what the body binds; the folded variable is not in the group, where there is a choice.
    fn stored_head(&mut self) -> Option<Atom> {
        let predicate = &self.program.predicates[self.number];
        let folded = predicate.fold.and_then(|(function, place)| {
            let fitting = self.fitting(|ty| function == "count" || ty == predicate.types[place]);
            (!fitting.is_empty()).then(|| (function, place, self.rng.one(&fitting)))
        });
        if predicate.fold.is_some() && folded.is_none() {
            return None;
        }
        self.folded = folded.clone().map(|(.., variable)| variable);
        let mut head = self.atom(self.number, |writer, ty| match writer.rng.chance(8) {
            true => writer.constant(ty),
            false => writer.known(ty).unwrap_or_else(|| writer.constant(ty)),
        });
        if let Some((function, place, variable)) = folded {
            head.arguments[place] = Argument::Fold(function, variable);
        }
        let bound = |argument: &Argument| !matches!(argument, Argument::Constant(_));
        (head.arguments.is_empty() || head.arguments.iter().any(bound)).then_some(head)
    }

    fn positive(&mut self) {
        let Some(predicate) = self.stored_predicate(false) else { return };
        let atom = self.atom(predicate, |writer, ty| match writer.rng.below(100) {
            0..8 => Argument::Wildcard,
            8..11 => writer.constant(ty),
            _ => writer.known_or_new(ty, 60),
        });
        self.body.push(Literal::Positive(atom));
    }

    /// A variable that `=` gives a value to.
    fn bind_by_equality(&mut self) {
        if !self.rng.chance(20) {
            return;
        }
        let name = format!("E{}", self.variables.len());
        if self.rng.chance(50) && !self.variables.is_empty() {
            let (other, class) = self.rng.one(&self.variables);
            self.variables.push((name.clone(), class));
            self.compare(Argument::Variable(name), "=", Argument::Variable(other));
        } else {
            let ty = self.rng.one(&[Ty::Entity(0), Ty::Entity(2), Ty::Int, LEVEL, Ty::Text]);
            self.declare(name.clone(), ty);
            let value = self.constant(ty);
            self.compare(Argument::Variable(name), "=", value);
        }
    }

    /// Negations and comparisons over what is bound.
    fn tests(&mut self) {
        if self.rng.chance(45)
            && let Some(predicate) = self.stored_predicate(true)
        {
            let atom = self.atom(predicate, |writer, ty| match writer.rng.below(100) {
                0..20 => Argument::Wildcard,
                20..28 => writer.constant(ty),
                _ => writer.known(ty).unwrap_or_else(|| writer.constant(ty)),
            });
            // That there is no row at all is seldom so.
            if self.rng.chance(10) || atom.arguments.iter().any(|argument| *argument != Argument::Wildcard) {
                self.body.push(Literal::Negative(atom));
            }
        }
        if self.rng.chance(35) && !self.variables.is_empty() {
            let (name, class) = self.rng.one(&self.variables);
            let ty = self.classes[class];
            let operators: &[&'static str] = match ty {
                Ty::Int | LEVEL => &["!=", "<", "<=", ">", ">="],
                Ty::Action => &["!="],
                _ => &["!=", "!=", "="],
            };
            let operator = *self.rng.pick(operators);
            let others = self.fitting(|other| other == ty);
            let side = match self.rng.chance(50) {
                true => Argument::Variable(self.rng.one(&others)),
                false if ty == Ty::Resource => return,
                false => self.constant(ty),
            };
            if let Argument::Variable(other) = &side {
                self.unite(class, other);
            }
            self.compare(Argument::Variable(name), operator, side);
        }
    }

    /// A lower decision, or the same for a lower action, asked about what is bound.
    fn decision(&mut self) {
        let predicates = &self.program.predicates;
        let lower = (0..self.number).filter(|number| predicates[*number].kind == Kind::Decision);
        let mut choices: Vec<usize> = lower.collect();
        if self.headed.is_some_and(|action| action > 0) {
            choices.push(self.number);
        }
        if choices.is_empty() {
            return;
        }
        let predicate = self.rng.one(&choices);
        let own = predicate == self.number;
        let atom = self.atom(predicate, |writer, ty| match (ty, writer.headed) {
            (Ty::Action, Some(headed)) if own => Argument::Constant(Cell::Action(writer.rng.below(headed))),
            _ if writer.rng.chance(15) => writer.constant(ty),
            _ => writer.known(ty).unwrap_or_else(|| writer.constant(ty)),
        });
        let negated = self.rng.chance(35);
        self.body.push(if negated { Literal::Negative(atom) } else { Literal::Positive(atom) });
    }

    /// A stored predicate that the rule may use: for `not` and folds a lower one, else often one of its own stratum.
    fn stored_predicate(&mut self, finished: bool) -> Option<usize> {
        let predicates = &self.program.predicates;
        let head = &predicates[self.number];
        let stored = |number: &usize| predicates[*number].kind != Kind::Decision;
        let choices = |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> {
            (0..predicates.len()).filter(stored).filter(|number| wanted(predicates[*number].stratum)).collect()
        };
        let own = choices(&|stratum| stratum == head.stratum);
        let lower = choices(&|stratum| stratum < head.stratum);
        if !finished && head.fold.is_none() && !own.is_empty() && self.rng.chance(35) {
            return Some(self.rng.one(&own));
        }
        // The latest are the most derived.
        let recent = &lower[lower.len().saturating_sub(3)..];
        let from = if self.rng.chance(50) { recent } else { &lower[..] };
        (!from.is_empty()).then(|| self.rng.one(from))
    }

    /// An atom whose arguments `argument` chooses by type, the action first: it tells the type of the thing beside it.
    fn atom(&mut self, predicate: usize, mut argument: impl FnMut(&mut Self, Ty) -> Argument) -> Atom {
        let types = &self.program.predicates[predicate].types;
        let mut order: Vec<usize> = (0..types.len()).collect();
        order.sort_by_key(|place| types[*place] != Ty::Action);
        let mut arguments = vec![Argument::Wildcard; types.len()];
        let mut told = None;
        for place in order {
            let ty = if types[place] == Ty::Resource { told.map_or(Ty::Resource, Ty::Entity) } else { types[place] };
            arguments[place] = argument(self, ty);
            if let Argument::Constant(Cell::Action(action)) = arguments[place] {
                told = ACTIONS[action].1;
            }
        }
        Atom { predicate, arguments }
    }

    fn constant(&mut self, ty: Ty) -> Argument {
        Argument::Constant(self.pool.cell(ty, self.rng))
    }

    /// A bound variable that fits a place of that type, narrowed to it.
    fn known(&mut self, ty: Ty) -> Option<Argument> {
        let mut fitting = self.fitting(|other| other == ty || are_things(other, ty));
        fitting.retain(|name| Some(name) != self.folded.as_ref());
        if fitting.is_empty() {
            return None;
        }
        let name = self.rng.one(&fitting);
        self.narrow(&name, ty);
        Some(Argument::Variable(name))
    }

    fn known_or_new(&mut self, ty: Ty, known_percent: usize) -> Argument {
        if self.rng.chance(known_percent)
            && let Some(known) = self.known(ty)
        {
            return known;
        }
        let name = format!("V{}", self.variables.len());
        self.declare(name.clone(), ty);
        Argument::Variable(name)
    }

    fn declare(&mut self, name: String, ty: Ty) {
        self.variables.push((name, self.classes.len()));
        self.classes.push(ty);
    }

    fn fitting(&self, fits: impl Fn(Ty) -> bool) -> Vec<String> {
        let fitting = self.variables.iter().filter(|(_, class)| fits(self.classes[*class]));
        fitting.map(|(name, _)| name.clone()).collect()
    }

    fn narrow(&mut self, name: &str, ty: Ty) {
        let (_, class) = self.variables.iter().find(|(known, _)| known == name).expect("a known variable");
        if self.classes[*class] == Ty::Resource {
            self.classes[*class] = ty;
        }
    }

    /// Variables that are compared have one type from then on.
    fn unite(&mut self, class: usize, other: &str) {
        let (_, merged) = *self.variables.iter().find(|(known, _)| known == other).expect("a known variable");
        for (_, of) in self.variables.iter_mut().filter(|(_, of)| *of == merged) {
            *of = class;
        }
    }

    fn compare(&mut self, left: Argument, operator: &'static str, right: Argument) {
        self.body.push(Literal::Comparison(left, operator, right));
    }
}

/// Whether one of the types is `resource` and the other an entity.
fn are_things(left: Ty, right: Ty) -> bool {
    matches!((left, right), (Ty::Resource, Ty::Entity(_)) | (Ty::Entity(_), Ty::Resource))
}
