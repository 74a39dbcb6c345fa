//! Programs through `compile`: what a checked program says, and which mistakes are found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::compiler::codes::Code;
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
    let Expected::Holds(Literal::Negative(atom)) = &program.tests[0].expectations[0].expected else {
        panic!("an atom")
    };
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

#[test]
fn a_chain_of_twenty_thousand_relations_is_put_in_order() {
    let mut text = String::from("entity node; input start(node);\nrelation r0(node: node);\nr0(X) if start(X);\n");
    for number in 1..20_000 {
        text.push_str(&format!("relation r{number}(node: node);\nr{number}(X) if r{}(X);\n", number - 1));
    }
    let chain = program(&text);
    assert_eq!(chain.components.len(), 20_000);
    assert_eq!(components(&chain)[19_999], ["r19999"]);
    text.push_str("r0(X) if start(X), not r19999(X);\n");
    let (none, mistakes, _) = compiled(&text);
    assert!(none.is_none());
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].labels.len(), 20_000);
}

#[test]
fn a_chain_of_actions_through_a_decision_is_no_recursion() {
    let mut text = chain_of_actions(1_000);
    program(&text);
    text.push_str("allow(U, a0, C) if allow(U, a999, C);\n");
    let (none, mistakes, _) = compiled(&text);
    assert!(none.is_none());
    assert_eq!(mistakes.len(), 1);
}

#[test]
fn a_chain_of_actions_that_no_stack_holds_is_refused() {
    let (none, mistakes, _) = compiled(&chain_of_actions(10_000));
    assert!(none.is_none());
    assert_eq!(mistakes.iter().map(|mistake| mistake.code).collect::<Vec<_>>(), [Code::NestedTooDeep]);
}

/// Actions of which each asks for the one before.
fn chain_of_actions(length: usize) -> String {
    let mut text = String::from(
        "entity user; entity chat; action a0 on chat; input owns(user, chat);
         decision allow(user, action, resource);
         allow(U, a0, C) if owns(U, C);\n",
    );
    for number in 1..length {
        let before = number - 1;
        text.push_str(&format!("action a{number} on chat;\nallow(U, a{number}, C) if allow(U, a{before}, C);\n"));
    }
    text
}

#[test]
fn a_decision_may_use_itself_for_another_action() {
    portal(
        "allow(U, chat.rate, C) if allow(U, history.view, C), agent(C, U);
         allow(U, A, C) if A = history.view, agent(C, U), decided(U);
         decision decided(user);
         decided(U) if user(U), not barred(U, anything);
         decision barred(user, action);
         barred(U, A) if granted(U, A, denied);",
    );
}

#[test]
fn an_action_told_by_a_comparison_tells_decisions_apart() {
    let text = "allow(U, A, C) if A = chat.rate, B = history.view, agent(C, U), allow(U, B, C);
         allow(U, history.view, C) if agent(C, U);";
    portal(text);
    let (none, mistakes, _) = compiled(&format!(
        "{PORTAL}{text} allow(U, history.view, C) if agent(C, U), X = Y, X = chat.rate, allow(U, Y, C);"
    ));
    assert!(none.is_none());
    assert_eq!(
        mistakes.iter().map(|mistake| mistake.code).collect::<Vec<_>>(),
        [crate::compiler::codes::Code::RecursiveDecision]
    );
}

#[test]
fn every_id_of_the_built_in_portal_is_the_portal() {
    let mut sources = Sources::default();
    let policy = sources.add("rules/base.rules", "entity portal; input mark(portal); mark(\"x\");", Origin::BuiltIn);
    let rules = sources.add("t.rules", "mark(portal:\"y\");", Origin::Rules);
    let (program, mistakes) = compile(&sources, &[policy, rules]);
    assert_eq!(mistakes, []);
    let program = program.unwrap();
    let values: Vec<&Constant> = program.facts[0].values.iter().map(|value| program.constants.get(*value)).collect();
    let portal = Constant::Thing(EntityId(0), "portal".to_string());
    assert_eq!(values, [&portal, &portal]);
    assert!(program.entities[0].single);
}

#[test]
fn equality_binds_from_either_side_and_through_others() {
    portal(
        "relation r(user: user, level: level, text: text);
         r(X, L, T) if user(Y), Z = Y, X = Z, own = L, T = \"a\", X != \"b\", L >= denied;
         r(X, K, \"\") if granted(X, _, L), K = L, not granted(X, _, any), not agent(_, X);",
    );
}

#[test]
fn constants_take_their_types_from_their_places() {
    let program = portal(
        "granted(\"anna\", history.view, own); thing(user:\"5\"); agent(\"5\", \"5\");
         test \"t\" { granted(\"anna\", chat.rate, any); expect not permitted(\"anna\", call.view, \"7\");
             expect level(_, _, any); expect 1 < 2; expect own < any; expect \"a\" != \"b\"; }",
    );
    let values: Vec<&Constant> = program.constants.iter().collect();
    assert!(values.contains(&&Constant::Thing(EntityId(0), "5".to_string())));
    assert!(values.contains(&&Constant::Thing(EntityId(1), "5".to_string())));
    assert!(values.contains(&&Constant::Thing(EntityId(2), "7".to_string())));
    assert!(values.contains(&&Constant::Member(EnumId(0), 1)));
    let spans: Vec<usize> = program.facts.iter().map(|facts| facts.spans.len()).collect();
    assert_eq!(spans.iter().sum::<usize>(), 3);
}

#[test]
fn a_fact_of_a_decision_is_a_rule_for_whatever_is_asked() {
    let program = portal("allow(_, history.view, _); allow(\"anna\", chat.rate, C);");
    assert!(program.rules[1].body.is_empty());
    assert_eq!(program.rules[1].head.terms[0], Term::Wildcard);
    assert_eq!(type_of(&program, &program.rules[2], "C"), "chat");
}

#[test]
fn a_rule_is_called_by_its_id_or_its_line() {
    let program = portal("\n@id(\"first\")\nallow(_, history.view, _);\nallow(_, chat.rate, _);");
    assert_eq!((program.rules[1].id.as_str(), program.rules[1].named), ("first", true));
    assert_eq!((program.rules[2].id.as_str(), program.rules[2].named), ("t.rules:11", false));
}

#[test]
fn a_comment_above_a_rule_becomes_its_explanation() {
    let program = portal("\n/// {User} may see {Chat}.\nallow(User, history.view, Chat) if agent(Chat, User);");
    let rule = &program.rules[1];
    let parts: Vec<String> = rule
        .explanation
        .iter()
        .map(|part| match part {
            ExplanationPart::Words(words) => words.clone(),
            ExplanationPart::Variable(variable) => format!("<{}>", rule.variables[variable.index()].name),
        })
        .collect();
    assert_eq!(parts.concat(), "<User> may see <Chat>.");
}
