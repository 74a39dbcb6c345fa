//! Roles, what they give, and to whom they are assigned: about five roles for each user.

use std::collections::HashSet;
use std::io;

use crate::crm::{OPERATIONS, STAGES, TYPES};
use crate::options::Sizes;
use crate::output::{Field, Folder, Table};
use crate::people::People;
use crate::random::Random;

/// The roles that ship with the policy, which data may assign by name; the first are assigned most.
const DEFAULT_ROLES: [(&str, u32); 7] = [
    ("oc_manager", 30),
    ("tel_manager", 30),
    ("tel_department_head", 15),
    ("oc_chief_executive", 2),
    ("tel_chief_executive", 2),
    ("oc_administrator", 1),
    ("tel_administrator", 1),
];

/// Actions with the levels that a role may give and how often it does (the legal ones of SPEC.md, L3).
type Actions = [(&'static str, &'static [(&'static str, u32)])];
const TO_ANY: &[(&str, u32)] = &[("denied", 85), ("any", 15)];
const BY_PEOPLE: &[(&str, u32)] = &[("denied", 30), ("own", 40), ("department", 22), ("any", 8)];
const CRM_LEVELS: [(&str, u32); 6] =
    [("denied", 20), ("own", 40), ("department", 18), ("subdepartments", 10), ("open", 8), ("any", 4)];

const OPEN_CHANNELS: &Actions = &[
    ("channel.view", BY_PEOPLE),
    ("channel.edit", BY_PEOPLE),
    ("channel.connect", BY_PEOPLE),
    ("statistics.view", BY_PEOPLE),
    ("history.view", BY_PEOPLE),
    ("chat.join", &[("own", 60), ("department", 30), ("any", 10)]),
    ("chat.rate", &[("denied", 55), ("department", 35), ("any", 10)]),
    ("access.edit", TO_ANY),
    ("canned_response.use", TO_ANY),
];
const TELEPHONY: &Actions = &[
    ("call.view", BY_PEOPLE),
    ("recording.listen", BY_PEOPLE),
    ("recording.delete", BY_PEOPLE),
    ("call.make", &[("denied", 30), ("crm_customers", 40), ("crm_and_coworkers", 20), ("any", 10)]),
    ("phone.configure", BY_PEOPLE),
    ("telephony.configure", TO_ANY),
    ("number.manage", TO_ANY),
    ("balance.manage", TO_ANY),
];

/// Writes roles, permissions and assignments.
pub fn write(folder: &mut Folder, people: &People, sizes: &Sizes) -> io::Result<()> {
    write_permissions(folder, sizes)?;
    write_assignments(folder, people, sizes)
}

fn write_permissions(folder: &mut Folder, sizes: &Sizes) -> io::Result<()> {
    let mut random = Random::stream(sizes.seed, "permissions");
    let mut roles = folder.table("role", &["role", "module"])?;
    let mut permissions = folder.table("role_permission", &["role", "action", "level"])?;
    let mut crm = folder.table("crm_role_permission", &["role", "crm_type", "operation", "level"])?;
    let mut stages = folder.table("crm_role_stage_permission", &["role", "crm_type", "operation", "stage", "level"])?;
    for role in 0..sizes.roles {
        // Most roles are for a job, and so for all three modules: about twenty permissions.
        let (open_channels, telephony, crm_share) = random.weighted(&[
            ((true, true, 30), 80),
            ((true, false, 0), 5),
            ((false, true, 0), 5),
            ((false, false, 80), 10),
        ]);
        let field = Field::Id("r", role);
        for (module, actions, has) in
            [("open_channels", OPEN_CHANNELS, open_channels), ("telephony", TELEPHONY, telephony)]
        {
            if has {
                roles.row(&[field, Field::Word(module)])?;
                write_levels(&mut permissions, &mut random, field, actions)?;
            }
        }
        if crm_share > 0 {
            roles.row(&[field, Field::Word("crm")])?;
            write_crm(&mut crm, &mut stages, &mut random, field, crm_share)?;
        }
    }
    folder.close(roles)?;
    folder.close(permissions)?;
    folder.close(crm)?;
    folder.close(stages)
}

fn write_levels(table: &mut Table, random: &mut Random, role: Field<'_>, actions: &Actions) -> io::Result<()> {
    for &(action, levels) in actions {
        if random.chance(90) {
            table.row(&[role, Field::Word(action), Field::Word(random.weighted(levels))])?;
        }
    }
    Ok(())
}

fn write_crm(
    defaults: &mut Table,
    stages: &mut Table,
    random: &mut Random,
    role: Field<'_>,
    percent: u32,
) -> io::Result<()> {
    for (kind, name) in TYPES.into_iter().enumerate() {
        for operation in OPERATIONS {
            let level = random.weighted(&CRM_LEVELS);
            if random.chance(percent) {
                defaults.row(&[role, Field::Word(name), Field::Word(operation), Field::Word(level)])?;
            }
        }
        let stage = random.pick(STAGES[kind]);
        if let Some(stage) = stage
            && random.chance(10)
        {
            let operation = random.weighted(&[("read", 2), ("change", 1)]);
            let level = random.weighted(&CRM_LEVELS);
            let fields = [name, operation, stage, level].map(Field::Word);
            stages.row(&[role, fields[0], fields[1], fields[2], fields[3]])?;
        }
    }
    Ok(())
}

/// The six ways of SPEC.md 3.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Holder {
    User,
    Employee,
    Department,
    DepartmentTree,
    UserGroup,
    Workgroup(&'static str),
}

const HOLDERS: [(Holder, u32); 8] = [
    (Holder::User, 51),
    (Holder::Employee, 12),
    (Holder::Department, 19),
    (Holder::DepartmentTree, 6),
    (Holder::UserGroup, 6),
    (Holder::Workgroup("member"), 4),
    (Holder::Workgroup("moderator"), 1),
    (Holder::Workgroup("owner"), 1),
];

fn write_assignments(folder: &mut Folder, people: &People, sizes: &Sizes) -> io::Result<()> {
    let mut random = Random::stream(sizes.seed, "assignments");
    let mut users = folder.table("assigned_to_user", &["role", "user"])?;
    let mut employees = folder.table("assigned_to_employee", &["role", "user"])?;
    let mut departments = folder.table("assigned_to_department", &["role", "department"])?;
    let mut trees = folder.table("assigned_to_department_tree", &["role", "department"])?;
    let mut user_groups = folder.table("assigned_to_user_group", &["role", "user_group"])?;
    let mut workgroups = folder.table("assigned_to_workgroup", &["role", "workgroup", "membership"])?;
    let reach = Reach::of(people);
    let mut written = HashSet::new();
    for number in 0..sizes.assignments {
        let (holder, target) = match reach.crowd {
            Some(crowd) if number < 2 => (Holder::Department, crowd),
            _ => reach.choose(&mut random, people, sizes),
        };
        let (is_default, number, role) = choose_role(&mut random, sizes);
        if !written.insert((holder, target, is_default, number)) {
            continue;
        }
        match holder {
            Holder::User => users.row(&[role, Field::Id("u", target)])?,
            Holder::Employee => employees.row(&[role, Field::Id("u", target)])?,
            Holder::Department => departments.row(&[role, Field::Id("d", target)])?,
            Holder::DepartmentTree => trees.row(&[role, Field::Id("d", target)])?,
            Holder::UserGroup => user_groups.row(&[role, Field::Id("g", target)])?,
            Holder::Workgroup(least) => workgroups.row(&[role, Field::Id("w", target), Field::Word(least)])?,
        }
    }
    for table in [users, employees, departments, trees, user_groups, workgroups] {
        folder.close(table)?;
    }
    Ok(())
}

fn choose_role(random: &mut Random, sizes: &Sizes) -> (bool, u32, Field<'static>) {
    if random.chance(6) {
        let numbered: Vec<_> =
            (0..).zip(DEFAULT_ROLES).map(|(number, (name, weight))| ((number, name), weight)).collect();
        let (number, name) = random.weighted(&numbered);
        return (true, number, Field::Word(name));
    }
    let number = random.below(sizes.roles);
    (false, number, Field::Id("r", number))
}

/// How many people an assignment would give its role, so that none reaches the whole portal.
struct Reach {
    /// Memberships in a department and those below it.
    subtree: Vec<u64>,
    /// The most that one assignment may reach.
    limit: u64,
    /// The department where a third of the portal works; it gets two roles past the limit.
    crowd: Option<u32>,
}

impl Reach {
    fn of(people: &People) -> Reach {
        let mut subtree: Vec<u64> =
            (0..people.staff.len()).map(|number| people.staff.list(number).len() as u64).collect();
        for department in (1..subtree.len()).rev() {
            subtree[people.parents[department] as usize] += subtree[department];
        }
        let average = people.works_in.total() / subtree.len();
        let is_crowd = |&number: &u32| people.staff.list(number).len() as u32 > people.works_in.len() / 3;
        let crowd = (0..people.staff.len()).find(is_crowd);
        Reach { subtree, limit: (average as u64 * 8).max(10), crowd }
    }

    fn choose(&self, random: &mut Random, people: &People, sizes: &Sizes) -> (Holder, u32) {
        let holder = random.weighted(&HOLDERS);
        for _ in 0..20 {
            let target = match holder {
                Holder::User | Holder::Employee => people.anyone(random),
                Holder::Department | Holder::DepartmentTree => random.below(sizes.departments),
                Holder::UserGroup => random.below(sizes.user_groups),
                Holder::Workgroup(_) => random.below(sizes.workgroups),
            };
            if self.people(people, holder, target) <= self.limit {
                return (holder, target);
            }
        }
        (Holder::User, people.anyone(random))
    }

    fn people(&self, people: &People, holder: Holder, target: u32) -> u64 {
        match holder {
            Holder::User => 1,
            Holder::Employee => people
                .works_in
                .list(target)
                .iter()
                .map(|&department| u64::from(people.depths[department as usize]))
                .sum(),
            Holder::Department => people.staff.list(target).len() as u64,
            Holder::DepartmentTree => self.subtree[target as usize],
            Holder::UserGroup => people.user_groups.list(target).len() as u64,
            Holder::Workgroup(_) => people.workgroups.list(target).len() as u64,
        }
    }
}
