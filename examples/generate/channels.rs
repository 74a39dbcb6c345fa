//! Open channels with their queues, and the chats that came through them.

use std::io;

use crate::crm::Items;
use crate::groups::Groups;
use crate::options::Sizes;
use crate::output::{Field, Folder};
use crate::people::People;
use crate::random::Random;

/// The chats, for the requests.
#[derive(Debug)]
pub struct Chats {
    /// The first agent of each chat.
    pub agent: Vec<Option<u32>>,
    /// Channel to the users of its queue.
    pub queues: Groups,
}

/// Writes channels and chats.
pub fn write(folder: &mut Folder, people: &People, items: &Items, sizes: &Sizes) -> io::Result<Chats> {
    let mut random = Random::stream(sizes.seed, "channels");
    let queues = write_channels(folder, &mut random, people, sizes)?;
    let agent = write_chats(folder, &mut random, people, items, &queues, sizes)?;
    Ok(Chats { agent, queues })
}

fn write_channels(folder: &mut Folder, random: &mut Random, people: &People, sizes: &Sizes) -> io::Result<Groups> {
    let mut channels = folder.table("channel", &["channel"])?;
    let mut queue_rows = folder.table("channel_queue", &["channel", "user"])?;
    let mut editors = folder.table("channel_editor", &["channel", "user"])?;
    let mut queues = Groups::new();
    for channel in 0..sizes.channels {
        channels.row(&[Field::Id("line", channel)])?;
        let first = people.anyone(random);
        let size = random.between(3, 10).min(sizes.users);
        let queue = random.distinct(size, |random| {
            Some(if random.chance(70) { people.colleague(random, first) } else { people.anyone(random) })
        });
        for &user in &queue {
            queue_rows.row(&[Field::Id("line", channel), Field::Id("u", user)])?;
        }
        let count = random.between(1, 2);
        let editing =
            random.distinct(
                count,
                |random| {
                    if random.chance(60) { random.pick(&queue) } else { Some(people.anyone(random)) }
                },
            );
        for user in editing {
            editors.row(&[Field::Id("line", channel), Field::Id("u", user)])?;
        }
        queues.push(&queue);
    }
    folder.close(channels)?;
    folder.close(queue_rows)?;
    folder.close(editors)?;
    Ok(queues)
}

fn write_chats(
    folder: &mut Folder,
    random: &mut Random,
    people: &People,
    items: &Items,
    queues: &Groups,
    sizes: &Sizes,
) -> io::Result<Vec<Option<u32>>> {
    let mut chats = folder.table("chat", &["chat", "channel"])?;
    let mut agent_rows = folder.table("chat_agent", &["chat", "user"])?;
    let mut members = folder.table("chat_member", &["chat", "user"])?;
    let mut links = folder.table("chat_crm", &["chat", "crm_item"])?;
    let mut first_agents = Vec::with_capacity(sizes.chats as usize);
    for number in 0..sizes.chats {
        let chat = Field::Id("c", number);
        let channel = random.below(sizes.channels);
        chats.row(&[chat, Field::Id("line", channel)])?;
        let count = random.weighted(&[(0, 10), (1, 70), (2, 20)]);
        let agents = random.distinct(count, |random| {
            if random.chance(85) { random.pick(queues.list(channel)) } else { Some(people.anyone(random)) }
        });
        for &agent in &agents {
            agent_rows.row(&[chat, Field::Id("u", agent)])?;
        }
        let near = agents.first().copied().unwrap_or_else(|| people.anyone(random));
        let count = random.weighted(&[(0, 80), (1, 13), (2, 7)]);
        for member in random.distinct(count, |random| Some(people.colleague(random, near))) {
            members.row(&[chat, Field::Id("u", member)])?;
        }
        let count = random.weighted(&[(0, 70), (1, 26), (2, 4)]);
        for item in random.distinct(count, |random| items.near(random, near, sizes)) {
            links.row(&[chat, Field::Id("item", item)])?;
        }
        first_agents.push(agents.first().copied());
    }
    for table in [chats, agent_rows, members, links] {
        folder.close(table)?;
    }
    Ok(first_agents)
}
