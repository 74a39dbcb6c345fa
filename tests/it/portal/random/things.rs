//! The things of a random portal: channels, chats, calls, numbers, CRM items and apps.

use super::{Cast, Rng, TYPES};
use crate::portal::model::{Operation, Portal, Thing};

/// The stages that items may be in, of every type alike.
pub const STAGES: &[&str] = &["NEW", "WON", "C2:LOST"];

pub fn fill(portal: &mut Portal, cast: &Cast, rng: &mut Rng) {
    channels(portal, cast, rng);
    chats(portal, cast, rng);
    calls(portal, cast, rng);
    numbers(portal, cast, rng);
    items(portal, cast, rng);
    item_access(portal, cast, rng);
    apps(portal, cast, rng);
    display_names(portal, cast, rng);
}

fn channels(portal: &mut Portal, cast: &Cast, rng: &mut Rng) {
    for channel in &cast.channels {
        if rng.chance(88) {
            portal.channel.push((channel.clone(),));
        }
        for _ in 0..rng.below(4) {
            portal.channel_queue.push((channel.clone(), rng.one(&cast.users)));
        }
        if rng.chance(50) {
            portal.channel_editor.push((channel.clone(), rng.one(&cast.users)));
        }
    }
}

fn chats(portal: &mut Portal, cast: &Cast, rng: &mut Rng) {
    for chat in &cast.chats {
        if rng.chance(92) {
            portal.chat.push((chat.clone(), rng.one(&cast.channels)));
        }
        if rng.chance(4) {
            portal.chat.push((chat.clone(), rng.one(&cast.channels)));
        }
        for _ in 0..rng.below(4) {
            portal.chat_agent.push((chat.clone(), rng.one(&cast.users)));
        }
        for _ in 0..rng.below(3) {
            portal.chat_member.push((chat.clone(), rng.one(&cast.users)));
        }
        for _ in 0..*rng.pick(&[0, 0, 0, 1, 1, 2]) {
            portal.chat_crm.push((chat.clone(), item_or_missing(cast, rng)));
        }
    }
}

fn item_or_missing(cast: &Cast, rng: &mut Rng) -> String {
    if rng.chance(12) { "lead:404".to_owned() } else { rng.one(&cast.items) }
}

fn calls(portal: &mut Portal, cast: &Cast, rng: &mut Rng) {
    for call in &cast.calls {
        if rng.chance(92) {
            portal.call.push((call.clone(),));
        }
        for _ in 0..*rng.pick(&[0, 0, 1, 1, 1, 2]) {
            portal.call_agent.push((call.clone(), rng.one(&cast.users)));
        }
        for _ in 0..*rng.pick(&[0, 0, 1, 2]) {
            portal.call_crm.push((call.clone(), item_or_missing(cast, rng)));
        }
        if rng.chance(40) {
            portal.drive_access.push((rng.one(&cast.users), call.clone()));
        }
    }
}

fn numbers(portal: &mut Portal, cast: &Cast, rng: &mut Rng) {
    for number in &cast.numbers {
        if rng.chance(40) {
            portal.user_phone.push((number.clone(), rng.one(&cast.users)));
        }
        if rng.chance(40) {
            portal.crm_phone.push((number.clone(), item_or_missing(cast, rng)));
        }
    }
}

fn items(portal: &mut Portal, cast: &Cast, rng: &mut Rng) {
    for item in &cast.items {
        if rng.chance(94) {
            portal.crm_item.push((item.clone(), (*rng.pick(TYPES)).to_owned()));
        }
        if rng.chance(3) {
            portal.crm_item.push((item.clone(), (*rng.pick(TYPES)).to_owned()));
        }
        for _ in 0..*rng.pick(&[0, 1, 1, 1, 1, 2]) {
            portal.crm_responsible.push((item.clone(), rng.one(&cast.users)));
        }
        for _ in 0..*rng.pick(&[0, 0, 1, 1, 1, 1, 1, 2]) {
            portal.crm_stage.push((item.clone(), (*rng.pick(STAGES)).to_owned()));
        }
        if rng.chance(35) {
            portal.crm_open.push((item.clone(),));
        }
        for _ in 0..rng.below(3) {
            portal.crm_observer.push((item.clone(), rng.one(&cast.users)));
        }
    }
}

/// Grants on single items; now and then someone has all the operations on one.
fn item_access(portal: &mut Portal, cast: &Cast, rng: &mut Rng) {
    for _ in 0..cast.items.len() {
        let user = rng.one(&cast.users);
        let item = item_or_missing(cast, rng);
        let all = rng.chance(15);
        for operation in Operation::ALL {
            if all || rng.chance(16) {
                portal.crm_access.push((user.clone(), item.clone(), *operation));
            }
        }
    }
}

fn apps(portal: &mut Portal, cast: &Cast, rng: &mut Rng) {
    for app in &cast.apps {
        if rng.chance(90) {
            portal.app.push((app.clone(),));
        }
        if rng.chance(80) {
            portal.card_tab.push((app.clone(),));
        }
        for _ in 0..*rng.pick(&[0, 0, 1, 2]) {
            portal.app_assigned_to_user.push((app.clone(), rng.one(&cast.users)));
        }
        for _ in 0..*rng.pick(&[0, 0, 1, 2]) {
            portal.app_assigned_to_department.push((app.clone(), rng.one(&cast.departments)));
        }
    }
}

/// Names for some, which no decision looks at.
fn display_names(portal: &mut Portal, cast: &Cast, rng: &mut Rng) {
    for user in &cast.users {
        if rng.chance(20) {
            let thing = Thing { entity: "user", id: user.clone() };
            portal.display_name.push((thing, "Anna \"Nyuta\" Ivanova".to_owned()));
        }
    }
}
