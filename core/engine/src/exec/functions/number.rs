//! Functions of one number.

use super::{Call, Constants};
use crate::column::{Array, Scalar};
use crate::error::Result;
use crate::exec::kernels::decimal::{self, Rounding};
use crate::exec::kernels::{Datum, arithmetic, math};
use crate::plan::functions::NumberFunction as F;

pub(super) fn prepare(function: F, literals: &[Option<Scalar>]) -> Constants {
    match function {
        F::Round | F::RoundMode => {
            let digits = match literals[1] {
                Some(Scalar::Int64(digits)) => digits as u32,
                _ => 0,
            };
            let rounding = match literals.get(2) {
                Some(Some(Scalar::Utf8(mode))) => Rounding::named(mode),
                _ => Rounding::HalfUp,
            };
            Constants::Digits(digits, rounding)
        }
        F::Abs | F::Floor | F::Ceil => Constants::None,
    }
}

pub(super) fn run(function: F, call: &Call<'_>) -> Result<Datum> {
    let input = call.array(0);
    if input.dtype().is_decimal() {
        return run_decimal(function, call, &input).map(Datum::Array);
    }
    Ok(Datum::Array(match (function, call.constants) {
        (F::Abs, _) => arithmetic::magnitude(&input, call.level)?,
        (F::Floor, _) => math::floor(&input, call.level),
        (F::Ceil, _) => math::ceil(&input, call.level),
        (F::Round, Constants::Digits(digits, _)) => math::round(&input, *digits),
        (F::Round, _) => panic!("the digits of round were not prepared"),
        // A null without a type stays one.
        (F::RoundMode, _) => input,
    }))
}

fn run_decimal(function: F, call: &Call<'_>, input: &Array) -> Result<Array> {
    match (function, call.constants) {
        (F::Abs, _) => Ok(decimal::magnitude(input)),
        (F::Floor, _) => decimal::round(input, 0, Rounding::Floor),
        (F::Ceil, _) => decimal::round(input, 0, Rounding::Ceiling),
        (F::Round | F::RoundMode, Constants::Digits(digits, rounding)) => {
            decimal::round(input, *digits, *rounding)
        }
        (F::Round | F::RoundMode, _) => panic!("the digits of round were not prepared"),
    }
}
