//! The report, the options, and the folder of facts.

use serde_json::json;

use super::Export;

const USERS: &str = "ID,ACTIVE,NAME,LAST_NAME,EXTERNAL_AUTH_ID";

fn people() -> Export {
    Export::new().table("b_user", USERS, &["1,Y,Anna,Smith,", "2,N,Boris,,", "3,Y,Bot,,bot"])
}

#[test]
fn the_report_says_what_was_read_left_out_and_is_missing() {
    let ran = people().run(&[]);
    let text = ran.text();
    assert!(
        text.starts_with("read\n  b_user.csv: 3 records, 7 facts\n\nleft out\n  b_user: facts about bots"),
        "{text}"
    );
    assert!(text.contains("  user_phone (b_voximplant_phone): call.make\n"), "{text}");
    assert!(text.ends_with("8 facts for 5 inputs in facts\n"), "{text}");
    assert_eq!(ran.err, "written: facts\n");
}

#[test]
fn the_report_as_json_has_samples_with_places() {
    let report = people().report(&[]);
    assert_eq!(report["read"], json!([{"file": "b_user.csv", "source": "b_user", "records": 3, "facts": 7}]));
    assert_eq!(report["facts"]["user"], 2);
    let sample = json!({"line": 4, "record": null, "what": "ID=3 ACTIVE=Y EXTERNAL_AUTH_ID=bot"});
    let skipped = &report["skipped"][0];
    assert_eq!(skipped["code"], json!(null));
    assert_eq!((&skipped["count"], &skipped["samples"]), (&json!(1), &json!([sample])));
    assert_eq!(report["output"], "facts");
}

/// What an action rests on is asked of the rules.
#[test]
fn what_is_missing_names_the_actions_that_rest_on_it() {
    let report = people().report(&[]);
    let missing = |input: &str| {
        let lists = report["missing"].as_array().unwrap().iter();
        let mut found = lists.filter(|missing| missing["inputs"].as_array().unwrap().contains(&json!(input)));
        found.next().map_or(json!(null), |missing| missing["actions"].clone())
    };
    assert_eq!(missing("user"), json!(null));
    assert_eq!(missing("call_crm"), json!(["recording.reach"]));
    assert_eq!(missing("crm_phone"), json!(["call.make"]));
    assert_eq!(missing("chat_crm"), json!(["chat.join", "chat.rate", "history.view"]));
    let administrators = missing("administrator");
    assert!(administrators.as_array().unwrap().len() > 25, "{administrators}");
}

#[test]
fn a_file_that_is_no_source_is_reported() {
    let export = people().with("b_usr.csv", "ID\n1\n").with("notes.md", "hello").with(".hidden", "x");
    let ran = export.run(&[]);
    assert_eq!(ran.status, 0);
    assert!(ran.err.contains("warning[unexpected-file]: b_usr.csv: files that are no export"), "{}", ran.err);
    assert!(!ran.err.contains("notes.md") && !ran.err.contains(".hidden"), "{}", ran.err);
}

#[test]
fn strict_writes_nothing_unless_everything_was_understood() {
    let export = people();
    assert_eq!(export.run(&["--strict"]).status, 0);
    let export = people().table("b_crm_role_relation", "ROLE_ID,RELATION", &["1,AU"]);
    let ran = export.run(&["--strict"]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("warning[unmatched-access-code]") && ran.text().ends_with("not written\n"), "{}", ran.err);
    assert_eq!(export.0.names(), ["export"]);
}

#[test]
fn a_folder_that_is_there_is_replaced_only_with_force() {
    let export = people();
    std::fs::create_dir(export.0.path("facts")).unwrap();
    export.imported();
    std::fs::write(export.0.path("facts/old.csv"), "x").unwrap();
    let ran = export.run(&[]);
    ran.refuses(&["facts is there already and not empty; `--force` replaces it"]);
    assert_eq!(export.0.text("facts/old.csv"), "x");
    export.imported_with(&["--force"]);
    assert!(!export.0.path("facts/old.csv").exists());
    assert_eq!(export.0.names(), ["export", "facts"]);
}

