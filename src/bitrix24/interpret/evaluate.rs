//! The values of places and the truth of conditions, for a record.

use crate::bitrix24::catalog::{Expr, Set, Slot, When, is_number};
use crate::bitrix24::codes::{crm_type, named};
use crate::bitrix24::interpret::{Interpreter, Told};
use crate::bitrix24::reason::Reason;
use crate::bitrix24::texts::Texts;

impl<C> Expr<C> {
    /// Whether a record without it is about nothing.
    pub(super) fn is_key(&self) -> bool {
        matches!(self, Expr::Id(_) | Expr::Prefixed(..) | Expr::ItemOfObject(_))
    }
}

impl Interpreter<'_> {
    /// Whether a condition holds; an error where that can't be told.
    pub(super) fn holds(&self, told: &Told, when: &When<Slot>) -> Result<bool, Reason> {
        Ok(match *when {
            When::Always => true,
            When::OneOf(column, texts) => texts.contains(&told.at(column)),
            When::NoneOf(column, texts) => !texts.contains(&told.at(column)),
            When::Are(texts) => texts.iter().all(|(column, text)| told.at(*column) == *text),
            When::Learned(set, column) => {
                let text = told.at(column);
                let is_open = text.is_empty() || self.learned.set(set).is_none();
                (is_open && !(set == Set::DepartmentField && self.learned.field_is_unknown))
                    || self.learned.has(set, text)
            }
            When::Within(from, to) => {
                let at = self.options.at.as_str();
                let (from, to) = (day(told.at(from))?, day(told.at(to))?);
                from.is_none_or(|from| from <= at) && to.is_none_or(|to| at <= to)
            }
        })
    }

    /// Adds the values of a place; false where something stands there that is none.
    pub(super) fn values(&mut self, told: &Told, expr: &Expr<Slot>, values: &mut Texts) -> bool {
        match *expr {
            Expr::Is(text) => values.push(&[text]),
            Expr::Id(column) => return ids(told.texts(column), ["", ""], values),
            Expr::Prefixed(prefix, column) => return ids(told.texts(column), [prefix, ""], values),
            Expr::Text(column) => some(told.at(column).trim(), values),
            Expr::Joined(columns) => some(columns.map(|column| told.at(column).trim()).join(" ").trim(), values),
            Expr::FirstOf(columns) => {
                let texts = columns.map(|column| told.at(column).trim());
                some(texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default(), values);
            }
            Expr::Letter(column, letters) => some(named(letters, told.at(column)).unwrap_or_default(), values),
            Expr::Part(column, number) => {
                let part = told.at(column).split('|').nth(number).unwrap_or_default();
                return ids([part].into_iter(), ["", ""], values);
            }
            Expr::Behind(word, column) => {
                let behind = |text: &&str| text.split_once('|').is_some_and(|(kind, _)| kind == word);
                let (found, others): (Vec<&str>, Vec<&str>) = told.texts(column).partition(behind);
                for _ in others {
                    self.skip(told, Reason::QueueEntry);
                }
                let found = found.into_iter().filter_map(|text| text.split_once('|'));
                return ids(found.map(|(_, id)| id), ["", ""], values);
            }
            Expr::ItemsIn(column) => {
                let mut parts = told.at(column).split('|');
                while let (Some(of_type), Some(id)) = (parts.next(), parts.next()) {
                    item(of_type, id, values);
                }
            }
            Expr::Item(of_type, id) => item(told.at(of_type), told.at(id), values),
            Expr::TypeIn(of_type, category) => self.type_in(of_type, told.at(category), values),
            Expr::Object => some(told.object, values),
            Expr::ItemOfObject(id) => match crm_type(told.object) {
                Some(of_type) => return ids(told.texts(id), [&of_type, ":"], values),
                None => return false,
            },
            Expr::TypeOfObject(category) => match crm_type(told.object) {
                Some(of_type) => self.type_in(&of_type, told.at(category), values),
                None => return false,
            },
            Expr::Phone(column) => self.numbers(told, column, values),
            Expr::ChatsOf(activity) => {
                for (_, chat) in self.learned.chats(told.at(activity)) {
                    values.push_number(*chat);
                }
            }
        }
        true
    }

    /// The type of an item: that of its category, where roles name it.
    fn type_in(&self, of_type: &str, category: &str, values: &mut Texts) {
        let of_category = format!("{of_type}_c{category}");
        let is_named = !matches!(category, "" | "0") && self.learned.has(Set::CrmTypes, &of_category);
        values.push(&[if is_named { &of_category } else { of_type }]);
    }

    /// The phone numbers of a column, in their international form where they have one.
    fn numbers(&mut self, told: &Told, column: Slot, values: &mut Texts) {
        for text in told.texts(column).map(str::trim).filter(|text| !text.is_empty()) {
            match self.phones.international(text) {
                Some(number) => values.push(&[&number]),
                None => {
                    let hidden = self.anonymous.is_some();
                    let what = || if hidden { "…".to_owned() } else { text.to_owned() };
                    self.report.skip(Reason::Phone, told.read, Some(told.place()), what);
                    values.push(&[text]);
                }
            }
        }
    }
}

/// A text that is there.
fn some(text: &str, values: &mut Texts) {
    if !text.is_empty() {
        values.push(&[text]);
    }
}

/// Numbers behind a prefix; none for 0, and for the `false` that PHP writes for nothing. False for what is no number.
fn ids<'t>(mut texts: impl Iterator<Item = &'t str>, [prefix, sign]: [&str; 2], values: &mut Texts) -> bool {
    texts.all(|text| match text.trim_ascii() {
        "" | "0" | "N" => true,
        id if is_number(id) => {
            values.push(&[prefix, sign, id]);
            true
        }
        _ => false,
    })
}

/// The CRM item of a stored type and number, if it is one.
fn item(of_type: &str, id: &str, values: &mut Texts) {
    let [of_type, id] = [of_type, id].map(|text| if is_number(text) { text } else { text.trim() });
    if let Some(of_type) = crm_type(of_type)
        && is_number(id)
        && id != "0"
    {
        values.push(&[&of_type, ":", id]);
    }
}

/// The day of a stored time; `None` for no time, which MySQL also writes as zeros.
fn day(text: &str) -> Result<Option<&str>, Reason> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.trim().get(..10) {
        None if text.trim().is_empty() => Ok(None),
        Some("0000-00-00") => Ok(None),
        Some(day) if day.split('-').map(str::len).eq([4, 2, 2]) && day.split('-').all(digits) => Ok(Some(day)),
        _ => Err(Reason::Date),
    }
}
