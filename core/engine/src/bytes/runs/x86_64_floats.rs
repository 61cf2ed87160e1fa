//! Floats with AVX2.
//!
//! ```text
//! 7,-12.34,             32 bytes are loaded so that the field ends them, or 16 where all are short
//! ...........-12.34     the bytes up to the point come from a load one byte earlier
//! ............-1234     minus '0'; what precedes the digits becomes 0; all above 9 is no digit
//! 000000000001234       twos, fours, eights of digits; digits and power then make the float
//! ```

use std::arch::x86_64::*;

use super::super::number::{EXACT_INTEGER_MAX, POWERS, nearest_float};
use super::super::scan::Level;
use super::x86_64::{INTEGER_BYTES_MAX, LAST_BYTES, PLACES, REACH_BYTES, fours, is_within, odd_of};
use super::{RUN_FIELDS, Run, RunValues};

/// Longest unsigned field that `floats` takes: with a point in front, 27 digits are behind it, as
/// many as `nearest_float` takes.
const FLOAT_BYTES_MAX: u32 = 28;

/// From n on: 32 bytes of which all but the last n are all ones.
static ALL_BUT_LAST_BYTES: [u8; 64] = {
    let mut bytes = [0; 64];
    let mut at = 0;
    while at < 32 {
        bytes[at] = 0xFF;
        at += 1;
    }
    bytes
};

pub(super) fn floats(bytes: &[u8], run: &Run, values: &mut RunValues<f64>) -> u64 {
    if Level::supported() < Level::V3 || !is_within(bytes, run) {
        return u64::MAX;
    }
    // SAFETY: `supported` found AVX2, BMI and LZCNT on this very CPU; `is_within` holds.
    unsafe { floats_v3(bytes, run, values) }
}

/// A run of floats, taken apart.
struct Parts {
    digits: RunValues<u64>,
    /// Digits behind the point.
    fraction_counts: RunValues<u32>,
    /// The sign bit alone.
    signs: RunValues<u64>,
    /// A bit for each point.
    points: RunValues<u32>,
    digit_counts: RunValues<u32>,
    /// The byte behind the sign.
    firsts: RunValues<u8>,
    /// Not 0 where something is no digit, or there are too many.
    wrong: RunValues<u32>,
}

impl Parts {
    fn new() -> Parts {
        Parts {
            digits: [0; RUN_FIELDS],
            fraction_counts: [0; RUN_FIELDS],
            signs: [0; RUN_FIELDS],
            points: [0; RUN_FIELDS],
            digit_counts: [0; RUN_FIELDS],
            firsts: [0; RUN_FIELDS],
            wrong: [0; RUN_FIELDS],
        }
    }

    /// The bits of the fields whose form is odd. Without branches, so that the compiler makes
    /// vectors of it: most runs have none.
    #[inline(always)]
    fn odd(&mut self) -> u64 {
        let mut any = 0;
        for index in 0..RUN_FIELDS {
            let (points, count) = (self.points[index], self.digit_counts[index]);
            let is_signed = (self.signs[index] >> 63) as u32;
            let has_points = u32::from(points & points.wrapping_sub(1) != 0);
            let has_none = u32::from(count == 0) & (is_signed | u32::from(points != 0));
            let is_padded = u32::from(self.firsts[index] == b'0')
                & u32::from(count > self.fraction_counts[index] + 1);
            self.wrong[index] |= has_points | has_none | is_padded;
            any |= self.wrong[index];
        }
        match any {
            0 => 0,
            _ => (0..RUN_FIELDS)
                .fold(0, |bits, index| bits | u64::from(self.wrong[index] != 0) << index),
        }
    }
}

/// # Safety
/// - `is_within` holds.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn floats_v3(bytes: &[u8], run: &Run, values: &mut RunValues<f64>) -> u64 {
    let mut parts = Parts::new();
    let lens = run.starts.iter().zip(&run.ends).map(|(start, end)| end.wrapping_sub(*start));
    // SAFETY: the caller's.
    unsafe {
        match lens.fold(0, u32::max) <= INTEGER_BYTES_MAX {
            true => take_short_apart(bytes, run, &mut parts),
            false => take_apart(bytes, run, &mut parts),
        }
    }
    let mut odd = parts.odd();
    let (mut largest, mut largest_whole, mut longest) = (0, 0, 0);
    for (digits, count) in parts.digits.iter().zip(&parts.fraction_counts) {
        largest = largest.max(*digits);
        largest_whole = largest_whole.max(if *count == 0 { *digits } else { 0 });
        longest = longest.max(*count);
    }
    if largest_whole > EXACT_INTEGER_MAX {
        // Whole numbers beyond 2^53 are floats only where someone says so.
        for (index, (start, end)) in run.starts.iter().zip(&run.ends).enumerate() {
            let is_large = parts.digits[index] > EXACT_INTEGER_MAX;
            if is_large && parts.fraction_counts[index] == 0 && *start < *end {
                odd |= 1 << index;
            }
        }
    }
    if largest <= EXACT_INTEGER_MAX && (longest as usize) < POWERS.len() {
        // Digits and power are exact, so one division rounds once. Apart from the look-up, these
        // are loops that the compiler turns into vectors.
        let divisors = parts.fraction_counts.map(|count| POWERS[count as usize % POWERS.len()]);
        for (index, value) in values.iter_mut().enumerate() {
            let magnitude = parts.digits[index] as f64 / divisors[index];
            *value = f64::from_bits(magnitude.to_bits() | parts.signs[index]);
        }
    } else {
        for (index, value) in values.iter_mut().enumerate() {
            let count = parts.fraction_counts[index].min(FLOAT_BYTES_MAX - 1);
            let magnitude = nearest_float(parts.digits[index], count);
            *value = f64::from_bits(magnitude.to_bits() | parts.signs[index]);
        }
    }
    odd
}

