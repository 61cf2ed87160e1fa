//! Texts one behind the other.

use super::{Writer, is_valid, map_text};
use crate::column::{Array, ArrayData};
use crate::error::Result;
use crate::exec::kernels::Datum;

/// `concat(a, b, ...)`: null where an operand is.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
pub fn concat(operands: &[Datum], len: usize) -> Result<Array> {
    let references: Vec<&Datum> = operands.iter().collect();
    map_text(&references, len, |row, writer| {
        operands.iter().try_for_each(|operand| writer.extend(operand.text(row)))
    })
}

/// `concat_ws(separator, a, b, ...)`: the operands that are not null, with the separator between
/// them; null where the separator is.
///
/// Errors: `LimitExceeded` when the result does not fit one array.
pub fn concat_ws(separator: &Datum, operands: &[Datum], len: usize) -> Result<Array> {
    let mut writer = Writer::new(len);
    for row in 0..len {
        if is_valid(separator.validity(), row) {
            let mut is_first = true;
            for operand in operands {
                if operand.is_null_value() || !is_valid(operand.validity(), row) {
                    continue;
                }
                if !is_first {
                    writer.extend(separator.text(row))?;
                }
                is_first = false;
                writer.extend(operand.text(row))?;
            }
        }
        writer.end_value();
    }
    Ok(Array::new(ArrayData::Utf8(writer.finish()), separator.validity().cloned()))
}
