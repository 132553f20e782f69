//! Which encoding a file is in, and its text as UTF-8 in a stream. The rule of the trade: a byte-order mark, then strict UTF-8,
//! then GB18030, which decoded 29 of 29 samples right where guessing by letter frequency did not do better. What the
//! text means never lives here.

use encoding_rs::{CoderResult, Decoder};
use std::collections::VecDeque;
use std::io::{self, Read};
use std::ops::Range;

/// Bytes read from the file at a time.
const CHUNK: usize = 64 * 1024;

/// An encoding that extracts come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a mark.
    Utf8,
    /// UTF-8 with a byte-order mark, as Excel writes it.
    Utf8Bom,
    /// UTF-16, low byte first, with a mark: Excel's "Unicode text".
    Utf16Le,
    /// UTF-16, high byte first, with a mark.
    Utf16Be,
    /// GB18030, and so GBK and GB2312.
    Gb18030,
    /// No text at all: the cells of a workbook, which are Unicode already.
    Workbook,
}

impl Encoding {
    /// The name given out.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf8Bom => "UTF-8 BOM",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Gb18030 => "GB18030",
            Encoding::Workbook => "XLSX",
        }
    }

    /// Finds the encoding. Reads to the first byte that decides: the whole file when it is UTF-8 without a mark.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn detect(file: &mut impl Read) -> io::Result<Encoding> {
        let mut buffer = vec![0; CHUNK];
        let mut held = 0;
        let mut first = true;
        loop {
            let got = fill(file, buffer.get_mut(held..).unwrap_or_default())?;
            let end = held + got;
            let seen = buffer.get(..end).unwrap_or_default();
            if first {
                if seen.starts_with(b"\xEF\xBB\xBF") {
                    return Ok(Encoding::Utf8Bom);
                } else if seen.starts_with(b"\xFF\xFE") {
                    return Ok(Encoding::Utf16Le);
                } else if seen.starts_with(b"\xFE\xFF") {
                    return Ok(Encoding::Utf16Be);
                }
                first = false;
            }
            match std::str::from_utf8(seen) {
                Ok(_) if got == 0 => return Ok(Encoding::Utf8),
                Ok(_) => held = 0,
                // A letter cut by the end of the chunk is judged with the next one; at the end of the file it is broken.
                Err(e) if e.error_len().is_none() && got > 0 => {
                    let cut = e.valid_up_to();
                    buffer.copy_within(cut..end, 0);
                    held = end - cut;
                }
                Err(_) => return Ok(Encoding::Gb18030),
            }
        }
    }

    fn decoder(self) -> Decoder {
        match self {
            Encoding::Utf8 | Encoding::Workbook => encoding_rs::UTF_8.new_decoder_without_bom_handling(),
            Encoding::Utf8Bom => encoding_rs::UTF_8.new_decoder_with_bom_removal(),
            Encoding::Utf16Le => encoding_rs::UTF_16LE.new_decoder_with_bom_removal(),
            Encoding::Utf16Be => encoding_rs::UTF_16BE.new_decoder_with_bom_removal(),
            Encoding::Gb18030 => encoding_rs::GB18030.new_decoder_without_bom_handling(),
        }
    }
}

/// Fills `into` as far as the file goes.
fn fill(file: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while let Some(rest) = into.get_mut(got..).filter(|r| !r.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(got)
}

/// A file read as UTF-8. Bytes that mean nothing in the encoding come out as U+FFFD, which no value accepts.
pub struct Text<R> {
    file: R,
    decoder: Decoder,
    raw: Vec<u8>,
    at: usize,
    /// Up to here the bytes at hand are decoded in one go.
    until: usize,
    end: usize,
    bytes: u64,
    last: bool,
    done: bool,
    /// Line ends are single carriage returns; they become line feeds.
    returns: Option<bool>,
    lines: Option<Lines>,
}

/// What is known of the lines of a file that may be put together from two encodings.
struct Lines {
    own: Encoding,
    /// Lines of the file that begin before `at`.
    passed: u64,
    /// Within a line longer than the bytes at hand.
    long: bool,
    /// Lines of the other encoding, by number.
    foreign: VecDeque<u64>,
    /// Such a line, decoded, and how much of it was given out.
    text: String,
    given: usize,
}

impl<R: Read> Text<R> {
    /// Reads `file`, from its first byte, in `encoding`.
    pub fn new(file: R, encoding: Encoding) -> Self {
        Text {
            file,
            decoder: encoding.decoder(),
            raw: vec![0; CHUNK],
            at: 0,
            until: 0,
            end: 0,
            bytes: 0,
            last: false,
            done: false,
            returns: matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be).then_some(false),
            lines: None,
        }
    }

    /// Reads `file` in `encoding`, UTF-8 or GB18030, and lines that are certainly of the other of the two in that one;
    /// [`Text::is_foreign`] tells which they were.
    pub fn mixed(file: R, encoding: Encoding) -> Self {
        let lines =
            Lines { own: encoding, passed: 0, long: false, foreign: VecDeque::new(), text: String::new(), given: 0 };
        Text { lines: Some(lines), ..Text::new(file, encoding) }
    }

    /// How many bytes of the file were read.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether one of these lines, counted from 1, was in another encoding than the file. Asked in the order of the file.
    pub fn is_foreign(&mut self, lines: Range<u64>) -> bool {
        let Some(known) = &mut self.lines else { return false };
        let mut met = false;
        while let Some(line) = known.foreign.front().copied().filter(|line| *line < lines.end) {
            known.foreign.pop_front();
            met |= line >= lines.start;
        }
        met
    }

    /// Reads more bytes, after those of a line that was cut.
    fn refill(&mut self) -> io::Result<()> {
        let left = self.end - self.at;
        self.raw.copy_within(self.at..self.end, 0);
        let room = self.raw.get_mut(left..).unwrap_or_default();
        let wanted = room.len();
        let got = fill(&mut self.file, room)?;
        self.bytes += got as u64;
        self.last = got < wanted;
        (self.at, self.end) = (0, left + got);
        let fresh = self.raw.get_mut(left..self.end).unwrap_or_default();
        if *self.returns.get_or_insert_with(|| fresh.contains(&b'\r') && !fresh.contains(&b'\n')) {
            fresh.iter_mut().filter(|b| **b == b'\r').for_each(|b| *b = b'\n');
        }
        Ok(())
    }

    /// Decides how far the bytes at hand are decoded in one go, or decodes one line of the other encoding.
    fn next_run(&mut self) -> io::Result<()> {
        loop {
            let ahead = self.raw.get(self.at..self.end).unwrap_or_default();
            let Some(lines) = &mut self.lines else {
                if ahead.is_empty() && !self.last {
                    self.refill()?;
                }
                self.until = self.end;
                return Ok(());
            };
            let run = lines.run(ahead, self.last);
            let foreign = if run == 0 { lines.foreign(ahead, self.last) } else { 0 };
            if run + foreign > 0 || self.last {
                self.at += foreign;
                self.until = self.at + run;
                return Ok(());
            }
            self.refill()?;
        }
    }
}

