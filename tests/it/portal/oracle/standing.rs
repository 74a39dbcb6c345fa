//! Where a user stands: the level, what decides it, the role that gives it, and the first of R1 to R6 by which they hold
//! that role. The names are those of the built-in rules; what they stand for is read here once more.

use super::Oracle;
use super::levels::{DEFAULT_ROLES, default_level};
use crate::portal::item::Item;
use crate::portal::model::Level::{self, Any, Denied};
use crate::portal::model::{ACTIONS, Feature, Module, Operation, action};
use std::collections::BTreeSet;

/// A row of the matrix of levels.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    pub user: String,
    /// The action; or type, operation and stage.
    pub key: Vec<String>,
    pub level: &'static str,
    pub rule: &'static str,
    pub role: Option<String>,
    pub held: Option<&'static str>,
}

/// What decides, at what level, and the role.
type Decided = (Level, &'static str, Option<String>);

impl Oracle<'_> {
    /// The whole matrix for a user: L6 for each action of the table, then C2 for what a role row mentions. A stage of which
    /// no role held says anything is in no row, and administrators need no level in CRM.
    pub fn standings(&self, user: &str) -> Vec<Standing> {
        let mut standings = Vec::new();
        for row in ACTIONS.iter().filter(|row| row.module.is_some()) {
            let decided = self.deciding(user, row.name);
            standings.push(self.standing(user, vec![row.name.to_owned()], decided));
        }
        if self.is_administrator(user) {
            return standings;
        }
        let rows = &self.portal.crm_role_permission;
        for (of, done) in rows.iter().map(|(_, of, done, _)| (of, *done)).collect::<BTreeSet<_>>() {
            let level = self.default_level(user, of, done);
            let roles = rows.iter().filter(|row| (&row.1, row.2, row.3) == (of, done, level)).map(|row| &row.0);
            let decided = match self.first_held(user, roles) {
                Some(role) => (level, "default-level", Some(role)),
                None => (Denied, "default", None),
            };
            standings.push(self.standing(user, vec![of.clone(), done.name().to_owned()], decided));
        }
        standings.extend(self.stage_standings(user));
        standings
    }

    fn stage_standings(&self, user: &str) -> Vec<Standing> {
        let rows = &self.portal.crm_role_stage_permission;
        let keys: BTreeSet<(&String, Operation, &String)> = rows.iter().map(|row| (&row.1, row.2, &row.3)).collect();
        let standing = |(of, done, stage): (&String, Operation, &String)| {
            let level = self.stage_level(user, of, done, stage)?;
            let same = rows.iter().filter(|row| (&row.1, row.2, &row.3, row.4) == (of, done, stage, level));
            let role = self.first_held(user, same.map(|row| &row.0));
            let key = vec![of.clone(), done.name().to_owned(), stage.clone()];
            Some(self.standing(user, key, (level, "stage-level", role)))
        };
        keys.into_iter().filter_map(standing).collect()
    }

    fn standing(&self, user: &str, key: Vec<String>, decided: Decided) -> Standing {
        let (level, rule, role) = decided;
        let held = role.as_ref().map(|role| if rule == "plan-level" { rule } else { self.way(user, role) });
        Standing { user: user.to_owned(), key, level: level.name(), rule, role, held }
    }

    // L1 to L6, by what decides.
    fn deciding(&self, user: &str, name: &'static str) -> Decided {
        let roles = self.roles_with(user, name);
        if !self.is_administrator(user) && roles.is_empty() {
            // A role may be held that L5 does not let count.
            let idle = self.is_replaced(name) && !self.roles_held_with(user, name).is_empty();
            return (Denied, if idle { "plan-replaces-roles" } else { "default" }, None);
        }
        if name == "access.edit" && self.lacks(Feature::OpenChannelAccess, Item::L5OpenChannels) {
            return (Denied, "plan-shuts-access", None);
        }
        if self.effective_level(user, name) != self.level_before_coupling(user, name)
            || self.is_shut_at_denied(user, name)
        {
            let rule = match name {
                "channel.view" => "view-needs-connect",
                "channel.edit" => "edit-needs-view",
                _ => "connect-needs-view",
            };
            return (Denied, rule, None);
        }
        if self.is_administrator(user) {
            return (Any, "administrator-level", None);
        }
        let level = self.effective_level(user, name);
        let role = roles.into_iter().filter(|(_, given)| *given == level).map(|(role, _)| role).min();
        (level, if self.is_replaced(name) { "plan-level" } else { "role-level" }, role)
    }

    /// L4 takes away a level of denied too, which changes nothing but the reason.
    fn is_shut_at_denied(&self, user: &str, name: &str) -> bool {
        let uncoupled = self.portal.setting.iter().any(|(set,)| set.name() == "uncoupled_channels");
        !uncoupled && self.is_coupled_away(user, name)
    }

    fn is_replaced(&self, name: &str) -> bool {
        action(name).module == Some(Module::Telephony) && self.lacks(Feature::TelephonyAccess, Item::L5Telephony)
    }

    /// The roles that count for the user and have a row for the action.
    fn roles_with(&self, user: &str, name: &'static str) -> Vec<(String, Level)> {
        self.rows_for(name).into_iter().filter(|(role, _)| self.counts(user, role, name)).collect()
    }

    fn roles_held_with(&self, user: &str, name: &'static str) -> Vec<(String, Level)> {
        self.rows_for(name).into_iter().filter(|(role, _)| self.people.holds(user, role)).collect()
    }

    fn rows_for(&self, name: &'static str) -> Vec<(String, Level)> {
        let stated = self.portal.role_permission.iter().filter(|(_, of, _)| *of == name);
        let stated = stated.map(|(role, _, level)| (role.clone(), *level));
        let shipped = DEFAULT_ROLES.iter().map(|(role, _, _)| (role, default_level(role, name)));
        stated.chain(shipped.filter_map(|(role, level)| Some(((*role).to_owned(), level?)))).collect()
    }

    fn first_held<'r>(&self, user: &str, roles: impl Iterator<Item = &'r String>) -> Option<String> {
        roles.filter(|role| self.people.holds(user, role)).min().cloned()
    }

    /// The first of R1 to R6 that gives the role.
    fn way(&self, user: &str, role: &str) -> &'static str {
        let (portal, people) = (self.portal, &self.people);
        let to = |rows: &[(String, String)], reaches: &dyn Fn(&str) -> bool| {
            rows.iter().any(|(assigned, whom)| assigned == role && reaches(whom))
        };
        let is_user = |whom: &str| whom == user;
        let ways = [
            ("role-of-user", to(&portal.assigned_to_user, &is_user)),
            ("role-of-department", to(&portal.assigned_to_department, &|whom| people.belongs(user, whom))),
            (
                "role-of-department-tree",
                to(&portal.assigned_to_department_tree, &|whom| people.belongs_within(user, whom)),
            ),
            ("role-of-employee", to(&portal.assigned_to_employee, &is_user) && people.belongs_somewhere(user)),
            ("role-of-superior", to(&portal.assigned_to_employee, &|whom| people.is_superior(user, whom))),
            (
                "role-of-user-group",
                portal.edition.iter().any(|(edition,)| edition.name() == "on_premise")
                    && to(&portal.assigned_to_user_group, &|group| {
                        portal.in_user_group.iter().any(|(member, of)| member == user && of == group)
                    }),
            ),
            ("role-of-workgroup", people.holds(user, role)),
        ];
        ways.into_iter().find(|(_, holds)| *holds).map_or("not held", |(way, _)| way)
    }
}
