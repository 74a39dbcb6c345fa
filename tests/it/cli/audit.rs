//! `audit`: what rules find, with severity, count, samples, and the question for `why`.

use super::{Place, Ran};

/// Recordings on the drive, a role that nobody holds, and one of a dismissed person.
const PORTAL: &str = r#"{
"user": ["anna", "boris", "vera"], "inactive": ["vera"], "display_name": [["user:anna", "Anna Kovacs"]],
"call": ["k1", "k2"], "drive_access": [["anna", "k1"], ["anna", "k2"], ["boris", "k1"]],
"role": [["caller", "telephony"], ["unused", "telephony"]], "role_permission": [["caller", "call.make", "any"]],
"assigned_to_user": [["caller", "vera"]]
}"#;

fn audit(words: &[&str]) -> Ran {
    Place::new().file("p.json", PORTAL).run(&[&["audit", "--data", "p.json"], words].concat())
}

#[test]
fn the_gravest_stand_first_with_their_count_records_and_questions() {
    audit(&["--limit", "2", "recording-open-on-drive", "role-of-nobody", "dismissed-holds-role"]).prints(
        0,
        "high: recording-open-on-drive: 2 things  rules/audit.rules:312\n  \
           Anna Kovacs can hear the recording of k1 on the drive, though listening is denied to them.  p.json drive_access[0]\n    \
             rolecall why anna recording.reach call:k1\n  \
           boris can hear the recording of k1 on the drive, though listening is denied to them.  p.json drive_access[2]\n    \
             rolecall why boris recording.reach call:k1\n  \
           and 1 more\n\
         \n\
         low: role-of-nobody: 1 thing  rules/audit.rules:92\n  \
           Nobody holds unused.  p.json role[1]\n\
         \n\
         low: dismissed-holds-role: 1 thing  rules/audit.rules:360\n  \
           vera is dismissed and still holds caller.  p.json inactive[0]\n\
         \n\
         3 findings: 1 high, 2 low\n",
    );
}

#[test]
fn csv_has_every_instance_and_json_every_finding() {
    audit(&["--format", "csv", "recording-open-on-drive"]).prints(
        0,
        "severity,code,thing,sentence,place,subject,action,resource\n\
         high,recording-open-on-drive,call:k1,\"Anna Kovacs can hear the recording of k1 on the drive, though listening is denied to them.\",p.json drive_access[0],anna,recording.reach,call:k1\n\
         high,recording-open-on-drive,call:k1,\"boris can hear the recording of k1 on the drive, though listening is denied to them.\",p.json drive_access[2],boris,recording.reach,call:k1\n\
         high,recording-open-on-drive,call:k2,\"Anna Kovacs can hear the recording of k2 on the drive, though listening is denied to them.\",p.json drive_access[1],anna,recording.reach,call:k2\n",
    );
    audit(&["--format", "json", "recording-open-on-drive", "role-of-nobody", "--limit", "1"]).prints(
        0,
        "[{\"code\":\"recording-open-on-drive\",\"severity\":\"high\",\"rule\":\"rules/audit.rules:312\",\"things\":2,\"count\":3,\"complete\":true,\"instances\":[{\"thing\":\"call:k1\",\
         \"sentence\":\"Anna Kovacs can hear the recording of k1 on the drive, though listening is denied to them.\",\"place\":\"p.json drive_access[0]\",\
         \"why\":{\"subject\":\"anna\",\"action\":\"recording.reach\",\"resource\":\"call:k1\"}}]},\n \
         {\"code\":\"role-of-nobody\",\"severity\":\"low\",\"rule\":\"rules/audit.rules:92\",\"things\":1,\"count\":1,\"complete\":true,\"instances\":[{\"thing\":\"role:unused\",\
         \"sentence\":\"Nobody holds unused.\",\"place\":\"p.json role[1]\"}]}]\n",
    );
}

#[test]
fn fail_on_makes_the_status_one_from_that_severity_up() {
    assert_eq!(audit(&["--fail-on", "high"]).status, 1);
    assert_eq!(audit(&["--fail-on", "low", "role-of-nobody"]).status, 1);
    assert_eq!(audit(&["--fail-on", "medium", "role-of-nobody"]).status, 0);
    audit(&["--fail-on", "grave"]).ends(2, "", "error: unknown severity `grave`; there are low, medium, high\n");
}

#[test]
fn nothing_found_is_said_and_an_unknown_rule_is_refused() {
    Place::new().file("p.json", "{}").run(&["audit", "--data", "p.json"]).prints(0, "no findings\n");
    Place::new().file("p.json", "{}").run(&["audit", "--data", "p.json", "--format", "json"]).prints(0, "[]\n");
    audit(&["role-of-nobod"]).ends(2, "", "error: no rule finds `role-of-nobod`; did you mean `role-of-nobody`?\n");
    Place::new().file("p.rules", "entity user; input user(user: user);").run(&["audit", "--policy", "p.rules"]).ends(
        2,
        "",
        "error: the policy has no `exposed`, `doubtful` or `reported`, so it finds nothing\n",
    );
}

#[test]
fn what_was_not_looked_at_is_said() {
    let ran = audit(&["--max-questions", "2", "recording-open-on-drive"]);
    assert_eq!(ran.status, 0);
    let out = ran.text();
    assert!(out.starts_with("high: recording-open-on-drive: "), "{out}");
    assert!(out.contains(" or more  rules/audit.rules:312\n"), "{out}");
    assert!(out.contains("  and 0 more; not everything was looked at\n"), "{out}");
}

#[test]
fn rules_of_an_administrator_are_asked_and_one_that_leaves_a_variable_open_is_told() {
    let rules = "/// {User} has {Call} on the drive.\n@id(\"mine\")\n\
                 exposed(medium, Call) if user(User), call(Call), drive_access(User, Call), not permitted(User, recording.listen, Call);\n\
                 @id(\"open\")\nexposed(high, Call) if permitted(\"anna\", recording.reach, Call);\n";
    let place = Place::new().file("p.json", PORTAL).file("mine.rules", rules);
    place
        .run(&["audit", "--data", "p.json", "--rules", "mine.rules", "mine", "open", "--message-format", "short"])
        .ends(
            0,
            "medium: mine: 2 things  mine.rules:3\n  \
           Anna Kovacs has k1 on the drive.  p.json user[0]\n  \
           boris has k1 on the drive.  p.json user[1]\n  \
           Anna Kovacs has k2 on the drive.  p.json user[0]\n\
         \n\
         1 finding: 1 medium\n",
            "mine.rules:5:1: warning[reported]: `open` is not asked: it leaves `Call` open\n",
        );
}

#[test]
fn engines_and_threads_find_the_same_bytes() {
    let acme =
        |words: &[&str]| super::who::on_acme(&[&["audit", "--format", "json"], words].concat()).text().to_owned();
    let one = acme(&["--jobs", "1"]);
    assert!(one.contains("stage-takes-access"), "{one}");
    assert_eq!(acme(&["--jobs", "4"]), one);
    assert_eq!(acme(&["--engine", "compiled"]), one);
}

#[test]
fn check_tells_what_is_doubtful_with_the_record() {
    let ran = Place::new().file("p.json", PORTAL).run(&["check", "--data", "p.json", "--message-format", "short"]);
    assert_eq!(ran.status, 0);
    let out = ran.text();
    assert!(out.contains("warning[reported]: Nobody holds unused (p.json role[1])\n"), "{out}");
    assert!(!out.contains("drive"), "{out}");
}
