//! The encoding of a sample, and the sample as UTF-8.
//!
//! Marks decide, then validity as UTF-8, then zero bytes (UTF-16 without a mark). What is left are
//! encodings of one or two bytes a character that only plausibility tells apart, so the answer
//! comes with a doubt.

use std::borrow::Cow;

/// An encoding and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Encoding {
    /// Label of the WHATWG Encoding Standard.
    pub label: &'static str,
    /// Bytes of the mark at the start.
    pub mark_bytes: usize,
    /// Why it may be another one.
    pub doubt: Option<String>,
}

/// Finds the encoding from the pieces of a sample; the first is the start of the file.
pub(super) fn find_encoding(pieces: &[&[u8]]) -> Encoding {
    let head = pieces.first().copied().unwrap_or(&[]);
    let marked = |label, mark_bytes| Encoding { label, mark_bytes, doubt: None };
    match head {
        [0xEF, 0xBB, 0xBF, ..] => return marked("utf-8", 3),
        [0xFF, 0xFE, ..] => return marked("utf-16le", 2),
        [0xFE, 0xFF, ..] => return marked("utf-16be", 2),
        _ => {}
    }
    if let Some(label) = utf16_without_mark(head) {
        return marked(label, 0);
    }
    let mut tally = Utf8Tally::default();
    pieces.iter().for_each(|piece| tally.add(piece));
    if tally.bad == 0 {
        return marked("utf-8", 0);
    }
    if tally.good > 4 * tally.bad {
        let doubt = format!(
            "{} bytes of the sample are no UTF-8, {} characters are",
            tally.bad, tally.good
        );
        return Encoding { label: "utf-8", mark_bytes: 0, doubt: Some(doubt) };
    }
    let label = plausible(pieces);
    let doubt = format!("the bytes are no UTF-8: encoding {label} is a guess");
    Encoding { label, mark_bytes: 0, doubt: Some(doubt) }
}

/// The text of a piece as UTF-8, or near it: what the sniffing asks is which characters are ASCII,
/// which are blanks, and that the others are letters.
pub(super) fn to_text<'a>(piece: &'a [u8], label: &str) -> Cow<'a, [u8]> {
    match label {
        "utf-8" => Cow::Borrowed(piece),
        "utf-16le" => Cow::Owned(from_utf16(piece, u16::from_le_bytes)),
        "utf-16be" => Cow::Owned(from_utf16(piece, u16::from_be_bytes)),
        label if is_double_byte(label) => Cow::Owned(from_double_bytes(piece)),
        _ => {
            let text: String = piece.iter().map(|byte| char::from(*byte)).collect();
            Cow::Owned(text.into_bytes())
        }
    }
}

/// Whether characters of an encoding may take two bytes, the second of which may be ASCII.
fn is_double_byte(label: &str) -> bool {
    matches!(
        label.to_ascii_lowercase().as_str(),
        "shift_jis" | "gbk" | "gb18030" | "gb2312" | "big5" | "euc-kr" | "euc-jp"
    )
}

