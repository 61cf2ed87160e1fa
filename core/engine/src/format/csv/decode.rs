//! Fields to values, one column at a time: one loop for each type, no choice by field within it.
//!
//! In: the fields of a run of rows. Out: values where they belong in the finished column, and the
//! validity bits. A field that does not fit stops the loop; the caller then widens the column, or,
//! if the caller's caller gave its type, reports it.

use std::ops::Range;

use super::index::Rows;
use super::infer::{Looks, look, parse_inferred_float};
use crate::bytes::civil;
use crate::bytes::number::{
    EXACT_INTEGER_MAX, parse_bool, parse_float, parse_integer, parse_integer_any,
};
use crate::column::{DataType, TextBuilder, Window};

/// The unquoted fields that mean null.
#[derive(Clone, Debug)]
pub(super) struct NullValues {
    values: Vec<Vec<u8>>,
    /// Bit n: one of the values is n bytes long; bit 63: or longer.
    lengths: u64,
}

impl NullValues {
    pub fn new(values: &[String]) -> NullValues {
        let values: Vec<Vec<u8>> = values.iter().map(|value| value.clone().into_bytes()).collect();
        let lengths = values.iter().fold(0, |bits, value| bits | 1 << value.len().min(63));
        NullValues { values, lengths }
    }

    /// Whether an unquoted field means null.
    #[inline(always)]
    pub fn contains(&self, field: &[u8]) -> bool {
        self.lengths >> field.len().min(63) & 1 == 1 && self.is_listed(field)
    }

    fn is_listed(&self, field: &[u8]) -> bool {
        self.values.iter().any(|value| value == field)
    }
}

/// Whether a field that is not null has a value of the type.
pub(super) fn parse_declared(dtype: DataType, field: &[u8]) -> bool {
    match dtype {
        DataType::Bool => parse_bool(field).is_some(),
        DataType::Int64 => parse_integer_any(field).is_some(),
        DataType::Float64 => parse_float(field).is_some(),
        DataType::Date => civil::parse_date(field).is_some(),
        DataType::Timestamp => civil::parse_timestamp(field).is_some(),
        DataType::Utf8 => true,
    }
}

/// Where the values of a run of rows go; value 0 is the run's first row.
pub(super) enum Target<'a> {
    /// Nothing but nulls so far.
    Nothing,
    Bool(Window<'a, u64>),
    Int64(Window<'a, i64>),
    Float64(Window<'a, f64>),
    Date(Window<'a, i32>),
    Timestamp(Window<'a, i64>),
    Utf8(TextBuilder),
}

impl Target<'_> {
    pub fn dtype(&self) -> Option<DataType> {
        match self {
            Target::Nothing => None,
            Target::Bool(_) => Some(DataType::Bool),
            Target::Int64(_) => Some(DataType::Int64),
            Target::Float64(_) => Some(DataType::Float64),
            Target::Date(_) => Some(DataType::Date),
            Target::Timestamp(_) => Some(DataType::Timestamp),
            Target::Utf8(_) => Some(DataType::Utf8),
        }
    }
}

/// One column of a run of rows, being decoded.
pub(super) struct ColumnJob<'a> {
    /// Position in the file.
    pub column: usize,
    /// Whether the caller gave the type: then more spellings are numbers, and none widens.
    pub is_declared: bool,
    /// What was met, here and by others.
    pub looks: Looks,
    pub target: Target<'a>,
    /// One bit a row.
    pub validity: Vec<u64>,
    pub has_nulls: bool,
    /// Whether an int64 was spelled `-0`, which float64 tells from `0`.
    pub has_negative_zero: bool,
}

/// Text of the rows' bytes: `text` starts at `offset` of `Rows::bytes`.
#[derive(Clone, Copy)]
pub(super) struct RowsText<'a> {
    pub text: &'a str,
    pub offset: usize,
}

impl ColumnJob<'_> {
    /// Decodes the rows of `range`, which starts at a multiple of 64.
    ///
    /// Errors: the first row whose field does not fit the target.
    pub fn decode(
        &mut self,
        rows: &Rows,
        text: RowsText,
        nulls: &NullValues,
        range: Range<usize>,
    ) -> Result<(), usize> {
        match rows.has_quote {
            true => self.decode_with::<true>(rows, text, nulls, range),
            false => self.decode_with::<false>(rows, text, nulls, range),
        }
    }

    fn decode_with<const QUOTED: bool>(
        &mut self,
        rows: &Rows,
        text: RowsText,
        nulls: &NullValues,
        range: Range<usize>,
    ) -> Result<(), usize> {
        let (bytes, is_declared) = (rows.bytes, self.is_declared);
        let fields = Fields { rows, column: self.column, nulls };
        let mut sink = Sink { validity: &mut self.validity, has_nulls: &mut self.has_nulls };
        match &mut self.target {
            Target::Nothing => {
                let all_null = |_: usize, field: Option<Range<usize>>| field.is_none();
                fields.each::<QUOTED>(range, &mut sink, all_null)
            }
            Target::Int64(values) => {
                let (mut largest, mut has_negative_zero) = (0, false);
                let outcome = fields.fill::<QUOTED, i64>(range, &mut sink, values, |field| {
                    let start = field.start;
                    let value = match parse_integer(bytes, start, field.end) {
                        Some(value) => value,
                        None if is_declared => parse_integer_any(&bytes[field])?,
                        None => return None,
                    };
                    largest = value.unsigned_abs().max(largest);
                    has_negative_zero |= value == 0 && bytes[start] == b'-';
                    Some(value)
                });
                self.has_negative_zero |= has_negative_zero;
                if largest > EXACT_INTEGER_MAX {
                    self.looks = self.looks.and(Looks::LARGE_INTEGER);
                }
                outcome
            }
            Target::Float64(values) => match is_declared {
                true => fields.fill::<QUOTED, f64>(range, &mut sink, values, |field| {
                    parse_float(&bytes[field]).map(|float| float.value)
                }),
                false => fields.fill::<QUOTED, f64>(range, &mut sink, values, |field| {
                    parse_inferred_float(&bytes[field])
                }),
            },
            Target::Date(values) => {
                let parse = |field: Range<usize>| civil::parse_date(&bytes[field]);
                fields.fill::<QUOTED, i32>(range, &mut sink, values, parse)
            }
            Target::Timestamp(values) => {
                let parse = |field: Range<usize>| civil::parse_timestamp(&bytes[field]);
                fields.fill::<QUOTED, i64>(range, &mut sink, values, parse)
            }
            Target::Bool(bits) => fields.each::<QUOTED>(range, &mut sink, |row, field| {
                let value = match field {
                    None => false,
                    Some(field) => match parse_bool(&bytes[field]) {
                        Some(value) => value,
                        None => return false,
                    },
                };
                let mask = 1_u64 << (row % 64);
                let word = u64::from_le(bits[row / 64]) & !mask;
                bits[row / 64] = (word | if value { mask } else { 0 }).to_le();
                true
            }),
            Target::Utf8(builder) => {
                // A column that restarts as text does so from its first row.
                if range.start == 0 {
                    builder.clear();
                }
                fields.each::<QUOTED>(range, &mut sink, |_, field| {
                    match field {
                        None => builder.push(""),
                        Some(field) => push_text::<QUOTED>(builder, rows.quote, text, field),
                    }
                    true
                })
            }
        }
    }

    /// Adds to the looks what the field at `row` looks like.
    pub fn look_at(&mut self, rows: &Rows, row: usize) {
        let field = strip_quotes(rows, rows.field(row, self.column)).0;
        self.looks = self.looks.and(look(&rows.bytes[field]));
    }
}

