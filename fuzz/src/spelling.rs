//! What values look like, as docs/csv.md writes it down: slow, by hand, with the standard library's
//! numbers.

use pardox_engine::column::{DataType, Scalar};
use pardox_engine::format::csv::{CsvReadOptions, DateOrder};

const EXACT_MAX: i64 = 1 << 53;

/// What one value looks like.
#[derive(Clone, Debug, PartialEq)]
enum Look {
    Whole(i64),
    Float(f64),
    Bool(bool),
    Date(i64),
    Timestamp(i64),
    Text,
}

/// The narrowest type that holds all values; utf8 where there is none.
pub fn infer(values: &[&[u8]], options: &CsvReadOptions) -> DataType {
    let looks: Vec<Look> = values.iter().map(|value| look(value, options)).collect();
    let all = |is: fn(&Look) -> bool| !looks.is_empty() && looks.iter().all(is);
    let is_exact = |look: &Look| match look {
        Look::Whole(value) => value.unsigned_abs() <= EXACT_MAX.unsigned_abs(),
        _ => true,
    };
    match () {
        () if all(|look| matches!(look, Look::Whole(_))) => DataType::Int64,
        () if all(|look| matches!(look, Look::Whole(_) | Look::Float(_)))
            && looks.iter().all(is_exact) =>
        {
            DataType::Float64
        }
        () if all(|look| matches!(look, Look::Bool(_))) => DataType::Bool,
        () if all(|look| matches!(look, Look::Date(_))) => DataType::Date,
        () if all(|look| matches!(look, Look::Date(_) | Look::Timestamp(_))) => DataType::Timestamp,
        () => DataType::Utf8,
    }
}

/// The value of a field; `None` where it does not fit. A type that was given takes more spellings
/// than one that was inferred.
pub fn value(
    dtype: &DataType,
    is_given: bool,
    field: &[u8],
    options: &CsvReadOptions,
) -> Option<Scalar> {
    let number = || Number::of(field, options);
    match (dtype, look(field, options)) {
        (DataType::Utf8 | DataType::Dictionary, _) => {
            Some(Scalar::Utf8(String::from_utf8(field.to_vec()).ok()?))
        }
        (DataType::Bool, Look::Bool(value)) => Some(Scalar::Bool(value)),
        (DataType::Date, Look::Date(days)) => Some(Scalar::Date(days as i32)),
        (DataType::Timestamp, Look::Date(days)) => Some(Scalar::Timestamp(days * 86_400_000_000)),
        (DataType::Timestamp, Look::Timestamp(at)) => Some(Scalar::Timestamp(at)),
        (DataType::Int64, Look::Whole(value)) => Some(Scalar::Int64(value)),
        (DataType::Int64, _) if is_given => {
            let number = number().filter(|number| number.is_whole)?;
            number.text.parse().ok().map(Scalar::Int64)
        }
        (whole, _) if is_given && whole.is_integer() => {
            let number = number().filter(|number| number.is_whole)?;
            Scalar::of_whole(number.text.parse().ok()?, whole)
        }
        (DataType::Float32, _) => {
            let word = not_finite(field, true).map(|value| Scalar::Float32(value as f32));
            let nearest = |text: &str| text.parse().ok().filter(|value: &f32| value.is_finite());
            word.or_else(|| nearest(&number()?.text).map(Scalar::Float32))
        }
        (DataType::Float64, Look::Float(value)) => Some(Scalar::Float64(value)),
        (DataType::Float64, Look::Whole(value)) if is_given || value.abs() <= EXACT_MAX => {
            // The text, not the number: the zero of `-0` has a sign.
            number()?.text.parse().ok().map(Scalar::Float64)
        }
        (DataType::Float64, _) if is_given => {
            let word = not_finite(field, true).map(Scalar::Float64);
            word.or_else(|| number()?.text.parse().ok().map(Scalar::Float64))
        }
        (DataType::Decimal { precision, scale }, _) if is_given => {
            decimal(&number()?.text, *precision, *scale)
        }
        _ => None,
    }
}

/// A decimal by its digits as text: those of the number without zeros around them, and zeros behind
/// until the scale is reached.
fn decimal(text: &str, precision: u8, scale: u8) -> Option<Scalar> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let (whole, fraction) = mantissa
        .trim_start_matches(['+', '-'])
        .split_once('.')
        .unwrap_or((mantissa.trim_start_matches(['+', '-']), ""));
    let digits = format!("{whole}{fraction}");
    let kept = digits.trim_matches('0');
    if kept.is_empty() {
        return Some(Scalar::Decimal { value: 0, precision, scale });
    }
    let cut = digits.len() - digits.trim_end_matches('0').len();
    let zeros =
        exponent.parse::<i64>().ok()? + i64::from(scale) + cut as i64 - fraction.len() as i64;
    let zeros = usize::try_from(zeros).ok().filter(|zeros| *zeros <= usize::from(precision))?;
    if kept.len() + zeros > usize::from(precision) {
        return None;
    }
    let value = format!("{sign}{kept}{}", "0".repeat(zeros)).parse().ok()?;
    Some(Scalar::Decimal { value, precision, scale })
}

