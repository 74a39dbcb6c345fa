//! `test`: runs `test` blocks, and says what failed.

use super::Place;

const POLICY: &str = "entity node;\ninput edge(from: node, to: node);\nrelation path(from: node, to: node);\n\
    @id(\"step\")\npath(A, B) if edge(A, B);\n@id(\"far\")\npath(A, C) if path(A, B), edge(B, C);\n";
const PASSING: &str = "test \"steps\" {\n    edge(\"a\", \"b\");\n    expect path(\"a\", \"b\");\n    expect not path(\"b\", \"a\");\n}\n";
const FAILING: &str = "test \"back\" {\n    edge(\"a\", \"b\");\n    expect path(\"b\", \"a\");\n}\n";

fn place() -> Place {
    let place = Place::new().file("path.rules", POLICY);
    place.file("tests/passing.rules", PASSING).file("failing.rules", FAILING)
}

#[test]
fn tests_that_pass_are_counted() {
    place().run(&["test", "tests", "--policy", "path.rules"]).prints(0, "1 passed, 0 failed\n");
    place()
        .run(&["test", "--policy", "path.rules", "--rules", "tests/passing.rules"])
        .prints(0, "1 passed, 0 failed\n");
    let ran = place().run(&["test", "tests", "--policy", "path.rules", "--rules", "tests"]);
    ran.prints(0, "1 passed, 0 failed\n");
}

#[test]
fn a_failed_expectation_is_drawn_on_standard_output() {
    let ran = place().run(&["test", "tests/passing.rules", "failing.rules", "--policy", "path.rules"]);
    assert_eq!((ran.status, ran.err.as_str()), (1, ""));
    let text = ran.text();
    assert!(text.starts_with("error[failed-expectation]: test \"back\" fails\n"), "{text}");
    assert!(text.contains("failing.rules:3:") && text.contains("expect path(\"b\", \"a\");"), "{text}");
    assert!(text.contains("this is expected to hold, and does not"), "{text}");
    assert!(text.ends_with("\n1 passed, 1 failed\n"), "{text}");
}

#[test]
fn a_failure_has_its_place_in_every_message_format() {
    let ran = |format| place().run(&["test", "failing.rules", "--policy", "path.rules", "--message-format", format]);
    let short = ran("short");
    short.prints(1, "failing.rules:3:5: error[failed-expectation]: test \"back\" fails\n0 passed, 1 failed\n");
    let json = ran("json");
    let line = json.text().lines().next().unwrap();
    let object: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!((&object["code"], &object["line"]), (&"failed-expectation".into(), &3.into()));
}

#[test]
fn an_expectation_not_to_hold_fails_too() {
    let place = place().file("t.rules", "test \"x\" { edge(\"a\", \"b\"); expect not edge(\"a\", _); }\n");
    let ran = place.run(&["test", "t.rules", "--policy", "path.rules"]);
    assert_eq!(ran.status, 1);
    assert!(ran.text().contains("this is expected not to hold, and does"), "{}", ran.text());
}

#[test]
fn a_failure_about_a_request_names_the_rule_that_decided() {
    let tests = "test \"a\" { chat(\"c\", \"l\"); chat_member(\"c\", \"u\"); expect not permitted(\"u\", chat.join, \"c\"); }\n\
                 test \"b\" { inactive(\"u\"); expect permitted(\"u\", chat.join, \"c\"); }\n\
                 test \"c\" { expect permitted(\"u\", chat.join, \"c\"); }\n";
    let ran = Place::new().file("t.rules", tests).run(&["test", "t.rules"]);
    assert_eq!(ran.status, 1);
    let text = ran.text();
    for note in ["allowed by `chat-member`", "forbidden by `dismissed`", "no rule allows the request"] {
        assert!(text.contains(note), "{note}\n{text}");
    }
    for reason in [
        "It is allowed because:\n\nu is a member of c.",
        "It is forbidden because:\n\nu is dismissed, and",
        "What comes nearest:\n\n1. ",
    ] {
        assert!(text.contains(reason), "{reason}\n{text}");
    }
    assert!(text.ends_with("0 passed, 3 failed\n"), "{text}");
}

