//! REST dumps: envelopes, pages, ids and empty values of every kind, and what each method tells.

use super::Export;

#[test]
fn users_are_employees_and_guests_whatever_their_ids_and_empty_values_look_like() {
    let users = r#"{"result": [
        {"ID": "1", "ACTIVE": true, "NAME": "Анна", "LAST_NAME": "😀", "UF_DEPARTMENT": [1, "2"], "USER_TYPE": "employee"},
        {"ID": 2, "ACTIVE": false, "NAME": "", "LAST_NAME": null, "UF_DEPARTMENT": {}, "USER_TYPE": "extranet"},
        {"ID": "3", "ACTIVE": true, "NAME": {}, "LAST_NAME": [], "UF_DEPARTMENT": false},
        {"ID": "4", "ACTIVE": "N", "UF_DEPARTMENT": {"2": "7"}, "USER_TYPE": ""},
        {"ID": "5", "ACTIVE": true, "USER_TYPE": "bot"}, {"ID": "6", "USER_TYPE": "email", "UF_DEPARTMENT": [1]}
    ], "total": 6, "time": {"start": 1.5}}"#;
    let export = Export::new().with("user.get.json", users);
    let facts = export.imported();
    facts.are("user", &["1", "2", "3", "4"]);
    facts.are("inactive", &["2", "4"]);
    facts.are("works_in", &["1,1", "1,2", "4,7"]);
    facts.are("display_name", &["user:1,Анна 😀"]);
    facts.are("edition", &[]);
}

#[test]
fn bare_arrays_and_responses_on_lines_hold_the_same() {
    let bare = "[{\"ID\":\"1\"},{\"ID\":\"2\"}]";
    let lines = "{\"result\":[{\"ID\":\"1\"}],\"next\":1,\"total\":2}\n\n{\"result\":[{\"ID\":2}],\"total\":2}\n";
    for (name, text) in [("user.get.json", bare), ("user.get.jsonl", lines), ("user.get.json", lines)] {
        Export::new().with(name, text).imported().are("user", &["1", "2"]);
    }
}

#[test]
fn departments_have_parents_and_heads_or_none() {
    let departments = r#"[{"ID": "1", "NAME": "All"}, {"ID": "2", "NAME": "Sales", "PARENT": "1", "UF_HEAD": "5"},
        {"ID": "3", "NAME": "", "PARENT": 1, "UF_HEAD": "0"}, {"ID": "4", "PARENT": "0", "UF_HEAD": null}]"#;
    let export = Export::new().with("department.get.json", departments);
    let facts = export.imported();
    facts.are("department", &["1", "2", "3", "4"]);
    facts.are("department_parent", &["2,1", "3,1"]);
    facts.are("department_head", &["2,5"]);
    facts.are("display_name", &["department:1,All", "department:2,Sales"]);
}

#[test]
fn workgroups_are_told_by_the_number_in_the_name_of_the_file() {
    let members = r#"[{"USER_ID": "1", "ROLE": "A"}, {"USER_ID": 2, "ROLE": "E"}, {"USER_ID": "3", "ROLE": "K"},
        {"USER_ID": "4", "ROLE": "T"}, {"USER_ID": "5", "ROLE": "Z"}]"#;
    let export = Export::new()
        .with("sonet_group.get.json", r#"{"result": [{"ID": "12", "NAME": "Relaunch", "OWNER_ID": "1"}]}"#)
        .with("sonet_group.user.get.12.json", members)
        .with("sonet_group.user.get.13.1.json", r#"{"result": [{"USER_ID": "1", "ROLE": "K"}], "total": 2, "next": 1}"#)
        .with("sonet_group.user.get.13.2.json", r#"{"result": [{"USER_ID": "9", "ROLE": "K"}], "total": 2}"#);
    let facts = export.imported();
    facts.are("in_workgroup", &["1,12,owner", "1,13,member", "2,12,moderator", "3,12,member", "9,13,member"]);
    facts.are("display_name", &["workgroup:12,Relaunch"]);
}

#[test]
fn channels_have_queues_and_editors() {
    let list = r#"{"result": [{"ID": "1", "LINE_NAME": "Web", "QUEUE": [5, 6]},
        {"ID": "2", "LINE_NAME": "", "CONFIG_QUEUE": [{"ENTITY_ID": "7", "ENTITY_TYPE": "user"},
        {"ENTITY_ID": "4", "ENTITY_TYPE": "department"}, {"ENTITY_ID": 8, "ENTITY_TYPE": "user"}]}]}"#;
    let one = r#"{"result": {"ID": 3, "LINE_NAME": "Mail", "MODIFY_USER_ID": "9", "QUEUE": ["5"]}}"#;
    let export =
        Export::new().with("imopenlines.config.list.get.json", list).with("imopenlines.config.get.3.json", one);
    let facts = export.imported();
    facts.are("channel", &["1", "2", "3"]);
    facts.are("channel_queue", &["1,5", "1,6", "2,7", "2,8", "3,5"]);
    facts.are("channel_editor", &["3,9"]);
    let told = "imopenlines.config.list.get: departments in queues, whose people are not looked up: 1\n";
    assert!(facts.warnings.contains(told) && facts.warnings.contains("department|4"), "{}", facts.warnings);
    facts.are("display_name", &["channel:1,Web", "channel:3,Mail"]);
}

