//! The functions of this folder against other engines, and at their edges.

use super::difference::{borders, whole};
use super::parts::{ClockPart, DayPart, of_clock, of_day};
use super::spans::{Move, shift};
use super::text::{Reader, format};
use super::truncate::truncate;
use super::*;
use crate::bytes::pattern::{Pattern, Purpose};
use crate::column::ArrayBuilder;
use crate::plan::unit::Unit;

/// Enough rows for whole vectors and a rest.
const ROWS: usize = 70;

fn ticks(text: &str) -> i64 {
    civil::parse_timestamp(text.as_bytes()).expect(text)
}

/// The same timestamp in many rows, and null in the last.
fn timestamps_of(text: &str) -> Datum {
    let mut builder = ArrayBuilder::new(DataType::Timestamp, ROWS);
    for _ in 1..ROWS {
        builder.push(&Scalar::Timestamp(ticks(text))).expect("a timestamp");
    }
    builder.push_null();
    Datum::Array(builder.finish())
}

/// As `timestamps_of`, of the day.
fn dates_of(text: &str) -> Datum {
    let mut builder = ArrayBuilder::new(DataType::Date, ROWS);
    for _ in 1..ROWS {
        let days = civil::parse_date(&text.as_bytes()[..10]).expect(text);
        builder.push(&Scalar::Date(days)).expect("a date");
    }
    builder.push_null();
    Datum::Array(builder.finish())
}

/// The value of all rows but the last, which is null.
fn value(result: Result<Datum>) -> Scalar {
    let Datum::Array(array) = result.expect("a result") else { panic!("values for each row") };
    assert_eq!(array.len(), ROWS);
    assert!(!array.is_valid(ROWS - 1));
    for row in 1..ROWS - 1 {
        assert_eq!(array.scalar(row), array.scalar(0));
    }
    array.scalar(0)
}

fn levels() -> impl Iterator<Item = Level> {
    Level::ALL.iter().copied().filter(|level| *level <= Level::supported())
}

const DAY_PARTS: [DayPart; 9] = [
    DayPart::Year,
    DayPart::Quarter,
    DayPart::Month,
    DayPart::Day,
    DayPart::DayOfWeek,
    DayPart::DayOfYear,
    DayPart::Week,
    DayPart::IsoYear,
    DayPart::DaysInMonth,
];
const CLOCK_PARTS: [ClockPart; 5] = [
    ClockPart::Hour,
    ClockPart::Minute,
    ClockPart::Second,
    ClockPart::Millisecond,
    ClockPart::Microsecond,
];

/// Expected: DuckDB 1.5.6.
#[test]
fn parts_are_those_of_duckdb() {
    for (text, expected) in [
        ("1970-01-01T00:00:00", [1970, 1, 1, 1, 4, 1, 1, 1970, 31, 0, 0, 0, 0, 0]),
        (
            "1969-12-31T23:59:59.999999",
            [1969, 4, 12, 31, 3, 365, 1, 1970, 31, 23, 59, 59, 999, 999999],
        ),
        (
            "2024-02-29T12:34:56.789012",
            [2024, 1, 2, 29, 4, 60, 9, 2024, 29, 12, 34, 56, 789, 789012],
        ),
        ("2023-12-31T23:00:00", [2023, 4, 12, 31, 7, 365, 52, 2023, 31, 23, 0, 0, 0, 0]),
        ("2024-12-30T00:00:01", [2024, 4, 12, 30, 1, 365, 1, 2025, 31, 0, 0, 1, 0, 0]),
        ("2021-01-03T05:06:07.000008", [2021, 1, 1, 3, 7, 3, 53, 2020, 31, 5, 6, 7, 0, 8]),
        ("1900-03-01T00:00:00.5", [1900, 1, 3, 1, 4, 60, 9, 1900, 31, 0, 0, 0, 500, 500000]),
        ("0001-01-01T00:00:00", [1, 1, 1, 1, 1, 1, 1, 1, 31, 0, 0, 0, 0, 0]),
        (
            "9999-12-31T23:59:59.999999",
            [9999, 4, 12, 31, 5, 365, 52, 9999, 31, 23, 59, 59, 999, 999999],
        ),
        ("2000-02-29T00:00:00", [2000, 1, 2, 29, 2, 60, 9, 2000, 29, 0, 0, 0, 0, 0]),
        ("1582-10-15T11:11:11.1", [1582, 4, 10, 15, 5, 288, 41, 1582, 31, 11, 11, 11, 100, 100000]),
        ("2020-12-31T12:00:00", [2020, 4, 12, 31, 4, 366, 53, 2020, 31, 12, 0, 0, 0, 0]),
    ] {
        for level in levels() {
            let (input, days) = (timestamps_of(text), dates_of(text));
            for (part, expected) in DAY_PARTS.into_iter().zip(expected) {
                let expected = Scalar::Int64(expected);
                assert_eq!(value(of_day(part, &input, ROWS, level)), expected, "{text} {part:?}");
                assert_eq!(value(of_day(part, &days, ROWS, level)), expected, "{text} {part:?}");
            }
            for (part, expected) in CLOCK_PARTS.into_iter().zip(&expected[DAY_PARTS.len()..]) {
                let found = value(of_clock(part, &input, ROWS, level));
                assert_eq!(found, Scalar::Int64(*expected), "{text} {part:?}");
            }
        }
    }
}

