//! Scalar: one value outside a column: a literal, a parameter, an aggregate of a whole table.

use super::array::Array;
use super::dtype::DataType;
use super::nested::is_identical;

/// One value or null.
#[derive(Clone, Debug)]
pub enum Scalar {
    /// No value; takes the type of its surroundings.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int64(i64),
    /// A binary64.
    Float64(f64),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01T00:00:00.
    Timestamp(i64),
    /// Text.
    Utf8(String),
    /// A whole number of 8 bits.
    Int8(i8),
    /// A whole number of 16 bits.
    Int16(i16),
    /// A whole number of 32 bits.
    Int32(i32),
    /// An unsigned whole number of 8 bits.
    UInt8(u8),
    /// An unsigned whole number of 16 bits.
    UInt16(u16),
    /// An unsigned whole number of 32 bits.
    UInt32(u32),
    /// An unsigned whole number of 64 bits.
    UInt64(u64),
    /// A binary32.
    Float32(f32),
    /// A whole number by 10^-`scale`.
    Decimal {
        /// The whole number, of at most `precision` digits.
        value: i128,
        /// Digits at most.
        precision: u8,
        /// Digits behind the point.
        scale: u8,
    },
    /// A list or a struct, as an array of that one value.
    Nested(Box<Array>),
    /// Ticks of 64 bits, which the type gives a meaning: moments of a unit and a zone.
    Ticks(i64, DataType),
}

impl Scalar {
    /// The type; `None` for null.
    pub fn dtype(&self) -> Option<DataType> {
        match self {
            Scalar::Null => None,
            Scalar::Bool(_) => Some(DataType::Bool),
            Scalar::Int64(_) => Some(DataType::Int64),
            Scalar::Float64(_) => Some(DataType::Float64),
            Scalar::Date(_) => Some(DataType::Date),
            Scalar::Timestamp(_) => Some(DataType::Timestamp),
            Scalar::Utf8(_) => Some(DataType::Utf8),
            Scalar::Int8(_) => Some(DataType::Int8),
            Scalar::Int16(_) => Some(DataType::Int16),
            Scalar::Int32(_) => Some(DataType::Int32),
            Scalar::UInt8(_) => Some(DataType::UInt8),
            Scalar::UInt16(_) => Some(DataType::UInt16),
            Scalar::UInt32(_) => Some(DataType::UInt32),
            Scalar::UInt64(_) => Some(DataType::UInt64),
            Scalar::Float32(_) => Some(DataType::Float32),
            Scalar::Decimal { precision, scale, .. } => {
                Some(DataType::Decimal { precision: *precision, scale: *scale })
            }
            Scalar::Nested(one) => Some(one.dtype().clone()),
            Scalar::Ticks(_, dtype) => Some(dtype.clone()),
        }
    }

    /// A whole number of any type; `None` for other values.
    pub fn as_whole(&self) -> Option<i128> {
        match self {
            Scalar::Int8(value) => Some(i128::from(*value)),
            Scalar::Int16(value) => Some(i128::from(*value)),
            Scalar::Int32(value) => Some(i128::from(*value)),
            Scalar::Int64(value) => Some(i128::from(*value)),
            Scalar::UInt8(value) => Some(i128::from(*value)),
            Scalar::UInt16(value) => Some(i128::from(*value)),
            Scalar::UInt32(value) => Some(i128::from(*value)),
            Scalar::UInt64(value) => Some(i128::from(*value)),
            _ => None,
        }
    }

    /// A whole number as a value of a type of whole numbers; `None` where it does not fit.
    pub fn of_whole(value: i128, dtype: &DataType) -> Option<Scalar> {
        match dtype {
            DataType::Int8 => i8::try_from(value).ok().map(Scalar::Int8),
            DataType::Int16 => i16::try_from(value).ok().map(Scalar::Int16),
            DataType::Int32 => i32::try_from(value).ok().map(Scalar::Int32),
            DataType::Int64 => i64::try_from(value).ok().map(Scalar::Int64),
            DataType::UInt8 => u8::try_from(value).ok().map(Scalar::UInt8),
            DataType::UInt16 => u16::try_from(value).ok().map(Scalar::UInt16),
            DataType::UInt32 => u32::try_from(value).ok().map(Scalar::UInt32),
            DataType::UInt64 => u64::try_from(value).ok().map(Scalar::UInt64),
            _ => None,
        }
    }

    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Scalar::Null)
    }
}

impl PartialEq for Scalar {
    /// Identity of values: floats compare by bits, so that a plan equals itself.
    fn eq(&self, other: &Scalar) -> bool {
        match (self, other) {
            (Scalar::Null, Scalar::Null) => true,
            (Scalar::Bool(a), Scalar::Bool(b)) => a == b,
            (Scalar::Int64(a), Scalar::Int64(b)) => a == b,
            (Scalar::Float64(a), Scalar::Float64(b)) => a.to_bits() == b.to_bits(),
            (Scalar::Date(a), Scalar::Date(b)) => a == b,
            (Scalar::Timestamp(a), Scalar::Timestamp(b)) => a == b,
            (Scalar::Utf8(a), Scalar::Utf8(b)) => a == b,
            (Scalar::Int8(a), Scalar::Int8(b)) => a == b,
            (Scalar::Int16(a), Scalar::Int16(b)) => a == b,
            (Scalar::Int32(a), Scalar::Int32(b)) => a == b,
            (Scalar::UInt8(a), Scalar::UInt8(b)) => a == b,
            (Scalar::UInt16(a), Scalar::UInt16(b)) => a == b,
            (Scalar::UInt32(a), Scalar::UInt32(b)) => a == b,
            (Scalar::UInt64(a), Scalar::UInt64(b)) => a == b,
            (Scalar::Float32(a), Scalar::Float32(b)) => a.to_bits() == b.to_bits(),
            (Scalar::Decimal { value: a, .. }, Scalar::Decimal { value: b, .. }) => {
                a == b && self.dtype() == other.dtype()
            }
            (Scalar::Nested(a), Scalar::Nested(b)) => is_identical(a, b),
            (Scalar::Ticks(a, of_a), Scalar::Ticks(b, of_b)) => a == b && of_a == of_b,
            _ => false,
        }
    }
}
