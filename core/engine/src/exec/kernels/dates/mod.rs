//! Dates and times: parts, spans, differences, text.
//!
//! A function is a [`Step`]: a quick form without branches, run over a whole batch, and an exact
//! one for the rows that the quick form does not know: days a million years away, and results that
//! do not fit. The quick form or-s a flag over the batch, so nearly no batch meets the exact one.

pub mod business;
pub mod difference;
pub mod epoch;
pub mod make;
pub mod moments;
pub mod names;
pub mod parts;
pub mod spans;
pub mod text;
pub mod truncate;
pub mod zones;

#[cfg(test)]
mod tests;

use super::cpu::{self, Work};
use super::{Datum, Operand};
use crate::bytes::civil;
use crate::bytes::quotient;
use crate::bytes::scan::Level;
use crate::column::buffer::Native;
use crate::column::{Array, ArrayData, Bitmap, DataType, MutableBuffer, Scalar, Values};
use crate::error::{Error, ErrorKind, Result};

/// A function of two values; of one where `B` is `()`.
trait Step<A, B, R>: Copy {
    /// The result, and a flag that is negative where only `exact` knows. `#[inline(always)]`.
    fn quick(self, a: A, b: B) -> (R, i64);

    /// The result, where there is one.
    fn exact(self, a: A, b: B) -> Option<R>;
}

/// What happens to a row that has values but no result.
#[derive(Clone, Copy)]
enum Misfit<'a> {
    /// Such a row is an error.
    Refuse(&'a dyn Fn(usize) -> Error),
    /// Such a row is null.
    Null,
}

struct Sweep<'a, A, B, R, S> {
    left: Operand<'a, A>,
    right: Operand<'a, B>,
    out: &'a mut [R],
    step: S,
}

impl<A: Copy, B: Copy, R, S: Step<A, B, R>> Work for Sweep<'_, A, B, R, S> {
    type Output = i64;

    #[inline(always)]
    fn run(self) -> i64 {
        let (mut flags, step) = (0, self.step);
        match (self.left, self.right) {
            (Operand::Values(left), Operand::Value(b)) => {
                for (out, a) in self.out.iter_mut().zip(left) {
                    let (value, flag) = step.quick(*a, b);
                    *out = value;
                    flags |= flag;
                }
            }
            (Operand::Values(left), Operand::Values(right)) => {
                for ((out, a), b) in self.out.iter_mut().zip(left).zip(right) {
                    let (value, flag) = step.quick(*a, *b);
                    *out = value;
                    flags |= flag;
                }
            }
            (Operand::Value(a), Operand::Values(right)) => {
                for (out, b) in self.out.iter_mut().zip(right) {
                    let (value, flag) = step.quick(a, *b);
                    *out = value;
                    flags |= flag;
                }
            }
            (Operand::Value(a), Operand::Value(b)) => {
                for out in self.out.iter_mut() {
                    let (value, flag) = step.quick(a, b);
                    *out = value;
                    flags |= flag;
                }
            }
        }
        flags
    }
}

/// `step` over `len` rows whose values are present as `validity` says; the results and where they
/// are.
fn sweep<A: Copy, B: Copy, R: Native>(
    step: impl Step<A, B, R>,
    (left, right): (Operand<'_, A>, Operand<'_, B>),
    validity: Option<Bitmap>,
    len: usize,
    level: Level,
    misfit: Misfit<'_>,
) -> Result<(Values<R>, Option<Bitmap>)> {
    let mut buffer = MutableBuffer::zeroed::<R>(len);
    let out = buffer.as_mut_slice::<R>();
    let flags = cpu::run(level, Sweep { left, right, out: &mut *out, step });
    let mut misfits = Vec::new();
    if flags < 0 {
        for (row, out) in out.iter_mut().enumerate() {
            match (step.exact(left.get(row), right.get(row)), misfit) {
                (Some(value), _) => *out = value,
                (None, _) if !validity.as_ref().is_none_or(|bits| bits.get(row)) => {}
                (None, Misfit::Refuse(error)) => return Err(error(row)),
                (None, Misfit::Null) => misfits.push(row),
            }
        }
    }
    Ok((Values::new(buffer.freeze()), without(validity, len, &misfits)))
}

/// A validity without some rows.
fn without(validity: Option<Bitmap>, len: usize, rows: &[usize]) -> Option<Bitmap> {
    if rows.is_empty() {
        return validity;
    }
    let mut present: Vec<bool> =
        (0..len).map(|row| validity.as_ref().is_none_or(|bits| bits.get(row))).collect();
    for row in rows {
        present[*row] = false;
    }
    Some(Bitmap::from_fn(len, |row| present[row]))
}

/// Values of one of the types that have days.
#[derive(Clone, Copy)]
enum Moments<'a> {
    /// Days since 1970.
    Dates(Operand<'a, i32>),
    /// Microseconds since 1970.
    Timestamps(Operand<'a, i64>),
}

impl Moments<'_> {
    /// The values of an operand that is no null value. Panics for other types.
    fn of(input: &Datum) -> Moments<'_> {
        match input.dtype() {
            Some(DataType::Date) => Moments::Dates(input.values::<i32>()),
            Some(DataType::Timestamp) => Moments::Timestamps(input.values::<i64>()),
            _ => panic!("expected a date or a timestamp, found {input:?}"),
        }
    }

    /// A row's value as text.
    fn text(&self, row: usize) -> String {
        match self {
            Moments::Dates(days) => date_text(days.get(row)),
            Moments::Timestamps(ticks) => timestamp_text(ticks.get(row)),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Moments::Dates(_) => "date",
            Moments::Timestamps(_) => "timestamp",
        }
    }
}

fn date_text(days: i32) -> String {
    let mut text = Vec::new();
    civil::write_date(days, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

fn timestamp_text(ticks: i64) -> String {
    let mut text = Vec::new();
    civil::write_timestamp(ticks, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

fn dates(values: Values<i32>, validity: Option<Bitmap>) -> Datum {
    Datum::Array(Array::typed(DataType::Date, values.into(), validity))
}

fn timestamps(values: Values<i64>, validity: Option<Bitmap>) -> Datum {
    Datum::Array(Array::typed(DataType::Timestamp, values.into(), validity))
}

fn int64s(values: Values<i64>, validity: Option<Bitmap>) -> Datum {
    Datum::Array(Array::new(ArrayData::Int64(values), validity))
}

/// The error for a result outside its type.
fn overflow(term: &str, dtype: &str) -> Error {
    Error::new(ErrorKind::Overflow, format!("{term} is outside the range of {dtype}"))
}

/// Days since 1970 and the microseconds of that day.
#[inline(always)]
fn split(ticks: i64) -> (i32, i64) {
    quotient::split_day(ticks)
}

fn null() -> Datum {
    Datum::Value(Scalar::Null)
}
