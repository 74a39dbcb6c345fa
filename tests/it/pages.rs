//! The pages of `docs/errors/`: each code has one, its example has exactly that mistake, and its repair has none.
//!
//! `rules` blocks are files of rules; `json`, `csv R`, `jsonl R`, `tsv R` and `text NAME` blocks are the files of one
//! folder of data. What `check` says of them counts, and what `test` says of rules that are right.

use std::collections::BTreeSet;
use std::fs;

use rolecall::compiler::codes::Code;
use rolecall::report::pages::page;

use crate::cli::Place;
use crate::prose::{Block, blocks_of, root};

/// What no text can show: bytes that are no text, characters that nobody sees, and what is too large for a page.
const IN_WORDS: [Code; 5] =
    [Code::BidirectionalControl, Code::NestedTooDeep, Code::RuleTooLong, Code::BadUtf8, Code::RecordTooLong];

/// What depends on how the program is called. `prose` runs these commands, too, and compares what they print.
const BY_COMMAND: [Code; 4] =
    [Code::FreeDecisionVariable, Code::UnreadableFile, Code::LimitReached, Code::MissingAllow];

/// What is found in exports: their examples are exports, which are imported.
const BY_IMPORT: [Code; 9] = [
    Code::MissingPage,
    Code::FailedResponse,
    Code::MalformedSql,
    Code::UnusableRecord,
    Code::UnmatchedAccess,
    Code::UnknownPermission,
    Code::LoweredLevel,
    Code::UnparsedPhone,
    Code::HolderDifference,
];

/// In the first paragraph of what is no error.
const WARNING: &str = " This is a warning.\n\n";

/// In that of what is no mistake.
const NOTE: &str = " This is a note.\n\n";

const EXAMPLE: &str = "\n## An example that fails\n\n";
const REPAIR: &str = "\n## The repair\n\n";

/// The blocks of the example, and those of the repair.
fn halves(code: Code) -> [Vec<Block>; 2] {
    let (_, rest) = page(code).split_once(EXAMPLE).unwrap_or_else(|| panic!("`{code}` has no example"));
    let (example, repair) = rest.split_once(REPAIR).unwrap_or_else(|| panic!("`{code}` has no repair"));
    [blocks_of(&format!("{code} (example)"), example), blocks_of(&format!("{code} (repair)"), repair)]
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let files = fs::read_dir(root().join("docs/errors")).unwrap();
    let files: BTreeSet<String> = files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let expected: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
    assert_eq!(files, expected);
    for code in Code::ALL {
        assert!(page(*code).starts_with(&format!("# {code}\n\n")), "the page of `{code}` is another's");
    }
}

/// They are printed as they are.
#[test]
fn pages_fit_a_screen() {
    for code in Code::ALL {
        let text = page(*code);
        let lines = text.lines().count();
        assert!((14..=40).contains(&lines), "the page of `{code}` has {lines} lines");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "the end of the page of `{code}`");
        let mut drawn = false;
        for line in text.lines() {
            drawn ^= line.starts_with("```");
            assert!(drawn || line.chars().count() <= 120, "a long line in the page of `{code}`: {line}");
            assert!(!line.contains(char::is_control), "a control character in the page of `{code}`");
        }
    }
}