/// The field without the quotes around it, and whether there were any.
#[inline(always)]
fn strip_quotes(rows: &Rows, field: Range<usize>) -> (Range<usize>, bool) {
    match !field.is_empty() && Some(rows.bytes[field.start]) == rows.quote {
        true => (field.start + 1..field.end - 1, true),
        false => (field, false),
    }
}

#[inline(always)]
fn push_text<const QUOTED: bool>(
    builder: &mut TextBuilder,
    quote: Option<u8>,
    text: RowsText,
    field: Range<usize>,
) {
    let value = &text.text[field.start - text.offset..field.end - text.offset];
    match quote {
        Some(quote) if QUOTED && value.as_bytes().contains(&quote) => {
            push_unescaped(builder, char::from(quote), value);
        }
        _ => builder.push(value),
    }
}

/// Joins doubled quotes.
fn push_unescaped(builder: &mut TextBuilder, quote: char, value: &str) {
    let mut rest = value;
    while let Some(at) = rest.find(quote) {
        builder.extend(&rest[..at + 1]);
        // The structure is checked: within a quoted field, quotes come in twos.
        rest = rest.get(at + 2..).unwrap_or("");
    }
    builder.extend(rest);
    builder.end_value();
}

struct Sink<'a> {
    validity: &'a mut [u64],
    has_nulls: &'a mut bool,
}

struct Fields<'a> {
    rows: &'a Rows<'a>,
    column: usize,
    nulls: &'a NullValues,
}

impl Fields<'_> {
    /// Writes a value for each row of `range`; a null writes the type's zero.
    #[inline(always)]
    fn fill<const QUOTED: bool, T: Copy + Default>(
        &self,
        range: Range<usize>,
        sink: &mut Sink,
        values: &mut [T],
        mut parse: impl FnMut(Range<usize>) -> Option<T>,
    ) -> Result<(), usize> {
        self.each::<QUOTED>(range, sink, |row, field| {
            let value = match field {
                None => T::default(),
                Some(field) => match parse(field) {
                    Some(value) => value,
                    None => return false,
                },
            };
            values[row] = value;
            true
        })
    }

    /// Calls `put` with each row of `range` and its field, `None` for null; sets the validity bits.
    ///
    /// Errors: the first row for which `put` says `false`.
    #[inline(always)]
    fn each<const QUOTED: bool>(
        &self,
        range: Range<usize>,
        sink: &mut Sink,
        mut put: impl FnMut(usize, Option<Range<usize>>) -> bool,
    ) -> Result<(), usize> {
        debug_assert!(range.start.is_multiple_of(64));
        let mut first = range.start;
        while first < range.end {
            let count = (range.end - first).min(64);
            let mut present = 0_u64;
            for bit in 0..count {
                let row = first + bit;
                let mut field = self.rows.field(row, self.column);
                let mut is_null = self.nulls.contains(&self.rows.bytes[field.clone()]);
                if QUOTED {
                    let (inner, is_quoted) = strip_quotes(self.rows, field);
                    field = inner;
                    is_null &= !is_quoted;
                }
                if !put(row, (!is_null).then_some(field)) {
                    return Err(row);
                }
                present |= u64::from(!is_null) << bit;
            }
            sink.validity[first / 64] = present;
            *sink.has_nulls |= present.count_ones() as usize != count;
            first += count;
        }
        Ok(())
    }
}
