//! Conversions: strict; what does not fit is an error, or null for `try_cast`.
//!
//! ```text
//! to \ from  bool   integer         float                date      timestamp        utf8
//! bool       same   0 or 1          -                    -         -                true, false
//! integer    0, 1   in range        whole, in range      -         -                digits
//! float      -      nearest         nearest, in range    -         -                decimal, NaN
//! date       -      -               -                    same      drops the time   YYYY-MM-DD
//! timestamp  -      int64: ticks    -                    midnight  unit, zone       ISO 8601
//! utf8       true   digits          shortest round trip  ISO       ISO              same
//! ```
//! Numbers go by way of the widest type of their kind: int64, uint64 or float64.

//! A decimal is taken from whole numbers, from the text of a float or of a utf8, and from another
//! decimal, where it has no digit that the target cannot hold; it gives a whole number where it is
//! whole, the nearest float, and text with all its digits.

use super::Datum;
use super::dates::moments;
use super::decimal::rescale;
use super::nested::json;
use super::take;
use crate::bytes::civil::{self, DAY_MICROSECONDS};
use crate::bytes::decimal::{self, PRECISION_MAX};
use crate::bytes::number;
use crate::bytes::tick;
use crate::column::buffer::Native;
use crate::column::nested;
use crate::column::print::{value_text, write_value};
use crate::column::{
    Array, ArrayData, Bitmap, DataType, ListValues, MutableBuffer, Scalar, Stored, StructField,
    StructValues, TextAppender, Values,
};
use crate::error::{Error, ErrorKind, Result};

/// Converts an array.
///
/// Nulls: null stays null.
/// Errors: `BadCast` with the first value that does not fit, unless `is_try`; `TypeMismatch` for a
/// pair of types without a conversion.
pub fn cast(input: &Array, target: &DataType, is_try: bool) -> Result<Array> {
    let source = input.dtype();
    if source == target {
        return Ok(input.clone());
    }
    let fill = Fill { input, target, is_try };
    match (source, target) {
        (DataType::Bool, to) if to.is_integer() => {
            let bits = input.bits();
            let numbers: Vec<i64> = bits.iter().map(i64::from).collect();
            from_whole(&fill, &numbers)
        }
        (from, DataType::Bool) if from.is_integer() => match widened(input).data() {
            ArrayData::UInt64(values) => fill.bools(|row| zero_or_one(values[row])),
            ArrayData::Int64(values) => {
                fill.bools(|row| u64::try_from(values[row]).ok().and_then(zero_or_one))
            }
            _ => panic!("{from} is not a whole number"),
        },
        (DataType::Decimal { scale: from, .. }, DataType::Decimal { precision, scale }) => {
            let values = input.values::<i128>();
            fill.numbers(|row| rescale(values[row], *from, *scale, *precision))
        }
        (DataType::Decimal { scale, .. }, to) if to.is_integer() => {
            let values = input.values::<i128>();
            // What is no whole number gives one outside every range.
            let whole = |value| rescale(value, *scale, 0, PRECISION_MAX).unwrap_or(i128::MAX);
            let numbers: Vec<i128> = values.iter().map(|value| whole(*value)).collect();
            from_whole(&fill, &numbers)
        }
        (DataType::Decimal { scale, .. }, DataType::Float64) => {
            let values = input.values::<i128>();
            fill.numbers(|row| Some(decimal::to_float(values[row], *scale)))
        }
        (DataType::Decimal { scale, .. }, DataType::Float32) => {
            let values = input.values::<i128>();
            // Through text: by way of float64 it would be rounded twice.
            fill.numbers(|row| decimal::text(values[row], *scale).parse::<f32>().ok())
        }
        (from, DataType::Decimal { precision, scale }) if from.is_number() => {
            let is_short = *from == DataType::Float32;
            match widened(input).data() {
                ArrayData::Int64(values) => {
                    fill.numbers(|row| rescale(values[row].into(), 0, *scale, *precision))
                }
                ArrayData::UInt64(values) => {
                    fill.numbers(|row| rescale(values[row].into(), 0, *scale, *precision))
                }
                ArrayData::Float64(values) => fill.numbers(|row| match is_short {
                    false => decimal::from_float(values[row], *precision, *scale),
                    true => {
                        let text = (values[row] as f32).to_string();
                        decimal::parse(text.as_bytes(), *precision, *scale)
                    }
                }),
                _ => panic!("{from} is no number"),
            }
        }
        (from, to) if from.is_number() && to.is_number() => {
            let wide = widened(input);
            match wide.data() {
                _ if wide.dtype() == target => Ok(wide),
                ArrayData::Int64(values) => from_whole(&fill, values),
                ArrayData::UInt64(values) => from_whole(&fill, values),
                ArrayData::Float64(values) => from_float(&fill, values),
                _ => panic!("{from} is not a number"),
            }
        }
        (DataType::Date, DataType::Timestamp) => {
            let values = input.values::<i32>();
            fill.numbers(|row| i64::from(values[row]).checked_mul(DAY_MICROSECONDS))
        }
        (DataType::Timestamp, DataType::Date) => {
            let values = input.values::<i64>();
            fill.numbers(|row| i32::try_from(values[row].div_euclid(DAY_MICROSECONDS)).ok())
        }
        (DataType::Dictionary, DataType::Utf8) => input.plain(),
        (DataType::Utf8, nested) if nested.is_nested() => json::from_json(input, nested, is_try),
        (DataType::Utf8, _) => from_text(&fill),
        (_, DataType::Utf8) => to_text(input),
        (DataType::List(_), DataType::List(_)) | (DataType::Struct(_), DataType::Struct(_)) => {
            cast_inner(input, target, is_try)
        }
        (from, to) if from.moment().is_some() || to.moment().is_some() => of_moments(&fill),
        _ => Err(Error::new(
            ErrorKind::TypeMismatch,
            format!("{source} cannot be converted to {target}"),
        )),
    }
}

