//! Calls, recordings on the drive, and the telephones of the users.

use std::io;

use crate::crm::Items;
use crate::options::Sizes;
use crate::output::{Field, Folder};
use crate::people::People;
use crate::random::Random;

/// The calls, for the requests.
#[derive(Debug)]
pub struct Calls {
    /// The agent of each call.
    pub agent: Vec<Option<u32>>,
}

/// Writes calls and telephones.
pub fn write(folder: &mut Folder, people: &People, items: &Items, sizes: &Sizes) -> io::Result<Calls> {
    let mut random = Random::stream(sizes.seed, "telephony");
    let mut calls = folder.table("call", &["call"])?;
    let mut agents = folder.table("call_agent", &["call", "user"])?;
    let mut links = folder.table("call_crm", &["call", "crm_item"])?;
    let mut drive = folder.table("drive_access", &["user", "call"])?;
    let mut agent_of = Vec::with_capacity(sizes.calls as usize);
    for number in 0..sizes.calls {
        let call = Field::Id("call", number);
        calls.row(&[call])?;
        let user = people.anyone(&mut random);
        let agent = random.chance(85).then_some(user);
        if let Some(agent) = agent {
            agents.row(&[call, Field::Id("u", agent)])?;
        }
        if random.chance(30)
            && let Some(item) = items.near(&mut random, user, sizes)
        {
            links.row(&[call, Field::Id("item", item)])?;
        }
        if random.below(500) == 0 {
            drive.row(&[Field::Id("u", people.anyone(&mut random)), call])?;
        }
        agent_of.push(agent);
    }
    for table in [calls, agents, links, drive] {
        folder.close(table)?;
    }

    let mut phones = folder.table("user_phone", &["number", "user"])?;
    for user in 0..sizes.users {
        if random.chance(80) {
            phones.row(&[Field::Phone("+7499", user), Field::Id("u", user)])?;
        }
    }
    folder.close(phones)?;
    Ok(Calls { agent: agent_of })
}
