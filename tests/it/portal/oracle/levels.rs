//! SPEC.md 3.3 and 3.9: the level that a user has for an action, and the roles that ship with the product.

use super::Oracle;
use crate::portal::item::Item;
use crate::portal::model::Level::{self, Any, Denied, Department, Own};
use crate::portal::model::{Feature, Module, Setting, action};

/// The rows of 3.9 that name their actions one by one.
const DEFAULT_ROWS: &[(&str, &str, Level)] = &[
    ("oc_manager", "channel.view", Any),
    ("oc_manager", "statistics.view", Own),
    ("oc_manager", "history.view", Own),
    ("oc_manager", "chat.join", Own),
    ("tel_chief_executive", "call.view", Any),
    ("tel_chief_executive", "recording.listen", Any),
    ("tel_chief_executive", "call.make", Any),
    ("tel_department_head", "call.view", Department),
    ("tel_department_head", "recording.listen", Department),
    ("tel_department_head", "call.make", Any),
    ("tel_manager", "call.view", Own),
    ("tel_manager", "recording.listen", Own),
    ("tel_manager", "call.make", Any),
];

/// The names of the roles of 3.9, with the item that holds each.
pub const DEFAULT_ROLES: &[(&str, Module, Item)] = &[
    ("oc_administrator", Module::OpenChannels, Item::DefaultOcAdministrator),
    ("oc_chief_executive", Module::OpenChannels, Item::DefaultOcChiefExecutive),
    ("oc_manager", Module::OpenChannels, Item::DefaultOcManager),
    ("tel_administrator", Module::Telephony, Item::DefaultTelAdministrator),
    ("tel_chief_executive", Module::Telephony, Item::DefaultTelChiefExecutive),
    ("tel_department_head", Module::Telephony, Item::DefaultTelDepartmentHead),
    ("tel_manager", Module::Telephony, Item::DefaultTelManager),
];

/// The level that a default role gives for an action; `None` where it has no row.
pub fn default_level(role: &str, name: &str) -> Option<Level> {
    let module = action(name).module?;
    match role {
        "oc_administrator" => (module == Module::OpenChannels).then_some(Any),
        "oc_chief_executive" if name == "access.edit" => Some(Denied),
        "oc_chief_executive" => (module == Module::OpenChannels).then_some(Any),
        "tel_administrator" if name == "recording.delete" || name == "balance.manage" => Some(Denied),
        "tel_administrator" => (module == Module::Telephony).then_some(Any),
        _ => DEFAULT_ROWS.iter().find(|(of, named, _)| *of == role && *named == name).map(|(_, _, level)| *level),
    }
}

impl Oracle<'_> {
    /// L6: the effective level of a user for an action of the table.
    pub fn effective_level(&self, user: &str, name: &str) -> Level {
        // L5, open channels: nobody has a level for access.edit, administrators neither.
        let spared = self.is_administrator(user) && !self.reads(Item::L5Administrators);
        if name == "access.edit" && self.lacks(Feature::OpenChannelAccess, Item::L5OpenChannels) && !spared {
            return Denied;
        }
        // L4: what another level at Denied takes away, unless the setting uncouples them.
        let uncoupled = self.has_setting(Setting::UncoupledChannels) && self.reads(Item::L4Uncoupled);
        if !uncoupled && self.is_coupled_away(user, name) {
            return Denied;
        }
        self.level_before_coupling(user, name)
    }

    // L4: both halves look at the levels after L1 and L2, at once.
    pub(super) fn is_coupled_away(&self, user: &str, name: &str) -> bool {
        let view = self.level_before_coupling(user, "channel.view");
        let connect = self.level_before_coupling(user, "channel.connect");
        let view_fallen = connect == Denied && !self.reads(Item::L4AtOnce);
        match name {
            "channel.edit" => (view == Denied || view_fallen) && self.reads(Item::L4EditNeedsView),
            "channel.connect" => view == Denied && self.reads(Item::L4ConnectNeedsView),
            "channel.view" => connect == Denied && self.reads(Item::L4ViewNeedsConnect),
            _ => false,
        }
    }

    // L1 and L2, on the roles that L5 lets count.
    pub(super) fn level_before_coupling(&self, user: &str, name: &str) -> Level {
        // L2: administrators of the portal, whatever their roles say.
        if self.is_administrator(user) && self.reads(Item::L2Administrators) {
            return Any;
        }
        // L1: the highest of all; none is as Denied.
        let levels = self.role_levels(user, name);
        let lowest =
            !self.reads(Item::L1Highest) || (!self.reads(Item::L1DeniedTakesNothing) && levels.contains(&Denied));
        let level = if lowest { levels.iter().min() } else { levels.iter().max() };
        level.copied().unwrap_or(Denied)
    }

    // L0: every permission row counts for whoever holds the role, 3.9 and data alike.
    pub(super) fn role_levels(&self, user: &str, name: &str) -> Vec<Level> {
        let mut levels = Vec::new();
        for (role, of, level) in &self.portal.role_permission {
            if *of == name && self.counts(user, role, name) && self.row_counts(role, name) {
                levels.push(*level);
            }
        }
        for (role, _, item) in DEFAULT_ROLES {
            if self.counts(user, role, name) && self.reads(*item) {
                levels.extend(default_level(role, name));
            }
        }
        levels
    }

    // L0: a row counts without a `role` fact and whatever the module (the misreadings ask for them).
    fn row_counts(&self, role: &str, name: &str) -> bool {
        let is_default = DEFAULT_ROLES.iter().any(|(default, _, _)| *default == role);
        let mut modules = self.portal.role.iter().filter(|(declared, _)| declared == role).map(|(_, module)| *module);
        let declared = is_default || modules.clone().next().is_some();
        let fits = is_default || !declared || modules.any(|module| Some(module) == action(name).module);
        (declared || self.reads(Item::L0Undeclared)) && (fits || self.reads(Item::L0OtherModule))
    }

    /// Whether the role counts for the user and the action: they hold it, or what L5 says instead.
    pub(super) fn counts(&self, user: &str, role: &str, name: &str) -> bool {
        let is_telephony = action(name).module == Some(Module::Telephony);
        if is_telephony && self.lacks(Feature::TelephonyAccess, Item::L5Telephony) {
            // L5, telephony: everyone who belongs to a department holds `tel_manager`, and nobody any other.
            let belongs = self.people.belongs_somewhere(user) || !self.reads(Item::L5Belonging);
            let stored = self.people.holds(user, role) && !self.reads(Item::L5NoOtherRole);
            return role == "tel_manager" && belongs && self.reads(Item::L5EveryoneManager) || stored;
        }
        self.people.holds(user, role)
    }

    pub(super) fn lacks(&self, feature: Feature, item: Item) -> bool {
        self.portal.plan_lacks.contains(&(feature,)) && self.reads(item)
    }

    /// Whether the plan leaves only `tel_manager` to CRM too (a misreading of L5).
    pub(super) fn crm_counts(&self, user: &str, role: &str) -> bool {
        if !self.reads(Item::L5CrmStored) && self.portal.plan_lacks.contains(&(Feature::TelephonyAccess,)) {
            return role == "tel_manager" && self.people.belongs_somewhere(user);
        }
        self.people.holds(user, role)
    }
}
