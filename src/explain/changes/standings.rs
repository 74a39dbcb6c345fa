//! Comparing levels: what they are asked about on either side, and where a user stands.
//!
//! A stage of which no role says anything has the default level. So a row that comes or goes is compared with that.

use std::collections::BTreeMap;
use std::fmt;

use crate::compiler::program::vocabulary::DEFAULT;
use crate::compiler::program::{Program, RelationId, Type};
use crate::data::Value;
use crate::explain::changes::comparison::{Comparison, NEW, OLD};
use crate::explain::changes::corner::{Asker, Corner};
use crate::explain::changes::trace::Trace;
use crate::explain::changes::{Change, Changed, Reason, Stand, Subject};
use crate::explain::levels::Table;
use crate::explain::telling::full_stop;
use crate::explain::{Held, Standing};
use crate::proof::Statement;

/// Why levels can't be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incomparable {
    /// A side has none.
    Missing,
    /// The members of their enums differ.
    OtherMembers,
}

impl fmt::Display for Incomparable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Incomparable::Missing => "the policy has no levels to compare",
            Incomparable::OtherMembers => {
                "the levels can't be compared: the two sides have other members in their enum"
            }
        })
    }
}

impl std::error::Error for Incomparable {}

/// What the levels of either side are asked about.
#[derive(Debug)]
pub struct LevelKeys {
    keys: Vec<Key>,
    /// By corner, table and key of that: the number of the key here.
    numbers: Vec<Vec<Vec<usize>>>,
}

/// Something that has a level.
#[derive(Debug)]
struct Key {
    /// Fields and values.
    shown: Vec<(String, String)>,
    /// Whether it is the level of an action.
    is_action: bool,
    /// The key of the level that counts where there is none of this; by itself, the lowest does.
    default: Option<usize>,
    /// By corner.
    places: Vec<Place>,
}

/// The decision of a key in a corner, and the values between user and level.
type Place = Option<(RelationId, Vec<Value>)>;

/// Where a user stands, by key.
type Standings = Vec<Option<Standing>>;

/// A key by which those of several corners are sorted: place of the table, name of the relation, and values.
type Sorted = (usize, String, Vec<(String, String)>);

impl LevelKeys {
    /// Of all corners; the levels of corners beyond the sides are those of one of them.
    pub fn of(corners: &[Corner]) -> Result<LevelKeys, Incomparable> {
        let mut members: Option<Vec<&[String]>> = None;
        let mut found: BTreeMap<Sorted, Vec<Place>> = BTreeMap::new();
        let mut complete = BTreeMap::new();
        for (number, corner) in corners.iter().enumerate() {
            let levels = corner.levels.as_ref().ok_or(Incomparable::Missing)?;
            let here = levels.tables().iter().map(|table| members_of(corner.program(), table.relation)).collect();
            if members.get_or_insert_with(|| Vec::clone(&here)) != &here {
                return Err(Incomparable::OtherMembers);
            }
            for (place, table) in levels.tables().iter().enumerate() {
                for key in &table.keys {
                    let sorted = sorted(corner, place, table, key);
                    complete.insert(sorted.clone(), table.complete);
                    let places = found.entry(sorted).or_insert_with(|| vec![None; corners.len()]);
                    places[number] = Some((table.relation, key.clone()));
                }
            }
        }
        Ok(LevelKeys::numbered(corners, &found, &complete))
    }

    fn numbered(
        corners: &[Corner],
        found: &BTreeMap<Sorted, Vec<Place>>,
        complete: &BTreeMap<Sorted, bool>,
    ) -> LevelKeys {
        let order: BTreeMap<&Sorted, usize> = found.keys().zip(0..).collect();
        // Of the complete tables the one whose key is the beginning of this one.
        let default = |sorted: &Sorted| {
            let begins = |other: &&Sorted| complete[*other] && other.0 != 0 && sorted.2.starts_with(&other.2);
            let other = (!complete[sorted]).then(|| found.keys().find(begins)).flatten()?;
            order.get(other).copied()
        };
        let keys = found.iter().map(|(sorted, places)| Key {
            shown: sorted.2.clone(),
            is_action: sorted.0 == 0,
            default: default(sorted),
            places: places.clone(),
        });
        let number = |corner: &Corner| -> Vec<Vec<usize>> {
            let tables = corner.levels.iter().flat_map(|levels| levels.tables().iter().enumerate());
            let numbers = |(place, table): (usize, &Table)| {
                table.keys.iter().map(|key| order[&sorted(corner, place, table, key)]).collect()
            };
            tables.map(numbers).collect()
        };
        LevelKeys { keys: keys.collect(), numbers: corners.iter().map(number).collect() }
    }