/// Expected: DuckDB 1.5.6.
#[test]
fn starts_of_units_are_those_of_duckdb() {
    for (text, unit, expected) in [
        ("1969-12-31T23:59:59.999999", "year", "1969-01-01T00:00:00"),
        ("1969-12-31T23:59:59.999999", "quarter", "1969-10-01T00:00:00"),
        ("1969-12-31T23:59:59.999999", "month", "1969-12-01T00:00:00"),
        ("1969-12-31T23:59:59.999999", "week", "1969-12-29T00:00:00"),
        ("1969-12-31T23:59:59.999999", "day", "1969-12-31T00:00:00"),
        ("1969-12-31T23:59:59.999999", "hour", "1969-12-31T23:00:00"),
        ("1969-12-31T23:59:59.999999", "minute", "1969-12-31T23:59:00"),
        ("1969-12-31T23:59:59.999999", "second", "1969-12-31T23:59:59"),
        ("1969-12-31T23:59:59.999999", "millisecond", "1969-12-31T23:59:59.999000"),
        ("2024-05-29T12:34:56.789012", "year", "2024-01-01T00:00:00"),
        ("2024-05-29T12:34:56.789012", "quarter", "2024-04-01T00:00:00"),
        ("2024-05-29T12:34:56.789012", "month", "2024-05-01T00:00:00"),
        ("2024-05-29T12:34:56.789012", "week", "2024-05-27T00:00:00"),
        ("2024-05-29T12:34:56.789012", "day", "2024-05-29T00:00:00"),
        ("2024-05-29T12:34:56.789012", "hour", "2024-05-29T12:00:00"),
        ("2024-05-29T12:34:56.789012", "minute", "2024-05-29T12:34:00"),
        ("2024-05-29T12:34:56.789012", "second", "2024-05-29T12:34:56"),
        ("2024-05-29T12:34:56.789012", "millisecond", "2024-05-29T12:34:56.789000"),
        ("2021-01-03T05:06:07.000008", "year", "2021-01-01T00:00:00"),
        ("2021-01-03T05:06:07.000008", "quarter", "2021-01-01T00:00:00"),
        ("2021-01-03T05:06:07.000008", "month", "2021-01-01T00:00:00"),
        ("2021-01-03T05:06:07.000008", "week", "2020-12-28T00:00:00"),
        ("2021-01-03T05:06:07.000008", "day", "2021-01-03T00:00:00"),
        ("2021-01-03T05:06:07.000008", "hour", "2021-01-03T05:00:00"),
        ("2021-01-03T05:06:07.000008", "minute", "2021-01-03T05:06:00"),
        ("2021-01-03T05:06:07.000008", "second", "2021-01-03T05:06:07"),
        ("2021-01-03T05:06:07.000008", "millisecond", "2021-01-03T05:06:07"),
    ] {
        let named = Unit::from_name(unit).expect(unit);
        for level in levels() {
            let found = value(truncate(named, &timestamps_of(text), ROWS, level));
            assert_eq!(found, Scalar::Timestamp(ticks(expected)), "{text} {unit}");
            if named.is_of_days() {
                let days = civil::parse_date(&expected.as_bytes()[..10]).expect(expected);
                let found = value(truncate(named, &dates_of(text), ROWS, level));
                assert_eq!(found, Scalar::Date(days), "{text} {unit}");
            }
        }
    }
}

