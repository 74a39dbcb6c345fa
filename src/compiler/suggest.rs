//! Did you mean: the names nearest to a mistyped one, among those that would be accepted in its place.

/// No more are offered.
const MOST: usize = 3;

/// A longer name, in characters, is no slip of the hand; to compare such names takes time by the square of them.
const LONGEST: usize = 200;

/// How near a candidate is, nearest first.
type Distance = usize;

/// At most three of the candidates, best first, ties by name: those that differ only in case or in `-` and `_`,
/// else those whose words are abbreviated, and those within `max(1, length / 3)` edits (insertions, deletions, replacements,
/// swaps of neighbours).
/// Takes time in proportion to the number of candidates, and little for those of another length. Nothing comes near
/// a name of more than 200 characters.
pub fn nearest<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted_folded: Vec<char> = folded(wanted).collect();
    if wanted_folded.len() > LONGEST {
        return Vec::new();
    }
    let limit = (wanted_folded.len() / 3).max(1);
    let mut rows = Rows::default();
    let mut best: Vec<(Distance, &'a str)> = Vec::new();
    for candidate in candidates {
        let worst = if best.len() == MOST { best[MOST - 1].0 } else { limit };
        if candidate.len() > wanted.len() * 4 + limit * 4 || wanted.len() > candidate.len() * 4 + limit * 4 {
            continue;
        }
        let edits = rows.distance(&wanted_folded, candidate, worst.min(limit));
        let distance = if is_abbreviation(&wanted_folded, candidate) { Some(edits.unwrap_or(1).min(1)) } else { edits };
        let Some(distance) = distance else { continue };
        let entry = (distance, candidate);
        if candidate != wanted && !best.contains(&entry) {
            let place = best.partition_point(|other| *other < entry);
            best.insert(place, entry);
            best.truncate(MOST);
        }
    }
    if best.first().is_some_and(|(distance, _)| *distance == 0) {
        best.retain(|(distance, _)| *distance == 0);
    }
    best.into_iter().map(|(_, name)| name).collect()
}

/// The question to ask, as ``did you mean `x`, `y` or `z`?``. There is at least one name.
pub fn did_you_mean(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => format!("did you mean {last}?"),
        Some((last, others)) => format!("did you mean {} or {last}?", others.join(", ")),
    }
}

/// The built-in type that other languages call so.
pub fn type_known_elsewhere(name: &str) -> Option<&'static str> {
    match name.to_ascii_lowercase().as_str() {
        "integer" | "number" | "i64" | "bigint" => Some("int"),
        "string" | "str" | "varchar" => Some("text"),
        _ => None,
    }
}

/// Whether two names differ at most in what people mix up: their case, and `-` for `_`.
pub fn is_same(name: &str, other: &str) -> bool {
    folded(name).eq(folded(other))
}

/// Whether each word of a name begins as that of the candidate and has its letters in their order: `assigned_to_dept` for
/// `assigned_to_department`. A word of fewer than three letters must be the whole.
fn is_abbreviation(wanted: &[char], candidate: &str) -> bool {
    let is_border = |letter: &char| matches!(letter, '_' | '.');
    let candidate: Vec<char> = folded(candidate).collect();
    let (shorter, longer) = (wanted.split(is_border), candidate.split(is_border));
    let fits = |(short, long): (&[char], &[char])| {
        let mut letters = long.iter();
        let mut in_order = || short.iter().all(|letter| letters.any(|other| other == letter));
        short == long || short.len() >= 3 && short.first() == long.first() && in_order()
    };
    shorter.clone().count() == longer.clone().count() && shorter.zip(longer).all(fits)
}

/// Letters without what people mix up: their case, and `-` for `_`.
fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().flat_map(char::to_lowercase).map(|character| if character == '-' { '_' } else { character })
}

/// The three rows of the table of edit distances that are needed at a time, kept between candidates.
#[derive(Default)]
struct Rows {
    candidate: Vec<char>,
    before_last: Vec<usize>,
    last: Vec<usize>,
    current: Vec<usize>,
}

