//! The examples and the tests of the policy, through the program as people run it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::prose::root;

/// Runs the program at the root of the repository, and expects nothing on standard error.
fn rolecall(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(arguments)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "rolecall {}", arguments.join(" "));
    output
}

const ACME: [&str; 4] = ["--data", "examples/acme/data", "--rules", "examples/acme/rules"];

fn batch(requests: &str, more: &[&str]) -> String {
    let arguments = [&["batch"], &ACME[..], &["--requests", requests, "--output", "-"], more].concat();
    let output = rolecall(&arguments);
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The decision and the id of each line; the members are those at `id`, a path.
fn decisions(text: &str, id: &str) -> Vec<(String, bool)> {
    let decision = |line: Value| {
        let id = line.pointer(id).and_then(Value::as_str).unwrap_or_default().to_owned();
        (id, line["decision"].as_bool().unwrap())
    };
    json_lines(text).into_iter().map(decision).collect()
}

#[test]
fn acme_is_decided_as_worked_out_by_hand() {
    let expected = std::fs::read_to_string(root().join("examples/acme/expected.jsonl")).unwrap();
    let expected = decisions(&expected, "/id");
    assert_eq!(expected.len(), 62);
    let answers = batch("examples/acme/requests.jsonl", &[]);
    assert_eq!(decisions(&answers, "/context/id"), expected);

    let by_line: Vec<bool> =
        decisions(&batch("examples/acme/requests.csv", &[]), "").iter().map(|(_, is)| *is).collect();
    assert_eq!(by_line, expected.iter().map(|(_, is)| *is).collect::<Vec<_>>());
}

#[test]
fn engines_and_threads_give_the_same_bytes() {
    for requests in ["examples/acme/requests.jsonl", "examples/acme/requests.csv"] {
        let first = batch(requests, &["--engine", "compiled", "--jobs", "1"]);
        for engine in ["auto", "compiled", "interpreted"] {
            for jobs in ["1", "3"] {
                assert_eq!(batch(requests, &["--engine", engine, "--jobs", jobs]), first, "{engine} {jobs}");
            }
        }
    }
}

/// Runs the tests of some paths: how many passed; none may fail.
fn passed(arguments: &[&str]) -> usize {
    let output = rolecall(&[&["test"], arguments].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{arguments:?}\n{text}");
    let last = text.lines().last().unwrap();
    last.strip_suffix(" passed, 0 failed").unwrap_or_else(|| panic!("{last}")).parse().unwrap()
}

/// How many `test` blocks the rule files of a folder, or a file, hold.
fn tests_in(path: &str) -> usize {
    let path = root().join(path);
    let count = |file: &Path| {
        let text = std::fs::read_to_string(file).unwrap();
        text.lines().filter(|line| line.starts_with("test \"")).count()
    };
    if path.is_file() {
        return count(&path);
    }
    std::fs::read_dir(path).unwrap().map(|entry| count(&entry.unwrap().path())).sum()
}

#[test]
fn the_tests_of_the_policy_pass() {
    let tests = tests_in("tests/policy");
    assert!(tests >= 213, "{tests} tests");
    for engine in ["compiled", "interpreted"] {
        assert_eq!(passed(&["tests/policy", "--engine", engine]), tests);
    }
}

#[test]
fn the_tests_of_the_policy_need_every_rule_and_every_literal() {
    let output = rolecall(&["test", "tests/policy", "--coverage=all", "--min-coverage", "100"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.starts_with("coverage: 100%, "), "{text}");
}

#[test]
fn the_tests_of_acme_pass() {
    assert_eq!(tests_in("examples/acme/tests"), 14);
    assert_eq!(passed(&["examples/acme/tests", "--rules", "examples/acme/rules"]), 14);
}

#[test]
fn the_programs_pass_their_tests() {
    let mut programs = 0;
    for entry in std::fs::read_dir(root().join("examples/programs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".rules") {
            let path = format!("examples/programs/{name}");
            let tests = tests_in(&path);
            assert!(tests > 0, "{path} has no test");
            assert_eq!(passed(&["--policy", &path]), tests, "{path}");
            programs += 1;
        }
    }
    assert_eq!(programs, 8);
}

/// The data of the example has no mistakes, with the rules of its administrators.
#[test]
fn acme_checks_without_a_mistake() {
    let output = rolecall(&[&["check", "--message-format", "short"], &ACME[..]].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    let told = |line: &str| line.contains(": warning[reported]: ") || line.contains(": note[rule-effect]: ");
    let lines: Vec<&str> = text.lines().collect();
    let (last, findings) = lines.split_last().unwrap();
    assert!(output.status.success() && findings.iter().all(|line| told(line)), "{text}");
    assert!(last.ends_with(": 2 warnings and 6 notes"), "{text}");
}
