//! The difference of two texts in the unified format, made safe to print.

use similar::{ChangeTag, TextDiff};

use crate::report::escape::escape;

const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const CYAN: &str = "\x1b[36m";
const PLAIN: &str = "\x1b[0m";

/// What changes in the file of that name, from one text to the other; nothing where they are the same.
pub fn unified<'a>(name: &str, before: &'a str, after: &'a str, color: bool) -> String {
    let lines = |text: &'a str| text.split_inclusive('\n').collect::<Vec<_>>();
    let (before, after) = (lines(before), lines(after));
    let difference = TextDiff::from_slices(&before, &after);
    let mut text = String::new();
    let name = escape(name);
    let mut line = |line: &str, style: &str| match color && !style.is_empty() {
        true => text.push_str(&format!("{style}{line}{PLAIN}\n")),
        false => text.push_str(&format!("{line}\n")),
    };
    for (number, hunk) in difference.unified_diff().iter_hunks().enumerate() {
        if number == 0 {
            line(&format!("--- {name}"), RED);
            line(&format!("+++ {name}"), GREEN);
        }
        line(&hunk.header().to_string(), CYAN);
        for change in hunk.iter_changes() {
            let (mark, style) = match change.tag() {
                ChangeTag::Delete => ('-', RED),
                ChangeTag::Insert => ('+', GREEN),
                ChangeTag::Equal => (' ', ""),
            };
            let (value, is_ended) = match change.value().strip_suffix('\n') {
                Some(value) => (value, true),
                None => (change.value(), false),
            };
            line(&format!("{mark}{}", escape(value)), style);
            if !is_ended {
                line("\\ No newline at end of file", "");
            }
        }
    }
    text
}
