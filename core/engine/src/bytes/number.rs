//! ASCII digits to numbers, exactly: the caller's bytes in, a value out or none.
//!
//! ```text
//! canonical whole number   -?(0|[1-9][0-9]*)
//! any whole number         [+-]?[0-9]+
//! canonical float          -?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?, no padding zero
//! any float                [+-]? the same, padded or not
//! not finite               NaN nan  -?inf -?Inf -?Infinity
//! ```
//! The canonical form is what a reader takes for a number when nobody said that it is one: `007`
//! and `+1` are then codes, not numbers.

/// Whole numbers up to this are exact as binary64, and so is each one below.
pub const EXACT_INTEGER_MAX: u64 = 1 << 53;

const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);

/// The canonical whole number in `bytes[start..end]`, within 64 bits.
///
/// The bytes around the field let it load whole words; they do not count.
/// Cost: one load, three multiplications for each 8 digits.
#[inline(always)]
pub fn parse_integer(bytes: &[u8], start: usize, end: usize) -> Option<i64> {
    let field = bytes.get(start..end)?;
    let first = *field.first()?;
    let is_negative = first == b'-';
    let digits_start = start + usize::from(is_negative);
    let digit_count = end - digits_start;
    let lead = if is_negative { *field.get(1)? } else { first };
    if lead == b'0' && digit_count > 1 {
        return None;
    }
    let magnitude = match digit_count {
        1..=8 => word_digits(bytes, digits_start, end)?,
        9..=16 => {
            let high = word_digits(bytes, digits_start, end - 8)?;
            high * 100_000_000 + word_digits(bytes, end - 8, end)?
        }
        17..=19 => {
            let high = word_digits(bytes, digits_start, end - 16)?;
            let middle = word_digits(bytes, end - 16, end - 8)?;
            (high * 100_000_000 + middle) * 100_000_000 + word_digits(bytes, end - 8, end)?
        }
        _ => return None,
    };
    signed(magnitude, is_negative)
}

#[inline(always)]
fn signed(magnitude: u64, is_negative: bool) -> Option<i64> {
    match is_negative {
        false => i64::try_from(magnitude).ok(),
        true => 0_i64.checked_sub_unsigned(magnitude),
    }
}

/// Value of the 1 to 8 digits in `bytes[start..end]`.
#[inline(always)]
fn word_digits(bytes: &[u8], start: usize, end: usize) -> Option<u64> {
    let word = match end.checked_sub(8).and_then(|from| bytes[from..end].first_chunk::<8>()) {
        Some(word) => {
            // The field's last digit is the last byte of the word; what precedes the field becomes
            // 0.
            let word = u64::from_le_bytes(*word);
            let kept = u64::MAX << (64 - 8 * (end - start));
            (word & kept) | (ZEROS & !kept)
        }
        None => {
            let mut word = [b'0'; 8];
            word[8 - (end - start)..].copy_from_slice(&bytes[start..end]);
            u64::from_le_bytes(word)
        }
    };
    is_digits(word).then(|| digits_value(word))
}

/// Whether all 8 bytes are ASCII digits.
#[inline(always)]
fn is_digits(word: u64) -> bool {
    const HIGH: u64 = 0xF0F0_F0F0_F0F0_F0F0;
    let above_nine = word.wrapping_add(0x0606_0606_0606_0606);
    (word & HIGH) | ((above_nine & HIGH) >> 4) == 0x3333_3333_3333_3333
}

/// Value of 8 ASCII digits, the first one in the lowest byte.
///
/// Source: Johnny Lee and Daniel Lemire, "Quickly parsing eight digits", 2018.
#[inline(always)]
fn digits_value(word: u64) -> u64 {
    const MASK: u64 = 0x0000_00FF_0000_00FF;
    let word = word.wrapping_sub(ZEROS);
    let pairs = word.wrapping_mul(10).wrapping_add(word >> 8);
    let high = (pairs & MASK).wrapping_mul(0x000F_4240_0000_0064);
    let low = ((pairs >> 16) & MASK).wrapping_mul(0x0000_2710_0000_0001);
    high.wrapping_add(low) >> 32
}