/// Where a float begins.
#[derive(Clone, Copy)]
struct FloatPlace {
    is_negative: bool,
    /// Bytes without the sign.
    len: u32,
    /// The byte behind the sign.
    first: u8,
}

impl FloatPlace {
    /// # Safety
    /// - `is_within` holds.
    #[inline(always)]
    unsafe fn new(bytes: &[u8], run: &Run, index: usize) -> FloatPlace {
        let (start, end) = (run.starts[index], run.ends[index]);
        debug_assert!(end >= REACH_BYTES && end as usize <= bytes.len());
        // SAFETY: an offset below the end, which is within the bytes (`is_within`).
        let byte_at = |offset: u32| unsafe { *bytes.get_unchecked(offset.min(end - 1) as usize) };
        let is_negative = byte_at(start) == b'-';
        let unsigned_start = start.wrapping_add(u32::from(is_negative));
        let len = end.wrapping_sub(unsigned_start);
        FloatPlace { is_negative, len, first: byte_at(unsigned_start) }
    }
}

/// Takes fields of up to 16 bytes apart, two in a vector until their digits are fours, and four
/// from there.
///
/// # Safety
/// - `is_within` holds.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn take_short_apart(bytes: &[u8], run: &Run, parts: &mut Parts) {
    for first in (0..RUN_FIELDS).step_by(4) {
        let [left, right] = [first, first + 2].map(|index| {
            // SAFETY: as for this function; `first + 3` is below RUN_FIELDS.
            fours(unsafe { float_pair(bytes, run, parts, index) })
        });
        let in_order = _mm256_permute4x64_epi64(sixteens(left, right), 0b11_01_10_00);
        // SAFETY: four values from `first` on are within RUN_FIELDS.
        unsafe { _mm256_storeu_si256(parts.digits.as_mut_ptr().add(first).cast(), in_order) };
    }
}

/// Numbers of 16 digits from fours: in each half, first that of `left`, then that of `right`.
#[inline]
#[target_feature(enable = "avx2")]
fn sixteens(left: __m256i, right: __m256i) -> __m256i {
    let fours = _mm256_packus_epi32(left, right);
    let eights = _mm256_madd_epi16(fours, _mm256_set1_epi32(0x0001_2710));
    let high = _mm256_mul_epu32(eights, _mm256_set1_epi64x(100_000_000));
    _mm256_add_epi64(high, _mm256_srli_epi64(eights, 32))
}

/// The digits of two floats, one in each half, their points gone.
///
/// # Safety
/// - `is_within` holds, and `index + 1` is below RUN_FIELDS.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn float_pair(bytes: &[u8], run: &Run, parts: &mut Parts, index: usize) -> __m256i {
    // SAFETY: the caller's.
    let places =
        unsafe { [FloatPlace::new(bytes, run, index), FloatPlace::new(bytes, run, index + 1)] };
    let kept_lens = places.map(|place| place.len.min(INTEGER_BYTES_MAX));
    // SAFETY: the distance is at most REACH_BYTES, and ends are at least that.
    let text = |index: usize, distance: usize| unsafe {
        bytes.as_ptr().add(run.ends[index] as usize - distance).cast::<__m128i>()
    };
    // SAFETY: an index of PLACES.
    let kept = |len: u32| unsafe { (&raw const (*PLACES.as_ptr().add(len as usize)).kept).cast() };
    // SAFETY: at most 16 more than 16, with 16 bytes from there within 64.
    let upto = |behind: u32| unsafe {
        ALL_BUT_LAST_BYTES.as_ptr().add(16 + behind as usize).cast::<__m128i>()
    };
    // SAFETY: 16 bytes at each address, which end at the field's end or one before it.
    let (whole, earlier, own) = unsafe {
        (
            _mm256_loadu2_m128i(text(index + 1, 16), text(index, 16)),
            _mm256_loadu2_m128i(text(index + 1, 17), text(index, 17)),
            _mm256_loadu2_m128i(kept(kept_lens[1]), kept(kept_lens[0])),
        )
    };
    let points = _mm256_and_si256(_mm256_cmpeq_epi8(whole, _mm256_set1_epi8(b'.' as i8)), own);
    let points = _mm256_movemask_epi8(points) as u32;
    let points = [points & 0xFFFF, points >> 16];
    let behind_counts = points.map(|points| points.leading_zeros() - 16);
    let digit_counts = [0, 1].map(|at| kept_lens[at] - u32::from(points[at] != 0));
    // SAFETY: 16 bytes at each address.
    let (moved, own) = unsafe {
        (
            _mm256_loadu2_m128i(upto(behind_counts[1]), upto(behind_counts[0])),
            _mm256_loadu2_m128i(kept(digit_counts[1]), kept(digit_counts[0])),
        )
    };
    let joined = _mm256_blendv_epi8(whole, earlier, moved);
    let digits = _mm256_and_si256(_mm256_sub_epi8(joined, _mm256_set1_epi8(b'0' as i8)), own);
    let odd = odd_of(_mm256_subs_epu8(digits, _mm256_set1_epi8(9)));
    for at in 0..2 {
        parts.fraction_counts[index + at] = behind_counts[at] % 16;
        parts.signs[index + at] = u64::from(places[at].is_negative) << 63;
        parts.points[index + at] = points[at];
        parts.digit_counts[index + at] = digit_counts[at];
        parts.firsts[index + at] = places[at].first;
        let is_long = places[at].len > INTEGER_BYTES_MAX;
        parts.wrong[index + at] = (odd >> at & 1) as u32 | u32::from(is_long);
    }
    digits
}

