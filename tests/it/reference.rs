//! The references in `docs/` against what they describe: codes, inputs, items of the policy, commands.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rolecall::compiler::codes::Code;
use rolecall::compiler::program::{Constant, Program, RelationKind, SentencePart};
use rolecall::compiler::source::Sources;
use rolecall::{compiler, policy};

use crate::prose::root;

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

fn built_in() -> Program {
    let mut sources = Sources::default();
    let ids = policy::add_to(&mut sources);
    compiler::compile(&sources, &ids).0.unwrap()
}

/// The table is the end of the page; `BLESS=1 cargo test` writes it.
#[test]
fn language_ends_with_every_code_and_what_it_stands_for() {
    let text = page("docs/language.md");
    let row = |code: &Code| format!("| [`{0}`](errors/{0}.md) | {1} |\n", code.name(), code.summary());
    let expected: String = Code::ALL.iter().map(row).collect();
    let (before, _) = text.split_once("| [`lexical-error`]").unwrap();
    if std::env::var_os("BLESS").is_some() {
        fs::write(root().join("docs/language.md"), format!("{before}{expected}")).unwrap();
    } else {
        let missing = |row: &&str| !text[before.len()..].lines().any(|line| line == *row);
        let missing: Vec<&str> = expected.lines().filter(missing).collect();
        assert!(text[before.len()..] == expected, "BLESS=1 writes the table anew; it lacks {missing:#?}");
    }
}

/// `user`, or `parent: department` where the name is not the type.
#[test]
fn facts_lists_every_input_with_its_fields() {
    let program = built_in();
    let text = page("docs/facts.md");
    let listed: BTreeSet<&str> = text.lines().filter(|line| line.starts_with("| `")).collect();
    for relation in program.relations.iter().filter(|relation| relation.kind == RelationKind::Input) {
        let field = |field: &rolecall::compiler::program::Field| match program.type_name(field.ty) {
            ty if ty == field.name => format!("`{ty}`"),
            ty => format!("`{}: {ty}`", field.name),
        };
        let fields: Vec<String> = relation.fields.iter().map(field).collect();
        let row = format!("| `{}` | {} | ", relation.name, fields.join(", "));
        assert!(listed.iter().any(|line| line.starts_with(&row)), "docs/facts.md lacks {row}");
    }
}

#[test]
fn facts_lists_every_enum_and_its_members() {
    let text = page("docs/facts.md");
    for declared in built_in().enums {
        let separator = if declared.ordered { " < " } else { ", " };
        let row = format!("| `{}` | `{}` |", declared.name, declared.members.join(separator));
        assert!(text.contains(&row), "docs/facts.md lacks {row}");
    }
}

/// The ids that each item of the policy names in `docs/policy.md`, by item.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let mut items: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = None;
    for line in page("docs/policy.md").lines() {
        let start = line.strip_prefix("**").and_then(|rest| Some(rest.split_once("**")?.0.to_owned()));
        if let Some(item) = start {
            assert!(items.insert(item.clone(), BTreeSet::new()).is_none(), "{item} stands twice");
            current = Some(item);
        }
        if let (Some(ids), Some(item)) = (line.strip_prefix("Rules: "), &current) {
            let ids = ids.split(", ").map(|id| id.trim_matches(['`', '.']).to_owned());
            items.entry(item.clone()).or_default().extend(ids);
        }
    }
    items
}

/// The items that the comments above the built-in rules name, with the ids below them.
fn implemented() -> BTreeMap<String, BTreeSet<String>> {
    let mut items: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, text) in policy::FILES {
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let Some(id) = line.strip_prefix("@id(\"").and_then(|rest| rest.strip_suffix("\")")) else { continue };
            let above = lines[..number].iter().rev();
            let source = above.clone().find(|line| !line.starts_with("///")).unwrap_or(&"");
            let source = source.strip_prefix("// ").unwrap_or_else(|| panic!("`{id}` has no source comment"));
            for item in source.split(", ") {
                items.entry(item.to_owned()).or_default().insert(id.to_owned());
            }
        }
    }
    items
}

