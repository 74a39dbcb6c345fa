//! C1 to C5: levels by type, operation and stage, and who may do what to an item.

use std::collections::HashMap;

use rolecall::data::Value;

use super::facts::Facts;
use super::people::People;
use super::roles::{ANY, DENIED, DEPARTMENT, OPEN, OWN, SUBDEPARTMENTS};
use super::rows::Rows;

pub const READ: u32 = 0;
pub const ADD: u32 = 1;
pub const CHANGE: u32 = 2;
pub const DELETE: u32 = 3;
pub const EXPORT: u32 = 4;
pub const IMPORT: u32 = 5;
const OPERATIONS: usize = 6;

/// No role held says anything about a stage; else the level, one higher.
const SILENT: u8 = 0;

/// Items, types, and the levels of each user.
pub struct Crm {
    types: Rows,
    /// Item to the stages about which some role says something.
    stages: Rows,
    responsible: Rows,
    observers: Rows,
    /// Item to user and operation.
    access: Rows,
    open: Vec<bool>,
    type_count: usize,
    /// By user, type and operation.
    defaults: Vec<u8>,
    /// By user, type and operation: whether some level is above denied.
    gates: Vec<bool>,
    by_stage: ByStage,
}

/// What roles say about stages.
struct ByStage {
    stage_count: usize,
    /// By type, operation and stage: the number of the combination, where some role has a row for it.
    combinations: Vec<Option<u32>>,
    count: usize,
    /// By user and combination: the level and one, or silence.
    levels: Vec<u8>,
}

impl Crm {
    /// Computes all of it.
    pub fn derive(facts: &Facts, holds: &Rows) -> Crm {
        let (items, type_count) = (facts.count("crm_item") + 1, facts.count("crm_type") + 1);
        let operations = facts.values("crm_access", 2).map(|operation| operation.0);
        let access = facts.pairs("crm_access", 1, 0).zip(operations);
        let stages = stages(facts);
        let defaults = defaults(facts, holds, type_count);
        let by_stage = ByStage::derive(facts, holds, &stages, type_count);
        let in_stage = facts.things("crm_stage", 0).zip(facts.values("crm_stage", 1));
        let in_stage = in_stage.filter_map(|(item, stage)| Some((item, *stages.get(&stage)?)));
        Crm {
            types: Rows::of_pairs(items, facts.pairs("crm_item", 0, 1)),
            stages: Rows::of_pairs(items, in_stage),
            responsible: Rows::of_pairs(items, facts.pairs("crm_responsible", 0, 1)),
            observers: Rows::of_pairs(items, facts.pairs("crm_observer", 0, 1)),
            access: Rows::of_pairs(items, access.map(|((item, user), operation)| (item, packed(user, operation)))),
            open: facts.marks("crm_item", "crm_open", 0),
            type_count,
            gates: by_stage.gates(&defaults, type_count),
            defaults,
            by_stage,
        }
    }

    /// Whether the item has its fact.
    #[inline]
    pub fn exists(&self, item: u32) -> bool {
        !self.types.of(item).is_empty()
    }

    /// C1, C4, C5: whether the user may do the operation to the item.
    #[inline]
    pub fn may(&self, user: u32, operation: u32, item: u32, people: &People) -> bool {
        self.exists(item)
            && (people.administrator[user as usize]
                || self.has_access(user, operation, item)
                || self.level_covers(user, operation, item, people)
                || operation == READ && self.observes(user, item))
    }

    fn has_access(&self, user: u32, operation: u32, item: u32) -> bool {
        let access = self.access.of(item);
        access.contains(&packed(user, operation)) || operation == READ && access.contains(&packed(user, CHANGE))
    }

    fn observes(&self, user: u32, item: u32) -> bool {
        self.observers.has(item, user) && self.types.of(item).iter().any(|ty| self.gate(user, *ty, READ))
    }

    /// C4.
    fn level_covers(&self, user: u32, operation: u32, item: u32, people: &People) -> bool {
        let level = self.level(user, operation, item);
        level == ANY
            || level >= OPEN && self.open[item as usize]
            || level >= OWN
                && self.responsible.of(item).iter().any(|responsible| {
                    *responsible == user
                        || level >= DEPARTMENT && is_near(people, user, *responsible)
                        || level >= SUBDEPARTMENTS
                            && people.is_below(people.belongs_to.of(*responsible), people.belongs_to.of(user))
                })
    }

    /// C2: the highest level over the types of the item.
    fn level(&self, user: u32, operation: u32, item: u32) -> u8 {
        let mut level = DENIED;
        for ty in self.types.of(item) {
            let said = self.stages.of(item).iter().map(|stage| self.by_stage.level(user, *ty, operation, *stage));
            let of_type = match said.max().unwrap_or(SILENT) {
                SILENT => self.defaults[self.place(user, *ty, operation)],
                said => said - 1,
            };
            level = level.max(of_type);
        }
        level
    }

