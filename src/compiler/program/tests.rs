//! Programs through `compile`: what a checked program says, and which mistakes are found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::compiler::compile;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{Origin, Sources};

fn compiled(text: &str) -> (Option<Program>, Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let id = sources.add("t.rules", text, Origin::Rules);
    let (program, diagnostics) = compile(&sources, &[id]);
    (program, diagnostics, sources)
}

/// The program of a text without mistakes.
fn program(text: &str) -> Program {
    let (program, diagnostics, sources) = compiled(text);
    let summaries: Vec<String> = diagnostics.iter().map(|diagnostic| diagnostic.summary(&sources)).collect();
    program.unwrap_or_else(|| panic!("{}", summaries.join("\n")))
}

/// The names of each component's relations, in order.
fn components(program: &Program) -> Vec<Vec<&str>> {
    let names = |component: &Component| {
        component.relations.iter().map(|relation| program.relation(*relation).name.as_str()).collect()
    };
    program.components.iter().map(names).collect()
}

#[test]
fn a_closure_is_one_recursive_component() {
    let program = program(
        "entity node; input edge(from: node, to: node); relation path(from: node, to: node);
         path(X, Y) if edge(X, Y); path(X, Z) if path(X, Y), edge(Y, Z);",
    );
    assert_eq!(components(&program), [["path"]]);
    assert!(program.components[0].recursive);
    assert_eq!(program.components[0].rules, [RuleId(0), RuleId(1)]);
}

#[test]
fn the_order_of_components_follows_use() {
    let program = program(
        "entity node; input edge(from: node, to: node); input node(node);
         relation top(node: node); relation mid(node: node); relation low(node: node);
         top(X) if mid(X), not low(X); mid(X) if node(X), not low(X); low(X) if edge(X, _);",
    );
    assert_eq!(components(&program), [["low"], ["mid"], ["top"]]);
    assert!(program.components.iter().all(|component| !component.recursive));
}

#[test]
fn relations_that_use_each_other_share_a_component() {
    let program = program(
        "entity node; input next(from: node, to: node); input start(node);
         relation odd(node: node); relation even(node: node); relation last(node: node);
         last(X) if even(X), not next(X, _);
         even(X) if start(X); even(Y) if odd(X), next(X, Y); odd(Y) if even(X), next(X, Y);",
    );
    assert_eq!(components(&program), [vec!["odd", "even"], vec!["last"]]);
    assert_eq!(program.components[0].rules, [RuleId(1), RuleId(2), RuleId(3)]);
}

#[test]
fn an_input_with_rules_is_derived_and_one_without_is_not() {
    let program = program(
        "entity user; entity department; input user(user); input boss(user);
         input works_in(user, department);
         works_in(U, \"head office\") if boss(U);",
    );
    assert_eq!(components(&program), [["works_in"]]);
}

const PORTAL: &str = "entity user; entity chat; entity call; enum level { denied < own < any };
    action history.view on chat; action chat.rate on chat; action call.view on call; action anything on resource;
    input user(user); input thing(thing: resource); input chat(chat); input agent(chat, user);
    input granted(user, action, level);
    relation level(user, action, level);
    decision allow(user, action, resource); decision deny(user, action, resource);
    level(U, A, max(L)) if granted(U, A, L);
";

fn portal(text: &str) -> Program {
    program(&format!("{PORTAL}{text}"))
}

fn type_of<'a>(program: &'a Program, rule: &Rule, variable: &str) -> &'a str {
    let variable = rule.variables.iter().find(|known| known.name == variable).unwrap();
    program.type_name(variable.ty)
}

#[test]
fn a_resource_narrows_by_the_action_beside_it() {
    let program = portal("allow(U, history.view, C) if user(U); allow(U, anything, C) if user(U);");
    assert_eq!(type_of(&program, &program.rules[1], "C"), "chat");
    assert_eq!(type_of(&program, &program.rules[2], "C"), "resource");
}

#[test]
fn a_resource_narrows_by_another_literal_or_by_a_comparison() {
    let program = portal(
        "relation r(thing: resource);
         r(X) if thing(X), chat(X); r(X) if thing(X), X != chat:\"c\"; r(X) if thing(X), chat(Y), X = Y;
         allow(U, A, X) if A = call.view, user(U), thing(X);",
    );
    for rule in [1, 2, 3] {
        assert_eq!(type_of(&program, &program.rules[rule], "X"), "chat");
    }
    assert_eq!(type_of(&program, &program.rules[4], "X"), "call");
}

#[test]
fn an_aggregated_relation_says_what_it_folds() {
    let program = portal("");
    let level = program.relation(program.relation_named("level").unwrap());
    assert_eq!(level.aggregate, Some(Aggregate { function: AggregateFunction::Max, place: 2 }));
    assert_eq!(program.rules[0].head.terms[2], Term::Variable(VariableId(2)));
}

#[test]
fn bodies_ask_for_the_outcome_and_tests_for_the_relation() {
    let program = portal(
        "allow(U, chat.rate, C) if allow(U, history.view, C), user(U);
         test \"t\" { expect not allow(\"u\", chat.rate, \"c\"); }",
    );
    let permitted = program.relation_named("permitted").unwrap();
    let allow = program.relation_named("allow").unwrap();
    let Literal::Positive(atom) = &program.rules[1].body[0] else { panic!("an atom") };
    assert_eq!(atom.relation, permitted);
    let (Literal::Negative(atom), _) = &program.tests[0].expectations[0] else { panic!("an atom") };
    assert_eq!(atom.relation, allow);
    let rule = program.rules.last().unwrap();
    assert_eq!(rule.head.relation, permitted);
    assert!(matches!(&rule.body[..], [Literal::Positive(_), Literal::Negative(_)]));
}

#[test]
fn a_declared_outcome_keeps_its_rules() {
    let program = portal(
        "decision permitted(user, action, resource);
         permitted(U, A, R) if allow(U, A, R);
         allow(U, chat.rate, C) if allow(U, history.view, C);",
    );
    let allow = program.relation_named("allow").unwrap();
    assert_eq!(program.rules.len(), 3);
    let Literal::Positive(atom) = &program.rules[1].body[0] else { panic!("an atom") };
    assert_eq!(atom.relation, allow);
}

#[test]
fn a_query_is_checked_like_a_body() {
    let mut program = portal("");
    let mut sources = Sources::default();
    let id = sources.add("<query>", "agent(C, U), allow(U, history.view, C), not user(U)", Origin::Query);
    let (body, mistakes) = crate::compiler::syntax::parser::parse_body(&sources, id);
    assert_eq!(mistakes, []);
    let (query, mistakes) = check_query(&mut program, &sources, &body);
    assert_eq!(mistakes, []);
    let query = query.unwrap();
    let names: Vec<&str> = query.variables.iter().map(|variable| variable.name.as_str()).collect();
    assert_eq!(names, ["C", "U"]);
    assert_eq!(query.body.len(), 3);
}