/// `true` or `false` in any mix of cases.
#[inline]
pub fn parse_bool(field: &[u8]) -> Option<bool> {
    // Of all bytes, only a letter's two cases differ in this bit alone.
    const CASE: u32 = u32::from_ne_bytes([0x20; 4]);
    let start = u32::from_ne_bytes(*field.first_chunk()?) | CASE;
    match field.get(4..)? {
        [] if start == u32::from_ne_bytes(*b"true") => Some(true),
        [b'e' | b'E'] if start == u32::from_ne_bytes(*b"fals") => Some(false),
        _ => None,
    }
}

/// Any whole number within 64 bits: a sign and padding zeros are allowed.
pub fn parse_integer_any(field: &[u8]) -> Option<i64> {
    parse_whole_any(field)
}

/// Any whole number of a type: a sign and padding zeros are allowed.
pub fn parse_whole_any<T: TryFrom<i64> + TryFrom<u64>>(field: &[u8]) -> Option<T> {
    let (is_negative, digits) = match field.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, field),
    };
    if digits.is_empty() {
        return None;
    }
    let magnitude = digits.iter().try_fold(0_u64, |value, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        value.checked_mul(10)?.checked_add(digit)
    })?;
    match is_negative {
        true => T::try_from(signed(magnitude, true)?).ok(),
        false => T::try_from(magnitude).ok(),
    }
}

/// The binary32 nearest to a text that stands alone; `None` when it is no number, and when it is a
/// finite one beyond the range.
pub fn parse_float32(field: &[u8]) -> Option<f32> {
    // Rounded once: by way of binary64 it would be twice.
    match scan_decimal(field) {
        Some(_) => fast_float2::parse(field).ok().filter(|value: &f32| value.is_finite()),
        None => parse_not_finite(field).map(|float| float.value as f32),
    }
}

/// A float and what its text looked like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Float {
    /// The nearest binary64, ties to even.
    pub value: f64,
    /// Whether the text is a canonical float: no plus sign, no padding zero.
    pub is_canonical: bool,
    /// Whether the text has digits only (and a sign): a whole number.
    pub is_integer: bool,
}

/// The binary64 nearest to the decimal text in `bytes[start..end]`; `None` when it is no number.
///
/// The bytes around the field let it load whole words; they do not count.
/// Cost: 16 bytes at once where the field is that short, has no exponent and fits 2^53 without its
/// point; Clinger's exact path for most others; `fast-float2` (Eisel-Lemire, then big integers) for
/// the rest.
/// Source: William D. Clinger, "How to read floating point numbers accurately", 1990.
#[inline]
pub fn parse_float_at(bytes: &[u8], start: usize, end: usize) -> Option<Float> {
    if let Some(float) = parse_short_float(bytes, start, end) {
        return Some(float);
    }
    parse_long_float(bytes.get(start..end)?)
}

/// As [`parse_float_at`], for text that stands alone.
pub fn parse_float(field: &[u8]) -> Option<Float> {
    parse_long_float(field)
}

/// `-?[0-9]*[.]?[0-9]*` in 16 bytes, sign apart, where one division is exact; `None` for all else.
#[inline(always)]
fn parse_short_float(bytes: &[u8], start: usize, end: usize) -> Option<Float> {
    let short = short_digits(bytes, start, end)?;
    if short.digits > EXACT_INTEGER_MAX {
        return None;
    }
    let magnitude = short.digits as f64 / POWERS[short.fraction_count as usize];
    Some(Float {
        value: if short.is_negative { -magnitude } else { magnitude },
        is_canonical: !short.is_padded,
        is_integer: !short.has_point,
    })
}

/// A short decimal text taken apart: the digits as one number, the sign and the point apart.
pub(super) struct ShortDigits {
    pub(super) is_negative: bool,
    /// Below 10^16.
    pub(super) digits: u64,
    /// At most 15.
    pub(super) fraction_count: u32,
    has_point: bool,
    is_padded: bool,
}

