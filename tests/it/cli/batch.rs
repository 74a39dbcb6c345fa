//! `batch`: where the answers go, whole or not at all, the same for every number of threads.

use std::fs;
use std::io::{BufRead, BufReader};

use super::{Place, finish, wait};

const GOOD: &str =
    r#"{"subject":{"type":"user","id":"anna"},"action":{"name":"history.view"},"resource":{"type":"chat","id":"c1"}}"#;
const ALLOWED: &str = "{\"decision\":true,\"context\":{\"rule\":\"chat-level-own\"}}\n";

fn place() -> Place {
    Place::with_portal()
        .file("good.jsonl", format!("{GOOD}\n"))
        .file("bad.jsonl", format!("{GOOD}\nnonsense\n{GOOD}\n"))
}

/// The words of `batch` from one file to another.
fn from_to<'a>(requests: &'a str, output: &'a str) -> [&'a str; 7] {
    ["batch", "--data", "portal.json", "--requests", requests, "--output", output]
}

#[test]
fn answers_go_to_a_file() {
    let place = place();
    place.run(&from_to("good.jsonl", "out.jsonl")).prints(0, "");
    assert_eq!(place.text("out.jsonl"), ALLOWED);
    assert_eq!(place.names(), ["bad.jsonl", "good.jsonl", "out.jsonl", "portal.json"]);
}

#[test]
fn answers_take_the_place_of_those_before() {
    let place = place().file("out.jsonl", "old\n".repeat(1000));
    place.run(&from_to("good.jsonl", "out.jsonl")).prints(0, "");
    assert_eq!(place.text("out.jsonl"), ALLOWED);
}

#[test]
fn with_mistakes_the_output_is_complete_and_the_status_says_so() {
    let place = place();
    let ran = place.run(&from_to("bad.jsonl", "out.jsonl"));
    assert_eq!((ran.status, ran.text()), (2, ""));
    assert!(ran.err.starts_with("error: 1 of 3 requests could not be decided; the first, line 2: "), "{}", ran.err);
    let lines = place.text("out.jsonl");
    assert_eq!(lines.lines().count(), 3);
    assert!(lines.starts_with(ALLOWED) && lines.ends_with(ALLOWED), "{lines}");
}

#[test]
fn fail_fast_leaves_no_output() {
    let place = place().file("old.jsonl", "old\n");
    let fast = |output| place.run(&[&from_to("bad.jsonl", output)[..], &["--fail-fast"]].concat());
    let message = "error: line 2: not an evaluation request: expected `true`, `false` or `null` at column 2; stopped, and left no output\n";
    for output in ["out.jsonl", "old.jsonl", "-"] {
        fast(output).ends(2, "", message);
    }
    assert_eq!(place.names(), ["bad.jsonl", "good.jsonl", "old.jsonl", "portal.json"]);
    assert_eq!(place.text("old.jsonl"), "old\n");
    let ran = place.run(&[&from_to("good.jsonl", "-")[..], &["--fail-fast"]].concat());
    ran.prints(0, ALLOWED);
}

#[test]
fn what_can_not_be_loaded_leaves_the_old_answers_alone() {
    let place = place().file("old.jsonl", "old\n").file("bad.json", "{\"user\": [").file("bad.rules", "entity");
    for more in [["--data", "bad.json"], ["--data", "missing.json"], ["--rules", "bad.rules"], ["--max-derived", "1"]] {
        place.run(&[&from_to("good.jsonl", "old.jsonl")[..], &more].concat()).refuses(&[]);
        assert_eq!(place.text("old.jsonl"), "old\n", "{more:?}");
    }
    assert_eq!(place.names(), ["bad.json", "bad.jsonl", "bad.rules", "good.jsonl", "old.jsonl", "portal.json"]);
}

#[test]
fn an_output_that_can_not_be_written_is_told_before_anything_is_done() {
    let place = place().file("folder/x", "");
    let ran = |output| place.run(&from_to("good.jsonl", output));
    ran("missing/out.jsonl").ends(
        2,
        "",
        "error: can't write missing/out.jsonl: No such file or directory (os error 2)\n",
    );
    ran("folder").ends(2, "", "error: can't write folder: Is a directory (os error 21)\n");
    ran("good.jsonl/out").refuses(&["can't write good.jsonl/out: "]);
    ran("").refuses(&["--output"]);
}

#[test]
fn requests_that_can_not_be_read_are_told() {
    let place = place();
    let ran = |requests| place.run(&from_to(requests, "out.jsonl"));
    ran("missing.jsonl").ends(2, "", "error: can't read missing.jsonl: No such file or directory (os error 2)\n");
    ran(".").ends(2, "", "error: can't read .: is a directory\n");
    assert!(!place.path("out.jsonl").exists());
}

