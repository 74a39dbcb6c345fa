//! Records become rows many at a time: facts, symbols, origins and mistakes are those of one record after the other.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::facts_properties::{Memory, Random};
use crate::threads::loaded;

/// Loads a file at once and in small steps, in which hardly two records lie in memory together: its facts and reports.
fn same(name: &str, bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let at_once = loaded(&Memory::swift(name, bytes), 1);
    let in_steps = loaded(&Memory::slow(BTreeMap::from([(name.to_owned(), bytes.to_vec())])), 1);
    assert_eq!(at_once, in_steps, "{name}: {}", String::from_utf8_lossy(bytes));
    at_once
}

/// An id as exports have them, and many that only look so.
fn id(random: &mut Random) -> String {
    let prefixes = ["u", "u", "u", "u", "", "юля", "CRM_DEAL_", "longer_prefix_", "a\"\"", "d,", "u0", "7u"];
    let numbers = ["", "0", "00", "007", "99999999", "123456789", "1234567890", "99999999999999999999", "x"];
    let prefix = prefixes[random.below(prefixes.len())];
    match random.below(4) {
        0 => format!("{prefix}{}x", numbers[random.below(numbers.len())]),
        1 => format!("{prefix}{}", numbers[random.below(numbers.len())]).replace("\"\"", "\""),
        _ => format!("{prefix}{}", random.below(3_000)),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Records of two ids, `count` of them, in each format.
fn texts(random: &mut Random, count: usize) -> [(&'static str, String); 4] {
    let mut csv = "user,department\n".to_owned();
    let (mut tsv, mut lines, mut json) = (csv.replace(',', "\t"), String::new(), Vec::new());
    for number in 0..count {
        let [user, department] = [id(random) + "1", id(random) + "2"];
        let plain = !format!("{user}{department}").contains([',', '"']) && number % 50 != 0;
        match plain {
            true => writeln!(csv, "{user},{department}").unwrap(),
            false => write!(csv, "{},{}\r\n", quoted(&user), quoted(&department)).unwrap(),
        }
        writeln!(tsv, "{user}\t{department}").unwrap();
        let [user, department] = [user, department].map(|id| serde_json::to_string(&id).unwrap());
        let object = format!("{{\"user\": {user}, \"department\":{department}}}");
        writeln!(lines, "{object}").unwrap();
        json.push(if number % 50 == 0 { format!("[{user}, {department}]") } else { object });
    }
    let json = format!("{{\"works_in\": [\n{}\n]}}", json.join(", \n"));
    [("works_in.csv", csv), ("works_in.tsv", tsv), ("works_in.jsonl", lines), ("data.json", json)]
}

#[test]
fn records_read_many_at_a_time_give_what_each_gives_alone() {
    let mut random = Random(3);
    for count in [1, 2, 511, 512, 513, 1_500] {
        let mut rows = Vec::new();
        for (name, text) in texts(&mut random, count) {
            let (facts, reports) = same(name, text.as_bytes());
            assert_eq!(reports, [""; 0], "{name}");
            // Lines are counted from 1 behind a header, and places in an array from 0.
            let row = |fact: &String| fact.split(" Record(").next().unwrap_or_default().to_owned();
            rows.push(facts.iter().map(row).collect::<Vec<_>>());
        }
        assert!(rows.windows(2).all(|formats| formats[0] == formats[1]), "{count}: the formats differ");
    }
}

#[test]
fn wherever_a_byte_is_changed_many_records_at_a_time_are_told_as_each_alone() {
    let mut random = Random(5);
    let changes = b"\"\\,\n\r\t{}[]: u9\0\xff\xd1";
    for _ in 0..60 {
        for (name, text) in texts(&mut random, 12) {
            let mut bytes = text.into_bytes();
            for _ in 0..=random.below(2) {
                let at = random.below(bytes.len());
                bytes[at] = changes[random.below(changes.len())];
            }
            same(name, &bytes);
        }
    }
}

#[test]
fn things_of_any_entity_levels_and_single_things_are_read_many_at_a_time() {
    let repeated = |header: &str, record: &dyn Fn(usize) -> String| {
        (0..900).fold(format!("{header}\n"), |text, number| text + &record(number) + "\n")
    };
    let names =
        repeated("name,thing", &|number| format!("Name {},{}:u{}", number % 7, ["user", "chat"][number % 2], number));
    assert_eq!(same("display_name.csv", names.as_bytes()).1, [""; 0]);
    let owners = repeated("portal,user", &|number| format!("portal{number},u{number}"));
    assert_eq!(same("portal_owner.csv", owners.as_bytes()).1, [""; 0]);
    let levels = |level: &str| {
        repeated("role,action,level", &|number| {
            format!("r{number},chat.rate,{}", if number == 700 { level } else { "any" })
        })
    };
    assert_eq!(same("role_permission.csv", levels("department").as_bytes()).1, [""; 0]);
    let (facts, reports) = same("role_permission.csv", levels("own").as_bytes());
    assert!(
        reports.len() == 1 && reports[0].contains("role_permission.csv:702:16: error[illegal-level]"),
        "{reports:?}"
    );
    assert!(facts.iter().any(|fact| fact.ends_with("r899")), "it was not read on");
}
