//! Text in any encoding of the web to UTF-8, and back from a place in the UTF-8 to the bytes.
//!
//! The names are the labels of the WHATWG Encoding Standard, so `latin1` and `iso-8859-1` are
//! windows-1252, as they are for every browser. Text that is all ASCII in an encoding that keeps it
//! is UTF-8 already and is not touched.

use std::fmt;

use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding, UTF_8};

use super::spool::{Spool, SpoolWriter};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::limits::DECODE_STEP_BYTES;

/// What is done with bytes that are no text in their encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// The first one is an error.
    Refuse,
    /// Each becomes U+FFFD, as the Encoding Standard counts them.
    Replace,
}

/// How a text is encoded, other than UTF-8.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextEncoding {
    encoding: &'static Encoding,
    malformed: Malformed,
}

/// Labels that a hint may suggest; the standard has many more.
const SUGGESTED: [&str; 20] = [
    "utf-8",
    "utf-16",
    "utf-16le",
    "utf-16be",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "latin1",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-15",
    "koi8-r",
    "macintosh",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "gbk",
    "big5",
];

/// Checks a label.
///
/// Errors: `InvalidOption` with the nearest label as hint.
pub fn check_label(label: &str) -> Result<()> {
    find(label).map(|_| ())
}

/// Whether a label means UTF-8.
pub fn is_utf_8(label: &str) -> bool {
    find(label) == Ok(UTF_8)
}

fn find(label: &str) -> Result<&'static Encoding> {
    Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(|| {
        let error = Error::new(
            ErrorKind::InvalidOption,
            format!("option encoding: no encoding is named {label:?}"),
        );
        match nearest(label, SUGGESTED) {
            Some(near) => error.hint(format!("did you mean {near:?}?")),
            None => error.hint("use a label of the WHATWG Encoding Standard, as \"windows-1252\""),
        }
    })
}

impl TextEncoding {
    /// How these bytes are to be decoded; `None` when they are UTF-8 as they stand, or are to be
    /// checked as UTF-8.
    ///
    /// Errors: `InvalidOption` for an unknown label, and for a byte-order mark of another encoding.
    pub fn of(label: &str, bytes: &[u8], malformed: Malformed) -> Result<Option<TextEncoding>> {
        let mut encoding = find(label)?;
        let mark = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
        if encoding == UTF_8 {
            // A mark of UTF-16 is found, and explained, by whoever checks the UTF-8.
            return Ok(None);
        }
        let is_by_mark = label.trim().eq_ignore_ascii_case("utf-16");
        if let (true, Some(mark)) = (is_by_mark, mark.filter(|mark| *mark != UTF_8)) {
            encoding = mark;
        }
        if let Some(mark) = mark.filter(|mark| *mark != encoding) {
            return Err(Error::mismatch(
                ErrorKind::InvalidOption,
                format!("{} text, as option encoding says", encoding.name()),
                format!("the byte-order mark of {}", mark.name()),
            )
            .at(|place| place.byte_offset = Some(0))
            .hint(format!("set encoding to {:?}", mark.name().to_lowercase())));
        }
        let is_ascii = || Encoding::ascii_valid_up_to(bytes) == bytes.len();
        if encoding.is_ascii_compatible() && is_ascii() {
            return Ok(None);
        }
        Ok(Some(TextEncoding { encoding, malformed }))
    }

    /// The text as UTF-8, without a byte-order mark.
    ///
    /// Errors: `InvalidUtf8` with the offset of the first bytes that are no text, unless they are
    /// replaced; those of the spool; `Cancelled`.
    /// Cost: one pass by one thread, about 1 GB/s where most of it is ASCII.
    pub fn decode(self, bytes: &[u8], context: &Context) -> Result<Spool> {
        context.expect_bytes(bytes.len() as u64);
        let mut spool = SpoolWriter::new();
        let mut steps = Steps::new(self);
        let mut buffer = vec![0; DECODE_STEP_BYTES * 3 + 16];
        loop {
            context.check()?;
            let before = steps.taken;
            let step = steps.next(bytes, &mut buffer, DECODE_STEP_BYTES)?;
            context.advance((steps.taken - before) as u64, 0);
            spool.write(&buffer[..step.written])?;
            if step.is_end {
                return spool.finish();
            }
        }
    }

