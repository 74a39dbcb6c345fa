//! `batch`: what is answered to each request, and to each that is none.

use super::{Place, Ran};

/// Answers requests from standard input on the small portal.
fn answers(requests: impl AsRef<[u8]>) -> Ran {
    let words = ["batch", "--requests", "-", "--output", "-", "--data", "portal.json"];
    Place::with_portal().run_on(&words, requests.as_ref())
}

/// Answers the requests of a CSV file.
fn csv_answers(requests: impl AsRef<[u8]>) -> Ran {
    let words = ["batch", "--requests", "requests.csv", "--output", "-"];
    Place::with_portal().file("requests.csv", requests).on_portal(&words)
}

/// A request about the histories of chats, with members of its own at the end.
fn request(user: &str, chat: &str, more: &str) -> String {
    format!(
        r#"{{"subject":{{"type":"user","id":{user}}},"action":{{"name":"history.view"}},"resource":{{"type":"chat","id":{chat}}}{more}}}"#
    ) + "\n"
}

const ALLOWED: &str = "{\"decision\":true,\"context\":{\"rule\":\"chat-level-own\"}}\n";
const DENIED: &str = "{\"decision\":false,\"context\":{\"rule\":\"default\"}}\n";

/// The answer to a malformed request.
fn refusal(message: &str) -> String {
    let message = serde_json::Value::from(message);
    format!("{{\"decision\":false,\"context\":{{\"error\":{{\"status\":400,\"message\":{message}}}}}}}\n")
}

/// One malformed request alone: its answer, the report at the end, and the status.
fn refused(request: impl AsRef<[u8]>, message: &str) {
    let report = format!("error: 1 of 1 requests could not be decided; the first, line 1: {message}\n");
    answers(request).ends(2, &refusal(message), &report);
}

#[test]
fn each_request_has_its_answer_in_order() {
    let requests =
        [request("\"anna\"", "\"c1\"", ""), request("\"anna\"", "\"c2\"", ""), request("\"x\"", "\"y\"", "")];
    answers(requests.concat()).prints(0, &[ALLOWED, DENIED, DENIED].concat());
}

/// Requests for one action are decided together, and some of them alone; the answers stand as the requests do.
#[test]
fn answers_stand_in_order_whatever_the_requests_ask_for() {
    let asked = [
        ("anna", "history.view", "chat", "c1", true),
        ("anna", "crm.read", "crm_item", "lead:15", true),
        ("anna", "history.view", "chat", "c2", false),
        ("nobody", "history.view", "chat", "c1", false),
        ("anna", "crm.read", "crm_item", "lead:16", false),
        ("anna", "history.view", "chat", "é", false),
        ("anna", "no.action", "chat", "c1", false),
        ("anna", "crm.read", "crm_item", "é", false),
        ("anna", "history.view", "chat", "7", true),
        ("anna", "crm.read", "crm_item", "lead:15", true),
    ];
    let line = |(number, (user, action, entity, id, _)): (usize, (&str, &str, &str, &str, bool))| {
        format!(
            r#"{{"subject":{{"type":"user","id":"{user}"}},"action":{{"name":"{action}"}},"resource":{{"type":"{entity}","id":"{id}"}},"context":{{"id":"q{number}"}}}}"#
        ) + "\n"
    };
    let requests: String = asked.into_iter().enumerate().map(line).collect();
    let place = Place::with_portal().file("requests.jsonl", requests);
    for why in [&[][..], &["--why"]] {
        let words = [&["batch", "--requests", "requests.jsonl", "--output", "-"], why].concat();
        let ran = place.on_portal(&words);
        assert_eq!(ran.status, 2);
        let answers: Vec<serde_json::Value> =
            ran.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let told: Vec<(String, bool)> = answers
            .iter()
            .map(|answer| (answer["context"]["id"].as_str().unwrap().to_owned(), answer["decision"] == true))
            .collect();
        let expected: Vec<(String, bool)> =
            asked.into_iter().enumerate().map(|(number, (.., allowed))| (format!("q{number}"), allowed)).collect();
        assert_eq!(told, expected, "{why:?}");
    }
}

#[test]
fn an_id_may_be_an_integer() {
    let requests = request("\"anna\"", "7", "") + &request("-12", "18446744073709551615", "");
    answers(requests).prints(0, &[ALLOWED, DENIED].concat());
    for number in ["1.5", "12300000000000000000000"] {
        let ran = answers(request(number, "7", ""));
        assert_eq!(ran.status, 2);
        let what =
            "not an evaluation request: a number that is no integer of 64 bits where an id is expected at column";
        assert!(ran.text().contains(what), "{}", ran.text());
    }
}

#[test]
fn other_members_are_ignored() {
    let more = r#","extra":{"a":[1,{"b":null}]},"context":{"time":"now","id2":3},"options":[]"#;
    answers(request("\"anna\"", "\"c1\"", more)).prints(0, ALLOWED);
    let within = r#"{"subject":{"id":"anna","properties":{"x":1},"type":"user"},"resource":{"properties":[],"id":"c1","type":"chat"},"action":{"properties":null,"name":"history.view"}}"#;
    answers(within).prints(0, ALLOWED);
}

