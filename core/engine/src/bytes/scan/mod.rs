//! Where delimiters, quotes and line ends stand.
//!
//! Bytes in, positions out. The work is the same on every CPU: 64 bytes become three masks, the
//! quote mask says by a prefix xor which bits lie inside quotes, the others become positions. Only
//! the first step differs, so each CPU's file holds just that, and the loop here is compiled once
//! more for each with what that CPU can do.
//!
//! ```text
//! a,"b,c"\n       bytes
//! .1.1....        delimiter
//! ..1...1.        quote
//! ..1111..        inside  = prefix xor of quote
//! .1.....1        separators = (delimiter | newline) & !inside
//! ```

mod scalar;
mod tally;
#[cfg(target_arch = "x86_64")]
mod x86_64;

use std::ops::Range;
use std::sync::OnceLock;

pub use tally::{Copy, Tally};

/// What the CPU can do, in rising order, named after the x86-64 levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Plain code: correct everywhere.
    Scalar,
    /// SSE2.
    V2,
    /// AVX2 and BMI.
    V3,
    /// AVX-512 BW.
    V4,
}

impl Level {
    /// Every level, in rising order.
    pub const ALL: [Level; 4] = [Level::Scalar, Level::V2, Level::V3, Level::V4];

    /// The highest level of this CPU, or a lower one that `PARDOX_SIMD` (`scalar`, `v2`, `v3`,
    /// `v4`) names; looked up once.
    pub fn current() -> Level {
        static CURRENT: OnceLock<Level> = OnceLock::new();
        *CURRENT.get_or_init(|| {
            let asked = match std::env::var("PARDOX_SIMD").as_deref() {
                Ok("scalar") => Level::Scalar,
                Ok("v2") => Level::V2,
                Ok("v3") => Level::V3,
                _ => Level::V4,
            };
            asked.min(Level::supported())
        })
    }

    /// The highest level of this CPU.
    #[cfg(target_arch = "x86_64")]
    pub fn supported() -> Level {
        x86_64::supported()
    }

    /// The highest level of this CPU.
    #[cfg(not(target_arch = "x86_64"))]
    pub fn supported() -> Level {
        Level::Scalar
    }
}

/// What to look for; all ASCII.
#[derive(Clone, Copy, Debug)]
pub struct Needles {
    /// Byte between fields.
    pub delimiter: u8,
    /// Byte around fields; `None` when quotes mean nothing.
    pub quote: Option<u8>,
}

/// 64 bytes as three masks; bit i is byte i.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Masks {
    delimiter: u64,
    newline: u64,
    quote: u64,
}

/// What `separators` found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Unquoted newlines.
    pub newline_count: usize,
    /// Positions up to and with the last unquoted newline.
    pub whole_count: usize,
    /// Offset of the last unquoted newline.
    pub last_newline: Option<usize>,
    /// Whether any quote was met.
    pub has_quote: bool,
    /// Whether any quote opened right behind one that closed: a doubled one.
    pub has_doubled: bool,
    /// Whether the range ends inside quotes.
    pub ends_quoted: bool,
    /// Whether a quote opens inside a field, or something but a separator follows a closing one:
    /// then the positions mean nothing, and `separators_patient` is the one to ask.
    pub has_stray: bool,
}

/// Appends to `out`, as offsets from `base`, where the unquoted delimiters and newlines of
/// `bytes[range]` stand. The range starts at the start of a record.
///
/// Positions beyond 32 bits wrap; the caller bounds `range.end - base`.
/// Cost: one pass; about 4 GB/s with AVX2 at 6 bytes a field.
pub fn separators(
    level: Level,
    bytes: &[u8],
    range: Range<usize>,
    base: usize,
    needles: Needles,
    out: &mut Positions,
) -> Found {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::V2 => x86_64::separators_v2(bytes, range, base, needles, out),
        #[cfg(target_arch = "x86_64")]
        Level::V3 => x86_64::separators_v3(bytes, range, base, needles, out),
        #[cfg(target_arch = "x86_64")]
        Level::V4 => x86_64::separators_v4(bytes, range, base, needles, out),
        _ => scalar::separators(bytes, range, base, needles, out),
    }
}

/// What `separators_patient` found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FoundPatiently {
    /// As the quick way tells it; `has_stray` only where something but a separator follows the
    /// closing quote of a quoted field.
    pub found: Found,
    /// Whether the record that is not whole in the range holds a quote that is text.
    pub ends_literal: bool,
}

