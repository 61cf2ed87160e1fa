//! How many lines a range ends, without saying where: the scan at the speed of memory.
//!
//! A range may start inside quotes or outside, so it is counted under both assumptions at once.
//! One of them soon meets a quote where none may stand and costs nothing from there on. Stretches
//! without a quote and without a line that may be empty, which most files are made of, only have
//! their newlines counted. Nearly all looks are at copies: the map need not be touched.

use std::ops::Range;

use super::{Masks, Needles, QuoteState, for_each_word};

/// Fills a buffer with the bytes of a range; `false`: they must be looked at where they are.
///
/// Reading a file into a buffer in the cache takes less of the system than mapping pages for one
/// look: 0.09 against 0.16 s of CPU for 500 MB.
pub type Copy<'a> = &'a dyn Fn(Range<usize>, &mut [u8]) -> bool;

/// Bytes that are copied at a time: the copy stays in L2.
const COPY_BYTES: usize = 64 << 10;

/// Bytes of a stretch: a counter of 8 bits in each of 32 lanes cannot overflow.
const STRETCH_BYTES: usize = 4 << 10;

const LANES: usize = 32;

/// What a range holds, if it starts outside quotes (0), and inside (1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Unquoted newlines.
    pub newline_count: [usize; 2],
    /// How many of them end a line without a byte, or with just a `\r`.
    pub empty_count: [usize; 2],
    /// Offset of the last unquoted newline.
    pub last_newline: [Option<usize>; 2],
    /// Whether the number of quotes is odd; means nothing where neither count does.
    pub flips: bool,
    /// Whether a quote stands where none may: then the counts mean nothing.
    pub has_stray: [bool; 2],
}

/// One assumption about the start, and what followed from it.
struct Track {
    quotes: QuoteState,
    /// Whether the two bytes before the word are unquoted newlines: bit 1 the last, bit 0 the one
    /// before.
    newlines_before: u64,
}

#[inline(always)]
pub(super) fn tally_body(
    bytes: &[u8],
    range: Range<usize>,
    line_start: usize,
    needles: Needles,
    copy: Copy,
    classify: impl Fn(&[u8; 64]) -> Masks,
) -> Tally {
    let mut tally = Tally::default();
    let track = |inside| Track::new(bytes, range.start, line_start, needles, inside);
    let mut tracks = [0, u64::MAX].map(track);
    let mut buffer = Vec::new();
    let mut at = range.start;
    while at < range.end {
        // A plain stretch looks at two bytes before it, of which the first word has perhaps none.
        let (before, len_max) = if at == range.start { (0, 64) } else { (2, COPY_BYTES) };
        let len = len_max.min(range.end - at);
        let window = at - before..at + len;
        buffer.resize(window.len(), 0);
        let held = match copy(window.clone(), &mut buffer) {
            true => &buffer[..],
            false => &bytes[window],
        };
        for first in (0..len).step_by(STRETCH_BYTES) {
            let stretch = &held[first..held.len().min(first + before + STRETCH_BYTES)];
            let (offset, own) = (at + first, &stretch[before..]);
            let is_amid =
                |index: usize| !tally.has_stray[index] && tracks[index].quotes.after_close != 0;
            match count_plain(stretch, needles) {
                Some(newline_count) if !is_amid(0) && !is_amid(1) => {
                    let plain = Plain { offset, bytes: own, newline_count };
                    tally.add_plain(&mut tracks, needles, plain);
                }
                // In one place, so that it is compiled here, with what this CPU can do.
                _ => {
                    tally_words(&mut tally, &mut tracks, bytes, (offset, own), needles, &classify);
                }
            }
        }
        at += len;
    }
    tally
}

/// Newlines of a stretch that needs no closer look.
struct Plain<'a> {
    offset: usize,
    bytes: &'a [u8],
    newline_count: usize,
}

/// How many newlines stand behind the first two bytes; `None` when a quote does, or a newline less
/// than three bytes behind another, or when the stretch is not whole.
#[inline(always)]
fn count_plain(stretch: &[u8], needles: Needles) -> Option<usize> {
    if stretch.len() != STRETCH_BYTES + 2 {
        return None;
    }
    // A byte that no text has stands for no quote.
    let quote = needles.quote.unwrap_or(0xFF);
    let (mut counts, mut odd) = ([0_u8; LANES], [0_u8; LANES]);
    for first in (0..STRETCH_BYTES).step_by(LANES) {
        let before: &[u8; LANES] = stretch[first..].first_chunk()?;
        let between: &[u8; LANES] = stretch[first + 1..].first_chunk()?;
        let here: &[u8; LANES] = stretch[first + 2..].first_chunk()?;
        for lane in 0..LANES {
            let is = |byte: u8, needle: u8| if byte == needle { 0xFF_u8 } else { 0 };
            let newline = is(here[lane], b'\n');
            let is_near = is(before[lane], b'\n') | is(between[lane], b'\n');
            counts[lane] = counts[lane].wrapping_sub(newline);
            odd[lane] |= is(here[lane], quote) | (newline & is_near);
        }
    }
    let is_plain = odd.iter().all(|byte| *byte == 0);
    is_plain.then(|| counts.iter().map(|count| usize::from(*count)).sum())
}

