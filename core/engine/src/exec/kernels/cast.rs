//! Conversions: strict; what does not fit is an error, or null for `try_cast`.
//!
//! ```text
//! to \ from  bool   int64      float64              date      timestamp        utf8
//! bool       same   0 or 1     -                    -         -                true, false
//! int64      0, 1   same       whole, in range      -         -                digits
//! float64    -      nearest    same                 -         -                decimal, NaN, inf
//! date       -      -          -                    same      drops the time   YYYY-MM-DD
//! timestamp  -      -          -                    midnight  same             ISO 8601
//! utf8       true   digits     shortest round trip  ISO       ISO              same
//! ```

use crate::bytes::civil::{self, DAY_MICROSECONDS};
use crate::bytes::number;
use crate::column::print::{value_text, write_value};
use crate::column::{
    Array, ArrayData, Bitmap, DataType, MutableBuffer, Stored, TextAppender, Values,
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
        (DataType::Bool, DataType::Int64) => {
            let bits = input.bits();
            fill.numbers(|row| Some(i64::from(bits.get(row))))
        }
        (DataType::Int64, DataType::Bool) => {
            let values = input.values::<i64>();
            fill.bools(|row| match values[row] {
                0 => Some(false),
                1 => Some(true),
                _ => None,
            })
        }
        (DataType::Int64, DataType::Float64) => {
            let values = input.values::<i64>();
            fill.numbers(|row| Some(values[row] as f64))
        }
        (DataType::Float64, DataType::Int64) => {
            let values = input.values::<f64>();
            fill.numbers(|row| whole(values[row]))
        }
        (DataType::Date, DataType::Timestamp) => {
            let values = input.values::<i32>();
            fill.numbers(|row| i64::from(values[row]).checked_mul(DAY_MICROSECONDS))
        }
        (DataType::Timestamp, DataType::Date) => {
            let values = input.values::<i64>();
            fill.numbers(|row| i32::try_from(values[row].div_euclid(DAY_MICROSECONDS)).ok())
        }
        (DataType::Utf8, _) => from_text(&fill),
        (_, DataType::Utf8) => to_text(input),
        _ => Err(Error::new(
            ErrorKind::TypeMismatch,
            format!("{source} cannot be converted to {target}"),
        )),
    }
}

fn whole(value: f64) -> Option<i64> {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    (value.trunc() == value && (-TWO_TO_63..TWO_TO_63).contains(&value)).then_some(value as i64)
}

fn from_text(fill: &Fill<'_>) -> Result<Array> {
    let text = fill.input.as_text();
    match fill.target {
        DataType::Bool => fill.bools(|row| number::parse_bool(text.get_bytes(row))),
        DataType::Int64 => fill.numbers(|row| number::parse_integer_any(text.get_bytes(row))),
        DataType::Float64 => {
            fill.numbers(|row| number::parse_float(text.get_bytes(row)).map(|float| float.value))
        }
        DataType::Date => fill.numbers(|row| civil::parse_date(text.get_bytes(row))),
        DataType::Timestamp => fill.numbers(|row| civil::parse_timestamp(text.get_bytes(row))),
        DataType::Utf8 => Ok(fill.input.clone()),
    }
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
            _ => shown,
        };
        let missing = match (self.input.data(), self.target) {
            (ArrayData::Utf8(text), DataType::Date) => civil::missing_in_date(text.get_bytes(row)),
            (ArrayData::Utf8(text), DataType::Timestamp) => {
                civil::missing_in_timestamp(text.get_bytes(row))
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
