//! The values of places and the truth of conditions, for a record.

use std::borrow::Cow;

use crate::bitrix24::catalog::{Expr, Set, Slot, When, is_number};
use crate::bitrix24::codes::{crm_type, named};
use crate::bitrix24::interpret::{Interpreter, Told, Values};
use crate::bitrix24::reason::Reason;

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

    /// The values of a place; `None` where something stands there that is none.
    pub(super) fn values<'t>(&mut self, told: &Told<'t>, expr: &Expr<Slot>) -> Option<Values<'t>> {
        match *expr {
            Expr::Is(text) => Some(one(text)),
            Expr::Id(column) => ids(told.texts(column), ""),
            Expr::Prefixed(prefix, column) => ids(told.texts(column), prefix),
            Expr::Text(column) => Some(some(Some(told.at(column).trim()).filter(|text| !text.is_empty()))),
            Expr::Joined(columns) => {
                let texts = columns.map(|column| told.at(column).trim());
                Some(some(Some(texts.join(" ").trim().to_owned()).filter(|text| !text.is_empty())))
            }
            Expr::FirstOf(columns) => {
                let texts = columns.map(|column| told.at(column).trim());
                Some(some(texts.into_iter().find(|text| !text.is_empty())))
            }
            Expr::Letter(column, letters) => Some(some(named(letters, told.at(column)))),
            Expr::Part(column, number) => {
                let part = told.at(column).split('|').nth(number).unwrap_or_default();
                ids([part].into_iter(), "")
            }
            Expr::Behind(word, column) => {
                let behind = |text: &&str| text.split_once('|').is_some_and(|(kind, _)| kind == word);
                let (found, others): (Vec<&str>, Vec<&str>) = told.texts(column).partition(behind);
                for _ in others {
                    self.skip(told, Reason::QueueEntry);
                }
                ids(found.into_iter().filter_map(|text| text.split_once('|')).map(|(_, id)| id), "")
            }
            Expr::ItemsIn(column) => {
                let parts: Vec<&str> = told.at(column).split('|').collect();
                let items = parts.chunks_exact(2).filter_map(|pair| item(pair[0], pair[1]));
                Some(items.map(Cow::Owned).collect())
            }
            Expr::Item(of_type, id) => Some(some(item(told.at(of_type), told.at(id)))),
            Expr::TypeIn(of_type, category) => Some(one(self.type_in(of_type, told.at(category)))),
            Expr::Object => Some(some(Some(told.object).filter(|object| !object.is_empty()))),
            Expr::ItemOfObject(id) => {
                let prefix = crm_type(told.object)?;
                ids(told.texts(id), &format!("{prefix}:"))
            }
            Expr::TypeOfObject(category) => {
                let of_type = crm_type(told.object)?;
                Some(one(self.type_in(&of_type, told.at(category))))
            }
            Expr::Phone(column) => Some(self.numbers(told, column)),
            Expr::ChatsOf(activity) => {
                Some(self.learned.chats(told.at(activity)).map(|chat| Cow::Owned(chat.to_string())).collect())
            }
        }
    }

    /// The type of an item: that of its category, where roles name it.
    fn type_in(&self, of_type: &str, category: &str) -> String {
        let of_category = format!("{of_type}_c{category}");
        let is_named = !matches!(category, "" | "0") && self.learned.has(Set::CrmTypes, &of_category);
        if is_named { of_category } else { of_type.to_owned() }
    }

    /// The phone numbers of a column, in their international form where they have one.
    fn numbers<'t>(&mut self, told: &Told<'t>, column: Slot) -> Values<'t> {
        let mut numbers = Values::new();
        for text in told.texts(column).map(str::trim).filter(|text| !text.is_empty()) {
            match self.phones.international(text) {
                Some(number) => numbers.push(Cow::Owned(number)),
                None => {
                    let hidden = self.anonymous.is_some();
                    let what = || if hidden { "…".to_owned() } else { text.to_owned() };
                    self.report.skip(Reason::Phone, told.read, Some(told.place()), what);
                    numbers.push(Cow::Borrowed(text));
                }
            }
        }
        numbers
    }
}

fn one<'t>(value: impl Into<Cow<'t, str>>) -> Values<'t> {
    some(Some(value))
}

fn some<'t>(value: Option<impl Into<Cow<'t, str>>>) -> Values<'t> {
    value.into_iter().map(Into::into).collect()
}

/// Numbers behind a prefix; none for 0, and for the `false` that PHP writes for nothing. `None` for what is no number.
fn ids<'t>(texts: impl Iterator<Item = &'t str>, prefix: &str) -> Option<Values<'t>> {
    let mut ids = Values::new();
    for text in texts {
        match text.trim_ascii() {
            "" | "0" | "N" => {}
            id if is_number(id) && prefix.is_empty() => ids.push(Cow::Borrowed(id)),
            id if is_number(id) => ids.push(Cow::Owned([prefix, id].concat())),
            _ => return None,
        }
    }
    Some(ids)
}

/// The CRM item of a stored type and number, if it is one.
fn item(of_type: &str, id: &str) -> Option<String> {
    let of_type = crm_type(of_type.trim())?;
    let id = Some(id.trim()).filter(|id| is_number(id) && *id != "0")?;
    Some([&*of_type, ":", id].concat())
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
