//! Large files are read ahead by a second thread: facts, symbols, origins and mistakes are those of one thread.

use std::path::Path;
use std::{fmt::Write as _, io};

use rolecall::compiler::program::RelationId;
use rolecall::data::{Database, FactOrigin};
use rolecall::facts::load;

use crate::facts::program;
use crate::facts_properties::Memory;

/// More than is read without a thread.
const LARGE: usize = 700 << 10;

/// Everything that a load gives: rows as numbers, where they are from, the texts of symbols, and the reports.
pub fn loaded(memory: &Memory, threads: usize) -> (Vec<String>, Vec<String>) {
    let (program, mut sources) = program();
    let mut database = Database::new(program);
    let found = load(program, &mut database, &mut sources, &["data".into()], memory, threads, &mut |_| {});
    let mut facts = Vec::new();
    for relation in (0..program.relations.len() as u32).map(RelationId) {
        for (number, row) in database.table(relation).rows().enumerate() {
            let origin: FactOrigin = database.origin(relation, number as u32);
            facts.push(format!("{relation:?} {row:?} {origin:?}"));
        }
    }
    for entity in (0..program.entities.len() as u32).map(rolecall::compiler::program::EntityId) {
        facts.extend(database.symbols.ids(entity).map(|id| format!("{entity:?} {id}")));
    }
    let report = |found: &rolecall::compiler::diagnostic::Diagnostic| {
        let text = found.labels.first().map(|label| sources.text(label.span).to_owned());
        format!("{} {text:?} {:?}", found.summary(&sources), found.notes)
    };
    (facts, found.iter().map(report).collect())
}

/// Loads with several numbers of threads, and gives the facts and the first report, after a look that all agree.
fn same(name: &str, bytes: &[u8]) -> (usize, String) {
    assert!(bytes.len() > LARGE, "{name}");
    let memory = Memory::swift(name, bytes);
    let one = loaded(&memory, 1);
    for threads in [2, 7] {
        let several = loaded(&memory, threads);
        assert_eq!(one.1, several.1, "{name}");
        assert!(one.0 == several.0, "{name}: other facts");
    }
    (one.0.len(), one.1.first().cloned().unwrap_or_default())
}

/// CSV of about that many bytes, with everything that CSV may hold.
fn csv(bytes: usize) -> String {
    let mut text = "\u{feff}department,user\r\n".to_owned();
    for number in 0.. {
        if text.len() > bytes {
            return text;
        }
        match number % 11 {
            3 => writeln!(text, "\"d,{number}\",\"a \"\"b\"\" {number}\"").unwrap(),
            5 => write!(text, "отдел{},юля{number}\r\n\r\n", number % 90).unwrap(),
            7 => writeln!(text, "\"two\nlines\",\"{number}\"").unwrap(),
            _ => writeln!(text, "d{},u{}", number % 1_000, number * 7 % 60_001).unwrap(),
        }
    }
    text
}

/// The text with a piece put behind the line end next to a place.
fn with(text: &str, place: usize, piece: &[u8]) -> Vec<u8> {
    let at = place + text.as_bytes()[place..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    [&text.as_bytes()[..at], piece, &text.as_bytes()[at..]].concat()
}

#[test]
fn a_large_csv_file_loads_the_same() {
    let text = csv(LARGE);
    let (facts, report) = same("works_in.csv", text.as_bytes());
    assert!(facts > 40_000, "{facts}");
    assert_eq!(report, "");
    let tsv = csv(2 * LARGE)
        .replace(['"', '\r', '\u{feff}'], "")
        .replace("\nlines", "")
        .replace(',', "\t")
        .replace("d\t", "d");
    assert_eq!(same("works_in.tsv", tsv.as_bytes()).1, "");
}

#[test]
fn mistakes_in_a_large_file_are_told_the_same() {
    let text = csv(LARGE);
    let place = 500 << 10;
    let long_field = [b"d1,".as_slice(), &b"x".repeat(300 << 10), b"\n"].concat();
    for (piece, code) in [
        (b"only-one\n".as_slice(), "missing-field"),
        (b"d1,a\"b\n", "malformed-csv"),
        (b"d1,\"a\"b\n", "malformed-csv"),
        (b"d1,\"open\n", "malformed-csv"),
        (b"d1,a\rb\n", "malformed-csv"),
        (b"d1,\0\n", "malformed-csv"),
        (b"d1,\xff\n\nd2,u2\n,u3\nd4,\n", "bad-utf8"),
        (b"d1,\n,u1\nd2,u2\n", "empty-id"),
        (&long_field, ""),
    ] {
        let (_, report) = same("works_in.csv", &with(&text, place, piece));
        assert!(report.contains(&format!("[{code}]")) || code.is_empty() && report.is_empty(), "{code}: {report}");
    }
}

#[test]
fn a_large_file_that_is_cut_is_told_the_same() {
    let text = csv(LARGE + 100);
    for end in (LARGE + 1..LARGE + 60).filter(|end| text.is_char_boundary(*end)) {
        same("works_in.csv", &text.as_bytes()[..end]);
    }
}

#[test]
fn large_files_of_json_load_the_same() {
    let (mut lines, mut json) = (String::new(), "{\"works_in\": [".to_owned());
    for number in 0..60_000 {
        writeln!(lines, "[\"u{number}\", {}]", number % 77).unwrap();
        write!(json, "[\"u{number}\",\n{}],", number % 77).unwrap();
    }
    json.pop();
    let (facts, report) = same("works_in.jsonl", lines.as_bytes());
    assert!(facts > 60_000 && report.is_empty(), "{facts} {report}");
    assert_eq!(same("data.json", format!("{json}]}}").as_bytes()), (facts, String::new()));
    assert!(same("data.json", json.as_bytes()).1.contains("[truncated-file]"));
    assert!(same("works_in.jsonl", &with(&lines, 500 << 10, b"[\"u1\", null]\n")).1.contains("[null-value]"));
}

#[test]
fn a_disk_that_fails_in_a_large_file_is_told_the_same() {
    let text = csv(LARGE);
    let failing = |threads| {
        let (program, mut sources) = program();
        let mut database = Database::new(program);
        let files = Failing(text.clone().into_bytes());
        let found = load(program, &mut database, &mut sources, &["works_in.csv".into()], &files, threads, &mut |_| {});
        found.iter().map(|found| found.summary(&sources)).collect::<Vec<_>>()
    };
    assert_eq!(failing(1), ["error[unreadable-file]: can't read works_in.csv: the disk is on fire"]);
    assert_eq!(failing(2), failing(1));
}

/// One file, which can't be read to its end.
struct Failing(Vec<u8>);

impl rolecall::facts::Files for Failing {
    fn kind(&self, _: &Path) -> io::Result<rolecall::facts::Kind> {
        Ok(rolecall::facts::Kind::File)
    }

    fn list(&self, _: &Path) -> io::Result<Vec<(String, rolecall::facts::Kind)>> {
        Ok(Vec::new())
    }

    fn open(&self, _: &Path) -> io::Result<Box<dyn io::Read + Send>> {
        let failing = io::Read::chain(io::Cursor::new(self.0.clone()), Broken);
        Ok(Box::new(failing))
    }
}

struct Broken;

impl io::Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is on fire"))
    }
}
