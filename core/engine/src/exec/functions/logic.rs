//! Conditions and nulls.

use super::Call;
use crate::column::{Array, DataType, Scalar};
use crate::error::Result;
use crate::exec::kernels::{Datum, logic};
use crate::plan::functions::LogicFunction as F;

pub(super) fn run(function: F, call: &Call<'_>) -> Result<Datum> {
    let Call { operands, len, .. } = *call;
    Ok(match function {
        F::And => Datum::Array(fold(operands, len, logic::and)),
        F::Or => Datum::Array(fold(operands, len, logic::or)),
        F::Not => Datum::Array(logic::not(&call.array(0))),
        F::IsNull => logic::is_present(&operands[0], false, len),
        F::IsNotNull => logic::is_present(&operands[0], true, len),
        F::Coalesce => panic!("coalesce chooses its operands itself"),
    })
}

/// Joins conditions from left to right.
pub(super) fn fold(
    operands: &[Datum],
    len: usize,
    join: impl Fn(&Datum, &Datum, usize) -> Array,
) -> Array {
    let mut operands = operands.iter();
    let first = operands.next().cloned().unwrap_or(Datum::Value(Scalar::Null));
    operands
        .fold(first, |left, right| Datum::Array(join(&left, right, len)))
        .into_array(&DataType::Bool, len)
}
