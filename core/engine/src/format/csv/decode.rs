//! Fields to values, one column at a time: one loop for each type, no choice by field within it.
//!
//! In: the fields of a run of rows. Out: values where they belong in the finished column, and the
//! validity bits. A field that does not fit stops the loop; the caller then widens the column, or,
//! if the caller's caller gave its type, reports it.

use std::ops::Range;

use super::fields::{Field, Fields, NullValues, Presence, RowsText, strip_quotes};
use super::index::Rows;
use super::infer::{Looks, look, parse_inferred_float};
use crate::bytes::number::{
    EXACT_INTEGER_MAX, parse_bool, parse_float, parse_float_at, parse_float32, parse_integer,
    parse_integer_any, parse_whole_any,
};
use crate::bytes::runs::{self, RUN_FIELDS, Run, RunValues};
use crate::bytes::scan::Level;
use crate::bytes::tick::TimeUnit;
use crate::bytes::zone::Zone;
use crate::bytes::{civil, decimal, tick};
use crate::column::{DataType, TextBuilder, Window};

/// Whether a field that is not null has a value of the type.
pub(super) fn parse_declared(dtype: &DataType, field: &[u8]) -> bool {
    match dtype {
        DataType::Bool => parse_bool(field).is_some(),
        DataType::Int64 => parse_integer_any(field).is_some(),
        DataType::Float64 => parse_float(field).is_some(),
        DataType::Date => civil::parse_date(field).is_some(),
        DataType::Timestamp => civil::parse_timestamp(field).is_some(),
        DataType::Decimal { precision, scale } => {
            decimal::parse(field, *precision, *scale).is_some()
        }
        DataType::Utf8 | DataType::Dictionary => true,
        DataType::Int8 => parse_whole_any::<i8>(field).is_some(),
        DataType::Int16 => parse_whole_any::<i16>(field).is_some(),
        DataType::Int32 => parse_whole_any::<i32>(field).is_some(),
        DataType::UInt8 => parse_whole_any::<u8>(field).is_some(),
        DataType::UInt16 => parse_whole_any::<u16>(field).is_some(),
        DataType::UInt32 => parse_whole_any::<u32>(field).is_some(),
        DataType::UInt64 => parse_whole_any::<u64>(field).is_some(),
        DataType::Float32 => parse_float32(field).is_some(),
        // Options refuse to read these.
        DataType::List(_) | DataType::Struct(_) => false,
        DataType::TimestampOf { unit, zone } => tick::parse(field, *unit, zone.as_ref()).is_some(),
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
    Decimal {
        values: Window<'a, i128>,
        precision: u8,
        scale: u8,
    },
    Utf8(TextBuilder),
    Int8(Window<'a, i8>),
    Int16(Window<'a, i16>),
    Int32(Window<'a, i32>),
    UInt8(Window<'a, u8>),
    UInt16(Window<'a, u16>),
    UInt32(Window<'a, u32>),
    UInt64(Window<'a, u64>),
    Float32(Window<'a, f32>),
    TimestampOf {
        values: Window<'a, i64>,
        unit: TimeUnit,
        zone: Option<Zone>,
    },
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
            Target::Decimal { precision, scale, .. } => {
                Some(DataType::Decimal { precision: *precision, scale: *scale })
            }
            Target::Utf8(_) => Some(DataType::Utf8),
            Target::Int8(_) => Some(DataType::Int8),
            Target::Int16(_) => Some(DataType::Int16),
            Target::Int32(_) => Some(DataType::Int32),
            Target::UInt8(_) => Some(DataType::UInt8),
            Target::UInt16(_) => Some(DataType::UInt16),
            Target::UInt32(_) => Some(DataType::UInt32),
            Target::UInt64(_) => Some(DataType::UInt64),
            Target::Float32(_) => Some(DataType::Float32),
            Target::TimestampOf { unit, zone, .. } => {
                Some(DataType::timestamp(*unit, zone.clone()))
            }
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
        let (bytes, level) = (rows.bytes, rows.level);
        let input = (bytes, level);
        let fields = Fields { rows, column: self.column, nulls };
        let (validity, has_nulls) = (&mut self.validity[..], &mut self.has_nulls);
        let presence = &mut Presence { validity, has_nulls };
        match &mut self.target {
            Target::Nothing => fields.each::<QUOTED>(range, presence, |_, field| field.is_none()),
            Target::Bool(bits) => {
                let parse = |field: Field| parse_bool(&bytes[field.range()]);
                fields
                    .each::<QUOTED>(range, presence, |row, field| put_bit(bits, row, field, parse))
            }
            Target::Int64(values) => {
                let is_declared = self.is_declared;
                let has_negative_zero = &mut self.has_negative_zero;
                let quick = |run: &Run, values: &mut _| runs::integers(level, bytes, run, values);
                let rows = range.clone();
                let outcome = fields.fill::<QUOTED, i64>(range, presence, values, quick, |field| {
                    let value = parse_column_integer(bytes, field, is_declared)?;
                    *has_negative_zero |= value == 0 && bytes[field.start] == b'-';
                    Some(value)
                });
                // Beyond a field that does not fit, values mean nothing.
                let seen = &values[rows.start..outcome.err().unwrap_or(rows.end)];
                // Up to 2^53 - 1, no bit above is set: one test for all.
                let bits = seen.iter().fold(0, |bits, value| bits | value.unsigned_abs());
                if bits > EXACT_INTEGER_MAX
                    && seen.iter().any(|value| value.unsigned_abs() > EXACT_INTEGER_MAX)
                {
                    self.looks = self.looks.and(Looks::LARGE_INTEGER);
                }
                outcome
            }
            Target::Float64(values) => {
                let quick = |run: &Run, values: &mut _| runs::floats(level, bytes, run, values);
                match self.is_declared {
                    true => fields.fill::<QUOTED, f64>(range, presence, values, quick, |field| {
                        parse_float_at(bytes, field.start, field.end).map(|float| float.value)
                    }),
                    false => fields.fill::<QUOTED, f64>(range, presence, values, quick, |field| {
                        parse_inferred_float(bytes, field.start, field.end)
                    }),
                }
            }
            Target::Date(values) => {
                let parse = |field: Field| civil::parse_date(&bytes[field.range()]);
                let quick = |run: &Run, values: &mut _| runs::dates(level, bytes, run, values);
                fields.fill::<QUOTED, i32>(range, presence, values, quick, parse)
            }
            Target::Timestamp(values) => {
                let parse = |field: Field| civil::parse_timestamp(&bytes[field.range()]);
                let quick = |run: &Run, values: &mut _| runs::timestamps(level, bytes, run, values);
                fields.fill::<QUOTED, i64>(range, presence, values, quick, parse)
            }
            Target::Int8(values) => whole::<QUOTED, i8>(&fields, range, presence, values, input),
            Target::Int16(values) => whole::<QUOTED, i16>(&fields, range, presence, values, input),
            Target::Int32(values) => whole::<QUOTED, i32>(&fields, range, presence, values, input),
            Target::UInt8(values) => whole::<QUOTED, u8>(&fields, range, presence, values, input),
            Target::UInt16(values) => whole::<QUOTED, u16>(&fields, range, presence, values, input),
            Target::UInt32(values) => whole::<QUOTED, u32>(&fields, range, presence, values, input),
            Target::UInt64(values) => {
                let quick = |_: &Run, _: &mut _| u64::MAX;
                fields.fill::<QUOTED, u64>(range, presence, values, quick, |field| {
                    parse_whole_any(&bytes[field.range()])
                })
            }
            Target::Float32(values) => {
                let quick = |_: &Run, _: &mut _| u64::MAX;
                fields.fill::<QUOTED, f32>(range, presence, values, quick, |field| {
                    parse_float32(&bytes[field.range()])
                })
            }
            Target::Decimal { values, precision, scale } => {
                let form = (*precision, *scale);
                decimals::<QUOTED>(&fields, range, presence, values, (bytes, form))
            }
            Target::TimestampOf { values, unit, zone } => {
                let quick = |_: &Run, _: &mut _| u64::MAX;
                fields.fill::<QUOTED, i64>(range, presence, values, quick, |field| {
                    tick::parse(&bytes[field.range()], *unit, zone.as_ref())
                })
            }
            Target::Utf8(builder) => {
                // A column that restarts as text does so from its first row.
                if range.start == 0 {
                    builder.clear();
                }
                fields.gather::<QUOTED>(range, presence, builder, text);
                Ok(())
            }
        }
    }

    /// Adds to the looks what the field at `row` looks like.
    pub fn look_at(&mut self, rows: &Rows, row: usize) {
        let field = strip_quotes(rows, rows.field(row, self.column));
        self.looks = self.looks.and(look(&rows.bytes[field.range()]));
    }
}

/// Whole numbers of at most 32 bits, which the caller declared: a run is read as int64 and made
/// narrow where all of it fits.
fn whole<const QUOTED: bool, T: Copy + Default + TryFrom<i64> + TryFrom<u64>>(
    fields: &Fields,
    range: Range<usize>,
    presence: &mut Presence,
    values: &mut [T],
    (bytes, level): (&[u8], Level),
) -> Result<(), usize> {
    let quick = |run: &Run, values: &mut RunValues<T>| {
        let mut wide = [0_i64; RUN_FIELDS];
        let mut odd = runs::integers(level, bytes, run, &mut wide);
        for (bit, (value, wide)) in values.iter_mut().zip(wide).enumerate() {
            match T::try_from(wide) {
                Ok(narrow) => *value = narrow,
                Err(_) => odd |= 1 << bit,
            }
        }
        odd
    };
    fields.fill::<QUOTED, T>(range, presence, values, quick, |field| {
        parse_whole_any(&bytes[field.range()])
    })
}

/// Decimals of a precision and a scale.
fn decimals<const QUOTED: bool>(
    fields: &Fields,
    range: Range<usize>,
    presence: &mut Presence,
    values: &mut [i128],
    (bytes, (precision, scale)): (&[u8], (u8, u8)),
) -> Result<(), usize> {
    let parse = |field: Field| decimal::parse_at(bytes, field.start, field.end, precision, scale);
    fields.each::<QUOTED>(range, presence, |row, field| {
        let value = field.map_or(Some(0), parse);
        values[row] = value.unwrap_or(0);
        value.is_some()
    })
}

#[inline(always)]
fn parse_column_integer(bytes: &[u8], field: Field, is_declared: bool) -> Option<i64> {
    match parse_integer(bytes, field.start, field.end) {
        Some(value) => Some(value),
        None if is_declared => parse_integer_any(&bytes[field.range()]),
        None => None,
    }
}

/// Sets the bit of a row, where rows come one after another from a multiple of 64 on; `false` when
/// the field does not parse.
#[inline(always)]
fn put_bit(
    bits: &mut [u64],
    row: usize,
    field: Option<Field>,
    parse: impl Fn(Field) -> Option<bool>,
) -> bool {
    let value = match field {
        None => false,
        Some(field) => match parse(field) {
            Some(value) => value,
            None => return false,
        },
    };
    let before = if row.is_multiple_of(64) { 0 } else { u64::from_le(bits[row / 64]) };
    bits[row / 64] = (before | u64::from(value) << (row % 64)).to_le();
    true
}