#[test]
fn the_same_export_gives_the_same_bytes_with_a_manifest() {
    let (one, other) = (people(), people());
    let folder = |export: &Export| {
        export.imported();
        let mut names: Vec<String> = std::fs::read_dir(export.0.path("facts"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names.into_iter().map(|name| (export.0.text(&format!("facts/{name}")), name)).collect::<Vec<_>>()
    };
    let files = folder(&one);
    assert_eq!(files, folder(&other));
    assert!(files.iter().any(|(text, name)| name == "manifest.json" && text.contains("\"sha256\"")));
}

#[test]
fn anonymised_facts_hold_no_names_and_numbers_and_the_same_ids() {
    let export =
        people().table("b_voximplant_phone", "USER_ID,PHONE_NUMBER", &["1,+49 30 901820", "2,anna@example.com"]).table(
            "b_voximplant_statistic",
            "ID,PORTAL_USER_ID,PHONE_NUMBER,CRM_ENTITY_TYPE,CRM_ENTITY_ID",
            &["1,1,+49 (30) 901820,LEAD,1"],
        );
    let facts = export.imported_with(&["--anonymise"]);
    facts.are("display_name", &["user:1,User 1", "user:2,User 2"]);
    facts.are("user_phone", &["+0000000001,1", "2,2"]);
    facts.are("crm_phone", &["+0000000001,lead:1"]);
    for text in [&facts.report, &facts.warnings] {
        assert!(!text.contains("901820") && !text.contains("example.com") && !text.contains("Anna"), "{text}");
    }
}

#[test]
fn check_compares_who_holds_a_code_and_says_why() {
    let access = ["1,user,U1", "2,intranet,DR1", "1,intranet,DR1", "2,group,G9"];
    let export = Export::new()
        .table("b_user", USERS, &["1,Y,Anna,,", "2,Y,Boris,,", "3,Y,Vera,Novak,", "4,N,Old,,"])
        .table("b_user_field", "ID,ENTITY_ID,FIELD_NAME", &["1,USER,UF_DEPARTMENT"])
        .table("b_utm_user", "VALUE_ID,FIELD_ID,VALUE_INT", &["1,1,1", "3,1,1", "4,1,1"])
        .table("b_iblock_section", "ID,IBLOCK_SECTION_ID,GLOBAL_ACTIVE,NAME", &["1,,Y,All"])
        .table("b_imopenlines_role_access", "ROLE_ID,ACCESS_CODE", &["1,U1", "1,DR1"])
        .table("b_user_access", "USER_ID,PROVIDER_ID,ACCESS_CODE", &access);
    let facts = export.imported_with(&["--check"]);
    let told = |warnings: &str, [one, all, other]: [&str; 3]| {
        for sentence in [
            format!("access code DR1 ({all}): the rules give it to 1 person to whom the portal does not\n"),
            format!("user 3: {one} holds access code DR1 through {all},"),
            format!("access code DR1 ({all}): the portal gives it to 1 person to whom the rules do not\n"),
            format!("user 2: {other} has it in `b_user_access` by the provider `intranet`, and no rule gives it"),
        ] {
            assert!(warnings.contains(&sentence), "{sentence}\n{warnings}");
        }
        assert_eq!(warnings.matches("holder-difference").count(), 2, "{warnings}");
    };
    told(&facts.warnings, ["Vera Novak", "All", "Boris"]);
    let anonymous = export.run(&["--check", "--force", "--anonymise", "--format", "json"]);
    told(&anonymous.err, ["User 3", "Department 1", "User 2"]);
    let all = format!("{}{}", anonymous.err, anonymous.text());
    assert!(!["Vera", "Novak", "Boris", "All"].iter().any(|name| all.contains(name)), "{all}");
    let without = people().run(&["--check"]);
    assert_eq!(without.status, 2);
    assert!(without.err.contains("`b_user_access`, which is not in the export"), "{}", without.err);
}

#[test]
fn options_that_mean_nothing_are_refused() {
    for words in [["--at", "22.11.2026"], ["--country", "Germany"], ["--encoding", "latin-9000"]] {
        assert_eq!(people().run(&words).status, 2, "{words:?}");
    }
    let export = Export::new();
    assert_eq!(export.run(&[]).status, 2);
    assert!(export.0.names().is_empty());
}

#[test]
fn compressed_exports_are_read() {
    let zipped = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, b"[{\"ID\":\"7\"}]").unwrap();
        encoder.finish().unwrap()
    };
    Export::new().with("user.get.json.gz", zipped).imported().are("user", &["7"]);
}

/// The text of names never reaches a terminal with what could drive it.
#[test]
fn samples_hold_no_control_characters() {
    let export = Export::new().table("b_crm_role_relation", "ROLE_ID,RELATION", &["1,\u{1b}[31m\u{202e}x"]);
    let ran = export.run(&[]);
    assert!(!ran.text().contains('\u{1b}') && !ran.err.contains('\u{202e}'), "{}{}", ran.text(), ran.err);
    assert!(ran.text().contains("\\u{1b}[31m\\u{202e}x"), "{}", ran.text());
}

#[cfg(unix)]
#[test]
fn an_interrupted_import_leaves_nothing() {
    use std::process::Command;
    use std::time::Duration;
    let export = people();
    let pipe = export.0.path("export/user.get.json");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut child = export.0.command(&["import", "bitrix24", "export", "--output", "facts"]).spawn().unwrap();
    let started = std::time::Instant::now();
    let is_begun = || std::fs::read_dir(export.0.path(".")).unwrap().count() > 1;
    while !is_begun() {
        assert!(started.elapsed() < Duration::from_secs(60), "no draft comes");
        std::thread::sleep(Duration::from_millis(5));
    }
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(crate::cli::wait(&mut child), Some(130));
    assert_eq!(export.0.names(), ["export"]);
}
