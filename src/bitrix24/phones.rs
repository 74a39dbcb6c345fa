//! Phone numbers in their international form, E.164, so that one number is one text whoever wrote it.

use phonenumber::country::Id;
use phonenumber::{Mode, is_valid, parse};
use rustc_hash::FxHashMap;

/// So many numbers are remembered: customers call again.
const REMEMBERED: usize = 1 << 16;

/// Reads numbers, national ones as those of a country.
pub(super) struct Phones {
    country: Option<Id>,
    known: FxHashMap<String, Option<String>>,
}

impl Phones {
    /// For portals whose national numbers are those of the country, as `DE`.
    pub fn new(country: Option<Country>) -> Phones {
        Phones { country: country.map(|country| country.0), known: FxHashMap::default() }
    }

    /// The number as E.164; `None` where it is no number.
    pub fn international(&mut self, text: &str) -> Option<String> {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let number = parse(self.country, text).ok().filter(is_valid);
        let written = number.map(|number| number.format().mode(Mode::E164).to_string());
        if self.known.len() == REMEMBERED {
            self.known.clear();
        }
        self.known.insert(text.to_owned(), written.clone());
        written
    }
}

/// A country, by its two letters.
#[derive(Clone, Copy, Debug)]
pub struct Country(Id);

impl std::str::FromStr for Country {
    type Err = String;

    fn from_str(letters: &str) -> Result<Country, String> {
        let known = letters.to_ascii_uppercase().parse().map(Country);
        known.map_err(|_| format!("`{letters}` is no country: two letters, as DE or RU"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(country: Option<&str>, text: &str) -> Option<String> {
        Phones::new(country.and_then(|country| country.parse().ok())).international(text)
    }

    #[test]
    fn one_number_is_one_text_however_it_is_written() {
        for text in ["+7 (495) 123-45-67", "8 495 123 45 67", "74951234567", "4951234567"] {
            assert_eq!(read(Some("RU"), text).as_deref(), Some("+74951234567"), "{text}");
        }
        assert_eq!(read(None, "+49 30 901820").as_deref(), Some("+4930901820"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["101", "sip:anna", "", "+7 12", "8 495 123 45 67"] {
            assert_eq!(read(None, text), None, "{text}");
        }
    }

    #[test]
    fn countries_have_two_letters() {
        assert!("de".parse::<Country>().is_ok());
        assert!("Germany".parse::<Country>().is_err());
    }
}
