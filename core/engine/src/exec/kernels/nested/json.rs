//! JSON text to lists and structs, strict, one text a row; and values to JSON text.

use crate::bytes::json::{Fault, Json};
use crate::column::json_read::{Grammar, JsonColumn, Stop};
use crate::column::{Array, ArrayData, DataType, TextAppender, json};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::kernels::cast::cast;

/// Reads each text as a value of a type.
///
/// Nulls: null for null text, and for JSON's null.
/// Errors: `BadCast` for text that is no JSON or no value of the type, with the byte within it;
/// where `is_try`, null instead.
pub fn from_json(input: &Array, target: &DataType, is_try: bool) -> Result<Array> {
    match read(input, target) {
        Err(error) if is_try && error.kind() == ErrorKind::BadCast => each(input, target),
        outcome => outcome,
    }
}

/// Values as JSON text.
///
/// Nulls: null stays null.
/// Errors: `LimitExceeded` when the text does not fit one array.
pub fn to_json(input: &Array) -> Result<Array> {
    let mut builder = TextAppender::new(input.len());
    let mut value = Vec::new();
    for row in 0..input.len() {
        value.clear();
        if input.is_valid(row) {
            json::write(input, row, &mut value);
        }
        builder.push(&String::from_utf8_lossy(&value))?;
    }
    Ok(Array::new(ArrayData::Utf8(builder.finish()), input.validity().cloned()))
}

fn read(input: &Array, target: &DataType) -> Result<Array> {
    let text = input.as_text();
    let mut column = JsonColumn::new(target);
    for row in 0..input.len() {
        let read = match input.is_valid(row) {
            false => column.push_null(),
            true => {
                let mut json = Json::new(text.get(row));
                let read = column.read(&mut json, Grammar::Strict);
                read.and_then(|()| json.end().map_err(Stop::Fault))
            }
        };
        read.map_err(|stop| match stop {
            Stop::Error(error) => error,
            Stop::Fault(fault) => misfit(&fault, text.get(row)),
        })?;
    }
    column.finish(&|text, dtype| cast(text, dtype, false)).map_err(|misfit| {
        let shown: String = text.get(misfit.row).chars().take(64).collect();
        Error::new(ErrorKind::BadCast, format!("{} (JSON text {shown:?})", misfit.error.summary()))
            .hint("try_cast gives null where a value does not fit")
    })
}

fn misfit(fault: &Fault, text: &str) -> Error {
    let shown: String = text.chars().take(64).collect();
    let found = format!("{} at byte {} of the JSON text {shown:?}", fault.found, fault.at);
    Error::mismatch(ErrorKind::BadCast, fault.expected.clone(), found)
        .hint("try_cast gives null where a value does not fit")
}

/// Row by row, null where one does not fit.
fn each(input: &Array, target: &DataType) -> Result<Array> {
    let rows: Vec<Array> = (0..input.len())
        .map(|row| match read(&input.slice(row, 1), target) {
            Err(error) if error.kind() == ErrorKind::BadCast => Ok(Array::nulls(target.clone(), 1)),
            outcome => outcome,
        })
        .collect::<Result<_>>()?;
    crate::exec::kernels::take::concat(&rows, target)
}
