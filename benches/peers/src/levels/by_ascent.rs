//! The rules in Ascent, on one thread, with its usual data structures; the highest level is a lattice column.

use std::time::{Duration, Instant};

use super::{Counts, Facts};

ascent::ascent! {
    struct Levels;
    relation works_in(u32, u32);
    relation department(u32);
    relation department_parent(u32, u32);
    relation department_head(u32, u32);
    relation in_user_group(u32, u32);
    relation in_workgroup(u32, u32, u32);
    relation role_permission(u32, u32, u32);
    relation assigned_to_user(u32, u32);
    relation assigned_to_employee(u32, u32);
    relation assigned_to_department(u32, u32);
    relation assigned_to_department_tree(u32, u32);
    relation assigned_to_user_group(u32, u32);
    relation assigned_to_workgroup(u32, u32, u32);

    relation belongs_to(u32, u32);
    relation within(u32, u32);
    relation holds_role(u32, u32);
    lattice highest_level(u32, u32, u32);

    belongs_to(u, d) <-- works_in(u, d);
    belongs_to(u, d) <-- department_head(d, u);

    within(d, d) <-- department(d);
    within(d, d) <-- belongs_to(_, d);
    within(d, d) <-- department_parent(d, _);
    within(d, d) <-- department_parent(_, d);
    within(d, above) <-- within(d, middle), department_parent(middle, above);

    holds_role(u, r) <-- assigned_to_user(r, u);
    holds_role(u, r) <-- assigned_to_department(r, d), belongs_to(u, d);
    holds_role(u, r) <-- assigned_to_department_tree(r, above), within(d, above), belongs_to(u, d);
    holds_role(u, r) <-- assigned_to_employee(r, u), belongs_to(u, _);
    holds_role(head, r) <--
        assigned_to_employee(r, u), works_in(u, d), within(d, above), department_head(above, head), if head != u;
    holds_role(u, r) <-- assigned_to_user_group(r, g), in_user_group(u, g);
    holds_role(u, r) <-- assigned_to_workgroup(r, g, least), in_workgroup(u, g, membership), if membership >= least;

    highest_level(u, a, level) <-- holds_role(u, r), role_permission(r, a, level);
}

/// How long deriving takes, and how many tuples there are.
pub fn derive(facts: Facts) -> (Duration, Counts) {
    let started = Instant::now();
    let mut levels = Levels {
        works_in: facts.works_in,
        department: facts.department,
        department_parent: facts.department_parent,
        department_head: facts.department_head,
        in_user_group: facts.in_user_group,
        in_workgroup: facts.in_workgroup,
        role_permission: facts.role_permission,
        assigned_to_user: facts.assigned_to_user,
        assigned_to_employee: facts.assigned_to_employee,
        assigned_to_department: facts.assigned_to_department,
        assigned_to_department_tree: facts.assigned_to_department_tree,
        assigned_to_user_group: facts.assigned_to_user_group,
        assigned_to_workgroup: facts.assigned_to_workgroup,
        ..Levels::default()
    };
    levels.run();
    let time = started.elapsed();
    let Levels { belongs_to, within, holds_role, highest_level, .. } = levels;
    (time, [belongs_to.len(), within.len(), holds_role.len(), highest_level.len()])
}
