//! Random portals of which a few facts change, in the data, in rule files, or in both: the decisions and levels that change,
//! and what each comes from, are those of the portal oracle.

use std::collections::{BTreeMap, BTreeSet};

use rolecall::explain::changes::{Cause, Change, Subject, Varied};

use super::{Side, changes};
use crate::answers::things;
use crate::portal::model::{ACTIONS, Level, Portal};
use crate::portal::oracle::Oracle;
use crate::portal::random::{Rng, random_portal};

const PORTALS: u64 = 16;

/// The facts of a portal, a line of the rule language each.
type Facts = BTreeSet<String>;

fn facts(portal: &Portal) -> Facts {
    portal.to_rules_facts().lines().map(str::to_owned).collect()
}

fn portal(data: &Facts, rules: &Facts) -> Portal {
    let lines: BTreeSet<&str> = data.iter().chain(rules).map(String::as_str).collect();
    Portal::read(&lines.into_iter().collect::<Vec<_>>().join("\n"))
}

/// Takes some facts away, and adds some of another portal.
fn change(facts: &mut Facts, other: &Facts, rng: &mut Rng) {
    for _ in 0..rng.between(1, 3) {
        let lines: Vec<&String> = facts.iter().collect();
        let line = (*rng.pick(&lines)).clone();
        facts.remove(&line);
    }
    for _ in 0..rng.between(1, 3) {
        facts.insert(any(other, rng));
    }
}

fn any(facts: &Facts, rng: &mut Rng) -> String {
    (*rng.pick(&facts.iter().collect::<Vec<_>>())).clone()
}

/// What rule files say and what data say, on both sides.
pub struct Sides {
    rules: [Facts; 2],
    data: [Facts; 2],
}

impl Sides {
    /// Facts stand in the data, in rule files, or in both; where both change, some come or go in both.
    pub fn random(seed: u64, varied: Varied) -> Sides {
        let rng = &mut Rng::new(seed ^ 0xd1ff);
        let all = facts(&random_portal(seed));
        let other = facts(&random_portal(seed + 5_000));
        let (mut rules, data): (Facts, Facts) = all.into_iter().partition(|_| rng.chance(20));
        rules.extend(data.iter().filter(|_| rng.chance(20)).cloned());
        let (mut new_rules, mut new_data) = (rules.clone(), data.clone());
        if varied != Varied::Data {
            change(&mut new_rules, &other, rng);
        }
        if varied != Varied::Rules {
            change(&mut new_data, &other, rng);
        }
        if varied == Varied::Both {
            let common: Facts = rules.intersection(&data).cloned().collect();
            for _ in 0..4 {
                let (goes, comes) = (any(&common, rng), any(&other, rng));
                for facts in [&mut new_rules, &mut new_data] {
                    facts.remove(&goes);
                    facts.insert(comes.clone());
                }
            }
        }
        Sides { rules: [rules, new_rules], data: [data, new_data] }
    }

    fn portal(&self, data: usize, rules: usize) -> Portal {
        portal(&self.data[data], &self.rules[rules])
    }

    pub fn side(&self, number: usize) -> Side {
        let rules: Vec<&str> = self.rules[number].iter().map(String::as_str).collect();
        Side::new(&rules.join("\n"), portal(&self.data[number], &Facts::new()).to_json())
    }

    /// The old side, the new one, the new data with the old rules, and the new rules with the old data.
    fn corners(&self) -> [Portal; 4] {
        [self.portal(0, 0), self.portal(1, 1), self.portal(1, 0), self.portal(0, 1)]
    }
}

/// A change as the oracle tells it: what, whether it is gained, and the cause.
type Told = (Vec<String>, bool, Cause);

fn cause(varied: Varied, with_data: bool, with_rules: bool) -> Cause {
    match (varied, with_data, with_rules) {
        (Varied::Data, ..) | (_, true, false) => Cause::Data,
        (Varied::Rules, ..) | (_, false, true) => Cause::Rules,
        (_, true, true) => Cause::Either,
        (_, false, false) => Cause::Both,
    }
}

