//! One field of a fixed record: how a value is written in it.
//!
//! ```text
//!   text      the value as text, blanks behind it
//!   binary    the value's own bytes, native order: COMP-5, COMP-2
//!   display   signed zoned decimal as GnuCOBOL writes it: a digit a byte, the decimal point
//!             implied, a negative number's last digit as 'p' to 'y'
//!   packed    COMP-3: two digits a byte, the decimal point implied, the last half a byte the sign
//!   edited    a numeric-edited item: digits as its picture shows them (`picture.rs`)
//! ```

use pardox_engine::column::print::{value_text, write_value};
use pardox_engine::column::{Array, ArrayData, DataType};
use pardox_engine::error::{Error, ErrorKind, Result};
use pardox_engine::plan::literal::{float_text, float32_text};

use crate::picture::Picture;

/// Where a column goes in a record, and how.
pub(crate) struct Field {
    pub(crate) column: String,
    pub(crate) offset_bytes: usize,
    pub(crate) length_bytes: usize,
    pub(crate) form: Form,
    pub(crate) null_flag: Option<NullFlag>,
}

/// How a value is written.
pub(crate) enum Form {
    Text,
    Binary,
    Display { scale: u32 },
    Packed { scale: u32 },
    Edited(Picture),
}

/// The byte that says whether the value is null.
pub(crate) struct NullFlag {
    pub(crate) offset_bytes: usize,
    pub(crate) is_binary: bool,
}

impl NullFlag {
    pub(crate) fn byte(&self, is_null: bool) -> u8 {
        match (self.is_binary, is_null) {
            (false, true) => b'Y',
            (false, false) => b'N',
            (true, is_null) => u8::from(is_null),
        }
    }
}

impl Field {
    /// Appends the field's bytes, as many as its length: blanks, zero bytes or digits 0 for null.
    ///
    /// Errors: `BadValue` for a value that does not fit, or for a null without a flag.
    pub(crate) fn write(&self, array: &Array, index: usize, out: &mut Vec<u8>) -> Result<()> {
        if !array.is_valid(index) {
            if self.null_flag.is_none() {
                return Err(Error::mismatch(ErrorKind::BadValue, "a value", "null")
                    .hint("give the field a \"null_offset\""));
            }
            let blank = match self.form {
                Form::Text | Form::Edited(_) => b' ',
                Form::Binary | Form::Packed { .. } => 0,
                Form::Display { .. } => b'0',
            };
            out.resize(self.length_bytes, blank);
            if let (Form::Packed { .. }, Some(last)) = (&self.form, out.last_mut()) {
                *last = PACKED_PLUS;
            }
            return Ok(());
        }
        match &self.form {
            Form::Text => self.write_text(array, index, out),
            Form::Binary => {
                match (array.data(), array.data().fixed_buffer()) {
                    (_, Some(values)) => {
                        let start = index * self.length_bytes;
                        out.extend_from_slice(&values.as_bytes()[start..start + self.length_bytes]);
                    }
                    (ArrayData::Bool(bits), None) => out.push(u8::from(bits.get(index))),
                    (_, None) => unreachable!("the layout is refused"),
                }
                Ok(())
            }
            Form::Display { scale } => self.write_display(array, index, *scale, out),
            Form::Packed { scale } => self.write_packed(array, index, *scale, out),
            Form::Edited(picture) => write_edited(picture, array, index, out),
        }
    }

    fn write_text(&self, array: &Array, index: usize, out: &mut Vec<u8>) -> Result<()> {
        match array.dtype() {
            DataType::Float64 => out.extend(float_text(array.values()[index]).bytes()),
            DataType::Float32 => out.extend(float32_text(array.values()[index]).bytes()),
            _ => write_value(array, index, out),
        }
        if out.len() > self.length_bytes {
            return Err(Error::mismatch(
                ErrorKind::BadValue,
                format!("at most {} bytes", self.length_bytes),
                format!("{}: {}", out.len(), excerpt(out)),
            )
            .hint("make the field longer, or cut the text before"));
        }
        out.resize(self.length_bytes, b' ');
        Ok(())
    }

    fn write_display(
        &self,
        array: &Array,
        index: usize,
        scale: u32,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let Digits { is_negative, digits } =
            Digits::of(array, index, scale as usize, self.length_bytes)?;
        out.resize(self.length_bytes - digits.len(), b'0');
        out.extend(digits.bytes());
        if let Some(last) = out.last_mut().filter(|_| is_negative) {
            *last |= 0x40;
        }
        Ok(())
    }

