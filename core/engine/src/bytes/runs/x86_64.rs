//! The quick way with AVX2.
//!
//! ```text
//! 7,-1234,              16 bytes are loaded so that the field ends them
//! ........7,-1234       minus '0': digits are 0 to 9, `-` is 0xFD
//! 000000000001234       what precedes the field, and its sign, become 0; all above 9 is no digit
//! 10 1 10 1 10 1 ...    neighbours added up: twos, fours, eights of digits
//! ```

use std::arch::x86_64::*;

use super::super::civil::{DAY_MICROSECONDS, days_from_year, days_of_month};
use super::super::scan::Level;
use super::{RUN_FIELDS, Run, RunValues, holding_plain};

/// Bytes before a field's end that are loaded.
pub(super) const REACH_BYTES: u32 = 33;

/// Longest field that `integers` takes.
pub(super) const INTEGER_BYTES_MAX: u32 = 16;

const MINUS: i8 = b'-'.wrapping_sub(b'0') as i8;

/// For a field of n bytes at the end of 16: which bytes are its own, and which is its first, if it
/// has more than one.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) kept: [u8; 16],
    first: [u8; 16],
}

pub(super) static PLACES: [Place; INTEGER_BYTES_MAX as usize + 1] = {
    let mut places = [Place { kept: [0; 16], first: [0; 16] }; INTEGER_BYTES_MAX as usize + 1];
    let mut len = 1;
    while len <= 16 {
        let mut at = 16 - len;
        if len > 1 {
            places[len].first[at] = 0xFF;
        }
        while at < 16 {
            places[len].kept[at] = 0xFF;
            at += 1;
        }
        len += 1;
    }
    places
};

/// From n on: 32 bytes of which the last n are all ones.
pub(super) static LAST_BYTES: [u8; 64] = {
    let mut bytes = [0; 64];
    let mut at = 32;
    while at < 64 {
        bytes[at] = 0xFF;
        at += 1;
    }
    bytes
};

pub(super) fn integers(bytes: &[u8], run: &Run, values: &mut RunValues<i64>) -> u64 {
    if Level::supported() < Level::V3 || !is_within(bytes, run) {
        return u64::MAX;
    }
    // SAFETY: `supported` found AVX2, BMI and LZCNT on this very CPU; `is_within` holds.
    unsafe { integers_v3(bytes, run, values) }
}

pub(super) fn dates(bytes: &[u8], run: &Run, values: &mut RunValues<i32>) -> u64 {
    if Level::supported() < Level::V3 || !is_within(bytes, run) {
        return u64::MAX;
    }
    // SAFETY: as above.
    unsafe { dates_v3(bytes, run, values) }
}

pub(super) fn timestamps(bytes: &[u8], run: &Run, values: &mut RunValues<i64>) -> u64 {
    if Level::supported() < Level::V3 || !is_within(bytes, run) {
        return u64::MAX;
    }
    // SAFETY: as above.
    unsafe { timestamps_v3(bytes, run, values) }
}

pub(super) fn holding(bytes: &[u8], run: &Run, byte: u8) -> u64 {
    if Level::supported() < Level::V3 || !is_within(bytes, run) {
        return holding_plain(bytes, run, byte);
    }
    // SAFETY: as above.
    unsafe { holding_v3(bytes, run, byte) }
}

/// Whether all that is loaded for any field of the run lies within the bytes.
pub(super) fn is_within(bytes: &[u8], run: &Run) -> bool {
    let (mut lowest, mut highest) = (u32::MAX, 0);
    for end in run.ends {
        lowest = lowest.min(end);
        highest = highest.max(end);
    }
    lowest >= REACH_BYTES && highest as usize <= bytes.len()
}