/// As [`separators`], but byte by byte, and with quotes inside unquoted fields taken as text.
pub fn separators_patient(
    bytes: &[u8],
    range: Range<usize>,
    base: usize,
    needles: Needles,
    out: &mut Positions,
) -> FoundPatiently {
    scalar::separators_patient(bytes, range, base, needles, out)
}

/// What a range does to whoever comes after it, whichever way it starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Whether the number of quotes is odd.
    pub flips: bool,
    /// Offset of the last unquoted newline when the range starts outside quotes, and inside.
    pub last_newline: [Option<usize>; 2],
    /// Whether a quote stands where none may, if the range starts outside quotes, and inside: then
    /// quotes do not just open and close there, and the rest of the summary means nothing.
    pub has_stray: [bool; 2],
}

/// Sums up a range of which it is not known whether it starts inside quotes: both are tried at
/// once, since what is inside under one is outside under the other.
pub fn summarize(level: Level, bytes: &[u8], range: Range<usize>, needles: Needles) -> Summary {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::V2 => x86_64::summarize_v2(bytes, range, needles),
        #[cfg(target_arch = "x86_64")]
        Level::V3 => x86_64::summarize_v3(bytes, range, needles),
        #[cfg(target_arch = "x86_64")]
        Level::V4 => x86_64::summarize_v4(bytes, range, needles),
        _ => scalar::summarize(bytes, range, needles),
    }
}

/// Counts the lines that end in a range of which it is not known whether it starts inside quotes.
///
/// Shape: `line_start` is at or before the range: the offset where the first line starts. `copy`
/// fills a buffer with bytes as they are in `bytes`.
/// Cost: one pass, at the speed of memory.
pub fn tally(
    level: Level,
    bytes: &[u8],
    range: Range<usize>,
    line_start: usize,
    needles: Needles,
    copy: Copy,
) -> Tally {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::V2 => x86_64::tally_v2(bytes, range, line_start, needles, copy),
        #[cfg(target_arch = "x86_64")]
        Level::V3 => x86_64::tally_v3(bytes, range, line_start, needles, copy),
        #[cfg(target_arch = "x86_64")]
        Level::V4 => x86_64::tally_v4(bytes, range, line_start, needles, copy),
        _ => scalar::tally(bytes, range, line_start, needles, copy),
    }
}

/// Offsets, with room behind them so that a word's worth is written without asking.
#[derive(Debug, Default)]
pub struct Positions {
    slots: Vec<u32>,
    len: usize,
}

impl Positions {
    /// Forgets all, and leaves `gap` slots of room in front of what comes next.
    pub fn clear(&mut self, gap: usize) {
        self.len = gap;
        self.reserve_word();
    }

    /// Number of positions, those of the gap counted.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none, not even a gap.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The positions, those of the gap first.
    pub fn as_slice(&self) -> &[u32] {
        &self.slots[..self.len]
    }

    /// The positions, to change in place.
    pub fn as_mut_slice(&mut self) -> &mut [u32] {
        &mut self.slots[..self.len]
    }

    /// Drops the positions from `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Appends one.
    pub fn push(&mut self, position: u32) {
        self.reserve_word();
        self.slots[self.len] = position;
        self.len += 1;
    }

    #[inline]
    fn reserve_word(&mut self) {
        if self.slots.len() < self.len + 64 {
            self.slots.resize((self.len + 64) * 2, 0);
        }
    }

    /// Appends `first + i` for each bit i.
    #[inline(always)]
    fn push_bits(&mut self, first: u32, mut bits: u64) {
        self.reserve_word();
        let count = bits.count_ones() as usize;
        let room = &mut self.slots[self.len..self.len + 64];
        let mut at = 0;
        // Whole steps of 8, so that the branch is taken the same way nearly always; what is written
        // behind `count` is overwritten by the next word.
        while at < count {
            for slot in &mut room[at..at + 8] {
                *slot = first.wrapping_add(bits.trailing_zeros());
                bits &= bits.wrapping_sub(1);
            }
            at += 8;
        }
        self.len += count;
    }
}

/// Bit i of the result is the xor of bits 0 to i.
#[inline(always)]
fn prefix_xor(mut bits: u64) -> u64 {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    bits
}

