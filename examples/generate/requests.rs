//! Requests over all actions. About half are meant to be allowed: the user of a request is often one who has
//! to do with its resource. Nothing is decided here; the policy may think otherwise.

use std::io::{self, Write};
use std::path::Path;

use crate::channels::Chats;
use crate::crm::{Items, TYPES};
use crate::options::Sizes;
use crate::output::{Field, whole_file};
use crate::people::People;
use crate::random::Random;
use crate::telephony::Calls;

/// What the requests are about.
#[derive(Clone, Copy, Debug)]
pub struct Portal<'a> {
    pub people: &'a People,
    pub items: &'a Items,
    pub chats: &'a Chats,
    pub calls: &'a Calls,
    pub sizes: &'a Sizes,
}

/// Every action of the policy, with the entity it is done to.
const ACTIONS: [(&str, &str); 29] = [
    ("channel.view", "channel"),
    ("channel.edit", "channel"),
    ("channel.connect", "channel"),
    ("channel.configure", "channel"),
    ("canned_response.use", "channel"),
    ("statistics.view", "chat"),
    ("history.view", "chat"),
    ("chat.join", "chat"),
    ("chat.rate", "chat"),
    ("access.edit", "portal"),
    ("call.view", "call"),
    ("recording.listen", "call"),
    ("recording.delete", "call"),
    ("recording.download", "call"),
    ("recording.reach", "call"),
    ("call.make", "number"),
    ("phone.configure", "user"),
    ("telephony.configure", "portal"),
    ("number.manage", "portal"),
    ("balance.manage", "portal"),
    ("app.install", "app"),
    ("app.use", "app"),
    ("app_tab.open", "crm_item"),
    ("crm.read", "crm_item"),
    ("crm.change", "crm_item"),
    ("crm.delete", "crm_item"),
    ("crm.export", "crm_item"),
    ("crm.add", "crm_type"),
    ("crm.import", "crm_type"),
];

/// Writes the requests: CSV when the name ends in `.csv`, else AuthZEN objects, one a line.
pub fn write(path: &Path, count: u32, portal: &Portal<'_>) -> io::Result<()> {
    let mut random = Random::stream(portal.sizes.seed, "requests");
    let is_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    whole_file(path, |file| {
        if is_csv {
            file.write_all(b"subject,action,resource\n")?;
        }
        let mut line = Vec::new();
        for number in 0..count {
            let request = portal.request(&mut random);
            if is_csv {
                request.write_csv(&mut line)?;
            } else {
                request.write_json(&mut line, number)?;
            }
            line.push(b'\n');
            file.write_all(&line)?;
            line.clear();
        }
        Ok(())
    })
}

/// One question.
struct Request {
    user: u32,
    action: &'static str,
    entity: &'static str,
    resource: Field<'static>,
}

impl Request {
    fn write_csv(&self, line: &mut Vec<u8>) -> io::Result<()> {
        write!(line, "u{},{},", u64::from(self.user) + 1, self.action)?;
        self.resource.write_csv(line)
    }

    // No value needs an escape: ids, numbers and the names of the policy are plain ASCII.
    fn write_json(&self, line: &mut Vec<u8>, number: u32) -> io::Result<()> {
        let user = u64::from(self.user) + 1;
        write!(line, r#"{{"subject":{{"type":"user","id":"u{user}"}},"action":{{"name":"{}"}},"#, self.action)?;
        write!(line, r#""resource":{{"type":"{}","id":""#, self.entity)?;
        self.resource.write_plain(line)?;
        write!(line, r#""}},"context":{{"id":"q{}"}}}}"#, u64::from(number) + 1)
    }
}

impl Portal<'_> {
    fn request(&self, random: &mut Random) -> Request {
        let (action, entity) = ACTIONS[random.below(ACTIONS.len() as u32) as usize];
        let (resource, near) = self.resource(random, action, entity);
        let administrator = random.pick(&self.people.administrators);
        let user = match (near, administrator) {
            (_, Some(user)) if random.chance(administrator_share(action)) => user,
            (Some(near), _) if random.chance(60) => self.near(random, near),
            _ => self.people.anyone(random),
        };
        Request { user, action, entity, resource }
    }

    fn near(&self, random: &mut Random, user: u32) -> u32 {
        match random.below(10) {
            0..6 => user,
            6..8 => self.people.colleague(random, user),
            _ => self.people.superior(random, user),
        }
    }

    /// A resource, and someone who has to do with it.
    fn resource(&self, random: &mut Random, action: &str, entity: &str) -> (Field<'static>, Option<u32>) {
        let sizes = self.sizes;
        match entity {
            "chat" => {
                let chat = random.below(sizes.chats);
                (Field::Id("c", chat), self.chats.agent.get(chat as usize).copied().flatten())
            }
            "channel" => {
                let channel = random.below(sizes.channels);
                (Field::Id("line", channel), random.pick(self.chats.queues.list(channel)))
            }
            "call" => {
                let call = random.below(sizes.calls);
                (Field::Id("call", call), self.calls.agent.get(call as usize).copied().flatten())
            }
            "crm_item" => {
                let item = random.below(sizes.crm_items);
                (Field::Id("item", item), self.items.responsible.get(item as usize).copied())
            }
            "user" => {
                let user = self.people.anyone(random);
                (Field::Id("u", user), Some(user))
            }
            "number" => (self.number(random), None),
            "crm_type" => (Field::Word(random.pick(&TYPES).unwrap_or(TYPES[0])), None),
            "app" => {
                // Apps for everyone are asked for as often as the others.
                let is_for_all = action == "app.use" && random.chance(50);
                let app = random.below(sizes.apps);
                (Field::Id("app", if is_for_all { app / 4 * 4 + 3 } else { app }), None)
            }
            _ => (Field::Word("portal"), None),
        }
    }

    fn number(&self, random: &mut Random) -> Field<'static> {
        match random.below(3) {
            0 => Field::Phone("+7900", random.below(self.sizes.crm_items)),
            1 => Field::Phone("+7499", random.below(self.sizes.users)),
            _ => Field::Phone("+7800", random.below(10_000_000)),
        }
    }
}

/// In how many of 100 requests an administrator asks: half where hardly anybody else is allowed.
fn administrator_share(action: &str) -> u32 {
    match action {
        "recording.download" | "app.install" => 50,
        "access.edit" | "channel.configure" | "telephony.configure" | "number.manage" | "balance.manage" => 25,
        "app_tab.open" | "crm.delete" | "crm.export" => 20,
        _ => 2,
    }
}
