//! Which files hold data: the paths of `--data`, each a file or a folder of files with or without a manifest.
//! The files themselves are opened by whoever calls, through [`Files`].

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::program::Program;
use crate::compiler::source::Sources;
use crate::data::Database;
use crate::facts::ahead::load_ahead;
use crate::facts::finding;
use crate::facts::format::DataName;
use crate::facts::loader::Loader;
use crate::facts::manifest::{self, Manifest};
use crate::facts::meter::{Measured, Meter};
use crate::facts::window::Source;

/// What a path leads to, symbolic links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file, or anything else that can be read as one.
    File,
    /// A folder.
    Folder,
}

/// Access to files, which this layer does not have by itself.
pub trait Files {
    /// What the path leads to.
    fn kind(&self, path: &Path) -> io::Result<Kind>;

    /// The names in a folder, in any order.
    fn list(&self, folder: &Path) -> io::Result<Vec<(String, Kind)>>;

    /// The bytes of a file, read once from start to end.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>>;
}

/// Loads the data files at these paths, in the order given, those of a folder by name.
///
/// With an error in the result nothing may be evaluated. With more than one of `threads`, a second one reads large
/// files ahead; the result is the same. `progress` hears of every 64 KiB or more how many bytes were read since it
/// was called last.
pub fn load(
    program: &Program,
    database: &mut Database,
    sources: &mut Sources,
    paths: &[PathBuf],
    files: &dyn Files,
    threads: usize,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Vec<Diagnostic> {
    let loader = Loader::new(program, database, sources);
    let mut walk = Walk { loader, files, threads, progress };
    for path in paths {
        walk.path(path);
    }
    walk.loader.finish()
}

struct Walk<'w, 'a> {
    loader: Loader<'a>,
    files: &'w dyn Files,
    threads: usize,
    progress: &'w mut (dyn FnMut(u64) + Send),
}

impl Walk<'_, '_> {
    fn path(&mut self, path: &Path) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match (self.files.kind(path), DataName::of(&name)) {
            (Err(error), _) => self.unreadable(path, &error),
            (Ok(Kind::Folder), _) => self.folder(path),
            (Ok(Kind::File), Some(name)) => {
                self.file(path, name, None);
            }
            (Ok(Kind::File), None) => self.loader.push(unexpected_file(path, &name)),
        }
    }

    fn folder(&mut self, folder: &Path) {
        let mut entries = match self.files.list(folder) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(folder, &error),
        };
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut manifest = self.manifest(folder, &entries);
        for (name, kind) in &entries {
            let path = folder.join(name);
            match (kind, DataName::of(name)) {
                _ if is_left_alone(name) => {}
                (Kind::Folder, _) => self.loader.push(unexpected_folder(&path)),
                (Kind::File, None) => self.loader.push(unexpected_file(&path, name)),
                (Kind::File, Some(_)) if name == manifest::NAME => {}
                (Kind::File, Some(data)) => {
                    let measured = self.file(&path, data, manifest.as_ref().map(|manifest| (manifest, name)));
                    if let Some(manifest) = &mut manifest {
                        let diagnostic = manifest.compare(name, measured);
                        self.loader.extend(diagnostic);
                    }
                }
            }
        }
        if let Some(manifest) = manifest {
            self.loader.extend(manifest.absent());
        }
    }

    /// The manifest of a folder, if it has one that can be read.
    fn manifest(&mut self, folder: &Path, entries: &[(String, Kind)]) -> Option<Manifest> {
        entries.iter().find(|(name, kind)| name == manifest::NAME && *kind == Kind::File)?;
        let path = folder.join(manifest::NAME);
        let read = self.files.open(&path).and_then(manifest::read);
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) => {
                self.unreadable(&path, &error);
                return None;
            }
        };
        let (manifest, diagnostics) = Manifest::parse(self.loader.sources(), &shown(&path), bytes);
        self.loader.extend(diagnostics);
        manifest
    }

    /// Loads a file; what it measures, unless it could not be read to its end without a mistake.
    fn file(&mut self, path: &Path, name: DataName, manifest: Option<(&Manifest, &String)>) -> Option<Measured> {
        let reader = match self.files.open(path) {
            Ok(reader) => reader,
            Err(error) => {
                self.unreadable(path, &error);
                return None;
            }
        };
        let (manifest, file) = manifest.unzip();
        let wants = file.and_then(|name| manifest.and_then(|manifest| manifest.wants(name)));
        let mut meter = Meter::new(reader, wants.is_some_and(|wants| wants.digest), self.progress);
        self.loader.vouch(wants.is_some_and(|wants| wants.bytes || wants.digest));
        let mut reader = name.compression.decode(&mut meter);
        let mut load = |source: Source| self.loader.load(&shown(path), name, source);
        let loaded = match self.threads {
            1 => load(Source::Straight(&mut reader)),
            _ => load_ahead(&mut *reader, name.format.delimiter(), &mut load),
        };
        drop(reader);
        loaded.whole.then(|| meter.finish(loaded.records))
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        self.loader.push(finding::unreadable(&shown(path), error));
    }
}

/// Notes, rules and hidden files may lie beside data.
fn is_left_alone(name: &str) -> bool {
    name.starts_with('.') || name.ends_with(".md") || name.ends_with(".rules")
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

const FORMATS: &str = "data files end in .json, .jsonl, .csv or .tsv, compressed ones also in .gz or .zst; \
                       .md, .rules and hidden files are left alone";

fn unexpected_file(path: &Path, name: &str) -> Diagnostic {
    let message = format!("`{}` is not a data file", shown(path));
    let diagnostic =
        Diagnostic::error(Code::UnexpectedFile, message).found_in(finding::whole(&shown(path))).note(FORMATS);
    let lowered = name.to_ascii_lowercase();
    match DataName::of(&lowered) {
        Some(_) if lowered != name => diagnostic.help(format!("name it `{lowered}`")),
        _ => diagnostic.help("move it elsewhere"),
    }
}

fn unexpected_folder(path: &Path) -> Diagnostic {
    let message = format!("`{}` is a folder inside a data folder", shown(path));
    Diagnostic::error(Code::UnexpectedFile, message)
        .found_in(finding::whole(&shown(path)))
        .note("the files of a data folder lie side by side; folders inside it are not searched")
        .help("name it with a `--data` of its own, or move it elsewhere")
}
