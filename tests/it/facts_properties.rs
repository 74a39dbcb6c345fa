//! What holds for every text: cuts show, random bytes never panic, the formats agree.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

use rolecall::compiler::diagnostic::{Severity, any_error};
use rolecall::data::Database;
use rolecall::facts::{Files, Kind, check_levels, load as load_paths, undeclared_references};
use sha2::{Digest, Sha256};

use crate::facts::{Loaded, facts, load, load_into, program, program_with};

/// A folder in memory, read in steps of a few bytes.
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
    step: usize,
}

impl Memory {
    /// Files that come seven bytes at a time, so that hardly a record is whole before it is wanted.
    pub fn slow(files: BTreeMap<String, Vec<u8>>) -> Memory {
        Memory { files, step: 7 }
    }

    /// One file, read in larger steps.
    pub fn swift(name: &str, bytes: &[u8]) -> Memory {
        Memory { files: BTreeMap::from([(name.to_owned(), bytes.to_vec())]), step: 10_007 }
    }
}

impl Files for Memory {
    fn kind(&self, _: &Path) -> io::Result<Kind> {
        Ok(Kind::Folder)
    }

    fn list(&self, _: &Path) -> io::Result<Vec<(String, Kind)>> {
        Ok(self.files.keys().map(|name| (name.clone(), Kind::File)).collect())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        let bytes = self.files[path.file_name().unwrap().to_str().unwrap()].clone();
        Ok(Box::new(Slow { bytes, at: 0, step: self.step }))
    }
}

struct Slow {
    bytes: Vec<u8>,
    at: usize,
    step: usize,
}

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let step = (self.bytes.len() - self.at).min(self.step).min(buffer.len());
        buffer[..step].copy_from_slice(&self.bytes[self.at..self.at + step]);
        self.at += step;
        Ok(step)
    }
}

pub fn load_folder(files: &[(&str, &[u8])]) -> Loaded {
    let memory = Memory::slow(files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect());
    let (program, mut sources) = program();
    let mut database = Database::new(program);
    let diagnostics = load_paths(program, &mut database, &mut sources, &["data".into()], &memory, 1, &mut |_| {});
    Loaded { facts: facts(program, &database), diagnostics, sources }
}

const CSV: &str = "user,department\r\nanna,sales\r\n\"b,\"\"o\",\"two\nlines\"\r\n5,legal\r\nюля,отдел\r\n";
const JSON: &str = r#" {"works_in": [{"user": "anna", "department": "sales"}, ["b\u0041\"", 12], ["юля", "x"]],
  "inactive": ["anna", 17, {"user": 5}], "display_name": [{"thing": {"id": 1, "type": "user"}, "name": ""}]} "#;
const JSONL: &str = "[\"anna\", \"sales\"]\n{\"user\": 12, \"department\": \"x\"}\n[\"юля\", 15]\n";

#[test]
fn a_cut_json_file_is_always_an_error() {
    let whole = JSON.trim().len() + 1;
    assert!(load("data.json", JSON.as_bytes()).diagnostics.is_empty());
    for end in 0..whole {
        let cut = load("data.json", &JSON.as_bytes()[..end]);
        assert!(any_error(&cut.diagnostics), "{end}: {:?}", cut.facts);
    }
}

#[test]
fn a_cut_file_of_lines_is_an_error_or_warning_but_at_line_ends() {
    for (name, text) in [("works_in.csv", CSV), ("works_in.jsonl", JSONL)] {
        let all = load(name, text.as_bytes());
        assert!(all.diagnostics.is_empty(), "{:?}", all.summaries());
        for end in 0..text.len() {
            let cut = load(name, &text.as_bytes()[..end]);
            let whole_records = end == 0 || matches!(text.as_bytes()[end - 1], b'\n' | b'\r');
            let json_record = name.ends_with("jsonl") && cut.facts.iter().all(|fact| all.facts.contains(fact));
            let told = !cut.diagnostics.is_empty() || cut.facts.is_empty();
            assert!(told || whole_records || json_record, "{name} {end}: {:?}", cut.facts);
            if cut.diagnostics.is_empty() {
                assert!(cut.facts.iter().all(|fact| all.facts.contains(fact)), "{name} {end}: {:?}", cut.facts);
            }
        }
    }
}

