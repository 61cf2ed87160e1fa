//! Array: one column's values and their validity, for a run of rows.
//!
//! The type says what values mean, the storage how they lie in memory: a date is a 32-bit number
//! of days. What only moves values looks at the storage, by [`with_values`] once for all widths.

use super::bitmap::Bitmap;
use super::buffer::{Buffer, Native, Values};
use super::dictionary::Dictionary;
use super::dtype::{DataType, Storage};
use super::nested::{ListValues, StructValues};
use super::scalar::Scalar;
use super::text::Text;

/// Values of one type and the bitmap that says which are present. Immutable, cheap to clone.
#[derive(Clone, Debug)]
pub struct Array {
    dtype: DataType,
    data: ArrayData,
    validity: Option<Bitmap>,
}

/// The buffers of an [`Array`], by storage. The value below a null is defined but means nothing.
#[derive(Clone, Debug)]
pub enum ArrayData {
    /// Bits.
    Bool(Bitmap),
    /// 8-bit whole numbers.
    Int8(Values<i8>),
    /// 16-bit whole numbers.
    Int16(Values<i16>),
    /// 32-bit whole numbers.
    Int32(Values<i32>),
    /// 64-bit whole numbers.
    Int64(Values<i64>),
    /// 128-bit whole numbers.
    Int128(Values<i128>),
    /// Unsigned 8-bit whole numbers.
    UInt8(Values<u8>),
    /// Unsigned 16-bit whole numbers.
    UInt16(Values<u16>),
    /// Unsigned 32-bit whole numbers.
    UInt32(Values<u32>),
    /// Unsigned 64-bit whole numbers.
    UInt64(Values<u64>),
    /// IEEE 754 binary32.
    Float32(Values<f32>),
    /// IEEE 754 binary64.
    Float64(Values<f64>),
    /// Offsets and UTF-8 bytes.
    Utf8(Text),
    /// Codes and the text that they stand for.
    Dictionary(Dictionary),
    /// Offsets and an array of all elements.
    List(ListValues),
    /// An array for each field.
    Struct(StructValues),
}

/// `with_values!(data, values => expression)`: the expression, compiled for each storage of fixed
/// width. Panics for bits, text, codes of text and nested values: their arms stand before.
macro_rules! with_values {
    ($data:expr, $values:ident => $body:expr) => {
        match $data {
            $crate::column::ArrayData::Int8($values) => $body,
            $crate::column::ArrayData::Int16($values) => $body,
            $crate::column::ArrayData::Int32($values) => $body,
            $crate::column::ArrayData::Int64($values) => $body,
            $crate::column::ArrayData::Int128($values) => $body,
            $crate::column::ArrayData::UInt8($values) => $body,
            $crate::column::ArrayData::UInt16($values) => $body,
            $crate::column::ArrayData::UInt32($values) => $body,
            $crate::column::ArrayData::UInt64($values) => $body,
            $crate::column::ArrayData::Float32($values) => $body,
            $crate::column::ArrayData::Float64($values) => $body,
            $crate::column::ArrayData::Bool(_)
            | $crate::column::ArrayData::Utf8(_)
            | $crate::column::ArrayData::Dictionary(_)
            | $crate::column::ArrayData::List(_)
            | $crate::column::ArrayData::Struct(_) => {
                panic!("bits, text, codes and nested values have no fixed width")
            }
        }
    };
}
pub(crate) use with_values;

/// A number that values of fixed width are made of.
pub trait Stored: Native {
    /// The values as a storage.
    fn wrap(values: Values<Self>) -> ArrayData;
    /// The values of that storage; `None` for another.
    fn unwrap(data: &ArrayData) -> Option<&Values<Self>>;
    /// What is stored of a single value; `None` for a type of another storage, and for null.
    fn of_scalar(value: &Scalar) -> Option<Self>;
}

