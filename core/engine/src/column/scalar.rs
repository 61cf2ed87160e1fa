//! Scalar: one value outside a column: a literal, a parameter, an aggregate of a whole table.

use super::dtype::DataType;

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
            _ => false,
        }
    }
}
