//! Tables and dumps: people, departments, groups, roles, and what they are allowed to.

use super::Export;

const USERS: &str = "ID,ACTIVE,NAME,LAST_NAME,EXTERNAL_AUTH_ID";
const PERMISSIONS: &str = "ROLE_ID,ENTITY,ACTION,PERMISSION";
const SECTIONS: &str = "ID,IBLOCK_ID,IBLOCK_SECTION_ID,GLOBAL_ACTIVE,NAME";

#[test]
fn people_are_those_who_are_no_bots_and_everyone_is_in_group_2() {
    let rows = [
        "1,Y,Anna,Smith,",
        "2,N,Boris,,NULL",
        "3,Y,,,bot",
        "4,Y,,,imconnector",
        "5,Y,,,email",
        "6,Y,,,LDAP#1",
        "7,Y,,,replica",
    ];
    let export = Export::new().table("b_user", USERS, &rows);
    let facts = export.imported();
    facts.are("user", &["1", "2", "6"]);
    facts.are("inactive", &["2"]);
    facts.are("in_user_group", &["1,2", "2,2", "6,2"]);
    facts.are("display_name", &["user:1,Anna Smith", "user:2,Boris"]);
    facts.are("edition", &["on_premise"]);
    assert!(facts.report.contains("other users that are no people: 4 (line 4: ID=3"), "{}", facts.report);
}

