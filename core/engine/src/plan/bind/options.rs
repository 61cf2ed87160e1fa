//! Options on the wire to the options that formats take.

use crate::error::{Error, ErrorKind, Result};
use crate::format::csv::CsvWriteOptions;
use crate::plan::document::CsvWriteSpec;

/// Checks how to write CSV.
///
/// Errors: `InvalidOption`.
pub(super) fn csv_write_options(spec: &CsvWriteSpec) -> Result<CsvWriteOptions> {
    let delimiter = ascii_byte("delimiter", &spec.delimiter)?;
    let quote = ascii_byte("quote", &spec.quote)?;
    check_differ(delimiter, Some(quote))?;
    let breaks = |character: char| matches!(character, '\n' | '\r');
    let is_ambiguous = spec
        .null_value
        .contains(|character| breaks(character) || [delimiter, quote].contains(&(character as u8)));
    if is_ambiguous {
        return Err(Error::new(
            ErrorKind::InvalidOption,
            format!("null_value {:?} holds a delimiter, quote or line end", spec.null_value),
        ));
    }
    let null_value = spec.null_value.clone();
    Ok(CsvWriteOptions { delimiter, quote, header: spec.header, null_value })
}

fn ascii_byte(option: &str, text: &str) -> Result<u8> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | 0) => Ok(*byte),
        _ => Err(Error::mismatch(
            ErrorKind::InvalidOption,
            format!("one ASCII character for {option}, no line end"),
            format!("{text:?}"),
        )),
    }
}

fn check_differ(delimiter: u8, quote: Option<u8>) -> Result<()> {
    match Some(delimiter) == quote {
        false => Ok(()),
        true => Err(Error::new(
            ErrorKind::InvalidOption,
            format!("delimiter and quote are both {:?}", delimiter as char),
        )),
    }
}
