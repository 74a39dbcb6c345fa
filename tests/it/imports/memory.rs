//! How much memory an import holds: small tables and sixteen bytes for each session with an activity, however long the dump.
#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write;
use std::process::Command;

use super::Export;

/// A dump of so many sessions, each with an activity and its binding, in statements of a megabyte as `mysqldump` writes them.
fn dump(sessions: usize) -> String {
    let mut dump = String::new();
    for first in (1..=sessions).step_by(20_000) {
        let rows = first..(first + 20_000).min(sessions + 1);
        let session =
            |id: usize| format!("({id},{},{},'livechat|1|{id}|77','2026-01-01',{id})", 1 + id % 9, 5 + id % 800);
        let sessions: Vec<String> = rows.clone().map(session).collect();
        let columns = "CHAT_ID,CONFIG_ID,OPERATOR_ID,USER_CODE,DATE_CREATE,CRM_ACTIVITY_ID";
        writeln!(dump, "INSERT INTO b_imopenlines_session ({columns}) VALUES {};", sessions.join(",")).unwrap();
        let bound: Vec<String> = rows.map(|id| format!("({id},{id},{id},2)")).collect();
        let columns = "ID,ACTIVITY_ID,OWNER_ID,OWNER_TYPE_ID";
        writeln!(dump, "INSERT INTO b_crm_act_bind ({columns}) VALUES {};", bound.join(",")).unwrap();
    }
    dump
}

/// The most memory that an import of the dump held, in bytes. It is asked while the import waits for its last file.
fn peak(sessions: usize) -> u64 {
    let export = Export::new().with("portal.sql", dump(sessions));
    let pipe = export.0.path("export/department.get.json");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let words = ["import", "bitrix24", "export", "--output", "facts", "--format", "json"];
    let mut child = export.0.command(&words).spawn().unwrap();
    let mut last = File::options().write(true).open(pipe).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    last.write_all(b"[]").unwrap();
    drop(last);
    assert_eq!(crate::cli::wait(&mut child), Some(0));
    for relation in ["chat", "chat_agent", "chat_crm"] {
        assert_eq!(export.0.text(&format!("facts/{relation}.csv")).lines().count(), sessions + 1, "{relation}");
    }
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1024
}

#[test]
fn a_dump_of_any_length_takes_little_more_memory_than_a_short_one() {
    let (short, long) = (peak(1_000), peak(100_000));
    // The list of activities grows by doubling; the rest is what an allocator leaves.
    let allowed = short + 2 * 16 * 100_000 + (2 << 20);
    assert!(long <= allowed, "{long} bytes where {allowed} are allowed, and {short} for a short dump");
}
