//! The oracle's own tests: one for each sentence of SPEC.md section 3 that could be got wrong, worked out by hand.
//!
//! A request is written as `user action id`; "allowed" and "denied" list those that must be.

use super::model::Portal;
use super::oracle::Oracle;

fn check(facts: &str, allowed: &[&str], denied: &[&str]) {
    let portal = Portal::read(facts);
    let oracle = Oracle::new(&portal);
    for (requests, expected) in [(allowed, true), (denied, false)] {
        for request in requests {
            let words: Vec<&str> = request.split(' ').collect();
            assert_eq!(oracle.allowed(words[0], words[1], words[2]), expected, "{request}");
        }
    }
}

macro_rules! cases {
    ($($name:ident: $facts:literal allowed $allowed:tt denied $denied:tt)+) => {
        $(#[test] fn $name() { check($facts, &$allowed, &$denied); })+
    };
}

// 3.1 and 3.2.
cases! {
    p1_heads_belong_and_p2_the_tree_reaches_down:
        r#"department_parent("d2", "d1"); department_parent("d3", "d2"); department_head("d3", "hanna");
           works_in("anna", "d1"); role_permission("r", number.manage, any); assigned_to_department_tree("r", "d1");
           role_permission("s", balance.manage, any); assigned_to_department("s", "d1");"#
        allowed ["hanna number.manage portal", "anna number.manage portal", "anna balance.manage portal"]
        denied ["hanna balance.manage portal", "ivan number.manage portal"]
    p2_cycles_end:
        r#"department_parent("d2", "d1"); department_parent("d1", "d2"); works_in("anna", "d1");
           works_in("boris", "d2"); role_permission("r", number.manage, any);
           assigned_to_department_tree("r", "d2");"#
        allowed ["anna number.manage portal", "boris number.manage portal"]
        denied ["carla number.manage portal"]
    p3_superiors_come_from_working_departments:
        r#"department_parent("d2", "d1"); department_head("d1", "boss"); department_head("d2", "chief");
           works_in("anna", "d2"); role_permission("r", number.manage, any); assigned_to_employee("r", "anna");
           role_permission("s", balance.manage, any); assigned_to_employee("s", "chief");"#
        allowed ["anna number.manage portal", "chief number.manage portal", "boss number.manage portal",
            "chief balance.manage portal"]
        denied ["boss balance.manage portal", "anna balance.manage portal"]
    p4_the_dismissed_are_denied_even_as_administrators:
        r#"inactive("anna"); administrator("anna"); administrator("boris"); app("a"); call("k");
           crm_item("i", "lead");"#
        allowed ["boris app.install a", "boris number.manage portal"]
        denied ["anna app.install a", "anna number.manage portal", "anna crm.read i", "anna recording.reach k"]
    r4_an_employee_without_a_department_holds_nothing:
        r#"role_permission("r", number.manage, any); assigned_to_employee("r", "anna");
           assigned_to_user("r", "boris");"#
        allowed ["boris number.manage portal"]
        denied ["anna number.manage portal"]
    r5_user_groups_count_on_premise:
        r#"edition(on_premise); in_user_group("anna", "g"); in_workgroup("boris", "g", owner);
           role_permission("r", number.manage, any); assigned_to_user_group("r", "g");"#
        allowed ["anna number.manage portal"]
        denied ["boris number.manage portal"]
    r5_user_groups_do_not_count_in_the_cloud:
        r#"edition(cloud); in_user_group("anna", "g"); role_permission("r", number.manage, any);
           assigned_to_user_group("r", "g");"#
        allowed []
        denied ["anna number.manage portal"]
    r6_the_membership_is_a_floor:
        r#"in_workgroup("anna", "w", member); in_workgroup("boris", "w", moderator);
           in_workgroup("carla", "w", owner); role_permission("r", number.manage, any);
           assigned_to_workgroup("r", "w", moderator);"#
        allowed ["boris number.manage portal", "carla number.manage portal"]
        denied ["anna number.manage portal"]
}

// 3.3 and 3.9.
cases! {
    l1_the_highest_level_wins_over_denied:
        r#"assigned_to_user("r", "anna"); assigned_to_user("s", "anna"); assigned_to_user("s", "boris");
           role_permission("r", number.manage, any); role_permission("s", number.manage, denied);"#
        allowed ["anna number.manage portal"]
        denied ["boris number.manage portal"]
    l2_administrators_have_every_level_and_l4_spares_them:
        r#"administrator("anna"); channel("l"); chat("c", "l"); call("k"); user("anna"); user("boris");"#
        allowed ["anna channel.view l", "anna channel.edit l", "anna chat.rate c", "anna recording.delete k",
                 "anna phone.configure boris", "anna call.make 5", "anna canned_response.use l",
                 "anna access.edit portal"]
        denied ["boris channel.view l"]
    l4_view_falls_and_edit_stays:
        r#"channel("l"); assigned_to_user("r", "anna"); role_permission("r", channel.view, any);
           role_permission("r", channel.edit, any);"#
        allowed ["anna channel.edit l"]
        denied ["anna channel.view l", "anna channel.connect l"]
    l4_edit_and_connect_need_view:
        r#"channel("l"); assigned_to_user("r", "anna"); role_permission("r", channel.connect, any);
           role_permission("r", channel.edit, any);"#
        allowed []
        denied ["anna channel.edit l", "anna channel.connect l", "anna channel.view l"]
    l4_is_off_where_channels_are_uncoupled:
        r#"setting(uncoupled_channels); channel("l"); assigned_to_user("r", "anna");
           role_permission("r", channel.edit, any);"#
        allowed ["anna channel.edit l"]
        denied ["anna channel.view l"]
    l5_without_telephony_access_everyone_is_a_manager:
        r#"plan_lacks(telephony_access); works_in("anna", "d"); assigned_to_user("r", "anna");
           assigned_to_user("r", "boris"); call("k"); call_agent("k", "anna"); call("m"); call_agent("m", "boris");
           administrator("carla"); role_permission("r", recording.delete, any);
           role_permission("r", access.edit, any); role_permission("tel_manager", number.manage, any);"#
        allowed ["anna call.view k", "anna number.manage portal", "anna access.edit portal",
            "boris access.edit portal", "carla recording.delete k"]
        denied ["anna call.view m", "anna recording.delete k", "boris call.view m", "boris number.manage portal"]
    l5_crm_still_sees_the_stored_roles:
        r#"plan_lacks(telephony_access); assigned_to_user("r", "anna"); crm_item("i", "deal");
           crm_role_permission("r", "deal", read, any);"#
        allowed ["anna crm.read i"]
        denied ["anna crm.change i"]
    l5_without_open_channel_access_nobody_edits_access:
        r#"plan_lacks(open_channel_access); administrator("boss"); assigned_to_user("r", "anna"); channel("l");
           role_permission("r", access.edit, any); role_permission("r", canned_response.use, any);"#
        allowed ["anna canned_response.use l", "boss canned_response.use l", "boss channel.configure l"]
        denied ["anna access.edit portal", "boss access.edit portal"]
    default_roles_ship:
        r#"assigned_to_user("oc_administrator", "oa"); assigned_to_user("oc_chief_executive", "oc");
           assigned_to_user("oc_manager", "om"); assigned_to_user("tel_administrator", "ta");
           assigned_to_user("tel_chief_executive", "tc"); assigned_to_user("tel_manager", "tm"); channel("l");
           chat("c", "l"); chat_agent("c", "om"); call("k"); call_agent("k", "tm"); user("x");"#
        allowed ["oa access.edit portal", "oa channel.connect l", "oc channel.connect l", "oc chat.rate c",
            "om history.view c",
                 "om chat.join c", "ta call.view k", "ta number.manage portal", "ta phone.configure x",
                 "tc call.view k", "tm call.view k", "tm call.make 7"]
        denied ["oc access.edit portal", "om channel.view l", "om chat.rate c", "ta recording.delete k",
            "ta balance.manage portal",
                "tc phone.configure x", "tm number.manage portal", "oa call.view k", "ta access.edit portal"]
}

// 3.4.
cases! {
    s1_channels_look_downward_from_where_one_works:
        r#"department_parent("d2", "d1"); works_in("anna", "d1"); works_in("boris", "d2");
           department_head("d2", "hanna"); works_in("gone", "d2"); inactive("gone");
           assigned_to_department_tree("r", "d1"); role_permission("r", history.view, department); chat("cb", "l");
           chat_agent("cb", "boris"); chat("ca", "l"); chat_agent("ca", "anna"); chat("cg", "l");
           chat_agent("cg", "gone"); chat("ch", "l"); chat_agent("ch", "hanna"); chat("c0", "l");"#
        allowed ["anna history.view cb", "anna history.view ca", "boris history.view cb", "hanna history.view ch"]
        denied ["boris history.view ca", "hanna history.view cb", "anna history.view cg", "anna history.view ch",
            "anna history.view c0"]
    s2_telephony_looks_from_where_one_heads_too:
        r#"department_parent("d2", "d1"); department_head("d1", "hanna"); works_in("boris", "d2"); call("k");
           call_agent("k", "boris"); call("k0"); assigned_to_department("r", "d1");
           role_permission("r", call.view, department); role_permission("r", phone.configure, department);
           user("boris"); user("hanna"); user("carla");"#
        allowed ["hanna call.view k", "hanna phone.configure boris", "hanna phone.configure hanna"]
        denied ["hanna call.view k0", "hanna phone.configure carla"]
    s3_department_covers_own_and_queues_of_colleagues:
        r#"setting(uncoupled_channels); works_in("anna", "d"); works_in("boris", "d"); channel_queue("q", "boris");
           channel_editor("e", "boris"); channel_editor("mine", "anna"); channel("q"); channel("e");
           channel("mine"); assigned_to_user("r", "anna"); assigned_to_user("s", "boris");
           role_permission("r", channel.edit, department); role_permission("s", channel.edit, own);"#
        allowed ["anna channel.edit q", "anna channel.edit mine", "boris channel.edit q", "boris channel.edit e"]
        denied ["anna channel.edit e", "boris channel.edit mine"]
    s4_chats_by_channel_leaves_the_history_alone:
        r#"setting(chats_by_channel); chat("c", "l"); channel_queue("l", "anna"); chat("x", "m");
           chat_agent("x", "anna"); assigned_to_user("r", "anna"); role_permission("r", chat.join, own);
           role_permission("r", history.view, own);"#
        allowed ["anna chat.join c", "anna history.view x"]
        denied ["anna chat.join x", "anna history.view c"]
    s5_a_call_without_an_agent_needs_any:
        r#"call("k"); works_in("anna", "d"); assigned_to_user("r", "anna"); assigned_to_user("s", "boris");
           role_permission("r", call.view, department); role_permission("s", call.view, any);"#
        allowed ["boris call.view k"]
        denied ["anna call.view k"]
    s7_levels_of_numbers:
        r#"crm_phone("1", "i"); user_phone("2", "zoe"); assigned_to_user("r", "anna");
           assigned_to_user("s", "boris"); assigned_to_user("t", "carla");
           role_permission("r", call.make, crm_customers); role_permission("s", call.make, crm_and_coworkers);
           role_permission("t", call.make, any);"#
        allowed ["anna call.make 1", "boris call.make 1", "boris call.make 2", "carla call.make 3"]
        denied ["anna call.make 2", "boris call.make 3"]
    things_exist_by_their_own_fact_only:
        r#"administrator("a"); chat_agent("c", "a"); chat_member("c", "a"); call_agent("k", "a");
           drive_access("a", "k"); channel_queue("l", "a"); works_in("u", "d"); crm_access("a", "i", read);
           app_assigned_to_user("app", "a");"#
        allowed ["a call.make 1", "a crm.add lead", "a access.edit anything"]
        denied ["a history.view c", "a chat.join c", "a call.view k", "a recording.reach k",
            "a recording.download k", "a channel.view l",
                "a canned_response.use l", "a channel.configure l", "a phone.configure u", "a crm.read i",
                "a app.use app", "a app.install app"]
}

// 3.5 and 3.6.
cases! {
    oc1_crm_grants_whatever_the_level:
        r#"chat("c", "l"); chat_crm("c", "i"); crm_item("i", "lead"); crm_access("anna", "i", change);
           chat_agent("c", "boris"); assigned_to_user("oc_manager", "boris");"#
        allowed ["anna history.view c", "anna chat.join c", "boris history.view c"]
        denied ["anna statistics.view c", "anna chat.rate c"]
    oc1_crm_overrides_levels_and_members_but_not_agents:
        r#"setting(crm_overrides); chat("c", "l"); chat_crm("c", "missing"); chat("free", "l");
           chat_agent("c", "agent"); chat_member("c", "member"); administrator("boss");
           assigned_to_user("oc_administrator", "anna");"#
        allowed ["agent history.view c", "agent chat.join c", "anna history.view free"]
        denied ["boss history.view c", "anna history.view c", "anna chat.rate c", "member chat.join c"]
    oc2_members_join_only:
        r#"chat("c", "l"); chat_member("c", "anna");"#
        allowed ["anna chat.join c"]
        denied ["anna history.view c", "boris chat.join c"]
    oc3_rating_needs_the_history:
        r#"chat("c", "l"); assigned_to_user("r", "anna"); assigned_to_user("r", "boris");
           assigned_to_user("h", "boris"); role_permission("r", chat.rate, any);
           role_permission("h", history.view, any);"#
        allowed ["boris chat.rate c"]
        denied ["anna chat.rate c"]
    oc4_the_queue_has_canned_responses:
        r#"channel("l"); channel_queue("l", "anna"); channel_editor("l", "boris");"#
        allowed ["anna canned_response.use l"]
        denied ["boris canned_response.use l"]
    oc5_configuring_needs_both:
        r#"channel("l"); channel("m"); channel_queue("l", "anna"); assigned_to_user("r", "anna");
           assigned_to_user("a", "anna"); assigned_to_user("a", "boris"); role_permission("r", channel.view, any);
           role_permission("r", channel.edit, own); role_permission("a", access.edit, any);"#
        allowed ["anna channel.configure l"]
        denied ["anna channel.configure m", "boris channel.configure l"]
    t1_listeners_download_where_it_is_set:
        r#"setting(listeners_download); call("k"); call_agent("k", "anna"); assigned_to_user("tel_manager", "anna");"#
        allowed ["anna recording.download k"]
        denied ["boris recording.download k"]
    t1_listeners_do_not_download_otherwise:
        r#"call("k"); call_agent("k", "anna"); assigned_to_user("tel_manager", "anna"); administrator("boss");"#
        allowed ["boss recording.download k", "anna recording.reach k"]
        denied ["anna recording.download k"]
    t2_the_drive_and_crm_are_doors:
        r#"call("k"); drive_access("anna", "k"); call_crm("k", "i"); crm_item("i", "deal");
           crm_access("boris", "i", read);"#
        allowed ["anna recording.reach k", "boris recording.reach k"]
        denied ["anna recording.listen k", "carla recording.reach k"]
}

// 3.7 and 3.8.
cases! {
    c1_change_includes_read_for_access_but_not_for_roles:
        r#"crm_item("i", "deal"); crm_access("anna", "i", change); assigned_to_user("r", "boris");
           crm_role_permission("r", "deal", change, any);"#
        allowed ["anna crm.change i", "anna crm.read i", "boris crm.change i"]
        denied ["boris crm.read i", "anna crm.delete i"]
    c2_a_stage_takes_away_what_another_role_gives:
        r#"crm_item("i", "deal"); crm_stage("i", "WON"); crm_item("j", "deal"); crm_stage("j", "NEW");
           assigned_to_user("r", "anna"); assigned_to_user("s", "anna");
           crm_role_permission("r", "deal", read, any); crm_role_stage_permission("s", "deal", read, "WON", denied);"#
        allowed ["anna crm.read j"]
        denied ["anna crm.read i"]
    c3_add_and_import_need_a_gate:
        r#"assigned_to_user("r", "anna"); crm_role_stage_permission("r", "lead", add, "NEW", own);
           crm_role_stage_permission("r", "lead", import, "NEW", denied);"#
        allowed ["anna crm.add lead"]
        denied ["anna crm.import lead", "anna crm.add deal"]
    c4_each_level_covers_those_below:
        r#"department_parent("d2", "d1"); department_head("d1", "boss"); works_in("anna", "d2");
           works_in("up", "d1"); works_in("mate", "d2"); crm_item("i", "deal"); crm_responsible("i", "anna");
           crm_item("o", "deal"); crm_open("o"); assigned_to_department_tree("dep", "d1");
           crm_role_permission("dep", "deal", read, department); assigned_to_user("sub", "up");
           crm_role_permission("sub", "deal", change, subdepartments); assigned_to_user("open", "solo");
           crm_role_permission("open", "deal", delete, open); crm_item("s", "deal"); crm_responsible("s", "solo");"#
        allowed ["anna crm.read i", "mate crm.read i", "boss crm.read i", "up crm.change i", "solo crm.delete o",
            "solo crm.delete s"]
        denied ["up crm.read i", "mate crm.change i", "solo crm.delete i", "boss crm.read o"]
    c5_observers_need_the_gate:
        r#"crm_item("i", "deal"); crm_observer("i", "anna"); crm_observer("i", "boris");
           assigned_to_user("r", "anna"); crm_role_permission("r", "deal", read, own);"#
        allowed ["anna crm.read i"]
        denied ["boris crm.read i", "anna crm.change i"]
    a2_apps_for_those_assigned_or_for_known_users:
        r#"app("free"); app("mine"); app_assigned_to_user("mine", "anna"); app("ours");
           app_assigned_to_department("ours", "d1"); department_head("d1", "hanna"); works_in("boris", "d2");
           department_parent("d2", "d1"); user("boris"); administrator("boss");"#
        allowed ["boris app.use free", "anna app.use mine", "hanna app.use ours", "boss app.use mine",
            "boss app.use free"]
        denied ["anna app.use free", "boris app.use mine", "boris app.use ours", "boss app.use none"]
    a3_a_tab_needs_app_reading_and_readiness:
        r#"app("tab"); card_tab("tab"); user("anna"); user("boris"); user("carla"); crm_item("i", "company");
           crm_access("anna", "i", read); crm_access("boris", "i", read); crm_item("c", "contact");
           crm_access("anna", "c", export); assigned_to_user("r", "anna"); assigned_to_user("r", "carla");
           assigned_to_user("r", "stranger"); crm_role_permission("r", "deal", change, own);
           crm_role_permission("s", "contact", read, own); assigned_to_user("s", "carla");"#
        allowed ["anna app_tab.open i", "anna app_tab.open i"]
        denied ["boris app_tab.open i", "carla app_tab.open i", "anna app_tab.open c", "stranger app_tab.open i"]
}
