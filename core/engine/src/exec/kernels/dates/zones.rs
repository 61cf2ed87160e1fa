//! `convert_time_zone` and `time_zone_offset`.

use super::{Datum, int64s, null, overflow, timestamp_text, timestamps, without};
use crate::bytes::zone::{Eras, Moment, Zone};
use crate::column::{Bitmap, MutableBuffer, Values};
use crate::error::{Error, ErrorKind, Result};
use crate::exec::kernels::Operand;
use crate::plan::unit::Unclear;

const SECOND: i64 = 1_000_000;

/// What clocks of a zone show when those of another show `input`.
///
/// Nulls: a null operand gives null.
/// Errors: `BadCast` for a time that the first zone's clocks skip or show twice, where `unclear`
/// says so; `Overflow` beyond the years that zones are known for.
pub fn convert(
    (from, to): (&Zone, &Zone),
    unclear: Unclear,
    input: &Datum,
    len: usize,
) -> Result<Datum> {
    let Some(rows) = Rows::of(input, len)? else { return Ok(null()) };
    let Some((first, last)) = rows.bounds() else { return Ok(input.clone()) };
    let eras = from.eras(first, last).ok_or_else(|| rows.beyond())?;
    let target = to.eras(first - DAY, last + DAY).ok_or_else(|| rows.beyond())?;
    let mut buffer = MutableBuffer::zeroed::<i64>(len);
    let (mut misfits, mut hints) = (Vec::new(), (0, 0));
    for (row, out) in buffer.as_mut_slice::<i64>().iter_mut().enumerate() {
        if !rows.is_valid(row) {
            continue;
        }
        let local = rows.ticks.get(row).div_euclid(SECOND);
        let second = match (eras.of_local(local, &mut hints.0), unclear) {
            (Moment::One(second), _) => second,
            (Moment::Gap(early, _) | Moment::Fold(early, _), Unclear::Earliest) => early,
            (Moment::Gap(_, late) | Moment::Fold(_, late), Unclear::Latest) => late,
            (_, Unclear::Null) => {
                misfits.push(row);
                continue;
            }
            (moment, Unclear::Error) => return Err(rows.unclear(row, moment, from)),
        };
        let offset = target.offset(second, &mut hints.1);
        *out = rows.ticks.get(row) + (second - local + offset) * SECOND;
    }
    let validity = without(rows.validity, len, &misfits);
    Ok(timestamps(Values::new(buffer.freeze()), validity))
}

/// Seconds east of UTC that clocks of a zone show at a timestamp in UTC.
///
/// Nulls: a null operand gives null.
/// Errors: `Overflow` beyond the years that zones are known for.
pub fn offset(zone: &Zone, input: &Datum, len: usize) -> Result<Datum> {
    let Some(rows) = Rows::of(input, len)? else { return Ok(null()) };
    let (first, last) = rows.bounds().unwrap_or((0, 0));
    let eras: Eras = zone.eras(first, last).ok_or_else(|| rows.beyond())?;
    let (mut buffer, mut hint) = (MutableBuffer::zeroed::<i64>(len), 0);
    for (row, out) in buffer.as_mut_slice::<i64>().iter_mut().enumerate() {
        if rows.is_valid(row) {
            *out = eras.offset(rows.ticks.get(row).div_euclid(SECOND), &mut hint);
        }
    }
    Ok(int64s(Values::new(buffer.freeze()), rows.validity))
}

/// Seconds that a local time may be away from the moment it stands for, and more.
const DAY: i64 = 86_400;

struct Rows<'a> {
    ticks: Operand<'a, i64>,
    validity: Option<Bitmap>,
    len: usize,
}

impl Rows<'_> {
    fn of(input: &Datum, len: usize) -> Result<Option<Rows<'_>>> {
        if input.is_null_value() {
            return Ok(None);
        }
        Ok(Some(Rows { ticks: input.values::<i64>(), validity: input.validity().cloned(), len }))
    }

    fn is_valid(&self, row: usize) -> bool {
        self.validity.as_ref().is_none_or(|bits| bits.get(row))
    }

    /// First and last second of the values; `None` where there is none.
    fn bounds(&self) -> Option<(i64, i64)> {
        let rows = (0..self.len).filter(|row| self.is_valid(*row));
        rows.map(|row| self.ticks.get(row).div_euclid(SECOND)).fold(None, |bounds, second| {
            let (first, last) = bounds.unwrap_or((second, second));
            Some((first.min(second), last.max(second)))
        })
    }

    /// The error for the value that is farthest away.
    fn beyond(&self) -> Error {
        let rows = (0..self.len).filter(|row| self.is_valid(*row));
        let far = rows.map(|row| self.ticks.get(row)).max_by_key(|ticks| ticks.unsigned_abs());
        let text = timestamp_text(far.unwrap_or(0));
        overflow(&text, "the years -9999 to 9999, which time zones are known for")
    }

    fn unclear(&self, row: usize, moment: Moment, zone: &Zone) -> Error {
        let why = match moment {
            Moment::Gap(..) => "is skipped by the clocks",
            _ => "is shown twice by the clocks",
        };
        let text = timestamp_text(self.ticks.get(row));
        Error::new(ErrorKind::BadCast, format!("{text} {why} of {}", zone.name()))
            .hint("'earliest', 'latest' or 'null' as the last operand says what to do")
    }
}
