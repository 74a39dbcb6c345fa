//! Warnings about rules: where there are none, who is told, and that large programs are no burden.

use std::fmt::Write;

use rolecall::compiler::compile_with_warnings;
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::source::{Origin, Sources};

use crate::prose::root;

/// The warnings about a sound program.
fn warnings(text: &str, origin: Origin) -> Vec<Diagnostic> {
    let mut sources = Sources::default();
    let id = sources.add("x.rules", text, origin);
    let (program, diagnostics) = compile_with_warnings(&sources, &[id]);
    assert!(program.is_some(), "{diagnostics:#?}");
    diagnostics
}

/// The warnings with their places, one a line.
fn codes(text: &str, origin: Origin) -> Vec<String> {
    let code = |found: &Diagnostic| format!("{}@{}", found.code, found.labels[0].span.start);
    warnings(text, origin).iter().map(code).collect()
}

#[test]
fn every_example_program_is_free_of_warnings() {
    let mut programs = 0;
    for entry in std::fs::read_dir(root().join("examples/programs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rules") {
            assert_eq!(warnings(&std::fs::read_to_string(&path).unwrap(), Origin::Policy), [], "{}", path.display());
            programs += 1;
        }
    }
    assert_eq!(programs, 8);
}

/// As when its files are given with `--policy`, and with the tests that are part of it.
#[test]
fn the_policy_itself_is_free_of_warnings() {
    let mut sources = Sources::default();
    let mut files = Vec::new();
    for folder in ["rules", "tests/policy"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "rules") {
                files.push(sources.add(
                    path.display().to_string(),
                    std::fs::read_to_string(path).unwrap(),
                    Origin::Policy,
                ));
            }
        }
    }
    assert_eq!(compile_with_warnings(&sources, &files).1, []);
}

const SLIPS: &str = "entity a; input a(a: a, b: a); relation b(a: a); relation c(a: a); b(X) if a(X, Y), c(X); \
                     b(X) if a(X, Y), c(X);";

#[test]
fn the_built_in_policy_is_not_warned_about_and_others_are_in_source_order() {
    assert_eq!(codes(SLIPS, Origin::BuiltIn), Vec::<String>::new());
    let expected =
        ["variable-used-once@80", "never-fires@84", "duplicate-rule@90", "variable-used-once@103", "never-fires@107"];
    assert_eq!(codes(SLIPS, Origin::Policy), expected);
    assert_eq!(codes(SLIPS, Origin::Rules), expected);
}

/// `_` would take things of any entity.
#[test]
fn a_variable_that_narrows_its_place_has_a_use() {
    let text = "entity a; entity b; action go on a; input done(action: action, thing: resource); relation r(action: action); \
                r(go) if done(go, X);";
    assert_eq!(codes(text, Origin::Rules), Vec::<String>::new());
    let wider = text.replace("on a;", "on resource;");
    assert_eq!(codes(&wider, Origin::Rules).len(), 1);
}

#[test]
fn only_a_program_that_decides_requests_has_unused_relations() {
    let text = "entity a; action go on a; input a(a: a); relation b(a: a); b(X) if a(X);";
    assert_eq!(codes(text, Origin::Policy), Vec::<String>::new());
    let deciding = format!("{text} decision allow(user: a, action: action, thing: a); allow(X, go, _) if a(X);");
    assert_eq!(codes(&deciding, Origin::Policy), ["unused-relation@50"]);
}

/// Narrower rules that look alike in all but one literal, and none of which another one makes idle.
#[test]
fn rules_that_differ_in_little_are_told_apart() {
    let declarations = "entity a; entity b; enum e { low < high }; input p(a: a, b: a); input q(a: a, e: e); \
                        input r(a: a, thing: resource); relation h(a: a); ";
    for rules in [
        "h(X) if p(X, Y), p(Y, X); h(X) if p(X, Y), p(Y, Z), p(Z, X);",
        "h(X) if q(X, low); h(X) if q(X, high);",
        "h(X) if q(X, L), L < high; h(X) if q(X, L), L > low;",
        "h(X) if p(X, _), not q(X, _); h(X) if p(X, _), q(X, _);",
        "h(X) if p(X, _), not q(X, _); h(X) if p(X, _), not q(X, low), q(X, high);",
        "h(X) if r(X, Y), r(_, Y), p(Y, _); h(X) if r(X, a:\"n\"), r(_, b:\"n\");",
        "h(X) if p(X, \"n\"); h(X) if p(\"n\", X);",
        "h(\"n\") if p(\"n\", _); h(\"m\") if p(\"m\", _);",
    ] {
        let text = format!("{declarations}{rules}");
        let said: Vec<&str> = warnings(&text, Origin::Rules).iter().map(|found| found.code.name()).collect();
        assert_eq!(said, Vec::<&str>::new(), "{rules}");
    }
}

#[test]
fn what_values_fit_is_no_contradiction() {
    let declarations = "entity a; enum e { low < mid < high }; input q(a: a, e: e, n: int); relation h(a: a); ";
    for body in [
        "q(X, L, N), L > low, L < high, N > 1, N < 3",
        "q(X, L, N), L != low, L != mid, N >= 9223372036854775807",
        "q(X, _, N), q(X, _, M), N < M, M < 3, N > 0",
        "q(X, _, N), q(X, _, M), N <= M, M <= N",
        "q(X, L, _), q(X, K, _), q(X, M, _), L < K, K < M",
        "q(X, _, _), X != \"a\", X != \"b\"",
        "q(X, _, N), N = M, M != 4, N >= 4",
    ] {
        assert_eq!(warnings(&format!("{declarations}h(X) if {body};"), Origin::Rules), [], "{body}");
    }
    let none_left = "q(X, L, _), q(X, K, _), q(X, M, _), q(X, J, _), L < K, K < M, M < J";
    assert_eq!(warnings(&format!("{declarations}h(X) if {none_left};"), Origin::Rules).len(), 1);
}

/// Were every rule compared with every other, this would take minutes.
#[test]
fn twenty_thousand_rules_are_checked() {
    let declarations = "entity a; enum e { low < high }; input p(a: a, b: a); input q(a: a, e: e); relation h(a: a); ";
    let program = |rule: &dyn Fn(usize) -> String| {
        let mut text = declarations.to_owned();
        (0..20_000).for_each(|number| writeln!(text, "{}", rule(number)).unwrap());
        warnings(&text, Origin::Rules).len()
    };
    assert_eq!(program(&|n| format!("h(X) if p(X, \"u{n}\"), q(X, low);")), 0);
    assert_eq!(program(&|n| format!("h(\"u{n}\") if p(\"u{n}\", Y), q(Y, L), L > low;")), 0);
    // Alike in every way but what stands in a `not`, by which nothing is looked up.
    assert_eq!(program(&|n| format!("h(X) if p(X, Y), p(Y, X), not p(X, \"u{n}\");")), 0);
    assert_eq!(program(&|_| "h(X) if p(X, Y), p(Y, Z), p(Z, X);".to_owned()), 19_999);
}