/// # Safety
/// - `is_within` holds.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn integers_v3(bytes: &[u8], run: &Run, values: &mut RunValues<i64>) -> u64 {
    let (mut lens, mut longest) = ([0; RUN_FIELDS], 0);
    for (len, (start, end)) in lens.iter_mut().zip(run.starts.iter().zip(&run.ends)) {
        let whole = end.wrapping_sub(*start);
        longest = whole.max(longest);
        *len = whole.min(INTEGER_BYTES_MAX);
    }
    // SAFETY: the lengths are bounded just above; the rest is the caller's.
    let mut odd = unsafe { integers_body::<false>(bytes, run, &lens, values) };
    if odd != 0 {
        // SAFETY: as above.
        odd = unsafe { integers_body::<true>(bytes, run, &lens, values) };
    }
    if longest > INTEGER_BYTES_MAX {
        for (index, (start, end)) in run.starts.iter().zip(&run.ends).enumerate() {
            odd |= u64::from(end.wrapping_sub(*start) > INTEGER_BYTES_MAX) << index;
        }
    }
    odd
}

/// Four fields at a time, two in a vector until their digits are fours. Tells of all fields
/// together whether any is odd, or, `EACH`, of each.
///
/// # Safety
/// - `is_within` holds, and no length is above `INTEGER_BYTES_MAX`.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn integers_body<const EACH: bool>(
    bytes: &[u8],
    run: &Run,
    lens: &[u32; RUN_FIELDS],
    values: &mut RunValues<i64>,
) -> u64 {
    let zero = _mm256_setzero_si256();
    let (mut odd, mut all_wrong) = (0, zero);
    for first in (0..RUN_FIELDS).step_by(4) {
        // SAFETY: as for this function; `first + 3` is below RUN_FIELDS.
        let (left, right) =
            unsafe { (pair(bytes, run, lens, first), pair(bytes, run, lens, first + 2)) };
        // As 64 bits each: fields 0, 2, 1, 3. Eights of digits, the high ones in the low half.
        let fours = _mm256_packus_epi32(fours(left.digits), fours(right.digits));
        let eights = _mm256_madd_epi16(fours, _mm256_set1_epi32(0x0001_2710));
        let high = _mm256_mul_epu32(eights, _mm256_set1_epi64x(100_000_000));
        let magnitudes = _mm256_add_epi64(high, _mm256_srli_epi64(eights, 32));
        let signs = _mm256_packus_epi32(
            _mm256_sad_epu8(left.negative, zero),
            _mm256_sad_epu8(right.negative, zero),
        );
        let is_positive = _mm256_cmpeq_epi64(signs, zero);
        let negated = _mm256_sub_epi64(zero, magnitudes);
        let signed = _mm256_blendv_epi8(negated, magnitudes, is_positive);
        let in_order = _mm256_permute4x64_epi64(signed, 0b11_01_10_00);
        // SAFETY: four values from `first` on are within RUN_FIELDS.
        unsafe { _mm256_storeu_si256(values.as_mut_ptr().add(first).cast(), in_order) };
        all_wrong = _mm256_or_si256(all_wrong, _mm256_or_si256(left.wrong, right.wrong));
        if EACH {
            odd |= (odd_of(left.wrong) | odd_of(right.wrong) << 2) << first;
        }
    }
    if EACH { odd } else { u64::from(_mm256_testz_si256(all_wrong, all_wrong) == 0) }
}

/// Two fields, one in each half.
struct Pair {
    /// A digit's value each, 0 before them.
    digits: __m256i,
    /// All ones where a minus sign stands.
    negative: __m256i,
    /// Not 0 where something does not belong.
    wrong: __m256i,
}

