//! What an export may hold: for each REST method and each table the columns that matter and the facts they become.
//! Here are the words in which `methods` and `tables` say it; `interpret` carries it out, record by record.

use crate::bitrix24::learned::LeftOut;
use crate::bitrix24::reason::Reason;

/// A method or a table.
pub(super) struct Source {
    /// `user.get`, `b_user`; in the name of a table `#` stands for a number.
    pub name: &'static str,
    pub kind: Kind,
    pub columns: &'static [Column],
    /// What is learned of its records before any fact is told.
    pub lessons: &'static [Lesson],
    /// What a record must be to become facts, and what it is called where it is not.
    pub gates: &'static [(When, Reason)],
    pub facts: &'static [Fact],
    /// Permissions, access codes and the like, whose relation depends on the values.
    pub grants: Option<Grant>,
}

/// How a source is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A table, as CSV or TSV or in a dump.
    Table,
    /// A REST method, `user.get.2.json` being its second page.
    Method,
    /// A REST method about one object, `sonet_group.user.get.12.json` being that of group 12.
    MethodOfObject,
}

/// A column of a table, or a member of the objects that a method returns.
pub(super) struct Column {
    pub name: &'static str,
    /// Whether a table without it is refused.
    pub required: bool,
    /// The members of the objects in it that matter; their values are joined by `|`.
    pub inner: &'static [&'static str],
}

/// A column that has to be there.
pub(super) const fn needs(name: &'static str) -> Column {
    Column { name, required: true, inner: &[] }
}

/// A column that may be missing.
pub(super) const fn may(name: &'static str) -> Column {
    Column { name, required: false, inner: &[] }
}

