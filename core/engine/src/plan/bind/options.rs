//! Options on the wire to the options that formats take.

use std::collections::BTreeSet;

use crate::bytes::decompress::Codec;
use crate::error::{Error, ErrorKind, Result};
use crate::format::csv::{CsvReadOptions, CsvWriteOptions, DateOrder, Dialect, Policy, Quoting};
use crate::plan::document::{
    self, CsvDialect, CsvReadSpec, CsvWriteSpec, OnBadEncoding, OnBadQuote, OnBadValue, OnLong,
    OnShort,
};
use crate::plan::literal::dtype_named;

/// Checks how to read CSV.
///
/// Errors: `InvalidOption`.
pub(super) fn csv_read_options(spec: &CsvReadSpec) -> Result<CsvReadOptions> {
    let mut schema = Vec::with_capacity(spec.schema.len());
    for (name, dtype) in &spec.schema {
        let dtype = dtype_named(dtype, ErrorKind::InvalidOption)
            .map_err(|error| error.at(|place| place.column = Some(name.clone())))?;
        if dtype.is_nested() {
            let summary = format!("a CSV column of {dtype} is not read as such");
            return Err(Error::new(ErrorKind::Unsupported, summary)
                .at(|place| place.column = Some(name.clone()))
                .hint(format!("read it as utf8 and cast it: JSON text to {dtype}")));
        }
        schema.push((name.clone(), dtype));
    }
    let plain = CsvReadOptions::default();
    let options = CsvReadOptions {
        delimiter: spec.delimiter.clone().unwrap_or(plain.delimiter),
        quote: ascii_mark("quote", &spec.quote, plain.quote)?,
        escape: ascii_mark("escape", &spec.escape, plain.escape)?,
        comment: spec.comment.clone().unwrap_or(plain.comment),
        skip_lines: spec.skip_lines.unwrap_or(plain.skip_lines),
        header: spec.header.unwrap_or(plain.header),
        column_names: spec.column_names.clone(),
        encoding: spec.encoding.clone().unwrap_or(plain.encoding),
        trim: spec.trim.unwrap_or(plain.trim),
        decimal: spec
            .decimal
            .as_deref()
            .map_or(Ok(plain.decimal), |text| ascii_byte("decimal", text))?,
        thousands: match &spec.thousands {
            Some(Some(text)) => Some(one_character("thousands", text)?),
            _ => None,
        },
        date_order: spec.date_order.map_or(plain.date_order, date_order),
        schema,
        text_columns: spec.text_columns.clone(),
        infer_rows: spec.infer_rows,
        auto_dictionary: spec.auto_dictionary,
        null_values: spec.null_values.clone(),
        select: spec.select.clone(),
        on_short: short_policy(spec.on_short),
        on_long: long_policy(spec.on_long),
        on_bad_value: value_policy(spec.on_bad_value),
        on_bad_quote: quote_policy(spec.on_bad_quote),
        on_bad_encoding: encoding_policy(spec.on_bad_encoding),
        max_record_bytes: spec.max_record_bytes,
        file_column: spec.file_column.clone(),
        dialect: match spec.dialect {
            CsvDialect::Given => Dialect::Given,
            CsvDialect::Sniff => Dialect::Sniff { given: given(spec) },
        },
    };
    options.validate()?;
    Ok(options)
}

/// Checks what is known before sniffing: the options that were sent, whatever `dialect` says.
///
/// Errors: `InvalidOption`.
pub(super) fn csv_sniff_options(spec: &CsvReadSpec) -> Result<CsvReadOptions> {
    csv_read_options(&CsvReadSpec { dialect: CsvDialect::Sniff, ..spec.clone() })
}

fn short_policy(word: OnShort) -> Policy {
    match word {
        OnShort::Error => Policy::Error,
        OnShort::Pad => Policy::Pad,
        OnShort::Skip => Policy::Skip,
        OnShort::Quarantine => Policy::Quarantine,
    }
}

fn long_policy(word: OnLong) -> Policy {
    match word {
        OnLong::Error => Policy::Error,
        OnLong::Cut => Policy::Cut,
        OnLong::Skip => Policy::Skip,
        OnLong::Quarantine => Policy::Quarantine,
    }
}