#[test]
fn the_id_of_the_context_is_echoed_as_it_is() {
    for id in
        ["\"r-1\"", "17", "-1.50e3", "{\"a\": [1, \"x\"]}", "null", "true", "\"\\u00e9 \\\" \\\\\"", "\"Анна 😀\""]
    {
        let context = format!(",\"context\":{{\"id\":{id}}}");
        let answer = format!("{{\"decision\":true,\"context\":{{\"id\":{id},\"rule\":\"chat-level-own\"}}}}\n");
        answers(request("\"anna\"", "\"c1\"", &context)).prints(0, &answer);
    }
    answers(request("\"anna\"", "\"c1\"", ",\"context\":null")).prints(0, ALLOWED);
    answers(request("\"anna\"", "\"c1\"", ",\"context\":{}")).prints(0, ALLOWED);
}

#[test]
fn a_malformed_request_keeps_its_id() {
    let line = r#"{"subject":{"type":"user"},"action":{"name":"history.view"},"resource":{"type":"chat","id":"c1"},"context":{"id":7}}"#;
    let ran = answers(line);
    let answer = r#"{"decision":false,"context":{"id":7,"error":{"status":400,"message":"not an evaluation request: `id` is missing at column 26"}}}"#;
    assert_eq!((ran.text(), ran.status), (format!("{answer}\n").as_str(), 2));
}

#[test]
fn blank_lines_carriage_returns_and_a_byte_order_mark_are_accepted() {
    let line = request("\"anna\"", "\"c1\"", "");
    let text = format!("\u{feff}\r\n\n  \t\n{}\r\n\r\n{}", line.trim_end(), line.trim_end());
    answers(text).prints(0, &[ALLOWED, ALLOWED].concat());
    answers(format!("\u{feff}{line}")).prints(0, ALLOWED);
}

#[test]
fn no_request_has_no_answer() {
    answers("").prints(0, "");
    answers("\u{feff}").prints(0, "");
    answers("\n\n\n").prints(0, "");
    csv_answers("subject,action,resource\n").prints(0, "");
    csv_answers("subject,action,resource").prints(0, "");
}

#[test]
fn words_of_another_type_are_told() {
    let typed = |subject: &str, resource: &str| {
        format!(
            r#"{{"subject":{{"type":"{subject}","id":"anna"}},"action":{{"name":"history.view"}},"resource":{{"type":"{resource}","id":"c1"}}}}"#
        )
    };
    refused(typed("chat", "chat"), "the subject is a `chat`, but a `user` is expected");
    refused(typed("user", "call"), "the resource is a `call`, but a `chat` is expected");
    refused(typed("usr", "chat"), "unknown type `usr` of the subject; did you mean `user`?");
    refused(typed("user", "room"), "unknown type `room` of the resource");
    refused(typed("", "chat"), "unknown type `` of the subject");
}

#[test]
fn unknown_actions_and_empty_ids_are_told() {
    let line = request("\"anna\"", "\"c1\"", "").replace("history.view", "histry.view");
    refused(line, "unknown action `histry.view`; did you mean `history.view`?");
    refused(request("\"\"", "\"c1\"", ""), "the id of the subject is empty");
    refused(request("\"anna\"", "\"\"", ""), "the id of the resource is empty");
}

#[test]
fn what_is_no_evaluation_object_is_told() {
    let prefix = "not an evaluation request:";
    refused("{}", &format!("{prefix} `subject` is missing at column 2"));
    refused("[1]", &format!("{prefix} a list where an object is expected"));
    refused("17", &format!("{prefix} the number 17 where an object is expected at column 2"));
    refused("null", &format!("{prefix} null where an object is expected at column 4"));
    refused("anna", &format!("{prefix} expected a value at column 1"));
    refused(
        "{\"subject\":\"anna\"}",
        &format!("{prefix} the string \"anna\" where an object is expected at column 17"),
    );
    refused("{\"subject\":{\"type\":", &format!("{prefix} the line ends in the middle of it"));
    refused(b"{\"subject\":\"\xff\"}", &format!("{prefix} not UTF-8 text"));
    let ends_twice = request("\"anna\"", "\"c1\"", "").trim_end().to_owned() + "}";
    refused(ends_twice, &format!("{prefix} something behind the value at column 110"));
}

/// An array of the values would be as good for a lenient reader, and is no AuthZEN.
#[test]
fn arrays_are_no_objects() {
    let line = r#"{"subject":["user","anna"],"action":{"name":"history.view"},"resource":{"type":"chat","id":"c1"}}"#;
    refused(line, "not an evaluation request: a list where an object is expected at column 11");
    let whole = r#"[{"type":"user","id":"anna"},{"name":"history.view"},{"type":"chat","id":"c1"}]"#;
    refused(whole, "not an evaluation request: a list where an object is expected");
}