    /// The fields that keys have, each once.
    pub fn fields(&self) -> Vec<&str> {
        let mut fields = Vec::new();
        for (field, _) in self.keys.iter().flat_map(|key| &key.shown) {
            if !fields.contains(&field.as_str()) {
                fields.push(field.as_str());
            }
        }
        fields
    }

    /// The levels of a user that change, in the order of the keys.
    pub(super) fn changes(&self, comparison: &Comparison, askers: &mut [Asker], user: usize) -> Vec<Change> {
        let is_administrator = |corner: usize| {
            let user = comparison.asked().user(corner, user);
            user.is_some_and(|user| comparison.corners[corner].administrators.contains(&user))
        };
        let administrator = is_administrator(OLD) || is_administrator(NEW);
        let told = |key: &Key| {
            let action = key.shown.first().filter(|_| key.is_action).map(|(_, action)| action.as_str());
            // Beyond actions, levels decide nothing for an administrator of the portal.
            (key.is_action || !administrator) && comparison.asked().is_about_level(action)
        };
        let mut standings: Vec<Option<Standings>> = askers.iter().map(|_| None).collect();
        let keys = (0..self.keys.len()).filter(|key| told(&self.keys[*key]));
        keys.filter_map(|key| self.change(comparison, askers, &mut standings, user, key)).collect()
    }

    /// The change of a level, where it changes.
    fn change(
        &self,
        comparison: &Comparison,
        askers: &mut [Asker],
        standings: &mut [Option<Standings>],
        user: usize,
        key: usize,
    ) -> Option<Change> {
        let of = |corner: usize| comparison.asked().user(corner, user);
        let [before, after] = [OLD, NEW].map(|corner| self.level_in(standings, askers, corner, of(corner), key));
        let is_told = |corner: usize| standings[corner].as_ref().is_some_and(|of| of[key].is_some());
        if before == after || !is_told(OLD) && !is_told(NEW) {
            return None;
        }
        let mut level = |corner: usize| self.level_in(standings, askers, corner, of(corner), key);
        let (cause, shown) = comparison.cause(|corner| level(corner) == after);
        let (old, new) = (standings[OLD].as_ref()?, standings[shown].as_ref()?);
        let changed = self.changed(comparison, askers, (old, new), key, shown, of);
        let (old, why_before) = self.stand(comparison, OLD, old, key);
        let (new, why_after) = self.stand(comparison, NEW, standings[NEW].as_ref()?, key);
        Some(Change {
            user: comparison.id(of),
            name: comparison.name(of),
            subject: Subject::Level { key: self.keys[key].shown.clone(), before: old, after: new },
            gained: after > before,
            cause,
            reason: why_after.or(why_before),
            changed,
        })
    }

    /// The level that counts for a key in a corner, where the user was not asked about before.
    fn level_in(
        &self,
        standings: &mut [Option<Standings>],
        askers: &mut [Asker],
        corner: usize,
        user: Option<Value>,
        key: usize,
    ) -> Value {
        let found = standings[corner].get_or_insert_with(|| self.standings(&mut askers[corner], corner, user));
        self.level(found, key)
    }

    fn standings(&self, asker: &mut Asker, corner: usize, user: Option<Value>) -> Standings {
        let mut standings = vec![None; self.keys.len()];
        let levels = asker.corner.levels.as_ref();
        if let (Some(asking), Some(levels), Some(user)) = (&mut asker.asking, levels, user) {
            asking.standings(user, |relation, key, standing| {
                let table = levels.tables().iter().position(|table| table.relation == relation);
                if let Some(table) = table {
                    standings[self.numbers[corner][table][key]] = Some(standing);
                }
            });
        }
        standings
    }

