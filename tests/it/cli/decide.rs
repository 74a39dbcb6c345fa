//! `decide`: allow or deny, the id of the rule that decided, and what is said of unknown names.

use super::Place;

/// Asks on the small portal; the answer is all that is printed.
fn answer(words: &[&str], status: i32, line: &str) {
    Place::with_portal().on_portal(&[&["decide"], words].concat()).prints(status, &format!("{line}\n"));
}

#[test]
fn an_answer_is_a_word_and_a_rule() {
    answer(&["anna", "history.view", "c1"], 0, "allow chat-level-own");
    answer(&["anna", "history.view", "c2"], 1, "deny default");
    answer(&["vera", "history.view", "c1"], 1, "deny dismissed");
    answer(&["root", "channel.configure", "line"], 0, "allow channel-configure-administrator");
}

#[test]
fn a_resource_may_begin_with_its_type() {
    answer(&["anna", "history.view", "chat:c1"], 0, "allow chat-level-own");
    answer(&["anna", "crm.read", "crm_item:lead:15"], 0, "allow crm-level-own");
    answer(&["anna", "call.make", "number:+7 900"], 0, "allow number-level-customer");
}

#[test]
fn an_id_may_hold_colons() {
    answer(&["anna", "crm.read", "lead:15"], 0, "allow crm-level-own");
    answer(&["anna", "crm.read", "lead:16"], 1, "deny default");
}

/// The word before the colon is taken for a type only where it is the type that the action wants.
#[test]
fn another_type_before_the_colon_is_a_part_of_the_id() {
    let ran = Place::with_portal().on_portal(&["decide", "anna", "history.view", "user:c1"]);
    ran.ends(1, "deny default\n", "note: no fact names the chat `user:c1`; such ids look like `c1`\n");
}

#[test]
fn numbers_are_ids() {
    answer(&["anna", "history.view", "7"], 0, "allow chat-level-own");
}

#[test]
fn any_id_stands_for_the_one_portal() {
    answer(&["root", "access.edit", "portal"], 0, "allow portal-level");
    answer(&["root", "access.edit", "acme.bitrix24.com"], 0, "allow portal-level");
    answer(&["anna", "access.edit", "x"], 1, "deny default");
}

#[test]
fn numbers_and_types_need_no_fact() {
    answer(&["root", "call.make", "112"], 0, "allow number-level-any");
    answer(&["root", "crm.add", "invoice"], 0, "allow crm-type-administrator");
    answer(&["anna", "crm.add", "lead"], 0, "allow crm-type-gate");
    answer(&["anna", "crm.add", "deal"], 1, "deny default");
}

