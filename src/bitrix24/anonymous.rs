//! Names, phone numbers and mail addresses replaced: the same one by the same one wherever it stands, ids kept as they are.
//! What stands in their place is counted and not computed, so that nothing leads back.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

/// Replaces what is personal. It remembers each phone number.
#[derive(Debug, Default)]
pub(super) struct Anonymous {
    /// The numbers met so far.
    phones: FxHashMap<Box<str>, u32>,
}

impl Anonymous {
    /// The values of a fact without what is personal.
    pub fn row<'v>(&mut self, relation: &str, row: &[&'v str]) -> Vec<Cow<'v, str>> {
        let place = match relation {
            "display_name" => Some(1),
            "crm_phone" | "user_phone" => Some(0),
            _ => None,
        };
        let mut values: Vec<Cow<str>> = row.iter().map(|value| Cow::Borrowed(*value)).collect();
        match place {
            Some(0) => values[0] = Cow::Owned(self.phone(row[0])),
            Some(_) => values[1] = Cow::Owned(name_of(row[0])),
            None => {}
        }
        values
    }

    /// A number of the same form: with as many digits, and a `+` where there was one.
    fn phone(&mut self, text: &str) -> String {
        let next = self.phones.len() as u32 + 1;
        let number = match self.phones.get(text) {
            Some(number) => *number,
            None => *self.phones.entry(text.into()).or_insert(next),
        };
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let plus = if text.starts_with('+') { "+" } else { "" };
        format!("{plus}{number:0>digits$}")
    }
}

/// A name by the id of what it names: `user:5` is `User 5`.
fn name_of(thing: &str) -> String {
    let (entity, id) = thing.split_once(':').unwrap_or(("thing", thing));
    let mut letters = entity.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter();
    first.chain(letters.map(|letter| if letter == '_' { ' ' } else { letter })).chain([' ']).chain(id.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_stays_one_and_keeps_its_form() {
        let mut anonymous = Anonymous::default();
        assert_eq!(anonymous.row("crm_phone", &["+74951234567", "lead:1"]), ["+00000000001", "lead:1"]);
        assert_eq!(anonymous.row("user_phone", &["101", "5"]), ["002", "5"]);
        assert_eq!(anonymous.row("user_phone", &["+74951234567", "6"]), ["+00000000001", "6"]);
    }

    #[test]
    fn names_are_told_by_their_ids() {
        let row = Anonymous::default().row("display_name", &["user_group:5", "Анна anna@example.com"]).join("|");
        assert_eq!(row, "user_group:5|User group 5");
    }
}
