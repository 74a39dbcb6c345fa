//! `--check`: who holds which access code by the rules, and who by the table that the portal keeps.
//! Each code that roles name becomes a role of its own, so that the rules say who holds it, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::cli::workspace::{Failure, Workspace};
use crate::cli::{data, progress};
use rolecall::bitrix24::{Holders, Imported};
use rolecall::compiler::codes::Code;
use rolecall::compiler::diagnostic::{Diagnostic, any_error};
use rolecall::compiler::program::{Program, Query, RelationId, RuleId, Term, Type, VariableId};
use rolecall::data::{Database, Tag};
use rolecall::decision::{Decider, Solver};
use rolecall::facts::Loader;
use rolecall::proof::Words;

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
    let (paths, threads) = ([PathBuf::from(facts)], workspace.jobs());
    let bar = progress::bytes("loading", data::size(&paths));
    let mut heard = |bytes| bar.add(bytes);
    let mut mistakes = data::load(program, &mut database, &mut workspace.sources, &paths, threads, &mut heard);
    drop(bar);
    let mut loader = Loader::new(program, &mut database, &mut workspace.sources);
    loader.json("access codes", assignments(holders).to_string().as_bytes());
    mistakes.extend(loader.finish());
    if any_error(&mistakes) {
        return Err(workspace.failure(&mistakes));
    }
    let missing = || Failure::Message(format!("the policy has no relation `{HOLDS}` to compare with"));
    let holds = program.relation_named(HOLDS).ok_or_else(missing)?;
    let mut decider = workspace.decider_of(program, database, vec![holds])?;
    let _bar = progress::phase("comparing");
    let held = by_rules(program, &mut decider, holds);
    let model = decider.model();
    let inactive = program.relation_named("inactive").map_or_else(BTreeSet::new, |inactive| {
        model.rows(inactive).map(|row| model.database.symbols.text(row[0]).to_owned()).collect()
    });
    let names = Names { program, database: &model.database, words: Words::new(program, &model.database) };
    Ok(compare(holders, &held, &inactive, &names))
}

/// The facts that give each code to whom it names.
fn assignments(holders: &Holders) -> Json {
    let mut facts: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
    for code in &holders.assigned {
        if let Some((relation, id, membership)) = rolecall::bitrix24::assignment(code) {
            let role = format!("{ROLE}{code}");
            facts.entry(relation).or_default().push(match membership {
                Some(membership) => json!([role, id, membership]),
                None => json!([role, id]),
            });
        }
    }
    json!(facts)
}

/// Who holds a code by the rules, with the sentence of the rule.
fn by_rules(program: &Program, decider: &mut Decider, holds: RelationId) -> Held {
    let rules = (0..).map(RuleId).zip(&program.rules).filter(|(_, rule)| rule.head.relation == holds);
    let mut plans = Vec::new();
    for (id, rule) in rules {
        let query = Query { body: rule.body.clone(), variables: rule.variables.clone() };
        plans.push((id, rule, decider.prepare_query(&query)));
    }
    let database = &decider.model().database;
    let words = Words::new(program, database);
    let mut held = Held::new();
    for (id, rule, plan) in &plans {
        let [Term::Variable(user), Term::Variable(role)] = rule.head.terms[..] else { continue };
        Solver::new(decider).answers_to(plan, |row| {
            let text = |variable: VariableId| database.symbols.text(row[variable.index()]);
            if let Some(code) = text(role).strip_prefix(ROLE) {
                let key = (code.to_owned(), text(user).to_owned());
                held.entry(key).or_insert_with(|| words.sentence(*id, row).unwrap_or_else(|| rule.id.clone()));
            }
            ControlFlow::Continue(())
        });
    }
    held
}

/// What people and the things of access codes are called; ids where the export has no names.
struct Names<'m> {
    program: &'m Program,
    database: &'m Database,
    words: Words<'m>,
}

impl Names<'_> {
    /// `DR1 (Sales)`
    fn code(&self, code: &str) -> String {
        let named = rolecall::bitrix24::assignment(code).and_then(|(relation, id, _)| self.name(relation, id));
        named.map_or_else(|| code.to_owned(), |name| format!("{code} ({name})"))
    }

    fn person<'n>(&'n self, id: &'n str) -> &'n str {
        self.name("assigned_to_user", id).unwrap_or(id)
    }

    /// The name of what a role may be assigned to by such a fact.
    fn name(&self, assignment: &str, id: &str) -> Option<&str> {
        let relation = self.program.relation_named(assignment)?;
        let Type::Entity(entity) = self.program.relation(relation).fields[1].ty else { return None };
        self.words.name(self.database.symbols.find(Tag::thing(entity), id)?)
    }
}

fn compare(holders: &Holders, held: &Held, inactive: &BTreeSet<String>, names: &Names) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for code in &holders.assigned {
        let of_code = |(key, reason)| -> Option<(&str, String)> {
            let (other, user): &(String, String) = key;
            (other == code && !inactive.contains(user)).then_some((user.as_str(), reason))
        };
        let only_rules = held.iter().filter(|(key, _)| !holders.stored.contains_key(*key));
        let only_rules: Vec<_> = only_rules.map(|(key, reason)| (key, reason.clone())).filter_map(of_code).collect();
        let only_portal = holders.stored.iter().filter(|(key, _)| !held.contains_key(*key));
        let by = |user: &str, provider: &String| {
            let person = names.person(user);
            format!("{person} has it in `b_user_access` by the provider `{provider}`, and no rule gives it")
        };
        let only_portal = only_portal.map(|(key, provider)| (key, by(&key.1, provider)));
        let only_portal: Vec<_> = only_portal.filter_map(of_code).collect();
        let code = names.code(code);
        warnings.extend(warning(&code, "the rules give it", "the portal does not", &only_rules));
        warnings.extend(warning(&code, "the portal gives it", "the rules do not", &only_portal));
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
