//! Requests in every form and malformation, through `batch` as people run it.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::prose::root;

/// The answers to these lines about an empty portal, and the exit status.
fn answers(requests: &str) -> (Vec<String>, Option<i32>) {
    let mut process = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["batch", "--requests", "-", "--output", "-"])
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(requests.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    (lines.lines().map(str::to_owned).collect(), output.status.code())
}

#[test]
fn only_objects_are_requests() {
    let (answers, status) = answers(concat!(
        r#"{"subject":["user","u"],"action":{"name":"app.use"},"resource":{"type":"app","id":"a"}}"#,
        "\n",
        r#"{"subject":{"type":"user","id":"u"},"action":["app.use"],"resource":{"type":"app","id":"a"},"context":{"id":2}}"#,
        "\n",
        r#"[{"type":"user","id":"u"},{"name":"app.use"},{"type":"app","id":"a"}]"#,
        "\n",
        r#"{"subject":null,"action":{"name":"app.use"},"resource":{"type":"app","id":"a"}}"#,
        "\n",
    ));
    let error = |id: &str, what: &str| {
        format!(
            r#"{{"decision":false,"context":{{{id}"error":{{"status":400,"message":"not an evaluation request: {what}"}}}}}}"#
        )
    };
    let expected = [
        error("", "a list where an object is expected at column 11"),
        error("\"id\":2,", "a list where an object is expected at column 45"),
        error("", "a list where an object is expected"),
        error("", "null where an object is expected at column 15"),
    ];
    assert_eq!(answers, expected);
    assert_eq!(status, Some(2));
}

#[test]
fn a_context_is_no_part_of_the_decision_and_its_id_is_echoed_as_it_is() {
    let request = |context: &str| {
        format!(
            r#"{{"subject":{{"type":"user","id":"u"}},"action":{{"name":"app.use"}},"resource":{{"type":"app","id":"a"}}{context}}}"#
        ) + "\n"
    };
    let contexts = [
        ("", ""),
        (r#","context":{"id":"r-1","other":[]}"#, r#""id":"r-1","#),
        (r#","context":{"id":null}"#, r#""id":null,"#),
        (r#","context":{"id":{"a":[1, 2]}}"#, r#""id":{"a":[1, 2]},"#),
        (r#","context":"text""#, ""),
        (r#","context":["r-1"]"#, ""),
        (r#","context":null"#, ""),
    ];
    let (answers, status) = answers(&contexts.map(|(context, _)| request(context)).concat());
    let expected = contexts.map(|(_, id)| format!(r#"{{"decision":false,"context":{{{id}"rule":"default"}}}}"#));
    assert_eq!(answers, expected);
    assert_eq!(status, Some(0));
}
