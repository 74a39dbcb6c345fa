//! S3, S4 and OC1 to OC5: channels and chats.

use super::Dense;
use super::action::Action;
use super::crm::READ;
use super::facts::Facts;
use super::roles::{ANY, DEPARTMENT, OWN};
use super::rows::Rows;

const CRM_OVERRIDES: u32 = 1;
const CHATS_BY_CHANNEL: u32 = 2;

/// Channels and chats with their people and links.
pub struct Channels {
    exists: Vec<bool>,
    queue: Rows,
    editors: Rows,
    /// Chat to channels; one that has its fact has one at least.
    channels: Rows,
    agents: Rows,
    members: Rows,
    items: Rows,
    crm_overrides: bool,
    by_channel: bool,
}

impl Channels {
    /// Compresses the facts.
    pub fn derive(facts: &Facts) -> Channels {
        let (channels, chats) = (facts.count("channel") + 1, facts.count("chat") + 1);
        Channels {
            exists: facts.marks("channel", "channel", 0),
            queue: Rows::of_pairs(channels, facts.pairs("channel_queue", 0, 1)),
            editors: Rows::of_pairs(channels, facts.pairs("channel_editor", 0, 1)),
            channels: Rows::of_pairs(chats, facts.pairs("chat", 0, 1)),
            agents: Rows::of_pairs(chats, facts.pairs("chat_agent", 0, 1)),
            members: Rows::of_pairs(chats, facts.pairs("chat_member", 0, 1)),
            items: Rows::of_pairs(chats, facts.pairs("chat_crm", 0, 1)),
            crm_overrides: facts.states("setting", CRM_OVERRIDES),
            by_channel: facts.states("setting", CHATS_BY_CHANNEL),
        }
    }
}

impl Dense {
    /// S3: an action on a channel that exists.
    pub(super) fn may_channel(&self, user: u32, action: Action, channel: u32) -> bool {
        let level = self.level(user, action);
        self.channels.exists[channel as usize] && (level == ANY || self.level_covers_channel(user, level, channel))
    }

    fn level_covers_channel(&self, user: u32, level: u8, channel: u32) -> bool {
        let Channels { queue, editors, .. } = &self.channels;
        let tends = || queue.has(channel, user) || editors.has(channel, user);
        let covers = || queue.of(channel).iter().any(|colleague| self.people.covers_colleague(user, *colleague));
        level >= OWN && tends() || level >= DEPARTMENT && covers()
    }

    /// S8, OC4.
    pub(super) fn may_use_canned_responses(&self, user: u32, channel: u32) -> bool {
        self.channels.exists[channel as usize]
            && (self.level(user, Action::CannedResponseUse) == ANY || self.channels.queue.has(channel, user))
    }

    /// OC5.
    pub(super) fn may_configure_channel(&self, user: u32, channel: u32) -> bool {
        self.channels.exists[channel as usize]
            && (self.people.administrator[user as usize]
                || self.level(user, Action::AccessEdit) == ANY && self.may_channel(user, Action::ChannelEdit, channel))
    }

    /// S4: whether the level of an action covers a chat that exists.
    fn level_covers_chat(&self, user: u32, action: Action, chat: u32) -> bool {
        let level = self.level(user, action);
        if level == ANY {
            return true;
        }
        if self.channels.by_channel && matches!(action, Action::ChatJoin | Action::ChatRate) {
            let channels = self.channels.channels.of(chat);
            return channels.iter().any(|channel| self.level_covers_channel(user, level, *channel));
        }
        let agents = self.channels.agents.of(chat);
        level >= OWN && agents.contains(&user)
            || level >= DEPARTMENT && agents.iter().any(|agent| self.people.covers_colleague(user, *agent))
    }

    /// S4, OC1 to OC3: an action on a chat.
    pub(super) fn may_chat(&self, user: u32, action: Action, chat: u32) -> bool {
        if self.channels.channels.of(chat).is_empty() {
            return false;
        }
        match action {
            Action::HistoryView | Action::ChatJoin => self.may_open_chat(user, action, chat),
            Action::ChatRate => {
                self.level_covers_chat(user, action, chat) && self.may_open_chat(user, Action::HistoryView, chat)
            }
            _ => self.level_covers_chat(user, action, chat),
        }
    }

    /// OC1, OC2: the history of a chat that exists, or joining it.
    fn may_open_chat(&self, user: u32, action: Action, chat: u32) -> bool {
        let Channels { items, agents, members, .. } = &self.channels;
        let items = items.of(chat);
        if self.channels.crm_overrides && !items.is_empty() {
            return agents.has(chat, user) || items.iter().any(|item| self.crm.may(user, READ, *item, &self.people));
        }
        self.level_covers_chat(user, action, chat)
            || action == Action::ChatJoin && members.has(chat, user)
            || items.iter().any(|item| self.crm.may(user, READ, *item, &self.people))
    }
}
