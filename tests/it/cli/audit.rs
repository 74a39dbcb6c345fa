//! `audit`: what rules find, with severity, count, samples, and the question for `why`.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{Place, Ran, finish};
use crate::prose::root;

/// Recordings on the drive, a role that nobody holds, and one of a dismissed person.
const PORTAL: &str = r#"{
"user": ["anna", "boris", "vera"], "inactive": ["vera"], "display_name": [["user:anna", "Anna Kovacs"]],
"call": ["k1", "k2"], "drive_access": [["anna", "k1"], ["anna", "k2"], ["boris", "k1"]],
"role": [["caller", "telephony"], ["unused", "telephony"]], "role_permission": [["caller", "call.make", "any"]],
"assigned_to_user": [["caller", "vera"]]
}"#;

fn audit(words: &[&str]) -> Ran {
    Place::new().file("p.json", PORTAL).run(&[&["audit", "--data", "p.json"], words].concat())
}

#[test]
fn the_gravest_stand_first_with_their_count_records_and_questions() {
    audit(&["--limit", "2", "recording-open-on-drive", "role-of-nobody", "dismissed-holds-role"]).prints(
        0,
        "high: recording-open-on-drive: 2 things  rules/audit.rules:312\n  \
           Anna Kovacs can hear the recording of k1 on the drive, though listening is denied to them.  p.json drive_access[0]\n    \
             rolecall why --data p.json anna recording.reach call:k1\n  \
           boris can hear the recording of k1 on the drive, though listening is denied to them.  p.json drive_access[2]\n    \
             rolecall why --data p.json boris recording.reach call:k1\n  \
           and 1 more\n\
         \n\
         low: role-of-nobody: 1 thing  rules/audit.rules:92\n  \
           Nobody holds unused.  p.json role[1]\n\
         \n\
         low: dismissed-holds-role: 1 thing  rules/audit.rules:360\n  \
           vera is dismissed and still holds caller.  p.json inactive[0]\n\
         \n\
         3 findings: 1 high, 2 low\n",
    );
}

#[test]
fn csv_has_every_instance_and_json_every_finding() {
    audit(&["--format", "csv", "recording-open-on-drive"]).prints(
        0,
        "severity,code,thing,sentence,place,subject,action,resource\n\
         high,recording-open-on-drive,call:k1,\"Anna Kovacs can hear the recording of k1 on the drive, though listening is denied to them.\",p.json drive_access[0],anna,recording.reach,call:k1\n\
         high,recording-open-on-drive,call:k1,\"boris can hear the recording of k1 on the drive, though listening is denied to them.\",p.json drive_access[2],boris,recording.reach,call:k1\n\
         high,recording-open-on-drive,call:k2,\"Anna Kovacs can hear the recording of k2 on the drive, though listening is denied to them.\",p.json drive_access[1],anna,recording.reach,call:k2\n",
    );
    audit(&["--format", "json", "recording-open-on-drive", "role-of-nobody", "--limit", "1"]).prints(
        0,
        "[{\"code\":\"recording-open-on-drive\",\"severity\":\"high\",\"rule\":\"rules/audit.rules:312\",\"things\":2,\"count\":3,\"complete\":true,\"instances\":[{\"thing\":\"call:k1\",\
         \"sentence\":\"Anna Kovacs can hear the recording of k1 on the drive, though listening is denied to them.\",\"place\":\"p.json drive_access[0]\",\
         \"why\":{\"subject\":\"anna\",\"action\":\"recording.reach\",\"resource\":\"call:k1\",\"command\":\"rolecall why --data p.json anna recording.reach call:k1\"}}]},\n \
         {\"code\":\"role-of-nobody\",\"severity\":\"low\",\"rule\":\"rules/audit.rules:92\",\"things\":1,\"count\":1,\"complete\":true,\"instances\":[{\"thing\":\"role:unused\",\
         \"sentence\":\"Nobody holds unused.\",\"place\":\"p.json role[1]\"}]}]\n",
    );
}

/// The portal of the example, imported and audited; the document, and how the run ended.
fn scanned(words: &[&str]) -> (Ran, Value) {
    let export = root().join("examples/bitrix24-box/export").display().to_string();
    let place = Place::new();
    let import = ["import", "bitrix24", &export, "--output", "lumen", "--at", "2026-02-10", "--country", "RU"];
    assert_eq!(place.run(&import).status, 0);
    let ran = place.run(&[&["audit", "--data", "lumen", "--format", "sarif"], words].concat());
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    let document = serde_json::from_str(ran.text()).unwrap();
    (ran, document)
}