/// Takes the fields apart, each in a vector of its own until its digits are fours, two from there.
///
/// # Safety
/// - `is_within` holds.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn take_apart(bytes: &[u8], run: &Run, parts: &mut Parts) {
    // The digits before the last 16.
    let mut high: RunValues<u64> = [0; RUN_FIELDS];
    for first in (0..RUN_FIELDS).step_by(2) {
        let [left, right] = [first, first + 1].map(|index| {
            // SAFETY: as for this function.
            fours(unsafe { float_digits(bytes, run, parts, index) })
        });
        let values = sixteens(left, right);
        // SAFETY: two values from `first` on are within RUN_FIELDS.
        unsafe {
            let (high, low) = (high.as_mut_ptr().add(first), parts.digits.as_mut_ptr().add(first));
            _mm_storeu_si128(high.cast(), _mm256_castsi256_si128(values));
            _mm_storeu_si128(low.cast(), _mm256_extracti128_si256(values, 1));
        }
    }
    for (index, high) in high.into_iter().enumerate() {
        let high_value = high.wrapping_mul(10_000_000_000_000_000);
        parts.digits[index] = parts.digits[index].wrapping_add(high_value);
        // At most 19 digits count, so that 64 bits hold them.
        parts.wrong[index] |= u32::from(high >= 1000);
    }
}

/// The digits of a float of up to FLOAT_BYTES_MAX bytes, its point gone.
///
/// # Safety
/// - `is_within` holds, and `index` is below RUN_FIELDS.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn float_digits(bytes: &[u8], run: &Run, parts: &mut Parts, index: usize) -> __m256i {
    // SAFETY: the caller's.
    let place = unsafe { FloatPlace::new(bytes, run, index) };
    let kept_len = place.len.min(FLOAT_BYTES_MAX);
    // SAFETY: 32 bytes that end at `end`, and one before it, which is at least REACH_BYTES.
    let (whole, earlier) = unsafe {
        let behind = bytes.as_ptr().add(run.ends[index] as usize);
        (_mm256_loadu_si256(behind.sub(32).cast()), _mm256_loadu_si256(behind.sub(33).cast()))
    };
    // SAFETY: 32 bytes from an offset of at most 32 within 64.
    let window = |table: &[u8; 64], at: u32| unsafe {
        _mm256_loadu_si256(table.as_ptr().add(at as usize).cast())
    };
    let points = _mm256_cmpeq_epi8(whole, _mm256_set1_epi8(b'.' as i8));
    let points = _mm256_and_si256(points, window(&LAST_BYTES, kept_len));
    let points = _mm256_movemask_epi8(points) as u32;
    // Digits behind the point; 32 when there is none.
    let behind_count = points.leading_zeros();
    let digit_count = kept_len - u32::from(points != 0);
    let joined = _mm256_blendv_epi8(whole, earlier, window(&ALL_BUT_LAST_BYTES, behind_count));
    let digits = _mm256_sub_epi8(joined, _mm256_set1_epi8(b'0' as i8));
    let digits = _mm256_and_si256(digits, window(&LAST_BYTES, digit_count));
    let wrong = _mm256_subs_epu8(digits, _mm256_set1_epi8(9));
    let is_wrong = _mm256_testz_si256(wrong, wrong) == 0;
    parts.fraction_counts[index] = behind_count % 32;
    parts.signs[index] = u64::from(place.is_negative) << 63;
    parts.points[index] = points;
    parts.digit_counts[index] = digit_count;
    parts.firsts[index] = place.first;
    parts.wrong[index] = u32::from(is_wrong) | u32::from(place.len > FLOAT_BYTES_MAX);
    digits
}