#[test]
fn policy_names_the_rules_of_every_item_and_the_rules_name_their_items() {
    let documented = documented();
    for (item, ids) in implemented() {
        let shown = documented.get(&item).unwrap_or_else(|| panic!("docs/policy.md has no item {item}"));
        assert_eq!(*shown, ids, "the rules of {item} in docs/policy.md, and in rules/");
    }
    for (item, ids) in &documented {
        assert!(ids.is_empty() || implemented().contains_key(item), "no rule names {item}");
    }
}

/// The rows that the policy states for a relation of an action and members of enums, by action.
fn stated(program: &Program, relation: &str) -> BTreeMap<String, Vec<String>> {
    let id = program.relation_named(relation).unwrap();
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in program.facts[id.index()].values.chunks(2) {
        let [Constant::Action(action), Constant::Member(declared, place)] =
            [0, 1].map(|at| program.constants.get(row[at]))
        else {
            panic!("{relation} holds something else");
        };
        let member = program.enums[declared.index()].members[*place as usize].clone();
        rows.entry(program.actions[action.index()].name.clone()).or_default().push(member);
    }
    rows
}

#[test]
fn policy_lists_the_levels_of_every_action() {
    let program = built_in();
    let text = page("docs/policy.md");
    let modules = stated(&program, "level_action");
    let levels = stated(&program, "legal_level");
    for action in &program.actions {
        let on = &program.entities[action.on.unwrap().index()].name;
        match (modules.get(&action.name), levels.get(&action.name)) {
            (Some(module), Some(levels)) => {
                let row = format!("| `{}` | {on} | `{}` | {} | ", action.name, module[0], levels.join(", "));
                assert!(text.contains(&row), "docs/policy.md lacks {row}");
            }
            _ => assert!(text.contains(&format!("`{}`", action.name)), "docs/policy.md lacks {}", action.name),
        }
    }
}

#[test]
fn every_built_in_rule_has_an_id_and_an_explanation() {
    for rule in built_in().rules {
        assert!(rule.named, "a rule without an id: {}", rule.id);
        assert!(!rule.explanation.is_empty(), "`{}` has no explanation", rule.id);
    }
}

/// `why` shows facts in the words of their relation.
#[test]
fn every_built_in_relation_has_a_sentence_with_all_its_fields() {
    for relation in built_in().relations {
        for place in 0..relation.fields.len() {
            assert!(relation.sentence.contains(&SentencePart::Place(place)), "place {place} of `{}`", relation.name);
        }
    }
}

/// A command that is not in the table of the README will not be found.
#[test]
fn readme_lists_every_command_and_shared_option() {
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_rolecall")).arg("--help").output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A continued description is indented further.
    let commands = commands.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    let options = help.lines().filter_map(|line| line.trim().strip_prefix("--")?.split([' ', ',']).next());
    let readme = page("README.md");
    for command in commands.filter(|command| *command != "help") {
        assert!(readme.contains(&format!("| `{command}")), "README.md lacks the command {command}");
    }
    for option in options {
        assert!(readme.contains(&format!("| `--{option}")), "README.md lacks the option --{option}");
    }
}

/// An invariant is worth its test.
#[test]
fn architecture_names_tests_that_exist() {
    let text = page("ARCHITECTURE.md");
    let table = text.split("## Invariants").nth(1).unwrap().split("**Determinism.**").next().unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() >= 10, "{} invariants", rows.len());
    for row in rows {
        let tests: Vec<(&str, &str)> = row.split('`').filter_map(|word| word.split_once("::")).collect();
        assert!(!tests.is_empty(), "no test holds: {row}");
        for (module, name) in tests {
            let file = ["tests/it/M.rs", "tests/it/M/mod.rs"].map(|path| path.replace('M', module));
            let text = file.iter().find_map(|path| fs::read_to_string(root().join(path)).ok());
            let text = text.unwrap_or_else(|| panic!("there is no {module}"));
            assert!(text.contains(&format!("#[test]\nfn {name}()")), "{module} has no test {name}");
        }
    }
}
