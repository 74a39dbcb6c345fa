//! The formats of data files, as the ends of their names tell them: `works_in.csv`, `facts.json.gz`.

use crate::facts::compression::Compression;
use crate::facts::delimited::Delimiter;

/// The format of a data file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// An object of relations.
    Json,
    /// A record of JSON on each line.
    Lines,
    /// CSV or TSV.
    Delimited(Delimiter),
}

/// What the name of a data file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DataName<'n> {
    /// The name without its ends: the relation, but for JSON.
    pub stem: &'n str,
    pub format: Format,
    pub compression: Compression,
}

impl DataName<'_> {
    /// Reads the name of a file; `None` if it is not one of data.
    pub fn of(name: &str) -> Option<DataName<'_>> {
        let (name, compression) = Compression::of(name);
        let (stem, end) = name.rsplit_once('.')?;
        let format = match end {
            "json" => Format::Json,
            "jsonl" => Format::Lines,
            "csv" => Format::Delimited(Delimiter::Comma),
            "tsv" => Format::Delimited(Delimiter::Tab),
            _ => return None,
        };
        Some(DataName { stem, format, compression })
    }
}

impl Format {
    /// What separates the fields of a record, if anything does.
    pub fn delimiter(self) -> Option<Delimiter> {
        match self {
            Format::Delimited(delimiter) => Some(delimiter),
            Format::Json | Format::Lines => None,
        }
    }
}
