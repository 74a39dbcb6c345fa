//! Data paths to files, and each file to the loader of its format.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::program::Program;
use crate::compiler::source::Sources;
use crate::data::Database;
use crate::facts::{Delimiter, Loader};

pub fn size(paths: &[PathBuf]) -> Option<u64> {
    let _ = paths;
    None
}

pub fn load(
    program: &Program,
    database: &mut Database,
    sources: &mut Sources,
    paths: &[PathBuf],
    _progress: &mut dyn FnMut(u64),
) -> Vec<Diagnostic> {
    let mut loader = Loader::new(program, database, sources);
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut inside: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).collect();
            inside.sort();
            files.extend(inside);
        } else {
            files.push(path.clone());
        }
    }
    for path in files {
        one(&mut loader, &path);
    }
    loader.finish()
}

fn one(loader: &mut Loader, path: &Path) {
    let name = path.display().to_string();
    let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
    if stem == "manifest" {
        return;
    }
    let reader = File::open(path).unwrap();
    match path.extension().and_then(|e| e.to_str()) {
        Some("json") => loader.json(&name, reader),
        Some("jsonl") => loader.lines(&stem, &name, reader),
        Some("csv") => loader.delimited(Delimiter::Comma, &stem, &name, reader),
        Some("tsv") => loader.delimited(Delimiter::Tab, &stem, &name, reader),
        _ => {}
    }
}