    /// Two digits a byte, and the sign behind the last: an odd number of digits fills the bytes.
    fn write_packed(
        &self,
        array: &Array,
        index: usize,
        scale: u32,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let digit_count = 2 * self.length_bytes - 1;
        let Digits { is_negative, digits } = Digits::of(array, index, scale as usize, digit_count)?;
        let padded = format!("{digits:0>digit_count$}");
        let sign = if is_negative { PACKED_MINUS } else { PACKED_PLUS };
        let mut halves = padded.bytes().map(|digit| digit - b'0').chain([sign]);
        while let (Some(high), Some(low)) = (halves.next(), halves.next()) {
            out.push(high << 4 | low);
        }
        Ok(())
    }
}

/// Signs of a packed number.
const PACKED_PLUS: u8 = 0xC;
const PACKED_MINUS: u8 = 0xD;

fn write_edited(picture: &Picture, array: &Array, index: usize, out: &mut Vec<u8>) -> Result<()> {
    let digit_count = picture.whole_count + picture.scale;
    let Digits { is_negative, digits } = Digits::of(array, index, picture.scale, digit_count)?;
    if is_negative && !picture.has_sign() {
        let found = value_text(array, index);
        return Err(Error::mismatch(ErrorKind::BadValue, "a number that is not negative", found)
            .hint("give the picture a sign"));
    }
    let padded = format!("{digits:0>digit_count$}");
    picture.write(is_negative, padded.as_bytes(), out);
    Ok(())
}

/// A number taken apart: its digits without a point and without zeros before them.
struct Digits {
    is_negative: bool,
    digits: String,
}

impl Digits {
    /// The digits at a scale.
    ///
    /// Errors: `BadValue` for more than `digit_count` of them, or for decimals that the scale does
    /// not hold.
    fn of(array: &Array, index: usize, scale: usize, digit_count: usize) -> Result<Digits> {
        let text = match array.dtype() {
            DataType::Float32 => array.values::<f32>()[index].to_string(),
            DataType::Float64 => array.values::<f64>()[index].to_string(),
            _ => value_text(array, index),
        };
        let scaled = scaled(&text, scale)?;
        let digits = scaled.trim_start_matches('0');
        if digits.len() > digit_count {
            let places = format!("{digit_count} digits, {scale} of them decimals");
            return Err(
                Error::mismatch(ErrorKind::BadValue, places, text).hint("make the field longer")
            );
        }
        // Of zero, also of a float's negative one, no sign is shown.
        let is_negative = text.starts_with('-') && !digits.is_empty();
        Ok(Digits { is_negative, digits: digits.to_owned() })
    }
}

/// The digits of a number's text, with `scale` of them behind the point and no point; zeros at the
/// end say nothing.
fn scaled(text: &str, scale: usize) -> Result<String> {
    let plain = text.trim_start_matches('-');
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let fraction = fraction.trim_end_matches('0');
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) || fraction.len() > scale {
        let expected = format!("a number of at most {scale} decimals");
        return Err(
            Error::mismatch(ErrorKind::BadValue, expected, text).hint("round the column before")
        );
    }
    Ok(format!("{whole}{fraction}{}", "0".repeat(scale - fraction.len())))
}

