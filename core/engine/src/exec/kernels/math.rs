//! Rounding: `round`, `floor`, `ceil`.

use super::Unary;
use super::arithmetic::map;
use crate::bytes::scan::Level;
use crate::column::{Array, ArrayData, MutableBuffer, Values};

/// `floor(a)`; whole numbers stay as they are.
pub fn floor(input: &Array, level: Level) -> Array {
    whole::<Floor>(input, level)
}

/// `ceil(a)`; whole numbers stay as they are.
pub fn ceil(input: &Array, level: Level) -> Array {
    whole::<Ceil>(input, level)
}

fn whole<Op: Unary<f64, f64> + Unary<f32, f32>>(input: &Array, level: Level) -> Array {
    let data = match input.data() {
        whole if input.dtype().is_integer() => whole.clone(),
        ArrayData::Float64(values) => ArrayData::Float64(map::<_, _, Op>(values, level)),
        ArrayData::Float32(values) => ArrayData::Float32(map::<_, _, Op>(values, level)),
        _ => panic!("rounding {}", input.dtype()),
    };
    Array::new(data, input.validity().cloned())
}

/// `round(a, digits)` for 0 to 15 digits; whole numbers stay as they are.
pub fn round(input: &Array, digits: u32) -> Array {
    let data = match input.data() {
        whole if input.dtype().is_integer() => whole.clone(),
        ArrayData::Float64(values) => {
            let mut buffer = MutableBuffer::zeroed::<f64>(values.len());
            for (out, value) in buffer.as_mut_slice::<f64>().iter_mut().zip(values.iter()) {
                *out = round_float(*value, digits);
            }
            ArrayData::Float64(Values::new(buffer.freeze()))
        }
        ArrayData::Float32(values) => {
            let mut buffer = MutableBuffer::zeroed::<f32>(values.len());
            for (out, value) in buffer.as_mut_slice::<f32>().iter_mut().zip(values.iter()) {
                *out = round_float(f64::from(*value), digits) as f32;
            }
            ArrayData::Float32(Values::new(buffer.freeze()))
        }
        _ => panic!("round on {}", input.dtype()),
    };
    Array::new(data, input.validity().cloned())
}

/// The float nearest to the exact value of `value` rounded to `digits` decimals, ties away from
/// zero.
///
/// `value * 10^digits` is computed as a float `scaled` and an exact `rest`. Only where `scaled`
/// stands on a tie can the rest decide; elsewhere it is too small to matter. From 2^53 on the
/// float's own steps are no finer than the decimals asked for, so it is its own rounding.
fn round_float(value: f64, digits: u32) -> f64 {
    const TWO_TO_53: f64 = 9_007_199_254_740_992.0;
    let power = 10_f64.powi(digits as i32);
    let magnitude = value.abs();
    let scaled = magnitude * power;
    if scaled.is_nan() || scaled >= TWO_TO_53 {
        return value;
    }
    let whole = scaled.trunc();
    let fraction = scaled - whole;
    let up = if fraction == 0.5 {
        magnitude.mul_add(power, -scaled) >= 0.0
    } else if fraction == 0.0 {
        // Above 2^52 floats have no halves: the rest holds them.
        magnitude.mul_add(power, -scaled) >= 0.5
    } else {
        fraction > 0.5
    };
    let rounded = if up { whole + 1.0 } else { whole };
    (rounded / power).copysign(value)
}

struct Floor;
struct Ceil;

macro_rules! floats {
    ($($kind:ty),+) => { $(
        impl Unary<$kind, $kind> for Floor {
            #[inline(always)]
            fn apply(a: $kind) -> ($kind, i64) { (a.floor(), 0) }
        }
        impl Unary<$kind, $kind> for Ceil {
            #[inline(always)]
            fn apply(a: $kind) -> ($kind, i64) { (a.ceil(), 0) }
        }
    )+ };
}
floats!(f64, f32);

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected by the exact decimal expansion of each float (Python 3.11 `decimal.Decimal(x)
    /// .quantize(..., ROUND_HALF_UP)`, converted back to float).
    #[test]
    fn ties_go_away_from_zero_and_only_true_ties() {
        for (value, digits, expected) in [
            (0.5, 0, 1.0),
            (1.5, 0, 2.0),
            (2.5, 0, 3.0),
            (-2.5, 0, -3.0),
            (0.125, 2, 0.13),
            (2.675, 2, 2.67),
            (1.005, 2, 1.0),
            (1.115, 2, 1.11),
            (0.285, 2, 0.28),
            (0.49999999999999994, 0, 0.0),
            (4503599627370497.5, 0, 4503599627370498.0),
            (4.5000152587890625, 15, 4.500015258789063),
            (9007199254740993.0, 0, 9007199254740992.0),
            (1e300, 15, 1e300),
            (f64::INFINITY, 2, f64::INFINITY),
        ] {
            assert_eq!(round_float(value, digits).to_bits(), f64::to_bits(expected), "{value}");
        }
        assert!(round_float(f64::NAN, 1).is_nan());
        assert!(round_float(-0.2, 0).is_sign_negative());
    }
}
