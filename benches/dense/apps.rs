//! A1 to A3: apps and their tabs on CRM cards.

use rolecall::data::Tag;

use super::crm::{CHANGE, Crm, READ};
use super::facts::Facts;
use super::people::People;
use super::rows::Rows;

/// Apps, and who may open their tabs.
pub struct Apps {
    pub exists: Vec<bool>,
    users: Rows,
    departments: Rows,
    /// By user: whether they are ready for CRM and may use an app with a tab.
    pub opens_tabs: Vec<bool>,
}

impl Apps {
    /// Computes all of it.
    pub fn derive(facts: &Facts, people: &People, crm: &Crm) -> Apps {
        let apps = facts.count("app") + 1;
        let mut derived = Apps {
            exists: facts.marks("app", "app", 0),
            users: Rows::of_pairs(apps, facts.pairs("app_assigned_to_user", 0, 1)),
            departments: Rows::of_pairs(apps, facts.pairs("app_assigned_to_department", 0, 1)),
            opens_tabs: Vec::new(),
        };
        let tabs: Vec<u32> = facts.things("card_tab", 0).collect();
        let ready = Ready::read(facts, crm);
        let opens =
            |user: u32| ready.is_ready(user, people, crm) && tabs.iter().any(|app| derived.may_use(user, *app, people));
        derived.opens_tabs = (0..=facts.count("user") as u32).map(opens).collect();
        derived
    }

    /// A2.
    pub fn may_use(&self, user: u32, app: u32, people: &People) -> bool {
        let (users, departments) = (self.users.of(app), self.departments.of(app));
        let is_for_all = users.is_empty() && departments.is_empty();
        self.exists[app as usize]
            && !people.inactive[user as usize]
            && (people.administrator[user as usize]
                || is_for_all && people.exists[user as usize]
                || users.contains(&user)
                || people.belongs_to.of(user).iter().any(|department| departments.contains(department)))
    }
}

/// A3: what makes users ready for CRM besides their levels.
struct Ready {
    /// The types contact, lead and deal, where some fact names them.
    types: [Option<u32>; 3],
    /// For each of them, who has access to an item of it.
    access: [Vec<bool>; 3],
}

impl Ready {
    fn read(facts: &Facts, crm: &Crm) -> Ready {
        let find = |name: &str| {
            let tag = Tag::thing(facts.program.entity_named("crm_type")?);
            facts.database.symbols.find(tag, name).map(|value| facts.place(value))
        };
        let types = ["contact", "lead", "deal"].map(find);
        let mut access = types.map(|_| vec![false; facts.count("user") + 1]);
        for (user, item) in facts.pairs("crm_access", 0, 1) {
            for (ty, access) in types.iter().zip(&mut access) {
                access[user as usize] |= ty.is_some_and(|ty| crm.types_of(item).contains(&ty));
            }
        }
        Ready { types, access }
    }

    fn is_ready(&self, user: u32, people: &People, crm: &Crm) -> bool {
        let ready_for = |place: usize| {
            let gate = |ty| crm.gate(user, ty, READ) || crm.gate(user, ty, CHANGE);
            self.access[place][user as usize] || self.types[place].is_some_and(gate)
        };
        people.administrator[user as usize] || ready_for(0) && (ready_for(1) || ready_for(2))
    }
}
