//! Values between their text and the engine: wire literals, values tables, text read as dates.
//!
//! The text forms are those of `read_csv`: strict ISO 8601, no blanks, nothing rounded but the
//! decimal digits that a binary64 cannot hold.

use std::borrow::Cow;

use super::document::{Literal, NestedLiteral, TypedLiteral};
use crate::bytes::json::{Fault, Json};
use crate::bytes::tick::TimeUnit;
use crate::bytes::zone::Zone;
use crate::bytes::{civil, decimal, tick};
use crate::column::json_read::{Grammar, JsonColumn, Stop};
use crate::column::print::value_text;
use crate::column::{Array, ArrayBuilder, DataType, Scalar};
use crate::error::{Error, ErrorKind, Result, nearest};

/// The type of that name, or an error that suggests the nearest.
///
/// Errors: of the kind that is given; `InvalidArgument` for a time zone that is none.
pub fn dtype_named(name: &str, kind: ErrorKind) -> Result<DataType> {
    if let Some(dtype) = DataType::from_name(name) {
        return Ok(dtype);
    }
    let error = Error::new(kind, format!("no type is named {name:?}"));
    if name.starts_with("decimal") {
        return Err(
            error.hint("write decimal(18,2): 1 to 38 digits, and how many stand behind the point")
        );
    }
    if let Some(parameters) = name.strip_prefix("timestamp(") {
        let (unit, zone) = parameters.split_once(',').unwrap_or((parameters, ""));
        let zone = zone.strip_suffix(')').unwrap_or(zone).trim();
        if TimeUnit::from_name(unit).is_some() && Zone::named(zone).is_none() && !zone.is_empty() {
            return Err(unknown_zone(zone));
        }
        return Err(error.hint(
            "write timestamp(ms) or timestamp(us,Europe/Berlin); the units are s, ms, us and ns",
        ));
    }
    let names: Vec<String> = DataType::ALL.iter().map(DataType::to_string).collect();
    Err(match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => error.hint(format!("did you mean {near:?}?")),
        None => error.hint(format!("the types are {}", names.join(", "))),
    })
}

/// The error for a name that no time zone has, with the nearest that one has.
pub fn unknown_zone(name: &str) -> Error {
    let error = Error::new(ErrorKind::InvalidArgument, format!("no time zone is named {name:?}"));
    let names = Zone::names();
    match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => error.hint(format!("did you mean {near:?}?")),
        None => error.hint("zones are named as in the IANA database: 'Europe/Berlin', 'UTC'"),
    }
}

/// The value of a wire literal.
///
/// Errors: `InvalidPlan` for text that is not a value of its type, or does not fit it.
pub fn scalar(literal: &Literal) -> Result<Scalar> {
    let (dtype, text) = match literal {
        Literal::Typed(TypedLiteral { dtype, value }) => {
            (dtype_named(dtype, ErrorKind::InvalidPlan)?, value)
        }
        Literal::Null => return Ok(Scalar::Null),
        Literal::Bool(value) => return Ok(Scalar::Bool(*value)),
        Literal::Utf8(text) => return Ok(Scalar::Utf8(text.clone())),
        Literal::Int64(text) => (DataType::Int64, text),
        Literal::Float64(text) => (DataType::Float64, text),
        Literal::Date(text) => (DataType::Date, text),
        Literal::Timestamp(text) => (DataType::Timestamp, text),
        Literal::Int8(text) => (DataType::Int8, text),
        Literal::Int16(text) => (DataType::Int16, text),
        Literal::Int32(text) => (DataType::Int32, text),
        Literal::UInt8(text) => (DataType::UInt8, text),
        Literal::UInt16(text) => (DataType::UInt16, text),
        Literal::UInt32(text) => (DataType::UInt32, text),
        Literal::UInt64(text) => (DataType::UInt64, text),
        Literal::Float32(text) => (DataType::Float32, text),
        Literal::Decimal(text) => {
            return decimal_as_written(text).ok_or_else(|| {
                let expected = "a decimal number of at most 38 digits";
                Error::mismatch(ErrorKind::InvalidPlan, expected, format!("{text:?}"))
            });
        }
        Literal::Nested(NestedLiteral { dtype, value }) => return nested_scalar(dtype, value),
    };
    parse_value(text, &dtype).ok_or_else(|| {
        Error::mismatch(ErrorKind::InvalidPlan, expected(text, &dtype), format!("{text:?}"))
    })
}