#[cfg(unix)]
#[test]
fn a_device_stays_a_device() {
    use std::os::unix::fs::FileTypeExt;
    place().run(&from_to("good.jsonl", "/dev/null")).prints(0, "");
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let place = place().file("real/out.jsonl", "old\n");
    std::os::unix::fs::symlink("real/out.jsonl", place.path("link.jsonl")).unwrap();
    place.run(&from_to("good.jsonl", "link.jsonl")).prints(0, "");
    assert!(fs::symlink_metadata(place.path("link.jsonl")).unwrap().is_symlink());
    assert_eq!(place.text("real/out.jsonl"), ALLOWED);
}

#[cfg(unix)]
#[test]
fn answers_have_the_rights_of_the_file_in_whose_place_they_come() {
    use std::os::unix::fs::PermissionsExt;
    let place = place().file("out.jsonl", "old\n");
    let mode = |name| fs::metadata(place.path(name)).unwrap().permissions().mode() & 0o777;
    fs::set_permissions(place.path("out.jsonl"), fs::Permissions::from_mode(0o600)).unwrap();
    place.run(&from_to("good.jsonl", "out.jsonl")).prints(0, "");
    assert_eq!(mode("out.jsonl"), 0o600);
    place.run(&from_to("good.jsonl", "new.jsonl")).prints(0, "");
    assert_eq!(mode("new.jsonl"), mode("good.jsonl"));
}

/// More requests than one thread takes at a time, with mistakes among them.
fn many(count: usize) -> String {
    let line = |number: usize| match number % 10 {
        3 => format!("{{\"request\":{number}}}\n"),
        7 => "\n".to_owned(),
        _ => {
            let user = ["anna", "boris", "vera", "root"][number % 4];
            let chat = ["c1", "c2", "7"][number % 3];
            GOOD.replace("anna", user).replace("c1", chat).trim_end_matches('}').to_owned()
                + &format!("}},\"context\":{{\"id\":{number}}}}}\n")
        }
    };
    (0..count).map(line).collect()
}

#[test]
fn threads_and_engines_give_the_same_bytes() {
    let place = Place::with_portal().file("many.jsonl", many(20_000));
    let mut first = None;
    for (engine, jobs) in [("auto", "1"), ("auto", "2"), ("auto", "7"), ("compiled", "7"), ("interpreted", "1")] {
        let words = [&from_to("many.jsonl", "out.jsonl")[..], &["--engine", engine, "--jobs", jobs]].concat();
        let ran = place.run(&words);
        assert_eq!(ran.status, 2);
        assert!(ran.err.starts_with("error: 2000 of 18000 requests could not be decided; the first, line 4: "));
        let text = place.text("out.jsonl");
        assert_eq!(text.lines().count(), 18_000);
        assert!(text.contains("{\"decision\":false,\"context\":{\"id\":2,\"rule\":\"dismissed\"}}\n"));
        assert_eq!(*first.get_or_insert_with(|| text.clone()), text, "{engine} {jobs}");
    }
}

/// Line ends and commas in quotes, and doubled quotes, wherever the input is cut for the threads.
#[test]
fn records_of_csv_are_cut_at_their_ends() {
    let records = ["anna,history.view,c1\n", "\"an\nna\",history.view,\"c\"\"1,\n\"\n", "\"anna\",history.view,7\r\n"];
    let text = "subject,action,resource\n".to_owned() + &records.concat().repeat(10_000);
    let place = Place::with_portal().file("many.csv", text);
    let expected =
        [ALLOWED, "{\"decision\":false,\"context\":{\"rule\":\"default\"}}\n", ALLOWED].concat().repeat(10_000);
    for jobs in ["1", "3"] {
        let ran = place.run(&[&from_to("many.csv", "-")[..], &["--jobs", jobs]].concat());
        assert_eq!((ran.status, ran.err.as_str()), (0, ""));
        assert!(ran.text() == expected, "{jobs}");
    }
}

#[test]
fn who_reads_no_further_hears_no_complaint() {
    let place = Place::with_portal().file("many.jsonl", many(20_000));
    let mut child = place.command(&from_to("many.jsonl", "-")).spawn().unwrap();
    let mut line = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("{\"decision\":"), "{line}");
    assert_eq!(wait(&mut child), Some(0));
    let mut err = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut err).unwrap();
    assert_eq!(err, "");
}

