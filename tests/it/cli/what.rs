//! `what`: everything that someone may do, sorted, with the rule that allows it.

use super::Place;
use super::who::on_acme;

fn what(words: &[&str], format: &str, status: i32, expected: &str) {
    Place::with_portal().on_portal(&[&["what", "--format", format], words].concat()).prints(status, expected);
}

/// anna on the small portal: she may see her chats, read and add leads, call a customer, use the app and canned responses.
#[test]
fn all_actions_by_name_and_their_things_by_id() {
    what(
        &["anna"],
        "text",
        0,
        "action               resource          rule\n\
         app.use              app:board         app-of-everyone\n\
         call.make            number:+7 900     number-level-customer\n\
         canned_response.use  channel:line      canned-response-queue\n\
         crm.add              crm_type:lead     crm-type-gate\n\
         crm.read             crm_item:lead:15  crm-level-own\n\
         history.view         chat:7            chat-level-own\n\
         history.view         chat:c1           chat-level-own\n",
    );
}

#[test]
fn one_action_alone() {
    what(
        &["anna", "history.view"],
        "csv",
        0,
        "action,resource,name,rule\nhistory.view,chat:7,,chat-level-own\nhistory.view,chat:c1,,chat-level-own\n",
    );
    what(
        &["user:anna", "crm.read"],
        "json",
        0,
        "[{\"action\":\"crm.read\",\"resource\":\"crm_item:lead:15\",\"rule\":\"crm-level-own\"}]\n",
    );
}

/// The portal is one thing and has no other id; a user may be what something is done to.
#[test]
fn the_portal_stands_by_its_name_and_things_by_theirs() {
    let more =
        r#"{"administrator": ["boris"], "display_name": [["user:anna", "Anna Kovacs"], ["chat:c1", "Hotline"]]}"#;
    let place = Place::with_portal().file("more.json", more);
    let ran = |action| place.on_portal(&["what", "boris", action, "--data", "more.json"]);
    ran("access.edit").prints(0, "action       resource  rule\naccess.edit  portal    portal-level\n");
    ran("phone.configure").prints(
        0,
        "action           resource    name         rule\n\
         phone.configure  user:anna   Anna Kovacs  phone-level-any\n\
         phone.configure  user:boris               phone-level-any\n\
         phone.configure  user:vera                phone-level-any\n",
    );
}

#[test]
fn without_an_answer_the_status_is_one_and_an_unknown_user_is_told() {
    what(&["vera"], "text", 1, "no answers\n");
    what(&["boris", "history.view"], "csv", 1, "action,resource,name,rule\n");
    what(&["boris", "history.view"], "json", 1, "[]\n");
    let ran = |words: &[&str]| Place::with_portal().on_portal(&[&["what"], words].concat());
    let note = "note: no fact names the user `ana`; did you mean `anna`?\n";
    ran(&["ana"]).ends(1, "no answers\n", note);
    ran(&["user:ana", "crm.read"]).ends(1, "no answers\n", note);
    ran(&["anna", "crm.raed"]).ends(2, "", "error: unknown action `crm.raed`; did you mean `crm.read` or `crm.add`?\n");
    ran(&[]).refuses(&["USER"]);
    Place::new().run(&["what", "anna"]).ends(1, "no answers\n", "note: no data was given; `--data PATH` names it\n");
}

/// Whoever asks needs no fact of their own.
#[test]
fn a_stranger_is_asked_about_all_the_same() {
    let place = Place::with_portal().file("open.rules", "@id(\"open\") allow(_, call.view, K) if call(K);\n");
    let ran = place.on_portal(&["what", "stranger", "--rules", "open.rules"]);
    // Columns are as wide as what might have stood in them.
    ran.prints(0, "action               resource          rule\ncall.view            call:k1           open\n");
}

#[test]
fn a_deny_counts_and_so_do_rules_of_an_administrator() {
    let place = Place::with_portal()
        .file("shut.rules", "@id(\"shut\") deny(_, history.view, chat:\"7\");\nuser(U) if administrator(U);\n");
    place
        .on_portal(&["what", "anna", "history.view", "--rules", "shut.rules", "--format", "csv"])
        .prints(0, "action,resource,name,rule\nhistory.view,chat:c1,,chat-level-own\n");
    // A fact that a rule derives is one too.
    place
        .on_portal(&["who", "app.use", "board", "--rules", "shut.rules", "--format", "csv"])
        .prints(0, "user,name,rule\nanna,,app-of-everyone\nboris,,app-of-everyone\nroot,,app-administrator\n");
}

#[test]
fn acme_is_answered_as_worked_out_by_hand() {
    // He works outside every department and reviews calls; a rule of the portal's own keeps recordings from contractors.
    on_acme(&["what", "oscar", "recording.listen"]).prints(1, "no answers\n");
    let ran = on_acme(&["what", "oscar", "call.view", "--format", "csv"]);
    assert_eq!(ran.text().lines().count(), 41);
    assert!(ran.text().lines().skip(1).all(|line| line.ends_with(",,call-level-any")));
    on_acme(&["what", "anna", "app.use"]).prints(
        0,
        "action   resource     name              rule\n\
         app.use  app:planner  Delivery planner  app-of-user\n\
         app.use  app:surveys  Surveys           app-of-everyone\n",
    );
}
