//! `fmt`: files in place, what would change, and standard input.

use super::Place;

const UGLY: &str = "// Who.\nuser( \"anna\" );allow(U,chat.join,C)if chat(C,_),user(U); // any\n";
const PRETTY: &str = "// Who.\nuser(\"anna\");\nallow(U, chat.join, C) if chat(C, _), user(U);  // any\n";
const BROKEN: &str = "user(\"anna\")  if;\n";

fn place() -> Place {
    Place::new().file("ugly.rules", UGLY).file("pretty.rules", PRETTY)
}

#[test]
fn a_file_is_formatted_in_place_and_named() {
    let place = place();
    place.run(&["fmt", "ugly.rules", "pretty.rules"]).prints(0, "ugly.rules\n");
    assert_eq!((place.text("ugly.rules").as_str(), place.text("pretty.rules").as_str()), (PRETTY, PRETTY));
    place.run(&["fmt", "ugly.rules", "pretty.rules"]).prints(0, "");
    assert_eq!(place.names(), ["pretty.rules", "ugly.rules"]);
}

#[test]
fn a_file_that_is_formatted_is_not_written() {
    let place = place();
    let time = || std::fs::metadata(place.path("pretty.rules")).unwrap().modified().unwrap();
    let before = time();
    place.run(&["fmt", "pretty.rules"]).prints(0, "");
    assert_eq!(time(), before);
}

#[test]
fn the_rule_files_of_a_folder_are_formatted_by_name() {
    let place = Place::new().file("f/b.rules", UGLY).file("f/a.rules", UGLY).file("f/c.rules", PRETTY);
    let place = place.file("f/notes.txt", UGLY);
    place.run(&["fmt", "f", "f/a.rules"]).prints(0, "f/a.rules\nf/b.rules\n");
    assert_eq!(place.text("f/notes.txt"), UGLY);
    let place = place.file("f/deeper/d.rules", UGLY);
    place.run(&["fmt", "f"]).refuses(&["`f/deeper` is a folder inside a folder of rules"]);
    assert_eq!(place.text("f/deeper/d.rules"), UGLY);
}

#[test]
fn check_lists_the_files_that_are_not_formatted_and_writes_nothing() {
    let place = place();
    place.run(&["fmt", "--check", "pretty.rules"]).prints(0, "");
    place.run(&["fmt", "--check", "pretty.rules", "ugly.rules"]).prints(1, "ugly.rules\n");
    assert_eq!(place.text("ugly.rules"), UGLY);
}

#[test]
fn diff_shows_what_would_change_and_writes_nothing() {
    let place = place();
    let expected = "--- ugly.rules\n+++ ugly.rules\n@@ -1,2 +1,3 @@\n // Who.\n\
                    -user( \"anna\" );allow(U,chat.join,C)if chat(C,_),user(U); // any\n\
                    +user(\"anna\");\n\
                    +allow(U, chat.join, C) if chat(C, _), user(U);  // any\n";
    place.run(&["fmt", "--diff", "pretty.rules", "ugly.rules"]).prints(1, expected);
    place.run(&["fmt", "--diff", "--check", "ugly.rules"]).prints(1, expected);
    place.run(&["fmt", "--diff", "pretty.rules"]).prints(0, "");
    assert_eq!(place.text("ugly.rules"), UGLY);
}

#[test]
fn a_diff_is_colored_when_asked_and_drives_no_terminal() {
    let place = Place::new().file("a.rules", "user( \"\u{1b}[31mя\" );\r");
    let plain = "--- a.rules\n+++ a.rules\n@@ -1 +1 @@\n-user( \"\\u{1b}[31mя\" );\\u{d}\n\\ No newline at end of file\n\
                 +user(\"\\u{1b}[31mя\");\n";
    place.run(&["fmt", "--diff", "a.rules"]).prints(1, plain);
    let colored = place.run(&["fmt", "--diff", "--color", "always", "a.rules"]);
    assert!(colored.text().contains("\x1b[32m+user(\"\\u{1b}[31mя\");\x1b[0m\n"), "{}", colored.text());
}

