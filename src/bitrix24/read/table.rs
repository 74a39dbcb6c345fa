//! Tables as CSV or TSV, with a header. CSV is strict, as that of facts; in it `\N` and a bare `NULL` are nothing. TSV is
//! what `mysql --batch` prints: `\t`, `\n`, `\\` and `\0` stand for characters, `\N` and `NULL` for nothing.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use crate::bitrix24::catalog::Source;
use crate::bitrix24::read::aside::Give;
use crate::bitrix24::read::pieces::{Piece, Pieces, Rows};
use crate::bitrix24::read::{Header, Reading, valid_text};
use crate::bitrix24::turn::Task;
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::facts::Delimiter;
use crate::facts::cut::{Cut, Field, Malformed, Record, cut};
use crate::facts::finding::{self, Finding, list};
use crate::facts::specials::Specials;

type Outcome<T> = Result<T, Box<Diagnostic>>;

/// Rows in so many bytes are cut at once.
const AT_ONCE: usize = 32 << 10;

/// Reads a table to its end.
pub(in crate::bitrix24) fn read(
    mut reading: Reading,
    delimiter: Delimiter,
    (source, task): (&'static Source, Task),
    give: &mut Give<Piece>,
) -> Outcome<()> {
    reading.begin()?;
    let mut table = Table { reading, delimiter, fields: Vec::new(), pieces: Pieces::new(give) };
    let Some(header) = table.next()? else {
        return Err(table.reading.fail(0..0, finding::truncated("the file is empty", "expected the names of columns")));
    };
    let header = table.header(source, header)?.for_task(source, task);
    let read = table.rows(&header);
    table.pieces.hand_over();
    read
}

struct Table<'r, 's, 'p> {
    reading: Reading<'r, 's>,
    delimiter: Delimiter,
    /// The fields of a row.
    fields: Vec<Field>,
    pieces: Pieces<'p>,
}

impl Table<'_, '_, '_> {
    fn header(&mut self, source: &'static Source, row: Record) -> Outcome<Header> {
        let text = self.reading.text(row.content)?.to_owned();
        let names: Vec<Cow<str>> = self.fields.iter().map(|field| field.decoded(&text)).collect();
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        let is_twice = |column: usize| names[..column].iter().any(|name| name.eq_ignore_ascii_case(names[column]));
        if let Some(column) = (0..names.len()).find(|column| is_twice(*column)) {
            return Err(self.reading.fail(0..row.content, finding::duplicate_column(names[column])));
        }
        let header = Header::of(source, &names);
        let header = header.map_err(|missing| self.reading.fail(0..row.content, missing_columns(source, &missing)))?;
        self.reading.window.advance(row.length, row.lines);
        Ok(header)
    }

    fn rows(&mut self, header: &Header) -> Outcome<()> {
        loop {
            self.rows_in_memory(header);
            let Some(row) = self.next()? else { return Ok(()) };
            if row.content > 0 || header.width == 1 {
                self.row(header, row)?;
            }
            self.reading.window.advance(row.length, row.lines);
        }
    }

    /// Takes the rows that lie in memory, up to one that needs a closer look.
    fn rows_in_memory(&mut self, header: &Header) {
        let (rest, mut line) = (self.reading.window.rest(), self.reading.window.line());
        let text = valid_text(&rest[..rest.len().min(AT_ONCE)]);
        let (mut specials, mut at) = (Specials::new(text.as_bytes(), self.delimiter), 0);
        while at < text.len() {
            self.fields.clear();
            let Some(row) = specials.plain_record(at, &mut self.fields).or_else(|| {
                self.fields.clear();
                let row = cut_one(&text.as_bytes()[at..], self.delimiter, false, &mut self.fields);
                let Cut::Record(row) = row else { return None };
                specials.skip_to(at + row.length);
                Some(row)
            }) else {
                break;
            };
            if row.content > 0 || header.width == 1 {
                if self.fields.len() != header.width || !row.is_ended() {
                    break;
                }
                let content = text.get(at..at + row.content).unwrap_or_default();
                push(self.pieces.rows(), header, &self.fields, (content, self.delimiter), line);
            }
            at += row.length;
            line = line.saturating_add(row.lines);
        }
        let lines = line - self.reading.window.line();
        self.reading.window.advance(at, lines);
    }

    fn row(&mut self, header: &Header, row: Record) -> Outcome<()> {
        if self.fields.len() != header.width {
            let finding = finding::ragged("the table", self.fields.len(), header.width);
            return Err(self.reading.fail(0..row.content, finding));
        }
        if !row.is_ended() {
            let finding = finding::truncated("no line end behind the last row", "was this row written to its end?");
            return Err(self.reading.fail(0..row.content, finding));
        }
        let line = self.reading.window.line();
        let Ok(text) = std::str::from_utf8(&self.reading.window.rest()[..row.content]) else {
            return Err(self.reading.no_text(row.content));
        };
        push(self.pieces.rows(), header, &self.fields, (text, self.delimiter), line);
        Ok(())
    }

    /// Cuts the next row; `None` at the end of the file.
    fn next(&mut self) -> Outcome<Option<Record>> {
        loop {
            let (rest, finished) = (self.reading.window.rest(), self.reading.window.finished());
            self.fields.clear();
            let cut = match rest {
                [] if finished => return Ok(None),
                [] => Cut::More,
                rest => cut_one(rest, self.delimiter, finished, &mut self.fields),
            };
            match cut {
                Cut::Record(record) => return Ok(Some(record)),
                Cut::Malformed(malformed) => return Err(self.malformed(&malformed)),
                Cut::More => {
                    let more = self.reading.window.more();
                    self.reading.take(more)?;
                }
            }
        }
    }

    fn malformed(&mut self, malformed: &Malformed) -> Box<Diagnostic> {
        let (at, finding) = match malformed {
            Malformed::QuoteInside { at } => (*at, finding::quote_inside()),
            Malformed::AfterQuote { at, .. } => (*at, broken("text behind a closing quote")),
            Malformed::Open { opened } => (*opened, broken("a quote that is never closed")),
            Malformed::Nul { at } => (*at, finding::nul()),
            Malformed::LoneReturn { at } => (*at, finding::lone_return()),
        };
        self.reading.fail(at..at + 1, finding)
    }
}