/// Expected: DuckDB 1.5.6, `+ n * interval 1 unit`.
#[test]
fn moved_values_are_those_of_duckdb() {
    for (text, count, unit, expected) in [
        ("2024-01-31T01:02:03", 1, "month", "2024-02-29T01:02:03"),
        ("2023-01-31T01:02:03", 1, "month", "2023-02-28T01:02:03"),
        ("2024-03-31T00:00:00", -1, "month", "2024-02-29T00:00:00"),
        ("2024-02-29T12:00:00", 1, "year", "2025-02-28T12:00:00"),
        ("2024-02-29T12:00:00", -4, "year", "2020-02-29T12:00:00"),
        ("2024-11-30T00:00:00", 1, "quarter", "2025-02-28T00:00:00"),
        ("1970-01-01T00:00:00", -1, "month", "1969-12-01T00:00:00"),
        ("2024-02-28T23:59:59.5", 1, "day", "2024-02-29T23:59:59.500000"),
        ("2024-02-28T23:59:59.5", -9, "week", "2023-12-27T23:59:59.500000"),
        ("2024-02-28T23:59:59.5", 25, "hour", "2024-03-01T00:59:59.500000"),
        ("2024-02-28T23:59:59.5", -100000, "minute", "2023-12-21T13:19:59.500000"),
        ("2024-02-28T23:59:59.5", 1, "second", "2024-02-29T00:00:00.500000"),
        ("2024-02-28T23:59:59.5", -1500, "millisecond", "2024-02-28T23:59:58"),
        ("1970-01-01T00:00:00", -1, "microsecond", "1969-12-31T23:59:59.999999"),
        ("2000-01-31T00:00:00", -25, "month", "1997-12-31T00:00:00"),
        ("0001-01-31T00:00:00", 13, "month", "0002-02-28T00:00:00"),
    ] {
        let unit = Unit::from_name(unit).expect(unit);
        for level in levels() {
            for (count, is_back) in [(count, false), (-count, true)] {
                let how = Move { unit, is_back, is_try: false };
                let count = Datum::Value(Scalar::Int64(count));
                let found = value(shift(how, &timestamps_of(text), &count, ROWS, level));
                assert_eq!(found, Scalar::Timestamp(ticks(expected)), "{text} {unit:?}");
                if unit.is_of_days() {
                    let days = civil::parse_date(&expected.as_bytes()[..10]).expect(expected);
                    let found = value(shift(how, &dates_of(text), &count, ROWS, level));
                    assert_eq!(found, Scalar::Date(days), "{text} {unit:?}");
                }
            }
        }
    }
}

