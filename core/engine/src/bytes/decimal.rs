//! Decimal text to whole numbers of a scale, and back, exactly.
//!
//! ```text
//! text    [+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?
//! 12.5    at scale 2 is 1250
//! 12.500  at scale 2 is 1250: zeros lose nothing
//! 12.505  at scale 2 is none: nothing is rounded
//! 1e3     at scale 2 is 100000, as PostgreSQL and DuckDB read it
//! ```
//! A value of precision `p` has at most `p` digits, those behind the point among them.

use super::number::{self, nearest_float, parse_exponent, short_digits};

/// Digits of a value at most: 10^38 is the largest power of ten below 2^127.
pub const PRECISION_MAX: u8 = 38;

/// Bytes of a value's text at most: a sign, 38 digits, a point and a zero before it.
pub const TEXT_BYTES_MAX: usize = 41;

/// Powers of ten from 10^0 to 10^38.
pub const POWERS: [i128; 39] = {
    let mut powers = [1_i128; 39];
    let mut at = 1;
    while at < 39 {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// Whether a value has no more digits than the precision.
#[inline(always)]
pub fn fits(value: i128, precision: u8) -> bool {
    value.unsigned_abs() < POWERS[usize::from(precision)].unsigned_abs()
}

/// The value of the text in `bytes[start..end]` at a scale; `None` where it is no number, has too
/// many digits, or digits behind the point that the scale cannot hold.
///
/// The bytes around the field let it load whole words; they do not count.
/// Cost: 16 bytes at once where the field is that short and has no exponent; else digit by digit.
#[inline]
pub fn parse_at(bytes: &[u8], start: usize, end: usize, precision: u8, scale: u8) -> Option<i128> {
    // 10^16 times 10^22 is within 128 bits.
    const SHIFT_MAX: u32 = 22;
    if let Some(short) = short_digits(bytes, start, end)
        && let Some(shift) = u32::from(scale).checked_sub(short.fraction_count)
        && shift <= SHIFT_MAX
    {
        let value = i128::from(short.digits) * POWERS[shift as usize];
        return fits(value, precision).then_some(if short.is_negative { -value } else { value });
    }
    parse(bytes.get(start..end)?, precision, scale)
}

/// As [`parse_at`], for text that stands alone.
pub fn parse(field: &[u8], precision: u8, scale: u8) -> Option<i128> {
    let digits = Digits::scan(field)?;
    let value = digits.at_scale(scale)?;
    fits(value, precision).then_some(value)
}

/// The value of a text with the precision and the scale that it shows: `12.50` is 1250 of
/// `decimal(4,2)`. `None` where it is no number or needs more than 38 digits.
pub fn parse_as_written(field: &[u8]) -> Option<(i128, u8, u8)> {
    let digits = Digits::scan(field)?;
    let scale = u8::try_from(digits.shown_fraction_count.max(0)).ok()?;
    if scale > PRECISION_MAX {
        return None;
    }
    let value = digits.at_scale(scale)?;
    let digit_count = (1..=PRECISION_MAX).find(|precision| fits(value, *precision))?;
    Some((value, digit_count.max(scale), scale))
}

/// A number's text taken apart: `digits * 10^exponent`, the last digit not 0.
struct Digits {
    is_negative: bool,
    digits: u128,
    exponent: i64,
    /// Digits behind the point as written, less the exponent.
    shown_fraction_count: i64,
}

impl Digits {
    fn scan(field: &[u8]) -> Option<Digits> {
        let (is_negative, unsigned) = match field.split_first()? {
            (b'-', rest) => (true, rest),
            (b'+', rest) => (false, rest),
            _ => (false, field),
        };
        let (mut digits, mut significant_count) = (0_u128, 0_u32);
        // Zeros that count only when another digit follows.
        let mut zero_count = 0_u32;
        let (mut digit_count, mut fraction_count) = (0_usize, None::<i64>);
        let mut at = 0;
        while let Some(byte) = unsigned.get(at) {
            match byte {
                b'0' if digits == 0 => {}
                b'0' => zero_count += 1,
                b'1'..=b'9' => {
                    significant_count += zero_count + 1;
                    if significant_count > u32::from(PRECISION_MAX) {
                        return None;
                    }
                    let power = POWERS[zero_count as usize + 1].unsigned_abs();
                    digits = digits * power + u128::from(byte - b'0');
                    zero_count = 0;
                }
                b'.' if fraction_count.is_none() => {
                    fraction_count = Some(0);
                    at += 1;
                    continue;
                }
                _ => break,
            }
            digit_count += 1;
            fraction_count = fraction_count.map(|count| count + 1);
            at += 1;
        }
        if digit_count == 0 {
            return None;
        }
        let power = match unsigned.get(at..)? {
            [] => 0,
            [b'e' | b'E', exponent @ ..] => parse_exponent(exponent)?,
            _ => return None,
        };
        let shown_fraction_count = fraction_count.unwrap_or(0) - power;
        let exponent = i64::from(zero_count) - shown_fraction_count;
        Some(Digits { is_negative, digits, exponent, shown_fraction_count })
    }

    /// The value times 10^scale, where that is a whole number of at most 38 digits.
    fn at_scale(&self, scale: u8) -> Option<i128> {
        if self.digits == 0 {
            return Some(0);
        }
        // The last digit is not 0, so a negative power would leave a fraction.
        let shift = usize::try_from(self.exponent + i64::from(scale)).ok()?;
        let power = POWERS.get(shift)?.unsigned_abs();
        let size = i128::try_from(self.digits.checked_mul(power)?).ok()?;
        let value = if self.is_negative { -size } else { size };
        fits(value, PRECISION_MAX).then_some(value)
    }
}

/// Appends the text of a value: all digits of the scale behind the point, and at least one before.
pub fn write(value: i128, scale: u8, out: &mut Vec<u8>) {
    const GROUP: u128 = 10_u128.pow(18);
    let mut digits = [b'0'; 40];
    let mut from = digits.len();
    let mut rest = value.unsigned_abs();
    let mut end = digits.len();
    while rest > u128::from(u64::MAX) {
        // Division of 128 bits is slow: once for 18 digits.
        write_digits((rest % GROUP) as u64, &mut digits[..end]);
        rest /= GROUP;
        end -= 18;
        from = end;
    }
    from = from.min(write_digits(rest as u64, &mut digits[..end]));
    let scale = usize::from(scale);
    let point = digits.len() - scale;
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[from.min(point - 1)..point]);
    if scale > 0 {
        out.push(b'.');
        out.extend_from_slice(&digits[point..]);
    }
}

/// The value's digits at the end of `out`, which holds zeros; gives where they begin.
fn write_digits(mut value: u64, out: &mut [u8]) -> usize {
    let mut at = out.len();
    while value > 0 {
        at -= 1;
        out[at] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    at
}

/// The text of a value.
pub fn text(value: i128, scale: u8) -> String {
    let mut out = Vec::with_capacity(TEXT_BYTES_MAX);
    write(value, scale, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// The binary64 nearest to `value / 10^scale`, ties to even.
#[inline]
pub fn to_float(value: i128, scale: u8) -> f64 {
    const EXACT_MAX: u128 = number::EXACT_INTEGER_MAX as u128;
    let size = value.unsigned_abs();
    let magnitude = match (size, usize::from(scale)) {
        (0..=EXACT_MAX, 0..=22) => size as f64 / number::POWERS[usize::from(scale)],
        (_, 0..=27) if size <= u128::from(u64::MAX) => nearest_float(size as u64, scale.into()),
        _ => nearest(&size.to_string(), -i64::from(scale)),
    };
    if value < 0 { -magnitude } else { magnitude }
}

/// The binary64 nearest to `digits * 10^exponent`, ties to even, for any number of digits.
pub fn nearest(digits: &str, exponent: i64) -> f64 {
    format!("{digits}e{exponent}").parse().expect("digits with an exponent are a number")
}

/// The value of a float's shortest text at a scale: 0.1 is 10 at scale 2, although no binary
/// fraction is a tenth. `None` where that text has more digits than fit, or is not finite.
pub fn from_float(value: f64, precision: u8, scale: u8) -> Option<i128> {
    if !value.is_finite() {
        return None;
    }
    let mut buffer = zmij::Buffer::new();
    parse(buffer.format_finite(value).as_bytes(), precision, scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected: Python 3.11, `decimal.Decimal(text).scaleb(scale)` where that is a whole number
    /// of at most `precision` digits, else none.
    #[test]
    fn text_is_read_exactly_or_not_at_all() {
        let cases: [(&str, u8, u8, Option<i128>); 44] = [
            ("0", 1, 0, Some(0)),
            ("-0", 1, 0, Some(0)),
            ("0.00", 3, 2, Some(0)),
            ("12.5", 4, 2, Some(1250)),
            ("-12.5", 4, 2, Some(-1250)),
            ("+12.5", 4, 2, Some(1250)),
            ("12.500", 4, 2, Some(1250)),
            ("12.505", 9, 2, None),
            ("12.50500", 9, 3, Some(12_505)),
            (".5", 2, 1, Some(5)),
            ("5.", 2, 1, Some(50)),
            ("007", 3, 0, Some(7)),
            ("99.99", 4, 2, Some(9999)),
            ("100.00", 4, 2, None),
            ("-100", 4, 2, None),
            ("1e3", 6, 2, Some(100_000)),
            ("1E+3", 5, 2, None),
            ("1.5e-1", 3, 2, Some(15)),
            ("15e-3", 3, 2, None),
            ("1500e-3", 3, 2, Some(150)),
            ("0e400", 3, 2, Some(0)),
            ("1e-400", 3, 2, None),
            ("1e400", 3, 2, None),
            ("1234567890123456", 16, 0, Some(1_234_567_890_123_456)),
            ("12345678901234.56", 16, 2, Some(1_234_567_890_123_456)),
            ("12345678901234567.89", 19, 2, Some(1_234_567_890_123_456_789)),
            (
                "123456789012345678901234567890.12345678",
                38,
                8,
                Some(12_345_678_901_234_567_890_123_456_789_012_345_678),
            ),
            ("99999999999999999999999999999999999999", 38, 0, Some(POWERS[38] - 1)),
            ("-99999999999999999999999999999999999999", 38, 0, Some(1 - POWERS[38])),
            ("100000000000000000000000000000000000000", 38, 0, None),
            ("1000000000000000000000000000000000000.00000", 38, 1, Some(POWERS[37])),
            ("0.00000000000000000000000000000000000001", 38, 38, Some(1)),
            ("0.000000000000000000000000000000000000001", 38, 38, None),
            ("1.0000000000000000000000000000000000000000000000000000000000", 1, 0, Some(1)),
            ("10000000000000000000000000000000000000000000000e-44", 3, 0, Some(100)),
            ("", 9, 2, None),
            ("-", 9, 2, None),
            (".", 9, 2, None),
            ("1.2.3", 9, 2, None),
            ("1,5", 9, 2, None),
            (" 1", 9, 2, None),
            ("1 ", 9, 2, None),
            ("1e", 9, 2, None),
            ("NaN", 9, 2, None),
        ];
        for (text, precision, scale, expected) in cases {
            assert_eq!(parse(text.as_bytes(), precision, scale), expected, "{text}");
            for before in ["", "9", "-.,9999999999999999999999"] {
                let bytes = format!("{before}{text}77777.7");
                let (start, end) = (before.len(), before.len() + text.len());
                let found = parse_at(bytes.as_bytes(), start, end, precision, scale);
                assert_eq!(found, expected, "{text} after {before:?}");
            }
        }
    }

    /// Expected: Python 3.11, `str(decimal.Decimal(value).scaleb(-scale))` with exponents written
    /// out (`format(..., 'f')`).
    #[test]
    fn text_shows_every_digit_of_the_scale() {
        for (value, scale, expected) in [
            (0, 0, "0"),
            (0, 2, "0.00"),
            (5, 2, "0.05"),
            (-5, 2, "-0.05"),
            (1250, 2, "12.50"),
            (-1250, 0, "-1250"),
            (1_234_567_890_123_456_789, 18, "1.234567890123456789"),
            (POWERS[38] - 1, 0, "99999999999999999999999999999999999999"),
            (1 - POWERS[38], 38, "-0.99999999999999999999999999999999999999"),
            (POWERS[37] + 3, 19, "1000000000000000000.0000000000000000003"),
            (i128::from(u64::MAX), 1, "1844674407370955161.5"),
            (i128::from(u64::MAX) + 1, 1, "1844674407370955161.6"),
            (POWERS[18], 0, "1000000000000000000"),
            (POWERS[20], 3, "100000000000000000.000"),
        ] {
            assert_eq!(text(value, scale), expected);
            assert_eq!(parse(expected.as_bytes(), 38, scale), Some(value), "{expected}");
        }
    }

    #[test]
    fn a_text_shows_its_own_precision_and_scale() {
        for (text, expected) in [
            ("12.50", Some((1250, 4, 2))),
            ("0.05", Some((5, 2, 2))),
            ("-7", Some((-7, 1, 0))),
            ("0", Some((0, 1, 0))),
            ("0.00", Some((0, 2, 2))),
            ("1e3", Some((1000, 4, 0))),
            ("1.5e-3", Some((15, 4, 4))),
            ("1e40", None),
            ("1e-40", None),
            ("x", None),
        ] {
            assert_eq!(parse_as_written(text.as_bytes()), expected, "{text}");
        }
    }

    /// Expected: Python 3.11, `float(decimal.Decimal(value).scaleb(-scale))`.
    #[test]
    fn floats_are_the_nearest() {
        for (value, scale, expected) in [
            (1250_i128, 2_u8, 12.5),
            (10, 2, 0.1),
            (-1, 0, -1.0),
            (9_007_199_254_740_993, 0, 9_007_199_254_740_992.0),
            (90_071_992_547_409_930, 1, 9_007_199_254_740_992.0),
            (90_071_992_547_409_931, 1, 9_007_199_254_740_994.0),
            (POWERS[38] - 1, 0, 1e38),
            (1 - POWERS[38], 38, -1.0),
            (1, 38, 1e-38),
            (12_345_678_901_234_567_890_123_456_789_012_345_678, 8, 1.234_567_890_123_456_8e29),
        ] {
            assert_eq!(to_float(value, scale).to_bits(), f64::to_bits(expected), "{value} {scale}");
        }
    }

    #[test]
    fn a_float_is_taken_by_its_shortest_text() {
        for (value, precision, scale, expected) in [
            (0.1, 3, 2, Some(10)),
            (-12.5, 4, 2, Some(-1250)),
            (0.125, 4, 2, None),
            (0.1 + 0.2, 4, 2, None),
            (1e20, 38, 2, Some(POWERS[22])),
            (1e36, 38, 2, None),
            (-0.0, 1, 0, Some(0)),
            (f64::NAN, 38, 2, None),
            (f64::INFINITY, 38, 2, None),
        ] {
            assert_eq!(from_float(value, precision, scale), expected, "{value}");
        }
    }
}
