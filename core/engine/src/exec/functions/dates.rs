//! Functions of dates and times.

use super::{Call, Constants, moments, null};
use crate::bytes::pattern::{Pattern, Purpose};
use crate::bytes::zone::Zone;
use crate::column::Scalar;
use crate::error::Result;
use crate::exec::kernels::Datum;
use crate::exec::kernels::dates::parts::{ClockPart, DayPart};
use crate::exec::kernels::dates::spans::Move;
use crate::exec::kernels::dates::text::Reader;
use crate::exec::kernels::dates::{
    business, difference, epoch, make, names, parts, spans, text, truncate, zones,
};
use crate::plan::functions::{DateFunction as F, holidays};
use crate::plan::unit::{Unclear, Unit};

pub(super) fn prepare(function: F, literals: &[Option<Scalar>]) -> Constants {
    let text = |index: usize| match &literals[index] {
        Some(Scalar::Utf8(text)) => text.as_str(),
        other => panic!("a literal of {} is {other:?}", function.name()),
    };
    let unit = |index| Unit::from_name(text(index)).expect("units are checked when bound");
    let pattern =
        |purpose| Pattern::new(text(1), purpose).expect("patterns are checked when bound");
    match function {
        F::DateTrunc | F::DateDiff | F::DateAge => Constants::Unit(unit(0)),
        F::DateAdd | F::DateSub | F::TryDateAdd | F::TryDateSub => Constants::Unit(unit(2)),
        F::Strftime => Constants::Pattern(pattern(Purpose::WriteZoned)),
        F::ParseDate | F::TryParseDate => {
            Constants::Reader(Reader::new(pattern(Purpose::ReadDate)))
        }
        F::ParseTimestamp | F::TryParseTimestamp => {
            Constants::Reader(Reader::new(pattern(Purpose::ReadTimestamp)))
        }
        F::BusinessDays => {
            let text = literals[2].as_ref().map_or("", |_| text(2));
            Constants::Holidays(holidays(text).expect("holidays are checked when bound"))
        }
        F::TimeZoneOffset => Constants::Zone(zone(text(0))),
        F::AtTimeZone => {
            let unclear = literals[2].as_ref().map(|_| text(2)).and_then(Unclear::from_name);
            Constants::Zones(zone(text(1)), Zone::utc(), unclear.unwrap_or(Unclear::Error))
        }
        F::ConvertTimeZone => {
            let unclear = literals[3].as_ref().map(|_| text(3)).and_then(Unclear::from_name);
            Constants::Zones(zone(text(0)), zone(text(1)), unclear.unwrap_or(Unclear::Error))
        }
        _ => Constants::None,
    }
}

fn zone(name: &str) -> Zone {
    Zone::named(name).expect("zones are checked when bound")
}

pub(super) fn run(function: F, call: &Call<'_>) -> Result<Datum> {
    match call.has_null_value() {
        true => Ok(null()),
        false if moments::is_asked(call) => moments::run(function, call),
        false => plain(function, call),
    }
}

/// Over dates and timestamps.
pub(super) fn plain(function: F, call: &Call<'_>) -> Result<Datum> {
    let Call { operands, len, level, .. } = *call;
    let input = &operands[0];
    let day = |part| parts::of_day(part, input, len, level);
    let clock = |part| parts::of_clock(part, input, len, level);
    let since = |unit| epoch::since(unit, input, len, level);
    let at = |unit, is_try| epoch::timestamp_at(unit, input, is_try, len, level);
    let shift = |is_back, is_try| {
        let how = Move { unit: unit_of(call), is_back, is_try };
        spans::shift(how, input, &operands[1], len, level)
    };
    match function {
        F::Year => day(DayPart::Year),
        F::Quarter => day(DayPart::Quarter),
        F::Month => day(DayPart::Month),
        F::Day => day(DayPart::Day),
        F::DayOfWeek => day(DayPart::DayOfWeek),
        F::DayOfYear => day(DayPart::DayOfYear),
        F::Week => day(DayPart::Week),
        F::IsoYear => day(DayPart::IsoYear),
        F::DaysInMonth => day(DayPart::DaysInMonth),
        F::IsLeapYear => parts::is_leap_year(input, len, level),
        F::Hour => clock(ClockPart::Hour),
        F::Minute => clock(ClockPart::Minute),
        F::Second => clock(ClockPart::Second),
        F::Millisecond => clock(ClockPart::Millisecond),
        F::Microsecond => clock(ClockPart::Microsecond),
        F::MonthName => names::month(input, len, level),
        F::DayName => names::day(input, len, level),
        F::DateTrunc => truncate::truncate(unit_of(call), &operands[1], len, level),
        F::DateAdd => shift(false, false),
        F::DateSub => shift(true, false),
        F::TryDateAdd => shift(false, true),
        F::TryDateSub => shift(true, true),
        F::DateDiff => difference::borders(unit_of(call), &operands[1], &operands[2], len, level),
        F::DateAge => difference::whole(unit_of(call), &operands[1], &operands[2], len, level),
        F::MakeDate => make::date(operands, false, len),
        F::TryMakeDate => make::date(operands, true, len),
        F::MakeTimestamp => make::timestamp(operands, false, len),
        F::TryMakeTimestamp => make::timestamp(operands, true, len),
        F::EpochDays => since(Unit::Day),
        F::EpochS => since(Unit::Second),
        F::EpochMs => since(Unit::Millisecond),
        F::EpochUs => since(Unit::Microsecond),
        F::FromEpochDays => epoch::date_at(input, false, len, level),
        F::FromEpochS => at(Unit::Second, false),
        F::FromEpochMs => at(Unit::Millisecond, false),
        F::FromEpochUs => at(Unit::Microsecond, false),
        F::TryFromEpochDays => epoch::date_at(input, true, len, level),
        F::TryFromEpochS => at(Unit::Second, true),
        F::TryFromEpochMs => at(Unit::Millisecond, true),
        F::Strftime => match call.constants {
            Constants::Pattern(pattern) => text::format(pattern, input, None, len),
            _ => panic!("the pattern of strftime was not prepared"),
        },
        F::ParseDate => reader(call).dates(&call.array(0), false, level),
        F::TryParseDate => reader(call).dates(&call.array(0), true, level),
        F::ParseTimestamp => reader(call).timestamps(&call.array(0), false, level),
        F::TryParseTimestamp => reader(call).timestamps(&call.array(0), true, level),
        F::BusinessDays => match call.constants {
            Constants::Holidays(holidays) => {
                business::business_days(input, &operands[1], holidays, len, level)
            }
            _ => panic!("the holidays were not prepared"),
        },
        F::ConvertTimeZone => match call.constants {
            Constants::Zones(from, to, unclear) => {
                zones::convert((from, to), *unclear, &operands[2], len)
            }
            _ => panic!("the zones were not prepared"),
        },
        F::AtTimeZone => panic!("a zone makes moments of other types"),
        F::TimeZoneOffset => match call.constants {
            Constants::Zone(zone) => zones::offset(zone, &operands[1], len),
            _ => panic!("the zone was not prepared"),
        },
    }
}

fn unit_of(call: &Call<'_>) -> Unit {
    match call.constants {
        Constants::Unit(unit) => *unit,
        _ => panic!("the unit was not prepared"),
    }
}

fn reader<'a>(call: &Call<'a>) -> &'a Reader {
    match call.constants {
        Constants::Reader(reader) => reader,
        _ => panic!("the pattern was not prepared"),
    }
}
