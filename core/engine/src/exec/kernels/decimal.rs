//! Decimals: whole numbers of 128 bits at a scale, computed exactly.
//!
//! ```text
//! a + b, a - b   scale max(s1, s2); one digit more before the point than the wider operand
//! a * b          scale s1 + s2; precision p1 + p2
//! a // b         scale 0, rounded down
//! a % b          scale max(s1, s2), the sign of b
//! ```
//! A precision stops at 38. Where the rule stays within it, no result can be too large and the loop
//! does not look; where it does not, each result is checked. The rules themselves stand in
//! `plan/functions`.

use std::cmp::Ordering;

use super::{Datum, Operand};
use crate::bytes::decimal::{self, POWERS, PRECISION_MAX, fits};
use crate::column::bitmap::{Bitmap, intersect};
use crate::column::{Array, ArrayData, DataType, MutableBuffer, Scalar, Values};
use crate::error::{Error, ErrorKind, Result};
use crate::plan::functions::ArithmeticFunction as Function;

/// Operand of a loop over decimals: its values and their scale.
#[derive(Clone, Copy, Debug)]
pub struct Decimals<'a> {
    /// The values, each times 10^scale.
    pub values: Operand<'a, i128>,
    /// Digits of a value at most.
    pub precision: u8,
    /// Digits behind the point.
    pub scale: u8,
}

/// What becomes of the digits that a smaller scale cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest, halves away from zero.
    HalfUp,
    /// To the nearest, halves to the even neighbour.
    HalfEven,
    /// To the nearest, halves towards zero.
    HalfDown,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// Towards positive infinity.
    Ceiling,
    /// Towards negative infinity.
    Floor,
}

impl Rounding {
    /// The mode of a name that was checked before.
    pub fn named(name: &str) -> Rounding {
        match name {
            "half_even" => Rounding::HalfEven,
            "half_down" => Rounding::HalfDown,
            "up" => Rounding::Up,
            "down" => Rounding::Down,
            "ceiling" => Rounding::Ceiling,
            "floor" => Rounding::Floor,
            _ => Rounding::HalfUp,
        }
    }
}

/// `value / 10^digits` as a whole number; at most 38 digits.
#[inline(always)]
pub fn drop_digits(value: i128, digits: u8, rounding: Rounding) -> i128 {
    let power = POWERS[usize::from(digits)];
    let (quotient, rest) = (value / power, value % power);
    // The rest against half of the power, without doubling what may not fit.
    let half = rest.unsigned_abs().cmp(&(power.unsigned_abs() - rest.unsigned_abs()));
    let is_away = match rounding {
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfDown => half.is_gt(),
        Rounding::HalfEven => half.is_gt() || half.is_eq() && quotient % 2 != 0,
        Rounding::Up => rest != 0,
        Rounding::Down => false,
        Rounding::Ceiling => rest > 0,
        Rounding::Floor => rest < 0,
    };
    if is_away { quotient + value.signum() } else { quotient }
}

/// The same number at another scale; `None` where it would lose digits or have too many.
#[inline(always)]
pub fn rescale(value: i128, from: u8, to: u8, precision: u8) -> Option<i128> {
    let scaled = match to.checked_sub(from) {
        Some(more) => value.checked_mul(POWERS[usize::from(more)])?,
        None => {
            let power = POWERS[usize::from(from - to)];
            (value % power == 0).then_some(value / power)?
        }
    };
    fits(scaled, precision).then_some(scaled)
}

/// The order of `a / 10^a_scale` and `b / 10^b_scale`.
#[inline(always)]
pub fn order(a: i128, a_scale: u8, b: i128, b_scale: u8) -> Ordering {
    // What does not fit 128 bits at the finer scale is further from zero than any other value.
    if a_scale < b_scale {
        match a.checked_mul(POWERS[usize::from(b_scale - a_scale)]) {
            Some(a) => a.cmp(&b),
            None => a.cmp(&0),
        }
    } else {
        match b.checked_mul(POWERS[usize::from(a_scale - b_scale)]) {
            Some(b) => a.cmp(&b),
            None => 0.cmp(&b),
        }
    }
}