/// What fails in a test of this text over the built-in policy.
fn told(test: &str) -> String {
    let ran = Place::new().file("t.rules", format!("test \"t\" {{ {test} }}\n")).run(&["test", "t.rules"]);
    assert_eq!((ran.status, ran.err.as_str()), (1, ""), "{test}");
    ran.text().to_owned()
}

#[track_caller]
fn tells(test: &str, reason: &str) {
    let text = told(test);
    assert!(text.contains(&format!("\n\n{reason}\n\n0 passed, 1 failed\n")), "{text}");
}

#[test]
fn what_should_not_hold_is_told_with_its_derivation_whatever_it_is_about() {
    tells(
        "works_in(\"a\", \"it\"); department_head(\"it\", \"b\"); expect not superior(\"b\", \"a\");",
        "It holds because:\n\n\
         b heads it, which it, where a works, is within.  rules/organisation.rules:101  superior\n\
         ├─ a works in it.                                t.rules:1\n\
         ├─ it, where people belong, is within itself.    rules/organisation.rules:81  within-itself-with-people\n\
         │  └─ a belongs to it, where they work.          rules/organisation.rules:66  belongs-by-work\n\
         ├─ b heads it.                                   t.rules:1\n\
         └─ b is not a.",
    );
    tells(
        "expect not covers_colleague(\"a\", \"a\");",
        "It holds because:\n\na covers themself.  rules/open_channels.rules:104  covers-self",
    );
}

#[test]
fn of_a_fact_that_should_not_be_there_its_place_is_told() {
    tells("inactive(\"a\"); expect not inactive(\"a\");", "It holds because:\n\na is dismissed.  t.rules:1");
    // Of several instances the first fact.
    tells(
        "works_in(\"a\", \"sales\"); works_in(\"a\", \"it\"); expect not works_in(\"a\", _);",
        "It holds because:\n\na works in sales.  t.rules:1",
    );
}

#[test]
fn what_should_hold_is_told_with_what_comes_nearest_whatever_it_is_about() {
    tells(
        "role(\"m\", crm); expect holds_role(\"a\", \"m\");",
        "What comes nearest:\n\n\
         1. role-of-user                         rules/roles.rules:32\n\
         \x20  FAILS  The role m is assigned to a.",
    );
    tells(
        "works_in(\"b\", \"it\"); expect works_in(\"a\", \"it\");",
        "What comes nearest:\n\nFAILS  a works in it.\n       but b works in it.  t.rules:1",
    );
    tells("expect inactive(\"a\");", "What comes nearest:\n\nFAILS  a is dismissed.");
    tells(
        "expect effective_level(\"a\", history.view, any);",
        "What comes nearest:\n\n\
         1. effective-level                                            rules/roles.rules:139\n\
         \x20  FAILS  The roles of a give at least any for history.view.  rules/roles.rules:101\n\
         \x20         there is none at all",
    );
}

/// Where another relation decides the request, that is no reason for this one.
#[test]
fn allow_and_deny_are_told_each_by_its_own_rules() {
    let text = told("user(\"a\"); chat(\"c\", \"l\"); expect deny(\"a\", chat.join, \"c\");");
    assert!(text.contains("1. dismissed") && text.contains("FAILS  a is dismissed."), "{text}");
    let text = told("inactive(\"a\"); chat(\"c\", \"l\"); expect allow(\"a\", chat.join, \"c\");");
    assert!(text.contains("What comes nearest:\n\n1. ") && !text.contains("because"), "{text}");
    let text = told(
        "inactive(\"a\"); chat(\"c\", \"l\"); chat_member(\"c\", \"a\"); expect not allow(\"a\", chat.join, \"c\");",
    );
    assert!(text.contains("It holds because:\n\na is a member of c."), "{text}");
}

