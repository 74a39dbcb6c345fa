//! `who`: everyone who may, sorted, with the rule that allows it.

use super::Place;
use crate::prose::root;

/// Asks on the small portal in one format.
fn answers(words: &[&str], format: &str, status: i32, expected: &str) {
    Place::with_portal().on_portal(&[&["who", "--format", format], words].concat()).prints(status, expected);
}

/// Runs on the portal of the examples.
pub fn on_acme(words: &[&str]) -> super::Ran {
    let acme = root().join("examples/acme");
    let (data, rules) = (acme.join("data").display().to_string(), acme.join("rules").display().to_string());
    Place::new().run(&[words, &["--data", &data, "--rules", &rules]].concat())
}

#[test]
fn each_row_is_a_user_and_the_rule_that_allows_it() {
    answers(&["history.view", "c1"], "text", 0, "user   rule\nanna   chat-level-own\n");
    answers(&["app.use", "board"], "text", 0, "user   rule\nanna   app-of-everyone\nboris  app-of-everyone\n");
    answers(&["history.view", "chat:c1"], "csv", 0, "user,name,rule\nanna,,chat-level-own\n");
    answers(
        &["app.use", "board"],
        "json",
        0,
        "[{\"user\":\"anna\",\"rule\":\"app-of-everyone\"},\n {\"user\":\"boris\",\"rule\":\"app-of-everyone\"}]\n",
    );
}

#[test]
fn names_stand_beside_ids_where_they_are_known() {
    let names = r#"{"display_name": [["user:anna", "Anna Kovacs"], ["user:anna", "Zoe"], ["role:anna", "A role"]]}"#;
    let place = Place::with_portal().file("names.json", names);
    let ran = |format| place.on_portal(&["who", "app.use", "board", "--data", "names.json", "--format", format]);
    ran("text").prints(
        0,
        "user   name         rule\n\
         anna   Anna Kovacs  app-of-everyone\n\
         boris               app-of-everyone\n",
    );
    ran("csv").prints(0, "user,name,rule\nanna,Anna Kovacs,app-of-everyone\nboris,,app-of-everyone\n");
}

#[test]
fn without_an_answer_the_status_is_one_and_unknown_names_are_told() {
    answers(&["history.view", "7"], "csv", 0, "user,name,rule\nanna,,chat-level-own\n");
    answers(&["access.edit", "portal"], "text", 1, "no answers\n");
    answers(&["access.edit", "any word"], "csv", 1, "user,name,rule\n");
    answers(&["access.edit", "portal"], "json", 1, "[]\n");
    let ran = |words: &[&str]| Place::with_portal().on_portal(&[&["who"], words].concat());
    let note = "note: no fact names the chat `c3`; did you mean `c1` or `c2`?\n";
    ran(&["history.view", "c3"]).ends(1, "no answers\n", note);
    ran(&["history.view", "chat:c3"]).ends(1, "no answers\n", note);
    ran(&["call.make", "555"]).ends(
        1,
        "no answers\n",
        "note: no fact names the number `555`; such ids look like `+7 900`\n",
    );
    Place::new().run(&["who", "history.view", "c1"]).ends(
        1,
        "no answers\n",
        "note: no data was given; `--data PATH` names it\n",
    );
}

