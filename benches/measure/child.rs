//! Programs of their own: their time as a whole, and the most memory that they held.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::Outcome;

/// The first argument of a bench program that was started by itself.
pub const CHILD: &str = "child";

/// How long a program runs, from its start to its end; its output is dropped.
pub fn run<S: AsRef<OsStr>>(program: &Path, arguments: &[S], statuses: &[i32]) -> Outcome<Duration> {
    let started = Instant::now();
    let output = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
    let time = started.elapsed();
    match output.status.code() {
        Some(status) if statuses.contains(&status) => Ok(time),
        _ => {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            Err(format!("{} ended with {}: {said}", program.display(), output.status).into())
        }
    }
}

/// Runs this program again as a child, and gives the words of the last line it prints.
pub fn again<S: AsRef<OsStr>>(arguments: &[S]) -> Outcome<Vec<String>> {
    let program = std::env::current_exe()?;
    let output = Command::new(program).arg(CHILD).args(arguments).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("a child ended with {}", output.status).into());
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().last().unwrap_or_default().split_whitespace().map(str::to_owned).collect())
}

/// The most memory that this program held so far, in bytes, as Linux counts it.
pub fn peak_memory() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()).ok_or("no VmHWM in /proc/self/status")?;
    Ok(kibibytes.parse::<u64>()? * 1024)
}
