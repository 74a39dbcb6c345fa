//! Answers to queries, as people see them.

use std::process::Command;

use crate::prose::root;

#[test]
fn things_and_actions_are_sorted_by_name_whatever_was_declared_first() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("order.rules");
    let text = "entity user; entity chat; action view on chat; action rate on chat; action call on user;
        relation seen(thing: resource, action: action);
        seen(user:\"b\", call); seen(user:\"a\", call); seen(chat:\"c\", view); seen(chat:\"c\", rate);";
    std::fs::write(&rules, text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["query", "seen(Thing, Action)", "--format", "csv", "--policy"])
        .arg(&rules)
        .current_dir(root())
        .output()
        .unwrap();
    let expected = "Thing,Action\nchat:c,rate\nchat:c,view\nuser:a,call\nuser:b,call\n";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}
