//! Portals on disk, generated once with fixed seeds and kept in the target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Outcome;

/// A portal and the requests to it.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Folder of the data.
    pub data: PathBuf,
    /// AuthZEN requests, one a line.
    pub requests: PathBuf,
}

/// A workload by its name, the options that generate it, and how many requests it has.
pub type Generated = (&'static str, &'static [&'static str], u32);

/// 100,000 people and 1,000,000 requests.
pub const LARGE: Generated = ("large", &["--users", "100000"], 1_000_000);
/// 500,000 people, and 12 million chats, calls and items.
pub const HUGE: Generated =
    ("huge", &["--users", "500000", "--chats", "5000000", "--calls", "5000000", "--crm-items", "2000000"], 1_000_000);
/// 2,000 people.
pub const SMALL: Generated = ("small", &["--users", "2000"], 20_000);
/// 2,000 people without CRM, for peers that can't load more and have a policy for channels, chats and calls alone.
pub const NO_CRM: Generated = ("no-crm", &["--users", "2000", "--crm-items", "0"], 100_000);
/// A chain of 10,000 departments, and half of it.
pub const DEEP: Generated = ("deep", &["--users", "20000", "--departments", "10000", "--shape", "deep"], 100_000);
pub const DEEP_HALF: Generated =
    ("deep-half", &["--users", "10000", "--departments", "5000", "--shape", "deep"], 100_000);
/// 50,000 people in one department, and half of them.
pub const WIDE: Generated = ("wide", &["--users", "100000", "--shape", "wide"], 100_000);
pub const WIDE_HALF: Generated = ("wide-half", &["--users", "50000", "--shape", "wide"], 100_000);

/// The root of the repository: the folder of this package, or two above it for the peers.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    if here.join("rules").is_dir() { here.to_owned() } else { here.join("../..") }
}

/// Where the workloads are kept.
fn folder() -> Outcome<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("workloads");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

impl Workload {
    /// One of the generated workloads of this file.
    pub fn generated((name, options, count): Generated) -> Outcome<Workload> {
        let folder = folder()?;
        let workload = Workload { data: folder.join(name), requests: folder.join(format!("{name}.jsonl")) };
        if !(workload.data.exists() && workload.requests.exists()) {
            let count = count.to_string();
            let mut arguments: Vec<&str> = options.to_vec();
            let (data, requests) = (workload.data.to_string_lossy(), workload.requests.to_string_lossy());
            arguments.extend(["--seed", "1", "--output", &data, "--requests", &count, "--requests-output", &requests]);
            generate(&arguments)?;
        }
        Ok(workload)
    }

    /// The portal of the examples.
    pub fn acme() -> Workload {
        let folder = root().join("examples/acme");
        Workload { data: folder.join("data"), requests: folder.join("requests.jsonl") }
    }

    /// Its data files that the built-in policy knows, without the inputs that its own rules declare.
    pub fn files_of_policy(&self, is_input: impl Fn(&str) -> bool) -> Outcome<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.data)? {
            let path = entry?.path();
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let is_json = path.extension().is_some_and(|end| end == "json") && stem != "manifest";
            if is_json || is_input(&stem) {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// How many facts there are, by its manifest.
    pub fn facts(&self) -> Outcome<u64> {
        let manifest: serde_json::Value = serde_json::from_slice(&fs::read(self.data.join("manifest.json"))?)?;
        let files = manifest["files"].as_object().ok_or("a manifest without files")?;
        Ok(files.values().filter_map(|file| file["rows"].as_u64()).sum())
    }
}

/// A file with that many rules of an administrator.
pub fn rules(count: u32) -> Outcome<PathBuf> {
    let folder = folder()?;
    let path = folder.join(format!("rules-{count}.rules"));
    if !path.exists() {
        let (count, file, portal) = (count.to_string(), path.to_string_lossy(), folder.join("rules-portal"));
        let portal = portal.to_string_lossy();
        // The generator writes rules beside a portal; this one is not used.
        let _ = fs::remove_dir_all(&*portal);
        generate(&["--users", "60", "--seed", "1", "--output", &portal, "--rules", &count, "--rules-output", &file])?;
    }
    Ok(path)
}

/// A file in the folder of the workloads that is made once.
pub fn once(name: &str, make: impl FnOnce(&Path) -> Outcome<()>) -> Outcome<PathBuf> {
    let path = folder()?.join(name);
    if !path.exists() {
        let part = path.with_extension("part");
        make(&part)?;
        fs::rename(part, &path)?;
    }
    Ok(path)
}

/// A place for output in the folder of the workloads.
pub fn scratch(name: &str) -> Outcome<PathBuf> {
    Ok(folder()?.join(name))
}

fn generate(arguments: &[&str]) -> Outcome<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--release", "--quiet", "--example", "generate", "--"]).args(arguments).current_dir(root());
    match command.status()? {
        status if status.success() => Ok(()),
        status => Err(format!("the generator ended with {status}").into()),
    }
}