    /// C3: whether some level for the type is above denied.
    #[inline]
    pub fn gate(&self, user: u32, ty: u32, operation: u32) -> bool {
        self.gates[self.place(user, ty, operation)]
    }

    fn place(&self, user: u32, ty: u32, operation: u32) -> usize {
        (user as usize * self.type_count + ty as usize) * OPERATIONS + operation as usize
    }

    /// The types of an item.
    pub fn types_of(&self, item: u32) -> &[u32] {
        self.types.of(item)
    }
}

fn packed(user: u32, operation: u32) -> u32 {
    user << 3 | operation
}

/// C4, department: the same department, or below one that the user heads.
fn is_near(people: &People, user: u32, responsible: u32) -> bool {
    let own = people.belongs_to.of(user);
    people.belongs_to.of(responsible).iter().any(|department| own.contains(department))
        || people.is_superior(user, responsible)
}

/// By user, type and operation: the highest level that a role held gives.
fn defaults(facts: &Facts, holds: &Rows, type_count: usize) -> Vec<u8> {
    let width = type_count * OPERATIONS;
    let mut given = vec![DENIED; (facts.count("role") + 1) * width];
    for row in facts.rows("crm_role_permission") {
        let (role, ty) = (facts.place(row[0]) as usize, facts.place(row[1]) as usize);
        let level = &mut given[role * width + ty * OPERATIONS + row[2].index()];
        *level = (*level).max(row[3].0 as u8);
    }
    highest(facts, holds, &given, width)
}

/// For each user the highest of what their roles give, place by place.
fn highest(facts: &Facts, holds: &Rows, given: &[u8], width: usize) -> Vec<u8> {
    let mut highest = vec![0; (facts.count("user") + 1) * width];
    for (user, levels) in highest.chunks_exact_mut(width.max(1)).enumerate() {
        for role in holds.of(user as u32) {
            let given = &given[*role as usize * width..(*role as usize + 1) * width];
            levels.iter_mut().zip(given).for_each(|(level, given)| *level = (*level).max(*given));
        }
    }
    highest
}

/// The stages about which some role says something.
fn stages(facts: &Facts) -> HashMap<Value, u32> {
    let mut stages = HashMap::new();
    for stage in facts.values("crm_role_stage_permission", 3) {
        let next = stages.len() as u32;
        stages.entry(stage).or_insert(next);
    }
    stages
}

impl ByStage {
    fn derive(facts: &Facts, holds: &Rows, stages: &HashMap<Value, u32>, type_count: usize) -> ByStage {
        let stage_count = stages.len();
        let mut combinations = vec![None; type_count * OPERATIONS * stage_count];
        let mut rows = Vec::new();
        for row in facts.rows("crm_role_stage_permission") {
            let ty = facts.place(row[1]) as usize;
            let stage = stages.get(&row[3]).map_or(0, |stage| *stage as usize);
            rows.push((facts.place(row[0]) as usize, (ty * OPERATIONS + row[2].index()) * stage_count + stage, row[4]));
        }
        let mut count = 0;
        for (_, place, _) in &rows {
            if combinations[*place].is_none() {
                combinations[*place] = Some(count as u32);
                count += 1;
            }
        }
        let mut given = vec![SILENT; (facts.count("role") + 1) * count];
        for (role, place, level) in rows {
            if let Some(combination) = combinations[place] {
                let said = &mut given[role * count + combination as usize];
                *said = (*said).max(level.0 as u8 + 1);
            }
        }
        ByStage { stage_count, combinations, count, levels: highest(facts, holds, &given, count) }
    }

    #[inline]
    fn level(&self, user: u32, ty: u32, operation: u32, stage: u32) -> u8 {
        let place = (ty as usize * OPERATIONS + operation as usize) * self.stage_count + stage as usize;
        self.combinations[place]
            .map_or(SILENT, |combination| self.levels[user as usize * self.count + combination as usize])
    }

    fn gates(&self, defaults: &[u8], type_count: usize) -> Vec<bool> {
        let mut gates: Vec<bool> = defaults.iter().map(|level| *level > DENIED).collect();
        let width = type_count * OPERATIONS;
        for (place, combination) in self.combinations.iter().enumerate() {
            let Some(combination) = combination else { continue };
            for (user, levels) in self.levels.chunks_exact(self.count).enumerate() {
                gates[user * width + place / self.stage_count] |= levels[*combination as usize] > SILENT + 1;
            }
        }
        gates
    }
}
