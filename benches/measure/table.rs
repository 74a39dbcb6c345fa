//! The table: a row as soon as it is measured, in Markdown, so that it can be read and kept.

use std::time::Duration;

use super::paired::Paired;

/// What a ratio is held to.
#[derive(Clone, Copy, Debug)]
pub enum Bar {
    /// At most so many times.
    AtMost(f64),
    /// At least so many times.
    AtLeast(f64),
    /// Nothing: it stands there to be known.
    None,
}

impl Bar {
    fn text(self) -> String {
        match self {
            Bar::AtMost(bar) => format!("≤ {bar}"),
            Bar::AtLeast(bar) => format!("≥ {bar}"),
            Bar::None => "-".to_owned(),
        }
    }

    fn verdict(self, ratio: f64) -> &'static str {
        let holds = match self {
            Bar::AtMost(bar) => ratio <= bar,
            Bar::AtLeast(bar) => ratio >= bar,
            Bar::None => return "",
        };
        if holds { "yes" } else { "**no**" }
    }
}

/// The table under way.
#[derive(Debug, Default)]
pub struct Table {
    missed: usize,
}

impl Table {
    /// Prints the head.
    pub fn begin() -> Table {
        println!("| {:<44} | measured   | beside {:<30} | ratio  | spread        | bar    | held   |", "what", "");
        println!(
            "|{}|{}|{}|{}|{}|{}|{}|",
            "-".repeat(46),
            "-".repeat(12),
            "-".repeat(39),
            "-".repeat(8),
            "-".repeat(15),
            "-".repeat(8),
            "-".repeat(8)
        );
        Table::default()
    }

    /// Prints two sides that were timed in turn.
    pub fn times(&mut self, what: &str, peer: &str, paired: &Paired, bar: Bar) {
        let theirs = format!("{} {peer}", time(paired.theirs));
        self.row(what, &time(paired.ours), &theirs, paired.ratio(), Some(paired.spread()), bar);
    }

    /// Prints two amounts, and the first by the second.
    pub fn amounts(&mut self, what: &str, ours: f64, peer: &str, theirs: f64, unit: &str, bar: Bar) {
        let show = |amount: f64| format!("{amount:.1} {unit}");
        let theirs_text = if peer.is_empty() { show(theirs) } else { format!("{} {peer}", show(theirs)) };
        self.row(what, &show(ours), &theirs_text, ours / theirs, None, bar);
    }

    /// Prints an amount that is itself held to a limit.
    pub fn limit(&mut self, what: &str, measured: f64, limit: f64, unit: &str) {
        self.amounts(what, measured, "allowed", limit, unit, Bar::AtMost(1.0));
    }

    fn row(&mut self, what: &str, ours: &str, theirs: &str, ratio: f64, spread: Option<(f64, f64)>, bar: Bar) {
        let spread = spread.map_or("-".to_owned(), |(low, high)| format!("{low:.2} to {high:.2}"));
        let verdict = bar.verdict(ratio);
        self.missed += usize::from(verdict == "**no**");
        let bar = bar.text();
        println!("| {what:<44} | {ours:<10} | {theirs:<37} | {ratio:<6.2} | {spread:<13} | {bar:<6} | {verdict:<6} |");
    }

    /// Prints how many bars were missed.
    pub fn end(self) {
        println!("\n{} missed", self.missed);
    }
}

/// A time in the unit that suits it.
pub fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        1.0.. => format!("{seconds:.2} s"),
        1e-3.. => format!("{:.1} ms", seconds * 1e3),
        1e-6.. => format!("{:.2} µs", seconds * 1e6),
        _ => format!("{:.0} ns", seconds * 1e9),
    }
}
