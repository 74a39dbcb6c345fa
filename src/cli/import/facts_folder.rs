//! A folder of facts on its way: a CSV file for each input and a manifest, beside the place where it will be.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use crate::cli::draft::FolderDraft;
use crate::cli::import::writer::{Writer, Written};
use crate::cli::output;
use crate::cli::workspace::Failure;
use rolecall::bitrix24::{Sink, is_number};
use rolecall::compiler::program::{Program, RelationKind};

/// What tells a folder of facts.
const MANIFEST: &str = "manifest.json";

/// So many bytes of a file are written at once.
const CHUNK: usize = 64 << 10;

/// The files of the folder.
pub struct FactsFolder {
    name: String,
    /// It ends before the draft goes.
    writer: Writer,
    draft: FolderDraft,
    /// The names of the fields of each input.
    headers: FxHashMap<String, String>,
    /// In the order in which they were begun.
    tables: Vec<Table>,
    /// The place of each input among them, by its number.
    places: Vec<Option<usize>>,
}

/// A file that grows.
struct Table {
    relation: &'static str,
    /// Its number at the writer.
    number: usize,
    buffer: Vec<u8>,
    rows: u64,
}

/// The folder with all its files, not yet in its place.
pub struct Complete {
    name: String,
    draft: FolderDraft,
}

impl FactsFolder {
    /// Begins a folder that will be at that path. One that is there and not empty is replaced only with `force`, and
    /// only if it is one of facts.
    pub fn begin(program: &Program, path: &Path, force: bool, threads: usize) -> Result<FactsFolder, Failure> {
        let name = path.display().to_string();
        let holds_other =
            fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some()) && !path.join(MANIFEST).is_file();
        if force && holds_other {
            let message = format!("{name} has no {MANIFEST}, so it holds something else than facts: remove it by hand");
            return Err(Failure::unanswerable(message));
        }
        let draft = FolderDraft::of(path, force).map_err(|error| match error.kind() {
            io::ErrorKind::DirectoryNotEmpty => {
                Failure::unanswerable(format!("{name} is there already and not empty; `--force` replaces it"))
            }
            _ => Failure::writing(&name, &error),
        })?;
        let inputs = program.relations.iter().filter(|relation| relation.kind == RelationKind::Input);
        let header = |relation: &rolecall::compiler::program::Relation| {
            let fields: Vec<&str> = relation.fields.iter().map(|field| field.name.as_str()).collect();
            (relation.name.clone(), fields.join(","))
        };
        Ok(FactsFolder {
            name,
            writer: Writer::new(threads),
            draft,
            headers: inputs.map(header).collect(),
            tables: Vec::new(),
            places: Vec::new(),
        })
    }

    /// Writes what is left, and the manifest.
    pub fn complete(mut self) -> Result<Complete, Failure> {
        let failed = |error: io::Error| Failure::writing(&self.name, &error);
        for table in &mut self.tables {
            table.flush(&mut self.writer).map_err(failed)?;
        }
        let written = self.writer.finish().map_err(failed)?;
        let entry = |(table, written): (&Table, &Written)| {
            let entry = json!({"rows": table.rows, "bytes": written.bytes, "sha256": written.sha256});
            (format!("{}.csv", table.relation), entry)
        };
        let files: Map<String, Value> = self.tables.iter().zip(&written).map(entry).collect();
        let manifest = format!("{:#}\n", json!({"files": files}));
        self.draft.file(MANIFEST).and_then(|mut file| file.write_all(manifest.as_bytes())).map_err(failed)?;
        Ok(Complete { name: self.name, draft: self.draft })
    }

    fn begin_table(&mut self, relation: &'static str) -> io::Result<usize> {
        let missing = || io::Error::other(format!("the policy has no input `{relation}`"));
        let header = self.headers.get(relation).ok_or_else(missing)?;
        let buffer = format!("{header}\n").into_bytes();
        self.writer.begin(self.draft.file(&format!("{relation}.csv"))?)?;
        let number = self.tables.len();
        self.tables.push(Table { relation, number, buffer, rows: 0 });
        Ok(number)
    }
}

impl Sink for FactsFolder {
    fn fact(&mut self, number: usize, relation: &'static str, values: &[&str]) -> io::Result<()> {
        let place = match self.places.get(number) {
            Some(Some(place)) => *place,
            _ => {
                let place = self.begin_table(relation)?;
                self.places.resize(self.places.len().max(number + 1), None);
                self.places[number] = Some(place);
                place
            }
        };
        self.tables[place].row(values, &mut self.writer)
    }
}

impl Table {
    #[inline]
    fn row(&mut self, values: &[&str], writer: &mut Writer) -> io::Result<()> {
        for (column, value) in values.iter().enumerate() {
            if column > 0 {
                self.buffer.push(b',');
            }
            push_field(&mut self.buffer, value);
        }
        self.buffer.push(b'\n');
        self.rows += 1;
        if self.buffer.len() >= CHUNK { self.flush(writer) } else { Ok(()) }
    }

    fn flush(&mut self, writer: &mut Writer) -> io::Result<()> {
        writer.write(self.number, &mut self.buffer)
    }
}

/// A value as a field of CSV. A NUL, which CSV does not take, becomes a replacement character.
fn push_field(line: &mut Vec<u8>, value: &str) {
    // Most are ids.
    if is_number(value) || !value.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r' | 0)) {
        return line.extend_from_slice(value.as_bytes());
    }
    let value = value.replace('\0', "\u{fffd}").replace('"', "\"\"");
    line.push(b'"');
    line.extend_from_slice(value.as_bytes());
    line.push(b'"');
}

impl Complete {
    /// Where the files are for now.
    pub fn path(&self) -> &Path {
        self.draft.path()
    }

    /// Puts it in its place.
    pub fn publish(self) -> Result<(), Failure> {
        let name = self.name;
        self.draft.publish().map_err(|error| Failure::writing(&name, &error))?;
        output::stderr_line(&format!("written: {}", rolecall::report::escape::escape(&name)));
        Ok(())
    }
}
