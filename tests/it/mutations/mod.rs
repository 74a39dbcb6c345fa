//! What holds for every text, tried on mutated ones: parsing, checking, formatting and reporting end without a panic,
//! every span lies on boundaries of characters inside its file, and a change that is certain removes its mistake alone.
//!
//! `MUTATIONS=1000000 cargo test --release mutations` tries that many; `MUTATION=17` only that one.

mod mutate;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{process, thread};

use rolecall::compiler::codes::Code;
use rolecall::compiler::compile_with_warnings;
use rolecall::compiler::diagnostic::{Diagnostic, any_error};
use rolecall::compiler::program::{Program, check_query};
use rolecall::compiler::source::{Origin, SourceId, Sources, Span};
use rolecall::compiler::syntax::format::{Refusal, format};
use rolecall::compiler::syntax::parser::parse_body;
use rolecall::policy;
use rolecall::report::{Format, Style, render};

use crate::fixes::check_each_certain_change;
use crate::goldens;
use crate::portal::random::Rng;
use crate::prose::rule_blocks;

/// How many are tried where nothing else is said: in a debug build, which is twenty times as slow, fewer.
const MUTATIONS: u64 = if cfg!(debug_assertions) { 1_000 } else { 20_000 };

/// One in so many is checked together with the built-in policy, which takes longer than all else.
const WITH_POLICY: u64 = 40;

/// A text that takes so long hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// After so many failures no more are looked for.
const FAILURES: usize = 5;

/// What may keep a statement from being read.
const SYNTAX: [Code; 5] =
    [Code::SyntaxError, Code::LexicalError, Code::UnclosedString, Code::UnclosedComment, Code::BidirectionalControl];