/// Dates, moments and their ticks to others of them.
fn of_moments(fill: &Fill<'_>) -> Result<Array> {
    let (input, source, target) = (fill.input, fill.input.dtype(), fill.target);
    let convert = moments::converter(source, target);
    match (source, target) {
        (DataType::Date, _) => {
            let values = input.values::<i32>();
            fill.numbers(|row| convert(values[row].into()))
        }
        (_, DataType::Date) => {
            let values = input.values::<i64>();
            fill.numbers(|row| convert(values[row]).and_then(|days| i32::try_from(days).ok()))
        }
        (_, DataType::Int64) => Ok(Array::new(input.data().clone(), input.validity().cloned())),
        (DataType::Int64, to) if let Some((unit, zone)) = to.moment() => {
            let (values, range) = (input.values::<i64>(), unit.range(zone.is_some()));
            fill.numbers(|row| range.contains(&values[row]).then_some(values[row]))
        }
        (from, to) if from.moment().is_some() && to.moment().is_some() => {
            let values = input.values::<i64>();
            fill.numbers(|row| convert(values[row]))
        }
        _ => Err(Error::new(
            ErrorKind::TypeMismatch,
            format!("{source} cannot be converted to {target}"),
        )),
    }
}

/// Numbers as the widest type of their kind: int64, uint64 or float64; what is no number stays.
pub fn widened(input: &Array) -> Array {
    fn wide<A: Native + Into<B>, B: Stored>(values: &[A]) -> ArrayData {
        let mut buffer = MutableBuffer::zeroed::<B>(values.len());
        for (out, value) in buffer.as_mut_slice::<B>().iter_mut().zip(values) {
            *out = (*value).into();
        }
        Values::<B>::new(buffer.freeze()).into()
    }
    if !input.dtype().is_number() {
        return input.clone();
    }
    let data = match input.data() {
        ArrayData::Int8(values) => wide::<i8, i64>(values),
        ArrayData::Int16(values) => wide::<i16, i64>(values),
        ArrayData::Int32(values) => wide::<i32, i64>(values),
        ArrayData::UInt8(values) => wide::<u8, i64>(values),
        ArrayData::UInt16(values) => wide::<u16, i64>(values),
        ArrayData::UInt32(values) => wide::<u32, i64>(values),
        ArrayData::Float32(values) => wide::<f32, f64>(values),
        _ => return input.clone(),
    };
    Array::new(data, input.validity().cloned())
}

