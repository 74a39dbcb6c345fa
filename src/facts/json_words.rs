//! What serde_json says of a text, in plain words.

use std::borrow::Cow;

/// What is wrong with a text that was to be read as a value, without the place.
pub fn json_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let said = text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said);
    let wrong_type = said.strip_prefix("invalid type: ").and_then(|types| types.rsplit_once(", expected "));
    let wrong_length = said.strip_prefix("invalid length ").and_then(|lengths| lengths.rsplit_once(", expected "));
    if let Some(member) = said.strip_prefix("missing field ") {
        format!("{member} is missing")
    } else if let Some(member) = said.strip_prefix("duplicate field ") {
        format!("{member} stands twice")
    } else if let Some((found, expected)) = wrong_type {
        format!("{} where {} is expected", kind_of(found), wanted(expected))
    } else if let Some((_, expected)) = wrong_length {
        format!("a list where {} is expected", wanted(expected))
    } else {
        json_mistake(said).to_owned()
    }
}

/// The kind of value that serde found.
fn kind_of(found: &str) -> Cow<'_, str> {
    match found.split_once(' ') {
        None if found == "sequence" => "a list".into(),
        None if found == "map" => "an object".into(),
        Some(("floating", _)) => "a number that is no integer of 64 bits".into(),
        Some(("integer", number)) => format!("the number {}", number.trim_matches('`')).into(),
        Some(("boolean", value)) => value.into(),
        Some(("string", _)) => format!("the {found}").into(),
        _ => found.into(),
    }
}

/// The kind of value that serde wanted.
fn wanted(expected: &str) -> &str {
    match expected {
        "a sequence" => "a list",
        "a map" => "an object",
        "a boolean" => "`true` or `false`",
        "borrowed string" => "a string",
        "u8" | "u16" | "u32" | "u64" | "usize" | "i64" => "a number",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

/// What is wrong with a text that is no JSON.
pub(super) fn json_mistake(said: &str) -> &str {
    match said {
        "expected value" => "expected a value",
        "expected ident" => "expected `true`, `false` or `null`",
        "key must be a string" => "a key is a string in double quotes",
        "recursion limit exceeded" => "nested too deeply",
        "trailing comma" => "a comma with nothing behind it",
        "trailing characters" => "something behind the value",
        "invalid escape" => "an escape that JSON does not have",
        "lone leading surrogate in hex escape" | "unexpected end of hex escape" => "half of a surrogate pair",
        other if other.starts_with("control character") => "a raw control character in a string",
        other if other.starts_with("EOF while parsing") => "the value is not finished",
        other => other,
    }
}
