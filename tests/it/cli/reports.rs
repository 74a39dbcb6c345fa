//! `--message-format sarif` and `github`: what programs read.

use serde_json::{Value, json};

use super::{PORTAL, Place, Ran};
use crate::prose::root;

/// The document that a run prints, and nothing beside it.
fn document(text: &str) -> Value {
    let document: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!((&document["version"], document["runs"].as_array().unwrap().len()), (&json!("2.1.0"), 1));
    let run = &document["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "rolecall");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    document
}

fn sarif(place: &Place, words: &[&str]) -> (Ran, Value) {
    let ran = place.run(&[words, &["--message-format", "sarif"]].concat());
    let run = document(if words[0] == "check" { ran.text() } else { &ran.err })["runs"][0].clone();
    (ran, run)
}

#[test]
fn sarif_has_a_result_with_its_places_and_its_change() {
    let place = Place::new()
        .file("мои rules/a.rules", "\u{feff}// é\nrelation senior(user: user, n: int);\nsenior(5, \"1\");\n");
    let (ran, run) = sarif(&place, &["check", "мои rules/a.rules"]);
    assert_eq!((ran.status, ran.err.as_str()), (1, ""));
    let artifact = json!({"uri": "%D0%BC%D0%BE%D0%B8%20rules/a.rules"});
    let region = |line: u32, from: u32, to: u32, byte: u32| {
        let (start, end) = (json!({"startLine": line, "startColumn": from}), json!({"endLine": line, "endColumn": to}));
        let mut region = json!({"byteOffset": byte, "byteLength": to - from});
        for part in [start, end] {
            region.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        }
        region
    };
    let location = |region: Value, text: &str| json!({"physicalLocation": {"artifactLocation": artifact, "region": region}, "message": {"text": text}});
    let declared = location(region(2, 10, 16, 18), "the field `user` of `senior` holds a `user`");
    assert_eq!(
        run["results"][0],
        json!({
            "ruleId": "type-conflict", "ruleIndex": 0, "level": "error",
            "message": {"text": "the integer `5` stands where a `user` is wanted\nHelp: write it as a string: `\"5\"`"},
            "locations": [location(region(3, 8, 9, 53), "expected a `user`")],
            "relatedLocations": [declared],
            "fixes": [{
                "description": {"text": "write it as a string: `\"5\"`"},
                "artifactChanges": [{
                    "artifactLocation": artifact,
                    "replacements": [{"deletedRegion": region(3, 8, 9, 53), "insertedContent": {"text": "\"5\""}}],
                }],
            }],
        })
    );
    assert_eq!(run["results"].as_array().unwrap().len(), 2);
    assert_eq!(run["invocations"], json!([{"executionSuccessful": true, "toolExecutionNotifications": []}]));
    let page = std::fs::read_to_string(root().join("docs/errors/type-conflict.md")).unwrap();
    assert_eq!(
        run["tool"]["driver"]["rules"],
        json!([{
            "id": "type-conflict",
            "shortDescription": {"text": "one thing used as two types"},
            "help": {"text": page, "markdown": page},
        }])
    );
}

#[test]
fn sarif_of_data_names_relation_field_and_path_and_shows_all() {
    let rows = r#"["anna", 1.5], "#.repeat(30);
    let place = Place::new().file("d.json", format!(r#"{{"works_in": [{rows}["anna", "x"]]}}"#));
    let (ran, run) = sarif(&place, &["check", "--data", "d.json"]);
    assert_eq!((ran.status, run["results"].as_array().unwrap().len()), (1, 30));
    let expected = json!({"relation": "works_in", "field": "department", "path": "works_in[1][1]"});
    assert_eq!(run["results"][1]["properties"], expected);
}

#[test]
fn sarif_doubles_braces_of_messages_and_keeps_hidden_characters_out() {
    let place = Place::new().file("a.rules", "test \"{x}\" { user(\"\u{202e}\"); }");
    let (ran, run) = sarif(&place, &["check", "a.rules"]);
    assert!(!ran.text().contains('\u{202e}') && ran.text().ends_with("}\n"), "{}", ran.text());
    let text = run["results"][1]["message"]["text"].as_str().unwrap();
    assert!(text.starts_with("the invisible character `\\u{{202e}}` changes"), "{text}");
}

#[test]
fn sarif_is_one_document_whatever_happens() {
    let place = Place::new().file("portal.json", PORTAL).file("bad.rules", "user(\"anna\"");
    let (ran, run) = sarif(&place, &["check"]);
    assert_eq!((ran.status, ran.err.as_str(), &run["results"]), (0, "", &json!([])));
    // Elsewhere it stands on standard error, and the answer where it always stands.
    let (ran, run) = sarif(&place, &["decide", "nobody", "history.view", "c1", "--data", "portal.json"]);
    assert_eq!((ran.status, ran.text(), &run["results"]), (1, "deny default\n", &json!([])));
    let said = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!((said.len(), &said[0]["level"]), (1, &json!("note")), "{said:?}");
    for words in [&["decide", "anna", "nothing", "c1"][..], &["decide", "anna"], &["rules", "none"], &["nonsense"]] {
        let (ran, run) = sarif(&place, words);
        assert_eq!((ran.status, ran.text(), &run["results"]), (2, "", &json!([])), "{words:?}");
        assert_eq!(run["invocations"][0]["executionSuccessful"], false, "{words:?}");
        assert_eq!(run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().len(), 1, "{words:?}");
    }
    let (ran, run) = sarif(&place, &["query", "user(U)", "--rules", "bad.rules"]);
    assert_eq!((ran.status, ran.text(), &run["results"][0]["ruleId"]), (2, "", &json!("syntax-error")));
    // The answer of `check` is the document, also where there is no answer; a person reads why beside it.
    let (ran, run) = sarif(&place, &["check", "missing.rules"]);
    assert_eq!((ran.status, ran.err.as_str(), &run["results"][0]["ruleId"]), (2, "", &json!("unreadable-file")));
    let place_of_it = json!([{"physicalLocation": {"artifactLocation": {"uri": "missing.rules"}}}]);
    assert_eq!(run["results"][0]["locations"], place_of_it);
    let (ran, run) = sarif(&place, &["check", "--nonsense"]);
    assert!(ran.status == 2 && ran.err.contains("--nonsense"), "{}", ran.err);
    assert_eq!((&run["results"], &run["invocations"][0]["executionSuccessful"]), (&json!([]), &json!(false)));
}

#[test]
fn github_gets_a_command_for_each_mistake() {
    let place = Place::new()
        .file("a,b:50%.rules", "relation work(user: user);\nwork(U) if\n    usr(U), unused(U), user(\n    U);\n")
        .file("display_name.csv", "thing,name\nuser:100%,An: na, x\n");
    let ran = place.run(&["check", "a,b:50%.rules", "--message-format", "github"]);
    let told = "::error file=a%2Cb%3A50%25.rules,line=3,endLine=3,col=5,endColumn=8,title=unknown-relation::unknown \
                relation `usr`%0AHelp: did you mean `user`?\n";
    assert!(ran.status == 1 && ran.text().starts_with(told), "{}", ran.text());
    assert!(ran.text().ends_with("\n2 errors\n"), "{}", ran.text());
    let ran =
        place.run(&["decide", "anna", "app.use", "a", "--data", "display_name.csv", "--message-format", "github"]);
    let told = "::error file=display_name.csv,line=2,endLine=2,col=18,endColumn=20,title=malformed-csv::3 fields in a \
                record of `display_name`, whose header names 2%0ANote: in CSV a value that holds a comma stands in quotes\n";
    ran.ends(2, "", told);
    let ran = place.run(&["check", "50%\n.rules", "--message-format", "github"]);
    let told = "::error file=50%25\\n.rules,title=unreadable-file::can't read 50%25%0A.rules: No such file or directory \
                (os error 2)\n1 error\n";
    ran.prints(2, told);
}

/// The file of the policy that the program carries is none that an administrator could open.
#[test]
fn what_a_built_in_rule_finds_stands_at_the_record_of_the_data() {
    let portal = r#"{"role": [["unused", "crm"]], "crm_role_permission": [["unused", "lead", "read", "own"]]}"#;
    let rules = "/// {Head} heads.\ndoubtful(low, Head) if belongs_to(Head, _), administrator(Head);\n\
                 works_in(\"a\", \"d\");\nadministrator(\"a\");\n";
    let place =
        Place::new().file("p.json", portal).file("t/role.csv", "role,module\nidle,crm\n").file("r.rules", rules);
    let github = |data: &str| place.run(&["check", "--data", data, "--message-format", "github"]).text().to_owned();
    let told = "::warning file=p.json,title=reported::Nobody holds unused (p.json role[0])\n";
    assert!(github("p.json").starts_with(told), "{}", github("p.json"));
    let told = "::warning file=t/role.csv,line=2,title=reported::Nobody holds idle (t/role.csv:2)\n";
    assert!(github("t").contains(told), "{}", github("t"));
    let (_, run) = sarif(&place, &["check", "--data", "t"]);
    let at = json!([{"physicalLocation": {"artifactLocation": {"uri": "t/role.csv"}, "region": {"startLine": 2}}}]);
    let found = run["results"].as_array().unwrap().iter().find(|result| result["locations"] == at).unwrap();
    let related = &found["relatedLocations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(*related, json!({"uri": "rules/audit.rules", "uriBaseId": "BUILT_IN_POLICY"}));
    // What a rule of one's own finds stands at the rule.
    let words = ["check", "r.rules", "--message-format", "github"];
    let ran = place.run(&[&words[..], &["--data", "p.json"]].concat());
    assert!(ran.text().contains("::warning file=r.rules,line=2,endLine=2,col=1,"), "{}", ran.text());
    for text in [github("p.json"), github("t"), ran.text().to_owned()] {
        assert!(!text.contains("file=rules/"), "{text}");
    }
}

/// GitHub takes columns on a single line only.
#[test]
fn github_gets_no_columns_of_what_stands_on_several_lines() {
    let text = "administrator(\"anna\") if\n    user(\"a\"), \n  not user(\n  \"a\");\n";
    let ran = Place::new().file("a.rules", text).run(&["check", "a.rules", "--message-format", "github"]);
    let told = "::warning file=a.rules,line=3,endLine=4,title=never-fires::this rule can never fire: it needs \
                `user(\"a\")` and its absence\n";
    assert!(ran.text().contains(told), "{}", ran.text());
}
