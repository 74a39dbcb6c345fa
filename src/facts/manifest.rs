//! `manifest.json` of a data folder: how many rows and bytes each file has, and its digest.
//! `{"files": {"works_in.csv": {"rows": 3, "bytes": 57, "sha256": "…"}}}`; each of the three may be left out.

use std::io::{self, Read};
use std::ops::Range;

use serde::de::IgnoredAny;

use crate::compiler::codes::Code;
use crate::compiler::diagnostic::{DataPlace, Diagnostic};
use crate::compiler::source::{Origin, SourceId, Sources, Span};
use crate::compiler::suggest::{did_you_mean, nearest};
use crate::facts::finding;
use crate::facts::json_record::{error_offset, valid_bytes};
use crate::facts::json_scan::{Member, members};
use crate::facts::meter::Measured;
use crate::facts::window::RECORD_LIMIT;

/// The name of the file.
pub(super) const NAME: &str = "manifest.json";

/// What the manifest says of the files beside it.
pub(super) struct Manifest {
    /// `files`.
    span: Span,
    entries: Vec<Entry>,
}

/// What it says of one file.
struct Entry {
    name: String,
    span: Span,
    rows: Option<(u64, Span)>,
    bytes: Option<(u64, Span)>,
    sha256: Option<(String, Span)>,
    /// Whether the file is there.
    found: bool,
}

/// What must be measured of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wants {
    pub bytes: bool,
    pub digest: bool,
}

/// The text of a manifest.
pub(super) fn read(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(RECORD_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    match bytes.len() > RECORD_LIMIT {
        true => Err(io::Error::new(io::ErrorKind::FileTooLarge, "more than 16 MiB")),
        false => Ok(bytes),
    }
}

impl Manifest {
    /// Reads a manifest, or says what is wrong with it.
    pub fn parse(sources: &mut Sources, name: &str, bytes: Vec<u8>) -> (Option<Manifest>, Vec<Diagnostic>) {
        let valid = valid_bytes(&bytes);
        let is_valid = valid == bytes.len();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let source = sources.add(name, text, Origin::Data);
        let mut parser = Parser { sources, source, diagnostics: Vec::new() };
        let manifest = if is_valid { parser.manifest() } else { parser.bad_utf8(valid) };
        let refused = !parser.diagnostics.is_empty();
        (manifest.filter(|_| !refused), parser.diagnostics)
    }

    /// What must be measured of a file to compare it; `None` if it is not listed.
    pub fn wants(&self, name: &str) -> Option<Wants> {
        let entry = self.entries.iter().find(|entry| entry.name == name)?;
        Some(Wants { bytes: entry.bytes.is_some(), digest: entry.sha256.is_some() })
    }

    /// Compares a file that is there. What could not be measured has its own report.
    pub fn compare(&mut self, name: &str, measured: Option<Measured>) -> Option<Diagnostic> {
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.name == name) else {
            return Some(unlisted(name, self.span));
        };
        entry.found = true;
        entry.compare(&measured?)
    }

    /// The files that are listed and not there.
    pub fn absent(&self) -> Vec<Diagnostic> {
        self.entries.iter().filter(|entry| !entry.found).map(Entry::absent).collect()
    }
}

impl Entry {
    fn compare(&self, measured: &Measured) -> Option<Diagnostic> {
        let mut differences = Vec::new();
        for (key, said, is) in [("bytes", self.bytes, measured.bytes), ("rows", self.rows, measured.rows)] {
            if let Some((said, span)) = said.filter(|(said, _)| *said != is) {
                let message = format!("`{}` has {is} {key}, and its manifest says {said}", self.name);
                differences.push((span, key, message, is.to_string()));
            }
        }
        let digest = self.sha256.as_ref().zip(measured.sha256.as_ref());
        if let Some(((_, span), is)) = digest.filter(|((said, _), is)| !said.eq_ignore_ascii_case(is)) {
            let message = format!("the content of `{}` is not the one that its manifest was written for", self.name);
            differences.push((*span, "sha256", message, is.clone()));
        }
        let mut differences = differences.into_iter();
        let (span, key, message, is) = differences.next()?;
        let first = mismatch(message, &self.name, Some(key)).at(span, format!("the file has {is}"));
        let all = differences.fold(first, |told, (span, _, _, is)| told.label(span, format!("the file has {is}")));
        Some(all.note("the file was cut, changed or exported again after the manifest was written"))
    }

    fn absent(&self) -> Diagnostic {
        let message = format!("`{}` is in the manifest, but not in the folder", self.name);
        mismatch(message, &self.name, None)
            .at(self.span, "no such data file")
            .note("facts that are missing may allow as well as deny")
    }
}

fn unlisted(name: &str, files: Span) -> Diagnostic {
    mismatch(format!("`{name}` is in the folder, but not in its manifest"), name, None)
        .at(files, format!("`{name}` is not listed here"))
        .help("move the file elsewhere, or write the manifest again")
}

