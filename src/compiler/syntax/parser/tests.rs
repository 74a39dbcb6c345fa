//! The tree of good programs, and promises about all texts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::super::ast::{AggregateFunction, Clause, ExplanationPart, Name, Operator, Statement, Term, TestStep};
use super::*;

const PROGRAM: &str = r#"// Chats of the portal.
entity chat;
entity crm.item;
enum level { denied < own < department < any, };
enum edition { cloud, on_premise, };
enum one { single };
action history.view on chat;
input works_in(user, department: department,);
relation role_level(user: user, action: action, level: level);
decision allow(user: user, action, resource: resource);

/// {Head} heads {Dept}, where {Agent} works,
//// a remark in between
/// and {{Agent}} handled { the chat.
@id("vip-heads")
allow(Head, history.view, Chat) if
    chat(Chat, "vip"), // why
    not inactive(Head, _),
    L >= own, N != -5, X = user:"an\"na",
    works_in(Agent, Dept,);

role_level(U, A, max(L)) if granted(U, A, L);
works_in("anna", "sales"); works_in("boris", "sales");
test "a manager" {
    chat("c1", "line"); chat("c2", "line");
    expect permitted("anna", history.view, "c1");
    expect not permitted("anna", history.view, _);
}
"#;

struct Checked {
    sources: Sources,
    source: SourceId,
}

impl Checked {
    fn new(text: &str) -> Checked {
        let mut sources = Sources::default();
        let source = sources.add("test.rules", text, Origin::Rules);
        Checked { sources, source }
    }

    fn file(&self) -> File<'_> {
        let (file, diagnostics) = parse(&self.sources, self.source);
        let told: Vec<String> = diagnostics.iter().map(|diagnostic| diagnostic.summary(&self.sources)).collect();
        assert!(told.is_empty(), "{told:#?}");
        file
    }
}

fn clauses<'f, 'a>(file: &'f File<'a>) -> Vec<&'f Clause<'a>> {
    let clause = |statement: &'f Statement<'a>| match statement {
        Statement::Clause(clause) => Some(clause),
        _ => None,
    };
    file.statements.iter().filter_map(clause).collect()
}

#[test]
fn declarations_become_statements() {
    let checked = Checked::new(PROGRAM);
    let file = checked.file();
    assert_eq!(file.statements.len(), 14);
    let Statement::Enum(level) = &file.statements[2] else { panic!() };
    assert!(level.ordered);
    assert_eq!(
        level.members.iter().map(|member| member.text).collect::<Vec<_>>(),
        ["denied", "own", "department", "any"]
    );
    let Statement::Enum(one) = &file.statements[4] else { panic!() };
    assert!(!one.ordered);
    let Statement::Relation(works_in) = &file.statements[6] else { panic!() };
    assert_eq!(works_in.fields[0].type_name, works_in.fields[0].name);
    let Statement::Relation(allow) = &file.statements[8] else { panic!() };
    assert_eq!(allow.fields[1].type_name.text, "action");
}

#[test]
fn a_rule_has_its_explanation_id_and_body() {
    let checked = Checked::new(PROGRAM);
    let file = checked.file();
    let rule = clauses(&file)[0];
    let shown: Vec<String> = rule
        .explanation
        .as_ref()
        .unwrap()
        .parts
        .iter()
        .map(|part| match part {
            ExplanationPart::Words(words) => words.to_string(),
            ExplanationPart::Variable(name) => format!("<{}>{}", name.text, checked.sources.text(name.span)),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "<Head>{Head}",
            " heads ",
            "<Dept>{Dept}",
            ", where ",
            "<Agent>{Agent}",
            " works, and {Agent} handled { the chat."
        ]
    );
    assert_eq!(rule.id.as_ref().unwrap().value, "vip-heads");
    assert_eq!(rule.body.len(), 6);
    let text = checked.sources.text(rule.span);
    assert!(text.starts_with("allow(Head") && text.ends_with("Dept,);"), "{text}");
    let Literal::Negative(_, span) = &rule.body[1] else { panic!() };
    assert_eq!(checked.sources.text(*span), "not inactive(Head, _)");
    let Literal::Comparison { operator, span, right, .. } = &rule.body[3] else { panic!() };
    assert_eq!((*operator, checked.sources.text(*span)), (Operator::NotEqual, "N != -5"));
    assert!(matches!(right, Term::Integer(Some(-5), _)));
    let Literal::Comparison { right: Term::Qualified(entity, id, span), .. } = &rule.body[4] else { panic!() };
    assert_eq!((entity.text, id.value.as_ref()), ("user", "an\"na"));
    assert_eq!(checked.sources.text(*span), r#"user:"an\"na""#);
}

#[test]
fn aggregates_stand_in_argument_places() {
    let checked = Checked::new(PROGRAM);
    let file = checked.file();
    let Term::Aggregate(function, folded, span) = &clauses(&file)[1].head.arguments[2] else { panic!() };
    assert_eq!(*function, AggregateFunction::Max);
    assert!(matches!(**folded, Term::Variable(Name { text: "L", .. })));
    assert_eq!(checked.sources.text(*span), "max(L)");
}

#[test]
fn a_test_has_its_steps() {
    let checked = Checked::new(PROGRAM);
    let file = checked.file();
    let Some(Statement::Test(test)) = file.statements.last() else { panic!() };
    assert_eq!(test.name.value, "a manager");
    assert_eq!(test.steps.iter().filter(|step| matches!(step, TestStep::Fact(_))).count(), 2);
    assert!(matches!(test.steps[3], TestStep::Expect(Literal::Negative(..), _)));
    assert!(checked.sources.text(test.span).ends_with('}'));
}

#[test]
fn carriage_returns_and_a_byte_order_mark_change_nothing() {
    let checked = Checked::new(&format!("\u{feff}{}", PROGRAM.replace('\n', "\r\n")));
    assert_eq!(checked.file().statements.len(), 14);
}

#[test]
fn a_query_ends_with_or_without_a_semicolon() {
    for text in ["p(X), X != 5", "p(X), X != 5;", "p(X), X != 5,", "p(X),\nX != 5;\n"] {
        let mut sources = Sources::default();
        let source = sources.add("<query>", text, Origin::Query);
        let (literals, diagnostics) = parse_body(&sources, source);
        assert_eq!((literals.len(), diagnostics.len()), (2, 0), "{text}");
    }
}

#[test]
fn a_declaration_with_a_mistake_leaves_its_name() {
    let checked = Checked::new("relation held(user: user role: role);\nentity a;");
    let (file, diagnostics) = parse(&checked.sources, checked.source);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(file.lost.names, ["held", "role"]);
    assert!(!file.lost.is_unknown);
    assert_eq!(file.statements.len(), 1);
}

#[test]
fn each_mistake_is_one_report_and_the_rest_is_kept() {
    let text = "entity a\nentity b;\np(X) :- q(X), \\+ r(X).\np(\"x\"\nq(X) if r(X) s(X);\n\
                q(§);\np(X) if q(X),\n  r(X\nentity c;\ntest \"t\" { p(\"a\") p(\"b\"); p(; expect q(\"a\"); }\nentity d;";
    let checked = Checked::new(text);
    let (file, diagnostics) = parse(&checked.sources, checked.source);
    let places: Vec<String> = diagnostics.iter().map(|diagnostic| diagnostic.summary(&checked.sources)).collect();
    let entities = file.statements.iter().filter(|statement| matches!(statement, Statement::Entity(_))).count();
    assert_eq!(entities, 4, "{places:#?}");
    assert_eq!(places.len(), 10, "{places:#?}");
}

/// A generator of numbers that look random: the tests of a run are those of every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }
}

