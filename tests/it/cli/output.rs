//! What goes where: data and everything else, color, closed streams, and text that would drive the terminal.

use std::process::Stdio;

use super::{Place, finish};

const BAD: &str = "allow(U, history.view, C) if usr(U), chat(C, _);\n";
/// A table that may have been cut off, which is a warning.
const WARNED: &str = "user\nanna";
/// What a terminal obeys, and what turns text around.
const HOSTILE: &str = "a\u{1b}[31mb\u{7}\u{9b}2J\u{202e}c";

/// Whether a character would have an effect beyond itself.
fn is_hostile(character: char) -> bool {
    (character.is_control() && character != '\n') || ('\u{202a}'..='\u{202e}').contains(&character)
}

fn harmless(text: &str) {
    assert!(!text.contains(is_hostile), "{text:?}");
}

#[test]
fn color_is_for_terminals_unless_asked_for() {
    let place = Place::with_portal().file("bad.rules", BAD);
    let colored = |words: &[&str], variable: Option<&str>| {
        let mut command = place.command(&[&["check", "bad.rules"], words].concat());
        if let Some(value) = variable {
            command.env("NO_COLOR", value);
        }
        let ran = finish(command, b"");
        assert_eq!((ran.status, ran.err.as_str()), (1, ""));
        ran.text().contains('\u{1b}')
    };
    assert!(!colored(&[], None));
    assert!(!colored(&["--color", "auto"], None));
    assert!(!colored(&["--color", "never"], None));
    assert!(colored(&["--color", "always"], None));
    // What is typed counts more than the surroundings.
    assert!(colored(&["--color", "always"], Some("1")));
    assert!(!colored(&[], Some("1")));
    assert!(!colored(&["--color", "always", "--message-format", "short"], None));
    assert!(!colored(&["--color", "always", "--message-format", "json"], None));
}

#[test]
fn color_changes_no_text() {
    let place = Place::with_portal().file("bad.rules", BAD);
    let ran = |color| place.run(&["decide", "anna", "history.view", "c1", "--rules", "bad.rules", "--color", color]);
    let (plain, colored) = (ran("never"), ran("always"));
    plain.refuses(&["error[unknown-relation]: unknown relation `usr`"]);
    assert_eq!(colored.status, 2);
    let mut stripped = String::new();
    for (number, piece) in colored.err.split('\u{1b}').enumerate() {
        stripped.push_str(if number == 0 { piece } else { piece.split_once('m').unwrap().1 });
    }
    assert_eq!(stripped, plain.err);
}

#[test]
fn warnings_go_to_standard_error_and_answers_to_standard_output() {
    let place =
        Place::with_portal().file("user.csv", WARNED).file("r.csv", "subject,action,resource\nanna,history.view,c1\n");
    let warned = |words: &[&str]| {
        let ran = place.on_portal(&[words, &["--data", "user.csv", "--message-format", "short"]].concat());
        assert!(ran.err.starts_with("user.csv:2:1: ") && ran.err.contains("warning["), "{}", ran.err);
        (ran.status, ran.text().to_owned())
    };
    let answer = "{\"decision\":true,\"context\":{\"rule\":\"chat-level-own\"}}\n".to_owned();
    assert_eq!(warned(&["decide", "anna", "history.view", "c1"]), (0, "allow chat-level-own\n".to_owned()));
    assert_eq!(warned(&["query", "inactive(U)"]), (0, "U\nvera\n".to_owned()));
    assert_eq!(warned(&["batch", "--requests", "r.csv", "--output", "-"]), (0, answer));
}

#[test]
fn mistakes_have_their_place_in_every_message_format() {
    let place = Place::with_portal().file("bad.rules", BAD);
    let ran = |format| place.on_portal(&["query", "user(U)", "--rules", "bad.rules", "--message-format", format]);
    ran("short").ends(2, "", "bad.rules:1:30: error[unknown-relation]: unknown relation `usr`\n");
    let human = "error[unknown-relation]: unknown relation `usr`
   ╭─[ bad.rules:1:30 ]
   │
 1 │ allow(U, history.view, C) if usr(U), chat(C, _);
   │                              ─┬─
   │                               ╰─── not declared
   │
   │ Help: did you mean `user`?
───╯
";
    ran("human").ends(2, "", human);
    let json = ran("json");
    assert_eq!((json.text(), json.status), ("", 2));
    let found: serde_json::Value = serde_json::from_str(&json.err).unwrap();
    assert_eq!((&found["line"], &found["column"], &found["severity"]), (&1.into(), &30.into(), &"error".into()));
}

