//! Functions of text.

use super::{Call, Constants, null};
use crate::column::Scalar;
use crate::error::Result;
use crate::exec::kernels::Datum;
use crate::exec::kernels::text::cut::{Origin, cut_chars, left, reverse, right, split_part};
use crate::exec::kernels::text::pad::{Side, pad, repeat};
use crate::exec::kernels::text::search::{Search, count_matches, find, search};
use crate::exec::kernels::text::trim::{Ends, trim, trim_chars};
use crate::exec::kernels::text::{case, join, replace};
use crate::plan::functions::TextFunction as F;

pub(super) fn prepare(function: F, literals: &[Option<Scalar>]) -> Constants {
    match function {
        F::PadStart | F::PadEnd => Constants::Fill(match &literals[2] {
            Some(Scalar::Utf8(fill)) => fill.clone(),
            _ => " ".to_owned(),
        }),
        _ => Constants::None,
    }
}

pub(super) fn run(function: F, call: &Call<'_>) -> Result<Datum> {
    let Call { operands, len, .. } = *call;
    if function == F::ConcatWs {
        if operands[0].is_null_value() {
            return Ok(null());
        }
        return join::concat_ws(&operands[0], &operands[1..], len).map(Datum::Array);
    }
    if call.has_null_value() {
        return Ok(null());
    }
    let fill = match call.constants {
        Constants::Fill(fill) => fill.as_str(),
        _ => " ",
    };
    let trimmed = |ends| match operands.get(1) {
        None => trim(ends, &call.array(0)),
        Some(characters) => trim_chars(ends, &call.array(0), characters),
    };
    let window = |origin| cut_chars(origin, &call.array(0), &operands[1], operands.get(2));
    Ok(Datum::Array(match function {
        F::Upper => case::upper(&call.array(0))?,
        F::Lower => case::lower(&call.array(0))?,
        F::Initcap => case::initcap(&call.array(0))?,
        F::Length => case::length(&call.array(0)),
        F::LengthBytes => case::length_bytes(&call.array(0)),
        F::Contains => search(Search::Contains, &operands[0], &operands[1], len),
        F::StartsWith => search(Search::StartsWith, &operands[0], &operands[1], len),
        F::EndsWith => search(Search::EndsWith, &operands[0], &operands[1], len),
        F::Find => find(&operands[0], &operands[1], len),
        F::CountMatches => count_matches(&operands[0], &operands[1], len)?,
        F::Trim => trimmed(Ends::Both),
        F::TrimStart => trimmed(Ends::Start),
        F::TrimEnd => trimmed(Ends::End),
        F::PadStart => pad(Side::Start, &call.array(0), &operands[1], fill)?,
        F::PadEnd => pad(Side::End, &call.array(0), &operands[1], fill)?,
        F::Slice => window(Origin::Slice)?,
        F::Substring => window(Origin::Substring)?,
        F::Left => left(&call.array(0), &operands[1])?,
        F::Right => right(&call.array(0), &operands[1])?,
        F::SplitPart => split_part(&call.array(0), &operands[1], &operands[2])?,
        F::Concat => join::concat(operands, len)?,
        F::Replace => replace::replace(&operands[0], &operands[1], &operands[2], len)?,
        F::Repeat => repeat(&call.array(0), &operands[1])?,
        F::Reverse => reverse(&call.array(0))?,
        F::ConcatWs => panic!("concat_ws looks at nulls itself"),
    }))
}