const PIECES: [&str; 40] = [
    "(",
    ")",
    "{",
    "}",
    ",",
    ";",
    "if",
    "not",
    "\"",
    "'",
    "/*",
    "*/",
    "//",
    "///",
    "@id",
    "@id(\"x\")",
    ":-",
    ".",
    "\u{202e}",
    "é",
    "😀",
    "\\",
    "\\u{",
    "test",
    "expect",
    "max(",
    "user:",
    "{X}",
    "{{",
    "\n",
    "\r\n",
    "\t",
    "<",
    "=",
    "99999999999999999999",
    "_",
    "entity",
    "worksIn",
    "\0",
    "p(X) if q(X);",
];

fn mutated(random: &mut Random) -> String {
    let mut text: Vec<char> = PROGRAM.chars().collect();
    let from = random.below(text.len());
    text.drain(..from);
    for _ in 0..=random.below(6) {
        let at = random.below(text.len());
        match random.below(3) {
            0 => {
                let to = (at + random.below(30)).min(text.len());
                text.drain(at..to);
            }
            1 => text.truncate(at + random.below(200)),
            _ => {
                text.splice(at..at, PIECES[random.below(PIECES.len())].chars());
            }
        }
    }
    text.into_iter().collect()
}

#[test]
fn any_text_is_parsed_with_spans_on_character_boundaries() {
    let mut random = Random(17);
    for _ in 0..4000 {
        let text = mutated(&mut random);
        let checked = Checked::new(&text);
        let (file, diagnostics) = parse(&checked.sources, checked.source);
        let text = &checked.sources.get(checked.source).text;
        for label in diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
            assert!(text.get(label.span.start as usize..label.span.end as usize).is_some(), "{text}\n{label:?}");
        }
        for diagnostic in &diagnostics {
            assert_eq!(diagnostic.labels.iter().filter(|label| label.primary).count(), 1, "{diagnostic:?}");
        }
        for clause in clauses(&file) {
            assert!(!checked.sources.text(clause.span).is_empty());
            for name in clause.explanation.iter().flat_map(|explanation| &explanation.parts) {
                if let ExplanationPart::Variable(name) = name {
                    assert_eq!(checked.sources.text(name.span).trim_matches(['{', '}']).trim(), name.text);
                }
            }
        }
        let broken = !diagnostics.is_empty();
        assert!(broken || !text.contains('\u{202e}'), "{text}");
        let (_, _) = parse_body(&checked.sources, checked.source);
    }
}

/// Runs of these lead deep or far, each in its own way.
const RUNS: [&str; 19] = [
    "p(",
    "not ",
    "max(p",
    "test \"a\" {",
    "p(X) if ",
    "§ ",
    "x\"\n",
    "enum e {",
    "@id(\"x\")\n",
    "`\n*/\n",
    " ",
    "a",
    "A.",
    "0",
    "\"é",
    "// é",
    "/* é */",
    "=\\",
    "-",
];

/// What takes time in proportion to the square of the text takes minutes here.
#[test]
fn large_files_and_long_runs_of_any_word_take_little_time() {
    let started = std::time::Instant::now();
    let facts: String = (0..50_000).map(|number| format!("works_in(\"user{number}\", \"sales\");\n")).collect();
    assert_eq!(Checked::new(&facts).file().statements.len(), 50_000);
    for piece in PIECES.into_iter().chain(RUNS) {
        let checked = Checked::new(&piece.repeat(20_000));
        let (_, _) = parse(&checked.sources, checked.source);
        let (_, _) = parse_body(&checked.sources, checked.source);
    }
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
