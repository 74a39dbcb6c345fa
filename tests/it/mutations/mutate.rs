//! Mutations of texts: of bytes, of words, of lines, across texts, deep and long. What comes out is any text at all,
//! but more often than chance would have it one that the parser or the checker gets far into.

use crate::portal::random::Rng;

/// What is hard to read, to draw, or to escape.
const PIECES: [&str; 64] = [
    "\u{202e}",
    "\u{2066}",
    "\u{feff}",
    "\0",
    "\r",
    "\r\n",
    "\n",
    "\t",
    "\u{b}",
    "\u{85}",
    "\u{2028}",
    "\u{1b}[31m",
    "é",
    "😀",
    "а",
    "\u{301}",
    "\u{200d}",
    "\"",
    "\\",
    "\"\\",
    "'",
    "`",
    "“",
    "/*",
    "*/",
    "//",
    "///",
    "////",
    "\\u{",
    "\\u{110000}",
    "\\u{202e}",
    "{",
    "}",
    "{X}",
    "{{",
    "(",
    ")",
    ",",
    ";",
    ":",
    "@",
    "@id(\"x\")",
    "@id(",
    ".",
    "=",
    "!=",
    "<",
    "<=",
    ":-",
    "==",
    "=<",
    "!",
    "&&",
    "||",
    "_",
    "_x",
    "-",
    "-1",
    "9223372036854775807",
    "9223372036854775808",
    "1.5",
    "0",
    "x",
    "X",
];

/// Words of the language, and what may stand around them.
const WORDS: [&str; 30] = [
    " entity ",
    " enum ",
    " action ",
    " on ",
    " input ",
    " relation ",
    " decision ",
    " if ",
    " not ",
    " test ",
    " expect ",
    " max(",
    " min(",
    " count(",
    " user",
    " chat",
    " level",
    " text",
    " int",
    " resource",
    " allow(",
    " deny(",
    " permitted(",
    " portal",
    " history.view",
    " own",
    " user(U)",
    " reported(U)",
    " entity z; ",
    " test \"t\" { ",
];

/// How often at most something short is repeated.
const MOST_REPEATED: usize = 3_000;

/// No text grows beyond so many bytes.
const LONGEST: usize = 40_000;

/// A text made from one of the seeds, and perhaps from others too.
pub fn mutated(seeds: &[String], rng: &mut Rng) -> String {
    let mut text = part_of(rng.pick::<String>(seeds), rng);
    for _ in 0..rng.between(1, 4) {
        text = match rng.below(16) {
            0..=5 => of_words(&text, seeds, rng),
            6..=7 => of_bytes(text, rng),
            8..=9 => of_lines(&text, seeds, rng),
            10 => inserted(text, rng.pick::<&str>(&PIECES), rng),
            11 => inserted(text, rng.pick::<&str>(&WORDS), rng),
            12 => spliced(&text, rng.pick::<String>(seeds), rng),
            13 => cut(&text, rng),
            14 => same_word_elsewhere(&text, rng),
            // Rarely, since what is long takes long.
            _ if rng.chance(10) => repeated(text, rng),
            _ => cut(&text, rng),
        };
        if text.len() > LONGEST {
            text.truncate(floor(&text, LONGEST));
        }
    }
    text
}

/// Long seeds are cut down to some of their lines, so that the mutation matters.
fn part_of(seed: &str, rng: &mut Rng) -> String {
    let lines: Vec<&str> = seed.split_inclusive('\n').collect();
    if lines.len() <= 40 {
        return seed.to_owned();
    }
    let from = rng.below(lines.len());
    lines[from..].iter().take(rng.between(5, 40)).copied().collect()
}

/// Runs of letters and digits, runs of blanks, and all other characters one by one.
fn words(text: &str) -> Vec<&str> {
    let kind = |character: char| match character {
        ' ' | '\n' | '\r' | '\t' => 1,
        _ if character.is_alphanumeric() || character == '_' => 2,
        _ => 0,
    };
    let mut words = Vec::new();
    let mut start = 0;
    let mut before = 0;
    for (at, character) in text.char_indices() {
        let now = kind(character);
        if at > start && (now != before || now == 0) {
            words.push(&text[start..at]);
            start = at;
        }
        before = now;
    }
    words.push(&text[start..]);
    words
}

