//! Loading data: the same facts from every format, and what the loader accepts.

use std::sync::OnceLock;

use rolecall::compiler::compile;
use rolecall::compiler::diagnostic::Diagnostic;
use rolecall::compiler::program::Program;
use rolecall::compiler::source::{Origin, Sources};
use rolecall::data::Database;
use rolecall::facts::{Delimiter, Loader};

/// Declarations like those of the built-in policy, small enough to know by heart.
pub const POLICY: &str = r#"
entity user; entity department; entity role; entity channel; entity chat; entity portal; entity crm_type;
enum level { denied < own < department < open < any };
enum edition { cloud, on_premise };
action history.view on chat;
action chat.rate on chat;
action access.edit on portal;
action app.use on portal;
input user(user: user);
input inactive(user: user);
input works_in(user: user, department: department);
input department(department: department);
input department_parent(department: department, parent: department);
input role(role: role);
input role_permission(role: role, action: action, level: level);
input crm_role_permission(role: role, crm_type: crm_type, level: level);
input chat(chat: chat, channel: channel);
input edition(edition: edition);
input display_name(thing: resource, name: text);
input priority(chat: chat, priority: int);
input portal_owner(portal: portal, user: user);
input note(note: text);
relation legal_level(action: action, level: level);
legal_level(history.view, denied); legal_level(history.view, own); legal_level(history.view, any);
legal_level(chat.rate, department); legal_level(chat.rate, any);
legal_level(access.edit, denied); legal_level(access.edit, any);
relation legal_crm_level(level: level);
legal_crm_level(denied); legal_crm_level(any);
relation head_of(user: user);
decision allow(user: user, action: action, resource: resource);
allow(U, history.view, _) if user(U), not inactive(U), head_of(U);
department("board");
works_in("root", "board");
"#;

/// A program with the built-in declarations above and rules added to them.
pub fn program_with(rules: &str) -> (Program, Sources) {
    let mut sources = Sources::default();
    let mut ids = vec![sources.add("policy.rules", POLICY, Origin::BuiltIn)];
    if !rules.is_empty() {
        ids.push(sources.add("team.rules", rules, Origin::Rules));
    }
    let (program, diagnostics) = compile(&sources, &ids);
    let summaries: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.summary(&sources)).collect();
    let program = program.unwrap_or_else(|| panic!("{summaries:#?}"));
    (program, sources)
}

/// The same without added rules, compiled once for all tests.
pub fn program() -> (&'static Program, Sources) {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    let mut sources = Sources::default();
    sources.add("policy.rules", POLICY, Origin::BuiltIn);
    (PROGRAM.get_or_init(|| program_with("").0), sources)
}

/// One file loaded alone: its facts as lines, sorted, each once, and its diagnostics as one line each.
pub struct Loaded {
    pub facts: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
    pub sources: Sources,
}

impl Loaded {
    pub fn summaries(&self) -> Vec<String> {
        self.diagnostics.iter().map(|diagnostic| diagnostic.summary(&self.sources)).collect()
    }
}

/// Loads a file by the end of its name, as a folder would.
pub fn load(name: &str, bytes: &[u8]) -> Loaded {
    let (program, sources) = program();
    load_into(program, sources, name, bytes)
}

pub fn load_into(program: &Program, mut sources: Sources, name: &str, bytes: &[u8]) -> Loaded {
    let mut database = Database::new(program);
    let mut loader = Loader::new(program, &mut database, &mut sources);
    let (relation, extension) = name.rsplit_once('.').unwrap();
    match extension {
        "json" => loader.json(name, bytes),
        "jsonl" => loader.lines(relation, name, bytes),
        "csv" => loader.delimited(Delimiter::Comma, relation, name, bytes),
        "tsv" => loader.delimited(Delimiter::Tab, relation, name, bytes),
        _ => panic!("{name}"),
    }
    let diagnostics = loader.finish();
    Loaded { facts: facts(program, &database), diagnostics, sources }
}