#[test]
fn with_a_manifest_every_cut_and_change_is_an_error() {
    for wants in ["rows", "bytes", "sha256", "bytes and sha256"] {
        for (name, text) in [("works_in.csv", CSV), ("works_in.jsonl", JSONL), ("data.json", JSON)] {
            let digest: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02X}")).collect();
            let rows = if name == "data.json" {
                7
            } else if name == "works_in.csv" {
                4
            } else {
                3
            };
            let said = match wants {
                "rows" => format!("\"rows\": {rows}"),
                "bytes" => format!("\"bytes\": {}", text.len()),
                "sha256" => format!("\"sha256\": \"{digest}\""),
                _ => format!("\"bytes\": {}, \"rows\": {rows}, \"sha256\": \"{digest}\"", text.len()),
            };
            let manifest = format!("{{\"files\": {{\"{name}\": {{{said}}}}}}}");
            let with = |bytes: &[u8]| load_folder(&[(name, bytes), ("manifest.json", manifest.as_bytes())]);
            assert_eq!(with(text.as_bytes()).summaries(), [""; 0], "{name} {wants}");
            if wants == "rows" {
                continue;
            }
            for end in 0..text.len() {
                assert!(any_error(&with(&text.as_bytes()[..end]).diagnostics), "{name} {wants} {end}");
            }
        }
    }
}

#[test]
fn the_chunks_in_which_a_file_arrives_do_not_matter() {
    let bad = b"user,department\nanna,sales\nboris\n\xffx,y\nanna,\n";
    for (name, bytes) in [("works_in.csv", CSV.as_bytes()), ("data.json", JSON.as_bytes()), ("works_in.csv", bad)] {
        let (whole, slow) = (load(name, bytes), load_folder(&[(name, bytes)]));
        assert_eq!(whole.facts, slow.facts);
        let of_folder: Vec<_> = whole.summaries().iter().map(|line| format!("data/{line}")).collect();
        assert_eq!(of_folder, slow.summaries());
    }
}

/// A small generator of numbers; the same seed gives the same ones.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

#[test]
fn no_bytes_make_it_panic() {
    let mut random = Random(7);
    let (program, mut sources) = program();
    let pieces: [&[u8]; 24] = [
        b"\"",
        b",",
        b"\n",
        b"\r",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"user",
        b"department",
        b"works_in",
        b"\\",
        b"\0",
        b"\xff",
        "\u{feff}".as_bytes(),
        "ю".as_bytes(),
        b"null",
        b"-1",
        b"1.5",
        b" ",
        b"\t",
        b"type",
        b"\"id\"",
    ];
    for round in 0..700 {
        let mut text = Vec::new();
        if round % 3 == 0 {
            text.extend_from_slice([JSON, CSV, JSONL][random.below(3)].as_bytes());
            for _ in 0..=random.below(4) {
                let at = random.below(text.len());
                text[at] = pieces[random.below(pieces.len())][0];
            }
        } else {
            for _ in 0..random.below(40) {
                text.extend_from_slice(pieces[random.below(pieces.len())]);
            }
        }
        for name in ["data.json", "works_in.jsonl", "works_in.csv", "works_in.tsv", "display_name.jsonl"] {
            for files in [vec![name], vec![name, "manifest.json"]] {
                let memory = Memory::slow(files.iter().map(|name| ((*name).to_owned(), text.clone())).collect());
                let mut database = Database::new(program);
                load_paths(program, &mut database, &mut sources, &["data".into()], &memory, 1, &mut |_| {});
            }
        }
    }
}

#[test]
fn random_facts_are_the_same_in_every_format() {
    let mut random = Random(11);
    let parts = ["a", "ю", "\"", ",", "\n", " ", "\\", "\r\n", ";", "'", "{", "0"];
    for _ in 0..200 {
        let mut text = || (0..1 + random.below(5)).map(|_| parts[random.below(parts.len())]).collect::<String>();
        let rows: Vec<[String; 2]> = (0..5).map(|_| [text(), text()]).collect();
        let json: Vec<String> = rows.iter().map(|row| serde_json::to_string(row).unwrap()).collect();
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let csv: Vec<String> = rows.iter().map(|[user, dept]| format!("{},{}\n", quoted(dept), quoted(user))).collect();
        let from_json = load("data.json", format!("{{\"works_in\":[{}]}}", json.join(",")).as_bytes());
        let from_lines = load("works_in.jsonl", json.join("\n").as_bytes());
        let from_csv = load("works_in.csv", format!("department,user\n{}", csv.concat()).as_bytes());
        assert!(from_csv.diagnostics.is_empty(), "{:?}", from_csv.summaries());
        assert_eq!(from_json.facts, from_lines.facts);
        assert_eq!(from_json.facts, from_csv.facts);
    }
}

