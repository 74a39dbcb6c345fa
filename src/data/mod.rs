//! Facts in memory: small values, rows of them per relation, indexes, and where each row came from.
//! `facts` fills a [`Database`], `engine` adds what the rules derive, everything above only reads it.

mod buckets;
mod database;
mod index;
mod numbered;
mod serial;
mod sort;
mod symbols;
mod table;
mod value;

pub use buckets::Column;
pub use database::{Database, FactOrigin, FileId};
pub use index::{Index, Layout};
pub use numbered::Numbered;
pub use serial::SerialPrefix;
pub use sort::sort_rows;
pub use symbols::{Guests, SeriesId, Symbols, Tag};
pub use table::Table;
pub use value::Value;