/// A column with objects, of which some members matter.
pub(super) const fn inside(name: &'static str, inner: &'static [&'static str]) -> Column {
    Column { name, required: false, inner }
}

/// The name of a column.
pub(super) type Name = &'static str;

/// The place of a column among those that matter; behind them all where the source has none of that name.
pub(super) type Slot = usize;

/// A fact that a record becomes, if the condition holds and every place has a value. Where one has several, there is a
/// fact for each.
pub(super) struct Fact {
    pub relation: &'static str,
    pub places: &'static [Expr],
    pub when: When,
}

/// A fact without a condition.
pub(super) const fn fact(relation: &'static str, places: &'static [Expr]) -> Fact {
    Fact { relation, places, when: When::Always }
}

/// A fact on a condition.
pub(super) const fn fact_when(relation: &'static str, when: When, places: &'static [Expr]) -> Fact {
    Fact { relation, places, when }
}

/// Values of a place; columns are names in the catalog, and places where records are interpreted.
#[derive(Clone, Copy)]
pub(super) enum Expr<C = Name> {
    /// Always this.
    Is(&'static str),
    /// The numbers in a column; 0 is none.
    Id(C),
    /// The number of a column behind a prefix: `lead:15`, `crm_3`.
    Prefixed(&'static str, C),
    /// The texts in a column.
    Text(C),
    /// The texts of two columns, with a space between.
    Joined([C; 2]),
    /// The text of the first of them that has one.
    FirstOf([C; 2]),
    /// The name that stands for the letter in a column.
    Letter(C, &'static [(&'static str, &'static str)]),
    /// A part of what is joined by `|`, counted from 0.
    Part(C, usize),
    /// The ids behind a word in what is joined by `|`: `user|5`.
    Behind(&'static str, C),
    /// The CRM items in `LEAD|3|COMPANY|0`.
    ItemsIn(C),
    /// The CRM item of a type and a number, each in its column.
    Item(C, C),
    /// The type of a CRM item, which is that of its category where roles name that.
    TypeIn(&'static str, C),
    /// Phone numbers, in their international form where they have one.
    Phone(C),
    /// The number in the name of the file.
    Object,
    /// The CRM item of the entity type in the name of the file.
    ItemOfObject(C),
    /// The type of such an item, in the category of that column.
    TypeOfObject(C),
    /// The chats whose sessions have the activity in that column.
    ChatsOf(C),
}

/// A condition on a record.
#[derive(Clone, Copy)]
pub(super) enum When<C = Name> {
    Always,
    /// The column has one of these texts; an empty one has the text "".
    OneOf(C, &'static [&'static str]),
    /// The column has none of these texts.
    NoneOf(C, &'static [&'static str]),
    /// Each column has its text.
    Are([(C, &'static str); 2]),
    /// Something learned has the text of the column.
    Learned(Set, C),
    /// The day lies between the dates in the columns, where there are dates.
    Within(C, C),
}

/// Texts that are learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Set {
    /// The user field that holds departments.
    DepartmentField,
    /// All user fields with several values.
    UserFields,
    /// The information block of the departments.
    Structure,
    /// The types of CRM items that roles name.
    CrmTypes,
}

/// What a record teaches about others.
pub(super) enum Lesson<C = Name> {
    /// The thing does not exist for the policy: facts about it are left out, for that reason.
    LeaveOut { entity: LeftOut, id: C, when: When<C>, reason: Reason },
    /// A text belongs to a set.
    Remember { set: Set, what: Expr<C>, when: When<C> },
    /// Roles name the access code.
    Code(C),
    /// A session of the chat has the activity.
    Activity { activity: C, chat: C },
}

/// Facts whose relation depends on the values of a record.
pub(super) enum Grant {
    /// ROLE_ID, ENTITY, ACTION and PERMISSION of a role of that module.
    Permission(&'static Module),
    /// ROLE_ID and an access code in the column.
    Access(&'static Module, Name),
    /// ROLE_ID, ENTITY, PERM_TYPE, ATTR, FIELD and FIELD_VALUE of a CRM role.
    CrmPermission(&'static Module),
    /// USER_ID and ACCESS_CODE as the portal has worked them out; to be compared, and no facts.
    Holders,
}

/// A module with roles.
pub(super) struct Module {
    /// Its name in facts, with which the ids of its roles begin.
    pub name: &'static str,
    /// Its actions, by entity and action of the portal.
    pub actions: &'static [(&'static str, &'static str, &'static str)],
    /// Its levels, by letter.
    pub letters: &'static [(&'static str, &'static str)],
}

impl Source {
    /// The place of a column among those that matter.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Whether a table of that name is this one; the number that `#` stands for.
    pub fn matches<'n>(&self, name: &'n str) -> Option<&'n str> {
        match self.name.split_once('#') {
            None => (self.name == name).then_some(""),
            Some((before, after)) => {
                let number = name.strip_prefix(before)?.strip_suffix(after)?;
                is_number(number).then_some(number)
            }
        }
    }

    /// The facts that its columns can give.
    pub fn facts(&self) -> impl Iterator<Item = &'static Fact> {
        let given = |name: &Name| self.place(name).is_some();
        self.facts.iter().filter(move |fact| fact.places.iter().all(|expr| expr.columns().iter().all(given)))
    }

    /// The relations whose facts it gives.
    pub fn relations(&self) -> Vec<&'static str> {
        let mut relations: Vec<_> = self.facts().map(|fact| fact.relation).collect();
        relations.extend_from_slice(match self.grants {
            Some(Grant::Permission(_)) => &["role_permission"],
            Some(Grant::CrmPermission(_)) => &["crm_role_permission", "crm_role_stage_permission"],
            Some(Grant::Access(..)) => super::codes::ASSIGNMENTS,
            Some(Grant::Holders) | None => &[],
        });
        relations.sort_unstable();
        relations.dedup();
        relations
    }
}

impl Expr {
    /// The columns without which it has no value.
    fn columns(&self) -> Vec<Name> {
        match *self {
            Expr::Is(_) | Expr::Object | Expr::TypeIn(..) | Expr::TypeOfObject(_) => Vec::new(),
            Expr::Joined(names) | Expr::FirstOf(names) => names.to_vec(),
            Expr::Item(of_type, id) => vec![of_type, id],
            Expr::Id(name)
            | Expr::Prefixed(_, name)
            | Expr::Text(name)
            | Expr::Letter(name, _)
            | Expr::Part(name, _)
            | Expr::Behind(_, name)
            | Expr::ItemsIn(name)
            | Expr::Phone(name)
            | Expr::ItemOfObject(name)
            | Expr::ChatsOf(name) => vec![name],
        }
    }
}

/// Whether a text is the number of something: digits alone, and few enough for 64 bits.
#[inline]
pub fn is_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes.len() {
        1..=3 => are_digits(bytes),
        4..=7 => ends_are_digits::<4>(bytes),
        8..=15 => ends_are_digits::<8>(bytes),
        16..=19 => ends_are_digits::<16>(bytes),
        _ => false,
    }
}

/// Whether the first and the last ones are digits, looked at side by side.
#[inline]
fn ends_are_digits<const N: usize>(bytes: &[u8]) -> bool {
    match (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
        (Some(first), Some(last)) => are_digits(first) & are_digits(last),
        _ => false,
    }
}

#[inline]
fn are_digits(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |all, byte| all & byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_number;

    #[test]
    fn numbers_are_digits_that_fit_into_64_bits() {
        let digits = "1234567890123456789";
        assert_eq!([is_number(""), is_number("12345678901234567890")], [false, false]);
        for length in 1..=digits.len() {
            assert!(is_number(&digits[..length]), "{length}");
            for place in 0..length {
                for other in ["/", ":", "-", " ", "\0", "\u{7f}"] {
                    let mut text = digits[..length].to_owned();
                    text.replace_range(place..=place, other);
                    assert!(!is_number(&text), "{text:?}");
                }
            }
        }
        assert_eq!([is_number("1é"), is_number("é"), is_number("12345é")], [false; 3]);
    }
}
