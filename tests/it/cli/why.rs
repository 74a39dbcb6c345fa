//! `why`: the derivation of an answer, its forms, and how it ends.

use super::Place;

fn on_portal(words: &[&str]) -> super::Ran {
    Place::with_portal().on_portal(&[&["why"], words].concat())
}

#[test]
fn an_allowed_request_is_a_tree_down_to_the_records() {
    on_portal(&["anna", "history.view", "c1"]).prints(
        0,
        "anna may history.view c1: chat-level-own\n\
         \n\
         anna has at least the level own for history.view, and is an agent of c1.    rules/open_channels.rules:196  chat-level-own\n\
         ├─ c1 is a chat of line.                                                    portal.json chat[0]\n\
         ├─ anna has at least the level own for history.view, and nothing shuts it.  rules/roles.rules:139  effective-level\n\
         │  └─ anna holds reader, which gives own for history.view.                  rules/roles.rules:101  role-level\n\
         │     ├─ anna holds reader, which is assigned to them.                      portal.json assigned_to_user[0]  role-of-user\n\
         │     └─ The role reader gives own for history.view.                        portal.json role_permission[0]\n\
         ├─ anna is an agent of c1.                                                  portal.json chat_agent[0]\n\
         └─ CRM does not decide about c1 alone, so a level counts.                   rules/open_channels.rules:172  level-counts-history\n",
    );
}

#[test]
fn a_rule_that_forbids_is_told_apart_from_no_rule_that_allows() {
    let ran = on_portal(&["vera", "history.view", "c1"]);
    ran.prints(
        1,
        "vera may not history.view c1: forbidden by dismissed\n\
         \n\
         vera is dismissed, and to the dismissed everything is denied.  rules/organisation.rules:110  dismissed\n\
         └─ vera is dismissed.                                          portal.json inactive[0]\n",
    );
    let ran = on_portal(&["anna", "history.view", "c2"]);
    assert_eq!(ran.status, 1);
    assert!(ran.text().starts_with("anna may not history.view c2: no rule allows it, and "), "{}", ran.text());
}

#[test]
fn each_derivation_that_suffices_alone_is_listed() {
    let place = Place::new().file(
        "more.json",
        r#"{"user": ["anna"], "chat": [["c", "l"]], "chat_agent": [["c", "anna"]], "chat_member": [["c", "anna"]],
            "role": [["r", "open_channels"]], "assigned_to_user": [["r", "anna"]], "role_permission": [["r", "chat.join", "own"]]}"#,
    );
    let ran = place.run(&["why", "anna", "chat.join", "c", "--all", "--data", "more.json"]);
    let text = ran.text();
    assert_eq!(ran.status, 0);
    let numbered: Vec<&str> =
        text.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit())).collect();
    assert_eq!(numbered.len(), 2, "{text}");
    // The smaller first.
    assert!(text.contains("\n1.\nanna is a member of c."), "{text}");
    assert!(text.contains("\n2.\nanna has at least the level own for chat.join"), "{text}");
    assert!(text.ends_with("\nEach of these 2 suffices, and there is no other.\n"), "{text}");
    let one = place.run(&["why", "anna", "chat.join", "c", "--all", "--limit", "1", "--data", "more.json"]);
    assert!(one.text().ends_with("\nThere are more; `--limit` is 1.\n"), "{}", one.text());
}

#[test]
fn a_derivation_is_drawn_for_graphviz_and_mermaid() {
    let ran = on_portal(&["vera", "history.view", "c1", "--format", "dot"]);
    ran.prints(
        1,
        "digraph why {\n  rankdir=TB;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n\
         \x20 n0 [label=\"vera is dismissed, and to the dismissed everything is denied.\\nrules/organisation.rules:110 (dismissed)\"];\n\
         \x20 n1 [label=\"vera is dismissed.\\nportal.json inactive[0]\", style=filled, fillcolor=lightgrey];\n\
         \x20 n0 -> n1;\n}\n",
    );
    let ran = on_portal(&["vera", "history.view", "c1", "--format", "mermaid"]);
    ran.prints(
        1,
        "flowchart TD\n  n0(\"vera is dismissed, and to the dismissed everything is denied.<br/>rules/organisation.rules:110 (dismissed)\")\n\
         \x20 n1[\"vera is dismissed.<br/>portal.json inactive[0]\"]\n  n0 --> n1\n",
    );
}