#[test]
fn a_line_of_100_megabytes_ends_quickly() {
    for (name, start, fill) in [
        ("works_in.csv", "user,department\n", b'x'),
        ("works_in.csv", "user,department\n\"", b'\n'),
        ("works_in.jsonl", "[\"", b'x'),
        ("data.json", "{\"works_in\": [[\"", b'x'),
        ("data.json", "{\"works_in\": ", b'['),
    ] {
        let (program, mut sources) = program();
        let mut database = Database::new(program);
        let mut loader = rolecall::facts::Loader::new(program, &mut database, &mut sources);
        let endless = start.as_bytes().chain(io::repeat(fill).take(100 << 20));
        match name {
            "data.json" => loader.json(name, endless),
            "works_in.jsonl" => loader.lines("works_in", name, endless),
            _ => loader.delimited(rolecall::facts::Delimiter::Comma, "works_in", name, endless),
        }
        let diagnostics = loader.finish();
        assert_eq!(diagnostics.len(), 1, "{name}");
        assert_eq!(diagnostics[0].code.name(), "record-too-long", "{name}");
        assert!(diagnostics[0].labels[0].span.end < 300);
    }
}

#[test]
fn a_thousand_mistakes_are_enough() {
    let text = format!("user,department\n{}", "anna\n".repeat(5_000));
    let loaded = load("works_in.csv", text.as_bytes());
    assert_eq!(loaded.diagnostics.len(), 1_000);
    assert_eq!(
        loaded.diagnostics[999].notes.last().unwrap(),
        "1000 mistakes in this file: the rest of it was not read"
    );
}

#[test]
fn a_mistake_knows_its_relation_field_and_path() {
    let place = |name: &str, text: &str| {
        let loaded = load(name, text.as_bytes());
        let data = loaded.diagnostics[0].data.clone().unwrap();
        [data.relation, data.field, data.path].map(Option::unwrap_or_default).join(" ")
    };
    assert_eq!(
        place("data.json", r#"{"works_in": [["a", "b"], {"user": 1.5, "department": 1}]}"#),
        "works_in user works_in[1].user"
    );
    assert_eq!(place("data.json", r#"{"works_in": [["a", null]]}"#), "works_in department works_in[0][1]");
    assert_eq!(place("data.json", r#"{"inactive": [null]}"#), "inactive user inactive[0]");
    assert_eq!(
        place("display_name.jsonl", r#"{"name": "", "thing": {"type": "user", "id": ""}}"#),
        "display_name thing thing.id"
    );
    assert_eq!(place("works_in.csv", "department,user\n,anna\n"), "works_in department ");
    assert_eq!(place("works_in.csv", "department\nanna\n"), "works_in user ");
    assert_eq!(place("data.json", r#"{"work_in": []}"#), "work_in  work_in");
}

#[test]
fn levels_are_checked_in_rule_files_and_tests_too() {
    let rules = r#"
        action door.open on resource;
        role_permission("m", chat.rate, any); role_permission("m", chat.rate, own);
        role_permission("m", door.open, own); role_permission("m", app.use, own);
        crm_role_permission("m", "deal", own);
        test "x" { role_permission("t", access.edit, open); expect not user("a"); }
    "#;
    let (program, sources) = program_with(rules);
    let found: Vec<_> = check_levels(&program, &sources).iter().map(|found| found.summary(&sources)).collect();
    let expected = [
        "team.rules:3:79: error[illegal-level]: role `m` gives `chat.rate` the level `own`, which is not among its levels",
        "team.rules:4:68: error[illegal-level]: role `m` gives `app.use` the level `own`, but `app.use` has no level of its own",
        "team.rules:5:42: error[illegal-level]: role `m` gives CRM permissions the level `own`, which is not among its levels",
        "team.rules:6:54: error[illegal-level]: role `t` gives `access.edit` the level `open`, which is not among its levels",
    ];
    assert_eq!(found, expected);
    let (program, sources) = program_with("action door.open on resource;");
    let own_action = load_into(&program, sources, "role_permission.jsonl", br#"["m", "door.open", "own"]"#);
    assert_eq!(own_action.summaries(), [""; 0]);
}

#[test]
fn stated_facts_declare_things() {
    let (program, mut sources) = program();
    let mut database = Database::new(program);
    let mut loader = rolecall::facts::Loader::new(program, &mut database, &mut sources);
    loader.lines("works_in", "works_in.jsonl", &b"[\"root\", \"board\"]\n[\"anna\", \"baord\"]\n"[..]);
    assert!(loader.finish().is_empty());
    let found = undeclared_references(program, &database, &mut sources, &|_| None);
    assert!(found.iter().all(|warning| warning.severity == Severity::Warning));
    let summaries: Vec<_> = found.iter().map(|warning| warning.summary(&sources)).collect();
    assert_eq!(
        summaries,
        [
            "policy.rules:33:1: warning[undeclared-reference]: 3 facts of `works_in` name 2 things in `user` without a `user` fact: `root`, `anna`",
            "works_in.jsonl:2:1: warning[undeclared-reference]: 1 fact of `works_in` names 1 thing in `department` without a `department` fact: `baord`",
        ]
    );
    assert_eq!(found[1].help[0].message, "for `baord`, did you mean `board`?");
}
