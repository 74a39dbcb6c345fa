//! What is refused: exports that are none or broken, outputs that can't be, and with `--strict` whatever was not understood.
//! Each with a sentence that says so, and nothing written.

use std::io::Write;

use super::Export;

const USERS: &str = "ID,ACTIVE,NAME,LAST_NAME,EXTERNAL_AUTH_ID";

fn people() -> Export {
    Export::new().table("b_user", USERS, &["1,Y,Anna,Smith,"])
}

fn zipped(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_folder_with_nothing_known_is_no_export() {
    let nothing = "`export` holds no export of a known method or table";
    Export::new().with(".hidden", "").fails("unexpected-file", nothing);
    Export::new().with("b_usr.csv", "ID\n1\n").with("notes.md", "").fails("unexpected-file", nothing);
    let other = "CREATE TABLE b_option (ID int);\nINSERT INTO b_option VALUES (1);\n";
    Export::new().with("portal.sql", other).fails("unexpected-file", nothing);
    Export::new().with("portal.sql", "-- nothing\n").fails("unexpected-file", nothing);
    let none = Export::new();
    none.run(&[]).refuses(&["can't read export: No such file"]);
    assert!(none.0.names().is_empty());
}

/// Wherever it was cut: no beginning of a response, of a dump, or of a compressed file passes for the whole.
#[test]
fn a_file_that_was_cut_is_refused_wherever_it_was_cut() {
    let page = "{\"result\":[{\"ID\":\"1\",\"NAME\":\"An\"},{\"ID\":\"2\"}],\"total\":2}";
    let dump = "INSERT INTO `b_crm_role` (`ID`,`NAME`) VALUES (1,'a'),(2,'it''s;');";
    let packed = zipped("[{\"ID\":\"7\"},{\"ID\":\"8\"}]");
    let cut = |name: &str, bytes: &[u8]| {
        let export = Export::new().with(name, bytes);
        let ran = export.run(&[]);
        assert_eq!(ran.status, 2, "{name}: {bytes:?}\n{}", ran.text());
        assert!(ran.err.contains("error[") && export.0.names() == ["export"], "{}", ran.err);
    };
    for end in (0..page.len()).step_by(7) {
        cut("user.get.json", &page.as_bytes()[..end]);
    }
    // What ends between statements can't be told from a whole dump; in a statement it can.
    for end in (40..dump.len()).step_by(5) {
        cut("portal.sql", &dump.as_bytes()[..end]);
    }
    for end in (0..packed.len()).step_by(9) {
        cut("user.get.json.gz", &packed[..end]);
    }
    cut("b_group.csv", b"ID,ACTIVE\n1,Y\n2,");
    cut("b_group.tsv", b"ID\tACTIVE\n1\tY\n2\tN");
}

#[test]
fn other_encodings_are_refused_with_a_hint() {
    let utf16: Vec<u8> = "\u{feff}ID,NAME\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    Export::new().with("b_sonet_group.csv", &utf16).fails("bad-utf8", "UTF-16");
    let hint = "--encoding windows-1251";
    Export::new().with("sonet_group.get.json", b"[{\"ID\":1,\"NAME\":\"\xc0\xed\xed\xe0\"}]").fails("bad-utf8", hint);
    let dump = b"INSERT INTO b_crm_role (ID, NAME) VALUES (1,'\xc0\xed\xed\xe0');\n";
    let export = Export::new().with("portal.sql", dump);
    export.fails("bad-utf8", hint);
    export.imported_with(&["--encoding", "windows-1251"]).are("display_name", &["role:crm_1,Анна"]);
    // A byte that stands for nothing in the encoding that was named.
    let wrong = Export::new().with("b_sonet_group.csv", b"ID,NAME\n1,a\x98b\xff\n");
    let ran = wrong.run(&["--encoding", "shift_jis"]);
    ran.refuses(&["error[bad-utf8]", "bytes that Shift_JIS does not have"]);
    assert_eq!(wrong.0.names(), ["export"]);
    // The bytes of a table that nobody wants matter to nobody.
    let blob =
        [&b"INSERT INTO b_cache VALUES ('\xff\xfe');\n"[..], b"INSERT INTO b_crm_role (ID) VALUES (1);\n"].concat();
    Export::new().with("portal.sql", blob).imported().are("role", &["crm_1,crm"]);
}

#[test]
fn an_output_that_is_there_stays_as_it_is() {
    let export = people();
    std::fs::write(export.0.path("facts"), "mine").unwrap();
    export.run(&[]).refuses(&["can't write facts: "]);
    export.run(&["--force"]).refuses(&["can't write facts: "]);
    assert_eq!(export.0.text("facts"), "mine");
    let export = people();
    let export = Export(export.0.file("facts/thesis.txt", "mine"));
    export.run(&[]).refuses(&["facts is there already and not empty; `--force` replaces it"]);
    export.run(&["--force"]).refuses(&["facts has no manifest.json, so it holds something else than facts"]);
    assert_eq!(export.0.text("facts/thesis.txt"), "mine");
    assert_eq!(export.0.names(), ["export", "facts"]);
}

#[test]
fn an_output_in_the_export_or_around_it_is_refused() {
    let export = people();
    let before = export.0.text("export/b_user.csv");
    for (output, said) in [
        ("export", "the output export lies in the export export"),
        ("export/facts", "the output export/facts lies in the export export"),
        ("./export/../export/a/b", "lies in the export export"),
        (".", "the export export lies in the output ."),
        ("export/..", "the export export lies in the output export/.."),
    ] {
        let ran = export.0.run(&["import", "bitrix24", "export", "--output", output, "--force"]);
        ran.refuses(&[said, "name a folder beside it"]);
        assert_eq!(export.0.names(), ["export"], "{output}");
    }
    let files: Vec<_> = std::fs::read_dir(export.0.path("export")).unwrap().collect();
    assert_eq!((files.len(), export.0.text("export/b_user.csv")), (1, before));
    // A name that only begins as the export does is another folder.
    let ran = export.0.run(&["import", "bitrix24", "export", "--output", "export2"]);
    assert_eq!((ran.status, export.0.names()), (0, vec!["export".to_owned(), "export2".to_owned()]));
}

#[test]
fn an_output_that_can_not_be_made_is_refused() {
    let export = people();
    let ran = export.0.run(&["import", "bitrix24", "export", "--output", "none/facts"]);
    ran.refuses(&["can't write none/facts: No such file"]);
    assert_eq!(export.0.names(), ["export"]);
}

/// As somebody who may not; who may everything gives that up first.
#[cfg(target_os = "linux")]
#[test]
fn without_permission_nothing_is_read_or_written() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let mode = |path: std::path::PathBuf, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let run = |export: &Export| {
        let mut command = export.0.command(&["import", "bitrix24", "export", "--output", "facts"]);
        if std::fs::metadata(export.0.path("export")).unwrap().uid() == 0 {
            command.uid(65_534);
        }
        let ran = crate::cli::finish(command, b"");
        (ran, export.0.names())
    };
    let export = people();
    mode(export.0.path("."), 0o555);
    let (ran, names) = run(&export);
    mode(export.0.path("."), 0o755);
    ran.refuses(&["can't write facts: ", "ermission denied"]);
    assert_eq!(names, ["export"]);
    for (what, said) in [("export/b_user.csv", "can't read export/b_user.csv: "), ("export", "can't read export: ")] {
        let export = people();
        mode(export.0.path("."), 0o777);
        mode(export.0.path(what), 0o000);
        let (ran, names) = run(&export);
        mode(export.0.path(what), 0o755);
        ran.refuses(&[said, "Permission denied"]);
        assert_eq!(names, ["export"]);
    }
}