/// `-?[0-9]*[.]?[0-9]*` with a digit, in 16 bytes, sign apart; `None` for all else.
///
/// ```text
/// ....-12.375      loaded so that the field ends the word
/// 000000012.375    what precedes the digits becomes zeros
/// 000000012375     the bytes before the point move up by one: 12375, to divide by 10^3
/// ```
#[inline(always)]
pub(super) fn short_digits(bytes: &[u8], start: usize, end: usize) -> Option<ShortDigits> {
    const POINTS: u128 = u128::from_ne_bytes([b'.'; 16]);
    const LOW_BITS: u128 = u128::from_ne_bytes([0x7F; 16]);
    const ALL_ZEROS: u128 = u128::from_ne_bytes([b'0'; 16]);
    let field = bytes.get(start..end)?;
    let is_negative = *field.first()? == b'-';
    let unsigned = &field[usize::from(is_negative)..];
    let word = bytes.get(end.checked_sub(16)?..end)?.first_chunk::<16>()?;
    if unsigned.is_empty() || unsigned.len() > 16 {
        return None;
    }
    let kept = u128::MAX << (128 - 8 * unsigned.len());
    let mut word = (u128::from_le_bytes(*word) & kept) | (ALL_ZEROS & !kept);
    // The high bit of each byte that is a point; no carry crosses a byte.
    let difference = word ^ POINTS;
    let points = !(((difference & LOW_BITS) + LOW_BITS) | difference | LOW_BITS);
    let mut fraction_count = 0;
    if points != 0 {
        let point = points.trailing_zeros() / 8;
        let behind = (u128::MAX << (8 * point)) << 8;
        let before = !(u128::MAX << (8 * point));
        word = (word & behind) | ((word & before) << 8) | u128::from(b'0');
        fraction_count = 15 - point;
    }
    let (high, low) = (word as u64, (word >> 64) as u64);
    if !is_digits(high) || !is_digits(low) || unsigned.len() == usize::from(points != 0) {
        return None;
    }
    Some(ShortDigits {
        is_negative,
        digits: digits_value(high) * 100_000_000 + digits_value(low),
        fraction_count,
        has_point: points != 0,
        is_padded: matches!(unsigned, [b'0', b'0'..=b'9', ..]),
    })
}

#[inline(never)]
fn parse_long_float(field: &[u8]) -> Option<Float> {
    match scan_decimal(field) {
        Some(decimal) => Some(Float {
            value: decimal.exact_value().or_else(|| fast_float2::parse(field).ok())?,
            is_canonical: decimal.is_canonical,
            is_integer: decimal.is_integer,
        }),
        None => parse_not_finite(field),
    }
}

/// Powers of ten that binary64 holds exactly.
pub(super) const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// The binary64 nearest to `digits / 10^fraction_count`, ties to even; at most 27 digits behind the
/// point, as more would need numbers of more than 128 bits to be sure.
///
/// Cost: one multiplication; more in a case of 500, and where there is no fraction.
/// Source: Daniel Lemire, "Number Parsing at a Gigabyte per Second", 2021; that the second product
/// always decides: Noble Mushtak and Daniel Lemire, "Fast Number Parsing Without Fallback", 2022.
#[inline(always)]
pub(super) fn nearest_float(digits: u64, fraction_count: u32) -> f64 {
    let inverse = (INVERSES[fraction_count as usize] >> 64) as u64;
    let shift = digits.leading_zeros();
    let product = u128::from(digits.wrapping_shl(shift)) * u128::from(inverse);
    let (high, low) = ((product >> 64) as u64, product as u64);
    // Close to the middle of two floats, perhaps right on it, or zero. A branch that is seldom
    // taken costs less than to compute both.
    if high & PRECISION == PRECISION || low <= 1 {
        return nearest_float_of_close(digits, fraction_count);
    }
    float_of(high, fraction_count, shift)
}

const MANTISSA_BITS: u32 = 52;

/// The bits of a product's upper half that a float does not hold.
const PRECISION: u64 = u64::MAX >> (MANTISSA_BITS + 3);

