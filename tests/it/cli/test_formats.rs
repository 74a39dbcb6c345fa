//! `test --format json` and `junit`, and `--coverage`.

use serde_json::{Value, json};

use super::Place;

const POLICY: &str = "entity user;\nentity document;\naction document.read on document;\n\
    input user(user: user);\ninput document(document: document);\ninput reader(user: user, document: document);\n\
    decision allow(user: user, action: action, resource: resource);\n\
    @id(\"readers\")\nallow(U, document.read, D) if document(D), reader(U, D);\n";

const TESTS: &str = "test \"passes\" { expect none user(U); }\n\
    test \"one & <two> \\u{1b}\\u{7}\\\"three\\\"\" {\n    user(\"anna\"); document(\"d\"); reader(\"anna\", \"d\");\n    \
    expect not permitted(\"anna\", document.read, \"d\");\n    expect only document.read { \"anna\": \"e\"; }\n    \
    expect none reader(U, D), permitted(U, document.read, D);\n}\n";

fn place() -> Place {
    Place::new()
        .file("p.rules", POLICY)
        .file("t.rules", TESTS)
        .file("u/more.rules", "test \"more\" { expect 1 < 2; }\n")
}

fn run(format: &str) -> (i32, String) {
    let ran = place().run(&["test", "t.rules", "u", "--policy", "p.rules", "--format", format]);
    assert_eq!(ran.err, "");
    (ran.status, ran.text().to_owned())
}

#[test]
fn json_has_an_object_for_each_test() {
    let (status, text) = run("json");
    let tests: Value = serde_json::from_str(&text).unwrap();
    let [passed, failed, more] = &tests.as_array().unwrap()[..] else { panic!("{text}") };
    assert_eq!(status, 1);
    assert_eq!(text.lines().count(), 3, "an object a line");
    assert_eq!(*passed, json!({"name": "passes", "file": "t.rules", "line": 1, "passed": true, "failures": []}));
    assert_eq!((&more["file"], &more["passed"]), (&json!("u/more.rules"), &json!(true)));
    assert_eq!(failed["name"], "one & <two> \u{1b}\u{7}\"three\"");
    assert_eq!((&failed["line"], &failed["passed"]), (&json!(2), &json!(false)));
    let [literal, table, none] = &failed["failures"].as_array().unwrap()[..] else { panic!("{text}") };
    assert_eq!((&literal["file"], &literal["line"], &literal["column"]), (&json!("t.rules"), &json!(4), &json!(5)));
    assert_eq!(literal["expectation"], "expect not permitted(\"anna\", document.read, \"d\")");
    assert_eq!(literal["message"], "this is expected not to hold, and does");
    let request = &literal["requests"][0];
    assert_eq!(request["subject"], json!({"type": "user", "id": "anna"}));
    assert_eq!(request["action"], json!({"name": "document.read"}));
    assert_eq!(request["resource"], json!({"type": "document", "id": "d"}));
    assert_eq!((&request["decision"], &request["rule"]), (&json!(true), &json!("readers")));
    assert_eq!(request["proof"]["format"], "rolecall-proof");
    assert_eq!((&table["count"], table["requests"].as_array().unwrap().len()), (&json!(2), 2));
    let denied = &table["requests"][1];
    assert_eq!((&denied["decision"], &denied["rule"]), (&json!(false), &json!("default")));
    assert_eq!(denied["misses"][0]["rule"], "readers");
    assert_eq!((&none["count"], &none["answers"]), (&json!(1), &json!([{"U": "anna", "D": "d"}])));
    assert_eq!(none["held"][0]["literal"], "reader(anna, d)");
    assert_eq!(none["requests"][0]["rule"], "readers");
}

#[test]
fn a_literal_that_is_no_request_has_its_reason_in_json_and_junit() {
    let place = Place::new().file("p.rules", POLICY).file(
        "t.rules",
        "relation pair(one: user, other: user);\n@id(\"pairs\") pair(A, B) if reader(A, D), reader(B, D);\n\
         test \"t\" {\n reader(\"a\", \"d\"); reader(\"b\", \"e\");\n expect not pair(\"a\", \"a\");\n expect pair(\"a\", \"b\");\n \
         expect reader(\"a\", \"e\");\n}\n",
    );
    let run = |format| place.run(&["test", "t.rules", "--policy", "p.rules", "--format", format]);
    let json = run("json");
    let tests: Value = serde_json::from_str(json.text()).unwrap();
    let [present, absent, fact] = &tests[0]["failures"].as_array().unwrap()[..] else { panic!("{tests}") };
    let steps = present["derivation"].as_array().unwrap();
    assert_eq!((&steps[0]["relation"], &steps[0]["arguments"]), (&json!("reader"), &json!(["a", "d"])));
    assert_eq!((&steps[1]["relation"], &steps[1]["rule"]["id"]), (&json!("pair"), &json!("pairs")));
    assert_eq!((&absent["misses"][0]["rule"], absent["misses"].as_array().unwrap().len()), (&json!("pairs"), 1));
    assert_eq!(absent["misses"][0]["failed"][0]["kind"], "missing");
    assert_eq!(fact["missing"]["literal"], "reader(a, e)");
    assert_eq!(fact["missing"]["near"].as_array().unwrap().len(), 1);
    assert!([present, absent, fact].iter().all(|failure| failure["requests"] == json!([])), "{tests}");
    let junit = run("junit");
    for said in ["It holds because:", "1. pairs", "FAILS  reader(a, e)."] {
        assert!(junit.text().contains(said), "{said}\n{}", junit.text());
    }
}

