//! `*.jsonl`: a record of JSON on each line; lines of nothing but space are passed over.

use crate::compiler::diagnostic::DataPlace;
use crate::compiler::program::RelationId;
use crate::facts::alike::Separator;
use crate::facts::finding;
use crate::facts::intake::Intake;
use crate::facts::json_record::{Outcome, Records};
use crate::facts::json_scan::is_space;
use crate::facts::window::{Stop, Window};

/// Reads a JSONL file to its end. A line that is not JSON does not keep the next one from being read.
pub(super) fn read(window: &mut Window, intake: &mut Intake, relation: RelationId) -> Result<(), Stop> {
    if window.looks_like_utf16()? {
        return Err(intake.fail(window, 0..2, finding::utf16(), DataPlace::default()));
    }
    window.skip_byte_order_mark()?;
    let mut records = Records::new(intake, relation);
    loop {
        let line = window.line();
        if records.read_alike(window, intake, Separator::LineEnd, line) > 0 {
            continue;
        }
        let Some(length) = line_length(window)? else { return Ok(()) };
        read_line(window, intake, &mut records, length)?;
        let ended = window.rest().get(length) == Some(&b'\n');
        window.advance(length + usize::from(ended), u32::from(ended));
    }
}

fn read_line(window: &mut Window, intake: &mut Intake, records: &mut Records, length: usize) -> Result<(), Stop> {
    let line = &window.rest()[..length];
    let Some(begin) = line.iter().position(|byte| !is_space(*byte)) else { return Ok(()) };
    let end = line.iter().rposition(|byte| !is_space(*byte)).map_or(length, |last| last + 1);
    let last = window.rest().len() == length;
    window.advance(begin, 0);
    let number = window.line();
    let read = if last && is_cut(&window.rest()[..end - begin]) {
        let place = finding::of_relation(records.relation());
        let finding = finding::truncated("the file ends in the middle of a record", "not finished");
        intake.report(window, 0..end - begin, finding, place)
    } else {
        let outcome = records.read(window, intake, end - begin, number, String::new);
        match outcome {
            // Any other value that is cut is not JSON.
            Ok(Outcome::Read) if last && matches!(window.rest()[0], b'-' | b'0'..=b'9') && !intake.vouched => {
                intake.report(window, 0..end - begin, finding::no_line_end(), finding::of_relation(records.relation()))
            }
            outcome => outcome.map(|_| ()),
        }
    };
    window.retreat(begin);
    read
}

/// Whether a line without a line end is the beginning of a record.
fn is_cut(record: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(record).is_err_and(|error| error.is_eof())
}

/// The length of the line that starts here, without its end; `None` at the end of the file.
fn line_length(window: &mut Window) -> Result<Option<usize>, Stop> {
    let mut searched = 0;
    loop {
        let rest = window.rest();
        if let Some(at) = rest[searched..].iter().position(|byte| *byte == b'\n') {
            return Ok(Some(searched + at));
        }
        searched = rest.len();
        if !window.more()? {
            return Ok((searched > 0).then_some(searched));
        }
    }
}
