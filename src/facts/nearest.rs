//! The valid names that look most like a wrong one.

/// At most three of the candidates, the nearest first.
pub(super) fn nearest<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    candidates.filter(|name| name.eq_ignore_ascii_case(wanted)).take(3).collect()
}
