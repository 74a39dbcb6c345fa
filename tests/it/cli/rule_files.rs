//! Which rule files are read: all that a folder holds, each once, and none is left out in silence.

use super::{Place, Ran};

const DENY: &str = "deny(_, history.view, _);\n";
const DECIDE: [&str; 4] = ["decide", "anna", "history.view", "c1"];

/// Each diagnostic of `check` by its code, file and line, and the exit status.
fn found(place: &Place, words: &[&str]) -> (Vec<String>, i32) {
    let ran = place.run(&[&["check"], words, &["--message-format", "json"]].concat());
    let told = |found: &serde_json::Value| format!("{} {}:{}", found["code"], found["file"], found["line"]);
    (Ran::json_lines(ran.text()).iter().map(|object| told(object).replace('"', "")).collect(), ran.status)
}

#[test]
fn what_is_wrong_with_all_rule_files_is_told_in_one_run() {
    let place = Place::new()
        .file("one.rules", "allow(U, history.view, C) if lost(U), chat(C, _);\nuser(\"anna\") user;\n")
        .file("latin.rules", b"// na\xefve\n")
        .file("nothing/README.md", "");
    let words = ["missing.rules", "one.rules", "latin.rules", "nothing"];
    let expected = [
        "syntax-error one.rules:2",
        "bad-utf8 latin.rules:1",
        "unreadable-file missing.rules:null",
        "unreadable-file nothing:null",
    ];
    assert_eq!(found(&place, &words), (expected.map(str::to_owned).to_vec(), 2));
    let ran = place.run(&[&DECIDE[..], &["--rules", "missing.rules", "--rules", "one.rules"]].concat());
    ran.refuses(&["error[unreadable-file]: can't read missing.rules", "error[syntax-error]"]);
}

/// The unknown name may be declared in the file that is missing.
#[test]
fn names_are_judged_only_where_every_file_is_read() {
    let place = Place::new().file("one.rules", "allow(U, history.view, C) if lost(U), chat(C, _);\n");
    assert_eq!(found(&place, &["one.rules"]), (vec!["unknown-relation one.rules:1".to_owned()], 1));
    assert_eq!(
        found(&place, &["one.rules", "missing.rules"]),
        (vec!["unreadable-file missing.rules:null".to_owned()], 2)
    );
}

#[test]
fn where_a_file_is_not_read_nothing_is_changed() {
    let place = Place::new().file("one.rules", "user('anna');\n");
    assert_eq!(place.run(&["check", "--fix", "one.rules", "missing.rules"]).status, 2);
    assert_eq!(place.text("one.rules"), "user('anna');\n");
}

#[test]
fn a_byte_order_mark_before_bytes_that_are_no_text_counts_as_no_column() {
    let place = Place::new().file("x.rules", b"\xef\xbb\xbfab\xff\n");
    let ran = place.run(&["check", "x.rules", "--message-format", "short"]);
    assert!(
        ran.text().starts_with("x.rules:1:3: error[bad-utf8]: x.rules is not UTF-8 text: byte 5"),
        "{}",
        ran.text()
    );
}

/// A deny rule that is left out allows what it denies.
#[test]
fn what_could_be_a_rule_file_is_never_left_out_in_silence() {
    let refused = |name: &str, message: &str, help: &str| {
        let place = Place::with_portal().file("rules/own.rules", "").file(&format!("rules/{name}"), DENY);
        for option in ["--rules", "--policy"] {
            place.on_portal(&[&DECIDE[..], &[option, "rules"]].concat()).refuses(&[message, help]);
        }
        let code = |told: &str| told.starts_with("unexpected-file rules/");
        let (told, status) = found(&place, &["rules"]);
        assert!(told.len() == 1 && code(&told[0]) && status == 2, "{told:?}");
        place.run(&["fmt", "--check", "rules"]).refuses(&[message]);
    };
    refused("sub/deny.rules", "error[unexpected-file]: `rules/sub` is a folder inside a folder of rules", "`--rules`");
    for (name, meant) in
        [("D.RULES", "D.rules"), ("b.rule", "b.rules"), ("c.Rule", "c.rules"), ("d.rules.txt", "d.rules")]
    {
        let message = format!("error[unexpected-file]: `rules/{name}` looks like a rule file");
        refused(name, &message, &format!("name it `{meant}`"));
    }
}

#[test]
fn hidden_files_notes_and_data_beside_rules_are_left_alone() {
    let place = Place::with_portal()
        .file("rules/own.rules", "")
        .file("rules/.own.rules.swp", "x")
        .file("rules/.deny.rules", DENY)
        .file("rules/.git/deny.rules", DENY)
        .file("rules/README.md", "")
        .file("rules/own.rules~", DENY)
        .file("rules/user.csv", "user\n");
    place.on_portal(&[&DECIDE[..], &["--rules", "rules"]].concat()).prints(0, "allow chat-level-own\n");
    // A file that is named itself is read, whatever its name.
    place.on_portal(&[&DECIDE[..], &["--rules", "rules/own.rules~"]].concat()).prints(1, "deny rules/own.rules~:1\n");
}

#[test]
fn a_rule_file_counts_once_however_it_is_named() {
    let place = Place::with_portal().file("rules/own.rules", "@id(\"own\")\ndeny(_, history.view, _);\n");
    let once = |words: &[&str]| {
        let ran = place.run(&[&["check"], words].concat());
        assert!(ran.status == 0 && !ran.text().contains("duplicate-rule-id"), "{words:?}\n{}", ran.text());
    };
    once(&["rules", "--rules", "rules/own.rules"]);
    once(&["rules/own.rules", "--rules", "rules"]);
    once(&["rules", "./rules", "rules/../rules/own.rules"]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("own.rules", place.path("rules/link.rules")).unwrap();
        std::os::unix::fs::symlink("rules", place.path("linked")).unwrap();
        once(&["rules"]);
        once(&["rules", "linked"]);
    }
    place
        .on_portal(&[&DECIDE[..], &["--rules", "rules", "--rules", "rules/own.rules"]].concat())
        .prints(1, "deny own\n");
}