macro_rules! stored {
    ($($variant:ident: $kind:ty [$($scalar:pat => $value:expr),*]),+ $(,)?) => {
        $(impl Stored for $kind {
            fn wrap(values: Values<$kind>) -> ArrayData {
                ArrayData::$variant(values)
            }

            fn unwrap(data: &ArrayData) -> Option<&Values<$kind>> {
                match data {
                    ArrayData::$variant(values) => Some(values),
                    _ => None,
                }
            }

            fn of_scalar(value: &Scalar) -> Option<$kind> {
                match value {
                    $($scalar => Some($value),)*
                    _ => None,
                }
            }
        })+

        impl ArrayData {
            /// Values of fixed width over a buffer. Panics for other storages.
            pub fn of_buffer(storage: Storage, buffer: Buffer) -> ArrayData {
                match storage {
                    $(Storage::$variant => ArrayData::$variant(Values::new(buffer)),)+
                    Storage::Bool
                    | Storage::Utf8
                    | Storage::Dictionary
                    | Storage::List
                    | Storage::Struct => {
                        panic!("{storage:?} has no fixed width")
                    }
                }
            }

            /// How the values are stored.
            pub fn storage(&self) -> Storage {
                match self {
                    $(ArrayData::$variant(_) => Storage::$variant,)+
                    ArrayData::Bool(_) => Storage::Bool,
                    ArrayData::Utf8(_) => Storage::Utf8,
                    ArrayData::Dictionary(_) => Storage::Dictionary,
                    ArrayData::List(_) => Storage::List,
                    ArrayData::Struct(_) => Storage::Struct,
                }
            }
        }
    };
}
stored!(
    Int8: i8 [Scalar::Int8(value) => *value],
    Int16: i16 [Scalar::Int16(value) => *value],
    Int32: i32 [Scalar::Int32(value) => *value, Scalar::Date(value) => *value],
    Int64: i64 [
        Scalar::Int64(value) => *value,
        Scalar::Timestamp(value) => *value,
        Scalar::Ticks(value, _) => *value
    ],
    Int128: i128 [Scalar::Decimal { value, .. } => *value],
    UInt8: u8 [Scalar::UInt8(value) => *value],
    UInt16: u16 [Scalar::UInt16(value) => *value],
    UInt32: u32 [Scalar::UInt32(value) => *value],
    UInt64: u64 [Scalar::UInt64(value) => *value],
    Float32: f32 [Scalar::Float32(value) => *value],
    Float64: f64 [Scalar::Float64(value) => *value],
);

impl<T: Stored> From<Values<T>> for ArrayData {
    fn from(values: Values<T>) -> ArrayData {
        T::wrap(values)
    }
}

impl ArrayData {
    /// Number of values, nulls included.
    pub fn len(&self) -> usize {
        match self {
            ArrayData::Bool(bits) => bits.len(),
            ArrayData::Utf8(text) => text.len(),
            ArrayData::Dictionary(dictionary) => dictionary.len(),
            ArrayData::List(lists) => lists.len(),
            ArrayData::Struct(structs) => structs.len(),
            numbers => with_values!(numbers, values => values.len()),
        }
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values of fixed width as bytes; `None` for other storages.
    pub fn fixed_buffer(&self) -> Option<&Buffer> {
        match self {
            ArrayData::Bool(_)
            | ArrayData::Utf8(_)
            | ArrayData::Dictionary(_)
            | ArrayData::List(_)
            | ArrayData::Struct(_) => None,
            numbers => Some(with_values!(numbers, values => values.buffer())),
        }
    }

    /// `len` values from `offset` on, without copying values.
    pub fn slice(&self, offset: usize, len: usize) -> ArrayData {
        match self {
            ArrayData::Bool(bits) => ArrayData::Bool(bits.slice(offset, len)),
            ArrayData::Utf8(text) => ArrayData::Utf8(text.slice(offset, len)),
            ArrayData::Dictionary(codes) => ArrayData::Dictionary(codes.slice(offset, len)),
            ArrayData::List(lists) => ArrayData::List(lists.slice(offset, len)),
            ArrayData::Struct(structs) => ArrayData::Struct(structs.slice(offset, len)),
            numbers => with_values!(numbers, values => values.slice(offset, len).into()),
        }
    }
}

impl Array {
    /// Joins values of the plain type of their storage and validity. Panics when lengths differ.
    pub fn new(data: ArrayData, validity: Option<Bitmap>) -> Array {
        let Some(dtype) = data.storage().plain_type() else {
            panic!("{:?} has no plain type", data.storage())
        };
        Array::typed(dtype, data, validity)
    }

    /// Joins values of a type and validity. Panics when lengths differ, and for the storage of
    /// another type.
    pub fn typed(dtype: DataType, data: ArrayData, validity: Option<Bitmap>) -> Array {
        assert_eq!(dtype.storage(), data.storage(), "{dtype}");
        match (&dtype, &data) {
            (DataType::List(item), ArrayData::List(lists)) => {
                assert_eq!(&**item, lists.child().dtype());
            }
            (DataType::Struct(fields), ArrayData::Struct(structs)) => {
                assert!(
                    structs.fields().iter().map(Array::dtype).eq(fields.iter().map(|f| &f.dtype))
                );
            }
            _ => {}
        }
        if let Some(validity) = &validity {
            assert_eq!(validity.len(), data.len());
        }
        Array { dtype, data, validity }
    }

