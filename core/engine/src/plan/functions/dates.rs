//! Functions of dates and times.

use super::date_checks::{
    check_at_zone, check_holidays, check_read_date, check_read_timestamp, check_span, check_trunc,
    check_unit, check_write, check_zone, check_zones, read_type, zoned,
};
use super::declaration::functions;
use super::{Accepts, Example, Gives, OperandDeclaration, Rule, operand};
use crate::error::ErrorKind;

const MOMENT: OperandDeclaration =
    operand("x", Accepts::DateOrTimestamp, "The date or timestamp; bare text is a timestamp.");
const MOMENTS: &[OperandDeclaration] = &[MOMENT];
const CLOCK: &[OperandDeclaration] =
    &[operand("x", Accepts::Timestamp, "The timestamp; a date is its midnight.")];
const NUMBER: &[OperandDeclaration] = &[operand("n", Accepts::Int64, "How many.")];
const UNIT: OperandDeclaration = operand(
    "unit",
    Accepts::Utf8,
    "year, quarter, month, week, day, hour, minute, second, millisecond or microsecond.",
)
.literal();
const FROM: OperandDeclaration = operand("from", Accepts::DateOrTimestamp, "The first of the two.");
const TO: OperandDeclaration = operand("to", Accepts::DateOrTimestamp, "The second of the two.");
const SPAN: &[OperandDeclaration] =
    &[MOMENT, operand("n", Accepts::Int64, "How many units; may be negative."), UNIT];
const DATE_PARTS: &[OperandDeclaration] = &[
    operand("year", Accepts::Int64, "The year; 0 is 1 BC."),
    operand("month", Accepts::Int64, "The month, 1 to 12."),
    operand("day", Accepts::Int64, "The day, 1 to the month's last."),
];
const TIMESTAMP_PARTS: &[OperandDeclaration] = &[
    DATE_PARTS[0],
    DATE_PARTS[1],
    DATE_PARTS[2],
    operand("hour", Accepts::Int64, "The hour, 0 to 23."),
    operand("minute", Accepts::Int64, "The minute, 0 to 59."),
    operand("second", Accepts::Int64, "The second, 0 to 59."),
    operand("microsecond", Accepts::Int64, "Microseconds of the second, 0 to 999999.").or("0"),
];
const FORMAT: OperandDeclaration =
    operand("format", Accepts::Utf8, "The pattern, as `%d/%m/%Y`; see docs/semantics.").literal();
const READ: &[OperandDeclaration] = &[operand("text", Accepts::Utf8, "The text."), FORMAT];
const UNCLEAR: OperandDeclaration =
    operand("unclear", Accepts::Utf8, "error, earliest, latest or null.").literal().or("'error'");
const READ_TYPE: Gives =
    Gives::Literal("timestamp; timestamp(us,UTC) where the format has %z", read_type);
const OVERFLOW: &[ErrorKind] = &[ErrorKind::Overflow];
const MADE: &[ErrorKind] = &[ErrorKind::Overflow, ErrorKind::BadCast];
const LITERAL: &[ErrorKind] = &[ErrorKind::InvalidArgument];