    /// The way back from the text to the bytes it was decoded from.
    pub fn way_back(self) -> WayBack {
        WayBack { encoding: self, steps: Steps::new(self), written: 0 }
    }
}

/// Finds, for places in a decoded text, the offsets of its bytes; quick where they rise.
pub struct WayBack {
    encoding: TextEncoding,
    steps: Steps,
    /// Bytes of text that the steps so far made.
    written: u64,
}

impl WayBack {
    /// The offset in `bytes`, which are always the same, of what stands at `offset` of their text.
    ///
    /// Cost: decodes from the last place asked for, or from the start where this one lies before.
    pub fn original_offset(&mut self, bytes: &[u8], offset: u64) -> u64 {
        if offset < self.written {
            *self = self.encoding.way_back();
        }
        let mut buffer = vec![0; DECODE_STEP_BYTES * 3 + 16];
        // A decoder that has seen the end cannot go on.
        while self.written < offset && self.steps.taken < bytes.len() {
            // As far as whole steps surely lead, then byte by byte.
            let is_far = offset - self.written > buffer.len() as u64;
            let step_bytes = if is_far { DECODE_STEP_BYTES } else { 1 };
            match self.steps.next(bytes, &mut buffer, step_bytes) {
                Ok(step) => self.written += step.written as u64,
                Err(_) => break,
            }
        }
        // A mark stands before the first character and belongs to it.
        self.steps.taken as u64
    }
}

impl fmt::Debug for WayBack {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "WayBack({}, {} -> {})", self.steps.name, self.written, self.steps.taken)
    }
}

/// A decoder on its way through bytes.
struct Steps {
    decoder: Decoder,
    malformed: Malformed,
    name: &'static str,
    taken: usize,
}

struct Step {
    written: usize,
    is_end: bool,
}

impl Steps {
    fn new(encoding: TextEncoding) -> Steps {
        Steps {
            decoder: encoding.encoding.new_decoder_with_bom_removal(),
            malformed: encoding.malformed,
            name: encoding.encoding.name(),
            taken: 0,
        }
    }

