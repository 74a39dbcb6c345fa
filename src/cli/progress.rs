//! Progress of work beyond a second, on a terminal only.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that appears once the work has taken a second.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    pending: u64,
}

/// Progress through bytes; without a known total only the count shows.
pub fn bytes(what: &'static str, total: Option<u64>) -> Progress {
    progress(what, total, "{prefix} {wide_bar} {bytes}/{total_bytes} {eta}", "{prefix} {bytes} {bytes_per_sec}")
}

/// Progress through requests, whose total is not known.
pub fn requests(what: &'static str) -> Progress {
    progress(what, None, "", "{prefix} {human_pos} requests {per_sec}")
}

/// Progress through questions.
pub fn questions(what: &'static str, total: u64) -> Progress {
    progress(what, Some(total), "{prefix} {wide_bar} {human_pos}/{human_len} questions {eta}", "")
}

fn progress(what: &'static str, total: Option<u64>, known: &str, unknown: &str) -> Progress {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden()).with_prefix(what);
    let template = if total.is_some() { known } else { unknown };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    Progress { bar, started: Instant::now(), pending: 0 }
}

impl Progress {
    /// That much more is done.
    pub fn add(&mut self, amount: u64) {
        self.pending += amount;
        if self.bar.is_hidden() && self.started.elapsed() < PATIENCE {
            return;
        }
        if self.bar.is_hidden() {
            // Draws on a terminal only.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(std::mem::take(&mut self.pending));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
