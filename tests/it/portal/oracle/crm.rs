//! SPEC.md 3.7: what people may do to CRM items and types.

use super::Oracle;
use crate::portal::item::Item;
use crate::portal::model::Level::{self, Any, Denied, Department, Open, Own, Subdepartments};
use crate::portal::model::Operation;

impl Oracle<'_> {
    /// `crm.read`, `crm.change`, `crm.delete`, `crm.export`.
    pub(super) fn crm_item_action(&self, user: &str, operation: Operation, item: &str) -> bool {
        if !self.item_exists(item) {
            return false;
        }
        // C1: administrators may do everything to items that exist.
        self.is_administrator(user) && self.reads(Item::C1Administrators)
            || self.is_accessible(user, operation, item)
            || self.is_covered_by_roles(user, operation, item)
            || self.is_observing(user, operation, item)
    }

    // C1: a `change` includes `read`.
    fn is_accessible(&self, user: &str, operation: Operation, item: &str) -> bool {
        self.portal.crm_access.iter().any(|(whose, of, granted)| {
            let same = *granted == operation && self.reads(Item::C1Access);
            let included = (*granted, operation) == (Operation::Change, Operation::Read);
            whose == user && of == item && (same || included && self.reads(Item::C1ChangeReads))
        })
    }

    // C2 and C4. Reading: an item of two types is seen as either; any suffices.
    fn is_covered_by_roles(&self, user: &str, operation: Operation, item: &str) -> bool {
        let mut operations = vec![operation];
        if operation == Operation::Read && !self.reads(Item::C1RolesDoNotImply) {
            operations.push(Operation::Change);
        }
        operations.iter().any(|operation| {
            self.types_of(item).any(|crm_type| {
                let levels = self.levels_on_item(user, crm_type, *operation, item);
                levels.into_iter().any(|level| self.item_covered(user, level, item))
            })
        })
    }

    fn types_of(&self, item: &str) -> impl Iterator<Item = &str> {
        self.portal.crm_item.iter().filter(move |(known, _)| known == item).map(|(_, crm_type)| crm_type.as_str())
    }

    // C2: the stage levels of those of its stages for which any role held has a row, even where they are lower; else
    // the default level. Reading: an item in two stages, one with a row and one without, is "in a stage for which any
    // role held has a row" and so does not take the default level; with rows for both, either level suffices.
    fn levels_on_item(&self, user: &str, crm_type: &str, operation: Operation, item: &str) -> Vec<Level> {
        let default = self.default_level(user, crm_type, operation);
        let mut levels = Vec::new();
        for (of, stage) in &self.portal.crm_stage {
            if of == item && self.reads(Item::C2Stages) {
                levels.extend(self.stage_level(user, crm_type, operation, stage));
            }
        }
        if levels.is_empty() || !self.reads(Item::C2EvenLower) {
            levels.push(default);
        }
        levels
    }

    // C2: the highest `crm_role_permission` among the roles held.
    pub(super) fn default_level(&self, user: &str, crm_type: &str, operation: Operation) -> Level {
        let mut default = Denied;
        for (role, of, done, level) in &self.portal.crm_role_permission {
            if of == crm_type && *done == operation && self.crm_counts(user, role) && self.reads(Item::C2Default) {
                default = default.max(*level);
            }
        }
        default
    }

    // C2: the highest `crm_role_stage_permission` for the stage among the roles held, if there is a row.
    pub(super) fn stage_level(&self, user: &str, crm_type: &str, operation: Operation, stage: &str) -> Option<Level> {
        let mut highest = None;
        for (role, of, done, at, level) in &self.portal.crm_role_stage_permission {
            let same = of == crm_type && *done == operation && (at == stage || !self.reads(Item::C2SameStage));
            if same && self.crm_counts(user, role) {
                highest = highest.max(Some(*level));
            }
        }
        highest
    }

    /// C3: the gate of a user for a type and an operation.
    pub(super) fn is_gate_open(&self, user: &str, crm_type: &str, operation: Operation) -> bool {
        let by_default = self.default_level(user, crm_type, operation) > Denied;
        let by_stage = self.portal.crm_role_stage_permission.iter().any(|(role, of, done, _, level)| {
            let above = *level > Denied || !self.reads(Item::C3AboveDenied);
            of == crm_type && *done == operation && above && self.crm_counts(user, role)
        });
        by_default && self.reads(Item::C3Default) || by_stage && self.reads(Item::C3Stages)
    }

    // C3: `crm.add` and `crm.import` need the open gate only. C1: administrators may, to any type.
    pub(super) fn crm_type_action(&self, user: &str, operation: Operation, crm_type: &str) -> bool {
        self.is_administrator(user) && self.reads(Item::C1TypeAdministrators)
            || self.is_gate_open(user, crm_type, operation) && self.reads(Item::C3TypeActions)
    }

    // C4: each level covers what the levels below it cover.
    fn item_covered(&self, user: &str, level: Level, item: &str) -> bool {
        let responsible: Vec<&String> =
            self.portal.crm_responsible.iter().filter(|(of, _)| of == item).map(|(_, person)| person).collect();
        let open = self.portal.crm_open.iter().any(|(of,)| of == item) && self.reads(Item::C4Open);
        let sub = responsible.iter().any(|person| self.works_below(user, person));
        let department = responsible.iter().any(|person| self.is_close(user, person));
        let own = responsible.iter().any(|person| *person == user) && self.reads(Item::C4Own);
        let below = |item| self.reads(item);
        match level {
            Any => self.reads(Item::C4Any),
            Open => open || below(Item::C4OpenIncludesBelow) && (sub || department || own),
            Subdepartments => sub || below(Item::C4SubdepartmentsIncludesBelow) && (department || own),
            Department => department || below(Item::C4DepartmentIncludesOwn) && own,
            Own => own,
            _ => false,
        }
    }

    // C4, subdepartments.
    fn works_below(&self, user: &str, responsible: &str) -> bool {
        let mut departments = self.people.departments_of(user);
        self.reads(Item::C4Subdepartments) && departments.any(|upper| self.people.belongs_within(responsible, upper))
    }

    // C4, department: both belong to one, or the user is a superior.
    fn is_close(&self, user: &str, responsible: &str) -> bool {
        let mut departments = self.people.departments_of(user);
        let shared = departments.any(|department| self.people.belongs(responsible, department));
        shared && self.reads(Item::C4Department)
            || self.people.is_superior(user, responsible) && self.reads(Item::C4Superior)
    }

    // C5: an observer may read when their read gate for the item's type is open.
    fn is_observing(&self, user: &str, operation: Operation, item: &str) -> bool {
        let observes = self.portal.crm_observer.iter().any(|(of, observer)| of == item && observer == user);
        let gate = self.types_of(item).any(|crm_type| self.is_gate_open(user, crm_type, Operation::Read));
        let reading = operation == Operation::Read || !self.reads(Item::C5ReadOnly);
        observes && reading && (gate || !self.reads(Item::C5Gate)) && self.reads(Item::C5Observer)
    }
}
