//! What `docs/tutorial.md` promises beside its blocks, which `prose` runs: the rules that it shows are those of
//! `examples/tutorial`, and the workflow there fails where the page says.
//!
//! The commands of the workflow are run in a folder laid out as the workflow asks for: the portal acme as the main branch, and
//! the rules, tests and data of the tutorial as the pull request.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::prose::{root, rule_blocks};

/// A step of the workflow that runs something.
struct Step {
    name: String,
    command: String,
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The steps with a command. Each has its `- name:` first and its command in one line, which is all of YAML that is needed here.
fn steps() -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in read("examples/tutorial/ci/rolecall.yml").lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("- name: ") {
            steps.push(Step { name: name.to_owned(), command: String::new() });
        } else if let Some(command) = line.strip_prefix("run: ") {
            steps.last_mut().unwrap().command = command.to_owned();
        }
    }
    steps
}

/// Puts the files of a folder of the repository into another folder.
fn copy(from: &str, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(root().join(from)).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

/// A pull request that adds the tutorial to acme.
fn pull_request() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    for folder in ["rules", "data"] {
        copy(&format!("examples/acme/{folder}"), &place.path().join("before").join(folder));
        copy(&format!("examples/acme/{folder}"), &place.path().join(folder));
        copy(&format!("examples/tutorial/{folder}"), &place.path().join(folder));
    }
    // The rules of acme count for coverage too, and so do its tests.
    copy("examples/acme/tests", &place.path().join("tests"));
    copy("examples/tutorial/tests", &place.path().join("tests"));
    fs::copy(root().join("examples/tutorial/invariants.rules"), place.path().join("invariants.rules")).unwrap();
    place
}

/// Runs a command line with the program under test: its status.
fn status(command: &str, place: &TempDir) -> i32 {
    let program = Path::new(env!("CARGO_BIN_EXE_rolecall"));
    let mut path = vec![program.parent().unwrap().to_owned()];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(place.path())
        .env("PATH", std::env::join_paths(path).unwrap())
        .output()
        .unwrap();
    output.status.code().unwrap()
}

/// The steps that do not end with status 0, as `name: status`.
fn failing(place: &TempDir) -> Vec<String> {
    let steps = steps().into_iter().filter(|step| step.command.starts_with("rolecall "));
    let ends = steps.map(|step| (status(&step.command, place), step.name));
    ends.filter(|(status, _)| *status != 0).map(|(status, name)| format!("{name}: {status}")).collect()
}

/// What fails after one text in a file of the pull request was replaced.
fn failing_with(file: &str, old: &str, new: &str) -> Vec<String> {
    let place = pull_request();
    let path = place.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{file} without {old:?}");
    fs::write(path, text.replace(old, new)).unwrap();
    failing(&place)
}

#[test]
fn only_who_gains_is_left_to_a_person() {
    let place = pull_request();
    assert_eq!(failing(&place), ["Who gains: 1"]);
    for upload in ["path: tests.xml", "sarif_file: rolecall.sarif"] {
        assert!(read("examples/tutorial/ci/rolecall.yml").contains(upload));
        let file = place.path().join(upload.split(' ').nth(1).unwrap());
        assert!(fs::metadata(file).unwrap().len() > 0, "{upload}");
    }
}

#[test]
fn nothing_fails_where_nothing_changes() {
    let place = pull_request();
    for folder in ["rules", "data"] {
        copy(&format!("examples/tutorial/{folder}"), &place.path().join("before").join(folder));
    }
    assert_eq!(failing(&place), [""; 0]);
}

#[test]
fn each_step_fails_for_what_it_is_about() {
    let rules = "rules/marketing.rules";
    assert_eq!(failing_with(rules, "Chat, _", "Chat,_"), ["Form: 1", "Who gains: 1"]);
    assert_eq!(
        failing_with(rules, "if works_in(Person, \"marketing\"), chat(", "if works_in(User, \"marketing\"), chat("),
        ["Mistakes and warnings: 1", "Tests: 1", "Who gains: 1"]
    );
    assert_eq!(failing_with("data/trainee.csv", "wanda", "boris"), ["Invariants: 1", "Who gains: 1"]);
    assert_eq!(
        failing_with("tests/marketing.rules", "    expect not permitted(\"v", "    expect permitted(\"v"),
        ["Tests: 1", "Who gains: 1"]
    );
    assert_eq!(
        failing_with("data/trainee.csv", "mentor", "mentro"),
        ["What the rules do on the data: 1", "Invariants: 2", "Who gains: 2", "SARIF: 1"]
    );
}

#[test]
fn rules_without_tests_are_not_enough() {
    let place = pull_request();
    fs::remove_file(place.path().join("tests/trainees.rules")).unwrap();
    assert_eq!(failing(&place), ["Tests: 1", "Who gains: 1"]);
}

#[test]
fn the_page_tells_every_step_but_the_installation() {
    let page = read("docs/tutorial.md");
    let steps = steps();
    assert_eq!(steps[0].command, "cargo install --locked --path rolecall");
    assert_eq!(steps.len(), 8);
    for step in &steps[1..] {
        assert!(step.command.starts_with("rolecall ") && page.contains(&format!("| {} |", step.name)), "{}", step.name);
    }
}

#[test]
fn the_rules_of_the_page_are_those_of_the_folder() {
    let files =
        [read("examples/tutorial/rules/marketing.rules"), read("examples/tutorial/rules/trainees.rules")].concat();
    let blocks: Vec<_> =
        rule_blocks().into_iter().filter(|(place, _)| place.starts_with("docs/tutorial.md:")).collect();
    assert_eq!(blocks.len(), 3);
    for (place, text) in blocks {
        assert!(files.contains(&text), "{place}");
    }
    let data = read("examples/tutorial/data/trainee.csv");
    assert!(read("docs/tutorial.md").contains(&format!("```csv trainee rules=trainees\n{data}```")));
}
