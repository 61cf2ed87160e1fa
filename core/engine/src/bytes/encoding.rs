//! Text in any encoding of the web to UTF-8, and back from a place in the UTF-8 to the bytes.
//!
//! The names are the labels of the WHATWG Encoding Standard, so `latin1` and `iso-8859-1` are
//! windows-1252, as they are for every browser. Text that is all ASCII in an encoding that keeps it
//! is UTF-8 already and is not touched.

use std::fmt;

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

use super::spool::{Spool, SpoolWriter};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result, nearest};
use crate::limits::DECODE_STEP_BYTES;

/// Stands in decoded text for bytes that are no text, once for each U+FFFD that the Encoding
/// Standard would put there. No UTF-8 holds it: so whoever checks the text finds them as it would
/// in UTF-8, and does not take a U+FFFD of the file's own for one.
pub const MALFORMED_MARK: u8 = 0xFF;

/// How a text is encoded, other than UTF-8.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextEncoding {
    encoding: &'static Encoding,
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

pub(super) fn find(label: &str) -> Result<&'static Encoding> {
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
    pub fn of(label: &str, bytes: &[u8]) -> Result<Option<TextEncoding>> {
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
        Ok(Some(TextEncoding { encoding }))
    }

    /// The text as UTF-8, without a byte-order mark, and with [`MALFORMED_MARK`] for bytes that are
    /// no text.
    ///
    /// Errors: those of the spool; `Cancelled`.
    /// Cost: one pass by one thread, about 1 GB/s where most of it is ASCII.
    pub fn decode(self, bytes: &[u8], context: &Context) -> Result<Spool> {
        context.expect_bytes(bytes.len() as u64);
        let mut spool = SpoolWriter::new();
        let mut steps = Steps::new(self);
        let mut buffer = vec![0; STEP_TEXT_BYTES];
        loop {
            context.check()?;
            let before = steps.taken;
            let step = steps.next(bytes, &mut buffer, DECODE_STEP_BYTES);
            context.advance((steps.taken - before) as u64, 0);
            spool.write(&buffer[..step.written])?;
            if step.is_end {
                return spool.finish();
            }
        }
    }

    /// The way back from the text to the bytes it was decoded from.
    pub fn way_back(self) -> WayBack {
        WayBack { encoding: self, steps: Steps::new(self), written: 0, buffer: Vec::new() }
    }

    /// Of the bytes at `offset`, which are no text.
    pub fn malformed_error(self, bytes: &[u8], offset: usize) -> Error {
        let is_wide = !self.encoding.is_ascii_compatible();
        let bad = bytes.get(offset..).unwrap_or(&[]).iter().take(if is_wide { 2 } else { 1 });
        let bad: Vec<String> = bad.map(|byte| format!("0x{byte:02X}")).collect();
        let plural = if bad.len() == 1 { "" } else { "s" };
        let found = format!("byte{plural} {}", bad.join(" "));
        let expected = format!("{} text", self.encoding.name());
        Error::mismatch(ErrorKind::InvalidUtf8, expected, found)
            .at(|place| place.byte_offset = Some(offset as u64))
            .hint("check option encoding, or set on_bad_encoding to replace, skip or quarantine")
    }
}

/// Finds, for places in a decoded text, the offsets of its bytes; quick where they rise.
pub struct WayBack {
    encoding: TextEncoding,
    steps: Steps,
    /// Bytes of text that the steps so far made.
    written: u64,
    buffer: Vec<u8>,
}

impl WayBack {
    /// The offset in `bytes`, which are always the same, of what stands at `offset` of their text.
    ///
    /// Errors: `Cancelled`.
    /// Cost: decodes from the last place asked for, or from the start where this one lies before.
    pub fn original_offset(&mut self, bytes: &[u8], offset: u64, context: &Context) -> Result<u64> {
        if offset < self.written {
            self.steps = Steps::new(self.encoding);
            self.written = 0;
        }
        self.buffer.resize(STEP_TEXT_BYTES, 0);
        // A decoder that has seen the end cannot go on.
        while self.written < offset && self.steps.has_more(bytes) {
            context.check()?;
            // As far as whole steps surely lead: a byte is at most three of UTF-8. Then byte by
            // byte.
            let left = usize::try_from(offset - self.written).unwrap_or(usize::MAX);
            let step_bytes = (left.saturating_sub(16) / 3).clamp(1, DECODE_STEP_BYTES);
            self.written += self.steps.next(bytes, &mut self.buffer, step_bytes).written as u64;
        }
        // A mark stands before the first character and belongs to it.
        Ok((self.steps.taken - self.steps.behind) as u64)
    }
}

impl fmt::Debug for WayBack {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "WayBack({}, {} -> {})",
            self.encoding.encoding.name(),
            self.written,
            self.steps.taken
        )
    }
}

/// A decoder on its way through bytes.
struct Steps {
    decoder: Decoder,
    taken: usize,
    /// Bytes taken whose text is still to come: those behind bytes that were no text.
    behind: usize,
}

/// Bytes of text that a step makes at most, and room for a mark and what was left behind it.
const STEP_TEXT_BYTES: usize = DECODE_STEP_BYTES * 3 + 16;

