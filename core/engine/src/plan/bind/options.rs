//! Options on the wire to the options that formats take.

use super::expression::dtype_named;
use crate::error::{Error, ErrorKind, Result};
use crate::format::csv::{CsvReadOptions, CsvWriteOptions};
use crate::plan::document::{CsvReadSpec, CsvWriteSpec};

/// Checks how to read CSV.
///
/// Errors: `InvalidOption`.
pub(super) fn csv_read_options(spec: &CsvReadSpec) -> Result<CsvReadOptions> {
    let mut schema = Vec::with_capacity(spec.schema.len());
    for (name, dtype) in &spec.schema {
        let dtype = dtype_named(dtype, ErrorKind::InvalidOption)
            .map_err(|error| error.at(|place| place.column = Some(name.clone())))?;
        schema.push((name.clone(), dtype));
    }
    let options = CsvReadOptions {
        delimiter: ascii_byte("delimiter", &spec.delimiter)?,
        quote: spec.quote.as_deref().map(|quote| ascii_byte("quote", quote)).transpose()?,
        header: spec.header,
        column_names: spec.column_names.clone(),
        schema,
        null_values: spec.null_values.clone(),
        select: spec.select.clone(),
    };
    options.validate()?;
    Ok(options)
}

/// Checks how to write CSV.
///
/// Errors: `InvalidOption`.
pub(super) fn csv_write_options(spec: &CsvWriteSpec) -> Result<CsvWriteOptions> {
    let options = CsvWriteOptions {
        delimiter: ascii_byte("delimiter", &spec.delimiter)?,
        quote: ascii_byte("quote", &spec.quote)?,
        header: spec.header,
        null_value: spec.null_value.clone(),
    };
    options.validate()?;
    Ok(options)
}

fn ascii_byte(option: &str, text: &str) -> Result<u8> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() => Ok(*byte),
        _ => Err(Error::new(
            ErrorKind::InvalidOption,
            format!("option {option}: expected one ASCII character, found {text:?}"),
        )),
    }
}
