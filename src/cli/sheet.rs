//! Rows of answers on their way out, as columns, JSON or CSV, while they are found.

use std::borrow::Cow;
use std::io::{self, IsTerminal};
use std::path::Path;

use crate::cli::arguments::TableFormat;
use crate::cli::output::Output;
use crate::cli::request::write_string;
use crate::cli::workspace::Failure;
use rolecall::report::escape::escape;

/// A column of text is made no wider than this, in characters, for values that are longer.
const WIDEST: usize = 40;

/// How rows look: each value under its name. A value that is not there is left out in JSON, and empty elsewhere.
pub struct Form {
    format: TableFormat,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    /// In characters, for text.
    width: usize,
    /// Whether text leaves it out.
    hidden: bool,
}

impl Form {
    /// No columns yet.
    pub fn new(format: TableFormat) -> Form {
        Form { format, columns: Vec::new() }
    }

    /// With one column more, which holds values of up to so many characters.
    pub fn column(mut self, name: &str, longest: usize) -> Form {
        let width = longest.min(WIDEST).max(name.chars().count());
        self.columns.push(Column { name: name.to_owned(), width, hidden: false });
        self
    }

    /// The same, but text leaves the column out where no value has a character.
    pub fn column_if_any(mut self, name: &str, longest: usize) -> Form {
        self = self.column(name, longest);
        if let Some(column) = self.columns.last_mut() {
            column.hidden = longest == 0;
        }
        self
    }

    /// Adds a row, with a value for each column.
    pub fn write(&self, text: &mut String, values: &[Option<&str>]) {
        match self.format {
            TableFormat::Text => self.write_text(text, values),
            TableFormat::Json => self.write_json(text, values),
            TableFormat::Csv => self.write_csv(text, values),
        }
    }

    fn write_text(&self, text: &mut String, values: &[Option<&str>]) {
        let mut blanks = 0;
        for (column, value) in self.columns.iter().zip(values).filter(|(column, _)| !column.hidden) {
            let value = escape(value.unwrap_or_default());
            if !value.is_empty() {
                text.extend(std::iter::repeat_n(' ', blanks));
                blanks = 0;
                text.push_str(&value);
            }
            blanks += column.width.saturating_sub(value.chars().count()) + 2;
        }
        text.push('\n');
    }

    /// Every row begins with what separates it from the one before.
    fn write_json(&self, text: &mut String, values: &[Option<&str>]) {
        text.push_str(SEPARATOR);
        let mut next = '{';
        for (column, value) in self.columns.iter().zip(values) {
            if let Some(value) = value {
                text.push(next);
                write_string(text, &column.name);
                text.push(':');
                write_string(text, value);
                next = ',';
            }
        }
        text.push_str(if next == '{' { "{}" } else { "}" });
    }

    fn write_csv(&self, text: &mut String, values: &[Option<&str>]) {
        for (place, value) in values.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            if let Some(value) = value {
                text.push_str(&csv_field(value));
            }
        }
        text.push('\n');
    }

    /// What stands above the rows.
    fn header(&self) -> String {
        let mut text = String::new();
        let names: Vec<Option<&str>> = self.columns.iter().map(|column| Some(column.name.as_str())).collect();
        match self.format {
            TableFormat::Text => self.write_text(&mut text, &names),
            TableFormat::Json => text.push('['),
            TableFormat::Csv => self.write_csv(&mut text, &names),
        }
        text
    }
}

/// What stands between two rows of JSON.
const SEPARATOR: &str = ",\n ";

/// Standard output, to which rows go in their order.
pub struct Sheet {
    output: Output,
    format: TableFormat,
    header: String,
    /// What every piece of rows begins with, and the first goes without.
    separator: &'static str,
    begun: bool,
    failure: Option<Failure>,
}

impl Sheet {
    /// Nothing written yet. Rows that are not `headed` stand in paragraphs, each after an empty line.
    pub fn open(form: &Form, headed: bool) -> Result<Sheet, Failure> {
        let header = if headed { form.header() } else { String::new() };
        let separator = match form.format {
            TableFormat::Json => SEPARATOR,
            TableFormat::Text if !headed => "\n",
            TableFormat::Text | TableFormat::Csv => "",
        };
        let output = Output::open(Path::new("-"), false)?;
        Ok(Sheet { output, format: form.format, header, separator, begun: false, failure: None })
    }

    /// Writes rows as [`Form::write`] makes them; whether to go on.
    pub fn put(&mut self, rows: &str) -> bool {
        if rows.is_empty() || self.failure.is_some() {
            return self.failure.is_none();
        }
        let first = if self.begun { "" } else { self.separator };
        let rows = rows.strip_prefix(first).unwrap_or(rows);
        let written = self.begin().and_then(|()| self.output.write(rows.as_bytes()));
        self.failure = written.err();
        self.failure.is_none()
    }

    fn begin(&mut self) -> Result<(), Failure> {
        match std::mem::replace(&mut self.begun, true) {
            true => Ok(()),
            false => self.output.write(self.header.as_bytes()),
        }
    }

    /// Ends the rows; whether there was one.
    pub fn finish(mut self) -> Result<bool, Failure> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let any = self.begun;
        match self.format {
            TableFormat::Text if !any => self.output.write(b"no answers\n")?,
            TableFormat::Text => {}
            TableFormat::Json => {
                self.begin()?;
                self.output.write(b"]\n")?;
            }
            TableFormat::Csv => self.begin()?,
        }
        self.output.finish().map(|()| any)
    }
}

/// A CSV field, in quotes where it needs them. What would drive a terminal is made visible there; files and programs get
/// the data as it is.
pub fn csv_field(value: &str) -> Cow<'_, str> {
    field_of(value, || io::stdout().is_terminal())
}

fn field_of(value: &str, is_for_terminal: impl FnOnce() -> bool) -> Cow<'_, str> {
    let value = match escape(value) {
        Cow::Owned(escaped) if is_for_terminal() => Cow::Owned(escaped),
        _ => Cow::Borrowed(value),
    };
    match needs_quotes(&value) {
        true => Cow::Owned(format!("\"{}\"", value.replace('"', "\"\""))),
        false => value,
    }
}

fn needs_quotes(value: &str) -> bool {
    value.is_empty() || value.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\n' | b'\r'))
}

#[cfg(test)]
mod tests {
    use super::field_of;

    #[test]
    fn csv_keeps_data_and_makes_it_harmless_on_a_terminal() {
        let value = "a\u{1b}[31m\u{202e},\nb";
        assert_eq!(field_of(value, || false), format!("\"{value}\""));
        assert_eq!(field_of(value, || true), "\"a\\u{1b}[31m\\u{202e},\\nb\"");
        assert_eq!(field_of("plain", || true), "plain");
    }
}