fn excerpt(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    match text.char_indices().nth(40) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}...", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pardox_engine::column::{ArrayBuilder, Scalar};

    fn written(dtype: DataType, value: Scalar, length_bytes: usize, form: Form) -> String {
        let mut builder = ArrayBuilder::new(dtype, 1);
        builder.push(&value).expect("one small value fits");
        let field =
            Field { column: "k".to_owned(), offset_bytes: 0, length_bytes, form, null_flag: None };
        let mut out = Vec::new();
        match field.write(&builder.finish(), 0, &mut out) {
            Ok(()) => String::from_utf8_lossy(&out).into_owned(),
            Err(error) => format!("{}: {error}", error.kind().name()),
        }
    }

    /// The bytes are those that GnuCOBOL 3.1.2 writes for PIC S9(5)V99 DISPLAY.
    #[test]
    fn display_writes_what_gnucobol_reads() {
        let display = |value, length| {
            written(DataType::Float64, Scalar::Float64(value), length, Form::Display { scale: 2 })
        };
        assert_eq!(display(123.45, 7), "0012345");
        assert_eq!(display(-123.45, 7), "001234u");
        assert_eq!(display(-0.1, 7), "000001p");
        assert_eq!(display(-0.0, 3), "000");
        assert_eq!(display(99999.99, 7), "9999999");
        assert!(display(100_000.0, 7).starts_with("bad_value: expected 7 digits"));
        assert!(display(0.125, 7).starts_with("bad_value: expected a number of at most 2"));
        assert!(display(f64::NAN, 7).starts_with("bad_value"));
        assert!(display(f64::INFINITY, 7).starts_with("bad_value"));
        let whole = |value, length, scale| {
            written(DataType::Int64, Scalar::Int64(value), length, Form::Display { scale })
        };
        assert_eq!(whole(-1, 5, 0), "0000q");
        assert_eq!(whole(7, 5, 2), "00700");
        assert_eq!(whole(i64::MIN, 19, 0), "922337203685477580x");
        assert!(whole(i64::MIN, 19, 1).starts_with("bad_value"));
    }

    /// Expected texts by Python 3.11: `datetime.date.fromordinal`, `datetime.isoformat`.
    #[test]
    fn text_is_padded_and_never_cut() {
        let text =
            |value: &str| written(DataType::Utf8, Scalar::Utf8(value.to_owned()), 4, Form::Text);
        assert_eq!(text("ab"), "ab  ");
        assert_eq!(text("\u{e9}\u{e9}"), "\u{e9}\u{e9}");
        assert!(
            text("abcde").starts_with("bad_value: expected at most 4 bytes, found 5: \"abcde\"")
        );
        let date = |days| written(DataType::Date, Scalar::Date(days), 10, Form::Text);
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(-719_162), "0001-01-01");
        assert_eq!(date(2_932_896), "9999-12-31");
        let time = |micros| written(DataType::Timestamp, Scalar::Timestamp(micros), 26, Form::Text);
        assert_eq!(time(0).trim_end(), "1970-01-01T00:00:00");
        assert_eq!(time(-1), "1969-12-31T23:59:59.999999");
    }

    fn bytes(dtype: DataType, value: Scalar, length_bytes: usize, form: Form) -> Vec<u8> {
        let mut builder = ArrayBuilder::new(dtype, 1);
        builder.push(&value).expect("one small value fits");
        let field =
            Field { column: "k".to_owned(), offset_bytes: 0, length_bytes, form, null_flag: None };
        let mut out = Vec::new();
        field.write(&builder.finish(), 0, &mut out).expect("it fits");
        out
    }

    /// The bytes are those that GnuCOBOL 3.1.2 writes for PIC S9(5)V99 and S9(6)V99 COMP-3.
    #[test]
    fn packed_writes_what_gnucobol_reads() {
        let dtype = DataType::Decimal { precision: 9, scale: 2 };
        let decimal = |value| Scalar::Decimal { value, precision: 9, scale: 2 };
        let packed =
            |value, length| bytes(dtype.clone(), decimal(value), length, Form::Packed { scale: 2 });
        assert_eq!(packed(12345, 4), [0x00, 0x12, 0x34, 0x5C]);
        assert_eq!(packed(-12345, 4), [0x00, 0x12, 0x34, 0x5D]);
        assert_eq!(packed(0, 2), [0x00, 0x0C]);
        assert_eq!(packed(-9_999_999, 4), [0x99, 0x99, 0x99, 0x9D]);
        let text = |value, form| written(dtype.clone(), decimal(value), 4, form);
        assert!(text(10_000_000, Form::Packed { scale: 2 }).starts_with("bad_value: expected 7"));
        assert!(text(15, Form::Packed { scale: 1 }).starts_with("bad_value: expected a number of"));
        assert_eq!(written(dtype.clone(), decimal(-150), 5, Form::Display { scale: 1 }), "0001u");
    }

    #[test]
    fn a_negative_number_needs_a_sign_in_its_picture() {
        let dtype = DataType::Decimal { precision: 9, scale: 2 };
        let edited = |value, text: &str| {
            let form = Form::Edited(Picture::parse(text).expect("a picture"));
            written(dtype.clone(), Scalar::Decimal { value, precision: 9, scale: 2 }, 9, form)
        };
        assert_eq!(edited(-123_450, "ZZ,ZZ9.9-"), " 1,234.5-");
        assert!(edited(-1, "ZZ,ZZ9.99").starts_with("bad_value: expected a number that is not"));
        assert!(edited(10_000_000, "ZZ,ZZ9.99").starts_with("bad_value: expected 7 digits"));
    }

    #[test]
    fn a_null_needs_a_flag() {
        let found = written(DataType::Int64, Scalar::Null, 8, Form::Binary);
        assert!(found.starts_with("bad_value: expected a value, found null"));
    }
}