/// Calls `each` with the offset and the masks of every 64 bytes, and with the bits that are within
/// the range; those behind its end are 0 in the masks.
#[inline(always)]
fn for_each_word(
    bytes: &[u8],
    range: Range<usize>,
    needles: Needles,
    classify: impl Fn(&[u8; 64]) -> Masks,
    mut each: impl FnMut(usize, Masks, u64),
) {
    let quotes = if needles.quote.is_some() { u64::MAX } else { 0 };
    let (mut offset, mut rest) = (range.start, [0; 64]);
    // `each` is called in one place, so that it is compiled here, with what this CPU can do.
    while offset < range.end {
        let left = &bytes[offset..range.end];
        let (word, kept) = match left.first_chunk::<64>() {
            Some(word) => (word, u64::MAX),
            None => {
                rest[..left.len()].copy_from_slice(left);
                (&rest, u64::MAX >> (64 - left.len()))
            }
        };
        let masks = classify(word);
        let (delimiter, newline) = (masks.delimiter & kept, masks.newline & kept);
        each(offset, Masks { delimiter, newline, quote: masks.quote & kept & quotes }, kept);
        offset += 64;
    }
}

#[inline(always)]
fn separators_body(
    bytes: &[u8],
    range: Range<usize>,
    base: usize,
    needles: Needles,
    out: &mut Positions,
    classify: impl Fn(&[u8; 64]) -> Masks,
) -> Found {
    let mut found = Found::default();
    let mut state = QuoteState { inside: 0, may_open: 1, after_close: 0 };
    for_each_word(bytes, range, needles, classify, |offset, masks, kept| {
        let mut separators = masks.delimiter | masks.newline;
        let mut newline = masks.newline;
        if (masks.quote | state.inside | state.after_close) != 0 {
            let step = state.step(bytes, offset, masks, kept);
            separators &= step.outside;
            newline &= step.outside;
            found.has_quote = true;
            found.has_doubled |= step.has_doubled;
            found.has_stray |= step.is_stray;
        } else {
            state.may_open = separators >> 63;
        }
        if newline != 0 {
            let last = 63 - newline.leading_zeros();
            let upto_last = u64::MAX >> (63 - last);
            found.newline_count += newline.count_ones() as usize;
            found.last_newline = Some(offset + last as usize);
            found.whole_count = out.len + (separators & upto_last).count_ones() as usize;
        }
        out.push_bits((offset.wrapping_sub(base)) as u32, separators);
    });
    found.ends_quoted = state.inside != 0;
    found
}

/// What a word shows, its quotes taken into account.
struct Step {
    /// The bits outside quotes.
    outside: u64,
    /// Whether a quote opens right behind one that closed.
    has_doubled: bool,
    /// Whether a quote stands where none may.
    is_stray: bool,
}

/// What one word leaves to the next.
#[derive(Clone, Copy)]
struct QuoteState {
    /// All ones inside quotes.
    inside: u64,
    /// Bit 0: whether the byte before this word lets a quote open here.
    may_open: u64,
    /// Bit 0: whether the byte before this word closed a quoted field.
    after_close: u64,
}

impl QuoteState {
    /// What the next word shows.
    ///
    /// A quote opens behind a separator, or behind a quote: then the two are one doubled quote.
    /// Behind a closing one comes a separator, a quote, a line end, or the end of the file.
    #[inline(always)]
    fn step(&mut self, bytes: &[u8], offset: usize, masks: Masks, kept: u64) -> Step {
        let inside = prefix_xor(masks.quote) ^ self.inside;
        let opens = masks.quote & inside;
        let closes = masks.quote & !inside;
        let edges = masks.delimiter | masks.newline | masks.quote;
        let bad_opens = opens & !(edges << 1 | self.may_open);
        let after_close = closes << 1 | self.after_close;
        let mut odd = after_close & !edges & kept;
        let mut is_stray = bad_opens != 0;
        while odd != 0 {
            let at = offset + odd.trailing_zeros() as usize;
            is_stray |= !is_line_end_or_end(bytes, at);
            odd &= odd - 1;
        }
        self.inside = ((inside as i64) >> 63) as u64;
        self.may_open = edges >> 63;
        self.after_close = closes >> 63;
        let has_doubled = opens & after_close != 0;
        Step { outside: !inside, has_doubled, is_stray }
    }
}

/// Whether `\r\n`, the file's last `\r`, or the end of the file stands at `offset`.
fn is_line_end_or_end(bytes: &[u8], offset: usize) -> bool {
    matches!(bytes.get(offset..), None | Some([] | [b'\r'] | [b'\r', b'\n', ..]))
}