/// The exact order of a decimal and a float; NaN is above all numbers.
pub fn order_to_float(value: i128, scale: u8, float: f64) -> Ordering {
    // Rounding keeps order: where the nearest float differs, the decimal lies on the same side.
    match decimal::to_float(value, scale).partial_cmp(&float) {
        None => return Ordering::Less,
        Some(Ordering::Equal) => {}
        Some(order) => return order,
    }
    // The whole parts, then the fractions bit by bit: doubling is exact on both sides.
    let power = POWERS[usize::from(scale)].unsigned_abs();
    let (mut rest, mut fraction) = (value.unsigned_abs() % power, float.abs().fract());
    let whole = (value.unsigned_abs() / power).cmp(&(float.abs().trunc() as u128));
    let mut order = whole;
    while order.is_eq() && fraction != 0.0 {
        (rest, fraction) = (rest * 2, fraction * 2.0);
        let (bit, float_bit) = (rest >= power, fraction >= 1.0);
        order = bit.cmp(&float_bit);
        rest -= if bit { power } else { 0 };
        fraction -= f64::from(u8::from(float_bit));
    }
    let order = order.then(rest.cmp(&0));
    if value < 0 { order.reverse() } else { order }
}

/// The numbers of an operand, as they are compared.
#[derive(Clone, Copy)]
enum Numbers<'a> {
    Whole(Operand<'a, i64>),
    Unsigned(Operand<'a, u64>),
    Decimal(Operand<'a, i128>, u8),
    Float(Operand<'a, f64>),
}

impl<'a> Numbers<'a> {
    fn of(datum: &'a Datum) -> Numbers<'a> {
        match datum.dtype() {
            Some(DataType::Int64) => Numbers::Whole(datum.values()),
            Some(DataType::UInt64) => Numbers::Unsigned(datum.values()),
            Some(DataType::Float64) => Numbers::Float(datum.values()),
            Some(DataType::Decimal { scale, .. }) => Numbers::Decimal(datum.values(), scale),
            other => panic!("{other:?} is no number"),
        }
    }

    /// The value of a row and its scale.
    #[inline(always)]
    fn exact(self, row: usize) -> (i128, u8) {
        match self {
            Numbers::Whole(values) => (values.get(row).into(), 0),
            Numbers::Unsigned(values) => (values.get(row).into(), 0),
            Numbers::Decimal(values, scale) => (values.get(row), scale),
            Numbers::Float(_) => panic!("a float has no scale"),
        }
    }
}

/// The exact order of the operands of a row: decimals of any scales, int64, float64, one of them at
/// least a decimal; whole numbers and floats are the widest of their kind.
pub fn pair_order(left: &Datum, right: &Datum) -> impl Fn(usize) -> Ordering {
    let (left, right) = (Numbers::of(left), Numbers::of(right));
    move |row| match (left, right) {
        (Numbers::Float(a), b) => {
            let (value, scale) = b.exact(row);
            order_to_float(value, scale, a.get(row)).reverse()
        }
        (a, Numbers::Float(b)) => {
            let (value, scale) = a.exact(row);
            order_to_float(value, scale, b.get(row))
        }
        (a, b) => {
            let ((a, a_scale), (b, b_scale)) = (a.exact(row), b.exact(row));
            order(a, a_scale, b, b_scale)
        }
    }
}

/// `operands[0] function operands[1]`, both decimals of the types given, as a result of a type.
///
/// Nulls: a null operand gives null.
/// Errors: as `binary`.
pub fn compute(
    function: Function,
    operands: &[Datum],
    types: &[DataType],
    result: &DataType,
    len: usize,
) -> Result<Datum> {
    let (left, right) = (&operands[0], &operands[1]);
    if left.is_null_value() || right.is_null_value() {
        return Ok(Datum::Value(Scalar::Null));
    }
    let validity = intersect(left.validity(), right.validity());
    let decimals = |datum: &'_ Datum, dtype: &DataType| match dtype {
        DataType::Decimal { precision, scale } => (*precision, *scale),
        other => panic!("{other} is no decimal: {datum:?}"),
    };
    let ((p1, s1), (p2, s2)) = (decimals(left, &types[0]), decimals(right, &types[1]));
    let left = Decimals { values: left.values(), precision: p1, scale: s1 };
    let right = Decimals { values: right.values(), precision: p2, scale: s2 };
    let data: ArrayData = match result {
        DataType::Decimal { precision, scale } => {
            binary(function, left, right, (*precision, *scale), validity.as_ref(), len)?.into()
        }
        _ => quotient(left, right, validity.as_ref(), len)?.into(),
    };
    Ok(Datum::Array(Array::typed(result.clone(), data, validity)))
}

/// The quotients of the nearest floats.
fn quotient(
    left: Decimals<'_>,
    right: Decimals<'_>,
    validity: Option<&Bitmap>,
    len: usize,
) -> Result<Values<f64>> {
    let mut buffer = MutableBuffer::zeroed::<f64>(len);
    for (row, out) in buffer.as_mut_slice::<f64>().iter_mut().enumerate() {
        let (a, b) = (left.values.get(row), right.values.get(row));
        if b != 0 {
            *out = decimal::to_float(a, left.scale) / decimal::to_float(b, right.scale);
        } else if validity.is_none_or(|bits| bits.get(row)) {
            return Err(by_zero("/", a, left.scale, right.scale));
        }
    }
    Ok(Values::new(buffer.freeze()))
}

/// `-a`: no decimal is without its opposite.
pub fn negate(input: &Array) -> Array {
    map(input, i128::wrapping_neg)
}

/// `abs(a)`.
pub fn magnitude(input: &Array) -> Array {
    map(input, i128::wrapping_abs)
}

fn map(input: &Array, apply: impl Fn(i128) -> i128) -> Array {
    let values: Vec<i128> = input.values::<i128>().iter().map(|value| apply(*value)).collect();
    Array::typed(input.dtype().clone(), Values::from(values).into(), input.validity().cloned())
}

/// The values with only some digits behind the point; the type stays.
///
/// Nulls: null stays null.
/// Errors: `Overflow` where the result has a digit more than the type.
pub fn round(input: &Array, digits: u32, rounding: Rounding) -> Result<Array> {
    let DataType::Decimal { precision, scale } = *input.dtype() else {
        panic!("{} is no decimal", input.dtype())
    };
    let dropped = match u8::try_from(digits) {
        Ok(digits) if digits < scale => scale - digits,
        _ => return Ok(input.clone()),
    };
    let power = POWERS[usize::from(dropped)];
    let rounded = |value| drop_digits(value, dropped, rounding) * power;
    let values = input.values::<i128>();
    let is_misfit = |row: &usize| input.is_valid(*row) && !fits(rounded(values[*row]), precision);
    if let Some(row) = (0..values.len()).find(is_misfit) {
        let value = decimal::text(values[row], scale);
        return Err(overflow(&format!("{value} rounded to {digits} digits"), precision, scale));
    }
    Ok(map(input, rounded))
}

/// `left function right` at the scale and precision that the function's rule gives.
///
/// Nulls: values below one are computed and mean nothing.
/// Errors: `Overflow` for more digits than the precision, `DivisionByZero`; both with the operands
/// of the first such row.
pub fn binary(
    function: Function,
    left: Decimals<'_>,
    right: Decimals<'_>,
    (precision, scale): (u8, u8),
    validity: Option<&Bitmap>,
    len: usize,
) -> Result<Values<i128>> {
    let finest = left.scale.max(right.scale);
    let factor = |operand: &Decimals<'_>| POWERS[usize::from(finest - operand.scale)];
    let (l, r) = (factor(&left), factor(&right));
    // Digits that the operands may have at the finer scale.
    let digits = |operand: &Decimals<'_>| operand.precision + (finest - operand.scale);
    let widest = digits(&left).max(digits(&right));
    let rows = Rows { left, right, validity, len, function, precision, scale };
    match function {
        Function::Add if widest < PRECISION_MAX && l == r => Ok(rows.map(|a, b| a.wrapping_add(b))),
        Function::Add if widest < PRECISION_MAX => {
            Ok(rows.map(|a, b| a.wrapping_mul(l).wrapping_add(b.wrapping_mul(r))))
        }
        Function::Add => rows.check(|a, b| a.checked_mul(l)?.checked_add(b.checked_mul(r)?)),
        Function::Sub if widest < PRECISION_MAX && l == r => Ok(rows.map(|a, b| a.wrapping_sub(b))),
        Function::Sub if widest < PRECISION_MAX => {
            Ok(rows.map(|a, b| a.wrapping_mul(l).wrapping_sub(b.wrapping_mul(r))))
        }
        Function::Sub => rows.check(|a, b| a.checked_mul(l)?.checked_sub(b.checked_mul(r)?)),
        Function::Mul if left.precision + right.precision <= PRECISION_MAX => {
            Ok(rows.map(|a, b| a.wrapping_mul(b)))
        }
        Function::Mul => rows.check(i128::checked_mul),
        Function::FloorDiv => {
            rows.check(|a, b| floor_quotient(a.checked_mul(l)?, b.checked_mul(r)?))
        }
        Function::Mod => rows.check(|a, b| modulus(a.checked_mul(l)?, b.checked_mul(r)?)),
        _ => panic!("{} is not arithmetic of decimals", function.name()),
    }
}

fn floor_quotient(a: i128, b: i128) -> Option<i128> {
    let quotient = a.checked_div(b)?;
    Some(quotient - i128::from(a % b != 0 && (a < 0) != (b < 0)))
}

fn modulus(a: i128, b: i128) -> Option<i128> {
    let rest = a.checked_rem(b)?;
    Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
}

/// The rows of two operands, and what a result must hold to.
struct Rows<'a> {
    function: Function,
    left: Decimals<'a>,
    right: Decimals<'a>,
    precision: u8,
    scale: u8,
    validity: Option<&'a Bitmap>,
    len: usize,
}

impl Rows<'_> {
    #[inline(always)]
    fn map(&self, mut apply: impl FnMut(i128, i128) -> i128) -> Values<i128> {
        let mut buffer = MutableBuffer::zeroed::<i128>(self.len);
        let out = buffer.as_mut_slice::<i128>();
        match (self.left.values, self.right.values) {
            (Operand::Values(left), Operand::Values(right)) => {
                for ((out, a), b) in out.iter_mut().zip(left).zip(right) {
                    *out = apply(*a, *b);
                }
            }
            (Operand::Values(left), Operand::Value(b)) => {
                for (out, a) in out.iter_mut().zip(left) {
                    *out = apply(*a, b);
                }
            }
            (Operand::Value(a), Operand::Values(right)) => {
                for (out, b) in out.iter_mut().zip(right) {
                    *out = apply(a, *b);
                }
            }
            (Operand::Value(a), Operand::Value(b)) => out.fill(apply(a, b)),
        }
        Values::new(buffer.freeze())
    }

    #[inline(always)]
    fn check(&self, apply: impl Fn(i128, i128) -> Option<i128>) -> Result<Values<i128>> {
        let fitting = |a, b| apply(a, b).filter(|value| fits(*value, self.precision));
        let mut is_misfit = false;
        let values = self.map(|a, b| match fitting(a, b) {
            Some(value) => value,
            None => {
                is_misfit = true;
                0
            }
        });
        let present = |row: &usize| self.validity.is_none_or(|bits| bits.get(*row));
        let operands = |row| (self.left.values.get(row), self.right.values.get(row));
        let misfit = (0..if is_misfit { self.len } else { 0 })
            .filter(present)
            .map(operands)
            .find(|(a, b)| fitting(*a, *b).is_none());
        match misfit {
            None => Ok(values),
            Some((a, b)) => Err(self.error(a, b)),
        }
    }

    fn error(&self, a: i128, b: i128) -> Error {
        let sign = match self.function {
            Function::Add => "+",
            Function::Sub => "-",
            Function::Mul => "*",
            Function::FloorDiv => "//",
            _ => "%",
        };
        let (left, right) = (decimal::text(a, self.left.scale), decimal::text(b, self.right.scale));
        let is_division = matches!(self.function, Function::FloorDiv | Function::Mod);
        if is_division && b == 0 {
            return by_zero(sign, a, self.left.scale, self.right.scale);
        }
        overflow(&format!("{left} {sign} {right}"), self.precision, self.scale)
    }
}

fn by_zero(sign: &str, a: i128, a_scale: u8, b_scale: u8) -> Error {
    let (left, right) = (decimal::text(a, a_scale), decimal::text(0, b_scale));
    let message = format!("decimal divided by zero: {left} {sign} {right}");
    Error::new(ErrorKind::DivisionByZero, message)
        .hint("guard the division by a case, or cast an operand to float64")
}

/// The error for a result with too many digits.
pub fn overflow(term: &str, precision: u8, scale: u8) -> Error {
    let message = format!("{term} does not fit decimal({precision},{scale})");
    Error::new(ErrorKind::Overflow, message)
        .hint("cast an operand to a decimal of fewer digits, or to float64")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected: Python 3.11, `decimal.Decimal(value).quantize(Decimal(1).scaleb(digits), mode)`,
    /// ROUND_HALF_UP and so on in the order of `Rounding`.
    #[test]
    fn digits_are_dropped_by_the_named_mode() {
        use Rounding::{Ceiling, Down, Floor, HalfDown, HalfEven, HalfUp, Up};
        let modes = [HalfUp, HalfEven, HalfDown, Up, Down, Ceiling, Floor];
        for (value, digits, expected) in [
            (250, 2, [3, 2, 2, 3, 2, 3, 2]),
            (350, 2, [4, 4, 3, 4, 3, 4, 3]),
            (-250, 2, [-3, -2, -2, -3, -2, -2, -3]),
            (251, 2, [3, 3, 3, 3, 2, 3, 2]),
            (-249, 2, [-2, -2, -2, -3, -2, -2, -3]),
            (200, 2, [2; 7]),
            (7, 0, [7; 7]),
            (0, 38, [0; 7]),
            (1, 38, [0, 0, 0, 1, 0, 1, 0]),
            (POWERS[38] - 1, 38, [1, 1, 1, 1, 0, 1, 0]),
            (1 - POWERS[38], 38, [-1, -1, -1, -1, 0, 0, -1]),
            (5 * POWERS[37], 38, [1, 0, 0, 1, 0, 1, 0]),
        ] {
            for (mode, expected) in modes.into_iter().zip(expected) {
                assert_eq!(drop_digits(value, digits, mode), expected, "{value} {mode:?}");
            }
        }
    }

    #[test]
    fn a_scale_changes_without_loss_or_not_at_all() {
        assert_eq!(rescale(1250, 2, 4, 6), Some(125_000));
        assert_eq!(rescale(1250, 2, 4, 5), None);
        assert_eq!(rescale(1250, 2, 1, 3), Some(125));
        assert_eq!(rescale(1255, 2, 1, 9), None);
        assert_eq!(rescale(POWERS[37], 0, 2, 38), None);
        assert_eq!(rescale(i128::MIN, 38, 38, 38), None);
    }

    #[test]
    fn decimals_of_two_scales_have_one_order() {
        let large = POWERS[38] - 1;
        for (a, a_scale, b, b_scale, expected) in [
            (150, 2, 15, 1, Ordering::Equal),
            (151, 2, 15, 1, Ordering::Greater),
            (-151, 2, -15, 1, Ordering::Less),
            (large, 0, large, 38, Ordering::Greater),
            (-large, 0, large, 38, Ordering::Less),
            (1, 38, 0, 0, Ordering::Greater),
            (0, 38, 0, 0, Ordering::Equal),
        ] {
            assert_eq!(order(a, a_scale, b, b_scale), expected, "{a} {b}");
            assert_eq!(order(b, b_scale, a, a_scale), expected.reverse(), "{b} {a}");
        }
    }

    /// Expected: Python 3.11, `decimal.Decimal` against `float`, which is exact.
    #[test]
    fn decimals_and_floats_compare_exactly() {
        for (value, scale, float, expected) in [
            (5, 1, 0.5, Ordering::Equal),
            (-5, 1, -0.5, Ordering::Equal),
            // The float 0.1 is above a tenth, 0.3 below three of them.
            (1, 1, 0.1, Ordering::Less),
            (-1, 1, -0.1, Ordering::Greater),
            (3, 1, 0.3, Ordering::Greater),
            (0, 2, -0.0, Ordering::Equal),
            (9_007_199_254_740_993, 0, 9_007_199_254_740_992.0, Ordering::Greater),
            (-9_007_199_254_740_993, 0, -9_007_199_254_740_992.0, Ordering::Less),
            (POWERS[38] - 1, 0, 1e38, Ordering::Greater),
            (1, 38, 1e-38, Ordering::Greater),
            (1, 0, f64::INFINITY, Ordering::Less),
            (1, 0, f64::NEG_INFINITY, Ordering::Greater),
            (1, 0, f64::NAN, Ordering::Less),
        ] {
            assert_eq!(order_to_float(value, scale, float), expected, "{value} {scale} {float}");
        }
    }

    fn check(
        function: Function,
        (a, p1, s1): (i128, u8, u8),
        (b, p2, s2): (i128, u8, u8),
        result: (u8, u8),
        expected: Option<i128>,
    ) {
        let term = |precision, scale, value| Decimals { values: value, precision, scale };
        for (left, right) in [
            (Operand::Value(a), Operand::Value(b)),
            (Operand::Values(&[a][..]), Operand::Value(b)),
            (Operand::Value(a), Operand::Values(&[b][..])),
            (Operand::Values(&[a][..]), Operand::Values(&[b][..])),
        ] {
            let (left, right) = (term(p1, s1, left), term(p2, s2, right));
            let found = binary(function, left, right, result, None, 1);
            assert_eq!(found.ok().map(|values| values[0]), expected, "{a} {function:?} {b}");
        }
    }

    /// Expected: Python 3.11 `decimal` at a precision of 80; `//` is
    /// `(a / b).to_integral_value(ROUND_FLOOR)`, `%` is `a - b * (a // b)`.
    #[test]
    fn arithmetic_is_exact_or_refused() {
        let large = POWERS[38] - 1;
        check(Function::Add, (150, 4, 2), (2250, 5, 3), (6, 3), Some(3750));
        check(Function::Sub, (150, 4, 2), (2250, 5, 3), (6, 3), Some(-750));
        check(Function::Add, (150, 4, 2), (225, 4, 2), (5, 2), Some(375));
        check(Function::Sub, (150, 4, 2), (225, 4, 2), (5, 2), Some(-75));
        check(Function::Mul, (150, 4, 2), (-2250, 5, 3), (9, 5), Some(-337_500));
        check(Function::Add, (large, 38, 2), (0, 38, 2), (38, 2), Some(large));
        check(Function::Add, (large, 38, 2), (1, 38, 2), (38, 2), None);
        check(Function::Sub, (-large, 38, 2), (1, 38, 2), (38, 2), None);
        check(Function::Add, (large, 38, 0), (1, 1, 1), (38, 1), None);
        check(Function::Mul, (POWERS[19], 20, 0), (POWERS[18], 19, 0), (38, 0), Some(POWERS[37]));
        check(Function::Mul, (POWERS[19], 20, 0), (POWERS[19], 20, 0), (38, 0), None);
        check(Function::Mul, (large, 38, 0), (large, 38, 0), (38, 0), None);
        check(Function::FloorDiv, (750, 4, 2), (2, 5, 0), (4, 0), Some(3));
        check(Function::FloorDiv, (-750, 4, 2), (2, 5, 0), (4, 0), Some(-4));
        check(Function::Mod, (-750, 4, 2), (2, 5, 0), (7, 2), Some(50));
        check(Function::Mod, (750, 4, 2), (-2, 5, 0), (7, 2), Some(-50));
        check(Function::Mod, (750, 4, 2), (25, 2, 1), (3, 2), Some(0));
        check(Function::Mod, (750, 4, 2), (0, 5, 0), (7, 2), None);
    }

    #[test]
    fn what_stands_below_a_null_raises_no_error() {
        let (a, b) = ([POWERS[37], 1, i128::MAX], [POWERS[37], 1, i128::MAX]);
        let operand = |values| Decimals { values, precision: 38, scale: 0 };
        let (left, right) = (operand(Operand::Values(&a)), operand(Operand::Values(&b)));
        let valid = Bitmap::from_fn(3, |row| row == 1);
        let found = binary(Function::Mul, left, right, (38, 0), Some(&valid), 3).unwrap();
        assert_eq!(found[1], 1);
        let error = binary(Function::Mul, left, right, (38, 0), None, 3).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Overflow);
    }
}