#[test]
fn chats_have_agents_and_crm_items() {
    let chat = r#"{"result": {"id": 101, "owner": 5, "entity_id": "livechat|2|77|9",
        "entity_data_2": "LEAD|15|COMPANY|0|CONTACT|4|DEAL|31"}}"#;
    let idle = r#"{"result": {"id": 102, "owner": 0, "entity_id": "telegrambot|3|1|2", "entity_data_2": ""}}"#;
    let export =
        Export::new().with("imopenlines.dialog.get.101.json", chat).with("imopenlines.dialog.get.102.json", idle);
    let facts = export.imported();
    facts.are("chat", &["101,2", "102,3"]);
    facts.are("chat_agent", &["101,5"]);
    facts.are("chat_crm", &["101,contact:4", "101,deal:31", "101,lead:15"]);
}

#[test]
fn calls_have_agents_items_and_numbers() {
    let calls = r#"[{"ID": "1", "PORTAL_USER_ID": "5", "PHONE_NUMBER": "+1 212 555 0100", "CRM_ENTITY_TYPE": "LEAD",
        "CRM_ENTITY_ID": "3"}, {"ID": 2, "PORTAL_USER_ID": 0, "PHONE_NUMBER": "anonymous", "CRM_ENTITY_TYPE": "CONTACT",
        "CRM_ENTITY_ID": 4}, {"ID": "3", "PORTAL_USER_ID": null, "CRM_ENTITY_ID": 0, "CRM_ENTITY_TYPE": "DEAL"}]"#;
    let export = Export::new().with("voximplant.statistic.get.json", calls);
    let facts = export.imported();
    facts.are("call", &["1", "2", "3"]);
    facts.are("call_agent", &["1,5"]);
    facts.are("call_crm", &["1,lead:3", "2,contact:4"]);
    facts.are("crm_phone", &["+12125550100,lead:3", "anonymous,contact:4"]);
    assert!(facts.warnings.contains("warning[unparsed-phone]"), "{}", facts.warnings);
}

#[test]
fn crm_items_have_responsibles_stages_phones_and_observers() {
    let lead = r#"[{"ID": "1", "ASSIGNED_BY_ID": "5", "OPENED": "Y", "STATUS_ID": "NEW",
        "PHONE": [{"VALUE": "030 901820"}, {"VALUE": "+49 30 901820"}, {"VALUE": ""}]}]"#;
    let deals = r#"{"result": {"items": [{"id": 7, "assignedById": 5, "opened": "N", "stageId": "C3:NEW", "categoryId": 3,
        "observers": [8, 9]}]}, "total": 1}"#;
    let others =
        r#"{"result": {"items": [{"id": 4, "assignedById": 6, "opened": "Y", "stageId": "DT", "observers": []}]}}"#;
    let export = Export::new()
        .with("crm.lead.list.json", lead)
        .with("crm.company.list.json", r#"[{"ID": "2", "PHONE": null, "OPENED": "N"}]"#)
        .with("crm.item.list.2.json", deals)
        .with("crm.item.list.128.json", others);
    let facts = export.imported_with(&["--country", "DE"]);
    facts.are("crm_item", &["company:2,company", "deal:7,deal", "dynamic_128:4,dynamic_128", "lead:1,lead"]);
    facts.are("crm_responsible", &["deal:7,5", "dynamic_128:4,6", "lead:1,5"]);
    facts.are("crm_open", &["dynamic_128:4", "lead:1"]);
    facts.are("crm_stage", &["deal:7,C3:NEW", "dynamic_128:4,DT", "lead:1,NEW"]);
    facts.are("crm_phone", &["+4930901820,lead:1"]);
    facts.are("crm_observer", &["deal:7,8", "deal:7,9"]);
}