/// An export for each kind of what may not be understood, and the beginning of what is told of it.
fn doubtful() -> Vec<(Export, &'static str)> {
    let access = |code: &str| Export::new().table("b_crm_role_relation", "ROLE_ID,RELATION", &[code]);
    let permission =
        |row: &str| Export::new().table("b_imopenlines_role_permission", "ROLE_ID,ENTITY,ACTION,PERMISSION", &[row]);
    let queue = r#"[{"ID":1,"CONFIG_QUEUE":[{"ENTITY_TYPE":"department","ENTITY_ID":4}]}]"#;
    let members = "USER_ID,GROUP_ID,DATE_ACTIVE_FROM,DATE_ACTIVE_TO";
    vec![
        (Export::new().table("b_crm_role", "ID,NAME", &[",a"]), "[unusable-record]: b_crm_role: records without"),
        (access("x,U5"), "[unusable-record]: b_crm_role_relation: records without"),
        (
            Export::new().table("b_user_group", members, &["1,2,soon,"]),
            "[unusable-record]: b_user_group: memberships with a",
        ),
        (
            Export::new().table("b_utm_user", "VALUE_ID,FIELD_ID,VALUE_INT", &["1,10,1", "1,11,2"]),
            "[unusable-record]: b_utm_user: values of user fields",
        ),
        (
            Export::new().table("b_sonet_user2group", "USER_ID,GROUP_ID,ROLE", &["1,2,Q"]),
            "[unusable-record]: b_sonet_user2group: memberships that are",
        ),
        (
            Export::new().with("imopenlines.config.list.get.json", queue),
            "[unusable-record]: imopenlines.config.list.get: departments",
        ),
        (access("1,AU"), "[unmatched-access-code]: b_crm_role_relation: "),
        (permission("1,KPI,MODIFY,X"), "[unknown-permission]: b_imopenlines_role_permission: "),
        (permission("1,SETTINGS,MODIFY,A"), "[lowered-level]: b_imopenlines_role_permission: "),
        (
            Export::new().table("b_voximplant_phone", "USER_ID,PHONE_NUMBER", &["1,105"]),
            "[unparsed-phone]: b_voximplant_phone: ",
        ),
        (people().with("b_usr.csv", "ID\n"), "[unexpected-file]: b_usr.csv: "),
    ]
}

