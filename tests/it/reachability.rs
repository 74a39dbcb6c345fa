//! Relations that are kept as what each thing reaches: on random graphs they have the pairs of the obvious
//! evaluator, however they are asked, and a deep chain costs no more than its facts.

use std::collections::BTreeSet;

use rolecall::compiler::closure::closures;
use rolecall::data::{Tag, Value};
use rolecall::decision::{Decider, Goal, Solver};
use rolecall::engine::{Derivation, Engine, Limits, Reachability, Side, derive};

use crate::evaluation;
use crate::naive::{Datum, Naive};
use crate::portal::random::Rng;

/// Relations that ask for pairs in every way that there is.
const QUESTIONS: &str = r#"
    relation from(other: node); relation to(other: node); relation itself(one: node); relation any(); relation both(one: node, other: node);
    relation apart(one: node, other: node); relation source(one: node); relation pairs_from(one: node, others: int);
    decision linked(one: node, other: node);
    from(Z) if reach("1", Z); to(X) if reach(X, "2"); itself(X) if reach(X, X); any() if reach(_, _);
    both(X, Z) if edge(X, Z), reach(Z, X); apart(X, Z) if node(X), node(Z), not reach(X, Z);
    source(X) if node(X), reach(X, _); pairs_from(X, count(Z)) if reach(X, Z);
    linked(X, Z) if reach("1", "2"), reach(X, Z); linked(X, Z) if reach(Z, _), not reach("1", _), X != Z;
"#;

const DECLARATIONS: &str = r#"
    entity node; input node(one: node); input edge(from: node, to: node); input other(from: node, to: node);
    input start(one: node, other: node); relation reach(one: node, other: node);
"#;

/// The ways to write a closure: name and rules.
const CLOSURES: [(&str, &str); 9] = [
    ("behind", "reach(X, Y) if start(X, Y); reach(X, Z) if reach(X, Y), edge(Y, Z);"),
    ("behind, turned", "reach(X, Y) if start(X, Y); reach(X, Z) if edge(Z, Y), reach(X, Y);"),
    ("before", "reach(X, Y) if start(X, Y); reach(X, Z) if edge(X, Y), reach(Y, Z);"),
    ("before, turned", "reach(X, Z) if reach(Y, Z), edge(Y, X); reach(X, Y) if start(X, Y);"),
    ("joined", "reach(X, Y) if start(X, Y); reach(X, Y) if edge(X, Y); reach(X, Z) if reach(X, Y), reach(Y, Z);"),
    ("joined, turned", "reach(X, Y) if edge(X, Y); reach(X, Z) if reach(Y, Z), reach(X, Y);"),
    (
        "two steps",
        "reach(X, X) if node(X); reach(X, Z) if reach(X, Y), edge(Y, Z); reach(X, Z) if reach(X, Y), other(Z, Y);",
    ),
    ("identity", "reach(X, X) if node(X); reach(X, Z) if reach(X, Y), edge(Y, Z);"),
    ("edges", "reach(X, Y) if edge(X, Y); reach(X, Z) if edge(X, Y), reach(Y, Z);"),
];

/// Rules that are no such closure, though they look much like one.
const OTHERS: [&str; 7] = [
    "reach(X, Y) if start(X, Y); reach(X, Z) if reach(X, Y), edge(X, Z);",
    "reach(X, Y) if start(X, Y); reach(Z, X) if reach(X, Y), edge(Y, Z);",
    "reach(X, Y) if start(X, Y); reach(X, Z) if reach(X, Y), edge(Y, Z), node(Z);",
    "reach(X, Y) if start(X, Y); reach(X, Z) if reach(X, Y), edge(Y, Z); reach(X, Z) if other(X, Y), reach(Y, Z);",
    "reach(X, Y) if start(X, Y); reach(X, Z) if reach(Y, X), reach(Y, Z);",
    "reach(X, Y) if start(X, Y); reach(X, X) if reach(X, Y), edge(Y, X);",
    "reach(X, Y) if start(X, Y); reach(X, Z) if reach(X, \"1\"), edge(\"1\", Z);",
];

/// Facts of a graph of a few nodes with more or fewer edges, so that it falls apart, has cycles, or is one component.
fn graph(random: &mut Rng) -> String {
    let nodes = random.between(1, 9);
    let mut facts: Vec<String> = (0..nodes).map(|node| format!("node(\"{node}\");")).collect();
    for (relation, most) in [("edge", 2 * nodes), ("other", nodes), ("start", nodes)] {
        for _ in 0..random.below(most + 1) {
            facts.push(format!("{relation}(\"{}\", \"{}\");", random.below(nodes), random.below(nodes)));
        }
    }
    facts.join(" ")
}

