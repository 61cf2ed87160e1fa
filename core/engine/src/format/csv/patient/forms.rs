//! How numbers and dates are spelled: decimal mark, groups of digits, order of day, month and year.
//!
//! A field in one of these spellings is written as the plain one (`1.234,5` as `1234.5`,
//! `31/12/2024` as `2024-12-31`), and then read by what the quick reader reads with. What only
//! looks like a number in the plain spelling is none in another.

use super::super::infer::{Looks, look, parse_inferred_float};
use super::super::options::{CsvReadOptions, DateOrder};
use crate::bytes::number::{
    parse_bool, parse_float, parse_float32, parse_integer, parse_integer_any, parse_whole_any,
};
use crate::bytes::{civil, decimal, tick};
use crate::column::DataType;

/// The spellings of a file.
pub(super) struct Forms {
    decimal: u8,
    thousands: Option<Vec<u8>>,
    date_order: DateOrder,
    /// Whether numbers are spelled as the quick reader spells them; and dates.
    has_plain_numbers: bool,
    has_plain_dates: bool,
    /// A field in the plain spelling, with room around it that parsers may look at.
    plain: Vec<u8>,
}

/// Bytes before and behind a field that let parsers load whole words.
const PAD: usize = 16;

/// A field's bytes, within others that parsers may look at.
#[derive(Clone, Copy)]
pub(super) struct FieldBytes<'a> {
    pub held: &'a [u8],
    pub start: usize,
    pub end: usize,
}

impl<'a> FieldBytes<'a> {
    #[inline]
    pub fn get(self) -> &'a [u8] {
        &self.held[self.start..self.end]
    }
}

/// A value, or where its text is found: in the field itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Bool(bool),
    /// Of any type of whole numbers but uint64, within its range.
    Int64(i64),
    UInt64(u64),
    Float32(f32),
    Float64(f64),
    Date(i32),
    Timestamp(i64),
    Decimal(i128),
    Text,
}

impl Forms {
    pub fn new(options: &CsvReadOptions) -> Forms {
        Forms {
            decimal: options.decimal,
            thousands: options.thousands.map(|mark| mark.to_string().into_bytes()),
            date_order: options.date_order,
            has_plain_numbers: options.decimal == b'.' && options.thousands.is_none(),
            has_plain_dates: options.date_order == DateOrder::Ymd,
            plain: Vec::new(),
        }
    }

    /// What a field that is not null looks like.
    pub fn look(&mut self, field: &[u8]) -> Looks {
        let plain = look(field);
        if !self.has_plain_numbers {
            let number = match self.number(field) {
                true => look(self.plain()),
                false => Looks::TEXT,
            };
            if number.is_number() {
                return number;
            }
            if plain.is_number() {
                return Looks::TEXT;
            }
        }
        match plain == Looks::TEXT && self.date(field) {
            true => look(self.plain()),
            false => plain,
        }
    }

    /// The value of a field that is not null; `None` when it does not fit the type.
    ///
    /// A type that the caller declared takes more spellings than one that was inferred.
    #[inline]
    pub fn parse(
        &mut self,
        dtype: &DataType,
        is_declared: bool,
        bytes: FieldBytes,
    ) -> Option<Cell> {
        let field = bytes.get();
        match dtype {
            DataType::Utf8 | DataType::Dictionary => Some(Cell::Text),
            DataType::Bool => parse_bool(field).map(Cell::Bool),
            DataType::Date => civil::parse_date(field)
                .or_else(|| self.date(field).then(|| civil::parse_date(self.plain()))?)
                .map(Cell::Date),
            DataType::Timestamp => civil::parse_timestamp(field)
                .or_else(|| self.date(field).then(|| civil::parse_timestamp(self.plain()))?)
                .map(Cell::Timestamp),
            DataType::TimestampOf { unit, zone } => {
                let parse = |field: &[u8]| tick::parse(field, *unit, zone.as_ref());
                let plain =
                    parse(field).or_else(|| self.date(field).then(|| parse(self.plain()))?);
                plain.map(Cell::Timestamp)
            }
            DataType::Decimal { precision, scale } if self.has_plain_numbers => {
                let FieldBytes { held, start, end } = bytes;
                decimal::parse_at(held, start, end, *precision, *scale).map(Cell::Decimal)
            }
            DataType::Decimal { precision, scale } => {
                let is_number = self.number(field);
                let plain = is_number.then(|| self.plain())?;
                decimal::parse(plain, *precision, *scale).map(Cell::Decimal)
            }
            _ if self.has_plain_numbers => parse_number(dtype, is_declared, bytes),
            _ => self.parse_spelled(dtype, is_declared, bytes),
        }
    }

    /// A number in the file's spelling.
    fn parse_spelled(
        &mut self,
        dtype: &DataType,
        is_declared: bool,
        bytes: FieldBytes,
    ) -> Option<Cell> {
        // Whole numbers without marks are spelled alike everywhere.
        if *dtype == DataType::Int64
            && let Some(value) = parse_integer(bytes.held, bytes.start, bytes.end)
        {
            return Some(Cell::Int64(value));
        }
        if !self.number(bytes.get()) {
            return None;
        }
        let plain = FieldBytes { held: &self.plain, start: PAD, end: self.plain.len() - PAD };
        parse_number(dtype, is_declared, plain)
    }

