//! CRM items: types, stages, who is responsible, who looks on.

use std::io;

use crate::options::Sizes;
use crate::output::{Field, Folder};
use crate::people::People;
use crate::random::Random;

/// The types of CRM items.
pub const TYPES: [&str; 4] = ["lead", "deal", "contact", "company"];
/// The operations on them.
pub const OPERATIONS: [&str; 6] = ["read", "add", "change", "delete", "export", "import"];
/// The stages of each type; contacts and companies have none.
pub const STAGES: [&[&str]; 4] = [
    &["NEW", "IN_PROCESS", "PROCESSED", "CONVERTED", "JUNK"],
    &["NEW", "PREPARATION", "EXECUTING", "WON", "LOSE"],
    &[],
    &[],
];

/// The items, for the links of chats and calls.
#[derive(Debug)]
pub struct Items {
    /// Who is responsible for each.
    pub responsible: Vec<u32>,
}

impl Items {
    /// An item that may well have to do with the user; nothing when there are none.
    pub fn near(&self, random: &mut Random, user: u32, sizes: &Sizes) -> Option<u32> {
        let count = self.responsible.len() as u32;
        if count == 0 {
            return None;
        }
        // The responsible of three items in five is the number of the item modulo the users.
        let own = random.below(count.div_ceil(sizes.users)).saturating_mul(sizes.users).saturating_add(user);
        Some(if random.chance(60) && own < count { own } else { random.below(count) })
    }
}

/// Writes the items.
pub fn write(folder: &mut Folder, people: &People, sizes: &Sizes) -> io::Result<Items> {
    let mut random = Random::stream(sizes.seed, "crm");
    let mut items = folder.table("crm_item", &["crm_item", "crm_type"])?;
    let mut responsibles = folder.table("crm_responsible", &["crm_item", "user"])?;
    let mut stages = folder.table("crm_stage", &["crm_item", "stage"])?;
    let mut open = folder.table("crm_open", &["crm_item"])?;
    let mut observers = folder.table("crm_observer", &["crm_item", "user"])?;
    let mut phones = folder.table("crm_phone", &["number", "crm_item"])?;
    let mut responsible = Vec::with_capacity(sizes.crm_items as usize);
    for number in 0..sizes.crm_items {
        let item = Field::Id("item", number);
        let kind = random.weighted(&[(0, 30), (1, 30), (2, 25), (3, 15)]);
        items.row(&[item, Field::Word(TYPES[kind])])?;
        let user = if random.chance(60) { number % sizes.users } else { people.anyone(&mut random) };
        responsible.push(user);
        responsibles.row(&[item, Field::Id("u", user)])?;
        if let Some(stage) = random.pick(STAGES[kind]) {
            stages.row(&[item, Field::Word(stage)])?;
        }
        if random.chance(30) {
            open.row(&[item])?;
        }
        let watching = random.weighted(&[(0, 85), (1, 10), (2, 5)]);
        for observer in random.distinct(watching, |random| Some(people.colleague(random, user))) {
            observers.row(&[item, Field::Id("u", observer)])?;
        }
        if random.chance(40) {
            phones.row(&[Field::Phone("+7900", number), item])?;
        }
    }
    for table in [items, responsibles, stages, open, observers, phones] {
        folder.close(table)?;
    }
    write_access(folder, &mut random, people, sizes)?;
    Ok(Items { responsible })
}

fn write_access(folder: &mut Folder, random: &mut Random, people: &People, sizes: &Sizes) -> io::Result<()> {
    let mut access = folder.table("crm_access", &["user", "crm_item", "operation"])?;
    let count = if sizes.crm_items == 0 { 0 } else { sizes.users / 50 };
    // One user out of each fifty, so that no row comes twice.
    for row in 0..count {
        let user = Field::Id("u", row * 50 + random.below(50.min(people.works_in.len())));
        let item = Field::Id("item", random.below(sizes.crm_items));
        access.row(&[user, item, Field::Word(random.weighted(&[("read", 3), ("change", 2), ("delete", 1)]))])?;
    }
    folder.close(access)
}