    /// The level that counts: that of the key, or else the default, or else the lowest.
    fn level(&self, standings: &Standings, key: usize) -> Value {
        let default = || self.keys[key].default.and_then(|default| standings[default].as_ref());
        standings[key].as_ref().or_else(default).map_or(Value(0), |standing| standing.level)
    }

    /// What the change of a level rests on that only the old side or only the other corner has.
    fn changed(
        &self,
        comparison: &Comparison,
        askers: &mut [Asker],
        (old, new): (&Standings, &Standings),
        key: usize,
        shown: usize,
        user: impl Fn(usize) -> Option<Value>,
    ) -> Vec<Changed> {
        let (before, after) = (&old[key], &new[key]);
        let rises = self.level(new, key) > self.level(old, key);
        // A row of a stage that comes or goes is what changes; else the higher level.
        let (here, there) = match (before, after) {
            (None, Some(_)) if self.keys[key].default.is_some() => (shown, OLD),
            (Some(_), None) if self.keys[key].default.is_some() => (OLD, shown),
            _ if rises => (shown, OLD),
            _ => (OLD, shown),
        };
        let standing = if here == OLD { before } else { after };
        let place = &self.keys[key].places[here];
        let (Some(standing), Some((relation, values)), Some(user)) = (standing, place, user(here)) else {
            return Vec::new();
        };
        let mut arguments = vec![user];
        arguments.extend(values);
        arguments.push(standing.level);
        askers.iter_mut().for_each(|asker| asker.prover.begin());
        let mut trace = Trace::new(comparison, askers);
        trace.follow(here, there, &Statement { relation: *relation, arguments });
        trace.found()
    }

    /// Where a user stands, in words, and why.
    fn stand(
        &self,
        comparison: &Comparison,
        corner: usize,
        standings: &Standings,
        key: usize,
    ) -> (Stand, Option<Reason>) {
        let view = comparison.view(corner);
        let default = self.keys[key].default;
        let standing = standings[key].as_ref().or_else(|| standings[default?].as_ref());
        let show = |level: Value| self.level_name(comparison, key, level);
        let Some(standing) = standing else {
            return (Stand { level: show(Value(0)), rule: DEFAULT.to_owned(), role: None, held: None }, None);
        };
        let rule_id = |rule| view.program.rule(rule).id.clone();
        let rule = standing.deciding.as_ref().map_or(DEFAULT.to_owned(), |deciding| rule_id(deciding.rule));
        let held = standing.held.as_ref().map(|held| match held {
            Held::Rule(deciding) => rule_id(deciding.rule),
            Held::Fact(relation) => view.program.relation(*relation).name.clone(),
        });
        let role = standing.role.map(|role| view.database.symbols.text(role).to_owned());
        let reason = standing.telling().and_then(|deciding| {
            let bindings = deciding.explained(comparison.corners[corner].model())?;
            let sentence = view.words.sentence(deciding.rule, &bindings)?;
            Some(Reason {
                rule: rule_id(deciding.rule),
                sentence: full_stop(&sentence),
                place: view.rule_place(deciding.rule),
                after: comparison.is_new(corner),
            })
        });
        (Stand { level: show(standing.level), rule, role, held }, reason)
    }

    /// A level of a key, by the program of a corner that knows the key.
    fn level_name(&self, comparison: &Comparison, key: usize, level: Value) -> String {
        let known = self.keys[key].places.iter().zip(comparison.corners).find_map(|(place, corner)| {
            let (relation, _) = place.as_ref()?;
            members_of(corner.program(), *relation).get(level.index())
        });
        known.cloned().unwrap_or_default()
    }
}

/// The members of the levels of a decision, the lowest first.
fn members_of(program: &Program, relation: RelationId) -> &[String] {
    match program.relation(relation).fields.last().map(|field| field.ty) {
        Some(Type::Enum(id)) => &program.enums[id.index()].members,
        _ => &[],
    }
}

fn sorted(corner: &Corner, place: usize, table: &Table, key: &[Value]) -> Sorted {
    let (program, database) = (corner.program(), &corner.model().database);
    let relation = program.relation(table.relation);
    let fields = relation.fields[1..].iter().zip(key);
    let shown = fields.map(|(field, value)| (field.name.clone(), database.show(program, field.ty, *value)));
    (place, relation.name.clone(), shown.collect())
}
