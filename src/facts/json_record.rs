//! A record of JSON with its place in the file: read into the database, or its mistakes told.

use std::ops::Range;

use crate::compiler::diagnostic::DataPlace;
use crate::compiler::program::RelationId;
use crate::compiler::suggest::nearest;
use crate::facts::alike::{Separator, Shape};
use crate::facts::batch::{BYTES_AT_ONCE, Batch, RECORDS_AT_ONCE};
use crate::facts::cuts::Cuts;
use crate::facts::finding::{self, Finding};
use crate::facts::intake::Intake;
use crate::facts::json_row::{Mistake, RecordReader, Spot};
use crate::facts::json_scan::members;
use crate::facts::row::Row;
use crate::facts::window::{Stop, Window};
use crate::facts::words::Words;

/// Reads the records of one relation.
pub(super) struct Records {
    pub row: Row,
    relation: String,
    mistakes: Vec<(Spot, Mistake)>,
    id: String,
    /// How the record is written that was read last, if others may be written so.
    shape: Option<Shape>,
    /// How many more shapes are looked for before one is met again.
    shapes_left: u32,
    cuts: Cuts,
    batch: Batch,
}

/// So many shapes are tried that no other record has.
const SHAPES: u32 = 8;

/// Whether a record was JSON, so that its end can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Read,
    Malformed,
}

impl Records {
    pub fn new(intake: &mut Intake, relation: RelationId) -> Records {
        let row = Row::new(intake.words, &mut intake.database.symbols, relation);
        let name = intake.words.program.relation(relation).name.clone();
        let (mistakes, id, shape, cuts, batch) = (Vec::new(), String::new(), None, Cuts::default(), Batch::default());
        Records { row, relation: name, mistakes, id, shape, shapes_left: SHAPES, cuts, batch }
    }

    /// The name of the relation.
    pub fn relation(&self) -> &str {
        &self.relation
    }

    /// Reads the records that lie in the window and are written as the last one; how many. The number of the first is
    /// `first`.
    pub fn read_alike(&mut self, window: &mut Window, intake: &mut Intake, separator: Separator, first: u32) -> u32 {
        let Some(shape) = &self.shape else { return 0 };
        let rest = window.rest();
        let rest = &rest[..rest.len().min(BYTES_AT_ONCE)];
        self.cuts.clear();
        shape.cut(rest, separator, RECORDS_AT_ONCE, &mut self.cuts);
        let run = self.cuts.run(rest.len(), shape.places.len(), RECORDS_AT_ONCE);
        let (words, symbols) = (intake.words, &mut intake.database.symbols);
        let rows = self.batch.read((words, symbols), &mut self.row, &shape.places, (rest, &run));
        let rows = intake.legal_rows(self.row.relation, shape.places.len(), rows);
        let count = rows.len() / shape.places.len();
        intake.add_all(self.row.relation, rows, (0..count).map(|place| first.saturating_add(place as u32)));
        window.pass(run.records().take(count).map(|record| record.length).sum());
        if count > 0 {
            self.shapes_left = SHAPES;
        }
        count as u32
    }

    /// Looks at how a sound record is written, unless it is written as the last one.
    fn learn_shape(&mut self, words: &Words, text: &str) {
        let is_known = self.shape.as_ref().is_some_and(|shape| shape.begins(text));
        if !is_known && self.shapes_left > 0 {
            self.shapes_left -= 1;
            self.shape = Shape::of(text, &self.row.declared(words).fields);
        }
    }

