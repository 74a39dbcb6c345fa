//! The canonical form: by examples, and what holds for every text.

use std::path::{Path, PathBuf};

use rolecall::compiler::diagnostic::any_error;
use rolecall::compiler::source::{Origin, SourceId, Sources};
use rolecall::compiler::syntax::format::{Refusal, format};
use rolecall::compiler::syntax::parser::parse;
use rolecall::compiler::syntax::token::{Lexer, Token, TokenKind};
use rolecall::{compiler, policy};

use crate::goldens;
use crate::portal::random::Rng;
use crate::prose::{root, rule_blocks};
use crate::random_programs::random_text;

/// The canonical form of a text; nothing where it has syntax errors. Anything else is a mistake.
fn formatted(text: &str) -> Option<String> {
    let mut sources = Sources::default();
    let source = sources.add("a.rules", text, Origin::Rules);
    match format(&sources, source) {
        Ok(formatted) => Some(formatted),
        Err(Refusal::Mistakes(mistakes)) => {
            assert!(any_error(&mistakes), "{text}");
            None
        }
        Err(Refusal::Unfaithful(what)) => panic!("{what}\n{text}"),
    }
}

/// Fails where the canonical form of a text without syntax errors is not what it should be.
fn check(name: &str, text: &str) -> String {
    let Some(once) = formatted(text) else { panic!("{name} has syntax errors\n{text}") };
    let twice = formatted(&once);
    assert_eq!(twice.as_deref(), Some(once.as_str()), "{name} is not stable\n{text}");
    assert_eq!(comments(text), comments(&once), "{name}");
    assert_eq!(words(text), words(&once), "{name}");
    assert!(once.is_empty() || once.ends_with('\n') && !once.ends_with("\n\n"), "{name}: {once:?}");
    assert!(!once.starts_with('\n') && !once.contains("\n\n\n") && !once.contains('\r'), "{name}\n{once}");
    once
}

fn tokens(text: &str) -> Vec<(Token, &str)> {
    let text = text.trim_start_matches('\u{feff}');
    let mut lexer = Lexer::new(SourceId(0), text);
    let tokens = std::iter::from_fn(|| Some(lexer.next_token()).filter(|token| token.kind != TokenKind::End));
    tokens.map(|token| (token, &text[token.start as usize..token.end as usize])).collect()
}

fn is_comment(token: Token) -> bool {
    matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment)
}

/// The comments in order, without blanks at the ends of their lines.
fn comments(text: &str) -> Vec<String> {
    let trimmed = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    tokens(text).iter().filter(|(token, _)| is_comment(*token)).map(|(_, text)| trimmed(text)).collect()
}

/// The words in order; explanations without the blanks around them, and lists without a comma at their end.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (token, text) in tokens(text).into_iter().filter(|(token, _)| !is_comment(*token)) {
        if matches!(text, ")" | "}" | ";") && words.last().is_some_and(|last| last == ",") {
            words.pop();
        }
        words.push(match token.kind {
            TokenKind::DocComment => text[3..].trim().to_owned(),
            _ => text.to_owned(),
        });
    }
    words
}

/// What the compiler makes of texts, without places: the program and the codes of all diagnostics, whose messages may
/// show rules as they are written.
fn meaning(texts: &[&str], with_policy: bool) -> String {
    let mut sources = Sources::default();
    let mut ids = if with_policy { policy::add_to(&mut sources) } else { Vec::new() };
    ids.extend(texts.iter().map(|text| sources.add("a.rules", *text, Origin::Rules)));
    let (program, diagnostics) = compiler::compile_with_warnings(&sources, &ids);
    // An explanation behind a statement gets a line of its own, as the warning about it advises.
    let codes = diagnostics.iter().map(|found| found.code.name()).filter(|code| *code != "misplaced-explanation");
    let codes: Vec<&str> = codes.collect();
    without_places(&format!("{program:#?}\n{codes:#?}"))
}

