//! Rule files of administrators on random portals: engines agree when built-in components get more rules, become
//! recursive or merge; answers are those of the obvious evaluator; where the rules amount to more facts, also those
//! of the portal oracle with these facts; and an answer changes only where the added rules reach.

use rolecall::compiler::program::{Field, Program, RelationId, Type};
use rolecall::engine::Engine;

use crate::evaluation::{Compiled, policy_with};
use crate::naive::{Datum, Naive, Row};
use crate::portal::model::{Portal, Term};
use crate::portal::random::{Rng, random_portal, random_requests};
use crate::portals::{Answers, Asked, check_engines, differing, oracle_answers, single_id};

/// Rules that are added, and what is known of them.
struct Addition {
    rules: &'static str,
    /// The input that they declare, of two ids, and from which ids of the portal its facts are drawn.
    input: &'static str,
    drawn: [fn(&Portal) -> Vec<String>; 2],
    /// Adds the facts that a fact of the input amounts to, given the portal as it was.
    meaning: Option<fn(&mut Portal, &Portal, &str, &str)>,
    /// The actions that may be allowed where they were not, and the other way round.
    opens: &'static [&'static str],
    closes: &'static [&'static str],
}

const ADDITIONS: &[Addition] = &[
    // Reading the history is what rating a chat also requires.
    Addition {
        rules: r#"input supervises(user: user, chat: chat);
            allow(U, history.view, C) if chat(C, _), supervises(U, C);"#,
        input: "supervises",
        drawn: [users, chats],
        meaning: None,
        opens: &["history.view", "chat.rate"],
        closes: &[],
    },
    // Whoever may not read an item finds the chats closed that only CRM opened.
    Addition {
        rules: r#"input barred(user: user, crm_item: crm_item); relation shielded(crm_item: crm_item);
            shielded(I) if barred(_, I), not crm_open(I);
            deny(U, crm.read, I) if barred(U, I);
            deny(U, crm.read, I) if shielded(I), crm_item(I, "lead"), not administrator(U);"#,
        input: "barred",
        drawn: [users, items],
        meaning: None,
        opens: &[],
        closes: &["crm.read", "history.view", "chat.join", "chat.rate", "recording.reach", "app_tab.open"],
    },
    Addition {
        rules: r#"input shift(user: user, department: department);
            works_in(U, D) if shift(U, D);"#,
        input: "shift",
        drawn: [users, departments],
        meaning: Some(|meant, _, user, department| meant.works_in.push((user.to_owned(), department.to_owned()))),
        opens: EVERYTHING,
        closes: EVERYTHING,
    },
    Addition {
        rules: r#"input moved(department: department, above: department);
            department_parent(D, A) if moved(D, A);"#,
        input: "moved",
        drawn: [departments, departments],
        meaning: Some(|meant, _, below, above| meant.department_parent.push((below.to_owned(), above.to_owned()))),
        opens: EVERYTHING,
        closes: EVERYTHING,
    },
    Addition {
        rules: r#"input deputy(user: user, of: user);
            holds_role(U, R) if deputy(U, V), assigned_to_user(R, V);"#,
        input: "deputy",
        drawn: [users, users],
        // What a deputy holds is not assigned to them, so that deputies of deputies get nothing.
        meaning: Some(|meant, portal, deputy, user| {
            let roles = portal.assigned_to_user.iter().filter(|(_, of)| of == user);
            meant.assigned_to_user.extend(roles.map(|(role, _)| (role.clone(), deputy.to_owned())));
        }),
        opens: EVERYTHING,
        closes: EVERYTHING,
    },
    Addition {
        rules: r#"input chief(user: user, since: text); administrator(U) if chief(U, _);"#,
        input: "chief",
        drawn: [users, users],
        meaning: Some(|meant, _, user, _| meant.administrator.push((user.to_owned(),))),
        opens: EVERYTHING,
        closes: &[],
    },
    // An entity, an enum, an action and an ordered choice of the administrator's own.
    Addition {
        rules: r#"entity region; enum zone { near < far }; action region.visit on region;
            input region_of(department: department, region: region);
            relation zones(region: region, zone: zone); relation farthest(region: region, zone: zone);
            relation offices(region: region, offices: int);
            zones(R, near) if region_of(_, R); zones(R, far) if region_of(D, R), department_parent(D, _);
            farthest(R, max(Z)) if zones(R, Z); offices(R, count(D)) if region_of(D, R);
            allow(U, region.visit, R) if works_in(U, D), region_of(D, R), farthest(R, Z), Z < far;
            allow(U, app.install, A) if
                app(A), works_in(U, D), region_of(D, R), offices(R, N), N > 1, permitted(U, app.use, A);"#,
        input: "region_of",
        drawn: [departments, departments],
        meaning: None,
        opens: &["app.install"],
        closes: &[],
    },
    // Who belongs where now depends on who holds which role: five relations become one component.
    Addition {
        rules: r#"input home_of(role: role, department: department);
            works_in(U, D) if holds_role(U, R), home_of(R, D);"#,
        input: "home_of",
        drawn: [roles, departments],
        meaning: None,
        opens: EVERYTHING,
        closes: EVERYTHING,
    },
    // More facts of what the policy says itself, and a rule of it again.
    Addition {
        rules: r#"input trusted(user: user, of: user);
            within("head office", "holding"); within(D, "holding") if within(D, "head office");
            belongs_to(U, D) if works_in(U, D); belongs_to(U, D) if trusted(U, V), department_head(D, V);
            level_action(app.install, telephony); role_permission("tel_manager", call.make, any);"#,
        input: "trusted",
        drawn: [users, users],
        meaning: None,
        opens: EVERYTHING,
        closes: EVERYTHING,
    },
];

