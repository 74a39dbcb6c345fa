//! Progress of work beyond a second: on a terminal, and nowhere else. What is tried here goes on until it was seen.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;

use super::{PATIENCE, Place, wait};

/// A portal whose rules combine everybody with everybody and with everybody again.
fn crowd() -> Place {
    let people: Vec<String> = (0..3_000).map(|number| format!("\"u{number}\"")).collect();
    let calls = people.join(",");
    let rules = "relation trio(one: user, two: user, three: user);\n\
                 trio(A, B, C) if user(A), user(B), user(C);\n\
                 allow(A, call.view, _) if trio(A, A, A);\n";
    Place::new()
        .file("p.json", format!("{{\"user\": [{}], \"call\": [{calls}]}}", people.join(",")))
        .file("trio.rules", rules)
        .file(
            "mine.rules",
            "@id(\"mi\u{301}ne\")\nexposed(low, C) if user(U), call(C), permitted(U, recording.reach, C);\n",
        )
}

/// Runs the program on a terminal of its own; what stands there comes out as it is written.
fn on_terminal(place: &Place, words: &[&str]) -> (Child, Receiver<Vec<u8>>) {
    let typed: Vec<String> =
        [env!("CARGO_BIN_EXE_rolecall")].iter().chain(words).map(|word| format!("'{word}'")).collect();
    let mut command = Command::new("script");
    command.args(["--quiet", "--flush", "--return", "--command", &typed.join(" "), "/dev/null"]);
    command.current_dir(place.path(".")).env("TERM", "xterm").stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    let (sender, written) = channel();
    thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = out.read(&mut piece) {
            if sender.send(piece[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    (child, written)
}

/// Reads until that stands there.
fn until(written: &Receiver<Vec<u8>>, wanted: &str) {
    let (mut text, started) = (Vec::new(), Instant::now());
    while !String::from_utf8_lossy(&text).contains(wanted) {
        assert!(started.elapsed() < PATIENCE, "{wanted} does not come");
        let shown = String::from_utf8_lossy(&text).into_owned();
        text.extend(written.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{wanted}: {error}\n{shown}")));
    }
}

fn is_shown(place: &Place, words: &[&str], wanted: &str) {
    let (mut child, written) = on_terminal(place, words);
    until(&written, wanted);
    // Handed on to the program. The end of the terminal alone would not end it where hangups are ignored.
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    wait(&mut child);
}

#[test]
fn deriving_and_asking_show_that_they_go_on() {
    let place = crowd();
    let audit = ["audit", "--data", "p.json", "--jobs", "1", "--rules"];
    is_shown(&place, &[&audit[..], &["mine.rules", "mi\u{301}ne"]].concat(), "asking mi\u{301}ne: ");
    is_shown(
        &place,
        &["what", "u1", "--data", "p.json", "--rules", "trio.rules", "--max-derived", "90000000000"],
        "deriving",
    );
}

/// Both read an export that does not end before the terminal has shown something.
#[test]
fn importing_shows_how_much_was_read_on_a_terminal_alone() {
    let export = || {
        let place = Place::new().file("export/b_user.csv", "ID,ACTIVE,EXTERNAL_AUTH_ID\n1,Y,\n");
        let pipe = place.path("export/department.get.json");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        (place, pipe)
    };
    let words = ["import", "bitrix24", "export", "--output", "facts"];
    let ((one, pipe), (other, other_pipe)) = (export(), export());
    let mut plain = other.command(&words).spawn().unwrap();
    let (mut child, written) = on_terminal(&one, &words);
    until(&written, "importing ");
    for pipe in [&pipe, &other_pipe] {
        File::options().write(true).open(pipe).unwrap().write_all(b"[{\"ID\":\"7\"}]").unwrap();
    }
    until(&written, "written: facts");
    assert_eq!((wait(&mut child), wait(&mut plain)), (Some(0), Some(0)));
    let mut said = String::new();
    plain.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(said, "written: facts\n");
}