#[test]
fn standard_input_goes_to_standard_output() {
    let place = Place::new();
    place.run_on(&["fmt", "-"], UGLY.as_bytes()).prints(0, PRETTY);
    place.run_on(&["fmt", "-"], PRETTY.as_bytes()).prints(0, PRETTY);
    place.run_on(&["fmt", "-"], b"").prints(0, "");
    place.run_on(&["fmt", "-", "--check"], UGLY.as_bytes()).prints(1, "<stdin>\n");
    place.run_on(&["fmt", "-", "--check"], PRETTY.as_bytes()).prints(0, "");
    let diff = place.run_on(&["fmt", "-", "--diff"], UGLY.as_bytes());
    assert!(diff.status == 1 && diff.text().starts_with("--- <stdin>\n+++ <stdin>\n"), "{}", diff.text());
    place.run_on(&["fmt", "-"], BROKEN.as_bytes()).refuses(&["<stdin>:1:17", "syntax-error"]);
    place.run_on(&["fmt", "-"], b"user(\"\xff\");").refuses(&["bad-utf8", "standard input is not UTF-8"]);
}

#[test]
fn a_file_with_a_syntax_error_is_reported_and_left_as_it_is() {
    let place = place().file("broken.rules", BROKEN);
    let error = "broken.rules:1:17: error[syntax-error]: expected a literal, found `;`\n";
    let arguments = ["fmt", "--message-format", "short", "broken.rules", "ugly.rules"];
    let ran = place.run(&arguments);
    assert_eq!((ran.status, ran.text(), ran.err.as_str()), (2, "ugly.rules\n", error));
    assert_eq!((place.text("broken.rules").as_str(), place.text("ugly.rules").as_str()), (BROKEN, PRETTY));
    let ran = place.run(&["fmt", "--check", "broken.rules", "--message-format", "json"]);
    assert_eq!((ran.status, ran.text()), (2, ""));
    assert_eq!(super::Ran::json_lines(&ran.err)[0]["code"], "syntax-error");
}

/// Names that nobody declares, types that do not fit: it is not for the formatter to say so.
#[test]
fn a_program_with_other_mistakes_is_formatted() {
    let place = Place::new().file("a.rules", "nobody( X )if knows(Y);");
    place.run(&["fmt", "a.rules"]).prints(0, "a.rules\n");
    assert_eq!(place.text("a.rules"), "nobody(X) if knows(Y);\n");
}

#[test]
fn what_can_not_be_read_is_an_error() {
    let place = place().file("latin.rules", b"user(\"\xe9\");").file("empty/notes.txt", "");
    place.run(&["fmt", "missing.rules"]).refuses(&["unreadable-file", "can't read missing.rules"]);
    place.run(&["fmt", "empty"]).refuses(&["unreadable-file", "the folder holds no .rules file"]);
    place.run(&["fmt", "latin.rules"]).refuses(&["bad-utf8"]);
    place.run(&["fmt"]).refuses(&["<PATH>"]);
    place.run(&["fmt", "-", "ugly.rules"]).refuses(&["`-` stands alone"]);
    let ran = place.run(&["fmt", "missing.rules", "ugly.rules"]);
    assert_eq!((ran.status, ran.text()), (2, "ugly.rules\n"));
}

#[cfg(unix)]
#[test]
fn rights_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let place = place();
    let path = place.path("ugly.rules");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink("ugly.rules", place.path("link.rules")).unwrap();
    place.run(&["fmt", "link.rules", "ugly.rules"]).prints(0, "link.rules\n");
    assert_eq!(place.text("ugly.rules"), PRETTY);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(std::fs::symlink_metadata(place.path("link.rules")).unwrap().is_symlink());
}
