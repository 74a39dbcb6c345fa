//! `*.json`: one object whose members are relations, each an array of records.
//! Record by record: the file may be larger than memory, and a mistake points at its own line.

use rustc_hash::FxHashSet;

use crate::compiler::codes::Code;
use crate::compiler::diagnostic::DataPlace;
use crate::compiler::program::{RelationId, RelationKind};
use crate::facts::alike::Separator;
use crate::facts::finding::{self, Finding};
use crate::facts::intake::Intake;
use crate::facts::json_record::{Outcome, Records, error_offset, valid_bytes};
use crate::facts::json_scan::{next_byte, value_length};
use crate::facts::window::{Stop, Window};

/// Reads a JSON file to its end.
pub(super) fn read(window: &mut Window, intake: &mut Intake) -> Result<(), Stop> {
    if window.looks_like_utf16()? {
        return Err(intake.fail(window, 0..2, finding::utf16(), DataPlace::default()));
    }
    window.skip_byte_order_mark()?;
    let mut file = JsonFile { window, intake, seen: FxHashSet::default(), relation: None };
    file.members()?;
    file.end()
}

struct JsonFile<'f, 'r, 'a, 'p> {
    window: &'f mut Window<'r>,
    intake: &'f mut Intake<'a, 'p>,
    seen: FxHashSet<String>,
    /// The member being read.
    relation: Option<String>,
}

impl JsonFile<'_, '_, '_, '_> {
    fn members(&mut self) -> Result<(), Stop> {
        match self.next()? {
            None => return Err(self.fail(0, finding::truncated("the file is empty", "no JSON here"))),
            Some(b'{') => self.window.advance(1, 0),
            Some(_) => return Err(self.fail(1, finding::no_object())),
        }
        if self.next()? == Some(b'}') {
            self.window.advance(1, 0);
            return Ok(());
        }
        loop {
            self.member()?;
            match self.expect(b",}", "`,` or `}`")? {
                b'}' => return Ok(()),
                _ => self.refuse_closing(b'}')?,
            }
        }
    }

    /// `"works_in": [ … ]`
    fn member(&mut self) -> Result<(), Stop> {
        let length = match self.next()? {
            Some(b'"') => self.value("the name of a relation")?,
            _ => return Err(self.unexpected("the name of a relation, in double quotes")),
        };
        let name = self.name(length)?;
        let relation = self.relation_of(&name, length)?;
        self.window.pass(length);
        self.relation = Some(name);
        self.expect(b":", "`:`")?;
        if self.next()? == Some(b'[') {
            self.window.advance(1, 0);
            self.records(relation)?;
        } else {
            self.no_array()?;
        }
        self.relation = None;
        Ok(())
    }

    fn name(&mut self, length: usize) -> Result<String, Stop> {
        let text = &self.window.rest()[..length];
        let valid = valid_bytes(text);
        if valid < length {
            let place = DataPlace::default();
            return Err(self.intake.fail(self.window, valid..valid + 1, finding::bad_utf8(), place));
        }
        match serde_json::from_slice(text) {
            Ok(name) => Ok(name),
            Err(error) => {
                let at = error_offset(text, &error);
                let finding = finding::malformed_json(&error);
                Err(self.intake.fail(self.window, at..at + 1, finding, DataPlace::default()))
            }
        }
    }

    /// The input of that name; `None`, and a report, where its records can't be read.
    fn relation_of(&mut self, name: &str, length: usize) -> Result<Option<RelationId>, Stop> {
        let place = DataPlace { relation: Some(name.to_owned()), field: None, path: Some(name.to_owned()) };
        if !self.seen.insert(name.to_owned()) {
            self.intake.report(self.window, 0..length, finding::duplicate_relation(name), place)?;
            return Ok(None);
        }
        let words = self.intake.words;
        let input = words.relation(name).filter(|id| words.program.relation(*id).kind == RelationKind::Input);
        if input.is_none() {
            self.intake.report(self.window, 0..length, finding::no_input(words, name), place)?;
        }
        Ok(input)
    }

    /// The records up to the closing bracket; those of no known relation are passed over.
    fn records(&mut self, relation: Option<RelationId>) -> Result<(), Stop> {
        let mut records = relation.map(|relation| Records::new(self.intake, relation));
        if self.next()? == Some(b']') {
            self.window.advance(1, 0);
            return Ok(());
        }
        let mut record = 0;
        loop {
            self.next()?;
            if let Some(records) = &mut records {
                record += records.read_alike(self.window, self.intake, Separator::Comma, record);
            }
            let length = self.value("a record")?;
            if let Some(records) = &mut records {
                let relation = self.relation.as_deref().unwrap_or_default();
                let path = || format!("{relation}[{record}]");
                if records.read(self.window, self.intake, length, record, path)? == Outcome::Malformed {
                    return Err(Stop::Reported);
                }
            }
            self.window.pass(length);
            record += 1;
            match self.expect(b",]", "`,` or `]`")? {
                b']' => break,
                _ => self.refuse_closing(b']')?,
            }
        }
        Ok(())
    }

    /// A relation's value that is no array.
    fn no_array(&mut self) -> Result<(), Stop> {
        let length = self.value("an array of records")?;
        let relation = self.relation.clone().unwrap_or_default();
        let finding = finding::no_array(&relation, self.window.rest()[0]);
        let place = DataPlace { relation: Some(relation.clone()), field: None, path: Some(relation) };
        self.intake.report(self.window, 0..length, finding, place)?;
        self.window.pass(length);
        Ok(())
    }

    /// Nothing but space may follow the object.
    fn end(&mut self) -> Result<(), Stop> {
        match self.next()? {
            None => Ok(()),
            Some(_) => Err(self.fail(1, finding::trailing())),
        }
    }

    /// The next byte that is no space; the record starts there.
    fn next(&mut self) -> Result<Option<u8>, Stop> {
        next_byte(self.window)
    }

    /// The length of the value that starts here.
    fn value(&mut self, expected: &str) -> Result<usize, Stop> {
        match value_length(self.window)? {
            Some(0) => Err(self.unexpected(expected)),
            Some(length) => Ok(length),
            None => Err(self.cut()),
        }
    }

    /// Passes one of these bytes.
    fn expect(&mut self, bytes: &[u8], expected: &str) -> Result<u8, Stop> {
        match self.next()? {
            Some(byte) if bytes.contains(&byte) => {
                self.window.advance(1, 0);
                Ok(byte)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    fn refuse_closing(&mut self, closing: u8) -> Result<(), Stop> {
        if self.next()? != Some(closing) {
            return Ok(());
        }
        let message = "a comma with nothing behind it";
        Err(self.fail(1, Finding::new(Code::MalformedJson, message, "JSON allows no trailing comma")))
    }

    fn unexpected(&mut self, expected: &str) -> Stop {
        match self.window.rest().first() {
            None => self.cut(),
            Some(_) => self.fail(1, finding::expected(expected)),
        }
    }

    /// The file ends within what starts here.
    fn cut(&mut self) -> Stop {
        let length = self.window.rest().len();
        self.fail(length, finding::truncated("the file ends before its JSON does", "not finished"))
    }

    fn fail(&mut self, length: usize, finding: Finding) -> Stop {
        let place = DataPlace { relation: self.relation.clone(), field: None, path: self.relation.clone() };
        self.intake.fail(self.window, 0..length, finding, place)
    }
}