#[test]
fn members_that_stand_twice_are_told() {
    let twice = r#"{"subject":{"type":"user","id":"anna","id":"root"},"action":{"name":"history.view"},"resource":{"type":"chat","id":"c1"}}"#;
    refused(twice, "not an evaluation request: `id` stands twice at column 42");
    let twice = request("\"anna\"", "\"c1\"", r#","action":{"name":"history.view"}"#);
    refused(twice, "not an evaluation request: `action` stands twice at column 117");
    for context in [r#"{"id":"k5","id":"k6"}"#, r#"{"id":1,"x":[],"\u0069d":null}"#] {
        let twice = request("\"anna\"", "\"c1\"", &format!(",\"context\":{context}"));
        refused(twice, "not an evaluation request: `id` stands twice in `context`");
    }
    // What is not read may stand as often as it likes.
    answers(request("\"anna\"", "\"c1\"", r#","x":1,"x":2,"context":{"y":1,"y":2}"#)).prints(0, ALLOWED);
}

#[test]
fn malformed_requests_are_answered_in_place_and_counted() {
    let good = request("\"anna\"", "\"c1\"", "");
    let requests = format!("{good}\nnonsense\n{good}{{}}\n{good}");
    let words = "not an evaluation request:";
    let first = format!("{words} expected `true`, `false` or `null` at column 2");
    let second = format!("{words} `subject` is missing at column 2");
    let report = format!("error: 2 of 5 requests could not be decided; the first, line 3: {first}\n");
    let expected = [ALLOWED, &refusal(&first), ALLOWED, &refusal(&second), ALLOWED].concat();
    answers(requests).ends(2, &expected, &report);
}

#[test]
fn hidden_characters_are_escaped_and_mean_the_same() {
    let context = ",\"context\":{\"id\":\"\u{202e}\u{9b}\"}";
    let answer = "{\"decision\":true,\"context\":{\"id\":\"\\u202e\\u009b\",\"rule\":\"chat-level-own\"}}\n";
    answers(request("\"anna\"", "\"c1\"", context)).prints(0, answer);

    let ran = answers(request("\"anna\"", "\"c1\"", "").replace("history", "a\u{202e}\\u001b"));
    assert_eq!(ran.err.matches("unknown action `a\\u{202e}\\u{1b}.view`").count(), 1, "{}", ran.err);
    let message = Ran::json_lines(ran.text())[0]["context"]["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("unknown action `a\u{202e}\u{1b}.view`; did you mean `call.view`, "), "{message}");
    assert!(ran.text().is_ascii());
}

#[test]
fn csv_has_its_columns_in_any_order_and_quotes() {
    csv_answers("subject,action,resource\nanna,history.view,c1\n").prints(0, ALLOWED);
    let text = "\u{feff}resource,\"subject\",action\r\n\"c1\",anna,history.view\r\n\r\nchat:c1,\"anna\",\"history.view\"\r\n\
                c1,\"an\"\"na\",history.view\r\nc1,\"an\r\nna\",history.view\r\nuser:c1,anna,history.view";
    csv_answers(text).prints(0, &[ALLOWED, ALLOWED, DENIED, DENIED, DENIED].concat());
}

#[test]
fn malformed_records_of_csv_are_answered_in_place() {
    let text = "subject,action,resource\nanna,history.view\nanna,history.view,c1,x\nanna,histry.view,c1\n\
                an\"na,history.view,c1\n\"anna\"x,history.view,c1\nanna,history.view,c1\nanna,history.view,\"c1\n";
    let ran = csv_answers(text);
    let expected = [
        refusal("2 fields, but the header has 3"),
        refusal("4 fields, but the header has 3"),
        refusal("unknown action `histry.view`; did you mean `history.view`?"),
        refusal("not CSV: a quote inside a field without quotes around it"),
        refusal("not CSV: text behind a closing quote"),
        ALLOWED.to_owned(),
        refusal("not CSV: a quote that is never closed"),
    ];
    let report = "error: 6 of 7 requests could not be decided; the first, line 2: 2 fields, but the header has 3\n";
    ran.ends(2, &expected.concat(), report);
}

#[test]
fn a_record_of_csv_that_is_no_text_is_answered_in_place() {
    let ran = csv_answers(b"subject,action,resource\nanna,history.view,c1\n\xff\xfe,history.view,c1\n");
    let report = "error: 1 of 2 requests could not be decided; the first, line 3: not UTF-8 text\n";
    ran.ends(2, &[ALLOWED, &refusal("not UTF-8 text")].concat(), report);
}

#[test]
fn a_header_without_the_columns_is_no_question() {
    let header = |text: &str| csv_answers(text);
    let expected = "but `subject,action,resource` is expected";
    header("").refuses(&["requests.csv: the header of the requests is ``", expected]);
    header("subject,action\n").refuses(&["the header of the requests is `subject,action`", expected]);
    header("subject,action,resource,time\n").refuses(&[expected]);
    header("user,action,resource\nanna,history.view,c1\n").refuses(&[expected]);
    header("subject;action;resource\n").refuses(&["`subject;action;resource`", expected]);
}
