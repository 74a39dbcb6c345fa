//! What is not asked because nothing that differs reaches it does not change: asking everything finds the same.

use rolecall::explain::changes::{Kinds, Scope, Varied};

use super::oracle::Sides;
use super::{Side, compared};
use crate::portal::random::{Rng, random_portal};

/// Rules of every form; each may stand on one side, on both, or on none.
const RULES: &[&str] = &[
    "allow(User, history.view, Chat) if chat_member(Chat, User), not inactive(User);",
    "deny(User, history.view, Chat) if chat_agent(Chat, Agent), inactive(Agent), user(User);",
    "allow(User, _, _) if department_head(_, User), not administrator(User);",
    "deny(_, call.view, Call) if call(Call), not call_agent(Call, _);",
    "administrator(User) if department_head(Dept, User), not department_parent(Dept, _);",
    "relation agents(chat: chat, agents: int);\nagents(Chat, count(User)) if chat_agent(Chat, User);\n\
     deny(_, chat.rate, Chat) if agents(Chat, Agents), Agents > 1;",
    "relation near(user: user, other: user);\nnear(User, Other) if works_in(User, Dept), works_in(Other, Dept);\n\
     near(User, Third) if near(User, Other), assigned_to_employee(Role, Other), assigned_to_employee(Role, Third);\n\
     allow(User, statistics.view, Chat) if chat_agent(Chat, Agent), near(User, Agent), chat(Chat, _);",
    "decision trusted(user: user);\ntrusted(User) if not inactive(User), assigned_to_user(_, User);\n\
     allow(User, channel.view, Channel) if channel(Channel), trusted(User);",
    "allow(User, crm.read, Item) if crm_item(Item, Type), crm_role_permission(Role, Type, read, Level), \
     Level >= department, holds_role(User, Role);",
    "action chat.print on chat;\nallow(User, chat.print, Chat) if permitted(User, history.view, Chat);",
    "allow(User, app.use, App) if app(App), user(User), not permitted(User, channel.view, \"channel1\");",
];

fn chosen(rng: &mut Rng) -> String {
    let mut rules = Vec::new();
    for rule in RULES {
        if rng.chance(50) {
            rules.push(*rule);
        }
    }
    rules.join("\n")
}

const DECISIONS: Kinds = Kinds { decisions: true, levels: false };

/// How many decisions are asked, and how many may change; both ways find the same.
fn both(seed: u64, old: &Side, new: &Side, varied: Varied) -> (u64, u64, usize) {
    let scope = Scope::Everything { users: None, actions: None };
    let (whole, questions) = compared(old, new, varied, &scope, DECISIONS, false);
    let (narrowed, asked) = compared(old, new, varied, &scope, DECISIONS, true);
    assert!(whole == narrowed, "portal {seed}, {varied:?}: {} changes, and {} found", whole.len(), narrowed.len());
    assert!(narrowed.len() as u64 <= asked && asked <= questions);
    (questions, asked, whole.len())
}

#[test]
fn where_facts_differ_nothing_that_changes_is_left_out() {
    let (mut questions, mut asked, mut changed) = (0, 0, 0);
    for seed in 100..120 {
        let varied = if seed % 3 == 0 { Varied::Rules } else { Varied::Data };
        let sides = Sides::random(seed, varied);
        let found = both(seed, &sides.side(0), &sides.side(1), varied);
        (questions, asked, changed) = (questions + found.0, asked + found.1, changed + found.2);
    }
    println!("{asked} of {questions} asked, {changed} changed");
    assert!(changed > 100 && asked * 10 < questions, "{asked} of {questions} asked, {changed} changed");
}

#[test]
fn where_rules_differ_nothing_that_changes_is_left_out() {
    let (mut asked, mut changed) = (0, 0);
    for seed in 200..216 {
        let rng = &mut Rng::new(seed ^ 0x0dd);
        let json = random_portal(seed).to_json();
        let sides = [Side::new(&chosen(rng), json.clone()), Side::new(&chosen(rng), json)];
        let found = both(seed, &sides[0], &sides[1], Varied::Rules);
        (asked, changed) = (asked + found.1, changed + found.2);
    }
    println!("{asked} asked, {changed} changed");
    assert!(changed > 800, "{changed} changed");
}

/// Where a few facts differ, a few decisions are asked, however many there are.
#[test]
fn one_new_agent_asks_about_one_chat() {
    let portal = |agents: &str| {
        format!(
            r#"{{"user": ["a", "b", "c", "d"], "chat": [["c1", "x"], ["c2", "x"], ["c3", "x"]], "channel": ["x"],
            "role": [["r", "open_channels"]], "assigned_to_user": [["r", "a"], ["r", "b"]],
            "role_permission": [["r", "history.view", "own"]], "chat_agent": [{agents}]}}"#
        )
    };
    let (old, new) = (Side::new("", portal(r#"["c1", "a"]"#)), Side::new("", portal(r#"["c1", "a"], ["c2", "b"]"#)));
    let (questions, asked, changed) = both(0, &old, &new, Varied::Data);
    println!("{asked} of {questions}");
    assert!(changed == 1 && asked < 20, "{asked} of {questions} asked, {changed} changed");
}