#[test]
fn requests_may_come_from_standard_input() {
    let place = place();
    place.run_on(&from_to("-", "-"), GOOD.as_bytes()).prints(0, ALLOWED);
    let ran = finish(place.command(&from_to("-", "out.jsonl")), GOOD.as_bytes());
    ran.prints(0, "");
    assert_eq!(place.text("out.jsonl"), ALLOWED);
}

#[test]
fn a_policy_without_allow_decides_no_requests() {
    let place = place().file("closure.rules", "entity node; input edge(from: node, to: node);");
    let message = ["error[missing-allow]: the policy has no `allow`, so it decides no requests"];
    place.run(&["batch", "--policy", "closure.rules", "--requests", "good.jsonl", "--output", "o"]).refuses(&message);
    place.run(&["decide", "a", "b", "c", "--policy", "closure.rules"]).refuses(&message);
    assert!(!place.path("o").exists());
}

#[test]
fn outputs_of_shards_follow_each_other_to_the_whole() {
    let csv = "subject,action,resource\n".to_owned()
        + &"anna,history.view,c1\n\"boris\",history.view,\"c\"\"\n1\"\nvera,history.view,7\n".repeat(9_000);
    let place = Place::with_portal()
        .file("many.jsonl", many(20_000))
        .file("few.jsonl", format!("{GOOD}\n{GOOD}"))
        .file("none.jsonl", "")
        .file("many.csv", csv);
    for requests in ["many.jsonl", "few.jsonl", "none.jsonl", "many.csv"] {
        let whole = place.run(&from_to(requests, "-")).text().to_owned();
        for of in [1, 2, 3, 7] {
            let part = |number: usize| {
                let shard = format!("{number}/{of}");
                place
                    .run(&[&from_to(requests, "-")[..], &["--shard", &shard, "--jobs", "2"]].concat())
                    .text()
                    .to_owned()
            };
            assert!((1..=of).map(part).collect::<String>() == whole, "{requests} in {of}");
        }
    }
}

/// Six requests in three parts are two each, wherever they stand in the file.
#[test]
fn shards_are_of_one_size_and_count_the_lines_of_the_whole_file() {
    let place = place().file("six.jsonl", format!("{GOOD}\n{GOOD}\n{GOOD}\n{GOOD}\n{GOOD}\nnonsense\n"));
    let part = |shard| place.run(&[&from_to("six.jsonl", "-")[..], &["--shard", shard]].concat());
    part("1/3").prints(0, &ALLOWED.repeat(2));
    part("2/3").prints(0, &ALLOWED.repeat(2));
    let last = part("3/3");
    assert_eq!((last.status, last.text().lines().count()), (2, 2));
    assert!(last.err.starts_with("error: 1 of 2 requests could not be decided; the first, line 6: "), "{}", last.err);
}

#[test]
fn a_shard_that_can_not_be_is_refused() {
    let place = place();
    for shard in ["0/3", "4/3", "3", "a/b", "1/0", "-1/3"] {
        let ran = place.run(&[&from_to("good.jsonl", "-")[..], &[&format!("--shard={shard}")]].concat());
        ran.refuses(&["--shard", "write the number of the part and of all parts, as in `2/8`"]);
    }
    let ran = place.run(&[&from_to("-", "-")[..], &["--shard", "1/2"]].concat());
    ran.refuses(&["a shard has to count the requests first, so it can't read them from standard input"]);
}

#[test]
fn denials_without_data_are_noted() {
    let request =
        r#"{"subject":{"type":"user","id":"u"},"action":{"name":"history.view"},"resource":{"type":"chat","id":"c"}}"#;
    let answer = "{\"decision\":false,\"context\":{\"rule\":\"default\"}}\n";
    let note = "note: no data was given; `--data PATH` names it\n";
    let place = Place::new().file("r.jsonl", request).file("all.rules", "allow(_, history.view, _);\nuser(\"u\");\n");
    let words = ["batch", "--requests", "r.jsonl", "--output", "-"];
    place.run(&words).ends(0, answer, note);
    let ran = place.run(&[&words[..], &["--rules", "all.rules"]].concat());
    assert_eq!((ran.err.as_str(), ran.status), ("", 0));
}

#[test]
fn the_requests_are_not_overwritten_by_their_answers() {
    let place = Place::with_portal().file("r.csv", "subject,action,resource\n");
    let message = "error: `--output` is the file of the requests, which the answers would replace\n";
    place.run(&from_to("r.csv", "r.csv")).ends(2, "", message);
    place.run(&from_to("r.csv", "./r.csv")).ends(2, "", message);
    assert_eq!(place.text("r.csv"), "subject,action,resource\n");
}