fn value_policy(word: OnBadValue) -> Policy {
    match word {
        OnBadValue::Error => Policy::Error,
        OnBadValue::Null => Policy::Null,
        OnBadValue::Skip => Policy::Skip,
        OnBadValue::Quarantine => Policy::Quarantine,
    }
}

fn quote_policy(word: OnBadQuote) -> Policy {
    match word {
        OnBadQuote::Error => Policy::Error,
        OnBadQuote::Repair => Policy::Repair,
        OnBadQuote::Skip => Policy::Skip,
        OnBadQuote::Quarantine => Policy::Quarantine,
    }
}

fn encoding_policy(word: OnBadEncoding) -> Policy {
    match word {
        OnBadEncoding::Error => Policy::Error,
        OnBadEncoding::Replace => Policy::Replace,
        OnBadEncoding::Skip => Policy::Skip,
        OnBadEncoding::Quarantine => Policy::Quarantine,
    }
}

/// Names of the options that were sent, of those that sniffing finds.
fn given(spec: &CsvReadSpec) -> BTreeSet<&'static str> {
    let sent = [
        ("delimiter", spec.delimiter.is_some()),
        ("quote", spec.quote.is_some()),
        ("escape", spec.escape.is_some()),
        ("comment", spec.comment.is_some()),
        ("skip_lines", spec.skip_lines.is_some()),
        ("header", spec.header.is_some()),
        ("encoding", spec.encoding.is_some()),
        ("trim", spec.trim.is_some()),
        ("decimal", spec.decimal.is_some()),
        ("thousands", spec.thousands.is_some()),
        ("date_order", spec.date_order.is_some()),
    ];
    sent.into_iter().filter(|(_, is_sent)| *is_sent).map(|(name, _)| name).collect()
}

/// Checks how to write CSV.
///
/// Errors: `InvalidOption`.
pub(super) fn csv_write_options(spec: &CsvWriteSpec) -> Result<CsvWriteOptions> {
    let options = CsvWriteOptions {
        delimiter: spec.delimiter.clone(),
        quote: spec.quote.as_deref().map(|text| ascii_byte("quote", text)).transpose()?,
        escape: spec.escape.as_deref().map(|text| ascii_byte("escape", text)).transpose()?,
        quoting: match spec.quoting {
            document::Quoting::Minimal => Quoting::Minimal,
            document::Quoting::Always => Quoting::Always,
            document::Quoting::NonNumeric => Quoting::NonNumeric,
            document::Quoting::Never => Quoting::Never,
        },
        line_end: spec.line_end.clone(),
        header: spec.header,
        null_value: spec.null_value.clone(),
        decimal: ascii_byte("decimal", &spec.decimal)?,
        date_order: date_order(spec.date_order),
        encoding: spec.encoding.clone(),
        bom: spec.bom,
        compression: match spec.compression {
            document::Compression::None => None,
            document::Compression::Gzip => Some(Codec::Gzip),
            document::Compression::Zstd => Some(Codec::Zstd),
            document::Compression::Bzip2 => Some(Codec::Bzip2),
        },
    };
    options.validate()?;
    Ok(options)
}

fn date_order(word: document::DateOrder) -> DateOrder {
    match word {
        document::DateOrder::Ymd => DateOrder::Ymd,
        document::DateOrder::Dmy => DateOrder::Dmy,
        document::DateOrder::Mdy => DateOrder::Mdy,
    }
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

/// A mark that may be left out or be none.
fn ascii_mark(
    option: &str,
    sent: &Option<Option<String>>,
    default: Option<u8>,
) -> Result<Option<u8>> {
    match sent {
        None => Ok(default),
        Some(None) => Ok(None),
        Some(Some(text)) => ascii_byte(option, text).map(Some),
    }
}

fn one_character(option: &str, text: &str) -> Result<char> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(character),
        _ => Err(Error::new(
            ErrorKind::InvalidOption,
            format!("option {option}: expected one character, found {text:?}"),
        )),
    }
}