#[cold]
#[inline(never)]
fn nearest_float_of_close(digits: u64, fraction_count: u32) -> f64 {
    if digits == 0 {
        return 0.0;
    }
    let wide = |left: u64, right: u64| u128::from(left) * u128::from(right);
    let inverse = INVERSES[fraction_count as usize];
    let shift = digits.leading_zeros();
    let normal = digits << shift;
    let mut product = wide(normal, (inverse >> 64) as u64);
    if (product >> 64) as u64 & PRECISION == PRECISION {
        product += wide(normal, inverse as u64) >> 64;
    }
    let (high, low) = ((product >> 64) as u64, product as u64);
    let dropped = dropped_bits(high);
    let mantissa = high >> dropped;
    // Half way between two: to the even one.
    let is_middle = low <= 1 && fraction_count <= 4 && mantissa & 3 == 1;
    match is_middle && mantissa << dropped == high {
        true => float_of((mantissa & !1) << dropped, fraction_count, shift),
        false => float_of(high, fraction_count, shift),
    }
}

/// Bits of a product's upper half below the one that decides how to round.
#[inline(always)]
fn dropped_bits(high: u64) -> u32 {
    (high >> 63) as u32 + 64 - MANTISSA_BITS - 3
}

/// The float of a product's upper half, rounded by its first bit too many.
#[inline(always)]
fn float_of(high: u64, fraction_count: u32, shift: u32) -> f64 {
    let mantissa = high >> dropped_bits(high);
    let mantissa = (mantissa + (mantissa & 1)) >> 1;
    // A carry out of the mantissa counts as one more in the exponent, as it should; so does the
    // bit of each mantissa that floats do not store, and one less here makes up for it.
    let exponent = EXPONENTS[fraction_count as usize] + (high >> 63) - u64::from(shift) - 1;
    f64::from_bits((exponent << MANTISSA_BITS) + mantissa)
}

/// For each power of ten from 0 to 27: the exponent of a float that is its inverse, for a product
/// with 63 bits behind the point. 217,706 / 2^16 is the binary logarithm of ten, near enough.
static EXPONENTS: [u64; 28] = {
    let mut exponents = [0; 28];
    let mut at = 0;
    while at < 28 {
        exponents[at] = (((-(at as i64) * 217_706) >> 16) + 63 + 1023) as u64;
        at += 1;
    }
    exponents
};

/// For each power of five from 0 to 27: its inverse, as 128 bits of which the first is 1, rounded
/// up.
static INVERSES: [u128; 28] = {
    let mut inverses = [1 << 127; 28];
    let (mut at, mut power) = (1, 5_u128);
    while at < 28 {
        // 2^(127 + bits of the power) / power, digit by digit.
        let bit_count = 128 - power.leading_zeros();
        let (mut inverse, mut rest, mut step) = (0_u128, 1_u128, 0);
        while step < 127 + bit_count {
            rest *= 2;
            inverse *= 2;
            if rest >= power {
                rest -= power;
                inverse += 1;
            }
            step += 1;
        }
        inverses[at] = inverse + 1;
        at += 1;
        power *= 5;
    }
    inverses
};

fn parse_not_finite(field: &[u8]) -> Option<Float> {
    let (value, is_canonical) = match field {
        b"NaN" | b"nan" => (f64::NAN, true),
        b"inf" | b"Inf" | b"Infinity" => (f64::INFINITY, true),
        b"+inf" | b"+Inf" | b"+Infinity" => (f64::INFINITY, false),
        b"-inf" | b"-Inf" | b"-Infinity" => (f64::NEG_INFINITY, true),
        _ => return None,
    };
    Some(Float { value, is_canonical, is_integer: false })
}

/// Decimal text taken apart: `digits * 10^exponent`, sign apart.
struct Decimal {
    is_negative: bool,
    is_canonical: bool,
    is_integer: bool,
    /// `None` when there are more than 19 digits, which 64 bits may not hold.
    digits: Option<u64>,
    exponent: i64,
}

