//! Promises of all formats.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::DataPlace;
use crate::compiler::source::{LineColumn, Span};

const PLAIN: Style = Style { color: false, ascii: false, width: None };

fn error(sources: &Sources, source: SourceId, start: usize, end: usize) -> Diagnostic {
    Diagnostic::error(Code::UnknownRelation, "unknown relation `work_in`")
        .at(sources.span(source, start, end), "not declared")
}

fn human(diagnostic: Diagnostic, sources: &Sources, style: Style) -> String {
    render(&[diagnostic], sources, Format::Human, style, None)
}

#[test]
fn json_is_the_object_of_the_specification() {
    let mut sources = Sources::default();
    let source = sources.add("team.rules", "\u{feff}// Анна\nwork_in(\"a\", \"b\");\n", Origin::Rules);
    let span = sources.span(source, 12, 19);
    let diagnostic = error(&sources, source, 12, 19).note("why").replace("did you mean `works_in`?", span, "works_in");
    let json = render(&[diagnostic], &sources, Format::Json, PLAIN, Some(0));
    assert_eq!(
        json,
        concat!(
            r#"{"code":"unknown-relation","severity":"error","message":"unknown relation `work_in`","file":"team.rules","#,
            r#""line":2,"column":1,"spans":[{"file":"team.rules","start":15,"end":22,"line":2,"column":1,"#,
            r#""label":"not declared","primary":true}],"notes":["why"],"help":[{"message":"did you mean `works_in`?","#,
            r#""replacement":"works_in","file":"team.rules","start":15,"end":22}]}"#,
            "\n"
        )
    );
}

#[test]
fn json_of_data_names_relation_field_and_path_and_counts_in_the_file() {
    let mut sources = Sources::default();
    let source = sources.add_excerpt("facts.json", "\"anna\": null", LineColumn { line: 70, column: 1 }, 5000);
    let mut diagnostic = error(&sources, source, 8, 12);
    let path = Some("works_in[3].user".to_string());
    diagnostic.data = Some(DataPlace { relation: Some("works_in".to_string()), field: None, path });
    let json: serde_json::Value =
        serde_json::from_str(&render(&[diagnostic], &sources, Format::Json, PLAIN, None)).unwrap();
    assert_eq!(json["relation"], "works_in");
    assert_eq!(json["field"], serde_json::Value::Null);
    assert_eq!(json["path"], "works_in[3].user");
    assert_eq!((&json["line"], &json["column"]), (&70.into(), &9.into()));
    assert_eq!(json["spans"][0]["start"], 5008);
}

