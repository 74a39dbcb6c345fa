//! The facts of things that methods and tables have alike. A source without the columns of a fact does not give it.

use crate::bitrix24::catalog::Expr::*;
use crate::bitrix24::catalog::{Expr, Fact, When, fact, fact_when};
use crate::bitrix24::codes::MEMBERSHIPS;
use crate::bitrix24::reason::Reason;

const OPENED: When = When::OneOf("OPENED", &["Y"]);

macro_rules! item {
    ($prefix:literal, $of_type:expr, $stage:literal) => {
        &[
            fact("crm_item", &[Prefixed($prefix, "ID"), $of_type]),
            fact("crm_responsible", &[Prefixed($prefix, "ID"), Id("ASSIGNED_BY_ID")]),
            fact_when("crm_open", OPENED, &[Prefixed($prefix, "ID")]),
            fact("crm_stage", &[Prefixed($prefix, "ID"), Text($stage)]),
            fact("crm_phone", &[Phone("PHONE"), Prefixed($prefix, "ID")]),
        ]
    };
}

pub(super) const LEAD: &[Fact] = item!("lead:", Is("lead"), "STATUS_ID");
pub(super) const DEAL: &[Fact] = item!("deal:", TypeIn("deal", "CATEGORY_ID"), "STAGE_ID");
pub(super) const CONTACT: &[Fact] = item!("contact:", Is("contact"), "STAGE_ID");
pub(super) const COMPANY: &[Fact] = item!("company:", Is("company"), "STAGE_ID");

const CALL_ITEM: Expr = Item("CRM_ENTITY_TYPE", "CRM_ENTITY_ID");

/// A call, as `voximplant.statistic.get` and its table have it.
pub(super) const CALL: &[Fact] = &[
    fact("call", &[Id("ID")]),
    fact("call_agent", &[Id("ID"), Id("PORTAL_USER_ID")]),
    fact("call_crm", &[Id("ID"), CALL_ITEM]),
    fact("crm_phone", &[Phone("PHONE_NUMBER"), CALL_ITEM]),
];

/// An open channel.
pub(super) const CHANNEL: &[Fact] = &[
    fact("channel", &[Id("ID")]),
    fact("channel_queue", &[Id("ID"), Id("QUEUE")]),
    fact("channel_queue", &[Id("ID"), Behind("user", "CONFIG_QUEUE")]),
    fact("channel_editor", &[Id("ID"), Id("MODIFY_USER_ID")]),
    fact("display_name", &[Prefixed("channel:", "ID"), Text("LINE_NAME")]),
];

/// A workgroup has no fact but its name.
pub(super) const WORKGROUP: &[Fact] = &[fact("display_name", &[Prefixed("workgroup:", "ID"), Text("NAME")])];

/// Which records of a workgroup are memberships.
pub(super) const MEMBER: &[(When, Reason)] = &[
    (When::NoneOf("ROLE", &["T", "Z"]), Reason::NoMember),
    (When::OneOf("ROLE", &["A", "E", "K"]), Reason::Membership),
];

/// The membership that the letter of a record stands for.
pub(super) const MEMBERSHIP: Expr = Letter("ROLE", MEMBERSHIPS);
