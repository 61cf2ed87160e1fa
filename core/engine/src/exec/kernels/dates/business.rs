//! `business_days`: days from Monday to Friday between two dates.

use super::{Datum, Misfit, Step, int64s, null, sweep};
use crate::bytes::scan::Level;
use crate::column::Values;
use crate::column::bitmap::intersect;
use crate::error::Result;

/// Days from Monday to Friday that are no holidays, `from` among them and `to` not; where `to` is
/// before `from`, those on the way back, negative. The holidays are in order, none on a weekend.
///
/// Nulls: a null operand gives null.
/// Source: `numpy.busday_count`.
pub fn business_days(
    from: &Datum,
    to: &Datum,
    holidays: &[i32],
    len: usize,
    level: Level,
) -> Result<Datum> {
    if from.is_null_value() || to.is_null_value() {
        return Ok(null());
    }
    let validity = intersect(from.validity(), to.validity());
    let operands = (from.values::<i32>(), to.values::<i32>());
    let (values, validity) = sweep(BusinessDays, operands, validity, len, level, Misfit::Null)?;
    if holidays.is_empty() {
        return Ok(int64s(values, validity));
    }
    let (from, to) = operands;
    let values = values
        .iter()
        .enumerate()
        .map(|(row, count)| count - holidays_between(holidays, from.get(row), to.get(row)));
    Ok(int64s(Values::from(values.collect::<Vec<i64>>()), validity))
}

/// Holidays on the way; negative on the way back.
fn holidays_between(holidays: &[i32], from: i32, to: i32) -> i64 {
    // On the way back, too, the first day counts and the last one does not.
    let before = |day: i32| match to < from {
        true => holidays.partition_point(|holiday| *holiday <= day),
        false => holidays.partition_point(|holiday| *holiday < day),
    };
    before(to) as i64 - before(from) as i64
}

#[derive(Clone, Copy)]
struct BusinessDays;

impl Step<i32, i32, i64> for BusinessDays {
    #[inline(always)]
    fn quick(self, from: i32, to: i32) -> (i64, i64) {
        // On the way back, too, the first day counts and the last one does not.
        let is_back = i64::from(to < from);
        (before(i64::from(to) + is_back) - before(i64::from(from) + is_back), 0)
    }

    fn exact(self, from: i32, to: i32) -> Option<i64> {
        Some(self.quick(from, to).0)
    }
}

/// Business days from Monday, 29 December 1969, on and before a day; negative for days before it.
#[inline(always)]
fn before(days: i64) -> i64 {
    let days = days + 3;
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}
