//! The REST methods of an export, with what matters of their records.

use crate::bitrix24::alike::{CALL, CHANNEL, COMPANY, CONTACT, DEAL, LEAD, MEMBER, MEMBERSHIP, WORKGROUP};
use crate::bitrix24::catalog::Expr::*;
use crate::bitrix24::catalog::{Column, Kind, Lesson, Source, When, fact, fact_when, inside, may, needs};
use crate::bitrix24::learned::LeftOut;
use crate::bitrix24::reason::Reason;

/// Who is a person: an employee, or a guest of workgroups.
const PERSON: When = When::OneOf("USER_TYPE", PEOPLE);
const NO_PERSON: When = When::NoneOf("USER_TYPE", PEOPLE);
const PEOPLE: &[&str] = &["", "employee", "extranet"];
const YES: &[&str] = &["Y"];

const fn method(source: Source) -> Source {
    Source { kind: Kind::Method, ..source }
}

const fn of_object(source: Source) -> Source {
    Source { kind: Kind::MethodOfObject, ..source }
}

const NOTHING: Source =
    Source { name: "", kind: Kind::Method, columns: &[], lessons: &[], gates: &[], facts: &[], grants: None };

/// The methods, in the order in which they are read.
pub(super) const METHODS: &[Source] = &[
    method(Source {
        name: "user.get",
        columns: &[needs("ID"), may("ACTIVE"), may("NAME"), may("LAST_NAME"), may("UF_DEPARTMENT"), may("USER_TYPE")],
        lessons: &[Lesson::LeaveOut { entity: LeftOut::User, id: "ID", when: NO_PERSON, reason: Reason::NotPeople }],
        gates: &[(PERSON, Reason::NotPeople)],
        facts: &[
            fact("user", &[Id("ID")]),
            fact_when("inactive", When::OneOf("ACTIVE", &["N"]), &[Id("ID")]),
            fact("works_in", &[Id("ID"), Id("UF_DEPARTMENT")]),
            fact("display_name", &[Prefixed("user:", "ID"), Joined(["NAME", "LAST_NAME"])]),
        ],
        ..NOTHING
    }),
    method(Source {
        name: "department.get",
        columns: &[needs("ID"), may("NAME"), may("PARENT"), may("UF_HEAD")],
        facts: &[
            fact("department", &[Id("ID")]),
            fact("department_parent", &[Id("ID"), Id("PARENT")]),
            fact("department_head", &[Id("ID"), Id("UF_HEAD")]),
            fact("display_name", &[Prefixed("department:", "ID"), Text("NAME")]),
        ],
        ..NOTHING
    }),
    method(Source { name: "sonet_group.get", columns: &[needs("ID"), may("NAME")], facts: WORKGROUP, ..NOTHING }),
    of_object(Source {
        name: "sonet_group.user.get",
        columns: &[needs("USER_ID"), needs("ROLE")],
        gates: MEMBER,
        facts: &[fact("in_workgroup", &[Id("USER_ID"), Object, MEMBERSHIP])],
        ..NOTHING
    }),
    method(Source {
        name: "imopenlines.config.list.get",
        columns: &[needs("ID"), may("LINE_NAME"), may("QUEUE"), inside("CONFIG_QUEUE", ENTITY)],
        facts: CHANNEL,
        ..NOTHING
    }),
    of_object(Source {
        name: "imopenlines.config.get",
        columns: &[needs("ID"), may("LINE_NAME"), may("QUEUE"), inside("CONFIG_QUEUE", ENTITY), may("MODIFY_USER_ID")],
        facts: CHANNEL,
        ..NOTHING
    }),
    of_object(Source {
        name: "imopenlines.dialog.get",
        columns: &[needs("id"), may("owner"), may("entity_id"), may("entity_data_2")],
        facts: &[
            fact("chat", &[Id("id"), Part("entity_id", 1)]),
            fact("chat_agent", &[Id("id"), Id("owner")]),
            fact("chat_crm", &[Id("id"), ItemsIn("entity_data_2")]),
        ],
        ..NOTHING
    }),
    method(Source {
        name: "voximplant.statistic.get",
        columns: &[
            needs("ID"),
            may("PORTAL_USER_ID"),
            may("PHONE_NUMBER"),
            may("CRM_ENTITY_TYPE"),
            may("CRM_ENTITY_ID"),
        ],
        facts: CALL,
        ..NOTHING
    }),
    method(Source {
        name: "crm.lead.list",
        columns: &[needs("ID"), may("ASSIGNED_BY_ID"), may("OPENED"), may("STATUS_ID"), PHONE],
        facts: LEAD,
        ..NOTHING
    }),
    method(Source {
        name: "crm.deal.list",
        columns: &[needs("ID"), may("ASSIGNED_BY_ID"), may("OPENED"), may("STAGE_ID"), may("CATEGORY_ID"), PHONE],
        facts: DEAL,
        ..NOTHING
    }),
    method(Source {
        name: "crm.contact.list",
        columns: &[needs("ID"), may("ASSIGNED_BY_ID"), may("OPENED"), PHONE],
        facts: CONTACT,
        ..NOTHING
    }),
    method(Source {
        name: "crm.company.list",
        columns: &[needs("ID"), may("ASSIGNED_BY_ID"), may("OPENED"), PHONE],
        facts: COMPANY,
        ..NOTHING
    }),
    of_object(Source {
        name: "crm.item.list",
        columns: &[
            needs("id"),
            may("assignedById"),
            may("opened"),
            may("stageId"),
            may("categoryId"),
            may("observers"),
        ],
        facts: &[
            fact("crm_item", &[ItemOfObject("id"), TypeOfObject("categoryId")]),
            fact("crm_responsible", &[ItemOfObject("id"), Id("assignedById")]),
            fact_when("crm_open", When::OneOf("opened", YES), &[ItemOfObject("id")]),
            fact("crm_stage", &[ItemOfObject("id"), Text("stageId")]),
            fact("crm_observer", &[ItemOfObject("id"), Id("observers")]),
        ],
        ..NOTHING
    }),
];

