//! `--check`: who holds which access code by the rules, and who by the table that the portal keeps.
//! Each code that roles name becomes a role of its own, so that the rules say who holds it, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::bitrix24::{Holders, Imported};
use crate::cli::data;
use crate::cli::workspace::{Failure, Workspace};
use crate::compiler::codes::Code;
use crate::compiler::diagnostic::{Diagnostic, any_error};
use crate::compiler::program::{ExplanationPart, Program, Query, Rule, Term};
use crate::data::Database;
use crate::decision::{Decider, Solver};
use crate::engine::{Derivation, derive};
use crate::facts::Loader;

/// The relation of those who hold a role.
const HOLDS: &str = "holds_role";
/// With this begin the roles that stand for codes.
const ROLE: &str = "access code ";
/// So many people are named for each code.
const SAMPLES: usize = 3;

/// A person and why they hold a code.
type Held = BTreeMap<(String, String), String>;

/// A warning for each code that others hold by the rules than by the table.
pub fn differences(
    workspace: &mut Workspace,
    program: &Program,
    facts: &Path,
    imported: &Imported,
) -> Result<Vec<Diagnostic>, Failure> {
    let holders = &imported.holders;
    if !holders.read {
        let message = "`--check` compares with `b_user_access`, which is not in the export".to_owned();
        return Err(Failure::Message(message));
    }
    let mut database = Database::new(program);
    let (paths, mut silent) = ([PathBuf::from(facts)], |_| {});
    let threads = workspace.jobs();
    let mut mistakes = data::load(program, &mut database, &mut workspace.sources, &paths, threads, &mut silent);
    let mut loader = Loader::new(program, &mut database, &mut workspace.sources);
    loader.json("access codes", assignments(holders).to_string().as_bytes());
    mistakes.extend(loader.finish());
    if any_error(&mistakes) {
        return Err(workspace.failure(&mistakes));
    }
    let (held, inactive) = by_rules(workspace, program, database)?;
    Ok(compare(holders, &held, &inactive))
}

/// The facts that give each code to whom it names.
fn assignments(holders: &Holders) -> Json {
    let mut facts: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
    for code in &holders.assigned {
        if let Some((relation, id, membership)) = crate::bitrix24::assignment(code) {
            let role = format!("{ROLE}{code}");
            facts.entry(relation).or_default().push(match membership {
                Some(membership) => json!([role, id, membership]),
                None => json!([role, id]),
            });
        }
    }
    json!(facts)
}

/// Who holds a code by the rules, with the sentence of the rule; and who is inactive.
fn by_rules(workspace: &Workspace, program: &Program, database: Database) -> Result<(Held, BTreeSet<String>), Failure> {
    let missing = || Failure::Message(format!("the policy has no relation `{HOLDS}` to compare with"));
    let holds = program.relation_named(HOLDS).ok_or_else(missing)?;
    let how = Derivation { wanted: Some(vec![holds]), ..workspace.derivation(None) };
    let mut decider = Decider::new(derive(program, database, &how, None).map_err(|error| workspace.limit(&error))?);
    let mut held = Held::new();
    for rule in program.rules.iter().filter(|rule| rule.head.relation == holds) {
        let plan = decider.prepare_query(&Query { body: rule.body.clone(), variables: rule.variables.clone() });
        let database = &decider.model().database;
        let [Term::Variable(user), Term::Variable(role)] = rule.head.terms[..] else { continue };
        Solver::new(&decider).answers_to(&plan, |row| {
            let text = |variable: crate::compiler::program::VariableId| {
                database.symbols.text(row[variable.index()]).to_owned()
            };
            if let Some(code) = text(role).strip_prefix(ROLE) {
                let key = (code.to_owned(), text(user));
                held.entry(key).or_insert_with(|| sentence(program, database, rule, row));
            }
            ControlFlow::Continue(())
        });
    }
    let database = &decider.model().database;
    let inactive = program.relation_named("inactive").map_or_else(BTreeSet::new, |inactive| {
        let rows = decider.model().rows(inactive);
        rows.map(|row| database.symbols.text(row[0]).to_owned()).collect()
    });
    Ok((held, inactive))
}

fn sentence(program: &Program, database: &Database, rule: &Rule, row: &[crate::data::Value]) -> String {
    let part = |part: &ExplanationPart| match part {
        ExplanationPart::Words(words) => words.clone(),
        ExplanationPart::Variable(variable) => {
            database.show(program, rule.variables[variable.index()].ty, row[variable.index()])
        }
    };
    rule.explanation.iter().map(part).collect()
}

fn compare(holders: &Holders, held: &Held, inactive: &BTreeSet<String>) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for code in &holders.assigned {
        let of_code = |(key, reason)| -> Option<(&str, String)> {
            let (other, user): &(String, String) = key;
            (other == code && !inactive.contains(user)).then_some((user.as_str(), reason))
        };
        let only_rules = held.iter().filter(|(key, _)| !holders.stored.contains_key(*key));
        let only_rules: Vec<_> = only_rules.map(|(key, reason)| (key, reason.clone())).filter_map(of_code).collect();
        let only_portal = holders.stored.iter().filter(|(key, _)| !held.contains_key(*key));
        let by =
            |provider: &String| format!("`b_user_access` has it by the provider `{provider}`, and no rule gives it");
        let only_portal: Vec<_> = only_portal.map(|(key, provider)| (key, by(provider))).filter_map(of_code).collect();
        warnings.extend(warning(code, "the rules give it", "the portal does not", &only_rules));
        warnings.extend(warning(code, "the portal gives it", "the rules do not", &only_portal));
    }
    warnings
}

fn warning(code: &str, who: &str, whom: &str, people: &[(&str, String)]) -> Option<Diagnostic> {
    if people.is_empty() {
        return None;
    }
    let number = if people.len() == 1 { "1 person".to_owned() } else { format!("{} people", people.len()) };
    let message = format!("access code {code}: {who} to {number} to whom {whom}");
    let mut warning = Diagnostic::warning(Code::HolderDifference, message);
    for (user, reason) in people.iter().take(SAMPLES) {
        warning = warning.note(format!("user {user}: {reason}"));
    }
    match people.len().saturating_sub(SAMPLES) {
        0 => Some(warning),
        more => Some(warning.note(format!("and {more} more"))),
    }
}
