//! The letters, words and codes that the portal stores, and what they are called here.

use std::borrow::Cow;

use crate::bitrix24::catalog::{Module, is_number};

/// Roles of open channels.
pub(super) const OPEN_CHANNELS: Module = Module {
    name: "open_channels",
    actions: &[
        ("LINES", "VIEW", "channel.view"),
        ("LINES", "MODIFY", "channel.edit"),
        ("CONNECTORS", "MODIFY", "channel.connect"),
        ("SESSION", "VIEW", "statistics.view"),
        ("HISTORY", "VIEW", "history.view"),
        ("JOIN", "PERFORM", "chat.join"),
        ("VOTE_HEAD", "PERFORM", "chat.rate"),
        ("SETTINGS", "MODIFY", "access.edit"),
        ("QUICK_ANSWERS", "MODIFY", "canned_response.use"),
    ],
    letters: &[("", "denied"), ("A", "own"), ("D", "department"), ("X", "any")],
};

/// Roles of telephony.
pub(super) const TELEPHONY: Module = Module {
    name: "telephony",
    actions: &[
        ("CALL_DETAIL", "VIEW", "call.view"),
        ("CALL_RECORD", "LISTEN", "recording.listen"),
        ("CALL_RECORD", "MODIFY", "recording.delete"),
        ("CALL", "PERFORM", "call.make"),
        ("USER", "MODIFY", "phone.configure"),
        ("SETTINGS", "MODIFY", "telephony.configure"),
        ("LINE", "MODIFY", "number.manage"),
        ("BALANCE", "MODIFY", "balance.manage"),
    ],
    letters: &[
        ("", "denied"),
        ("A", "own"),
        ("C", "crm_customers"),
        ("D", "department"),
        ("K", "crm_and_coworkers"),
        ("X", "any"),
    ],
};

/// Roles of CRM. What they permit are operations on types, and no actions.
pub(super) const CRM: Module = Module {
    name: "crm",
    actions: &[],
    letters: &[("", "denied"), ("A", "own"), ("D", "department"), ("F", "subdepartments"), ("O", "open"), ("X", "any")],
};

/// The operations of CRM permissions.
pub(super) const OPERATIONS: &[(&str, &str)] = &[
    ("READ", "read"),
    ("ADD", "add"),
    ("WRITE", "change"),
    ("DELETE", "delete"),
    ("EXPORT", "export"),
    ("IMPORT", "import"),
];

/// Memberships of workgroups. T, banned, and Z, requested, are none.
pub(super) const MEMBERSHIPS: &[(&str, &str)] = &[("A", "owner"), ("E", "moderator"), ("K", "member")];

/// What stands in EXTERNAL_AUTH_ID of users that are no people. Whoever signs in by LDAP or a social network is one.
pub(super) const NOT_PEOPLE: &[&str] = &[
    "bot",
    "email",
    "controller",
    "__controller",
    "replica",
    "imconnector",
    "sale",
    "saleanonymous",
    "shop",
    "call",
    "document_editor",
    "calendar_sharing",
];

/// The relations that an access code may become.
pub(super) const ASSIGNMENTS: &[&str] = &[
    "assigned_to_user",
    "assigned_to_employee",
    "assigned_to_department",
    "assigned_to_department_tree",
    "assigned_to_user_group",
    "assigned_to_workgroup",
];

/// The relation that an access code stands for, and its values behind the role; `None` for one that matches nobody.
pub fn assignment(code: &str) -> Option<(&'static str, &str, Option<&'static str>)> {
    let number = |prefix: &str| code.strip_prefix(prefix).filter(|number| is_number(number));
    let plain = [
        ("U", "assigned_to_user"),
        ("IU", "assigned_to_employee"),
        ("D", "assigned_to_department"),
        ("DR", "assigned_to_department_tree"),
        ("G", "assigned_to_user_group"),
    ];
    if let Some((relation, id)) = plain.iter().find_map(|(prefix, relation)| Some((*relation, number(prefix)?))) {
        return Some((relation, id, None));
    }
    let (group, letter) = code.strip_prefix("SG")?.rsplit_once('_')?;
    let membership = named(MEMBERSHIPS, letter).filter(|_| is_number(group))?;
    Some(("assigned_to_workgroup", group, Some(membership)))
}

/// What a letter or word stands for.
pub(super) fn named(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(stored, _)| *stored == word).map(|(_, name)| *name)
}

/// The type of a CRM item by the number or the name that the portal has for it; 0 and the empty text are none.
pub(super) fn crm_type(stored: &str) -> Option<Cow<'static, str>> {
    let name = match stored {
        "" | "0" => return None,
        "1" => "lead",
        "2" => "deal",
        "3" => "contact",
        "4" => "company",
        number if is_number(number) => return Some(format!("dynamic_{number}").into()),
        name => return Some(name.to_ascii_lowercase().into()),
    };
    Some(name.into())
}
