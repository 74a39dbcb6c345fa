//! `test`: tables (`expect only`) and invariants (`expect none`), and what is said where they fail.

use super::Place;

const POLICY: &str = "entity user;\nentity document;\naction document.read on document;\naction document.sign on document;\n\
    input user(user: user);\ninput document(document: document);\ninput reader(user: user, document: document);\n\
    input barred(user: user);\ninput display_name(thing: resource, name: text);\n\
    decision allow(user: user, action: action, resource: resource);\n\
    decision deny(user: user, action: action, resource: resource);\n\
    @id(\"readers\")\nallow(U, document.read, D) if document(D), reader(U, D);\n\
    @id(\"barred\")\ndeny(U, _, _) if barred(U);\n";

const FACTS: &str = "user(\"anna\"); user(\"boris\"); document(\"d1\"); document(\"d2\");\n\
    reader(\"anna\", \"d1\"); reader(\"boris\", \"d1\"); reader(\"boris\", \"d2\");\n";

/// A test of these facts with these expectations.
fn expecting(expectations: &str) -> Place {
    let test = format!("test \"t\" {{\n{FACTS}{expectations}\n}}\n");
    Place::new().file("p.rules", POLICY).file("t.rules", test)
}

const RUN: [&str; 4] = ["test", "t.rules", "--policy", "p.rules"];

fn passes(expectations: &str) {
    expecting(expectations).run(&RUN).prints(0, "1 passed, 0 failed\n");
}

/// Fails, and says all of this in this order.
fn fails(expectations: &str, says: &[&str]) {
    let ran = expecting(expectations).run(&RUN);
    let text = ran.text();
    assert_eq!((ran.status, ran.err.as_str()), (1, ""), "{text}");
    let mut rest = text;
    for said in says {
        let at = rest.find(said).unwrap_or_else(|| panic!("`{said}` is not said, or too early\n{text}"));
        rest = &rest[at + said.len()..];
    }
}

#[test]
fn a_table_holds_where_what_it_lists_is_all_that_is_allowed() {
    passes("expect only document.read { \"anna\": \"d1\"; \"boris\": \"d1\", \"d2\"; }");
    passes("expect only document.read { _: \"d1\"; \"boris\": document:\"d2\"; }");
    passes("expect only document.read { \"boris\": _; \"anna\", user:\"boris\": \"d1\"; }");
    passes("expect only document.sign {}");
    passes("expect only document.read, document.sign {} reader(\"x\", \"y\"); barred(\"anna\"); barred(\"boris\");");
}

#[test]
fn what_a_table_does_not_list_must_be_denied() {
    fails(
        "expect only document.read { \"anna\": \"d1\"; \"boris\": \"d1\"; }",
        &[
            "one request comes out otherwise",
            "boris may document.read d2 and is not listed, by `readers`:",
            "reader(boris, d2)",
        ],
    );
    fails(
        "expect only document.read {}",
        &[
            "3 requests come out otherwise",
            "anna may document.read d1",
            "boris may document.read d1",
            "boris may document.read d2",
        ],
    );
}

#[test]
fn what_a_table_lists_must_be_allowed() {
    fails(
        "expect only document.read { _: \"d1\"; \"boris\", \"anna\": \"d2\"; }",
        &[
            "one request comes out otherwise",
            "listed, and not allowed",
            "anna may not document.read d2, though listed: no rule allows it:",
            "1. readers",
            "FAILS  reader(anna, d2)",
        ],
    );
    fails(
        "barred(\"anna\"); expect only document.read { _: \"d1\"; \"boris\": \"d2\"; }",
        &[
            "one request comes out otherwise",
            "anna may not document.read d1, though listed, forbidden by `barred`:",
            "barred(anna)",
        ],
    );
    fails("expect only document.read { _: _; }", &["one request comes out otherwise", "anna may not document.read d2"]);
}

#[test]
fn each_action_of_a_table_has_all_its_cells() {
    fails(
        "expect only document.sign, document.read { _: \"d1\"; \"boris\": \"d2\"; }",
        &[
            "3 requests come out otherwise",
            "anna may not document.sign d1",
            "boris may not document.sign d1",
            "boris may not document.sign d2",
        ],
    );
}

/// Those with a fact of their own, and those that the table names.
#[test]
fn a_table_is_about_all_who_exist_and_those_it_names() {
    // carla and d3 have no fact of their own.
    passes("reader(\"carla\", \"d1\"); expect only document.read { \"anna\": \"d1\"; \"boris\": _; }");
    fails(
        "reader(\"carla\", \"d1\"); expect only document.read { \"anna\": \"d1\"; \"boris\": _; \"carla\": \"d2\"; }",
        &[
            "2 requests come out otherwise",
            "carla may document.read d1 and is not listed",
            "carla may not document.read d2, though listed",
        ],
    );
    fails(
        "expect only document.read { _: \"d1\", \"d3\"; \"boris\": \"d2\"; }",
        &["2 requests", "anna may not document.read d3", "boris may not document.read d3"],
    );
}

