//! Levels that rules give from data: what is not legal is refused as in the data itself, with the rule.

use super::Place;

const RULES: &str = "input grants(role: role, action: action, level: level);
input copies(from: role, to: role);
@id(\"granted\")
role_permission(Role, Action, Level) if grants(Role, Action, Level);
role_permission(To, Action, Level) if copies(From, To), role_permission(From, Action, Level);
";

const PORTAL: &str = r#""user": ["anna"], "role": [["r", "open_channels"], ["s", "open_channels"]],
    "assigned_to_user": [["r", "anna"]], "channel": ["web"], "chat": [["c1", "web"]]"#;

fn place(grants: &str) -> Place {
    let data = format!("{{{PORTAL}, \"copies\": [[\"r\", \"s\"]], \"grants\": {grants}}}");
    Place::new().file("team.rules", RULES).file("portal.json", data)
}

const ILLEGAL: &str = r#"[["r", "history.view", "own"], ["r", "chat.rate", "own"], ["r", "crm.read", "any"]]"#;

#[test]
fn every_command_that_derives_an_illegal_level_refuses_it_with_its_rule() {
    let place = place(ILLEGAL)
        .file("own.rules", "test \"no one rates\" { expect not permitted(\"anna\", chat.rate, \"c1\"); }\n");
    let commands: [&[&str]; 8] = [
        &["decide", "anna", "chat.rate", "c1"],
        &["why", "anna", "chat.rate", "c1"],
        &["who", "chat.rate", "c1"],
        &["what", "anna"],
        &["levels"],
        &["query", "role_permission(R, A, L)"],
        &["audit"],
        &["test", "own.rules"],
    ];
    for command in commands {
        for engine in ["compiled", "interpreted"] {
            let shared = ["--rules", "team.rules", "--engine", engine, "--message-format", "short"];
            place.on_portal(&[command, &shared].concat()).ends(
                2,
                "",
                "team.rules:4:1: error[illegal-level]: role `r` gives `chat.rate` the level `own`, which is not among its levels\n\
                 team.rules:4:1: error[illegal-level]: role `r` gives `crm.read` the level `any`, but `crm.read` has no level of its own\n\
                 team.rules:5:1: error[illegal-level]: role `s` gives `chat.rate` the level `own`, which is not among its levels\n\
                 team.rules:5:1: error[illegal-level]: role `s` gives `crm.read` the level `any`, but `crm.read` has no level of its own\n",
            );
        }
    }
}

#[test]
fn the_report_names_the_role_the_action_the_legal_levels_and_the_rule() {
    let place = place(r#"[["r", "chat.rate", "own"]]"#);
    place.on_portal(&["decide", "anna", "chat.rate", "c1", "--rules", "team.rules"]).refuses(&[
        "error[illegal-level]: role `r` gives `chat.rate` the level `own`",
        "given by the rule granted",
        "the levels of `chat.rate` are `denied`, `department` and `any`",
    ]);
}

#[test]
fn a_check_finds_the_levels_that_rules_give() {
    let ran = place(ILLEGAL).on_portal(&["check", "team.rules", "--message-format", "short"]);
    assert_eq!((ran.status, ran.err.as_str()), (1, ""), "{}", ran.text());
    assert!(ran.text().contains("team.rules:4:1: error[illegal-level]: role `r` gives `chat.rate`"), "{}", ran.text());
}

#[test]
fn a_test_whose_facts_lead_to_an_illegal_level_is_refused() {
    let test = "test \"t\" { grants(\"r\", chat.rate, own); expect not permitted(\"anna\", chat.rate, \"c1\"); }\n";
    let place = Place::new().file("team.rules", format!("{RULES}{test}"));
    place.run(&["test", "team.rules"]).refuses(&["error[illegal-level]: role `r` gives `chat.rate` the level `own`"]);
}

#[test]
fn legal_levels_that_rules_give_count() {
    let place = place(r#"[["r", "chat.join", "any"], ["r", "chat.rate", "any"]]"#);
    let shared = ["--rules", "team.rules", "--data", "portal.json"];
    let ran = place.run(&[&["decide", "anna", "chat.join", "c1"], &shared[..]].concat());
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    assert!(ran.text().contains("allow"), "{}", ran.text());
}