/// A debug print without the numbers of spans and lines.
fn without_places(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let place = ["start: ", "end: "].iter().any(|word| line.trim_start().starts_with(word));
        lines.push(match line.find("a.rules:") {
            _ if place => "",
            Some(at) => &line[..at],
            None => line,
        });
    }
    lines.join("\n")
}

fn assert_same_meaning(name: &str, before: &[&str], after: &[&str], with_policy: bool) {
    let (before, after) = (meaning(before, with_policy), meaning(after, with_policy));
    if let Some((before, after)) = before.lines().zip(after.lines()).find(|(before, after)| before != after) {
        panic!("{name}: the canonical form means something else\n{before}\n{after}");
    }
    assert_eq!(before.lines().count(), after.lines().count(), "{name}");
}

/// The rule files of a folder of the repository, by name.
fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "rules")).collect();
    assert!(!paths.is_empty(), "{folder}");
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

const FOLDERS: [&str; 8] = [
    "rules",
    "tests/policy",
    "examples/programs",
    "examples/acme/rules",
    "examples/acme/tests",
    "examples/tutorial",
    "examples/tutorial/rules",
    "examples/tutorial/tests",
];

#[test]
fn texts_have_the_form_that_is_written_beside_them() {
    goldens::compare("format", "formatted", check);
}

#[test]
fn the_rule_files_of_the_repository_are_formatted() {
    for (path, text) in FOLDERS.iter().flat_map(|folder| files(folder)) {
        assert!(check(&name(&path), &text) == text, "{}: run `rolecall fmt`", name(&path));
    }
}

#[test]
fn cases_and_blocks_of_the_pages_keep_their_meaning() {
    let cases = goldens::texts("programs").into_iter().filter(|(name, _)| name.ends_with(".rules"));
    let mut count = 0;
    for (name, text) in cases.chain(rule_blocks()).chain(goldens::texts("format")) {
        let Some(once) = formatted(&text) else { continue };
        check(&name, &text);
        for with_policy in [true, false] {
            assert_same_meaning(&name, &[&text], &[&once], with_policy);
        }
        count += 1;
    }
    assert!(count > 120, "only {count} texts have no syntax error");
}

#[test]
fn generated_programs_keep_their_meaning() {
    for seed in 0..150 {
        let text = random_text(seed);
        let scattered = scattered(&text, &mut Rng::new(seed), Scatter::Comments);
        let once = check(&format!("program {seed}"), &scattered);
        assert_same_meaning(&format!("program {seed}"), &[&text], &[&once], false);
    }
}

#[test]
fn blanks_do_not_decide_about_the_form() {
    for seed in 0..300 {
        let text = random_text(seed);
        let expected = check("", &scattered(&text, &mut Rng::new(0), Scatter::Blanks));
        let rng = &mut Rng::new(seed);
        for _ in 0..3 {
            assert_eq!(check("", &scattered(&text, rng, Scatter::Blanks)), expected, "{seed}");
        }
    }
}

#[test]
fn comments_anywhere_are_kept_and_the_form_is_stable() {
    let files = FOLDERS.iter().flat_map(|folder| files(folder)).map(|(path, text)| (name(&path), text));
    let cases = goldens::texts("format").into_iter().chain(goldens::texts("programs"));
    let rng = &mut Rng::new(11);
    let mut count = 0;
    for (name, text) in files.chain(cases).chain(rule_blocks()).filter(|(_, text)| formatted(text).is_some()) {
        for chunk in statements(&text) {
            let scattered = scattered(chunk, rng, Scatter::Comments);
            check(&name, &scattered);
            count += 1;
        }
    }
    assert!(count > 500, "{count}");
}

#[test]
fn mangled_texts_are_refused_or_formatted() {
    let cases = ["syntax", "programs", "format"].iter().flat_map(|folder| goldens::texts(folder));
    let rng = &mut Rng::new(5);
    let (mut refused, mut taken) = (0, 0);
    for (name, text) in cases.chain(rule_blocks()) {
        for _ in 0..12 {
            let mangled = mangled(&text, rng);
            match formatted(&mangled) {
                None => refused += 1,
                Some(_) => {
                    check(&name, &mangled);
                    taken += 1;
                }
            }
        }
    }
    assert!(refused > 500 && taken > 200, "{refused} refused, {taken} taken");
}

