//! Work in pieces on several threads, the results of which are taken in the order of the pieces. Only as many results wait as
//! there are threads, and some more: a thread that is far ahead pauses.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;

use crate::decision::STACK;

/// A thread begins no piece that lies further behind the one to be taken next than this, for each thread.
const AHEAD: usize = 4;

/// Does the pieces `0..pieces` on that many threads, and hands their results to `take` in order until that breaks.
///
/// Each thread makes a worker of its own. The results are the same for every number of threads.
pub fn in_order<W, R: Send>(
    pieces: usize,
    threads: usize,
    worker: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, usize) -> R + Sync,
    take: impl FnMut(R) -> ControlFlow<()> + Send,
) {
    let threads = threads.clamp(1, pieces.max(1));
    let state = State { next: 0, taken: 0, waiting: BTreeMap::new(), stopped: false, take };
    let line = Line { state: Mutex::new(state), moved: Condvar::new(), pieces, ahead: threads * AHEAD };
    let job = || {
        let mut worker = worker();
        while let Some(piece) = line.begin() {
            // Where the work ends early, nobody waits for its result.
            let unfinished = Unfinished(&line);
            let result = work(&mut worker, piece);
            line.finish(piece, result);
            std::mem::forget(unfinished);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where a thread can't start, those that did do its work.
            let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, job);
        }
        job();
    });
}

/// The pieces on their way.
struct Line<R, T> {
    state: Mutex<State<R, T>>,
    /// A result was taken, or all is over.
    moved: Condvar,
    pieces: usize,
    ahead: usize,
}

struct State<R, T> {
    /// The piece to begin next.
    next: usize,
    /// How many results were taken.
    taken: usize,
    /// Results whose turn has not come.
    waiting: BTreeMap<usize, R>,
    stopped: bool,
    take: T,
}

impl<R, T: FnMut(R) -> ControlFlow<()>> Line<R, T> {
    /// The next piece, once it is not too far ahead; `None` when nothing is left to do.
    fn begin(&self) -> Option<usize> {
        let mut state = self.state.lock().ok()?;
        loop {
            if state.stopped || state.next == self.pieces {
                return None;
            }
            if state.next < state.taken + self.ahead {
                state.next += 1;
                return Some(state.next - 1);
            }
            state = self.moved.wait(state).ok()?;
        }
    }

    fn finish(&self, piece: usize, result: R) {
        let Ok(mut state) = self.state.lock() else { return };
        state.waiting.insert(piece, result);
        let State { taken, waiting, stopped, take, .. } = &mut *state;
        while !*stopped && let Some(result) = waiting.remove(taken) {
            *taken += 1;
            *stopped = take(result).is_break();
        }
        self.wake(state);
    }

    fn wake(&self, state: MutexGuard<State<R, T>>) {
        drop(state);
        self.moved.notify_all();
    }
}

/// A piece whose result will not come, unless this is forgotten.
struct Unfinished<'l, R, T: FnMut(R) -> ControlFlow<()>>(&'l Line<R, T>);

impl<R, T: FnMut(R) -> ControlFlow<()>> Drop for Unfinished<'_, R, T> {
    fn drop(&mut self) {
        if let Ok(mut state) = self.0.state.lock() {
            state.stopped = true;
        }
        self.0.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn taken(pieces: usize, threads: usize, until: usize) -> Vec<usize> {
        let mut taken = Vec::new();
        in_order(
            pieces,
            threads,
            || (),
            |(), piece| {
                // Later pieces are ready first.
                thread::sleep(Duration::from_micros(200 * (3 - piece as u64 % 4)));
                piece
            },
            |piece| {
                taken.push(piece);
                if taken.len() == until { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        taken
    }

    #[test]
    fn results_are_taken_in_order_whatever_the_threads() {
        for threads in [1, 2, 7] {
            assert_eq!(taken(100, threads, usize::MAX), (0..100).collect::<Vec<_>>());
            assert_eq!(taken(100, threads, 5), (0..5).collect::<Vec<_>>());
            assert_eq!(taken(0, threads, usize::MAX), Vec::<usize>::new());
        }
    }

    #[test]
    fn no_thread_runs_far_ahead() {
        let (begun, mut most) = (std::sync::atomic::AtomicUsize::new(0), 0);
        let mut count = 0;
        let work = |(): &mut (), _| begun.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        in_order(
            500,
            3,
            || (),
            work,
            |_| {
                most = most.max(begun.load(std::sync::atomic::Ordering::Relaxed) - count);
                count += 1;
                thread::sleep(Duration::from_micros(50));
                ControlFlow::Continue(())
            },
        );
        assert!(most <= 3 * AHEAD, "{most}");
    }

    #[test]
    fn work_that_ends_early_ends_all() {
        for threads in [1, 3] {
            let run = || {
                in_order(
                    50,
                    threads,
                    || (),
                    |(), piece| assert_ne!(piece, 20, "as planned"),
                    |()| ControlFlow::Continue(()),
                );
            };
            assert!(std::panic::catch_unwind(run).is_err());
        }
    }
}
