//! A thread that reads ahead of the one that loads: it reads, digests and decodes a large file, cuts the records of CSV
//! and TSV, and reads the numbers of their ids. What it cuts are hints only: where it has none, the window is cut as if
//! there were no thread, so that every mistake is found and told in one place.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use crate::facts::cut::Cut;
use crate::facts::cuts::Cuts;
use crate::facts::delimited::Delimiter;
use crate::facts::window::Source;

/// Files up to this size are read without a thread.
const SMALL: u64 = 256 << 10;
/// The thread hands over so many bytes at a time.
const CHUNK: usize = 64 << 10;
/// So many chunks may wait.
const WAITING: usize = 16;

/// What the thread hands over. Without an end or failure, the thread itself failed.
enum Message {
    Chunk(Chunk),
    Failed(io::Error),
    End,
}

/// Some bytes of the file.
#[derive(Default)]
struct Chunk {
    bytes: Vec<u8>,
    /// Where those begin that earlier chunks did not have.
    new: usize,
    /// The records that end in it.
    cuts: Cuts,
}

/// What the thread hands over, and the chunk that is being read.
pub(crate) struct Ahead {
    messages: Receiver<Message>,
    /// Gives chunks back, whose memory serves again.
    spent: Sender<Chunk>,
    chunk: Chunk,
    at: usize,
}

/// Loads a file with the help of a thread, unless it is small. `load` is called once.
///
/// The thread holds about five megabytes, but for records longer than a chunk.
pub(crate) fn load_ahead<T>(
    reader: &mut (dyn Read + Send),
    delimiter: Option<Delimiter>,
    load: &mut dyn FnMut(Source) -> T,
) -> T {
    let mut first = Vec::new();
    match Read::take(&mut *reader, SMALL).read_to_end(&mut first) {
        Ok(read) if read as u64 == SMALL => {}
        Ok(_) => return load(Source::Straight(&mut first.as_slice())),
        Err(error) => return load(Source::Straight(&mut first.chain(Failing(Some(error))))),
    }
    let mut reader = first.chain(reader);
    let loaded = thread::scope(|scope| {
        let (sender, messages) = sync_channel(WAITING);
        let (spent, spare) = channel();
        let producer = Producer { reader: &mut reader, cutter: delimiter.map(Cutter::new), sender, spare };
        thread::Builder::new().spawn_scoped(scope, || producer.run()).ok()?;
        Some(load(Source::Ahead(Ahead { messages, spent, chunk: Chunk::default(), at: 0 })))
    });
    // Where a thread can't start, one is enough.
    loaded.unwrap_or_else(|| load(Source::Straight(&mut reader)))
}

impl Ahead {
    /// As [`Read::read`]; adds the records that are cut already. Their last bytes may come with the next reads.
    pub fn read(&mut self, buffer: &mut [u8], cuts: &mut Cuts) -> io::Result<usize> {
        while self.at == self.chunk.bytes.len() {
            match self.messages.recv() {
                Ok(Message::Chunk(mut chunk)) => {
                    cuts.append(&mut chunk.cuts);
                    self.at = chunk.new;
                    // At the end of the file nobody takes it back.
                    let _ = self.spent.send(std::mem::replace(&mut self.chunk, chunk));
                }
                Ok(Message::End) => return Ok(0),
                Ok(Message::Failed(error)) => return Err(error),
                Err(_) => return Err(io::Error::other("the thread that reads ended early")),
            }
        }
        let read = buffer.len().min(self.chunk.bytes.len() - self.at);
        buffer[..read].copy_from_slice(&self.chunk.bytes[self.at..self.at + read]);
        self.at += read;
        Ok(read)
    }
}

/// What the thread does.
struct Producer<'r> {
    reader: &'r mut (dyn Read + Send),
    cutter: Option<Cutter>,
    sender: SyncSender<Message>,
    spare: Receiver<Chunk>,
}

impl Producer<'_> {
    fn run(mut self) {
        let mut unfinished = Vec::new();
        loop {
            let Chunk { mut bytes, mut cuts, .. } = self.spare.try_recv().unwrap_or_default();
            bytes.clear();
            cuts.clear();
            bytes.append(&mut unfinished);
            let new = bytes.len();
            bytes.reserve(CHUNK);
            let read = Read::take(&mut *self.reader, CHUNK as u64).read_to_end(&mut bytes);
            let end = self.cutter.as_mut().map_or(bytes.len(), |cutter| cutter.cut(&bytes, new == 0, &mut cuts));
            unfinished.extend_from_slice(&bytes[end..]);
            let is_end = bytes.len() - new < CHUNK;
            let sent = self.sender.send(Message::Chunk(Chunk { bytes, new, cuts }));
            let last = match read {
                Err(error) => Message::Failed(error),
                Ok(_) if is_end => Message::End,
                Ok(_) if sent.is_ok() => continue,
                Ok(_) => return,
            };
            // Who loads may have stopped at a mistake, and then wants no more.
            let _ = self.sender.send(last);
            return;
        }
    }
}

/// Cuts the records of a file as its bytes come.
struct Cutter {
    delimiter: Delimiter,
    begun: bool,
    /// Whether something was met that is left to whoever loads: what is no CSV, or a record that fills a chunk.
    stopped: bool,
}

impl Cutter {
    fn new(delimiter: Delimiter) -> Cutter {
        Cutter { delimiter, begun: false, stopped: false }
    }

    /// Cuts the whole records that the bytes begin with, and says where the last one ends; `is_fresh` says that no
    /// record is under way.
    fn cut(&mut self, bytes: &[u8], is_fresh: bool, cuts: &mut Cuts) -> usize {
        if self.stopped {
            return bytes.len();
        }
        let mark = if !self.begun && bytes.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        self.begun = true;
        let (length, last) = cuts.cut(&bytes[mark..], self.delimiter, usize::MAX);
        self.stopped = match last {
            Some(Cut::Malformed(_)) => true,
            Some(Cut::More) => length == 0 && !is_fresh,
            Some(Cut::Record(_)) | None => false,
        };
        if self.stopped { bytes.len() } else { mark + length }
    }
}

/// A reader that failed.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