/// # Safety
/// - As for `integers_body`, and `index + 1` is below RUN_FIELDS.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn pair(bytes: &[u8], run: &Run, lens: &[u32; RUN_FIELDS], index: usize) -> Pair {
    debug_assert!(lens[index].max(lens[index + 1]) <= INTEGER_BYTES_MAX);
    debug_assert!(run.ends[index].min(run.ends[index + 1]) >= REACH_BYTES);
    let data = |index: usize| {
        // SAFETY: the end is at least 16 and within the bytes (`is_within`).
        unsafe { bytes.as_ptr().add(run.ends[index] as usize - 16).cast::<__m128i>() }
    };
    // SAFETY: the length is an index of PLACES.
    let place = |index: usize| unsafe { PLACES.as_ptr().add(lens[index] as usize) };
    let (low, high) = (place(index), place(index + 1));
    // SAFETY: 16 readable bytes at each address.
    let (data, kept, first) = unsafe {
        (
            _mm256_loadu2_m128i(data(index + 1), data(index)),
            _mm256_loadu2_m128i((&raw const (*high).kept).cast(), (&raw const (*low).kept).cast()),
            _mm256_loadu2_m128i(
                (&raw const (*high).first).cast(),
                (&raw const (*low).first).cast(),
            ),
        )
    };
    let data = _mm256_sub_epi8(data, _mm256_set1_epi8(b'0' as i8));
    let negative = _mm256_and_si256(_mm256_cmpeq_epi8(data, _mm256_set1_epi8(MINUS)), first);
    let digits = _mm256_andnot_si256(negative, _mm256_and_si256(data, kept));
    // A leading zero is wrong in front of a digit, and behind a sign.
    let lead = _mm256_or_si256(first, _mm256_bslli_epi128(negative, 1));
    let zeros = _mm256_cmpeq_epi8(data, _mm256_setzero_si256());
    let wrong = _mm256_or_si256(
        _mm256_subs_epu8(digits, _mm256_set1_epi8(9)),
        _mm256_and_si256(zeros, lead),
    );
    Pair { digits, negative, wrong }
}

/// Fours of digits: 0 to 9999 in 32 bits each.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn fours(digits: __m256i) -> __m256i {
    let twos = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010A));
    _mm256_madd_epi16(twos, _mm256_set1_epi32(0x0001_0064))
}

/// Bit 0: something is wrong in the low half; bit 1: in the high one.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn odd_of(wrong: __m256i) -> u64 {
    let right = _mm256_movemask_epi8(_mm256_cmpeq_epi8(wrong, _mm256_setzero_si256())) as u32;
    u64::from(right & 0xFFFF != 0xFFFF) | u64::from(right >> 16 != 0xFFFF) << 1
}

/// # Safety
/// - `is_within` holds.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn dates_v3(bytes: &[u8], run: &Run, values: &mut RunValues<i32>) -> u64 {
    // Loaded to its end, the date begins at byte 6.
    let order = _mm_setr_epi8(6, 7, 8, 9, 11, 12, 14, 15, -1, -1, -1, -1, -1, -1, -1, -1);
    let mut odd = 0;
    for (index, value) in values.iter_mut().enumerate() {
        let (start, end) = (run.starts[index], run.ends[index]);
        // SAFETY: 16 bytes that end at `end`, which is at least REACH_BYTES and within the bytes.
        let text = unsafe { _mm_loadu_si128(bytes.as_ptr().add(end as usize - 16).cast()) };
        let dashes = _mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8(b'-' as i8)));
        let digits = _mm_shuffle_epi8(_mm_sub_epi8(text, _mm_set1_epi8(b'0' as i8)), order);
        let wrong = _mm_subs_epu8(digits, _mm_set1_epi8(9));
        let parts = _mm_maddubs_epi16(digits, _mm_set1_epi16(0x010A));
        let (days, exists) = day_number(_mm_cvtsi128_si64(parts) as u64);
        *value = days;
        let is_date = end.wrapping_sub(start) == 10
            && dashes & 0x2400 == 0x2400
            && _mm_testz_si128(wrong, wrong) == 1
            && exists;
        odd |= u64::from(!is_date) << index;
    }
    odd
}

/// Days since 1970 of century, year in it, month and day, 16 bits each; and whether that day
/// exists.
#[inline(always)]
pub(super) fn day_number(parts: u64) -> (i32, bool) {
    let part = |index: u32| (parts >> (16 * index)) as u32 & 0xFFFF;
    let (year, month, day) = (part(0) * 100 + part(1), part(2), part(3));
    let exists = month.wrapping_sub(1) < 12
        && day.wrapping_sub(1) < 31
        && (day <= 28 || day <= days_of_month(year, month));
    // What does not exist must not overflow either.
    (if exists { days_from_year(year, month, day) } else { 0 }, exists)
}