#[test]
fn times_go_to_standard_error() {
    let ran = Place::with_portal().on_portal(&["decide", "anna", "history.view", "c1", "--timings"]);
    assert_eq!((ran.status, ran.text()), (0, "allow chat-level-own\n"));
    let names: Vec<&str> = ran.err.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(names, ["load", "derive", "decide"]);
}

/// An answer must never depend on whether someone reads the remarks.
#[test]
fn nobody_has_to_listen_to_standard_error() {
    let place = Place::with_portal().file("user.csv", WARNED);
    let mut command =
        place.command(&["decide", "x", "history.view", "c2", "--data", "user.csv", "--data", "portal.json"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command.stdin(Stdio::null()).stderr(writer).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stdout).unwrap().as_str()), (Some(1), "deny default\n"));
}

#[test]
fn the_exit_status_answers_where_nobody_reads() {
    let place = Place::with_portal().file("bad.rules", BAD).file("fails.rules", "test \"x\" { expect user(\"y\"); }\n");
    let status = |words: &[&str]| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = place.command(&[words, &["--data", "portal.json"]].concat());
        let output = command.stdin(Stdio::null()).stdout(writer).output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        output.status.code()
    };
    assert_eq!(status(&["decide", "anna", "history.view", "c1"]), Some(0));
    assert_eq!(status(&["decide", "anna", "history.view", "c2"]), Some(1));
    assert_eq!(status(&["query", "works_in(\"x\", \"y\")"]), Some(1));
    assert_eq!(status(&["check", "bad.rules"]), Some(1));
    assert_eq!(status(&["test", "fails.rules"]), Some(1));
    assert_eq!(status(&["rules"]), Some(0));
    assert_eq!(status(&["--help"]), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let place = Place::with_portal();
    let message = "error: can't write standard output: No space left on device (os error 28)\n";
    let decide = ["decide", "anna", "history.view", "c1", "--data", "portal.json"];
    for words in [&decide[..], &["--help"], &["check", "--message-format", "sarif"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = place.command(words).stdin(Stdio::null()).stdout(full).output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(2), message));
    }
    let requests = "{}\n".repeat(100_000);
    place
        .run_on(&["batch", "--requests", "-", "--output", "/dev/full"], requests.as_bytes())
        .refuses(&["can't write /dev/full: No space"]);
}

#[test]
fn arguments_never_drive_the_terminal() {
    let place = Place::with_portal();
    for words in [
        vec![HOSTILE],
        vec!["check", HOSTILE],
        vec!["rules", HOSTILE],
        vec!["query", HOSTILE],
        vec!["check", "--engine", HOSTILE],
        vec!["check", "--data", HOSTILE],
        vec!["check", "--policy", HOSTILE],
        vec!["test", "--filter", HOSTILE],
        vec!["completions", HOSTILE],
        vec!["decide", HOSTILE, "history.view", HOSTILE],
        vec!["decide", "anna", HOSTILE, "c1"],
        vec!["batch", "--requests", HOSTILE, "--output", "-"],
        vec!["batch", "--requests", "portal.json", "--output", &format!("{HOSTILE}/x")],
        vec!["batch", HOSTILE],
        vec![&format!("--{HOSTILE}")],
    ] {
        let ran = place.run(&words);
        assert!(ran.status == 2 || (ran.status == 1 && words[0] == "decide"), "{words:?}");
        harmless(&ran.err);
        harmless(ran.text());
    }
}

