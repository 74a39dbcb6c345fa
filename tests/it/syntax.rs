//! What the parser says about bad rule files and queries (`*.query`).

use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::source::{Origin, Sources};
use rolecall::compiler::syntax::parser::{parse, parse_body};
use rolecall::report::{Format, Style, render};

use crate::goldens;

fn mistakes(name: &str, text: &str) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let diagnostics = if name.ends_with(".query") {
        let source = sources.add("<query>", text.trim_end(), Origin::Query);
        parse_body(&sources, source).1
    } else {
        let source = sources.add(name, text, Origin::Rules);
        parse(&sources, source).1
    };
    (sources, diagnostics)
}

#[test]
fn syntax_mistakes_are_reported_as_written() {
    goldens::run("syntax", |name, text| {
        let (sources, diagnostics) = mistakes(name, text);
        assert!(!diagnostics.is_empty(), "{name} has no mistake");
        render(&diagnostics, &sources, Format::Human, Style::default(), None)
    });
}

/// A file that is still being typed ends anywhere.
#[test]
fn every_beginning_of_a_bad_file_is_reported_too() {
    for (name, text) in goldens::texts("syntax") {
        for (end, _) in text.char_indices().take(300) {
            let (sources, diagnostics) = mistakes(&name, &text[..end]);
            let style = Style { width: Some(80), ..Style::default() };
            let drawn = render(&diagnostics, &sources, Format::Human, style, Some(20));
            assert_eq!(drawn.is_empty(), diagnostics.is_empty(), "{name} {end}");
        }
    }
}
