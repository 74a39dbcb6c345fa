//! A folder of facts on its way: a CSV file for each input and a manifest, beside the place where it will be.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use rustc_hash::FxHashMap;
use serde_json::{Map, json};
use sha2::{Digest, Sha256};

use crate::cli::draft::FolderDraft;
use crate::cli::output;
use crate::cli::workspace::Failure;
use rolecall::bitrix24::Sink;
use rolecall::compiler::program::{Program, RelationKind};

/// What tells a folder of facts.
const MANIFEST: &str = "manifest.json";

/// So many bytes of a file are written at once.
const CHUNK: usize = 64 << 10;

/// The files of the folder.
pub struct FactsFolder {
    name: String,
    draft: FolderDraft,
    /// The names of the fields of each input.
    headers: FxHashMap<String, String>,
    files: FxHashMap<&'static str, Table>,
}

/// A file that grows.
struct Table {
    file: File,
    buffer: Vec<u8>,
    digest: Sha256,
    bytes: u64,
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
    pub fn begin(program: &Program, path: &Path, force: bool) -> Result<FactsFolder, Failure> {
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
        Ok(FactsFolder { name, draft, headers: inputs.map(header).collect(), files: FxHashMap::default() })
    }

    /// Writes what is left, and the manifest.
    pub fn complete(mut self) -> Result<Complete, Failure> {
        let failed = |error: io::Error| Failure::writing(&self.name, &error);
        let mut files = Map::new();
        let mut tables: Vec<_> = self.files.drain().collect();
        tables.sort_by_key(|(relation, _)| *relation);
        for (relation, mut table) in tables {
            table.flush().map_err(failed)?;
            let digest = table.digest.finalize();
            let sha256: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            let entry = json!({"rows": table.rows, "bytes": table.bytes, "sha256": sha256});
            files.insert(format!("{relation}.csv"), entry);
        }
        let manifest = format!("{:#}\n", json!({"files": files}));
        self.draft.file(MANIFEST).and_then(|mut file| file.write_all(manifest.as_bytes())).map_err(failed)?;
        Ok(Complete { name: self.name, draft: self.draft })
    }

    fn begin_table(&self, relation: &str) -> io::Result<Table> {
        let missing = || io::Error::other(format!("the policy has no input `{relation}`"));
        let header = self.headers.get(relation).ok_or_else(missing)?;
        let file = self.draft.file(&format!("{relation}.csv"))?;
        let buffer = format!("{header}\n").into_bytes();
        Ok(Table { file, buffer, digest: Sha256::new(), bytes: 0, rows: 0 })
    }
}

impl Sink for FactsFolder {
    fn fact(&mut self, relation: &'static str, values: &[&str]) -> io::Result<()> {
        if let Some(table) = self.files.get_mut(relation) {
            return table.row(values);
        }
        let mut table = self.begin_table(relation)?;
        table.row(values)?;
        self.files.insert(relation, table);
        Ok(())
    }
}

impl Table {
    fn row(&mut self, values: &[&str]) -> io::Result<()> {
        for (column, value) in values.iter().enumerate() {
            if column > 0 {
                self.buffer.push(b',');
            }
            push_field(&mut self.buffer, value);
        }
        self.buffer.push(b'\n');
        self.rows += 1;
        if self.buffer.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.digest.update(&self.buffer);
        self.bytes += self.buffer.len() as u64;
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

/// A value as a field of CSV. A NUL, which CSV does not take, becomes a replacement character.
fn push_field(line: &mut Vec<u8>, value: &str) {
    if !value.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r' | 0)) {
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
