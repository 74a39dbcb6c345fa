//! The mistakes inside words: characters, strings, numbers; and the value of a string after its escapes.

use std::borrow::Cow;

use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::compiler::source::{SourceId, Span};

/// Whether the character changes the direction of text (Unicode's `Bidi_Control`).
pub fn is_bidirectional_control(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A report for each such character, wherever it stands.
pub(super) fn bidirectional_controls(source: SourceId, text: &str) -> Vec<Diagnostic> {
    if text.is_ascii() {
        return Vec::new();
    }
    let found = text.char_indices().filter(|(_, character)| is_bidirectional_control(*character));
    let report = |(start, character): (usize, char)| {
        let span = Span { source, start: start as u32, end: (start + character.len_utf8()) as u32 };
        bidirectional_control(span, character)
    };
    found.map(report).collect()
}

fn bidirectional_control(span: Span, character: char) -> Diagnostic {
    let escaped = code_point(character);
    Diagnostic::error(
        Code::BidirectionalControl,
        format!("the invisible character {escaped} changes the direction of text"),
    )
    .at(span, format!("{escaped} stands here"))
    .note("with it a rule could read otherwise than it is evaluated, so it is refused even in comments")
    .help(format!("delete it, or write it as {escaped} in a string"))
}

fn code_point(character: char) -> String {
    format!("`\\u{{{:x}}}`", character as u32)
}

pub(super) fn bad_characters(span: Span, run: &str) -> Diagnostic {
    let shown: String = run.chars().take(12).map(visible).collect();
    let noun = if run.chars().nth(1).is_some() { "the characters" } else { "the character" };
    let begin = if run.chars().nth(1).is_some() { "begin" } else { "begins" };
    let diagnostic = Diagnostic::error(Code::LexicalError, format!("{noun} `{shown}` {begin} no word of the language"))
        .at(span, "not understood");
    match run.chars().next().unwrap_or(' ') {
        '#' | '%' => diagnostic.help("comments begin with `//`"),
        '-' if run.starts_with("--") => diagnostic.help("comments begin with `//`"),
        '-' => diagnostic.help("a name has `_` where other languages have `-`; there is no arithmetic"),
        '*' if run.starts_with("*/") => diagnostic.note("comments do not nest: the first `*/` ends the comment"),
        '+' | '*' | '/' => diagnostic.note("there is no arithmetic in rules"),
        '\'' => diagnostic.help("strings stand between double quotes, and end on their line"),
        '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '`' => {
            diagnostic.help("strings stand between straight double quotes: `\"…\"`")
        }
        '?' => diagnostic.help("a variable begins with a capital letter, as `User`"),
        '$' => diagnostic.help("a variable begins with a capital letter, as `User`"),
        '[' | ']' => diagnostic.note("there are no lists in rules: each value is a fact of its own"),
        first if first.is_alphabetic() => {
            diagnostic.note("names are made of a-z, 0-9 and `_`; anything may stand in a string, as `\"Анна\"`")
        }
        first if first.is_whitespace() || !is_visible(first) => {
            diagnostic.help("delete it: words are separated by spaces, tabs and line ends")
        }
        _ => diagnostic,
    }
}

fn visible(character: char) -> String {
    if is_visible(character) { character.to_string() } else { format!("\\u{{{:x}}}", character as u32) }
}

fn is_visible(character: char) -> bool {
    let zero_width = matches!(character, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    !(character.is_control() || character.is_whitespace() || zero_width)
}

pub(super) fn unclosed_string(span: Span, _text: &str) -> Diagnostic {
    let quote = Span { end: span.start + 1, ..span };
    Diagnostic::error(Code::UnclosedString, "this string is not closed on its line")
        .at(quote, "the string begins here")
        .help("close it with `\"`; a line end in a string is written `\\n`, a quote `\\\"`")
}

/// How far a string that is not closed on its line goes on behind the line: to a quote that something follows as it
/// follows a string, in the same statement. Else the next quote begins another string.
pub(super) fn rest_of_string(behind: &str) -> Option<usize> {
    let quote = behind.find(['"', ';']).filter(|at| behind[*at..].starts_with('"'))?;
    let after = behind[quote + 1..].trim_start_matches([' ', '\t']);
    after.starts_with([')', ',', ';']).then_some(quote + 1)
}

pub(super) fn unclosed_comment(span: Span, _text: &str) -> Diagnostic {
    Diagnostic::error(Code::UnclosedComment, "this comment is never closed")
        .at(span, "the comment begins here and takes the rest of the file")
        .help("close it with `*/`")
}

pub(super) fn integer_out_of_range(span: Span, text: &str) -> Diagnostic {
    let (limit, side) = if text.starts_with('-') { (i64::MIN, "smallest") } else { (i64::MAX, "largest") };
    Diagnostic::error(Code::IntegerOutOfRange, "this integer does not fit into 64 bits")
        .at(span, format!("the {side} is {limit}"))
        .help("an id is written as a string, in quotes")
}

/// The reports for the escapes of a quoted string that begins at `start`.
pub(super) fn bad_escapes(source: SourceId, start: u32, quoted: &str) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let body = inside(quoted);
    unescape(body, |at, length| {
        let start = start + 1 + at as u32;
        let span = Span { source, start, end: start + length as u32 };
        diagnostics.push(bad_escape(span, &body[at..at + length]));
    });
    diagnostics
}