    /// Decodes at most `step_bytes` into the buffer, which is large enough for their text.
    fn next(&mut self, bytes: &[u8], buffer: &mut [u8], step_bytes: usize) -> Result<Step> {
        let end = (self.taken + step_bytes).min(bytes.len());
        let is_last = end == bytes.len();
        let input = &bytes[self.taken..end];
        if self.malformed == Malformed::Replace {
            let (result, read, written, _) = self.decoder.decode_to_utf8(input, buffer, is_last);
            self.taken += read;
            return Ok(Step { written, is_end: is_last && result == CoderResult::InputEmpty });
        }
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(input, buffer, is_last);
        self.taken += read;
        match result {
            DecoderResult::InputEmpty => Ok(Step { written, is_end: is_last }),
            DecoderResult::OutputFull => Ok(Step { written, is_end: false }),
            DecoderResult::Malformed(bad, behind) => {
                let offset = self.taken.saturating_sub(usize::from(bad) + usize::from(behind));
                let bad = &bytes[offset..(offset + usize::from(bad)).min(bytes.len())];
                let bad: Vec<String> = bad.iter().map(|byte| format!("0x{byte:02X}")).collect();
                let plural = if bad.len() == 1 { "" } else { "s" };
                let found = format!("byte{plural} {}", bad.join(" "));
                let expected = format!("{} text", self.name);
                Err(Error::mismatch(ErrorKind::InvalidUtf8, expected, found)
                    .at(|place| place.byte_offset = Some(offset as u64))
                    .hint("check option encoding, or set on_bad_encoding to \"replace\""))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(label: &str, bytes: &[u8], malformed: Malformed) -> Result<String> {
        let spool = match TextEncoding::of(label, bytes, malformed)? {
            None => return Ok(String::from_utf8(bytes.to_vec()).expect("UTF-8")),
            Some(encoding) => encoding.decode(bytes, &Context::default())?,
        };
        Ok(String::from_utf8(spool.as_bytes().to_vec()).expect("UTF-8"))
    }

    /// Expected bytes and texts: Python 3 codecs (`"é€😀".encode("utf-16-le")` and so on).
    #[test]
    fn texts_are_decoded_by_name_and_by_mark() {
        for (label, bytes, text) in [
            ("windows-1252", &b"\xE9\x80\x93"[..], "é€“"),
            ("latin1", b"caf\xE9", "café"),
            ("ISO-8859-1", b"\x80", "€"),
            ("iso-8859-15", b"\xA4", "€"),
            ("koi8-r", b"\xF0\xD2", "Пр"),
            ("shift_jis", b"\x93\xFA\x96\x7B", "日本"),
            ("gbk", b"\xD6\xD0", "中"),
            ("utf-16le", b"\xE9\x00\xAC\x20\x3D\xD8\x00\xDE", "é€😀"),
            ("utf-16be", b"\x00\xE9\x20\xAC\xD8\x3D\xDE\x00", "é€😀"),
            ("utf-16", b"\xFF\xFEa\x00", "a"),
            ("utf-16", b"\xFE\xFF\x00a", "a"),
            ("UTF-16", b"a\x00b\x00", "ab"),
            ("utf-16le", b"\xFF\xFEa\x00", "a"),
            ("utf-16le", b"", ""),
            ("windows-1252", b"plain", "plain"),
        ] {
            let found = decode(label, bytes, Malformed::Refuse).expect("text");
            assert_eq!(found, text, "{label} {bytes:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_found_at_their_place() {
        let long = [&b"a\x00".repeat(50_000)[..], b"\x00\xDC", b"b\x00"].concat();
        for (label, bytes, offset, replaced) in [
            ("utf-16le", &b"a\x00\x00\xDCb\x00"[..], 2, "a\u{FFFD}b"),
            ("utf-16le", b"a\x00\x3D\xD8b\x00", 2, "a\u{FFFD}b"),
            ("utf-16le", b"a\x00b", 2, "a\u{FFFD}"),
            ("shift_jis", b"ab\x81", 2, "ab\u{FFFD}"),
            ("utf-16le", &long, 100_000, ""),
        ] {
            let error = decode(label, bytes, Malformed::Refuse).expect_err("no text");
            assert_eq!(error.kind(), ErrorKind::InvalidUtf8);
            assert_eq!(error.location().byte_offset, Some(offset), "{label} {error}");
            let found = decode(label, bytes, Malformed::Replace).expect("replaced");
            assert!(replaced.is_empty() || found == replaced, "{label} {found:?}");
        }
    }

    #[test]
    fn labels_and_marks_that_contradict_are_refused() {
        let error = check_label("windos-1252").expect_err("unknown");
        assert_eq!(error.kind(), ErrorKind::InvalidOption);
        assert_eq!(error.hint_text(), Some("did you mean \"windows-1252\"?"));
        for (label, bytes) in [
            ("windows-1252", &b"\xEF\xBB\xBFa"[..]),
            ("utf-16le", b"\xFE\xFF\x00a"),
            ("utf-16", b"\xEF\xBB\xBFa"),
            ("latin1", b"\xFF\xFEa\x00"),
        ] {
            let error = decode(label, bytes, Malformed::Refuse).expect_err("contradiction");
            assert_eq!(error.kind(), ErrorKind::InvalidOption, "{label}");
            assert!(error.hint_text().expect("a hint").contains("utf-"), "{error}");
        }
    }

    #[test]
    fn places_lead_back_to_the_bytes() {
        let text: String = "aé€😀\n".repeat(20_000);
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&b"\xFF\xFE"[..], &units].concat();
        for (bytes, mark) in [(&units, 0), (&marked, 2)] {
            let encoding = TextEncoding::of("utf-16le", bytes, Malformed::Refuse);
            let encoding = encoding.expect("known").expect("not UTF-8");
            let mut way_back = encoding.way_back();
            for line in [1, 2, 777, 19_999, 5, 5, 6] {
                let original = way_back.original_offset(bytes, line * 11);
                assert_eq!(original, line * 12 + mark, "line {line}");
            }
            for _ in 0..2 {
                assert_eq!(way_back.original_offset(bytes, u64::MAX), bytes.len() as u64);
            }
        }
    }
}
