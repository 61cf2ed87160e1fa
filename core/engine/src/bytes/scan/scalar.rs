//! The plain path: correct everywhere, the reference for the others.

use std::ops::Range;

use super::{
    Copy, Found, FoundPatiently, Masks, Needles, Positions, Summary, Tally, is_line_end_or_end,
};

pub(super) fn separators(
    bytes: &[u8],
    range: Range<usize>,
    base: usize,
    needles: Needles,
    out: &mut Positions,
) -> Found {
    super::separators_body(bytes, range, base, needles, out, |word| classify(word, needles))
}

pub(super) fn summarize(bytes: &[u8], range: Range<usize>, needles: Needles) -> Summary {
    super::summarize_body(bytes, range, needles, |word| classify(word, needles))
}

pub(super) fn tally(
    bytes: &[u8],
    range: Range<usize>,
    line_start: usize,
    needles: Needles,
    copy: Copy,
) -> Tally {
    let classify = |word: &[u8; 64]| classify(word, needles);
    super::tally::tally_body(bytes, range, line_start, needles, copy, classify)
}

fn classify(word: &[u8; 64], needles: Needles) -> Masks {
    let mask = |needle: u8| {
        let bit = |(index, byte): (usize, &u8)| u64::from(*byte == needle) << index;
        word.iter().enumerate().map(bit).fold(0, |bits, bit| bits | bit)
    };
    Masks {
        delimiter: mask(needles.delimiter),
        newline: mask(b'\n'),
        quote: needles.quote.map_or(0, mask),
    }
}

/// Where a byte stands in its field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Unquoted,
    Quoted,
    /// Behind a quote within a quoted field: it closed the field, or is half of a doubled one.
    AfterQuote,
}

pub(super) fn separators_patient(
    bytes: &[u8],
    range: Range<usize>,
    base: usize,
    needles: Needles,
    out: &mut Positions,
) -> FoundPatiently {
    let (mut found, mut ends_literal, mut state) = (Found::default(), false, State::FieldStart);
    for offset in range {
        let byte = bytes[offset];
        let is_quote = Some(byte) == needles.quote;
        found.has_quote |= is_quote;
        found.has_doubled |= is_quote && state == State::AfterQuote;
        state = match state {
            State::Quoted if is_quote => State::AfterQuote,
            State::Quoted => State::Quoted,
            State::AfterQuote | State::FieldStart if is_quote => State::Quoted,
            _ if byte == needles.delimiter || byte == b'\n' => {
                out.push(offset.wrapping_sub(base) as u32);
                if byte == b'\n' {
                    found.newline_count += 1;
                    found.whole_count = out.len();
                    found.last_newline = Some(offset);
                    ends_literal = false;
                }
                State::FieldStart
            }
            State::AfterQuote => {
                found.has_stray |= !is_line_end_or_end(bytes, offset);
                State::Unquoted
            }
            State::FieldStart | State::Unquoted => {
                ends_literal |= is_quote;
                State::Unquoted
            }
        };
    }
    found.ends_quoted = state == State::Quoted;
    FoundPatiently { found, ends_literal }
}
