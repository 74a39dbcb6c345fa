//! What a reader of tables hands over: some thousands of rows at a time, their texts one behind the other, so that no row
//! takes memory of its own.

use crate::bitrix24::catalog::Source;
use crate::bitrix24::read::aside::Give;
use crate::bitrix24::read::cell::{Place, Record, Values};
use crate::bitrix24::texts::Texts;
use crate::bitrix24::turn::Task;

/// Rows are handed over when their texts have so many bytes, or when there are so many of them.
const BYTES: usize = 128 << 10;
const ROWS: usize = 4_096;

/// A piece of what a file holds.
pub(in crate::bitrix24) enum Piece {
    /// From here on rows are of that table.
    Table {
        name: String,
        source: &'static Source,
        task: Task,
    },
    Rows(Rows),
    /// Rows of a table that nobody wants stand in these lines.
    Passed {
        table: String,
        lines: Vec<u32>,
    },
}

/// Rows of a table.
#[derive(Default)]
pub(in crate::bitrix24) struct Rows {
    /// Their values, one row behind the other.
    values: Texts,
    /// Of each row the line.
    lines: Vec<u32>,
    /// How many values the rows have in all.
    complete: usize,
}

impl Rows {
    /// Adds a value to the row that is being added.
    #[inline]
    pub fn push(&mut self, text: &str) {
        self.values.push(&[text]);
    }

    /// The row is complete.
    #[inline]
    pub fn end(&mut self, line: u32) {
        self.lines.push(line);
        self.complete = self.values.len();
    }

    /// Takes back the values of a row that is not complete.
    pub fn take_back(&mut self) {
        self.values.truncate(self.complete);
    }

    /// With room for as much.
    fn emptied(&self) -> Rows {
        Rows { values: Texts::like(&self.values), lines: Vec::with_capacity(self.lines.len()), complete: 0 }
    }

    /// The rows, one by one.
    pub fn each(&self, mut take: impl FnMut(&Record)) {
        let number = self.complete.checked_div(self.lines.len()).unwrap_or(0);
        for (row, line) in self.lines.iter().enumerate() {
            let values = Values::Texts { texts: &self.values, first: row * number, number };
            take(&Record { values, place: Place { line: *line, record: None } });
        }
    }
}

/// Collects pieces, and hands them over.
pub(super) struct Pieces<'p> {
    give: &'p mut Give<'p, Piece>,
    /// The table that rows are of.
    table: Option<(String, Task)>,
    rows: Rows,
    passed: Option<(String, Vec<u32>)>,
}

impl<'p> Pieces<'p> {
    pub fn new(give: &'p mut Give<'p, Piece>) -> Pieces<'p> {
        Pieces { give, table: None, rows: Rows::default(), passed: None }
    }

    /// The rows that come now are of this table.
    pub fn table(&mut self, name: &str, source: &'static Source, task: Task) {
        if self.table.as_ref().is_none_or(|(other, of)| other != name || *of != task) {
            self.hand_over();
            self.table = Some((name.to_owned(), task));
            (self.give)(Piece::Table { name: name.to_owned(), source, task });
        }
    }

    /// Where to add rows, of which there is room for one.
    #[inline]
    pub fn rows(&mut self) -> &mut Rows {
        if self.rows.values.bytes() >= BYTES || self.rows.lines.len() == ROWS || self.passed.is_some() {
            self.hand_over();
        }
        &mut self.rows
    }

    /// Rows of a table that nobody wants stand in that line.
    pub fn passed(&mut self, table: &str, line: u32) {
        if !self.rows.lines.is_empty()
            || self.passed.as_ref().is_some_and(|(other, lines)| other != table || lines.len() == ROWS)
        {
            self.hand_over();
        }
        self.passed.get_or_insert_with(|| (table.to_owned(), Vec::new())).1.push(line);
    }

    /// Hands over what there is.
    pub fn hand_over(&mut self) {
        if !self.rows.lines.is_empty() {
            let next = self.rows.emptied();
            (self.give)(Piece::Rows(std::mem::replace(&mut self.rows, next)));
        }
        if let Some((table, lines)) = self.passed.take() {
            (self.give)(Piece::Passed { table, lines });
        }
    }
}
