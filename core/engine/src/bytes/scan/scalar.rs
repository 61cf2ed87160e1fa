//! The plain path: correct everywhere, the reference for the others.

use std::ops::Range;

use super::{Found, Masks, Needles, Positions, Summary};

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
