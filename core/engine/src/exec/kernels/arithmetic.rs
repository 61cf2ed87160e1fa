//! Arithmetic on int64, uint64, float64 and float32: `+ - * / // %`, negation, absolute value.
//!
//! Whole numbers are exact: a result outside their range and a division by zero are errors, found
//! by or-ing a flag over the batch. Floats follow IEEE 754. Narrower whole numbers come as int64.

use std::marker::PhantomData;

use super::cpu;
use super::{Binary, Datum, Map1, Map2, Operand, Unary};
use crate::bytes::scan::Level;
use crate::column::bitmap::{Bitmap, intersect};
use crate::column::buffer::Native;
use crate::column::{Array, ArrayData, DataType, MutableBuffer, Scalar, Values};
use crate::error::{Error, ErrorKind, Result};
use crate::plan::functions::ArithmeticFunction as Function;

/// `left function right` for operands of one number type.
///
/// Nulls: a null operand gives null.
/// Errors: `Overflow`, `DivisionByZero` for whole numbers, with the operands of the first such row.
pub fn binary(
    function: Function,
    left: &Datum,
    right: &Datum,
    len: usize,
    level: Level,
) -> Result<Datum> {
    if left.is_null_value() || right.is_null_value() {
        return Ok(Datum::Value(Scalar::Null));
    }
    let validity = intersect(left.validity(), right.validity());
    let data = match left.dtype() {
        Some(DataType::Int64) => {
            let (a, b) = (left.values::<i64>(), right.values::<i64>());
            match function {
                Function::Div => {
                    ArrayData::Float64(checked::<_, _, Quotient>(a, b, &validity, len, level)?)
                }
                _ => ArrayData::Int64(whole(function, a, b, &validity, len, level)?),
            }
        }
        Some(DataType::UInt64) => {
            let (a, b) = (left.values::<u64>(), right.values::<u64>());
            match function {
                Function::Div => {
                    ArrayData::Float64(checked::<_, _, Quotient>(a, b, &validity, len, level)?)
                }
                _ => ArrayData::UInt64(whole(function, a, b, &validity, len, level)?),
            }
        }
        Some(DataType::Float64) => {
            let (a, b) = (left.values::<f64>(), right.values::<f64>());
            ArrayData::Float64(float(function, a, b, len, level))
        }
        Some(DataType::Float32) => {
            let (a, b) = (left.values::<f32>(), right.values::<f32>());
            ArrayData::Float32(float(function, a, b, len, level))
        }
        other => panic!("arithmetic on {other:?}"),
    };
    Ok(Datum::Array(Array::new(data, validity)))
}

/// `-a`.
///
/// Nulls: a null operand gives null.
/// Errors: `Overflow` for the smallest int64.
pub fn negate(input: &Array, level: Level) -> Result<Array> {
    let validity = input.validity().cloned();
    let data = match input.data() {
        ArrayData::Int64(values) => {
            let zero = Operand::Value(0);
            let values = Operand::Values(values);
            ArrayData::Int64(checked::<_, _, Negation>(
                zero,
                values,
                &validity,
                input.len(),
                level,
            )?)
        }
        ArrayData::Float64(values) => ArrayData::Float64(map::<_, _, FloatNegation>(values, level)),
        ArrayData::Float32(values) => ArrayData::Float32(map::<_, _, FloatNegation>(values, level)),
        _ => panic!("neg on {}", input.dtype()),
    };
    Ok(Array::new(data, validity))
}