#[test]
fn items_of_every_type_are_read_by_both_kinds_of_methods() {
    let old = r#"[{"ID": "1", "ASSIGNED_BY_ID": "5", "OPENED": "Y", "STATUS_ID": "NEW", "STAGE_ID": "WON"}]"#;
    let new =
        r#"{"result": {"items": [{"id": 2, "assignedById": "6", "opened": "Y", "stageId": "S", "observers": ["7"]}]}}"#;
    let types = [("lead", "1"), ("deal", "2"), ("contact", "3"), ("company", "4")];
    let export = types.iter().fold(Export::new(), |export, (of_type, number)| {
        export.with(&format!("crm.{of_type}.list.json"), old).with(&format!("crm.item.list.{number}.json"), new)
    });
    let facts = export.imported();
    let each = |told: &dyn Fn(&str) -> [String; 2]| {
        let mut all: Vec<String> = types.iter().flat_map(|(of_type, _)| told(of_type)).collect();
        all.sort();
        all
    };
    assert_eq!(facts.of("crm_item"), each(&|of| [format!("{of}:1,{of}"), format!("{of}:2,{of}")]));
    assert_eq!(facts.of("crm_responsible"), each(&|of| [format!("{of}:1,5"), format!("{of}:2,6")]));
    assert_eq!(facts.of("crm_open"), each(&|of| [format!("{of}:1"), format!("{of}:2")]));
    facts.are("crm_observer", &["company:2,7", "contact:2,7", "deal:2,7", "lead:2,7"]);
    // A lead has its stage as STATUS_ID; contacts and companies have none by their own methods.
    facts.are("crm_stage", &["company:2,S", "contact:2,S", "deal:1,WON", "deal:2,S", "lead:1,NEW", "lead:2,S"]);
}

/// Where roles come from a rule file, the categories that it names count.
#[test]
fn categories_that_a_rule_file_names_make_types() {
    let export =
        Export::new().with("crm.deal.list.json", r#"[{"ID": 1, "CATEGORY_ID": "3"}, {"ID": 2, "CATEGORY_ID": 4}]"#);
    let rules = "crm_role_permission(\"seller\", \"deal_c3\", read, own);\n";
    std::fs::write(export.0.path("roles.rules"), rules).unwrap();
    export.imported_with(&["--rules", "roles.rules"]).are("crm_item", &["deal:1,deal_c3", "deal:2,deal"]);
}

#[test]
fn pages_that_are_missing_or_short_are_refused() {
    let page = |first: u32, next: &str| {
        let records: Vec<String> = (first..first + 2).map(|id| format!("{{\"ID\":\"{id}\"}}")).collect();
        format!("{{\"result\":[{}]{next},\"total\":6}}", records.join(","))
    };
    let pages = |numbers: &[u32]| {
        numbers.iter().fold(Export::new(), |export, number| {
            export.with(
                &format!("user.get.{number}.json"),
                page(number * 2, if *number < 3 { ",\"next\":2" } else { "" }),
            )
        })
    };
    assert_eq!(pages(&[1, 2, 3]).imported().of("user").len(), 6);
    pages(&[1, 3]).fails("missing-page", "page 2 of `user.get` is missing");
    pages(&[4]).fails("missing-page", "pages 1 to 3 of `user.get` are missing");
    pages(&[1, 2]).fails("missing-page", "`user.get` has 4 of 6 records");
    let endless = Export::new().with("user.get.1.json", "{\"result\":[{\"ID\":1}],\"next\":50}");
    endless.fails("missing-page", "goes on behind its last page");
}

#[test]
fn what_is_no_response_is_refused() {
    let users = |text: &str| Export::new().with("user.get.json", text);
    users("").fails("truncated-file", "empty");
    users("{\"result\":[{\"ID\":\"1\"}").fails("truncated-file", "ends before its JSON does");
    users("[{\"ID\":\"1\",\"ID\":\"2\"}]").fails("duplicate-key", "`ID`");
    users("{\"result\":[],\"result\":[]}").fails("duplicate-key", "`result`");
    users("{\"error\":\"QUERY_LIMIT_EXCEEDED\"}").fails("failed-response", "`QUERY_LIMIT_EXCEEDED`");
    users("{\"total\":0}").fails("failed-response", "without `result`");
    users("[1]").fails("malformed-json", "expected a record");
    users("7").fails("malformed-json", "expected a response");
    users("[{\"ID\":1},]").fails("malformed-json", "not JSON");
    users("{\"result\":[{\"ID\":01}]}").fails("malformed-json", "not JSON");
}

#[test]
fn tables_win_over_methods_about_the_same() {
    let export = Export::new()
        .with("user.get.json", r#"[{"ID": "1", "ACTIVE": false, "UF_DEPARTMENT": [1]}, {"ID": "2"}]"#)
        .table("b_user", "ID,ACTIVE,EXTERNAL_AUTH_ID", &["1,Y,"]);
    let facts = export.imported();
    facts.are("user", &["1"]);
    facts.are("inactive", &[]);
    facts.are("works_in", &["1,1"]);
    assert!(facts.report.contains("facts that a table tells as well, which wins"), "{}", facts.report);
}
