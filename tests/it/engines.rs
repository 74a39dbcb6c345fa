//! Programs with the rows that must follow, worked out by hand: what the language promises, and what is easily
//! got wrong. Also what the compiled engine is made of, and where every engine stops.

use rolecall::compiler::closure::closures;
use rolecall::compiler::crepe_source::crepe_source;
use rolecall::data::{Tag, Value, sort_rows};
use rolecall::engine::{Derivation, Engine, EngineError, Limits, derive};

use crate::evaluation;

/// Checks the rows of a relation of a program, on the facts that the program states.
fn check(text: &str, relation: &str, expected: &[&str]) {
    let program = evaluation::program(text);
    assert_eq!(evaluation::rows(&program.model("{}", Engine::Interpreted), relation), expected);
}

macro_rules! derives {
    ($($(#[doc = $doc:literal])* $name:ident: $relation:literal of $text:literal is $rows:tt)+) => {
        $($(#[doc = $doc])* #[test] fn $name() { check($text, $relation, &$rows); })+
    };
}

derives! {
    a_closure_follows_every_path: "path" of
        r#"entity node; input edge(from: node, to: node); relation path(from: node, to: node);
           path(X, Y) if edge(X, Y);
           path(X, Z) if path(X, Y), edge(Y, Z);
           edge("a", "b"); edge("b", "c"); edge("c", "d"); edge("x", "y");"#
        is ["a, b", "a, c", "a, d", "b, c", "b, d", "c, d", "x, y"]
    a_rule_may_use_its_relation_twice: "path" of
        r#"entity node; input edge(from: node, to: node); relation path(from: node, to: node);
           path(X, Z) if path(X, Y), path(Y, Z);
           path(X, Y) if edge(X, Y);
           edge("1", "2"); edge("2", "3"); edge("3", "4"); edge("4", "5"); edge("5", "6");"#
        is ["1, 2", "1, 3", "1, 4", "1, 5", "1, 6", "2, 3", "2, 4", "2, 5", "2, 6", "3, 4", "3, 5", "3, 6", "4, 5",
            "4, 6", "5, 6"]
    a_cycle_of_one_ends: "path" of
        r#"entity node; input edge(from: node, to: node); relation path(from: node, to: node);
           path(X, Y) if edge(X, Y);
           path(X, Z) if path(X, Y), path(Y, Z);
           edge("a", "a");"#
        is ["a, a"]
    a_cycle_of_two_ends: "path" of
        r#"entity node; input edge(from: node, to: node); relation path(from: node, to: node);
           path(X, Y) if edge(X, Y);
           path(X, Z) if edge(X, Y), path(Y, Z);
           edge("a", "b"); edge("b", "a");"#
        is ["a, a", "a, b", "b, a", "b, b"]
    a_rule_that_gives_itself_gives_nothing: "loop" of
        r#"entity node; relation loop(node: node); loop(X) if loop(X);"# is []
    the_same_generation: "same" of
        r#"entity person; input parent(child: person, parent: person); relation same(one: person, other: person);
           same(X, Y) if parent(X, P), parent(Y, P), X != Y;
           same(X, Y) if parent(X, P), same(P, Q), parent(Y, Q);
           parent("b", "a"); parent("c", "a"); parent("d", "b"); parent("e", "c"); parent("f", "e");"#
        is ["b, c", "c, b", "d, e", "e, d"]
    relations_may_need_each_other: "even" of
        r#"entity number; input next(number: number, next: number); input zero(number: number);
           relation even(number: number); relation odd(number: number);
           even(N) if zero(N);
           even(N) if odd(M), next(M, N);
           odd(N) if even(M), next(M, N);
           zero("0"); next("0", "1"); next("1", "2"); next("2", "3"); next("3", "4");"#
        is ["0", "2", "4"]
    a_negation_asks_what_is_finished: "cut_off" of
        r#"entity node; input node(node: node); input edge(from: node, to: node); relation reached(node: node);
           relation cut_off(node: node);
           cut_off(N) if node(N), not reached(N);
           reached("a");
           reached(N) if reached(M), edge(M, N);
           node("a"); node("b"); node("c"); node("d"); edge("a", "b"); edge("c", "d"); edge("d", "c");"#
        is ["c", "d"]
    not_with_any_value_says_there_is_none: "alone" of
        r#"entity person; input person(person: person); input knows(person: person, other: person);
           relation alone(person: person);
           alone(P) if person(P), not knows(P, _), not knows(_, P);
           person("anna"); person("boris"); person("carla"); knows("anna", "boris");"#
        is ["carla"]
    a_negation_of_an_empty_relation_holds: "kept" of
        r#"entity person; input person(person: person); input banned(person: person); relation kept(person: person);
           kept(P) if person(P), not banned(P), not banned(_);
           person("anna");"#
        is ["anna"]
    the_highest_member_of_each_group: "best" of
        r#"entity user; enum level { denied < own < any }; input has(user: user, level: level);
           relation best(user: user, level: level);
           best(U, max(L)) if has(U, L);
           has("anna", own); has("anna", any); has("anna", denied); has("boris", denied);"#
        is ["anna, any", "boris, denied"]
    the_lowest_integer_of_each_group: "least" of
        r#"entity user; input scored(user: user, points: int); relation least(points: int, user: user);
           least(min(N), U) if scored(U, N);
           scored("anna", 10); scored("anna", 9); scored("anna", -9223372036854775808);
           scored("boris", 9223372036854775807);"#
        is ["-9223372036854775808, anna", "9223372036854775807, boris"]
    no_group_no_count: "members" of
        r#"entity team; input team(team: team); input inside(team: team, name: text);
           relation members(team: team, members: int);
           members(T, count(N)) if team(T), inside(T, N);
           team("empty"); team("full"); inside("full", "anna"); inside("full", "boris");"#
        is ["full, 2"]
    an_aggregate_of_nothing_is_no_row: "total" of
        r#"input name(name: text); relation total(names: int); total(count(N)) if name(N);"# is []
    an_aggregate_without_a_group_is_one_row: "total" of
        r#"input name(name: text); relation total(names: int); total(count(N)) if name(N);
           name("a"); name("b"); name(""); name("a");"#
        is ["3"]
    what_two_rules_count_counts_once: "known" of
        r#"entity person; input likes(person: person, other: person); input hates(person: person, other: person);
           relation known(person: person, others: int);
           known(P, count(O)) if likes(P, O);
           known(P, count(O)) if hates(P, O);
           likes("anna", "boris"); likes("anna", "carla"); hates("anna", "carla"); hates("anna", "dina");"#
        is ["anna, 3"]
    /// A value alone does not tell its type: the first person and the first color have the same number.
    values_of_two_types_count_apart: "marks" of
        r#"entity person; enum color { red, green };
           input likes(person: person, color: color); input knows(person: person, other: person);
           relation marks(person: person, marks: int);
           marks(P, count(C)) if likes(P, C);
           marks(P, count(O)) if knows(P, O);
           likes("anna", red); likes("anna", green); knows("anna", "anna"); knows("anna", "boris");"#
        is ["anna, 4"]
    what_follows_an_aggregate_sees_it_whole: "rich" of
        r#"entity person; input owns(person: person, thing: text); relation things(person: person, things: int);
           relation rich(person: person);
           rich(P) if things(P, N), N >= 2;
           things(P, count(T)) if owns(P, T);
           owns("anna", "a"); owns("anna", "b"); owns("boris", "a");"#
        is ["anna"]
    integers_compare_as_numbers: "smaller" of
        r#"input n(n: int); relation smaller(n: int, than: int); smaller(N, M) if n(N), n(M), N < M;
           n(10); n(9); n(-9223372036854775808); n(9223372036854775807); n(-1);"#
        is ["-1, 10", "-1, 9", "-1, 9223372036854775807", "-9223372036854775808, -1", "-9223372036854775808, 10",
            "-9223372036854775808, 9", "-9223372036854775808, 9223372036854775807", "10, 9223372036854775807", "9, 10",
            "9, 9223372036854775807"]
    an_integer_of_the_rules_need_not_be_in_the_data: "low" of
        r#"input n(n: int); relation low(n: int); low(N) if n(N), N <= 5, N > -5; n(5); n(6); n(-5); n(-4);"#
        is ["-4", "5"]
    texts_are_equal_letter_by_letter: "same" of
        r#"input text(text: text); relation same(one: text, other: text); same(A, B) if text(A), B = A, A != "b";
           text("a"); text("A"); text("a "); text(""); text("b"); text("\u{61}");"#
        is [", ", "A, A", "a, a", "a , a "]
    a_text_is_no_id: "named" of
        r#"entity user; input called(user: user, name: text); relation named(thing: resource, name: text);
           named(U, N) if called(U, N), N = "anna", U != user:"boris"; called("anna", "anna"); called("boris", "anna");"#
        is ["user:anna, anna"]
    the_same_id_of_two_entities_is_two_things: "both" of
        r#"entity user; entity team; input marked(thing: resource); relation both(user: user, team: team);
           both(U, T) if marked(U), marked(T);
           marked(user:"1"); marked(team:"2"); marked(user:"3"); marked(team:"1");"#
        is ["1, 1", "1, 2", "3, 1", "3, 2"]
    a_resource_narrows_to_the_entity_that_another_place_gives: "seen" of
        r#"entity user; entity team; input marked(thing: resource); input user(user: user); relation seen(thing: resource);
           seen(X) if marked(X), user(X);
           marked(user:"1"); marked(team:"1"); marked(team:"2"); user("1"); user("2");"#
        is ["user:1"]
    members_of_an_ordered_enum_compare_by_their_place: "enough" of
        r#"enum level { low < mid < top }; input has(level: level); relation enough(level: level);
           enough(L) if has(L), L >= mid, L != top; has(top); has(mid); has(low);"#
        is ["mid"]
    members_of_an_unordered_enum_are_equal_or_not: "other" of
        r#"enum color { red, green }; input color(color: color); relation other(one: color, other: color);
           other(A, B) if color(A), color(B), A != B; color(red); color(green);"#
        is ["green, red", "red, green"]
    constants_stand_in_heads: "default_level" of
        r#"entity user; enum level { low < top }; action look on user; input user(user: user);
           relation default_level(user: user, action: action, level: level, note: text, number: int);
           default_level(U, look, top, "new", -1) if user(U);
           default_level("root", look, low, "", 0) if user(_);
           user("anna"); user("boris");"#
        is ["anna, look, top, new, -1", "boris, look, top, new, -1", "root, look, low, , 0"]
    a_variable_that_stands_twice_is_one_value: "twins" of
        r#"entity person; input pair(one: person, other: person, third: person); relation twins(person: person);
           twins(P) if pair(P, P, Q), pair(Q, _, Q);
           pair("a", "a", "b"); pair("b", "c", "b"); pair("c", "c", "a"); pair("c", "d", "c");"#
        is ["a"]
    equality_passes_values_on: "chain" of
        r#"input n(n: int); relation chain(a: int, b: int, c: int, d: int);
           chain(A, B, C, D) if D = 7, C = B, B = A, n(A); n(1); n(2);"#
        is ["1, 1, 1, 7", "2, 2, 2, 7"]
    a_relation_without_fields_is_said_or_not: "open" of
        r#"input holiday(); input day(day: text); relation open(day: text);
           open(D) if day(D), not holiday(); day("monday"); holiday() if day("sunday");"#
        is ["monday"]
    a_relation_without_fields_has_one_row: "holiday" of
        r#"input holiday(); input day(day: text); holiday() if day(_); day("monday"); day("sunday"); holiday();"#
        is [""]
    rules_add_to_what_facts_say: "works" of
        r#"entity user; input works(user: user); input hired(user: user);
           works(U) if hired(U); works("anna"); works("boris"); hired("boris"); hired("carla");"#
        is ["anna", "boris", "carla"]
    a_repeated_fact_counts_once: "works" of
        r#"entity user; input works(user: user); works("anna"); works("anna");"# is ["anna"]
    a_repeated_fact_counts_once_in_a_count: "workers" of
        r#"entity user; input works(user: user, team: text); relation workers(team: text, workers: int);
           workers(T, count(U)) if works(U, T); works("anna", "a"); works("anna", "a"); works("boris", "a");"#
        is ["a, 2"]
}

#[test]
fn a_fact_in_two_files_and_in_the_rules_counts_once() {
    let program = evaluation::program(
        r#"entity user; input works(user: user); relation workers(workers: int);
           workers(count(U)) if works(U); works("anna");"#,
    );
    let model = program.model(r#"{"works": ["anna", "boris", "anna"]}"#, Engine::Interpreted);
    assert_eq!(evaluation::rows(&model, "workers"), ["2"]);
    assert_eq!(evaluation::rows(&model, "works"), ["anna", "boris"]);
}

#[test]
fn a_repeated_fact_keeps_its_place_where_rules_add_to_the_relation() {
    let program = evaluation::program(
        r#"entity user; input hired(user: user); relation works(user: user, with: user);
           works(U, U) if hired(U); works("anna", "anna"); works("anna", "anna"); works("carla", "anna"); hired("boris");"#,
    );
    let model = program.model("{}", Engine::Interpreted);
    let works = program.program.relation_named("works").unwrap();
    let user = program.program.entity_named("user").unwrap();
    let value = |id: &str| model.database.symbols.find(Tag::thing(user), id).unwrap();
    assert_eq!(model.database.given(works, &[value("anna"), value("anna")]), Some(0));
    assert_eq!(model.database.given(works, &[value("carla"), value("anna")]), Some(2));
    assert_eq!(model.database.given(works, &[value("boris"), value("boris")]), None);
    assert_eq!(evaluation::rows(&model, "works"), ["anna, anna", "boris, boris", "carla, anna"]);
}

#[test]
fn rows_are_sorted_whether_their_values_are_near_or_far() {
    let mut number = 1u32;
    let mut next = |limit| {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Value((number >> 8) % limit)
    };
    for limit in [1, 7, 300, 1_000_000] {
        let rows: Vec<[Value; 3]> = (0..500).map(|_| [next(limit), next(5), next(limit)]).collect();
        let mut expected = rows.clone();
        expected.sort();
        assert_eq!(sort_rows(rows), expected, "{limit}");
    }
}

/// Short and long ids of two entities in turn, more than are numbered in one run.
#[test]
fn thousands_of_things_keep_their_entity_and_their_id() {
    let program = evaluation::program(
        r#"entity user; entity team; input marked(thing: resource); relation users(user: user);
           relation teams(team: team); relation shared(users: int);
           users(U) if marked(U); teams(T) if marked(T); shared(count(X)) if marked(X);"#,
    );
    let id =
        |number: usize| if number.is_multiple_of(2) { format!("{number}") } else { format!("somebody-{number:06}") };
    let things = (0..2_500).flat_map(|number| [format!("\"user:{}\"", id(number)), format!("\"team:{}\"", id(number))]);
    let json = format!("{{\"marked\": [{}]}}", things.collect::<Vec<_>>().join(", "));
    let model = program.model(&json, Engine::Auto);
    let mut ids: Vec<String> = (0..2_500).map(id).collect();
    ids.sort();
    assert_eq!(evaluation::rows(&model, "users"), ids);
    assert_eq!(evaluation::rows(&model, "teams"), ids);
    assert_eq!(evaluation::rows(&model, "shared"), ["5000"]);
    let user = program.program.entity_named("user").unwrap();
    let mut known: Vec<&str> = model.database.symbols.ids(user).collect();
    known.sort_unstable();
    assert_eq!(known, ids);
}

/// A ring of departments: each is within each.
fn ring(departments: u64) -> String {
    let parent = |number: u64| format!("[\"{number}\", \"{}\"]", (number + 1) % departments);
    format!("{{\"department_parent\": [{}]}}", (0..departments).map(parent).collect::<Vec<_>>().join(", "))
}

/// Derives `within` of a ring of 20: 400 pairs, which follow from 20.
fn ring_of_20(engine: Engine, derived_facts: u64) -> Result<usize, EngineError> {
    let policy = evaluation::policy_with::<&str>(&[]);
    let within = policy.program.relation_named("within").unwrap();
    let how = Derivation { engine, limits: Limits { derived_facts }, wanted: Some(vec![within]), levels: None };
    let model = derive(&policy.program, policy.database(&ring(20)), &how, None)?;
    Ok(model.len(within))
}

#[test]
fn every_engine_stops_at_the_limit_of_derived_facts() {
    for engine in [Engine::Auto, Engine::Compiled, Engine::Interpreted] {
        assert_eq!(ring_of_20(engine, 20), Ok(400), "{engine:?}");
        for limit in [0, 1, 19] {
            let reached = EngineError::LimitReached { relation: "within".to_owned(), limit };
            assert_eq!(ring_of_20(engine, limit), Err(reached), "{engine:?}");
        }
    }
}

#[test]
fn an_aggregate_and_a_step_without_recursion_stop_at_the_limit_too() {
    let text = r#"input n(n: int); relation pair(one: int, other: int); relation count_of(n: int, others: int);
        pair(A, B) if n(A), n(B); count_of(A, count(B)) if pair(A, B); n(1); n(2); n(3);"#;
    let program = evaluation::program(text);
    let derive = |limit| {
        let database = program.database("{}");
        evaluation::limited(&program.program, database, Engine::Auto, limit).map(|_| ())
    };
    let reached = |relation: &str, limit| Err(EngineError::LimitReached { relation: relation.to_owned(), limit });
    assert_eq!(derive(8), reached("pair", 8));
    assert_eq!(derive(11), reached("count_of", 11));
    assert_eq!(derive(12), Ok(()));
}

/// `BLESS=1 cargo test` writes it anew; read the difference before it is committed.
#[test]
fn the_compiled_program_is_as_reviewed() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/built_in.crepe.rs");
    let actual = crepe_source(&evaluation::policy_with::<&str>(&[]).program);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(golden, &actual).unwrap();
    }
    let expected = std::fs::read_to_string(golden).unwrap_or_default();
    let line = actual.lines().zip(expected.lines()).position(|(actual, expected)| actual != expected);
    assert!(actual == expected, "differs at line {:?} (BLESS=1 accepts it)", line.map(|line| line + 1));
}

#[test]
fn every_component_of_the_built_in_policy_is_compiled_unless_it_is_a_closure_or_joins_nothing() {
    let program = evaluation::policy_with::<&str>(&[]).program;
    let source = crepe_source(&program);
    let components = program.components.iter().zip(closures(&program));
    let mut compiled = 0;
    for (component, _) in components.filter(|(_, closure)| closure.is_none()) {
        let joins = component.rules.iter().any(|rule| program.rule(*rule).body.len() > 1);
        let names: Vec<String> =
            component.relations.iter().map(|relation| format!("{:?}", program.relation(*relation).name)).collect();
        let entry = format!("Compiled {{ relations: &[{}], rules: {},", names.join(", "), component.rules.len());
        assert_eq!(source.contains(&entry), joins, "whether crepe derives {names:?}");
        compiled += usize::from(joins);
    }
    assert_eq!(compiled, 2);
}
