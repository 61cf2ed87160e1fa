//! Functions of one number.

use super::{Call, Constants};
use crate::column::Scalar;
use crate::error::Result;
use crate::exec::kernels::{Datum, arithmetic, math};
use crate::plan::functions::NumberFunction as F;

pub(super) fn prepare(function: F, literals: &[Option<Scalar>]) -> Constants {
    match function {
        F::Round => Constants::Digits(match literals[1] {
            Some(Scalar::Int64(digits)) => digits as u32,
            _ => 0,
        }),
        F::Abs | F::Floor | F::Ceil => Constants::None,
    }
}

pub(super) fn run(function: F, call: &Call<'_>) -> Result<Datum> {
    let input = call.array(0);
    Ok(Datum::Array(match (function, call.constants) {
        (F::Abs, _) => arithmetic::magnitude(&input, call.level)?,
        (F::Floor, _) => math::floor(&input, call.level),
        (F::Ceil, _) => math::ceil(&input, call.level),
        (F::Round, Constants::Digits(digits)) => math::round(&input, *digits),
        (F::Round, _) => panic!("the digits of round were not prepared"),
    }))
}
