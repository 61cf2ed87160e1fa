//! How many lines a range ends, without saying where: the scan at the speed of memory.
//!
//! A range may start inside quotes or outside, so it is counted under both assumptions at once.
//! One of them soon meets a quote where none may stand and costs nothing from there on.

use std::ops::Range;

use super::{Masks, Needles, QuoteState, for_each_word};

/// What a range holds, if it starts outside quotes (0), and inside (1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Unquoted newlines.
    pub newline_count: [usize; 2],
    /// How many of them end a line without a byte, or with just a `\r`.
    pub empty_count: [usize; 2],
    /// Offset of the last unquoted newline.
    pub last_newline: [Option<usize>; 2],
    /// Whether the number of quotes is odd.
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
    classify: impl Fn(&[u8; 64]) -> Masks,
) -> Tally {
    let mut tally = Tally::default();
    let start = range.start;
    let track = |inside| Track::new(bytes, start, line_start, needles, inside);
    let mut tracks = [0, u64::MAX].map(track);
    for_each_word(bytes, range, needles, classify, |offset, masks, kept| {
        for (index, track) in tracks.iter_mut().enumerate() {
            if tally.has_stray[index] {
                continue;
            }
            let quotes = &mut track.quotes;
            let mut newline = masks.newline;
            if (masks.quote | quotes.inside | quotes.after_close) != 0 {
                let step = quotes.step(bytes, offset, masks, kept);
                newline &= step.outside;
                tally.has_stray[index] = step.is_stray;
            } else {
                quotes.may_open = (masks.delimiter | newline) >> 63;
            }
            tally.newline_count[index] += newline.count_ones() as usize;
            if newline != 0 {
                let last = offset + 63 - newline.leading_zeros() as usize;
                tally.last_newline[index] = Some(last);
            }
            let before = track.newlines_before;
            let mut empty = newline & (newline << 1 | before >> 1);
            let mut maybe = newline & !empty & (newline << 2 | before);
            while maybe != 0 {
                let at = maybe.trailing_zeros();
                empty |= u64::from(bytes[offset + at as usize - 1] == b'\r') << at;
                maybe &= maybe - 1;
            }
            tally.empty_count[index] += empty.count_ones() as usize;
            track.newlines_before = newline >> 62;
        }
        tally.flips ^= masks.quote.count_ones() % 2 == 1;
    });
    tally
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
