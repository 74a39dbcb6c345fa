//! CSV files in a folder that appears whole or not at all, with the manifest that describes them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// A value of a row.
#[derive(Clone, Copy, Debug)]
pub enum Field<'a> {
    /// A prefix that tells the kind, and a number from 0, written from 1: `u17`.
    Id(&'static str, u32),
    /// The same as a resource: `user:u17`.
    Thing(&'static str, &'static str, u32),
    /// A telephone number: the prefix and seven digits.
    Phone(&'static str, u32),
    /// A name of the policy, or text.
    Word(&'a str),
}

impl Field<'_> {
    /// Appends the value without quotes.
    pub fn write_plain(self, line: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Field::Id(prefix, number) => write!(line, "{prefix}{}", u64::from(number) + 1),
            Field::Thing(entity, prefix, number) => write!(line, "{entity}:{prefix}{}", u64::from(number) + 1),
            Field::Phone(prefix, number) => write!(line, "{prefix}{number:07}"),
            Field::Word(word) => line.write_all(word.as_bytes()),
        }
    }

    /// Appends the value as CSV; only words can need quotes.
    pub fn write_csv(self, line: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Field::Word(word) if word.contains([',', '"', '\n', '\r']) => {
                write!(line, "\"{}\"", word.replace('"', "\"\""))
            }
            _ => self.write_plain(line),
        }
    }
}

/// What the manifest says of a file.
#[derive(Debug, Serialize)]
struct Entry {
    rows: u64,
    bytes: u64,
    sha256: String,
}

/// A folder under way, beside the place where it will appear.
#[derive(Debug)]
pub struct Folder {
    temporary: TempDir,
    entries: BTreeMap<String, Entry>,
}

impl Folder {
    /// Begins a folder on the same disk as `output`, so that it can be renamed.
    pub fn beside(output: &Path) -> io::Result<Folder> {
        let folder = Folder { temporary: temporary_beside(output)?, entries: BTreeMap::new() };
        fs::create_dir(folder.path())?;
        Ok(folder)
    }

    // A folder inside the temporary one gets the usual permissions; the temporary one is private.
    fn path(&self) -> PathBuf {
        self.temporary.path().join("portal")
    }

    /// Begins the file of a relation.
    pub fn table(&self, relation: &'static str, fields: &[&'static str]) -> io::Result<Table> {
        let name = format!("{relation}.csv");
        let file = BufWriter::with_capacity(1 << 16, File::create(self.path().join(&name))?);
        let mut table = Table { name, file, digest: Sha256::new(), rows: 0, bytes: 0, line: Vec::new() };
        table.line.extend_from_slice(fields.join(",").as_bytes());
        table.end_line()?;
        Ok(table)
    }

    /// Ends a file and notes it for the manifest. A relation without rows has no file.
    pub fn close(&mut self, mut table: Table) -> io::Result<()> {
        table.file.flush()?;
        if table.rows == 0 {
            return fs::remove_file(self.path().join(&table.name));
        }
        let sha256 = table.digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        self.entries.insert(table.name, Entry { rows: table.rows, bytes: table.bytes, sha256 });
        Ok(())
    }

    /// Adds the manifest and puts the folder in its place. Returns its files, rows and bytes.
    pub fn publish(self, output: &Path) -> io::Result<(usize, u64, u64)> {
        let manifest = BTreeMap::from([("files", &self.entries)]);
        let mut text = serde_json::to_vec_pretty(&manifest)?;
        text.push(b'\n');
        fs::write(self.path().join("manifest.json"), text)?;
        if output.is_dir() {
            fs::remove_dir(output)?;
        }
        fs::rename(self.path(), output)?;
        let rows = self.entries.values().map(|entry| entry.rows).sum();
        let bytes = self.entries.values().map(|entry| entry.bytes).sum();
        Ok((self.entries.len(), rows, bytes))
    }
}

/// The file of one relation.
#[derive(Debug)]
pub struct Table {
    name: String,
    file: BufWriter<File>,
    digest: Sha256,
    rows: u64,
    bytes: u64,
    line: Vec<u8>,
}

impl Table {
    /// Writes a row.
    pub fn row(&mut self, fields: &[Field<'_>]) -> io::Result<()> {
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                self.line.push(b',');
            }
            field.write_csv(&mut self.line)?;
        }
        self.rows += 1;
        self.end_line()
    }

    fn end_line(&mut self) -> io::Result<()> {
        self.line.push(b'\n');
        self.bytes += self.line.len() as u64;
        self.digest.update(&self.line);
        self.file.write_all(&self.line)?;
        self.line.clear();
        Ok(())
    }
}

/// Writes one file through `write`; it appears whole or not at all.
pub fn whole_file(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let temporary = temporary_beside(path)?;
    let inside = temporary.path().join("file");
    let mut file = BufWriter::new(File::create(&inside)?);
    write(&mut file)?;
    file.flush()?;
    fs::rename(inside, path)
}

fn temporary_beside(path: &Path) -> io::Result<TempDir> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent)?;
    tempfile::Builder::new().prefix(".generate-").tempdir_in(parent)
}
