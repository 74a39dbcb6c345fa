//! Files that grow by chunks, each digested and written: on a thread of its own, where more than one may run.

use std::fs::File;
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use sha2::{Digest, Sha256};

/// So many chunks may wait.
const WAITING: usize = 4;

/// Writes files, which are numbered from 0 as they are begun.
pub struct Writer {
    here: Files,
    beside: Option<(SyncSender<Message>, JoinHandle<io::Result<Files>>)>,
}

/// What was written into a file.
pub struct Written {
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

enum Message {
    Begin(File),
    Chunk(usize, Vec<u8>),
}

#[derive(Default)]
struct Files(Vec<Growing>);

struct Growing {
    file: File,
    digest: Sha256,
    bytes: u64,
}

impl Writer {
    /// Without a file yet.
    pub fn new(threads: usize) -> Writer {
        let begin = || {
            let (sender, messages) = sync_channel(WAITING);
            let thread = thread::Builder::new().spawn(move || Files::default().run(&messages)).ok()?;
            Some((sender, thread))
        };
        Writer { here: Files::default(), beside: if threads > 1 { begin() } else { None } }
    }

    /// Begins the next file.
    pub fn begin(&mut self, file: File) -> io::Result<()> {
        self.send(Message::Begin(file))
    }

    /// Takes the chunk, and leaves an empty one. An error may be that of an earlier chunk.
    pub fn write(&mut self, number: usize, chunk: &mut Vec<u8>) -> io::Result<()> {
        let next = Vec::with_capacity(chunk.capacity());
        self.send(Message::Chunk(number, std::mem::replace(chunk, next)))
    }

    /// What was written into each file, now that all is.
    pub fn finish(mut self) -> io::Result<Vec<Written>> {
        let files = match self.join() {
            Some(written) => written?,
            None => std::mem::take(&mut self.here),
        };
        Ok(files.0.into_iter().map(Growing::finish).collect())
    }

    fn send(&mut self, message: Message) -> io::Result<()> {
        match &self.beside {
            None => self.here.take(message),
            Some((sender, _)) if sender.send(message).is_ok() => Ok(()),
            // It ends early where it failed.
            Some(_) => Err(self.join().and_then(Result::err).unwrap_or_else(|| io::ErrorKind::BrokenPipe.into())),
        }
    }

    /// Waits for the thread, if there is one.
    fn join(&mut self) -> Option<io::Result<Files>> {
        let (sender, thread) = self.beside.take()?;
        drop(sender);
        Some(thread.join().unwrap_or_else(|failure| resume_unwind(failure)))
    }
}

impl Drop for Writer {
    /// Nothing is written from now on.
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.beside.take() {
            drop(sender);
            let _ = thread.join();
        }
    }
}

impl Files {
    fn run(mut self, messages: &Receiver<Message>) -> io::Result<Files> {
        messages.iter().try_for_each(|message| self.take(message))?;
        Ok(self)
    }

    fn take(&mut self, message: Message) -> io::Result<()> {
        match message {
            Message::Begin(file) => self.0.push(Growing { file, digest: Sha256::new(), bytes: 0 }),
            Message::Chunk(number, chunk) => {
                let growing = self.0.get_mut(number).ok_or(io::ErrorKind::NotFound)?;
                growing.digest.update(&chunk);
                growing.bytes += chunk.len() as u64;
                growing.file.write_all(&chunk)?;
            }
        }
        Ok(())
    }
}

impl Growing {
    fn finish(self) -> Written {
        let sha256 = self.digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Written { bytes: self.bytes, sha256 }
    }
}