    /// Reads the record that lies in the window; `path` is its own, "" for a line of JSONL.
    pub fn read(
        &mut self,
        window: &mut Window,
        intake: &mut Intake,
        length: usize,
        record: u32,
        path: impl Fn() -> String,
    ) -> Result<Outcome, Stop> {
        intake.records += 1;
        let Ok(text) = std::str::from_utf8(&window.rest()[..length]) else {
            self.tell_bad_utf8(window, intake, length, path())?;
            return Ok(Outcome::Read);
        };
        let mut reader = RecordReader {
            words: intake.words,
            symbols: &mut intake.database.symbols,
            row: &mut self.row,
            mistakes: &mut self.mistakes,
            id: &mut self.id,
        };
        if let Err(error) = reader.read(text) {
            self.tell_malformed(window, intake, length, path(), &error)?;
            return Ok(Outcome::Malformed);
        }
        if !self.mistakes.is_empty() {
            let text = text.to_owned();
            self.tell_mistakes(window, intake, &text, &path())?;
        } else if intake.words.levels.watches(self.row.relation) && self.has_illegal_level(intake) {
            let text = text.to_owned();
            self.tell_illegal_level(window, intake, &text, &path())?;
        } else {
            intake.add(&self.row, record);
            self.learn_shape(intake.words, text);
        }
        Ok(Outcome::Read)
    }

    fn place(&self, path: String, field: Option<String>) -> DataPlace {
        DataPlace { relation: Some(self.relation.clone()), field, path: (!path.is_empty()).then_some(path) }
    }

    fn tell_bad_utf8(&self, window: &mut Window, intake: &mut Intake, length: usize, path: String) -> Result<(), Stop> {
        let start = valid_bytes(&window.rest()[..length]);
        intake.report(window, start..start + 1, finding::bad_utf8(), self.place(path, None))
    }

    fn tell_malformed(
        &self,
        window: &mut Window,
        intake: &mut Intake,
        length: usize,
        path: String,
        error: &serde_json::Error,
    ) -> Result<(), Stop> {
        let at = error_offset(&window.rest()[..length], error);
        let finding = finding::malformed_json(error);
        intake.report(window, at..(at + 1).min(length), finding, self.place(path, None))
    }

    fn has_illegal_level(&self, intake: &Intake) -> bool {
        intake.illegal_level(self.row.relation, &self.row.values).is_some()
    }

    fn tell_illegal_level(&self, window: &mut Window, intake: &mut Intake, text: &str, path: &str) -> Result<(), Stop> {
        let Some(illegal) = intake.illegal_level(self.row.relation, &self.row.values) else { return Ok(()) };
        let field = &self.row.declared(intake.words).fields[illegal.place].name;
        let member = members(text, 0..text.len()).into_iter().enumerate().find(|(at, member)| match &member.key {
            Some(key) => decoded(&text[key.clone()]) == *field,
            None => *at == illegal.place,
        });
        let (mark, step) = match member {
            Some((at, member)) => (member.value.clone(), step(text, at, member.key)),
            None => (0..text.len(), String::new()),
        };
        let finding = finding::illegal_level(illegal, field);
        intake.report(window, mark, finding, self.place(format!("{path}{step}"), None))
    }

    fn tell_mistakes(&mut self, window: &mut Window, intake: &mut Intake, text: &str, path: &str) -> Result<(), Stop> {
        let mut explained = Vec::new();
        for (spot, mistake) in std::mem::take(&mut self.mistakes) {
            let (mark, steps) = locate(text, spot);
            let Some(finding) = self.finding(intake, &mistake, &text[mark.clone()], &mut explained) else { continue };
            let place = self.place(join(path, &steps), None);
            intake.report(window, mark, finding, place)?;
        }
        Ok(())
    }