fn look(field: &[u8], options: &CsvReadOptions) -> Look {
    if let Some(value) = not_finite(field, false) {
        return Look::Float(value);
    }
    if let Some(number) = Number::of(field, options).filter(|number| number.is_canonical) {
        return match number.is_whole {
            true => number.text.parse().map_or(Look::Text, Look::Whole),
            false => {
                let value: f64 = number.text.parse().expect("a number");
                if value.is_finite() { Look::Float(value) } else { Look::Text }
            }
        };
    }
    match field.to_ascii_lowercase().as_slice() {
        b"true" => return Look::Bool(true),
        b"false" => return Look::Bool(false),
        _ => {}
    }
    let text = std::str::from_utf8(field).unwrap_or("");
    iso(text).or_else(|| ordered(text, options.date_order)).unwrap_or(Look::Text)
}

fn not_finite(field: &[u8], is_given: bool) -> Option<f64> {
    match field {
        b"NaN" | b"nan" => Some(f64::NAN),
        b"inf" | b"Inf" | b"Infinity" => Some(f64::INFINITY),
        b"-inf" | b"-Inf" | b"-Infinity" => Some(f64::NEG_INFINITY),
        b"+inf" | b"+Inf" | b"+Infinity" if is_given => Some(f64::INFINITY),
        _ => None,
    }
}

/// A number in plain spelling.
struct Number {
    text: String,
    is_whole: bool,
    is_canonical: bool,
}

impl Number {
    /// `[+-]? whole (mark digits)? ([eE] [+-]? digits)?`, at least one digit before the exponent.
    fn of(field: &[u8], options: &CsvReadOptions) -> Option<Number> {
        let text = std::str::from_utf8(field).ok()?;
        let (sign, rest) = match text.strip_prefix(['+', '-']) {
            Some(rest) => (&text[..1], rest),
            None => ("", text),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (rest, None),
        };
        let mark = char::from(options.decimal);
        let (whole, fraction) = match mantissa.split_once(mark) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let whole = match options.thousands {
            Some(mark) if whole.contains(mark) => ungrouped(whole, mark)?,
            _ => whole.to_owned(),
        };
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(&whole) || !fraction.is_none_or(is_digits) {
            return None;
        }
        if whole.is_empty() && fraction.is_none_or(str::is_empty) {
            return None;
        }
        if let Some(exponent) = exponent {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if digits.is_empty() || !is_digits(digits) {
                return None;
            }
        }
        let is_padded = whole.len() > 1 && whole.starts_with('0');
        let mut plain = format!("{sign}{whole}");
        if let Some(fraction) = fraction {
            plain = format!("{plain}.{fraction}");
        }
        if let Some(exponent) = exponent {
            plain = format!("{plain}e{exponent}");
        }
        Some(Number {
            text: plain,
            is_whole: fraction.is_none() && exponent.is_none(),
            is_canonical: sign != "+" && !is_padded,
        })
    }
}

/// Groups of three digits, the first of one to three.
fn ungrouped(whole: &str, mark: char) -> Option<String> {
    let groups: Vec<&str> = whole.split(mark).collect();
    let is_right = groups.iter().enumerate().all(|(index, group)| match index {
        0 => (1..=3).contains(&group.len()),
        _ => group.len() == 3,
    });
    is_right.then(|| groups.concat())
}

/// `YYYY-MM-DD`, and a time behind it.
fn iso(text: &str) -> Option<Look> {
    let (date, time) = text.split_at_checked(10)?;
    let bytes = date.as_bytes();
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    moment(digits(date.get(..4)?)?, digits(date.get(5..7)?)?, digits(date.get(8..)?)?, time)
}

/// Days and months of one or two digits, years of four, one mark twice, and a time behind them.
fn ordered(text: &str, order: DateOrder) -> Option<Look> {
    if order == DateOrder::Ymd {
        return None;
    }
    let mark = text.chars().find(|character| !character.is_ascii_digit())?;
    if !matches!(mark, '-' | '/' | '.') {
        return None;
    }
    let mut parts = text.splitn(3, mark);
    let (first, second, rest) = (parts.next()?, parts.next()?, parts.next()?);
    if first.len() > 2 || second.len() > 2 {
        return None;
    }
    let (year, time) = rest.split_at_checked(4)?;
    let (first, second, year) = (digits(first)?, digits(second)?, digits(year)?);
    match order {
        DateOrder::Dmy => moment(year, second, first, time),
        _ => moment(year, first, second, time),
    }
}

fn moment(year: i64, month: i64, day: i64, time: &str) -> Option<Look> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, 28 + i64::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = *lengths.get(usize::try_from(month - 1).ok()?)?;
    if !(1..=length).contains(&day) {
        return None;
    }
    // Days of the years before: 365 each and one for each leap year, year 0 being one.
    let leaps = |year: i64| {
        if year == 0 { 0 } else { 1 + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 }
    };
    let start = |year: i64| year * 365 + leaps(year);
    let days =
        start(year) - start(1970) + lengths[..month as usize - 1].iter().sum::<i64>() + day - 1;
    if time.is_empty() {
        return Some(Look::Date(days));
    }
    let clock = time.strip_prefix(['T', ' '])?;
    let (clock, fraction) = clock.split_at_checked(8)?;
    if clock.as_bytes()[2] != b':' || clock.as_bytes()[5] != b':' {
        return None;
    }
    let (hour, minute) = (digits(clock.get(..2)?)?, digits(clock.get(3..5)?)?);
    let second = digits(clock.get(6..)?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let micros = match fraction.strip_prefix('.') {
        None if fraction.is_empty() => 0,
        None => return None,
        Some(part) if part.len() > 6 => return None,
        Some(part) => digits(&format!("{:0<6}", Some(part).filter(|part| !part.is_empty())?))?,
    };
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(Look::Timestamp(seconds * 1_000_000 + micros))
}

fn digits(text: &str) -> Option<i64> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| text.parse().ok())?
}
