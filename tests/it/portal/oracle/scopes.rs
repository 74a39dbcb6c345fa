//! SPEC.md 3.4: whose things a level covers, and what exists.

use super::Oracle;
use crate::portal::item::Item;
use crate::portal::model::Level::{self, Any, CrmAndCoworkers, CrmCustomers, Department, Own};

impl Oracle<'_> {
    // S1: the user themself, or an active colleague who works in a department within one where the user works. S2, with
    // `heads`: or within one that the user heads.
    fn covers(&self, user: &str, colleague: &str, heads: bool) -> bool {
        if user == colleague && self.reads(Item::S1Themself) {
            return true;
        }
        if self.is_inactive(colleague) && self.reads(Item::S1Active) {
            return false;
        }
        let uppers: Vec<&str> =
            if heads { self.people.departments_of(user).collect() } else { self.people.workplaces_of(user).collect() };
        self.people.workplaces_of(colleague).any(|workplace| {
            let downward = |upper: &&str| self.people.is_within(workplace, upper);
            let same = |upper: &&str| *upper == workplace;
            if self.reads(Item::S1Downward) { uppers.iter().any(downward) } else { uppers.iter().any(same) }
        })
    }

    /// S1, for open channels.
    fn covers_in_channels(&self, user: &str, colleague: &str) -> bool {
        self.covers(user, colleague, !self.reads(Item::S1WorkingDepartments))
    }

    /// S2, for telephony.
    fn covers_in_telephony(&self, user: &str, colleague: &str) -> bool {
        self.covers(user, colleague, self.reads(Item::S2Heads))
    }

    // S3.
    pub(super) fn channel_action(&self, user: &str, action: &str, channel: &str) -> bool {
        let exists = self.channel_exists(channel) || !self.reads(Item::ExistsChannel);
        exists && self.channel_covered(user, self.effective_level(user, action), channel)
    }

    /// S3: what a level covers among channels, whether they exist or not.
    pub(super) fn channel_covered(&self, user: &str, level: Level, channel: &str) -> bool {
        let own = self.is_queued(user, channel) && self.reads(Item::S3Queue)
            || self.is_editor(user, channel) && self.reads(Item::S3Editor);
        let colleague_queued =
            self.portal.channel_queue.iter().any(|(of, queued)| of == channel && self.covers_in_channels(user, queued));
        let colleague_edits = !self.reads(Item::S3QueueOnly)
            && self
                .portal
                .channel_editor
                .iter()
                .any(|(of, editor)| of == channel && self.covers_in_channels(user, editor));
        let department = colleague_queued && self.reads(Item::S3Department) || colleague_edits;
        match level {
            Any => self.reads(Item::S3Any),
            Department => own && self.reads(Item::S3DepartmentAsOwn) || department,
            Own => own,
            _ => false,
        }
    }

    // S4, for the chat's agents.
    pub(super) fn chat_covered(&self, user: &str, level: Level, chat: &str) -> bool {
        let mut agents = self.portal.chat_agent.iter().filter(|(of, _)| of == chat).map(|(_, agent)| agent);
        match level {
            Any => self.reads(Item::S4Any),
            Department => agents.any(|agent| self.covers_in_channels(user, agent)) && self.reads(Item::S4Department),
            Own => self.is_agent(user, chat) && self.reads(Item::S4Own),
            _ => false,
        }
    }

    // S5.
    pub(super) fn call_action(&self, user: &str, action: &str, call: &str) -> bool {
        if !self.call_exists(call) {
            return false;
        }
        let agents: Vec<&String> =
            self.portal.call_agent.iter().filter(|(of, _)| of == call).map(|(_, agent)| agent).collect();
        match self.effective_level(user, action) {
            Any => self.reads(Item::S5Any),
            Department if agents.is_empty() => !self.reads(Item::S5NoAgent),
            Department => {
                agents.iter().any(|agent| self.covers_in_telephony(user, agent)) && self.reads(Item::S5Department)
            }
            Own => agents.iter().any(|agent| *agent == user) && self.reads(Item::S5Own),
            _ => false,
        }
    }

    // S6.
    pub(super) fn phone_configuration(&self, user: &str, other: &str) -> bool {
        let exists = self.portal.user.iter().any(|(known,)| known == other) || !self.reads(Item::ExistsUser);
        exists
            && match self.effective_level(user, "phone.configure") {
                Any => self.reads(Item::S6Any),
                Department => self.covers_in_telephony(user, other) && self.reads(Item::S6Department),
                Own => user == other && self.reads(Item::S6Own),
                _ => false,
            }
    }

    // S7: numbers need no fact of their own.
    pub(super) fn outbound_call(&self, user: &str, number: &str) -> bool {
        let customer = self.portal.crm_phone.iter().any(|(known, _)| known == number) && self.reads(Item::S7Customers);
        let coworker = self.portal.user_phone.iter().any(|(known, _)| known == number) && self.reads(Item::S7Coworkers);
        match self.effective_level(user, "call.make") {
            Any => customer || coworker || self.reads(Item::S7Any),
            CrmAndCoworkers => customer && self.reads(Item::S7CoworkersAndCustomers) || coworker,
            CrmCustomers => customer || coworker && !self.reads(Item::S7CustomersOnly),
            _ => false,
        }
    }

    // S8: any id stands for the one portal.
    pub(super) fn portal_action(&self, user: &str, action: &str) -> bool {
        self.effective_level(user, action) == Any && self.reads(Item::S8Portal)
    }

    pub(super) fn is_queued(&self, user: &str, channel: &str) -> bool {
        self.portal.channel_queue.iter().any(|(of, queued)| of == channel && queued == user)
    }

    fn is_editor(&self, user: &str, channel: &str) -> bool {
        self.portal.channel_editor.iter().any(|(of, editor)| of == channel && editor == user)
    }

    pub(super) fn is_agent(&self, user: &str, chat: &str) -> bool {
        self.portal.chat_agent.iter().any(|(of, agent)| of == chat && agent == user)
    }

    pub(super) fn channel_exists(&self, channel: &str) -> bool {
        self.portal.channel.iter().any(|(known,)| known == channel)
    }

    pub(super) fn chat_exists(&self, chat: &str) -> bool {
        self.portal.chat.iter().any(|(known, _)| known == chat) || !self.reads(Item::ExistsChat)
    }

    pub(super) fn call_exists(&self, call: &str) -> bool {
        self.portal.call.iter().any(|(known,)| known == call) || !self.reads(Item::ExistsCall)
    }

    pub(super) fn app_exists(&self, app: &str) -> bool {
        self.portal.app.iter().any(|(known,)| known == app) || !self.reads(Item::ExistsApp)
    }

    pub(super) fn item_exists(&self, item: &str) -> bool {
        self.portal.crm_item.iter().any(|(known, _)| known == item) || !self.reads(Item::ExistsInCrm)
    }
}