/// Expected: DuckDB 1.5.6, `date_diff` and `date_sub`; weeks of `date_diff` by Python 3.11, from
/// Monday to Monday, where DuckDB counts spans of seven days.
#[test]
fn differences_are_those_of_duckdb() {
    for (from, to, crossed, lived) in [
        (
            "2023-12-31T23:59:59",
            "2024-01-01T00:00:00",
            [1, 1, 1, 1, 1, 1, 1, 1, 1000, 1000000],
            [0, 0, 0, 0, 0, 0, 0, 1, 1000, 1000000],
        ),
        (
            "2024-01-31T12:00:00",
            "2024-02-29T11:59:59",
            [0, 0, 1, 4, 29, 695, 41759, 2505599, 2505599000, 2505599000000],
            [0, 0, 0, 4, 28, 695, 41759, 2505599, 2505599000, 2505599000000],
        ),
        (
            "2024-01-31T12:00:00",
            "2024-02-29T12:00:00",
            [0, 0, 1, 4, 29, 696, 41760, 2505600, 2505600000, 2505600000000],
            [0, 0, 1, 4, 29, 696, 41760, 2505600, 2505600000, 2505600000000],
        ),
        (
            "2024-02-29T00:00:00",
            "2023-02-28T00:00:00",
            [-1, -4, -12, -52, -366, -8784, -527040, -31622400, -31622400000, -31622400000000],
            [-1, -4, -12, -52, -366, -8784, -527040, -31622400, -31622400000, -31622400000000],
        ),
        (
            "2024-01-07T00:00:00",
            "2024-01-08T00:00:00",
            [0, 0, 0, 1, 1, 24, 1440, 86400, 86400000, 86400000000],
            [0, 0, 0, 0, 1, 24, 1440, 86400, 86400000, 86400000000],
        ),
        (
            "1969-12-31T23:59:59.999999",
            "1970-01-01T00:00:00",
            [1, 1, 1, 0, 1, 1, 1, 1, 1, 1],
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        ),
        (
            "2024-03-31T00:00:00",
            "2024-02-29T00:00:00",
            [0, 0, -1, -4, -31, -744, -44640, -2678400, -2678400000, -2678400000000],
            [0, 0, -1, -4, -31, -744, -44640, -2678400, -2678400000, -2678400000000],
        ),
        (
            "2000-02-29T10:00:00",
            "2024-02-28T09:00:00",
            [24, 96, 288, 1252, 8765, 210359, 12621540, 757292400, 757292400000, 757292400000000],
            [23, 95, 287, 1252, 8764, 210359, 12621540, 757292400, 757292400000, 757292400000000],
        ),
        (
            "2021-05-17T01:02:03.5",
            "2021-05-17T01:02:03.25",
            [0, 0, 0, 0, 0, 0, 0, 0, -250, -250000],
            [0, 0, 0, 0, 0, 0, 0, 0, -250, -250000],
        ),
    ] {
        let units = Unit::ALL.iter().zip(crossed.into_iter().zip(lived));
        for (unit, (crossed, lived)) in units {
            let (a, b) = (timestamps_of(from), timestamps_of(to));
            check_difference(*unit, (&a, &b), crossed, lived);
            if from.ends_with("00:00:00") && to.ends_with("00:00:00") {
                check_difference(*unit, (&dates_of(from), &dates_of(to)), crossed, lived);
            }
        }
    }
}

fn check_difference(unit: Unit, (a, b): (&Datum, &Datum), crossed: i64, lived: i64) {
    for level in levels() {
        let found = value(borders(unit, a, b, ROWS, level));
        assert_eq!(found, Scalar::Int64(crossed), "{a:?} {b:?} {unit:?}");
        let found = value(whole(unit, a, b, ROWS, level));
        assert_eq!(found, Scalar::Int64(lived), "{a:?} {b:?} {unit:?}");
    }
}

/// The quick forms of all spans agree with the exact ones, on values near and far.
#[test]
fn quick_forms_agree_with_exact_ones() {
    let mut seed = 7_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let shift = seed >> 58;
        ((seed ^ (seed >> 31)) as i64) >> shift
    };
    for _ in 0..20_000 {
        let (value, count, other) = (next(), next(), next());
        for unit in Unit::ALL {
            for is_back in [false, true] {
                let how = Move { unit: *unit, is_back, is_try: true };
                let (a, b) = (Datum::Value(Scalar::Timestamp(value)), Scalar::Int64(count));
                let quick = shift(how, &a, &Datum::Value(b.clone()), 1, Level::V3);
                let by_hand = spans::exact_shift(how, value, count);
                let expected = by_hand.map_or(Scalar::Null, Scalar::Timestamp);
                assert_eq!(one(quick), expected, "{value} {count} {unit:?}");
                if unit.is_of_days() {
                    let a = Datum::Value(Scalar::Date(value as i32));
                    let quick = shift(how, &a, &Datum::Value(b), 1, Level::V3);
                    let by_hand = spans::exact_shift_days(how, value as i32, count);
                    let expected = by_hand.map_or(Scalar::Null, Scalar::Date);
                    assert_eq!(one(quick), expected, "{} {count} {unit:?}", value as i32);
                }
            }
            let pair = [value, other].map(|value| Datum::Value(Scalar::Timestamp(value)));
            let age = whole(*unit, &pair[0], &pair[1], 1, Level::V3);
            if let Ok(age) = age {
                let Scalar::Int64(age) = one(Ok(age)) else { panic!("an age is int64") };
                check_age(*unit, value, other, age);
            }
        }
    }
}