#[inline(always)]
fn summarize_body(
    bytes: &[u8],
    range: Range<usize>,
    needles: Needles,
    classify: impl Fn(&[u8; 64]) -> Masks,
) -> Summary {
    let mut summary = Summary::default();
    let before = range.start.checked_sub(1).map(|offset| bytes[offset]);
    let is_quote = before.is_some() && before == needles.quote;
    let is_edge = is_quote || before.is_none_or(|byte| byte == b'\n' || byte == needles.delimiter);
    let state = |inside| QuoteState {
        inside,
        may_open: u64::from(is_edge),
        // Outside quotes, a quote before the range is a closing one.
        after_close: u64::from(is_quote && inside == 0),
    };
    let mut states = [state(0), state(u64::MAX)];
    for_each_word(bytes, range, needles, classify, |offset, masks, kept| {
        for (index, state) in states.iter_mut().enumerate() {
            if summary.has_stray[index] {
                continue;
            }
            let step = state.step(bytes, offset, masks, kept);
            summary.has_stray[index] = step.is_stray;
            let newline = masks.newline & step.outside;
            if newline != 0 {
                let last = offset + 63 - newline.leading_zeros() as usize;
                summary.last_newline[index] = Some(last);
            }
        }
        summary.flips ^= masks.quote.count_ones() % 2 == 1;
    });
    summary
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Levels that this CPU can run; the lower ones always can.
    fn levels() -> impl Iterator<Item = Level> {
        Level::ALL.iter().copied().filter(|level| *level <= Level::supported())
    }

    /// The definition, byte by byte.
    fn plain(bytes: &[u8], range: Range<usize>, needles: Needles) -> (Vec<u32>, Found) {
        let (mut positions, mut found, mut inside) = (Vec::new(), Found::default(), false);
        let is_edge =
            |byte: u8| byte == needles.delimiter || byte == b'\n' || Some(byte) == needles.quote;
        for at in range.clone() {
            let byte = bytes[at];
            if Some(byte) == needles.quote {
                let may_open = at == range.start || is_edge(bytes[at - 1]);
                // What follows a close in the next range is the next range's to see.
                let next = at + 1;
                let may_close =
                    next == range.end || is_edge(bytes[next]) || is_line_end_or_end(bytes, next);
                found.has_stray |= if inside { !may_close } else { !may_open };
                found.has_quote = true;
                let has_quote_before = at > range.start && Some(bytes[at - 1]) == needles.quote;
                found.has_doubled |= !inside && has_quote_before;
                inside = !inside;
            } else if !inside && (byte == needles.delimiter || byte == b'\n') {
                positions.push(at as u32);
                if byte == b'\n' {
                    found.newline_count += 1;
                    found.last_newline = Some(at);
                    found.whole_count = positions.len();
                }
            }
        }
        found.ends_quoted = inside;
        (positions, found)
    }

    fn random_bytes(seed: u64, len: usize, alphabet: &[u8]) -> Vec<u8> {
        let mut state = seed | 1;
        (0..len)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                alphabet[(state >> 20) as usize % alphabet.len()]
            })
            .collect()
    }

    #[test]
    fn every_level_finds_what_the_definition_finds() {
        let rounds = if cfg!(miri) { 2 } else { 40 };
        let quoted = Needles { delimiter: b',', quote: Some(b'"') };
        let unquoted = Needles { delimiter: b'|', quote: None };
        for seed in 0..rounds {
            for (needles, alphabet) in [
                (quoted, &b"a,\n\"\r"[..]),
                (quoted, b"aaaaaaaaaaaaaaaaaaaaaaaa,,\n"),
                (quoted, b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,,\n\""),
                (unquoted, b"ab|\n\"\xFF\x00"),
            ] {
                let bytes = random_bytes(seed * 977 + 3, 64 * 7, alphabet);
                for len in (0..bytes.len() - 64).step_by(1 + seed as usize % 7) {
                    let start = (seed as usize * 13 + len) % 64;
                    let range = start..start + len;
                    let (positions, expected) = plain(&bytes, range.clone(), needles);
                    for level in levels() {
                        let mut out = Positions::default();
                        out.clear(0);
                        let found = separators(level, &bytes, range.clone(), 0, needles, &mut out);
                        assert_eq!(out.as_slice(), positions, "{level:?} {range:?}");
                        let has_quote = found.has_quote;
                        assert_eq!(Found { has_quote, ..expected }, found, "{level:?} {range:?}");
                        assert!(has_quote || !expected.has_quote);
                        check_summary(level, &bytes, range.clone(), needles);
                        check_tally(level, &bytes, range.clone(), needles);
                    }
                }
            }
        }
    }

    fn check_summary(level: Level, bytes: &[u8], range: Range<usize>, needles: Needles) {
        let summary = summarize(level, bytes, range.clone(), needles);
        let plain = summarize(Level::Scalar, bytes, range.clone(), needles);
        assert_eq!(summary, plain, "{level:?} {range:?}");
        for starts_inside in [false, true] {
            let (mut inside, mut last) = (starts_inside, None);
            for at in range.clone() {
                match bytes[at] {
                    byte if Some(byte) == needles.quote => inside = !inside,
                    b'\n' if !inside => last = Some(at),
                    _ => {}
                }
            }
            assert_eq!(summary.flips, inside != starts_inside);
            if !summary.has_stray[usize::from(starts_inside)] {
                assert_eq!(summary.last_newline[usize::from(starts_inside)], last, "{level:?}");
            }
        }
    }

    /// A range from anywhere, of lines that start at 7 or at the range.
    fn check_tally(level: Level, bytes: &[u8], range: Range<usize>, needles: Needles) {
        for line_start in [7.min(range.start), range.start] {
            let found = tally(level, bytes, range.clone(), line_start, needles, &|_, _| false);
            let plain =
                tally(Level::Scalar, bytes, range.clone(), line_start, needles, &|_, _| false);
            assert_eq!(found, plain, "{level:?} {range:?}");
            for index in [0, 1] {
                if found.has_stray[index] {
                    continue;
                }
                let is_newline_before = range.start == line_start
                    || (index == 0 && bytes[range.start - 1] == b'\n')
                    || (index == 0 && bytes[range.start - 1] == b'\r')
                        && (range.start - 1 == line_start || bytes[range.start - 2] == b'\n');
                let (mut is_inside, mut is_empty) = (index == 1, is_newline_before && index == 0);
                let (mut lines, mut empty, mut last) = (0, 0, None);
                for at in range.clone() {
                    let byte = bytes[at];
                    is_inside ^= Some(byte) == needles.quote;
                    if byte == b'\n' && !is_inside {
                        lines += 1;
                        empty += usize::from(is_empty);
                        last = Some(at);
                        is_empty = true;
                    } else if byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
                        is_empty = false;
                    }
                }
                let counts = (found.newline_count[index], found.empty_count[index]);
                assert_eq!(counts, (lines, empty), "{level:?} {range:?} {line_start} {index}");
                assert_eq!(found.last_newline[index], last);
            }
        }
    }

    #[test]
    fn patience_finds_the_same_where_quotes_are_in_place() {
        let needles = Needles { delimiter: b',', quote: Some(b'"') };
        let mut in_place = 0;
        for seed in 0..4_000 {
            let bytes = random_bytes(seed * 31 + 7, seed as usize % 40, b"a,\n\"\"\r");
            let (mut quick, mut patient) = (Positions::default(), Positions::default());
            quick.clear(0);
            patient.clear(0);
            let range = 0..bytes.len();
            let found = separators(Level::Scalar, &bytes, range.clone(), 0, needles, &mut quick);
            let again = separators_patient(&bytes, range, 0, needles, &mut patient);
            if !found.has_stray {
                in_place += 1;
                assert_eq!(quick.as_slice(), patient.as_slice());
                let has_quote = found.has_quote;
                assert_eq!(again.found, Found { has_quote: again.found.has_quote, ..found });
                assert!(has_quote || !again.found.has_quote);
                assert!(!again.ends_literal);
            }
        }
        assert!(in_place > 500, "{in_place}");
    }

    #[test]
    fn quotes_inside_unquoted_fields_are_text() {
        let needles = Needles { delimiter: b',', quote: Some(b'"') };
        for (text, positions, ends_literal, has_stray) in [
            ("a\"b,c\n", &[3, 5][..], false, false),
            ("a\",\"b,\n\"\n", &[2, 8], false, false),
            ("a\"\"", &[], true, false),
            ("a\"\nb", &[2], false, false),
            ("\"a\"b,c", &[4], false, true),
            ("\"a\"\r\n", &[4], false, false),
        ] {
            let mut out = Positions::default();
            out.clear(0);
            let bytes = text.as_bytes();
            let found = separators_patient(bytes, 0..bytes.len(), 0, needles, &mut out);
            assert_eq!(out.as_slice(), positions, "{text:?}");
            assert_eq!((found.ends_literal, found.found.has_stray), (ends_literal, has_stray));
        }
    }

    #[test]
    fn bytes_behind_the_range_do_not_count() {
        let bytes = b"a,b\n\"c".repeat(40);
        let needles = Needles { delimiter: b',', quote: Some(b'"') };
        for level in levels() {
            for end in 0..200 {
                let mut out = Positions::default();
                out.clear(3);
                separators(level, &bytes[..end], 0..end, 0, needles, &mut out);
                let shorter = out.as_slice()[3..].to_vec();
                out.clear(3);
                separators(level, &bytes, 0..end, 0, needles, &mut out);
                assert_eq!(out.as_slice()[3..], shorter);
            }
        }
    }
}