/// Adds a row.
#[inline]
fn push(rows: &mut Rows, header: &Header, fields: &[Field], (text, delimiter): (&str, Delimiter), line: u32) {
    for column in &header.columns {
        match column.map(|column| fields[column]) {
            None => rows.push(""),
            Some(field) => match (field.decoded(text), delimiter) {
                (Cow::Borrowed("\\N" | "NULL"), _) if !field.is_quoted() => rows.push(""),
                (Cow::Borrowed(text), Delimiter::Tab) => rows.push(&unescaped(text)),
                (text, _) => rows.push(&text),
            },
        }
    }
    rows.end(line);
}

/// Cuts the first row.
fn cut_one(bytes: &[u8], delimiter: Delimiter, finished: bool, fields: &mut Vec<Field>) -> Cut {
    match delimiter {
        Delimiter::Comma => cut(bytes, delimiter, finished, fields),
        Delimiter::Tab => cut_tabs(bytes, finished, fields),
    }
}

/// Cuts a line at its tabs. A carriage return may stand within: `mysql` does not escape it.
fn cut_tabs(bytes: &[u8], finished: bool, fields: &mut Vec<Field>) -> Cut {
    let line = memchr(b'\n', bytes);
    let (end, length) = match line {
        Some(end) => (end, end + 1),
        None if finished => (bytes.len(), bytes.len()),
        None => return Cut::More,
    };
    let content = if end > 0 && bytes[end - 1] == b'\r' { end - 1 } else { end };
    let mut start = 0;
    for tab in memchr_iter(b'\t', &bytes[..content]) {
        fields.push(Field::plain(start..tab));
        start = tab + 1;
    }
    fields.push(Field::plain(start..content));
    Cut::Record(Record { content, length, lines: u32::from(line.is_some()) })
}

/// The text that `mysql --batch` means.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => plain.push('\n'),
                Some('t') => plain.push('\t'),
                Some('r') => plain.push('\r'),
                Some('0') => plain.push('\0'),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
            other => plain.push(other),
        }
    }
    Cow::Owned(plain)
}

fn broken(what: &str) -> Finding {
    Finding::new(Code::MalformedCsv, what, "not CSV").help("export the table as TSV, with `mysql --batch`")
}

/// A header without columns that are needed.
pub(super) fn missing_columns(source: &Source, missing: &[&str]) -> Finding {
    let what = if missing.len() == 1 { "the column" } else { "the columns" };
    let needed: Vec<&str> = source.columns.iter().map(|column| column.name).collect();
    Finding::new(
        Code::MissingField,
        format!("`{}` without {what} {}", source.name, list(missing)),
        format!("{} missing here", list(missing)),
    )
    .note(format!("of `{}` these are read: {}", source.name, list(&needed)))
    .help("export the table with all its columns")
}