#[test]
fn strict_refuses_each_kind_of_what_was_not_understood_and_writes_nothing() {
    for (export, told) in doubtful() {
        let ran = export.run(&["--strict"]);
        assert_eq!(ran.status, 1, "{told}\n{}", ran.err);
        assert!(ran.err.contains(&format!("warning{told}")), "{told}\n{}", ran.err);
        assert!(ran.err.ends_with("with `--strict` nothing is written\n") && ran.text().ends_with("not written\n"));
        assert_eq!(export.0.names(), ["export"]);
        // Without it the same is told, and written.
        let ran = export.run(&[]);
        assert!(ran.status == 0 && ran.err.contains(&format!("warning{told}")), "{}", ran.err);
        // What was written before stays.
        let before = export.0.text("facts/manifest.json");
        assert_eq!(export.run(&["--strict", "--force", "--format", "json"]).status, 1);
        assert_eq!(export.0.text("facts/manifest.json"), before);
        assert_eq!(export.0.names(), ["export", "facts"]);
    }
}

#[test]
fn strict_refuses_differences_from_the_table_of_the_portal() {
    let export = Export::new().table("b_crm_role_relation", "ROLE_ID,RELATION", &["1,U5"]).table(
        "b_user_access",
        "USER_ID,PROVIDER_ID,ACCESS_CODE",
        &["6,user,U6"],
    );
    let ran = export.run(&["--strict", "--check"]);
    assert!(ran.status == 1 && ran.err.contains("warning[holder-difference]"), "{}", ran.err);
    assert_eq!(export.0.names(), ["export"]);
    assert_eq!(export.run(&["--strict"]).status, 0);
}

/// What an export of every portal holds is left out by rule, and counted.
#[test]
fn strict_takes_what_is_left_out_by_rule() {
    let export = Export::new()
        .table("b_user", USERS, &["1,Y,a,,", "2,Y,Bot,,bot"])
        .table(
            "b_iblock_section",
            "ID,IBLOCK_ID,IBLOCK_SECTION_ID,GLOBAL_ACTIVE,NAME",
            &["1,5,,Y,All", "2,5,,N,Old", "3,7,,Y,Lamps"],
        )
        .table("b_uts_iblock_5_section", "VALUE_ID,UF_HEAD", &["1,1"])
        .table("b_group", "ID,ACTIVE,NAME", &["8,N,Old"])
        .table("b_user_group", "USER_ID,GROUP_ID,DATE_ACTIVE_FROM,DATE_ACTIVE_TO", &["1,8,,", "1,9,,2020-01-01"])
        .table("b_user_field", "ID,ENTITY_ID,FIELD_NAME", &["10,USER,UF_DEPARTMENT"])
        .table("b_utm_user", "VALUE_ID,FIELD_ID,VALUE_INT", &["1,10,1", "1,11,2"])
        .table("b_sonet_user2group", "USER_ID,GROUP_ID,ROLE", &["1,2,T"])
        .table("b_crm_role_perms", "ROLE_ID,ENTITY,FIELD,FIELD_VALUE,PERM_TYPE,ATTR", &["1,LEAD,-,,HIDE_SUM,X"])
        .with("user.get.json", "[{\"ID\":\"1\"}]")
        .with("portal.sql", "INSERT INTO b_option VALUES (1);");
    let ran = export.run(&["--strict", "--format", "json"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, "written: facts\n"));
    let report: serde_json::Value = serde_json::from_str(ran.text()).unwrap();
    let mut reasons: Vec<&str> =
        report["skipped"].as_array().unwrap().iter().map(|skipped| skipped["reason"].as_str().unwrap()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let expected = [
        "facts about bots, connectors and other users that are no people",
        "facts about departments that are globally inactive",
        "facts that a table tells as well, which wins",
        "memberships of inactive user groups",
        "memberships that are not valid on that day",
        "people who are banned from a workgroup, or ask to join",
        "permissions for what no rule asks about",
        "sections that are no departments",
        "statements about other tables",
        "values of other user fields",
    ];
    assert_eq!(reasons, expected);
}
