//! Where records stand in a JSON file that was loaded: of each only its place in its array is kept, so the file is gone
//! through once more.

use crate::facts::json_scan::{next_byte, value_length};
use crate::facts::window::{Stop, Window};

/// Goes over a file of relations: calls with each record, which is the first so many bytes of the window, its relation and
/// its place in the array. Ends early where the file is no longer what was loaded.
pub(super) fn records(window: &mut Window, mut visit: impl FnMut(&mut Window, usize, &str, u32)) -> Result<(), Stop> {
    window.skip_byte_order_mark()?;
    let mut relation = String::new();
    let mut depth = 0;
    let mut record = 0;
    while let Some(byte) = next_byte(window)? {
        match byte {
            b'{' if depth == 0 => depth = 1,
            b'[' if depth == 1 => (depth, record) = (2, 0),
            b']' if depth == 2 => depth = 1,
            b',' | b':' if depth > 0 => {}
            b'}' if depth == 1 => return Ok(()),
            _ if depth == 0 => return Ok(()),
            _ => {
                let Some(length) = value_length(window)?.filter(|length| *length > 0) else { return Ok(()) };
                match depth {
                    1 => relation = serde_json::from_slice(&window.rest()[..length]).unwrap_or_default(),
                    _ => visit(window, length, &relation, record),
                }
                record += 1;
                window.pass(length);
                continue;
            }
        }
        window.advance(1, 0);
    }
    Ok(())
}
