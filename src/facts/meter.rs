//! Counts, and if wanted digests, the bytes of a file while they are read.

use std::fmt::Write as _;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// What a manifest may say about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Measured {
    /// Records, without a header.
    pub rows: u64,
    /// The size of the file.
    pub bytes: u64,
    /// SHA-256 in hexadecimal, if it was wanted.
    pub sha256: Option<String>,
}

/// Progress is told in steps of at least so many bytes.
const STEP: u64 = 64 << 10;

pub(super) struct Meter<'m> {
    reader: Box<dyn Read + Send>,
    progress: &'m mut (dyn FnMut(u64) + Send),
    bytes: u64,
    told: u64,
    digest: Option<Sha256>,
}

impl<'m> Meter<'m> {
    pub fn new(reader: Box<dyn Read + Send>, digest: bool, progress: &'m mut (dyn FnMut(u64) + Send)) -> Meter<'m> {
        Meter { reader, progress, bytes: 0, told: 0, digest: digest.then(Sha256::new) }
    }

    /// What was read in all.
    pub fn finish(self, rows: u64) -> Measured {
        (self.progress)(self.bytes - self.told);
        let sha256 = self.digest.map(|digest| hexadecimal(&digest.finalize()));
        Measured { rows, bytes: self.bytes, sha256 }
    }
}

impl Read for Meter<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.bytes += read as u64;
        if let Some(digest) = &mut self.digest {
            digest.update(&buffer[..read]);
        }
        if self.bytes - self.told >= STEP {
            (self.progress)(self.bytes - self.told);
            self.told = self.bytes;
        }
        Ok(read)
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