    /// What to tell; `None` where another mistake of the record explains this one.
    fn finding(
        &self,
        intake: &Intake,
        mistake: &Mistake,
        marked: &str,
        explained: &mut Vec<String>,
    ) -> Option<Finding> {
        let (words, relation) = (intake.words, self.relation.as_str());
        let declared = self.row.declared(words);
        let fields: Vec<&str> = declared.fields.iter().map(|field| field.name.as_str()).collect();
        let missing: Vec<&str> =
            fields.iter().zip(&self.row.given).filter(|(_, given)| !**given).map(|(name, _)| *name).collect();
        Some(match mistake {
            Mistake::Unfit(place, text, unfit) => {
                finding::unfit(words, relation, fields[*place], self.row.ty(*place), text, unfit)
            }
            Mistake::Null(place) => finding::null(relation, fields[*place]),
            Mistake::Number(place)
                if marked.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') && marked != "-0" =>
            {
                finding::integer_beyond_64_bits(relation, fields[*place], marked)
            }
            Mistake::Number(place) => finding::wrong_kind(
                words,
                relation,
                fields[*place],
                self.row.ty(*place),
                &format!("the number {marked}"),
            ),
            Mistake::Kind(place, found) => {
                finding::wrong_kind(words, relation, fields[*place], self.row.ty(*place), found)
            }
            Mistake::UnknownField(name) => {
                explained.extend(nearest(name, missing.iter().copied()).first().map(|name| (*name).to_owned()));
                finding::unknown_field(relation, name, &missing, &fields)
            }
            Mistake::DuplicateKey(name) => finding::duplicate_key(name),
            Mistake::MissingFields => {
                let missing: Vec<&str> =
                    missing.into_iter().filter(|name| !explained.iter().any(|other| other == name)).collect();
                if missing.is_empty() {
                    return None;
                }
                finding::missing_fields(relation, &missing, &fields)
            }
            Mistake::Length(found) => finding::wrong_length(relation, *found, &fields),
            Mistake::NotARecord(found) => finding::not_a_record(relation, found, &fields),
            Mistake::UnknownThingKey(place, name) => finding::unknown_thing_key(fields[*place], name),
            Mistake::MissingThingKey(place, name) => finding::missing_thing_key(fields[*place], name),
            Mistake::ThingKind(place, part, found) => finding::thing_kind(fields[*place], part.name(), found),
        })
    }
}

/// Where a spot lies in the record, and the JSON path to it from there.
fn locate(text: &str, spot: Spot) -> (Range<usize>, String) {
    let whole = 0..text.len();
    let (outer, inner, is_key) = match spot {
        Spot::Record => return (whole, String::new()),
        Spot::Key(outer) => (outer, None, true),
        Spot::Value(outer) => (outer, None, false),
        Spot::InnerKey(outer, inner) => (outer, Some(inner), true),
        Spot::InnerValue(outer, inner) => (outer, Some(inner), false),
    };
    let mut within = whole.clone();
    let mut mark = whole.clone();
    let mut path = String::new();
    for at in std::iter::once(outer).chain(inner) {
        let Some(member) = members(text, within).into_iter().nth(at) else { return (mark, path) };
        path.push_str(&step(text, at, member.key.clone()));
        mark = member.key.filter(|_| is_key).unwrap_or(member.value.clone());
        within = member.value;
    }
    (mark, path)
}

fn step(text: &str, at: usize, key: Option<Range<usize>>) -> String {
    match key {
        Some(key) => format!(".{}", decoded(&text[key])),
        None => format!("[{at}]"),
    }
}

fn decoded(key: &str) -> String {
    serde_json::from_str(key).unwrap_or_default()
}

/// The path of a line of JSONL starts with the field itself.
fn join(path: &str, steps: &str) -> String {
    if path.is_empty() { steps.trim_start_matches('.').to_owned() } else { format!("{path}{steps}") }
}

/// The offset of the first byte that is not UTF-8.
pub(crate) fn valid_bytes(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len)
}

/// The offset in a text of the byte that serde_json stumbled over.
pub(crate) fn error_offset(text: &[u8], error: &serde_json::Error) -> usize {
    let lines_before = error.line().saturating_sub(1);
    let line_start: usize = text.split_inclusive(|byte| *byte == b'\n').take(lines_before).map(<[u8]>::len).sum();
    (line_start + error.column().saturating_sub(1)).min(text.len().saturating_sub(1))
}
