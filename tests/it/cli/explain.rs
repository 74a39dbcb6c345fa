//! `explain`: the page of a code, the list of all, and what comes near to a code that there is not.

use std::fs;

use rolecall::compiler::codes::Code;

use super::Place;
use crate::prose::root;

#[test]
fn a_code_is_explained_by_its_page() {
    let page = fs::read_to_string(root().join("docs/errors/unbound-variable.md")).unwrap();
    Place::new().run(&["explain", "unbound-variable"]).prints(0, &page);
}

#[test]
fn without_a_code_all_are_listed() {
    let ran = Place::new().run(&["explain"]);
    let lines: Vec<&str> = ran.text().lines().collect();
    assert_eq!((ran.status, lines.len()), (0, Code::ALL.len()));
    assert_eq!(lines[0], "lexical-error                 a character that begins no word of the language");
    assert!(lines.contains(&"unknown-explanation-variable  a {Variable} that the rule does not have, or a {field} that the relation does not have"));
}

#[test]
fn an_unknown_code_is_answered_with_those_that_come_near() {
    let refuses = |code: &str, message: &str| Place::new().run(&["explain", code]).ends(2, "", message);
    refuses(
        "unbound_Variable",
        "error: there is no diagnostic code `unbound_Variable`; did you mean `unbound-variable`?\n",
    );
    refuses("negative-cycle", "error: there is no diagnostic code `negative-cycle`; did you mean `negation-cycle`?\n");
    refuses("E0382", "error: there is no diagnostic code `E0382`; `rolecall explain` lists all of them\n");
    refuses("a\u{1b}[31m", "error: there is no diagnostic code `a\\u{1b}[31m`; `rolecall explain` lists all of them\n");
}
