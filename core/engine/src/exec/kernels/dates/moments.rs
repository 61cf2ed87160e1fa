//! Moments of other units and zones as the microseconds that the kernels know, and back.
//!
//! ```text
//! timestamp(ns,Europe/Berlin) -> microseconds, UTC or local, and nanoseconds below them
//!                             -> kernel -> microseconds -> timestamp(ns,Europe/Berlin)
//! ```
//! All moments of seconds and milliseconds are within the microseconds.

use std::borrow::Cow;

use super::{Datum, overflow, timestamp_text, without};
use crate::bytes::tick::{self, DAY_SECONDS, TimeUnit};
use crate::bytes::zone::{Moment, Zone};
use crate::column::{Array, ArrayData, Bitmap, DataType, MutableBuffer, Scalar, Values};
use crate::error::{Error, ErrorKind, Result};

const SECOND: i64 = 1_000_000;

/// Nanoseconds of a microsecond.
const FINEST: i64 = 1_000;

/// Whose clock the microseconds are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// UTC's; of moments without a zone the clock that they were read from.
    Utc,
    /// The zone's.
    Local,
}

/// What local times that a zone's clocks skip or show twice stand for.
#[derive(Clone, Copy)]
pub enum Reading<'a> {
    /// The microseconds are UTC's: none is skipped.
    None,
    /// Such a time is the start of something, which is its first moment.
    Start,
    /// The time that is shown twice is the one with the offset that the value had, in microseconds;
    /// one that is skipped is an error of the function named, or null for its form with `try_`.
    Moved(&'a Offsets, &'static str),
}

/// Microseconds that clocks are ahead of UTC, in each row.
pub struct Offsets(Vec<i64>);

/// How a value of a date or a moment becomes one of another such type; days for dates. `None` where
/// digits would be lost, the result is beyond the type, or clocks skip it or show it twice.
pub fn converter<'a>(
    source: &'a DataType,
    target: &'a DataType,
) -> impl Fn(i64) -> Option<i64> + 'a {
    let (from, to) = (source.moment(), target.moment());
    move |value| match (from, to) {
        (Some((from, a)), Some((to, b))) if a.is_some() == b.is_some() => {
            let ticks = from.convert(value, to)?;
            to.range(b.is_some()).contains(&ticks).then_some(ticks)
        }
        _ => {
            let (local, rest) = match from {
                None => (value.checked_mul(DAY_SECONDS)?, 0),
                Some((unit, zone)) => tick::local(value, unit, zone),
            };
            let Some((to, zone)) = to else { return Some(local.div_euclid(DAY_SECONDS)) };
            let second = match zone.map(|zone| zone.of_local(local)) {
                None => local,
                Some(Moment::One(second)) => second,
                Some(Moment::Gap(..) | Moment::Fold(..)) => return None,
            };
            let rest = from.map_or(Some(0), |(unit, _)| unit.convert(rest, to))?;
            let ticks = i128::from(second) * i128::from(to.per_second()) + i128::from(rest);
            let ticks = i64::try_from(ticks).ok()?;
            to.range(zone.is_some()).contains(&ticks).then_some(ticks)
        }
    }
}

/// Moments as timestamps, rounded down to microseconds. Dates and timestamps stay what they are.
pub fn micros(input: &Datum, clock: Clock) -> Datum {
    let dtype = match input.dtype() {
        Some(dtype @ DataType::TimestampOf { .. }) => dtype,
        _ => return input.clone(),
    };
    let Some((unit, zone)) = dtype.moment() else { return input.clone() };
    let zone = zone.filter(|_| clock == Clock::Local);
    match input {
        Datum::Value(Scalar::Ticks(ticks, _)) => {
            let (second, rest) = tick::local(*ticks, unit, zone);
            let rest = rest as i128 * i128::from(SECOND) / i128::from(unit.per_second());
            Datum::Value(Scalar::Timestamp(second.wrapping_mul(SECOND).wrapping_add(rest as i64)))
        }
        Datum::Array(array) => {
            let mut values = coarse(array.values::<i64>(), unit);
            if let Some(zone) = zone {
                let offsets = offsets_of(&values, array.validity(), zone);
                for (value, offset) in values.to_mut().iter_mut().zip(offsets.0) {
                    *value = value.wrapping_add(offset);
                }
            }
            let values = Values::from(values.into_owned());
            let validity = array.validity().cloned();
            Datum::Array(Array::typed(DataType::Timestamp, values.into(), validity))
        }
        Datum::Value(_) => input.clone(),
    }
}