#[test]
fn rules_and_data_never_drive_the_terminal() {
    let name = format!("{HOSTILE}.rules");
    let ids = "@id(\"r\\u{1b}\\u{202e}\")\nallow(U, history.view, _) if user(U);\n";
    let place = Place::new()
        .file(&name, format!("allow(U, {HOSTILE}\n"))
        .file("ids.rules", ids)
        .file("unnamed/\u{1b}[1m.rules", "allow(_, history.view, _);\n")
        .file("user.csv", format!("user\n{HOSTILE}\n\"x\n"))
        .file("d.json", "{\"user\": [\"a\\u001b\"], \"a\\u001b\\u202e\": 1}")
        .file("good.json", "{\"user\": [\"a\\u001b\", \"b\"]}");
    let texts = |words: &[&str]| {
        let ran = place.run(words);
        harmless(&ran.err);
        harmless(ran.text());
        ran.text().to_owned() + &ran.err
    };
    for format in ["human", "short", "json"] {
        texts(&["check", &name, "--message-format", format]);
        texts(&["check", "--data", "user.csv", "--message-format", format]);
        texts(&["check", "--data", "d.json", "--message-format", format]);
        texts(&["query", "user(U)", "--data", "d.json", "--message-format", format]);
    }
    let words = ["decide", "b", "history.view", "c", "--data", "good.json", "--rules"];
    assert_eq!(texts(&[&words[..], &["ids.rules"]].concat()), "allow r\\u{1b}\\u{202e}\n");
    assert_eq!(texts(&[&words[..], &["unnamed"]].concat()), "allow unnamed/\\u{1b}[1m.rules:1\n");
    let json = texts(&[&words[..], &["ids.rules", "--format", "json"]].concat());
    assert_eq!(json, "{\"decision\":true,\"context\":{\"rule\":\"r\\u001b\\u202e\"}}\n");
}

#[test]
fn rules_prints_the_files_of_the_policy() {
    let ran = |words: &[&str]| Place::new().run(&[&["rules"], words].concat());
    let crm = std::fs::read_to_string(crate::prose::root().join("rules/crm.rules")).unwrap();
    for name in ["crm", "crm.rules", "rules/crm.rules"] {
        ran(&[name]).prints(0, &crm);
    }
    let all = ran(&[]);
    assert_eq!((all.status, all.err.as_str()), (0, ""));
    assert!(all.text().starts_with("// ---- rules/apps.rules ----\n\n") && all.text().contains(&crm));
    ran(&["cmr"]).ends(2, "", "error: the built-in policy has no file `cmr`; did you mean `crm`?\n");
    ran(&["zzz"])
        .refuses(&["the files are apps, audit, crm, default_roles, open_channels, organisation, roles, telephony"]);
}

/// What is printed can be used again, in place of the policy that is built in.
#[test]
fn the_printed_policy_is_the_policy() {
    let place = Place::with_portal();
    let place = place.file("printed.rules", Place::new().run(&["rules"]).out);
    let ran = place.on_portal(&["decide", "anna", "history.view", "c1", "--policy", "printed.rules"]);
    ran.prints(0, "allow chat-level-own\n");
}

#[test]
fn completions_for_every_shell() {
    for (shell, piece) in [
        ("bash", "complete -F _rolecall"),
        ("elvish", "edit:completion:arg-completer[rolecall]"),
        ("fish", "complete -c rolecall"),
        ("powershell", "Register-ArgumentCompleter"),
        ("zsh", "#compdef rolecall"),
    ] {
        let ran = Place::new().run(&["completions", shell]);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{shell}");
        for piece in [piece, "decide", "message-format"] {
            assert!(ran.text().contains(piece), "{shell}: {piece}");
        }
    }
}

#[test]
fn help_and_version_are_answers() {
    let version = format!("rolecall {}\n", env!("CARGO_PKG_VERSION"));
    for words in [["--version"], ["-V"]] {
        Place::new().run(&words).prints(0, &version);
    }
    let commands = ["check", "decide", "batch", "query", "test", "rules", "completions"];
    for words in [vec!["--help"], vec!["-h"], vec!["help"]] {
        let ran = Place::new().run(&words);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""));
        let listed = |command: &&str| ran.text().contains(&format!("\n  {command} "));
        assert!(commands.iter().all(listed), "{}", ran.text());
        assert!(ran.text().contains("Exit status: 0 yes or ok, 1 no"), "{}", ran.text());
    }
    for command in commands {
        let ran = Place::new().run(&[command, "--help"]);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""));
        assert!(ran.text().contains(&format!("Usage: rolecall {command}")), "{}", ran.text());
        assert!(ran.text().lines().all(|line| line.chars().count() <= 100), "{}", ran.text());
    }
}

#[test]
fn rules_lists_the_actions_of_the_author_too() {
    let place = Place::new().file("own.rules", "entity door; action a.open on door; action knock on resource;\n");
    let ran = place.run(&["rules", "--actions", "--rules", "own.rules"]);
    let lines: Vec<&str> = ran.text().lines().collect();
    assert_eq!((ran.status, lines.len(), lines[0]), (0, 31, "a.open               door"));
    assert!(
        lines.contains(&"knock                resource") && lines.contains(&"history.view         chat"),
        "{lines:?}"
    );
    place.run(&["rules", "crm", "--actions"]).refuses(&["cannot be used with"]);
}