/// `abs(a)`.
///
/// Nulls: a null operand gives null.
/// Errors: `Overflow` for the smallest int64.
pub fn magnitude(input: &Array, level: Level) -> Result<Array> {
    let validity = input.validity().cloned();
    let data = match input.data() {
        ArrayData::Int64(values) => {
            let zero = Operand::Value(0);
            let values = Operand::Values(values);
            ArrayData::Int64(checked::<_, _, Magnitude>(
                zero,
                values,
                &validity,
                input.len(),
                level,
            )?)
        }
        ArrayData::Float64(values) => {
            ArrayData::Float64(map::<_, _, FloatMagnitude>(values, level))
        }
        ArrayData::Float32(values) => {
            ArrayData::Float32(map::<_, _, FloatMagnitude>(values, level))
        }
        ArrayData::UInt64(values) => ArrayData::UInt64(values.clone()),
        _ => panic!("abs on {}", input.dtype()),
    };
    Ok(Array::new(data, validity))
}

/// `Op` of each value, for functions that fit every value.
pub fn map<A: Native, R: Native, Op: Unary<A, R>>(input: &[A], level: Level) -> Values<R> {
    let mut out = MutableBuffer::zeroed::<R>(input.len());
    cpu::run(level, Map1 { input, out: out.as_mut_slice(), op: PhantomData::<Op> });
    Values::new(out.freeze())
}

fn whole<T: Native>(
    function: Function,
    a: Operand<'_, T>,
    b: Operand<'_, T>,
    validity: &Option<Bitmap>,
    len: usize,
    level: Level,
) -> Result<Values<T>>
where
    Sum: Checked<T, T>,
    Difference: Checked<T, T>,
    Product: Checked<T, T>,
    FloorQuotient: Checked<T, T>,
    Modulus: Checked<T, T>,
{
    match function {
        Function::Add => checked::<_, _, Sum>(a, b, validity, len, level),
        Function::Sub => checked::<_, _, Difference>(a, b, validity, len, level),
        Function::Mul => checked::<_, _, Product>(a, b, validity, len, level),
        Function::FloorDiv => checked::<_, _, FloorQuotient>(a, b, validity, len, level),
        Function::Mod => checked::<_, _, Modulus>(a, b, validity, len, level),
        _ => panic!("{} is not arithmetic", function.name()),
    }
}

fn float<T: Native>(
    function: Function,
    left: Operand<'_, T>,
    right: Operand<'_, T>,
    len: usize,
    level: Level,
) -> Values<T>
where
    Sum: Binary<T, T, T>,
    Difference: Binary<T, T, T>,
    Product: Binary<T, T, T>,
    Quotient: Binary<T, T, T>,
    FloorQuotient: Binary<T, T, T>,
    Modulus: Binary<T, T, T>,
{
    let mut buffer = MutableBuffer::zeroed::<T>(len);
    let out = buffer.as_mut_slice();
    match function {
        Function::Add => cpu::run(level, Map2 { left, right, out, op: PhantomData::<Sum> }),
        Function::Sub => cpu::run(level, Map2 { left, right, out, op: PhantomData::<Difference> }),
        Function::Mul => cpu::run(level, Map2 { left, right, out, op: PhantomData::<Product> }),
        Function::Div => cpu::run(level, Map2 { left, right, out, op: PhantomData::<Quotient> }),
        Function::FloorDiv => {
            cpu::run(level, Map2 { left, right, out, op: PhantomData::<FloorQuotient> })
        }
        Function::Mod => cpu::run(level, Map2 { left, right, out, op: PhantomData::<Modulus> }),
        _ => panic!("{} is not arithmetic", function.name()),
    };
    Values::new(buffer.freeze())
}

/// A function of whole numbers that some operands do not fit.
trait Checked<T, R>: Binary<T, T, R> {
    fn error(a: T, b: T) -> Error;
}