fn bad_escape(span: Span, escape: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::BadEscape, format!("a string has no escape `{escape}`"));
    if escape.starts_with("\\u") {
        let label = if escape.ends_with('}') { "no character has this number" } else { "expected a number in braces" };
        return diagnostic.at(span, label).help("write one to six hexadecimal digits in braces, as `\\u{41}` for `A`");
    }
    diagnostic
        .at(span, "not understood")
        .note("the escapes are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{…}`")
        .help("a backslash itself is written `\\\\`")
}

/// The value of a quoted string. A bad escape, which the lexer has reported, stands for some character.
pub(super) fn text_value(quoted: &str) -> Cow<'_, str> {
    let body = inside(quoted);
    if body.contains('\\') { Cow::Owned(unescape(body, |_, _| ())) } else { Cow::Borrowed(body) }
}

fn inside(quoted: &str) -> &str {
    let body = quoted.strip_prefix('"').unwrap_or(quoted);
    body.strip_suffix('"').unwrap_or(body)
}

/// Tells `on_bad` the offset and length of each escape that has no meaning.
fn unescape(body: &str, mut on_bad: impl FnMut(usize, usize)) -> String {
    let mut value = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        value.push_str(&rest[..at]);
        let escape = &rest[at..];
        let (character, length) = read_escape(escape);
        match character {
            Some(character) => value.push(character),
            None => {
                value.push(char::REPLACEMENT_CHARACTER);
                on_bad(body.len() - escape.len(), length);
            }
        }
        rest = &escape[length..];
    }
    value.push_str(rest);
    value
}

/// What the escape at the start of the text stands for, and its length in bytes.
fn read_escape(escape: &str) -> (Option<char>, usize) {
    let Some(second) = escape[1..].chars().next() else { return (None, 1) };
    match second {
        '"' | '\\' => (Some(second), 2),
        'n' => (Some('\n'), 2),
        't' => (Some('\t'), 2),
        'u' => read_code_point(escape),
        _ => (None, 1 + second.len_utf8()),
    }
}

fn read_code_point(escape: &str) -> (Option<char>, usize) {
    let Some(digits) = escape[2..].strip_prefix('{') else { return (None, 2) };
    let count = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
    let closed = digits[count..].starts_with('}');
    let length = 3 + count + usize::from(closed);
    let number = Some(&digits[..count]).filter(|_| closed && (1..=6).contains(&count));
    (number.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_their_characters() {
        assert_eq!(text_value(r#""a\"b\\c\nd\te\u{202e}\u{41}""#), "a\"b\\c\nd\te\u{202e}A");
    }

    #[test]
    fn a_string_without_escapes_is_borrowed() {
        assert!(matches!(text_value("\"anna\""), Cow::Borrowed("anna")));
    }

    #[test]
    fn each_bad_escape_is_reported_at_its_place() {
        let quoted = r#""a\q\u{110000}\u{}\u41\é\u{41""#;
        let places: Vec<&str> = bad_escapes(SourceId(0), 0, quoted)
            .iter()
            .map(|diagnostic| &quoted[diagnostic.labels[0].span.start as usize..diagnostic.labels[0].span.end as usize])
            .collect();
        assert_eq!(places, [r"\q", r"\u{110000}", r"\u{}", r"\u", r"\é", r"\u{41"]);
    }

    #[test]
    fn each_bidirectional_character_is_reported() {
        let found = bidirectional_controls(SourceId(0), "// a\u{202e}b\u{202c}\nc\u{2066}");
        assert_eq!(found.iter().map(|diagnostic| diagnostic.labels[0].span.start).collect::<Vec<_>>(), [4, 8, 13]);
    }
}
