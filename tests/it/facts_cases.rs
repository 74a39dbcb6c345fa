//! Folders of bad data with their exact reports: `tests/cases/data/<name>/` beside `<name>.report`.
//! `BLESS=1 cargo test` writes the reports anew; read the difference before it is committed.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rolecall::compiler::compile;
use rolecall::compiler::diagnostic::{Diagnostic, any_error};
use rolecall::compiler::source::Sources;
use rolecall::data::Database;
use rolecall::facts::{Files, Kind, load, undeclared_references};
use rolecall::policy;
use rolecall::report::{Format, Style, render};

/// The files below a folder, which their names leave out.
pub struct Disk(pub PathBuf);

impl Files for Disk {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        let folder = fs::metadata(self.0.join(path))?.is_dir();
        Ok(if folder { Kind::Folder } else { Kind::File })
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<(String, Kind)>> {
        let entries = fs::read_dir(self.0.join(folder))?.map(|entry| {
            let name = entry?.file_name().into_string().unwrap();
            Ok((name.clone(), self.kind(&folder.join(name))?))
        });
        entries.collect()
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self.0.join(path))?))
    }
}

/// What `check --data` says of a path with the built-in policy.
fn check(files: &dyn Files, path: &str) -> (Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let ids = policy::add_to(&mut sources);
    let program = compile(&sources, &ids).0.unwrap();
    let mut database = Database::new(&program);
    let mut diagnostics = load(&program, &mut database, &mut sources, &[path.into()], files, 1, &mut |_| {});
    if !any_error(&diagnostics) {
        diagnostics
            .extend(undeclared_references(&program, &database, &mut sources, &|name| files.open(name.as_ref()).ok()));
    }
    (diagnostics, sources)
}

fn report(files: &dyn Files, path: &str) -> String {
    let (diagnostics, sources) = check(files, path);
    render(&diagnostics, &sources, Format::Human, Style::default(), None)
}

#[test]
fn mistakes_in_data_are_told_as_a_person_can_use_it() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/data");
    let disk = Disk(cases.clone());
    let mut names: Vec<String> = fs::read_dir(&cases)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() >= 45, "{}", names.len());
    let bless = std::env::var_os("BLESS").is_some();
    let mut differing = Vec::new();
    for name in names {
        let golden = cases.join(format!("{name}.report"));
        let actual = report(&disk, &name);
        assert!(!actual.is_empty(), "nothing is wrong with {name}");
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if actual != expected && bless {
            fs::write(&golden, &actual).unwrap();
        } else if actual != expected {
            differing.push(format!("{name}\n{actual}"));
        }
    }
    assert!(differing.is_empty(), "reports differ (BLESS=1 accepts them)\n\n{}", differing.join("\n"));
}

#[test]
fn a_path_that_is_not_there_is_told() {
    let disk = Disk(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/data"));
    let report = report(&disk, "nowhere");
    assert!(report.starts_with("error[unreadable-file]: can't read nowhere: "), "{report}");
}