/// Ticks as microseconds, rounded down. What stands below a null may be anything.
fn coarse(ticks: &[i64], unit: TimeUnit) -> Cow<'_, [i64]> {
    let times =
        |factor: i64| Cow::Owned(ticks.iter().map(|tick| tick.wrapping_mul(factor)).collect());
    match unit {
        TimeUnit::Second => times(SECOND),
        TimeUnit::Millisecond => times(1_000),
        TimeUnit::Microsecond => Cow::Borrowed(ticks),
        TimeUnit::Nanosecond => {
            Cow::Owned(ticks.iter().map(|tick| tick.div_euclid(FINEST)).collect())
        }
    }
}

/// Microseconds that a zone's clocks are ahead of UTC at each of some moments.
fn offsets_of(micros: &[i64], validity: Option<&Bitmap>, zone: &Zone) -> Offsets {
    let is_present = |row: usize| validity.is_none_or(|bits| bits.get(row));
    let seconds = |row: usize| micros[row].div_euclid(SECOND);
    let rows = || (0..micros.len()).filter(|row| is_present(*row)).map(seconds);
    let mut offsets = vec![0; micros.len()];
    let (Some(first), Some(last)) = (rows().min(), rows().max()) else { return Offsets(offsets) };
    let eras = zone.eras(first, last).expect("zoned moments are within the years of zones");
    let mut hint = 0;
    for (row, offset) in offsets.iter_mut().enumerate().filter(|(row, _)| is_present(*row)) {
        *offset = eras.offset(seconds(row), &mut hint) * SECOND;
    }
    Offsets(offsets)
}

/// Nanoseconds of each row below its microsecond; `None` where the type has none.
pub fn rests(input: &Datum, len: usize) -> Option<Vec<i64>> {
    match input.dtype()?.moment()? {
        (TimeUnit::Nanosecond, _) => {
            let ticks = input.values::<i64>();
            Some((0..len).map(|row| ticks.get(row).rem_euclid(FINEST)).collect())
        }
        _ => None,
    }
}

/// The offsets of the clocks of zoned moments, from what [`micros`] gave of both clocks.
pub fn offsets(utc: &Datum, local: &Datum, len: usize) -> Offsets {
    let (utc, local) = (utc.values::<i64>(), local.values::<i64>());
    Offsets((0..len).map(|row| local.get(row).wrapping_sub(utc.get(row))).collect())
}

/// Timestamps as moments of a type.
///
/// Nulls: null stays null.
/// Errors: `Overflow` beyond the type, `BadCast` as `reading` says; null instead with `is_try`.
pub fn rebuilt(
    micros: Datum,
    rests: Option<&[i64]>,
    dtype: &DataType,
    reading: Reading<'_>,
    is_try: bool,
    len: usize,
) -> Result<Datum> {
    if micros.is_null_value() {
        return Ok(micros);
    }
    let micros = micros.into_array(&DataType::Timestamp, len);
    let Some((unit, zone)) = dtype.moment() else { return Ok(Datum::Array(micros)) };
    let values = micros.values::<i64>();
    let mut buffer = MutableBuffer::zeroed::<i64>(len);
    let mut misfits = Vec::new();
    for (row, out) in buffer.as_mut_slice::<i64>().iter_mut().enumerate() {
        if !micros.is_valid(row) {
            continue;
        }
        let moment = match zone {
            None => Ok(values[row]),
            Some(zone) => read(values[row], zone, reading, row),
        };
        let rest = rests.map_or(0, |rests| rests[row]);
        let ticks = moment.and_then(|moment| {
            ticks_of(moment, rest, unit, zone.is_some())
                .ok_or_else(|| overflow(&timestamp_text(moment), &dtype.name()))
        });
        match ticks {
            Ok(ticks) => *out = ticks,
            Err(_) if is_try => misfits.push(row),
            Err(error) => return Err(error),
        }
    }
    let validity = without(micros.validity().cloned(), len, &misfits);
    let data = ArrayData::Int64(Values::new(buffer.freeze()));
    Ok(Datum::Array(Array::typed(dtype.clone(), data, validity)))
}

