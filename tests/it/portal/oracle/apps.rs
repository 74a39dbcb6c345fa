//! SPEC.md 3.8: apps and their tabs in CRM cards.

use super::Oracle;
use crate::portal::item::Item;
use crate::portal::model::Operation;

impl Oracle<'_> {
    // A1.
    pub(super) fn app_installation(&self, user: &str, app: &str) -> bool {
        self.app_exists(app) && self.is_administrator(user) && self.reads(Item::A1Administrators)
    }

    // A2. Reading: 3 says that A2 looks at `inactive`, but its text does not; P4 denies them anyway.
    pub(super) fn app_use(&self, user: &str, app: &str) -> bool {
        let is_unassigned = !self.portal.app_assigned_to_user.iter().any(|(of, _)| of == app)
            && !self.portal.app_assigned_to_department.iter().any(|(of, _)| of == app);
        let has_fact = self.portal.user.iter().any(|(known,)| known == user) || !self.reads(Item::A2UserFact);
        self.app_exists(app)
            && (self.is_assigned(user, app)
                || self.is_administrator(user) && self.reads(Item::A2Administrators)
                || is_unassigned && has_fact && self.reads(Item::A2Unassigned))
    }

    // A2: the user, or belonging to the department itself.
    fn is_assigned(&self, user: &str, app: &str) -> bool {
        let mut users = self.portal.app_assigned_to_user.iter();
        let mut departments = self.portal.app_assigned_to_department.iter();
        let belongs = |department: &String| {
            let below = !self.reads(Item::A2DepartmentItself) && self.people.belongs_within(user, department);
            self.people.belongs(user, department) || below
        };
        users.any(|(of, assigned)| of == app && assigned == user) && self.reads(Item::A2User)
            || departments.any(|(of, department)| of == app && belongs(department)) && self.reads(Item::A2Department)
    }

    // A3.
    pub(super) fn app_tab(&self, user: &str, item: &str) -> bool {
        let has_app = if self.reads(Item::A3CardTab) {
            self.portal.card_tab.iter().any(|(app,)| self.allowed(user, "app.use", app))
        } else {
            self.portal.app.iter().any(|(app,)| self.allowed(user, "app.use", app))
        };
        (has_app || !self.reads(Item::A3App))
            && self.item_exists(item)
            && (self.allowed(user, "crm.read", item) || !self.reads(Item::A3Read))
            && (self.is_crm_ready(user) || !self.reads(Item::A3Ready))
    }

    // A3. Reading: read or change is chosen for each type by itself (read for contacts with change for leads is ready).
    fn is_crm_ready(&self, user: &str) -> bool {
        let contacts = self.is_ready_for(user, "contact") || !self.reads(Item::A3Contacts);
        let leads = self.is_ready_for(user, "lead") && self.reads(Item::A3Leads);
        let deals = self.is_ready_for(user, "deal") && self.reads(Item::A3Deals);
        let either = leads || deals || !self.reads(Item::A3LeadsOrDeals);
        self.is_administrator(user) && self.reads(Item::A3Administrators) || contacts && either
    }

    // A3: the gate for read or change, or any `crm_access` of theirs to an existing item of the type.
    fn is_ready_for(&self, user: &str, crm_type: &str) -> bool {
        let read = self.is_gate_open(user, crm_type, Operation::Read) && self.reads(Item::A3ReadGate);
        let change = self.is_gate_open(user, crm_type, Operation::Change) && self.reads(Item::A3ChangeGate);
        let accessible = self.portal.crm_access.iter().any(|(whose, item, operation)| {
            let of_type = self.portal.crm_item.iter().any(|(known, of)| known == item && of == crm_type);
            let counts = *operation == Operation::Read || self.reads(Item::A3AccessOfAnyKind);
            whose == user && of_type && counts
        });
        read || change || accessible && self.reads(Item::A3Access)
    }
}
