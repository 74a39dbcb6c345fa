//! What an export lacks: inputs of the program that no file gave, and the actions that rest on them.

use std::collections::{BTreeMap, BTreeSet};

use crate::bitrix24::catalog::{Expr, Grant, Module, Source};
use crate::bitrix24::codes::{OPEN_CHANNELS, TELEPHONY};
use crate::bitrix24::methods::METHODS;
use crate::bitrix24::tables::TABLES;
use crate::compiler::program::vocabulary::{ALLOW, DENY};
use crate::compiler::program::{Atom, Constant, Literal, Program, RelationId, RelationKind, Rule, Term};
use crate::compiler::source::{Origin, Sources};

/// Inputs that nothing gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Their names.
    pub inputs: Vec<&'static str>,
    /// The module whose part of them is missing, where that of another is its own source.
    pub module: Option<&'static str>,
    /// The methods and tables that would give them.
    pub sources: Vec<&'static str>,
    /// The actions that can't be decided without them, sorted.
    pub actions: Vec<String>,
}

/// What is missing where these sources were read, in the order of the inputs. What rule files of administrators state is
/// not missing.
pub(super) fn missing(program: &Program, texts: &Sources, read: &BTreeSet<&'static str>) -> Vec<Missing> {
    let mut givers: BTreeMap<(&'static str, Option<&'static str>), Vec<&'static Source>> = BTreeMap::new();
    for source in METHODS.iter().chain(TABLES) {
        for relation in source.relations() {
            givers.entry((relation, module(source, relation))).or_default().push(source);
        }
    }
    let rests: Vec<Rests> = (0..program.actions.len()).map(|action| Rests::of(program, action as u32)).collect();
    let mut missing: Vec<Missing> = Vec::new();
    for ((input, module), givers) in givers {
        let Some(id) = program.relation_named(input).filter(|id| !is_stated(program, texts, *id)) else { continue };
        if givers.iter().any(|source| read.contains(source.name)) {
            continue;
        }
        let names = rests.iter().zip(&program.actions).filter(|(rests, _)| rests.on(program, id, module));
        let mut actions: Vec<String> = names.map(|(_, action)| action.name.clone()).collect();
        actions.sort();
        let sources: Vec<&'static str> = givers.iter().map(|source| source.name).collect();
        let same = |other: &&mut Missing| (&other.sources, &other.actions) == (&sources, &actions);
        match missing.iter_mut().find(same) {
            _ if actions.is_empty() => {}
            Some(same) => same.inputs.push(input),
            None => missing.push(Missing { inputs: vec![input], module, sources, actions }),
        }
    }
    missing
}

/// Whether a rule file of an administrator gives facts of an input.
fn is_stated(program: &Program, texts: &Sources, input: RelationId) -> bool {
    let stated = program.facts[input.index()].spans.iter().map(|span| texts.get(span.source).origin);
    let derived = program.rules.iter().filter(|rule| rule.head.relation == input).map(|rule| rule.origin);
    stated.chain(derived).any(|origin| origin == Origin::Rules)
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

/// What the rules of an action look at: relations, and for those about actions, which.
struct Rests(BTreeSet<(RelationId, Option<u32>)>);

impl Rests {
    /// Whether an input is among it; of that for a module, whether permissions of the module are, too.
    fn on(&self, program: &Program, input: RelationId, module: Option<&str>) -> bool {
        let looks_at = |relation: RelationId| self.0.iter().any(|(other, _)| *other == relation);
        let named = |name: &str| program.relation_named(name);
        let permits = |module: &Module| {
            let is_own = |action: u32| {
                let name = &program.actions[action as usize].name;
                module.actions.iter().any(|(_, _, own)| own == name)
            };
            let permission = named("role_permission");
            self.0.iter().any(|(other, action)| Some(*other) == permission && action.is_none_or(is_own))
        };
        looks_at(input)
            && match module {
                Some("open_channels") => permits(&OPEN_CHANNELS),
                Some("telephony") => permits(&TELEPHONY),
                Some(_) => named("crm_role_permission").is_some_and(looks_at),
                None => true,
            }
    }
}

impl Rests {
    /// What the rules of `allow` and `deny` look at for an action, through all they use.
    fn of(program: &Program, action: u32) -> Rests {
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
        Rests(seen)
    }
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
