//! What loading is compared with: the `csv` crate field by field, and `serde_json` into typed rows.

use std::fs::{self, File};
use std::hint::black_box;
use std::path::{Path, PathBuf};

use csv::{ReaderBuilder, StringRecord};
use serde_json::{Map, Value};

use crate::measure::Outcome;
use crate::rows::Portal;

/// The CSV files of a folder, by name.
pub fn csv_files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "csv") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads every field of CSV files as text; how many rows there were.
pub fn read_csv(files: &[PathBuf]) -> Outcome<usize> {
    let (mut rows, mut bytes) = (0, 0);
    let mut record = StringRecord::new();
    for file in files {
        let mut reader = ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(File::open(file)?);
        black_box(reader.headers()?);
        while reader.read_record(&mut record)? {
            bytes += record.iter().map(|field| black_box(field).len()).sum::<usize>();
            rows += 1;
        }
    }
    black_box(bytes);
    Ok(rows)
}

/// Reads a JSON file into typed rows that borrow from its text; how many there were.
pub fn read_json(file: &Path) -> Outcome<usize> {
    let text = fs::read(file)?;
    let portal: Portal = serde_json::from_slice(&text)?;
    Ok(black_box(&portal).rows())
}

/// Writes CSV files as one JSON object, each row an object by field name.
pub fn write_json(files: &[PathBuf], output: &Path) -> Outcome<()> {
    let mut portal = Map::new();
    for file in files {
        let mut reader = csv::Reader::from_path(file)?;
        let names = reader.headers()?.clone();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record?;
            let fields = names.iter().zip(&record).map(|(name, field)| (name.to_owned(), Value::from(field)));
            rows.push(Value::Object(fields.collect()));
        }
        let relation = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        portal.insert(relation, Value::Array(rows));
    }
    serde_json::to_writer(std::io::BufWriter::new(File::create(output)?), &Value::Object(portal))?;
    Ok(())
}
