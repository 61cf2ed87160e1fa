//! Patterns of one length with AVX2.
//!
//! ```text
//! ..............29/02/2024 23:59    32 bytes are loaded so that the text ends them
//! ................/../.... ..:..    what must stand between the digits is compared
//! 2024 02 29 23 59 00               the digits, shuffled into one order
//! 20 24 02 29 23 59 00              neighbours added up
//! ```

use std::arch::x86_64::*;

use super::super::pattern::Fixed;
use super::super::scan::Level;
use super::x86_64::day_number;
use super::{Run, RunValues};

/// Bytes that are loaded for a text.
const REACH_BYTES: u32 = 32;

pub(super) fn fixed(
    bytes: &[u8],
    run: &Run,
    fixed: &Fixed,
    days: &mut RunValues<i32>,
    seconds: &mut RunValues<i32>,
) -> u64 {
    let (lowest, highest) = run
        .ends
        .iter()
        .fold((u32::MAX, 0), |(lowest, highest), end| (lowest.min(*end), highest.max(*end)));
    let is_within = lowest >= REACH_BYTES && highest as usize <= bytes.len();
    if Level::supported() < Level::V3 || !is_within {
        return u64::MAX;
    }
    debug_assert!(std::is_x86_feature_detected!("avx2"));
    // SAFETY: the level was checked just above, and so were the ends.
    unsafe { fixed_v3(bytes, run, fixed, days, seconds) }
}

/// The shuffle that brings digits at places from `base` to `base + 15` into their order; others
/// become 0.
fn order_from(fixed: &Fixed, base: u8) -> [u8; 16] {
    let mut order = [0x80; 16];
    for (lane, place) in order.iter_mut().zip(fixed.digits) {
        if let Some(place) = place.filter(|place| (base..base + 16).contains(place)) {
            *lane = place - base;
        }
    }
    order
}

/// # Safety
/// - The CPU has AVX2.
/// - Every end is at least `REACH_BYTES` and within the bytes.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn fixed_v3(
    bytes: &[u8],
    run: &Run,
    fixed: &Fixed,
    days: &mut RunValues<i32>,
    seconds: &mut RunValues<i32>,
) -> u64 {
    let (low, high) = (order_from(fixed, 0), order_from(fixed, 16));
    // SAFETY: 16 and 32 bytes of arrays that long.
    let (low, high, marks) = unsafe {
        (
            _mm_loadu_si128(low.as_ptr().cast()),
            _mm_loadu_si128(high.as_ptr().cast()),
            _mm256_loadu_si256(fixed.marks.as_ptr().cast()),
        )
    };
    let mut odd = 0;
    for (index, (day, second)) in days.iter_mut().zip(seconds.iter_mut()).enumerate() {
        let (start, end) = (run.starts[index], run.ends[index]);
        // SAFETY: 32 bytes that end at `end`, which is at least that and within the bytes.
        let text = unsafe { _mm256_loadu_si256(bytes.as_ptr().add(end as usize - 32).cast()) };
        let found = _mm256_movemask_epi8(_mm256_cmpeq_epi8(text, marks)) as u32;
        let values = _mm256_sub_epi8(text, _mm256_set1_epi8(b'0' as i8));
        let digits = _mm_or_si128(
            _mm_shuffle_epi8(_mm256_castsi256_si128(values), low),
            _mm_shuffle_epi8(_mm256_extracti128_si256::<1>(values), high),
        );
        let wrong = _mm_subs_epu8(digits, _mm_set1_epi8(9));
        let parts = _mm_maddubs_epi16(digits, _mm_set1_epi16(0x010A));
        let (number, exists) = day_number(_mm_cvtsi128_si64(parts) as u64);
        let time = _mm_extract_epi64::<1>(parts) as u64;
        let part = |index: u32| (time >> (16 * index)) as u32 & 0xFFFF;
        let (hour, minute, rest) = (part(0), part(1), part(2));
        *day = number;
        *second = (hour * 3_600 + minute * 60 + rest) as i32;
        let is_plain = end.wrapping_sub(start) == fixed.len
            && found & fixed.is_mark == fixed.is_mark
            && _mm_testz_si128(wrong, wrong) == 1
            && exists
            && (hour < 24 && minute < 60 && rest < 60);
        odd |= u64::from(!is_plain) << index;
    }
    odd
}