/// The largest number of units by which `from` moves and is not beyond `to`.
fn check_age(unit: Unit, from: i64, to: i64, age: i64) {
    let (first, last) = (from.min(to), from.max(to));
    let how = Move { unit, is_back: false, is_try: true };
    let count = age.abs();
    assert!(spans::exact_shift(how, first, count).is_some_and(|moved| moved <= last));
    assert!(spans::exact_shift(how, first, count + 1).is_none_or(|moved| moved > last));
    assert!(age == 0 || (age < 0) == (to < from));
}

fn one(result: Result<Datum>) -> Scalar {
    match result.expect("a result") {
        Datum::Array(array) => array.scalar(0),
        Datum::Value(value) => value,
    }
}

#[test]
fn what_does_not_fit_is_an_error_with_its_operands_or_null() {
    let how = |unit, is_try| Move { unit, is_back: false, is_try };
    let far = Datum::Value(Scalar::Date(i32::MAX));
    let once = Datum::Value(Scalar::Int64(1));
    for unit in [Unit::Year, Unit::Quarter, Unit::Month, Unit::Week, Unit::Day] {
        let error = shift(how(unit, false), &far, &once, 1, Level::V3).expect_err("overflow");
        assert_eq!(error.kind(), ErrorKind::Overflow);
        let term = format!("date_add(+5881580-07-11, 1, '{}')", unit.name());
        assert_eq!(error.summary(), format!("{term} is outside the range of date"));
        assert_eq!(one(shift(how(unit, true), &far, &once, 1, Level::V3)), Scalar::Null);
    }
    let first = Datum::Value(Scalar::Timestamp(i64::MIN));
    let error = truncate(Unit::Year, &first, 1, Level::V3).expect_err("overflow");
    assert_eq!(error.kind(), ErrorKind::Overflow);
    let last = Datum::Value(Scalar::Timestamp(i64::MAX));
    let error = whole(Unit::Microsecond, &first, &last, 1, Level::V3).expect_err("overflow");
    assert_eq!(error.kind(), ErrorKind::Overflow);
    assert_eq!(one(whole(Unit::Year, &first, &last, 1, Level::V3)), Scalar::Int64(584_554));
    // Below a null there is no error.
    let null = Datum::Array(Array::nulls(DataType::Date, 3));
    assert!(shift(how(Unit::Day, false), &null, &once, 3, Level::V3).is_ok());
}

/// Expected: `numpy.busday_count` of NumPy 2.4.6.
#[test]
fn business_days_are_those_of_numpy() {
    for (from, to, expected) in [
        ("2024-01-01", "2024-01-31", 22),
        ("2024-01-05", "2024-01-08", 1),
        ("2024-01-06", "2024-01-07", 0),
        ("2024-01-08", "2024-01-05", -1),
        ("2024-01-06", "2024-01-05", 0),
        ("2024-01-08", "2024-01-06", -1),
        ("1969-12-20", "1970-01-10", 15),
        ("2024-02-29", "2024-02-29", 0),
        ("1900-01-01", "2099-12-31", 52178),
    ] {
        let found = business::business_days(&dates_of(from), &dates_of(to), &[], ROWS, Level::V3);
        assert_eq!(value(found), Scalar::Int64(expected), "{from} {to}");
    }
}

#[test]
fn made_dates_exist() {
    let parts = |numbers: &[i64]| -> Vec<Datum> {
        numbers.iter().map(|number| Datum::Value(Scalar::Int64(*number))).collect()
    };
    for (numbers, expected) in [
        ([2024, 2, 29], Ok(19_782)),
        ([1969, 12, 31], Ok(-1)),
        ([2023, 2, 29], Err("expected a day of 2023-02, which has 28 days, found 29")),
        ([2023, 13, 1], Err("expected a month from 1 to 12, found 13")),
        ([2023, 0, 1], Err("expected a month from 1 to 12, found 0")),
        ([5_881_580, 7, 11], Ok(i32::MAX)),
        ([5_881_580, 7, 12], Err("5881580-07-12 is outside the range of date")),
        ([-5_877_641, 6, 23], Ok(i32::MIN)),
    ] {
        let found = make::date(&parts(&numbers), false, 1);
        match expected {
            Ok(days) => assert_eq!(one(found), Scalar::Date(days)),
            Err(message) => {
                assert_eq!(found.expect_err(message).summary(), message);
                assert_eq!(one(make::date(&parts(&numbers), true, 1)), Scalar::Null);
            }
        }
    }
    let made = make::timestamp(&parts(&[2024, 2, 29, 23, 59, 59, 999_999]), false, 1);
    assert_eq!(one(made), Scalar::Timestamp(ticks("2024-02-29T23:59:59.999999")));
    let error = make::timestamp(&parts(&[2024, 2, 29, 24, 0, 0, 0]), false, 1);
    assert_eq!(error.expect_err("24").summary(), "expected an hour from 0 to 23, found 24");
    let error = make::timestamp(&parts(&[294_248, 1, 1, 0, 0, 0, 0]), false, 1);
    assert_eq!(error.expect_err("overflow").kind(), ErrorKind::Overflow);
}