fn from_utf16(piece: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = piece.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    let text: String = char::decode_utf16(units)
        .map(|found| found.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    text.into_bytes()
}

fn from_double_bytes(piece: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(piece.len() * 3 / 2);
    let mut at = 0;
    while at < piece.len() {
        if piece[at] < 0x80 {
            text.push(piece[at]);
            at += 1;
        } else {
            text.extend("字".bytes());
            at += 2;
        }
    }
    text
}

/// ASCII text in UTF-16 has a zero in every other byte.
fn utf16_without_mark(head: &[u8]) -> Option<&'static str> {
    let head = &head[..head.len().min(4096)];
    let pairs = head.as_chunks::<2>().0;
    if pairs.is_empty() {
        return None;
    }
    let zeros = |index: usize| pairs.iter().filter(|pair| pair[index] == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    // Text of other scripts still has blanks, digits, delimiters and line ends.
    let share_min = pairs.len().div_ceil(4);
    match (first, second) {
        (first, second) if second >= share_min && first * 8 < second => Some("utf-16le"),
        (first, second) if first >= share_min && second * 8 < first => Some("utf-16be"),
        _ => None,
    }
}

#[derive(Default)]
struct Utf8Tally {
    /// Characters of more than one byte.
    good: usize,
    /// Bytes that belong to no character.
    bad: usize,
}

impl Utf8Tally {
    fn add(&mut self, piece: &[u8]) {
        // A piece may begin and end within a character.
        let cut = piece.iter().take(3).take_while(|byte| **byte & 0xC0 == 0x80).count();
        for chunk in piece[cut..].utf8_chunks() {
            self.good += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
            self.bad += chunk.invalid().len();
        }
        if let Err(error) = std::str::from_utf8(&piece[cut..])
            && error.error_len().is_none()
        {
            self.bad -= piece.len() - cut - error.valid_up_to();
        } else if let Some(last) = piece[cut..].utf8_chunks().last() {
            let is_start = last.invalid().first().is_some_and(|byte| *byte >= 0xC2);
            let wanted = last.invalid().first().map_or(0, |byte| byte.leading_ones() as usize);
            let at_end = last.invalid().len() < wanted;
            let ends_here = piece.ends_with(last.invalid()) && !last.invalid().is_empty();
            if is_start && at_end && ends_here {
                self.bad -= last.invalid().len();
            }
        }
    }
}

/// The likeliest encoding of bytes that are no UTF-8.
fn plausible(pieces: &[&[u8]]) -> &'static str {
    let tally = Tally::of(pieces);
    if let Some(label) = tally.double_byte(pieces) {
        return label;
    }
    // Western words have a letter beyond ASCII here and there; others consist of them.
    if tally.high_beside_high * 2 > tally.high {
        return tally.non_latin();
    }
    if tally.controls_in_words * 2 > tally.high {
        return "macintosh";
    }
    if tally.symbols_in_words * 10 > tally.high {
        return "windows-1250";
    }
    "windows-1252"
}

struct Tally {
    counts: [usize; 256],
    /// Bytes beyond ASCII.
    high: usize,
    /// Those of them that stand beside another one.
    high_beside_high: usize,
    /// Bytes 0x80 to 0x9F beside a small ASCII letter: letters in MacRoman, marks in windows-1252.
    controls_in_words: usize,
    /// Bytes that are symbols in windows-1252 and stand between ASCII letters.
    symbols_in_words: usize,
}

impl Tally {
    fn of(pieces: &[&[u8]]) -> Tally {
        let mut tally = Tally {
            counts: [0; 256],
            high: 0,
            high_beside_high: 0,
            controls_in_words: 0,
            symbols_in_words: 0,
        };
        for piece in pieces {
            for (index, byte) in piece.iter().copied().enumerate() {
                tally.counts[usize::from(byte)] += 1;
                if byte < 0x80 {
                    continue;
                }
                let before = index.checked_sub(1).map_or(b' ', |index| piece[index]);
                let behind = piece.get(index + 1).copied().unwrap_or(b' ');
                tally.high += 1;
                tally.high_beside_high += usize::from(before >= 0x80 || behind >= 0x80);
                let is_control = matches!(byte, 0x80..=0x9F);
                let in_word = before.is_ascii_lowercase() && behind.is_ascii_lowercase();
                tally.controls_in_words += usize::from(is_control && in_word && byte != 0x92);
                let is_symbol =
                    matches!(byte, 0xA1..=0xBF) && !matches!(byte, 0xAA | 0xB7 | 0xBA | 0xAD);
                tally.symbols_in_words += usize::from(is_symbol && in_word);
            }
        }
        tally
    }

    fn sum(&self, bytes: &[u8]) -> usize {
        bytes.iter().map(|byte| self.counts[usize::from(*byte)]).sum()
    }

