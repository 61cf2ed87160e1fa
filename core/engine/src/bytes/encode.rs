//! UTF-8 to bytes of any encoding of the web, each of which decodes to the same text again.
//!
//! Some encoders of the Encoding Standard take characters for others that look alike (shift_jis
//! writes U+00A5 as a backslash). That would change a value in silence, so what they give is
//! decoded again and compared.

use std::borrow::Cow;

use encoding_rs::{EncoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::encoding;
use crate::error::Result;

/// What text is written as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextEncoder {
    encoding: &'static Encoding,
}

impl TextEncoder {
    /// The encoding of a label; `utf-16` is little-endian.
    ///
    /// Errors: `InvalidOption` with the nearest label as hint.
    pub fn of(label: &str) -> Result<TextEncoder> {
        Ok(TextEncoder { encoding: encoding::find(label)? })
    }

    /// The encoding's name in the standard.
    pub fn name(self) -> &'static str {
        self.encoding.name()
    }

    /// Bytes that mark this encoding at the start of a file; `None` where it has none.
    pub fn mark(self) -> Option<&'static [u8]> {
        match self.encoding {
            _ if self.encoding == UTF_8 => Some(&[0xEF, 0xBB, 0xBF]),
            _ if self.encoding == UTF_16LE => Some(&[0xFF, 0xFE]),
            _ if self.encoding == UTF_16BE => Some(&[0xFE, 0xFF]),
            _ => None,
        }
    }

    /// The name of the encoding whose mark these bytes start with.
    pub fn marked_by(bytes: &[u8]) -> Option<&'static str> {
        Encoding::for_bom(bytes).map(|(encoding, _)| encoding.name())
    }

    /// The bytes of a text, or its first character that the encoding lacks.
    ///
    /// Cost: nothing for UTF-8; one pass, and one more where an encoder may change characters.
    pub fn encode(self, text: &[u8]) -> std::result::Result<Cow<'_, [u8]>, char> {
        if self.encoding == UTF_8 {
            return Ok(Cow::Borrowed(text));
        }
        let text = match std::str::from_utf8(text) {
            Ok(text) => text,
            Err(error) => panic!("text of a table is UTF-8: {error}"),
        };
        match self.mark() {
            Some(_) => Ok(Cow::Owned(self.utf_16(text))),
            None => self.legacy(text).map(Cow::Owned),
        }
    }

    fn utf_16(self, text: &str) -> Vec<u8> {
        let units = text.encode_utf16();
        match self.encoding == UTF_16LE {
            true => units.flat_map(u16::to_le_bytes).collect(),
            false => units.flat_map(u16::to_be_bytes).collect(),
        }
    }

    fn legacy(self, text: &str) -> std::result::Result<Vec<u8>, char> {
        let bytes = self.encode_lossy(text)?;
        if self.encoding.is_single_byte() || self.decodes_to(&bytes, text) {
            return Ok(bytes);
        }
        // A character comes back as another one: alone as well.
        let is_changed = |character: &char| {
            let text = character.to_string();
            !self.encode_lossy(&text).is_ok_and(|bytes| self.decodes_to(&bytes, &text))
        };
        Err(text.chars().find(is_changed).unwrap_or('\u{FFFD}'))
    }

    /// Encodes; some characters may become others.
    fn encode_lossy(self, text: &str) -> std::result::Result<Vec<u8>, char> {
        let mut encoder = self.encoding.new_encoder();
        let mut out = Vec::with_capacity(text.len() + 16);
        let mut rest = text;
        loop {
            let (result, read) =
                encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut out, true);
            rest = &rest[read..];
            match result {
                EncoderResult::InputEmpty => return Ok(out),
                EncoderResult::OutputFull => out.reserve(rest.len() * 2 + 16),
                EncoderResult::Unmappable(character) => return Err(character),
            }
        }
    }

    fn decodes_to(self, bytes: &[u8], text: &str) -> bool {
        let decoded = self.encoding.decode_without_bom_handling_and_without_replacement(bytes);
        decoded.is_some_and(|decoded| decoded == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected bytes: Python 3.11 codecs (`"é€".encode("cp1252")` and so on).
    #[test]
    fn texts_are_encoded_by_name() {
        for (label, text, bytes) in [
            ("utf-8", "é€😀", "é€😀".as_bytes()),
            ("windows-1252", "é€“", b"\xE9\x80\x93"),
            ("latin1", "café", b"caf\xE9"),
            ("iso-8859-15", "€", b"\xA4"),
            ("koi8-r", "Пр", b"\xF0\xD2"),
            ("shift_jis", "日本", b"\x93\xFA\x96\x7B"),
            ("euc-jp", "日", b"\xC6\xFC"),
            ("iso-2022-jp", "日a", b"\x1B$BF|\x1B(Ba"),
            ("euc-kr", "한", b"\xC7\xD1"),
            ("big5", "中", b"\xA4\xA4"),
            ("gbk", "中", b"\xD6\xD0"),
            ("gb18030", "😀", b"\x94\x39\xFC\x36"),
            ("utf-16le", "é€😀", b"\xE9\x00\xAC\x20\x3D\xD8\x00\xDE"),
            ("utf-16be", "é€😀", b"\x00\xE9\x20\xAC\xD8\x3D\xDE\x00"),
            ("utf-16", "a", b"a\x00"),
            ("windows-1252", "", b""),
        ] {
            let encoder = TextEncoder::of(label).expect("known");
            assert_eq!(encoder.encode(text.as_bytes()).expect("encoded"), bytes, "{label} {text}");
        }
    }

    #[test]
    fn a_character_that_is_lacking_or_would_change_is_named() {
        for (label, text, lacking) in [
            ("windows-1252", "aжb", 'ж'),
            ("iso-8859-2", "é€", '€'),
            ("shift_jis", "a\\¥", '¥'),
            ("shift_jis", "1−2", '−'),
            ("euc-jp", "‾", '‾'),
            ("iso-2022-jp", "ｱ", 'ｱ'),
            ("big5", "😀", '😀'),
        ] {
            let encoder = TextEncoder::of(label).expect("known");
            assert_eq!(encoder.encode(text.as_bytes()), Err(lacking), "{label} {text}");
        }
    }

    #[test]
    fn every_character_comes_back_or_is_refused() {
        for label in ["windows-1252", "shift_jis", "euc-jp", "iso-2022-jp", "big5", "gbk", "euc-kr"]
        {
            let encoder = TextEncoder::of(label).expect("known");
            let mut encoded = 0;
            for character in ('\0'..='\u{FFFF}').filter(|one| *one != '\u{FEFF}') {
                let text = character.to_string();
                if let Ok(bytes) = encoder.encode(text.as_bytes()) {
                    assert!(encoder.decodes_to(&bytes, &text), "{label} {character:?}");
                    encoded += 1;
                }
            }
            assert!(encoded > 200, "{label} {encoded}");
        }
    }
}
