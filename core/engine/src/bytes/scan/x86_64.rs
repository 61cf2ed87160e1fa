//! 64 bytes to masks with SSE2, AVX2 and AVX-512 BW; the loop around it compiled for each.

use std::arch::x86_64::*;
use std::ops::Range;

use super::{Copy, Found, Level, Masks, Needles, Positions, Summary, Tally, scalar};

/// The highest level of this CPU. SSE2 is part of x86-64.
pub(super) fn supported() -> Level {
    let has_v3 = is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt");
    let has_v4 = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
    match (has_v3, has_v4) {
        (true, true) => Level::V4,
        (true, false) => Level::V3,
        _ => Level::V2,
    }
}

macro_rules! level {
    (
        $level:expr, $features:literal, $classify:ident, $separators:ident, $summarize:ident,
        $tally:ident
    ) => {
        pub(super) fn $separators(
            bytes: &[u8],
            range: Range<usize>,
            base: usize,
            needles: Needles,
            out: &mut Positions,
        ) -> Found {
            #[target_feature(enable = $features)]
            fn run(
                bytes: &[u8],
                range: Range<usize>,
                base: usize,
                needles: Needles,
                out: &mut Positions,
            ) -> Found {
                let classify = |word: &[u8; 64]| $classify(word, needles);
                super::separators_body(bytes, range, base, needles, out, classify)
            }
            if supported() < $level {
                return scalar::separators(bytes, range, base, needles, out);
            }
            // SAFETY: `supported` found every feature of the level on this very CPU.
            unsafe { run(bytes, range, base, needles, out) }
        }

        pub(super) fn $summarize(bytes: &[u8], range: Range<usize>, needles: Needles) -> Summary {
            #[target_feature(enable = $features)]
            fn run(bytes: &[u8], range: Range<usize>, needles: Needles) -> Summary {
                let classify = |word: &[u8; 64]| $classify(word, needles);
                super::summarize_body(bytes, range, needles, classify)
            }
            if supported() < $level {
                return scalar::summarize(bytes, range, needles);
            }
            // SAFETY: as above.
            unsafe { run(bytes, range, needles) }
        }

        pub(super) fn $tally(
            bytes: &[u8],
            range: Range<usize>,
            line_start: usize,
            needles: Needles,
            copy: Copy,
        ) -> Tally {
            #[target_feature(enable = $features)]
            fn run(
                bytes: &[u8],
                range: Range<usize>,
                line_start: usize,
                needles: Needles,
                copy: Copy,
            ) -> Tally {
                let classify = |word: &[u8; 64]| $classify(word, needles);
                super::tally::tally_body(bytes, range, line_start, needles, copy, classify)
            }
            if supported() < $level {
                return scalar::tally(bytes, range, line_start, needles, copy);
            }
            // SAFETY: as above.
            unsafe { run(bytes, range, line_start, needles, copy) }
        }
    };
}

level!(Level::V2, "sse2", classify_v2, separators_v2, summarize_v2, tally_v2);
level!(
    Level::V3,
    "avx2,bmi1,bmi2,lzcnt,popcnt",
    classify_v3,
    separators_v3,
    summarize_v3,
    tally_v3
);
level!(
    Level::V4,
    "avx512f,avx512bw,avx2,bmi1,bmi2,lzcnt,popcnt",
    classify_v4,
    separators_v4,
    summarize_v4,
    tally_v4
);

#[inline]
#[target_feature(enable = "sse2")]
fn classify_v2(word: &[u8; 64], needles: Needles) -> Masks {
    let part = |index: usize| {
        // SAFETY: 16 bytes from `index * 16`, with `index` below 4, lie within the word.
        unsafe { _mm_loadu_si128(word.as_ptr().add(index * 16).cast()) }
    };
    let parts = [part(0), part(1), part(2), part(3)];
    let mask = |needle: u8| {
        let needle = _mm_set1_epi8(needle as i8);
        let bits = |index: usize| {
            u64::from(_mm_movemask_epi8(_mm_cmpeq_epi8(parts[index], needle)) as u32)
                << (index * 16)
        };
        bits(0) | bits(1) | bits(2) | bits(3)
    };
    Masks {
        delimiter: mask(needles.delimiter),
        newline: mask(b'\n'),
        quote: mask(needles.quote.unwrap_or(b'\n')),
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn classify_v3(word: &[u8; 64], needles: Needles) -> Masks {
    let part = |index: usize| {
        // SAFETY: 32 bytes from `index * 32`, with `index` below 2, lie within the word.
        unsafe { _mm256_loadu_si256(word.as_ptr().add(index * 32).cast()) }
    };
    let (low, high) = (part(0), part(1));
    let mask = |needle: u8| {
        let needle = _mm256_set1_epi8(needle as i8);
        let bits = |part| u64::from(_mm256_movemask_epi8(_mm256_cmpeq_epi8(part, needle)) as u32);
        bits(low) | bits(high) << 32
    };
    Masks {
        delimiter: mask(needles.delimiter),
        newline: mask(b'\n'),
        quote: mask(needles.quote.unwrap_or(b'\n')),
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn classify_v4(word: &[u8; 64], needles: Needles) -> Masks {
    // SAFETY: the word is 64 bytes.
    let word = unsafe { _mm512_loadu_si512(word.as_ptr().cast()) };
    let mask = |needle: u8| _mm512_cmpeq_epi8_mask(word, _mm512_set1_epi8(needle as i8));
    Masks {
        delimiter: mask(needles.delimiter),
        newline: mask(b'\n'),
        quote: mask(needles.quote.unwrap_or(b'\n')),
    }
}
