//! Progress of work beyond a second, on a terminal only. What is done is counted as it is told; what tells nothing shows that
//! it goes on.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use rolecall::report::escape::escape;

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// So often what is shown is drawn anew.
const TICK: Duration = Duration::from_millis(200);

/// A bar that appears once the work has taken a second, and goes when this is dropped.
pub struct Progress {
    bar: ProgressBar,
    /// Who shows it, and how to say that it is over.
    shown: Option<(Sender<()>, JoinHandle<()>)>,
}

/// Progress through bytes; without a known total only the count shows.
pub fn bytes(what: &'static str, total: Option<u64>) -> Progress {
    progress(what, total, "{prefix} {wide_bar} {bytes}/{total_bytes} {eta}", "{prefix} {bytes} {bytes_per_sec}")
}

/// Progress through requests, whose total is not known.
pub fn requests(what: &'static str) -> Progress {
    progress(what, None, "", "{prefix} {human_pos} requests {per_sec}")
}

/// Progress through questions; without a known total what is asked and the count show.
pub fn questions(what: &'static str, total: Option<u64>) -> Progress {
    let known = "{prefix} {wide_bar} {human_pos}/{human_len} questions {eta}";
    progress(what, total, known, "{prefix} {msg}: {human_pos} questions {per_sec}")
}

/// Work that is not counted.
pub fn phase(what: &'static str) -> Progress {
    progress(what, None, "", "{spinner} {prefix} {elapsed}")
}

fn progress(what: &'static str, total: Option<u64>, known: &str, unknown: &str) -> Progress {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden()).with_prefix(what);
    let template = if total.is_some() { known } else { unknown };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    let shown = io::stderr().is_terminal().then(|| show(bar.clone())).flatten();
    Progress { bar, shown }
}

/// Shows the bar after a while, unless it is over by then. Without a thread to wait it is not shown.
fn show(bar: ProgressBar) -> Option<(Sender<()>, JoinHandle<()>)> {
    let (over, ended) = mpsc::channel();
    let wait = move || {
        if ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(TICK);
        }
    };
    let thread = thread::Builder::new().spawn(wait).ok()?;
    Some((over, thread))
}

impl Progress {
    /// That much more is done.
    pub fn add(&self, amount: u64) {
        self.bar.inc(amount);
    }

    /// What the work is about from now on.
    pub fn about(&self, what: &str) {
        self.bar.set_message(escape(what).into_owned());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((over, thread)) = self.shown.take() {
            drop(over);
            // Whether it ended well or not, nothing is shown from now on.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}