fn mismatch(message: String, file: &str, key: Option<&str>) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(Code::ManifestMismatch, message);
    let path = key.map_or(format!("files[{file:?}]"), |key| format!("files[{file:?}].{key}"));
    diagnostic.data = Some(DataPlace { path: Some(path), ..DataPlace::default() });
    diagnostic
}

struct Parser<'s> {
    sources: &'s mut Sources,
    source: SourceId,
    diagnostics: Vec<Diagnostic>,
}

impl Parser<'_> {
    fn bad_utf8(&mut self, at: usize) -> Option<Manifest> {
        let finding = finding::bad_utf8();
        self.push(finding.diagnostic, at..at + 1, &finding.label)
    }

    fn manifest(&mut self) -> Option<Manifest> {
        let text = self.text().to_owned();
        if let Err(error) = serde_json::from_str::<IgnoredAny>(&text) {
            let at = error_offset(text.as_bytes(), &error);
            let finding = finding::malformed_json(&error);
            return self.push(finding.diagnostic, at..at + 1, &finding.label);
        }
        let start = text.len() - text.trim_start().len();
        let mut manifest = None;
        for (key, member) in self.object(&text, start..text.trim_end().len(), &["files"])? {
            if key == "files" {
                manifest = self.files(&text, &member);
            }
        }
        if manifest.is_none() && self.diagnostics.is_empty() {
            let message = "a manifest without `files`";
            self.push::<()>(Diagnostic::error(Code::MissingField, message), start..start + 1, "`files` missing here");
        }
        manifest
    }

    fn files(&mut self, text: &str, member: &Member) -> Option<Manifest> {
        let mut entries = Vec::new();
        for (name, member) in self.object(text, member.value.clone(), &[])? {
            entries.extend(self.entry(text, name, &member));
        }
        Some(Manifest { span: self.key_span(member), entries })
    }

    fn entry(&mut self, text: &str, name: String, member: &Member) -> Option<Entry> {
        let span = self.key_span(member);
        let mut entry = Entry { name, span, rows: None, bytes: None, sha256: None, found: false };
        for (key, member) in self.object(text, member.value.clone(), &["rows", "bytes", "sha256"])? {
            let value = &text[member.value.clone()];
            match key.as_str() {
                "sha256" => entry.sha256 = self.value(value, member.value, "a string"),
                "rows" => entry.rows = self.value(value, member.value, "a number"),
                "bytes" => entry.bytes = self.value(value, member.value, "a number"),
                _ => {}
            }
        }
        Some(entry)
    }

    fn value<V: serde::de::DeserializeOwned>(
        &mut self,
        text: &str,
        range: Range<usize>,
        expected: &str,
    ) -> Option<(V, Span)> {
        match serde_json::from_str(text) {
            Ok(value) => Some((value, self.sources.span(self.source, range.start, range.end))),
            Err(_) => {
                let message = format!("`{text}` in a manifest in place of {expected}");
                self.push(Diagnostic::error(Code::WrongType, message), range, &format!("expected {expected}"))
            }
        }
    }

    /// The members of an object with their keys, each once, and each of those known, if any are.
    fn object(&mut self, text: &str, range: Range<usize>, known: &[&str]) -> Option<Vec<(String, Member)>> {
        if !text[range.clone()].starts_with('{') {
            let message = "a manifest is `{\"files\": {\"works_in.csv\": {\"rows\": 3}}}`";
            return self.push(Diagnostic::error(Code::WrongType, message), range, "expected an object");
        }
        let mut found: Vec<(String, Member)> = Vec::new();
        for member in members(text, range) {
            let range = member.key.clone().unwrap_or_default();
            let key: String = serde_json::from_str(&text[range.clone()]).unwrap_or_default();
            if found.iter().any(|(other, _)| *other == key) {
                let finding = finding::duplicate_key(&key);
                self.push::<()>(finding.diagnostic, range, &finding.label);
            } else if !known.is_empty() && !known.contains(&key.as_str()) {
                let mut diagnostic = Diagnostic::error(Code::UnknownField, format!("a manifest does not have `{key}`"));
                let names = nearest(&key, known.iter().copied());
                if !names.is_empty() {
                    diagnostic = diagnostic.help(did_you_mean(&names));
                }
                let diagnostic = diagnostic.note(format!("here stand {}", finding::list(known)));
                self.push::<()>(diagnostic, range, "unknown here");
            }
            found.push((key, member));
        }
        Some(found)
    }

    fn key_span(&self, member: &Member) -> Span {
        let key = member.key.clone().unwrap_or_default();
        self.sources.span(self.source, key.start, key.end)
    }

    fn text(&self) -> &str {
        &self.sources.get(self.source).text
    }

    fn push<T>(&mut self, diagnostic: Diagnostic, range: Range<usize>, label: &str) -> Option<T> {
        let span = self.sources.span(self.source, range.start, range.end);
        self.diagnostics.push(diagnostic.at(span, label));
        None
    }
}