fn checked<T: Copy, R: Native, Op: Checked<T, R>>(
    left: Operand<'_, T>,
    right: Operand<'_, T>,
    validity: &Option<Bitmap>,
    len: usize,
    level: Level,
) -> Result<Values<R>> {
    let mut buffer = MutableBuffer::zeroed::<R>(len);
    let out = buffer.as_mut_slice();
    let flags = cpu::run(level, Map2 { left, right, out, op: PhantomData::<Op> });
    if flags < 0 {
        let misfit = (0..len)
            .filter(|row| validity.as_ref().is_none_or(|bits| bits.get(*row)))
            .map(|row| (left.get(row), right.get(row)))
            .find(|(a, b)| Op::apply(*a, *b).1 < 0);
        if let Some((a, b)) = misfit {
            return Err(Op::error(a, b));
        }
    }
    Ok(Values::new(buffer.freeze()))
}

struct Sum;
struct Difference;
struct Product;
struct Quotient;
struct FloorQuotient;
struct Modulus;
struct Negation;
struct Magnitude;
struct FloatNegation;
struct FloatMagnitude;

impl Binary<i64, i64, i64> for Sum {
    #[inline(always)]
    fn apply(a: i64, b: i64) -> (i64, i64) {
        let sum = a.wrapping_add(b);
        // Overflow: the operands agree in sign and the sum does not.
        (sum, (a ^ sum) & (b ^ sum))
    }
}

impl Binary<i64, i64, i64> for Difference {
    #[inline(always)]
    fn apply(a: i64, b: i64) -> (i64, i64) {
        let difference = a.wrapping_sub(b);
        (difference, (a ^ b) & (a ^ difference))
    }
}

impl Binary<i64, i64, i64> for Product {
    #[inline(always)]
    fn apply(a: i64, b: i64) -> (i64, i64) {
        let (product, overflows) = a.overflowing_mul(b);
        (product, -i64::from(overflows))
    }
}

impl Binary<i64, i64, f64> for Quotient {
    #[inline(always)]
    fn apply(a: i64, b: i64) -> (f64, i64) {
        (a as f64 / b as f64, -i64::from(b == 0))
    }
}

impl Binary<i64, i64, i64> for FloorQuotient {
    #[inline(always)]
    fn apply(a: i64, b: i64) -> (i64, i64) {
        if b == 0 || (b == -1 && a == i64::MIN) {
            return (0, -1);
        }
        let (quotient, rest) = (a / b, a % b);
        // Division cuts towards zero: one less where the signs differ and something is left.
        (quotient - i64::from(rest != 0 && (rest < 0) != (b < 0)), 0)
    }
}

impl Binary<i64, i64, i64> for Modulus {
    #[inline(always)]
    fn apply(a: i64, b: i64) -> (i64, i64) {
        if b == 0 {
            return (0, -1);
        }
        let rest = a.wrapping_rem(b);
        (if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }, 0)
    }
}

impl Binary<i64, i64, i64> for Negation {
    #[inline(always)]
    fn apply(_: i64, a: i64) -> (i64, i64) {
        (a.wrapping_neg(), -i64::from(a == i64::MIN))
    }
}

impl Binary<i64, i64, i64> for Magnitude {
    #[inline(always)]
    fn apply(_: i64, a: i64) -> (i64, i64) {
        (a.wrapping_abs(), -i64::from(a == i64::MIN))
    }
}

impl Binary<u64, u64, u64> for Sum {
    #[inline(always)]
    fn apply(a: u64, b: u64) -> (u64, i64) {
        let (sum, overflows) = a.overflowing_add(b);
        (sum, -i64::from(overflows))
    }
}

impl Binary<u64, u64, u64> for Difference {
    #[inline(always)]
    fn apply(a: u64, b: u64) -> (u64, i64) {
        let (difference, overflows) = a.overflowing_sub(b);
        (difference, -i64::from(overflows))
    }
}

impl Binary<u64, u64, u64> for Product {
    #[inline(always)]
    fn apply(a: u64, b: u64) -> (u64, i64) {
        let (product, overflows) = a.overflowing_mul(b);
        (product, -i64::from(overflows))
    }
}

impl Binary<u64, u64, f64> for Quotient {
    #[inline(always)]
    fn apply(a: u64, b: u64) -> (f64, i64) {
        (a as f64 / b as f64, -i64::from(b == 0))
    }
}