fn of_words(text: &str, seeds: &[String], rng: &mut Rng) -> String {
    let mut words = words(text);
    let others = self::words(rng.pick::<String>(seeds));
    for _ in 0..rng.between(1, 3) {
        let (at, other) = (rng.below(words.len()), rng.below(words.len()));
        match rng.below(6) {
            0 if words.len() > 1 => drop(words.remove(at)),
            1 => words.insert(at, words[at]),
            2 => words.swap(at, other),
            3 => words[at] = others[rng.below(others.len())],
            4 => words[at] = rng.pick::<&str>(&PIECES),
            _ => words[at] = words[other],
        }
    }
    words.concat()
}

/// Another word of the text in the place of one that begins as it does: so a name stays a name, a variable a variable.
fn same_word_elsewhere(text: &str, rng: &mut Rng) -> String {
    let mut words = words(text);
    let kind = |word: &str| {
        let first = word.chars().next();
        first.map(|first| (first.is_lowercase(), first.is_uppercase(), first.is_ascii_digit()))
    };
    for _ in 0..rng.between(1, 4) {
        let (at, from) = (rng.below(words.len()), rng.below(words.len()));
        let alike = (0..words.len()).map(|step| (from + step) % words.len()).find(|other| {
            let other = words[*other];
            kind(other) == kind(words[at]) && other != words[at]
        });
        if let Some(other) = alike {
            words[at] = words[other];
        }
    }
    words.concat()
}

fn of_lines(text: &str, seeds: &[String], rng: &mut Rng) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let others: Vec<&str> = rng.pick::<String>(seeds).split_inclusive('\n').collect();
    if lines.is_empty() || others.is_empty() {
        return text.to_owned();
    }
    let (at, other) = (rng.below(lines.len()), rng.below(lines.len()));
    match rng.below(5) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[other]),
        2 => lines.swap(at, other),
        3 => lines.insert(at, others[rng.below(others.len())]),
        // A statement that is not ended, before another one.
        _ => lines[at] = lines[at].trim_end().trim_end_matches(';'),
    }
    lines.concat()
}

fn of_bytes(text: String, rng: &mut Rng) -> String {
    let mut bytes = text.into_bytes();
    for _ in 0..rng.between(1, 4) {
        let at = rng.below(bytes.len().max(1));
        match (rng.below(3), bytes.is_empty()) {
            (0, false) => drop(bytes.remove(at)),
            (1, false) => bytes[at] = rng.below(256) as u8,
            _ => bytes.insert(at, rng.below(128) as u8),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn inserted(mut text: String, piece: &str, rng: &mut Rng) -> String {
    let at = floor(&text, rng.below(text.len() + 1));
    text.insert_str(at, piece);
    text
}

/// The beginning of one and the end of another.
fn spliced(text: &str, other: &str, rng: &mut Rng) -> String {
    let (end, start) = (floor(text, rng.below(text.len() + 1)), floor(other, rng.below(other.len() + 1)));
    let mut tail = part_of(&other[start..], rng);
    tail.insert_str(0, &text[..end]);
    tail
}

/// Without its beginning, its end, or something between.
fn cut(text: &str, rng: &mut Rng) -> String {
    let (one, other) = (floor(text, rng.below(text.len() + 1)), floor(text, rng.below(text.len() + 1)));
    match rng.below(3) {
        0 => text[..one].to_owned(),
        1 => text[one..].to_owned(),
        _ => format!("{}{}", &text[..one.min(other)], &text[one.max(other)..]),
    }
}

/// A word, a line, or something that opens, very often one after the other.
fn repeated(mut text: String, rng: &mut Rng) -> String {
    let piece = match rng.below(4) {
        0 => (*rng.pick::<&str>(&PIECES)).to_owned(),
        1 => (*rng.pick::<&str>(&WORDS)).to_owned(),
        2 => {
            let words = words(&text);
            let from = rng.below(words.len());
            words[from..].iter().take(rng.between(1, 8)).copied().collect()
        }
        _ => {
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            lines.get(rng.below(lines.len().max(1))).copied().unwrap_or("x").to_owned()
        }
    };
    let most = (LONGEST / piece.len().max(1)).min(MOST_REPEATED);
    let at = floor(&text, rng.below(text.len() + 1));
    text.insert_str(at, &piece.repeat(rng.between(1, most.max(1))));
    text
}

/// The last boundary between characters that is not behind `at`.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
