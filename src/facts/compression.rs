//! Compressed files, by the end of their names, decoded as a stream: gzip of any number of members, Zstandard of
//! any number of frames. Checksums are checked, and a file that ends too early is told apart from a broken one.

use std::error::Error as StdError;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, in files that end in `.gz`.
    Gzip,
    /// Zstandard, in files that end in `.zst`.
    Zstandard,
}

impl Compression {
    /// The compression of a file of that name, and the name without its end.
    pub fn of(name: &str) -> (&str, Compression) {
        match name.rsplit_once('.') {
            Some((stem, "gz")) => (stem, Compression::Gzip),
            Some((stem, "zst")) => (stem, Compression::Zstandard),
            _ => (name, Compression::None),
        }
    }

    /// What the bytes of such a file stand for.
    ///
    /// Takes some 64 KiB, and for Zstandard the window of the file, at most 100 MiB, however much comes out. A file
    /// that ends too early is an error of the kind `UnexpectedEof`, one that is not sound `InvalidData`.
    pub fn decode<'r>(self, reader: impl Read + Send + 'r) -> Box<dyn Read + Send + 'r> {
        match self {
            Compression::None => Box::new(reader),
            Compression::Gzip => Box::new(Gzip(MultiGzDecoder::new(reader))),
            Compression::Zstandard => Box::new(Zstandard::new(reader)),
        }
    }
}

struct Gzip<R>(MultiGzDecoder<R>);

impl<R: Read> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => ends_early("gzip"),
            ErrorKind::InvalidInput | ErrorKind::InvalidData => unsound("gzip", &error.to_string()),
            _ => error,
        })
    }
}

struct Zstandard<R> {
    source: Compressed<R>,
    decoder: FrameDecoder,
    frames: usize,
    /// Whether the decoder holds a frame whose bytes were not all handed out.
    in_frame: bool,
}

impl<R: Read> Zstandard<R> {
    fn new(reader: R) -> Zstandard<R> {
        let mut decoder = FrameDecoder::new();
        // The decoder refuses immense windows in every frame but its first, which here is an empty one.
        let _ = decoder.init([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0].as_slice());
        let source = Compressed { reader: BufReader::new(reader), failed: None, ended: false };
        Zstandard { source, decoder, frames: 0, in_frame: false }
    }

    /// Starts the next frame with content; false at the end of the file.
    fn begin_frame(&mut self) -> io::Result<bool> {
        loop {
            if self.source.reader.fill_buf()?.is_empty() {
                return if self.frames == 0 { Err(ends_early("Zstandard")) } else { Ok(false) };
            }
            self.frames += 1;
            match self.decoder.reset(&mut self.source) {
                Ok(()) => {
                    self.in_frame = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let length = u64::from(length);
                    if io::copy(&mut self.source.reader.by_ref().take(length), &mut io::sink())? < length {
                        return Err(ends_early("Zstandard"));
                    }
                }
                Err(error) => return Err(self.source.blame(&error)),
            }
        }
    }

    /// Compares what the frame says of its content with the content.
    fn end_frame(&mut self) -> io::Result<()> {
        self.in_frame = false;
        let said = self.decoder.get_checksum_from_data();
        if said.is_some() && said != self.decoder.get_calculated_checksum() {
            return Err(unsound("Zstandard", "the checksum is another"));
        }
        Ok(())
    }
}

impl<R: Read> Read for Zstandard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.in_frame && !self.begin_frame()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let blocks = self.decoder.decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1));
                blocks.map_err(|error| self.source.blame(&error))?;
            }
            let read = self.decoder.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            self.end_frame()?;
        }
    }
}

/// The compressed bytes, and why there are no more of them: the decoder hides it in errors of its own.
struct Compressed<R> {
    reader: BufReader<R>,
    failed: Option<io::Error>,
    ended: bool,
}

impl<R: Read> Read for Compressed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.reader.read(buffer) {
            Ok(read) => {
                self.ended |= read == 0 && !buffer.is_empty();
                Ok(read)
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let told = io::Error::from(error.kind());
                self.failed = Some(error);
                Err(told)
            }
        }
    }
}

impl<R> Compressed<R> {
    /// The mistake behind an error of the decoder.
    fn blame(&mut self, error: &dyn StdError) -> io::Error {
        match self.failed.take() {
            Some(failed) => failed,
            None if self.ended => ends_early("Zstandard"),
            None => unsound("Zstandard", &error.to_string()),
        }
    }
}

fn ends_early(format: &str) -> io::Error {
    io::Error::new(ErrorKind::UnexpectedEof, format!("the file ends before its {format} data does"))
}

fn unsound(format: &str, detail: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("not sound {format} data: {detail}"))
}
