//! Files of an export to records, with the values of the columns that the catalog asks for: `rest` reads responses, and hands
//! their records over one by one; `table` reads CSV and TSV, `sql` dumps, mostly on a thread of their own (`aside`), and
//! hand rows over in `pieces`.

mod aside;
mod cell;
mod json;
mod pieces;
mod rest;
mod sql;
mod statement;
mod table;
mod tuples;
mod unquoted;
mod values;

pub(super) use aside::{Give, aside};
pub(super) use cell::{Place, Record};
pub(super) use pieces::Piece;
pub(super) use rest::Totals;

use std::io::ErrorKind;
use std::ops::Range;

use crate::bitrix24::catalog::Source;
use crate::bitrix24::interpret::lesson_columns;
use crate::bitrix24::turn::Task;
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{LineColumn, Sources};
use crate::facts::finding::{self, Finding};
use crate::facts::json_record::valid_bytes;
use crate::facts::window::{Stop, Window};

pub(super) use rest::read as read_responses;
pub(super) use sql::read as read_dump;
pub(super) use table::read as read_table;

/// Whoever takes records.
pub(super) type Take<'t> = dyn FnMut(&Record) + 't;

/// A file that is being read.
pub(super) struct Reading<'r, 's> {
    pub window: Window<'r>,
    pub name: &'s str,
    pub sources: &'s mut Sources,
    /// Whether the bytes were decoded, so that they are UTF-8 now.
    pub decoded: bool,
}

impl Reading<'_, '_> {
    /// Goes behind a byte order mark, and refuses UTF-16.
    pub fn begin(&mut self) -> Result<(), Box<Diagnostic>> {
        let utf16 = self.window.looks_like_utf16();
        if self.take(utf16)? {
            return Err(self.fail(0..2, finding::utf16()));
        }
        let skipped = self.window.skip_byte_order_mark();
        self.take(skipped)
    }

    /// What a step of the window gave, or what is to be told of its failure.
    pub fn take<T>(&mut self, step: Result<T, Stop>) -> Result<T, Box<Diagnostic>> {
        step.map_err(|stop| match stop {
            Stop::TooLong | Stop::Reported => self.fail(0..1, finding::too_long()),
            Stop::Unreadable(error) => Box::new(match error.kind() {
                ErrorKind::UnexpectedEof => finding::truncated_file(self.name, &error),
                ErrorKind::InvalidData => {
                    Diagnostic::error(Code::BadUtf8, format!("can't read `{}`: {error}", self.name))
                }
                _ => finding::unreadable(self.name, &error),
            }),
        })
    }

    /// A mistake behind which the file can't be read on, marked from the start of the record.
    pub fn fail(&mut self, mark: Range<usize>, finding: Finding) -> Box<Diagnostic> {
        let excerpt = self.window.excerpt(mark);
        let first = LineColumn { line: excerpt.first_line, column: excerpt.first_column };
        let source = self.sources.add_excerpt(self.name, excerpt.text, first, excerpt.first_byte);
        let span = self.sources.span(source, excerpt.mark.start, excerpt.mark.end);
        Box::new(finding.diagnostic.at(span, finding.label))
    }

    /// The text of the first bytes of what is read, or that it is none.
    pub fn text(&mut self, length: usize) -> Result<&str, Box<Diagnostic>> {
        if valid_bytes(&self.window.rest()[..length]) < length {
            return Err(self.no_text(length));
        }
        Ok(std::str::from_utf8(&self.window.rest()[..length]).unwrap_or_default())
    }

    /// First bytes that are no text.
    pub fn no_text(&mut self, length: usize) -> Box<Diagnostic> {
        let at = valid_bytes(&self.window.rest()[..length]);
        self.bad_utf8(at)
    }

    fn bad_utf8(&mut self, at: usize) -> Box<Diagnostic> {
        let finding = finding::bad_utf8();
        let finding = match self.decoded {
            true => finding,
            false => finding.help("name the encoding of the export, as in `--encoding windows-1251`"),
        };
        self.fail(at..at + 1, finding)
    }
}

/// The text that the bytes begin with.
fn valid_text(bytes: &[u8]) -> &str {
    std::str::from_utf8(&bytes[..valid_bytes(bytes)]).unwrap_or_default()
}

/// The columns of a table, by the place of each column among those of its source.
#[derive(Debug)]
pub(super) struct Header {
    /// For each column of the source, the column of the table.
    pub columns: Vec<Option<usize>>,
    /// How many columns the table has.
    pub width: usize,
}

impl Header {
    /// Finds the columns of a source by the names of a table; or the columns that are missing.
    pub fn of(source: &Source, names: &[&str]) -> Result<Header, Vec<&'static str>> {
        let place = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        let columns: Vec<Option<usize>> = source.columns.iter().map(|column| place(column.name)).collect();
        let absent = source.columns.iter().zip(&columns).filter(|(column, place)| column.required && place.is_none());
        let missing: Vec<&'static str> = absent.map(|(column, _)| column.name).collect();
        match missing.is_empty() {
            true => Ok(Header { columns, width: names.len() }),
            false => Err(missing),
        }
    }

    /// With the columns alone that a task needs; the others are as if they were missing.
    pub fn for_task(mut self, source: &Source, task: Task) -> Header {
        if task == Task::Learn {
            let needed = lesson_columns(source);
            for (column, place) in source.columns.iter().zip(&mut self.columns) {
                *place = place.filter(|_| needed.contains(&column.name));
            }
        }
        self
    }
}
