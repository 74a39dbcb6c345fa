//! `diff`: what changes from one side to the other, in every format, and how it ends.

use super::{PORTAL, Place, Ran};
use crate::prose::root;

/// Boris gets a role, Anna loses her chat, and a rule lets everyone have the board.
const MORE: &str =
    r#"{"assigned_to_user": [["reader", "boris"]], "display_name": [["user:boris", "Boris \"B\", the 2nd"]]}"#;

const RULES: &str = "/// {User} is of the sales department.\n@id(\"board-of-sales\")\n\
                     allow(User, app.install, App) if app(App), works_in(User, \"sales\");\n";

fn place() -> Place {
    let less = PORTAL.replace(r#"["c1", "anna"], "#, "");
    Place::with_portal().file("less.json", less).file("more.json", MORE).file("new.rules", RULES)
}

const NONE: &str = "Decisions: none gained, none lost.\nLevels: none gained, none lost.\n";

#[test]
fn where_nothing_changes_it_says_so() {
    place().on_portal(&["diff", "--to-data", "portal.json"]).prints(0, NONE);
    place().on_portal(&["diff", "--to-data", "portal.json", "--fail-on", "any"]).prints(0, NONE);
    place().on_portal(&["diff", "--to-data", "portal.json", "--format", "json"]).prints(
        0,
        "{\"changes\":[],\n\"summary\":{\"decisions\":{\"gained\":{\"both\":0,\"data\":0,\"either\":0,\"rules\":0,\"total\":0},\
         \"lost\":{\"both\":0,\"data\":0,\"either\":0,\"rules\":0,\"total\":0}},\"levels\":{\"gained\":{\"both\":0,\"data\":0,\
         \"either\":0,\"rules\":0,\"total\":0},\"lost\":{\"both\":0,\"data\":0,\"either\":0,\"rules\":0,\"total\":0}}}}\n",
    );
}

#[test]
fn text_is_a_paragraph_for_each_user_and_a_summary() {
    let words = ["diff", "--to-data", "less.json", "--to-data", "more.json", "--to-rules", "new.rules"];
    place().on_portal(&words).prints(
        0,
        "\
anna
  gained  app.install  app:board  (by rules)
          board-of-sales: anna is of the sales department.
          new   rule board-of-sales  new.rules:3
  lost    history.view  chat:c1  (by data)
          before: chat-level-own: anna has at least the level own for history.view, and is an agent of c1.
          gone  chat_agent(c1, anna)  portal.json chat_agent[0]

boris  Boris \"B\", the 2nd
  gained  level of history.view  denied → own by reader  (by data)
          role-of-user: Boris \"B\", the 2nd holds reader, which is assigned to them.
          new   assigned_to_user(reader, boris)  more.json assigned_to_user[0]
  gained  app.install  app:board  (by rules)
          board-of-sales: boris is of the sales department.
          new   rule board-of-sales  new.rules:3
  gained  history.view  chat:c2  (by data)
          chat-level-own: Boris \"B\", the 2nd has at least the level own for history.view, and is an agent of c2.
          new   assigned_to_user(reader, boris)  more.json assigned_to_user[0]

Decisions: 3 gained (1 by data; 2 by rules), 1 lost (1 by data).
Levels: 1 gained (1 by data), none lost.
",
    );
}

#[test]
fn csv_is_a_row_for_each_change() {
    let words = ["diff", "--to-data", "less.json", "--to-data", "more.json", "--format", "csv"];
    place().on_portal(&words).prints(
        0,
        "\
kind,change,cause,user,name,action,resource,resource_name,crm_type,operation,before,after,rule_before,rule_after,role_before,role_after,reason,changed,place
decision,lost,data,anna,,history.view,chat:c1,,,,allow,deny,chat-level-own,default,,,\"anna has at least the level own for history.view, and is an agent of c1.\",\"gone chat_agent(c1, anna)\",portal.json chat_agent[0]
level,gained,data,boris,\"Boris \"\"B\"\", the 2nd\",history.view,,,,,denied,own,default,role-level,,reader,\"Boris \"\"B\"\", the 2nd holds reader, which is assigned to them.\",\"new assigned_to_user(reader, boris)\",more.json assigned_to_user[0]
decision,gained,data,boris,\"Boris \"\"B\"\", the 2nd\",history.view,chat:c2,,,,deny,allow,default,chat-level-own,,,\"Boris \"\"B\"\", the 2nd has at least the level own for history.view, and is an agent of c2.\",\"new assigned_to_user(reader, boris)\",more.json assigned_to_user[0]
",
    );
}

#[test]
fn json_has_an_object_for_each_change_and_the_counts() {
    let words = ["diff", "--to-data", "less.json", "--to-data", "more.json", "--format", "json"];
    let ran = place().on_portal(&words);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    let mut document: serde_json::Value = serde_json::from_str(ran.text()).unwrap();
    let place = document["changes"][0]["reason"].as_object_mut().unwrap().remove("place").unwrap();
    assert!(place.as_str().unwrap().starts_with("rules/open_channels.rules:"), "{place}");
    assert_eq!(
        document["changes"][0],
        serde_json::json!({
            "kind": "decision", "change": "lost", "cause": "data", "user": "anna",
            "action": "history.view", "resource": "chat:c1",
            "before": {"decision": true, "rule": "chat-level-own"}, "after": {"decision": false, "rule": "default"},
            "reason": {
                "rule": "chat-level-own", "holds": "before",
                "sentence": "anna has at least the level own for history.view, and is an agent of c1."
            },
            "changed": [{"is": "gone", "fact": "chat_agent(c1, anna)", "place": "portal.json chat_agent[0]"}]
        })
    );
    let level = &document["changes"][1];
    assert_eq!(level["kind"], "level");
    assert_eq!(level["before"], serde_json::json!({"level": "denied", "rule": "default"}));
    assert_eq!(
        level["after"],
        serde_json::json!({"level": "own", "rule": "role-level", "role": "reader", "held": "role-of-user"})
    );
    assert_eq!(document["summary"]["decisions"]["gained"]["total"], 1);
    assert_eq!(document["summary"]["decisions"]["lost"]["data"], 1);
    assert_eq!(document["changes"].as_array().unwrap().len(), 3);
}

fn status(words: &[&str]) -> i32 {
    let ran = place().on_portal(&[&["diff"], words].concat());
    assert_eq!(ran.err, "");
    ran.status
}

#[test]
fn fail_on_decides_the_status() {
    let (gains, loses) = (["--to-rules", "new.rules"], ["--to-data", "less.json"]);
    let on = |words: &[&str], fail_on: &str| status(&[words, &["--fail-on", fail_on]].concat());
    assert_eq!([on(&gains, "gained"), on(&gains, "lost"), on(&gains, "any")], [1, 0, 1]);
    assert_eq!([on(&loses, "gained"), on(&loses, "lost"), on(&loses, "any")], [0, 1, 1]);
    // A level that rises is something gained, even where it allows nothing yet.
    let level = r#"{"role_permission": [["caller", "balance.manage", "any"]]}"#;
    let place = place().file("level.json", level);
    let ran = place.on_portal(&[
        "diff",
        "--to-data",
        "portal.json",
        "--to-data",
        "level.json",
        "--only",
        "levels",
        "--fail-on",
        "gained",
    ]);
    assert_eq!(ran.status, 1, "{}", ran.err);
}

#[test]
fn requests_name_what_is_compared() {
    let requests = "subject,action,resource\nanna,history.view,c1\nanna,history.view,7\nnobody,app.install,app:board\nanna,history.view,c1\n";
    let place = place().file("asked.csv", requests);
    let words = ["diff", "--to-data", "less.json", "--to-rules", "new.rules", "--requests", "asked.csv"];
    let ran = place.on_portal(&words);
    assert!(
        ran.text().ends_with("\n\nDecisions: none gained, 1 lost (1 by data).\nLevels: none gained, none lost.\n"),
        "{}",
        ran.text()
    );
    let lines = r#"{"subject":{"type":"user","id":"anna"},"action":{"name":"history.view"},"resource":{"type":"chat","id":"c1"}}"#;
    let same = place.run_on(&[&words[..5], &["--requests", "-", "--data", "portal.json"]].concat(), lines.as_bytes());
    assert_eq!(same.text(), ran.text());
}

#[test]
fn a_request_that_neither_side_can_decide_is_refused() {
    let refused = |requests: &str, pieces: &[&str]| {
        let place = place().file("asked.csv", format!("subject,action,resource\n{requests}\n"));
        place.on_portal(&["diff", "--to-data", "less.json", "--requests", "asked.csv"]).refuses(pieces);
    };
    refused(
        "anna,history.view,c1\nanna,history.vew,c1",
        &["asked.csv:3", "unknown action `history.vew`", "`history.view`"],
    );
    refused("anna,history.view", &["asked.csv:2", "2 fields"]);
    refused("anna,history.view,\u{202e}c1\nanna,\u{1b}[1m,c1", &["asked.csv:3", "\\u{1b}"]);
    place()
        .run_on(&["diff", "--data", "portal.json", "--to-data", "less.json", "--requests", "-"], b"{\"subject\":1}")
        .refuses(&["-:1: not an evaluation request"]);
    place().on_portal(&["diff", "--to-data", "less.json", "--requests", "missing.jsonl"]).refuses(&["missing.jsonl"]);
}

#[test]
fn an_action_that_one_side_alone_knows_is_denied_on_the_other() {
    let rules = format!(
        "{RULES}action chat.print on chat;\n@id(\"print\") allow(User, chat.print, Chat) if chat_agent(Chat, User);\n"
    );
    let place = place().file("print.rules", rules).file("asked.csv", "subject,action,resource\nanna,chat.print,c1\n");
    let ran = place.on_portal(&["diff", "--to-rules", "print.rules", "--requests", "asked.csv"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    assert!(ran.text().contains("  gained  chat.print  chat:c1  (by rules)\n"), "{}", ran.text());
    let all = place.on_portal(&["diff", "--to-rules", "print.rules", "--action", "chat.print"]);
    assert!(all.text().contains("Decisions: 3 gained (3 by rules), none lost."), "{}", all.text());
    let back = place.run(&["diff", "--data", "portal.json", "--rules", "print.rules", "--to-rules", "new.rules"]);
    assert!(back.text().contains("Decisions: none gained, 3 lost (3 by rules)."), "{}", back.text());
}

#[test]
fn a_mistake_on_either_side_is_refused_and_the_side_named() {
    let place = place().file("bad.json", r#"{"usr": ["anna"]}"#).file("bad.rules", "allow(U) if;\n");
    let old = "note: this is about the old side (--data, --rules)";
    let new = "note: this is about the new side (--to-data, --to-rules)";
    place.run(&["diff", "--data", "bad.json", "--to-data", "portal.json"]).refuses(&["unknown relation `usr`", old]);
    place.on_portal(&["diff", "--to-data", "bad.json"]).refuses(&["unknown relation `usr`", new]);
    place.on_portal(&["diff", "--rules", "bad.rules", "--to-data", "less.json"]).refuses(&["bad.rules", old]);
    place.on_portal(&["diff", "--to-rules", "bad.rules"]).refuses(&["bad.rules", new]);
    place.on_portal(&["diff", "--to-data", "missing"]).refuses(&["missing", new]);
    let json = place.on_portal(&["diff", "--to-data", "bad.json", "--message-format", "json"]);
    assert_eq!((json.status, json.text()), (2, ""));
    assert_eq!(Ran::json_lines(&json.err)[0]["file"], "bad.json");
}

#[test]
fn the_new_side_must_be_named_and_too_much_is_refused() {
    place().on_portal(&["diff"]).refuses(&["--to-data <PATH>"]);
    // Whoever asks for whatever, of three users.
    let wide = place().file("wide.rules", "deny(_, _, _) if inactive(\"vera\");\n");
    wide.on_portal(&["diff", "--to-rules", "wide.rules", "--max-questions", "131"]).refuses(&[
        "may change 132 decisions",
        "`--max-questions` is 131",
        "--requests",
    ]);
    assert_eq!(wide.on_portal(&["diff", "--to-rules", "wide.rules", "--max-questions", "132"]).status, 0);
    // One agent less of one chat asks about that chat alone.
    assert_eq!(place().on_portal(&["diff", "--to-data", "less.json", "--max-questions", "20"]).status, 0);
    let asked = "subject,action,resource\nanna,chat.join,c1\nanna,chat.join,c2\n";
    place()
        .file("asked.csv", asked)
        .on_portal(&["diff", "--to-data", "less.json", "--requests", "asked.csv", "--max-questions", "1"])
        .refuses(&["more requests than `--max-questions`"]);
    place()
        .on_portal(&["diff", "--to-data", "less.json", "--action", "histry.view"])
        .refuses(&["did you mean `history.view`"]);
    place().on_portal(&["diff", "--to-data", "less.json", "--user", "user:"]).refuses(&["is empty"]);
}

#[test]
fn users_and_kinds_narrow_it_and_unknown_users_are_told() {
    let place = place();
    let ran = place.on_portal(&["diff", "--to-rules", "new.rules", "--user", "user:anna", "--user", "ana"]);
    assert_eq!(ran.err, "note: no fact names the user `ana`; did you mean `anna`?\n");
    assert!(ran.text().ends_with("Decisions: 1 gained (1 by rules), none lost.\nLevels: none gained, none lost.\n"));
    let levels = place.on_portal(&["diff", "--to-data", "less.json", "--to-data", "more.json", "--only", "levels"]);
    assert!(levels.text().ends_with("\n\nLevels: 1 gained (1 by data), none lost.\n"));
    let decisions =
        place.on_portal(&["diff", "--to-data", "less.json", "--to-data", "more.json", "--only", "decisions"]);
    assert!(decisions.text().ends_with("\n\nDecisions: 1 gained (1 by data), 1 lost (1 by data).\n"));
}

#[test]
fn text_from_data_drives_no_terminal() {
    let name = r#"{"display_name": [["user:anna", "An\u001b[31mna\u202e"]]}"#;
    let place = place().file("name.json", name);
    for format in ["text", "json"] {
        let ran = place.on_portal(&["diff", "--data", "name.json", "--to-rules", "new.rules", "--format", format]);
        assert!(!ran.text().contains(['\u{1b}', '\u{202e}']), "{}", ran.text());
        assert!(ran.text().contains("na\\u"), "{}", ran.text());
    }
}

/// A policy that has other words, and no levels.
const CLUB: &str = "entity member; entity door; action open on door;\n\
    input key(member: member, door: door);\ninput member(member: member);\ninput door(door: door);\n\
    relation allow(member: member, action: action, door: door);\n\
    @id(\"by-key\") allow(M, open, D) if key(M, D);\n";

#[test]
fn a_policy_of_other_words_without_levels_has_decisions() {
    let place = Place::new().file("club.rules", CLUB).file("a.json", r#"{"member": ["mia"], "door": ["d"]}"#);
    let place = place.file("b.json", r#"{"member": ["mia"], "door": ["d"], "key": [["mia", "d"]]}"#);
    let words = ["diff", "--policy", "club.rules", "--data", "a.json", "--to-data", "b.json"];
    place.run(&words).ends(
        0,
        "mia\n  gained  open  door:d  (by data)\n          by-key: allow(mia, open, d).\n          \
         new   key(mia, d)  b.json key[0]\n\nDecisions: 1 gained (1 by data), none lost.\n",
        "note: levels are not compared: a side has none\n",
    );
    place.run(&[&words[..], &["--only", "levels"]].concat()).refuses(&["no levels to compare"]);
    let place = place.file("copy.rules", CLUB);
    place.run(&["diff", "--policy", "club.rules", "--to-rules", "copy.rules"]).refuses(&["error"]);
}

#[test]
fn engines_and_threads_give_the_same_bytes() {
    let acme = root().join("examples/acme");
    let [data, rules] = ["data", "rules"].map(|folder| acme.join(folder).to_str().unwrap().to_owned());
    let more = r#"{"assigned_to_department_tree": [["crm_director", "retail"]], "inactive": ["boris"],
        "administrator": ["anna"], "crm_role_stage_permission": [["crm_seller", "deal", "read", "NEW", "denied"]]}"#;
    let place = Place::new().file("more.json", more).file("vacation.rules", RULES);
    let run = |more: &[&str]| {
        let words = ["diff", "--data", &data, "--rules", &rules, "--to-data", &data, "--to-data", "more.json"];
        let extra = ["--to-rules", &rules, "--to-rules", "vacation.rules", "--format", "json", "--only", "decisions"];
        let ran = place.run(&[&words[..], &extra, more].concat());
        assert_eq!((ran.status, ran.err.as_str()), (0, ""));
        ran.out
    };
    let expected = run(&["--jobs", "1", "--engine", "interpreted"]);
    assert!(expected.len() > 10_000);
    assert!(run(&["--jobs", "7", "--engine", "compiled"]) == expected);
    assert!(run(&["--jobs", "2"]) == expected);
}

#[test]
fn a_side_without_data_is_noted() {
    let place = Place::with_portal().file("one.rules", "allow(_, app.install, _);\n");
    let note = |words: &[&str], note: &str| {
        let ran = place.run(&[&["diff"], words].concat());
        assert_eq!((ran.status, ran.err.as_str()), (0, note), "{words:?}");
    };
    note(&["--to-rules", "one.rules"], "note: no data was given; `--data PATH` names it\n");
    note(&["--to-data", "portal.json"], "note: the old side has no data; `--data PATH` names it\n");
    note(&["--data", "portal.json", "--to-rules", "one.rules"], "");
}
