//! Users, departments, heads, groups: who is where.

use std::io;

use crate::groups::Groups;
use crate::options::{Options, Shape, Sizes};
use crate::output::{Field, Folder};
use crate::random::Random;

const FIRST_NAMES: [&str; 16] = [
    "Anna", "Boris", "Clara", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Irina", "Jonas", "Katya", "Liam", "Marta",
    "Nikolai", "Olga", "Pavel",
];
const LAST_NAMES: [&str; 16] = [
    "Abel", "Berg", "Costa", "Demir", "Eriksen", "Fischer", "Gruber", "Horvat", "Ivanov", "Jansen", "Kowalska",
    "Lindholm", "Moreau", "Novak", "O'Brien", "Petrov",
];
const WORK: [&str; 8] =
    ["Sales", "Support", "Service", "Marketing", "Research, Development", "Finance", "Logistics", "The \"Front\" Desk"];

/// Who is where, for the parts that come after.
#[derive(Debug)]
pub struct People {
    /// The department above; always a lower number, and only department 0 has none.
    pub parents: Vec<u32>,
    /// How many departments lie on the way up, itself included.
    pub depths: Vec<u32>,
    /// The heads; one department in ten has none.
    pub heads: Vec<Option<u32>>,
    /// User to departments.
    pub works_in: Groups,
    /// Department to users.
    pub staff: Groups,
    /// User group to users.
    pub user_groups: Groups,
    /// Workgroup to users.
    pub workgroups: Groups,
    /// The portal's administrators.
    pub administrators: Vec<u32>,
}

impl People {
    /// Anyone.
    pub fn anyone(&self, random: &mut Random) -> u32 {
        random.below(self.works_in.len())
    }

    /// Someone who shares a department with the user; perhaps the user.
    pub fn colleague(&self, random: &mut Random, user: u32) -> u32 {
        let department = random.pick(self.works_in.list(user));
        department.and_then(|department| random.pick(self.staff.list(department))).unwrap_or(user)
    }

    /// The head of a department of the user or of one of the three above it; the user when there is none.
    pub fn superior(&self, random: &mut Random, user: u32) -> u32 {
        let Some(mut department) = random.pick(self.works_in.list(user)) else { return user };
        for _ in 0..random.below(4) {
            department = self.parents[department as usize];
        }
        self.heads[department as usize].unwrap_or(user)
    }
}

/// Writes the people and the portal's edition.
pub fn write(folder: &mut Folder, options: &Options, sizes: &Sizes) -> io::Result<People> {
    let mut random = Random::stream(sizes.seed, "people");
    let parents = parents(&mut random, sizes.departments, options.shape);
    let depths = depths(&parents);
    let works_in = memberships(&mut random, &parents, sizes, options.shape);
    let staff = works_in.inverse(sizes.departments);
    let heads = heads(&mut random, &staff, sizes);
    let user_groups = circles(&mut random, sizes.user_groups, sizes.users);
    let workgroups = circles(&mut random, sizes.workgroups, sizes.users);
    let administrators = random.distinct((sizes.users / 5_000).clamp(1, 20), |random| Some(random.below(sizes.users)));
    let people = People { parents, depths, heads, works_in, staff, user_groups, workgroups, administrators };
    write_users(folder, &mut random, &people)?;
    write_departments(folder, &people, sizes)?;
    write_circles(folder, &mut random, &people, sizes)?;
    write_names(folder, &mut random, sizes)?;
    Ok(people)
}

fn parents(random: &mut Random, count: u32, shape: Shape) -> Vec<u32> {
    if shape == Shape::Deep {
        return (0..count).map(|department| department.saturating_sub(1)).collect();
    }
    // Breadth first; two departments of three have three to six below them, the others none.
    let mut parents = vec![0];
    let mut parent = 0;
    while parents.len() < count as usize {
        let is_last = parent + 1 == parents.len();
        if is_last || random.chance(64) {
            let room = count as usize - parents.len();
            let children = (random.between(3, 6) as usize).min(room);
            parents.resize(parents.len() + children, parent as u32);
        }
        parent += 1;
    }
    parents
}

fn depths(parents: &[u32]) -> Vec<u32> {
    let mut depths = vec![1; parents.len()];
    for department in 1..parents.len() {
        depths[department] = depths[parents[department] as usize] + 1;
    }
    depths
}