impl Binary<u64, u64, u64> for FloorQuotient {
    #[inline(always)]
    fn apply(a: u64, b: u64) -> (u64, i64) {
        a.checked_div(b).map_or((0, -1), |quotient| (quotient, 0))
    }
}

impl Binary<u64, u64, u64> for Modulus {
    #[inline(always)]
    fn apply(a: u64, b: u64) -> (u64, i64) {
        a.checked_rem(b).map_or((0, -1), |rest| (rest, 0))
    }
}

macro_rules! floats {
    ($($kind:ty),+) => { $(
        impl Binary<$kind, $kind, $kind> for Sum {
            #[inline(always)]
            fn apply(a: $kind, b: $kind) -> ($kind, i64) { (a + b, 0) }
        }
        impl Binary<$kind, $kind, $kind> for Difference {
            #[inline(always)]
            fn apply(a: $kind, b: $kind) -> ($kind, i64) { (a - b, 0) }
        }
        impl Binary<$kind, $kind, $kind> for Product {
            #[inline(always)]
            fn apply(a: $kind, b: $kind) -> ($kind, i64) { (a * b, 0) }
        }
        impl Binary<$kind, $kind, $kind> for Quotient {
            #[inline(always)]
            fn apply(a: $kind, b: $kind) -> ($kind, i64) { (a / b, 0) }
        }
        impl Unary<$kind, $kind> for FloatNegation {
            #[inline(always)]
            fn apply(a: $kind) -> ($kind, i64) { (-a, 0) }
        }
        impl Unary<$kind, $kind> for FloatMagnitude {
            #[inline(always)]
            fn apply(a: $kind) -> ($kind, i64) { (a.abs(), 0) }
        }
    )+ };
}
floats!(f64, f32);

impl Binary<f64, f64, f64> for FloorQuotient {
    /// The exact quotient rounded down, as Python and NumPy have it: `1.0 // 0.1` is 9, because the
    /// float 0.1 is a little more than a tenth; `floor(1.0 / 0.1)` would be 10.
    #[inline(always)]
    fn apply(a: f64, b: f64) -> (f64, i64) {
        (floor_quotient(a, b), 0)
    }
}

impl Binary<f32, f32, f32> for FloorQuotient {
    /// The exact quotient rounded down, and that rounded to a binary32.
    #[inline(always)]
    fn apply(a: f32, b: f32) -> (f32, i64) {
        (floor_quotient(f64::from(a), f64::from(b)) as f32, 0)
    }
}

/// The rounded quotient is off by one at most, and what it leaves of `a`, by one fused step, is
/// exact enough to say in which direction. From 2^53 on floats are whole, and the nearest one is
/// the answer.
#[inline(always)]
fn floor_quotient(a: f64, b: f64) -> f64 {
    const WHOLE_MIN: f64 = (1_u64 << 53) as f64;
    let quotient = (a / b).floor();
    if b == 0.0 || a == 0.0 || !quotient.is_finite() || quotient.abs() >= WHOLE_MIN {
        return quotient;
    }
    if a.abs() < b.abs() {
        return if (a < 0.0) == (b < 0.0) { 0.0 } else { -1.0 };
    }
    let rest = (-quotient).mul_add(b, a) * b.signum();
    let above = f64::from(u8::from(rest >= b.abs()));
    let below = f64::from(u8::from(rest < 0.0));
    quotient + above - below
}

impl Binary<f64, f64, f64> for Modulus {
    #[inline(always)]
    fn apply(a: f64, b: f64) -> (f64, i64) {
        (float_modulus(a, b), 0)
    }
}

impl Binary<f32, f32, f32> for Modulus {
    #[inline(always)]
    fn apply(a: f32, b: f32) -> (f32, i64) {
        (float_modulus(f64::from(a), f64::from(b)) as f32, 0)
    }
}

