//! The rules of a program as plans that find every instance of a rule with a given head, over a finished model.
//! `prover` runs them; a `_` in a positive literal of a stored relation is a variable here, so that its row is known.

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use crate::compiler::program::{
    ActionId, Atom, EntityId, Literal, Program, RelationId, RelationKind, Rule, RuleId, Term, Type, Variable,
    VariableId,
};
use crate::data::Value;
use crate::decision::Authorization;
use crate::engine::Model;
use crate::engine::plan::{self, Binding, Body, Finished, Plan};

/// The rules of a program, ready to be run backwards.
#[derive(Debug)]
pub struct Rulebook {
    /// By relation: its rules, in the order in which they decide.
    rules_of: Vec<Vec<RuleId>>,
    /// By rule; none for those of relations that are not wanted.
    pages: Vec<Option<Page>>,
    /// By relation: whether more facts never mean less of it.
    monotone: Vec<bool>,
    /// By relation: the number of its component, where that is recursive.
    recursive: Vec<Option<usize>>,
    /// By relation: no derivation of it has fewer steps.
    least: Vec<u64>,
}

/// A rule with its plans.
#[derive(Debug)]
pub struct Page {
    /// The body, with a variable for each `_` in a positive literal of a stored relation.
    pub body: Vec<Literal>,
    /// Finds the bindings of the body where the head's variables are given.
    pub plan: Plan,
    /// Finds the bindings of what more or fewer facts can't turn round: the literals of `rest` are left out.
    pub skeleton: Plan,
    /// The literals that the skeleton leaves out.
    pub rest: Vec<Rest>,
}

/// A literal that facts left out may turn round.
#[derive(Debug)]
pub struct Rest {
    /// Which of the body.
    pub literal: usize,
    /// What it is about, with a variable for each `_`; none for a comparison.
    pub atom: Option<Atom>,
    /// Finds what it is about, of a `not` what must not be there.
    pub plan: Plan,
    /// Whether it has a variable that neither the head nor the skeleton gives a value.
    pub open: bool,
}

impl Rulebook {
    /// Plans the rules that decide requests of these actions, and those of all that they use. Adds the indexes that they
    /// need to the model; each is built when it is first used.
    pub fn new(model: &mut Model, authorization: Authorization, actions: &[ActionId]) -> Rulebook {
        Rulebook::of(model, authorization.relations(), actions)
    }

    /// As [`Rulebook::new`], for any relations; those with an action are planned for these actions.
    pub fn of(model: &mut Model, relations: impl Iterator<Item = RelationId>, actions: &[ActionId]) -> Rulebook {
        Rulebook::planned(model, with_actions(relations, actions))
    }

    /// As [`Rulebook::new`], for one relation, whatever action it is about.
    pub fn whole(model: &mut Model, relation: RelationId) -> Rulebook {
        Rulebook::planned(model, vec![(relation, None)])
    }

    fn planned(model: &mut Model, mut open: Vec<Goal>) -> Rulebook {
        let program = model.program;
        let mut rules_of = vec![Vec::new(); program.relations.len()];
        for (number, rule) in program.rules.iter().enumerate() {
            rules_of[rule.head.relation.index()].push(RuleId(number as u32));
        }
        let monotone = monotone(program, &rules_of);
        let mut recursive = vec![None; program.relations.len()];
        for (number, component) in program.components.iter().enumerate().filter(|(_, component)| component.recursive) {
            component.relations.iter().for_each(|relation| recursive[relation.index()] = Some(number));
        }
        let mut pages: Vec<Option<Page>> = program.rules.iter().map(|_| None).collect();
        let mut seen: FxHashSet<Goal> = open.iter().copied().collect();
        while let Some(goal) = open.pop() {
            for id in &rules_of[goal.0.index()] {
                let rule = program.rule(*id);
                let Some(action) = applies(model, rule, goal.1, &rules_of) else { continue };
                let goals = rule.body.iter().filter_map(atom_of).map(|atom| goal_of(model, atom, action));
                open.extend(goals.filter(|goal| seen.insert(*goal)));
                if pages[id.index()].is_none() {
                    pages[id.index()] = Some(page(model, rule, &monotone));
                }
            }
        }
        let least = least(model, &rules_of);
        Rulebook { rules_of, pages, monotone, recursive, least }
    }

