//! Every item of the policy as `why` tells it: the first request that each test of the policy expects to be allowed.
//! `BLESS=1 cargo test` writes the answers anew; read them as an administrator would who knows no rules.

use std::fmt::Write;
use std::fs;

use rolecall::compiler::program::{Constant, Expected, Literal, Program, Term, Test};
use rolecall::compiler::source::{Origin, Sources};
use rolecall::compiler::{self};
use rolecall::data::Database;
use rolecall::policy;

use crate::prose::root;

#[test]
fn the_items_of_the_policy_are_told_as_written() {
    let mut names: Vec<String> = fs::read_dir(root().join("tests/policy"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut failures = Vec::new();
    for name in &names {
        let told = told(name);
        let golden = root().join("tests/cases/why").join(name.replace(".rules", ".txt"));
        if told.is_empty() {
            assert!(!golden.exists(), "{} is of tests that allow nothing", golden.display());
        } else if std::env::var_os("BLESS").is_some() {
            fs::write(&golden, &told).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != told {
            failures.push(format!("{}\n{told}", golden.display()));
        }
    }
    assert!(failures.is_empty(), "{} answers differ (BLESS=1 accepts them)\n{}", failures.len(), failures.join("\n"));
}

/// The answers for the tests of one file.
fn told(name: &str) -> String {
    let mut sources = Sources::default();
    let mut ids = policy::add_to(&mut sources);
    let text = fs::read_to_string(root().join("tests/policy").join(name)).unwrap();
    ids.push(sources.add(name, text, Origin::Rules));
    let (program, mistakes) = compiler::compile(&sources, &ids);
    let program = program.unwrap_or_else(|| panic!("{mistakes:?}"));
    let mut told = String::new();
    for test in &program.tests {
        let Some([user, action, resource]) = first_permitted(&program, test) else { continue };
        let mut facts = Database::new(&program);
        for (relation, constants, span) in &test.facts {
            facts.state(*relation, constants, *span);
        }
        let (outcome, tree) = super::why(&program, &sources, facts, [&user, &action, &resource]);
        assert!(outcome.is_allowed(), "{}: {user} {action} {resource}", test.name);
        writeln!(told, "{}\n{user} {action} {resource}\n\n{tree}\n", test.name).unwrap();
    }
    told
}

/// The first request that a test expects to be allowed.
fn first_permitted(program: &Program, test: &Test) -> Option<[String; 3]> {
    let text = |term: &Term| match term {
        Term::Constant(constant) => match program.constants.get(*constant) {
            Constant::Thing(_, id) | Constant::Text(id) => id.to_string(),
            Constant::Action(action) => program.actions[action.index()].name.clone(),
            Constant::Int(_) | Constant::Member(..) => unreachable!("no part of a request"),
        },
        Term::Variable(_) | Term::Wildcard => unreachable!("an expectation is ground"),
    };
    test.expectations.iter().find_map(|expectation| match &expectation.expected {
        Expected::Holds(Literal::Positive(atom)) if program.relation(atom.relation).name == "permitted" => {
            Some([0, 1, 2].map(|place: usize| text(&atom.terms[place])))
        }
        _ => None,
    })
}