#[test]
fn closures_have_the_pairs_of_the_obvious_evaluator_on_random_graphs() {
    let mut random = Rng::new(11);
    let mut pairs = 0;
    for (name, rules) in CLOSURES {
        for _ in 0..150 {
            pairs += agrees(rules, &graph(&mut random), 1, name);
        }
    }
    assert!(pairs > CLOSURES.len() * 150 * 5, "only {pairs} pairs");
}

#[test]
fn rules_that_only_look_like_a_closure_are_none() {
    let mut random = Rng::new(12);
    for rules in OTHERS {
        for _ in 0..30 {
            agrees(rules, &graph(&mut random), 0, rules);
        }
    }
}

/// Compares all relations and the decision, and gives the number of pairs.
fn agrees(rules: &str, facts: &str, kept: usize, name: &str) -> usize {
    let compiled = evaluation::program(&format!("{DECLARATIONS} {rules} {QUESTIONS} {facts}"));
    let program = &compiled.program;
    assert_eq!(closures(program).iter().flatten().count(), kept, "{name}");
    let model = compiled.model("{}", Engine::Interpreted);
    let naive = Naive::evaluate(program, []);
    let difference = evaluation::difference(&evaluation::shown(&model), &naive.shown());
    assert_eq!(difference, None, "{name} on {facts}");
    let reach = program.relation_named("reach").unwrap();
    let pairs = model.len(reach);
    assert_eq!(pairs, naive.rows(reach).len(), "{name} on {facts}");
    let (node, linked) = (program.entity_named("node").unwrap(), program.relation_named("linked").unwrap());
    let ids: Vec<String> = model.database.symbols.ids(node).map(str::to_owned).collect();
    let mut decider = Decider::new(model);
    decider.prepare(Goal { relation: linked, action: None });
    let mut solver = Solver::new(&decider);
    for (one, other) in ids.iter().flat_map(|one| ids.iter().map(move |other| (one, other))) {
        let value = |id| decider.model().database.symbols.find(Tag::thing(node), id).unwrap();
        let datum = |id: &String| Datum::Thing(node, id.as_str().into());
        let expected = naive.holds(linked, &[datum(one), datum(other)]);
        assert_eq!(solver.holds(linked, &[value(one), value(other)]), expected, "{name} on {facts}: {one}, {other}");
    }
    pairs
}

/// Between the nodes are many more intervals than there are pairs, so that the lists by the other column are sorted pairs.
#[test]
fn few_sources_over_many_steps_reach_what_a_search_finds() {
    let mut random = Rng::new(13);
    let nodes = 400;
    let pair = |one: usize, other: usize| [Value(one as u32), Value(other as u32)];
    let step = |random: &mut Rng, node: usize| pair(node, random.between(node + 1, nodes));
    let steps: Vec<[Value; 2]> =
        (0..nodes).flat_map(|node| [step(&mut random, node), step(&mut random, node)]).collect();
    let mut reached = BTreeSet::from([Value(0)]);
    for [from, to] in &steps {
        if reached.contains(from) {
            reached.insert(*to);
        }
    }
    let pairs = Reachability::new(Side::Second, &steps, &[pair(1_000, 0)], u64::MAX).unwrap();
    let partners = |side, value| pairs.partners(side, Value(value)).flatten().copied().collect::<BTreeSet<Value>>();
    assert_eq!(pairs.len(), reached.len());
    assert_eq!(partners(Side::First, 1_000), reached);
    assert_eq!(partners(Side::First, 0), BTreeSet::new());
    for node in 0..=nodes as u32 {
        let expected = reached.contains(&Value(node));
        assert_eq!(pairs.holds(Value(1_000), Value(node)), expected);
        assert_eq!(partners(Side::Second, node).contains(&Value(1_000)), expected);
    }
}

