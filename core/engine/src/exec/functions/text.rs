//! Functions of text.

use super::{Call, null};
use crate::error::Result;
use crate::exec::kernels::{Datum, text};
use crate::plan::functions::TextFunction as F;

pub(super) fn run(function: F, call: &Call<'_>) -> Result<Datum> {
    if call.has_null_value() {
        return Ok(null());
    }
    let Call { operands, len, .. } = *call;
    Ok(Datum::Array(match function {
        F::Upper => text::upper(&call.array(0))?,
        F::Lower => text::lower(&call.array(0))?,
        F::Length => text::length(&call.array(0)),
        F::Contains => text::contains(&operands[0], &operands[1], len),
        F::StartsWith => text::starts_with(&operands[0], &operands[1], len),
    }))
}
