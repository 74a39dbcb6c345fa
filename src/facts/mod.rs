//! JSON, JSONL, CSV and TSV to a database, with diagnostics that point into the data.
//! `window` streams, `json*`, `lines` and `delimited` read the formats, `row` turns texts into values, `finding`
//! words the mistakes, `folder` and `manifest` know which files belong together. Nothing here opens a file.

pub(crate) mod ahead;
mod alike;
mod batch;
pub(crate) mod block;
mod compression;
pub(crate) mod cut;
mod cuts;
mod delimited;
pub(crate) mod finding;
mod folder;
mod format;
mod intake;
mod json;
mod json_places;
pub(crate) mod json_record;
mod json_row;
pub(crate) mod json_scan;
mod json_thing;
mod json_words;
mod levels;
mod lines;
mod loader;
mod manifest;
mod meter;
mod records;
mod references;
mod row;
pub(crate) mod specials;
pub(crate) mod window;
mod words;

pub use compression::Compression;
pub use delimited::Delimiter;
pub use folder::{Files, Kind, load};
pub use json_words::json_words;
pub use levels::{Levels, check_levels};
pub use loader::Loader;
pub use records::csv_records;
pub use references::{Reopen, undeclared_references};