#[test]
fn a_decision_as_json_is_that_of_authzen() {
    let json = |words: &[&str], status, line: &str| answer(&[words, &["--format", "json"]].concat(), status, line);
    json(&["anna", "history.view", "c1"], 0, r#"{"decision":true,"context":{"rule":"chat-level-own"}}"#);
    json(&["anna", "history.view", "c2"], 1, r#"{"decision":false,"context":{"rule":"default"}}"#);
    json(&["vera", "history.view", "c1"], 1, r#"{"decision":false,"context":{"rule":"dismissed"}}"#);
}

#[test]
fn unknown_names_are_denied_with_a_note_on_standard_error() {
    let ran = |words: &[&str]| Place::with_portal().on_portal(&[&["decide"], words].concat());
    let note = "note: no fact names the user `ana`; did you mean `anna`?\n";
    ran(&["ana", "history.view", "c1"]).ends(1, "deny default\n", note);
    let note = "note: no fact names the crm_item `lead:17`; did you mean `lead:15` or `lead:16`?\n";
    ran(&["anna", "crm.read", "lead:17"]).ends(1, "deny default\n", note);
    let note = "note: no fact names the chat `c9`; did you mean `c1` or `c2`?\n";
    ran(&["anna", "history.view", "c9"]).ends(1, "deny default\n", note);
    ran(&["anna", "history.view", "chat:c9"]).ends(1, "deny default\n", note);
    let notes = "note: no fact names the user `x`\nnote: no fact names the chat `yyy`; such ids look like `c1`\n";
    ran(&["x", "history.view", "yyy"]).ends(1, "deny default\n", notes);
}

/// A rule for everyone allows who is unknown as well, and nothing is to be noted.
#[test]
fn an_unknown_name_that_is_allowed_needs_no_note() {
    let place = Place::with_portal().file("all.rules", "@id(\"all\")\nallow(_, history.view, _);\n");
    let ran = place.on_portal(&["decide", "nobody", "history.view", "nothing", "--rules", "all.rules"]);
    ran.prints(0, "allow all\n");
}

#[test]
fn an_unknown_action_is_no_question() {
    let ran = |action| Place::with_portal().on_portal(&["decide", "anna", action, "c1"]);
    ran("histroy.view").ends(2, "", "error: unknown action `histroy.view`; did you mean `history.view`?\n");
    ran("fly").ends(2, "", "error: unknown action `fly`; `rolecall rules --actions` lists all\n");
    ran("").ends(2, "", "error: unknown action ``; `rolecall rules --actions` lists all\n");
    ran("history").ends(2, "", "error: unknown action `history`; did you mean `history.view`?\n");
    let views = "`call.view`, `channel.view`, `history.view` or `statistics.view`";
    ran("View").ends(2, "", &format!("error: unknown action `View`; did you mean {views}?\n"));
}

#[test]
fn an_empty_id_is_no_question() {
    let ran = |words: &[&str]| Place::with_portal().on_portal(&[&["decide"], words].concat());
    ran(&["anna", "history.view", ""]).ends(2, "", "error: the id of the resource is empty\n");
    ran(&["anna", "history.view", "chat:"]).ends(2, "", "error: the id of the resource is empty\n");
    ran(&["", "history.view", "c1"]).ends(2, "", "error: the id of the subject is empty\n");
}

const TEAM: &str = r#"// Who else may.
allow("anna", history.view, chat:"c2");
allow(User, chat.join, Chat) if chat(Chat, _), user(User);

@id("friends")
allow(User, chat.join, Chat) if chat(Chat, _), chat_agent(Chat, User);
"#;

/// Decides with two rule files in an order.
fn with_rules(rules: &[&str], words: &[&str], status: i32, line: &str) {
    let place = Place::with_portal()
        .file("team.rules", TEAM)
        .file("more/b.rules", "@id(\"b\")\nallow(\"boris\", chat.join, _);\n")
        .file("more/a.rules", "\n\nallow(\"boris\", chat.join, _);\n\n\nallow(\"boris\", chat.join, chat:\"c1\");\n")
        .file("never.rules", "@id(\"never\")\ndeny(_, chat.join, _);\n");
    let rules = rules.iter().flat_map(|path| ["--rules", path]).collect::<Vec<_>>();
    let ran = place.on_portal(&[&["decide"], words, &rules].concat());
    assert_eq!((ran.text(), ran.status), (format!("{line}\n").as_str(), status), "{}", ran.err);
}

#[test]
fn a_rule_without_a_name_is_called_by_its_place() {
    with_rules(&["team.rules"], &["anna", "history.view", "c2"], 0, "allow team.rules:2");
    with_rules(&["team.rules"], &["boris", "chat.join", "c1"], 0, "allow team.rules:3");
}

#[test]
fn the_first_rule_that_decides_counts() {
    let ask = ["boris", "chat.join", "c1"];
    with_rules(&["team.rules", "more"], &ask, 0, "allow team.rules:3");
    with_rules(&["more", "team.rules"], &ask, 0, "allow more/a.rules:3");
    with_rules(&["more/b.rules", "more/a.rules"], &ask, 0, "allow b");
    with_rules(&["more/a.rules", "more/b.rules"], &["boris", "chat.join", "c2"], 0, "allow more/a.rules:3");
    // Built-in files come first.
    with_rules(&["team.rules"], &["anna", "history.view", "c1"], 0, "allow chat-level-own");
}

#[test]
fn a_denial_beats_every_permission() {
    with_rules(&["never.rules", "team.rules"], &["boris", "chat.join", "c1"], 1, "deny never");
    with_rules(&["team.rules", "never.rules"], &["boris", "chat.join", "c1"], 1, "deny never");
    with_rules(&["never.rules"], &["vera", "chat.join", "c1"], 1, "deny dismissed");
    with_rules(&["never.rules"], &["vera", "history.view", "c1"], 1, "deny dismissed");
}

#[test]
fn a_file_that_is_named_twice_counts_once() {
    with_rules(&["team.rules", "./team.rules"], &["boris", "chat.join", "c1"], 0, "allow team.rules:3");
}

#[test]
fn facts_may_come_from_several_places() {
    let place = Place::new()
        .file("a.json", r#"{"chat": [["c1", "line"]]}"#)
        .file("b/chat_member.csv", "user,chat\nanna,c1\n")
        .file("b/README.md", "Chats.\n")
        .file("c.rules", "chat(\"c2\", \"line\");\nchat_member(\"c2\", \"anna\");\n");
    let base = ["--data", "a.json", "--data", "b", "--rules", "c.rules"];
    let ran = |chat| place.run(&[&["decide", "anna", "chat.join", chat], &base[..]].concat());
    ran("c1").prints(0, "allow chat-member\n");
    ran("c2").prints(0, "allow chat-member\n");
}

#[test]
fn every_engine_and_number_of_threads_decides_the_same() {
    let place = Place::with_portal().file("team.rules", TEAM);
    for engine in ["auto", "compiled", "interpreted"] {
        for jobs in ["1", "2", "7"] {
            let options = ["--rules", "team.rules", "--engine", engine, "--jobs", jobs];
            let ran = place.on_portal(&[&["decide", "boris", "chat.join", "c2"], &options[..]].concat());
            ran.prints(0, "allow team.rules:3\n");
        }
    }
}

#[test]
fn a_policy_of_its_own_decides_too() {
    let policy = "entity guest; entity door; action door.open on door;\ninput invited(guest: guest, door: door);\n\
                  decision allow(who: guest, action: action, resource: resource);\n\
                  @id(\"invited\")\nallow(G, door.open, D) if invited(G, D);\n";
    let place = Place::new().file("doors.rules", policy).file("d.json", r#"{"invited": [[1, "front"]]}"#);
    for engine in ["auto", "compiled", "interpreted"] {
        let options = ["--policy", "doors.rules", "--data", "d.json", "--engine", engine];
        let ran = |words: &[&str]| place.run(&[&["decide"], words, &options].concat());
        ran(&["1", "door.open", "door:front"]).prints(0, "allow invited\n");
        ran(&["2", "door.open", "front"]).ends(
            1,
            "deny default\n",
            "note: no fact names the guest `2`; did you mean `1`?\n",
        );
    }
}

#[test]
fn an_allow_that_is_not_about_requests_is_told() {
    let policy = "entity user; action go on resource; decision allow(user: user, action: action);\n";
    let ran = Place::new().file("own.rules", policy).run(&["decide", "anna", "go", "x", "--policy", "own.rules"]);
    ran.refuses(&[
        "error[missing-allow]: the `allow` of the policy is not about requests, so it decides none",
        "this decision is of (user, action)",
    ]);
}

#[test]
fn the_type_of_a_resource_is_shown_with_an_entity_of_the_policy() {
    let policy = "entity person; entity room; action go on resource;
        decision allow(person: person, action: action, resource: resource); allow(_, go, _);\n";
    let ran = Place::new().file("own.rules", policy).run(&["decide", "anna", "go", "x", "--policy", "own.rules"]);
    ran.refuses(&["write its type too, as in `room:x`"]);
}

#[test]
fn arguments_in_another_order_are_put_right() {
    let ran = |words: &[&str]| Place::with_portal().on_portal(words);
    let told =
        |given: &str, right: &str| format!("error: `{given}` is no action, but `history.view` is: write `{right}`\n");
    ran(&["decide", "history.view", "anna", "c 1"]).ends(2, "", &told("anna", "decide anna history.view 'c 1'"));
    ran(&["why", "anna", "c1", "history.view"]).ends(2, "", &told("c1", "why anna history.view c1"));
    ran(&["who", "c1", "history.view"]).ends(2, "", &told("c1", "who history.view c1"));
    ran(&["what", "history.view", "anna"]).ends(2, "", &told("anna", "what anna history.view"));
}

/// People with names, of whom two are called alike.
const NAMED: &str = r#"{"user": ["u1", "u2", "u3", "u4", "u5", "u6"], "display_name": [["user:u1", "Anna Kowalska"],
    ["user:u2", "Jan Nowak"], ["user:u3", "Jan Nowak"], ["user:u4", "Ewa Kowalska-Nowak"], ["user:u5", "Adam Nowak"],
    ["user:u6", "\u001b[1mX"], ["chat:c1", "Maria Kot"]]}"#;

#[test]
fn someone_who_is_called_by_name_is_offered_by_id() {
    let place = Place::new().file("d.json", NAMED);
    let note = |name: &str, offer: &str| {
        let ran = place.run(&["decide", name, "app.install", "x", "--data", "d.json"]);
        let lines: Vec<&str> = ran.err.lines().filter(|line| line.contains("the user")).collect();
        assert_eq!(lines, [format!("note: no fact names the user `{name}`{offer}")]);
    };
    note("Anna Kowalska", "; did you mean `u1` (Anna Kowalska)?");
    note("anna kowalska", "; did you mean `u1` (Anna Kowalska)?");
    note("Jan Nowak", "; did you mean `u2` (Jan Nowak) or `u3` (Jan Nowak)?");
    note("kowalska", "; did you mean `u1` (Anna Kowalska) or `u4` (Ewa Kowalska-Nowak)?");
    note("nowak", "; did you mean `u2` (Jan Nowak), `u3` (Jan Nowak), `u4` (Ewa Kowalska-Nowak) or one of 1 more?");
    note("u9", "; did you mean `u1`, `u2` or `u3`?");
    // Part of a word is no name, and that of a chat is not a user's.
    note("alska", "; such ids look like `u1`");
    note("Maria Kot", "; such ids look like `u1`");
    note("[1mX", "; did you mean `u6` (\\u{1b}[1mX)?");
}

#[test]
fn ids_that_say_more_than_was_typed_are_offered() {
    let note = |id: &str, offer: &str| {
        let ran = Place::with_portal().on_portal(&["decide", "anna", "crm.read", id]);
        ran.ends(1, "deny default\n", &format!("note: no fact names the crm_item `{id}`{offer}\n"));
    };
    note("15", "; did you mean `lead:15`?");
    note("5", "; such ids look like `lead:15`");
    note("contact:99", "");
}

#[test]
fn someone_is_shown_without_their_type() {
    let place = Place::with_portal();
    let ran = |user: &str| place.on_portal(&["why", user, "history.view", "c1"]).text().to_owned();
    assert!(ran("user:anna").starts_with("anna may history.view c1: "));
    assert_eq!(ran("user:anna"), ran("anna"));
}
