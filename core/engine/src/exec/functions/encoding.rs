//! Functions of text as data.

use super::{Call, Constants, null};
use crate::column::Scalar;
use crate::error::Result;
use crate::exec::kernels::Datum;
use crate::exec::kernels::text::{encode, json, normalize, similar};
use crate::plan::functions::EncodingFunction as F;
use crate::plan::text::pointer::Pointer;
use crate::plan::text::{Encoding, Form};

pub(super) fn prepare(function: F, literals: &[Option<Scalar>]) -> Constants {
    let text = |default: &'static str| match literals.get(1) {
        Some(Some(Scalar::Utf8(text))) => text.clone(),
        _ => default.to_owned(),
    };
    let constants = match function {
        F::Normalize => Form::new(&text("nfc")).map(Constants::Form),
        F::Encode | F::Decode | F::TryDecode => Encoding::new(&text("")).map(Constants::Encoding),
        F::JsonExtract | F::TryJsonExtract => Pointer::new(&text("")).map(Constants::Pointer),
        F::Sha256 | F::Xxh3 | F::Levenshtein | F::JaroWinkler => Ok(Constants::None),
    };
    constants.unwrap_or_else(|error| panic!("binding let pass what cannot be prepared: {error}"))
}

pub(super) fn run(function: F, call: &Call<'_>) -> Result<Datum> {
    if call.has_null_value() {
        return Ok(null());
    }
    let Call { operands, len, .. } = *call;
    Ok(Datum::Array(match (function, call.constants) {
        (F::Normalize, Constants::Form(form)) => normalize::normalize(&call.array(0), *form)?,
        (F::Encode, Constants::Encoding(encoding)) => encode::encode(&call.array(0), *encoding)?,
        (F::Decode | F::TryDecode, Constants::Encoding(encoding)) => {
            encode::decode(&call.array(0), *encoding, function == F::TryDecode)?
        }
        (F::Sha256, _) => encode::sha256(&call.array(0))?,
        (F::Xxh3, _) => encode::xxh3(&call.array(0))?,
        (F::Levenshtein, _) => similar::levenshtein(&operands[0], &operands[1], len)?,
        (F::JaroWinkler, _) => similar::jaro_winkler(&operands[0], &operands[1], len)?,
        (F::JsonExtract | F::TryJsonExtract, Constants::Pointer(pointer)) => {
            json::json_extract(&call.array(0), pointer, function == F::TryJsonExtract)?
        }
        _ => panic!("the literals of {} were not prepared", function.name()),
    }))
}