#[test]
fn a_policy_without_requests_tells_reasons_too() {
    let ran = place().run(&["test", "failing.rules", "--policy", "path.rules"]);
    let text = ran.text();
    assert!(text.contains("What comes nearest:\n\n1. ") && text.contains("FAILS  edge("), "{text}");
    let place = place()
        .file("t.rules", "test \"x\" { edge(\"a\", \"b\"); edge(\"b\", \"c\"); expect not path(\"a\", \"c\"); }\n");
    let ran = place.run(&["test", "t.rules", "--policy", "path.rules"]);
    assert!(
        ran.text().contains("It holds because:\n\npath(a, c).") && ran.text().contains("edge(b, c)."),
        "{}",
        ran.text()
    );
}

#[test]
fn a_filter_chooses_by_a_part_of_the_name() {
    let ran = |filter| place().run(&["test", "tests", "failing.rules", "--policy", "path.rules", "--filter", filter]);
    ran("tep").prints(0, "1 passed, 0 failed\n");
    ran("zzz").ends(2, "", "error: no test has `zzz` in its name\n");
    ran("z\u{1b}").ends(2, "", "error: no test has `z\\u{1b}` in its name\n");
}

#[test]
fn no_test_is_no_answer() {
    let message = "error: the rule files hold no `test` block\n";
    Place::new().run(&["test"]).ends(2, "", message);
    place().run(&["test", "--policy", "path.rules"]).ends(2, "", message);
}

#[test]
fn coverage_lists_the_rules_that_no_test_fired() {
    for engine in ["auto", "compiled", "interpreted"] {
        let words = ["test", "tests", "--policy", "path.rules", "--coverage", "--engine", engine];
        let expected = "not fired: far  path.rules:7\n\
            coverage: 40%, 1 of 2 rules fired, 1 of 3 literals needed\n1 passed, 0 failed\n";
        place().run(&words).prints(0, expected);
    }
}

#[test]
fn data_and_rule_files_give_facts_to_every_test() {
    let place = place()
        .file("edge.csv", "from,to\nx,y\n")
        .file("facts.rules", "edge(\"y\", \"z\");\n")
        .file("t.rules", "test \"far\" { edge(\"z\", \"end\"); expect path(\"x\", \"end\"); }\ntest \"alone\" { expect not path(\"x\", \"end\"); }\n");
    let words = ["test", "t.rules", "--policy", "path.rules", "--rules", "facts.rules", "--data", "edge.csv"];
    place.run(&words).prints(0, "2 passed, 0 failed\n");
    let without = place.run(&words[..6]);
    assert_eq!((without.status, without.text().ends_with("1 passed, 1 failed\n")), (1, true), "{}", without.text());
}

#[test]
fn mistakes_in_tests_are_no_failures() {
    let ran = |test: &str| {
        let place = Place::new().file("path.rules", POLICY).file("t.rules", test);
        place.run(&["test", "t.rules", "--policy", "path.rules"])
    };
    ran("test \"x\" { edge(\"a\", \"b\"); }").refuses(&["error[test-without-expect]", "t.rules:1:"]);
    ran("test \"x\" { expect path(A, \"b\"); }").refuses(&["error[test-not-ground]"]);
    ran("test \"x\" { expect pth(\"a\", \"b\"); }").refuses(&["error[unknown-relation]", "did you mean `path`?"]);
    ran(&PASSING.repeat(2)).refuses(&["error[duplicate-test]"]);
}

#[test]
fn the_limit_counts_in_tests() {
    let edges: String = (0..60).map(|number| format!("edge(\"{number}\", \"{}\"); ", number + 1)).collect();
    let place = Place::new()
        .file("path.rules", POLICY)
        .file("t.rules", format!("test \"x\" {{ {edges} expect path(\"0\", \"60\"); }}\n"));
    let words = ["test", "t.rules", "--policy", "path.rules"];
    place.run(&words).prints(0, "1 passed, 0 failed\n");
    place
        .run(&[&words[..], &["--max-derived", "50"]].concat())
        .refuses(&["error[limit-reached]", "more than 50 facts"]);
}
