//! `check --data`: what the rules of the author give on the data, and give alone.

use super::Place;

const PORTAL: &str = r#"{
"user": ["anna", "boris", "vera"], "inactive": ["vera"],
"works_in": [["anna", "sales"], ["boris", "sales"], ["vera", "sales"]], "department": ["sales"],
"role": [["reader", "open_channels"]], "role_permission": [["reader", "history.view", "own"]],
"assigned_to_user": [["reader", "anna"], ["reader", "boris"]],
"channel": ["line"], "chat": [["c1", "line"], ["c2", "line"]], "chat_agent": [["c1", "anna"], ["c2", "boris"]]
}"#;

/// What `check` says of these rules.
fn check(rules: &str, expected: &str) {
    let place = Place::new().file("p.json", PORTAL).file("my.rules", rules);
    let ran = place.run(&["check", "--data", "p.json", "--rules", "my.rules", "--message-format", "short"]);
    let rules = ran.text().lines().filter(|line| line.starts_with("my.rules")).collect::<Vec<_>>().join("\n");
    assert_eq!((rules.as_str(), ran.err.as_str(), ran.status), (expected, "", 0), "{}", ran.text());
}

#[test]
fn answers_that_a_rule_gives_alone_are_counted() {
    check(
        "@id(\"colleagues\")\n\
         allow(User, history.view, Chat) if chat_agent(Chat, Agent), works_in(Agent, Dept), works_in(User, Dept);",
        "my.rules:2:1: note[rule-effect]: `colleagues` gives 6 answers, 4 of them alone",
    );
}

#[test]
fn a_rule_that_gives_nothing_is_told() {
    check(
        "@id(\"none\")\nallow(User, history.view, Chat) if works_in(User, \"legal\"), chat(Chat, _);",
        "my.rules:2:1: warning[idle-rule]: `none` gives nothing on this data",
    );
}

#[test]
fn a_rule_whose_answers_others_give_is_told() {
    check(
        "@id(\"same\")\n\
         allow(User, history.view, Chat) if chat_agent(Chat, User), assigned_to_user(\"reader\", User), chat(Chat, _);",
        "my.rules:2:1: warning[redundant-rule]: every answer of `same` is given without it too: 2 answers",
    );
}

#[test]
fn a_deny_counts_what_something_allows() {
    check(
        "@id(\"sales-view-nothing\")\ndeny(User, history.view, Chat) if works_in(User, \"sales\"), chat(Chat, _);",
        "my.rules:2:1: note[rule-effect]: `sales-view-nothing` takes away 2 requests, 2 of them alone",
    );
    check(
        "@id(\"sales-rate-nothing\")\ndeny(User, chat.rate, Chat) if works_in(User, \"sales\"), chat(Chat, _);",
        "my.rules:2:1: warning[idle-deny]: `sales-rate-nothing` forbids 6 requests, but nothing allows any of them",
    );
    check(
        "@id(\"sales-agents\")\n\
         deny(User, history.view, Chat) if works_in(User, \"sales\"), chat_agent(Chat, User);\n\
         @id(\"reading-agents\")\ndeny(User, history.view, Chat) if assigned_to_user(\"reader\", User), chat_agent(Chat, User);",
        "my.rules:2:1: warning[redundant-rule]: every answer of `sales-agents` is given without it too: 2 requests\n\
         my.rules:4:1: warning[redundant-rule]: every answer of `reading-agents` is given without it too: 2 requests",
    );
}

#[test]
fn rules_of_relations_are_compared_with_rules_and_facts() {
    check(
        "relation friend(one: user, other: user);\n\
         friend(\"anna\", \"boris\");\n\
         @id(\"by-work\")\nfriend(One, Other) if works_in(One, Dept), works_in(Other, Dept), One != Other;\n\
         @id(\"back\")\nfriend(One, Other) if friend(Other, One);\n\
         allow(User, chat.join, Chat) if friend(User, Agent), chat_agent(Chat, Agent);",
        "my.rules:4:1: warning[redundant-rule]: every answer of `by-work` is given without it too: 6 answers\n\
         my.rules:6:1: warning[redundant-rule]: every answer of `back` is given without it too: 6 answers\n\
         my.rules:7:1: note[rule-effect]: `my.rules:7` gives 4 answers, 4 of them alone",
    );
}

#[test]
fn a_rule_that_answers_whatever_is_asked_and_built_in_rules_are_not_told() {
    check("allow(_, canned_response.use, _);", "");
}
