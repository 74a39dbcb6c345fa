//! Cut records to rows of values, many at a time. First, column by column, the things whose ids are serial and known: a
//! look-up in an array each, none of which waits for another. Then, record by record, all that is left, so that new
//! symbols get their numbers in the order of the file.

use crate::data::{Symbols, Value};
use crate::facts::cuts::Run;
use crate::facts::row::Row;
use crate::facts::words::Words;

/// Rows in the making; its buffers serve all records of a file.
#[derive(Default)]
pub(super) struct Batch {
    /// Row by row; [`Value::NONE`] where a value is still to be found.
    values: Vec<Value>,
    /// Holds a text in which quotes were halved.
    unquoted: String,
}

impl Batch {
    /// The rows of the records that the bytes begin with, up to one that needs a closer look. `places` has the field of
    /// each column.
    pub fn read(
        &mut self,
        words: &Words,
        symbols: &mut Symbols,
        row: &mut Row,
        places: &[usize],
        (bytes, run): (&[u8], &Run),
    ) -> &[Value] {
        self.values.clear();
        self.values.resize(run.numbers.len(), Value::NONE);
        let mut all_known = true;
        for (column, place) in places.iter().enumerate() {
            let known = run.prefix(column).map_or(&[][..], |prefix| row.serials(words, symbols, *place, prefix));
            all_known &= look_up(known, run.numbers.iter().skip(column), self.values.iter_mut().skip(*place), row.arity());
        }
        let sound = if all_known { self.values.len() } else { self.rest(words, symbols, row, places, bytes, run) };
        &self.values[..sound]
    }

    /// Finds what is left; how many values there are before the first record that needs a closer look.
    fn rest(
        &mut self,
        words: &Words,
        symbols: &mut Symbols,
        row: &mut Row,
        places: &[usize],
        bytes: &[u8],
        run: &Run,
    ) -> usize {
        let (mut at, mut sound) = (0, 0);
        let rows = self.values.chunks_exact_mut(places.len()).zip(run.fields.chunks_exact(places.len()));
        for ((values, fields), record) in rows.zip(run.records()) {
            for (place, field) in places.iter().zip(fields) {
                if values[*place] == Value::NONE {
                    let text = field.text(&bytes[at..], &mut self.unquoted);
                    match text.map(|text| row.put_text(words, symbols, *place, text)) {
                        Some(Ok(value)) => values[*place] = value,
                        Some(Err(_)) | None => return sound,
                    }
                }
            }
            at += record.length;
            sound += places.len();
        }
        sound
    }
}

/// Puts every `arity`-th number's symbol into every `arity`-th value; whether all are known.
fn look_up<'v>(
    known: &[Value],
    numbers: impl Iterator<Item = &'v u32>,
    values: impl Iterator<Item = &'v mut Value>,
    arity: usize,
) -> bool {
    if known.is_empty() {
        return false;
    }
    let mut all_known = true;
    for (number, value) in numbers.step_by(arity).zip(values.step_by(arity)) {
        *value = known.get(*number as usize).copied().unwrap_or(Value::NONE);
        all_known &= *value != Value::NONE;
    }
    all_known
}