    /// Encodings of two bytes, where all bytes pair up as they ask.
    fn double_byte(&self, pieces: &[&[u8]]) -> Option<&'static str> {
        let mut pairs = 0usize;
        let (mut kana, mut sjis, mut gb, mut hangul, mut big5) =
            (0usize, 0usize, 0usize, 0usize, 0usize);
        for piece in pieces {
            let mut at = 0;
            while at + 1 < piece.len() {
                let (lead, trail) = (piece[at], piece[at + 1]);
                if lead < 0x80 {
                    at += 1;
                    continue;
                }
                pairs += 1;
                kana += usize::from(matches!(lead, 0xA4 | 0xA5) && trail >= 0xA1);
                sjis += usize::from(
                    matches!(lead, 0x81..=0x84 | 0x88..=0x9F | 0xE0..=0xEA) && trail >= 0x40,
                );
                gb += usize::from(matches!(lead, 0xB0..=0xF7 | 0xA1..=0xA3) && trail >= 0xA1);
                hangul += usize::from(matches!(lead, 0xB0..=0xC8 | 0xA1) && trail >= 0xA1);
                big5 += usize::from(
                    matches!(lead, 0xA1..=0xF9) && matches!(trail, 0x40..=0x7E | 0xA1..=0xFE),
                );
                at += 2;
            }
        }
        let ascii_trails = self.high < 2 * pairs;
        let most = |count: usize| pairs >= 4 && count * 20 >= pairs * 19;
        if most(sjis) && self.sum(&[0x82, 0x83]) * 4 > pairs {
            return Some("shift_jis");
        }
        if most(gb + kana) && kana * 4 > pairs {
            return Some("euc-jp");
        }
        // One byte a character pairs up by chance; Cyrillic words of odd length do not.
        if most(hangul) && !ascii_trails {
            return Some("euc-kr");
        }
        if most(gb) && !ascii_trails && self.is_spread() {
            return Some("gbk");
        }
        (most(big5) && ascii_trails && self.is_spread()).then_some("big5")
    }

    /// Whether many different bytes occur: thousands of characters do that, an alphabet does not.
    fn is_spread(&self) -> bool {
        let different = self.counts[0x80..].iter().filter(|count| **count > 0).count();
        different > 70.min(self.high / 2)
    }

    /// Alphabets other than Latin by their commonest small letters.
    fn non_latin(&self) -> &'static str {
        let cyrillic = [
            ("windows-1251", &[0xEE, 0xE5, 0xE0, 0xE8, 0xED, 0xF2][..]),
            ("koi8-r", &[0xCF, 0xC5, 0xC1, 0xC9, 0xCE, 0xD4]),
            ("iso-8859-5", &[0xDE, 0xD5, 0xD0, 0xD8, 0xDD, 0xE2]),
            ("ibm866", &[0xAE, 0xA5, 0xA0, 0xA8, 0xAD, 0xE2]),
            ("windows-1253", &[0xE1, 0xEF, 0xE9, 0xF4, 0xED, 0xE5]),
        ];
        let best = cyrillic.into_iter().max_by_key(|(_, letters)| self.sum(letters));
        best.map_or("windows-1252", |(label, _)| label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(bytes: &[u8]) -> &'static str {
        find_encoding(&[bytes]).label
    }

    /// Bytes by Python 3.11's codecs, named in front.
    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(label(b"a,b\n1,2\n"), "utf-8");
        assert_eq!(label("naïve,Zürich\n".as_bytes()), "utf-8");
        assert_eq!(label(b"\xEF\xBB\xBFa"), "utf-8");
        assert_eq!(label(b"\xFF\xFEa\0"), "utf-16le");
        assert_eq!(label(b"\xFE\xFF\0a"), "utf-16be");
        assert_eq!(label(b"a\0,\0b\0\n\0"), "utf-16le");
        assert_eq!(label(b"\0a\0,\0b\0\n"), "utf-16be");
        // cp1252
        assert_eq!(label(b"Z\xFCrich,caf\xE9,\x80 5\n"), "windows-1252");
        // cp1251: "Москва,Россия,населения"
        let moscow = b"\xCC\xEE\xF1\xEA\xE2\xE0,\xD0\xEE\xF1\xF1\xE8\xFF,\
            \xED\xE0\xF1\xE5\xEB\xE5\xED\xE8\xFF\n";
        assert_eq!(label(moscow), "windows-1251");
        // koi8_r of the same
        let moscow = b"\xED\xCF\xD3\xCB\xD7\xC1,\xF2\xCF\xD3\xD3\xC9\xD1,\
            \xCE\xC1\xD3\xC5\xCC\xC5\xCE\xC9\xD1\n";
        assert_eq!(label(moscow), "koi8-r");
        // shift_jis: "なまえ,としはどこ"
        let name = b"\x82\xC8\x82\xDC\x82\xA6,\x82\xC6\x82\xB5\x82\xCD\x82\xC7\x82\xB1\n";
        assert_eq!(label(name), "shift_jis");
        assert_eq!(label(b""), "utf-8");
    }

    #[test]
    fn a_character_cut_in_two_is_no_mistake() {
        let text = "é".repeat(10);
        for start in 0..2 {
            for end in 15..20 {
                let found = find_encoding(&[&text.as_bytes()[start..end]]);
                assert_eq!((found.label, found.doubt), ("utf-8", None), "{start}..{end}");
            }
        }
        let one_bad = [text.as_bytes(), b"\xFF", text.as_bytes()].concat();
        let found = find_encoding(&[&one_bad]);
        assert_eq!(found.label, "utf-8");
        assert!(found.doubt.is_some());
    }
}
