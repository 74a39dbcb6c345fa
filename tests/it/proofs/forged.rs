//! What `verify` says of a forged proof: each fault in its words.

use serde_json::{Value, json};

use super::read;
use crate::evaluation::{Compiled, program};
use crate::proofs::text;

const RULES: &str = r#"
entity user;
entity page;
enum level { low < high };
action read on page;
input member(user: user);
input blocked(user: user);
input trusted(user: user);
input score(user: user, points: int);
input rank(user: user, level: level);
relation best(user: user, points: int);
decision suspect(user: user);
decision allow(user: user, action: action, page: page);
decision deny(user: user, action: action, page: page);

best(User, max(Points)) if score(User, Points);
@id("suspect")
suspect(User) if rank(User, low), not trusted(User);
@id("first")
allow(User, read, _) if rank(User, high), best(User, Points), Points > 100;
/// {User} has {Points} points.
@id("by-points")
allow(User, read, Page) if member(User), best(User, Points), Points > 3, Page = page:"home";
@id("by-membership")
allow(User, read, _) if member(User), not blocked(User);
@id("suspects")
deny(User, read, _) if suspect(User);
"#;

const DATA: &str = r#"{"member": ["anna", "boris"], "blocked": ["vera"], "trusted": ["anna"],
"score": [["anna", 3], ["anna", 7], ["anna", 5], ["boris", 1]], "rank": [["anna", "low"]]}"#;

/// A proof of an answer, as JSON.
fn proof(compiled: &Compiled, user: &str, page: &str) -> Value {
    let program = &compiled.program;
    let mut database = compiled.database(DATA);
    let thing = |entity: &str| rolecall::data::Tag::thing(program.entity_named(entity).unwrap());
    let user = database.symbols.intern(thing("user"), user);
    let page = database.symbols.intern(thing("page"), page);
    let question = (user, program.action_named("read").unwrap(), page);
    let (database, proofs) = super::proofs(program, database, &[question]);
    let proof = proofs[0].as_ref().unwrap();
    serde_json::from_str(&text(proof, program, &database, &compiled.sources())).unwrap()
}

/// What is wrong with a text.
fn wrong(compiled: &Compiled, text: &Value) -> Vec<String> {
    let mut database = compiled.database(DATA);
    read(&text.to_string(), &compiled.program, &mut database, &compiled.sources()).err().unwrap_or_default()
}

