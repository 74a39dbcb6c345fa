//! The rows of a file as they come, in pieces: each goes to the interpreter, as one of its table.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::bitrix24::catalog::Source;
use crate::bitrix24::interpret::{Interpreter, Plan};
use crate::bitrix24::read::{Piece, Place};
use crate::bitrix24::reason::Reason;
use crate::bitrix24::turn::Task;

/// Takes the rows of a file.
pub(super) struct Rows<'r, 'i> {
    file: &'r str,
    /// Whether facts are told, so that the report tells what was read.
    telling: bool,
    interpreter: &'r mut Interpreter<'i>,
    /// The numbers of the tables in the report.
    reads: BTreeMap<String, usize>,
    /// The table that rows are of.
    table: Option<Table>,
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
    pub fn new(file: &'r str, telling: bool, interpreter: &'r mut Interpreter<'i>) -> Rows<'r, 'i> {
        Rows { file, telling, interpreter, reads: BTreeMap::new(), table: None }
    }

    /// The rows that come now are of this table.
    pub fn begin(&mut self, name: &str, source: &'static Source, object: &str, task: Task) {
        let read = if self.telling { self.read(name) } else { 0 };
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
            Piece::Passed { table, lines } if self.telling => {
                let read = self.read("");
                for line in lines {
                    let place = Place { line, record: None };
                    self.interpreter.report.skip(Reason::OtherTable, read, Some(place), || table.clone());
                }
            }
            Piece::Passed { .. } => {}
        }
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