/// A moment in ticks of a unit, into which its microseconds go.
fn ticks_of(micros: i64, rest: i64, unit: TimeUnit, is_zoned: bool) -> Option<i64> {
    let ticks = match unit {
        TimeUnit::Second => micros / SECOND,
        TimeUnit::Millisecond => micros / 1_000,
        TimeUnit::Microsecond => micros,
        // The microseconds may lie below the range that the rest brings them back into.
        TimeUnit::Nanosecond => {
            let ticks = i128::from(micros) * i128::from(FINEST) + i128::from(rest);
            i64::try_from(ticks).ok()?
        }
    };
    unit.range(is_zoned).contains(&ticks).then_some(ticks)
}

/// The moment that clocks of a zone show so.
fn read(micros: i64, zone: &Zone, reading: Reading<'_>, row: usize) -> Result<i64> {
    if let Reading::None = reading {
        return Ok(micros);
    }
    let (local, rest) = (micros.div_euclid(SECOND), micros.rem_euclid(SECOND));
    let at = |second: i64| Ok(second.saturating_mul(SECOND).saturating_add(rest));
    match (zone.of_local(local), reading) {
        (Moment::One(second), _) => at(second),
        (Moment::Fold(early, _), Reading::Start) => at(early),
        (Moment::Gap(early, late), Reading::Start) => {
            Ok(border(zone, early, late).saturating_mul(SECOND))
        }
        (Moment::Fold(early, late), Reading::Moved(offsets, _))
            if [early, late].contains(&(local - offsets.0[row] / SECOND)) =>
        {
            at(local - offsets.0[row] / SECOND)
        }
        (moment, Reading::Moved(_, name)) => {
            let why = match moment {
                Moment::Gap(..) => "is skipped by the clocks",
                _ => "is shown twice by the clocks",
            };
            let text = timestamp_text(micros);
            Err(Error::new(
                ErrorKind::BadCast,
                format!("{name} gives {text}, which {why} of {}", { zone.name() }),
            )
            .hint(format!("try_{name} gives null there; hours have a fixed length")))
        }
        (_, Reading::None) => Ok(micros),
    }
}

/// The second between two at which a zone's clocks change; `early` is before it.
fn border(zone: &Zone, mut early: i64, mut late: i64) -> i64 {
    let before = zone.offset(early);
    while early + 1 < late {
        let middle = early + (late - early) / 2;
        match zone.offset(middle) == before {
            true => early = middle,
            false => late = middle,
        }
    }
    late
}

impl Offsets {
    /// Seconds that clocks are ahead of UTC in a row.
    pub fn seconds(&self, row: usize) -> i64 {
        self.0[row] / SECOND
    }

    /// Local times without the offsets.
    pub fn taken_from(&self, local: Datum, len: usize) -> Datum {
        self.applied(local, len, i64::wrapping_sub)
    }

    /// Moments with the offsets.
    pub fn added_to(&self, utc: Datum, len: usize) -> Datum {
        self.applied(utc, len, i64::wrapping_add)
    }

    fn applied(&self, input: Datum, len: usize, apply: fn(i64, i64) -> i64) -> Datum {
        let array = input.into_array(&DataType::Timestamp, len);
        let values = array.values::<i64>().iter().zip(&self.0);
        let values: Vec<i64> = values.map(|(value, offset)| apply(*value, *offset)).collect();
        let data = ArrayData::Int64(Values::from(values));
        Datum::Array(Array::typed(DataType::Timestamp, data, array.validity().cloned()))
    }
}

/// `b` a microsecond nearer to `a` where the nanoseconds below them leave less than a whole one.
pub fn nearer(a: &Datum, b: Datum, (of_a, of_b): (&[i64], &[i64]), len: usize) -> Datum {
    let b = b.into_array(&DataType::Timestamp, len);
    let from = a.values::<i64>();
    let values = b.values::<i64>().iter().enumerate().map(|(row, to)| {
        let (a, b) = ((from.get(row), of_a[row]), (*to, of_b[row]));
        match () {
            () if a.0 < b.0 && a.1 > b.1 => to - 1,
            () if a.0 > b.0 && a.1 < b.1 => to + 1,
            () => *to,
        }
    });
    let data = ArrayData::Int64(Values::from(values.collect::<Vec<i64>>()));
    Datum::Array(Array::typed(DataType::Timestamp, data, b.validity().cloned()))
}