#[test]
fn no_mutated_program_makes_reading_checking_formatting_or_reporting_panic_or_hang() {
    let number = |name: &str| std::env::var(name).ok().map(|number| number.parse::<u64>().unwrap());
    let cases = match number("MUTATION") {
        Some(case) => case..case + 1,
        None => 0..number("MUTATIONS").unwrap_or(MUTATIONS),
    };
    let (seeds, next, failures) = (seeds(), AtomicU64::new(cases.start), Mutex::new(Vec::new()));
    let at_work: Vec<Mutex<Option<(u64, Instant)>>> =
        (0..thread::available_parallelism().map_or(1, usize::from)).map(|_| Mutex::new(None)).collect();
    thread::scope(|scope| {
        let work = |own: &Mutex<Option<(u64, Instant)>>| {
            loop {
                let case = next.fetch_add(1, Ordering::Relaxed);
                if case >= cases.end || failures.lock().unwrap().len() >= FAILURES {
                    return;
                }
                *own.lock().unwrap() = Some((case, Instant::now()));
                if catch_unwind(AssertUnwindSafe(|| try_case(case, &seeds))).is_err() {
                    failures.lock().unwrap().push(format!("MUTATION={case}\n{}", text_of(case, &seeds)));
                }
                *own.lock().unwrap() = None;
            }
        };
        let threads: Vec<_> = at_work.iter().map(|own| scope.spawn(move || work(own))).collect();
        while threads.iter().any(|thread| !thread.is_finished()) {
            thread::sleep(Duration::from_millis(10));
            for (case, began) in at_work.iter().filter_map(|own| *own.lock().unwrap()) {
                if began.elapsed() > PATIENCE {
                    // Nothing else ends a thread that hangs.
                    eprintln!("MUTATION={case} hangs\n{}", text_of(case, &seeds));
                    process::abort();
                }
            }
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} mutated programs fail\n\n{}", failures.len(), failures.join("\n\n"));
}

/// What is mutated: the bad programs and their queries, the forms of the formatter, the policy, and all pages.
fn seeds() -> Vec<String> {
    let cases = ["programs", "syntax", "format"].into_iter().flat_map(goldens::texts);
    let mut seeds: Vec<String> = cases.chain(rule_blocks()).map(|(_, text)| text).collect();
    seeds.extend(policy::FILES.iter().map(|(_, text)| (*text).to_owned()));
    assert!(seeds.len() > 250, "only {} seeds", seeds.len());
    seeds
}

fn text_of(case: u64, seeds: &[String]) -> String {
    mutate::mutated(seeds, &mut Rng::new(case))
}

fn try_case(case: u64, seeds: &[String]) {
    let text = text_of(case, seeds);
    let mut sources = Sources::default();
    let mut ids = if case.is_multiple_of(WITH_POLICY) { policy::add_to(&mut sources) } else { Vec::new() };
    let own = sources.add("a.rules", text.as_str(), Origin::Rules);
    ids.push(own);
    let (program, diagnostics) = compile_with_warnings(&sources, &ids);
    assert_eq!(program.is_none(), any_error(&diagnostics));
    reported(&sources, &diagnostics);
    formatted(&sources, own);
    // Beside a statement that can't be read, what is read of the next one may hang on a word.
    let is_read = diagnostics.iter().all(|found| found.certain_edit().is_some() || !SYNTAX.contains(&found.code));
    if ids.len() == 1 && is_read {
        check_each_certain_change(&[("a.rules", text, Origin::Rules)]);
    }
    if let Some(program) = program {
        lies_inside(&sources, &program);
        // As a question, another text to the program of this one.
        asked(program, sources, &text_of(case + 1, seeds));
    }
}

fn reported(sources: &Sources, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let labels = &diagnostic.labels;
        assert!(labels.iter().enumerate().all(|(at, label)| label.primary == (at == 0)), "{diagnostic:#?}");
        let edits = diagnostic.help.iter().filter_map(|help| help.edit.as_ref());
        for span in labels.iter().map(|label| label.span).chain(edits.map(|edit| edit.span)) {
            assert!(is_inside(sources, span), "{diagnostic:#?}");
        }
        diagnostic.summary(sources);
    }
    for format in [Format::Human, Format::Short, Format::Json, Format::Sarif, Format::Github] {
        let style = Style { width: Some(80), ..Style::default() };
        let report = render(diagnostics, sources, format, style, Some(20));
        assert!(!report.contains(|found: char| found.is_control() && found != '\n'), "{report}");
    }
}

fn is_inside(sources: &Sources, span: Span) -> bool {
    sources.get(span.source).text.get(span.start as usize..span.end as usize).is_some()
}

fn formatted(sources: &Sources, source: SourceId) {
    let formatted = match format(sources, source) {
        Ok(formatted) => formatted,
        Err(Refusal::Mistakes(mistakes)) => return assert!(any_error(&mistakes)),
        Err(Refusal::Unfaithful(what)) => panic!("{what}"),
    };
    let mut sources = Sources::default();
    let source = sources.add("a.rules", formatted.as_str(), Origin::Rules);
    assert_eq!(format(&sources, source).ok(), Some(formatted));
}

fn lies_inside(sources: &Sources, program: &Program) {
    let relations = program.relations.iter().map(|relation| relation.span);
    let rules = program.rules.iter().flat_map(|rule| [rule.span, rule.head.span]);
    let tests = program
        .tests
        .iter()
        .flat_map(|test| test.expectations.iter().map(|expectation| expectation.span).chain([test.span]));
    let types = program.entities.iter().map(|entity| entity.span).chain(program.enums.iter().map(|of| of.span));
    for span in relations.chain(rules).chain(tests).chain(types) {
        assert!(is_inside(sources, span), "{span:?}");
    }
}

fn asked(mut program: Program, mut sources: Sources, text: &str) {
    let query = sources.add("<query>", text, Origin::Query);
    let (body, mut mistakes) = parse_body(&sources, query);
    if mistakes.is_empty() {
        mistakes = check_query(&mut program, &sources, &body).1;
    }
    reported(&sources, &mistakes);
}