/// What holds is drawn as in a derivation, what fails so that it is told apart.
#[test]
fn a_denial_by_no_rule_is_drawn_with_what_came_near() {
    let drawn = |format| on_portal(&["anna", "history.view", "c2", "--limit", "1", "--format", format]);
    drawn("dot").prints(
        1,
        "digraph why {\n  rankdir=TB;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n\
         \x20 n0 [label=\"anna may not history.view c2: no rule allows it, and this one comes near\"];\n\
         \x20 n1 [label=\"chat-level-department\\nrules/open_channels.rules:207\"];\n  n0 -> n1;\n\
         \x20 n2 [label=\"c2 is a chat of line.\\nportal.json chat[1]\", style=filled, fillcolor=lightgrey];\n  n1 -> n2;\n\
         \x20 n3 [label=\"boris is an agent of c2.\\nportal.json chat_agent[2]\", style=filled, fillcolor=lightgrey];\n  n1 -> n3;\n\
         \x20 n4 [label=\"anna covers boris.\\nrules/open_channels.rules:109\"];\n  n1 -> n4;\n\
         \x20 n5 [label=\"FAILS: anna has at least the level department for history.view.\\nrules/roles.rules:139\", style=dashed, color=red];\n  n1 -> n5;\n\
         \x20 n6 [label=\"the highest is own: anna holds reader, which gives own for history.view.\\nrules/roles.rules:101\", style=dashed];\n  n5 -> n6;\n}\n",
    );
    drawn("mermaid").prints(
        1,
        "flowchart TD\n  classDef missing stroke:#c00,stroke-dasharray:4\n\
         \x20 n0(\"anna may not history.view c2: no rule allows it, and this one comes near\")\n\
         \x20 n1(\"chat-level-department<br/>rules/open_channels.rules:207\")\n  n0 --> n1\n\
         \x20 n2[\"c2 is a chat of line.<br/>portal.json chat[1]\"]\n  n1 --> n2\n\
         \x20 n3[\"boris is an agent of c2.<br/>portal.json chat_agent[2]\"]\n  n1 --> n3\n\
         \x20 n4(\"anna covers boris.<br/>rules/open_channels.rules:109\")\n  n1 --> n4\n\
         \x20 n5(\"FAILS: anna has at least the level department for history.view.<br/>rules/roles.rules:139\"):::missing\n  n1 --> n5\n\
         \x20 n6(\"the highest is own: anna holds reader, which gives own for history.view.<br/>rules/roles.rules:101\")\n  n5 --> n6\n",
    );
}

#[test]
fn all_derivations_are_one_graph_with_a_frame_for_each() {
    let data = r#"{"chat": [["c", "l"]], "chat_member": [["c", "anna"]], "administrator": ["anna"]}"#;
    let place = Place::new().file("d.json", data);
    let drawn = |format| place.run(&["why", "anna", "chat.join", "c", "--data", "d.json", "--all", "--format", format]);
    let dot = drawn("dot");
    assert_eq!((dot.status, dot.text().matches("digraph").count()), (0, 1), "{}", dot.text());
    assert!(dot.text().contains("  subgraph cluster_1 {\n    label=\"1\";\n    n0 ["), "{}", dot.text());
    assert_eq!(dot.text().matches("subgraph cluster_").count(), 2, "{}", dot.text());
    let mermaid = drawn("mermaid");
    let text = mermaid.text();
    assert_eq!((mermaid.status, text.matches("flowchart").count()), (0, 1), "{text}");
    assert_eq!((text.matches("  subgraph d").count(), text.matches("\n  end\n").count()), (2, 2), "{text}");
    // No two nodes have the same number.
    let mut numbers: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("-->"))
        .filter_map(|line| line.trim().split(['(', '[']).next())
        .collect();
    numbers.retain(|number| number.starts_with('n'));
    let count = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert!(count > 4 && numbers.len() == count, "{text}");
}

