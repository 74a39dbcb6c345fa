//! The policy of SPEC.md section 3, read literally: who may do what in a [`Portal`].
//!
//! Loops and sets, no cleverness. Each piece bears the number of its item; the modules follow the sections. Where the
//! specification can be read in two ways, a comment that begins with "Reading:" says which one was taken and why.

mod apps;
mod channels;
mod crm;
mod levels;
mod people;
mod scopes;
mod standing;
mod telephony;

use super::item::Item;
use super::model::{Operation, Portal, Setting};
use people::People;
pub use standing::Standing;

/// Answers requests over one portal.
pub struct Oracle<'p> {
    portal: &'p Portal,
    /// The one item that is misread, for the tests of the tests.
    misread: Option<Item>,
    people: People<'p>,
}

impl<'p> Oracle<'p> {
    /// The full reading.
    pub fn new(portal: &'p Portal) -> Self {
        Self::reading(portal, None)
    }

    /// The reading that gets one item wrong.
    pub fn misreading(portal: &'p Portal, item: Item) -> Self {
        Self::reading(portal, Some(item))
    }

    fn reading(portal: &'p Portal, misread: Option<Item>) -> Self {
        Oracle { portal, misread, people: People::new(portal, misread) }
    }

    /// The outcome: whether `user` may do `action` to the thing `id` (of the action's entity).
    /// Panics on an unknown action.
    pub fn allowed(&self, user: &str, action: &str, id: &str) -> bool {
        // P4: the dismissed are denied everything, whoever they are.
        if self.reads(Item::P4Dismissed) && self.is_inactive(user) {
            return false;
        }
        self.granted(user, action, id)
    }

    /// Whether anything says yes.
    fn granted(&self, user: &str, action: &str, id: &str) -> bool {
        match action {
            "channel.view" | "channel.edit" | "channel.connect" => self.channel_action(user, action, id),
            "statistics.view" => self.chat_statistics(user, id),
            "history.view" | "chat.join" => self.chat_conversation(user, action, id),
            "chat.rate" => self.chat_rating(user, id),
            "canned_response.use" => self.canned_response(user, id),
            "channel.configure" => self.channel_configuration(user, id),
            "access.edit" | "telephony.configure" | "number.manage" | "balance.manage" => {
                self.portal_action(user, action)
            }
            "call.view" | "recording.listen" | "recording.delete" => self.call_action(user, action, id),
            "call.make" => self.outbound_call(user, id),
            "phone.configure" => self.phone_configuration(user, id),
            "recording.download" => self.recording_download(user, id),
            "recording.reach" => self.recording_reach(user, id),
            "app.install" => self.app_installation(user, id),
            "app.use" => self.app_use(user, id),
            "app_tab.open" => self.app_tab(user, id),
            "crm.read" => self.crm_item_action(user, Operation::Read, id),
            "crm.change" => self.crm_item_action(user, Operation::Change, id),
            "crm.delete" => self.crm_item_action(user, Operation::Delete, id),
            "crm.export" => self.crm_item_action(user, Operation::Export, id),
            "crm.add" => self.crm_type_action(user, Operation::Add, id),
            "crm.import" => self.crm_type_action(user, Operation::Import, id),
            unknown => panic!("no action is called {unknown}"),
        }
    }

    /// Whether this reading gets the item right. A requirement that may be left out reads `x || !self.reads(item)`, a
    /// grant that may be left out `x && self.reads(item)`.
    fn reads(&self, item: Item) -> bool {
        self.misread != Some(item)
    }

    fn is_inactive(&self, user: &str) -> bool {
        self.portal.inactive.iter().any(|(inactive,)| inactive == user)
    }

    fn is_administrator(&self, user: &str) -> bool {
        self.portal.administrator.iter().any(|(administrator,)| administrator == user)
    }

    fn has_setting(&self, setting: Setting) -> bool {
        self.portal.setting.iter().any(|(set,)| *set == setting)
    }
}