#[test]
fn a_mistake_without_a_place_is_told_in_every_format() {
    let sources = Sources::default();
    let told =
        [Diagnostic::error(Code::UnreadableFile, "can't read `a\u{1b}.rules`").note("no such file").help("look")];
    assert_eq!(
        render(&told, &sources, Format::Human, PLAIN, None),
        "error[unreadable-file]: can't read `a\\u{1b}.rules`\n  Help: look\n  Note: no such file\n"
    );
    assert_eq!(
        render(&told, &sources, Format::Short, PLAIN, None),
        "error[unreadable-file]: can't read `a\\u{1b}.rules`\n"
    );
    let json = render(&told, &sources, Format::Json, PLAIN, None);
    assert!(json.contains(r#""file":null,"line":null,"column":null,"spans":[]"#), "{json}");
}

#[test]
fn labels_in_several_files_are_drawn_with_their_own_line_numbers() {
    let mut sources = Sources::default();
    let rules = sources.add("team.rules", "\n".repeat(998) + "work_in(U);\n", Origin::Rules);
    let data =
        sources.add_excerpt("big\u{202e}.csv", "x,y\nanna,\tsales\n", LineColumn { line: 1_234_567, column: 1 }, 0);
    let first = error(&sources, rules, 998, 1005);
    let diagnostic = first.label(sources.span(data, 10, 15), "as here").help("one").help("two").note("why");
    assert_eq!(
        human(diagnostic.clone(), &sources, PLAIN),
        r"error[unknown-relation]: unknown relation `work_in`
         ╭─[ team.rules:999:1 ]
         │
     999 │ work_in(U);
         │ ───┬───
         │    ╰───── not declared
         │
         ├─[ big\u{202e}.csv:1234568:7 ]
         │
 1234568 │ anna,   sales
         │         ──┬──
         │           ╰──── as here
         │
         │ Help 1: one
         │
         │ Help 2: two
         │
         │ Note: why
─────────╯
"
    );
    let ascii = human(diagnostic, &sources, Style { ascii: true, ..PLAIN });
    assert!(ascii.is_ascii(), "{ascii}");
    assert!(ascii.contains(" 1234568 | anna,"), "{ascii}");
    assert!(ascii.ends_with("---------'\n"), "{ascii}");
}

#[test]
fn color_changes_nothing_but_the_color() {
    let mut sources = Sources::default();
    let source = sources.add("team.rules", "\n".repeat(150) + "work_in(U);\n", Origin::Rules);
    let diagnostic = error(&sources, source, 150, 157).help("one");
    let colored = human(diagnostic.clone(), &sources, Style { color: true, ..PLAIN });
    assert!(colored.contains("\u{1b}["));
    let mut plain = String::new();
    for (number, piece) in colored.split('\u{1b}').enumerate() {
        plain.push_str(if number == 0 { piece } else { piece.split_once('m').unwrap().1 });
    }
    let trimmed: String = plain.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    assert_eq!(trimmed, human(diagnostic, &sources, PLAIN));
}

#[test]
fn a_long_line_is_cut_around_each_mark() {
    let mut sources = Sources::default();
    let text = "é".repeat(300) + "HERE" + &"é".repeat(300) + "THERE" + &"é".repeat(300);
    let source = sources.add("long.rules", text, Origin::Rules);
    let diagnostic = error(&sources, source, 600, 604).label(sources.span(source, 1204, 1209), "and here");
    let drawn = human(diagnostic, &sources, Style { width: Some(60), ..PLAIN });
    let line = drawn.lines().find(|line| line.starts_with(" 1 │")).unwrap();
    assert!(line.chars().count() < 130, "{drawn}");
    assert_eq!(line.matches('…').count(), 3, "{drawn}");
    let column = |needle: char| drawn.lines().nth(4).unwrap().chars().position(|found| found == needle);
    let at_mark = line.chars().position(|found| found == 'H');
    assert_eq!(column('─'), at_mark, "{drawn}");
}

#[test]
fn a_mark_over_several_lines_is_drawn_on_its_first() {
    let mut sources = Sources::default();
    let source = sources.add("team.rules", "p(X) if  \r\n    q(X);\r\n", Origin::Rules);
    let drawn = human(error(&sources, source, 0, 20), &sources, PLAIN);
    assert!(drawn.contains(" 1 │ p(X) if\n"), "{drawn}");
    assert!(!drawn.contains("q(X)"), "{drawn}");
}

#[test]
fn the_screen_shows_errors_before_warnings_in_source_order_and_counts_the_rest() {
    let mut sources = Sources::default();
    let source = sources.add("team.rules", "a b c d e", Origin::Rules);
    let data = sources.add_excerpt("a.csv", "x", LineColumn { line: 1, column: 1 }, 0);
    let later = sources.add("z.rules", "f", Origin::Rules);
    let at = |source: SourceId, start: usize| sources.span(source, start, start + 1);
    let warning = |span: Span| Diagnostic::warning(Code::UnknownRelation, "w").at(span, "");
    let failure = |span: Span| Diagnostic::error(Code::UnknownRelation, "e").at(span, "");
    let all = [
        failure(at(data, 0)),
        warning(at(source, 4)),
        failure(at(later, 0)),
        warning(at(source, 0)),
        failure(at(source, 2)),
    ];
    assert_eq!(
        render(&all, &sources, Format::Short, PLAIN, Some(4)),
        "team.rules:1:1: warning[unknown-relation]: w\nteam.rules:1:3: error[unknown-relation]: e\n\
         z.rules:1:1: error[unknown-relation]: e\na.csv:1:1: error[unknown-relation]: e\n… and 1 more\n"
    );
    assert_eq!(tally(&all).unwrap(), "3 errors and 2 warnings");
    assert_eq!(tally(&all[1..2]).unwrap(), "1 warning");
}

/// Texts with all that is hard to draw, and marks anywhere in them.
#[test]
fn any_place_in_any_text_can_be_drawn() {
    let texts =
        ["", "\n", "\r\n\r\n", "é\t\u{202e}😀\r\n\u{1b}[31m\u{2028}x\n\nlast", "a\rb\u{c}c\u{b}d\u{85}e", "\0\0 0"];
    for text in texts {
        let mut sources = Sources::default();
        let source = sources.add("x", text, Origin::Rules);
        for start in 0..=text.len() {
            for end in start..=text.len() {
                let diagnostic = error(&sources, source, start, end).label(sources.span(source, end, end), "end");
                let drawn = human(diagnostic, &sources, Style { width: Some(1), ..PLAIN });
                assert!(drawn.contains("not declared") && drawn.contains("end"), "{text:?} {start} {end}\n{drawn}");
                let hidden = |found: char| found.is_control() && found != '\n' || found == '\u{202e}';
                assert!(!drawn.contains(hidden), "{drawn}");
            }
        }
    }
}
