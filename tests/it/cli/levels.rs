//! `levels`: the matrix of users and actions, with the winning role and how it is held.

use super::Place;
use super::who::on_acme;

const HEADER: &str = "user,name,action,crm_type,operation,stage,level,rule,role,held\n";

fn csv(words: &[&str]) -> String {
    let ran = Place::with_portal().on_portal(&[&["levels", "--format", "csv"], words].concat());
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    ran.text().to_owned()
}

/// Everything that anna of the small portal has, worked out by hand: three roles that are assigned to her.
const ANNA: &str = "\
anna,,access.edit,,,,denied,default,,
anna,,balance.manage,,,,denied,default,,
anna,,call.make,,,,crm_customers,role-level,caller,role-of-user
anna,,call.view,,,,denied,default,,
anna,,canned_response.use,,,,denied,default,,
anna,,channel.connect,,,,denied,default,,
anna,,channel.edit,,,,denied,default,,
anna,,channel.view,,,,denied,default,,
anna,,chat.join,,,,denied,default,,
anna,,chat.rate,,,,denied,default,,
anna,,history.view,,,,own,role-level,reader,role-of-user
anna,,number.manage,,,,denied,default,,
anna,,phone.configure,,,,denied,default,,
anna,,recording.delete,,,,denied,default,,
anna,,recording.listen,,,,denied,default,,
anna,,statistics.view,,,,denied,default,,
anna,,telephony.configure,,,,denied,default,,
anna,,,lead,read,,own,default-level,seller,role-of-user
anna,,,lead,add,,own,default-level,seller,role-of-user
";

#[test]
fn csv_has_a_row_for_each_user_and_action() {
    assert_eq!(csv(&["anna"]), format!("{HEADER}{ANNA}"));
    let all = csv(&[]);
    assert!(all.starts_with(&format!("{HEADER}{ANNA}boris,,access.edit,,,,denied,default,,\n")), "{all}");
    assert_eq!(all.lines().count(), 1 + 3 * 19);
}

/// Rows of the small portal with more facts: those of one user and one action, or of CRM where that is empty.
fn rows(more: &str, user: &str, action: &str) -> Vec<String> {
    let place = Place::with_portal().file("more.json", more);
    let ran = place.on_portal(&["levels", user, "--format", "csv", "--data", "more.json"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    let start = format!("{user},,{action},");
    ran.text().lines().filter_map(|line| line.strip_prefix(&start).map(str::to_owned)).collect()
}

#[test]
fn the_highest_level_wins_and_of_equals_the_first_role() {
    let more = r#"{"assigned_to_department": [["zeta", "sales"], ["beta", "sales"]],
        "role_permission": [["zeta", "history.view", "any"], ["beta", "history.view", "any"]]}"#;
    assert_eq!(rows(more, "anna", "history.view"), [",,,any,role-level,beta,role-of-department"]);
    // A role that says denied takes nothing, and is named where nothing else is said.
    let denied = r#"{"assigned_to_user": [["zeta", "anna"], ["zeta", "boris"]],
        "role_permission": [["zeta", "history.view", "denied"]]}"#;
    assert_eq!(rows(denied, "anna", "history.view"), [",,,own,role-level,reader,role-of-user"]);
    assert_eq!(rows(denied, "boris", "history.view"), [",,,denied,role-level,zeta,role-of-user"]);
}

#[test]
fn what_takes_a_level_away_is_named() {
    let viewer = r#"{"assigned_to_user": [["oc_manager", "boris"]], "plan_lacks": ["open_channel_access"]}"#;
    assert_eq!(rows(viewer, "boris", "channel.view"), [",,,denied,view-needs-connect,,"]);
    assert_eq!(rows(viewer, "boris", "channel.edit"), [",,,denied,default,,"]);
    assert_eq!(rows(viewer, "boris", "access.edit"), [",,,denied,default,,"]);
    let more = r#"{"assigned_to_user": [["oc_administrator", "boris"]], "plan_lacks": ["open_channel_access"]}"#;
    assert_eq!(rows(more, "boris", "access.edit"), [",,,denied,plan-shuts-access,,"]);
    assert_eq!(rows(more, "boris", "channel.edit"), [",,,any,role-level,oc_administrator,role-of-user"]);
}