functions! {
/// Functions of dates and times.
DateFunction {
    /// The year; 0 is 1 BC.
    Year {
        name: "year",
        operands: MOMENTS,
        result: Gives::Type("int64"),
        example: Example("year('2024-02-29')", "2024"),
    }
    /// The quarter of the year, 1 to 4.
    Quarter {
        name: "quarter",
        operands: MOMENTS,
        result: Gives::Type("int64"),
        example: Example("quarter('2024-02-29')", "1"),
    }
    /// The month, 1 to 12.
    Month {
        name: "month",
        operands: MOMENTS,
        result: Gives::Type("int64"),
        example: Example("month('2024-02-29')", "2"),
    }
    /// The day of the month, 1 to 31.
    Day {
        name: "day",
        operands: MOMENTS,
        result: Gives::Type("int64"),
        example: Example("day('2024-02-29')", "29"),
    }
    /// The day of the week as ISO 8601 counts: 1 for Monday to 7 for Sunday.
    DayOfWeek {
        name: "day_of_week",
        aliases: &["isodow"],
        operands: MOMENTS,
        result: Gives::Type("int64"),
        example: Example("day_of_week('2024-02-29')", "4"),
    }
    /// The day of the year, 1 to 366.
    DayOfYear {
        name: "day_of_year",
        aliases: &["dayofyear"],
        operands: MOMENTS,
        result: Gives::Type("int64"),
        example: Example("day_of_year('2024-02-29')", "60"),
    }
    /// The week as ISO 8601 counts, 1 to 53: weeks begin on Monday, and a week belongs to the year
    /// of its Thursday.
    Week {
        name: "week",
        aliases: &["weekofyear"],
        operands: MOMENTS,
        result: Gives::Type("int64"),
        example: Example("week('2021-01-03')", "53"),
    }
    /// The year that the ISO week belongs to.
    IsoYear {
        name: "iso_year",
        aliases: &["isoyear"],
        operands: MOMENTS,
        result: Gives::Type("int64"),
        example: Example("iso_year('2021-01-03')", "2020"),
    }
    /// The number of days of the month, 28 to 31.
    DaysInMonth {
        name: "days_in_month",
        operands: MOMENTS,
        result: Gives::Type("int64"),
        example: Example("days_in_month('2024-02-01')", "29"),
    }
    /// Whether the year has 366 days.
    IsLeapYear {
        name: "is_leap_year",
        operands: MOMENTS,
        result: Gives::Type("bool"),
        example: Example("is_leap_year('1900-01-01')", "false"),
    }
    /// The hour, 0 to 23.
    Hour {
        name: "hour",
        operands: CLOCK,
        result: Gives::Type("int64"),
        example: Example("hour('2024-02-29T12:34:56')", "12"),
    }
    /// The minute of the hour, 0 to 59.
    Minute {
        name: "minute",
        operands: CLOCK,
        result: Gives::Type("int64"),
        example: Example("minute('2024-02-29T12:34:56')", "34"),
    }
    /// The second of the minute, 0 to 59.
    Second {
        name: "second",
        operands: CLOCK,
        result: Gives::Type("int64"),
        example: Example("second('2024-02-29T12:34:56')", "56"),
    }
    /// The whole milliseconds of the second, 0 to 999.
    Millisecond {
        name: "millisecond",
        operands: CLOCK,
        result: Gives::Type("int64"),
        example: Example("millisecond('2024-02-29T12:34:56.789')", "789"),
    }
    /// The microseconds of the second, 0 to 999999.
    Microsecond {
        name: "microsecond",
        operands: CLOCK,
        result: Gives::Type("int64"),
        example: Example("microsecond('2024-02-29T12:34:56.789')", "789000"),
    }
    /// The English name of the month.
    MonthName {
        name: "month_name",
        aliases: &["monthname"],
        operands: MOMENTS,
        result: Gives::Type("utf8"),
        errors: &[ErrorKind::LimitExceeded],
        example: Example("month_name('2024-02-29')", "February"),
    }
    /// The English name of the day of the week.
    DayName {
        name: "day_name",
        aliases: &["dayname"],
        operands: MOMENTS,
        result: Gives::Type("utf8"),
        errors: &[ErrorKind::LimitExceeded],
        example: Example("day_name('2024-02-29')", "Thursday"),
    }
    /// The start of the unit of time that the value lies in, in the value's own type. A week starts
    /// on Monday. A date takes units of a day and more.
    DateTrunc {
        name: "date_trunc",
        operands: &[UNIT, MOMENT],
        result: Gives::Operand(1),
        errors: OVERFLOW,
        literal_errors: LITERAL,
        check: check_trunc,
        example: Example("date_trunc('month', '2024-02-29T12:34:56')", "2024-02-01T00:00:00"),
    }
    /// The value moved by some units, in its own type. Months, quarters and years keep the day of
    /// the month, or take the last day of a shorter month. A date takes units of a day and more.
    /// With a zone, days and more move what its clocks show, which must be a time that they show.
    DateAdd {
        name: "date_add",
        operands: SPAN,
        errors: MADE,
        literal_errors: LITERAL,
        check: check_span,
        example: Example("date_add('2024-01-31', 1, 'month')", "2024-02-29T00:00:00"),
    }
    /// As `date_add`, back.
    DateSub {
        name: "date_sub",
        operands: SPAN,
        errors: MADE,
        literal_errors: LITERAL,
        check: check_span,
        example: Example("date_sub('2024-03-31', 1, 'month')", "2024-02-29T00:00:00"),
    }
    /// As `date_add`; null where the result does not fit.
    TryDateAdd {
        name: "try_date_add",
        operands: SPAN,
        literal_errors: LITERAL,
        check: check_span,
        example: Example("try_date_add('2024-01-31', 1000000, 'year')", "null"),
    }
    /// As `date_sub`; null where the result does not fit.
    TryDateSub {
        name: "try_date_sub",
        operands: SPAN,
        literal_errors: LITERAL,
        check: check_span,
        example: Example("try_date_sub('2024-01-31', 1000000, 'year')", "null"),
    }
    /// How many times a unit starts on the way from the first value to the second: between
    /// 31 December and 1 January a year does. Negative on the way back.
    DateDiff {
        name: "date_diff",
        aliases: &["datediff"],
        operands: &[UNIT, FROM, TO],
        rule: Rule::Common,
        result: Gives::Type("int64"),
        errors: OVERFLOW,
        literal_errors: LITERAL,
        check: check_unit,
        example: Example("date_diff('year', '2023-12-31', '2024-01-01')", "1"),
    }
    /// How many whole units lie between two values: the most by which `date_add` moves the first
    /// and does not pass the second. Negative where the second is before the first.
    DateAge {
        name: "date_age",
        operands: &[UNIT, FROM, TO],
        rule: Rule::Common,
        result: Gives::Type("int64"),
        errors: OVERFLOW,
        literal_errors: LITERAL,
        check: check_unit,
        example: Example("date_age('year', '2023-12-31', '2024-01-01')", "0"),
    }
    /// The date of a year, a month and a day. A day that does not exist is an error.
    MakeDate {
        name: "make_date",
        operands: DATE_PARTS,
        is_free: true,
        result: Gives::Type("date"),
        errors: MADE,
        example: Example("make_date(2024, 2, 29)", "2024-02-29"),
    }
    /// As `make_date`; null where there is no such day.
    TryMakeDate {
        name: "try_make_date",
        operands: DATE_PARTS,
        is_free: true,
        result: Gives::Type("date"),
        example: Example("try_make_date(2023, 2, 29)", "null"),
    }
    /// The timestamp of its parts. A day or a time that does not exist is an error.
    MakeTimestamp {
        name: "make_timestamp",
        operands: TIMESTAMP_PARTS,
        is_free: true,
        result: Gives::Type("timestamp"),
        errors: MADE,
        example: Example("make_timestamp(2024, 2, 29, 12, 34, 56)", "2024-02-29T12:34:56"),
    }
    /// As `make_timestamp`; null where there is no such time.
    TryMakeTimestamp {
        name: "try_make_timestamp",
        operands: TIMESTAMP_PARTS,
        is_free: true,
        result: Gives::Type("timestamp"),
        example: Example("try_make_timestamp(2024, 2, 29, 24, 0, 0)", "null"),
    }
    /// Whole days from 1970-01-01 to the value, rounded down.
    EpochDays {
        name: "epoch_days",
        operands: MOMENTS,
        result: Gives::Type("int64"),
        example: Example("epoch_days('1970-01-02')", "1"),
    }
    /// Whole seconds from 1970-01-01T00:00:00 to the value, rounded down.
    EpochS {
        name: "epoch_s",
        operands: MOMENTS,
        result: Gives::Type("int64"),
        example: Example("epoch_s('1969-12-31T23:59:59.5')", "-1"),
    }
    /// Whole milliseconds from 1970-01-01T00:00:00 to the value, rounded down.
    EpochMs {
        name: "epoch_ms",
        operands: MOMENTS,
        result: Gives::Type("int64"),
        example: Example("epoch_ms('1970-01-01T00:00:01.5')", "1500"),
    }
    /// Microseconds from 1970-01-01T00:00:00 to the value.
    EpochUs {
        name: "epoch_us",
        operands: MOMENTS,
        result: Gives::Type("int64"),
        errors: OVERFLOW,
        example: Example("epoch_us('1970-01-01T00:00:01.5')", "1500000"),
    }
    /// The date so many days after 1970-01-01.
    FromEpochDays {
        name: "from_epoch_days",
        operands: NUMBER,
        result: Gives::Type("date"),
        errors: OVERFLOW,
        example: Example("from_epoch_days(-1)", "1969-12-31"),
    }
    /// The timestamp so many seconds after 1970-01-01T00:00:00.
    FromEpochS {
        name: "from_epoch_s",
        operands: NUMBER,
        result: Gives::Type("timestamp"),
        errors: OVERFLOW,
        example: Example("from_epoch_s(86400)", "1970-01-02T00:00:00"),
    }
    /// The timestamp so many milliseconds after 1970-01-01T00:00:00.
    FromEpochMs {
        name: "from_epoch_ms",
        operands: NUMBER,
        result: Gives::Type("timestamp"),
        errors: OVERFLOW,
        example: Example("from_epoch_ms(-500)", "1969-12-31T23:59:59.500000"),
    }
    /// The timestamp so many microseconds after 1970-01-01T00:00:00.
    FromEpochUs {
        name: "from_epoch_us",
        operands: NUMBER,
        result: Gives::Type("timestamp"),
        example: Example("from_epoch_us(1)", "1970-01-01T00:00:00.000001"),
    }
    /// As `from_epoch_days`; null where the result does not fit.
    TryFromEpochDays {
        name: "try_from_epoch_days",
        operands: NUMBER,
        result: Gives::Type("date"),
        example: Example("try_from_epoch_days(3000000000)", "null"),
    }
    /// As `from_epoch_s`; null where the result does not fit.
    TryFromEpochS {
        name: "try_from_epoch_s",
        operands: NUMBER,
        result: Gives::Type("timestamp"),
        example: Example("try_from_epoch_s(9223372036854775807)", "null"),
    }
    /// As `from_epoch_ms`; null where the result does not fit.
    TryFromEpochMs {
        name: "try_from_epoch_ms",
        operands: NUMBER,
        result: Gives::Type("timestamp"),
        example: Example("try_from_epoch_ms(9223372036854775807)", "null"),
    }
    /// The value as text, by a pattern.
    Strftime {
        name: "strftime",
        operands: &[MOMENT, FORMAT],
        result: Gives::Type("utf8"),
        errors: &[ErrorKind::LimitExceeded],
        literal_errors: LITERAL,
        check: check_write,
        example: Example("strftime('2024-02-29', '%d/%m/%Y')", "29/02/2024"),
    }
    /// The date that a text says, by a pattern.
    ParseDate {
        name: "parse_date",
        operands: READ,
        result: Gives::Type("date"),
        errors: &[ErrorKind::BadCast],
        literal_errors: LITERAL,
        check: check_read_date,
        example: Example("parse_date('29/02/2024', '%d/%m/%Y')", "2024-02-29"),
    }
    /// As `parse_date`; null where the text is not of the pattern.
    TryParseDate {
        name: "try_parse_date",
        operands: READ,
        result: Gives::Type("date"),
        literal_errors: LITERAL,
        check: check_read_date,
        example: Example("try_parse_date('30/02/2024', '%d/%m/%Y')", "null"),
    }
    /// The timestamp that a text says, by a pattern; with an offset (`%z`) the moment, in UTC.
    ParseTimestamp {
        name: "parse_timestamp",
        operands: READ,
        result: READ_TYPE,
        errors: MADE,
        literal_errors: LITERAL,
        check: check_read_timestamp,
        example: Example(
            "parse_timestamp('29/02/2024 3:04 PM', '%d/%m/%Y %-I:%M %p')",
            "2024-02-29T15:04:00",
        ),
    }
    /// As `parse_timestamp`; null where the text is not of the pattern.
    TryParseTimestamp {
        name: "try_parse_timestamp",
        operands: READ,
        result: READ_TYPE,
        literal_errors: LITERAL,
        check: check_read_timestamp,
        example: Example("try_parse_timestamp('noon', '%H:%M %F')", "null"),
    }
    /// The days from Monday to Friday from the first date on, the second not counted; negative
    /// where the second is before the first. Holidays are left out.
    BusinessDays {
        name: "business_days",
        operands: &[
            operand("from", Accepts::Date, "The first day, which counts."),
            operand("to", Accepts::Date, "The last day, which does not count."),
            operand("holidays", Accepts::Utf8, "Days that do not count: '2024-12-25 2024-12-26'.")
                .literal()
                .or("''"),
        ],
        result: Gives::Type("int64"),
        literal_errors: LITERAL,
        check: check_holidays,
        example: Example("business_days('2024-03-01', '2024-03-08')", "5"),
    }
    /// What clocks of one time zone show when those of another show the timestamp. A time that the
    /// first zone's clocks skip or show twice is an error, or what the last operand says.
    ConvertTimeZone {
        name: "convert_time_zone",
        operands: &[
            operand("from", Accepts::Utf8, "The zone of the timestamp, as 'UTC'.").literal(),
            operand("to", Accepts::Utf8, "The other zone, as 'Europe/Berlin'.").literal(),
            operand("x", Accepts::LocalTimestamp, "The timestamp; a date is its midnight."),
            UNCLEAR,
        ],
        result: Gives::Operand(2),
        errors: MADE,
        literal_errors: LITERAL,
        check: check_zones,
        example: Example(
            "convert_time_zone('UTC', 'Europe/Berlin', '2024-07-01T12:00:00')",
            "2024-07-01T14:00:00",
        ),
    }
    /// Between what clocks of a zone show and the moments: of a timestamp without a zone, the
    /// moment at which clocks there show it, with that zone; of one with a zone, what clocks of
    /// the other zone show then, without one. `unclear` as in `convert_time_zone`.
    AtTimeZone {
        name: "at_time_zone",
        operands: &[
            operand("x", Accepts::Timestamp, "The timestamp; a date is its midnight."),
            operand("zone", Accepts::Utf8, "The zone, as 'Europe/Berlin'.").literal(),
            UNCLEAR,
        ],
        result: Gives::Literal("timestamp with the zone; of one with a zone, without", zoned),
        errors: MADE,
        literal_errors: LITERAL,
        check: check_at_zone,
        example: Example(
            "at_time_zone('2024-07-01T14:00:00', 'Europe/Berlin')",
            "2024-07-01T14:00:00+02:00",
        ),
    }
    /// Seconds east of UTC that clocks of a time zone show, at a timestamp in UTC.
    TimeZoneOffset {
        name: "time_zone_offset",
        operands: &[
            operand("zone", Accepts::Utf8, "The zone, as 'Europe/Berlin'.").literal(),
            operand("x", Accepts::Timestamp, "The timestamp, in UTC; a date is its midnight."),
        ],
        result: Gives::Type("int64"),
        errors: OVERFLOW,
        literal_errors: LITERAL,
        check: check_zone,
        example: Example("time_zone_offset('Europe/Berlin', '2024-07-01T12:00:00')", "7200"),
    }
}}
