//! The examples: imported, they decide as the same portal does that is written by hand.

use crate::cli::Place;
use crate::prose::root;

const USERS: [&str; 11] = ["1", "2", "3", "4", "5", "6", "7", "8", "10", "11", "12"];

/// The things that every action is tried on, by the entity that it is done to, and some that do not exist.
const THINGS: [(&str, &[&str]); 9] = [
    ("chat", &["101", "102", "103", "104", "105", "106"]),
    ("channel", &["1", "2", "3"]),
    ("call", &["201", "202", "203", "204", "205"]),
    ("user", &["1", "2", "3", "4", "5", "6", "7", "10", "11"]),
    ("number", &["+74951234567", "105", "+74951112233", "+74953334455", "ask Olga", "84952223344", "+4930901820"]),
    ("portal", &["portal"]),
    ("app", &["board"]),
    (
        "crm_item",
        &[
            "lead:15",
            "lead:16",
            "deal:30",
            "deal:31",
            "deal:32",
            "contact:10",
            "company:20",
            "dynamic_128:5",
            "lead:99",
        ],
    ),
    ("crm_type", &["lead", "deal", "deal_c3", "deal_c4", "contact", "company", "dynamic_128"]),
];

/// Every user, action and thing, as a file of requests.
fn requests() -> String {
    let mut sources = rolecall::compiler::source::Sources::default();
    let ids = rolecall::policy::add_to(&mut sources);
    let program = rolecall::compiler::compile(&sources, &ids).0.unwrap();
    let mut text = "subject,action,resource\n".to_owned();
    for action in &program.actions {
        let entity = &program.entities[action.on.unwrap().index()].name;
        let (_, things) = THINGS.iter().find(|(of, _)| of == entity).unwrap();
        for user in USERS {
            for thing in *things {
                text.push_str(&format!("{user},{},{entity}:{thing}\n", action.name));
            }
        }
    }
    text
}

/// The decisions of an example by its export and by hand; how many requests, and how many are allowed.
fn decided(example: &str, words: &[&str], rules: &[&str]) -> (usize, usize) {
    let place = Place::new().file("requests.csv", requests());
    let folder = root().join("examples").join(example);
    let at = |name: &str| folder.join(name).display().to_string();
    let rules: Vec<String> = rules.iter().flat_map(|name| ["--rules".to_owned(), at(name)]).collect();
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    let export = at("export");
    let ran =
        place.run(&[&["import", "bitrix24", &export, "--output", "facts", "--country", "RU"], words, &rules].concat());
    assert_eq!(ran.status, 0, "{}", ran.err);
    let decide = |data: &str| {
        let ran = place.run(
            &[&["batch", "--requests", "requests.csv", "--output", "-", "--data", data], rules.as_slice()].concat(),
        );
        assert_eq!((ran.status, ran.err.as_str()), (0, ""));
        ran.text().to_owned()
    };
    let (imported, by_hand) = (decide("facts"), decide(&at("by-hand.json")));
    for (number, (one, other)) in imported.lines().zip(by_hand.lines()).enumerate() {
        assert_eq!(one, other, "{}", place.text("requests.csv").lines().nth(number + 1).unwrap());
    }
    assert_eq!(imported.lines().count(), by_hand.lines().count());
    (imported.lines().count(), imported.lines().filter(|line| line.contains("\"decision\":true")).count())
}

#[test]
fn the_portal_of_ones_own_decides_as_the_same_facts_by_hand() {
    let (requests, allowed) = decided("bitrix24-box", &["--at", "2026-02-10"], &[]);
    assert!(requests > 1_500 && allowed > 300, "{allowed} of {requests}");
}

#[test]
fn the_portal_in_the_cloud_decides_as_the_same_facts_by_hand() {
    let (requests, allowed) = decided("bitrix24-cloud", &[], &["roles.rules"]);
    assert!(requests > 1_500 && allowed > 150, "{allowed} of {requests}");
}