    /// The rules of a relation, in the order in which they decide.
    pub fn rules_of(&self, relation: RelationId) -> &[RuleId] {
        &self.rules_of[relation.index()]
    }

    /// The plans of a rule, if its relation was wanted.
    pub fn page(&self, rule: RuleId) -> Option<&Page> {
        self.pages[rule.index()].as_ref()
    }

    /// What a literal adds to a derivation at least, in steps.
    pub fn least(&self, literal: &Literal) -> u64 {
        least_of(&self.least, literal)
    }

    /// How many steps an instance of a rule has at least.
    pub fn floor(&self, page: &Page) -> u64 {
        page.body.iter().map(|literal| self.least(literal)).fold(1, u64::saturating_add)
    }

    /// Whether more facts never mean less of a relation: nothing that it is derived from says `not` or counts.
    pub fn is_monotone(&self, relation: RelationId) -> bool {
        self.monotone[relation.index()]
    }

    /// The number of the component of a relation, if it is recursive.
    pub fn recursive(&self, relation: RelationId) -> Option<usize> {
        self.recursive[relation.index()]
    }
}

/// Each relation with each action.
fn with_actions(relations: impl Iterator<Item = RelationId>, actions: &[ActionId]) -> Vec<Goal> {
    relations.flat_map(|relation| actions.iter().map(move |action| (relation, Some(Value(action.0))))).collect()
}

/// A relation and, where it has one and it is known, its action.
type Goal = (RelationId, Option<Value>);

/// A variable of a rule, and its value.
type Known = Option<(VariableId, Value)>;

/// What a rule knows of its action, if it may answer for that action as far as its head and the tables tell that the
/// rules keep themselves.
fn applies(model: &Model, rule: &Rule, action: Option<Value>, rules_of: &[Vec<RuleId>]) -> Option<Known> {
    let program = model.program;
    let place = program.relation(rule.head.relation).action_place();
    let known = match place.zip(action).map(|(place, action)| (rule.head.terms[place], action)) {
        Some((Term::Constant(constant), action)) if model.database.constant(constant) != action => return None,
        Some((Term::Variable(variable), action)) => Some((variable, action)),
        Some((Term::Constant(_) | Term::Wildcard, _)) | None => None,
    };
    let table = |relation: RelationId| {
        program.relation(relation).kind == RelationKind::Relation && rules_of[relation.index()].is_empty()
    };
    let fits = |(term, value): (&Term, &Value)| match term {
        Term::Constant(constant) => model.database.constant(*constant) == *value,
        Term::Variable(variable) => known.is_none_or(|(action, known)| action != *variable || known == *value),
        Term::Wildcard => true,
    };
    let possible = |literal: &Literal| match literal {
        Literal::Positive(atom) if table(atom.relation) => {
            model.database.table(atom.relation).rows().any(|row| atom.terms.iter().zip(row).all(fits))
        }
        Literal::Positive(_) | Literal::Negative(_) | Literal::Comparison(_) => true,
    };
    rule.body.iter().all(possible).then_some(known)
}

/// What an atom asks, where the action of its rule is known.
fn goal_of(model: &Model, atom: &Atom, known: Known) -> Goal {
    let action = model.program.relation(atom.relation).action_place().and_then(|place| match atom.terms[place] {
        Term::Constant(constant) => Some(model.database.constant(constant)),
        Term::Variable(variable) => known.filter(|(action, _)| *action == variable).map(|(_, action)| action),
        Term::Wildcard => None,
    });
    (atom.relation, action)
}

/// The atom of a literal that is no comparison.
pub fn atom_of(literal: &Literal) -> Option<&Atom> {
    match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => Some(atom),
        Literal::Comparison(_) => None,
    }
}

/// The values of a plan's slots; those of few variables need no allocation.
pub type Slots = SmallVec<[Value; 16]>;