    /// `len` nulls of a type.
    pub fn nulls(dtype: DataType, len: usize) -> Array {
        if dtype.is_nested() {
            return super::nested::nulls(dtype, len);
        }
        let mut builder = super::builder::ArrayBuilder::new(dtype, len);
        for _ in 0..len {
            builder.push_null();
        }
        builder.finish()
    }

    /// The type of every value.
    pub fn dtype(&self) -> &DataType {
        &self.dtype
    }

    /// Number of values, nulls included.
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// The values by storage.
    pub fn data(&self) -> &ArrayData {
        &self.data
    }

    /// Which values are present; `None` when all are.
    pub fn validity(&self) -> Option<&Bitmap> {
        self.validity.as_ref()
    }

    /// Number of nulls.
    ///
    /// Cost: one pass over the validity bits.
    pub fn null_count(&self) -> usize {
        self.validity.as_ref().map_or(0, |bits| bits.len() - bits.count_ones())
    }

    /// Whether the value at `index` is present.
    #[inline]
    pub fn is_valid(&self, index: usize) -> bool {
        self.validity.as_ref().is_none_or(|bits| bits.get(index))
    }

    /// The same values under another validity.
    pub fn with_validity(self, validity: Option<Bitmap>) -> Array {
        Array::typed(self.dtype, self.data, validity)
    }

    /// `len` values from `offset` on, without copying values.
    pub fn slice(&self, offset: usize, len: usize) -> Array {
        let validity = self.validity.as_ref().map(|bits| bits.slice(offset, len));
        Array { dtype: self.dtype.clone(), data: self.data.slice(offset, len), validity }
    }

    /// The value at `index`, owned; `Scalar::Null` where none is present. For edges, not hot loops.
    pub fn scalar(&self, index: usize) -> Scalar {
        if !self.is_valid(index) {
            return Scalar::Null;
        }
        match &self.dtype {
            DataType::Bool => Scalar::Bool(self.bits().get(index)),
            DataType::Int64 => Scalar::Int64(self.values()[index]),
            DataType::Float64 => Scalar::Float64(self.values()[index]),
            DataType::Date => Scalar::Date(self.values()[index]),
            DataType::Timestamp => Scalar::Timestamp(self.values()[index]),
            DataType::Utf8 | DataType::Dictionary => Scalar::Utf8(self.text(index).to_owned()),
            DataType::Int8 => Scalar::Int8(self.values()[index]),
            DataType::Int16 => Scalar::Int16(self.values()[index]),
            DataType::Int32 => Scalar::Int32(self.values()[index]),
            DataType::UInt8 => Scalar::UInt8(self.values()[index]),
            DataType::UInt16 => Scalar::UInt16(self.values()[index]),
            DataType::UInt32 => Scalar::UInt32(self.values()[index]),
            DataType::UInt64 => Scalar::UInt64(self.values()[index]),
            DataType::Float32 => Scalar::Float32(self.values()[index]),
            DataType::Decimal { precision, scale } => Scalar::Decimal {
                value: self.values()[index],
                precision: *precision,
                scale: *scale,
            },
            DataType::TimestampOf { .. } => Scalar::Ticks(self.values()[index], self.dtype.clone()),
            DataType::List(_) | DataType::Struct(_) => {
                Scalar::Nested(Box::new(self.slice(index, 1)))
            }
        }
    }

    /// Lists; panics for another storage.
    pub fn lists(&self) -> &ListValues {
        match &self.data {
            ArrayData::List(lists) => lists,
            _ => panic!("expected an array of lists, found {}", self.dtype),
        }
    }

    /// Structs; panics for another storage.
    pub fn structs(&self) -> &StructValues {
        match &self.data {
            ArrayData::Struct(structs) => structs,
            _ => panic!("expected an array of structs, found {}", self.dtype),
        }
    }

    /// Values of fixed width; panics for another storage.
    #[inline]
    pub fn values<T: Stored>(&self) -> &Values<T> {
        match T::unwrap(&self.data) {
            Some(values) => values,
            None => panic!("{} is stored as {:?}", self.dtype, self.data.storage()),
        }
    }

    /// The bits of a bool array; panics for another storage.
    pub fn bits(&self) -> &Bitmap {
        match &self.data {
            ArrayData::Bool(bits) => bits,
            _ => panic!("expected a bool array, found {}", self.dtype),
        }
    }

    /// Text values; panics for another storage.
    pub fn as_text(&self) -> &Text {
        match &self.data {
            ArrayData::Utf8(text) => text,
            _ => panic!("expected a utf8 array, found {}", self.dtype),
        }
    }
}