#[test]
fn each_fault_is_told() {
    let compiled = program(RULES);
    let whole = proof(&compiled, "anna", "home");
    assert_eq!(wrong(&compiled, &whole), [""; 0], "{whole:#}");
    let cases: &[(&str, Value, &str)] = &[
        ("/decision", json!(false), "the decision differs: it is false, and should be true"),
        ("/rule", json!("by-luck"), "what decides differs: it is \"by-luck\", and should be \"by-points\""),
        ("/request/subject/id", json!("boris"), "the answer does not rest on the absence of deny(boris, read, home)"),
        ("/request/subject/type", json!("person"), "the subject is of a type that the rules do not have: `person`"),
        (
            "/request/resource/type",
            json!("user"),
            "the subject or the resource is not of the type that the action takes",
        ),
        ("/request/action/name", json!("write"), "the rules have no action `write`"),
        ("/absences", json!([]), "the answer does not rest on the absence of deny(anna, read, home)"),
        (
            "/step",
            json!(1),
            "step 1: the answer rests on it, but it concludes member(anna) and not allow(anna, read, home)",
        ),
        ("/steps/0/step", json!(9), "step 1: it is numbered 9"),
        ("/steps/0/relation", json!("members"), "step 1: the rules have no relation `members`"),
        ("/steps/0/arguments", json!(["anna", 1]), "step 1: `member` has 1 places, not 2"),
        ("/steps/0/arguments/0", json!("vera"), "step 1: no fact says member(vera)"),
        ("/steps/0/arguments/0", json!(5), "step 1: 5 stands where a user belongs"),
        (
            "/steps/0/fact/path",
            json!("member[1]"),
            "step 1: the fact is not at data.json member[1], but at data.json member[0]",
        ),
        (
            "/steps/4/fold/function",
            json!("min"),
            "step 5: the function of the fold differs: it is \"min\", and should be \"max\"",
        ),
        ("/steps/4/arguments/1", json!(9), "step 5: the contributions do not come to best(anna, 9)"),
        ("/steps/5/rule/id", json!("by-grace"), "step 6: no rule has the id by-grace"),
        ("/steps/5/rule/id", json!("by-membership"), "step 6: the rule by-membership has no variable `Page`"),
        (
            "/steps/5/rule/text",
            json!("allow(_, _, _);"),
            "step 6: the text of the rule by-points differs: it is \"allow(_, _, _);\"",
        ),
        ("/steps/5/rule/sentence", json!("anna is rich."), "step 6: the sentence differs: it is \"anna is rich.\""),
        (
            "/steps/5/rule/bindings/Points",
            json!(2),
            "step 6: the comparison in literal 3 of the rule by-points is false",
        ),
        (
            "/steps/5/rule/bindings/User",
            json!("boris"),
            "step 6: the rule by-points does not give allow(anna, read, home) with these bindings",
        ),
        ("/steps/5/rule/premises/0/step", json!(6), "step 6: it uses step 6, which is not before it"),
        ("/steps/5/rule/premises/0/step", json!(0), "step 6: it uses a step that is not there"),
        (
            "/steps/5/rule/premises/0/step",
            json!(2),
            "step 6: literal 1 of the rule by-points is member(anna), but step 2 concludes score(anna, 7)",
        ),
        ("/steps/5/rule/premises/0/literal", json!("user(User)"), "step 6: the text of a literal differs"),
        (
            "/steps/5/rule/premises/2/compared/0",
            json!(9),
            "step 6: what is compared differs: it is [9,3], and should be [7,3]",
        ),
        (
            "/steps/5/rule/premises/3",
            json!({"literal": "", "step": 1}),
            "step 6: the reason for `` is not one for such a literal",
        ),
        ("/steps/5/rule/premises", json!([]), "step 6: the rule by-points has 4 literals, not 0"),
    ];
    for (path, value, fault) in cases {
        let mut forged = whole.clone();
        *forged.pointer_mut(path).unwrap_or_else(|| panic!("{path}: {whole:#}")) = value.clone();
        let found = wrong(&compiled, &forged);
        assert!(found.iter().any(|found| found.starts_with(fault)), "{path} {value}: {found:#?}");
    }
}

#[test]
fn a_later_rule_does_not_decide() {
    let compiled = program(RULES);
    let (mut forged, other) = (proof(&compiled, "anna", "home"), proof(&compiled, "anna", "other"));
    assert_eq!(wrong(&compiled, &other), [""; 0]);
    let mut steps = other["steps"].clone();
    let allow = steps.as_array().unwrap().iter().position(|step| step["relation"] == "allow").unwrap();
    steps[allow]["arguments"][2] = json!("home");
    forged["steps"] = steps;
    forged["step"] = json!(allow + 1);
    forged["absences"][0]["supports"] = json!(other["absences"][0]["supports"]);
    forged["rule"] = json!("by-membership");
    let found = wrong(&compiled, &forged);
    assert_eq!(found, [format!("step {}: the request is decided by the rule by-points, which comes first", allow + 1)]);
}

#[test]
fn what_an_absence_rests_on_can_not_be_left_out() {
    let rules = RULES.replace("member(User), not blocked(User)", "rank(User, low), not suspect(User)");
    let rules = rules.replace("best(User, Points), ", "score(User, Points), ");
    let rules = rules.replace("best(User, max(Points)) if score(User, Points);", "best(\"nobody\", 0);");
    let compiled = program(&rules);
    let mut forged = proof(&compiled, "anna", "other");
    assert_eq!(wrong(&compiled, &forged), [""; 0], "{forged:#}");
    let steps = forged["steps"].as_array_mut().unwrap();
    let relations: Vec<&Value> = steps.iter().map(|step| &step["relation"]).collect();
    assert_eq!(relations, ["rank", "trusted", "allow"]);
    steps.remove(1);
    steps[1]["step"] = json!(2);
    steps[1]["rule"]["premises"][1]["absent"]["supports"] = json!([]);
    forged["step"] = json!(2);
    forged["absences"][0]["supports"] = json!([]);
    let left_out = "the facts of the proof do not give the answer by themselves: one that it rests on is left out";
    assert_eq!(wrong(&compiled, &forged), [left_out]);
}