/// Slots in which the variables of a head have the values that the arguments of a question give them, and all others the
/// first value of all; `None` where they do not fit.
pub fn unify(
    model: &Model,
    entity_of: impl Fn(Value) -> Option<EntityId>,
    rule: &Rule,
    arguments: &[Value],
    slots: usize,
) -> Option<Slots> {
    let fields = &model.program.relation(rule.head.relation).fields;
    let mut bindings = Slots::from_elem(Value::default(), slots);
    let terms = &rule.head.terms;
    for (place, ((term, argument), field)) in terms.iter().zip(arguments).zip(fields).enumerate() {
        match term {
            Term::Wildcard => {}
            Term::Constant(constant) if model.database.constant(*constant) == *argument => {}
            Term::Constant(_) => return None,
            Term::Variable(variable) => {
                let narrowed = match (rule.variables[variable.index()].ty, field.ty) {
                    (Type::Entity(entity), Type::Resource) => entity_of(*argument) == Some(entity),
                    _ => true,
                };
                let repeated = terms[..place].contains(term);
                let slot = &mut bindings[variable.index()];
                if !narrowed || repeated && *slot != *argument {
                    return None;
                }
                *slot = *argument;
            }
        }
    }
    Some(bindings)
}

fn page(model: &mut Model, rule: &Rule, monotone: &[bool]) -> Page {
    let program = model.program;
    let mut variables = rule.variables.clone();
    let body: Vec<Literal> = rule.body.iter().map(|literal| with_variables(program, literal, &mut variables)).collect();
    let mut bound = vec![Binding::Free; variables.len()];
    let folded = program.relation(rule.head.relation).aggregate.map(|aggregate| aggregate.place);
    for variable in (0..)
        .zip(&rule.head.terms)
        .filter(|(place, _)| folded != Some(*place))
        .filter_map(|(_, term)| variable_of(term))
    {
        bound[variable.index()] = Binding::Given;
    }
    let whole = Body { literals: &body, variables: &variables, bound: bound.clone() };
    let plan = plan::plan_all(model, &mut Finished, whole);
    let (firm, rest) = split(program, &body, &bound, monotone);
    let firm: Vec<Literal> = firm.into_iter().map(|at| body[at].clone()).collect();
    let skeleton =
        plan::plan(model, &mut Finished, Body { literals: &firm, variables: &variables, bound: bound.clone() }, None);
    for variable in firm.iter().filter_map(atom_of).flat_map(|atom| &atom.terms).filter_map(variable_of) {
        bound[variable.index()] = Binding::Given;
    }
    let rest = rest.into_iter().map(|literal| self::rest(model, &body, literal, &variables, &bound)).collect();
    Page { body, plan, skeleton, rest }
}

fn rest(model: &mut Model, body: &[Literal], literal: usize, variables: &[Variable], bound: &[Binding]) -> Rest {
    let mut variables = variables.to_vec();
    let said = match &body[literal] {
        Literal::Negative(atom) => Literal::Positive(atom.clone()),
        said => said.clone(),
    };
    let said = with_variables(model.program, &said, &mut variables);
    let mut bound = bound.to_vec();
    let free = |term: &Term| variable_of(term).is_some_and(|variable| bound[variable.index()] == Binding::Free);
    let open = atom_of(&body[literal]).is_some_and(|atom| atom.terms.iter().any(free));
    bound.resize(variables.len(), Binding::Free);
    let about = Body { literals: std::slice::from_ref(&said), variables: &variables, bound };
    let plan = plan::plan(model, &mut Finished, about, None);
    Rest { literal, atom: atom_of(&said).cloned(), plan, open }
}

fn variable_of(term: &Term) -> Option<VariableId> {
    match term {
        Term::Variable(variable) => Some(*variable),
        Term::Constant(_) | Term::Wildcard => None,
    }
}

/// A positive literal of a stored relation with a new variable for each `_`.
fn with_variables(program: &Program, literal: &Literal, variables: &mut Vec<Variable>) -> Literal {
    let Literal::Positive(atom) = literal else { return literal.clone() };
    let relation = program.relation(atom.relation);
    if relation.kind == RelationKind::Decision {
        return literal.clone();
    }
    let mut fresh = |(term, field): (&Term, &crate::compiler::program::Field)| match term {
        Term::Wildcard => {
            variables.push(Variable { name: "_".to_owned(), ty: field.ty });
            Term::Variable(VariableId(variables.len() as u32 - 1))
        }
        known => *known,
    };
    let terms = atom.terms.iter().zip(&relation.fields).map(&mut fresh).collect();
    Literal::Positive(Atom { terms, ..atom.clone() })
}

