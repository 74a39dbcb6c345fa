//! `check`: mistakes in rules and data are the answer, on standard output.

use serde_json::{Value, json};

use super::{PORTAL, Place, Ran};

#[test]
fn the_policy_has_no_mistakes() {
    let ran = Place::new().run(&["check"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    let text = ran.text();
    assert!(
        text.starts_with("checked ") && text.ends_with(" rules: no mistakes\n") && text.lines().count() == 1,
        "{text}"
    );
}

#[test]
fn data_that_is_right_is_counted() {
    let policy = "entity a; input a(a: a); relation b(a: a); b(X) if a(X);";
    let place = Place::new()
        .file("p.rules", policy)
        .file("a.json", "{\"a\": [1, 2, 3]}")
        .file("t.rules", "test \"t\" { a(\"1\"); expect b(\"1\"); }");
    place.run(&["check", "--policy", "p.rules", "t.rules", "--data", "a.json", "--message-format", "short"]).prints(
        0,
        "p.rules:1:44: note[rule-effect]: `p.rules:1` gives 3 answers, 3 of them alone\n\
             checked 1 rule and 3 facts: 1 note\n",
    );
    place.run(&["check", "--policy", "p.rules", "t.rules"]).prints(0, "checked 1 rule: no mistakes\n");
}

#[test]
fn folders_and_several_files_are_checked_together() {
    let place = Place::new()
        .file("rules/b.rules", "friend(\"anna\", \"boris\");\nlonely(U) if user(U), not frend(U, _);\n")
        .file("rules/a.rules", "input friend(user: user, friend: user);\nrelation lonely(user: user);\n")
        .file("rules/notes.txt", "no rules")
        .file("more.rules", "lonely(U) if usr(U);\n");
    let ran = place.run(&["check", "rules", "more.rules", "--message-format", "short"]);
    let expected = "rules/b.rules:2:27: error[unknown-relation]: unknown relation `frend`\n\
                    more.rules:1:14: error[unknown-relation]: unknown relation `usr`\n2 errors\n";
    ran.prints(1, expected);
    let alone = place.run(&["check", "rules/b.rules", "--message-format", "short"]);
    assert_eq!(alone.status, 1);
}

/// The example of the reference: every member of the object.
#[test]
fn json_has_an_object_for_each_mistake() {
    let place = Place::new().file("team.rules", "allow(U, history.view, _) if\n    work_in(U, \"sales\");\n");
    let ran = place.run(&["check", "team.rules", "--message-format", "json"]);
    assert_eq!((ran.status, ran.err.as_str()), (1, ""));
    let expected = json!({
        "code": "unknown-relation", "severity": "error", "message": "unknown relation `work_in`",
        "file": "team.rules", "line": 2, "column": 5,
        "spans": [{"file": "team.rules", "start": 33, "end": 40, "line": 2, "column": 5, "label": "not declared", "primary": true}],
        "notes": [],
        "help": [{"message": "did you mean `works_in`?", "replacement": "works_in", "file": "team.rules", "start": 33, "end": 40}],
    });
    assert_eq!(Ran::json_lines(ran.text()), [expected]);
    let keys = "{\"code\":\"unknown-relation\",\"severity\":\"error\",\"message\":\"unknown relation `work_in`\",\"file\":\"team.rules\",\"line\":2,\"column\":5,\"spans\":[{\"file\":";
    assert!(ran.text().starts_with(keys), "{}", ran.text());
}

#[test]
fn offsets_are_bytes_of_the_file_and_columns_are_characters() {
    let text = "\u{feff}user(\"Анна 😀\"); usr(\"я\");\r\n";
    let place = Place::new().file("имя.rules", text);
    let ran = place.run(&["check", "имя.rules", "--message-format", "json"]);
    let start = text.find("usr").unwrap();
    let found = &Ran::json_lines(ran.text())[0];
    assert_eq!((&found["line"], &found["column"]), (&json!(1), &json!(17)));
    assert_eq!((&found["spans"][0]["start"], &found["spans"][0]["end"]), (&json!(start), &json!(start + 3)));
    assert_eq!((&found["file"], start), (&json!("имя.rules"), 26));
}

#[test]
fn places_in_data_count_the_same_way() {
    let text = "\u{feff}{\"user\": [\"Анна 😀\"], \"works_in\": [[\"я\", 1.5]]}";
    let place = Place::new().file("d.json", text);
    let ran = place.run(&["check", "--data", "d.json", "--message-format", "json"]);
    assert_eq!(ran.status, 1);
    let found = &Ran::json_lines(ran.text())[0];
    let start = text.find("1.5").unwrap();
    let column = text[3..start].chars().count() + 1;
    let expected = json!(["wrong-type", "error", "d.json", 1, column, "works_in", "department", "works_in[0][1]"]);
    let members = ["code", "severity", "file", "line", "column", "relation", "field", "path"];
    assert_eq!(members.map(|member| found[member].clone()).to_vec(), *expected.as_array().unwrap());
    assert_eq!((&found["spans"][0]["start"], &found["spans"][0]["end"]), (&json!(start), &json!(start + 3)));
}

#[test]
fn places_in_tables_count_the_same_way() {
    let text = "\u{feff}user,department\r\nАнна 😀,sales\r\n\"Борис\",\r\n";
    let place = Place::new().file("works_in.csv", text);
    let ran = place.run(&["check", "--data", "works_in.csv", "--message-format", "json"]);
    assert_eq!(ran.status, 1);
    let found = &Ran::json_lines(ran.text())[0];
    let expected = json!(["empty-id", "works_in.csv", 3, 9, "works_in", "department", Value::Null]);
    let members = ["code", "file", "line", "column", "relation", "field", "path"];
    assert_eq!(members.map(|member| found[member].clone()).to_vec(), *expected.as_array().unwrap());
    assert_eq!(found["spans"][0]["start"], json!(text.len() - 2));
}

/// The codes of what `check` finds in data, without a fixed place.
fn findings(data: &str) -> Vec<(String, String)> {
    let ran = Place::new().file("d.json", data).run(&["check", "--data", "d.json", "--message-format", "json"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{}", ran.text());
    let member = |found: &Value, name: &str| found[name].as_str().unwrap().to_owned();
    let found = Ran::json_lines(ran.text());
    assert!(found.iter().all(|found| found["severity"] == "warning"), "{}", ran.text());
    found.iter().map(|found| (member(found, "code"), member(found, "message"))).collect()
}

#[test]
fn undeclared_references_are_warnings() {
    let found = findings(r#"{"user": ["anna"], "works_in": [["anna", "sles"]], "department": ["sales"]}"#);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "undeclared-reference");
    assert!(found[0].1.contains("sles"), "{}", found[0].1);
}

/// What one run of `check` finds, as file, line and column, relation, field and path.
fn places(place: &Place, words: &[&str]) -> Vec<Value> {
    let ran = place.run(&[&["check"], words, &["--message-format", "json"]].concat());
    let member = |found: &Value| {
        json!(["file", "line", "column", "relation", "field", "path"].map(|member| found[member].clone()))
    };
    Ran::json_lines(ran.text()).iter().map(member).collect()
}

#[test]
fn a_reference_in_json_has_its_line_and_path() {
    let data = "{\"department\": [\"sales\"],\n \"x\\u0079z\": [],\n \"works_in\": [[\"anna\", \"sales\"],\n  \
                {\"department\": \"sles\", \"user\": \"b\"}, [\"c\", 7]]}";
    let rules = "input xyz(a: text);\n";
    let place = Place::new().file("d.json", data).file("x.rules", rules);
    let expected = json!(["d.json", 4, 18, "works_in", "department", "works_in[1].department"]);
    assert_eq!(places(&place, &["x.rules", "--data", "d.json"])[1..], [expected]);
    let place = Place::new().file("d.json", "\u{feff}{\"works_in\": [[1, \"s\"]]}");
    let expected = json!(["d.json", 1, 15, "works_in", "user", "works_in[0].user"]);
    assert_eq!(places(&place, &["--data", "d.json"])[0], expected, "a number is marked as its record");
}

#[test]
fn what_has_no_text_to_point_to_has_its_file() {
    let place = Place::new().file("d/notes.txt", "").file("d/sub/x.json", "{}");
    let nothing = Value::Null;
    let whole = |file: &str| json!([file, nothing, nothing, nothing, nothing, nothing]);
    let expected = ["d/notes.txt", "d/sub", "gone.json"].map(whole);
    assert_eq!(places(&place, &["--data", "d", "--data", "gone.json"]), expected);
    assert_eq!(places(&place, &["gone.rules"]), [whole("gone.rules")]);
    let ran = place.run(&["check", "gone.rules", "--message-format", "github"]);
    assert!(ran.text().starts_with("::error file=gone.rules,title=unreadable-file::"), "{}", ran.text());
    let ran = place.run(&["check", "gone.rules", "--message-format", "sarif"]);
    let document: Value = serde_json::from_str(ran.text()).unwrap();
    let location = &document["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(*location, json!({"artifactLocation": {"uri": "gone.rules"}}));
}

#[test]
fn an_illegal_level_in_rules_is_marked_and_named() {
    let rules =
        "role_permission(\"m\", // the action\n  chat.rate, own);\nrole_permission(R, app.use, own) if role(R, crm);\n";
    let place = Place::new().file("l.rules", rules);
    let nothing = Value::Null;
    let expected = [
        json!(["l.rules", 2, 14, "role_permission", "level", nothing]),
        json!(["l.rules", 3, 20, "role_permission", "action", nothing]),
    ];
    assert_eq!(places(&place, &["l.rules"]), expected);
}

#[test]
fn what_rules_report_about_the_data_are_warnings() {
    let cycle = r#"{"department": ["a", "b"], "department_parent": [["a", "b"], ["b", "a"]]}"#;
    let found = findings(cycle);
    assert_eq!(found.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), ["reported", "reported"]);
    assert!(found[0].1.contains("the departments go round in a circle"), "{}", found[0].1);

    let nameless = findings(
        r#"{"role_permission": [["x", "history.view", "own"]], "assigned_to_user": [["x", "anna"]], "user": ["anna"]}"#,
    );
    assert!(
        nameless.iter().any(|(code, message)| code == "reported" && message.contains("`role` fact")),
        "{nameless:?}"
    );

    let foreign = findings(
        r#"{"role": [["x", "telephony"]], "role_permission": [["x", "history.view", "own"]], "assigned_to_user": [["x", "anna"]], "user": ["anna"]}"#,
    );
    assert!(foreign.iter().any(|(code, message)| code == "reported" && message.contains("x")), "{foreign:?}");
}

#[test]
fn a_person_sees_samples_of_what_a_rule_reports_and_a_program_everything() {
    let lines: String = ["a,b", "b,c", "c,d", "d,e", "e,a"].map(|row| format!("{row}\n")).concat();
    let place = Place::new().file("t/department_parent.csv", format!("department,parent\n{lines}"));
    let screen = place.run(&["check", "--data", "t", "--message-format", "human"]);
    assert!(screen.text().contains("and 2 more"), "{}", screen.text());
    let ran = place.run(&["check", "--data", "t", "--message-format", "json"]);
    let told = Ran::json_lines(ran.text());
    let reported = told.iter().filter(|found| found["code"] == "reported");
    let places: Vec<(&str, u64)> =
        reported.map(|found| (found["file"].as_str().unwrap(), found["line"].as_u64().unwrap())).collect();
    assert_eq!(places, [2, 3, 4, 5, 6].map(|line| ("t/department_parent.csv", line)));
}

#[test]
fn other_commands_say_nothing_about_references() {
    Place::with_portal().on_portal(&["decide", "anna", "history.view", "c1"]).prints(0, "allow chat-level-own\n");
    let cycle =
        Place::new().file("d.json", r#"{"department_parent": [["a", "b"], ["b", "a"]], "works_in": [["anna", "a"]]}"#);
    cycle.run(&["query", "within(\"a\", D)", "--data", "d.json"]).prints(0, "D\na\nb\n");
}

#[test]
fn mistakes_in_data_are_errors() {
    let data = PORTAL.replace("\"call.make\", \"crm_customers\"", "\"call.make\", \"own\"");
    let place = Place::new().file("portal.json", data);
    let ran = place.run(&["check", "--data", "portal.json", "--message-format", "short"]);
    assert_eq!((ran.status, ran.err.as_str()), (1, ""));
    assert!(ran.text().starts_with("portal.json:5:80: "), "{}", ran.text());
    assert!(ran.text().contains("error[illegal-level]") && ran.text().ends_with(": 1 error\n"), "{}", ran.text());
    // Elsewhere the same is no answer.
    place.run(&["decide", "anna", "history.view", "c1", "--data", "portal.json"]).refuses(&["error[illegal-level]"]);
}

#[test]
fn what_can_not_be_read_can_not_be_judged() {
    let place = Place::new();
    let message = "error[unreadable-file]: can't read missing.rules: No such file or directory (os error 2)\n1 error\n";
    place.run(&["check", "missing.rules"]).prints(2, message);
    let ran = place.run(&["check", "missing.rules", "--message-format", "json"]);
    assert_eq!((ran.status, ran.err.as_str()), (2, ""));
    let found = &Ran::json_lines(ran.text())[0];
    assert_eq!(
        (&found["code"], &found["file"], &found["spans"]),
        (&json!("unreadable-file"), &json!("missing.rules"), &json!([]))
    );
    let data = place.run(&["check", "--data", "missing.json"]);
    assert_eq!(data.status, 2);
    assert!(data.text().contains("error[unreadable-file]") && data.text().contains("missing.json"), "{}", data.text());
}

#[test]
fn a_screen_shows_twenty_and_a_count() {
    let place = Place::new().file("many.rules", "nobody(\"x\");\n".repeat(25));
    let ran = |format| place.run(&["check", "many.rules", "--message-format", format]);
    let short = ran("short");
    assert_eq!((short.status, short.text().lines().count()), (1, 22));
    assert!(short.text().ends_with("… and 5 more\n25 errors\n"), "{}", short.text());
    let human = ran("human");
    assert_eq!(human.text().matches("error[unknown-relation]").count(), 20);
    assert!(human.text().ends_with("\n… and 5 more\n25 errors\n"), "{}", human.text());
    assert_eq!(Ran::json_lines(ran("json").text()).len(), 25);
}

#[test]
fn warnings_leave_the_status_alone() {
    let place = Place::new().file("user.csv", "user\nanna");
    let ran = place.run(&["check", "--data", "user.csv", "--message-format", "short"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    let warning = "user.csv:2:1: warning[truncated-file]: ";
    assert!(ran.text().starts_with(warning) && ran.text().ends_with(" 1 fact: 1 warning\n"), "{}", ran.text());
}

#[test]
fn warnings_can_be_denied_and_stay_warnings() {
    let place = Place::new()
        .file("user.csv", "user\nanna")
        .file("team.rules", "allow(U, app.use, App) if app(App);\n")
        .file("sound.rules", "allow(_, app.use, App) if app(App);\n");
    let check = |words: &[&str]| {
        let ran = place.run(&[&["check", "--deny-warnings", "--message-format", "short"], words].concat());
        assert_eq!(ran.err, "");
        (ran.status, ran.text().lines().next().unwrap().to_owned())
    };
    let (status, line) = check(&["--data", "user.csv"]);
    assert_eq!((status, line.starts_with("user.csv:2:1: warning[truncated-file]: ")), (1, true), "{line}");
    let used_once = "team.rules:1:7: warning[variable-used-once]: the variable `U` is used once";
    assert_eq!(check(&["team.rules"]), (1, used_once.to_owned()));
    assert_eq!(check(&["sound.rules"]).0, 0);
}

/// A rule over several lines is quoted on one.
#[test]
fn messages_quote_rules_on_one_line() {
    let text = "allow(U, app.use, A) if\n    app_assigned_to_user(\n        A,\n        U\n    ),\n    \
                not app_assigned_to_user(A, U);\n";
    let ran = Place::new().file("team.rules", text).run(&["check", "team.rules", "--message-format", "short"]);
    let message = "this rule can never fire: it needs `app_assigned_to_user(A, U)` and its absence";
    assert_eq!(ran.text().lines().next().unwrap(), format!("team.rules:6:5: warning[never-fires]: {message}"));
}

/// They are for the author of the rules; beside answers they would only be in the way.
#[test]
fn warnings_about_rules_are_said_by_check_alone() {
    let rules = "test \"t\" { user(\"anna\"); expect user(\"anna\"); }\nallow(U, app.use, _);\n";
    let place = Place::with_portal().file("x.rules", rules);
    let ran = place.run(&["check", "x.rules", "--message-format", "short"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    let warning = "x.rules:2:7: warning[variable-used-once]: the variable `U` is used once\n";
    assert!(ran.text().starts_with(warning) && ran.text().ends_with(" rules: 1 warning\n"), "{}", ran.text());
    let ran = place.run(&["check", "x.rules", "--message-format", "json"]);
    let found = &Ran::json_lines(ran.text())[0];
    assert_eq!((&found["severity"], &found["code"]), (&json!("warning"), &json!("variable-used-once")));
    assert_eq!(found["help"][0]["replacement"], "_");
    for words in [&["test", "x.rules"][..], &["decide", "anna", "app.use", "board", "--rules", "x.rules"]] {
        let ran = place.on_portal(words);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{words:?}");
    }
}

#[test]
fn what_never_fires_is_not_idle_too() {
    let rules = "relation closed(chat: chat);\nallow(U, chat.rate, C) if user(U), closed(C);\nallow(U, chat.rate, C) if user(U), chat_crm(C, _);\n";
    let place = Place::with_portal().file("own.rules", rules);
    let ran = place.on_portal(&["check", "own.rules", "--message-format", "short"]);
    let told = |line: u32, code: &str| {
        ran.text().lines().any(|text| text.starts_with(&format!("own.rules:{line}:")) && text.contains(code))
    };
    assert!(told(2, "[never-fires]") && !told(2, "[idle-rule]") && told(3, "[idle-rule]"), "{}", ran.text());
}

#[test]
fn illegal_levels_are_told_beside_other_mistakes() {
    let place = Place::new().file("own.rules", "role_permission(\"r\", chat.rate, own); user(U);\nrelation;\n");
    let ran = place.run(&["check", "own.rules", "--message-format", "short"]);
    let codes: Vec<&str> =
        ran.text().lines().filter_map(|line| Some(line.split_once("error[")?.1.split_once(']')?.0)).collect();
    assert_eq!(codes, ["illegal-level", "unbound-variable", "syntax-error"], "{}", ran.text());
}

#[test]
fn a_copy_of_the_policy_has_no_warnings() {
    let policy = crate::prose::root().join("rules");
    let ran = Place::new().run(&["check", "--policy", policy.to_str().unwrap(), "--message-format", "short"]);
    assert!(ran.status == 0 && ran.text().ends_with(": no mistakes\n"), "{}", ran.text());
    assert_eq!(ran.text().lines().count(), 1, "{}", ran.text());
}