fn of_either<'p>(portals: &'p [Portal; 4], entity: &str) -> BTreeSet<String> {
    portals[..2].iter().flat_map(|portal: &'p Portal| things(portal, entity)).collect()
}

fn decisions(portals: &[Portal; 4], varied: Varied) -> Vec<Told> {
    let oracles = [0, 1, 2, 3].map(|corner: usize| Oracle::new(&portals[corner]));
    let mut told = Vec::new();
    for user in of_either(portals, "user") {
        for action in ACTIONS {
            for id in of_either(portals, action.entity) {
                let allowed = |corner: usize| oracles[corner].allowed(&user, action.name, &id);
                let gained = allowed(1);
                if gained != allowed(0) {
                    let cause = cause(varied, allowed(2) == gained, allowed(3) == gained);
                    let resource = if action.entity == "portal" { id } else { format!("{}:{id}", action.entity) };
                    told.push((vec![user.clone(), action.name.to_owned(), resource], gained, cause));
                }
            }
        }
    }
    told
}

/// The levels of a user by key. A stage without a row of its own has the default level, anything else the lowest.
struct Levels(BTreeMap<Vec<String>, Level>);

impl Levels {
    fn of(portal: &Portal, user: &str) -> Levels {
        let level = |name: &str| *Level::ALL.iter().find(|level| level.name() == name).unwrap();
        let rows = Oracle::new(portal).standings(user).into_iter();
        Levels(rows.map(|row| (row.key, level(row.level))).collect())
    }

    fn level(&self, key: &[String]) -> Level {
        let default = || (key.len() == 3).then(|| self.0.get(&key[..2])).flatten();
        self.0.get(key).or_else(default).copied().unwrap_or(Level::Denied)
    }
}

fn levels(portals: &[Portal; 4], varied: Varied) -> Vec<Told> {
    let mut told = Vec::new();
    for user in of_either(portals, "user") {
        let administrator = portals[..2].iter().any(|portal| portal.administrator.iter().any(|(id,)| *id == user));
        let levels = [0, 1, 2, 3].map(|corner: usize| Levels::of(&portals[corner], &user));
        let keys: BTreeSet<&Vec<String>> = levels[..2].iter().flat_map(|levels| levels.0.keys()).collect();
        for key in keys.into_iter().filter(|key| key.len() == 1 || !administrator) {
            let level = |corner: usize| levels[corner].level(key);
            if level(0) != level(1) {
                let cause = cause(varied, level(2) == level(1), level(3) == level(1));
                let what = [std::slice::from_ref(&user), key].concat();
                told.push((what, level(1) > level(0), cause));
            }
        }
    }
    told
}

fn told(change: &Change) -> Told {
    let mut what = vec![change.user.clone()];
    match &change.subject {
        Subject::Decision { action, resource, .. } => what.extend([action.clone(), resource.clone()]),
        Subject::Level { key, .. } => what.extend(key.iter().map(|(_, value)| value.clone())),
    }
    (what, change.gained, change.cause)
}

/// A fact without quotes and escapes, as changes show it.
fn shown(line: &str) -> String {
    let (relation, terms, _) = crate::portal::text::read_literal(line);
    format!("{relation}({})", terms.join(", "))
}

#[derive(Default)]
struct Seen {
    decisions: usize,
    levels: usize,
    causes: BTreeMap<Cause, usize>,
}

/// Compares what is found with what the oracle says, and counts it.
fn compare(seed: u64, varied: Varied, seen: &mut Seen) {
    let sides = Sides::random(seed, varied);
    let portals = sides.corners();
    let found = changes(&sides.side(0), &sides.side(1), varied);
    let (found_levels, found_decisions): (Vec<&Change>, Vec<&Change>) =
        found.iter().partition(|change| change.subject.is_level());
    let all = |changes: &[&Change]| changes.iter().map(|change| told(change)).collect::<BTreeSet<Told>>();
    let expected = |told: Vec<Told>| told.into_iter().collect::<BTreeSet<Told>>();
    assert_eq!(all(&found_decisions), expected(decisions(&portals, varied)), "portal {seed}, {varied:?}");
    assert_eq!(all(&found_levels), expected(levels(&portals, varied)), "portal {seed}, {varied:?}");
    let [old, new] =
        [0, 1].map(|side: usize| facts(&portals[side]).iter().map(|line| shown(line)).collect::<BTreeSet<String>>());
    for change in &found {
        assert!(!change.changed.is_empty(), "portal {seed}, {varied:?}: {change:#?}");
        for changed in &change.changed {
            let (with, without) = if changed.added { (&new, &old) } else { (&old, &new) };
            let differs = with.contains(&changed.what) && !without.contains(&changed.what);
            assert!(differs, "portal {seed}, {varied:?}: {changed:?}");
        }
        *seen.causes.entry(change.cause).or_default() += 1;
    }
    seen.decisions += found_decisions.len();
    seen.levels += found_levels.len();
}

#[test]
fn what_changes_and_what_it_comes_from_are_the_oracles() {
    let mut seen = Seen::default();
    for seed in 0..PORTALS {
        compare(seed, Varied::Both, &mut seen);
        compare(seed, if seed % 2 == 0 { Varied::Data } else { Varied::Rules }, &mut seen);
    }
    println!("{} decisions, {} levels, {:?}", seen.decisions, seen.levels, seen.causes);
    assert!(seen.decisions > 500 && seen.levels > 250, "{} decisions, {} levels", seen.decisions, seen.levels);
    assert!(
        Cause::ALL.iter().all(|cause| seen.causes.get(cause).is_some_and(|count| *count > 15)),
        "{:?}",
        seen.causes
    );
}
