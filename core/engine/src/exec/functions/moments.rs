//! Functions of dates and times over moments of other units and zones: taken as microseconds,
//! computed as those, and put back into their type.
//!
//! ```text
//! parts, text, units of days and more    of what the zone's clocks show
//! hours and less, numbers since 1970     of the moments
//! ```

use super::dates::plain;
use super::{Call, Constants};
use crate::column::DataType;
use crate::error::Result;
use crate::exec::kernels::Datum;
use crate::exec::kernels::dates::moments::{self, Clock, Reading, micros, rebuilt, rests};
use crate::exec::kernels::dates::{text, zones};
use crate::plan::functions::DateFunction as F;
use crate::plan::unit::Unit;

pub(super) fn run(function: F, call: &Call<'_>) -> Result<Datum> {
    match function {
        F::DateTrunc => truncate(call),
        F::DateAdd | F::DateSub | F::TryDateAdd | F::TryDateSub => shift(function, call),
        F::DateDiff | F::DateAge => between(function, call),
        F::EpochDays | F::EpochS | F::EpochMs | F::EpochUs | F::TimeZoneOffset => {
            over(function, call, Clock::Utc)
        }
        F::ConvertTimeZone => {
            let input = &call.operands[2];
            let converted = over(function, call, Clock::Utc)?;
            put_back(converted, input, call, false)
        }
        F::AtTimeZone => at_time_zone(call),
        F::Strftime => write(call),
        F::ParseTimestamp | F::TryParseTimestamp => {
            let read = asked(function, call, call.operands)?;
            let is_try = function == F::TryParseTimestamp;
            rebuilt(read, None, call.dtype, Reading::None, is_try, call.len)
        }
        _ => over(function, call, Clock::Local),
    }
}

/// The function of microseconds of one clock.
fn over(function: F, call: &Call<'_>, clock: Clock) -> Result<Datum> {
    let operands: Vec<Datum> = call.operands.iter().map(|input| micros(input, clock)).collect();
    asked(function, call, &operands)
}

fn asked(function: F, call: &Call<'_>, operands: &[Datum]) -> Result<Datum> {
    let types: Vec<DataType> = call.types.iter().map(plain_type).collect();
    plain(function, &Call { operands, types: &types, ..*call })
}

fn plain_type(dtype: &DataType) -> DataType {
    match dtype {
        DataType::TimestampOf { .. } => DataType::Timestamp,
        other => other.clone(),
    }
}

/// Microseconds of UTC in the type of the result, with the nanoseconds that `input` has.
fn put_back(micros: Datum, input: &Datum, call: &Call<'_>, is_try: bool) -> Result<Datum> {
    let rests = rests(input, call.len);
    rebuilt(micros, rests.as_deref(), call.dtype, Reading::None, is_try, call.len)
}

fn unit_of(call: &Call<'_>) -> Unit {
    match call.constants {
        Constants::Unit(unit) => *unit,
        _ => panic!("the unit was not prepared"),
    }
}

fn truncate(call: &Call<'_>) -> Result<Datum> {
    let input = &call.operands[1];
    let local = micros(input, Clock::Local);
    let start = asked(F::DateTrunc, call, &[call.operands[0].clone(), local.clone()])?;
    if !call.dtype.is_zoned() || unit_of(call).is_of_days() {
        return rebuilt(start, None, call.dtype, Reading::Start, false, call.len);
    }
    // Hours and less start as a clock has them that keeps the offset of the value.
    let utc = micros(input, Clock::Utc);
    let offsets = moments::offsets(&utc, &local, call.len);
    rebuilt(offsets.taken_from(start, call.len), None, call.dtype, Reading::None, false, call.len)
}

fn shift(function: F, call: &Call<'_>) -> Result<Datum> {
    let (input, count) = (&call.operands[0], call.operands[1].clone());
    let unit = call.operands[2].clone();
    let is_try = matches!(function, F::TryDateAdd | F::TryDateSub);
    let utc = micros(input, Clock::Utc);
    if !call.dtype.is_zoned() || !unit_of(call).is_of_days() {
        let moved = asked(function, call, &[utc, count, unit])?;
        return put_back(moved, input, call, is_try);
    }
    let name = match function {
        F::DateSub | F::TryDateSub => "date_sub",
        _ => "date_add",
    };
    let local = micros(input, Clock::Local);
    let offsets = moments::offsets(&utc, &local, call.len);
    let moved = asked(function, call, &[local, count, unit])?;
    let rests = rests(input, call.len);
    let reading = Reading::Moved(&offsets, name);
    rebuilt(moved, rests.as_deref(), call.dtype, reading, is_try, call.len)
}

fn between(function: F, call: &Call<'_>) -> Result<Datum> {
    let (unit, from, to) = (&call.operands[0], &call.operands[1], &call.operands[2]);
    let is_local = unit_of(call).is_of_days();
    let clock = if is_local { Clock::Local } else { Clock::Utc };
    let (mut a, mut b) = (micros(from, clock), micros(to, clock));
    if function == F::DateDiff && !is_local && call.types[1].is_zoned() {
        // Borders as a clock has them that keeps the offset of the first value.
        let local = micros(from, Clock::Local);
        let offsets = moments::offsets(&a, &local, call.len);
        b = offsets.added_to(b, call.len);
        a = local;
    }
    if let (F::DateAge, Some(of_a), Some(of_b)) =
        (function, rests(from, call.len), rests(to, call.len))
    {
        b = moments::nearer(&a, b, (&of_a, &of_b), call.len);
    }
    asked(function, call, &[unit.clone(), a, b])
}

/// Text of what the clocks show, with what they are ahead of UTC.
fn write(call: &Call<'_>) -> Result<Datum> {
    let Constants::Pattern(pattern) = call.constants else {
        panic!("the pattern of strftime was not prepared")
    };
    let (utc, local) =
        (micros(&call.operands[0], Clock::Utc), micros(&call.operands[0], Clock::Local));
    let offsets = moments::offsets(&utc, &local, call.len);
    text::format(pattern, &local, Some(&offsets), call.len)
}

/// From what a wall shows to the moment, or from the moment to what a wall shows.
fn at_time_zone(call: &Call<'_>) -> Result<Datum> {
    let (input, utc) = (&call.operands[0], micros(&call.operands[0], Clock::Utc));
    let Constants::Zones(zone, of_utc, unclear) = call.constants else {
        panic!("the zone was not prepared")
    };
    let pair = match call.types[0].is_zoned() {
        true => (of_utc, zone),
        false => (zone, of_utc),
    };
    let converted = zones::convert(pair, *unclear, &utc, call.len)?;
    put_back(converted, input, call, false)
}

/// Whether a call is of moments that the kernels do not know.
pub(super) fn is_asked(call: &Call<'_>) -> bool {
    let is_other = |dtype: &DataType| matches!(dtype, DataType::TimestampOf { .. });
    call.types.iter().any(is_other) || is_other(call.dtype)
}
