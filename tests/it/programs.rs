//! What the checker says about bad programs. A case of several files (`*.case`, `*.query`) is cut at lines that
//! begin with `=== `: what follows is the file's name; `rules/…` is the built-in policy, `query` a question.

use rolecall::compiler::compile;
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::program::check_query;
use rolecall::compiler::source::{Origin, SourceId, Sources};
use rolecall::compiler::syntax::parser::parse_body;
use rolecall::report::{Format, Style, render};

use crate::goldens;

#[test]
fn program_mistakes_are_reported_as_written() {
    goldens::run("programs", |name, text| {
        let mut sources = Sources::default();
        let mut files = Vec::new();
        let mut query = None;
        for (name, text) in sections(name, text) {
            if name == "query" {
                query = Some(sources.add("<query>", text.trim_end(), Origin::Query));
            } else {
                let origin = if name.starts_with("rules/") { Origin::BuiltIn } else { Origin::Rules };
                files.push(sources.add(name, text, origin));
            }
        }
        let diagnostics = mistakes(&sources, &files, query);
        assert!(!diagnostics.is_empty(), "{name} has no mistake");
        render(&diagnostics, &sources, Format::Human, Style::default(), None)
    });
}

fn mistakes(sources: &Sources, files: &[SourceId], query: Option<SourceId>) -> Vec<Diagnostic> {
    let (program, diagnostics) = compile(sources, files);
    let Some(query) = query else { return diagnostics };
    assert_eq!(diagnostics, []);
    let (body, syntax) = parse_body(sources, query);
    assert_eq!(syntax, []);
    check_query(&mut program.unwrap(), sources, &body).1
}

/// The files of a case with their texts.
fn sections<'a>(name: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut sections = Vec::new();
    let mut rest = text;
    let mut current = name;
    loop {
        let (own, next) = match rest.starts_with("=== ") {
            true => ("", Some(&rest["=== ".len()..])),
            false => match rest.split_once("\n=== ") {
                Some((own, next)) => (own, Some(next)),
                None => (rest, None),
            },
        };
        if !own.is_empty() {
            sections.push((current, own));
        }
        let Some(next) = next else { return sections };
        (current, rest) = next.split_once('\n').unwrap();
    }
}
