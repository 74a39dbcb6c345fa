//! The rows of a file as they come, in pieces: each goes to the interpreter, as one of its table.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::bitrix24::catalog::Source;
use crate::bitrix24::interpret::{Interpreter, Plan};
use crate::bitrix24::listing;
use crate::bitrix24::read::{Piece, Place};
use crate::bitrix24::reason::Reason;
use crate::bitrix24::turn::{Task, Turn};

/// Takes the rows of a file.
pub(super) struct Rows<'r, 'i> {
    file: &'r str,
    turn: Turn,
    interpreter: &'r mut Interpreter<'i>,
    /// The numbers of the tables in the report.
    reads: BTreeMap<String, usize>,
    /// The table that rows are of.
    table: Option<Table>,
    /// The line of the last statement that waits.
    pub last_waiting: Option<u32>,
}

struct Table {
    plan: Rc<Plan>,
    /// The number in its name.
    object: String,
    task: Task,
    /// Its number in the report.
    read: usize,
}

impl<'r, 'i> Rows<'r, 'i> {
    /// Of no table yet.
    pub fn new(file: &'r str, turn: Turn, interpreter: &'r mut Interpreter<'i>) -> Rows<'r, 'i> {
        Rows { file, turn, interpreter, reads: BTreeMap::new(), table: None, last_waiting: None }
    }

    /// The rows that come now are of this table.
    pub fn begin(&mut self, name: &str, source: &'static Source, object: &str, task: Task) {
        // The report tells what is read to tell.
        let read = if self.turn == Turn::Learn { 0 } else { self.read(name) };
        self.table = Some(Table { plan: self.interpreter.plan(source), object: object.to_owned(), task, read });
    }

    /// Takes a piece.
    pub fn take(&mut self, piece: Piece) {
        match piece {
            Piece::Table { name, source, task } => {
                self.begin(&name, source, source.matches(&name).unwrap_or_default(), task);
            }
            Piece::Rows(rows) => {
                let Some(Table { plan, object, task, read }) = &self.table else { return };
                rows.each(|record| {
                    if *task != Task::Tell {
                        self.interpreter.learn(plan, object, record);
                    }
                    if *task != Task::Learn {
                        self.interpreter.tell(plan, object, record, *read, &|_| true);
                    }
                });
            }
            Piece::Passed { table, lines } if self.delays(&table) => {
                // It keeps its place in the report.
                self.read(&table);
                self.last_waiting = lines.last().copied();
            }
            Piece::Passed { table, lines } if self.turn == Turn::Tell => {
                let read = self.read("");
                for line in lines {
                    let place = Place { line, record: None };
                    self.interpreter.report.skip(Reason::OtherTable, read, Some(place), || table.clone());
                }
            }
            Piece::Passed { .. } => {}
        }
    }

    fn delays(&self, table: &str) -> bool {
        listing::table(table).is_some_and(|(source, _)| self.turn.delays(source))
    }

    fn read(&mut self, table: &str) -> usize {
        if let Some(read) = self.reads.get(table) {
            return *read;
        }
        let read = self.interpreter.report.begin(self.file, table);
        self.reads.insert(table.to_owned(), read);
        read
    }
}