/// The wire literal of a value: the shortest text that reads back to the same bits.
pub fn literal(value: &Scalar) -> Literal {
    match value {
        Scalar::Null => Literal::Null,
        Scalar::Bool(value) => Literal::Bool(*value),
        Scalar::Int64(value) => Literal::Int64(value.to_string()),
        Scalar::Float64(value) => Literal::Float64(float_text(*value)),
        Scalar::Date(days) => Literal::Date(date_text(*days)),
        Scalar::Timestamp(micros) => Literal::Timestamp(timestamp_text(*micros)),
        Scalar::Utf8(text) => Literal::Utf8(text.clone()),
        Scalar::Int8(value) => Literal::Int8(value.to_string()),
        Scalar::Int16(value) => Literal::Int16(value.to_string()),
        Scalar::Int32(value) => Literal::Int32(value.to_string()),
        Scalar::UInt8(value) => Literal::UInt8(value.to_string()),
        Scalar::UInt16(value) => Literal::UInt16(value.to_string()),
        Scalar::UInt32(value) => Literal::UInt32(value.to_string()),
        Scalar::UInt64(value) => Literal::UInt64(value.to_string()),
        Scalar::Float32(value) => Literal::Float32(float32_text(*value)),
        Scalar::Decimal { value, scale, .. } => Literal::Decimal(decimal::text(*value, *scale)),
        Scalar::Nested(one) => Literal::Nested(NestedLiteral {
            dtype: one.dtype().to_string(),
            value: value_text(one, 0),
        }),
        Scalar::Ticks(ticks, dtype) => {
            let value = ticks_text(*ticks, dtype);
            Literal::Typed(TypedLiteral { dtype: dtype.to_string(), value })
        }
    }
}

fn nested_scalar(dtype: &str, text: &str) -> Result<Scalar> {
    let Some(dtype) = DataType::from_name(dtype).filter(DataType::is_nested) else {
        let expected = "the name of a list or a struct type, such as list(int64)";
        return Err(Error::mismatch(ErrorKind::InvalidPlan, expected, format!("{dtype:?}")));
    };
    parse_nested(text, &dtype)
        .map_err(|found| Error::mismatch(ErrorKind::InvalidPlan, expected(text, &dtype), found))
}

/// Reads JSON text as a list or a struct, or says what is wrong with it.
pub fn parse_nested(text: &str, dtype: &DataType) -> std::result::Result<Scalar, String> {
    let mut column = JsonColumn::new(dtype);
    let mut json = Json::new(text);
    let read = column.read(&mut json, Grammar::Host);
    match read.and_then(|()| json.end().map_err(Stop::Fault)) {
        Ok(()) => {}
        Err(Stop::Fault(fault)) => {
            let Fault { at, expected, found } = fault;
            return Err(format!("{found} instead of {expected} at byte {at} of {text:?}"));
        }
        Err(Stop::Error(error)) => return Err(error.summary().to_owned()),
    }
    let leaf = |text: &Array, dtype: &DataType| {
        let mut builder = ArrayBuilder::new(dtype.clone(), text.len());
        for row in 0..text.len() {
            let Scalar::Utf8(text) = text.scalar(row) else {
                builder.push_null();
                continue;
            };
            let value = parse_value(&text, dtype).ok_or_else(|| {
                let expected = expected(&text, dtype);
                Error::mismatch(ErrorKind::BadValue, expected, format!("{text:?}"))
            })?;
            builder.push(&value)?;
        }
        Ok(builder.finish())
    };
    let array = column.finish(&leaf).map_err(|misfit| misfit.error.summary().to_owned())?;
    Ok(array.scalar(0))
}

/// The text of moments of a unit and a zone.
pub fn ticks_text(ticks: i64, dtype: &DataType) -> String {
    let Some((unit, zone)) = dtype.moment() else { panic!("{dtype} has no ticks") };
    printed(|out| tick::write(ticks, unit, zone, out))
}

/// The decimal of the precision and the scale that a text shows.
pub fn decimal_as_written(text: &str) -> Option<Scalar> {
    let (value, precision, scale) = decimal::parse_as_written(text.as_bytes())?;
    Some(Scalar::Decimal { value, precision, scale })
}