/// `BLESS=1 cargo test` writes it anew; read the difference before it is committed.
#[test]
fn the_findings_of_the_example_are_the_sarif_document_as_reviewed() {
    let (ran, mut document) = scanned(&["--limit", "2"]);
    let (same, _) = scanned(&["--limit", "2", "--jobs", "3", "--engine", "compiled"]);
    assert_eq!(ran.text(), same.text());
    document["runs"][0]["tool"]["driver"]["version"] = json!("of this program");
    let text = format!("{document:#}\n");
    let golden = root().join("tests/cases/audit.sarif");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&golden, &text).unwrap();
    }
    assert!(std::fs::read_to_string(&golden).unwrap_or_default() == text, "{text}\nBLESS=1 accepts it");
}

#[test]
fn sarif_has_a_rule_for_each_finding_and_a_result_for_each_instance_at_its_record() {
    let ran = audit(&["--format", "sarif", "recording-open-on-drive", "role-of-nobody"]);
    let document: Value = serde_json::from_str(ran.text()).unwrap();
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 2);
    assert_eq!(rules[0]["id"], "recording-open-on-drive");
    let sentence = "User can hear the recording of Call on the drive, though listening is denied to them.";
    assert_eq!(rules[0]["shortDescription"]["text"], sentence);
    assert_eq!(rules[0]["properties"], json!({"item": "F9", "place": "rules/audit.rules:312"}));
    let text = rules[0]["help"]["text"].as_str().unwrap();
    assert!(text.starts_with("exposed(high, Call) if\n    drive_access(User, Call),"), "{text}");
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 4);
    // The place of a record in JSON is a path; that of a record in CSV is a line, as in the example.
    assert_eq!(
        results[3],
        json!({
            "ruleId": "role-of-nobody", "ruleIndex": 1, "level": "note",
            "message": {"text": "Nobody holds unused."},
            "locations": [{
                "physicalLocation": {"artifactLocation": {"uri": "p.json"}},
                "logicalLocations": [{"fullyQualifiedName": "role[1]"}],
            }],
            "properties": {"severity": "low", "thing": "role:unused", "things": 1, "count": 1, "complete": true},
        })
    );
    let why = json!({
        "subject": "anna", "action": "recording.reach", "resource": "call:k1",
        "command": "rolecall why --data p.json anna recording.reach call:k1",
    });
    assert_eq!((&results[0]["level"], &results[0]["properties"]["count"]), (&json!("error"), &json!(3)));
    assert_eq!(results[0]["properties"]["why"], why);
    let nothing = Place::new().file("p.json", "{}").run(&["audit", "--data", "p.json", "--format", "sarif"]);
    let document: Value = serde_json::from_str(nothing.text()).unwrap();
    assert_eq!((nothing.status, &document["runs"][0]["results"]), (0, &json!([])));
}

/// What a rule file or the built-in policy states is no record of the data: the one has a place, the other none.
#[test]
fn sarif_names_no_file_that_the_administrator_does_not_have() {
    let rules =
        "/// {Role} is a role.\nexposed(low, Role) if role(Role, open_channels);\nrole(\"mine\", open_channels);\n";
    let place = Place::new().file("mine.rules", rules);
    let ran = place.run(&["audit", "--rules", "mine.rules", "mine.rules:2", "--format", "sarif"]);
    let document: Value = serde_json::from_str(ran.text()).unwrap();
    let results = document["runs"][0]["results"].as_array().unwrap();
    let places = |name: &str| {
        let of = |result: &&Value| result["properties"]["thing"] == format!("role:{name}");
        results.iter().find(of).map(|result| result["locations"].clone())
    };
    let here = json!([{"physicalLocation": {"artifactLocation": {"uri": "mine.rules"}, "region": {"startLine": 3}}}]);
    assert_eq!((places("mine"), places("oc_manager")), (Some(here), Some(json!([]))));
}

/// A name that is nothing to a shell but one word, whatever stands in it.
#[cfg(unix)]
#[test]
fn the_command_below_a_finding_can_be_run_as_it_stands() {
    let portal = PORTAL.replace("\"k1\"", "\"-k 1's $HOME\"").replace("\"boris\"", "\"-o'b\"");
    let place = Place::new()
        .file("my data/p's.json", portal)
        .file("-d.json", "{}")
        .file("own.rules", "drive_access(\"anna\", \"k2\");\n");
    let options = ["--data", "my data/p's.json", "--data=-d.json", "--rules", "own.rules"];
    let words = ["audit", "recording-open-on-drive"];
    let ran = place.run(&[&words[..], &options].concat());
    let commands: Vec<&str> = ran.text().lines().filter_map(|line| line.strip_prefix("    ")).collect();
    let first = "rolecall why --data 'my data/p'\\''s.json' --data=-d.json --rules own.rules -- '-o'\\''b' recording.reach 'call:-k 1'\\''s $HOME'";
    assert_eq!(commands[0], first);
    let json: Value =
        serde_json::from_str(place.run(&[&words[..], &options, &["--format", "json"]].concat()).text()).unwrap();
    for (number, typed) in commands.iter().enumerate() {
        assert_eq!(json[0]["instances"][number]["why"]["command"], *typed);
        let program = env!("CARGO_BIN_EXE_rolecall");
        let mut shell = Command::new("sh");
        shell.args(["-c", &typed.replacen("rolecall", program, 1)]).current_dir(place.path("."));
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let answer = finish(shell, b"");
        assert_eq!((answer.status, answer.err.as_str()), (0, ""), "{typed}");
        assert!(
            answer.text().contains("may recording.reach") && answer.text().contains("on the drive"),
            "{}",
            answer.text()
        );
    }
    assert_eq!(commands.len(), 3);
}

