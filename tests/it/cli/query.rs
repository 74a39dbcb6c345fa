//! `query`: answers to conjunctions, sorted, as text, CSV and JSON.

use super::Place;

/// Asks on the small portal in one format.
fn answers(query: &str, format: &str, status: i32, expected: &str) {
    Place::with_portal().on_portal(&["query", query, "--format", format]).prints(status, expected);
}

fn json(query: &str, expected: &str) {
    answers(query, "json", i32::from(expected == "[]\n"), expected);
}

#[test]
fn text_has_a_column_for_each_variable() {
    answers("chat_agent(C, U)", "text", 0, "C   U\n7   anna\nc1  anna\nc1  vera\nc2  boris\n");
    answers("works_in(Worker, \"sales\")", "text", 0, "Worker\nanna\nboris\nvera\n");
}

#[test]
fn csv_has_a_header_and_a_line_for_each_answer() {
    answers("chat_agent(C, U)", "csv", 0, "C,U\n7,anna\nc1,anna\nc1,vera\nc2,boris\n");
    answers("chat_agent(\"c9\", U)", "csv", 1, "U\n");
    let place = Place::new().file("user.csv", "user\n\"a,b\"\n\"c\"\"d\"\n\"e\nf\"\n");
    place
        .run(&["query", "user(U)", "--format", "csv", "--data", "user.csv"])
        .prints(0, "U\n\"a,b\"\n\"c\"\"d\"\n\"e\nf\"\n");
}

#[test]
fn json_is_an_array_with_an_object_for_each_answer() {
    json("works_in(U, \"sales\"), not inactive(U)", "[{\"U\":\"anna\"},\n {\"U\":\"boris\"}]\n");
    json("role_permission(R, history.view, L), assigned_to_user(R, \"anna\")", "[{\"R\":\"reader\",\"L\":\"own\"}]\n");
    json("chat_agent(\"c9\", U)", "[]\n");
}

#[test]
fn a_ground_query_has_one_answer_or_none() {
    json("works_in(\"anna\", \"sales\")", "[{}]\n");
    json("works_in(\"anna\", \"legal\")", "[]\n");
    answers("works_in(\"anna\", \"sales\")", "text", 0, "yes\n");
    answers("works_in(\"anna\", \"legal\")", "text", 1, "no\n");
    answers("not works_in(\"anna\", \"legal\")", "text", 0, "yes\n");
    answers("1 < 2", "text", 0, "yes\n");
    answers("own > any", "text", 1, "no\n");
}

#[test]
fn without_an_answer_the_status_is_one() {
    answers("works_in(U, \"legal\")", "text", 1, "no answers\n");
}

/// A program with every type of value.
const VALUES: &str = "entity box; enum size { small < large }; action box.open on box;\n\
    input holds(box: box, number: int, size: size, note: text);\n\
    input likes(thing: resource, action: action);\n";

fn values(query: &str, expected: &str) {
    let data = r#"{"holds": [["b10", 10, "small", "x"], ["b9", -9, "large", "y"], [3, 9, "small", ""]],
                   "likes": [["box:b9", "box.open"], [{"type": "box", "id": "a:b"}, "box.open"]]}"#;
    let place = Place::new().file("boxes.rules", VALUES).file("boxes.json", data);
    let words = ["query", query, "--policy", "boxes.rules", "--data", "boxes.json", "--format", "json"];
    for engine in ["auto", "compiled", "interpreted"] {
        place.run(&[&words[..], &["--engine", engine]].concat()).prints(0, expected);
    }
}

#[test]
fn integers_are_numbers_and_sorted_by_size() {
    values("holds(_, N, _, _)", "[{\"N\":-9},\n {\"N\":9},\n {\"N\":10}]\n");
    values("holds(B, N, _, _), N >= 9, N != 10", "[{\"B\":\"3\",\"N\":9}]\n");
    values("X = 5, Y = X", "[{\"X\":5,\"Y\":5}]\n");
}

#[test]
fn members_are_names_and_sorted_by_rank() {
    values("holds(_, _, S, _)", "[{\"S\":\"small\"},\n {\"S\":\"large\"}]\n");
    values("holds(B, _, S, _), S > small", "[{\"B\":\"b9\",\"S\":\"large\"}]\n");
}

#[test]
fn texts_are_strings_also_empty_ones() {
    values("holds(_, _, _, T)", "[{\"T\":\"\"},\n {\"T\":\"x\"},\n {\"T\":\"y\"}]\n");
}

#[test]
fn a_resource_has_its_type_before_its_id() {
    values("likes(T, A)", "[{\"T\":\"box:a:b\",\"A\":\"box.open\"},\n {\"T\":\"box:b9\",\"A\":\"box.open\"}]\n");
}

#[test]
fn a_wildcard_gives_no_column_and_no_second_answer() {
    json("works_in(_, D)", "[{\"D\":\"sales\"}]\n");
    json("chat(_, _)", "[{}]\n");
    json("user(U), not chat_agent(_, U)", "[]\n");
    json("user(U), not chat_agent(\"c1\", U)", "[{\"U\":\"boris\"}]\n");
}

