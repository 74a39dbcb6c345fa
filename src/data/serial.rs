//! Serial ids: a short prefix and a number, as `15`, `u95638` or `CRM_DEAL_123`. Portals number nearly all their
//! things so, and a number finds its symbol in an array, without a hash and without a look at the text.

use std::ops::Range;

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
    /// By the number of the id: its symbol, or [`Value::NONE`].
    symbols: Vec<Value>,
    /// How many ids there are, in the array or not.
    ids: usize,
    /// Whether some are not in the array, because their numbers lay too far out when they came.
    has_outsiders: bool,
}

/// Where a serial id belongs. Prefix and number make up the whole text, so equal places are equal ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SerialPlace {
    /// The number of the array.
    pub series: usize,
    /// The number of the id.
    pub number: u32,
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
        let (prefix, number) = split(id.as_bytes())?;
        self.series.push(Series { prefix: prefix.into(), symbols: Vec::new(), ids: 0, has_outsiders: false });
        Some(SerialPlace { series: self.series.len() - 1, number })
    }

    /// The symbol at a place.
    #[inline]
    pub fn get(&self, place: SerialPlace) -> Option<Value> {
        let symbol = self.series[place.series].symbols.get(place.number as usize);
        symbol.copied().filter(|symbol| *symbol != Value::NONE)
    }

    /// The number of the array of a prefix, if it has one.
    pub fn series(&self, prefix: &[u8]) -> Option<usize> {
        self.series.iter().position(|known| *known.prefix == *prefix)
    }

    /// The symbols of an array by number of the id, [`Value::NONE`] where there is none.
    pub fn symbols(&self, series: usize) -> &[Value] {
        &self.series[series].symbols
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
                series.symbols.resize(number + 1, Value::NONE);
            }
            series.symbols[number] = symbol;
        }
    }
}

impl Series {
    fn reaches(&self, number: u32) -> bool {
        (number as usize) < self.symbols.len().max(self.ids * PLACES_PER_ID + PLACES_FOR_FEW)
    }
}

/// The prefix that the serial ids of a column share. It reads their numbers without a loop over the digits.
#[derive(Clone, Copy, Debug)]
pub struct SerialPrefix {
    text: [u8; PREFIX_LIMIT],
    length: usize,
    /// The first eight bytes, and which of them count.
    word: u64,
    mask: u64,
}

impl SerialPrefix {
    /// The prefix of an id; `None` of any other text.
    pub fn of(id: &[u8]) -> Option<SerialPrefix> {
        let (prefix, _) = split(id)?;
        let mut text = [0; PREFIX_LIMIT];
        text[..prefix.len()].copy_from_slice(prefix);
        let word = text.first_chunk().map_or(0, |first| u64::from_le_bytes(*first));
        let mask = if prefix.len() < 8 { (1 << (8 * prefix.len())) - 1 } else { u64::MAX };
        Some(SerialPrefix { text, length: prefix.len(), word, mask })
    }

    /// Its text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.text[..self.length]
    }

    /// The number of the serial id that stands in that place; `None` of any other text, and of one with another prefix.
    #[inline]
    pub fn number(&self, bytes: &[u8], id: Range<usize>) -> Option<u32> {
        let digits = id.end.checked_sub(id.start + self.length)?;
        let text = bytes.get(id.clone())?;
        let (Some(first), Some(last)) = (bytes[id.start..].first_chunk(), bytes[..id.end].last_chunk()) else {
            return canonical_number(text.strip_prefix(self.as_bytes())?);
        };
        if (u64::from_le_bytes(*first) ^ self.word) & self.mask != 0 {
            return None;
        }
        match digits {
            1..=8 if self.length <= 8 => number_of_last(u64::from_le_bytes(*last), digits),
            _ => canonical_number(text.strip_prefix(self.as_bytes())?),
        }
    }
}

/// The number that the last `digits` of eight bytes write, if [`canonical_number`] reads one there. Neighbouring digits are put
/// together in all places at once, then neighbouring pairs, then fours.
#[inline]
fn number_of_last(bytes: u64, digits: usize) -> Option<u32> {
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    const HIGH_HALVES: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    let others = 64 - 8 * digits as u32;
    let first = (bytes >> others) & 0xff;
    let values = (bytes >> others << others) | (ZEROS & !(u64::MAX << others));
    let is_decimal = values & HIGH_HALVES == ZEROS && (values + 0x0606_0606_0606_0606) & HIGH_HALVES == ZEROS;
    if !is_decimal || (first == u64::from(b'0') && digits > 1) {
        return None;
    }
    let pairs = ((values - ZEROS).wrapping_mul(10 << 8 | 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100 << 16 | 1) >> 16) & 0x0000_ffff_0000_ffff;
    Some((fours.wrapping_mul(10_000 << 32 | 1) >> 32) as u32)
}

/// The prefix and number of a serial id.
fn split(id: &[u8]) -> Option<(&[u8], u32)> {
    let digits = id.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (prefix, digits) = id.split_at(id.len() - digits);
    let number = canonical_number(digits)?;
    (prefix.len() <= PREFIX_LIMIT).then_some((prefix, number))
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