fn memberships(random: &mut Random, parents: &[u32], sizes: &Sizes, shape: Shape) -> Groups {
    let mut works_in = Groups::new();
    // The crowd of a wide portal works in the last department.
    let crowd = sizes.departments - 1;
    for user in 0..sizes.users {
        let count = random.between(1, 3).min(sizes.departments);
        let main = random.below(sizes.departments);
        let mut departments = random.distinct(count, |random| {
            // Half of the second memberships are with the department above.
            Some(if random.chance(50) { parents[main as usize] } else { random.below(sizes.departments) })
        });
        if !departments.contains(&main) {
            departments[0] = main;
        }
        if shape == Shape::Wide && user % 2 == 0 && !departments.contains(&crowd) {
            departments[0] = crowd;
        }
        works_in.push(&departments);
    }
    works_in
}

fn heads(random: &mut Random, staff: &Groups, sizes: &Sizes) -> Vec<Option<u32>> {
    let mut head = |department| {
        let user = match random.pick(staff.list(department)) {
            Some(user) if random.chance(80) => user,
            _ => random.below(sizes.users),
        };
        random.chance(90).then_some(user)
    };
    (0..sizes.departments).map(&mut head).collect()
}

fn circles(random: &mut Random, count: u32, users: u32) -> Groups {
    let mut groups = Groups::new();
    for _ in 0..count {
        let size = random.between(4, 16).min(users);
        groups.push(&random.distinct(size, |random| Some(random.below(users))));
    }
    groups
}

fn write_users(folder: &mut Folder, random: &mut Random, people: &People) -> io::Result<()> {
    let mut edition = folder.table("edition", &["edition"])?;
    edition.row(&[Field::Word("on_premise")])?;
    folder.close(edition)?;

    let mut users = folder.table("user", &["user"])?;
    let mut inactive = folder.table("inactive", &["user"])?;
    let mut works_in = folder.table("works_in", &["user", "department"])?;
    for user in 0..people.works_in.len() {
        users.row(&[Field::Id("u", user)])?;
        if random.chance(2) {
            inactive.row(&[Field::Id("u", user)])?;
        }
        for &department in people.works_in.list(user) {
            works_in.row(&[Field::Id("u", user), Field::Id("d", department)])?;
        }
    }
    folder.close(users)?;
    folder.close(inactive)?;
    folder.close(works_in)?;

    let mut administrators = folder.table("administrator", &["user"])?;
    for &user in &people.administrators {
        administrators.row(&[Field::Id("u", user)])?;
    }
    folder.close(administrators)
}

fn write_departments(folder: &mut Folder, people: &People, sizes: &Sizes) -> io::Result<()> {
    let mut departments = folder.table("department", &["department"])?;
    let mut parents = folder.table("department_parent", &["department", "parent"])?;
    let mut heads = folder.table("department_head", &["department", "user"])?;
    for department in 0..sizes.departments {
        departments.row(&[Field::Id("d", department)])?;
        if department > 0 {
            parents.row(&[Field::Id("d", department), Field::Id("d", people.parents[department as usize])])?;
        }
        if let Some(user) = people.heads[department as usize] {
            heads.row(&[Field::Id("d", department), Field::Id("u", user)])?;
        }
    }
    folder.close(departments)?;
    folder.close(parents)?;
    folder.close(heads)
}

fn write_circles(folder: &mut Folder, random: &mut Random, people: &People, sizes: &Sizes) -> io::Result<()> {
    let mut user_groups = folder.table("in_user_group", &["user", "user_group"])?;
    for group in 0..sizes.user_groups {
        for &user in people.user_groups.list(group) {
            user_groups.row(&[Field::Id("u", user), Field::Id("g", group)])?;
        }
    }
    folder.close(user_groups)?;

    let mut workgroups = folder.table("in_workgroup", &["user", "workgroup", "membership"])?;
    for group in 0..sizes.workgroups {
        for (index, &user) in people.workgroups.list(group).iter().enumerate() {
            let membership = match index {
                0 => "owner",
                _ if random.chance(20) => "moderator",
                _ => "member",
            };
            workgroups.row(&[Field::Id("u", user), Field::Id("w", group), Field::Word(membership)])?;
        }
    }
    folder.close(workgroups)
}

fn write_names(folder: &mut Folder, random: &mut Random, sizes: &Sizes) -> io::Result<()> {
    let mut names = folder.table("display_name", &["thing", "name"])?;
    let mut pick = |words: &[&'static str]| random.pick(words).unwrap_or("Nameless");
    for user in 0..sizes.users {
        let name = format!("{} {}", pick(&FIRST_NAMES), pick(&LAST_NAMES));
        names.row(&[Field::Thing("user", "u", user), Field::Word(&name)])?;
    }
    for department in 0..sizes.departments {
        let name = format!("{} {}", pick(&WORK), u64::from(department) + 1);
        names.row(&[Field::Thing("department", "d", department), Field::Word(&name)])?;
    }
    folder.close(names)
}