#[test]
fn a_plan_without_telephony_access_gives_one_role_to_all_who_belong_somewhere() {
    let more = r#"{"plan_lacks": ["telephony_access"], "assigned_to_user": [["caller", "carla"]], "user": ["carla"]}"#;
    assert_eq!(rows(more, "anna", "call.make"), [",,,any,plan-level,tel_manager,plan-level"]);
    assert_eq!(rows(more, "anna", "number.manage"), [",,,denied,default,,"]);
    assert_eq!(rows(more, "carla", "call.make"), [",,,denied,plan-replaces-roles,,"]);
    assert_eq!(rows(more, "anna", "history.view"), [",,,own,role-level,reader,role-of-user"]);
}

#[test]
fn crm_has_default_levels_and_those_of_stages_of_which_a_role_says_something() {
    let more = r#"{"crm_role_stage_permission": [["seller", "lead", "read", "WON", "denied"],
        ["manager", "deal", "read", "NEW, \"hot\"", "any"]]}"#;
    assert_eq!(
        rows(more, "anna", ""),
        [
            "lead,read,,own,default-level,seller,role-of-user",
            "lead,add,,own,default-level,seller,role-of-user",
            "lead,read,WON,denied,stage-level,seller,role-of-user",
        ]
    );
    assert_eq!(rows(more, "boris", ""), ["lead,read,,denied,default,,", "lead,add,,denied,default,,"]);
    let manager = r#"{"crm_role_stage_permission": [["manager", "deal", "read", "NEW, \"hot\"", "any"]],
        "assigned_to_department_tree": [["manager", "sales"]]}"#;
    assert_eq!(
        rows(manager, "boris", "")[2..],
        ["deal,read,\"NEW, \"\"hot\"\"\",any,stage-level,manager,role-of-department-tree"]
    );
}

#[test]
fn administrators_have_every_level_by_no_role_and_need_none_in_crm() {
    let more = r#"{"administrator": ["anna"]}"#;
    assert_eq!(rows(more, "anna", "call.make"), [",,,any,administrator-level,,"]);
    assert_eq!(rows(more, "anna", ""), [""; 0]);
    let place = Place::with_portal().file("more.json", more);
    let ran = place.on_portal(&["levels", "--skip-administrators", "--format", "csv", "--data", "more.json"]);
    assert!(!ran.text().contains("anna,") && ran.text().contains("\nboris,,"), "{}", ran.text());
}

#[test]
fn json_has_what_is_there_and_says_how_the_role_is_held() {
    let names = r#"{"display_name": [["user:anna", "Anna Kovacs"], ["role:reader", "Readers"]]}"#;
    let place = Place::with_portal().file("names.json", names);
    let ran = place.on_portal(&["levels", "anna", "--format", "json", "--data", "names.json"]);
    let text = ran.text();
    let line = " {\"user\":\"anna\",\"name\":\"Anna Kovacs\",\"action\":\"history.view\",\"level\":\"own\",\
                \"rule\":\"role-level\",\"role\":\"reader\",\"held\":\"role-of-user\",\
                \"because\":\"Anna Kovacs holds Readers, which is assigned to them.\"},\n";
    assert!(text.contains(line), "{text}");
    let crm = " {\"user\":\"anna\",\"name\":\"Anna Kovacs\",\"crm_type\":\"lead\",\"operation\":\"add\",\"level\":\"own\",\
               \"rule\":\"default-level\",\"role\":\"seller\",\"held\":\"role-of-user\",\
               \"because\":\"Anna Kovacs holds seller, which is assigned to them.\"}]\n";
    assert!(text.ends_with(crm), "{text}");
    assert!(text.starts_with("[{\"user\":\"anna\",\"name\":\"Anna Kovacs\",\"action\":\"access.edit\",\"level\":\"denied\",\"rule\":\"default\"},\n"));
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(text).unwrap().len(), 19);
}

