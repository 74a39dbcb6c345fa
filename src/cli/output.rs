//! The one way out: standard output and error without panics, and files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Seek, Write};
use std::path::Path;

use crate::cli::arguments::Color;
use crate::cli::draft::Draft;
use crate::cli::log;
use crate::cli::workspace::Failure;

/// How the terminal wants its text.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    color: Color,
}

impl Console {
    /// With the wish of `--color`.
    pub fn new(color: Color) -> Console {
        Console { color }
    }

    /// Whether text on a stream is colored, where the stream is a terminal or not.
    fn colored(self, terminal: bool) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }

    /// Whether text on standard output is colored.
    pub fn colored_stdout(self) -> bool {
        self.colored(io::stdout().is_terminal())
    }

    /// Whether text on standard error is colored.
    pub fn colored_stderr(self) -> bool {
        self.colored(io::stderr().is_terminal())
    }
}

/// Writes text to standard output. Who reads no further is no failure: the exit status still answers.
pub fn stdout_text(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::writing("standard output", &error)),
        _ => Ok(()),
    }
}

/// Writes a line to standard output.
pub fn stdout_line(line: &str) -> Result<(), Failure> {
    stdout_text(&format!("{line}\n"))
}

/// Says a line beside the answer, on standard error.
pub fn stderr_line(line: &str) {
    log::line(line);
}

/// A file of answers that appears under its name only when it is complete, or a stream to standard output.
pub struct Output {
    name: String,
    target: Target,
}

enum Target {
    Stdout(BufWriter<io::Stdout>),
    /// A file without a name, held back until it is complete, then copied to standard output.
    Spool(BufWriter<File>),
    File(BufWriter<Draft>),
    /// A pipe or device that is there already: nothing can be put in its place.
    Special(BufWriter<File>),
}

impl Output {
    /// Opens the output; `-` is standard output, which with `whole` gets nothing before everything is written.
    pub fn open(path: &Path, whole: bool) -> Result<Output, Failure> {
        let name = path.display().to_string();
        let failed = |error: io::Error| Failure::writing(&name, &error);
        let target = if path.as_os_str() == "-" && whole {
            Target::Spool(BufWriter::new(tempfile::tempfile().map_err(failed)?))
        } else if path.as_os_str() == "-" {
            Target::Stdout(BufWriter::new(io::stdout()))
        } else if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            Target::Special(BufWriter::new(File::options().write(true).open(path).map_err(failed)?))
        } else {
            Target::File(BufWriter::with_capacity(1 << 18, Draft::of(path).map_err(failed)?))
        };
        Ok(Output { name, target })
    }

    /// Adds bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = match &mut self.target {
            Target::Stdout(out) => out.write_all(bytes),
            Target::Spool(file) | Target::Special(file) => file.write_all(bytes),
            Target::File(draft) => draft.write_all(bytes),
        };
        written.map_err(|error| Failure::writing(&self.name, &error))
    }

    /// Completes it: now it is there.
    pub fn finish(self) -> Result<(), Failure> {
        let name = self.name;
        let failed = |error: io::Error| Failure::writing(&name, &error);
        match self.target {
            Target::Stdout(mut out) => out.flush().map_err(failed),
            Target::Special(mut file) => file.flush().map_err(failed),
            Target::Spool(file) => {
                let mut file = file.into_inner().map_err(|error| failed(error.into_error()))?;
                let mut out = io::stdout().lock();
                file.rewind().and_then(|()| io::copy(&mut file, &mut out)).and_then(|_| out.flush()).map_err(failed)
            }
            Target::File(draft) => {
                let draft = draft.into_inner().map_err(|error| failed(error.into_error()))?;
                draft.publish().map_err(failed)
            }
        }
    }
}