/// A number needs no fact, so one that no fact names may be called by whoever may call any.
#[test]
fn a_thing_that_no_fact_names_is_asked_about_all_the_same() {
    let place = Place::with_portal().file("more.json", r#"{"assigned_to_user": [["tel_manager", "boris"]]}"#);
    let ran = place.on_portal(&["who", "call.make", "555", "--data", "more.json"]);
    ran.prints(0, "user   rule\nboris  number-level-any\n");
}

#[test]
fn everyone_means_all_with_a_user_fact() {
    // root has none.
    answers(&["app.install", "board"], "text", 1, "no answers\n");
    let place = Place::with_portal().file("user.csv", "user\nroot\n");
    place
        .on_portal(&["who", "app.install", "board", "--data", "user.csv"])
        .prints(0, "user   rule\nroot   app-install\n");
}

#[test]
fn administrators_can_be_skipped() {
    let place = Place::with_portal().file("user.csv", "user\nroot\n");
    let who = |words: &[&str]| place.on_portal(&[&["who"], words, &["--data", "user.csv"]].concat());
    who(&["app.install", "board", "--skip-administrators"]).prints(1, "no answers\n");
    who(&["app.use", "board", "--skip-administrators", "--format", "csv"])
        .prints(0, "user,name,rule\nanna,,app-of-everyone\nboris,,app-of-everyone\n");
    let policy = "entity user; entity box; action box.open on box; input user(user: user);\n\
                  decision allow(user: user, action: action, resource: resource);\n\
                  decision administrator(user: user); administrator(_); allow(_, box.open, _);\n";
    let place = Place::new().file("box.rules", policy).file("user.csv", "user\nanna\n");
    let words = ["who", "box.open", "b", "--policy", "box.rules", "--data", "user.csv"];
    place.run(&words).prints(0, "user  rule\nanna  box.rules:3\n");
    place.run(&[&words[..], &["--skip-administrators"]].concat()).refuses(&["`administrator(user)`"]);
}

/// Who asks is called by the policy's own word, and is everyone whom the facts mention where none has a fact alone.
#[test]
fn a_policy_of_other_names_is_asked_in_its_own_words() {
    let policy = "entity member; entity book; action lend on book; input borrowed(book: book, reader: member);\n\
                  input trusts(member: member, other: resource);\n\
                  decision allow(member: member, action: action, book: book);\n\
                  @id(\"again\") allow(M, lend, B) if borrowed(B, M);\n@id(\"trusted\") allow(M, lend, _) if trusts(_, M);\n";
    let data =
        r#"{"borrowed": [["b1", "zoe"], ["b2", "adam"]], "trusts": [["zoe", "member:mia"], ["zoe", "book:b1"]]}"#;
    let place = Place::new().file("library.rules", policy).file("data.json", data);
    let run = |words: &[&str]| place.run(&[words, &["--policy", "library.rules", "--data", "data.json"]].concat());
    run(&["who", "lend", "b1"]).prints(0, "member  rule\nmia     trusted\nzoe     again\n");
    run(&["what", "mia"]).prints(0, "action  resource  rule\nlend    book:b1   trusted\nlend    book:b2   trusted\n");
    run(&["levels"]).refuses(&["effective_level"]);
}

#[test]
fn a_question_that_makes_no_sense_is_refused() {
    let ran = |words: &[&str]| Place::with_portal().on_portal(&[&["who"], words].concat());
    ran(&["history.veiw", "c1"]).ends(2, "", "error: unknown action `history.veiw`; did you mean `history.view`?\n");
    ran(&["history.view", ""]).refuses(&["the id of the resource is empty"]);
    ran(&["history.view"]).refuses(&["RESOURCE"]);
    let place = Place::new().file("none.rules", "entity user;\n");
    place.run(&["who", "x", "y", "--policy", "none.rules"]).refuses(&["error[missing-allow]"]);
}

#[test]
fn an_action_on_anything_wants_the_type_of_the_thing() {
    let place = Place::with_portal().file(
        "pin.rules",
        "action pin on resource;\n@id(\"pin\") allow(U, pin, C) if channel_queue(C, U);\n\
         @id(\"pin-chat\") allow(U, pin, C) if chat_agent(C, U);\n",
    );
    let ran = |words: &[&str]| place.on_portal(&[words, &["--rules", "pin.rules", "--format", "csv"]].concat());
    ran(&["who", "pin", "channel:line"]).prints(0, "user,name,rule\nanna,,pin\n");
    ran(&["who", "pin", "line"]).refuses(&["write its type too"]);
    ran(&["what", "anna", "pin"])
        .prints(0, "action,resource,name,rule\npin,channel:line,,pin\npin,chat:7,,pin-chat\npin,chat:c1,,pin-chat\n");
}

#[test]
fn acme_is_answered_as_worked_out_by_hand() {
    on_acme(&["who", "crm.read", "deal-4"]).prints(
        0,
        "user     name               rule\n\
         dmitri   Dmitri Orlov       crm-level-own\n\
         edward   Edward Pike        crm-administrator\n\
         elena    Elena Rossi        vacation-crm\n\
         farid    Farid Nazari       crm-administrator\n\
         helena   Helena Brandt      crm-level-any\n\
         ivan     Ivan Kozlov        crm-access\n\
         marta    Marta Nowak        crm-level-superior\n\
         viktor   Viktor Sokolov     crm-level-any\n",
    );
}

#[test]
fn every_number_of_threads_gives_the_same_bytes() {
    for format in ["text", "json", "csv"] {
        for words in [&["who", "history.view", "c17"][..], &["what", "marta"], &["levels"]] {
            let run = |jobs| on_acme(&[words, &["--format", format, "--jobs", jobs]].concat());
            let first = run("1");
            assert_eq!((first.status, first.err.as_str()), (0, ""));
            for jobs in ["2", "5"] {
                assert!(run(jobs).out == first.out, "{words:?} {format} {jobs}");
            }
        }
    }
}

#[test]
fn who_reads_no_further_ends_the_run() {
    for words in [&["levels"][..], &["what", "farid"], &["what", "farid", "--format", "json"]] {
        let acme = root().join("examples/acme");
        let (data, rules) = (acme.join("data").display().to_string(), acme.join("rules").display().to_string());
        let place = Place::new();
        let mut command = place.command(&[words, &["--data", &data, "--rules", &rules]].concat());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(super::wait(&mut child), Some(0), "{words:?}");
        let mut err = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut err).unwrap();
        assert_eq!(err, "");
    }
}

#[test]
fn hidden_characters_are_visible_in_text_and_whole_elsewhere() {
    let data = r#"{"user": ["a\u001b[31mb", "c\u202ed", "e\nf"], "app": ["x\u0007y"],
        "display_name": [["user:e\nf", "g\u202eh"]]}"#;
    let place = Place::new().file("data.json", data);
    let ran = |words: &[&str]| place.run(&[words, &["--data", "data.json"]].concat());
    ran(&["who", "app.use", "x\u{7}y"]).prints(
        0,
        "user          name        rule\n\
         a\\u{1b}[31mb              app-of-everyone\n\
         c\\u{202e}d                app-of-everyone\n\
         e\\nf          g\\u{202e}h  app-of-everyone\n",
    );
    ran(&["who", "app.use", "x\u{7}y", "--format", "json"]).prints(
        0,
        "[{\"user\":\"a\\u001b[31mb\",\"rule\":\"app-of-everyone\"},\n \
         {\"user\":\"c\\u202ed\",\"rule\":\"app-of-everyone\"},\n \
         {\"user\":\"e\\nf\",\"name\":\"g\\u202eh\",\"rule\":\"app-of-everyone\"}]\n",
    );
    ran(&["what", "e\nf"]).prints(
        0,
        "action               resource           name        rule\n\
         app.use              app:x\\u{7}y                    app-of-everyone\n",
    );
    assert!(ran(&["levels", "c\u{202e}d"]).text().starts_with("c\\u{202e}d\n  access.edit "));
}
