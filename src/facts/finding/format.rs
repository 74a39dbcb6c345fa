//! The named constructors for what is no UTF-8, JSON or CSV, or not all of it.

use crate::compiler::codes::Code;
use crate::compiler::diagnostic::Diagnostic;
use crate::facts::finding::{Finding, count, list, unknown_field};
use crate::facts::json_words::json_mistake;

/// A relation whose records stand in two places of a file.
pub(crate) fn duplicate_relation(name: &str) -> Finding {
    Finding::new(Code::DuplicateKey, format!("the relation `{name}` stands twice in one file"), "the second one")
        .help("put the records of both into one array")
}

pub(crate) fn bad_utf8() -> Finding {
    Finding::new(Code::BadUtf8, "bytes that are not UTF-8", "not UTF-8").help("export the file as UTF-8")
}

pub(crate) fn utf16() -> Finding {
    Finding::new(Code::BadUtf8, "the file is UTF-16, not UTF-8", "a UTF-16 byte order mark")
        .help("export the file as UTF-8")
}

/// Text that is no JSON.
pub(crate) fn malformed_json(error: &serde_json::Error) -> Finding {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let what = json_mistake(said);
    let finding = Finding::new(Code::MalformedJson, format!("not JSON: {what}"), what);
    match said {
        "expected value" | "expected ident" | "key must be a string" | "trailing characters" => {
            finding.note("texts stand in double quotes, and JSON has no comments")
        }
        _ => finding,
    }
}

/// A place of a JSON file where something else must stand.
pub(crate) fn expected(what: &str) -> Finding {
    Finding::new(Code::MalformedJson, format!("not JSON: expected {what}"), format!("expected {what}"))
}

pub(crate) fn no_object() -> Finding {
    Finding::new(Code::MalformedJson, "a data file holds one object", "expected `{`")
        .note("its keys are relations, its values arrays of records: {\"works_in\": [[\"anna\", \"sales\"]]}")
        .help("records of one relation alone go into a .jsonl file, one on each line, named as the relation")
}

pub(crate) fn trailing() -> Finding {
    Finding::new(Code::MalformedJson, "something follows the object of the file", "nothing may stand here")
        .note("a data file holds one object; records on lines of their own are .jsonl")
}

/// A relation whose value begins with that byte.
pub(crate) fn no_array(relation: &str, first: u8) -> Finding {
    let (code, found) = match first {
        b'{' => (Code::WrongType, "an object"),
        b'"' => (Code::WrongType, "a string"),
        b'n' => (Code::NullValue, "null"),
        _ => (Code::WrongType, "a single value"),
    };
    Finding::new(code, format!("the records of `{relation}` stand in an array, not in {found}"), "expected `[`")
}

pub(crate) const CUT_SHORT: &str = "the file was probably cut short while it was written or copied";

pub(crate) fn truncated(message: impl Into<String>, label: impl Into<String>) -> Finding {
    Finding::new(Code::TruncatedFile, message, label).note(CUT_SHORT)
}

/// A last record that could have been longer, in a file that no manifest vouches for.
pub(crate) fn no_line_end() -> Finding {
    let message = "no line end behind the last record: if the file was cut there, it does not show";
    Finding {
        diagnostic: Diagnostic::warning(Code::TruncatedFile, message),
        label: "the last record".to_owned(),
        replacements: Vec::new(),
        field: None,
    }
    .help("end the file with a line end, or put a manifest.json beside it")
}

pub(crate) fn too_long() -> Finding {
    Finding::new(Code::RecordTooLong, "a record of more than 16 MiB", "begins here")
        .note("no record of a portal is that long: a quote left open or a missing line end makes such records")
}

pub(crate) fn unknown_column(relation: &str, name: &str, open: &[&str], all: &[&str]) -> Finding {
    unknown_field(relation, name, open, all).note("the first line is a header: it names the field of each column")
}

/// A header none of whose columns is a field of the relation.
pub(crate) fn no_header(relation: &str, header: &str, all: &[&str]) -> Finding {
    let message = format!("the first line names no field of `{relation}`");
    let finding = Finding::new(Code::UnknownField, message, "expected a header")
        .note(format!("the first line names the field of each column, in any order: {}", list(all)));
    match foreign_separator(header, all) {
        Some(',') => finding.help("fields are separated by commas, as in CSV: name the file .csv"),
        Some('\t') => finding.help("fields are separated by tabs, as in TSV: name the file .tsv"),
        Some(other) => finding.help(format!("fields are separated by `{other}`: export the file with commas")),
        None => finding,
    }
}

/// What separates the fields of a header that was read as one column.
pub(crate) fn foreign_separator(header: &str, all: &[&str]) -> Option<char> {
    let separates =
        |separator: &char| header.contains(*separator) && header.split(*separator).all(|name| all.contains(&name));
    [',', ';', '\t', '|'].into_iter().find(separates)
}

pub(crate) fn missing_columns(relation: &str, missing: &[&str], all: &[&str]) -> Finding {
    let what = if missing.len() == 1 { "the column" } else { "the columns" };
    Finding::new(
        Code::MissingField,
        format!("the header of `{relation}` without {what} {}", list(missing)),
        format!("{} missing here", list(missing)),
    )
    .field(missing.first().copied().unwrap_or_default())
    .note(format!("the first line names the fields of `{relation}`, in any order: {}", list(all)))
}

pub(crate) fn duplicate_column(name: &str) -> Finding {
    Finding::new(Code::DuplicateColumn, format!("the column `{name}` stands twice in the header"), "the second one")
        .field(name)
}

pub(crate) fn ragged(relation: &str, found: usize, expected: usize) -> Finding {
    let message = format!("{} in a record of `{relation}`, whose header names {expected}", count(found, "field"));
    match found < expected {
        true => Finding::new(Code::MissingField, message, "too few fields")
            .note("every record has as many fields as the header"),
        false => Finding::new(Code::MalformedCsv, message, "too many fields")
            .note("in CSV a value that holds a comma stands in quotes"),
    }
}

pub(crate) fn quote_inside() -> Finding {
    Finding::new(Code::MalformedCsv, "a quote inside a field without quotes", "a quote can't stand here")
        .help("put the whole field in quotes, and double each quote inside it")
}

pub(crate) fn after_quote(opened_line: u32) -> Finding {
    Finding::new(Code::MalformedCsv, "text behind a closing quote", "expected a comma or the end of the line")
        .note(format!("the quoted field opened in line {opened_line}; a quote inside it is doubled"))
}

/// A quote that is open at the end of the file, over so many line ends.
pub(crate) fn open_quote(lines: u32, opened_line: u32) -> Finding {
    if lines == 0 {
        return truncated("the file ends inside a quoted field", "this quote is not closed");
    }
    let behind = count(lines as usize, "line");
    Finding::new(Code::MalformedCsv, "a quote that is never closed", "this quote is not closed")
        .note(format!("the quote opened in line {opened_line}, and {behind} behind it would belong to one field"))
}

pub(crate) fn nul() -> Finding {
    Finding::new(Code::MalformedCsv, "a NUL byte", "a NUL byte").note("text files hold none: this may be a binary file")
}

pub(crate) fn lone_return() -> Finding {
    Finding::new(Code::MalformedCsv, "a carriage return that ends no line", "a line feed must follow")
        .help("end lines with a line feed, or with a carriage return and a line feed")
}