/// What stands between the words of a scattered text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scatter {
    /// Blanks and single line ends.
    Blanks,
    /// Also comments and blank lines.
    Comments,
}

const LINE_ENDS: [&str; 3] = ["\n", "\r\n", "\n  "];

const BLANKS: [&str; 7] = [" ", "\n", "\t", "   ", "\r\n\t", " \n ", " \n    "];

const REMARKS: [&str; 16] = [
    " ",
    "\n",
    "\n\n",
    "  ",
    "\n                    ",
    " /* c */ ",
    "/* d */",
    "// e\n",
    " //// f \r\n",
    "\n// g\n",
    " /* h\n  i */\n",
    "\n\n/* j */",
    "                    // k\n                    ",
    "\n    // l\n    ",
    "                    // m\n                    // n\n",
    "/* o\r\r\n p */",
];

/// The words of a text with other blanks between them, and perhaps with more comments.
fn scattered(text: &str, rng: &mut Rng, scatter: Scatter) -> String {
    let mut scattered = String::new();
    let mut in_id = false;
    for (token, word) in tokens(text) {
        if scatter == Scatter::Blanks && is_comment(token) {
            continue;
        }
        in_id = token.kind == TokenKind::At || in_id && word != ")";
        if token.kind == TokenKind::DocComment {
            scattered.push('\n');
        }
        scattered.push_str(word);
        let line_comment = matches!(token.kind, TokenKind::DocComment | TokenKind::LineComment);
        match scatter {
            _ if in_id => scattered.push(' '),
            Scatter::Blanks if line_comment => scattered.push_str(rng.one(&LINE_ENDS)),
            Scatter::Blanks => scattered.push_str(rng.one(&BLANKS)),
            Scatter::Comments => {
                if line_comment {
                    scattered.push('\n');
                }
                (0..rng.below(3)).for_each(|_| scattered.push_str(rng.one(&REMARKS)));
                scattered.push(' ');
            }
        }
    }
    scattered
}

/// A text cut into statements, roughly: at lines that end with `;` or `}`.
fn statements(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    for (at, _) in text.match_indices("\n\n") {
        let from = text.len() - rest.len();
        if at >= from && formatted(&text[from..at]).is_some() {
            parts.push(&text[from..at]);
            rest = &text[at..];
        }
    }
    parts.push(rest);
    parts.retain(|part| formatted(part).is_some());
    parts
}

/// A text with some tokens taken out, doubled or exchanged, or cut in the middle of one.
fn mangled(text: &str, rng: &mut Rng) -> String {
    let all = tokens(text);
    let mut pieces: Vec<&str> = Vec::new();
    let mut end = 0;
    let stripped = text.trim_start_matches('\u{feff}');
    for (token, word) in &all {
        pieces.push(&stripped[end..token.start as usize]);
        pieces.push(word);
        end = token.end as usize;
    }
    for _ in 0..rng.between(1, 2) {
        if pieces.is_empty() {
            break;
        }
        let (at, other) = (rng.below(pieces.len()), rng.below(pieces.len()));
        match rng.below(4) {
            0 => drop(pieces.remove(at)),
            1 => pieces.insert(at, pieces[other]),
            2 => pieces.swap(at, other),
            _ => pieces[at] = rng.one(&["\n", "// x\n", "/* y */", "///z\n", "@id(\"w\")", ",", ";", "(", "}", "\t"]),
        }
    }
    pieces.concat()
}

#[test]
fn a_text_with_a_syntax_error_has_no_form() {
    for (name, text) in goldens::texts("syntax").into_iter().filter(|(name, _)| name.ends_with(".rules")) {
        let mut sources = Sources::default();
        let source = sources.add(name.clone(), text.as_str(), Origin::Rules);
        assert_eq!(formatted(&text).is_none(), any_error(&parse(&sources, source).1), "{name}");
    }
}
