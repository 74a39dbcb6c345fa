//! Actions and what they are done to: where the action is known only when it is asked, a pair that does not fit does not hold.

use crate::cli::Place;

const DATA: &str = r#"{"user": ["anna", "zoe"], "administrator": ["anna"], "inactive": ["zoe"],
    "channel": ["web"], "chat": [["c1", "web"]], "call": ["k"]}"#;

/// The answers in both engines.
fn answers(query: &str, expected: &str) {
    for engine in ["compiled", "interpreted"] {
        let place = Place::new().file("portal.json", DATA);
        place
            .run(&["query", query, "--data", "portal.json", "--format", "csv", "--engine", engine])
            .prints(0, expected);
    }
}

#[test]
fn a_query_lists_the_actions_that_are_done_to_a_thing_and_no_others() {
    let chat = "A\nchat.join\nchat.rate\nhistory.view\nstatistics.view\n";
    answers("permitted(\"anna\", A, chat:\"c1\"), legal_level(A, any)", chat);
    answers("allow(\"anna\", A, chat:\"c1\"), legal_level(A, any)", chat);
    answers("deny(\"zoe\", A, chat:\"c1\"), legal_level(A, any)", chat);
    answers(
        "permitted(\"anna\", A, C), legal_level(A, own), call(C)",
        "A,C\ncall.view,k\nrecording.delete,k\nrecording.listen,k\n",
    );
    answers(
        "not deny(\"zoe\", A, portal:\"portal\"), legal_level(A, department), level_action(A, telephony)",
        "A\ncall.view\nphone.configure\nrecording.delete\nrecording.listen\n",
    );
}

#[test]
fn a_test_expects_nothing_of_what_an_action_is_not_done_to() {
    let rules = r#"
test "an administrator does to a chat what is done to chats" {
    chat("c1", "web"); call("k"); administrator("anna"); inactive("zoe");
    expect none legal_level(A, any), A != chat.join, A != chat.rate, A != history.view, A != statistics.view,
        permitted("anna", A, chat:"c1");
    expect none portal_action(A), deny("zoe", A, call:"k");
}
"#;
    let place = Place::new().file("own.rules", rules);
    let ran = place.run(&["test", "own.rules"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{}", ran.text());
}

/// Two actions, what they are done to, and two that are done to anything, with rules that ask for variable actions.
const DOORS: &str = r#"
entity user; entity door; entity lamp;
action open on door; action light on lamp; action mark on resource; action spot on resource;
decision allow(user: user, action: action, resource: resource);
decision deny(user: user, action: action, resource: resource);
decision useful(user: user, thing: resource);
input thief(user: user);
relation usual(action: action);
usual(open); usual(light);
allow(_, open, _); allow(_, light, _);
deny(U, A, _) if thief(U), usual(A);
allow(U, mark, T) if usual(A), A != light, deny(U, A, T);
allow(U, spot, T) if usual(A), A != light, not deny(U, A, T);
useful(U, T) if usual(A), A != light, permitted(U, A, T);
thief("bob");
"#;

#[test]
fn rules_that_ask_for_a_variable_action_ask_about_things_that_it_is_done_to() {
    let tests = r#"
test "doors are opened, and lamps are not" {
    expect permitted("bob", mark, door:"d");
    expect not permitted("bob", mark, lamp:"d");
    expect not permitted("bob", spot, door:"d");
    expect permitted("bob", spot, lamp:"d");
    expect useful("ann", door:"d");
    expect not useful("ann", lamp:"d");
    expect none usual(A), A != open, deny("bob", A, door:"d");
    expect none usual(A), A != light, allow("bob", A, lamp:"d");
}
"#;
    let place = Place::new().file("doors.rules", format!("{DOORS}{tests}"));
    for engine in ["auto", "interpreted"] {
        let ran = place.run(&["test", "--policy", "doors.rules", "--engine", engine]);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{}", ran.text());
    }
}

#[test]
fn an_explanation_finds_no_action_that_is_not_done_to_the_thing() {
    let place = Place::new().file("doors.rules", DOORS);
    let why = |thing: &str| place.run(&["why", "bob", "mark", thing, "--policy", "doors.rules", "--format", "json"]);
    for (thing, status, verdict) in [("door:d", 0, "valid: bob may mark"), ("lamp:d", 1, "valid: bob may not mark")] {
        let told = why(thing);
        assert_eq!(told.status, status, "{}", told.err);
        let place = Place::new().file("doors.rules", DOORS).file("proof.json", &told.out);
        let ran = place.run(&["verify", "proof.json", "--policy", "doors.rules"]);
        assert!(ran.status == 0 && ran.text().starts_with(verdict), "{}{}", ran.text(), ran.err);
    }
}

#[test]
fn a_proof_that_an_action_is_done_to_something_else_is_refused() {
    let place = Place::new().file("doors.rules", DOORS);
    let proof = place.run(&["why", "bob", "mark", "door:d", "--policy", "doors.rules", "--format", "json"]);
    let forged = proof.text().replace("door:", "lamp:").replace("\"door\"", "\"lamp\"");
    let place = place.file("proof.json", forged);
    let ran = place.run(&["verify", "proof.json", "--policy", "doors.rules"]);
    assert_eq!((ran.status, ran.err.as_str()), (1, ""));
    assert!(ran.text().contains("deny(bob, open, lamp:d): the action is not done to that"), "{}", ran.text());
}
