//! Files that are not UTF-8, decoded while they are read.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use encoding_rs::{Decoder, DecoderResult};

/// An encoding, by a name that browsers know: `windows-1251`, `koi8-r`, `utf-8`.
#[derive(Clone, Copy, Debug)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl std::str::FromStr for Encoding {
    type Err = String;

    fn from_str(name: &str) -> Result<Encoding, String> {
        let known = encoding_rs::Encoding::for_label(name.as_bytes()).map(Encoding);
        known.ok_or_else(|| format!("`{name}` is no encoding; windows-1251 is one"))
    }
}

impl Encoding {
    /// The bytes as UTF-8. Bytes that stand for nothing are an error of the kind `InvalidData`.
    pub fn decode<'r>(self, reader: impl Read + Send + 'r) -> Box<dyn Read + Send + 'r> {
        let (decoder, reader) = (self.0.new_decoder(), BufReader::with_capacity(1 << 16, reader));
        let decoded = Decoded { name: self.0.name(), decoder, reader, finished: false };
        // Whoever asks for a byte or two gets them from here: a character may need more.
        Box::new(BufReader::with_capacity(1 << 16, decoded))
    }
}

struct Decoded<R> {
    name: &'static str,
    decoder: Decoder,
    reader: BufReader<R>,
    finished: bool,
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.finished {
            let bytes = self.reader.fill_buf()?;
            let last = bytes.is_empty();
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(bytes, buffer, last);
            self.reader.consume(read);
            match result {
                DecoderResult::Malformed(..) => {
                    let message = format!("bytes that {} does not have", self.name);
                    return Err(io::Error::new(ErrorKind::InvalidData, message));
                }
                DecoderResult::InputEmpty => self.finished = last,
                DecoderResult::OutputFull => {}
            }
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(name: &str, bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        let encoding: Encoding = name.parse().map_err(io::Error::other)?;
        encoding.decode(bytes).read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn windows_1251_becomes_utf_8() {
        assert_eq!(decoded("windows-1251", b"\xc0\xed\xed\xe0").ok().as_deref(), Some("Анна"));
    }

    #[test]
    fn a_byte_may_be_asked_for_at_a_time() {
        let encoding = "windows-1251".parse::<Encoding>().map_err(io::Error::other);
        let read = encoding.and_then(|encoding| {
            let (mut reader, mut text, mut byte) = (encoding.decode(b"\xc0a".as_slice()), Vec::new(), [0]);
            while reader.read(&mut byte)? > 0 {
                text.push(byte[0]);
            }
            Ok(text)
        });
        assert_eq!(read.ok().as_deref(), Some("Аa".as_bytes()));
    }

    #[test]
    fn bytes_that_stand_for_nothing_are_refused() {
        assert_eq!(decoded("utf-8", b"a\xff").map_err(|error| error.kind()), Err(ErrorKind::InvalidData));
        assert!("latin-9000".parse::<Encoding>().is_err());
    }
}