#[test]
fn only_the_first_wrong_cells_are_told_with_the_count_of_the_others() {
    let users: String = (10..23).map(|number| format!("user(\"u{number}\");")).collect();
    let readers: String = (10..23).map(|number| format!("reader(\"u{number}\", \"d2\");")).collect();
    let expected = format!("{users}{readers}expect only document.read {{ _: \"d1\"; \"boris\": \"d2\"; }}");
    let ran = expecting(&expected).run(&RUN);
    let text = ran.text();
    // 13 may read d2, and 13 may not read d1; the table names them in the order of their ids.
    assert!(text.contains("26 requests come out otherwise"), "{text}");
    assert_eq!(text.matches(" document.read ").count(), 10 + 1, "{text}");
    assert!(text.contains("\nu10 may not document.read d1") && text.contains("\nu14 may document.read d2"), "{text}");
    assert!(text.ends_with("\nand 16 more.\n\n0 passed, 1 failed\n"), "{text}");
}

#[test]
fn an_invariant_holds_where_its_literals_never_hold_together() {
    passes("expect none reader(U, D), barred(U);");
    passes("expect none user(U), document(D), permitted(U, document.sign, D);");
    passes(
        "barred(\"anna\"); expect none barred(U), document(D), permitted(U, _A, D), _A = document.read;"
            .replace("_A", "A")
            .as_str(),
    );
    passes("expect none not user(\"anna\");");
    passes("expect none reader(_, \"d3\");");
    fails("expect none reader(_, \"d1\");", &["this is expected of nothing, and holds once"]);
}

#[test]
fn a_broken_invariant_shows_its_first_answers_and_the_reason_of_the_first() {
    fails(
        "display_name(user:\"boris\", \"Boris \\u{202e}Adler\"); expect none user(U), document(D), permitted(U, document.read, D);",
        &[
            "this is expected of nothing, and holds for 3 combinations",
            "  U = anna, D = d1\n  U = Boris \\u{202e}Adler (boris), D = d1\n  U = Boris \\u{202e}Adler (boris), D = d2\n",
            "holds  user(anna).",
            "holds  document(d1).",
            "anna may document.read d1, by `readers`:",
            "reader(anna, d1)",
        ],
    );
    fails(
        "barred(\"anna\"); expect none user(U), not permitted(U, document.read, \"d1\");",
        &["holds once", "  U = anna\n", "anna may not document.read d1, forbidden by `barred`:"],
    );
}

#[test]
fn answers_are_counted_each_once_and_sorted() {
    let documents: String = (10..25).map(|number| format!("document(\"e{number}\");")).collect();
    let ran = expecting(&format!("{documents}expect none document(D), document(E), user(_);")).run(&RUN);
    let text = ran.text();
    // 17 documents in pairs.
    assert!(text.contains("holds for 289 combinations"), "{text}");
    assert!(text.contains("\n  D = d1, E = d1\n  D = d1, E = d2\n  D = d1, E = e10\n"), "{text}");
    assert!(text.contains("\n  D = d1, E = e17\n  and 279 more\n"), "{text}");
}

#[test]
fn an_invariant_without_facts_of_its_own_is_about_the_data() {
    let place = Place::new()
        .file("p.rules", POLICY)
        .file("t.rules", "test \"nobody reads what they are barred from\" { expect none reader(U, D), barred(U), permitted(U, document.read, D); }\n\
             test \"nobody is barred\" { expect none barred(U); }\ntest \"on its own\" { barred(\"anna\"); expect barred(\"anna\"); }\n\
             test \"nobody reads\" { expect only document.read { \"anna\": \"d1\"; } }\n")
        .file("data.json", r#"{"user":["anna"],"document":["d1","d2"],"reader":[["anna","d1"],["carl","d2"]],"barred":["carl"]}"#);
    let ran = place.run(&[&RUN[..], &["--data", "data.json"]].concat());
    let text = ran.text();
    assert_eq!(ran.status, 1, "{text}");
    assert!(text.contains("test \"nobody is barred\" fails") && text.contains("  U = carl\n"), "{text}");
    assert!(text.contains("holds  barred(carl).  data.json barred[0]"), "{text}");
    assert!(text.ends_with("\n3 passed, 1 failed\n"), "{text}");
}

#[test]
fn what_is_too_much_to_look_at_is_no_failure() {
    for expectation in ["expect none document(D), document(E), user(U);", "expect only document.read {}"] {
        let place = expecting(expectation);
        let refused = place.run(&[&RUN[..], &["--max-combinations", "3"]].concat());
        refused.refuses(&["error[limit-reached]", "more than 3 combinations of values", "--max-combinations"]);
        assert_eq!(place.run(&[&RUN[..], &["--max-combinations", "100"]].concat()).status, 1);
    }
}

#[test]
fn the_answers_do_not_depend_on_the_engine() {
    let text = |engine| {
        let place = expecting("expect only document.read {} expect none reader(U, D), not barred(U);");
        place.run(&[&RUN[..], &["--engine", engine]].concat()).text().to_owned()
    };
    let auto = text("auto");
    assert!(auto.contains("3 requests") && auto.contains("3 combinations"), "{auto}");
    assert_eq!(text("compiled"), auto);
    assert_eq!(text("interpreted"), auto);
}
