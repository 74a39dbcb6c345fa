//! SPEC.md 3.6: recordings.

use super::Oracle;
use crate::portal::item::Item;
use crate::portal::model::Setting;

impl Oracle<'_> {
    // T1.
    pub(super) fn recording_download(&self, user: &str, call: &str) -> bool {
        let listeners = self.has_setting(Setting::ListenersDownload) || !self.reads(Item::T1OnlyWithSetting);
        self.call_exists(call)
            && (self.is_administrator(user) && self.reads(Item::T1Administrators)
                || listeners && self.allowed(user, "recording.listen", call) && self.reads(Item::T1Listeners))
    }

    // T2: by any door.
    pub(super) fn recording_reach(&self, user: &str, call: &str) -> bool {
        let drive = self.portal.drive_access.iter().any(|(whose, of)| whose == user && of == call);
        let crm = || self.portal.call_crm.iter().any(|(of, item)| of == call && self.allowed(user, "crm.read", item));
        self.call_exists(call)
            && (self.allowed(user, "recording.listen", call) && self.reads(Item::T2Listen)
                || drive && self.reads(Item::T2Drive)
                || self.reads(Item::T2Crm) && crm())
    }
}