/// The value of a whole number or a decimal as one of a type of decimals, where it loses nothing.
pub fn as_decimal(value: &Scalar, dtype: &DataType) -> Option<Scalar> {
    let text = match value {
        Scalar::Decimal { value, scale, .. } => decimal::text(*value, *scale),
        whole => whole.as_whole()?.to_string(),
    };
    parse_value(&text, dtype)
}

/// What was expected where `text` is no value of a type, for messages: the form, or what is wrong
/// with a text that has it.
pub fn expected(text: &str, dtype: &DataType) -> Cow<'static, str> {
    let has_digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let is_infinite = || text.parse().is_ok_and(|number: f64| number.is_infinite());
    let missing = match dtype {
        DataType::Date => civil::missing_in_date(text.as_bytes()),
        DataType::Timestamp => civil::missing_in_timestamp(text.as_bytes()),
        DataType::TimestampOf { unit, zone } => {
            tick::missing(text.as_bytes(), *unit, zone.as_ref())
        }
        DataType::Float64 if has_digits && is_infinite() => {
            Some(format!("a number from {:?} to {:?}", f64::MIN, f64::MAX))
        }
        DataType::Float32 if parse_float(text).is_some() => {
            Some(format!("a number from {:?} to {:?}", f32::MIN, f32::MAX))
        }
        _ => None,
    };
    missing.map_or_else(|| form(dtype), Cow::Owned)
}

/// What text of a type looks like.
fn form(dtype: &DataType) -> Cow<'static, str> {
    Cow::Borrowed(match dtype {
        DataType::Decimal { precision, scale } => {
            return Cow::Owned(format!(
                "a decimal number of at most {precision} digits, {scale} of them behind the point \
                 ({dtype})"
            ));
        }
        DataType::TimestampOf { unit, zone } => {
            let fraction = match unit.digits() {
                0 => String::new(),
                digits => format!("[.{}]", "f".repeat(digits)),
            };
            let offset = if zone.is_some() { "[+HH:MM]" } else { "" };
            return Cow::Owned(format!("a {dtype} as YYYY-MM-DDTHH:MM:SS{fraction}{offset}"));
        }
        DataType::Bool => "true or false",
        DataType::Int64 => "a whole number from -9223372036854775808 to 9223372036854775807",
        DataType::Float32 | DataType::Float64 => "a decimal number, NaN, inf or -inf",
        DataType::Date => "a date as YYYY-MM-DD",
        DataType::Timestamp => "a timestamp as YYYY-MM-DDTHH:MM:SS[.ffffff]",
        DataType::Utf8 | DataType::Dictionary => "text",
        DataType::List(_) | DataType::Struct(_) => {
            return Cow::Owned(format!("JSON text of a value of {dtype}"));
        }
        DataType::Int8 => "a whole number from -128 to 127",
        DataType::Int16 => "a whole number from -32768 to 32767",
        DataType::Int32 => "a whole number from -2147483648 to 2147483647",
        DataType::UInt8 => "a whole number from 0 to 255",
        DataType::UInt16 => "a whole number from 0 to 65535",
        DataType::UInt32 => "a whole number from 0 to 4294967295",
        DataType::UInt64 => "a whole number from 0 to 18446744073709551615",
    })
}

/// Reads text as a value of a type; `None` where it is not one.
pub fn parse_value(text: &str, dtype: &DataType) -> Option<Scalar> {
    match dtype {
        DataType::Bool => match text {
            "true" => Some(Scalar::Bool(true)),
            "false" => Some(Scalar::Bool(false)),
            _ => None,
        },
        _ if dtype.is_integer() && text.starts_with('+') => None,
        DataType::Int64 => text.parse().ok().map(Scalar::Int64),
        DataType::Int8 => text.parse().ok().map(Scalar::Int8),
        DataType::Int16 => text.parse().ok().map(Scalar::Int16),
        DataType::Int32 => text.parse().ok().map(Scalar::Int32),
        DataType::UInt8 => text.parse().ok().map(Scalar::UInt8),
        DataType::UInt16 => text.parse().ok().map(Scalar::UInt16),
        DataType::UInt32 => text.parse().ok().map(Scalar::UInt32),
        DataType::UInt64 => text.parse().ok().map(Scalar::UInt64),
        DataType::Float32 => {
            let is_finite = parse_float(text)?.is_finite();
            let value: f32 = text.parse().ok()?;
            (value.is_finite() || !is_finite).then_some(Scalar::Float32(value))
        }
        DataType::Float64 => parse_float(text).map(Scalar::Float64),
        DataType::Date => civil::parse_date(text.as_bytes()).map(Scalar::Date),
        DataType::Timestamp => civil::parse_timestamp(text.as_bytes()).map(Scalar::Timestamp),
        DataType::Utf8 | DataType::Dictionary => Some(Scalar::Utf8(text.to_owned())),
        DataType::Decimal { precision, scale } => {
            let value = decimal::parse(text.as_bytes(), *precision, *scale)?;
            Some(Scalar::Decimal { value, precision: *precision, scale: *scale })
        }
        DataType::List(_) | DataType::Struct(_) => parse_nested(text, dtype).ok(),
        DataType::TimestampOf { unit, zone } => {
            let ticks = tick::parse(text.as_bytes(), *unit, zone.as_ref())?;
            Some(Scalar::Ticks(ticks, dtype.clone()))
        }
    }
}