#[test]
fn every_example_has_its_mistake_and_every_repair_has_none() {
    let mut wrong = Vec::new();
    for code in Code::ALL.iter().filter(|code| !BY_COMMAND.contains(code)) {
        let [example, repair] = halves(*code);
        if IN_WORDS.contains(code) {
            assert!(example.iter().all(|block| block.language() == "text"), "`{code}` can be shown after all");
        } else {
            let severity = match page(*code) {
                page if page.contains(WARNING) => "warning",
                page if page.contains(NOTE) => "note",
                _ => "error",
            };
            let found = found(*code, &example);
            if found != [format!("{severity}[{code}]")] {
                wrong.push(format!("the example of `{code}` has {found:?}"));
            }
        }
        let mut left = found(*code, &repair);
        left.retain(|report| !report.starts_with("note["));
        if !left.is_empty() {
            wrong.push(format!("the repair of `{code}` has {left:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_that_are_commands_fail_with_their_code_and_repairs_do_not() {
    for code in BY_COMMAND {
        let [example, repair] = halves(code);
        for block in example.iter().chain(&repair) {
            assert_eq!(block.language(), "console", "{}", block.place);
        }
        let [example, repair] =
            [&example, &repair].map(|half| half.iter().map(|block| &*block.text).collect::<String>());
        assert!(example.contains(&format!("\nerror[{code}]: ")) && example.ends_with("\n[exit 2]\n"), "{example}");
        assert!(!repair.is_empty() && !repair.contains("error[") && !repair.contains("[exit"), "{repair}");
    }
}

/// All that is wrong with the blocks of an example, as `error[empty-id]`. There is something to look at.
fn found(code: Code, blocks: &[Block]) -> Vec<String> {
    let (rules, data): (Vec<&Block>, Vec<&Block>) = blocks.iter().partition(|block| block.language() == "rules");
    assert!(!blocks.is_empty(), "an example without a block");
    match data.is_empty() {
        true => rules.into_iter().flat_map(wrong_with_rules).collect(),
        false if BY_IMPORT.contains(&code) => wrong_with_export(&data),
        false => wrong_with_data(&rules, &data),
    }
}

fn wrong_with_rules(block: &Block) -> Vec<String> {
    let place = Place::new().file("page.rules", &block.text);
    let words: &[&str] = if block.has("policy") { &["--policy", "page.rules"] } else { &["page.rules"] };
    let found = reports(&place, &[&["check"], words].concat());
    match found.is_empty() && block.text.contains("expect ") {
        true => reports(&place, &[&["test"], words].concat()),
        false => found,
    }
}

fn wrong_with_data(rules: &[&Block], data: &[&Block]) -> Vec<String> {
    let file = |place: Place, block: &&Block| {
        let name = match (block.language(), block.name()) {
            ("text", Some(name)) => name.to_owned(),
            ("json", _) => "portal.json".to_owned(),
            (format @ ("jsonl" | "csv" | "tsv"), Some(relation)) => format!("{relation}.{format}"),
            _ => panic!("{}: no file of data", block.place),
        };
        place.file(&format!("data/{name}"), &block.text)
    };
    let place = data.iter().fold(Place::new(), file);
    let with_rules =
        |place: Place, (number, block): (usize, &&Block)| place.file(&format!("rules/{number}.rules"), &block.text);
    let place = rules.iter().enumerate().fold(place, with_rules);
    let words: &[&str] = if rules.is_empty() { &[] } else { &["--rules", "rules"] };
    reports(&place, &[&["check", "--data", "data"], words].concat())
}

/// The blocks are files of an export. Where it holds `b_user_access`, it is compared with that.
fn wrong_with_export(blocks: &[&Block]) -> Vec<String> {
    let file = |place: Place, block: &&Block| place.file(&format!("export/{}", block.name().unwrap()), &block.text);
    let compared = blocks.iter().any(|block| block.name().unwrap().starts_with("b_user_access"));
    let check: &[&str] = if compared { &["--check"] } else { &[] };
    let words = ["import", "bitrix24", "export", "--output", "facts", "--country", "DE"];
    reports(&blocks.iter().fold(Place::new(), file), &[&words, check].concat())
}

/// What a command reports.
fn reports(place: &Place, words: &[&str]) -> Vec<String> {
    let ran = place.run(&[words, &["--message-format", "json"]].concat());
    let objects = ran.text().lines().chain(ran.err.lines()).filter(|line| line.starts_with('{'));
    let report = |line: &str| {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        format!("{}[{}]", object["severity"].as_str().unwrap(), object["code"].as_str().unwrap())
    };
    let reports: Vec<String> = objects.map(report).collect();
    assert!(ran.status == 0 || !reports.is_empty(), "{words:?} fails\n{}{}", ran.text(), ran.err);
    reports
}