/// The literals that facts left out can't make true, and the others: what says `not`, what rests on a `not`, and
/// comparisons of what only those bind.
fn split(program: &Program, body: &[Literal], bound: &[Binding], monotone: &[bool]) -> (Vec<usize>, Vec<usize>) {
    let mut known: Vec<bool> = bound.iter().map(|binding| *binding != Binding::Free).collect();
    let firm = |literal: &Literal| match literal {
        Literal::Positive(atom) => {
            monotone[atom.relation.index()] && program.relation(atom.relation).kind != RelationKind::Decision
        }
        Literal::Negative(_) | Literal::Comparison(_) => false,
    };
    let (mut chosen, mut rest): (Vec<usize>, Vec<usize>) = (0..body.len()).partition(|at| firm(&body[*at]));
    for atom in chosen.iter().filter_map(|at| atom_of(&body[*at])) {
        atom.terms.iter().filter_map(variable_of).for_each(|variable| known[variable.index()] = true);
    }
    let is_known = |term: &Term| matches!(term, Term::Variable(variable) if known[variable.index()]);
    let settled = |literal: &Literal| match literal {
        Literal::Comparison(comparison) => {
            [&comparison.left, &comparison.right].iter().all(|term| is_known(term) || matches!(term, Term::Constant(_)))
        }
        Literal::Positive(_) | Literal::Negative(_) => false,
    };
    rest.retain(|at| {
        let joins = settled(&body[*at]);
        if joins {
            chosen.push(*at);
        }
        !joins
    });
    (chosen, rest)
}

/// By relation: whether nothing that it is derived from says `not` or folds.
fn monotone(program: &Program, rules_of: &[Vec<RuleId>]) -> Vec<bool> {
    let negates =
        |rule: &RuleId| program.rule(*rule).body.iter().any(|literal| matches!(literal, Literal::Negative(_)));
    let mut falls: Vec<bool> = (0..program.relations.len())
        .map(|relation| program.relations[relation].aggregate.is_some() || rules_of[relation].iter().any(negates))
        .collect();
    let mut users: Vec<Vec<RelationId>> = vec![Vec::new(); program.relations.len()];
    for rule in &program.rules {
        for atom in rule.body.iter().filter_map(atom_of) {
            users[atom.relation.index()].push(rule.head.relation);
        }
    }
    let mut open: Vec<usize> = (0..falls.len()).filter(|relation| falls[*relation]).collect();
    while let Some(relation) = open.pop() {
        for user in &users[relation] {
            if !std::mem::replace(&mut falls[user.index()], true) {
                open.push(user.index());
            }
        }
    }
    falls.into_iter().map(|falls| !falls).collect()
}

/// By relation: how many steps its smallest derivation has at least, whatever the data are: one where it may be given.
fn least(model: &Model, rules_of: &[Vec<RuleId>]) -> Vec<u64> {
    let program = model.program;
    let may_be_given =
        |relation: usize| rules_of[relation].is_empty() || model.database.given_len(RelationId(relation as u32)) > 0;
    let given = |relation| if may_be_given(relation) { 1 } else { u64::MAX };
    let mut least: Vec<u64> = (0..program.relations.len()).map(given).collect();
    loop {
        let mut changed = false;
        for rule in &program.rules {
            let fold = u64::from(program.relation(rule.head.relation).aggregate.is_some());
            let steps = rule.body.iter().map(|literal| least_of(&least, literal));
            let steps = steps.fold(1 + fold, u64::saturating_add);
            let known = &mut least[rule.head.relation.index()];
            changed |= steps < *known;
            *known = steps.min(*known);
        }
        if !changed {
            return least;
        }
    }
}

fn least_of(least: &[u64], literal: &Literal) -> u64 {
    match literal {
        Literal::Positive(atom) => least[atom.relation.index()],
        Literal::Negative(_) => 1,
        Literal::Comparison(_) => 0,
    }
}