impl Tally {
    fn add_plain(&mut self, tracks: &mut [Track; 2], needles: Needles, plain: Plain) {
        let is_newline = |distance: usize| plain.bytes[plain.bytes.len() - distance] == b'\n';
        let ends_field = is_newline(1) || plain.bytes.last() == Some(&needles.delimiter);
        for (index, track) in tracks.iter_mut().enumerate() {
            track.quotes.may_open = u64::from(ends_field);
            track.newlines_before = 0;
            if track.quotes.inside == 0 {
                track.newlines_before = u64::from(is_newline(1)) << 1 | u64::from(is_newline(2));
                self.newline_count[index] += plain.newline_count;
                let last = plain.bytes.iter().rposition(|byte| *byte == b'\n');
                self.last_newline[index] =
                    last.map(|at| plain.offset + at).or(self.last_newline[index]);
            }
        }
    }
}

/// Looks at each word of a part, which stands at an offset, once for each assumption that still
/// holds.
#[inline(always)]
fn tally_words(
    tally: &mut Tally,
    tracks: &mut [Track; 2],
    bytes: &[u8],
    part: (usize, &[u8]),
    needles: Needles,
    classify: &impl Fn(&[u8; 64]) -> Masks,
) {
    let mut quote_count = 0;
    for (index, track) in tracks.iter_mut().enumerate() {
        if tally.has_stray[index] {
            continue;
        }
        let words = track.count_words(bytes, part, needles, classify);
        tally.newline_count[index] += words.newline_count;
        tally.empty_count[index] += words.empty_count;
        tally.has_stray[index] = words.has_stray;
        tally.last_newline[index] = words.lines_end.checked_sub(1).or(tally.last_newline[index]);
        quote_count = words.quote_count;
    }
    tally.flips ^= quote_count % 2 == 1;
}

/// What some words hold under one assumption.
#[derive(Default)]
struct Words {
    newline_count: usize,
    empty_count: usize,
    quote_count: usize,
    /// The offset behind the last unquoted newline; 0 for none.
    lines_end: usize,
    has_stray: bool,
}

impl Track {
    /// Without branches: whether a word has a quote or a newline is anybody's guess.
    #[inline(always)]
    fn count_words(
        &mut self,
        bytes: &[u8],
        (start, part): (usize, &[u8]),
        needles: Needles,
        classify: &impl Fn(&[u8; 64]) -> Masks,
    ) -> Words {
        let (mut words, mut quotes, mut before) =
            (Words::default(), self.quotes, self.newlines_before);
        for_each_word(part, 0..part.len(), needles, classify, |at, masks, kept| {
            let offset = start + at;
            let step = quotes.step(bytes, offset, masks, kept);
            let newline = masks.newline & step.outside;
            words.has_stray |= step.is_stray;
            words.quote_count += masks.quote.count_ones() as usize;
            words.newline_count += newline.count_ones() as usize;
            let end = offset + 64 - newline.leading_zeros() as usize;
            words.lines_end = if newline != 0 { end } else { words.lines_end };
            let mut empty = newline & (newline << 1 | before >> 1);
            let mut maybe = newline & !empty & (newline << 2 | before);
            while maybe != 0 {
                let at = maybe.trailing_zeros();
                empty |= u64::from(bytes[offset + at as usize - 1] == b'\r') << at;
                maybe &= maybe - 1;
            }
            words.empty_count += empty.count_ones() as usize;
            before = newline >> 62;
        });
        (self.quotes, self.newlines_before) = (quotes, before);
        words
    }
}

