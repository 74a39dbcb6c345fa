//! Makes the changes that are certain. A round takes from each text those that keep apart from each other; the others
//! wait for the next round, when everything has been checked anew.

use super::diagnostic::{Diagnostic, Edit};
use super::source::{Origin, SourceId, Sources};

/// A text with some of its mistakes put right.
#[derive(Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Whose text it is.
    pub source: SourceId,
    /// The new text.
    pub text: String,
    /// How many changes were made.
    pub changes: usize,
}

/// The rule files that change when the certain edits of their diagnostics are made, by number; none where nothing is
/// certain. Of edits that overlap or touch, the first as they stand in the text is made.
pub fn fixed(sources: &Sources, diagnostics: &[Diagnostic]) -> Vec<Fixed> {
    let certain = diagnostics.iter().filter_map(|diagnostic| Some(diagnostic.certain_edit()?.1));
    let mut edits: Vec<&Edit> = certain.filter(|edit| is_file_of_rules(sources, edit.span.source)).collect();
    edits.sort_by_key(|edit| edit.span);
    edits.chunk_by(|one, other| one.span.source == other.span.source).map(|edits| apply(sources, edits)).collect()
}

/// What the program carries is not changed, and neither are queries and data.
fn is_file_of_rules(sources: &Sources, source: SourceId) -> bool {
    match sources.get(source).origin {
        Origin::Policy | Origin::Rules => true,
        Origin::BuiltIn | Origin::Query | Origin::Data => false,
    }
}

/// The edits are all of one source, in the order of its text, and there is at least one.
fn apply(sources: &Sources, edits: &[&Edit]) -> Fixed {
    let source = edits[0].span.source;
    let before = sources.get(source).text.as_str();
    let (mut text, mut changes, mut done) = (String::with_capacity(before.len()), 0, 0);
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        if changes > 0 && start <= done {
            continue;
        }
        text.push_str(&before[done..start]);
        text.push_str(&edit.text);
        (changes, done) = (changes + 1, end);
    }
    text.push_str(&before[done..]);
    Fixed { source, text, changes }
}
