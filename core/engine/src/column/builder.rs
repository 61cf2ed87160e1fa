//! Grows an array value by value: for results whose size is not known, and for tests.
//! Hot kernels fill buffers directly.

use super::array::{Array, ArrayData};
use super::bitmap::Bitmap;
use super::buffer::{MutableBuffer, Values};
use super::dictionary::{Dictionary, distinct_text};
use super::dtype::{DataType, Storage};
use super::intern::Interner;
use super::scalar::Scalar;
use super::text::Text;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::ARRAY_TEXT_BYTES_MAX;

/// An array under construction.
pub struct ArrayBuilder {
    dtype: DataType,
    values: MutableBuffer,
    text: MutableBuffer,
    /// The distinct values of a dictionary.
    distinct: Option<Interner>,
    bits: Vec<bool>,
    /// Nested values, one behind the other.
    parts: Vec<Array>,
    validity: Vec<bool>,
}

impl ArrayBuilder {
    /// A builder with room for `capacity` values.
    pub fn new(dtype: DataType, capacity: usize) -> ArrayBuilder {
        let width = dtype.width_bytes().unwrap_or(4);
        let mut values = MutableBuffer::with_capacity((capacity + 1) * width);
        if dtype == DataType::Utf8 {
            values.push(0_i32);
        }
        ArrayBuilder {
            distinct: (dtype == DataType::Dictionary).then(Interner::default),
            dtype,
            values,
            text: MutableBuffer::with_capacity(0),
            bits: Vec::new(),
            parts: Vec::new(),
            validity: Vec::with_capacity(capacity),
        }
    }

    /// Number of values so far.
    pub fn len(&self) -> usize {
        self.validity.len()
    }

    /// Whether there is no value yet.
    pub fn is_empty(&self) -> bool {
        self.validity.is_empty()
    }

    /// Appends a null.
    pub fn push_null(&mut self) {
        const ZEROS: [u8; 16] = [0; 16];
        match self.dtype.width_bytes() {
            Some(width) => self.values.extend_from_slice(&ZEROS[..width]),
            None if self.dtype == DataType::Bool => self.bits.push(false),
            None if self.dtype == DataType::Dictionary => self.values.push(0_i32),
            None if self.dtype.is_nested() => {
                self.parts.push(Array::nulls(self.dtype.clone(), 1));
            }
            None => self.values.push(self.text.len_bytes() as i32),
        }
        self.validity.push(false);
    }

    /// Appends text.
    ///
    /// Errors: `LimitExceeded` when the array's text would pass `ARRAY_TEXT_BYTES_MAX`.
    pub fn push_text(&mut self, value: &str) -> Result<()> {
        assert!(self.dtype.is_text());
        if let Some(distinct) = &mut self.distinct {
            self.values.push(distinct.insert(value.as_bytes()) as i32);
            self.validity.push(true);
            return Ok(());
        }
        if self.text.len_bytes() + value.len() > ARRAY_TEXT_BYTES_MAX {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("the text of one block exceeds {ARRAY_TEXT_BYTES_MAX} bytes"),
            ));
        }
        self.text.extend_from_slice(value.as_bytes());
        self.values.push(self.text.len_bytes() as i32);
        self.validity.push(true);
        Ok(())
    }

    /// Appends a value of the builder's type, or null.
    ///
    /// Errors: as `push_text`. Panics for a value of another type.
    pub fn push(&mut self, value: &Scalar) -> Result<()> {
        let Some(dtype) = value.dtype() else {
            self.push_null();
            return Ok(());
        };
        assert!(dtype == self.dtype.plain(), "expected a value of {}, found {value:?}", self.dtype);
        match value {
            Scalar::Null => {}
            Scalar::Utf8(text) => return self.push_text(text),
            Scalar::Bool(bit) => self.bits.push(*bit),
            Scalar::Int64(number) | Scalar::Timestamp(number) | Scalar::Ticks(number, _) => {
                self.values.push(*number);
            }
            Scalar::Float64(number) => self.values.push(*number),
            Scalar::Date(days) => self.values.push(*days),
            Scalar::Int8(number) => self.values.push(*number),
            Scalar::Int16(number) => self.values.push(*number),
            Scalar::Int32(number) => self.values.push(*number),
            Scalar::UInt8(number) => self.values.push(*number),
            Scalar::UInt16(number) => self.values.push(*number),
            Scalar::UInt32(number) => self.values.push(*number),
            Scalar::UInt64(number) => self.values.push(*number),
            Scalar::Float32(number) => self.values.push(*number),
            Scalar::Decimal { value, .. } => self.values.push(*value),
            Scalar::Nested(one) => self.parts.push((**one).clone()),
        }
        self.validity.push(true);
        Ok(())
    }

    /// Ends the array.
    pub fn finish(self) -> Array {
        let len = self.validity.len();
        if self.dtype.is_nested() {
            return super::nested::of_values(&self.dtype, &self.parts);
        }
        let validity = self
            .validity
            .contains(&false)
            .then(|| Bitmap::from_fn(len, |index| self.validity[index]));
        let data = match self.dtype.storage() {
            Storage::Bool => ArrayData::Bool(Bitmap::from_fn(len, |index| self.bits[index])),
            Storage::Utf8 => {
                ArrayData::Utf8(Text::new(Values::new(self.values.freeze()), self.text.freeze()))
            }
            Storage::Dictionary => {
                let distinct = self.distinct.as_ref().map(distinct_text);
                let values = match distinct {
                    Some(Ok(values)) => values,
                    // Values come one by one: nobody gathers 2 GiB of distinct ones so.
                    Some(Err(error)) => panic!("{error}"),
                    None => Dictionary::no_values(),
                };
                let codes = Values::new(self.values.freeze());
                ArrayData::Dictionary(Dictionary::new(codes, values))
            }
            storage => ArrayData::of_buffer(storage, self.values.freeze()),
        };
        Array::typed(self.dtype, data, validity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_comes_back_as_it_went_in() {
        let values = [
            Scalar::Bool(true),
            Scalar::Int64(i64::MIN),
            Scalar::Float64(-0.0),
            Scalar::Date(-1),
            Scalar::Timestamp(i64::MAX),
            Scalar::Utf8("é".to_owned()),
            Scalar::Int8(i8::MIN),
            Scalar::Int16(i16::MIN),
            Scalar::Int32(i32::MIN),
            Scalar::UInt8(u8::MAX),
            Scalar::UInt16(u16::MAX),
            Scalar::UInt32(u32::MAX),
            Scalar::UInt64(u64::MAX),
            Scalar::Float32(-0.0),
        ];
        for value in values {
            let dtype = value.dtype().expect("no value here is null");
            let mut builder = ArrayBuilder::new(dtype.clone(), 0);
            for item in [&value, &Scalar::Null, &value] {
                builder.push(item).expect("small text fits");
            }
            let array = builder.finish();
            assert_eq!((array.dtype(), array.len(), array.null_count()), (&dtype, 3, 1));
            let back: Vec<Scalar> = (0..3).map(|index| array.scalar(index)).collect();
            assert_eq!(back, [value.clone(), Scalar::Null, value]);
        }
    }
}
