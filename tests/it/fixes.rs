//! The changes that `check --fix` makes: each removes its own mistake and brings no other one, and no rule says more.

use std::collections::BTreeMap;

use rolecall::compiler::codes::Code;
use rolecall::compiler::compile_with_warnings;
use rolecall::compiler::diagnostic::{Diagnostic, Edit, any_error};
use rolecall::compiler::fix::{Fixed, fixed};
use rolecall::compiler::source::{Origin, SourceId, Sources};
use rolecall::policy;

use crate::goldens;
use crate::programs::sections;
use crate::prose::rule_blocks;

/// A rule file: its name, its text, and whose it is.
pub type File<'a> = (&'a str, String, Origin);

/// Warnings about programs without an error: where one has errors, they are not looked for.
const WITHOUT_ERRORS: [Code; 5] =
    [Code::VariableUsedOnce, Code::NeverFires, Code::DuplicateRule, Code::SubsumedRule, Code::UnusedRelation];

fn check(files: &[File]) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let ids: Vec<SourceId> =
        files.iter().map(|(name, text, origin)| sources.add(*name, text.as_str(), *origin)).collect();
    let diagnostics = compile_with_warnings(&sources, &ids).1;
    (sources, diagnostics)
}

/// Makes each certain change of these files alone, and fails where that does not remove exactly its mistake. The codes
/// of these mistakes.
pub fn check_each_certain_change(files: &[File]) -> Vec<Code> {
    let (sources, before) = check(files);
    let certain = before.iter().filter(|diagnostic| !fixed(&sources, &[(*diagnostic).clone()]).is_empty());
    let changes = certain.map(|diagnostic| (diagnostic.code, diagnostic.certain_edit().unwrap().1));
    changes.map(|(code, edit)| (code, check_change(files, &sources, &before, edit)).0).collect()
}

fn check_change(files: &[File], sources: &Sources, before: &[Diagnostic], edit: &Edit) {
    let mut changed = files.to_vec();
    let number = edit.span.source.0 as usize;
    let mut text = sources.get(edit.span.source).text.clone();
    text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    changed[number].1.clone_from(&text);
    let (_, after) = check(&changed);
    let others = before.iter().filter(|other| other.certain_edit().is_none_or(|(_, own)| own != edit));
    let left = others.filter(|other| !is_taken_away(other, edit));
    let mut expected: Vec<_> = left.map(|diagnostic| place(diagnostic, Some(edit))).collect();
    let silent = any_error(before) && !any_error(&after);
    let told = after.iter().filter(|diagnostic| !(silent && WITHOUT_ERRORS.contains(&diagnostic.code)));
    let mut found: Vec<_> = told.map(|diagnostic| place(diagnostic, None)).collect();
    expected.sort();
    found.sort();
    assert!(
        expected == found,
        "{edit:?}\nshould leave {expected:?}\n      leaves {found:?}\n--- before\n{}--- after\n{text}",
        files[number].1
    );
}

/// Whether what a diagnostic is about is no more there after a change, which took away more than a word.
fn is_taken_away(diagnostic: &Diagnostic, edit: &Edit) -> bool {
    let span = diagnostic.labels[0].span;
    let is_inside = span.source == edit.span.source && edit.span.start <= span.start && span.end <= edit.span.end;
    is_inside && edit.text.is_empty() && span.start < span.end
}

/// What is wrong, and where it begins; if a change is given, where it will begin after that.
fn place(diagnostic: &Diagnostic, edit: Option<&Edit>) -> (Code, u32, i64) {
    let span = diagnostic.labels[0].span;
    let shift = match edit.filter(|edit| edit.span.source == span.source) {
        Some(edit) if edit.span.end <= span.start => {
            edit.text.len() as i64 - i64::from(edit.span.end - edit.span.start)
        }
        // It begins with a word that is put in place of another one, behind a blank.
        Some(edit) if edit.span.start == span.start => (edit.text.len() - edit.text.trim_start().len()) as i64,
        _ => 0,
    };
    (diagnostic.code, span.source.0, i64::from(span.start) + shift)
}

fn after_the_policy<'a>(files: impl Iterator<Item = File<'a>>) -> Vec<File<'a>> {
    policy::FILES.iter().map(|(name, text)| (*name, (*text).to_owned(), Origin::BuiltIn)).chain(files).collect()
}

#[test]
fn each_certain_change_removes_exactly_its_mistake() {
    let cases: Vec<(String, String)> = ["programs", "syntax", "format", "fixes"]
        .into_iter()
        .flat_map(goldens::texts)
        .filter(|(name, _)| !name.ends_with(".query"))
        .chain(rule_blocks())
        .collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, text) in &cases {
        let origin = |name: &str| if name.starts_with("rules/") { Origin::BuiltIn } else { Origin::Rules };
        let own = || sections(name, text).into_iter().filter(|(name, _)| *name != "query");
        let own = || own().map(|(name, text)| (name, text.to_owned(), origin(name)));
        for files in [own().collect(), after_the_policy(own())] {
            for code in check_each_certain_change(&files) {
                *counts.entry(code.name()).or_default() += 1;
            }
        }
    }
    let codes: Vec<&str> = counts.keys().copied().collect();
    let expected =
        ["duplicate-rule", "syntax-error", "type-conflict", "unknown-explanation-variable", "variable-used-once"];
    assert_eq!(codes, expected, "{counts:?}");
}

/// All rounds of changes, as `check --fix` makes them.
fn all_fixed(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..20 {
        let (sources, diagnostics) = check(&[("a.rules", text.clone(), Origin::Rules)]);
        match fixed(&sources, &diagnostics).pop() {
            Some(Fixed { text: better, .. }) => text = better,
            None => return text,
        }
    }
    panic!("the changes do not end\n{text}");
}

#[test]
fn what_is_certain_is_changed_and_nothing_else() {
    goldens::compare("fixes", "fixed", |_, text| all_fixed(text));
}

#[test]
fn of_changes_that_touch_each_other_the_second_waits() {
    let declared = "entity user; input p(user: user); input q(user: user);";
    let round = |text: &str| {
        let (sources, diagnostics) = check(&[("a.rules", format!("{declared} {text}"), Origin::Rules)]);
        fixed(&sources, &diagnostics)
    };
    let fixed = |text: &str, changes| [Fixed { source: SourceId(0), text: format!("{declared} {text}"), changes }];
    assert_eq!(round("p(U) :- q(U)&&!p(U)."), fixed("p(U) if q(U),!p(U);", 3));
    assert_eq!(round("p(U) if q(U),!p(U);"), fixed("p(U) if q(U), not p(U);", 1));
    assert_eq!(round("p(U) if q(U), not p(U);"), []);
}
