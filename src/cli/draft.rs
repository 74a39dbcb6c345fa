//! A file or a folder on its way: it has another name until it is complete, and is gone when the program ends before, also
//! by an interrupt.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tempfile::{Builder, NamedTempFile, TempDir};

/// Exit status when someone interrupts, as shells have it.
const INTERRUPTED: i32 = 130;

/// The draft to remove on an interrupt. Whoever makes, names or removes a draft holds the lock meanwhile.
static OPEN: Mutex<Option<PathBuf>> = Mutex::new(None);

/// A file that appears in one step, in place of one that may be there. A program writes one at a time.
pub struct Draft {
    /// Always there until it is dropped.
    file: Option<NamedTempFile>,
    path: PathBuf,
}

impl Draft {
    /// Begins a file that will be at this path, or where a link at this path leads.
    pub fn of(path: &Path) -> io::Result<Draft> {
        remove_on_interrupt();
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = folder_of(&path)?;
        let mut open = lock();
        let file = with_rights(&mut Builder::new(), &path).tempfile_in(folder).map_err(|error| plain(&error))?;
        *open = Some(file.path().to_owned());
        Ok(Draft { file: Some(file), path })
    }

    /// Gives it its name.
    pub fn publish(mut self) -> io::Result<()> {
        let mut open = lock();
        let published = self.file.take().map_or(Ok(()), |file| file.persist(&self.path).map(drop));
        *open = None;
        published.map_err(|error| plain(&error.error))
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Ok(0), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            let mut open = lock();
            drop(file);
            *open = None;
        }
    }
}

/// A folder that appears in one step, in place of one that may be there.
pub struct FolderDraft {
    /// Always there until it is dropped.
    folder: Option<TempDir>,
    path: PathBuf,
}

impl FolderDraft {
    /// Begins a folder that will be at this path. What is there and not an empty folder is an error of the kind
    /// `DirectoryNotEmpty`, unless it is a folder that may be replaced.
    pub fn of(path: &Path, replace: bool) -> io::Result<FolderDraft> {
        remove_on_interrupt();
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let holds_something = match fs::read_dir(&path) {
            Ok(mut entries) => entries.next().is_some(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        if holds_something && !replace {
            return Err(io::Error::from(io::ErrorKind::DirectoryNotEmpty));
        }
        let beside = folder_of(&path)?;
        let mut open = lock();
        let folder = Builder::new().prefix(".rolecall-").tempdir_in(beside).map_err(|error| plain(&error))?;
        *open = Some(folder.path().to_owned());
        Ok(FolderDraft { folder: Some(folder), path })
    }

    /// Where it is for now.
    pub fn path(&self) -> &Path {
        self.folder.as_ref().map_or(&self.path, TempDir::path)
    }

    /// Begins a file in it.
    pub fn file(&self, name: &str) -> io::Result<fs::File> {
        fs::File::create(self.path().join(name))
    }

    /// Gives it its name.
    pub fn publish(mut self) -> io::Result<()> {
        let mut open = lock();
        let Some(folder) = self.folder.take() else { return Ok(()) };
        let old = folder.path().with_extension("old");
        let replaced = match fs::rename(&self.path, &old) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            moved => Ok(moved.is_ok()),
        };
        let published = replaced.and_then(|replaced| {
            allow_others(folder.path())?;
            let renamed = fs::rename(folder.path(), &self.path);
            if replaced {
                // Where the new one can't come, the old one goes back.
                match renamed {
                    Ok(()) => fs::remove_dir_all(&old)?,
                    Err(_) => fs::rename(&old, &self.path)?,
                }
            }
            renamed
        });
        *open = None;
        if published.is_ok() {
            // It has another name now.
            let _ = folder.keep();
        }
        published
    }
}

impl Drop for FolderDraft {
    fn drop(&mut self) {
        if let Some(folder) = self.folder.take() {
            let mut open = lock();
            drop(folder);
            *open = None;
        }
    }
}

/// The folder that a path lies in, which is there.
fn folder_of(path: &Path) -> io::Result<&Path> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Where there is none, its own error says so best.
    fs::metadata(folder)?;
    Ok(folder)
}

/// The error without the name of the draft.
fn plain(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None if error.kind() == io::ErrorKind::NotFound => {
            io::Error::new(io::ErrorKind::NotFound, "no file can be made there")
        }
        None => io::Error::from(error.kind()),
    }
}

fn lock() -> MutexGuard<'static, Option<PathBuf>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on an interrupt removes the draft and ends the program. Where the caller has the program ignore an
/// interrupt, as `nohup` does, it stays ignored.
fn remove_on_interrupt() {
    static SET: Once = Once::new();
    let remove = || {
        let open = lock();
        if let Some(path) = open.as_ref() {
            let _ = fs::remove_file(path).or_else(|_| fs::remove_dir_all(path));
        }
        // The lock is held to the end, so that no draft gets its name now.
        process::exit(INTERRUPTED);
    };
    SET.call_once(|| {
        let _ = ctrlc::try_set_handler(remove);
    });
}

/// Drafts are private by default; this one has the rights of the file in whose place it comes, or of a new file.
#[cfg(unix)]
fn with_rights<'b>(builder: &'b mut Builder<'static, 'static>, path: &Path) -> &'b mut Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_or(0o666, |metadata| metadata.permissions().mode() & 0o777);
    builder.permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn with_rights<'b>(builder: &'b mut Builder<'static, 'static>, _: &Path) -> &'b mut Builder<'static, 'static> {
    builder
}

/// A folder is private while it is written; others may read it then.
#[cfg(unix)]
fn allow_others(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn allow_others(_: &Path) -> io::Result<()> {
    Ok(())
}
