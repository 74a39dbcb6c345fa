//! The tables of an on-premise portal, with what matters of their rows.

use crate::bitrix24::alike::{CALL, CHANNEL, COMPANY, CONTACT, DEAL, LEAD, MEMBER, MEMBERSHIP, WORKGROUP};
use crate::bitrix24::catalog::Expr::*;
use crate::bitrix24::catalog::{Column, Grant, Kind, Lesson, Set, Source, When, fact, fact_when, may, needs};
use crate::bitrix24::codes::{CRM, NOT_PEOPLE, OPEN_CHANNELS, TELEPHONY};
use crate::bitrix24::learned::LeftOut;
use crate::bitrix24::reason::Reason;

const TABLE: Source =
    Source { name: "", kind: Kind::Table, columns: &[], lessons: &[], gates: &[], facts: &[], grants: None };
const NO: &[&str] = &["N"];

/// The tables, in the order in which they are read.
pub(super) const TABLES: &[Source] = &[
    Source {
        name: "b_user",
        columns: &[needs("ID"), needs("ACTIVE"), may("NAME"), may("LAST_NAME"), needs("EXTERNAL_AUTH_ID")],
        lessons: &[Lesson::LeaveOut {
            entity: LeftOut::User,
            id: "ID",
            when: When::OneOf("EXTERNAL_AUTH_ID", NOT_PEOPLE),
            reason: Reason::NotPeople,
        }],
        gates: &[(When::NoneOf("EXTERNAL_AUTH_ID", NOT_PEOPLE), Reason::NotPeople)],
        facts: &[
            fact("user", &[Id("ID")]),
            fact_when("inactive", When::OneOf("ACTIVE", NO), &[Id("ID")]),
            fact("in_user_group", &[Id("ID"), Is("2")]),
            fact("display_name", &[Prefixed("user:", "ID"), Joined(["NAME", "LAST_NAME"])]),
        ],
        ..TABLE
    },
    Source {
        name: "b_user_field",
        columns: &[needs("ID"), needs("ENTITY_ID"), needs("FIELD_NAME")],
        lessons: &[Lesson::Remember {
            set: Set::DepartmentField,
            what: Id("ID"),
            when: When::Are([("ENTITY_ID", "USER"), ("FIELD_NAME", "UF_DEPARTMENT")]),
        }],
        ..TABLE
    },
    Source {
        name: "b_utm_user",
        columns: &[needs("VALUE_ID"), needs("FIELD_ID"), needs("VALUE_INT")],
        lessons: &[Lesson::Remember {
            set: Set::UserFields,
            what: Id("FIELD_ID"),
            when: When::NoneOf("VALUE_INT", &["", "0"]),
        }],
        gates: &[(When::Learned(Set::DepartmentField, "FIELD_ID"), Reason::OtherField)],
        facts: &[fact("works_in", &[Id("VALUE_ID"), Id("VALUE_INT")])],
        ..TABLE
    },
    Source {
        name: "b_iblock_section",
        columns: &[needs("ID"), may("IBLOCK_ID"), needs("IBLOCK_SECTION_ID"), needs("GLOBAL_ACTIVE"), may("NAME")],
        lessons: &[Lesson::LeaveOut {
            entity: LeftOut::Department,
            id: "ID",
            when: When::OneOf("GLOBAL_ACTIVE", NO),
            reason: Reason::InactiveDepartment,
        }],
        gates: &[
            (When::Learned(Set::Structure, "IBLOCK_ID"), Reason::OtherSection),
            (When::NoneOf("GLOBAL_ACTIVE", NO), Reason::InactiveDepartment),
        ],
        facts: &[
            fact("department", &[Id("ID")]),
            fact("department_parent", &[Id("ID"), Id("IBLOCK_SECTION_ID")]),
            fact("display_name", &[Prefixed("department:", "ID"), Text("NAME")]),
        ],
        ..TABLE
    },
    Source {
        name: "b_uts_iblock_#_section",
        columns: &[needs("VALUE_ID"), needs("UF_HEAD")],
        lessons: &[Lesson::Remember { set: Set::Structure, what: Object, when: When::Always }],
        facts: &[fact("department_head", &[Id("VALUE_ID"), Id("UF_HEAD")])],
        ..TABLE
    },
    Source {
        name: "b_group",
        columns: &[needs("ID"), needs("ACTIVE"), may("NAME")],
        lessons: &[Lesson::LeaveOut {
            entity: LeftOut::UserGroup,
            id: "ID",
            when: When::OneOf("ACTIVE", NO),
            reason: Reason::InactiveGroup,
        }],
        facts: &[fact("display_name", &[Prefixed("user_group:", "ID"), Text("NAME")])],
        ..TABLE
    },
    Source {
        name: "b_user_group",
        columns: &[needs("USER_ID"), needs("GROUP_ID"), needs("DATE_ACTIVE_FROM"), needs("DATE_ACTIVE_TO")],
        gates: &[(When::Within("DATE_ACTIVE_FROM", "DATE_ACTIVE_TO"), Reason::OtherDays)],
        facts: &[
            fact("in_user_group", &[Id("USER_ID"), Id("GROUP_ID")]),
            fact_when("administrator", When::OneOf("GROUP_ID", &["1"]), &[Id("USER_ID")]),
        ],
        ..TABLE
    },
    Source { name: "b_sonet_group", columns: &[needs("ID"), may("NAME")], facts: WORKGROUP, ..TABLE },
    Source {
        name: "b_sonet_user2group",
        columns: &[needs("USER_ID"), needs("GROUP_ID"), needs("ROLE")],
        gates: MEMBER,
        facts: &[fact("in_workgroup", &[Id("USER_ID"), Id("GROUP_ID"), MEMBERSHIP])],
        ..TABLE
    },
    Source {
        name: "b_imopenlines_role",
        columns: &[needs("ID"), may("NAME"), may("XML_ID")],
        facts: &[
            fact("role", &[Prefixed("open_channels_", "ID"), Is("open_channels")]),
            fact("display_name", &[Prefixed("role:open_channels_", "ID"), FirstOf(["NAME", "XML_ID"])]),
        ],
        ..TABLE
    },
    Source {
        name: "b_imopenlines_role_permission",
        columns: PERMISSION,
        grants: Some(Grant::Permission(&OPEN_CHANNELS)),
        ..TABLE
    },
    Source {
        name: "b_imopenlines_role_access",
        columns: &[needs("ROLE_ID"), needs("ACCESS_CODE")],
        lessons: &[Lesson::Code("ACCESS_CODE")],
        grants: Some(Grant::Access(&OPEN_CHANNELS, "ACCESS_CODE")),
        ..TABLE
    },
    Source {
        name: "b_voximplant_role",
        columns: &[needs("ID"), may("NAME"), may("XML_ID")],
        facts: &[
            fact("role", &[Prefixed("telephony_", "ID"), Is("telephony")]),
            fact("display_name", &[Prefixed("role:telephony_", "ID"), FirstOf(["NAME", "XML_ID"])]),
        ],
        ..TABLE
    },
    Source {
        name: "b_voximplant_role_permission",
        columns: PERMISSION,
        grants: Some(Grant::Permission(&TELEPHONY)),
        ..TABLE
    },
    Source {
        name: "b_voximplant_role_access",
        columns: &[needs("ROLE_ID"), needs("ACCESS_CODE")],
        lessons: &[Lesson::Code("ACCESS_CODE")],
        grants: Some(Grant::Access(&TELEPHONY, "ACCESS_CODE")),
        ..TABLE
    },
    Source {
        name: "b_crm_role",
        columns: &[needs("ID"), may("NAME")],
        facts: &[
            fact("role", &[Prefixed("crm_", "ID"), Is("crm")]),
            fact("display_name", &[Prefixed("role:crm_", "ID"), Text("NAME")]),
        ],
        ..TABLE
    },
    Source {
        name: "b_crm_role_relation",
        columns: &[needs("ROLE_ID"), needs("RELATION")],
        lessons: &[Lesson::Code("RELATION")],
        grants: Some(Grant::Access(&CRM, "RELATION")),
        ..TABLE
    },
    Source {
        name: "b_crm_role_perms",
        columns: &[
            needs("ROLE_ID"),
            needs("ENTITY"),
            needs("FIELD"),
            needs("FIELD_VALUE"),
            needs("PERM_TYPE"),
            needs("ATTR"),
        ],
        lessons: &[Lesson::Remember { set: Set::CrmTypes, what: Text("ENTITY"), when: When::Always }],
        grants: Some(Grant::CrmPermission(&CRM)),
        ..TABLE
    },
    Source {
        name: "b_imopenlines_config",
        columns: &[needs("ID"), may("LINE_NAME"), may("MODIFY_USER_ID")],
        facts: CHANNEL,
        ..TABLE
    },
    Source {
        name: "b_imopenlines_queue",
        columns: &[needs("CONFIG_ID"), needs("USER_ID")],
        facts: &[fact("channel_queue", &[Id("CONFIG_ID"), Id("USER_ID")])],
        ..TABLE
    },
    Source {
        name: "b_imopenlines_session",
        columns: &[needs("CONFIG_ID"), needs("OPERATOR_ID"), needs("CHAT_ID"), may("CRM_ACTIVITY_ID")],
        lessons: &[Lesson::Activity { activity: "CRM_ACTIVITY_ID", chat: "CHAT_ID" }],
        facts: &[
            fact("chat", &[Id("CHAT_ID"), Id("CONFIG_ID")]),
            fact("chat_agent", &[Id("CHAT_ID"), Id("OPERATOR_ID")]),
        ],
        ..TABLE
    },
    Source {
        name: "b_crm_act_bind",
        columns: &[needs("ACTIVITY_ID"), needs("OWNER_ID"), needs("OWNER_TYPE_ID")],
        facts: &[fact("chat_crm", &[ChatsOf("ACTIVITY_ID"), Item("OWNER_TYPE_ID", "OWNER_ID")])],
        ..TABLE
    },
    Source {
        name: "b_voximplant_statistic",
        columns: &[
            needs("ID"),
            needs("PORTAL_USER_ID"),
            may("PHONE_NUMBER"),
            may("CRM_ENTITY_TYPE"),
            may("CRM_ENTITY_ID"),
        ],
        facts: CALL,
        ..TABLE
    },
    Source {
        name: "b_voximplant_phone",
        columns: &[needs("USER_ID"), needs("PHONE_NUMBER")],
        facts: &[fact("user_phone", &[Phone("PHONE_NUMBER"), Id("USER_ID")])],
        ..TABLE
    },
    Source {
        name: "b_crm_lead",
        columns: &[needs("ID"), needs("ASSIGNED_BY_ID"), needs("OPENED"), needs("STATUS_ID")],
        facts: LEAD,
        ..TABLE
    },
    Source {
        name: "b_crm_deal",
        columns: &[needs("ID"), needs("ASSIGNED_BY_ID"), needs("OPENED"), needs("STAGE_ID"), may("CATEGORY_ID")],
        facts: DEAL,
        ..TABLE
    },
    Source {
        name: "b_crm_contact",
        columns: &[needs("ID"), needs("ASSIGNED_BY_ID"), needs("OPENED")],
        facts: CONTACT,
        ..TABLE
    },
    Source {
        name: "b_crm_company",
        columns: &[needs("ID"), needs("ASSIGNED_BY_ID"), needs("OPENED")],
        facts: COMPANY,
        ..TABLE
    },
    Source {
        name: "b_user_access",
        columns: &[needs("USER_ID"), needs("PROVIDER_ID"), needs("ACCESS_CODE")],
        grants: Some(Grant::Holders),
        ..TABLE
    },
];

const PERMISSION: &[Column] = &[needs("ROLE_ID"), needs("ENTITY"), needs("ACTION"), needs("PERMISSION")];
