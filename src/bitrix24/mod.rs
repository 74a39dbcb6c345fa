//! Real exports of a Bitrix24 portal to facts: dumps of REST methods, tables, and SQL dumps.
//!
//! `catalog` has the words in which `methods` and `tables` say what a source holds, `alike` what both have in common, `codes`
//! what stored letters mean. `listing` tells files by their names, `read` makes records of them, with `texts` as values,
//! `learned` keeps what must be known first, `interpret` tells facts, and `import` goes over the files to learn, and to tell,
//! as `turn` says. `report` says what became of everything, `missing` what is not there. Nothing here opens a file.

mod alike;
mod anonymous;
mod catalog;
mod codes;
mod encoding;
mod holders;
mod import;
mod interpret;
mod learned;
mod listing;
mod methods;
mod missing;
mod phones;
mod read;
mod reason;
mod report;
mod rows;
mod tables;
mod texts;
mod turn;

use std::io;

pub use catalog::is_number;
pub use codes::assignment;
pub use encoding::Encoding;
pub use holders::Holders;
pub use import::{Imported, import};
pub use missing::Missing;
pub use phones::Country;
pub use reason::Reason;
pub use report::{Read, Report, Sample, Skipped};

/// How an export is to be understood.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day on which memberships of user groups are valid, as 2026-11-22.
    pub at: String,
    /// The country of national phone numbers.
    pub country: Option<Country>,
    /// What the files are written in; UTF-8 where it is not said.
    pub encoding: Option<Encoding>,
    /// Whether names, phone numbers and mail addresses are replaced.
    pub anonymise: bool,
    /// Up to two are used: one reads tables and cuts their rows, one makes facts of them.
    pub threads: usize,
}

/// Whoever takes the facts.
pub trait Sink {
    /// A fact: its relation, with a number that is always its own and small, and its values. One may come several times.
    fn fact(&mut self, number: usize, relation: &'static str, values: &[&str]) -> io::Result<()>;
}
