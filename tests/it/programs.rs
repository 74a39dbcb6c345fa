//! What the checker says about bad programs. A case of several files (`*.case`, `*.query`) is cut at lines that
//! begin with `=== `: what follows is the file's name; `rules/…` is the built-in policy, `query` a question.

use rolecall::compiler::compile_with_warnings;
use rolecall::compiler::diagnostic::{Diagnostic, any_error};
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
    let (program, diagnostics) = compile_with_warnings(sources, files);
    let Some(query) = query else { return diagnostics };
    assert!(!any_error(&diagnostics), "{diagnostics:#?}");
    let (body, syntax) = parse_body(sources, query);
    assert_eq!(syntax, []);
    check_query(&mut program.unwrap(), sources, &body).1
}

/// The files of a case with their texts.
pub fn sections<'a>(name: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
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

#[test]
fn the_policy_and_its_tests_have_no_mistake() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Sources::default();
    let mut files = Vec::new();
    for (folder, origin) in [("rules", Origin::BuiltIn), ("tests/policy", Origin::Rules)] {
        let mut paths: Vec<_> =
            std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rules")) {
            let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            files.push(sources.add(name, std::fs::read_to_string(path).unwrap(), origin));
        }
    }
    let (program, diagnostics) = compile_with_warnings(&sources, &files);
    assert_eq!(render(&diagnostics, &sources, Format::Short, Style::default(), None), "");
    assert!(program.is_some());
}

#[test]
fn a_mangled_program_is_reported_and_never_breaks_the_checker() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/programs");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut texts = Vec::new();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension != "report")) {
        texts.push(
            std::fs::read_to_string(path)
                .unwrap()
                .lines()
                .filter(|line| !line.starts_with("=== "))
                .collect::<Vec<_>>()
                .join("\n"),
        );
    }
    let mut random = Random(7);
    for text in &texts {
        for _ in 0..30 {
            let other = &texts[random.below(texts.len())];
            let mut sources = Sources::default();
            let first = sources.add("a.rules", mangled(text, other, &mut random), Origin::BuiltIn);
            let second = sources.add("b.rules", mangled(other, text, &mut random), Origin::Rules);
            let (program, diagnostics) = compile_with_warnings(&sources, &[first, second]);
            assert_eq!(program.is_none(), rolecall::compiler::diagnostic::any_error(&diagnostics));
            render(&diagnostics, &sources, Format::Json, Style::default(), None);
        }
    }
}

/// A text with some words taken out, doubled, or taken from another text.
fn mangled(text: &str, other: &str, random: &mut Random) -> String {
    let words = |text: &str| -> Vec<String> {
        text.split_inclusive(|character: char| !character.is_alphanumeric() && character != '_')
            .map(str::to_string)
            .collect()
    };
    let (mut words, others) = (words(text), words(other));
    for _ in 0..random.below(5) {
        let at = random.below(words.len());
        match random.below(3) {
            0 if words.len() > 1 => drop(words.remove(at)),
            1 => words.insert(at, words[at].clone()),
            _ => words[at] = others[random.below(others.len())].clone(),
        }
    }
    words.concat()
}

/// Numbers that are the same in every run (a linear congruential generator).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}
