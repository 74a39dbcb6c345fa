//! Who holds which access code as the portal has worked it out, in `b_user_access`, for the codes that roles name.
//! Whoever imports with `--check` compares it with what the rules say.

use std::collections::{BTreeMap, BTreeSet};

use crate::bitrix24::codes::assignment;

/// Access codes that roles name, and who holds them.
#[derive(Debug, Default)]
pub struct Holders {
    /// The codes that roles name.
    pub assigned: BTreeSet<String>,
    /// Who holds a code by the table, and the provider that says so. Only codes that roles name are kept.
    pub stored: BTreeMap<(String, String), String>,
    /// Whether the table was read.
    pub read: bool,
}

impl Holders {
    /// A role names the code. One that matches nobody is told elsewhere.
    pub(super) fn assigned(&mut self, code: &str) {
        if assignment(code).is_some() && !self.assigned.contains(code) {
            self.assigned.insert(code.to_owned());
        }
    }

    /// By the table somebody holds the code; the codes that roles name are known by now.
    pub(super) fn stored(&mut self, user: &str, code: &str, provider: &str) {
        self.read = true;
        if self.assigned.contains(code) {
            self.stored.insert((code.to_owned(), user.to_owned()), provider.to_owned());
        }
    }
}