    /// The field that was written in the plain spelling.
    fn plain(&self) -> &[u8] {
        &self.plain[PAD..self.plain.len() - PAD]
    }

    fn start_plain(&mut self) {
        self.plain.clear();
        self.plain.extend_from_slice(&[0; PAD]);
    }

    /// Writes the plain spelling of what may be a number; `false` when it cannot be one.
    ///
    /// Groups are of three digits, the first of one to three, and stand in the whole part only.
    fn number(&mut self, field: &[u8]) -> bool {
        if self.thousands.is_none() && self.decimal == b',' {
            return self.number_with_comma(field);
        }
        self.start_plain();
        let plain = &mut self.plain;
        let sign_bytes = usize::from(matches!(field, [b'+' | b'-', ..]));
        let (sign, rest) = field.split_at(sign_bytes);
        plain.extend_from_slice(sign);
        let is_end = |byte: &u8| *byte == self.decimal || matches!(byte, b'e' | b'E');
        let whole_bytes = rest.iter().position(is_end).unwrap_or(rest.len());
        let (whole, tail) = rest.split_at(whole_bytes);
        let mut groups = 0;
        match &self.thousands {
            Some(mark) => {
                let mut left = whole;
                loop {
                    let length = find(left, mark).unwrap_or(left.len());
                    let (group, behind) = left.split_at(length);
                    let is_last = behind.is_empty();
                    let is_grouped = !is_last || groups > 0;
                    let is_size = match groups {
                        0 => (1..=3).contains(&group.len()),
                        _ => group.len() == 3,
                    };
                    if is_grouped && !(is_size && group.iter().all(u8::is_ascii_digit)) {
                        return false;
                    }
                    plain.extend_from_slice(group);
                    groups += 1;
                    if is_last {
                        break;
                    }
                    left = &behind[mark.len()..];
                }
            }
            None => plain.extend_from_slice(whole),
        }
        // Where a comma marks the fraction, a point that groups no digits is no part of a number.
        let is_foreign = |byte: &u8| self.decimal == b',' && *byte == b'.';
        if tail.iter().any(is_foreign) || plain[PAD..].iter().any(is_foreign) {
            return false;
        }
        let commas = tail.iter().filter(|byte| **byte == b',').count();
        if commas > usize::from(self.decimal == b',') {
            return false;
        }
        plain.extend(tail.iter().map(|byte| if *byte == b',' { b'.' } else { *byte }));
        plain.extend_from_slice(&[0; PAD]);
        true
    }

    /// The most frequent of the other spellings: a comma before the fraction, and no groups.
    fn number_with_comma(&mut self, field: &[u8]) -> bool {
        self.start_plain();
        let (mut commas, mut points) = (0, 0);
        self.plain.extend(field.iter().map(|byte| {
            commas += usize::from(*byte == b',');
            points += usize::from(*byte == b'.');
            if *byte == b',' { b'.' } else { *byte }
        }));
        self.plain.extend_from_slice(&[0; PAD]);
        commas <= 1 && points == 0
    }

    /// Writes a date in the file's order, and what follows it, as ISO spells it.
    fn date(&mut self, field: &[u8]) -> bool {
        if self.has_plain_dates {
            return false;
        }
        let Some((first, mark, rest)) = day_or_month(field) else { return false };
        let Some((second, other, rest)) = day_or_month(rest) else { return false };
        let year_bytes = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if mark != other || year_bytes != 4 {
            return false;
        }
        let (day, month) = match self.date_order {
            DateOrder::Dmy => (first, second),
            DateOrder::Mdy | DateOrder::Ymd => (second, first),
        };
        let (year, time) = rest.split_at(4);
        self.start_plain();
        self.plain.extend_from_slice(year);
        for part in [month, day] {
            self.plain.extend_from_slice(&[b'-', b'0' + part / 10, b'0' + part % 10]);
        }
        self.plain.extend_from_slice(time);
        self.plain.extend_from_slice(&[0; PAD]);
        true
    }
}

/// One or two digits, the mark behind them, and what follows.
fn day_or_month(field: &[u8]) -> Option<(u8, u8, &[u8])> {
    let digits = field.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let value = match field[..digits] {
        [units] => units - b'0',
        [tens, units] => (tens - b'0') * 10 + (units - b'0'),
        _ => return None,
    };
    match field.get(digits) {
        Some(mark @ (b'-' | b'/' | b'.')) => Some((value, *mark, &field[digits + 1..])),
        _ => None,
    }
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}

