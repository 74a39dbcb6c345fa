//! The tests as JUnit XML, which CI systems read: a suite for each file.

use std::fmt::Write;

use crate::cli::test::Ran;
use rolecall::compiler::program;
use rolecall::compiler::source::Sources;
use rolecall::report::escape::escape;

/// All tests, which come file by file.
pub(super) fn document(sources: &Sources, tests: &[&program::Test], ran: &[Ran]) -> String {
    let cases: Vec<(&program::Test, &Ran)> = tests.iter().copied().zip(ran).collect();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    push(&mut xml, format_args!("<testsuites name=\"rolecall\" {}>\n", counts(&cases)));
    for cases in cases.chunk_by(|(one, _), (other, _)| one.span.source == other.span.source) {
        let file = attribute(&sources.get(cases[0].0.span.source).name);
        push(&mut xml, format_args!("  <testsuite name=\"{file}\" {}>\n", counts(cases)));
        cases.iter().for_each(|(test, ran)| case(&mut xml, sources, &file, test, ran));
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn counts(cases: &[(&program::Test, &Ran)]) -> String {
    let failed = cases.iter().filter(|(_, ran)| !ran.passed).count();
    format!("tests=\"{}\" failures=\"{failed}\" errors=\"0\"", cases.len())
}

fn case(xml: &mut String, sources: &Sources, file: &str, test: &program::Test, ran: &Ran) {
    let line = sources.get(test.span.source).line_column(test.span.start).line;
    let name = attribute(&test.name);
    push(xml, format_args!("    <testcase classname=\"{file}\" name=\"{name}\" file=\"{file}\" line=\"{line}\""));
    if ran.passed {
        xml.push_str("/>\n");
        return;
    }
    let message = attribute(&format!("test \"{}\" fails", test.name));
    let text: Vec<String> = ran.text.trim_end().split('\n').map(attribute).collect();
    push(
        xml,
        format_args!(
            ">\n      <failure type=\"failed-expectation\" message=\"{message}\">{}</failure>\n    </testcase>\n",
            text.join("\n")
        ),
    );
}

/// Text of one line as XML takes it anywhere: what XML has no room for is shown as an escape of the rule language.
fn attribute(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in escape(text).chars() {
        match character {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => push(&mut written, format_args!("\\u{{{:x}}}", character as u32)),
            _ => written.push(character),
        }
    }
    written
}

fn push(xml: &mut String, piece: std::fmt::Arguments<'_>) {
    // Writing to a String can't fail.
    let _ = xml.write_fmt(piece);
}
