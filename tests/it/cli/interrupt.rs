//! A run that is interrupted leaves nothing behind.
#![cfg(unix)]

use std::io::Write;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::{Place, wait};

/// Interrupts a run in the middle of its requests: the exit status, and the files that are left.
fn interrupted(place: &Place, output: &str, signal: &str) -> (Option<i32>, Vec<String>) {
    let words = ["batch", "--requests", "-", "--output", output];
    let mut child = place.command(&words).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all("{}\n".repeat(200_000).as_bytes()).unwrap();
    // By now all but the last stretch of requests is taken, and there is a file with answers.
    let started = Instant::now();
    while output != "-" && place.names().len() < 2 {
        assert!(started.elapsed() < Duration::from_secs(60), "no file comes");
        thread::sleep(Duration::from_millis(5));
    }
    let id = child.id().to_string();
    assert!(Command::new("kill").args([format!("-{signal}"), id]).status().unwrap().success());
    let status = wait(&mut child);
    drop(stdin);
    (status, place.names())
}

/// Whether whoever started the tests had them ignore interrupts, as `nohup` does.
fn ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or("0");
    u64::from_str_radix(mask.trim(), 16).unwrap() & 0b100_0000_0000_0011 != 0
}

#[test]
fn an_interrupted_run_leaves_nothing() {
    if ignored() {
        return;
    }
    for signal in ["INT", "TERM", "HUP"] {
        let place = Place::new().file("out.jsonl", "old\n");
        let (status, names) = interrupted(&place, "out.jsonl", signal);
        assert_eq!((status, names), (Some(130), vec!["out.jsonl".to_owned()]), "{signal}");
        assert_eq!(place.text("out.jsonl"), "old\n");
    }
}

/// The answers that wait for the end of `--fail-fast` stand in a file without a name.
#[test]
fn answers_to_standard_output_need_no_file_with_a_name() {
    let place = Place::new().file("temporary/x", "");
    let mut command = place.command(&["batch", "--requests", "-", "--output", "-", "--fail-fast"]);
    let mut child = command.env("TMPDIR", place.path("temporary")).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all("\n".repeat(600_000).as_bytes()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let left: Vec<_> = std::fs::read_dir(place.path("temporary")).unwrap().collect();
    assert_eq!(left.len(), 1);
}