/// Enough of XML to read what is written: elements, attributes and text, and nothing that XML does not allow.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(attribute, _)| attribute == name);
        found.map_or_else(|| panic!("no {name} in {self:?}"), |(_, value)| value)
    }
}

fn parse_xml(text: &str) -> Element {
    assert!(text.chars().all(|c| c == '\n' || c >= ' ' && !matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')));
    let mut rest = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    let mut open = vec![Element::default()];
    while let Some(at) = rest.find('<') {
        open.last_mut().unwrap().text.push_str(&plain(&rest[..at]));
        let end = rest.find('>').unwrap();
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let element = open.pop().unwrap();
            assert_eq!(element.name, name);
            open.last_mut().unwrap().children.push(element);
            continue;
        }
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, mut written) = tag.split_once(' ').unwrap();
        let mut element = Element { name: name.to_owned(), ..Element::default() };
        while let Some((attribute, value)) = written.trim_start().split_once("=\"") {
            let (value, more) = value.split_once('"').unwrap();
            element.attributes.push((attribute.to_owned(), plain(value)));
            written = more;
        }
        match is_empty {
            true => open.last_mut().unwrap().children.push(element),
            false => open.push(element),
        }
    }
    assert_eq!(open.len(), 1);
    open.pop().unwrap().children.pop().unwrap()
}

