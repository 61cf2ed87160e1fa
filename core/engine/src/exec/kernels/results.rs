//! What states know, as arrays: results of aggregates, one value a group.

use std::cmp::Ordering;

use super::wide::WideSum;
use crate::bytes::decimal::{self, PRECISION_MAX};
use crate::column::{Array, ArrayData, Bitmap, DataType, Storage, Stored, Values};
use crate::error::{Error, ErrorKind, Result};

/// What stands as 0 among unsigned numbers of 64 bits.
pub(super) const UNSIGNED_BASE: i128 = 1 << 63;

/// An unsigned number less `UNSIGNED_BASE`: the order stays.
pub(super) fn from_unsigned(value: u64) -> i64 {
    (value ^ (1 << 63)) as i64
}

fn narrow<T: Stored>(values: impl Iterator<Item = T>) -> ArrayData {
    Values::from(values.collect::<Vec<T>>()).into()
}

/// What `whole_values` made whole numbers of, as values of a type again.
pub(super) fn whole_array(values: &[Option<i64>], dtype: &DataType) -> Array {
    let validity = validity(values);
    let numbers = values.iter().map(|value| value.unwrap_or(0));
    let data = match dtype.storage() {
        Storage::Bool => {
            ArrayData::Bool(Bitmap::from_fn(values.len(), |row| values[row] == Some(1)))
        }
        Storage::Int8 => narrow(numbers.map(|value| value as i8)),
        Storage::Int16 => narrow(numbers.map(|value| value as i16)),
        Storage::Int32 => narrow(numbers.map(|value| value as i32)),
        Storage::UInt8 => narrow(numbers.map(|value| value as u8)),
        Storage::UInt16 => narrow(numbers.map(|value| value as u16)),
        Storage::UInt32 => narrow(numbers.map(|value| value as u32)),
        Storage::UInt64 => narrow(numbers.map(|value| value as u64 ^ (1 << 63))),
        _ => Values::from(numbers.collect::<Vec<i64>>()).into(),
    };
    Array::typed(dtype.clone(), data, validity)
}

/// Decimals of a type.
pub(super) fn decimal_array(values: &[Option<i128>], dtype: &DataType) -> Array {
    let numbers: Vec<i128> = values.iter().map(|value| value.unwrap_or(0)).collect();
    Array::typed(dtype.clone(), Values::from(numbers).into(), validity(values))
}

/// Exact sums, which must fit the type; null where there is nothing to sum.
pub(super) fn decimal_sums(sums: &[WideSum], dtype: &DataType) -> Result<Array> {
    let total = |sum: &WideSum| match (sum.count(), sum.total()) {
        (0, _) => Ok(None),
        (_, Some(total)) if decimal::fits(total, PRECISION_MAX) => Ok(Some(total)),
        _ => Err(Error::new(ErrorKind::Overflow, format!("a sum does not fit {dtype}"))
            .hint("cast the values to float64 where an approximate result will do")),
    };
    let totals = sums.iter().map(total).collect::<Result<Vec<Option<i128>>>>()?;
    Ok(decimal_array(&totals, dtype))
}

/// Floats; null where there is none.
pub(super) fn floats(values: impl Iterator<Item = Option<f64>>) -> Array {
    let values: Vec<Option<f64>> = values.collect();
    let numbers: Vec<f64> = values.iter().map(|value| value.unwrap_or(0.0)).collect();
    Array::new(ArrayData::Float64(Values::from(numbers)), validity(&values))
}

/// Which groups have a value; `None` when all have.
pub(super) fn validity<T>(values: &[Option<T>]) -> Option<Bitmap> {
    values
        .iter()
        .any(Option::is_none)
        .then(|| Bitmap::from_fn(values.len(), |row| values[row].is_some()))
}

/// Exact sums, which must fit the type; null where there is nothing to sum.
pub(super) fn int_sums(sums: &[(i128, u64)], dtype: &DataType) -> Result<Array> {
    let is_unsigned = *dtype == DataType::UInt64;
    let total = |sum: i128| match is_unsigned {
        true => u64::try_from(sum).ok().map(from_unsigned),
        false => i64::try_from(sum).ok(),
    };
    let totals = sums
        .iter()
        .map(|(sum, count)| match (count, total(*sum)) {
            (0, _) => Ok(None),
            (_, Some(total)) => Ok(Some(total)),
            (_, None) => Err(Error::new(
                ErrorKind::Overflow,
                format!("the sum {sum} is outside the range of {dtype}"),
            )
            .hint("sum the values as float64 where an approximate result will do")),
        })
        .collect::<Result<Vec<Option<i64>>>>()?;
    Ok(whole_array(&totals, dtype))
}

/// The values of each group side by side.
pub(super) fn by_group<T: Copy + Default>(
    groups: &[u32],
    values: &[T],
    count: usize,
) -> Vec<Vec<T>> {
    let mut sizes = vec![0_usize; count];
    for group in groups {
        sizes[*group as usize] += 1;
    }
    let mut lists: Vec<Vec<T>> = sizes.into_iter().map(Vec::with_capacity).collect();
    for (group, value) in groups.iter().zip(values) {
        lists[*group as usize].push(*value);
    }
    lists
}

/// The middle value, or `mean` of the two in the middle.
pub(super) fn middle<T: Copy>(
    values: &mut [T],
    order: impl Fn(&T, &T) -> Ordering,
    float: impl Fn(T) -> f64,
    mean: impl Fn(T, T) -> f64,
) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let half = values.len() / 2;
    let is_odd = values.len() % 2 == 1;
    let (lower, upper, _) = values.select_nth_unstable_by(half, &order);
    if is_odd {
        return Some(float(*upper));
    }
    let lower = lower.iter().copied().max_by(&order)?;
    Some(mean(lower, *upper))
}

/// The mean of two floats, also where their sum is outside the range.
pub(super) fn float_mean(a: f64, b: f64) -> f64 {
    let sum = a + b;
    let overflows = sum.is_infinite() && a.is_finite() && b.is_finite();
    if overflows { a / 2.0 + b / 2.0 } else { sum / 2.0 }
}
