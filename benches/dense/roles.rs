//! R1 to R6 and L0 to L6: who holds which roles, and the effective level for each user and action.

use rolecall::data::Tag;

use super::action::{ACTIONS_WITH_LEVEL, Action};
use super::facts::Facts;
use super::people::People;
use super::rows::Rows;

pub const DENIED: u8 = 0;
pub const OWN: u8 = 1;
pub const CRM_CUSTOMERS: u8 = 2;
pub const DEPARTMENT: u8 = 3;
pub const SUBDEPARTMENTS: u8 = 4;
pub const CRM_AND_COWORKERS: u8 = 5;
pub const OPEN: u8 = 6;
pub const ANY: u8 = 7;

const ON_PREMISE: u32 = 1;
const OPEN_CHANNEL_ACCESS: u32 = 0;
const TELEPHONY_ACCESS: u32 = 1;
const UNCOUPLED_CHANNELS: u32 = 0;

/// A level for each action that has one.
pub type Levels = [u8; ACTIONS_WITH_LEVEL];

/// User to roles, each once.
pub fn holds_role(facts: &Facts, people: &People) -> Rows {
    let assigned = Assigned::read(facts, people);
    let mut holds = Rows::new();
    let mut seen_by = vec![u32::MAX; facts.count("role")];
    let mut roles = Vec::new();
    for user in 0..=facts.count("user") as u32 {
        roles.clear();
        assigned.each(user, people, |role| {
            if std::mem::replace(&mut seen_by[role as usize], user) != user {
                roles.push(role);
            }
        });
        holds.push(&roles);
    }
    holds
}

/// The assignments of roles, by whom they reach.
struct Assigned {
    users: Rows,
    employees: Rows,
    /// By department, with what the departments above give to those below.
    departments: Rows,
    /// By superior of an employee.
    superiors: Rows,
    user_groups: Rows,
    in_user_group: Rows,
    workgroups: Rows,
}

impl Assigned {
    fn read(facts: &Facts, people: &People) -> Assigned {
        let (users, groups) = (facts.count("user") + 1, facts.count("user_group") + 1);
        let on_premise = facts.states("edition", ON_PREMISE);
        let in_user_group = facts.pairs("in_user_group", 0, 1).filter(move |_| on_premise);
        Assigned {
            users: Rows::of_pairs(users, facts.pairs("assigned_to_user", 1, 0)),
            employees: Rows::of_pairs(users, facts.pairs("assigned_to_employee", 1, 0)),
            departments: of_departments(facts, people),
            superiors: Rows::of_pairs(users, of_superiors(facts, people).into_iter()),
            user_groups: Rows::of_pairs(groups, facts.pairs("assigned_to_user_group", 1, 0)),
            in_user_group: Rows::of_pairs(users, in_user_group),
            workgroups: Rows::of_pairs(users, of_workgroups(facts).into_iter()),
        }
    }

    /// Every role of the user, perhaps more than once.
    fn each(&self, user: u32, people: &People, mut take: impl FnMut(u32)) {
        let departments = people.belongs_to.of(user);
        let employed = if departments.is_empty() { &[] } else { self.employees.of(user) };
        let direct = [self.users.of(user), employed, self.superiors.of(user), self.workgroups.of(user)];
        direct.into_iter().flatten().for_each(|role| take(*role));
        departments.iter().flat_map(|department| self.departments.of(*department)).for_each(|role| take(*role));
        let groups = self.in_user_group.of(user).iter();
        groups.flat_map(|group| self.user_groups.of(*group)).for_each(|role| take(*role));
    }
}

/// R2, R3: what each department gives to those who belong to it.
fn of_departments(facts: &Facts, people: &People) -> Rows {
    let count = facts.count("department") + 1;
    let own = Rows::of_pairs(count, facts.pairs("assigned_to_department", 1, 0));
    let tree = Rows::of_pairs(count, facts.pairs("assigned_to_department_tree", 1, 0));
    let mut given = Rows::new();
    let mut roles: Vec<u32> = Vec::new();
    for department in 0..count as u32 {
        roles.clear();
        roles.extend(own.of(department));
        if tree.len() > 0 {
            roles.extend(people.within.of(department).iter().flat_map(|above| tree.of(*above)));
        }
        given.push(&roles);
    }
    given
}