fn plain(text: &str) -> String {
    assert!(
        !text.contains('<') && text.matches('&').count() == text.matches(';').count().min(text.matches('&').count())
    );
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn junit_has_a_suite_for_each_file_and_says_why_a_test_fails() {
    let (status, text) = run("junit");
    assert_eq!(status, 1);
    let root = parse_xml(&text);
    assert_eq!((root.name.as_str(), root.get("tests"), root.get("failures")), ("testsuites", "3", "1"));
    let [first, second] = &root.children[..] else { panic!("{text}") };
    assert_eq!((first.get("name"), first.get("tests"), first.get("failures")), ("t.rules", "2", "1"));
    assert_eq!((second.get("name"), second.get("tests"), second.get("failures")), ("u/more.rules", "1", "0"));
    let [passed, failed] = &first.children[..] else { panic!("{text}") };
    assert_eq!((passed.get("name"), passed.get("classname"), passed.children.len()), ("passes", "t.rules", 0));
    assert_eq!((failed.get("name"), failed.get("line")), ("one & <two> \\u{1b}\\u{7}\"three\"", "2"));
    let failure = &failed.children[0];
    assert_eq!((failure.name.as_str(), failure.get("type")), ("failure", "failed-expectation"));
    assert!(failure.get("message").starts_with("test \"one & <two>"), "{text}");
    for said in
        ["expect not permitted(\"anna\"", "It is allowed because:", "2 requests come out otherwise", "U = anna, D = d"]
    {
        assert!(failure.text.contains(said), "{said}\n{text}");
    }
}

#[test]
fn color_never_reaches_what_programs_read() {
    for format in ["json", "junit"] {
        let words = ["test", "t.rules", "--policy", "p.rules", "--format", format, "--color", "always"];
        assert!(!place().run(&words).text().contains('\u{1b}'));
    }
}

const COVERED: &str = "test \"reads\" {\n    document(\"d\"); reader(\"anna\", \"d\"); reader(\"anna\", \"gone\");\n    \
    expect permitted(\"anna\", document.read, \"d\");\n    expect not permitted(\"anna\", document.read, \"gone\");\n";

#[test]
fn coverage_lists_what_no_test_needed() {
    let run = |test: &str, more: &[&str]| {
        let place = Place::new().file("p.rules", POLICY).file("t.rules", test);
        place.run(&[&["test", "t.rules", "--policy", "p.rules"], more].concat())
    };
    let half = format!("{COVERED}}}\n");
    let whole = format!("{COVERED}    expect not permitted(\"boris\", document.read, \"d\");\n}}\n");
    let needed =
        "not needed: readers  p.rules:9  reader(U, D)\ncoverage: 66%, 1 of 1 rules fired, 1 of 2 literals needed\n";
    run(&half, &["--coverage"]).prints(0, &format!("{needed}1 passed, 0 failed\n"));
    let all = "coverage: 100%, 1 of 1 rules fired, 2 of 2 literals needed\n1 passed, 0 failed\n";
    run(&whole, &["--coverage"]).prints(0, all);
    run(&whole, &["--min-coverage", "100"]).prints(0, all);
    run(&half, &["--min-coverage", "66"]).prints(0, &format!("{needed}1 passed, 0 failed\n"));
    let less = "coverage is less than the 67% that are asked\n";
    run(&half, &["--min-coverage", "67"]).prints(1, &format!("{needed}{less}1 passed, 0 failed\n"));
    let json = run(&half, &["--min-coverage", "67", "--format", "json"]);
    assert_eq!((json.status, json.err.as_str()), (1, format!("{needed}{less}").as_str()));
    run(&half, &["--min-coverage", "101"]).refuses(&["write a whole number from 0 to 100"]);
}

#[test]
fn tables_and_invariants_cover_what_they_ask() {
    let facts =
        "document(\"d\"); user(\"anna\"); user(\"boris\"); reader(\"anna\", \"d\"); reader(\"boris\", \"gone\");";
    for expected in [
        "expect only document.read { \"anna\": \"d\"; } expect only document.read { \"anna\": \"d\"; \"boris\": \"gone\"; }",
        "expect none user(U), reader(_, D), permitted(U, document.read, D);",
    ] {
        let place =
            Place::new().file("p.rules", POLICY).file("t.rules", format!("test \"t\" {{ {facts} {expected} }}"));
        let text = place.run(&["test", "t.rules", "--policy", "p.rules", "--coverage"]).text().to_owned();
        assert!(text.contains("\ncoverage: 100%, 1 of 1 rules fired, 2 of 2 literals needed\n"), "{expected}\n{text}");
    }
}

/// Comparisons and `not` of stored rules, a literal that gives values, and one that nothing else in the rule needs.
#[test]
fn a_literal_of_a_stored_rule_is_needed_where_it_alone_fails() {
    let policy = "entity user;\ninput age(user: user, years: int);\ninput guest(user: user, of: user);\ninput barred(user: user);\n\
        relation admitted(user: user);\n@id(\"old\")\nadmitted(U) if age(U, Years), Years >= 18, not barred(U), guest(U, _);\n";
    let run = |facts: &str| {
        let test = format!("test \"t\" {{ age(\"a\", 20); guest(\"a\", \"h\"); {facts} expect admitted(\"a\"); }}");
        let place = Place::new().file("p.rules", policy).file("t.rules", test);
        let text = place.run(&["test", "t.rules", "--policy", "p.rules", "--coverage"]).text().to_owned();
        text.lines()
            .filter_map(|line| line.strip_prefix("not needed: old  p.rules:7  ").map(str::to_owned))
            .collect::<Vec<_>>()
    };
    // Without `age` nothing gives `Years` a value: it is needed wherever the rule fires.
    assert_eq!(run(""), ["Years >= 18", "not barred(U)", "guest(U, _)"]);
    assert_eq!(run("age(\"b\", 17); guest(\"b\", \"h\");"), ["not barred(U)", "guest(U, _)"]);
    // Two things fail at once, so that neither alone decides.
    assert_eq!(
        run("age(\"b\", 17); guest(\"b\", \"h\"); barred(\"b\");"),
        ["Years >= 18", "not barred(U)", "guest(U, _)"]
    );
    // `b` is admitted by another age, so that the comparison takes nothing away.
    assert_eq!(
        run("age(\"b\", 17); age(\"b\", 18); guest(\"b\", \"h\");"),
        ["Years >= 18", "not barred(U)", "guest(U, _)"]
    );
    assert_eq!(run("age(\"b\", 30); guest(\"b\", \"h\"); barred(\"b\"); age(\"c\", 18);"), ["Years >= 18"]);
}

#[test]
fn coverage_counts_the_given_files_or_all() {
    let own = "@id(\"own\")\nallow(U, chat.join, C) if chat(C, _), user(U);\n\
        test \"t\" { user(\"a\"); chat(\"c\", \"l\"); expect permitted(\"a\", chat.join, \"c\"); }\n";
    let place = Place::new().file("own.rules", own).file("t.rules", "test \"t\" { expect not inactive(\"a\"); }");
    let last = |words: &[&str]| place.run(words).text().lines().rev().nth(1).unwrap().to_owned();
    assert_eq!(last(&["test", "own.rules", "--coverage"]), "coverage: 33%, 1 of 1 rules fired, 0 of 2 literals needed");
    assert!(last(&["test", "own.rules", "--coverage=all"]).contains(" of 150 rules fired"));
    assert!(last(&["test", "t.rules", "--coverage"]).starts_with("coverage: 0%, 0 of 149 rules fired"));
}
