//! The one place where text of rules, data and arguments is made safe to print: control characters could drive the
//! terminal, and bidirectional ones could make a rule read as another.

use std::borrow::Cow;
use std::fmt::Write;

use crate::compiler::syntax::is_bidirectional_control;

/// The text with a visible `\u{…}` for every control and bidirectional character, `\n` and `\t` for line end and tab.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        push_escaped(&mut escaped, character);
    }
    Cow::Owned(escaped)
}

/// JSON text with an escape for every bidirectional and control character that JSON itself lets pass; it means the same.
pub fn escape_json(json: &str) -> Cow<'_, str> {
    let passes = |character: char| is_hidden(character) && !character.is_ascii() || character == '\u{7f}';
    if json.bytes().fold(true, |ascii, byte| ascii & (byte < 0x7f)) || !json.contains(passes) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len() + 8);
    for character in json.chars() {
        if passes(character) {
            // All of them lie in the basic plane, so four digits do.
            push(&mut escaped, format_args!("\\u{:04x}", character as u32));
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// Adds one character the way [`escape`] writes it.
pub(super) fn push_escaped(text: &mut String, character: char) {
    match character {
        '\n' => text.push_str("\\n"),
        '\t' => text.push_str("\\t"),
        _ if is_hidden(character) => push(text, format_args!("\\u{{{:x}}}", character as u32)),
        _ => text.push(character),
    }
}

/// Whether the character is a control, changes the direction of text, or separates lines.
fn is_hidden(character: char) -> bool {
    character.is_control() || is_bidirectional_control(character) || matches!(character, '\u{2028}' | '\u{2029}')
}

fn push(text: &mut String, piece: std::fmt::Arguments<'_>) {
    // Writing to a String can't fail.
    let _ = text.write_fmt(piece);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_become_visible() {
        assert_eq!(escape("a\u{1b}[31m\u{202e}b\n\t\u{7f}\u{9b}"), r"a\u{1b}[31m\u{202e}b\n\t\u{7f}\u{9b}");
    }

    #[test]
    fn other_text_is_left_alone() {
        assert!(matches!(escape("Анна 😀 \\"), Cow::Borrowed("Анна 😀 \\")));
    }

    #[test]
    fn json_keeps_its_meaning() {
        let json = serde_json::json!(["\u{202e}\u{7f}\u{9b}\u{1b}é"]).to_string();
        let escaped = escape_json(&json);
        assert_eq!(escaped, "[\"\\u202e\\u007f\\u009b\\u001bé\"]");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).ok(), serde_json::from_str(&json).ok());
    }
}
