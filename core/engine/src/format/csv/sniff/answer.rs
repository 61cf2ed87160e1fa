//! What sniffing found, put to use: as options to read with, and as a table of one row.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::input::{CsvInput, CsvInputs, CsvSource};
use super::super::options::{CsvReadOptions, Dialect};
use super::{Given, Sniffed, sniff_bytes};
use crate::column::{
    ArrayBuilder, ColumnDef, DataType, Frame, HyperBlock, Scalar, Schema, SchemaRef,
};
use crate::context::Context;
use crate::error::Result;

/// Sniffs a file: a table of one row, as [`answer_schema`] says. Of a pattern, the first file that
/// holds anything is looked at.
///
/// Shape: options that `options.dialect` lists as given stand; the others are found.
/// Errors: those of the options, of opening and of unpacking the file; never one of its content.
pub fn sniff_csv(path: &str, options: &CsvReadOptions, context: &Context) -> Result<Frame> {
    options.validate()?;
    let input = stored(&CsvSource::from(path), &CsvInputs::default(), context)?;
    let found = sniff_bytes(input.as_bytes(), &known(options));
    input.check_unchanged()?;
    answer(&found)
}

/// The columns of [`sniff_csv`]'s answer: options by their names, then what they lead to.
pub fn answer_schema() -> SchemaRef {
    use DataType::{Bool, Float64, Int64, Utf8};
    let columns = [
        ("delimiter", Utf8),
        ("quote", Utf8),
        ("escape", Utf8),
        ("comment", Utf8),
        ("skip_lines", Int64),
        ("header", Bool),
        ("encoding", Utf8),
        ("decimal", Utf8),
        ("thousands", Utf8),
        ("date_order", Utf8),
        ("trim", Bool),
        ("columns", Int64),
        ("confidence", Float64),
        ("doubt", Utf8),
    ];
    let columns =
        columns.iter().map(|(name, dtype)| ColumnDef::new(*name, dtype.clone())).collect();
    Arc::new(Schema::new(columns).expect("the names here differ"))
}

/// The options to read a source with: as they stand, or those not given filled from the bytes of
/// its first file that holds any.
///
/// Errors: those of opening the file, and of the options that come of it.
pub fn resolve_source<'a>(
    source: &CsvSource,
    options: &'a CsvReadOptions,
    inputs: &CsvInputs,
    context: &Context,
) -> Result<Cow<'a, CsvReadOptions>> {
    match options.dialect {
        Dialect::Given | Dialect::Found { .. } => Ok(Cow::Borrowed(options)),
        Dialect::Sniff { .. } => resolve(options, stored(source, inputs, context)?.as_bytes()),
    }
}

/// The first file of a source that holds anything, or its last one.
fn stored(source: &CsvSource, inputs: &CsvInputs, context: &Context) -> Result<CsvInput> {
    let parts = source.parts(context)?;
    let last = parts.len() - 1;
    for part in &parts[..last] {
        let input = inputs.open_stored(part, context)?;
        if !input.as_bytes().is_empty() {
            return Ok(input);
        }
    }
    inputs.open_stored(&parts[last], context)
}

/// The options to read bytes with: as they stand, or those not given filled from the bytes.
///
/// Errors: those of the options that come of it, such as a null word with the delimiter found.
pub(in crate::format::csv) fn resolve<'a>(
    options: &'a CsvReadOptions,
    bytes: &[u8],
) -> Result<Cow<'a, CsvReadOptions>> {
    if !matches!(options.dialect, Dialect::Sniff { .. }) {
        return Ok(Cow::Borrowed(options));
    }
    let found = sniff_bytes(bytes, &known(options));
    let filled = CsvReadOptions {
        delimiter: found.delimiter,
        quote: found.quote,
        escape: found.escape,
        comment: found.comment,
        skip_lines: found.skip_lines,
        header: found.header,
        encoding: found.encoding,
        trim: found.trim,
        decimal: found.decimal as u8,
        thousands: found.thousands,
        date_order: found.date_order,
        dialect: Dialect::Found { doubt: found.doubt },
        ..options.clone()
    };
    filled.validate()?;
    Ok(Cow::Owned(filled))
}

/// What the options give, for sniffing to keep to.
fn known(options: &CsvReadOptions) -> Given {
    let none = BTreeSet::new();
    let given = match &options.dialect {
        Dialect::Given | Dialect::Found { .. } => &none,
        Dialect::Sniff { given } => given,
    };
    let is = |name: &str| given.contains(name);
    Given {
        delimiter: is("delimiter").then(|| options.delimiter.clone()),
        quote: is("quote").then_some(options.quote),
        escape: is("escape").then_some(options.escape),
        comment: is("comment").then(|| options.comment.clone()),
        skip_lines: is("skip_lines").then_some(options.skip_lines),
        header: is("header").then_some(options.header),
        encoding: is("encoding").then(|| options.encoding.clone()),
        trim: is("trim").then_some(options.trim),
        decimal: is("decimal").then(|| char::from(options.decimal)),
        thousands: is("thousands").then_some(options.thousands),
        date_order: is("date_order").then_some(options.date_order),
    }
}

fn answer(found: &Sniffed) -> Result<Frame> {
    let text = |text: &str| Some(Scalar::Utf8(text.to_owned()));
    let letter = |letter: Option<char>| letter.map(|letter| Scalar::Utf8(letter.to_string()));
    let count = |count: u64| Some(Scalar::Int64(i64::try_from(count).unwrap_or(i64::MAX)));
    let values = [
        text(&found.delimiter),
        letter(found.quote.map(char::from)),
        letter(found.escape.map(char::from)),
        found.comment.as_deref().and_then(text),
        count(found.skip_lines),
        Some(Scalar::Bool(found.header)),
        text(&found.encoding),
        letter(Some(found.decimal)),
        letter(found.thousands),
        text(found.date_order.name()),
        Some(Scalar::Bool(found.trim)),
        count(found.columns),
        Some(Scalar::Float64(found.confidence)),
        found.doubt.as_deref().and_then(text),
    ];
    let schema = answer_schema();
    let mut arrays = Vec::with_capacity(values.len());
    for (column, value) in schema.columns().iter().zip(values) {
        let mut builder = ArrayBuilder::new(column.dtype.clone(), 1);
        match value {
            Some(value) => builder.push(&value)?,
            None => builder.push_null(),
        }
        arrays.push(builder.finish());
    }
    let block = HyperBlock::new(schema.clone(), 1, arrays);
    Ok(Frame::new(schema, vec![block]))
}