/// The facts that came from data, as `works_in(anna, sales)`.
pub fn facts(program: &Program, database: &Database) -> Vec<String> {
    let mut facts = Vec::new();
    for (number, relation) in program.relations.iter().enumerate() {
        let id = rolecall::compiler::program::RelationId(number as u32);
        for row in database.table(id).rows().skip(program.facts[number].spans.len()) {
            let values = row.iter().zip(&relation.fields);
            let shown: Vec<_> = values.map(|(value, field)| database.show(program, field.ty, *value)).collect();
            facts.push(format!("{}({})", relation.name, shown.join(", ")));
        }
    }
    facts.sort();
    facts.dedup();
    facts
}

/// The facts of a file that has nothing wrong with it.
fn good(name: &str, text: &str) -> Vec<String> {
    let loaded = load(name, text.as_bytes());
    assert_eq!(loaded.summaries(), [""; 0]);
    loaded.facts
}

#[test]
fn the_same_facts_come_from_every_format() {
    let facts = ["works_in(a \"b\", x,y)", "works_in(anna, sales)", "works_in(boris, 5)"];
    let json = r#"{"works_in": [{"user": "anna", "department": "sales"}, ["boris", 5], ["anna", "sales"],
        {"department": "x,y", "user": "a \"b\""}]}"#;
    assert_eq!(good("data.json", json), facts);
    let jsonl = "[\"anna\",\"sales\"]\n\n {\"department\": \"5\", \"user\": \"boris\"} \n[\"a \\u0022b\\\"\", \"x,y\"]";
    assert_eq!(good("works_in.jsonl", jsonl), facts);
    let csv = "department,user\r\nsales,anna\r\n5,boris\r\n\r\n\"x,y\",\"a \"\"b\"\"\"\r\n";
    assert_eq!(good("works_in.csv", csv), facts);
    let tsv = "user\tdepartment\nanna\tsales\nboris\t5\na \"b\"\tx,y\n";
    assert_eq!(good("works_in.tsv", tsv), facts);
}

#[test]
fn every_type_is_read_from_every_format() {
    let json = r#"{
        "inactive": ["anna", 7], "edition": ["cloud"], "note": [["x"], ""],
        "role_permission": [["m", "history.view", "own"]], "priority": [["c1", -3], ["c2", "4"]],
        "display_name": [{"thing": {"type": "user", "id": 9}, "name": "Anna"}, ["chat:a:b", "Chat"]],
        "portal_owner": [["whatever", "anna"]]
    }"#;
    let facts = [
        "display_name(chat:a:b, Chat)",
        "display_name(user:9, Anna)",
        "edition(cloud)",
        "inactive(7)",
        "inactive(anna)",
        "note()",
        "note(x)",
        "portal_owner(portal, anna)",
        "priority(c1, -3)",
        "priority(c2, 4)",
        "role_permission(m, history.view, own)",
    ];
    assert_eq!(good("data.json", json), facts);
    assert_eq!(good("display_name.csv", "thing,name\nuser:9,Anna\nchat:a:b,Chat\n"), facts[..2]);
    assert_eq!(good("inactive.csv", "user\nanna\n7\n\n\n"), facts[3..5]);
    assert_eq!(good("priority.tsv", "priority\tchat\n-3\tc1\n4\tc2\n"), facts[8..10]);
    assert_eq!(good("inactive.jsonl", "7\n\"anna\"\n"), facts[3..5]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_data() {
    assert_eq!(good("inactive.csv", "\u{feff}user\nanna\n"), ["inactive(anna)"]);
    assert_eq!(good("inactive.jsonl", "\u{feff}\"anna\"\n"), ["inactive(anna)"]);
    assert_eq!(good("data.json", "\u{feff}{\"inactive\": [\"anna\"]}"), ["inactive(anna)"]);
}

#[test]
fn files_without_records_are_no_mistake() {
    assert_eq!(good("data.json", " { } "), [""; 0]);
    assert_eq!(good("data.json", "{\"inactive\": [ ]}\n"), [""; 0]);
    assert_eq!(good("inactive.jsonl", ""), [""; 0]);
    assert_eq!(good("inactive.csv", "user"), [""; 0]);
}