struct Step {
    written: usize,
    is_end: bool,
}

impl Steps {
    fn new(encoding: TextEncoding) -> Steps {
        Steps { decoder: encoding.encoding.new_decoder_with_bom_removal(), taken: 0, behind: 0 }
    }

    fn has_more(&self, bytes: &[u8]) -> bool {
        self.taken < bytes.len() || self.behind > 0
    }

    /// Decodes at most `step_bytes` into the buffer, which is large enough for their text.
    fn next(&mut self, bytes: &[u8], buffer: &mut [u8], step_bytes: usize) -> Step {
        // What was left behind comes alone, so that places are told exactly.
        let step_bytes = if self.behind > 0 { 0 } else { step_bytes };
        let end = (self.taken + step_bytes).min(bytes.len());
        let is_last = end == bytes.len();
        let input = &bytes[self.taken..end];
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(input, buffer, is_last);
        self.taken += read;
        self.behind = 0;
        match result {
            DecoderResult::InputEmpty => Step { written, is_end: is_last },
            DecoderResult::OutputFull => Step { written, is_end: false },
            DecoderResult::Malformed(_, behind) => {
                self.behind = usize::from(behind);
                buffer[written] = MALFORMED_MARK;
                Step { written: written + 1, is_end: false }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(label: &str, bytes: &[u8]) -> Result<String> {
        let spool = match TextEncoding::of(label, bytes)? {
            None => return Ok(String::from_utf8(bytes.to_vec()).expect("UTF-8")),
            Some(encoding) => encoding.decode(bytes, &Context::default())?,
        };
        Ok(String::from_utf8_lossy(spool.as_bytes()).into_owned())
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
            let found = decode(label, bytes).expect("text");
            assert_eq!(found, text, "{label} {bytes:?}");
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
            let error = decode(label, bytes).expect_err("contradiction");
            assert_eq!(error.kind(), ErrorKind::InvalidOption, "{label}");
            assert!(error.hint_text().expect("a hint").contains("utf-"), "{error}");
        }
    }

    #[test]
    fn places_lead_back_to_the_bytes() {
        let text: String = "aé€😀\n".repeat(20_000);
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&b"\xFF\xFE"[..], &units].concat();
        let context = Context::default();
        for (bytes, mark) in [(&units, 0), (&marked, 2)] {
            let encoding = TextEncoding::of("utf-16le", bytes);
            let encoding = encoding.expect("known").expect("not UTF-8");
            let mut way_back = encoding.way_back();
            for line in [1, 2, 777, 19_999, 5, 5, 6] {
                let original = way_back.original_offset(bytes, line * 11, &context);
                let original = original.expect("not cancelled");
                assert_eq!(original, line * 12 + mark, "line {line}");
            }
            for _ in 0..2 {
                let end = way_back.original_offset(bytes, u64::MAX, &context);
                assert_eq!(end, Ok(bytes.len() as u64));
            }
        }
    }

    /// A mark for each of what Python 3.11 replaces: `bytes.decode(label, "replace")`, but for
    /// Shift_JIS, where the Encoding Standard gives an ASCII byte back that cannot be a trail.
    #[test]
    fn marks_stand_where_bytes_are_no_text_and_lead_back_to_them() {
        let context = Context::default();
        for (label, bytes, text, offsets) in [
            (
                "utf-16le",
                &b"\x00\xDC,\x00\x3D\xD8,\x00x\x00"[..],
                &b"\xFF,\xFF,x"[..],
                &[0, 2, 4, 6, 8][..],
            ),
            ("utf-16le", b"\x3D\xD8\x3D\xD8\x00\xDEb\x00", "\u{1}😀b".as_bytes(), &[0, 2]),
            ("utf-16le", b"\xFD\xFFa\x00b", "\u{FFFD}a\u{1}".as_bytes(), &[0]),
            ("utf-16be", b"\xDC\x00\x00a", b"\xFFa", &[0, 2]),
            (
                "shift_jis",
                b"a\x81,\x93\xFA\xFF\x81",
                "a\u{1},日\u{1}\u{1}".as_bytes(),
                &[0, 1, 2, 3],
            ),
            ("euc-kr", b"\xFFa", b"\xFFa", &[0, 1]),
            ("utf-16le", b"a\x00b", b"a\xFF", &[0, 2]),
            ("shift_jis", b"ab\x81", b"ab\xFF", &[0, 1, 2]),
        ] {
            let encoding = TextEncoding::of(label, bytes);
            let encoding = encoding.expect("known").expect("not UTF-8");
            let found = encoding.decode(bytes, &context).expect("marked");
            let text: Vec<u8> =
                text.iter().map(|byte| if *byte == 1 { MALFORMED_MARK } else { *byte }).collect();
            assert_eq!(found.as_bytes(), text, "{label} {bytes:?}");
            let mut way_back = encoding.way_back();
            for (place, expected) in offsets.iter().enumerate() {
                let found = way_back.original_offset(bytes, place as u64, &context);
                assert_eq!(found.expect("not cancelled"), *expected, "{label} {bytes:?} {place}");
            }
        }
    }
}
