//! Functions of patterns. A pattern is compiled once, before the first batch.

use super::{Call, Constants, null};
use crate::column::Scalar;
use crate::error::Result;
use crate::exec::kernels::Datum;
use crate::exec::kernels::text::like::LikeMatcher;
use crate::exec::kernels::text::pattern::Matcher;
use crate::plan::functions::RegexFunction as F;
use crate::plan::text::like::Like;
use crate::plan::text::pattern::Pattern;
use crate::plan::text::template::Template;

pub(super) fn prepare(function: F, literals: &[Option<Scalar>]) -> Constants {
    // Binding read all of these before.
    sound(match function {
        F::Matches | F::Count => Pattern::new(text(literals, 1))
            .map(|pattern| Constants::Regex(Box::new(Matcher::new(pattern)))),
        F::Extract => extraction(literals),
        F::Replace => replacement(literals),
        F::Like | F::Ilike => {
            let escape = literals[2].is_some().then(|| text(literals, 2));
            Like::new(text(literals, 1), escape, function == F::Ilike)
                .map(|like| Constants::Like(Box::new(LikeMatcher::new(like))))
        }
    })
}

fn extraction(literals: &[Option<Scalar>]) -> Result<Constants> {
    let pattern = Pattern::new(text(literals, 1))?;
    let group = match &literals[2] {
        Some(Scalar::Int64(number)) => pattern.group_numbered(*number)?,
        Some(Scalar::Utf8(name)) => pattern.group_named(name)?,
        _ => 0,
    };
    Ok(Constants::Extraction(Box::new(Matcher::new(pattern)), group))
}

fn replacement(literals: &[Option<Scalar>]) -> Result<Constants> {
    let pattern = Pattern::new(text(literals, 1))?;
    let template = Template::new(text(literals, 2), &pattern)?;
    Ok(Constants::Replacement(Box::new(Matcher::new(pattern)), template))
}

fn text(literals: &[Option<Scalar>], index: usize) -> &str {
    match &literals[index] {
        Some(Scalar::Utf8(text)) => text,
        other => panic!("expected a text literal, found {other:?}"),
    }
}

fn sound(constants: Result<Constants>) -> Constants {
    constants.unwrap_or_else(|error| panic!("binding let pass what cannot be prepared: {error}"))
}

pub(super) fn run(function: F, call: &Call<'_>) -> Result<Datum> {
    if call.operands[0].is_null_value() {
        return Ok(null());
    }
    let input = call.array(0);
    Ok(Datum::Array(match (function, call.constants) {
        (F::Matches, Constants::Regex(matcher)) => matcher.matches(&input),
        (F::Count, Constants::Regex(matcher)) => matcher.count(&input),
        (F::Extract, Constants::Extraction(matcher, group)) => matcher.extract(&input, *group),
        (F::Replace, Constants::Replacement(matcher, template)) => {
            matcher.replace(&input, template)?
        }
        (F::Like | F::Ilike, Constants::Like(matcher)) => matcher.matches(&input),
        _ => panic!("the pattern of {} was not prepared", function.name()),
    }))
}