#[test]
fn numbers_since_1970_go_both_ways() {
    for (text, seconds) in [("1969-12-31T23:59:59.5", -1), ("2024-02-29T12:34:56", 1_709_210_096)] {
        let found = epoch::since(Unit::Second, &timestamps_of(text), ROWS, Level::V3);
        assert_eq!(value(found), Scalar::Int64(seconds));
    }
    let day = epoch::since(Unit::Millisecond, &dates_of("1970-01-02"), ROWS, Level::V3);
    assert_eq!(value(day), Scalar::Int64(86_400_000));
    let number = Datum::Value(Scalar::Int64(-1));
    let back = epoch::timestamp_at(Unit::Millisecond, &number, false, 1, Level::V3);
    assert_eq!(one(back), Scalar::Timestamp(-1_000));
    let number = Datum::Value(Scalar::Int64(i64::MAX));
    let error = epoch::timestamp_at(Unit::Second, &number, false, 1, Level::V3);
    assert_eq!(
        error.expect_err("overflow").summary(),
        "9223372036854775807 seconds since 1970 is outside the range of timestamp"
    );
    assert_eq!(one(epoch::date_at(&number, true, 1, Level::V3)), Scalar::Null);
    let number = Datum::Value(Scalar::Int64(-1));
    assert_eq!(one(epoch::date_at(&number, false, 1, Level::V3)), Scalar::Date(-1));
}

#[test]
fn text_is_read_and_written_by_patterns() {
    for pattern in ["%Y-%m-%d", "%d/%m/%Y", "%-d. %B %Y", "%y%m%d", "%Y %j", "%G-W%V-%u"] {
        let writer = Pattern::new(pattern, Purpose::WriteDate).expect(pattern);
        let reader = Reader::new(Pattern::new(pattern, Purpose::ReadDate).expect(pattern));
        let mut builder = ArrayBuilder::new(DataType::Date, 200);
        for row in 0..200 {
            match row % 11 {
                5 => builder.push_null(),
                _ => builder.push(&Scalar::Date(row * 71)).expect("a date"),
            }
        }
        let days = Datum::Array(builder.finish());
        let text =
            format(&writer, &days, None, 200).expect("text").into_array(&DataType::Utf8, 200);
        for level in levels() {
            let back = reader.dates(&text, false, level).expect("dates");
            let (back, days) = (
                back.into_array(&DataType::Date, 200),
                days.clone().into_array(&DataType::Date, 200),
            );
            for row in 0..200 {
                assert_eq!(back.scalar(row), days.scalar(row), "{pattern} {row}");
            }
        }
    }
    let reader = Reader::new(Pattern::new("%d/%m/%Y", Purpose::ReadDate).expect("a pattern"));
    let mut builder = ArrayBuilder::new(DataType::Utf8, 2);
    builder.push_text("29/02/2024").expect("text");
    builder.push_text("29/02/2023").expect("text");
    let text = builder.finish();
    let error = reader.dates(&text, false, Level::V3).expect_err("no such day");
    assert_eq!(error.kind(), ErrorKind::BadCast);
    assert_eq!(
        error.summary(),
        "expected a day of 2023-02, which has 28 days, found \"29/02/2023\""
    );
    let Datum::Array(tried) = reader.dates(&text, true, Level::V3).expect("dates") else {
        panic!("values for each row");
    };
    assert_eq!((tried.scalar(0), tried.scalar(1)), (Scalar::Date(19_782), Scalar::Null));
}
