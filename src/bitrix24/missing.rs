//! What an export lacks: inputs of the program that no file gave, and the actions that rest on them.

use std::collections::{BTreeMap, BTreeSet};

use crate::bitrix24::catalog::{Expr, Grant, Source};
use crate::bitrix24::methods::METHODS;
use crate::bitrix24::tables::TABLES;
use crate::compiler::program::vocabulary::{ALLOW, DENY};
use crate::compiler::program::{Atom, Constant, Literal, Program, RelationId, RelationKind, Rule, Term};

/// An input that nothing gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its name.
    pub input: &'static str,
    /// The module whose part of it is missing, where another part is there.
    pub module: Option<&'static str>,
    /// The methods and tables that would give it.
    pub sources: Vec<&'static str>,
    /// The actions that can't be decided without it, sorted.
    pub actions: Vec<String>,
}

/// What is missing where these sources were read, in the order of the catalog.
pub(super) fn missing(program: &Program, read: &BTreeSet<&'static str>) -> Vec<Missing> {
    let mut givers: BTreeMap<(&'static str, Option<&'static str>), Vec<&'static Source>> = BTreeMap::new();
    for source in METHODS.iter().chain(TABLES) {
        for relation in source.relations() {
            givers.entry((relation, module(source, relation))).or_default().push(source);
        }
    }
    let is_absent = |givers: &Vec<&Source>| !givers.iter().any(|source| read.contains(source.name));
    let absent = givers.into_iter().filter(|(_, givers)| is_absent(givers));
    let rests = Rests::of(program);
    let missing = |((input, module), givers): ((&'static str, Option<&'static str>), Vec<&'static Source>)| {
        let id = program.relation_named(input)?;
        let actions = rests.actions(id, &givers);
        let sources = givers.iter().map(|source| source.name).collect();
        (!actions.is_empty()).then_some(Missing { input, module, sources, actions })
    };
    absent.filter_map(missing).collect()
}

/// The module that a source gives its part of an input for.
fn module(source: &Source, relation: &str) -> Option<&'static str> {
    match &source.grants {
        Some(Grant::Permission(module) | Grant::Access(module, _)) => Some(module.name),
        _ if relation == "role" => source.facts().find_map(|fact| match fact.places {
            [_, Expr::Is(module)] if fact.relation == "role" => Some(*module),
            _ => None,
        }),
        _ => None,
    }
}

/// Which relations each action rests on.
struct Rests<'p> {
    program: &'p Program,
    /// By action.
    relations: Vec<BTreeSet<RelationId>>,
}

impl Rests<'_> {
    fn of(program: &Program) -> Rests<'_> {
        let relations = (0..program.actions.len()).map(|action| reached(program, action as u32)).collect();
        Rests { program, relations }
    }

    /// The actions that rest on an input; where it is about permissions of one module, those of the module.
    fn actions(&self, input: RelationId, givers: &[&Source]) -> Vec<String> {
        let of_module = |action: &str| {
            let listed = givers.iter().filter_map(|source| match &source.grants {
                Some(Grant::Permission(module)) => Some(module),
                _ => None,
            });
            listed.flat_map(|module| module.actions).any(|(_, _, name)| *name == action)
        };
        let permissions = givers.iter().any(|source| matches!(source.grants, Some(Grant::Permission(_))));
        let rest = |number: &usize| self.relations[*number].contains(&input);
        let names = (0..self.relations.len()).filter(rest).map(|number| self.program.actions[number].name.clone());
        let mut actions: Vec<String> = names.filter(|name| !permissions || of_module(name)).collect();
        actions.sort();
        actions
    }
}

/// The inputs that the rules of `allow` and `deny` look at for an action, through all they use.
fn reached(program: &Program, action: u32) -> BTreeSet<RelationId> {
    let roots = [ALLOW, DENY].into_iter().filter_map(|name| program.relation_named(name));
    let mut open: Vec<(RelationId, Option<u32>)> = roots.map(|relation| (relation, Some(action))).collect();
    let mut seen: BTreeSet<(RelationId, Option<u32>)> = open.iter().copied().collect();
    while let Some((relation, asked)) = open.pop() {
        for rule in program.rules.iter().filter(|rule| rule.head.relation == relation) {
            let of_head = named_action(program, &rule.head);
            if asked.is_some() && matches!(of_head, Named::Action(other) if Some(other) != asked) {
                continue;
            }
            // An action that comes as a variable is the one that is asked, if something says that it is one of these.
            if asked.is_some_and(|asked| is_excluded(program, rule, asked)) {
                continue;
            }
            for atom in rule.body.iter().filter_map(atom_of) {
                let next = match named_action(program, atom) {
                    Named::Action(action) => Some(action),
                    Named::Open => asked,
                    Named::Nothing => None,
                };
                let kept = if program.relation(atom.relation).action_place().is_some() { next } else { None };
                if seen.insert((atom.relation, kept)) {
                    open.push((atom.relation, kept));
                }
            }
        }
    }
    let is_input = |relation: &RelationId| program.relation(*relation).kind == RelationKind::Input;
    seen.into_iter().map(|(relation, _)| relation).filter(is_input).collect()
}

/// Whether a stated relation of actions, as `chat_action`, says that the rule is for others.
fn is_excluded(program: &Program, rule: &Rule, asked: u32) -> bool {
    let Some(place) = program.relation(rule.head.relation).action_place() else { return false };
    let Term::Variable(variable) = rule.head.terms[place] else { return false };
    rule.body.iter().any(|literal| {
        let Literal::Positive(atom) = literal else { return false };
        let facts = &program.facts[atom.relation.index()];
        let derived = program.rules.iter().any(|rule| rule.head.relation == atom.relation);
        let at = atom.terms.iter().position(|term| *term == Term::Variable(variable));
        let is_closed = program.relation(atom.relation).kind == RelationKind::Relation && !derived;
        let (Some(at), true) = (at, is_closed && !facts.values.is_empty()) else { return false };
        let arity = program.relation(atom.relation).arity();
        let is_asked = |row: &[_]| matches!(program.constants.get(row[at]), Constant::Action(id) if id.0 == asked);
        !facts.values.chunks_exact(arity).any(is_asked)
    })
}

/// What stands in the place of an action.
enum Named {
    Action(u32),
    Open,
    Nothing,
}

fn named_action(program: &Program, atom: &Atom) -> Named {
    match program.relation(atom.relation).action_place().map(|place| atom.terms[place]) {
        Some(Term::Constant(constant)) => match program.constants.get(constant) {
            Constant::Action(action) => Named::Action(action.0),
            _ => Named::Open,
        },
        Some(Term::Variable(_) | Term::Wildcard) => Named::Open,
        None => Named::Nothing,
    }
}

fn atom_of(literal: &Literal) -> Option<&Atom> {
    match literal {
        Literal::Positive(atom) | Literal::Negative(atom) => Some(atom),
        Literal::Comparison(_) => None,
    }
}