/// Where an addition may change any answer.
const EVERYTHING: &[&str] = &["*"];

const PORTALS: u64 = 80;
const REQUESTS_PER_PORTAL: usize = 120;

/// Portals that the obvious evaluator, which is slow, is asked about as well.
const NAIVE_PORTALS: u64 = 6;

/// How many answers each addition changes at least.
const CHANGES: usize = 10;

#[test]
fn added_rules_mean_what_they_say_for_every_engine() {
    let policy = policy_with::<&str>(&[]);
    for addition in ADDITIONS {
        let extended = policy_with(&[addition.rules]);
        let mut changes = 0;
        for seed in 0..PORTALS {
            let portal = random_portal(seed);
            let requests = random_requests(&portal, seed, REQUESTS_PER_PORTAL);
            let pairs = pairs(addition, &portal, &mut Rng::new(seed ^ 0xadd));
            let name = format!("`{}` on portal {seed}", addition.input);
            changes += check(addition, &policy, &extended, &portal, &pairs, &requests, &name);
            if seed < NAIVE_PORTALS {
                check_naive(addition, &extended, &portal, &pairs, &requests, &name);
            }
        }
        println!("`{}` changes {changes} answers", addition.input);
        assert!(changes >= CHANGES, "`{}` changes only {changes} answers", addition.input);
    }
}

/// Compares the engines, and the answers with those of the oracle and of the policy alone; how many are new.
fn check(
    addition: &Addition,
    policy: &Compiled,
    extended: &Compiled,
    portal: &Portal,
    pairs: &[(String, String)],
    requests: &[Asked],
    name: &str,
) -> usize {
    let (json, more) = (portal.to_json(), json(addition.input, pairs));
    let answers = Answers::of(check_engines(extended, &[&json, &more], name)).to(requests);
    if let Some(meaning) = addition.meaning {
        let mut meant = portal.clone();
        pairs.iter().for_each(|(first, second)| meaning(&mut meant, portal, first, second));
        let expected = oracle_answers(&meant, requests);
        assert_eq!(differing(requests, &answers, &expected), [], "{name}: engine and oracle\n{json}\n{more}");
    }
    let before = Answers::of(policy.model(&json, Engine::Auto)).to(requests);
    let changes = differing(requests, &before, &answers);
    for ((user, action, id), _, allowed) in &changes {
        let reached = if *allowed { addition.opens } else { addition.closes };
        assert!(reached == EVERYTHING || reached.contains(action), "{name}: {user} {action} {id} is now {allowed}");
    }
    changes.len()
}