#[test]
fn fail_on_makes_the_status_one_from_that_severity_up() {
    assert_eq!(audit(&["--fail-on", "high"]).status, 1);
    assert_eq!(audit(&["--fail-on", "low", "role-of-nobody"]).status, 1);
    assert_eq!(audit(&["--fail-on", "medium", "role-of-nobody"]).status, 0);
    audit(&["--fail-on", "grave"]).ends(2, "", "error: unknown severity `grave`; there are low, medium, high\n");
}

#[test]
fn nothing_found_is_said_and_an_unknown_rule_is_refused() {
    Place::new().file("p.json", "{}").run(&["audit", "--data", "p.json"]).prints(0, "no findings\n");
    Place::new().file("p.json", "{}").run(&["audit", "--data", "p.json", "--format", "json"]).prints(0, "[]\n");
    audit(&["role-of-nobod"]).ends(2, "", "error: no rule finds `role-of-nobod`; did you mean `role-of-nobody`?\n");
    Place::new().file("p.rules", "entity user; input user(user: user);").run(&["audit", "--policy", "p.rules"]).ends(
        2,
        "",
        "error: the policy has no `exposed`, `doubtful` or `reported`, so it finds nothing\n",
    );
}

#[test]
fn what_was_not_looked_at_is_said() {
    let ran = audit(&["--max-questions", "2", "recording-open-on-drive"]);
    assert_eq!(ran.status, 0);
    let out = ran.text();
    assert!(out.starts_with("high: recording-open-on-drive: "), "{out}");
    assert!(out.contains(" or more  rules/audit.rules:312\n"), "{out}");
    assert!(out.contains("  and 0 more; not everything was looked at\n"), "{out}");
}

#[test]
fn rules_of_an_administrator_are_asked_and_one_that_leaves_a_variable_open_is_told() {
    let rules = "/// {User} has {Call} on the drive.\n@id(\"mine\")\n\
                 exposed(medium, Call) if user(User), call(Call), drive_access(User, Call), not permitted(User, recording.listen, Call);\n\
                 @id(\"open\")\nexposed(high, Call) if permitted(\"anna\", recording.reach, Call);\n";
    let place = Place::new().file("p.json", PORTAL).file("mine.rules", rules);
    place
        .run(&["audit", "--data", "p.json", "--rules", "mine.rules", "mine", "open", "--message-format", "short"])
        .ends(
            0,
            "medium: mine: 2 things  mine.rules:3\n  \
           Anna Kovacs has k1 on the drive.  p.json user[0]\n  \
           boris has k1 on the drive.  p.json user[1]\n  \
           Anna Kovacs has k2 on the drive.  p.json user[0]\n\
         \n\
         1 finding: 1 medium\n",
            "mine.rules:5:1: warning[reported]: `open` is not asked: it leaves `Call` open\n",
        );
}

#[test]
fn engines_and_threads_find_the_same_bytes() {
    let acme =
        |words: &[&str]| super::who::on_acme(&[&["audit", "--format", "json"], words].concat()).text().to_owned();
    let one = acme(&["--jobs", "1"]);
    assert!(one.contains("stage-takes-access"), "{one}");
    assert_eq!(acme(&["--jobs", "4"]), one);
    assert_eq!(acme(&["--engine", "compiled"]), one);
}

#[test]
fn check_tells_what_is_doubtful_with_the_record() {
    let ran = Place::new().file("p.json", PORTAL).run(&["check", "--data", "p.json", "--message-format", "short"]);
    assert_eq!(ran.status, 0);
    let out = ran.text();
    assert!(out.contains("warning[reported]: Nobody holds unused (p.json role[1])\n"), "{out}");
    assert!(!out.contains("drive"), "{out}");
}

/// A check of nothing that passes would be taken for one of the portal.
#[test]
fn an_audit_without_data_is_a_mistake() {
    let message = "error: no data was given, so there is nothing to audit; `--data PATH` names it\n";
    Place::new().run(&["audit"]).ends(2, "", message);
    Place::new().run(&["audit", "--fail-on", "low", "--format", "json"]).ends(2, "", message);
    let place = Place::new().file("facts.rules", "user(\"anna\");\n");
    place.run(&["audit", "--rules", "facts.rules"]).prints(0, "no findings\n");
}
