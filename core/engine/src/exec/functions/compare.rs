//! Comparisons.

use super::Call;
use super::logic::fold;
use crate::column::{Array, DataType};
use crate::error::Result;
use crate::exec::kernels::nested::keys;
use crate::exec::kernels::{Datum, compare, logic};
use crate::plan::functions::CompareFunction as F;

pub(super) fn run(function: F, call: &Call<'_>) -> Result<Datum> {
    if call.types[0].is_nested() {
        let operands =
            call.operands.iter().map(keys::comparable_datum).collect::<Result<Vec<_>>>()?;
        let types = vec![DataType::Utf8; operands.len()];
        return run(function, &Call { operands: &operands, types: &types, ..*call });
    }
    let compare = |function: F, other: &Datum| {
        compare::compare(function, &call.operands[0], other, call.len, call.level)
    };
    Ok(match function {
        F::Eq | F::Ne | F::Lt | F::Le | F::Gt | F::Ge => compare(function, &call.operands[1]),
        F::Between => {
            let low = compare(F::Ge, &call.operands[1]);
            let high = compare(F::Le, &call.operands[2]);
            Datum::Array(logic::and(&low, &high, call.len))
        }
        F::IsIn => Datum::Array(is_in(call)),
    })
}

/// `a in (b, c)` is `a = b or a = c`: SQL's rule for nulls follows.
fn is_in(call: &Call<'_>) -> Array {
    let equal: Vec<Datum> = call.operands[1..]
        .iter()
        .map(|item| compare::compare(F::Eq, &call.operands[0], item, call.len, call.level))
        .collect();
    fold(&equal, call.len, logic::or)
}