#[test]
fn unknown_users_have_no_level_and_are_told() {
    let ran = Place::with_portal().on_portal(&["levels", "ana", "anna", "user:anna", "--format", "csv"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, "note: no fact names the user `ana`; did you mean `anna`?\n"));
    let rows: Vec<&str> = ran.text().lines().collect();
    assert_eq!(rows.len(), 1 + 2 * 19);
    assert!(rows[1..20].iter().all(|row| row.starts_with("ana,,") && row.ends_with(",denied,default,,")));
    assert_eq!(rows[20..].join("\n") + "\n", ANNA);
    Place::new().run(&["levels"]).ends(1, "no answers\n", "note: no data was given; `--data PATH` names it\n");
    Place::with_portal().on_portal(&["levels", ""]).refuses(&["the id of the user is empty"]);
}

/// A small policy of other words: ranks of members, by the clubs they are in.
const CLUBS: &str = "entity member; entity role; entity game; enum rank { none < guest < player < chief };
    action play on game; action judge on game; action watch on game;
    input member(member: member); input is(member: member, role: role); input gives(role: role, action: action, rank: rank);
    decision effective_level(member: member, action: action, rank: rank);
    @id(\"by-role\") effective_level(M, A, L) if is(M, R), gives(R, A, G), G >= L;
    @id(\"all-watch\") effective_level(_, watch, L) if L <= guest;
    is(M, \"everyone\") if member(M);\n";

#[test]
fn a_policy_of_other_names_has_its_own_levels() {
    let data = r#"{"member": ["mia", "zoe"], "is": [["zoe", "judges"], ["zoe", "everyone"]],
        "gives": [["everyone", "play", "player"], ["judges", "judge", "chief"], ["judges", "play", "player"]]}"#;
    let place = Place::new().file("clubs.rules", CLUBS).file("data.json", data);
    let words = ["levels", "--policy", "clubs.rules", "--data", "data.json", "--format"];
    place.run(&[&words[..], &["csv"]].concat()).prints(
        0,
        "member,name,action,level,rule,role,held\n\
         mia,,judge,none,default,,\n\
         mia,,play,player,by-role,everyone,clubs.rules:7\n\
         mia,,watch,guest,all-watch,,\n\
         zoe,,judge,chief,by-role,judges,is\n\
         zoe,,play,player,by-role,everyone,clubs.rules:7\n\
         zoe,,watch,guest,all-watch,,\n",
    );
}

#[test]
fn a_policy_without_such_levels_is_refused() {
    let refuses = |rules: &str, piece: &str| {
        let place = Place::new().file("x.rules", rules);
        place.run(&["levels", "--policy", "x.rules"]).refuses(&[piece]);
    };
    refuses("entity user;\n", "`decision effective_level(");
    let declared =
        "entity user; enum level { no < yes }; enum odd { one, two }; input user(user: user, level: level);\n";
    refuses(
        &format!("{declared}decision effective_level(user: user, action: action, odd: odd);\n"),
        "`decision effective_level(",
    );
    refuses(
        &format!("{declared}relation effective_level(user: user, action: action, level: level);\n"),
        "effective_level",
    );
    refuses(
        &format!(
            "{declared}decision effective_level(user: user, action: action, level: level);\n\
                  effective_level(U, _, L) if user(U, L);\n"
        ),
        "at least",
    );
}

#[test]
fn text_is_a_paragraph_for_each_user() {
    let ran = on_acme(&["levels", "farid", "boris"]);
    let text = ran.text();
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    assert!(text.starts_with("boris  Boris Ivanov\n  access.edit "), "{text}");
    assert!(text.contains("\n\nfarid  Farid Nazari  (administrator)\n"), "{text}");
    for line in [
        "  chat.join            own                role-level             oc_manager           Boris Ivanov holds oc_manager through Sales, which Online shop, where they belong, is within.\n",
        "  channel.view         denied             view-needs-connect                          Boris Ivanov has no level above denied for connecting channels, so viewing them is denied too.\n",
        "  deal read WON        own                stage-level            closed_books         Boris Ivanov holds",
        "  number.manage        denied             default\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}
