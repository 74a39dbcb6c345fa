//! Each kind of cause, by hand: what is told of a change.

use rolecall::explain::changes::{Change, Kinds, Scope, Varied, text};

use super::{Side, changes, changes_of, set};

/// A chat of anna's, which a role lets its agents read, and a deal of hers.
const PORTAL: &str = r#""user": ["anna", "vera"], "channel": ["line"], "chat": [["c1", "line"], ["c2", "line"]],
    "role": [["reader", "open_channels"], ["seller", "crm"], ["closed", "crm"]],
    "role_permission": [["reader", "history.view", "own"]], "chat_agent": [["c1", "anna"], ["c2", "vera"]],
    "crm_item": [["d1", "deal"]], "crm_stage": [["d1", "WON"]], "crm_responsible": [["d1", "anna"]],
    "crm_role_permission": [["seller", "deal", "read", "any"]],
    "crm_role_stage_permission": [["closed", "deal", "read", "WON", "denied"]]"#;

/// The portal with more facts, and with rules.
fn side(facts: &str, rules: &str) -> Side {
    let comma = if facts.is_empty() { "" } else { ", " };
    Side::new(rules, format!("{{{PORTAL}{comma}{facts}}}"))
}

fn told(changes: &[Change]) -> String {
    let mut page = text::Page::default();
    changes.iter().for_each(|change| page.add(change));
    page.end();
    page.take()
}