impl Track {
    /// `line_start` is where the first line starts, whatever stands before it.
    fn new(bytes: &[u8], start: usize, line_start: usize, needles: Needles, inside: u64) -> Track {
        let byte_before = |distance: usize| match start + 1 == line_start + distance {
            true => Some(b'\n'),
            false => start.checked_sub(distance).filter(|at| *at >= line_start).map(|at| bytes[at]),
        };
        let before = byte_before(1);
        let is_quote = before.is_some() && before == needles.quote;
        let is_edge = before.is_none_or(|byte| byte == b'\n' || byte == needles.delimiter);
        let is_newline = |distance| u64::from(byte_before(distance) == Some(b'\n'));
        // Inside quotes, no newline before counts; outside, the one right before was outside too,
        // and so was the one before a `\r`.
        let newlines_before = if inside == 0 { is_newline(1) << 1 | is_newline(2) } else { 0 };
        let quotes = QuoteState {
            inside,
            may_open: u64::from(is_edge || is_quote),
            // Outside quotes, a quote before the range is a closing one.
            after_close: u64::from(is_quote && inside == 0),
        };
        Track { quotes, newlines_before }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Level, tally};
    use super::*;

    /// Long lines, rarely anything else, and what the plain way must not take.
    fn text(seed: u64) -> Vec<u8> {
        let mut state = seed * 2_654_435_761 + 1;
        let mut below = |bound: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 33) % bound
        };
        let mut bytes = Vec::new();
        while bytes.len() < 5 * STRETCH_BYTES {
            bytes.extend(vec![b'a'; below(300) as usize]);
            bytes.extend_from_slice(match below(60) {
                0 => b"\n\n",
                1 => b"\n\r\n",
                2 => b"\n,\n",
                3 if !seed.is_multiple_of(3) => b",\"a\n\"\"\n\",",
                4 if seed % 3 == 2 => b",\"",
                5..20 => b",",
                _ => b"\n",
            });
        }
        bytes
    }

    #[test]
    fn stretches_count_as_words_do() {
        let needles = Needles { delimiter: b',', quote: Some(b'"') };
        for seed in 0..60 {
            let bytes = text(seed);
            let copied = |range: Range<usize>, target: &mut [u8]| {
                target.copy_from_slice(&bytes[range]);
                true
            };
            let copies: [Copy; 2] = [&copied, &|_, _| false];
            for level in Level::ALL.iter().filter(|level| **level <= Level::supported()) {
                for start in [0, 1, 63, 4095, 5000] {
                    let range = start..bytes.len() - seed as usize % 5;
                    let mut expected = Tally::default();
                    let track = |inside| Track::new(&bytes, start, 0, needles, inside);
                    let mut tracks = [0, u64::MAX].map(track);
                    let classify = |word: &[u8; 64]| {
                        let mask = |needle| {
                            let bits = word.iter().enumerate();
                            bits.fold(0, |mask, (at, byte)| mask | u64::from(*byte == needle) << at)
                        };
                        Masks { delimiter: mask(b','), newline: mask(b'\n'), quote: mask(b'"') }
                    };
                    let all = (start, &bytes[range.clone()]);
                    tally_words(&mut expected, &mut tracks, &bytes, all, needles, &classify);
                    for copy in copies {
                        let mut found = tally(*level, &bytes, range.clone(), 0, needles, copy);
                        for index in [0, 1] {
                            // Where a quote is out of place, counts mean nothing.
                            if expected.has_stray[index] && found.has_stray[index] {
                                found.newline_count[index] = expected.newline_count[index];
                                found.empty_count[index] = expected.empty_count[index];
                                found.last_newline[index] = expected.last_newline[index];
                            }
                        }
                        if expected.has_stray == [true; 2] {
                            found.flips = expected.flips;
                        }
                        assert_eq!(found, expected, "{seed} {level:?} {start}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_stretch_is_plain_without_quotes_and_short_lines() {
        let needles = Needles { delimiter: b',', quote: Some(b'"') };
        let mut bytes = vec![b'a'; STRETCH_BYTES + 2];
        assert_eq!(count_plain(&bytes, needles), Some(0));
        bytes[0] = b'\n';
        assert_eq!(count_plain(&bytes, needles), Some(0));
        bytes[3] = b'\n';
        assert_eq!(count_plain(&bytes, needles), Some(1));
        bytes[2] = b'\n';
        assert_eq!(count_plain(&bytes, needles), None);
        bytes[2] = b'a';
        bytes[STRETCH_BYTES + 1] = b'\n';
        assert_eq!(count_plain(&bytes, needles), Some(2));
        bytes[STRETCH_BYTES] = b'"';
        assert_eq!(count_plain(&bytes, needles), None);
        bytes[2..].iter_mut().for_each(|byte| *byte = b'x');
        (4..STRETCH_BYTES).step_by(3).for_each(|at| bytes[at] = b'\n');
        assert_eq!(count_plain(&bytes, needles), Some((STRETCH_BYTES - 4).div_ceil(3)));
    }
}
