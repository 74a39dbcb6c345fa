//! The people of a random portal: departments, groups, roles and who is given them.

use super::{Cast, Rng, TYPES};
use crate::portal::model::{
    ACTIONS, CRM_LEVELS, Edition, Feature, Level, Membership, Module, Operation, Portal, Setting,
};

const DEFAULT_ROLES: &[&str] = &[
    "oc_administrator",
    "oc_chief_executive",
    "oc_manager",
    "tel_administrator",
    "tel_chief_executive",
    "tel_department_head",
    "tel_manager",
];

pub fn fill(portal: &mut Portal, cast: &Cast, rng: &mut Rng) {
    switches(portal, rng);
    departments(portal, cast, rng);
    users(portal, cast, rng);
    for number in 0..cast.roles.len() {
        let role = &cast.roles[number];
        custom_role(portal, role, rng);
        crm_role(portal, role, rng);
        assignments(portal, cast, role, rng);
    }
    for _ in 0..rng.below(3) {
        let role = *rng.pick(DEFAULT_ROLES);
        assignments(portal, cast, role, rng);
        if rng.chance(20) {
            permission(portal, role, rng);
        }
    }
}

fn switches(portal: &mut Portal, rng: &mut Rng) {
    for setting in Setting::ALL {
        if rng.chance(30) {
            portal.setting.push((*setting,));
        }
    }
    for feature in Feature::ALL {
        if rng.chance(15) {
            portal.plan_lacks.push((*feature,));
        }
    }
    match rng.below(10) {
        0..2 => {}
        2..5 => portal.edition.push((Edition::Cloud,)),
        _ => portal.edition.push((Edition::OnPremise,)),
    }
}

fn departments(portal: &mut Portal, cast: &Cast, rng: &mut Rng) {
    for (number, department) in cast.departments.iter().enumerate() {
        if rng.chance(85) {
            portal.department.push((department.clone(),));
        }
        if number > 0 && rng.chance(80) {
            let upper = if rng.chance(60) { number - 1 } else { rng.below(number) };
            portal.department_parent.push((department.clone(), cast.departments[upper].clone()));
        }
        if rng.chance(8) {
            portal.department_parent.push((department.clone(), rng.one(&cast.departments)));
        }
        for _ in 0..*rng.pick(&[0, 0, 1, 1, 1, 2]) {
            portal.department_head.push((department.clone(), rng.one(&cast.users)));
        }
    }
}

fn users(portal: &mut Portal, cast: &Cast, rng: &mut Rng) {
    for user in &cast.users {
        if rng.chance(88) {
            portal.user.push((user.clone(),));
        }
        if rng.chance(8) {
            portal.inactive.push((user.clone(),));
        }
        if rng.chance(7) {
            portal.administrator.push((user.clone(),));
        }
        for _ in 0..*rng.pick(&[0, 1, 1, 1, 1, 1, 2, 2, 3]) {
            portal.works_in.push((user.clone(), rng.one(&cast.departments)));
        }
        if rng.chance(40) {
            portal.in_user_group.push((user.clone(), rng.one(&cast.user_groups)));
        }
        if rng.chance(50) {
            portal.in_workgroup.push((user.clone(), rng.one(&cast.workgroups), rng.one(Membership::ALL)));
        }
    }
}

/// A role of the portal's own, mostly for one module.
fn custom_role(portal: &mut Portal, role: &str, rng: &mut Rng) {
    let module = rng.one(Module::ALL);
    if rng.chance(85) {
        portal.role.push((role.to_owned(), module));
    }
    for action in ACTIONS.iter().filter(|action| action.module.is_some()) {
        let fitting = action.module == Some(module) || module == Module::Crm;
        if rng.chance(if fitting { 60 } else { 12 }) {
            portal.role_permission.push((role.to_owned(), action.name, legal_level(action.legal, rng)));
        }
    }
}

/// Any legal level; the denied one, which does the least, less often.
fn legal_level(legal: &[Level], rng: &mut Rng) -> Level {
    let level = rng.one(legal);
    if level == Level::Denied { rng.one(legal) } else { level }
}

fn permission(portal: &mut Portal, role: &str, rng: &mut Rng) {
    let action = rng.pick(ACTIONS);
    if action.module.is_some() {
        portal.role_permission.push((role.to_owned(), action.name, legal_level(action.legal, rng)));
    }
}

fn crm_role(portal: &mut Portal, role: &str, rng: &mut Rng) {
    if rng.chance(15) {
        return;
    }
    for crm_type in TYPES {
        for operation in Operation::ALL {
            if rng.chance(45) {
                let level = legal_level(CRM_LEVELS, rng);
                portal.crm_role_permission.push((role.to_owned(), (*crm_type).to_owned(), *operation, level));
            }
            if rng.chance(10) {
                let stage = (*rng.pick(super::things::STAGES)).to_owned();
                let row = (role.to_owned(), (*crm_type).to_owned(), *operation, stage, rng.one(CRM_LEVELS));
                portal.crm_role_stage_permission.push(row);
            }
        }
    }
}

/// One to three assignments of a role, of any kind.
fn assignments(portal: &mut Portal, cast: &Cast, role: &str, rng: &mut Rng) {
    for _ in 0..rng.between(1, 3) {
        let role = role.to_owned();
        match rng.below(7) {
            0 => portal.assigned_to_user.push((role, rng.one(&cast.users))),
            1 => portal.assigned_to_employee.push((role, rng.one(&cast.users))),
            2 => portal.assigned_to_department.push((role, rng.one(&cast.departments))),
            3 => portal.assigned_to_department_tree.push((role, rng.one(&cast.departments))),
            4 => portal.assigned_to_user_group.push((role, rng.one(&cast.user_groups))),
            _ => {
                let least = rng.one(Membership::ALL);
                portal.assigned_to_workgroup.push((role, rng.one(&cast.workgroups), least));
            }
        }
    }
}