/// A number in the plain spelling.
#[inline]
fn parse_number(dtype: &DataType, is_declared: bool, bytes: FieldBytes) -> Option<Cell> {
    let FieldBytes { held, start, end } = bytes;
    match (dtype, is_declared) {
        (DataType::Int64, true) => parse_integer_any(bytes.get()).map(Cell::Int64),
        (DataType::Int64, false) => parse_integer(held, start, end).map(Cell::Int64),
        (DataType::Float64, true) => {
            parse_float(bytes.get()).map(|float| Cell::Float64(float.value))
        }
        (DataType::Float64, false) => parse_inferred_float(held, start, end).map(Cell::Float64),
        (DataType::UInt64, _) => parse_whole_any(bytes.get()).map(Cell::UInt64),
        (DataType::Float32, _) => parse_float32(bytes.get()).map(Cell::Float32),
        _ => {
            let (least, most) = dtype.range()?;
            let value = parse_integer_any(bytes.get())?;
            (least..=most).contains(&i128::from(value)).then_some(Cell::Int64(value))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> FieldBytes<'_> {
        FieldBytes { held: text.as_bytes(), start: 0, end: text.len() }
    }

    fn forms(decimal: u8, thousands: Option<char>, date_order: DateOrder) -> Forms {
        let options = CsvReadOptions { decimal, thousands, date_order, ..Default::default() };
        Forms::new(&options)
    }

    #[test]
    fn numbers_follow_the_file_and_nothing_else() {
        use Cell::{Float64, Int64};
        let cases: [(u8, Option<char>, &str, Option<Cell>); 26] = [
            (b',', None, "1,5", Some(Float64(1.5))),
            (b',', None, "-0,25", Some(Float64(-0.25))),
            (b',', None, "1,5e3", Some(Float64(1500.0))),
            (b',', None, "12", Some(Int64(12))),
            (b',', None, "1.5", None),
            (b',', None, "1,5,5", None),
            (b',', None, "1e1,5", None),
            (b',', None, "007,5", None),
            (b',', Some('.'), "1.234,5", Some(Float64(1234.5))),
            (b',', Some('.'), "1.234.567", Some(Int64(1_234_567))),
            (b',', Some('.'), "1234567", Some(Int64(1_234_567))),
            (b',', Some('.'), "1.23", None),
            (b',', Some('.'), "1234.567", None),
            (b',', Some('.'), "1.234.56,7", None),
            (b',', Some('.'), ".234", None),
            (b'.', Some(','), "1,234.5", Some(Float64(1234.5))),
            (b'.', Some(','), "-12,345", Some(Int64(-12_345))),
            (b'.', Some(','), "1.234,5", None),
            (b'.', Some(','), "0,123", None),
            (b'.', Some(','), "1,,234", None),
            (b'.', Some('\''), "1'234", Some(Int64(1234))),
            (b'.', Some(' '), "1 234", Some(Int64(1234))),
            (b'.', Some('\u{A0}'), "1\u{A0}234", Some(Int64(1234))),
            (b',', Some('\u{202F}'), "12\u{202F}345,5", Some(Float64(12345.5))),
            (b',', None, "NaN", None),
            (b',', None, "", None),
        ];
        for (decimal, thousands, text, expected) in cases {
            let mut forms = forms(decimal, thousands, DateOrder::Ymd);
            let looks = forms.look(text.as_bytes());
            let dtype = &looks.dtype().expect("something");
            let found = match dtype {
                DataType::Int64 | DataType::Float64 => forms.parse(dtype, false, whole(text)),
                _ => None,
            };
            match (text, found) {
                ("NaN", Some(Cell::Float64(value))) => assert!(value.is_nan()),
                _ => assert_eq!(found, expected, "{text} with {:?}", char::from(decimal)),
            }
        }
    }

    #[test]
    fn dates_follow_the_order_of_the_file_or_iso() {
        for (order, text, expected) in [
            (DateOrder::Dmy, "31/12/2024", Some(20_088)),
            (DateOrder::Dmy, "31.12.2024", Some(20_088)),
            (DateOrder::Dmy, "31-12-2024", Some(20_088)),
            (DateOrder::Dmy, "1/3/2021", Some(18_687)),
            (DateOrder::Dmy, "2024-12-31", Some(20_088)),
            (DateOrder::Dmy, "12/31/2024", None),
            (DateOrder::Dmy, "31/12-2024", None),
            (DateOrder::Dmy, "31/12/24", None),
            (DateOrder::Dmy, "31/12/20245", None),
            (DateOrder::Mdy, "12/31/2024", Some(20_088)),
            (DateOrder::Mdy, "31/12/2024", None),
            (DateOrder::Ymd, "31/12/2024", None),
            (DateOrder::Ymd, "2024-12-31", Some(20_088)),
        ] {
            let mut forms = forms(b'.', None, order);
            let is_date = forms.look(text.as_bytes()) == Looks::DATE;
            assert_eq!(is_date, expected.is_some(), "{order:?} {text}");
            let found = forms.parse(&DataType::Date, true, whole(text));
            assert_eq!(found, expected.map(Cell::Date), "{order:?} {text}");
        }
        let mut forms = forms(b',', Some('.'), DateOrder::Dmy);
        let moment = "31.12.2024 01:02:03.5";
        assert_eq!(forms.look(moment.as_bytes()), Looks::TIMESTAMP);
        let expected = Some(Cell::Timestamp(20_088 * 86_400_000_000 + 3_723_500_000));
        assert_eq!(forms.parse(&DataType::Timestamp, false, whole(moment)), expected);
    }
}
