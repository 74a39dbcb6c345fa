//! Reading on a thread of its own: what it reads is handed over in pieces, in order, while the caller works on those before.

use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;
use std::thread;

/// So many pieces may wait.
const WAITING: usize = 4;

/// Hands a piece over.
pub(in crate::bitrix24) type Give<'g, P> = dyn FnMut(P) + 'g;

/// Runs `read`, whose pieces `take` gets, in order. With more than one thread, they run side by side.
pub(in crate::bitrix24) fn aside<P: Send, T: Send>(
    threads: usize,
    mut read: impl FnMut(&mut Give<P>) -> T + Send,
    take: &mut dyn FnMut(P),
) -> T {
    if threads > 1
        && let Some(done) = beside(&mut read, take)
    {
        return done;
    }
    read(take)
}

/// `None` where a thread can't start; nothing is read then.
fn beside<P: Send, T: Send>(read: &mut (impl FnMut(&mut Give<P>) -> T + Send), take: &mut dyn FnMut(P)) -> Option<T> {
    thread::scope(|scope| {
        let (sender, pieces) = sync_channel(WAITING);
        let run = move || {
            read(&mut |piece| {
                // They are taken to the last one.
                let _ = sender.send(piece);
            })
        };
        let reader = thread::Builder::new().spawn_scoped(scope, run).ok()?;
        pieces.into_iter().for_each(take);
        Some(reader.join().unwrap_or_else(|failure| resume_unwind(failure)))
    })
}
