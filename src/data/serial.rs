//! Serial ids: a short prefix and a number, as `15`, `u95638` or `CRM_DEAL_123`. Portals number nearly all their
//! things so, and a number finds its symbol in an array, without a hash and without a look at the text.

use crate::data::Value;

/// So many prefixes of one kind have an array; of more, most would be codes that only happen to end in a digit.
const SERIES_LIMIT: usize = 8;
/// Prefixes are up to this many bytes.
const PREFIX_LIMIT: usize = 12;
/// Numbers are up to this many digits, so that they fit into 32 bits.
const DIGITS_LIMIT: usize = 9;
/// An array may have this many places for each id of its prefix, and some more where there are few.
const PLACES_PER_ID: usize = 8;
const PLACES_FOR_FEW: usize = 1_024;

/// The place of an array that no symbol has.
const EMPTY: u32 = u32::MAX;

/// The arrays of one kind of symbols: from prefix and number to the symbol.
///
/// Costs at most `4 * PLACES_PER_ID` bytes an id, and four where no number is left out.
#[derive(Clone, Debug, Default)]
pub struct Serials {
    series: Vec<Series>,
}

/// The ids of one prefix.
#[derive(Clone, Debug)]
struct Series {
    prefix: Box<[u8]>,
    /// By the number of the id: the number of the symbol.
    symbols: Vec<u32>,
    /// How many ids there are, in the array or not.
    ids: usize,
    /// Whether some are not in the array, because their numbers lay too far out when they came.
    has_outsiders: bool,
}

/// Where a serial id belongs. Prefix and number make up the whole text, so equal places are equal ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SerialPlace {
    series: usize,
    number: u32,
}

impl Serials {
    /// The place of an id whose prefix is known; `None` of any other text.
    #[inline]
    pub fn place(&self, id: &str) -> Option<SerialPlace> {
        let bytes = id.as_bytes();
        if !bytes.last()?.is_ascii_digit() {
            return None;
        }
        self.series.iter().enumerate().find_map(|(series, known)| {
            let number = canonical_number(bytes.strip_prefix(&*known.prefix)?)?;
            Some(SerialPlace { series, number })
        })
    }

    /// [`Serials::place`] of an id whose prefix becomes known with it.
    pub fn place_of_new(&mut self, id: &str) -> Option<SerialPlace> {
        if self.series.len() == SERIES_LIMIT {
            return None;
        }
        let bytes = id.as_bytes();
        let digits = bytes.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let (prefix, digits) = bytes.split_at(bytes.len() - digits);
        let number = canonical_number(digits).filter(|_| prefix.len() <= PREFIX_LIMIT)?;
        self.series.push(Series { prefix: prefix.into(), symbols: Vec::new(), ids: 0, has_outsiders: false });
        Some(SerialPlace { series: self.series.len() - 1, number })
    }

    /// The symbol at a place.
    #[inline]
    pub fn get(&self, place: SerialPlace) -> Option<Value> {
        let symbol = self.series[place.series].symbols.get(place.number as usize);
        symbol.filter(|symbol| **symbol != EMPTY).map(|symbol| Value(*symbol))
    }

    /// Whether an id whose place is empty may be known all the same.
    pub fn has_outsiders(&self, place: SerialPlace) -> bool {
        self.series[place.series].has_outsiders
    }

    /// Counts a new id, and says whether the array has a place for it. Where it has none, the id is an outsider.
    pub fn admit(&mut self, place: SerialPlace) -> bool {
        let series = &mut self.series[place.series];
        series.ids += 1;
        let is_near = series.reaches(place.number);
        series.has_outsiders |= !is_near;
        is_near
    }

    /// Puts a symbol at its place, where the array may have one.
    pub fn put(&mut self, place: SerialPlace, symbol: Value) {
        let series = &mut self.series[place.series];
        if series.reaches(place.number) {
            let number = place.number as usize;
            if series.symbols.len() <= number {
                series.symbols.resize(number + 1, EMPTY);
            }
            series.symbols[number] = symbol.0;
        }
    }
}

impl Series {
    fn reaches(&self, number: u32) -> bool {
        (number as usize) < self.symbols.len().max(self.ids * PLACES_PER_ID + PLACES_FOR_FEW)
    }
}

/// The number of a decimal as a number is written: without leading zeros, and not too long.
#[inline]
fn canonical_number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > DIGITS_LIMIT || (digits[0] == b'0' && digits.len() > 1) {
        return None;
    }
    let mut number = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + u32::from(digit);
    }
    Some(number)
}