#[test]
fn decisions_answer_for_what_other_literals_bind() {
    json("user(U), permitted(U, history.view, chat:\"c1\")", "[{\"U\":\"anna\"}]\n");
    json(
        "permitted(U, history.view, C), chat_agent(C, U)",
        "[{\"U\":\"anna\",\"C\":\"7\"},\n {\"U\":\"anna\",\"C\":\"c1\"}]\n",
    );
    json("user(U), deny(U, history.view, chat:\"c1\")", "[{\"U\":\"vera\"}]\n");
    json("user(U), not permitted(U, history.view, \"c1\"), not inactive(U)", "[{\"U\":\"boris\"}]\n");
    json("permitted(\"anna\", history.view, \"c1\")", "[{}]\n");
}

#[test]
fn a_free_variable_of_a_decision_points_to_who_and_what() {
    let ran = Place::with_portal().on_portal(&["query", "permitted(U, history.view, chat:\"c1\")"]);
    ran.refuses(&[
        "error[free-decision-variable]",
        "<query>:1:11",
        "rolecall who ",
        "rolecall what ",
        "such as `user(U)`",
    ]);
}

#[test]
fn mistakes_in_a_query_are_drawn_on_it() {
    let ran = |query: &str| Place::with_portal().on_portal(&["query", query, "--message-format", "short"]);
    ran("wrks_in(U, D)").ends(2, "", "<query>:1:1: error[unknown-relation]: unknown relation `wrks_in`\n");
    ran("works_in(U)").refuses(&["<query>:1:1: error[wrong-arity]: `works_in` takes 2 arguments, and 1 is given"]);
    ran("").ends(2, "", "<query>:1:1: error[syntax-error]: expected a literal, found the end of the query\n");
    ran("works_in(U, D").refuses(&["error[syntax-error]: this `(` is never closed"]);
    ran("not works_in(U, _)").ends(2, "", "<query>:1:14: error[unbound-variable]: nothing gives `U` a value\n");
    ran("role_permission(R, fly, L)").refuses(&["error[unknown-action]: unknown action `fly`"]);
    ran("works_in(U, \"a)").refuses(&["error[unclosed-string]"]);
    ran("works_in(Имя, D)").refuses(&["<query>:1:10: error["]);
}

#[test]
fn a_query_may_end_with_a_semicolon() {
    json("works_in(\"anna\", D);", "[{\"D\":\"sales\"}]\n");
}

#[test]
fn rules_of_an_administrator_take_part() {
    let place = Place::with_portal().file(
        "pairs.rules",
        "relation pair(a: user, b: user);\npair(A, B) if works_in(A, D), works_in(B, D), A != B;\n",
    );
    let ran = place.on_portal(&["query", "pair(\"anna\", B)", "--rules", "pairs.rules"]);
    ran.prints(0, "B\nboris\nvera\n");
}

#[test]
fn hidden_characters_are_visible_in_text_and_whole_in_json() {
    let data = r#"{"user": ["a\u001b[31mb", "c\u202ed", "e\nf\tg", "Анна 😀"]}"#;
    let place = Place::new().file("users.json", data);
    let ran = |format| place.run(&["query", "user(U)", "--format", format, "--data", "users.json"]);
    ran("text").prints(0, "U\na\\u{1b}[31mb\nc\\u{202e}d\ne\\nf\\tg\nАнна 😀\n");
    let expected =
        "[{\"U\":\"a\\u001b[31mb\"},\n {\"U\":\"c\\u202ed\"},\n {\"U\":\"e\\nf\\tg\"},\n {\"U\":\"Анна 😀\"}]\n";
    ran("json").prints(0, expected);
}

#[test]
fn columns_stand_under_each_other_by_characters() {
    let place = Place::new().file("works_in.csv", "user,department\nАнна,a\nbo,b\n");
    place.run(&["query", "works_in(U, D)", "--data", "works_in.csv"]).prints(0, "U     D\nbo    b\nАнна  a\n");
}

#[test]
fn more_than_the_limit_is_told() {
    let data: Vec<String> = (0..2000).map(|number| number.to_string()).collect();
    let place = Place::new()
        .file("user.json", format!("{{\"user\": [{}]}}", data.join(",")))
        .file("all.rules", "relation all(a: user, b: user);\nall(A, B) if user(A), user(B);\n");
    let words = ["query", "all(A, B)", "--rules", "all.rules", "--data", "user.json", "--max-derived", "1000"];
    place.run(&words).refuses(&["error[limit-reached]: deriving `all` gives more than 1000 facts", "--max-derived"]);
}

#[test]
fn without_data_no_answer_says_so() {
    let note = "note: no data was given; `--data PATH` names it\n";
    let place = Place::new().file("facts.rules", "user(\"anna\");\n");
    place.run(&["query", "user(U)"]).ends(1, "no answers\n", note);
    place.run(&["query", "user(\"anna\")", "--format", "json"]).ends(1, "[]\n", note);
    // What the policy itself states is an answer, and so is what rule files state.
    place.run(&["query", "role(\"tel_manager\", M)"]).prints(0, "M\ntelephony\n");
    place.run(&["query", "user(\"boris\")", "--rules", "facts.rules"]).prints(1, "no\n");
}