/// The phone numbers of an item.
const PHONE: Column = inside("PHONE", &["VALUE"]);
/// Who is in a queue: a user or a department.
const ENTITY: &[&str] = &["ENTITY_TYPE", "ENTITY_ID"];

/// The tables that tell the same as a method, with the inputs that they tell. Where such a table is there, it wins.
pub(super) fn rivals(method: &str) -> &'static [(&'static str, &'static [&'static str])] {
    const ITEM: &[&str] = &["crm_item", "crm_responsible", "crm_open", "crm_stage"];
    match method {
        "user.get" => &[("b_user", &["user", "inactive", "display_name"]), ("b_utm_user", &["works_in"])],
        "department.get" => &[
            ("b_iblock_section", &["department", "department_parent", "display_name"]),
            ("b_uts_iblock_#_section", &["department_head"]),
        ],
        "sonet_group.get" => &[("b_sonet_group", &["display_name"])],
        "imopenlines.config.list.get" => CHANNEL_TABLES,
        "voximplant.statistic.get" => &[("b_voximplant_statistic", &["call", "call_agent", "call_crm", "crm_phone"])],
        "crm.lead.list" | "crm.item.list.1" => &[("b_crm_lead", ITEM)],
        "crm.deal.list" | "crm.item.list.2" => &[("b_crm_deal", ITEM)],
        "crm.contact.list" | "crm.item.list.3" => &[("b_crm_contact", ITEM)],
        "crm.company.list" | "crm.item.list.4" => &[("b_crm_company", ITEM)],
        _ if method.starts_with("sonet_group.user.get") => &[("b_sonet_user2group", &["in_workgroup"])],
        _ if method.starts_with("imopenlines.config.get") => CHANNEL_TABLES,
        _ if method.starts_with("imopenlines.dialog.get") => {
            &[("b_imopenlines_session", &["chat", "chat_agent"]), ("b_crm_act_bind", &["chat_crm"])]
        }
        _ => &[],
    }
}

const CHANNEL_TABLES: &[(&str, &[&str])] = &[
    ("b_imopenlines_config", &["channel", "channel_editor", "display_name"]),
    ("b_imopenlines_queue", &["channel_queue"]),
];