/// The exact remainder with the sign of `b`; NaN for `b` = 0.
#[inline(always)]
fn float_modulus(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest == 0.0 {
        0.0_f64.copysign(b)
    } else if (rest < 0.0) != (b < 0.0) {
        rest + b
    } else {
        rest
    }
}

macro_rules! checked {
    ($($kind:ty: $name:literal),+) => { $(
        impl Checked<$kind, $kind> for Sum {
            fn error(a: $kind, b: $kind) -> Error {
                overflow(&format!("{a} + {b}"), $name)
            }
        }
        impl Checked<$kind, $kind> for Difference {
            fn error(a: $kind, b: $kind) -> Error {
                overflow(&format!("{a} - {b}"), $name)
            }
        }
        impl Checked<$kind, $kind> for Product {
            fn error(a: $kind, b: $kind) -> Error {
                overflow(&format!("{a} * {b}"), $name)
            }
        }
        impl Checked<$kind, f64> for Quotient {
            fn error(a: $kind, b: $kind) -> Error {
                by_zero(&format!("{a} / {b}"))
            }
        }
        impl Checked<$kind, $kind> for FloorQuotient {
            fn error(a: $kind, b: $kind) -> Error {
                match b {
                    0 => by_zero(&format!("{a} // {b}")),
                    _ => overflow(&format!("{a} // {b}"), $name),
                }
            }
        }
        impl Checked<$kind, $kind> for Modulus {
            fn error(a: $kind, b: $kind) -> Error {
                by_zero(&format!("{a} % {b}"))
            }
        }
    )+ };
}
checked!(i64: "int64", u64: "uint64");

impl Checked<i64, i64> for Negation {
    fn error(_: i64, a: i64) -> Error {
        overflow(&format!("-({a})"), "int64")
    }
}

impl Checked<i64, i64> for Magnitude {
    fn error(_: i64, a: i64) -> Error {
        overflow(&format!("abs({a})"), "int64")
    }
}

/// The error for a result outside a type of whole numbers.
fn overflow(term: &str, dtype: &str) -> Error {
    Error::new(ErrorKind::Overflow, format!("{term} is outside the range of {dtype}"))
        .hint("cast an operand to float64 where an approximate result will do")
}

fn by_zero(term: &str) -> Error {
    Error::new(ErrorKind::DivisionByZero, format!("whole number divided by zero: {term}"))
        .hint("guard the division by a case, or cast an operand to float64")
}

#[cfg(test)]
mod tests {
    use super::floor_quotient;

    /// Expected: `math.floor(Fraction(a) / Fraction(b))` of Python 3.11.
    #[test]
    fn floor_quotients_are_those_of_the_exact_quotient() {
        let cases = [
            (1.0, 0.1, 9.0),
            (1e16, 1.5, 6_666_666_666_666_666.0),
            (1_286_742_750_677_284.0, 0.3, 4_289_142_502_257_613.0),
            (9_375_526_186_085_896.0, 3.510730995295799, 2_670_533_914_061_950.0),
            (7.0, 2.0, 3.0),
            (-7.0, 2.0, -4.0),
            (7.0, -2.0, -4.0),
            (-7.0, -2.0, 3.0),
            (-1e-300, 1.0, -1.0),
            (1e-300, f64::INFINITY, 0.0),
            (-1.0, f64::INFINITY, -1.0),
            (6.0, 3.0, 2.0),
            // 14332911744735553.35: no float is this floor, and the quotient is nearest to ...554.
            (-9.223372036854776e18, -643.51, 14_332_911_744_735_554.0),
        ];
        for (a, b, expected) in cases {
            assert_eq!(floor_quotient(a, b), expected, "{a} // {b}");
        }
        assert!(floor_quotient(f64::NAN, 1.0).is_nan());
        assert_eq!(floor_quotient(1.0, 0.0), f64::INFINITY);
    }
}
