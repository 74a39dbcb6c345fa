//! Input that is broken, huge or hostile: a clear message, in bounded time, and never a panic.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::{Place, Ran};

const DECIDE: [&str; 4] = ["decide", "anna", "history.view", "c1"];

/// Decides with this file as data: a refusal with these pieces.
fn data(name: &str, content: impl AsRef<[u8]>, pieces: &[&str]) {
    let place = Place::new().file(name, content);
    place.run(&[&DECIDE[..], &["--data", name]].concat()).refuses(pieces);
}

/// Decides with this file as rules: a refusal with these pieces.
fn rules(content: impl AsRef<[u8]>, pieces: &[&str]) {
    let place = Place::new().file("x.rules", content);
    for words in [&DECIDE[..], &["query", "user(U)"], &["test"], &["batch", "--requests", "-", "--output", "-"]] {
        place.run(&[words, &["--rules", "x.rules"]].concat()).refuses(pieces);
    }
}

/// Bytes that are neither text nor any format.
fn binary() -> Vec<u8> {
    (0..100_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

#[test]
fn empty_files() {
    data("a.json", "", &["error[truncated-file]", "a.json"]);
    data("user.csv", "", &["error[truncated-file]", "user.csv:1:1", "expected a header"]);
    let place = Place::new().file("user.jsonl", "").file("empty.rules", "");
    let words = [&DECIDE[..], &["--data", "user.jsonl", "--rules", "empty.rules"]].concat();
    assert_eq!(place.run(&words).text(), "deny default\n");
    Place::new()
        .file("empty.rules", "")
        .run(&[&DECIDE[..], &["--policy", "empty.rules"]].concat())
        .refuses(&["error[missing-allow]"]);
}

#[test]
fn binary_files() {
    rules(binary(), &["error[bad-utf8]", "x.rules is not UTF-8 text: byte "]);
    for name in ["a.json", "user.jsonl", "user.csv", "user.tsv"] {
        data(name, binary(), &["error[", name]);
    }
    let place = Place::new().file("r.jsonl", binary()).file("r.csv", binary());
    let ran = |requests| place.run(&["batch", "--requests", requests, "--output", "-"]);
    assert_eq!(ran("r.jsonl").status, 2);
    ran("r.csv").refuses(&["r.csv: the header of the requests is"]);
}

/// A file with `start`, one line of a hundred million bytes, and `end`.
fn huge(path: &Path, start: &str, end: &str) {
    large(path, start, 96, end);
}

/// A file with `start`, so many MiB on one line, and `end`.
fn large(path: &Path, start: &str, mebibytes: usize, end: &str) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    file.write_all(start.as_bytes()).unwrap();
    let piece = [b'x'; 1 << 20];
    for _ in 0..mebibytes {
        file.write_all(&piece).unwrap();
    }
    file.write_all(end.as_bytes()).unwrap();
    file.flush().unwrap();
}

#[test]
fn huge_lines() {
    let place = Place::new();
    for (name, start, end) in [
        ("user.csv", "user\n", "\n"),
        ("user.tsv", "user\n", "\n"),
        ("user.jsonl", "\"", "\"\n"),
        ("a.json", "{\"user\": [\"", "\"]}"),
    ] {
        huge(&place.path(name), start, end);
        let ran = place.run(&[&DECIDE[..], &["--data", name]].concat());
        ran.refuses(&["error[record-too-long]", name]);
        assert!(ran.err.len() < 5000, "{} bytes of message", ran.err.len());
        std::fs::remove_file(place.path(name)).unwrap();
    }
}

/// A request that is too long has its answer in its place, as those before and behind it.
#[test]
fn huge_requests() {
    const DENIED: &str = "{\"decision\":false,\"context\":{\"rule\":\"default\"}}\n";
    const TOO_LONG: &str = "{\"decision\":false,\"context\":{\"error\":{\"status\":400,\
                            \"message\":\"the request is longer than 16 MiB\"}}}\n";
    let place = Place::with_portal();
    let json = r#"{"subject":{"type":"user","id":"boris"},"action":{"name":"history.view"},"resource":{"type":"chat","id":"c1"}}"#;
    let csv = "boris,history.view,c1";
    for (name, header, row) in [("r.jsonl", "\n", json), ("r.csv", "subject,action,resource\n", csv)] {
        let (start, end) = (format!("{header}{row}\n\""), format!("\"\n{row}\n{row}\n"));
        large(&place.path(name), &start, 18, &end);
        let expected = [DENIED, TOO_LONG, DENIED, DENIED].concat();
        let report =
            "error: 1 of 4 requests could not be decided; the first, line 3: the request is longer than 16 MiB\n";
        place.on_portal(&["batch", "--requests", name, "--output", "-"]).ends(2, &expected, report);
        let parts: String = (1..=4)
            .map(|part| {
                let shard = format!("{part}/4");
                place.on_portal(&["batch", "--requests", name, "--output", "-", "--shard", &shard]).text().to_owned()
            })
            .collect();
        assert_eq!(parts, expected, "{name}");
        let words = ["batch", "--requests", name, "--output", "out", "--fail-fast"];
        place.on_portal(&words).refuses(&["line 3: the request is longer than 16 MiB; stopped"]);
        assert!(!place.path("out").exists());
        let words = ["diff", "--to-data", "portal.json", "--requests", name];
        place.on_portal(&words).refuses(&[&format!("{name}:3: the request is longer than 16 MiB")]);
        std::fs::remove_file(place.path(name)).unwrap();
    }
    // The end of the input is an end, too.
    large(&place.path("r.jsonl"), "\"", 18, "");
    place.on_portal(&["batch", "--requests", "r.jsonl", "--output", "-"]).ends(
        2,
        TOO_LONG,
        "error: 1 of 1 requests could not be decided; the first, line 1: the request is longer than 16 MiB\n",
    );
}

/// A request may be long, but what is said about it may not.
#[test]
fn a_message_does_not_repeat_a_long_request() {
    let long = "x".repeat(1_000_000);
    let request = format!(
        r#"{{"subject":{{"type":"user","id":"a"}},"action":{{"name":"{long}"}},"resource":{{"type":"chat","id":"c"}}}}"#
    );
    let csv = format!("subject,action,resource\na,{long},c\n");
    let header = format!("{long}\n");
    let place = Place::new()
        .file("r.jsonl", request)
        .file("r.csv", csv)
        .file("h.csv", header)
        .file("j.jsonl", format!("\"{long}\""));
    for name in ["r.jsonl", "r.csv", "h.csv", "j.jsonl"] {
        let ran = place.run(&["batch", "--requests", name, "--output", "-"]);
        assert_eq!(ran.status, 2);
        assert!(ran.out.len() < 1000 && ran.err.len() < 1000, "{name}: {} and {} bytes", ran.out.len(), ran.err.len());
    }
}

#[test]
fn deep_nesting() {
    let deep = |inside: &str| format!("{}{inside}{}", "[".repeat(100_000), "]".repeat(100_000));
    data("a.json", format!("{{\"user\": {}}}", deep("")), &["error[", "a.json:1:"]);
    data("a.json", deep(""), &["error[malformed-json]"]);
    data("user.jsonl", deep("1"), &["error[", "user.jsonl:1:"]);
    let request = |more: &str| {
        format!(
            r#"{{"subject":{{"type":"user","id":"a"}},"action":{{"name":"history.view"}},"resource":{{"type":"chat","id":"c"}},{more}}}"#
        )
    };
    let words = ["batch", "--requests", "-", "--output", "-", "--data", "portal.json"];
    let answer = |more: &str| Place::with_portal().run_on(&words, request(more).as_bytes());
    answer(&format!("\"x\":{}", deep(""))).prints(0, "{\"decision\":false,\"context\":{\"rule\":\"default\"}}\n");
    let echoed = format!("{{\"decision\":false,\"context\":{{\"id\":{},\"rule\":\"default\"}}}}\n", deep(""));
    answer(&format!("\"context\":{{\"id\":{}}}", deep(""))).prints(0, &echoed);
    rules(format!("allow(U, history.view, C) if {}", "(".repeat(100_000)), &["error[syntax-error]", "x.rules:1:"]);
    rules("/* ".repeat(100_000), &["error[unclosed-comment]"]);
}

#[test]
fn broken_data() {
    data("a.json", "{\"user\": [\"anna\"", &["error[truncated-file]"]);
    data("a.json", "{\"user\": [\"an", &["error[truncated-file]"]);
    data("a.json", "{\"user\": [\"anna\"]} x", &["error[malformed-json]"]);
    data("a.json", "{\"user\": [\"anna\",]}", &["error[malformed-json]"]);
    data("a.json", "{\"user\": [\"anna\"], \"user\": []}", &["error[duplicate-key]", "`user`"]);
    data(
        "a.json",
        "{\"works_in\": [{\"user\": \"a\", \"user\": \"b\", \"department\": \"d\"}]}",
        &["error[duplicate-key]"],
    );
    data("a.json", "{\"user\": [null]}", &["error[null-value]"]);
    data("a.json", "{\"user\": [\"\"]}", &["error[empty-id]"]);
    data("user.csv", "user\n\"anna", &["error[truncated-file]", "user.csv:2:"]);
    data("works_in.csv", "user,department\nanna,sales\nboris", &["error[truncated-file]", "works_in.csv:3:1"]);
    data("user.csv", "user\nan\"na\n", &["error[malformed-csv]", "user.csv:2:3"]);
    data("user.csv", b"user\n\xff\n", &["error[bad-utf8]", "user.csv:2:1"]);
}

#[test]
fn unknown_names_in_data() {
    data(
        "a.json",
        "{\"usr\": [\"anna\"]}",
        &["error[unknown-relation]: unknown relation `usr`", "did you mean `user`?"],
    );
    data("a.json", "{\"permitted\": []}", &["error[not-an-input]"]);
    data("a.json", "{\"works_in\": [{\"usr\": \"a\", \"department\": \"d\"}]}", &["error[unknown-field]", "`user`"]);
    data("a.json", "{\"works_in\": [{\"user\": \"a\"}]}", &["error[missing-field]", "department"]);
    data("a.json", "{\"role\": [[\"r\", \"telefony\"]]}", &["error[unknown-enum-member]", "did you mean `telephony`?"]);
    data(
        "a.json",
        "{\"role_permission\": [[\"r\", \"histry.view\", \"own\"]]}",
        &["error[unknown-action]", "`history.view`"],
    );
    data("usr.csv", "user\nanna\n", &["error[unknown-relation]", "did you mean `user`?"]);
    data("works_in.csv", "user,departmnt\nanna,d\n", &["error[unknown-field]", "did you mean `department`?"]);
}

#[test]
fn unknown_names_in_rules() {
    rules("allow(U, history.view, C) if usr(U), chat(C, _);", &["error[unknown-relation]", "did you mean `user`?"]);
    rules(
        "allow(U, histry.view, C) if user(U), chat(C, _);",
        &["error[unknown-action]", "did you mean `history.view`?"],
    );
    rules("in_workgroup(\"u\", \"w\", membr);", &["error[unknown-enum-member]", "did you mean `member`?"]);
    rules("input x(u: usr);", &["error[unknown-type]", "did you mean `user`?"]);
}

#[test]
fn paths_that_lead_nowhere_or_elsewhere() {
    let place = Place::new().file("folder/notes.txt", "").file("empty/.keep", "").file("file", "");
    let ran = |words: &[&str]| place.run(&[&DECIDE[..], words].concat());
    for option in ["--rules", "--policy"] {
        ran(&[option, "missing"]).refuses(&["error[unreadable-file]: can't read missing: No such file"]);
        ran(&[option, "folder"])
            .refuses(&["error[unreadable-file]: can't read folder: the folder holds no .rules file"]);
        ran(&[option, "file/x"]).refuses(&["error[unreadable-file]: can't read file/x: "]);
    }
    ran(&["--data", "missing"]).refuses(&["error[unreadable-file]", "missing"]);
    ran(&["--data", "folder"]).refuses(&["error[unexpected-file]", "notes.txt"]);
    ran(&["--data", "file"]).refuses(&["error[unexpected-file]", "file"]);
    assert_eq!(ran(&["--data", "empty"]).text(), "deny default\n");
    place.run(&["test", "missing.rules"]).refuses(&["error[unreadable-file]"]);
}

#[cfg(unix)]
#[test]
fn a_folder_named_as_a_file() {
    let place =
        Place::new().file("data/user.csv/x", "").file("r.jsonl/x", "").file("x.rules/y.rules", "user(\"anna\");\n");
    place.run(&[&DECIDE[..], &["--data", "data"]].concat()).refuses(&["error[unexpected-file]", "user.csv"]);
    place.run(&["batch", "--requests", "r.jsonl", "--output", "-"]).ends(
        2,
        "",
        "error: can't read r.jsonl: is a directory\n",
    );
    place.run(&["query", "user(U)", "--rules", "x.rules"]).prints(0, "U\nanna\n");
}

#[test]
fn rules_that_derive_too_much() {
    let facts: String = (0..40).map(|number| format!("user(\"{number}\");\n")).collect();
    let all = "relation all(a: user, b: user);\nall(A, B) if user(A), user(B);\n@id(\"all\")\nallow(A, history.view, _) if all(A, _);\n";
    let place = Place::new().file("all.rules", facts + all);
    for engine in ["auto", "compiled", "interpreted"] {
        let words = [&DECIDE[..], &["--rules", "all.rules", "--max-derived", "1000", "--engine", engine]].concat();
        place.run(&words).refuses(&["error[limit-reached]: deriving `all` gives more than 1000 facts"]);
        place
            .run(&["query", "all(A, B)", "--rules", "all.rules", "--max-derived", "1000", "--engine", engine])
            .refuses(&["limit-reached"]);
    }
}

#[test]
fn decisions_that_go_round_or_too_deep() {
    rules("decision a(u: user); decision b(u: user);\na(U) if b(U);\nb(U) if a(U);\n", &["error[recursive-decision]"]);
    rules("allow(U, history.view, C) if allow(U, history.view, C);", &["error[recursive-decision]"]);
    let long: String = (0..10_001).map(|_| "user(U), ").collect();
    rules(format!("allow(U, history.view, C) if {long}chat(C, _);"), &["error[rule-too-long]"]);
    Place::new().run(&["query", &format!("{long}user(U)")]).refuses(&["error[rule-too-long]"]);
    let chain: String = (1..10_001).map(|n| format!("decision d{n}(u: user); d{n}(U) if d{}(U);\n", n - 1)).collect();
    let chain = format!("decision d0(u: user); d0(U) if user(U);\n{chain}allow(U, history.view, _) if d10000(U);\n");
    rules(chain, &["error[nested-too-deep]"]);
}

/// What is typed wrong is told by the parser of the arguments.
#[test]
fn arguments_that_make_no_sense() {
    let ran = |words: &[&str]| Place::new().run(words);
    ran(&[]).refuses_usage();
    ran(&["decide", "anna"]).refuses(&["required arguments were not provided", "<RESOURCE>", "Usage: rolecall decide"]);
    ran(&["decde"]).refuses(&["unrecognized subcommand 'decde'", "decide"]);
    for wrong in ["0", "many", "-", "1.5", "4294967296"] {
        let message = format!("invalid value '{wrong}' for '--jobs <N>': write a whole number of 1 or more");
        ran(&["check", "--jobs", wrong]).refuses(&[&message]);
    }
    let limit = "invalid value 'x' for '--max-questions <N>': write a whole number of ";
    ran(&["audit", "--max-questions", "x"]).refuses(&[limit, "1 or more"]);
    ran(&["diff", "--to-data", "d", "--max-questions", "x"]).refuses(&[limit, "0 or more"]);
    ran(&["test", "--min-coverage", "101"]).refuses(&["write a whole number from 0 to 100"]);
    ran(&["check", "--engine", "fast"]).refuses(&["invalid value 'fast' for '--engine", "auto, compiled, interpreted"]);
    ran(&["check", "--color", "sometimes"]).refuses(&["auto, always, never"]);
    ran(&["check", "--max-derived", "many"]).refuses(&["--max-derived"]);
    ran(&["query", "user(U)", "--format", "xml"]).refuses(&["text, json, csv"]);
    ran(&["check", "--format", "json"]).refuses(&["unexpected argument '--format'", "tip: ", "`--message-format`"]);
    for words in [&["fmt", "a.rules"][..], &["rules"], &["explain"]] {
        let ran = ran(&[words, &["--format=json"]].concat());
        ran.refuses(&["the answer of this command is text; `--message-format` says how mistakes are shown"]);
        assert!(!ran.err.contains("-- --format"), "{}", ran.err);
    }
    ran(&["batch", "--format", "json"]).refuses(&["the answers of `batch` are always JSON"]);
    ran(&["batch", "--requests", "x"]).refuses(&["--output <FILE>"]);
    ran(&["completions", "cmd"]).refuses(&["invalid value 'cmd'"]);
}

impl Ran {
    /// Help in place of an answer: on standard error, with the commands.
    fn refuses_usage(&self) {
        assert_eq!((self.text(), self.status), ("", 2));
        assert!(self.err.contains("Usage: rolecall") && self.err.contains("decide"), "{}", self.err);
    }
}
