//! Texts and things by number: whatever their ids look like, equal ones are one symbol and others are not.

use std::collections::BTreeMap;

use rolecall::compiler::program::EntityId;
use rolecall::data::{SerialPrefix, Symbols, Tag, Value};

/// A kind of things.
fn user() -> Tag {
    Tag::thing(EntityId(3))
}

/// Interns all, twice, against a map of texts, and looks each up.
fn check(tag: Tag, ids: &[String]) {
    let (mut symbols, mut known) = (Symbols::default(), BTreeMap::<&str, Value>::new());
    for id in ids.iter().chain(ids) {
        let value = symbols.intern(tag, id);
        assert_eq!(symbols.text(value), id);
        assert_eq!(*known.entry(id).or_insert(value), value, "{id}");
        assert_eq!(symbols.find(tag, id), Some(value), "{id}");
    }
    let mut values: Vec<Value> = known.values().copied().collect();
    values.sort();
    values.dedup();
    assert_eq!(values.len(), known.len(), "two ids share a symbol");
    let absent = (0..2_000).map(|number| format!("u{number}")).chain(["v1".to_owned(), "u01".to_owned()]);
    for id in absent.filter(|id| !known.contains_key(id.as_str())) {
        assert_eq!(symbols.find(tag, &id), None, "{id}");
    }
    if let Some(entity) = tag.entity() {
        assert_eq!(symbols.count(entity), known.len());
        let mut listed: Vec<&str> = symbols.ids(entity).collect();
        listed.sort_unstable();
        assert_eq!(listed, known.into_keys().collect::<Vec<_>>());
    }
}

#[test]
fn ids_that_look_alike_are_told_apart() {
    let ids = [
        "7",
        "07",
        "007",
        "0",
        "00",
        "u7",
        "u07",
        "u70",
        "u",
        "u0",
        "u00",
        "7u",
        "u7u7",
        "U7",
        "u-7",
        "u+7",
        "-7",
        "+7",
        "u 7",
        "u7 ",
        "юля7",
        "юля07",
        "ю7",
        "７",
        "u７",
        "999999999",
        "1000000000",
        "4294967295",
        "4294967296",
        "4294967303",
        "18446744073709551623",
        "u4294967303",
        "u1000000007",
        "a-prefix-of-some-length-7",
        "a-prefix-of-some-length-07",
        "x",
        "",
    ];
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    check(user(), &ids);
    check(Tag::TEXT, &ids);
    check(user(), &ids.into_iter().rev().collect::<Vec<_>>());
}

#[test]
fn an_id_whose_number_lay_too_far_out_stays_the_same_when_the_others_catch_up() {
    let far = ["u9000", "u20000", "u900000000"].map(str::to_owned);
    let near = (0..10_000).map(|number| format!("u{number}"));
    let ids: Vec<String> = far.into_iter().chain(near).collect();
    check(user(), &ids);
}

#[test]
fn ids_with_more_prefixes_than_there_are_arrays_are_told_apart() {
    let of_prefix = |prefix: u32| (0..30).map(move |number| format!("prefix{prefix}-{number}"));
    let ids: Vec<String> = (0..40).flat_map(of_prefix).collect();
    check(user(), &ids);
}

#[test]
fn random_numbers_in_random_order_are_told_apart() {
    let mut state = 5u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % below
    };
    let prefixes = ["", "u", "CRM_DEAL_", "ю"];
    let bounds = [10, 3_000, 100_000, 1 << 31];
    let mut id = |_| {
        let (prefix, bound) = (prefixes[next(4) as usize], bounds[next(4) as usize]);
        format!("{prefix}{}", next(bound))
    };
    let ids: Vec<String> = (0..20_000).map(&mut id).collect();
    check(user(), &ids);
}

#[test]
fn equal_ids_of_different_entities_are_different_symbols() {
    let mut symbols = Symbols::default();
    let tags = [user(), Tag::thing(EntityId(0)), Tag::TEXT];
    let values = tags.map(|tag| symbols.intern(tag, "15"));
    assert!(values[0] != values[1] && values[1] != values[2] && values[0] != values[2]);
    assert_eq!(tags.map(|tag| symbols.find(tag, "15")), values.map(Some));
    assert_eq!(values.map(|value| symbols.tag(value)), tags);
    assert_eq!(symbols.find(Tag::thing(EntityId(7)), "15"), None);
}

#[test]
fn the_number_behind_a_prefix_is_read_wherever_the_id_stands() {
    for prefix in ["", "u", "d-", "seven__", "CRM_DEA", "CRM_DEAL", "CRM_DEAL_", "twelve_bytes", "юля"] {
        let read = SerialPrefix::of(format!("{prefix}5").as_bytes()).unwrap();
        assert_eq!(read.as_bytes(), prefix.as_bytes());
        let numbers = ["0", "7", "10", "123", "9090", "65536", "999999", "1234567", "98765432", "123456789"];
        let others = ["", "00", "07", "1x", "x1", "1 ", "-1", "1234567890", "1:", "/1", "é"];
        for (around, behind) in [("", ""), ("x", "y"), ("a long text before,", ",a long text behind")] {
            let number = |text: &str| {
                let bytes = format!("{around}{text}{behind}");
                read.number(bytes.as_bytes(), around.len()..around.len() + text.len())
            };
            for text in numbers {
                assert_eq!(number(&format!("{prefix}{text}")), Some(text.parse().unwrap()), "{prefix}{text}");
                assert_eq!(number(&format!("{prefix}_{text}")), None, "{prefix}_{text}");
                assert_eq!(number(&format!("w{text}")), None, "{prefix} w{text}");
            }
            for text in others {
                assert_eq!(number(&format!("{prefix}{text}")), None, "{prefix}{text}");
            }
        }
    }
    for none in ["", "u", "u01", "u1x", "u1234567890", "thirteen_long1"] {
        assert!(SerialPrefix::of(none.as_bytes()).is_none(), "{none}");
    }
}