impl Decimal {
    /// The value, where both the digits and the power of ten are exact, so that one rounding is
    /// made.
    #[inline]
    fn exact_value(&self) -> Option<f64> {
        let digits = self.digits.filter(|digits| *digits <= EXACT_INTEGER_MAX)?;
        let power = *POWERS.get(usize::try_from(self.exponent.unsigned_abs()).ok()?)?;
        let magnitude = match self.exponent < 0 {
            true => digits as f64 / power,
            false => digits as f64 * power,
        };
        Some(if self.is_negative { -magnitude } else { magnitude })
    }
}

#[inline]
fn scan_decimal(field: &[u8]) -> Option<Decimal> {
    let (is_negative, is_plus, unsigned) = match field.split_first()? {
        (b'-', rest) => (true, false, rest),
        (b'+', rest) => (false, true, rest),
        _ => (false, false, field),
    };
    let (mut digits, mut digit_count) = (0_u64, 0_usize);
    let mut at = take_digits(unsigned, 0, &mut digits, &mut digit_count);
    let whole_count = at;
    let is_padded = whole_count > 1 && unsigned[0] == b'0';
    let mut fraction_count = 0;
    let has_point = unsigned.get(at) == Some(&b'.');
    if has_point {
        let from = at + 1;
        at = take_digits(unsigned, from, &mut digits, &mut digit_count);
        fraction_count = at - from;
    }
    if whole_count + fraction_count == 0 {
        return None;
    }
    let is_integer = at == unsigned.len() && !has_point;
    let exponent = match unsigned.get(at..)? {
        [] => 0,
        [b'e' | b'E', exponent @ ..] => parse_exponent(exponent)?,
        _ => return None,
    };
    Some(Decimal {
        is_negative,
        is_canonical: !is_plus && !is_padded,
        is_integer,
        digits: (digit_count <= 19).then_some(digits),
        exponent: exponent - fraction_count as i64,
    })
}

/// Adds the digits from `at` on to `digits`, counting from the first that is not 0; returns where
/// they end. Above 19 digits the value wraps, even to 0 (2^63 and one more digit), and the count
/// says so.
#[inline]
fn take_digits(text: &[u8], mut at: usize, digits: &mut u64, digit_count: &mut usize) -> usize {
    while let Some(word) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*word);
        if !is_digits(word) {
            break;
        }
        *digits = digits.wrapping_mul(100_000_000).wrapping_add(digits_value(word));
        *digit_count += if *digits == 0 && *digit_count == 0 { 0 } else { 8 };
        at += 8;
    }
    while let Some(digit) = text.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|d| *d < 10) {
        *digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit));
        *digit_count += usize::from(*digits != 0 || *digit_count != 0);
        at += 1;
    }
    at
}