#[test]
fn nobody_is_a_person_whom_the_portal_made_for_itself() {
    let kinds = [
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
    let rows: Vec<String> = (1..).zip(kinds).map(|(id, kind)| format!("{id},Y,a,,{kind}")).collect();
    let people = ["100,Y,a,,\\N", "101,Y,a,,NULL", "102,Y,a,,socservices", "103,Y,a,,\"\""];
    let rows: Vec<&str> = rows.iter().map(String::as_str).chain(people).collect();
    let export = Export::new().table("b_user", USERS, &rows).table(
        "b_user_group",
        "USER_ID,GROUP_ID,DATE_ACTIVE_FROM,DATE_ACTIVE_TO",
        &["1,1,,", "100,1,\\N,NULL"],
    );
    let facts = export.imported();
    facts.are("user", &["100", "101", "102", "103"]);
    // Nor is anything told of them elsewhere.
    facts.are("administrator", &["100"]);
}

#[test]
fn tsv_has_the_escapes_of_mysql() {
    let rows = "ID\tACTIVE\tNAME\tLAST_NAME\tEXTERNAL_AUTH_ID\n\
                1\tY\tAn\\tna\tO\\\\Neill\tNULL\n2\tY\t\"Bo\"\t\\N\t\\N\n3\tY\tа\r😀\tв\\nг\t\n";
    let export = Export::new().with("b_user.tsv", rows);
    let facts = export.imported();
    facts.are("user", &["1", "2", "3"]);
    let names = facts.place.text("facts/display_name.csv");
    assert!(names.contains("user:1,An\tna O\\Neill\n"), "{names}");
    assert!(names.contains("user:2,\"\"\"Bo\"\"\"\n"), "{names}");
    assert!(names.contains("user:3,\"а\r😀 в\nг\"\n"), "{names}");
}

#[test]
fn departments_of_users_are_the_field_that_b_user_field_tells() {
    let values = ["7,10,1", "7,11,2", "8,10,2", "8,10,"];
    let export = Export::new().table("b_utm_user", "VALUE_ID,FIELD_ID,VALUE_INT", &values);
    let facts = export.imported();
    facts.are("works_in", &[]);
    assert!(
        facts.warnings.contains("warning[unusable-record]: b_utm_user: values of user fields"),
        "{}",
        facts.warnings
    );

    let fields = ["10,USER,UF_DEPARTMENT", "11,USER,UF_OTHER", "11,CRM_LEAD,UF_DEPARTMENT"];
    let export = export.table("b_user_field", "ID,ENTITY_ID,FIELD_NAME", &fields);
    let facts = export.imported_with(&["--force"]);
    facts.are("works_in", &["7,1", "8,2"]);
    assert!(facts.report.contains("b_utm_user: values of other user fields: 1"), "{}", facts.report);
}

#[test]
fn the_only_field_of_users_is_that_of_their_departments() {
    let export = Export::new().table("b_utm_user", "VALUE_ID,FIELD_ID,VALUE_INT", &["7,10,1", "8,10,2", "8,12,"]);
    export.imported().are("works_in", &["7,1", "8,2"]);
}

#[test]
fn departments_that_are_globally_inactive_are_left_out_with_their_members() {
    let sections = ["1,5,,Y,All", "2,5,1,Y,Sales", "3,5,1,N,Old", "4,5,3,N,Below old", "90,7,,Y,Lamps"];
    let export = Export::new()
        .table("b_iblock_section", SECTIONS, &sections)
        .table("b_uts_iblock_5_section", "VALUE_ID,UF_HEAD", &["1,10", "2,0", "3,11", "4,"])
        .table("b_uts_iblock_5_section_x", "A", &["1"])
        .table("b_utm_user", "VALUE_ID,FIELD_ID,VALUE_INT", &["10,6,1", "11,6,3", "12,6,4", "12,6,2"]);
    let facts = export.imported();
    facts.are("department", &["1", "2"]);
    facts.are("department_parent", &["2,1"]);
    facts.are("department_head", &["1,10"]);
    facts.are("works_in", &["10,1", "12,2"]);
    facts.are("display_name", &["department:1,All", "department:2,Sales"]);
    assert!(facts.report.contains("sections that are no departments: 1 (line 6: ID=90"), "{}", facts.report);
}

#[test]
fn groups_count_while_they_are_active_and_within_the_dates() {
    let members = [
        "1,1,,",
        "2,1,2026-02-10 23:00:00,",
        "3,1,2026-02-11 00:00:00,",
        "4,9,,2026-02-10 00:00:00",
        "5,9,,2026-02-09 23:59:59",
        "6,9,0000-00-00 00:00:00,NULL",
        "7,8,,",
        "8,9,soon,",
    ];
    let export = Export::new().table("b_group", "ID,ACTIVE,NAME", &["1,Y,Admins", "9,Y,Auditors", "8,N,Old"]).table(
        "b_user_group",
        "USER_ID,GROUP_ID,DATE_ACTIVE_FROM,DATE_ACTIVE_TO",
        &members,
    );
    let facts = export.imported();
    facts.are("administrator", &["1", "2"]);
    facts.are("in_user_group", &["1,1", "2,1", "4,9", "6,9"]);
    assert!(facts.warnings.contains("memberships with a date that can't be read: 1"), "{}", facts.warnings);
    let later = export.imported_with(&["--force", "--at", "2026-02-11"]);
    later.are("in_user_group", &["1,1", "2,1", "3,1", "6,9"]);
}

#[test]
fn workgroups_have_owners_moderators_and_members() {
    let rows = ["1,12,A", "2,12,E", "3,12,K", "4,12,T", "5,12,Z", "6,12,Q"];
    let export = Export::new().table("b_sonet_group", "ID,NAME,ACTIVE,CLOSED,OWNER_ID", &["12,Relaunch,Y,N,1"]).table(
        "b_sonet_user2group",
        "USER_ID,GROUP_ID,ROLE",
        &rows,
    );
    let facts = export.imported();
    facts.are("in_workgroup", &["1,12,owner", "2,12,moderator", "3,12,member"]);
    facts.are("display_name", &["workgroup:12,Relaunch"]);
    assert!(facts.report.contains("ask to join: 2"), "{}", facts.report);
    assert!(facts.warnings.contains("neither owner, moderator nor member: 1"), "{}", facts.warnings);
}

/// The actions of open channels with what the letters `''`, A, D and X become.
#[test]
fn letters_of_open_channels_become_levels_that_are_legal() {
    let table = [
        ("LINES,VIEW", "channel.view", ["denied", "own", "department", "any"]),
        ("LINES,MODIFY", "channel.edit", ["denied", "own", "department", "any"]),
        ("CONNECTORS,MODIFY", "channel.connect", ["denied", "own", "department", "any"]),
        ("SESSION,VIEW", "statistics.view", ["denied", "own", "department", "any"]),
        ("HISTORY,VIEW", "history.view", ["denied", "own", "department", "any"]),
        ("JOIN,PERFORM", "chat.join", ["", "own", "department", "any"]),
        ("VOTE_HEAD,PERFORM", "chat.rate", ["denied", "denied", "department", "any"]),
        ("SETTINGS,MODIFY", "access.edit", ["denied", "denied", "denied", "any"]),
        ("QUICK_ANSWERS,MODIFY", "canned_response.use", ["denied", "denied", "denied", "any"]),
    ];
    letters("imopenlines", "open_channels", &["", "A", "D", "X"], &table, 5);
}

#[test]
fn letters_of_telephony_become_levels_that_are_legal() {
    let table = [
        ("CALL_DETAIL,VIEW", "call.view", ["denied", "own", "own", "department", "department", "any"]),
        ("CALL_RECORD,LISTEN", "recording.listen", ["denied", "own", "own", "department", "department", "any"]),
        ("CALL_RECORD,MODIFY", "recording.delete", ["denied", "own", "own", "department", "department", "any"]),
        (
            "CALL,PERFORM",
            "call.make",
            ["denied", "denied", "crm_customers", "crm_customers", "crm_and_coworkers", "any"],
        ),
        ("USER,MODIFY", "phone.configure", ["denied", "own", "own", "department", "department", "any"]),
        ("SETTINGS,MODIFY", "telephony.configure", ["denied", "denied", "denied", "denied", "denied", "any"]),
        ("LINE,MODIFY", "number.manage", ["denied", "denied", "denied", "denied", "denied", "any"]),
        ("BALANCE,MODIFY", "balance.manage", ["denied", "denied", "denied", "denied", "denied", "any"]),
    ];
    letters("voximplant", "telephony", &["", "A", "C", "D", "K", "X"], &table, 22);
}

/// A role for each letter, with all actions; `lowered` of the permissions are not legal as they are stored.
fn letters<const N: usize>(
    prefix: &str,
    module: &str,
    letters: &[&str],
    table: &[(&str, &str, [&str; N])],
    lowered: usize,
) {
    let (mut rows, mut expected) = (Vec::new(), Vec::new());
    for (number, letter) in letters.iter().enumerate() {
        for (stored, action, levels) in table {
            rows.push(format!("{number},{stored},{letter}"));
            if !levels[number].is_empty() {
                expected.push(format!("{module}_{number},{action},{}", levels[number]));
            }
        }
    }
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let export = Export::new().table(&format!("b_{prefix}_role_permission"), PERMISSIONS, &rows);
    let facts = export.imported();
    expected.sort();
    assert_eq!(facts.of("role_permission"), expected);
    let told = format!("imported as the next lower level: {lowered}\n");
    assert!(facts.warnings.contains(&told), "{}", facts.warnings);
}

#[test]
fn letters_and_actions_that_nobody_knows_are_reported() {
    let rows = ["1,LINES,VIEW,Q", "1,KPI,MODIFY,X", "1,LINES,VIEW,X"];
    let export = Export::new().table("b_imopenlines_role_permission", PERMISSIONS, &rows);
    let facts = export.imported();
    facts.are("role_permission", &["open_channels_1,channel.view,any"]);
    assert!(facts.warnings.contains("warning[unknown-permission]"), "{}", facts.warnings);
    assert!(facts.warnings.contains("permissions that the policy does not know: 2"), "{}", facts.warnings);
}

#[test]
fn access_codes_become_assignments_and_others_are_reported() {
    let codes = ["U5", "IU5", "D7", "DR7", "G9", "SG12_A", "SG12_E", "SG12_K", "AU", "CR", "CHAT3", "U", "SG12", "UX5"];
    for (prefix, column, role) in [
        ("b_imopenlines_role_access", "ACCESS_CODE", "open_channels_1"),
        ("b_voximplant_role_access", "ACCESS_CODE", "telephony_1"),
        ("b_crm_role_relation", "RELATION", "crm_1"),
    ] {
        let rows: Vec<String> = codes.iter().map(|code| format!("1,{code}")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let export = Export::new().table(prefix, &format!("ROLE_ID,{column}"), &rows);
        let facts = export.imported();
        facts.are("assigned_to_user", &[&format!("{role},5")]);
        facts.are("assigned_to_employee", &[&format!("{role},5")]);
        facts.are("assigned_to_department", &[&format!("{role},7")]);
        facts.are("assigned_to_department_tree", &[&format!("{role},7")]);
        facts.are("assigned_to_user_group", &[&format!("{role},9")]);
        let of = ["member", "moderator", "owner"].map(|least| format!("{role},12,{least}"));
        assert_eq!(facts.of("assigned_to_workgroup"), of);
        assert!(facts.warnings.contains("match nobody in these modules: 6\n"), "{}", facts.warnings);
        assert!(facts.warnings.contains("ACCESS_CODE=AU") || facts.warnings.contains("RELATION=AU"));
    }
}

#[test]
fn roles_are_named_by_module_and_id() {
    let export = Export::new()
        .table("b_imopenlines_role", "ID,NAME,XML_ID", &["1,Leads,", "2,,MANAGER"])
        .table("b_voximplant_role", "ID,NAME", &["1,Callers"])
        .table("b_crm_role", "ID,NAME", &["1,Sellers"]);
    let facts = export.imported();
    facts.are(
        "role",
        &["crm_1,crm", "open_channels_1,open_channels", "open_channels_2,open_channels", "telephony_1,telephony"],
    );
    let names = [
        "role:crm_1,Sellers",
        "role:open_channels_1,Leads",
        "role:open_channels_2,MANAGER",
        "role:telephony_1,Callers",
    ];
    facts.are("display_name", &names);
}

#[test]
fn crm_permissions_have_letters_stages_and_operations() {
    let rows = [
        "1,LEAD,-,,READ,A ",
        "1,LEAD,-,,ADD,D",
        "1,LEAD,-,,WRITE,F",
        "1,LEAD,-,,DELETE,O",
        "1,LEAD,-,,EXPORT,X",
        "1,LEAD,-,,IMPORT,",
        "1,DEAL_C3,STAGE_ID,C3:WON,READ,",
        "1,LEAD,STATUS_ID,NEW,READ,A",
        "1,LEAD,-,,HIDE_SUM,X",
        "1,LEAD,-,,READ,Q",
    ];
    let header = "ROLE_ID,ENTITY,FIELD,FIELD_VALUE,PERM_TYPE,ATTR";
    let export = Export::new().table("b_crm_role_perms", header, &rows);
    let facts = export.imported();
    let permissions = [
        "crm_1,lead,add,department",
        "crm_1,lead,change,subdepartments",
        "crm_1,lead,delete,open",
        "crm_1,lead,export,any",
        "crm_1,lead,import,denied",
        "crm_1,lead,read,own",
    ];
    facts.are("crm_role_permission", &permissions);
    facts.are("crm_role_stage_permission", &["crm_1,deal_c3,read,C3:WON,denied", "crm_1,lead,read,NEW,own"]);
    assert!(facts.report.contains("what no rule asks about: 1"), "{}", facts.report);
    assert!(facts.warnings.contains("permissions that the policy does not know: 1"), "{}", facts.warnings);
}

#[test]
fn deals_have_the_type_of_their_category_where_roles_name_it() {
    let header = "ROLE_ID,ENTITY,FIELD,FIELD_VALUE,PERM_TYPE,ATTR";
    let deals = ["1,5,N,NEW,0", "2,5,Y,C3:NEW,3", "3,0,N,C4:NEW,4"];
    let export = Export::new()
        .table("b_crm_role_perms", header, &["1,DEAL_C3,-,,READ,A"])
        .table("b_crm_deal", "ID,ASSIGNED_BY_ID,OPENED,STAGE_ID,CATEGORY_ID", &deals)
        .table("b_crm_lead", "ID,ASSIGNED_BY_ID,OPENED,STATUS_ID", &["1,5,Y,NEW"])
        .table("b_crm_contact", "ID,ASSIGNED_BY_ID,OPENED", &["1,5,N"])
        .table("b_crm_company", "ID,ASSIGNED_BY_ID,OPENED", &["1,6,Y"]);
    let facts = export.imported();
    let items =
        ["company:1,company", "contact:1,contact", "deal:1,deal", "deal:2,deal_c3", "deal:3,deal", "lead:1,lead"];
    facts.are("crm_item", &items);
    facts.are("crm_responsible", &["company:1,6", "contact:1,5", "deal:1,5", "deal:2,5", "lead:1,5"]);
    facts.are("crm_open", &["company:1", "deal:2", "lead:1"]);
    facts.are("crm_stage", &["deal:1,NEW", "deal:2,C3:NEW", "deal:3,C4:NEW", "lead:1,NEW"]);
}

#[test]
fn channels_chats_and_calls_come_from_their_tables() {
    let sessions = ["1,5,100,70", "1,6,100,0", "2,0,101,71", "2,9,102,"];
    let binds = ["70,15,1", "70,3,2", "71,4,3", "71,5,4", "71,6,128", "99,1,1"];
    let calls = ["1,5,+49 30 901820,LEAD,15", "2,0,,,", "3,9,0170 1234567,DYNAMIC_128,4"];
    let export = Export::new()
        .table("b_user", USERS, &["5,Y,,,", "9,Y,,,bot"])
        .table("b_imopenlines_config", "ID,LINE_NAME,ACTIVE,MODIFY_USER_ID", &["1,Web,Y,5", "2,,N,0"])
        .table("b_imopenlines_queue", "CONFIG_ID,USER_ID", &["1,5", "1,9"])
        .table("b_imopenlines_session", "CONFIG_ID,OPERATOR_ID,CHAT_ID,CRM_ACTIVITY_ID", &sessions)
        .table("b_crm_act_bind", "ACTIVITY_ID,OWNER_ID,OWNER_TYPE_ID", &binds)
        .table("b_voximplant_phone", "USER_ID,PHONE_NUMBER", &["5,030 901821"])
        .table("b_voximplant_statistic", "ID,PORTAL_USER_ID,PHONE_NUMBER,CRM_ENTITY_TYPE,CRM_ENTITY_ID", &calls);
    let facts = export.imported_with(&["--country", "DE"]);
    facts.are("channel", &["1", "2"]);
    facts.are("channel_editor", &["1,5"]);
    facts.are("channel_queue", &["1,5"]);
    facts.are("chat", &["100,1", "101,2", "102,2"]);
    facts.are("chat_agent", &["100,5", "100,6"]);
    facts.are("chat_crm", &["100,deal:3", "100,lead:15", "101,company:5", "101,contact:4", "101,dynamic_128:6"]);
    facts.are("call", &["1", "2", "3"]);
    facts.are("call_agent", &["1,5"]);
    facts.are("call_crm", &["1,lead:15", "3,dynamic_128:4"]);
    facts.are("crm_phone", &["+491701234567,dynamic_128:4", "+4930901820,lead:15"]);
    facts.are("user_phone", &["+4930901821,5"]);
}

#[test]
fn a_dump_tells_what_its_tables_tell() {
    let dump = "-- MySQL dump\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `b_user`;\n\
        CREATE TABLE `b_user` (\n  `ID` int(11) NOT NULL,\n  `NAME` varchar(50) DEFAULT 'a;b',\n  `LAST_NAME` text,\n  \
        `ACTIVE` char(1),\n  `EXTERNAL_AUTH_ID` varchar(255),\n  PRIMARY KEY (`ID`)\n) ENGINE=InnoDB;\n\
        INSERT INTO `b_option` VALUES ('it''s; (\\'','x'),(1,2);\n\
        INSERT INTO `b_user` VALUES (1,'An\\'na','O''Neill','Y',NULL),(2,'; -- /* (','x','N',''),\n(3,'b','','Y','bot');\n\
        INSERT IGNORE INTO portal.b_user (`EXTERNAL_AUTH_ID`, `ID`, `ACTIVE`) VALUES (NULL, 4, _utf8mb4'Y') ON DUPLICATE KEY \
        UPDATE ID=4;\nDELIMITER ;;\nCREATE TRIGGER t AFTER INSERT ON b_user FOR EACH ROW BEGIN\n\
        INSERT INTO b_user VALUES (NEW.ID); END;;\nDELIMITER ;\nUPDATE b_user SET ACTIVE='N';\n-- Dump completed\n";
    let export = Export::new().with("portal.sql", dump);
    let facts = export.imported();
    facts.are("user", &["1", "2", "4"]);
    facts.are("inactive", &["2"]);
    facts.are("display_name", &["user:1,An'na O'Neill", "user:2,; -- /* ( x"]);
    assert!(facts.report.contains("statements about other tables: 1 (line 12: b_option)"), "{}", facts.report);
}

#[test]
fn activities_have_their_chats_wherever_bindings_stand_among_the_sessions() {
    let bind = |activity: u32, lead: u32| {
        format!("INSERT INTO b_crm_act_bind (ACTIVITY_ID,OWNER_ID,OWNER_TYPE_ID) VALUES ({activity},{lead},1);\n")
    };
    let session = |chat: u32, activity: u32| {
        format!(
            "INSERT INTO b_imopenlines_session (CONFIG_ID,OPERATOR_ID,CHAT_ID,CRM_ACTIVITY_ID) VALUES (1,5,{chat},{activity});\n"
        )
    };
    let other = "INSERT INTO b_option VALUES (1);\n".to_owned();
    let first = [bind(71, 1), session(100, 70), other, bind(70, 2), session(101, 71), bind(99, 3)].concat();
    let second = [session(102, 72), session(103, 71), bind(72, 4)].concat();
    let export = Export::new().with("a.sql", &first).with("b.sql", &second);
    let facts = export.imported();
    facts.are("chat", &["100,1", "101,1", "102,1", "103,1"]);
    facts.are("chat_crm", &["100,lead:2", "101,lead:1", "102,lead:4", "103,lead:1"]);
    let read: Vec<&str> = facts.report.lines().map(str::trim).filter(|line| line.contains(".sql  b_")).collect();
    let sources = [
        "a.sql  b_crm_act_bind: 3 records, 3 facts",
        "a.sql  b_imopenlines_session: 2 records, 4 facts",
        "b.sql  b_imopenlines_session: 2 records, 4 facts",
        "b.sql  b_crm_act_bind: 1 record, 1 fact",
    ];
    assert_eq!(read, sources);
    assert!(facts.report.contains("statements about other tables: 1 (line 3: b_option)"), "{}", facts.report);
}

/// However long a statement is, and wherever the bytes that are read at once end.
#[test]
fn statements_longer_than_what_is_read_at_once_are_read_whole() {
    let rows: Vec<String> = (1..=20_000).map(|id| format!("({id},'{id}','N','NEW (''x'')')")).collect();
    let dump = format!("INSERT INTO b_crm_lead (ID,ASSIGNED_BY_ID,OPENED,STATUS_ID) VALUES {};\n", rows.join(","));
    let export = Export::new().with("leads.sql", dump);
    let facts = export.imported();
    let stages = facts.of("crm_stage");
    assert_eq!(stages.len(), 20_000);
    assert!(stages.iter().all(|stage| stage.ends_with(",NEW ('x')")), "{}", stages[0]);
}

/// The column is that of the characters on the line, whose beginning left memory long before, and whichever lines stand above.
#[test]
fn a_mistake_far_along_a_line_is_told_with_its_place() {
    const HEAD: &str = "INSERT INTO b_crm_role (ID,NAME) VALUES ";
    let rows = |name: &str, number: usize| vec![format!("(1234567,'{name}')"); number].join(",");
    // A row is 19 characters with its comma, and up to 24 bytes.
    for (name, number) in [("Анна Я", 40_000), ("Anna J", 40_000), ("Я12345", 30_000)] {
        let column = HEAD.len() + number * 19 + 1;
        for before in
            [String::new(), format!("{HEAD}{};\n\n", rows(name, 100)), format!("{HEAD}{};\n", rows(name, 30_000))]
        {
            let dump = format!("{before}{HEAD}{},(2);\n", rows(name, number));
            let line = before.lines().count() + 1;
            let place = format!("portal.sql:{line}:{column}");
            Export::new().with("portal.sql", dump).fails("malformed-sql", &place);
        }
    }
}

#[test]
fn broken_tables_and_dumps_are_refused() {
    let user = |text: &str| Export::new().with("b_user.csv", text);
    user("ID,ACTIVE\n1,Y\n").fails("missing-field", "`b_user` without the column `EXTERNAL_AUTH_ID`");
    user("ID,ACTIVE,EXTERNAL_AUTH_ID,id\n").fails("duplicate-column", "`id` stands twice");
    user("ID,ACTIVE,EXTERNAL_AUTH_ID\n1,Y\n").fails("missing-field", "2 fields");
    user("ID,ACTIVE,EXTERNAL_AUTH_ID\n1,\"Y,\n").fails("malformed-csv", "never closed");
    user("ID,ACTIVE,EXTERNAL_AUTH_ID\n1,Y,").fails("truncated-file", "no line end");
    user("").fails("truncated-file", "empty");
    let dump = |text: &str| Export::new().with("portal.sql", text);
    dump("INSERT INTO b_user VALUES (1,2);").fails("malformed-sql", "nothing tells the columns of `b_user`");
    dump("INSERT INTO b_crm_role (ID, NAME) VALUES (1,'a'),(2);").fails("malformed-sql", "1 values for 2 columns");
    dump("INSERT INTO b_crm_role (ID, NAME) VALUES (1,'a'").fails("truncated-file", "ends before its statement");
    dump("INSERT INTO b_crm_role (ID, NAME) VALUES (1,now());").fails("malformed-sql", "no constant");
    dump("INSERT INTO b_crm_role SET ID=1;").fails("malformed-sql", "not listed");
    dump("INSERT INTO b_crm_act_bind SET ID=1;").fails("malformed-sql", "not listed");
    dump("INSERT INTO b_crm_role (ID) VALUES (1);").imported().are("role", &["crm_1,crm"]);
}

#[test]
fn records_without_an_id_are_reported() {
    let export = Export::new().table("b_user", USERS, &[",Y,a,,", "x,Y,b,,", "0,Y,c,,", "5,Y,d,,"]);
    let facts = export.imported();
    facts.are("user", &["5"]);
    assert!(facts.warnings.contains("records without an id, or with one that is no number: 3"), "{}", facts.warnings);
}

#[test]
fn files_in_windows_1251_are_read_with_their_encoding_and_refused_with_a_hint_without() {
    let text = b"ID,ACTIVE,NAME,LAST_NAME,EXTERNAL_AUTH_ID\n1,Y,\xc0\xed\xed\xe0,,\n";
    let export = Export::new().with("b_user.csv", text);
    export.fails("bad-utf8", "--encoding windows-1251");
    export.imported_with(&["--encoding", "windows-1251"]).are("display_name", &["user:1,Анна"]);
}
