//! Exports of a portal to facts: each line of the contract, from outside.

mod examples;
mod memory;
mod refused;
mod report;
mod responses;
mod tables;

use std::collections::BTreeSet;

use crate::cli::{Place, Ran};

/// An export in a folder of its own.
struct Export(Place);

impl Export {
    fn new() -> Export {
        Export(Place::new())
    }

    /// With one file more.
    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Export {
        Export(self.0.file(&format!("export/{name}"), content))
    }

    /// With a table of CSV more.
    fn table(self, name: &str, header: &str, rows: &[&str]) -> Export {
        let rows: String = rows.iter().map(|row| format!("{row}\n")).collect();
        self.with(&format!("{name}.csv"), format!("{header}\n{rows}"))
    }

    /// On a day that does not change, where no other is named.
    fn run(&self, words: &[&str]) -> Ran {
        let day: &[&str] = if words.contains(&"--at") { &[] } else { &["--at", "2026-02-10"] };
        self.0.run(&[&["import", "bitrix24", "export", "--output", "facts"], day, words].concat())
    }

    /// Imports, which works.
    fn imported(&self) -> Facts<'_> {
        self.imported_with(&[])
    }

    fn imported_with(&self, words: &[&str]) -> Facts<'_> {
        let ran = self.run(words);
        assert_eq!(ran.status, 0, "{}{}", ran.text(), ran.err);
        let checked = self.0.run(&["check", "--data", "facts"]);
        assert_eq!(checked.status, 0, "{}", checked.text());
        Facts { place: &self.0, report: ran.text().to_owned(), warnings: ran.err }
    }

    /// The report as JSON.
    fn report(&self, words: &[&str]) -> serde_json::Value {
        let ran = self.run(&[&["--format", "json"], words].concat());
        serde_json::from_str(ran.text()).unwrap()
    }

    /// An import that fails, with a mistake of that code, and leaves nothing.
    fn fails(&self, code: &str, words: &str) {
        let ran = self.run(&[]);
        assert_eq!(ran.status, 2, "{}", ran.text());
        assert!(ran.err.contains(&format!("error[{code}]: ")), "{}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
        assert_eq!(self.0.names(), ["export"]);
    }
}

/// What an import wrote.
struct Facts<'e> {
    place: &'e Place,
    report: String,
    warnings: String,
}

impl Facts<'_> {
    /// The facts of an input as lines of CSV, sorted, each once.
    fn of(&self, relation: &str) -> Vec<String> {
        let path = self.place.path(&format!("facts/{relation}.csv"));
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let lines: BTreeSet<&str> = text.lines().skip(1).collect();
        lines.into_iter().map(str::to_owned).collect()
    }

    /// The facts of an input are these.
    fn are(&self, relation: &str, facts: &[&str]) {
        assert_eq!(self.of(relation), facts, "{relation}");
    }
}