/// The rounds of the interpreter find what the closure finds, in relations of two columns and of three, and across a
/// relation of its own for each step.
#[test]
fn the_same_pairs_follow_in_rounds() {
    let mut random = Rng::new(14);
    let rules = r#"
        reach(X, Y) if edge(X, Y); reach(X, Z) if reach(X, Y), edge(Y, Z);
        relation rounds(one: node, other: node); rounds(X, Y) if edge(X, Y); rounds(X, Z) if rounds(X, Y), edge(Y, Z), node(Z);
        relation turns(one: node, other: node); turns(X, Y) if edge(X, Y); turns(X, Z) if turns(X, Y), turns(Y, Z), X = X;
        relation odd(one: node, other: node); relation even(one: node, other: node); odd(X, Y) if edge(X, Y);
        odd(X, Z) if even(X, Y), edge(Y, Z); even(X, Z) if odd(X, Y), edge(Y, Z);
        relation wide(one: node, why: text, other: node); wide(X, "a", Y) if edge(X, Y); wide(X, "b", Y) if edge(X, Y);
        wide(X, W, Z) if wide(X, W, Y), wide(Y, W, Z);
    "#;
    let nodes = 150;
    let mut facts: Vec<String> = (0..nodes).map(|node| format!("node(\"{node}\");")).collect();
    facts.extend((0..2 * nodes).map(|_| format!("edge(\"{}\", \"{}\");", random.below(nodes), random.below(nodes))));
    let compiled = evaluation::program(&format!("{DECLARATIONS} {rules} {}", facts.join(" ")));
    let model = compiled.model("{}", Engine::Interpreted);
    let rows = |name: &str| evaluation::rows(&model, name);
    let reach = rows("reach");
    assert!(reach.len() > nodes * nodes / 4, "only {} pairs", reach.len());
    assert_eq!(rows("rounds"), reach);
    assert_eq!(rows("turns"), reach);
    let either: BTreeSet<String> = rows("odd").into_iter().chain(rows("even")).collect();
    assert_eq!(either, reach.iter().cloned().collect());
    let mut wide: Vec<String> =
        reach.iter().flat_map(|pair| ["a", "b"].map(|why| pair.replace(", ", &format!(", {why}, ")))).collect();
    let mut found = rows("wide");
    wide.sort();
    found.sort();
    assert_eq!(found, wide);
}

/// The rules that fired.
fn fired(rules: &str, facts: &str) -> Vec<String> {
    let compiled = evaluation::program(&format!("{DECLARATIONS} {rules} {facts}"));
    let mut fired = Vec::new();
    derive(&compiled.program, compiled.database("{}"), &Derivation::default(), Some(&mut fired)).unwrap();
    fired.iter().map(|rule| compiled.program.rule(*rule).id.clone()).collect()
}

#[test]
fn a_recursive_rule_fires_when_a_pair_takes_its_step() {
    let rules = r#"@id("base") reach(X, Y) if start(X, Y);
        @id("edge") reach(X, Z) if reach(X, Y), edge(Y, Z); @id("other") reach(X, Z) if reach(X, Y), other(Y, Z);"#;
    assert_eq!(fired(rules, r#"start("a", "b"); edge("b", "c"); other("a", "b");"#), ["base", "edge"]);
    assert_eq!(fired(rules, r#"start("a", "b"); edge("b", "c"); other("c", "d");"#), ["base", "edge", "other"]);
    assert_eq!(fired(rules, r#"edge("a", "b"); edge("b", "c");"#), [""; 0]);
    let rules = r#"@id("base") reach(X, Y) if start(X, Y); @id("edge") reach(X, Z) if edge(X, Y), reach(Y, Z);"#;
    assert_eq!(fired(rules, r#"start("b", "c"); edge("a", "b");"#), ["base", "edge"]);
    assert_eq!(fired(rules, r#"start("a", "b"); edge("b", "c");"#), ["base"]);
    let rules = r#"@id("base") reach(X, Y) if start(X, Y); @id("join") reach(X, Z) if reach(X, Y), reach(Y, Z);"#;
    assert_eq!(fired(rules, r#"start("a", "b"); start("b", "c");"#), ["base", "join"]);
    assert_eq!(fired(rules, r#"start("a", "b"); start("c", "b");"#), ["base"]);
}

/// A chain of so many departments, each below the next.
fn chain(departments: u32) -> String {
    let parent = |number: u32| format!("[\"{number}\", \"{}\"]", number + 1);
    format!("{{\"department_parent\": [{}]}}", (1..departments).map(parent).collect::<Vec<_>>().join(", "))
}

#[test]
fn a_chain_of_departments_takes_no_more_than_its_facts() {
    let departments = 100_000;
    let policy = evaluation::policy_with::<&str>(&[]);
    let within = policy.program.relation_named("within").unwrap();
    for engine in [Engine::Interpreted, Engine::Compiled] {
        let limits = Limits { derived_facts: u64::from(departments) };
        let how = Derivation { engine, limits, wanted: Some(vec![within]), levels: None };
        let model = derive(&policy.program, policy.database(&chain(departments)), &how, None).unwrap();
        assert_eq!(model.len(within), departments as usize * (departments as usize + 1) / 2);
        let pairs = model.reachability(within).unwrap();
        assert_eq!(pairs.intervals(), departments as usize);
        let department = policy.program.entity_named("department").unwrap();
        let value = |id: &str| model.database.symbols.find(Tag::thing(department), id).unwrap();
        assert!(pairs.holds(value("1"), value("100000")) && !pairs.holds(value("100000"), value("1")));
        let count = |side, id| pairs.partners(side, value(id)).map(<[Value]>::len).sum::<usize>();
        assert_eq!((count(Side::First, "1"), count(Side::First, "99999")), (100_000, 2));
        assert_eq!((count(Side::Second, "1"), count(Side::Second, "99999")), (1, 99_999));
    }
}
