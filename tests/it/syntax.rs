//! What the parser says about bad rule files and queries (`*.query`).

use rolecall::compiler::source::{Origin, Sources};
use rolecall::compiler::syntax::parser::{parse, parse_body};
use rolecall::report::{Format, Style, render};

use crate::goldens;

#[test]
fn syntax_mistakes_are_reported_as_written() {
    goldens::run("syntax", |name, text| {
        let mut sources = Sources::default();
        let diagnostics = if name.ends_with(".query") {
            let source = sources.add("<query>", text.trim_end(), Origin::Query);
            parse_body(&sources, source).1
        } else {
            let source = sources.add(name, text, Origin::Rules);
            parse(&sources, source).1
        };
        assert!(!diagnostics.is_empty(), "{name} has no mistake");
        render(&diagnostics, &sources, Format::Human, Style::default(), None)
    });
}
