//! Folders of cases with their exact reports: `tests/cases/<folder>/<name>.rules` beside `<name>.report`, or with
//! their canonical forms, beside `<name>.formatted`, or as they are when what is certain is put right, beside
//! `<name>.fixed`. `BLESS=1 cargo test` writes these anew; read the difference before it is committed.

use std::fs;
use std::path::{Path, PathBuf};

/// The extensions of what stands beside the cases.
const GOLDEN: [&str; 3] = ["report", "formatted", "fixed"];

/// Compares the report of every case in `tests/cases/<folder>` with the one beside it. `report` makes it from the
/// case's file name and text.
pub fn run(folder: &str, report: impl Fn(&str, &str) -> String) {
    compare(folder, "report", report);
}

/// As [`run`], for what stands beside the cases in files with that extension.
pub fn compare(folder: &str, extension: &str, report: impl Fn(&str, &str) -> String) {
    let cases = cases(folder);
    assert!(!cases.is_empty(), "no cases in {folder}");
    let bless = std::env::var_os("BLESS").is_some();
    let mut failures = Vec::new();
    for case in cases {
        let text = fs::read_to_string(&case).unwrap();
        let name = case.file_name().unwrap().to_str().unwrap();
        let actual = report(name, &text);
        let golden = case.with_extension(extension);
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if actual != expected {
            if bless {
                fs::write(&golden, &actual).unwrap();
            } else {
                failures.push(format!("{folder}/{name}\n{}", difference(&expected, &actual)));
            }
        }
    }
    assert!(failures.is_empty(), "{} reports differ (BLESS=1 accepts them)\n\n{}", failures.len(), failures.join("\n"));
}

/// The file names and texts of all cases in `tests/cases/<folder>`.
pub fn texts(folder: &str) -> Vec<(String, String)> {
    let name = |case: &PathBuf| case.file_name().unwrap().to_str().unwrap().to_string();
    cases(folder).iter().map(|case| (name(case), fs::read_to_string(case).unwrap())).collect()
}

fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .filter(|path| path.extension().is_some_and(|extension| !GOLDEN.contains(&extension.to_str().unwrap())))
        .collect();
    cases.sort();
    cases
}

/// The lines that differ, between the first and the last of them.
fn difference(expected: &str, actual: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let same_start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[same_start..], &new[same_start..]);
    let same_end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let removed = old[..old.len() - same_end].iter().map(|line| format!("  - {line}\n"));
    let added = new[..new.len() - same_end].iter().map(|line| format!("  + {line}\n"));
    format!("  from line {}:\n{}", same_start + 1, removed.chain(added).collect::<String>())
}
