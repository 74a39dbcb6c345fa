//! `check --fix`: what is certain is put right in the files, and what is left is reported.

use super::Place;

const TEAM: &str = "\u{feff}entity team\r\nrelation senior(user: user);\r\n\r\nsenior(U) :- works_in(U, Team).\r\n";
const TEAM_FIXED: &str = "\u{feff}entity team;\r\nrelation senior(user: user);\r\n\r\nsenior(U) if works_in(U, _);\r\n";

fn place() -> Place {
    Place::new()
        .file("rules/team.rules", TEAM)
        .file("rules/b.rules", "allow(U, app.use, _) if seniors(U);;\n")
        .file("rules/notes.txt", "a :- b.")
        .file("user.csv", "user\nanna\n")
}

#[test]
fn files_are_put_right_and_what_is_left_is_reported() {
    let place = place();
    let ran = place.run(&["check", "--fix", "rules", "--data", "user.csv", "--message-format", "short"]);
    let left = "rules/b.rules:1:25: error[unknown-relation]: unknown relation `seniors`\n\
                the data is not checked before the rules are right: 1 error\n";
    let changes = "fixed rules/b.rules: 1 change\nfixed rules/team.rules: 3 changes\n";
    ran.ends(1, left, changes);
    assert_eq!(place.text("rules/b.rules"), "allow(U, app.use, _) if seniors(U);\n");
    assert_eq!(place.text("rules/notes.txt"), "a :- b.");
    assert_eq!(place.names(), ["rules", "user.csv"]);
    // The variable that stands once is found when there is no error any more.
    let place = place.file("rules/b.rules", "allow(U, app.use, _) if senior(U);\n");
    let ran = place.run(&["check", "--fix", "rules"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, "fixed rules/team.rules: 1 change\n"));
    assert_eq!(place.text("rules/team.rules"), TEAM_FIXED);
    place.run(&["check", "--fix", "--deny-warnings", "rules"]).prints(0, place.run(&["check", "rules"]).text());
}

#[test]
fn a_difference_is_only_shown() {
    let place = Place::new().file("team.rules", TEAM);
    let shown = place.run(&["check", "--fix", "--diff", "team.rules"]);
    let lines = "--- team.rules\n+++ team.rules\n@@ -1,4 +1,4 @@\n\
                 -entity team\\u{d}\n+entity team;\\u{d}\n relation senior(user: user);\\u{d}\n \\u{d}\n\
                 -senior(U) :- works_in(U, Team).\\u{d}\n+senior(U) if works_in(U, _);\\u{d}\n";
    shown.prints(1, lines);
    assert_eq!(place.text("team.rules"), TEAM);
    place.run(&["check", "--fix", "team.rules"]);
    place.run(&["check", "--fix", "--diff", "team.rules"]).prints(0, "");
    place.run(&["check", "--diff", "team.rules"]).refuses(&["--fix"]);
}

#[test]
fn files_of_every_option_are_put_right_and_the_built_in_ones_are_not() {
    let place = Place::new()
        .file("p.rules", "entity user;; input user(user: user); decision allow(user: user);")
        .file("r.rules", "allow(U) :- user(U);");
    let ran = place.run(&["check", "--fix", "--policy", "p.rules", "--rules", "r.rules"]);
    ran.ends(0, "checked 1 rule: no mistakes\n", "fixed p.rules: 1 change\nfixed r.rules: 1 change\n");
    assert_eq!(place.text("r.rules"), "allow(U) if user(U);");
    place.run(&["check", "--fix"]).prints(0, place.run(&["check"]).text());
}

#[test]
fn where_a_file_can_not_be_read_nothing_is_written() {
    let place = Place::new().file("a.rules", "user(\"anna\");;\n");
    let ran = place.run(&["check", "--fix", "a.rules", "missing.rules"]);
    assert_eq!((ran.status, place.text("a.rules").as_str()), (2, "user(\"anna\");;\n"));
}
