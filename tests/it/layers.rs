//! The invariants of the source tree: what may import what, who may touch the world, and how files are kept.

use std::fs;
use std::path::{Path, PathBuf};

use crate::prose::root;

/// A file of `src`.
struct File {
    /// From the root of the repository.
    path: String,
    text: String,
    /// The lines that are code and no tests, with their numbers.
    code: Vec<(usize, String)>,
}

impl File {
    fn read(path: &Path) -> File {
        let text = fs::read_to_string(path).unwrap();
        let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        let lines = text.lines().enumerate().map(|(number, line)| (number + 1, line));
        let is_test = path.ends_with("/tests.rs");
        let before_tests = lines.take_while(|(_, line)| !is_test && line.trim() != "#[cfg(test)]");
        let code = before_tests.filter(|(_, line)| !line.trim_start().starts_with("//"));
        let code = code.map(|(number, line)| (number, line.to_owned())).collect();
        File { path, text, code }
    }

    /// `engine` for `src/engine/join.rs` and `src/engine.rs`; `lib` and `main` for the roots.
    fn layer(&self) -> &str {
        let inside = self.path.trim_start_matches("src/");
        inside.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// How many `super` lead from its module to the root.
    fn depth(&self) -> usize {
        let inside = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        inside.trim_end_matches("/mod").split('/').count()
    }

    /// The lines of code that hold one of the words, as `src/x.rs:7: …`.
    fn lines_with(&self, words: &[&str]) -> Vec<String> {
        let found = self.code.iter().filter(|(_, line)| words.iter().any(|word| holds(line, word)));
        found.map(|(number, line)| format!("{}:{number}: {}", self.path, line.trim())).collect()
    }
}

/// Whether a line holds a word, not as a part of a longer one.
fn holds(line: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word).any(|(at, _)| {
        !line[..at].chars().next_back().is_some_and(is_part)
            && !line[at + word.len()..].chars().next().is_some_and(is_part)
    })
}

fn files() -> Vec<File> {
    let mut paths = Vec::new();
    collect(&root().join("src"), &mut paths);
    paths.sort();
    paths.iter().map(|path| File::read(path)).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// The layers as `src/lib.rs` lists them, the lowest first.
fn layers() -> Vec<String> {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let name = |line: &str| Some(line.strip_prefix("//! - [`")?.split('`').next().unwrap().to_owned());
    text.lines().filter_map(name).collect()
}

/// The names that follow `crate::` in a line, also those in braces.
fn imported(line: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, found) in line.match_indices("crate::") {
        let rest = &line[at + found.len()..];
        let group = rest.strip_prefix('{').map_or(rest, |group| group.split('}').next().unwrap());
        let parts = if rest.starts_with('{') { group.split(',').collect() } else { vec![group] };
        let word = |part: &str| {
            part.trim().chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
        };
        names.extend(parts.into_iter().map(word).filter(|name: &String| !name.is_empty()));
    }
    names
}

#[test]
fn lib_lists_every_layer() {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut declared: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let mut listed = layers();
    declared.sort();
    listed.sort();
    assert_eq!(declared, listed);
}

#[test]
fn imports_point_down() {
    let layers = layers();
    let rank = |name: &str| layers.iter().position(|layer| layer == name);
    let mut wrong = Vec::new();
    // The command line is a crate above the library, which the compiler keeps apart.
    for file in files().iter().filter(|file| !["lib", "main", "cli"].contains(&file.layer())) {
        let own = rank(file.layer()).unwrap_or_else(|| panic!("{} is in no layer", file.path));
        // A group of imports may be spread over lines; a `use crate::{` is read with all of them.
        let statements = joined(file);
        for (number, statement) in statements {
            for name in imported(&statement) {
                match rank(&name) {
                    Some(other) if other <= own => {}
                    Some(_) => wrong.push(format!("{}:{number} imports `{name}`, a layer above", file.path)),
                    None => wrong.push(format!("{}:{number} imports `{name}`, which is no layer", file.path)),
                }
            }
            let escape = "super::".repeat(file.depth());
            if statement.contains(&escape) {
                wrong.push(format!("{}:{number} leaves its layer by `{escape}`", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The lines of code, with `use` statements as one line each.
fn joined(file: &File) -> Vec<(usize, String)> {
    let mut statements: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (number, line) in &file.code {
        match statements.last_mut() {
            Some((_, statement)) if open => statement.push_str(line.trim()),
            _ => statements.push((*number, line.trim().to_owned())),
        }
        let (_, statement) = statements.last().unwrap();
        open = (statement.starts_with("use ") || statement.starts_with("pub use ")) && !statement.ends_with(';');
    }
    statements
}

/// Fails where a file outside `allowed` (a path or its beginning) uses one of the words.
fn only(allowed: &[&str], words: &[&str]) {
    let outside = |file: &&File| !allowed.iter().any(|path| file.path.starts_with(path));
    let found: Vec<String> = files().iter().filter(outside).flat_map(|file| file.lines_with(words)).collect();
    assert!(found.is_empty(), "only {allowed:?} may use {words:?}\n{}", found.join("\n"));
}

#[test]
fn only_the_command_line_touches_files_arguments_terminal_and_clock() {
    let modules = ["std::fs", "std::env", "std::net", "std::process", "std::time", "Instant"];
    only(&["src/cli/", "src/main.rs"], &modules);
    only(&["src/cli/", "src/main.rs"], &["io::stdin", "io::stdout", "io::stderr"]);
    only(&["src/cli/", "src/main.rs"], &["print!", "println!", "eprint!", "eprintln!", "dbg!"]);
    let groups: Vec<String> = files()
        .iter()
        .filter(|file| file.layer() != "cli")
        .flat_map(joined_uses)
        .filter(|statement| {
            statement.contains("std::{") && ["fs", "env", "time"].iter().any(|word| holds(statement, word))
        })
        .collect();
    assert!(groups.is_empty(), "{}", groups.join("\n"));
}

fn joined_uses(file: &File) -> Vec<String> {
    joined(file).into_iter().map(|(number, statement)| format!("{}:{number}: {statement}", file.path)).collect()
}

#[test]
fn each_large_dependency_has_one_home() {
    only(&["src/cli/"], &["clap", "clap_complete", "ctrlc", "imara_diff", "indicatif", "tempfile"]);
    only(&["src/report/human.rs"], &["ariadne"]);
    only(&["src/compiler/syntax/token.rs"], &["logos", "Logos"]);
    only(&["src/facts/compression.rs"], &["flate2", "ruzstd"]);
    only(&["src/facts/block.rs"], &["bytemuck", "i8x16"]);
    only(&["src/bitrix24/phones.rs"], &["phonenumber"]);
    only(&["src/bitrix24/read/statement.rs"], &["sqlparser"]);
    only(&["src/bitrix24/encoding.rs"], &["encoding_rs"]);
    only(&["src/engine/compiled.rs", "src/compiler/crepe_source.rs"], &["crepe"]);
}

#[test]
fn every_file_begins_with_its_map_and_stays_short() {
    for file in files() {
        assert!(file.text.starts_with("//!"), "{} does not begin with `//!`", file.path);
        let lines = file.text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines", file.path);
    }
}
