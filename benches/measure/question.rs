//! How long one question takes, among many.

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::paired::middle;

/// The time of all questions, one after the other, for each.
pub fn mean<Q>(questions: &[Q], mut ask: impl FnMut(&Q) -> bool) -> Duration {
    let started = Instant::now();
    let allowed = questions.iter().filter(|question| ask(question)).count();
    let time = started.elapsed();
    black_box(allowed);
    time.div_f64(questions.len().max(1) as f64)
}

/// The middle of the times of single questions, less what reading the clock takes; after all were asked once.
pub fn median<Q>(questions: &[Q], mut ask: impl FnMut(&Q) -> bool) -> Duration {
    mean(questions, &mut ask);
    let asked = questions.iter().map(|question| single(|| ask(question))).collect();
    let clock = questions.iter().map(|_| single(|| true)).collect();
    middle::<Duration>(asked).saturating_sub(middle(clock))
}

fn single(ask: impl FnOnce() -> bool) -> Duration {
    let started = Instant::now();
    black_box(ask());
    started.elapsed()
}
