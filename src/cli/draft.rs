//! A file on its way: it has another name until it is complete, and is gone when the program ends before, also by an
//! interrupt.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tempfile::{Builder, NamedTempFile};

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
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Where there is no folder, its own error says so best.
        fs::metadata(folder)?;
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

/// The error without the name of the draft.
fn plain(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
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
            let _ = fs::remove_file(path);
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
