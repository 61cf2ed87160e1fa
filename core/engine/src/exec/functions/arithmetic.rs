//! Operators on numbers.

use super::Call;
use crate::error::Result;
use crate::exec::kernels::{Datum, arithmetic, decimal};
use crate::plan::functions::ArithmeticFunction as F;

pub(super) fn run(function: F, call: &Call<'_>) -> Result<Datum> {
    match function {
        F::Add | F::Sub | F::Mul | F::Div | F::FloorDiv | F::Mod => {
            let (left, right) = (&call.operands[0], &call.operands[1]);
            if call.types[0].is_decimal() {
                return decimal::compute(function, call.operands, call.types, call.dtype, call.len);
            }
            arithmetic::binary(function, left, right, call.len, call.level)
        }
        F::Neg if call.types[0].is_decimal() => Ok(Datum::Array(decimal::negate(&call.array(0)))),
        F::Neg => arithmetic::negate(&call.array(0), call.level).map(Datum::Array),
    }
}