/// As [`widened`], for what an expression gives.
pub fn widened_datum(input: &Datum) -> Datum {
    match input {
        Datum::Array(array) => Datum::Array(widened(array)),
        Datum::Value(Scalar::UInt64(_)) => input.clone(),
        Datum::Value(Scalar::Float32(value)) => Datum::Value(Scalar::Float64(f64::from(*value))),
        Datum::Value(value) => {
            let wide = value.as_whole().and_then(|whole| i64::try_from(whole).ok());
            wide.map_or_else(|| input.clone(), |wide| Datum::Value(Scalar::Int64(wide)))
        }
    }
}

fn zero_or_one(value: u64) -> Option<bool> {
    match value {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

/// Whole numbers of 64 bits to any type of numbers.
fn from_whole<T>(fill: &Fill<'_>, values: &[T]) -> Result<Array>
where
    T: Copy + Into<i128> + TryInto<i8> + TryInto<i16> + TryInto<i32> + TryInto<i64>,
    T: TryInto<u8> + TryInto<u16> + TryInto<u32> + TryInto<u64>,
{
    match fill.target {
        DataType::Int8 => fill.numbers::<i8>(|row| values[row].try_into().ok()),
        DataType::Int16 => fill.numbers::<i16>(|row| values[row].try_into().ok()),
        DataType::Int32 => fill.numbers::<i32>(|row| values[row].try_into().ok()),
        DataType::Int64 => fill.numbers::<i64>(|row| values[row].try_into().ok()),
        DataType::UInt8 => fill.numbers::<u8>(|row| values[row].try_into().ok()),
        DataType::UInt16 => fill.numbers::<u16>(|row| values[row].try_into().ok()),
        DataType::UInt32 => fill.numbers::<u32>(|row| values[row].try_into().ok()),
        DataType::UInt64 => fill.numbers::<u64>(|row| values[row].try_into().ok()),
        DataType::Float32 => fill.numbers(|row| Some(values[row].into() as f32)),
        DataType::Float64 => fill.numbers(|row| Some(values[row].into() as f64)),
        other => panic!("{other} is not a number"),
    }
}

/// Floats to any type of numbers: whole ones in range, and the nearest binary32 in range.
fn from_float(fill: &Fill<'_>, values: &[f64]) -> Result<Array> {
    fn narrow<T: TryFrom<i128>>(value: f64) -> Option<T> {
        whole(value).and_then(|whole| T::try_from(whole).ok())
    }
    match fill.target {
        DataType::Int8 => fill.numbers::<i8>(|row| narrow(values[row])),
        DataType::Int16 => fill.numbers::<i16>(|row| narrow(values[row])),
        DataType::Int32 => fill.numbers::<i32>(|row| narrow(values[row])),
        DataType::Int64 => fill.numbers::<i64>(|row| narrow(values[row])),
        DataType::UInt8 => fill.numbers::<u8>(|row| narrow(values[row])),
        DataType::UInt16 => fill.numbers::<u16>(|row| narrow(values[row])),
        DataType::UInt32 => fill.numbers::<u32>(|row| narrow(values[row])),
        DataType::UInt64 => fill.numbers::<u64>(|row| narrow(values[row])),
        DataType::Float32 => fill.numbers(|row| {
            let nearest = values[row] as f32;
            (nearest.is_finite() || !values[row].is_finite()).then_some(nearest)
        }),
        other => panic!("{other} is not a narrower number"),
    }
}

/// The whole number that a float is, within 64 bits of either kind.
fn whole(value: f64) -> Option<i128> {
    const TWO_TO_64: f64 = 18_446_744_073_709_551_616.0;
    (value.trunc() == value && value.abs() < TWO_TO_64).then_some(value as i128)
}

fn from_text(fill: &Fill<'_>) -> Result<Array> {
    let text = fill.input.as_text();
    let field = |row: usize| text.get_bytes(row);
    match fill.target {
        DataType::Bool => fill.bools(|row| number::parse_bool(field(row))),
        DataType::Int8 => fill.numbers(|row| number::parse_whole_any::<i8>(field(row))),
        DataType::Int16 => fill.numbers(|row| number::parse_whole_any::<i16>(field(row))),
        DataType::Int32 => fill.numbers(|row| number::parse_whole_any::<i32>(field(row))),
        DataType::Int64 => fill.numbers(|row| number::parse_whole_any::<i64>(field(row))),
        DataType::UInt8 => fill.numbers(|row| number::parse_whole_any::<u8>(field(row))),
        DataType::UInt16 => fill.numbers(|row| number::parse_whole_any::<u16>(field(row))),
        DataType::UInt32 => fill.numbers(|row| number::parse_whole_any::<u32>(field(row))),
        DataType::UInt64 => fill.numbers(|row| number::parse_whole_any::<u64>(field(row))),
        DataType::Float32 => fill.numbers(|row| number::parse_float32(field(row))),
        DataType::Float64 => {
            fill.numbers(|row| number::parse_float(field(row)).map(|float| float.value))
        }
        DataType::Date => fill.numbers(|row| civil::parse_date(field(row))),
        DataType::Timestamp => fill.numbers(|row| civil::parse_timestamp(field(row))),
        DataType::Decimal { precision, scale } => {
            fill.numbers(|row| decimal::parse(field(row), *precision, *scale))
        }
        DataType::Utf8 => Ok(fill.input.clone()),
        DataType::Dictionary => fill.input.encoded(),
        DataType::List(_) | DataType::Struct(_) => panic!("nested values are read as JSON"),
        DataType::TimestampOf { unit, zone } => {
            fill.numbers(|row| tick::parse(field(row), *unit, zone.as_ref()))
        }
    }
}

/// Lists by their elements, structs by their fields; what stands below nulls is not looked at.
fn cast_inner(input: &Array, target: &DataType, is_try: bool) -> Result<Array> {
    let data = match (input.data(), target) {
        (ArrayData::List(lists), DataType::List(item)) => {
            let valid: Vec<u32> =
                (0..input.len() as u32).filter(|row| input.is_valid(*row as usize)).collect();
            if valid.len() < input.len() {
                let present = cast_inner(&take::take(input, &valid)?, target, is_try)?;
                let mut next = 0..;
                let rows: Vec<u32> = (0..input.len())
                    .map(|row| match input.is_valid(row) {
                        true => next.next().unwrap_or(take::NO_ROW),
                        false => take::NO_ROW,
                    })
                    .collect();
                return take::take_or_null(&present, &rows);
            }
            let first = lists.offsets()[0];
            let offsets: Vec<i32> = lists.offsets().iter().map(|offset| offset - first).collect();
            let child = cast(&lists.used_child(), item, is_try)?;
            ArrayData::List(ListValues::new(Values::from(offsets), child))
        }
        (ArrayData::Struct(structs), DataType::Struct(fields)) => {
            let cast = |(index, field): (usize, &StructField)| {
                cast(&nested::field(input, index), &field.dtype, is_try)
            };
            debug_assert_eq!(structs.fields().len(), fields.len());
            let fields = fields.iter().enumerate().map(cast).collect::<Result<_>>()?;
            ArrayData::Struct(StructValues::new(fields))
        }
        _ => panic!("{} is not cast to {target}", input.dtype()),
    };
    Ok(Array::typed(target.clone(), data, input.validity().cloned()))
}

fn to_text(input: &Array) -> Result<Array> {
    let mut builder = TextAppender::new(input.len());
    let mut value = Vec::new();
    for row in 0..input.len() {
        value.clear();
        if input.is_valid(row) {
            write_value(input, row, &mut value);
        }
        builder.push(&String::from_utf8_lossy(&value))?;
    }
    Ok(Array::new(ArrayData::Utf8(builder.finish()), input.validity().cloned()))
}

/// A conversion under way: values, and what to do with those that do not fit.
struct Fill<'a> {
    input: &'a Array,
    target: &'a DataType,
    is_try: bool,
}

impl Fill<'_> {
    fn numbers<T: Stored>(&self, convert: impl Fn(usize) -> Option<T>) -> Result<Array> {
        let mut buffer = MutableBuffer::zeroed::<T>(self.input.len());
        let mut misfits = Vec::new();
        for (row, out) in buffer.as_mut_slice::<T>().iter_mut().enumerate() {
            match convert(row) {
                Some(value) => *out = value,
                None => self.misfit(row, &mut misfits)?,
            }
        }
        let data = Values::<T>::new(buffer.freeze()).into();
        Ok(Array::typed(self.target.clone(), data, self.validity(&misfits)))
    }

    fn bools(&self, convert: impl Fn(usize) -> Option<bool>) -> Result<Array> {
        let mut misfits = Vec::new();
        let mut bits = vec![false; self.input.len()];
        for (row, out) in bits.iter_mut().enumerate() {
            match convert(row) {
                Some(value) => *out = value,
                None => self.misfit(row, &mut misfits)?,
            }
        }
        let data = ArrayData::Bool(Bitmap::from_fn(bits.len(), |row| bits[row]));
        Ok(Array::new(data, self.validity(&misfits)))
    }

    fn misfit(&self, row: usize, misfits: &mut Vec<u32>) -> Result<()> {
        if !self.input.is_valid(row) {
            return Ok(());
        }
        if self.is_try {
            misfits.push(row as u32);
            return Ok(());
        }
        let shown: String = value_text(self.input, row).chars().take(64).collect();
        let quoted = match self.input.dtype() {
            DataType::Utf8 => format!("{shown:?}"),
            _ => shown.clone(),
        };
        let missing = match (self.input.data(), self.target) {
            (ArrayData::Utf8(text), DataType::Date) => civil::missing_in_date(text.get_bytes(row)),
            (ArrayData::Utf8(text), DataType::Timestamp) => {
                civil::missing_in_timestamp(text.get_bytes(row))
            }
            (ArrayData::Utf8(text), DataType::TimestampOf { unit, zone }) => {
                tick::missing(text.get_bytes(row), *unit, zone.as_ref())
            }
            (_, DataType::TimestampOf { unit, zone }) if !self.input.dtype().is_zoned() => {
                tick::missing(shown.as_bytes(), *unit, zone.as_ref())
            }
            _ => None,
        };
        Err(Error::mismatch(
            ErrorKind::BadCast,
            missing.unwrap_or_else(|| format!("a value that fits {}", self.target)),
            format!("{} {quoted}", self.input.dtype()),
        )
        .hint("try_cast gives null where a value does not fit"))
    }

    fn validity(&self, misfits: &[u32]) -> Option<Bitmap> {
        if misfits.is_empty() {
            return self.input.validity().cloned();
        }
        let mut present: Vec<bool> =
            (0..self.input.len()).map(|row| self.input.is_valid(row)).collect();
        for row in misfits {
            present[*row as usize] = false;
        }
        Some(Bitmap::from_fn(present.len(), |row| present[row]))
    }
}