/// `[+-]?[0-9]+`, held within what no digit count can bring back into range.
pub(super) fn parse_exponent(text: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() {
        return None;
    }
    let magnitude = digits.iter().try_fold(0_i64, |value, digit| {
        let digit = digit.is_ascii_digit().then(|| i64::from(digit - b'0'))?;
        Some((value * 10 + digit).min(1 << 40))
    })?;
    Some(if is_negative { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_parse_wherever_they_stand() {
        let mut values = vec![0, 1, -1, 9, 10, i64::MAX, i64::MIN, i64::MAX - 1, i64::MIN + 1];
        let mut power = 1_i64;
        while let Some(next) = power.checked_mul(10) {
            power = next;
            values.extend([power - 1, power, power + 1, -power, 1 - power]);
        }
        for value in values {
            let text = value.to_string();
            for before in ["", "9", "99999999", "99999999999999999999999"] {
                let bytes = format!("{before}{text}77777777777777777").into_bytes();
                let (start, end) = (before.len(), before.len() + text.len());
                assert_eq!(parse_integer(&bytes, start, end), Some(value), "{text}");
            }
            assert_eq!(parse_integer_any(text.as_bytes()), Some(value));
        }
    }

    #[test]
    fn what_is_not_canonical_is_no_integer() {
        for text in [
            "",
            "-",
            "+",
            "+1",
            "00",
            "007",
            "-01",
            " 1",
            "1 ",
            "1.0",
            "1e3",
            "a",
            "1a",
            "--1",
            "-",
            "9223372036854775808",
            "-9223372036854775809",
            "99999999999999999999",
            "1_000",
            "0x1",
            "1/",
            "1:",
            "/1",
            ":1",
            "12345678/",
            "1234567:12345678",
            "\u{661}",
        ] {
            assert_eq!(parse_integer(text.as_bytes(), 0, text.len()), None, "{text}");
        }
        for (text, value) in [("007", 7), ("+1", 1), ("-00", 0), ("-01", -1)] {
            assert_eq!(parse_integer_any(text.as_bytes()), Some(value));
        }
        for text in ["", "-", "+", "+-1", "1 ", "9223372036854775808", "99999999999999999999"] {
            assert_eq!(parse_integer_any(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn floats_equal_the_standard_library_by_bits() {
        let mut texts: Vec<String> = [
            "0",
            "-0",
            "0.0",
            "-0.0",
            ".5",
            "5.",
            "1e0",
            "1E5",
            "1e+5",
            "1e-5",
            "1.5e300",
            "1e999",
            "-1e999",
            "1e-999",
            "4.9e-324",
            "2.4703282292062327e-324",
            "1.7976931348623157e308",
            "9007199254740993",
            "9223372036854775808.0",
            "18446744073709551616.0",
            "92233720368547758080.0",
            "0.00018446744073709551616000",
            "9007199254740992",
            "9007199254740992.e-256",
            "123456789012345678",
            "0.000000000000000000000000000000000000000000001",
            "00000000000000000000000000000001.5",
            "3.141592653589793238462643383279",
            "1e22",
            "1e23",
            "1e-22",
            "1e-23",
            "007.5",
            "+1.5",
            "12345678.12345678",
            "1234567812345678.5",
            "0.1234567890123456789",
        ]
        .map(str::to_owned)
        .to_vec();
        let mut seed = 7_u64;
        for _ in 0..20_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let value = f64::from_bits(seed);
            if value.is_finite() {
                texts.extend([format!("{value:e}"), format!("{:.3}", seed as f64 / 1e13)]);
            }
        }
        for text in texts {
            let expected: f64 = text.parse().expect("the standard library reads it");
            for before in ["", "1", ",99999999999999999999", "............................"] {
                let bytes = format!("{before}{text}5.5");
                let (start, end) = (before.len(), before.len() + text.len());
                let found = parse_float_at(bytes.as_bytes(), start, end).expect("a number");
                assert_eq!(found.value.to_bits(), expected.to_bits(), "{text}");
                let plain = parse_float(text.as_bytes()).expect("a number");
                assert_eq!(
                    (found.is_canonical, found.is_integer),
                    (plain.is_canonical, plain.is_integer)
                );
            }
        }
    }

    #[test]
    fn forms_are_told_apart() {
        let form = |text: &str| {
            let forms = ["", "99999999999999999999"].map(|before| {
                let bytes = format!("{before}{text}");
                parse_float_at(bytes.as_bytes(), before.len(), bytes.len())
                    .map(|float| (float.is_canonical, float.is_integer))
            });
            assert_eq!(forms[0], forms[1], "{text}");
            forms[0]
        };
        for text in ["1.5", "-.5", "5.", "0.5", "1e5", "NaN", "nan", "inf", "-inf", "-Infinity"] {
            assert_eq!(form(text), Some((true, false)), "{text}");
        }
        for text in ["0", "12", "-12", "99999999999999999999999999"] {
            assert_eq!(form(text), Some((true, true)), "{text}");
        }
        assert_eq!(form("007"), Some((false, true)));
        for text in ["007.5", "+1.5", "00.5", "+inf", "00e1"] {
            assert_eq!(form(text), Some((false, false)), "{text}");
        }
        for text in [
            "", ".", "-", "+", "-.", "e5", ".e5", "1e", "1e+", "1e5.", "1.2.3", " 1.5", "1.5 ",
            "NAN", "INF", "-nan", "infinity", "1,5", "0x1p3", "1_0", "1e5e5", "1d5", "１",
        ] {
            assert_eq!(form(text), None, "{text}");
        }
    }
}
