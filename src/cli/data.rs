//! Data files on disk.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::progress::Progress;
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::program::Program;
use rolecall::compiler::source::Sources;
use rolecall::data::Database;
use rolecall::facts::{self, Files, Kind};

/// Loads the data at these paths, on up to two of `threads`. With an error in the result nothing may be evaluated.
///
/// `progress` hears how many bytes were read since it was called last.
pub fn load(
    program: &Program,
    database: &mut Database,
    sources: &mut Sources,
    paths: &[PathBuf],
    threads: usize,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Vec<Diagnostic> {
    facts::load(program, database, sources, paths, &Disk, threads, progress)
}

/// The size in bytes of all files at these paths; `None` where one can't be told in advance.
pub fn size(paths: &[PathBuf]) -> Option<u64> {
    let mut bytes = 0;
    for path in paths {
        let metadata = fs::metadata(path).ok()?;
        if metadata.is_dir() {
            for entry in fs::read_dir(path).ok()? {
                bytes += fs::metadata(entry.ok()?.path()).ok()?.len();
            }
        } else if metadata.is_file() {
            bytes += metadata.len();
        } else {
            return None;
        }
    }
    Some(bytes)
}

/// Opens a data file that was read before; nothing where it could be read only once.
pub fn reopen(name: &str) -> Option<Box<dyn Read + Send>> {
    let is_file = fs::metadata(name).is_ok_and(|metadata| metadata.is_file());
    let file = is_file.then(|| File::open(name).ok())??;
    Some(Box::new(file))
}

/// The files of this machine.
struct Disk;

impl Files for Disk {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        fs::metadata(path).map(kind_of)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<(String, Kind)>> {
        let entry = |entry: io::Result<fs::DirEntry>| {
            let entry = entry?;
            // A link that leads nowhere is told when it is opened.
            let kind = fs::metadata(entry.path()).map_or(Kind::File, kind_of);
            Ok((entry.file_name().to_string_lossy().into_owned(), kind))
        };
        fs::read_dir(folder)?.map(entry).collect()
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(path)?))
    }
}

/// The files of this machine, with progress through their bytes.
pub struct Watched {
    bar: Arc<Progress>,
}

impl Watched {
    /// With a bar.
    pub fn new(bar: Progress) -> Watched {
        Watched { bar: Arc::new(bar) }
    }
}

impl Files for Watched {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        Disk.kind(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<(String, Kind)>> {
        Disk.list(folder)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(WatchedFile { file: File::open(path)?, bar: Arc::clone(&self.bar) }))
    }
}

struct WatchedFile {
    file: File,
    bar: Arc<Progress>,
}

impl Read for WatchedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.bar.add(read as u64);
        Ok(read)
    }
}

fn kind_of(metadata: Metadata) -> Kind {
    if metadata.is_dir() { Kind::Folder } else { Kind::File }
}