impl Rows {
    /// The number of edits between the names, if there are no more than `limit`. Only a band of the table along its
    /// diagonal can hold such a number, so only that is computed.
    fn distance(&mut self, wanted: &[char], candidate: &str, limit: usize) -> Option<usize> {
        self.candidate.clear();
        self.candidate.extend(folded(candidate));
        let (rows, columns) = (wanted.len(), self.candidate.len());
        if rows.abs_diff(columns) > limit {
            return None;
        }
        let far = limit + 1;
        for row in [&mut self.before_last, &mut self.last, &mut self.current] {
            row.clear();
            row.resize(columns + 1, far);
        }
        for (column, cell) in self.last.iter_mut().enumerate().take(limit + 1) {
            *cell = column;
        }
        for row in 1..=rows {
            if self.fill_row(wanted, row, limit) > limit {
                return None;
            }
            std::mem::swap(&mut self.before_last, &mut self.last);
            std::mem::swap(&mut self.last, &mut self.current);
        }
        Some(self.last[columns]).filter(|distance| *distance <= limit)
    }

    /// Computes the band of one row, and returns its least cell.
    fn fill_row(&mut self, wanted: &[char], row: usize, limit: usize) -> usize {
        let far = limit + 1;
        let columns = self.candidate.len();
        let from = row.saturating_sub(limit).max(1);
        let to = (row + limit).min(columns);
        self.current.fill(far);
        self.current[0] = row.min(far);
        let mut least = self.current[0];
        for column in from..=to {
            let differs = wanted[row - 1] != self.candidate[column - 1];
            let mut cell = (self.last[column - 1] + usize::from(differs))
                .min(self.last[column] + 1)
                .min(self.current[column - 1] + 1);
            let swapped = row > 1
                && column > 1
                && wanted[row - 1] == self.candidate[column - 2]
                && wanted[row - 2] == self.candidate[column - 1];
            if swapped {
                cell = cell.min(self.before_last[column - 2] + 1);
            }
            self.current[column] = cell.min(far);
            least = least.min(self.current[column]);
        }
        least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn among<'a>(wanted: &str, candidates: &[&'a str]) -> Vec<&'a str> {
        nearest(wanted, candidates.iter().copied())
    }

    #[test]
    fn one_letter_is_enough_for_short_names() {
        assert_eq!(among("uer", &["user", "role", "use"]), ["user"]);
        assert_eq!(among("ab", &["xy"]), [""; 0]);
    }

    #[test]
    fn a_third_of_the_letters_may_differ() {
        assert_eq!(among("work_in", &["works_in", "in_workgroup"]), ["works_in"]);
        assert_eq!(among("departmant_haed", &["department_head"]), ["department_head"]);
        assert_eq!(among("abcdef", &["abcxyz"]), [""; 0]);
    }

    #[test]
    fn case_and_hyphens_win_over_edits() {
        assert_eq!(among("Works-In", &["works_in", "works_on"]), ["works_in"]);
    }

    #[test]
    fn at_most_three_best_first_and_ties_by_name() {
        assert_eq!(among("rolex", &["rolez", "roley", "role", "rolew", "rules"]), ["role", "rolew", "roley"]);
        assert_eq!(among("levels", &["lever", "level"]), ["level", "lever"]);
    }

    #[test]
    fn neighbours_that_changed_places_are_one_edit() {
        assert_eq!(among("caht", &["chat"]), ["chat"]);
    }

    #[test]
    fn nothing_comes_near_an_endless_name() {
        let (endless, other) = ("a".repeat(201), "a".repeat(200));
        assert_eq!(among(&endless, &[&other]), [""; 0]);
        assert_eq!(among(&other, &[&endless]), [&endless]);
    }

    #[test]
    fn a_repeated_candidate_is_offered_once() {
        assert_eq!(among("chatt", &["chat", "chat"]), ["chat"]);
    }

    #[test]
    fn the_question_lists_the_names() {
        assert_eq!(did_you_mean(&["x"]), "did you mean `x`?");
        assert_eq!(did_you_mean(&["x", "y", "z"]), "did you mean `x`, `y` or `z`?");
    }

    #[test]
    fn many_candidates_take_little_time() {
        let names: Vec<String> = (0..100_000).map(|number| format!("user_name_{number}")).collect();
        let found = nearest("user_nam_77777", names.iter().map(String::as_str));
        assert_eq!(found[0], "user_name_77777");
    }
}