/// Compares the answers, and all derived relations, with the obvious evaluator.
fn check_naive(
    addition: &Addition,
    extended: &Compiled,
    portal: &Portal,
    pairs: &[(String, String)],
    requests: &[Asked],
    name: &str,
) {
    let program = &extended.program;
    let input = program.relation_named(addition.input).expect("the addition declares it");
    let pair = |(first, second): &(String, String)| (input, row(program, input, [first, second].map(|id| id.as_str())));
    let naive = Naive::evaluate(program, facts(program, portal).into_iter().chain(pairs.iter().map(pair)));
    let more = json(addition.input, pairs);
    let database = extended.database_of(&[&portal.to_json(), &more]);
    let model = crate::evaluation::model(program, database, Engine::Auto);
    let difference = crate::evaluation::difference(&crate::evaluation::shown(&model), &naive.shown());
    assert_eq!(difference, None, "{name}: engine and obvious evaluator");
    let answers = Answers::of(model).to(requests);
    let permitted = program.relation_named("permitted").expect("the policy declares it");
    let holds = |(user, action, id): &Asked| {
        let action = program.action_named(action).expect("an action of the policy");
        let entity = program.actions[action.index()].on.expect("built-in actions are done to one entity");
        let subject = Datum::Thing(program.entity_named("user").expect("an entity"), user.as_str().into());
        let resource = Datum::Thing(entity, single_id(program, entity, id).into());
        naive.holds(permitted, &[subject, Datum::Action(action), resource])
    };
    let expected: Vec<bool> = requests.iter().map(holds).collect();
    assert_eq!(differing(requests, &answers, &expected), [], "{name}: engine and obvious evaluator\n{more}");
}

/// The facts of a portal for the obvious evaluator.
fn facts(program: &Program, portal: &Portal) -> Vec<(RelationId, Row)> {
    let fact = |fact: crate::portal::model::Fact| {
        let relation = program.relation_named(fact.relation).expect("an input of the policy");
        let fields = &program.relation(relation).fields;
        let datum = |((_, term), field): (&(&str, Term), &Field)| match term {
            Term::Text(text) => datum(program, field.ty, text),
            Term::Name(name) => datum(program, field.ty, name),
            Term::Thing(entity, id) => {
                Datum::Thing(program.entity_named(entity).expect("an entity"), id.as_str().into())
            }
        };
        (relation, fact.fields.iter().zip(fields).map(datum).collect())
    };
    portal.facts().into_iter().map(fact).collect()
}

fn row<const WIDTH: usize>(program: &Program, relation: RelationId, texts: [&str; WIDTH]) -> Row {
    let fields = &program.relation(relation).fields;
    texts.iter().zip(fields).map(|(text, field)| datum(program, field.ty, text)).collect()
}

fn datum(program: &Program, ty: Type, text: &str) -> Datum {
    match ty {
        Type::Text => Datum::Text(text.into()),
        Type::Entity(entity) => Datum::Thing(entity, text.into()),
        Type::Action => Datum::Action(program.action_named(text).expect("an action")),
        Type::Enum(of) => {
            let place = program.enums[of.index()].members.iter().position(|member| member == text);
            Datum::Member(of, place.expect("a member") as u32)
        }
        Type::Int | Type::Resource => panic!("no input of the policy has `{text}` in such a place"),
    }
}

/// Two to five facts for the input of an addition.
fn pairs(addition: &Addition, portal: &Portal, rng: &mut Rng) -> Vec<(String, String)> {
    let [first, second] = addition.drawn.map(|drawn| drawn(portal));
    if first.is_empty() || second.is_empty() {
        return Vec::new();
    }
    (0..rng.between(2, 5)).map(|_| (rng.one(&first), rng.one(&second))).collect()
}

fn json(input: &str, pairs: &[(String, String)]) -> String {
    let quoted = crate::portal::text::quoted;
    let rows = pairs.iter().map(|(first, second)| format!("[{}, {}]", quoted(first), quoted(second)));
    format!("{{\"{input}\": [{}]}}", rows.collect::<Vec<_>>().join(", "))
}

fn users(portal: &Portal) -> Vec<String> {
    portal.user.iter().map(|(user,)| user.clone()).collect()
}

fn chats(portal: &Portal) -> Vec<String> {
    portal.chat.iter().map(|(chat, _)| chat.clone()).collect()
}

fn items(portal: &Portal) -> Vec<String> {
    portal.crm_item.iter().map(|(item, _)| item.clone()).collect()
}

fn departments(portal: &Portal) -> Vec<String> {
    portal.department.iter().map(|(department,)| department.clone()).collect()
}

fn roles(portal: &Portal) -> Vec<String> {
    portal.role_permission.iter().map(|(role, ..)| role.clone()).collect()
}
