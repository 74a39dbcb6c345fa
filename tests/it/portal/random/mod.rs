//! Random portals and requests: small, legal, and such that every item of the policy matters in some.
//!
//! The same seed gives the same portal. [`people`] and [`things`] fill it; this file asks the questions.

mod people;
mod rng;
mod things;

use super::model::{ACTIONS, ActionRow, Portal, Term};
pub use rng::Rng;
use std::collections::{BTreeMap, BTreeSet};

/// How ids look in one portal.
#[derive(Clone, Copy)]
enum Style {
    /// `user2`, `department1`.
    Named,
    /// `2` for users, departments and all: only the entity tells them apart.
    Numbered,
    /// Names that have to be escaped and quoted with care.
    Odd,
}

/// The names of everything that a portal may mention.
struct Cast {
    users: Vec<String>,
    departments: Vec<String>,
    user_groups: Vec<String>,
    workgroups: Vec<String>,
    roles: Vec<String>,
    channels: Vec<String>,
    chats: Vec<String>,
    calls: Vec<String>,
    numbers: Vec<String>,
    items: Vec<String>,
    apps: Vec<String>,
}

/// The types of CRM items that random portals have.
const TYPES: &[&str] = &["lead", "deal", "contact", "company", "dynamic_180"];

impl Cast {
    fn random(rng: &mut Rng) -> Cast {
        let style = match rng.below(10) {
            0..5 => Style::Named,
            5..9 => Style::Numbered,
            _ => Style::Odd,
        };
        let mut ids = |entity: &str, least: usize, most: usize| -> Vec<String> {
            let count = rng.between(least, most);
            (1..=count).map(|number| style.id(entity, number)).collect()
        };
        Cast {
            users: ids("user", 3, 8),
            departments: ids("department", 2, 7),
            user_groups: ids("user_group", 1, 2),
            workgroups: ids("workgroup", 1, 2),
            roles: ids("role", 1, 4),
            channels: ids("channel", 1, 4),
            chats: ids("chat", 2, 6),
            calls: ids("call", 2, 5),
            numbers: ids("number", 3, 5),
            items: ids("lead:", 3, 7),
            apps: ids("app", 1, 3),
        }
    }
}

impl Style {
    fn id(self, entity: &str, number: usize) -> String {
        match self {
            Style::Named => format!("{entity}{number}"),
            Style::Numbered => number.to_string(),
            Style::Odd => format!("{entity} \"№{number}\", \\{{{number}}}"),
        }
    }
}

/// A portal with 3 to 8 users, 2 to 7 departments and a handful of everything else; without an illegal level (L3, C4).
pub fn random_portal(seed: u64) -> Portal {
    let rng = &mut Rng::new(seed);
    let cast = Cast::random(rng);
    let mut portal = Portal::default();
    people::fill(&mut portal, &cast, rng);
    things::fill(&mut portal, &cast, rng);
    portal
}

/// `count` requests to a portal of [`random_portal`]: every action in turn; mostly people and things that the portal
/// mentions, now and then somebody or something it does not.
pub fn random_requests(portal: &Portal, seed: u64, count: usize) -> Vec<(String, &'static str, String)> {
    let rng = &mut Rng::new(seed ^ 0x5eed);
    let mentioned = mentioned(portal);
    let start = rng.below(ACTIONS.len());
    let mut requests = Vec::with_capacity(count);
    for turn in 0..count {
        let action = &ACTIONS[(start + turn) % ACTIONS.len()];
        let user = random_user(portal, action, &mentioned, rng);
        requests.push((user, action.name, random_resource(action, &mentioned, rng)));
    }
    requests
}

/// The ids that the facts of a portal mention, by entity, sorted.
type Mentioned = BTreeMap<&'static str, BTreeSet<String>>;

/// The inputs name their fields after the entity, where the entity matters here.
fn mentioned(portal: &Portal) -> Mentioned {
    let mut mentioned = Mentioned::new();
    for (field, term) in portal.facts().into_iter().flat_map(|fact| fact.fields) {
        if let Term::Text(id) = term {
            mentioned.entry(field).or_default().insert(id);
        }
    }
    mentioned
}

/// Someone; for what administrators alone may do, an administrator more often.
fn random_user(portal: &Portal, action: &ActionRow, mentioned: &Mentioned, rng: &mut Rng) -> String {
    let percent = match action.name {
        "app.install" => 45,
        "recording.download" | "channel.configure" | "app_tab.open" => 15,
        _ => 0,
    };
    if rng.chance(percent) && !portal.administrator.is_empty() {
        return rng.pick(&portal.administrator).0.clone();
    }
    if rng.chance(3) { "stranger".to_owned() } else { any_of(mentioned, "user", rng) }
}

fn random_resource(action: &ActionRow, mentioned: &Mentioned, rng: &mut Rng) -> String {
    match action.entity {
        "portal" => (*rng.pick(&["portal", "main"])).to_owned(),
        "crm_type" => (*rng.pick(TYPES)).to_owned(),
        _ if rng.chance(3) => "unknown".to_owned(),
        entity => any_of(mentioned, entity, rng),
    }
}

fn any_of(mentioned: &Mentioned, entity: &str, rng: &mut Rng) -> String {
    let ids: Vec<&String> = mentioned.get(entity).into_iter().flatten().collect();
    if ids.is_empty() { "unknown".to_owned() } else { (*rng.pick(&ids)).clone() }
}
