//! What functions of dates and times say of their literal operands before anything runs.

use super::Misfit;
use crate::bytes::pattern::{Pattern, Purpose};
use crate::bytes::tick::TimeUnit;
use crate::bytes::zone::Zone;
use crate::bytes::{civil, quotient};
use crate::column::{DataType, Scalar};
use crate::error::{Error, ErrorKind, nearest};
use crate::plan::literal::unknown_zone;
use crate::plan::unit::{Length, Unclear, Unit};

/// The unit that a literal names.
fn unit(literal: &Option<Scalar>, operand: usize) -> Result<Option<Unit>, Misfit> {
    let Some(Scalar::Utf8(name)) = literal else { return Ok(None) };
    if let Some(unit) = Unit::from_name(name) {
        return Ok(Some(unit));
    }
    let error = Error::mismatch(ErrorKind::InvalidArgument, "a unit of time", format!("{name:?}"));
    let names = || Unit::ALL.iter().map(|unit| unit.name());
    let error = match nearest(name, names()) {
        Some(near) => error.hint(format!("did you mean {near:?}?")),
        None => error.hint(format!("the units are {}", names().collect::<Vec<_>>().join(", "))),
    };
    Err(Misfit { operand, error })
}

pub(super) fn check_unit(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    unit(&literals[0], 0).map(|_| ())
}

pub(super) fn check_trunc(literals: &[Option<Scalar>], types: &[DataType]) -> Result<(), Misfit> {
    of_days(unit(&literals[0], 0)?, types.get(1), 0)
}

pub(super) fn check_span(literals: &[Option<Scalar>], types: &[DataType]) -> Result<(), Misfit> {
    let unit = unit(&literals[2], 2)?;
    within_ticks(unit, types.first(), 2)?;
    of_days(unit, types.first(), 2)
}

/// A date takes units of days only.
fn of_days(unit: Option<Unit>, dtype: Option<&DataType>, operand: usize) -> Result<(), Misfit> {
    match unit {
        Some(unit) if dtype == Some(&DataType::Date) && !unit.is_of_days() => {
            let error = Error::mismatch(
                ErrorKind::InvalidArgument,
                "a unit of a day or more for a date",
                format!("{:?}", unit.name()),
            );
            Err(Misfit { operand, error: error.hint("cast the date to timestamp") })
        }
        _ => Ok(()),
    }
}

/// Seconds take no milliseconds: a moment moves by units that its type can say.
fn within_ticks(
    unit: Option<Unit>,
    dtype: Option<&DataType>,
    operand: usize,
) -> Result<(), Misfit> {
    let (Some(unit), Some((of_type, _))) = (unit, dtype.and_then(DataType::moment)) else {
        return Ok(());
    };
    match unit.length() {
        Length::Microseconds(length) if length * of_type.per_second() < 1_000_000 => {
            let error = Error::mismatch(
                ErrorKind::InvalidArgument,
                format!("a unit that {} can say", DataType::timestamp(of_type, None)),
                format!("{:?}", unit.name()),
            );
            Err(Misfit { operand, error: error.hint("cast the value to timestamp") })
        }
        _ => Ok(()),
    }
}

pub(super) fn check_write(literals: &[Option<Scalar>], types: &[DataType]) -> Result<(), Misfit> {
    match types.first() {
        Some(DataType::Date) => check_pattern(literals, Purpose::WriteDate),
        Some(zoned) if zoned.is_zoned() => check_pattern(literals, Purpose::WriteZoned),
        // Names are not resolved yet: what a zone allows is allowed.
        None => check_pattern(literals, Purpose::WriteZoned),
        _ => check_pattern(literals, Purpose::WriteTimestamp),
    }
}

pub(super) fn check_read_date(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    check_pattern(literals, Purpose::ReadDate)
}

pub(super) fn check_read_timestamp(
    literals: &[Option<Scalar>],
    _: &[DataType],
) -> Result<(), Misfit> {
    check_pattern(literals, Purpose::ReadTimestamp)
}

pub(super) fn check_pattern(literals: &[Option<Scalar>], purpose: Purpose) -> Result<(), Misfit> {
    let Some(Scalar::Utf8(text)) = &literals[1] else { return Ok(()) };
    match Pattern::new(text, purpose) {
        Ok(_) => Ok(()),
        Err((flaw, hint)) => {
            let error = Error::new(ErrorKind::InvalidArgument, flaw).hint(hint);
            Err(Misfit { operand: 1, error })
        }
    }
}

pub(super) fn check_zone(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    zone(&literals[0], 0)
}

pub(super) fn check_zones(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    zone(&literals[0], 0)?;
    zone(&literals[1], 1)?;
    unclear(&literals[3], 3)
}

pub(super) fn check_at_zone(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    zone(&literals[1], 1)?;
    unclear(&literals[2], 2)
}

fn unclear(literal: &Option<Scalar>, operand: usize) -> Result<(), Misfit> {
    match literal {
        Some(Scalar::Utf8(name)) if Unclear::from_name(name).is_none() => {
            let names: Vec<&str> = Unclear::ALL.iter().map(|choice| choice.name()).collect();
            Err(Misfit::value(operand, names.join(", "), format!("{name:?}")))
        }
        _ => Ok(()),
    }
}

/// The days that a list names, `2024-12-25 2024-12-26`, in order, without those of weekends; the
/// first word that is no date.
pub fn holidays(text: &str) -> Result<Vec<i32>, String> {
    let day = |word: &str| civil::parse_date(word.as_bytes()).ok_or_else(|| word.to_owned());
    let mut days = text.split_ascii_whitespace().map(day).collect::<Result<Vec<i32>, String>>()?;
    days.retain(|day| quotient::weekday(*day) <= 5);
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

pub(super) fn check_holidays(literals: &[Option<Scalar>], _: &[DataType]) -> Result<(), Misfit> {
    let Some(Scalar::Utf8(text)) = &literals[2] else { return Ok(()) };
    holidays(text).map(|_| ()).map_err(|word| {
        let error = Error::mismatch(
            ErrorKind::InvalidArgument,
            "dates with blanks between, as '2024-12-25 2024-12-26'",
            format!("{word:?}"),
        );
        Misfit { operand: 2, error }
    })
}

/// The type of `parse_timestamp`.
pub(super) fn read_type(_: &[DataType], literals: &[Option<Scalar>]) -> Option<DataType> {
    let has_offset = match literals.get(1) {
        Some(Some(Scalar::Utf8(text))) => {
            Pattern::new(text, Purpose::ReadTimestamp).is_ok_and(|pattern| pattern.has_offset())
        }
        _ => false,
    };
    Some(DataType::timestamp(TimeUnit::Microsecond, has_offset.then(Zone::utc)))
}

/// The type of `at_time_zone`.
pub(super) fn zoned(types: &[DataType], literals: &[Option<Scalar>]) -> Option<DataType> {
    let (unit, zone) = types[0].moment()?;
    let Some(Some(Scalar::Utf8(name))) = literals.get(1) else { return None };
    Some(DataType::timestamp(unit, Zone::named(name).filter(|_| zone.is_none())))
}

fn zone(literal: &Option<Scalar>, operand: usize) -> Result<(), Misfit> {
    let Some(Scalar::Utf8(name)) = literal else { return Ok(()) };
    if Zone::named(name).is_some() {
        return Ok(());
    }
    Err(Misfit { operand, error: unknown_zone(name) })
}
