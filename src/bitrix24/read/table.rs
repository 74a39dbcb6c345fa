//! Tables as CSV or TSV, with a header. CSV is strict, as that of facts; in it `\N` and a bare `NULL` are nothing. TSV is
//! what `mysql --batch` prints: `\t`, `\n`, `\\` and `\0` stand for characters, `\N` and `NULL` for nothing.

use std::borrow::Cow;

use crate::bitrix24::catalog::Source;
use crate::bitrix24::read::cell::{Cell, Cells, Place, Record};
use crate::bitrix24::read::{Header, Reading, Take};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::facts::Delimiter;
use crate::facts::cut::{Cut, Field, Malformed, Record as Piece, cut};
use crate::facts::finding::{self, Finding, list};

type Outcome<T> = Result<T, Box<Diagnostic>>;

/// Reads a table to its end; how many rows it has.
pub(in crate::bitrix24) fn read(
    mut reading: Reading,
    delimiter: Delimiter,
    source: &'static Source,
    take: &mut Take,
) -> Outcome<u64> {
    reading.begin()?;
    let mut table = Table { reading, delimiter, fields: Vec::new(), ends: Vec::new() };
    let Some(header) = table.next()? else {
        return Err(table.reading.fail(0..0, finding::truncated("the file is empty", "expected the names of columns")));
    };
    let header = table.header(source, header)?;
    let mut rows = 0;
    while let Some(row) = table.next()? {
        if row.content > 0 || header.width == 1 {
            rows += 1;
            table.row(&header, row, take)?;
        }
        table.reading.window.advance(row.length, row.lines);
    }
    Ok(rows)
}

struct Table<'r, 's> {
    reading: Reading<'r, 's>,
    delimiter: Delimiter,
    /// The fields of a row of CSV.
    fields: Vec<Field>,
    /// Where the fields of a row of TSV end.
    ends: Vec<usize>,
}

impl Table<'_, '_> {
    fn header(&mut self, source: &'static Source, row: Piece) -> Outcome<Header> {
        let text = self.reading.text(row.content)?.to_owned();
        let names: Vec<String> = (0..self.width()).map(|column| self.field(&text, column).into_owned()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let is_twice = |column: usize| names[..column].iter().any(|name| name.eq_ignore_ascii_case(names[column]));
        if let Some(column) = (0..names.len()).find(|column| is_twice(*column)) {
            return Err(self.reading.fail(0..row.content, finding::duplicate_column(names[column])));
        }
        let header = Header::of(source, &names);
        let header = header.map_err(|missing| self.reading.fail(0..row.content, missing_columns(source, &missing)))?;
        self.reading.window.advance(row.length, row.lines);
        Ok(header)
    }

    fn row(&mut self, header: &Header, row: Piece, take: &mut Take) -> Outcome<()> {
        if self.width() != header.width {
            let finding = finding::ragged("the table", self.width(), header.width);
            return Err(self.reading.fail(0..row.content, finding));
        }
        if row.length == row.content {
            let finding = finding::truncated("no line end behind the last row", "was this row written to its end?");
            return Err(self.reading.fail(0..row.content, finding));
        }
        let place = Place { line: self.reading.window.line(), record: None };
        let Ok(text) = std::str::from_utf8(&self.reading.window.rest()[..row.content]) else {
            return Err(self.reading.no_text(row.content));
        };
        let cell = |column: &Option<usize>| column.map_or(Cell::Empty, |column| self.cell(text, column));
        let cells: Cells = header.columns.iter().map(cell).collect();
        take(&Record { cells: &cells, place });
        Ok(())
    }

    fn width(&self) -> usize {
        match self.delimiter {
            Delimiter::Comma => self.fields.len(),
            Delimiter::Tab => self.ends.len(),
        }
    }

    /// The text of a field as it stands in the row.
    fn field<'t>(&self, row: &'t str, column: usize) -> Cow<'t, str> {
        match self.delimiter {
            Delimiter::Comma => self.fields[column].decoded(row),
            Delimiter::Tab => {
                let start = column.checked_sub(1).map_or(0, |before| self.ends[before] + 1);
                Cow::Borrowed(row.get(start..self.ends[column]).unwrap_or_default())
            }
        }
    }

    fn cell<'t>(&self, row: &'t str, column: usize) -> Cell<'t> {
        let field = self.field(row, column);
        let quoted = self.delimiter == Delimiter::Comma && self.fields[column].is_quoted();
        if !quoted && matches!(&*field, "\\N" | "NULL") {
            return Cell::Empty;
        }
        match (self.delimiter, &field) {
            (Delimiter::Tab, Cow::Borrowed(text)) => Cell::from(unescaped(text)),
            _ => Cell::from(field),
        }
    }

    /// Cuts the next row; `None` at the end of the file.
    fn next(&mut self) -> Outcome<Option<Piece>> {
        loop {
            let (rest, finished) = (self.reading.window.rest(), self.reading.window.finished());
            self.fields.clear();
            self.ends.clear();
            let piece = match (rest, self.delimiter) {
                ([], _) if finished => return Ok(None),
                ([], _) => Cut::More,
                (rest, Delimiter::Comma) => cut(rest, Delimiter::Comma, finished, &mut self.fields),
                (rest, Delimiter::Tab) => cut_tabs(rest, finished, &mut self.ends),
            };
            match piece {
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

/// Cuts a line at its tabs. A carriage return may stand within: `mysql` does not escape it.
fn cut_tabs(bytes: &[u8], finished: bool, ends: &mut Vec<usize>) -> Cut {
    let line = bytes.iter().position(|byte| *byte == b'\n');
    let (end, length) = match line {
        Some(end) => (end, end + 1),
        None if finished => (bytes.len(), bytes.len()),
        None => return Cut::More,
    };
    let content = if end > 0 && bytes[end - 1] == b'\r' { end - 1 } else { end };
    ends.extend(bytes[..content].iter().enumerate().filter(|(_, byte)| **byte == b'\t').map(|(at, _)| at));
    ends.push(content);
    Cut::Record(Piece { content, length, lines: u32::from(line.is_some()) })
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
