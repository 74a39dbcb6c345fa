//! SPEC.md 3.5: what open channels add to their levels.

use super::Oracle;
use crate::portal::item::Item;
use crate::portal::model::{Level, Setting};

impl Oracle<'_> {
    // S4.
    pub(super) fn chat_statistics(&self, user: &str, chat: &str) -> bool {
        self.chat_exists(chat) && self.chat_covered(user, self.effective_level(user, "statistics.view"), chat)
    }

    /// `history.view` and `chat.join`.
    pub(super) fn chat_conversation(&self, user: &str, action: &str, chat: &str) -> bool {
        if !self.chat_exists(chat) {
            return false;
        }
        if self.is_decided_by_crm(chat) {
            // OC1, the setting: CRM alone, except that an agent of the chat always may.
            return self.may_read_linked_item(user, chat)
                || self.is_agent(user, chat) && self.reads(Item::Oc1OverrideAgents)
                || self.is_member_joining(user, action, chat) && !self.reads(Item::Oc1OverrideMembers);
        }
        let item = if action == "chat.join" { Item::Oc1Join } else { Item::Oc1History };
        self.chat_level_covers(user, action, chat)
            || self.may_read_linked_item(user, chat) && self.reads(item)
            || self.is_member_joining(user, action, chat)
    }

    // OC1, the setting: a chat with at least one `chat_crm` fact. Reading: a link to an item that does not exist is a
    // fact as well, so that such a chat is left to its agents.
    fn is_decided_by_crm(&self, chat: &str) -> bool {
        let mut links = self.portal.chat_crm.iter().filter(|(of, _)| of == chat);
        let linked = if self.reads(Item::Oc1OverrideMissing) {
            links.next().is_some()
        } else {
            links.any(|(_, item)| self.item_exists(item))
        };
        self.has_setting(Setting::CrmOverrides)
            && self.reads(Item::Oc1Override)
            && (linked || !self.reads(Item::Oc1OverrideLinked))
    }

    // OC1: "may read" is the outcome of `crm.read`.
    fn may_read_linked_item(&self, user: &str, chat: &str) -> bool {
        self.portal.chat_crm.iter().any(|(of, item)| of == chat && self.allowed(user, "crm.read", item))
    }

    // OC2.
    fn is_member_joining(&self, user: &str, action: &str, chat: &str) -> bool {
        let is_member = self.portal.chat_member.iter().any(|(of, member)| of == chat && member == user);
        is_member && (action == "chat.join" || !self.reads(Item::Oc2JoinOnly)) && self.reads(Item::Oc2Member)
    }

    // S4 with its setting: the level is applied to the chat's agents or, for joining and rating, to its channel.
    fn chat_level_covers(&self, user: &str, action: &str, chat: &str) -> bool {
        let level = self.effective_level(user, action);
        let by_channel = self.has_setting(Setting::ChatsByChannel)
            && self.reads(Item::S4ByChannel)
            && (action != "history.view" || !self.reads(Item::S4ByChannelNotHistory));
        if by_channel { self.chat_channel_covered(user, level, chat) } else { self.chat_covered(user, level, chat) }
    }

    // S4: the channel needs no fact of its own; of several channels of a chat, any suffices.
    fn chat_channel_covered(&self, user: &str, level: Level, chat: &str) -> bool {
        self.portal.chat.iter().any(|(known, channel)| {
            let exists = self.channel_exists(channel) || self.reads(Item::S4ByChannelUndeclared);
            known == chat && exists && self.channel_covered(user, level, channel)
        })
    }

    // OC3: the level, and the outcome of `history.view` on the same chat.
    pub(super) fn chat_rating(&self, user: &str, chat: &str) -> bool {
        self.chat_exists(chat)
            && self.chat_level_covers(user, "chat.rate", chat)
            && (self.allowed(user, "history.view", chat) || !self.reads(Item::Oc3History))
    }

    // S8 and OC4.
    pub(super) fn canned_response(&self, user: &str, channel: &str) -> bool {
        let by_level = self.effective_level(user, "canned_response.use") == Level::Any && self.reads(Item::S8Canned);
        let exists = self.channel_exists(channel) || !self.reads(Item::ExistsCannedChannel);
        exists && (by_level || self.is_queued(user, channel) && self.reads(Item::Oc4Queue))
    }

    // OC5: administrators; and whoever may do both, as outcomes.
    pub(super) fn channel_configuration(&self, user: &str, channel: &str) -> bool {
        let edits_channel = self.allowed(user, "channel.edit", channel) || !self.reads(Item::Oc5ChannelEdit);
        let edits_access = self.allowed(user, "access.edit", "portal") || !self.reads(Item::Oc5AccessEdit);
        self.channel_exists(channel)
            && (self.is_administrator(user) && self.reads(Item::Oc5Administrators)
                || edits_channel && edits_access && self.reads(Item::Oc5Both))
    }
}
