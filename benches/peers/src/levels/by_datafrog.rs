//! The rules in datafrog: only `within` needs rounds, everything else is a join of finished relations. It has no
//! aggregates; its relations are sorted, so the highest level is the last of each user and action.

use std::time::{Duration, Instant};

use datafrog::{Iteration, Relation};

use super::{Counts, Facts};

/// How long deriving takes, and how many tuples there are.
pub fn derive(facts: Facts) -> (Duration, Counts) {
    let started = Instant::now();
    let belongs = belongs_to(&facts);
    let by_department = Relation::from_map(&belongs, |(user, department)| (*department, *user));
    let within = within(&facts, &by_department);
    let holds = holds_role(&facts, &belongs, &by_department, &within);
    let by_role = Relation::from_map(&holds, |(user, role)| (*role, *user));
    let permissions: Relation<(u32, (u32, u32))> =
        facts.role_permission.iter().map(|(role, action, level)| (*role, (*action, *level))).collect();
    let given = Relation::from_join(&by_role, &permissions, |_, user, (action, level)| (*user, *action, *level));
    let same = |one: &(u32, u32, u32), next: &(u32, u32, u32)| (one.0, one.1) == (next.0, next.1);
    let highest: Vec<_> = given.chunk_by(same).filter_map(|levels| levels.last().copied()).collect();
    (started.elapsed(), [belongs.len(), within.len(), holds.len(), highest.len()])
}

fn belongs_to(facts: &Facts) -> Relation<(u32, u32)> {
    let heads = facts.department_head.iter().map(|(department, user)| (*user, *department));
    facts.works_in.iter().copied().chain(heads).collect()
}

/// Department and what it is within.
fn within(facts: &Facts, by_department: &Relation<(u32, u32)>) -> Relation<(u32, u32)> {
    let parents: Relation<(u32, u32)> = facts.department_parent.iter().copied().collect();
    let people = by_department.iter().map(|(department, _)| *department);
    let ends = parents.iter().flat_map(|(below, above)| [*below, *above]);
    let departments = facts.department.iter().map(|(department,)| *department).chain(people).chain(ends);
    let mut iteration = Iteration::new();
    // By what it is within, which is what the next parent is looked up by.
    let variable = iteration.variable::<(u32, u32)>("within");
    variable.insert(departments.map(|department| (department, department)).collect());
    while iteration.changed() {
        variable.from_join(&variable, &parents, |_, department, above| (*above, *department));
    }
    Relation::from_map(&variable.complete(), |(above, department)| (*department, *above))
}

/// User and role.
fn holds_role(
    facts: &Facts,
    belongs: &Relation<(u32, u32)>,
    by_department: &Relation<(u32, u32)>,
    within: &Relation<(u32, u32)>,
) -> Relation<(u32, u32)> {
    let turned = |pairs: &[(u32, u32)]| -> Relation<(u32, u32)> { pairs.iter().map(|(a, b)| (*b, *a)).collect() };
    let direct = turned(&facts.assigned_to_user);
    let departments = turned(&facts.assigned_to_department);
    let of_department = Relation::from_join(by_department, &departments, |_, user, role| (*user, *role));
    let above = Relation::from_map(within, |(department, above)| (*above, *department));
    let trees = turned(&facts.assigned_to_department_tree);
    let in_tree = Relation::from_join(&above, &trees, |_, department, role| (*department, *role));
    let of_tree = Relation::from_join(by_department, &in_tree, |_, user, role| (*user, *role));
    let employees = turned(&facts.assigned_to_employee);
    let of_employee = Relation::from_join(belongs, &employees, |user, _, role| (*user, *role));
    let of_superior = superiors(facts, &employees, within);
    let in_group = turned(&facts.in_user_group);
    let groups = turned(&facts.assigned_to_user_group);
    let of_group = Relation::from_join(&in_group, &groups, |_, user, role| (*user, *role));
    [of_department, of_tree, of_employee, of_superior, of_group, workgroups(facts)]
        .into_iter()
        .fold(direct, |all, some| all.merge(some))
}

/// What superiors get from the employees below them.
fn superiors(facts: &Facts, employees: &Relation<(u32, u32)>, within: &Relation<(u32, u32)>) -> Relation<(u32, u32)> {
    let works: Relation<(u32, u32)> = facts.works_in.iter().copied().collect();
    let heads: Relation<(u32, u32)> = facts.department_head.iter().copied().collect();
    let of_department = Relation::from_join(&works, employees, |user, department, role| (*department, (*user, *role)));
    let above = Relation::from_join(&of_department, within, |_, employee, above| (*above, *employee));
    let joined = Relation::from_join(&above, &heads, |_, (user, role), head| (*head, *role, head == user));
    joined.iter().filter(|(.., oneself)| !oneself).map(|(head, role, _)| (*head, *role)).collect()
}

/// What workgroups give to their members.
fn workgroups(facts: &Facts) -> Relation<(u32, u32)> {
    let members: Relation<(u32, (u32, u32))> =
        facts.in_workgroup.iter().map(|(user, group, membership)| (*group, (*user, *membership))).collect();
    let assigned: Relation<(u32, (u32, u32))> =
        facts.assigned_to_workgroup.iter().map(|(role, group, least)| (*group, (*role, *least))).collect();
    let joined = Relation::from_join(&members, &assigned, |_, (user, membership), (role, least)| {
        (*user, *role, membership >= least)
    });
    joined.iter().filter(|(.., open)| *open).map(|(user, role, _)| (*user, *role)).collect()
}