impl Lines {
    /// How many bytes from the front are whole lines in the file's own encoding.
    fn run(&mut self, ahead: &[u8], last: bool) -> usize {
        let mut run = 0;
        while let Some(rest) = ahead.get(run..).filter(|r| !r.is_empty()) {
            let (line, whole) = match memchr::memchr(b'\n', rest) {
                Some(n) => (rest.get(..=n).unwrap_or_default(), true),
                None if last => (rest, true),
                // A line longer than the bytes at hand is nobody's row; it is decoded as it comes.
                None if run == 0 && rest.len() == CHUNK => (rest, false),
                None => break,
            };
            if !self.long && self.is_other(line) {
                break;
            }
            run += line.len();
            self.long = !whole;
            self.passed += u64::from(whole);
        }
        run
    }

    /// Decodes the line at the front, which is of the other encoding, and gives its length; 0 when there is no whole one.
    fn foreign(&mut self, ahead: &[u8], last: bool) -> usize {
        let length = match memchr::memchr(b'\n', ahead) {
            Some(n) => n + 1,
            None if last => ahead.len(),
            None => return 0,
        };
        let line = ahead.get(..length).unwrap_or_default();
        if !self.is_other(line) {
            return 0;
        }
        let other = if self.own == Encoding::Gb18030 { encoding_rs::UTF_8 } else { encoding_rs::GB18030 };
        self.text = other.decode_without_bom_handling(line).0.into_owned();
        self.given = 0;
        self.passed += 1;
        self.foreign.push_back(self.passed);
        length
    }

    /// Whether a line is certainly not of the file's own encoding but of the other.
    fn is_other(&self, line: &[u8]) -> bool {
        if line.is_ascii() {
            return false;
        }
        let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
        match (self.own, std::str::from_utf8(line)) {
            // Two letters of GBK may happen to be one of UTF-8, but hardly ever a Chinese one.
            (Encoding::Gb18030, Ok(text)) => {
                text.chars().any(is_han) && text.chars().all(|c| c.is_ascii() || c == '·' || c >= '\u{2000}')
            }
            (Encoding::Utf8, Err(_)) => {
                // One broken byte among Chinese letters is damage; hardly one that is whole is another encoding.
                let lossy = String::from_utf8_lossy(line);
                let broken = lossy.chars().filter(|c| *c == '\u{FFFD}').count();
                broken > lossy.chars().filter(|c| is_han(*c)).count()
                    && encoding_rs::GB18030
                        .decode_without_bom_handling_and_without_replacement(line)
                        .is_some_and(|text| text.chars().any(is_han))
            }
            _ => false,
        }
    }

    /// Gives out what is left of a line of the other encoding.
    fn give(&mut self, into: &mut [u8]) -> usize {
        let left = self.text.as_bytes().get(self.given..).unwrap_or_default();
        let n = left.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..n), left.get(..n)) {
            to.copy_from_slice(from);
        }
        self.given += n;
        n
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        // The decoder needs room for one whole letter; the reader of rows always offers more.
        if into.len() < 8 || self.done {
            return Ok(0);
        }
        loop {
            if let Some(n) = self.lines.as_mut().map(|l| l.give(into)).filter(|n| *n > 0) {
                return Ok(n);
            }
            if self.at == self.until {
                self.next_run()?;
                if self.lines.as_ref().is_some_and(|l| l.given < l.text.len()) {
                    continue;
                }
            }
            let ends = self.last && self.until == self.end;
            let source = self.raw.get(self.at..self.until).unwrap_or_default();
            let (result, read, written, _) = self.decoder.decode_to_utf8(source, into, ends);
            self.at += read;
            // A decoder that has seen the end must not be asked again.
            self.done = ends && result == CoderResult::InputEmpty;
            if written > 0 || self.done {
                return Ok(written);
            }
        }
    }
}
