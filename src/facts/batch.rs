//! Cut records to rows of values, many at a time. First, column by column, the things whose ids are serial and known: a
//! look-up in an array each, none of which waits for another. Then, record by record, all that is left, so that new
//! symbols get their numbers in the order of the file.

use crate::compiler::program::Type;
use crate::data::{SeriesId, Symbols, Value};
use crate::facts::cuts::{NO_NUMBER, Run};
use crate::facts::row::Row;
use crate::facts::words::Words;

/// So many records become rows at once, which fit into the first cache, and so many bytes of them at most.
pub(super) const RECORDS_AT_ONCE: usize = 512;
pub(super) const BYTES_AT_ONCE: usize = 64 << 10;

/// Rows in the making; its buffers serve all records of a file.
#[derive(Default)]
pub(super) struct Batch {
    /// Row by row; [`Value::NONE`] where a value is still to be found.
    values: Vec<Value>,
    /// By column: the series of its ids.
    series: Vec<Option<SeriesId>>,
    /// Holds a text in which quotes were halved.
    unquoted: String,
}

impl Batch {
    /// The rows of the records that the bytes begin with, up to one that needs a closer look. `places` has the field of
    /// each column.
    pub fn read(
        &mut self,
        (words, symbols): (&Words, &mut Symbols),
        row: &mut Row,
        places: &[usize],
        (bytes, run): (&[u8], &Run),
    ) -> &[Value] {
        self.values.clear();
        self.values.resize(run.numbers.len(), Value::NONE);
        self.series.clear();
        let mut all_known = true;
        for (column, place) in places.iter().enumerate() {
            let series = run.prefix(column).and_then(|prefix| row.series(words, symbols, *place, prefix));
            self.series.push(series);
            let known = series.map_or(&[][..], |series| symbols.by_number(series));
            let numbers = run.numbers.iter().skip(column).step_by(places.len());
            let values = self.values.iter_mut().skip(*place).step_by(places.len());
            for (number, value) in numbers.zip(values) {
                *value = known.get(*number as usize).copied().unwrap_or(Value::NONE);
                all_known &= *value != Value::NONE;
            }
        }
        let sound = if all_known { self.values.len() } else { self.rest((words, symbols), row, places, bytes, run) };
        &self.values[..sound]
    }

    /// Finds what is left; how many values there are before the first record that needs a closer look.
    fn rest(
        &mut self,
        (words, symbols): (&Words, &mut Symbols),
        row: &mut Row,
        places: &[usize],
        bytes: &[u8],
        run: &Run,
    ) -> usize {
        let length = run.records().map(|record| record.length).sum();
        let text = valid_text(&bytes[..length]);
        let (mut at, mut sound) = (0, 0);
        for record in run.records() {
            let Some(content) = text.get(at..at + record.content) else { return sound };
            for (column, place) in places.iter().enumerate() {
                let value = &mut self.values[sound + place];
                if *value != Value::NONE {
                    continue;
                }
                let text = run.fields[sound + column].text(content, &mut self.unquoted);
                let found = match (run.numbers[sound + column], self.series[column]) {
                    (number, Some(series)) if number != NO_NUMBER && row.ty(*place) != Type::Resource => {
                        Ok(symbols.intern_serial(series, number, text))
                    }
                    _ => row.put_text(words, symbols, *place, text),
                };
                match found {
                    Ok(found) => *value = found,
                    Err(_) => return sound,
                }
            }
            at += record.length;
            sound += places.len();
        }
        sound
    }
}

/// The text that the bytes begin with.
fn valid_text(bytes: &[u8]) -> &str {
    let valid = |bytes| str::from_utf8(bytes);
    valid(bytes).or_else(|error| valid(&bytes[..error.valid_up_to()])).unwrap_or_default()
}
