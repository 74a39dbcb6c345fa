//! S5 to S7, T1 and T2: calls, recordings, numbers and phones.

use super::Dense;
use super::action::Action;
use super::crm::READ;
use super::facts::Facts;
use super::roles::{ANY, CRM_AND_COWORKERS, CRM_CUSTOMERS, DEPARTMENT, OWN};
use super::rows::Rows;

const LISTENERS_DOWNLOAD: u32 = 3;

/// Calls with their people and links, and the numbers that are known.
pub struct Telephony {
    exists: Vec<bool>,
    agents: Rows,
    items: Rows,
    drive: Rows,
    is_coworker: Vec<bool>,
    is_customer: Vec<bool>,
    listeners_download: bool,
}

impl Telephony {
    /// Compresses the facts.
    pub fn derive(facts: &Facts) -> Telephony {
        let calls = facts.count("call") + 1;
        Telephony {
            exists: facts.marks("call", "call", 0),
            agents: Rows::of_pairs(calls, facts.pairs("call_agent", 0, 1)),
            items: Rows::of_pairs(calls, facts.pairs("call_crm", 0, 1)),
            drive: Rows::of_pairs(calls, facts.pairs("drive_access", 1, 0)),
            is_coworker: facts.marks("number", "user_phone", 0),
            is_customer: facts.marks("number", "crm_phone", 0),
            listeners_download: facts.states("setting", LISTENERS_DOWNLOAD),
        }
    }
}

impl Dense {
    /// S5: an action with a level on a call.
    pub(super) fn may_call(&self, user: u32, action: Action, call: u32) -> bool {
        if !self.telephony.exists[call as usize] {
            return false;
        }
        let level = self.level(user, action);
        let agents = self.telephony.agents.of(call);
        level == ANY
            || level >= OWN && agents.contains(&user)
            || level >= DEPARTMENT && agents.iter().any(|agent| self.people.covers_employee(user, *agent))
    }

    /// T1.
    pub(super) fn may_download(&self, user: u32, call: u32) -> bool {
        self.telephony.exists[call as usize]
            && (self.people.administrator[user as usize]
                || self.telephony.listeners_download && self.may_call(user, Action::RecordingListen, call))
    }

    /// T2.
    pub(super) fn may_reach(&self, user: u32, call: u32) -> bool {
        let Telephony { exists, drive, items, .. } = &self.telephony;
        exists[call as usize]
            && (self.may_call(user, Action::RecordingListen, call)
                || drive.has(call, user)
                || items.of(call).iter().any(|item| self.crm.may(user, READ, *item, &self.people)))
    }

    /// S6.
    pub(super) fn may_configure_phone(&self, user: u32, owner: u32) -> bool {
        let level = self.level(user, Action::PhoneConfigure);
        self.people.exists[owner as usize]
            && (level == ANY
                || level >= OWN && user == owner
                || level >= DEPARTMENT && self.people.covers_employee(user, owner))
    }

    /// S7.
    pub(super) fn may_phone(&self, user: u32, number: u32) -> bool {
        let level = self.level(user, Action::CallMake);
        level == ANY
            || level >= CRM_CUSTOMERS && self.telephony.is_customer[number as usize]
            || level >= CRM_AND_COWORKERS && self.telephony.is_coworker[number as usize]
    }
}