#[test]
fn what_a_graph_does_not_show_is_refused() {
    on_portal(&["anna", "history.view", "c2", "--repair", "--format", "dot"])
        .refuses(&["`--format dot` does not draw what `--repair` finds; take `text` or `json`"]);
    on_portal(&["anna", "history.view", "c2", "--expand", "--format", "mermaid"])
        .refuses(&["`--format mermaid` does not draw what `--expand` finds; take `text`"]);
}

#[test]
fn names_that_mean_something_to_a_graph_are_harmless() {
    let data =
        r#"{"inactive": ["a\"b<c>\\d"], "display_name": [["user:a\"b<c>\\d", "\"]; n9 \u001b[31m\u202e<script>"]]}"#;
    let place = Place::new().file("odd.json", data);
    let drawn =
        |format| place.run(&["why", "a\"b<c>\\d", "history.view", "c", "--data", "odd.json", "--format", format]);
    let dot = drawn("dot");
    assert!(dot.text().contains(r#"label="\"]; n9 \\u{1b}[31m\\u{202e}<script> is dismissed"#), "{}", dot.text());
    let mermaid = drawn("mermaid");
    let line = mermaid.text().lines().nth(1).unwrap();
    assert!(line.contains("#34;]#59; n9") && line.contains("#60;script#62;"), "{line}");
    assert!(!line.contains('\u{1b}') && !line.contains('\u{202e}'), "{line}");
}

#[test]
fn unknown_names_are_noted() {
    let ran = on_portal(&["ana", "history.view", "c1"]);
    assert_eq!((ran.status, ran.err.as_str()), (1, "note: no fact names the user `ana`; did you mean `anna`?\n"));
    assert!(ran.text().starts_with("ana may not history.view c1: no rule allows it"), "{}", ran.text());
    // What needs no fact is told like everything else.
    let ran = on_portal(&["root", "call.make", "112"]);
    assert!(ran.text().starts_with("root may call.make 112: number-level-any\n"), "{}", ran.text());
}

#[test]
fn what_can_not_be_asked_is_refused() {
    on_portal(&["anna", "history.vew", "c1"])
        .refuses(&["unknown action `history.vew`", "did you mean `history.view`?"]);
    on_portal(&["anna", "history.view", ""]).refuses(&["the id of the resource is empty"]);
    on_portal(&["anna", "history.view", "c1", "--repair", "--change", "chat_agents"])
        .refuses(&["there is no input `chat_agents`", "did you mean `chat_agent`?"]);
}

#[test]
fn a_not_is_expanded_on_demand() {
    let data = r#"{"chat": [["c", "l"]], "chat_member": [["c", "anna"]]}"#;
    let place = Place::new().file("d.json", data);
    let plain = place.run(&["why", "anna", "chat.join", "c", "--data", "d.json"]);
    let expanded = place.run(&["why", "anna", "chat.join", "c", "--data", "d.json", "--expand"]);
    assert!(plain.text().ends_with("└─ nothing shows that CRM alone decides about c.\n"), "{}", plain.text());
    let more = expanded.text().strip_prefix(plain.text()).unwrap();
    assert_eq!(
        more,
        "\nWhat would show that CRM alone decides about c:\n\n\
         1. crm-decides                                       rules/open_channels.rules:162\n\
         \x20  FAILS  The portal has the setting crm_overrides.\n\
         \x20  FAILS  c is linked to some crm item.\n"
    );
}