/// # Safety
/// - `is_within` holds.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn timestamps_v3(bytes: &[u8], run: &Run, values: &mut RunValues<i64>) -> u64 {
    let order = _mm_setr_epi8(0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, -1, -1, -1, -1);
    let last_order = _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 14, 15, -1, -1);
    let marks = _mm_setr_epi8(
        0, 0, 0, 0, b'-' as i8, 0, 0, b'-' as i8, 0, 0, b'T' as i8, 0, 0, b':' as i8, 0, 0,
    );
    let mut odd = 0;
    for (index, value) in values.iter_mut().enumerate() {
        let (start, end) = (run.starts[index], run.ends[index]);
        // SAFETY: 16 bytes from 19 before `end`, and the 16 that end there; it is at least
        // REACH_BYTES and within the bytes.
        let (text, last) = unsafe {
            let behind = bytes.as_ptr().add(end as usize);
            (_mm_loadu_si128(behind.sub(19).cast()), _mm_loadu_si128(behind.sub(16).cast()))
        };
        let zeros = _mm_set1_epi8(b'0' as i8);
        let digits = _mm_or_si128(
            _mm_shuffle_epi8(_mm_sub_epi8(text, zeros), order),
            _mm_shuffle_epi8(_mm_sub_epi8(last, zeros), last_order),
        );
        let wrong = _mm_subs_epu8(digits, _mm_set1_epi8(9));
        let parts = _mm_maddubs_epi16(digits, _mm_set1_epi16(0x010A));
        let (days, exists) = day_number(_mm_cvtsi128_si64(parts) as u64);
        let time = _mm_extract_epi64(parts, 1) as u64;
        let part = |index: u32| (time >> (16 * index)) as u32 & 0xFFFF;
        let (hour, minute, second) = (part(0), part(1), part(2));
        let seconds = hour * 3_600 + minute * 60 + second;
        *value = i64::from(days) * DAY_MICROSECONDS + i64::from(seconds) * 1_000_000;
        let found = _mm_movemask_epi8(_mm_cmpeq_epi8(text, marks));
        let is_colon = _mm_extract_epi8(last, 13) == i32::from(b':');
        let is_apart = found & 0x0400 != 0 || _mm_extract_epi8(text, 10) == i32::from(b' ');
        let is_time = end.wrapping_sub(start) == 19
            && found & 0x2090 == 0x2090
            && is_colon
            && is_apart
            && _mm_testz_si128(wrong, wrong) == 1
            && exists
            && (hour < 24 && minute < 60 && second < 60);
        odd |= u64::from(!is_time) << index;
    }
    odd
}

/// # Safety
/// - `is_within` holds.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn holding_v3(bytes: &[u8], run: &Run, byte: u8) -> u64 {
    let needle = _mm256_set1_epi8(byte as i8);
    let mut bits = 0;
    for index in 0..RUN_FIELDS {
        let (start, end) = (run.starts[index], run.ends[index]);
        let len = end.wrapping_sub(start);
        // SAFETY: 32 bytes that end at `end`, which is at least REACH_BYTES and within the bytes;
        // and 32 bytes from an offset of at most 32 within 64.
        let (text, kept) = unsafe {
            (
                _mm256_loadu_si256(bytes.as_ptr().add(end as usize - 32).cast()),
                _mm256_loadu_si256(LAST_BYTES.as_ptr().add(len.min(32) as usize).cast()),
            )
        };
        let found = _mm256_and_si256(_mm256_cmpeq_epi8(text, needle), kept);
        let mut holds = _mm256_testz_si256(found, found) == 0;
        if len > 32 && !holds {
            holds = bytes[start as usize..end as usize].contains(&byte);
        }
        bits |= u64::from(holds) << index;
    }
    bits
}