/// R4: what superiors get from the employees below them.
fn of_superiors(facts: &Facts, people: &People) -> Vec<(u32, u32)> {
    let mut given = Vec::new();
    for (role, user) in facts.pairs("assigned_to_employee", 0, 1) {
        for department in people.works_in.of(user) {
            for above in people.within.of(*department) {
                given.extend(people.heads.of(*above).iter().filter(|head| **head != user).map(|head| (*head, role)));
            }
        }
    }
    given
}

/// R6: what workgroups give to their members.
fn of_workgroups(facts: &Facts) -> Vec<(u32, u32)> {
    let count = facts.count("workgroup") + 1;
    let least = facts.values("assigned_to_workgroup", 2);
    // Role and least membership in one number.
    let assignments = facts.pairs("assigned_to_workgroup", 1, 0).zip(least);
    let assigned = Rows::of_pairs(count, assignments.map(|((group, role), least)| (group, role << 2 | least.0)));
    let membership = facts.values("in_workgroup", 2);
    let mut given = Vec::new();
    for ((user, group), membership) in facts.pairs("in_workgroup", 0, 1).zip(membership) {
        let open = assigned.of(group).iter().filter(|packed| membership.0 >= **packed & 3);
        given.extend(open.map(|packed| (user, packed >> 2)));
    }
    given
}

/// The effective level of each user for each action, the unknown user's last.
pub fn levels(facts: &Facts, people: &People, holds: &Rows, actions: &[Action]) -> Vec<Levels> {
    let mut given: Vec<Levels> = vec![[DENIED; ACTIONS_WITH_LEVEL]; facts.count("role") + 1];
    for row in facts.rows("role_permission") {
        let action = actions[row[1].index()] as usize;
        if action < ACTIONS_WITH_LEVEL {
            let level = &mut given[facts.place(row[0]) as usize][action];
            *level = row[2].0.max(u32::from(*level)) as u8;
        }
    }
    let plan = Plan::read(facts, &given);
    let level = |user: u32| {
        let mut levels = [DENIED; ACTIONS_WITH_LEVEL];
        holds.of(user).iter().for_each(|role| raise(&mut levels, &given[*role as usize]));
        plan.apply(&mut levels, !people.belongs_to.of(user).is_empty(), people.administrator[user as usize]);
        levels
    };
    (0..=facts.count("user") as u32).map(level).collect()
}

fn raise(levels: &mut Levels, given: &Levels) {
    for (level, given) in levels.iter_mut().zip(given) {
        *level = (*level).max(*given);
    }
}

/// What changes levels for everybody.
struct Plan {
    /// L5: what everyone in a department has for telephony, in place of roles.
    telephony: Option<Levels>,
    shuts_access: bool,
    uncoupled: bool,
}

impl Plan {
    fn read(facts: &Facts, given: &[Levels]) -> Plan {
        let levels = manager(facts).map_or([DENIED; ACTIONS_WITH_LEVEL], |manager| given[manager]);
        Plan {
            telephony: facts.states("plan_lacks", TELEPHONY_ACCESS).then_some(levels),
            shuts_access: facts.states("plan_lacks", OPEN_CHANNEL_ACCESS),
            uncoupled: facts.states("setting", UNCOUPLED_CHANNELS),
        }
    }

    fn apply(&self, levels: &mut Levels, belongs: bool, administrator: bool) {
        if let Some(telephony) = &self.telephony {
            for action in Action::CallView as usize..ACTIONS_WITH_LEVEL {
                levels[action] = if belongs { telephony[action] } else { DENIED };
            }
        }
        if administrator {
            *levels = [ANY; ACTIONS_WITH_LEVEL];
        }
        if !self.uncoupled {
            let view = levels[Action::ChannelView as usize];
            let connect = levels[Action::ChannelConnect as usize];
            if connect == DENIED {
                levels[Action::ChannelView as usize] = DENIED;
            }
            if view == DENIED {
                levels[Action::ChannelEdit as usize] = DENIED;
                levels[Action::ChannelConnect as usize] = DENIED;
            }
        }
        if self.shuts_access {
            levels[Action::AccessEdit as usize] = DENIED;
        }
    }
}

/// The number of the role that everyone in a department holds on a plan without telephony access.
fn manager(facts: &Facts) -> Option<usize> {
    let role = facts.program.entity_named("role")?;
    let value = facts.database.symbols.find(Tag::thing(role), "tel_manager")?;
    Some(facts.place(value) as usize)
}
