//! Importing: whole processes over a generated export of sessions, beside one that reads the same bytes once, cuts them into
//! fields, and keeps nothing; and the most memory that an import holds.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::measure::Outcome;
use crate::measure::child::{CHILD, run};
use crate::measure::paired::paired;
use crate::measure::table::{Bar, Table};
use crate::measure::workload::{once, scratch};
use crate::memory::peak_of;
use crate::peer;

const SESSIONS: u64 = 1_000_000;

/// So many rows stand in a statement, on one line, as `mysqldump` writes them.
const ROWS: u64 = 8_000;

const COLUMNS: [&str; 12] = [
    "ID",
    "MODE",
    "SOURCE",
    "CONFIG_ID",
    "OPERATOR_ID",
    "USER_ID",
    "CHAT_ID",
    "CRM_ACTIVITY_ID",
    "CLOSED",
    "DATE_CREATE",
    "DATE_CLOSE",
    "USER_CODE",
];

/// A dump, one in which the sessions have to be learned before bindings are told, and a table as CSV.
pub fn section(table: &mut Table, pairs: usize) -> Outcome<()> {
    let bound = dump("sessions-bound", bindings)?;
    for (what, file) in [("SQL", dump("sessions-sql", |_| Ok(()))?), ("SQL with bindings", bound), ("CSV", csv()?)] {
        let folder = file.parent().ok_or("no folder")?.to_string_lossy().into_owned();
        let output = scratch("imported")?.to_string_lossy().into_owned();
        let import =
            ["import", "bitrix24", &folder, "--output", &output, "--force", "--at", "2026-02-10", "--format", "json"];
        let imported = || imported(&import, Path::new(&output));
        let file = file.to_string_lossy();
        let read = || run(&std::env::current_exe()?, &[CHILD, "read", &file], &[0]);
        let name = format!("import: {SESSIONS} sessions, {what}");
        table.times(&name, "reading once", &paired(pairs, imported, read)?, Bar::AtMost(2.0));
        let peak = peak_of(&import)? as f64;
        table.limit(&format!("memory: {name}"), peak / f64::from(1 << 20), 1024.0, "MiB");
    }
    Ok(())
}

/// How long an import takes, of which every session becomes a chat.
fn imported(arguments: &[&str], output: &Path) -> Outcome<Duration> {
    let time = run(Path::new(env!("CARGO_BIN_EXE_rolecall")), arguments, &[0])?;
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(output.join("manifest.json"))?)?;
    match manifest["files"]["chat.csv"]["rows"].as_u64() {
        Some(SESSIONS) => Ok(time),
        rows => Err(format!("{rows:?} chats of {SESSIONS} sessions").into()),
    }
}

/// The child: reads a file to its end, and cuts it into fields.
pub fn read(arguments: &[String]) -> Outcome<()> {
    let path = PathBuf::from(arguments.first().ok_or("no file")?);
    let fields = match path.extension().is_some_and(|end| end == "csv") {
        true => peer::read_csv(&[path])? as u64 * COLUMNS.len() as u64,
        false => read_lines(&path)?,
    };
    match fields >= SESSIONS * COLUMNS.len() as u64 {
        true => Ok(()),
        false => Err(format!("{fields} fields").into()),
    }
}

/// Reads the lines of a dump, and cuts each at its commas.
fn read_lines(path: &Path) -> Outcome<u64> {
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path)?);
    let (mut line, mut fields) = (String::new(), 0);
    while reader.read_line(&mut line)? > 0 {
        fields += line.split(',').map(|field| black_box(field).len()).fold(0, |fields, _| fields + 1);
        line.clear();
    }
    Ok(fields)
}

/// A dump of sessions, with something before them.
fn dump(name: &str, before: impl Fn(&mut dyn Write) -> Outcome<()>) -> Outcome<PathBuf> {
    let write = |out: &mut dyn Write| -> Outcome<()> {
        before(out)?;
        let columns: Vec<String> =
            COLUMNS.iter().map(|column| format!("  `{column}` varchar(255) DEFAULT NULL")).collect();
        writeln!(out, "CREATE TABLE `b_imopenlines_session` (\n{}\n) ENGINE=InnoDB;", columns.join(",\n"))?;
        let mut rows = String::new();
        for first in (1..=SESSIONS).step_by(ROWS as usize) {
            rows.clear();
            for id in first..(first + ROWS).min(SESSIONS + 1) {
                let between = if id == first { "" } else { "," };
                write!(rows, "{between}({})", session(id, "'"))?;
            }
            writeln!(out, "INSERT INTO `b_imopenlines_session` VALUES {rows};")?;
        }
        Ok(())
    };
    once(name, |folder| written(&folder.join("portal.sql"), write)).map(|folder| folder.join("portal.sql"))
}

/// The items of each activity, in the table that `mysqldump` writes before that of the sessions.
fn bindings(out: &mut dyn Write) -> Outcome<()> {
    let columns = ["ID", "ACTIVITY_ID", "OWNER_ID", "OWNER_TYPE_ID"].map(|column| format!("`{column}` int"));
    writeln!(out, "CREATE TABLE `b_crm_act_bind` ({}) ENGINE=InnoDB;", columns.join(", "))?;
    for first in (2..=SESSIONS).step_by(2 * ROWS as usize) {
        let ids = (first..(first + 2 * ROWS).min(SESSIONS + 1)).step_by(2);
        let rows: Vec<String> =
            ids.map(|id| format!("({id},{},{},{})", 5_000_000 + id, 1 + id % 9_000, 1 + id / 2 % 4)).collect();
        writeln!(out, "INSERT INTO `b_crm_act_bind` VALUES {};", rows.join(","))?;
    }
    Ok(())
}

fn csv() -> Outcome<PathBuf> {
    const NAME: &str = "b_imopenlines_session.csv";
    let write = |out: &mut dyn Write| -> Outcome<()> {
        writeln!(out, "{}", COLUMNS.join(","))?;
        (1..=SESSIONS).try_for_each(|id| Ok(writeln!(out, "{}", session(id, ""))?))
    };
    once("sessions-csv", |folder| written(&folder.join(NAME), write)).map(|folder| folder.join(NAME))
}

fn written(path: &Path, write: impl FnOnce(&mut dyn Write) -> Outcome<()>) -> Outcome<()> {
    fs::create_dir_all(path.parent().ok_or("no folder")?)?;
    let mut out = BufWriter::new(File::create(path)?);
    write(&mut out)?;
    Ok(out.flush()?)
}

/// The values of a session: mostly of a customer who writes for the first time, half of them with an activity of CRM.
fn session(id: u64, quote: &str) -> String {
    let (line, operator, client) = (1 + id % 40, 10 + id * 7_919 % 3_000, 100_000 + id * 31 % 700_000);
    let activity = if id.is_multiple_of(2) { 5_000_000 + id } else { 0 };
    let (day, second) = (1 + id % 28, id % 60);
    format!(
        "{id},{quote}input{quote},{quote}livechat{quote},{line},{operator},{client},{chat},{activity},{quote}Y{quote},\
         {quote}2025-11-{day:02} 10:20:{second:02}{quote},{quote}2025-11-{day:02} 11:20:{second:02}{quote},\
         {quote}livechat|{line}|{chat}|{client}{quote}",
        chat = 200_000 + id,
    )
}