#[test]
fn a_fact_that_comes_gives() {
    let (old, new) = (side("", ""), side(r#""assigned_to_user": [["reader", "anna"]]"#, ""));
    let expected = "\
anna
  gained  level of history.view  denied → own by reader  (by data)
          role-of-user: anna holds reader, which is assigned to them.
          new   assigned_to_user(reader, anna)  data.json assigned_to_user[0]
  gained  history.view  chat:c1  (by data)
          chat-level-own: anna has at least the level own for history.view, and is an agent of c1.
          new   assigned_to_user(reader, anna)  data.json assigned_to_user[0]
";
    assert_eq!(told(&changes(&old, &new, Varied::Data)), expected);
}

#[test]
fn a_fact_that_goes_takes() {
    let (old, new) = (side(r#""assigned_to_user": [["reader", "anna"]]"#, ""), side("", ""));
    let expected = "\
anna
  lost    level of history.view  own by reader → denied  (by data)
          before: role-of-user: anna holds reader, which is assigned to them.
          gone  assigned_to_user(reader, anna)  data.json assigned_to_user[0]
  lost    history.view  chat:c1  (by data)
          before: chat-level-own: anna has at least the level own for history.view, and is an agent of c1.
          gone  assigned_to_user(reader, anna)  data.json assigned_to_user[0]
";
    assert_eq!(told(&changes(&old, &new, Varied::Data)), expected);
}

#[test]
fn what_a_not_denied_is_named_when_it_goes_and_when_it_comes() {
    let reader = r#""assigned_to_user": [["reader", "vera"]]"#;
    let (old, new) = (side(&format!(r#"{reader}, "inactive": ["vera"]"#), ""), side(reader, ""));
    let gained = "\
vera
  gained  history.view  chat:c2  (by data)
          chat-level-own: vera has at least the level own for history.view, and is an agent of c2.
          gone  inactive(vera)  data.json inactive[0]
";
    assert_eq!(told(&changes(&old, &new, Varied::Data)), gained);
    let lost = "\
vera
  lost    history.view  chat:c2  (by data)
          dismissed: vera is dismissed, and to the dismissed everything is denied.
          new   inactive(vera)  data.json inactive[0]
";
    assert_eq!(told(&changes(&new, &old, Varied::Data)), lost);
}

/// A rule that lets everyone read.
const ALL_READ: &str =
    "\n/// {User} is one of us.\n@id(\"all-read\")\nallow(User, history.view, Chat) if user(User), chat(Chat, _);";

#[test]
fn a_rule_that_comes_gives_and_one_that_goes_takes() {
    let (old, new) = (side("", ""), side("", ALL_READ));
    let gained = "\
anna
  gained  history.view  chat:c1, chat:c2  (by rules)
          all-read: anna is one of us.
          new   rule all-read  0.rules:4

vera
  gained  history.view  chat:c1, chat:c2  (by rules)
          all-read: vera is one of us.
          new   rule all-read  0.rules:4
";
    assert_eq!(told(&changes(&old, &new, Varied::Rules)), gained);
    let back = told(&changes(&new, &old, Varied::Rules));
    assert_eq!(
        back,
        gained.replace("gained  ", "lost    ").replace("all-read: ", "before: all-read: ").replace("new  ", "gone ")
    );
}

#[test]
fn a_deny_takes_and_says_so() {
    let reader = r#""assigned_to_user": [["reader", "anna"]]"#;
    let deny = "\n/// {User} is told to leave chats alone.\n@id(\"hands-off\")\ndeny(User, history.view, _) if chat_agent(_, User);";
    let (old, new) = (side(reader, ""), side(reader, deny));
    let expected = "\
anna
  lost    history.view  chat:c1  (by rules)
          hands-off: anna is told to leave chats alone.
          new   rule hands-off  0.rules:4
";
    assert_eq!(told(&changes(&old, &new, Varied::Rules)), expected);
}

#[test]
fn what_needs_both_names_both() {
    let rules = "input trusted(user: user);";
    let uses = format!("{rules}\n@id(\"trust\") allow(User, history.view, Chat) if trusted(User), chat(Chat, _);");
    let (old, new) = (side("", rules), side(r#""trusted": ["vera"]"#, &uses));
    let expected = "\
vera
  gained  history.view  chat:c1, chat:c2  (by data and rules together)
          trust: A rule allows vera to do history.view to chat:c1.
          new   rule trust  0.rules:2
          new   trusted(vera)  data.json trusted[0]
";
    let found = told(&changes(&old, &new, Varied::Both));
    assert_eq!(found, expected);
    // The same where the old rules have no word for the new facts.
    let unaware = side("", "");
    assert_eq!(told(&changes(&unaware, &new, Varied::Both)), expected);
}

#[test]
fn what_either_brings_about_says_so() {
    let reader = r#""assigned_to_user": [["reader", "anna"]]"#;
    let found = changes(&side("", ""), &side(reader, ALL_READ), Varied::Both);
    let causes: Vec<(&str, &str)> = found.iter().map(|change| (change.user.as_str(), change.cause.name())).collect();
    // Her level by the role; her own chat by both, and the other by the rule.
    assert_eq!(causes, [("anna", "data"), ("anna", "either"), ("anna", "rules"), ("vera", "rules"), ("vera", "rules")]);
}

#[test]
fn a_role_that_comes_takes_by_a_stage() {
    let seller = r#"["seller", "anna"]"#;
    let old = side(&format!(r#""assigned_to_user": [{seller}]"#), "");
    let new = side(&format!(r#""assigned_to_user": [{seller}, ["closed", "anna"]]"#), "");
    let expected = "\
anna
  lost    level of deal read WON  any by seller → denied by closed  (by data)
          role-of-user: anna holds closed, which is assigned to them.
          new   assigned_to_user(closed, anna)  data.json assigned_to_user[1]
  lost    crm.read  crm_item:d1  (by data)
          before: crm-level-any: anna has the level any to read d1, which covers every item.
          new   assigned_to_user(closed, anna)  data.json assigned_to_user[1]
";
    assert_eq!(told(&changes(&old, &new, Varied::Data)), expected);
}

#[test]
fn users_and_actions_narrow_what_is_compared_and_requests_name_it() {
    let (old, new) = (side("", ""), side("", ALL_READ));
    let whole = Kinds { decisions: true, levels: true };
    let asked = |scope: &Scope, kinds: Kinds| {
        let found = changes_of(&old, &new, Varied::Rules, scope, kinds);
        let what = found.iter().map(|change| told(std::slice::from_ref(change)));
        what.map(|text| text.lines().take(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    let anna = ["anna   gained  history.view  chat:c1  (by rules)", "anna   gained  history.view  chat:c2  (by rules)"];
    let users = |users, actions| Scope::Everything { users, actions };
    assert_eq!(asked(&users(Some(set(["anna", "nobody"])), None), whole), anna);
    assert_eq!(asked(&users(Some(set(["anna"])), Some(set(["history.view"]))), whole), anna);
    assert_eq!(asked(&users(None, Some(set(["chat.join"]))), whole), [""; 0]);
    assert_eq!(asked(&users(None, None), Kinds { decisions: false, levels: true }), [""; 0]);
    let request =
        |user: &str, chat: &str| (user.to_owned(), "history.view".to_owned(), "chat".to_owned(), chat.to_owned());
    let requests = [request("anna", "c1"), request("stranger", "c1"), request("vera", "c9")];
    assert_eq!(asked(&Scope::Requests(requests.into_iter().collect()), whole), anna[..1]);
}
