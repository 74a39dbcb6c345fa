//! Two sides in turn, A B A B …: the ratio of each pair, and the middle of the ratios.
//!
//! A machine gets slower and faster over minutes. Two runs side by side see the same machine, so their ratio says
//! more than two figures taken apart; the middle of several leaves out the pair in which something else ran.

use std::time::{Duration, Instant};

use super::Outcome;

/// What pairs of runs measured.
#[derive(Clone, Debug)]
pub struct Paired {
    /// The middle time of the first side.
    pub ours: Duration,
    /// The middle time of the second side.
    pub theirs: Duration,
    /// First by second, ascending.
    pub ratios: Vec<f64>,
}

/// Runs both sides in turn, after one run of each that does not count.
pub fn paired(
    pairs: usize,
    mut ours: impl FnMut() -> Outcome<Duration>,
    mut theirs: impl FnMut() -> Outcome<Duration>,
) -> Outcome<Paired> {
    ours()?;
    theirs()?;
    let mut times = Vec::new();
    for pair in 0..pairs {
        // Who goes first changes, so that none always finds the other's leavings in the caches.
        let (our, their) = if pair % 2 == 0 {
            let our = ours()?;
            (our, theirs()?)
        } else {
            let their = theirs()?;
            (ours()?, their)
        };
        times.push((our, their));
    }
    Ok(Paired::of(&times))
}

impl Paired {
    /// The figures of measured pairs, of which there is one at least.
    pub fn of(times: &[(Duration, Duration)]) -> Paired {
        let mut ratios: Vec<f64> =
            times.iter().map(|(our, their)| our.as_secs_f64() / their.as_secs_f64().max(1e-12)).collect();
        ratios.sort_by(f64::total_cmp);
        let ours = middle(times.iter().map(|pair| pair.0).collect());
        Paired { ours, theirs: middle(times.iter().map(|pair| pair.1).collect()), ratios }
    }

    /// The same with the sides exchanged: how many times faster the first is.
    pub fn speed(mut self) -> Paired {
        self.ratios = self.ratios.iter().rev().map(|ratio| 1.0 / ratio).collect();
        self
    }

    /// The same with every ratio divided, for two sides of different size.
    pub fn per(mut self, size: f64) -> Paired {
        self.ratios.iter_mut().for_each(|ratio| *ratio /= size);
        self
    }

    /// The middle ratio; of an even number the mean of the two in the middle.
    pub fn ratio(&self) -> f64 {
        let count = self.ratios.len();
        match (self.ratios.get(count.saturating_sub(1) / 2), self.ratios.get(count / 2)) {
            (Some(lower), Some(upper)) => f64::midpoint(*lower, *upper),
            _ => f64::NAN,
        }
    }

    /// The lowest and the highest ratio.
    pub fn spread(&self) -> (f64, f64) {
        let end = |ratio: Option<&f64>| ratio.copied().unwrap_or(f64::NAN);
        (end(self.ratios.first()), end(self.ratios.last()))
    }
}

/// The middle of some times, of which there is one at least.
pub fn middle<T: Ord + Copy + Default>(mut times: Vec<T>) -> T {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How long it took, and what it gave.
pub fn timed<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let started = Instant::now();
    let given = run();
    (started.elapsed(), given)
}