/// Reads a float; Rust's conversion rounds correctly. Numbers beyond the range are refused rather
/// than made infinite.
fn parse_float(text: &str) -> Option<f64> {
    match text {
        "NaN" => return Some(f64::NAN),
        "inf" => return Some(f64::INFINITY),
        "-inf" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    let is_numeric =
        text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'e' | b'E' | b'+'));
    let number: f64 = (is_numeric && !text.starts_with('+')).then(|| text.parse().ok())??;
    number.is_finite().then_some(number)
}

/// The shortest text that reads back to the same float.
pub fn float_text(value: f64) -> String {
    match value {
        _ if value.is_nan() => "NaN".to_owned(),
        _ => format!("{value:?}"),
    }
}

/// As [`float_text`], for a binary32.
pub fn float32_text(value: f32) -> String {
    match value {
        _ if value.is_nan() => "NaN".to_owned(),
        _ => format!("{value:?}"),
    }
}

/// `YYYY-MM-DD`; years outside 0000 to 9999 carry their sign and all digits.
pub fn date_text(days: i32) -> String {
    printed(|out| civil::write_date(days, out))
}

/// `YYYY-MM-DDTHH:MM:SS`, and the fraction where there is one.
pub fn timestamp_text(micros: i64) -> String {
    printed(|out| civil::write_timestamp(micros, out))
}

fn printed(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::with_capacity(civil::TEXT_BYTES_MAX);
    write(&mut out);
    String::from_utf8(out).expect("values print as text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_or_refused() {
        let int = |text: &str| parse_value(text, &DataType::Int64);
        assert_eq!(int("9223372036854775807"), Some(Scalar::Int64(i64::MAX)));
        assert_eq!(int("-9223372036854775808"), Some(Scalar::Int64(i64::MIN)));
        for text in ["9223372036854775808", "1.0", "+1", "", " 1", "1e3", "0x1"] {
            assert_eq!(int(text), None, "{text}");
        }
        let float = |text: &str| parse_value(text, &DataType::Float64);
        assert_eq!(float("0.1"), Some(Scalar::Float64(0.1)));
        assert_eq!(float("-0"), Some(Scalar::Float64(-0.0)));
        assert_eq!(float("NaN"), Some(Scalar::Float64(f64::NAN)));
        for text in ["1e400", "nan", "infinity", "+1", "", " 1", "1_0"] {
            assert_eq!(float(text), None, "{text}");
        }
    }

    #[test]
    fn a_message_says_what_a_text_of_the_right_form_lacks() {
        let range = "a number from -1.7976931348623157e308 to 1.7976931348623157e308";
        for (text, dtype, message) in [
            ("1e400", DataType::Float64, range),
            ("-1e400", DataType::Float64, range),
            ("infinity", DataType::Float64, "a decimal number, NaN, inf or -inf"),
            ("1_0", DataType::Float64, "a decimal number, NaN, inf or -inf"),
            ("2024-02-30", DataType::Date, "a day of 2024-02, which has 29 days"),
            ("2024-02-30", DataType::Timestamp, "a day of 2024-02, which has 29 days"),
            ("2024-2-30", DataType::Date, "a date as YYYY-MM-DD"),
            ("x", DataType::Bool, "true or false"),
        ] {
            assert_eq!(expected(text, &dtype), message, "{text}");
        }
    }
}
