//! `verify` as people run it, on the proofs that `why` writes about the portal of the example.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::cli::{Place, Ran, finish};
use crate::portal::random::Rng;
use crate::prose::root;

/// Requests to the portal of the example: allowed, forbidden and permitted by nothing.
pub const ACME_REQUESTS: &[(&str, &str, &str)] = &[
    ("anna", "history.view", "c17"),
    ("vera", "history.view", "c17"),
    ("xenia", "history.view", "c40"),
    ("boris", "chat.join", "c40"),
    ("marta", "app_tab.open", "deal-1"),
    ("erik", "crm.read", "lead-3"),
    ("olga", "channel.configure", "web"),
    ("oscar", "recording.listen", "k16"),
    ("nobody", "crm.read", "nothing"),
];

const ACME: [&str; 4] = ["--data", "examples/acme/data", "--rules", "examples/acme/rules"];

/// The program with the portal of the example.
fn on_acme(words: &[&str], stdin: &[u8]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command.args(words).args(ACME).current_dir(root()).env_remove("NO_COLOR");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    finish(command, stdin)
}

/// A proof of an answer about the portal of the example.
pub fn why(user: &str, action: &str, resource: &str) -> String {
    on_acme(&["why", user, action, resource, "--format", "json"], b"").text().to_owned()
}

#[test]
fn what_why_writes_is_valid() {
    for (user, action, resource) in ACME_REQUESTS {
        let proof = why(user, action, resource);
        let told: Value = serde_json::from_str(&proof).unwrap();
        let may = if told["decision"] == true { "may" } else { "may not" };
        let rule = told["rule"].as_str().unwrap();
        let expected = format!("valid: {user} {may} {action} {resource}: {rule}\n");
        on_acme(&["verify", "-"], proof.as_bytes()).prints(0, &expected);
        on_acme(&["verify", "-", "--format", "json"], proof.as_bytes()).prints(0, "{\"valid\":true,\"faults\":[]}\n");
    }
}

#[test]
fn a_forged_proof_is_refused_with_what_is_wrong() {
    let forged = why("anna", "history.view", "c17").replace("[\"boris\",\"online\"]", "[\"boris\",\"legal\"]");
    let ran = on_acme(&["verify", "-"], forged.as_bytes());
    assert_eq!(ran.status, 1);
    assert!(
        ran.text().starts_with("refused: anna may history.view c17: chat-level-department\n  step "),
        "{}",
        ran.text()
    );
    assert!(ran.text().contains("no fact says works_in(boris, legal)\n"), "{}", ran.text());
    let ran = on_acme(&["verify", "-", "--format", "json"], forged.as_bytes());
    let told: Value = serde_json::from_str(ran.text()).unwrap();
    assert_eq!((ran.status, &told["valid"]), (1, &Value::Bool(false)));
    assert_eq!(told["faults"][0]["message"], "no fact says works_in(boris, legal)");
    assert!(told["faults"][0]["step"].is_u64());
}

#[test]
fn a_proof_of_other_rules_or_data_is_refused() {
    let place = Place::with_portal();
    let proof = place.on_portal(&["why", "anna", "history.view", "c1", "--format", "json"]).text().to_owned();
    let place = place.file("proof.json", &proof);
    place.on_portal(&["verify", "proof.json"]).prints(0, "valid: anna may history.view c1: chat-level-own\n");
    let ran = place.run(&["verify", "proof.json"]);
    assert_eq!(ran.status, 1);
    assert!(ran.text().contains("no fact says chat_agent(c1, anna)"), "{}", ran.text());
    let place =
        place.file("more.rules", "@id(\"no-histories\")\ndeny(_, history.view, _) if setting(uncoupled_channels);\n");
    place
        .on_portal(&["verify", "proof.json", "--rules", "more.rules"])
        .prints(0, "valid: anna may history.view c1: chat-level-own\n");
    let place = place.file("more.rules", "@id(\"no-histories\")\ndeny(_, history.view, _) if user(_);\n");
    let ran = place.on_portal(&["verify", "proof.json", "--rules", "more.rules"]);
    assert_eq!(ran.status, 1);
    assert!(ran.text().contains("deny(anna, history.view, chat:c1) is not absent: it holds"), "{}", ran.text());
    assert!(ran.text().contains("the request is forbidden by the rule no-histories"), "{}", ran.text());
}

#[test]
fn what_is_no_proof_is_told_so() {
    let place = Place::with_portal();
    place.on_portal(&["verify", "missing.json"]).refuses(&["can't read missing.json"]);
    place.run(&["verify"]).refuses(&["PROOF"]);
    let cases: &[(&[u8], &str)] = &[
        (b"", "not a proof: the value is not finished"),
        (b"{", "not a proof: the value is not finished"),
        (b"[]", "not a proof: a list where an object is expected"),
        (b"null", "not a proof: null where an object is expected at line 1 column 4"),
        (b"{\"format\": \"other\", \"version\": 1}", "the format is `other`, not `rolecall-proof`"),
        (b"{\"format\": \"rolecall-proof\", \"version\": 2}", "a proof of version 2; this program reads version 1"),
        (b"{\"format\": \"rolecall-proof\", \"version\": 1}", "not a proof: `request` is missing"),
        (b"\xff", "it is not UTF-8"),
    ];
    for (text, message) in cases {
        let ran = place.run_on(&["verify", "-", "--data", "portal.json"], text);
        ran.refuses(&[message]);
    }
}

#[test]
fn no_text_makes_it_panic() {
    let proof = why("anna", "history.view", "c17").into_bytes();
    let compiled = crate::evaluation::policy_with::<&str>(&[]);
    let database = compiled.database("{}");
    let rng = &mut Rng::new(17);
    let mut read = 0;
    for _ in 0..20_000 {
        let mut mutated = proof.clone();
        for _ in 0..rng.between(1, 4) {
            let at = rng.below(mutated.len());
            match rng.below(3) {
                0 => mutated[at] = *rng.pick(b"0123456789\"{}[],:ax "),
                1 => {
                    mutated.remove(at);
                }
                _ => {
                    let end = (at + rng.below(30)).min(mutated.len());
                    let copy = mutated[at..end].to_vec();
                    mutated.splice(at..at, copy);
                }
            }
        }
        let Ok(text) = String::from_utf8(mutated) else { continue };
        let mut database = database.clone();
        read += usize::from(super::read(&text, &compiled.program, &mut database, &compiled.sources()).is_ok());
    }
    // There is no data, so that nothing is proven.
    assert_eq!(read, 0);
}
